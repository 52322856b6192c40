"""What the tools propose for a day."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.entry import duration
from valuelog.model.period import spelled
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import column, fit, line, spread
from valuelog.render.words import plural
from valuelog.workflows.gather import Gathered

SOURCE = 12
"""So many columns the name of a source has."""


def lines(found: Gathered, width: int) -> Iterator[Text]:
    """Show each draft with its source and how long it took, and how it gets into the journal."""
    if not found.asked:
        yield Text("No tool is asked yet.")
        yield line(("Say where your repositories are  ", DIM), ("valuelog config set sources.git.paths ~/code", STRONG))
        yield line(("What else can be asked           ", DIM), ("valuelog config", STRONG))
        return
    if not found.drafts:
        yield Text(f"{spelled(found.day)}: your tools saw nothing that you have not seen yet.", DIM)
        return
    yield spread(Text(spelled(found.day), STRONG), Text(plural(len(found.drafts), "draft"), DIM), width)
    for draft in found.drafts:
        length = f"  {duration(draft.minutes)}" if draft.minutes else ""
        said = fit(draft.text, width - 2 - SOURCE - len(length))
        yield line("  ", (column(draft.source, SOURCE), DIM), said, (length, DIM))
    now = found.day == found.today
    yield Text("")
    yield line(("Choose among them  ", DIM), ("valuelog today" + f" --date {found.day}" * (not now), STRONG))
    yield line(("Take all of them   ", DIM), ("valuelog gather" + f" {found.day}" * (not now) + " --accept", STRONG))
