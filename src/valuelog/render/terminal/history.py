"""What was changed, the newest last."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import short
from valuelog.render.changed import ACTS
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import column, fit, line
from valuelog.workflows.past import Past

ACT = 24
MOMENT = 24


def lines(past: Past, width: int) -> Iterator[Text]:
    """Show each batch on a line: when, what was done, what it was about."""
    if not past.batches:
        yield Text("Nothing was changed yet.", DIM)
    for batch, touched in past.batches:
        at = batch.at.astimezone(past.now.tzinfo)
        moment = column(f"{short(at.date(), past.now.date())}, {at:%H:%M}", MOMENT)
        others = max(len(touched), batch.count if batch.count > len(batch.changes) else 0) - 1
        more = f" and {others:,} more" if others > 0 else ""
        undone = "  undone" if batch.undone else ""
        about = fit(touched[0] if touched else "", max(10, width - MOMENT - ACT - len(more) - len(undone)))
        style = DIM if batch.undone else ""
        yield line(
            (moment, DIM), (column(ACTS.get(batch.act, batch.act), ACT), style), (about + more, style), (undone, DIM)
        )
