"""Five thousand broken files of our own, each brought into a journal: whatever comes in leaves it whole and drawable.

Run as a program, this file brings them into one journal, and looks at it again and again.
"""

import io
import json
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from support.journal_files import connection_of
from support.makers import close_after_test
from valuelog.exchange import ImportContext
from valuelog.journal.errors import NothingToUndo
from valuelog.journal.store import Journal, open_journal
from valuelog.journal.verify import find_damage
from valuelog.model.errors import ValuelogError
from valuelog.model.period import Unit, period_containing, week_of
from valuelog.model.schedule import Schedule
from valuelog.render import Canvas, OutputFormat, render, views
from valuelog.workflows import importing, reviews
from valuelog.workflows.importing import ImportOptions

CASES, TOGETHER = 5_000, 20
"""So many broken journals, so many of them into one."""

SECONDS = 2.0
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
BORN = {"created": "2026-11-20T17:30:00.000Z", "utc_offset": 60}

WHOLE: tuple[dict[str, Any], ...] = (
    {"entity": "project", "id": "p000000000", "slug": "refunds", "name": "Refunds", "started_on": "2026-09-01", **BORN},
    {"entity": "project", "id": "q000000000", "slug": "search", "name": "Search", "started_on": "2026-09-01",
     "state": "closed", "closed_on": "2026-10-01", "result": "faster", **BORN},
    {"entity": "entry", "id": "a000000000", "day": "2026-11-20", "kind": "activity", "text": "audit", **BORN},
    {"entity": "entry", "id": "b000000000", "day": "2026-11-19", "kind": "improvement", "text": "one approver less",
     "minutes": 30, "people": ["sam"], "tags": ["ops"], "project": "p000000000", "effects": ["faster"],
     "beneficiaries": ["coworkers"], "evidence": "a log", "origin": "git:1:2026-11-19", **BORN},
    {"entity": "pain", "id": "c000000000", "text": "one approver", "state": "fixed", "closed_on": "2026-11-19",
     "how": "two now", "fix": "b000000000", "hit": "everybody", **BORN,
     "sightings": [{"id": "s000000000", "day": "2026-11-10", "text": "one approver", **BORN},
                   {"id": "t000000000", "day": "2026-11-12", "text": "again", **BORN}]},
    {"entity": "pain", "id": "d000000000", "text": "slow keys", **BORN,
     "sightings": [{"id": "v000000000", "day": "2026-11-20", "text": "slow keys", **BORN}]},
    {"entity": "promise", "id": "e000000000", "kind": "step", "text": "ask once", "made_on": "2026-11-13",
     "due": "2026-11-20", "pain": "d000000000", **BORN},
    {"entity": "promise", "id": "f000000000", "kind": "stop", "text": "the mail", "made_on": "2026-11-06",
     "due": "2026-11-13", "state": "kept", "closed_on": "2026-11-13", "carried": 1, **BORN},
    {"entity": "reflection", "id": "g000000000", "period": "2026-W46", "question": "level", "answer": "why", **BORN},
    {"entity": "reflection", "id": "h000000000", "period": "2026-W46", "question": "stop", "answer": "",
     "promise": "f000000000", **BORN},
    {"entity": "day_off", "id": "2026-11-16", "note": "sea", **BORN},
    {"entity": "asked", "id": "2026-11-20:pain", **BORN},
    {"entity": "draft_seen", "id": "git:1:2026-11-19", "day": "2026-11-19", "accepted": 1, **BORN},
)  # fmt: skip
"""A journal with one of everything."""

IDS = [one["id"] for one in WHOLE]
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 10**30, 1.5, "", " ", "x", "\0", "\ud800", "\x1b[2J", "=1", "[/]", "a" * 100_001, "👩‍👩‍👧",
    "1900-01-01", "2026-11-20", "2026-11-21", "9999-12-31", "2026-02-30", "0001-01-01", "2026-W46", "2026-W99",
    "2026-11-20T17:30:00.000Z", "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", [], {}, ["a"], ["faster"],
    "open", "fixed", "planned", "dropped", "kept", "broken", "closed", "step", "stop", "helped", "level",
)  # fmt: skip
"""What nobody expects where something else should stand."""


