"""Twelve made-up weeks of somebody's journal, to see what a full one looks like. Seeded: always the same."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from valuelog.journal import days, pains
from valuelog.journal.promises import reflection_change
from valuelog.journal.store import Journal
from valuelog.model.entry import Beneficiary, Effect, Kind
from valuelog.model.period import Period, week_of
from valuelog.model.project import slugify
from valuelog.model.promise import LEVEL_QUESTION, PromiseKind, PromiseState
from valuelog.workflows import pains as following
from valuelog.workflows import projects, promises
from valuelog.workflows.noting import build_note_changes
from valuelog.workflows.writing import Note

WEEKS = 12
SEED = 20

_ACTIVITY_TEXTS = (
    "weekly planning", "answered the audit mails", "reviewed four merge requests", "support rota", "budget numbers",
    "interview with a candidate", "prepared the steering slides", "on-call handover", "read the incident report",
    "cleaned up the backlog", "quarterly forms", "call with the vendor", "updated the status page",
)  # fmt: skip
_VALUE_TEXTS = {
    Kind.IMPROVEMENT: (
        "the deploy checklist is one page now", "nightly report runs in two minutes instead of forty",
        "alerts name the service and its owner", "retries keep refunds from failing on a slow bank",
    ),
    Kind.OUTCOME: ("refunds arrive in one day instead of three", "the new tariff went live without a rollback"),
    Kind.HELPED: (
        "@sam runs the release alone now", "@maya debugged the queue herself after our hour together",
        "@lee got the contract template instead of a meeting",
    ),
    Kind.INSIGHT: (
        "half of the tickets come from one form field", "nobody reads the Monday report; three teams write it",
    ),
}  # fmt: skip
_EVIDENCE = ("median of 214 cases", "job log, 12 nights", "two tickets less a day")
_PAIN_TEXTS = ("The deploy waits on one approver", "Two tools want the same hours typed in")


_STALLED_PROJECT = "New region"
_PROJECTS = (
    {
        "name": "Refund flow",
        "problem": "refunds take three days, and each one becomes a call",
        "measure": "days until the money is back",
        "aim": "the next day for nine in ten",
    },
    {"name": _STALLED_PROJECT, "problem": "the north waits for its own price list", "measure": "orders from the north"},
)
_STEP_TEXT = "ask the vendor for the export of hours"
_STOP_TEXT = "the weekly status mail"
_KEPT_TEXT = "hand the interview rota over to @lee"
_LEVEL_ANSWER = "asked what the steering slides are for before making them"


def fill_journal(journal: Journal, today: date, now: datetime) -> None:
    """Write twelve weeks up to today into a journal: a few days missed, one week off, two projects, some promises."""
    chance = Random(SEED)  # noqa: S311  a story, not a secret
    first = week_of(today).previous(WEEKS - 1).start
    away = week_of(today).previous(5)
    notes = tuple(
        note
        for day in Period(start=first, end=today).days()
        if day.weekday() < 5 and day not in away  # noqa: PLR2004  Saturday
        for note in _day_notes(day, (day - first).days / (7 * WEEKS), chance)
    )
    for facts in _PROJECTS:
        projects.start_project(journal, facts["name"], {**facts, "name": None}, first, now)
    changes, _ = build_note_changes(
        journal, (*(note for note in notes if note.kind), *_stalled_project_notes(today)), now
    )
    journal.write("demo", changes)
    for note in notes:
        if note.kind is None:
            journal.write("demo", build_note_changes(journal, (note,), now)[0])
    days.add_days_off(journal, list(away.days())[:5], "holidays")
    _make_promises(journal, today, now)


def _stalled_project_notes(today: date) -> Iterator[Note]:
    """Make up the last weeks of a project that takes work and yields nothing."""
    for back in range(0, 18, 3):
        yield Note(
            kind=Kind.ACTIVITY,
            text=f"call about the north +{slugify(_STALLED_PROJECT)}",
            day=today - timedelta(days=back),
        )


def _make_promises(journal: Journal, today: date, now: datetime) -> None:
    """Make up what was promised a week ago: one thing kept, one due today, a step for the friction seen most."""
    friday, week = today - timedelta(days=7), week_of(today)
    kept = promises.build_promise(PromiseKind.START, _KEPT_TEXT, today, friday, now)
    promises.make_promise(journal, kept, None)
    promises.settle(journal, kept, PromiseState.KEPT, today - timedelta(days=1))
    promises.make_promise(journal, promises.build_promise(PromiseKind.STOP, _STOP_TEXT, today, friday, now), None)
    worst = pains.list_open_pains(journal, limit=1)[0]
    following.plan_step(journal, worst, _STEP_TEXT, today + timedelta(days=7), today, now)
    journal.write("demo", [reflection_change(week.previous().name, LEVEL_QUESTION, now, answer=_LEVEL_ANSWER)])


def _day_notes(day: date, progress: float, random: Random) -> Iterator[Note]:
    """Make up one day: `progress` from 0 to 1 is how far the twelve weeks have come; value grows with it."""
    if random.random() < 0.08:  # noqa: PLR2004  a day nobody wrote
        return
    for _ in range(random.randint(2, 5)):
        yield Note(kind=Kind.ACTIVITY, text=random.choice(_ACTIVITY_TEXTS), day=day)
    for _ in range(sum(random.random() < 0.35 + 0.35 * progress for _ in range(3))):
        yield _value_note(day, random)
    if random.random() < 0.15:  # noqa: PLR2004
        yield Note(kind=None, text=random.choice(_PAIN_TEXTS), day=day)


def _value_note(day: date, random: Random) -> Note:
    """Make up something that was left behind; a third of it has evidence."""
    kind = random.choice(list(_VALUE_TEXTS))
    text = random.choice(_VALUE_TEXTS[kind])
    better = kind is Kind.IMPROVEMENT
    return Note(
        kind=kind,
        text=text,
        day=day,
        effects=(random.choice(list(Effect)),) if better else (),
        beneficiaries=(random.choice(list(Beneficiary)),) if better else (),
        evidence=random.choice(_EVIDENCE) if random.random() < 1 / 3 else None,
        project="Refund flow" if "refund" in text else None,
    )
