"""Twelve made-up weeks: somebody's journal, to see what a full one looks like. Seeded, so that it is always the same."""

from collections.abc import Iterator
from datetime import date, datetime
from random import Random

from valuelog.journal import days
from valuelog.journal.store import Journal
from valuelog.model.entry import Beneficiary, Effect, Kind
from valuelog.model.period import Period, week_of
from valuelog.workflows.writing import Note, plan

WEEKS = 12
SEED = 20

_WORK = (
    "weekly planning", "answered the audit mails", "reviewed four merge requests", "support rota", "budget numbers",
    "interview with a candidate", "prepared the steering slides", "on-call handover", "read the incident report",
    "cleaned up the backlog", "quarterly forms", "call with the vendor", "updated the status page",
)  # fmt: skip
_VALUE: tuple[tuple[Kind, str, dict[str, object]], ...] = (
    (Kind.IMPROVEMENT, "the deploy checklist is one page now", {"effects": (Effect.CLEARER,), "beneficiaries": (Beneficiary.COWORKERS,)}),
    (Kind.IMPROVEMENT, "nightly report runs in two minutes instead of forty", {"effects": (Effect.FASTER,), "evidence": "job log, 12 nights"}),
    (Kind.IMPROVEMENT, "alerts name the service and its owner", {"effects": (Effect.EASIER, Effect.CLEARER)}),
    (Kind.IMPROVEMENT, "retries keep refunds from failing on a slow bank", {"effects": (Effect.MORE_RELIABLE,), "beneficiaries": (Beneficiary.CUSTOMERS,), "project": "Refund flow"}),
    (Kind.OUTCOME, "refunds arrive in one day instead of three", {"evidence": "median of 214 refunds", "project": "Refund flow"}),
    (Kind.OUTCOME, "the new tariff went live without a rollback", {}),
    (Kind.HELPED, "@sam runs the release alone now", {}),
    (Kind.HELPED, "@maya debugged the queue herself after our hour together", {}),
    (Kind.HELPED, "@lee got the contract template instead of a meeting", {}),
    (Kind.INSIGHT, "half of the tickets come from one form field", {}),
    (Kind.INSIGHT, "nobody reads the Monday report; three teams write it", {}),
)  # fmt: skip
_PAINS = ("The deploy waits on one approver", "Two tools want the same hours typed in")


def fill(journal: Journal, today: date, now: datetime) -> None:
    """Write twelve weeks up to today into a journal, with a few days missed and one week off."""
    chance = Random(SEED)  # noqa: S311  a story, not a secret
    first = week_of(today).before(WEEKS - 1).start
    away = week_of(today).before(5)
    notes = tuple(
        note
        for day in Period(start=first, end=today).days()
        if day.weekday() < 5 and day not in away  # noqa: PLR2004  Saturday
        for note in _day(day, (day - first).days / (7 * WEEKS), chance)
    )
    changes, _ = plan(journal, tuple(note for note in notes if note.kind), now)
    journal.write("demo", changes)
    for note in notes:
        if note.kind is None:
            journal.write("demo", plan(journal, (note,), now)[0])
    days.take_off(journal, list(away.days())[:5], "holidays")


def _day(day: date, progress: float, chance: Random) -> Iterator[Note]:
    """Make up one day: `progress` from 0 to 1 is how far the twelve weeks have come; value grows with it."""
    if chance.random() < 0.08:  # noqa: PLR2004  a day nobody wrote
        return
    for _ in range(chance.randint(2, 5)):
        yield Note(kind=Kind.ACTIVITY, text=chance.choice(_WORK), day=day)
    for _ in range(sum(chance.random() < 0.35 + 0.35 * progress for _ in range(3))):
        kind, text, facts = chance.choice(_VALUE)
        yield Note(kind=kind, text=text, day=day, **facts)  # type: ignore[arg-type]  the table above is typed by hand
    if chance.random() < 0.15:  # noqa: PLR2004
        yield Note(kind=None, text=chance.choice(_PAINS), day=day)


