"""The readings of the measure of a project, and their numbers as a sparkline."""

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_day
from valuelog.model.project import Measurement
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import spark_character
from valuelog.render.terminal.tables import create_table, fixed_column, text_column, wrapped_cell
from valuelog.workflows.projects import Readings

MAX_SPARKS = 30
"""How many of the latest numbers a sparkline shows."""


def lines(readings: Readings, width: int) -> Iterator[Text | Table]:
    """Yield a row for each reading, then the sparkline."""
    del width
    if not readings.measurements:
        command = f'valuelog project measure {escape_line(readings.project.slug)} "…"'
        yield Text.assemble(("No readings yet. Note one with: ", DIM), (command, STRONG))
        return
    table = create_table(fixed_column(), text_column())
    for each in readings.measurements:
        table.add_row(Text(format_day(each.day, readings.today), DIM), wrapped_cell(each.value))
    yield table
    if sparkline := draw_sparkline(readings.measurements):
        yield Text(f"\n{sparkline}  {_format_range(readings.measurements)}")


def summarize_readings(measurements: Sequence[Measurement]) -> Text:
    """Return the sparkline, and the first reading and the last."""
    return Text("  ".join(filter(None, (draw_sparkline(measurements), _format_range(measurements)))), overflow="fold")


def draw_sparkline(measurements: Sequence[Measurement]) -> str:
    """Draw the numbers of the latest readings, the lowest as the lowest bar; nothing for fewer than two."""
    numbers = [each.number for each in measurements if each.number is not None][-MAX_SPARKS:]
    if len(numbers) < 2:  # noqa: PLR2004  a line needs two points
        return ""
    low, high = min(numbers), max(numbers)
    return "".join(spark_character((number - low) / (high - low) if high > low else 0.5) for number in numbers)


def _format_range(measurements: Sequence[Measurement]) -> str:
    values = dict.fromkeys(escape_line(each.value) for each in (measurements[0], measurements[-1]))
    return " → ".join(values)
