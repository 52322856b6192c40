"""What the tools propose for a day."""

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
"""So many columns the name of a source has at least."""


def lines(result: GatherResult, width: int) -> Iterator[Text]:
    """Show each draft with its source and how long it took, and how it gets into the journal."""
    if not result.source_count:
        yield Text("No tool is asked yet.")
        yield join_line(
            ("Say where your repositories are  ", DIM), ("valuelog config set sources.git.paths ~/code", STRONG)
        )
        yield join_line(("What else can be asked           ", DIM), ("valuelog config", STRONG))
        return
    if not result.drafts:
        yield Text(f"{format_full_day(result.day)}: your tools saw nothing that you have not seen yet.", DIM)
        return
    yield justify(
        Text(format_full_day(result.day), STRONG), Text(format_count(len(result.drafts), "draft"), DIM), width
    )
    wide = max(MIN_SOURCE_WIDTH, *(cell_len(draft.source) for draft in result.drafts)) + COLUMN_GAP
    yield from (_draft_line(draft, wide, width) for draft in result.drafts)
    now = result.day == result.today
    yield Text("")
    yield join_line(("Choose among them  ", DIM), ("valuelog today" + f" --date {result.day}" * (not now), STRONG))
    yield join_line(
        ("Take all of them   ", DIM), ("valuelog gather" + f" {result.day}" * (not now) + " --accept", STRONG)
    )


def _draft_line(draft: Draft, source_width: int, width: int) -> Text:
    facts = truncate(draft.details, max(0, width - COLUMN_GAP - source_width - MIN_TEXT_WIDTH))
    said = truncate(draft.headline, width - COLUMN_GAP - source_width - cell_len(facts))
    return join_line(" " * COLUMN_GAP, (pad_column(draft.source, source_width), DIM), said, (facts, DIM))
