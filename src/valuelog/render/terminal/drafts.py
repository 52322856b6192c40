"""What the tools propose for a day."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from valuelog.model.draft import Draft
from valuelog.model.period import format_full_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import GAP, LEAST_ROOM, column, fit, line, spread
from valuelog.render.words import plural
from valuelog.workflows.gather import GatherResult

SOURCE = 10
"""So many columns the name of a source has at least."""


def lines(found: GatherResult, width: int) -> Iterator[Text]:
    """Show each draft with its source and how long it took, and how it gets into the journal."""
    if not found.source_count:
        yield Text("No tool is asked yet.")
        yield line(("Say where your repositories are  ", DIM), ("valuelog config set sources.git.paths ~/code", STRONG))
        yield line(("What else can be asked           ", DIM), ("valuelog config", STRONG))
        return
    if not found.drafts:
        yield Text(f"{format_full_day(found.day)}: your tools saw nothing that you have not seen yet.", DIM)
        return
    yield spread(Text(format_full_day(found.day), STRONG), Text(plural(len(found.drafts), "draft"), DIM), width)
    wide = max(SOURCE, *(cell_len(draft.source) for draft in found.drafts)) + GAP
    yield from (_one(draft, wide, width) for draft in found.drafts)
    now = found.day == found.today
    yield Text("")
    yield line(("Choose among them  ", DIM), ("valuelog today" + f" --date {found.day}" * (not now), STRONG))
    yield line(("Take all of them   ", DIM), ("valuelog gather" + f" {found.day}" * (not now) + " --accept", STRONG))


def _one(draft: Draft, wide: int, width: int) -> Text:
    facts = fit(draft.details, max(0, width - GAP - wide - LEAST_ROOM))
    said = fit(draft.headline, width - GAP - wide - cell_len(facts))
    return line(" " * GAP, (column(draft.source, wide), DIM), said, (facts, DIM))
