"""Generate journals to measure on: made-up evenings up to TODAY, about ten entries a workday. They are cached.

They are written in bulk with the journal's own code. Texts and days are seeded; ids and hashes differ each time.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from valuelog.journal import days, pains, projects, promises, schema
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal, open_journal
from valuelog.model.entry import VALUE_KINDS, Beneficiary, Effect, Kind
from valuelog.model.pain import Sighting
from valuelog.model.project import Project, slugify
from valuelog.model.question import PAIN_POINT
from valuelog.questions.catalogue import fixed_question_ids
from valuelog.workflows.answers import Answer
from valuelog.workflows.evening import answer_changes
from valuelog.workflows.pains import build_pain, build_step

TODAY = date.fromisoformat(os.environ.get("VALUELOG_TODAY", "2026-11-20"))
RARE = "zugzwang"
RARELY = 5
"""A word to search for, and the number of entries that contain it, whatever the size of the journal."""

SEED = 20
SATURDAY = 5
MIN_ENTRIES, MAX_ENTRIES = 6, 14
"""Entries per workday."""

DAYS_OFF, FRICTION = 12, 1 / 5
"""One in how many workdays is off; the share of evenings with a new pain point. None is ever dropped."""

PROJECT = "Refund flow"
PROJECT_INTERVAL = 33
"""Workdays between the starts of projects. None is ever closed."""

ACTIVE_PROJECTS = 4
"""How many of the latest projects get entries."""

REAL_BATCHES = 20
"""How many of the latest evenings are a batch each, as in real use. Earlier ones are written in bulk."""

BULK_SIZE = 5000
"""Changes per batch of the earlier evenings."""

_DID = {
    Kind.ACTIVITY: (
        "answered mails about",
        "met the team about",
        "reviewed the draft of",
        "wrote minutes on",
        "sat in a call about",
        "filled in the form for",
        "planned the week around",
        "looked after",
        "cleaned up the tickets of",
        "prepared slides on",
    ),
    Kind.IMPROVEMENT: ("halved the pending time of", "made one page out of", "took the retries out of", "tidied up"),
    Kind.OUTCOME: ("shipped a first version of", "brought to the customers", "closed for good"),
    Kind.HELPED: ("showed how to debug", "handed over", "wrote a guide for others to"),
    Kind.INSIGHT: ("saw a pattern behind", "asked early who needs", "worried about"),
}
_THINGS = (
    "the refund queue", "the audit list", "the nightly report", "the deploy checklist", "the tariff change",
    "onboarding", "the status page", "the vendor contract", "alerts at night", "the search index", "the price table",
    "the release train",
)  # fmt: skip
_WHEN = (
    "before lunch", "with two other teams", "for the second time", "after the incident", "as agreed last week", "again",
    "because it was urgent", "ahead of the quarter", "in one sitting", "although nobody had asked",
    "for the new region",
)  # fmt: skip
_PEOPLE = ("sam", "maya", "lee", "noor", "ana", "piet", "kofi", "yuki", "ines", "omar", "zoe", "bo")
_TAGS = ("audit", "ops", "refunds", "hiring", "release", "cost")
_EVIDENCE = ("median of 214 cases", "job log of twelve nights", "two tickets less a day", "she did it alone on Monday")
_FRICTION = (
    "The approval waits on one single person",
    "Two tools want identical hours typed twice",
    "Test data vanishes every weekend",
    "Nobody knows which dashboard is right",
    "Meetings start without any agenda",
)


class Clock:
    """A clock that can be set."""

    now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


def journal_of(size: int, folder: Path) -> Path:
    """Return a journal with `size` entries from the cache folder, and create it if it is missing."""
    target = folder / f"{_cache_key()}-{size}.db"
    if not target.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        started = time.perf_counter()
        unfinished = target.with_suffix(f".{os.getpid()}")
        unfinished.unlink(missing_ok=True)
        # In a child process: a process that has grown takes longer to start others, which would distort the timings.
        subprocess.run([sys.executable, __file__, str(unfinished), str(size)], check=True)
        for stale in folder.glob(f"*-{size}.db"):
            stale.unlink()
        unfinished.replace(target)
        print(f"created {target} in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return target


def _cache_key() -> str:
    """Return a hash of everything that determines the journals: this file, the code of the journal, and the day."""
    code = sorted(Path(schema.__file__).parent.glob("*.py"))
    parts = [path.read_bytes() for path in (Path(__file__), *code)]
    return hashlib.sha256(b"\0".join([TODAY.isoformat().encode(), *parts])).hexdigest()[:12]


def _fill(path: Path, size: int) -> None:
    """Write a new journal."""
    clock = Clock()
    journal = open_journal(path, "a-benchmark", clock, write=True)
    # With SQLite's default cache, a million entries take an hour. The file is the same.
    journal._database.connection.execute("PRAGMA cache_size = -1000000")  # noqa: SLF001
    author = Author(journal, clock, max(1, size // RARELY))
    workdays = _workdays(size)
    pending = [
        _start_project(place // PROJECT_INTERVAL, day, clock)
        for place, (day, _) in enumerate(workdays)
        if place % PROJECT_INTERVAL == 0
    ]
    journal.write("start", pending)
    pending = []
    for left, (day, count) in zip(range(len(workdays) - 1, -1, -1), workdays, strict=True):
        pending += author.evening(day, count)
        if len(pending) >= BULK_SIZE or left <= REAL_BATCHES:
            journal.write("today", pending)
            pending = []
    journal.close()


def _start_project(number: int, day: date, clock: Clock) -> Change:
    """Return the change that starts a project."""
    name = f"{PROJECT} {number}"
    return projects.creation_change(
        Project(id=new_id(), slug=slugify(name), name=name, started_on=day, created=clock.now)
    )


def _workdays(size: int) -> list[tuple[date, int]]:
    """Return the workdays up to TODAY with their numbers of entries, oldest first; 0 means a day off."""
    chance = Random(SEED)  # noqa: S311  made-up words, no secret
    found: list[tuple[date, int]] = []
    day = TODAY
    while size:
        if day.weekday() < SATURDAY:
            off = day != TODAY and chance.random() < 1 / DAYS_OFF
            count = 0 if off else min(size, chance.randint(MIN_ENTRIES, MAX_ENTRIES))
            found.append((day, count))
            size -= count
        day -= timedelta(days=1)
    return found[::-1]


class Author:
    """A simulated user. Every `seldom`-th entry contains RARE."""

    def __init__(self, journal: Journal, clock: Clock, seldom: int) -> None:
        """Write into a journal that uses `clock`."""
        self._journal = journal
        self._clock = clock
        self._seldom = seldom
        self._chance = Random(SEED)  # noqa: S311  made-up words, no secret
        self._written = 0
        self._evenings = 0

    def evening(self, day: date, count: int) -> list[Change]:
        """Return the changes of an evening: entries, perhaps a pain point, and the questions asked."""
        self._clock.now = datetime(day.year, day.month, day.day, 18, 30, tzinfo=UTC)
        self._evenings += 1
        if not count:
            return [
                Change(entity="day_off", id=day.isoformat(), fields={"note": None, **self._journal.timestamp_fields()})
            ]
        answers = tuple(self._answer(day) for _ in range(count))
        changes = answer_changes(self._journal, answers, self._clock.now)
        friction = self._friction(day) if self._chance.random() < FRICTION else []
        # The evening of TODAY has not happened yet: its entries were added during the day.
        asked = [days.asked_change(self._journal, day, question) for question in fixed_question_ids() if day != TODAY]
        return [*changes, *friction, *asked]

    def _answer(self, day: date) -> Answer:
        """Return a random answer: about a quarter are value, and a third of those have evidence."""
        pick, some = self._chance.choice, self._chance.random
        kind = pick(VALUE_KINDS) if some() < 1 / 4 else Kind.ACTIVITY
        words = [pick(_DID[kind]), pick(_THINGS), pick(_WHEN), *self._mentions()]
        self._written += 1
        if self._written % self._seldom == 0:
            words.append(RARE)
        better = kind is Kind.IMPROVEMENT
        return Answer(
            kind=kind,
            text=" ".join(words),
            day=day,
            minutes=pick((15, 30, 45, 60, 90)) if some() < 1 / 3 else None,
            project=self._project() if some() < 1 / 10 else None,
            effects=(pick(tuple(Effect)),) if better else (),
            beneficiaries=(pick(tuple(Beneficiary)),) if better else (),
            evidence=pick(_EVIDENCE) if kind is not Kind.ACTIVITY and some() < 1 / 3 else None,
        )

    def _mentions(self) -> Iterator[str]:
        if self._chance.random() < 1 / 4:
            yield f"with @{self._chance.choice(_PEOPLE)}"
        if self._chance.random() < 1 / 6:
            yield f"#{self._chance.choice(_TAGS)}"

    def _project(self) -> str:
        """Return the name of one of the latest projects."""
        number = self._evenings // PROJECT_INTERVAL - self._chance.randrange(ACTIVE_PROJECTS)
        return f"{PROJECT} {max(0, number)}"

    def _friction(self, day: date) -> list[Change]:
        """Return a new pain point that was seen on one to five days up to this one; every fourth has a step."""
        pain = build_pain(Answer(kind=PAIN_POINT, text=self._chance.choice(_FRICTION), day=day), self._clock.now)
        before = range(7, 7 * self._chance.randint(1, 5), 7)
        again = [
            Sighting(id=new_id(), day=day - timedelta(back), text="again", created=self._clock.now) for back in before
        ]
        due = day + timedelta(days=7)
        steps = [build_step(pain.id, "ask around", due, day, self._clock.now)] if self._chance.random() < 1 / 4 else []
        return [
            *pains.creation_changes([pain]),
            *(pains.sighting_change(pain.id, one) for one in again),
            *map(promises.creation_change, steps),
        ]


if __name__ == "__main__":
    _fill(Path(sys.argv[1]), int(sys.argv[2]))
