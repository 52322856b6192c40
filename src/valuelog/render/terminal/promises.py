"""A list of promises: what is due first."""

from collections.abc import Iterator, Mapping
from datetime import date

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.model.promise import Promise, PromiseState
from valuelog.model.text import format_times
from valuelog.render.style import DIM, NEEDS, STRONG, VALUE
from valuelog.render.terminal.layout import beside, identifier, line, with_facts
from valuelog.render.words import plural, worded
from valuelog.workflows.promises import PromiseList

SIGNS = {PromiseState.KEPT: "✓", PromiseState.BROKEN: "✗", PromiseState.DROPPED: "–"}
"""What stands before a promise that is settled."""


def lines(found: PromiseList, width: int) -> Iterator[Text]:
    """Show each promise with the day until which it is due, or what became of it."""
    if not found.promises:
        yield line(("Nothing is promised. ", DIM), ('valuelog promise make stop "…" --by fri', STRONG))
        return
    for promise in found.promises:
        yield from promise_lines(promise, found.prefix_lengths, found.today, width, whole=True)
    count = sum(promise.is_open for promise in found.promises)
    yield Text(f"\n{plural(count, 'promise')} to keep", DIM)


def promise_lines(
    promise: Promise, letters: Mapping[str, int], today: date, width: int, *, whole: bool = False
) -> Iterator[Text]:
    """Show one promise with its facts, on one line if it may; `whole` lets a long one go on below."""
    shown = identifier(promise.id, letters[promise.id])
    said = f"{SIGNS.get(promise.state, '')} {worded(promise)}".strip()
    facts = Text.assemble(*_facts(promise, letters, today))
    head = line(shown, beside(shown, 6))
    yield from with_facts(head, said, facts, width, style="" if promise.is_open else DIM, whole=whole)


def _facts(promise: Promise, letters: Mapping[str, int], today: date) -> Iterator[tuple[str, str]]:
    if promise.pain and promise.pain in letters:
        yield f"for {promise.pain[: letters[promise.pain]]} · ", DIM
    if promise.carried:
        yield f"carried over {format_times(promise.carried)} · ", DIM
    if promise.closed_on:
        yield (
            f"{promise.state} {format_day(promise.closed_on, today)}",
            VALUE if promise.state is PromiseState.KEPT else DIM,
        )
    elif promise.due < today:
        yield f"was due {format_day(promise.due, today)}", NEEDS
    else:
        yield f"due {format_day(promise.due, today)}", NEEDS if promise.due == today else DIM
