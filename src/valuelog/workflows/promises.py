"""Promises: making them, keeping or breaking them, carrying them over."""

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
from valuelog.workflows import pains
from valuelog.workflows.confirmation import Confirmation, build_confirmation

TEXT_QUESTIONS = {
    PromiseKind.STOP: "what will you stop?",
    PromiseKind.START: "what will you start?",
    PromiseKind.STEP: "which small step?",
}
"""What is asked where a promise is made without words."""

MAX_SETTLED = 10
"""How many promises are listed whatever became of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseList:
    """Some promises, and how many letters of each id, and of the pain points they help, are enough."""

    promises: tuple[Promise, ...]
    prefix_lengths: Mapping[str, int]
    today: date


def list_promises(journal: Journal, today: date, *, include_settled: bool) -> PromiseList:
    """Return the promises to keep, the next first; with `settled`, also what became of the latest."""
    found = (
        promises.list_latest_promises(journal, MAX_SETTLED) if include_settled else promises.list_open_promises(journal)
    )
    names = {name for promise in found for name in (promise.id, promise.pain) if name}
    return PromiseList(promises=found, prefix_lengths=journal.prefix_lengths(names), today=today)


def find(journal: Journal, id_prefix: str) -> Promise:
    """Return the promise that an id or its beginning names. Raises UnknownId or AmbiguousId."""
    return promises.get(journal, journal.resolve_id(id_prefix, "promise")[1])


class NotAStep(BadInput):
    """Only a step can be for a pain point."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Only a step can be for a pain point.", 'Write: valuelog pain plan ID "…" --by fri')


def make_promise(journal: Journal, promise: Promise, pain: PainPoint | None) -> Confirmation:
    """Make a promise; a step for a pain point plans that. Raises NotAStep, PainClosed or NothingChanged."""
    if pain and promise.kind is not PromiseKind.STEP:
        raise NotAStep
    if pain:
        return pains.plan_step(journal, pain, promise.text, promise.due, promise.made_on, promise.created)
    journal.write("promise", [promises.creation_change(promise)])
    did = "Promised a step" if promise.kind is PromiseKind.STEP else f"Promised to {promise.kind}"
    return build_confirmation(journal, did, promise, promise.made_on, due=promise.due)


def build_promise(kind: PromiseKind, text: str, due: date, day: date, now: datetime) -> Promise:
    """Return a promise as it is made on a day."""
    return Promise(id=new_id(), kind=kind, text=clean_text(text), made_on=day, due=due, created=now)


def settle(journal: Journal, promise: Promise, state: PromiseState, day: date) -> Confirmation:
    """Say that a promise was kept or broken. Raises PromiseClosed or TooEarly."""
    with journal.transaction():
        promise = promises.reload(journal, promise)
        done = promise.settle(state, day)
        journal.write(str(state), [promises.update_change(promise, done)])
    return build_confirmation(journal, str(state).capitalize(), done, day, next_command=_next_command(journal, done))


def _next_command(journal: Journal, promise: Promise) -> str:
    """Return what comes after a step for a pain point was taken: maybe it is gone now."""
    if promise.state is not PromiseState.KEPT or promise.pain is None:
        return ""
    return f'valuelog pain fix {promise.pain[: journal.prefix_lengths([promise.pain])[promise.pain]]} "…"'


def carry_over(journal: Journal, promise: Promise, due: date, day: date) -> Confirmation:
    """Put a promise off to a later day. Raises PromiseClosed or NotLater."""
    with journal.transaction():
        promise = promises.reload(journal, promise)
        later = promise.carry_over(due)
        journal.write("carry", [promises.update_change(promise, later)])
    return build_confirmation(journal, f"Carried over ({later.carried})", later, day, due=due)
