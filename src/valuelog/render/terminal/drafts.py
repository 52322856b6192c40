"""Drafts of a day, for `gather`."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Column
from rich.text import Text

from valuelog.model.draft import Draft
from valuelog.model.period import format_full_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import COLUMN_GAP, justify, truncate
from valuelog.render.terminal.tables import cell, create_table, fixed_column, text_column
from valuelog.render.words import format_count
from valuelog.workflows.gather import GatherResult

MIN_SOURCE_WIDTH = 10
"""Aligns short names of sources with the commands below."""

MIN_WIDTH_FOR_DETAILS = 60
"""Width at which the details get a column of their own."""


def lines(result: GatherResult, width: int) -> Iterator[RenderableType]:
    """Yield a row for each draft with its source and details, then how to accept them."""
    if not result.source_count:
        yield Text("No tools connected yet.")
        yield Text.assemble(("Connect git   ", DIM), ("valuelog config set sources.git.paths ~/code", STRONG))
        yield Text.assemble(("All settings  ", DIM), ("valuelog config", STRONG))
        return
    if not result.drafts:
        yield Text(f"{format_full_day(result.day)}: nothing new from your tools.", DIM)
        return
    yield justify(
        Text(format_full_day(result.day), STRONG), Text(format_count(len(result.drafts), "draft"), DIM), width
    )
    yield _draft_table(result.drafts, width)
    is_today = result.day == result.today
    yield Text("")
    yield Text.assemble(
        ("Pick        ", DIM), ("valuelog today" + ("" if is_today else f" --date {result.day}"), STRONG)
    )
    yield Text.assemble(
        ("Accept all  ", DIM), (f"valuelog gather {'' if is_today else f'{result.day} '}--accept", STRONG)
    )


def _draft_table(drafts: Sequence[Draft], width: int) -> Padding:
    """Return an indented table with the details in a column, or below the text if the terminal is narrow."""
    is_wide = width >= MIN_WIDTH_FOR_DETAILS
    sources = Column(no_wrap=True, min_width=MIN_SOURCE_WIDTH)
    table = create_table(sources, *([Column(), fixed_column()] if is_wide else [text_column()]))
    for draft in drafts:
        source, headline = cell(draft.source, DIM), cell(draft.headline)
        details = cell(truncate(draft.details.removeprefix(" · "), width // 3), DIM)
        if is_wide:
            table.add_row(source, headline, details)
        else:
            table.add_row(source, Group(headline, *filter(None, [details])))
    return Padding(table, (0, 0, 0, COLUMN_GAP))
