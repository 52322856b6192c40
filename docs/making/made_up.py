"""The home that the docs look at: twelve made-up weeks, in which all ids and times are the same each time."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

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
AWAY = frozenset({15, 30, 31})
"""Weeks without work, before the twelve."""

FRAMES = '[[1795165200, 1795167900, "planning", "c77b967ea07c4b53af985a12e4dfb62b", ["@sam"], 1795167900]]'
"""What Watson tracked on that day: three quarters of an hour."""


@contextmanager
def same_each_time() -> Iterator[None]:
    """Let ids and the zone of this machine be the same each time, for as long as this lasts."""
    random, zone = os.urandom, os.environ.get("TZ")
    os.urandom = Random(SEED).randbytes  # noqa: S311  not for secrets
    _live_in("UTC")
    try:
        yield
    finally:
        os.urandom = random
        _live_in(zone)


def _live_in(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ")
    else:
        os.environ["TZ"] = zone
    if sys.platform != "win32":
        time.tzset()


def places(home: Path) -> dict[str, str]:
    """Return the variables that lead to a home."""
    return {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("data", "config", "state")}


def twelve_weeks(home: Path, until: date = TODAY) -> None:
    """Write what `valuelog demo` makes up into a home."""
    with _journal(home) as journal:
        fill_journal(journal, until, NOW)


def a_year(home: Path) -> None:
    """Write a whole year into a home: the months before are made up likewise, with three weeks off."""
    chance = Random(SEED)  # noqa: S311  a story, not a secret
    with _journal(home) as journal:
        notes = tuple(note for day in _days_before() for note in _day(day, chance))
        journal.write("demo", answer_changes(journal, notes, NOW))
        fill_journal(journal, TODAY, NOW)


def tracked(home: Path) -> None:
    """Let Watson have tracked something in a home, and valuelog ask it."""
    frames, settings = home / "frames", home / "config" / "valuelog" / "config.toml"
    frames.write_text(FRAMES, encoding="utf-8")
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[sources.watson]\npaths = ['{frames}']\n", encoding="utf-8")


@contextmanager
def _journal(home: Path) -> Iterator[Journal]:
    path = home / "data" / "valuelog" / "journal.db"
    path.parent.mkdir(parents=True)
    with same_each_time():
        opened = open_journal(path, "docs", lambda: NOW, write=True)
        yield opened
        opened.close()


def _days_before() -> Iterator[date]:
    """Yield the workdays of the year before the twelve weeks."""
    day, end = date(TODAY.year, 1, 5), TODAY - timedelta(weeks=11, days=TODAY.weekday())
    while day < end:
        if day.weekday() < WORKDAYS and day.isocalendar().week not in AWAY:
            yield day
        day += timedelta(days=1)


def _day(day: date, chance: Random) -> Iterator[Answer]:
    """Make up one day: how many things of which side; the calendar shows no words."""
    for _ in range(chance.randint(0, 5)):
        yield Answer(kind=Kind.ACTIVITY, text="support rota", day=day)
    for _ in range(sum(chance.random() < EVEN_ODDS for _ in range(3))):
        yield Answer(kind=Kind.IMPROVEMENT, text="alerts name the service and its owner", day=day)
