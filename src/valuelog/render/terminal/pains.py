"""The list of pain points, most pressing first."""

from collections.abc import Iterator
from datetime import date, timedelta

from rich.text import Text

from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day, week_of
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.layout import (
    SPARK_CHARACTERS,
    id_padding,
    join_line,
    render_id,
    render_with_facts,
    truncate,
)
from valuelog.render.words import format_count, format_pain_status, format_sightings
from valuelog.workflows.lookup import PainList

SPARKLINE_WEEKS = 12
"""How many weeks of sightings the sparkline shows, the current one last."""

INDENT = 6


def lines(pain_list: PainList, width: int) -> Iterator[Text]:
    """Show each pain point with a sparkline of its sightings, its age and its step."""
    if not pain_list.pains:
        yield Text("No open pain points. Log one with: valuelog pain add", DIM)
        return
    for pain in pain_list.pains:
        yield from _head(pain, pain_list, width)
        yield from _below(pain, pain_list.today, width)
    yield Text(f"\n{format_count(pain_list.open_count, 'open pain point')}", DIM)
    shown = sum(pain.is_open for pain in pain_list.pains)
    if pain_list.open_count > shown:
        yield join_line(
            (f"Showing the {shown} most pressing. All of them: ", DIM), (_list_all_command(pain_list), STRONG)
        )


def _list_all_command(pain_list: PainList) -> str:
    return f"valuelog pain list -n {pain_list.open_count}"


def _head(pain: PainPoint, pain_list: PainList, width: int) -> Iterator[Text]:
    weeks = Text(sparkline(pain, pain_list.today), ATTENTION)
    return render_with_facts(_id_column(pain, pain_list.prefix_lengths[pain.id]), pain.headline, weeks, width)


def _id_column(pain: PainPoint, prefix_length: int) -> Text:
    shown = render_id(pain.id, prefix_length)
    return join_line(shown, id_padding(shown, INDENT))


def _below(pain: PainPoint, today: date, width: int) -> Iterator[Text]:
    room = max(12, width - INDENT)
    yield join_line(" " * INDENT, (truncate(" · ".join(_facts(pain, today)), room), DIM))
    if not pain.is_open:
        how = f": {pain.how.partition(chr(10))[0]}" if pain.how else ""
        yield join_line(" " * INDENT, truncate(f"{format_pain_status(pain, today)}{how}", room))
        return
    if pain.step:
        by = f" by {format_day(pain.step_by, today)}" if pain.step_by else ""
        yield join_line(" " * INDENT, truncate(f"step{by}: {pain.step.partition(chr(10))[0]}", room))


def _facts(pain: PainPoint, today: date) -> Iterator[str]:
    yield format_sightings(pain, today)
    if pain.hit:
        yield f"affects {pain.hit.partition(chr(10))[0]}"


def sparkline(pain: PainPoint, today: date) -> str:
    """Draw the days seen in each of the last SPARKLINE_WEEKS, one character a week; a space is none."""
    monday = week_of(today).start
    days = {sighting.day for sighting in pain.sightings}
    counts = [
        sum(monday - timedelta(weeks=back) <= day < monday - timedelta(weeks=back - 1) for day in days)
        for back in reversed(range(SPARKLINE_WEEKS))
    ]
    return "".join(SPARK_CHARACTERS[min(len(SPARK_CHARACTERS), 2 * count) - 1] if count else " " for count in counts)


def pain_lines(pain: PainPoint, prefix_length: int, today: date, width: int) -> Iterator[Text]:
    """Show a pain point on one line, or on two if the terminal is narrow."""
    facts = Text(f"seen {pain.times_seen}, {format_pain_status(pain, today)}", DIM)
    yield from render_with_facts(_id_column(pain, prefix_length), pain.headline, facts, width)
