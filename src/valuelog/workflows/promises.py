"""Promises: make, keep, break and carry them over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from valuelog.journal import promises
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint
from valuelog.model.promise import Promise, PromiseKind, PromiseState
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


class NotAStep(BadInput):
    """Only a step can belong to a pain point."""

    def __init__(self) -> None:
        """Suggest the command that plans a step."""
        super().__init__("Only a step can be for a pain point.", 'Try: valuelog pain plan ID "…" --by fri')


def make_promise(journal: Journal, promise: Promise, pain: PainPoint | None) -> Confirmation:
    """Make a promise; a step for a pain point is planned by `pains`. Raises NotAStep, PainClosed or NothingChanged."""
    if pain and promise.kind is not PromiseKind.STEP:
        raise NotAStep
    if pain:
        return pains.plan_step(journal, pain, promise.text, promise.due, promise.made_on, promise.created)
    journal.write("promise", [promises.creation_change(promise)])
    return build_confirmation(journal, "Promised", promise, promise.made_on, due=promise.due)


def build_promise(kind: PromiseKind, text: str, due: date, day: date, now: datetime) -> Promise:
    """Build a promise made on a day."""
    return Promise(id=new_id(), kind=kind, text=clean_text(text), made_on=day, due=due, created=now)


def settle(journal: Journal, promise: Promise, state: PromiseState, day: date) -> Confirmation:
    """Mark a promise as kept or broken. Raises PromiseClosed or EndBeforeStart."""
    settled = promises.update(journal, promise, str(state), lambda current: current.settle(state, day))
    next_command = _next_command(journal, settled)
    return build_confirmation(journal, str(state).capitalize(), settled, day, next_command=next_command)


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