def broken(chance: random.Random) -> bytes:
    """Return a journal of which some things say something else than they did."""
    things = [json.loads(json.dumps(one)) for one in WHOLE if chance.random() < 0.8]
    for one in filter(None, chance.choices(things, k=chance.randint(1, 4)) if things else ()):
        sightings = one["sightings"] if isinstance(one.get("sightings"), list) else []
        held = chance.choice([one, *(seen for seen in sightings if isinstance(seen, dict) and seen)])
        key = chance.choice(list(held))
        value = chance.choice([*ODD, *IDS])
        if chance.random() < 0.15:
            held.pop(key)
        else:
            held[key] = value
    if chance.random() < 0.2:
        chance.shuffle(things)
    raw = "\n".join(json.dumps(one) for one in things).encode("utf-8", "surrogatepass")
    if raw and chance.random() < 0.2:
        at = chance.randrange(len(raw))
        raw = raw[:at] + chance.choice([b"", b"\xff", b"\0", b'"', b"}", b"\n"]) + raw[at + chance.randint(0, 9) :]
    return raw


def look(journal: Journal) -> None:
    """Fail unless the journal is whole and its reviews can be drawn, of the year as a page too."""
    assert find_damage(connection_of(journal)) == []
    week, year = week_of(TODAY), period_containing(TODAY, Unit.YEAR)
    for period in (week, year):
        found = reviews.load_review(journal, period, TODAY, Schedule())
        for form in set(OutputFormat) - {OutputFormat.HTML}:
            render(views.REVIEW, found, form, Canvas())
    assert render(
        views.REPORT, reviews.load_report(journal, year, TODAY, Schedule()), OutputFormat.HTML, Canvas()
    ).endswith("</html>\n")


def main(folder: str) -> None:
    """Bring all broken journals in, each into one of a few new ones; tell how they ended, and the longest time."""
    chance = random.Random("journals")  # noqa: S311  the same each time
    empty = a_journal(Path(folder))
    empty.close()
    ends = {"came": 0, "refused": 0, "slowest": 0.0}
    for number in range(CASES // TOGETHER):
        place = Path(folder) / str(number)
        place.mkdir()
        shutil.copyfile(empty.path, place / empty.path.name)
        journal = a_journal(place)
        for _ in range(TOGETHER):
            bring(journal, chance, ends)
        look(journal)
        for _ in range(2):
            with suppress(NothingToUndo):
                journal.undo()
        assert find_damage(connection_of(journal)) == []
        journal.close()
        shutil.rmtree(place)
    json.dump(ends, sys.stdout)


def a_journal(folder: Path) -> Journal:
    """Open a journal that need not survive a power cut."""
    journal = close_after_test(open_journal(folder / "journal.db", "fuzz", lambda: NOW, write=True))
    connection_of(journal).execute("PRAGMA synchronous = OFF")
    return journal


def bring(journal: Journal, chance: random.Random, ends: dict[str, float]) -> None:
    """Bring one broken journal in, and count how that ended."""
    wish = ImportOptions(format="jsonl", skip_bad=chance.random() < 0.7, dry_run=chance.random() < 0.1)
    raw = io.BytesIO(broken(chance))
    start = time.perf_counter()
    try:
        importing.import_file(journal, raw, ImportContext(zone=UTC), wish, TODAY, NOW)
        ends["came"] += 1
    except ValuelogError:
        ends["refused"] += 1
    ends["slowest"] = max(ends["slowest"], time.perf_counter() - start)


@pytest.mark.slow
def test_whatever_comes_in_the_journal_stays_whole(tmp_path: Path) -> None:
    tests = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, __file__, str(tmp_path)], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": tests},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ends = json.loads(done.stdout)
    assert ends["slowest"] < SECONDS
    assert min(ends["came"], ends["refused"]) > CASES / 10, ends


def test_the_journal_that_is_broken_is_a_whole_one(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)
    raw = "\n".join(map(json.dumps, WHOLE)).encode()
    came = importing.import_file(
        journal, io.BytesIO(raw), ImportContext(zone=UTC), ImportOptions(format="jsonl"), TODAY, NOW
    )
    assert sum(came.new_counts.values()) == len(WHOLE) + 3
    look(journal)
    journal.close()


if __name__ == "__main__":
    main(sys.argv[1])
