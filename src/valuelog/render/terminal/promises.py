"""The list of promises, the next due first."""

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
"""The sign before a settled promise."""


def lines(promise_list: PromiseList, width: int) -> Iterator[Text]:
    """Show each promise with its due day, or its state."""
    if not promise_list.promises:
        yield join_line(("No open promises. Make one with: ", DIM), ('valuelog promise make stop "…" --by fri', STRONG))
        return
    for promise in promise_list.promises:
        yield from promise_lines(promise, promise_list.prefix_lengths, promise_list.today, width, is_wrapped=True)
    count = sum(promise.is_open for promise in promise_list.promises)
    yield Text(f"\n{format_count(count, 'open promise')}", DIM)


def promise_lines(
    promise: Promise, prefix_lengths: Mapping[str, int], today: date, width: int, *, is_wrapped: bool = False
) -> Iterator[Text]:
    """Show a promise with its facts beside it; a long text is wrapped if `is_wrapped`, else cut."""
    shown = render_id(promise.id, prefix_lengths[promise.id])
    text = f"{STATE_SIGNS.get(promise.state, '')} {format_promise(promise)}".strip()
    facts = Text.assemble(*_facts(promise, prefix_lengths, today))
    head = join_line(shown, id_padding(shown, 6))
    yield from render_with_facts(head, text, facts, width, style="" if promise.is_open else DIM, is_wrapped=is_wrapped)


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
