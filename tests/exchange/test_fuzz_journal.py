"""Five thousand broken jsonl files are imported; each journal stays undamaged and its reviews can be rendered.

As a program, this file imports them into new journals in a folder.
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

CASES, FILES_PER_JOURNAL = 5_000, 20
"""The number of broken files, and how many of them are imported into the same journal."""

SECONDS = 2.0
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
TIMESTAMPS = {"created": "2026-11-20T17:30:00.000Z", "utc_offset": 60}

DOCUMENTS: tuple[dict[str, Any], ...] = (
    {"entity": "project", "id": "p000000000", "slug": "refunds", "name": "Refunds", "started_on": "2026-09-01",
     **TIMESTAMPS},
    {"entity": "project", "id": "q000000000", "slug": "search", "name": "Search", "started_on": "2026-09-01",
     "state": "closed", "closed_on": "2026-10-01", "result": "faster", **TIMESTAMPS},
    {"entity": "entry", "id": "a000000000", "day": "2026-11-20", "kind": "activity", "text": "audit", **TIMESTAMPS},
    {"entity": "entry", "id": "b000000000", "day": "2026-11-19", "kind": "improvement", "text": "one approver less",
     "minutes": 30, "people": ["sam"], "tags": ["ops"], "project": "p000000000", "effects": ["faster"],
     "beneficiaries": ["coworkers"], "evidence": "a log", "origin": "git:1:2026-11-19", **TIMESTAMPS},
    {"entity": "pain", "id": "c000000000", "text": "one approver", "state": "fixed", "closed_on": "2026-11-19",
     "how": "two now", "fix": "b000000000", "hit": "everybody", **TIMESTAMPS,
     "sightings": [{"id": "s000000000", "day": "2026-11-10", "text": "one approver", **TIMESTAMPS},
                   {"id": "t000000000", "day": "2026-11-12", "text": "again", **TIMESTAMPS}]},
    {"entity": "pain", "id": "d000000000", "text": "slow keys", **TIMESTAMPS,
     "sightings": [{"id": "v000000000", "day": "2026-11-20", "text": "slow keys", **TIMESTAMPS}]},
    {"entity": "promise", "id": "e000000000", "kind": "step", "text": "ask once", "made_on": "2026-11-13",
     "due": "2026-11-20", "pain": "d000000000", **TIMESTAMPS},
    {"entity": "promise", "id": "f000000000", "kind": "stop", "text": "the mail", "made_on": "2026-11-06",
     "due": "2026-11-13", "state": "kept", "closed_on": "2026-11-13", "carried": 1, **TIMESTAMPS},
    {"entity": "reflection", "id": "g000000000", "period": "2026-W46", "question": "level", "answer": "why",
     **TIMESTAMPS},
    {"entity": "reflection", "id": "h000000000", "period": "2026-W46", "question": "stop", "answer": "",
     "promise": "f000000000", **TIMESTAMPS},
    {"entity": "day_off", "id": "2026-11-16", "note": "sea", **TIMESTAMPS},
    {"entity": "asked", "id": "2026-11-20:pain", **TIMESTAMPS},
    {"entity": "draft_seen", "id": "git:1:2026-11-19", "day": "2026-11-19", "accepted": 1, **TIMESTAMPS},
)  # fmt: skip
"""Entities of every type."""

IDS = [document["id"] for document in DOCUMENTS]
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 10**30, 1.5, "", " ", "x", "\0", "\ud800", "\x1b[2J", "=1", "[/]", "a" * 100_001, "👩‍👩‍👧",
    "1900-01-01", "2026-11-20", "2026-11-21", "9999-12-31", "2026-02-30", "0001-01-01", "2026-W46", "2026-W99",
    "2026-11-20T17:30:00.000Z", "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", [], {}, ["a"], ["faster"],
    "open", "fixed", "planned", "dropped", "kept", "broken", "closed", "step", "stop", "helped", "level",
)  # fmt: skip
"""Unexpected values."""


def make_broken_file(rng: random.Random) -> bytes:
    """Return a jsonl file with some invalid or changed values."""
    documents = [json.loads(json.dumps(document)) for document in DOCUMENTS if rng.random() < 0.8]
    for document in filter(None, rng.choices(documents, k=rng.randint(1, 4)) if documents else ()):
        sightings = document["sightings"] if isinstance(document.get("sightings"), list) else []
        target = rng.choice(
            [document, *(sighting for sighting in sightings if isinstance(sighting, dict) and sighting)]
        )
        key = rng.choice(list(target))
        value = rng.choice([*ODD, *IDS])
        if rng.random() < 0.15:
            target.pop(key)
        else:
            target[key] = value
    if rng.random() < 0.2:
        rng.shuffle(documents)
    raw = "\n".join(json.dumps(document) for document in documents).encode("utf-8", "surrogatepass")
    if raw and rng.random() < 0.2:
        at = rng.randrange(len(raw))
        raw = raw[:at] + rng.choice([b"", b"\xff", b"\0", b'"', b"}", b"\n"]) + raw[at + rng.randint(0, 9) :]
    return raw


def check_journal(journal: Journal) -> None:
    """Fail unless the journal is undamaged and its reviews can be rendered."""
    assert find_damage(connection_of(journal)) == []
    week, year = week_of(TODAY), period_containing(TODAY, Unit.YEAR)
    for period in (week, year):
        review = reviews.load_review(journal, period, TODAY, Schedule())
        for form in set(OutputFormat) - {OutputFormat.HTML}:
            render(views.REVIEW, review, form, Canvas())
    assert render(
        views.REPORT, reviews.load_report(journal, year, TODAY, Schedule()), OutputFormat.HTML, Canvas()
    ).endswith("</html>\n")


def main(folder: str) -> None:
    """Import all broken files; print the number of each outcome and the longest time."""
    rng = random.Random("journals")  # noqa: S311  not for secrets
    empty = open_fast_journal(Path(folder))
    empty.close()
    outcomes = {"imported": 0, "rejected": 0, "slowest": 0.0}
    for number in range(CASES // FILES_PER_JOURNAL):
        subfolder = Path(folder) / str(number)
        subfolder.mkdir()
        shutil.copyfile(empty.path, subfolder / empty.path.name)
        journal = open_fast_journal(subfolder)
        for _ in range(FILES_PER_JOURNAL):
            import_broken_file(journal, rng, outcomes)
        check_journal(journal)
        for _ in range(2):
            with suppress(NothingToUndo):
                journal.undo()
        assert find_damage(connection_of(journal)) == []
        journal.close()
        shutil.rmtree(subfolder)
    json.dump(outcomes, sys.stdout)


def open_fast_journal(folder: Path) -> Journal:
    """Open a journal without fsync."""
    journal = close_after_test(open_journal(folder / "journal.db", "fuzz", lambda: NOW, write=True))
    connection_of(journal).execute("PRAGMA synchronous = OFF")
    return journal


def import_broken_file(journal: Journal, rng: random.Random, outcomes: dict[str, float]) -> None:
    """Import one broken file, and count the outcome."""
    options = ImportOptions(format="jsonl", skip_bad=rng.random() < 0.7, dry_run=rng.random() < 0.1)
    raw = io.BytesIO(make_broken_file(rng))
    start = time.perf_counter()
    try:
        importing.import_file(lambda **_: journal, raw, ImportContext(zone=UTC), options, TODAY, NOW)
        outcomes["imported"] += 1
    except ValuelogError:
        outcomes["rejected"] += 1
    outcomes["slowest"] = max(outcomes["slowest"], time.perf_counter() - start)


@pytest.mark.slow
def test_broken_jsonl_files_never_damage_a_journal(tmp_path: Path) -> None:
    tests = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, __file__, str(tmp_path)], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": tests},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert outcomes["slowest"] < SECONDS
    assert min(outcomes["imported"], outcomes["rejected"]) > CASES / 10, outcomes


def test_unbroken_documents_are_imported(tmp_path: Path) -> None:
    journal = open_fast_journal(tmp_path)
    raw = "\n".join(map(json.dumps, DOCUMENTS)).encode()
    result = importing.import_file(
        lambda **_: journal, io.BytesIO(raw), ImportContext(zone=UTC), ImportOptions(format="jsonl"), TODAY, NOW
    )
    assert sum(result.new_counts.values()) == len(DOCUMENTS) + 3
    check_journal(journal)
    journal.close()


if __name__ == "__main__":
    main(sys.argv[1])
