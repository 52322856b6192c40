"""The sample journals that the docs show: twelve weeks, or a year, with the same ids and times on every run."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from valuelog.journal.files import make_folders
from valuelog.journal.store import Journal, open_journal
from valuelog.model.entry import Kind
from valuelog.workflows.answers import Answer
from valuelog.workflows.demo import fill_journal
from valuelog.workflows.evening import answer_changes

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
SEED = 47

WORKDAYS = 5
EVEN_ODDS = 0.5
VACATION_WEEKS = frozenset({15, 30, 31})

WATSON_FRAMES = '[[1795165200, 1795167900, "planning", "c77b967ea07c4b53af985a12e4dfb62b", ["@sam"], 1795167900]]'
"""45 minutes on TODAY."""


@contextmanager
def fixed_ids_and_zone() -> Iterator[None]:
    """Make new ids the same on every run, and the time zone UTC, within the block."""
    urandom, zone = os.urandom, os.environ.get("TZ")
    os.urandom = Random(SEED).randbytes  # noqa: S311  not for secrets
    _set_zone("UTC")
    try:
        yield
    finally:
        os.urandom = urandom
        _set_zone(zone)


def _set_zone(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ")
    else:
        os.environ["TZ"] = zone
    if sys.platform != "win32":
        time.tzset()


def xdg_variables(home: Path) -> dict[str, str]:
    """Return the environment variables that make valuelog use only this home."""
    return {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("data", "config", "state")}


def write_twelve_weeks(home: Path, until: date = TODAY) -> None:
    """Write the journal of `valuelog demo`."""
    with _create_journal(home) as journal:
        fill_journal(journal, until, NOW)


def write_year(home: Path) -> None:
    """Write a journal of a whole year, with three weeks of vacation."""
    random = Random(SEED)  # noqa: S311  a story, not a secret
    with _create_journal(home) as journal:
        answers = tuple(answer for day in _days_before_demo() for answer in _make_up_day(day, random))
        journal.write("demo", answer_changes(journal, answers, NOW))
        fill_journal(journal, TODAY, NOW)


def add_tracked_time(home: Path) -> None:
    """Write Watson's frames, and the settings to read them."""
    frames, settings = home / "frames", home / "config" / "valuelog" / "config.toml"
    frames.write_text(WATSON_FRAMES, encoding="utf-8")
    make_folders(settings.parent)
    settings.write_text(f"[sources.watson]\npaths = ['{frames}']\n", encoding="utf-8")
    settings.chmod(0o600)


@contextmanager
def _create_journal(home: Path) -> Iterator[Journal]:
    path = home / "data" / "valuelog" / "journal.db"
    make_folders(path.parent)
    with fixed_ids_and_zone():
        journal = open_journal(path, "docs", lambda: NOW, write=True)
        path.chmod(0o600)
        yield journal
        journal.close()


def _days_before_demo() -> Iterator[date]:
    """Yield the workdays of the year before the twelve weeks."""
    day, end = date(TODAY.year, 1, 5), TODAY - timedelta(weeks=11, days=TODAY.weekday())
    while day < end:
        if day.weekday() < WORKDAYS and day.isocalendar().week not in VACATION_WEEKS:
            yield day
        day += timedelta(days=1)


def _make_up_day(day: date, random: Random) -> Iterator[Answer]:
    """Yield a random number of answers of each side. The calendar doesn't show their texts."""
    for _ in range(random.randint(0, 5)):
        yield Answer(kind=Kind.ACTIVITY, text="support rota", day=day)
    for _ in range(sum(random.random() < EVEN_ODDS for _ in range(3))):
        yield Answer(kind=Kind.IMPROVEMENT, text="alerts name the service and its owner", day=day)
