"""Twelve made-up weeks, to show what a full journal looks like. Seeded, so always the same."""

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
from valuelog.model.question import PAIN_POINT
from valuelog.workflows import projects
from valuelog.workflows.answers import Answer
from valuelog.workflows.evening import answer_changes
from valuelog.workflows.pains import plan_step
from valuelog.workflows.promises import build_promise, make_promise, settle

WEEKS = 12
SEED = 20
SATURDAY = 5

SKIPPED_DAYS, PAINFUL_DAYS = 0.08, 0.15
"""Shares of workdays without an entry, and with a pain point."""

VALUE_AT_START, VALUE_GROWTH = 0.35, 0.35
"""Chance of each of three value entries on the first day, and how much it grows until the last."""

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
_KEPT_TEXT = "sharing the interview rota with @lee"
_LEVEL_ANSWER = "asked what the steering slides are for before making them"


def fill_journal(journal: Journal, today: date, now: datetime) -> None:
    """Write twelve weeks up to today: entries, pain points, two projects, promises, and one week off."""
    random = Random(SEED)  # noqa: S311  made-up data, no secret
    first = week_of(today).previous(WEEKS - 1).start
    week_off = week_of(today).previous(5)
    answers = [
        answer
        for day in Period(start=first, end=today).days()
        if day.weekday() < SATURDAY and day not in week_off
        for answer in _day_answers(day, (day - first).days / (7 * WEEKS), random)
    ]
    for fields in _PROJECTS:
        projects.start_project(journal, fields["name"], {**fields, "name": None}, first, now)
    entry_answers = [answer for answer in answers if answer.kind != PAIN_POINT]
    journal.write("demo", answer_changes(journal, [*entry_answers, *_stalled_project_answers(today)], now))
    for answer in answers:
        if answer.kind == PAIN_POINT:  # one by one, because the second of two is a sighting of the first
            journal.write("demo", answer_changes(journal, [answer], now))
    days.add_days_off(journal, list(week_off.days())[:SATURDAY], "holidays")
    _make_promises(journal, today, now)


def _day_answers(day: date, progress: float, random: Random) -> Iterator[Answer]:
    """Yield the answers of one day. `progress` from 0 to 1 is its place in the twelve weeks; value grows with it."""
    if random.random() < SKIPPED_DAYS:
        return
    for _ in range(random.randint(2, 5)):
        yield Answer(kind=Kind.ACTIVITY, text=random.choice(_ACTIVITY_TEXTS), day=day)
    for _ in range(sum(random.random() < VALUE_AT_START + VALUE_GROWTH * progress for _ in range(3))):
        yield _value_answer(day, random)
    if random.random() < PAINFUL_DAYS:
        yield Answer(kind=PAIN_POINT, text=random.choice(_PAIN_TEXTS), day=day)


def _value_answer(day: date, random: Random) -> Answer:
    """Return a value entry; a third of them have evidence."""
    kind = random.choice(list(_VALUE_TEXTS))
    text = random.choice(_VALUE_TEXTS[kind])
    is_improvement = kind is Kind.IMPROVEMENT
    return Answer(
        kind=kind,
        text=text,
        day=day,
        effects=(random.choice(list(Effect)),) if is_improvement else (),
        beneficiaries=(random.choice(list(Beneficiary)),) if is_improvement else (),
        evidence=random.choice(_EVIDENCE) if random.random() < 1 / 3 else None,
        project=_PROJECTS[0]["name"] if "refund" in text else None,
    )


def _stalled_project_answers(today: date) -> Iterator[Answer]:
    """Yield activities for a project that never produces value."""
    for days_ago in range(0, 18, 3):
        yield Answer(
            kind=Kind.ACTIVITY,
            text=f"call about the north +{slugify(_STALLED_PROJECT)}",
            day=today - timedelta(days=days_ago),
        )


def _make_promises(journal: Journal, today: date, now: datetime) -> None:
    """Write promises made a week ago, one kept and one due today, and a step for the most pressing pain point."""
    a_week_ago = today - timedelta(days=7)
    kept_promise = build_promise(PromiseKind.START, _KEPT_TEXT, today, a_week_ago, now)
    make_promise(journal, kept_promise, None)
    settle(journal, kept_promise, PromiseState.KEPT, today - timedelta(days=1), today, now)
    make_promise(journal, build_promise(PromiseKind.STOP, _STOP_TEXT, today, a_week_ago, now), None)
    worst = pains.list_open_pains(journal, limit=1)[0]
    plan_step(journal, worst, _STEP_TEXT, today + timedelta(days=7), today, now)
    last_week = week_of(today).previous()
    journal.write("demo", [reflection_change(last_week.name, LEVEL_QUESTION, now, answer=_LEVEL_ANSWER)])
