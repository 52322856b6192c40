"""Promises: make, keep, break and carry them over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from valuelog.journal import promises
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint
from valuelog.model.period import format_full_day
from valuelog.model.promise import Promise, PromiseKind, PromiseState
from valuelog.model.recurrence import Recurrence, format_recurrence
from valuelog.model.text import format_times
from valuelog.workflows import pains
from valuelog.workflows.confirmation import Confirmation, build_confirmation
from valuelog.workflows.followed import short_id

TEXT_QUESTIONS = {
    PromiseKind.STOP: "what will you stop?",
    PromiseKind.START: "what will you start?",
    PromiseKind.STEP: "what small step?",
}
"""The question for the text of a promise that was not given."""

MAX_SETTLED = 10
"""How many promises `--all` lists, settled or open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseList:
    """Promises, with the unique prefix lengths of their ids and of the ids of their pain points."""

    promises: tuple[Promise, ...]
    prefix_lengths: Mapping[str, int]
    today: date


def list_promises(journal: Journal, today: date, *, include_settled: bool) -> PromiseList:
    """Return the open promises, the next due first; with `include_settled` the latest ones, settled or open."""
    listed = (
        promises.list_latest_promises(journal, MAX_SETTLED) if include_settled else promises.list_open_promises(journal)
    )
    ids = {entity_id for promise in listed for entity_id in (promise.id, promise.pain) if entity_id}
    return PromiseList(promises=listed, prefix_lengths=journal.prefix_lengths(ids), today=today)


def find(journal: Journal, id_prefix: str) -> Promise:
    """Return the promise with an id. Raises UnknownId or AmbiguousId."""
    return promises.get(journal, journal.resolve_id(id_prefix, "promise")[1])


class RepeatedStep(BadInput):
    """The step for a pain point can't repeat."""

    def __init__(self) -> None:
        """Suggest a promise of its own."""
        super().__init__("The step for a pain point can't repeat.", "Leave out --pain, or --every.")


class NotAStep(BadInput):
    """Only a step can belong to a pain point."""

    def __init__(self) -> None:
        """Suggest the command that plans a step."""
        super().__init__("Only a step can be for a pain point.", 'Try: valuelog pain plan ID "…" --by fri')


def make_promise(journal: Journal, promise: Promise, pain: PainPoint | None) -> Confirmation:
    """Make a promise; a step for a pain point is planned by `pains`.

    Raises NotAStep, RepeatedStep, PainClosed or NothingChanged.
    """
    if pain and promise.kind is not PromiseKind.STEP:
        raise NotAStep
    if pain and promise.every:
        raise RepeatedStep
    if pain:
        return pains.plan_step(journal, pain, promise.text, promise.due, promise.made_on, promise.created)
    journal.write("promise", [promises.creation_change(promise)])
    note = format_recurrence(promise.every) if promise.every else ""
    return build_confirmation(journal, "Promised", promise, promise.made_on, due=promise.due, note=note)


def build_promise(
    kind: PromiseKind, text: str, due: date, day: date, now: datetime, every: Recurrence | None = None
) -> Promise:
    """Build a promise made on a day; with `every`, the first of a series."""
    return Promise(
        id=new_id(),
        kind=kind,
        text=clean_text(text),
        made_on=day,
        due=due,
        created=now,
        every=every,
        since=due if every else None,
    )


def settle_changes(
    promise: Promise, state: PromiseState, day: date, today: date, now: datetime
) -> tuple[Change, Promise | None, list[Change]]:
    """Return the change that settles a promise, the next one of its series, and the changes that make that one.

    Raises PromiseClosed or EndBeforeStart.
    """
    settling = promises.update_change(promise, promise.settle(state, day))
    following = promise.next_in_series(today, new_id(), now)
    return settling, following, [promises.creation_change(following)] if following else []


def settle(
    journal: Journal, promise: Promise, state: PromiseState, day: date, today: date, now: datetime
) -> Confirmation:
    """Mark a promise as kept or broken, and make the next one of its series. Raises PromiseClosed or EndBeforeStart."""
    with journal.transaction():
        current = promises.reload(journal, promise)
        settling, following, making = settle_changes(current, state, day, today, now)
        journal.write(str(state), [settling, *making])
    settled = promises.get(journal, promise.id)
    return build_confirmation(
        journal,
        str(state).capitalize(),
        settled,
        day,
        next_command=_next_command(journal, settled),
        note=f"again {short_id(journal, following.id)} by {format_full_day(following.due)}" if following else "",
    )


def drop(journal: Journal, promise: Promise, day: date) -> Confirmation:
    """Drop a promise, which ends its series. Raises PromiseClosed or EndBeforeStart."""
    dropped = promises.update(journal, promise, "drop", lambda current: current.settle(PromiseState.DROPPED, day))
    return build_confirmation(journal, "Dropped", dropped, day, note="its series ends" if dropped.every else "")


def _next_command(journal: Journal, promise: Promise) -> str:
    """Return the command that fixes the pain point of a kept step; otherwise an empty text, which means undo."""
    if promise.state is not PromiseState.KEPT or promise.pain is None:
        return ""
    return f'valuelog pain fix {short_id(journal, promise.pain)} "…"'


def carry_over(journal: Journal, promise: Promise, due: date, day: date) -> Confirmation:
    """Carry a promise over to a later day. Raises PromiseClosed or DueDateNotLater."""
    carried = promises.update(journal, promise, "carry", lambda current: current.carry_over(due))
    note = f"{format_times(carried.carried)} so far"
    return build_confirmation(journal, "Carried over", carried, day, due=due, note=note)
