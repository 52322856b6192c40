"""Twelve made-up weeks up to the latest Friday, and the current one as far as it has come: the story in demo.toml.

It is the same on each run, whatever the day of the week: the same words, ids and numbers.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from valuelog.journal import days, entries, pains
from valuelog.journal.ids import fixed_random_bytes, new_id
from valuelog.journal.promises import reflection_change
from valuelog.journal.store import Journal
from valuelog.model.entry import Beneficiary, Effect, Held, Impact, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import SHORT_WEEKDAYS, Period, week_of
from valuelog.model.project import slugify
from valuelog.model.promise import LEVEL_QUESTION, PromiseKind, PromiseState
from valuelog.model.question import PAIN_POINT
from valuelog.workflows import projects
from valuelog.workflows.answers import Answer
from valuelog.workflows.entries import create_entry
from valuelog.workflows.evening import ACT, answer_changes
from valuelog.workflows.pains import drop_pain, fix_pains, plan_step
from valuelog.workflows.promises import build_promise, make_promise, settle

WEEKS = 12
SEED = 20
FRIDAY = 4
WORKDAYS = SHORT_WEEKDAYS[: FRIDAY + 1]

Happening = tuple[date, Callable[[date], None]]
"""The day of something, and what writes it."""

MIN_ACTIVITIES, MAX_ACTIVITIES = 3, 5
"""Activities of one day."""


def demo_week(today: date) -> Period:
    """Return the last of the twelve weeks: the latest one whose Friday has come."""
    return week_of(today - timedelta(days=FRIDAY))


def fill_journal(journal: Journal, today: date, now: datetime) -> None:
    """Write the story up to today: entries, pain points, projects, promises, and one week off."""
    with fixed_random_bytes(Random(SEED).randbytes), journal.transaction():  # noqa: S311  made-up data, no secret
        _Story(journal, today, now).tell()


class _Story:
    """Writes the story day by day, as if each day had been logged in its own evening."""

    def __init__(self, journal: Journal, today: date, now: datetime) -> None:
        self._journal, self._today, self._now = journal, today, now
        self._first = demo_week(today).previous(WEEKS - 1).start
        self._raw: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
        week_off = self._first + timedelta(weeks=self._raw["week_off"] - 1)
        self._batches: dict[date, str] = {}
        self._days_off = [week_off + timedelta(days=offset) for offset in range(len(WORKDAYS))]

    def tell(self) -> None:
        """Write everything up to today in the order in which it happened."""
        days.add_days_off(self._journal, self._days_off, "holidays")
        for day, happen in sorted(self._list_events(), key=lambda event: event[0]):
            if day <= self._today:
                happen(day)

    def _list_events(self) -> Iterator[Happening]:
        """Yield what happens and when; on one day, in this order."""
        for raw in self._raw["project"]:
            yield from self._project_events(raw)
        yield from self._activity_events()
        for raw in self._raw["entry"]:
            yield self._day(raw["on"]), partial(self._add_entry, raw)
        for raw in self._raw["pain"]:
            yield from self._pain_events(raw)
        for raw in self._raw["promise"]:
            yield self._day(raw["on"]), partial(self._make_promise, raw)
        for raw in self._raw["level"]:
            yield self._day(f"{raw['week']} fri"), partial(self._reflect, raw["answer"])
        yield from self._ending_events()

    def _ending_events(self) -> Iterator[Happening]:
        for raw in self._raw["project"]:
            if "closed" in raw:
                yield self._day(raw["closed"]), partial(self._close_project, raw)

    def _day(self, on: str) -> date:
        """Return the day of a week and a weekday, such as 12 fri."""
        week, weekday = on.split()
        return self._first + timedelta(weeks=int(week) - 1, days=WORKDAYS.index(weekday.capitalize()))

    def _at(self, day: date) -> datetime:
        """Return when something of a day is written: that day, at the time of day of now."""
        return self._now - (self._today - day)

    def _evening(self, day: date) -> str:
        """Return the batch of a day: one undo takes back a whole evening."""
        return self._batches.setdefault(day, new_id())

    # Entries

    def _activity_events(self) -> Iterator[Happening]:
        random = Random(SEED)  # noqa: S311  made-up data, no secret
        skipped = {*map(self._day, self._raw["days_not_logged"]), *self._days_off}
        for week in range(WEEKS + 1):
            for weekday in range(len(WORKDAYS)):
                day = self._first + timedelta(weeks=week, days=weekday)
                texts = random.sample(self._raw["activities"], random.randint(MIN_ACTIVITIES, MAX_ACTIVITIES))
                for text in texts if day not in skipped else ():
                    yield day, partial(self._add_entry, {"kind": "activity", "text": text})

    def _add_entry(self, raw: Mapping[str, Any], day: date) -> None:
        with self._journal.transaction():
            entry, changes = create_entry(self._journal, self._answer(raw, day), self._at(day))
            self._journal.write(ACT, changes, batch=self._evening(day))
            if "held" in raw and (held_on := self._day(raw["held_on"])) <= self._today:
                held = replace(entry, held=Held(raw["held"]), held_on=held_on)
                entries.update(self._journal, entry, held, act="evidence")

    def _answer(self, raw: Mapping[str, Any], day: date) -> Answer:
        return Answer(
            kind=Kind(raw.get("kind", Kind.IMPROVEMENT)),
            text=raw["text"],
            day=day,
            effects=tuple(map(Effect, raw.get("effects", ()))),
            beneficiaries=tuple(map(Beneficiary, raw.get("for", ()))),
            evidence=raw.get("evidence"),
            impact=Impact(raw["impact"]) if "impact" in raw else None,
            project=raw.get("project"),
        )

    # Projects

    def _project_events(self, raw: Mapping[str, Any]) -> Iterator[Happening]:
        slug = slugify(raw["name"])
        yield self._day(raw["on"]), partial(self._start_project, raw)
        for on, text in raw.get("activities", ()):
            activity = {"kind": "activity", "text": text, "project": raw["name"]}
            yield self._day(on), partial(self._add_entry, activity)
        for on, value in raw.get("readings", ()):
            yield self._day(on), partial(self._measure_project, slug, value)

    def _start_project(self, raw: Mapping[str, Any], day: date) -> None:
        answers = {field: raw.get(field) for field, _ in projects.START_QUESTIONS}
        projects.start_project(self._journal, raw["name"], answers, day, self._at(day))

    def _measure_project(self, slug: str, value: str, day: date) -> None:
        projects.measure_project(self._journal, slug, value, day, self._at(day))

    def _close_project(self, raw: Mapping[str, Any], day: date) -> None:
        answers = {field: raw.get(field) for field, _ in projects.CLOSE_QUESTIONS}
        projects.close_project(self._journal, projects.find(self._journal, slugify(raw["name"])), answers, day)

    # Pain points

    def _pain_events(self, raw: Mapping[str, Any]) -> Iterator[Happening]:
        for on in raw["seen"]:
            yield self._day(on), partial(self._log_pain, raw["text"])
        for name, act in (("step", self._plan_step), ("fix", self._fix_pain), ("dropped", self._drop_pain)):
            if name in raw:
                yield self._day(raw[name]["on"]), partial(act, raw)

    def _log_pain(self, text: str, day: date) -> None:
        answer = Answer(kind=PAIN_POINT, text=text, day=day)
        changes = answer_changes(self._journal, [answer], self._at(day))
        self._journal.write(ACT, changes, batch=self._evening(day))

    def _plan_step(self, raw: Mapping[str, Any], day: date) -> None:
        step, due = raw["step"]["text"], self._day(raw["step"]["by"])
        plan_step(self._journal, self._find_pain(raw), step, due, day, self._at(day))

    def _fix_pain(self, raw: Mapping[str, Any], day: date) -> None:
        fix_pains(self._journal, [self._find_pain(raw)], self._answer(raw["fix"], day), self._at(day))

    def _drop_pain(self, raw: Mapping[str, Any], day: date) -> None:
        drop_pain(self._journal, self._find_pain(raw), raw["dropped"]["text"], day)

    def _find_pain(self, raw: Mapping[str, Any]) -> PainPoint:
        return next(pain for pain in pains.list_open_pains(self._journal) if pain.text == raw["text"])

    # The weekly talk

    def _make_promise(self, raw: Mapping[str, Any], day: date) -> None:
        due = self._day(raw["by"])
        promise = build_promise(PromiseKind(raw["kind"]), raw["text"], due, day, self._at(day))
        make_promise(self._journal, promise, None)
        for state in (PromiseState.KEPT, PromiseState.BROKEN):
            if state in raw and (settled_on := self._day(raw[state])) <= self._today:
                settle(self._journal, promise, state, settled_on, self._today, self._at(settled_on))
        if "kept_after" in raw and (settled_on := self._day(raw["kept_after"])) < self._today:
            settle(self._journal, promise, PromiseState.KEPT, settled_on, self._today, self._at(settled_on))

    def _reflect(self, answer: str, day: date) -> None:
        change = reflection_change(week_of(day).name, LEVEL_QUESTION, self._at(day), answer=answer)
        self._journal.write("reflect", [change])
