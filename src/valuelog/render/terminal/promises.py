"""A list of promises: what is due first."""

from collections.abc import Iterator, Mapping
from datetime import date

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.model.promise import Promise, PromiseState
from valuelog.model.text import format_times
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE
from valuelog.render.terminal.layout import id_padding, join_line, render_id, render_with_facts
from valuelog.render.words import format_count, format_promise
from valuelog.workflows.promises import PromiseList

STATE_SIGNS = {PromiseState.KEPT: "✓", PromiseState.BROKEN: "✗", PromiseState.DROPPED: "–"}
"""What stands before a promise that is settled."""


def lines(promise_list: PromiseList, width: int) -> Iterator[Text]:
    """Show each promise with the day until which it is due, or what became of it."""
    if not promise_list.promises:
        yield join_line(("No open promises. ", DIM), ('valuelog promise make stop "…" --by fri', STRONG))
        return
    for promise in promise_list.promises:
        yield from promise_lines(promise, promise_list.prefix_lengths, promise_list.today, width, is_wrapped=True)
    count = sum(promise.is_open for promise in promise_list.promises)
    yield Text(f"\n{format_count(count, 'promise')} to keep", DIM)


def promise_lines(
    promise: Promise, prefix_lengths: Mapping[str, int], today: date, width: int, *, is_wrapped: bool = False
) -> Iterator[Text]:
    """Show one promise with its facts, on one line if it may; `whole` lets a long one go on below."""
    shown = render_id(promise.id, prefix_lengths[promise.id])
    said = f"{STATE_SIGNS.get(promise.state, '')} {format_promise(promise)}".strip()
    facts = Text.assemble(*_facts(promise, prefix_lengths, today))
    head = join_line(shown, id_padding(shown, 6))
    yield from render_with_facts(head, said, facts, width, style="" if promise.is_open else DIM, is_wrapped=is_wrapped)


def _facts(promise: Promise, prefix_lengths: Mapping[str, int], today: date) -> Iterator[tuple[str, str]]:
    if promise.pain and promise.pain in prefix_lengths:
        yield f"for {promise.pain[: prefix_lengths[promise.pain]]} · ", DIM
    if promise.carried:
        yield f"carried over {format_times(promise.carried)} · ", DIM
    if promise.closed_on:
        yield (
            f"{promise.state} {format_day(promise.closed_on, today)}",
            VALUE if promise.state is PromiseState.KEPT else DIM,
        )
    elif promise.due < today:
        yield f"was due {format_day(promise.due, today)}", ATTENTION
    else:
        yield f"due {format_day(promise.due, today)}", ATTENTION if promise.due == today else DIM
