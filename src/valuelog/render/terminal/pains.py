"""The list of pain points, most pressing first."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from rich.table import Table
from rich.text import Text

from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day, week_of
from valuelog.model.text import truncate_line
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.layout import SPARK_CHARACTERS, render_id
from valuelog.render.terminal.tables import (
    MAX_DETAIL_LENGTH,
    MIN_DETAIL_WIDTH,
    EntityRow,
    cell,
    entity_table,
    wrapped_cell,
)
from valuelog.render.words import format_count, format_pain_status, format_sightings
from valuelog.workflows.lookup import PainList

SPARKLINE_WEEKS = 12
"""How many weeks of sightings the sparkline shows, the current one last."""


def lines(pain_list: PainList, width: int) -> Iterator[Text | Table]:
    """Yield a row for each pain point with a sparkline of its sightings, then how many are open."""
    if not pain_list.pains:
        whose = f" that mention @{pain_list.person}" if pain_list.person else ""
        yield Text(f"No open pain points{whose}. Log one with: valuelog pain add", DIM)
        return
    yield entity_table([_row(pain, pain_list) for pain in pain_list.pains], width, MIN_DETAIL_WIDTH)
    yield Text(f"\n{format_count(pain_list.open_count, 'open pain point')}", DIM)
    shown = sum(pain.is_open for pain in pain_list.pains)
    if pain_list.open_count > shown:
        yield Text.assemble(
            (f"Showing the {shown} most pressing. All of them: ", DIM), (_list_all_command(pain_list), STRONG)
        )


def _list_all_command(pain_list: PainList) -> str:
    person = f" --person {pain_list.person}" if pain_list.person else ""
    return f"valuelog pain list -n {pain_list.open_count}{person}"


def _row(pain: PainPoint, pain_list: PainList) -> EntityRow:
    details = [_facts(pain, pain_list.today), *_latest(pain, pain_list.today)]
    return EntityRow(
        render_id(pain.id, pain_list.prefix_lengths[pain.id]),
        (cell(pain.headline), *details),
        Text(sparkline(pain, pain_list.today), ATTENTION, justify="left"),
    )


def _facts(pain: PainPoint, today: date) -> Text:
    affects = f" · affects {truncate_line(pain.hit, MAX_DETAIL_LENGTH)}" if pain.hit else ""
    return wrapped_cell(f"{format_sightings(pain, today)}{affects}", DIM)


def _latest(pain: PainPoint, today: date) -> Iterator[Text]:
    """Yield the step of an open pain point, or how a closed one ended."""
    if not pain.is_open:
        how = f": {truncate_line(pain.how, MAX_DETAIL_LENGTH)}" if pain.how else ""
        yield wrapped_cell(f"{format_pain_status(pain, today)}{how}")
    elif pain.step:
        by = f" by {format_day(pain.step_by, today)}" if pain.step_by else ""
        yield wrapped_cell(f"step{by}: {truncate_line(pain.step, MAX_DETAIL_LENGTH)}")


def sparkline(pain: PainPoint, today: date) -> str:
    """Draw the days seen in each of the last SPARKLINE_WEEKS, one character a week; a space is none."""
    monday = week_of(today).start
    days = {sighting.day for sighting in pain.sightings}
    counts = [
        sum(monday - timedelta(weeks=back) <= day < monday - timedelta(weeks=back - 1) for day in days)
        for back in reversed(range(SPARKLINE_WEEKS))
    ]
    return "".join(SPARK_CHARACTERS[min(len(SPARK_CHARACTERS), 2 * count) - 1] if count else " " for count in counts)


def pain_table(pains: Iterable[PainPoint], prefix_lengths: Mapping[str, int], today: date, width: int) -> Table:
    """Return a table of pain points with how often each was seen and the latest about it."""
    rows = [
        EntityRow(
            render_id(pain.id, prefix_lengths[pain.id]),
            (cell(pain.headline),),
            Text(f"seen {pain.times_seen}, {format_pain_status(pain, today)}", DIM),
        )
        for pain in pains
    ]
    return entity_table(rows, width)
