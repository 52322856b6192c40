"""Drafts of a day, for `gather`."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from valuelog.model.draft import Draft
from valuelog.model.period import format_full_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import COLUMN_GAP, MIN_TEXT_WIDTH, join_line, justify, pad_column, truncate
from valuelog.render.words import format_count
from valuelog.workflows.gather import GatherResult

MIN_SOURCE_WIDTH = 10


def lines(result: GatherResult, width: int) -> Iterator[Text]:
    """Yield a line per draft with its source and details, then how to accept them."""
    if not result.source_count:
        yield Text("No tools connected yet.")
        yield join_line(("Connect git   ", DIM), ("valuelog config set sources.git.paths ~/code", STRONG))
        yield join_line(("All settings  ", DIM), ("valuelog config", STRONG))
        return
    if not result.drafts:
        yield Text(f"{format_full_day(result.day)}: nothing new from your tools.", DIM)
        return
    yield justify(
        Text(format_full_day(result.day), STRONG), Text(format_count(len(result.drafts), "draft"), DIM), width
    )
    source_width = max(MIN_SOURCE_WIDTH, *(cell_len(draft.source) for draft in result.drafts)) + COLUMN_GAP
    yield from (_draft_line(draft, source_width, width) for draft in result.drafts)
    is_today = result.day == result.today
    yield Text("")
    yield join_line(("Pick        ", DIM), ("valuelog today" + ("" if is_today else f" --date {result.day}"), STRONG))
    yield join_line(("Accept all  ", DIM), (f"valuelog gather {'' if is_today else f'{result.day} '}--accept", STRONG))


def _draft_line(draft: Draft, source_width: int, width: int) -> Text:
    details = truncate(draft.details, max(0, width - COLUMN_GAP - source_width - MIN_TEXT_WIDTH))
    headline = truncate(draft.headline, width - COLUMN_GAP - source_width - cell_len(details))
    return join_line(" " * COLUMN_GAP, (pad_column(draft.source, source_width), DIM), headline, (details, DIM))
