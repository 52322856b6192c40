"""The list of promises, the next due first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_day
from valuelog.model.promise import Promise, PromiseState
from valuelog.model.recurrence import format_recurrence
from valuelog.model.text import format_times
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE
from valuelog.render.terminal.layout import render_id
from valuelog.render.terminal.tables import EntityRow, cell, entity_table, wrapped_cell
from valuelog.render.words import format_count, format_promise
from valuelog.workflows.promises import PromiseList

STATE_SIGNS = {PromiseState.KEPT: "✓", PromiseState.BROKEN: "✗", PromiseState.DROPPED: "–"}
"""The sign before a settled promise."""


def lines(promise_list: PromiseList, width: int) -> Iterator[Text | Table]:
    """Yield a row for each promise with its due day or its state, and their count."""
    if not promise_list.promises:
        yield Text.assemble(
            ("No open promises. Make one with: ", DIM), ('valuelog promise make stop "…" --by fri', STRONG)
        )
        return
    yield promise_table(
        promise_list.promises, promise_list.prefix_lengths, promise_list.today, width, make_cell=wrapped_cell
    )
    count = sum(promise.is_open for promise in promise_list.promises)
    yield Text(f"\n{format_count(count, 'open promise')}", DIM)


def promise_table(
    promises: Iterable[Promise],
    prefix_lengths: Mapping[str, int],
    today: date,
    width: int,
    *,
    make_cell: Callable[[str, str], Text] = cell,
) -> Table:
    """Return a table of promises; their texts are truncated unless `make_cell` wraps them."""
    rows = [
        EntityRow(
            render_id(promise.id, prefix_lengths[promise.id]),
            (make_cell(_text(promise), "" if promise.is_open else DIM),),
            Text.assemble(*_facts(promise, prefix_lengths, today)),
        )
        for promise in promises
    ]
    return entity_table(rows, width)


def _text(promise: Promise) -> str:
    return f"{STATE_SIGNS.get(promise.state, '')} {format_promise(promise)}".strip()


def _facts(promise: Promise, prefix_lengths: Mapping[str, int], today: date) -> Iterator[tuple[str, str]]:
    if promise.pain and promise.pain in prefix_lengths:
        yield f"for {promise.pain[: prefix_lengths[promise.pain]]} · ", DIM
    if promise.every:
        yield f"{format_recurrence(promise.every)} · ", DIM
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
