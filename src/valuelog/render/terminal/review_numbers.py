"""The numbers of a review: each kind against the usual, the shares of the last weeks, people, coverage and habit."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from valuelog.analysis.review import Review
from valuelog.model.entry import VALUE_KINDS, Entry, Kind, Side
from valuelog.model.period import Unit
from valuelog.model.trade import trade_words
from valuelog.render.style import DIM, VALUE, WORK
from valuelog.render.terminal.tables import cell, create_table, fixed_column, label_table, number_column, text_column
from valuelog.render.terminal.trend import render_strip
from valuelog.render.words import (
    format_count,
    format_coverage,
    format_percent,
    format_proven,
)

MIN_WIDTH_FOR_NOTES = 78
"""Width at which the notes get a column beside the kinds."""

NOTE_INDENT = 2
"""How far a note below its kind is indented."""

MIN_WIDTH_FOR_USUAL = 28
"""Width at which the usual numbers are shown beside the current ones."""

LABEL_WIDTH = 10


def render_numbers(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield the tables, and shares only if there are enough entries for them."""
    if review.score.n:
        yield _kinds(review, width)
        yield Text("")
    if not review.is_first:
        yield from render_strip(review.trend.scores, width)
        yield Text("")
    yield label_table(_habit_rows(review), width, LABEL_WIDTH)
    yield Text("")


def _habit_rows(review: Review) -> Iterator[tuple[str, Text]]:
    if review.people:
        yield "people", Text(_format_people(review))
    yield "coverage", Text(format_coverage(review.coverage))
    streak = f" · {format_count(review.habit.streak, 'day')} in a row" if review.habit.streak else ""
    yield "habit", Text(f"{format_percent(review.habit.strength)}{streak}")


def _format_people(review: Review) -> str:
    return " · ".join(f"@{name} {count}" for name, count in review.people)


def _kinds(review: Review, width: int) -> Table:
    """Return the value by kind with a note, which is put below the kind if the terminal is narrow."""
    is_wide = width >= MIN_WIDTH_FOR_NOTES
    has_usual = bool(review.usual) and width >= MIN_WIDTH_FOR_USUAL
    label = "days" if review.period.unit is Unit.SPAN else str(review.period.unit)
    numbers = [number_column(label), *([number_column("usual")] if has_usual else [])]
    table = create_table(fixed_column(), *numbers, text_column()) if is_wide else create_table(text_column(), *numbers)
    for name, counts, note in _kind_rows(review, " · " if is_wide else "\n"):
        shown = counts[: len(numbers)]
        if is_wide:
            table.add_row(name, *shown, note)
        else:
            table.add_row(Group(*filter(None, [name]), Padding(note, (0, 0, 0, NOTE_INDENT))), *shown)
    return table


def _kind_rows(review: Review, separator: str) -> Iterator[tuple[Text, tuple[str, ...], Text]]:
    """Yield name, counts and note of each kind, then a note about evidence and helping."""
    for kind in VALUE_KINDS:
        count = review.tally[kind]
        usual = f"{review.usual[kind]:.1f}" if review.usual else ""
        yield cell(kind, VALUE if count else DIM), (str(count), usual), cell(_kind_note(review, kind), DIM)
    work = f"{review.usual[Kind.ACTIVITY]:.1f}" if review.usual else ""
    yield cell(Kind.ACTIVITY, WORK if review.tally.work else DIM), (str(review.tally.work), work), Text()
    if review.score.value and review.score.has_enough_entries:
        helping = f"helping {format_percent(review.score.helping_share)}, target 20 %"
        yield Text(), ("", ""), Text(f"◆ {format_proven(review.score)}{separator}{helping}", DIM)


def _kind_note(review: Review, kind: Kind) -> str:
    """Return what a kind was about: who was helped, the effects, or the first entry with evidence."""
    found = [entry for entry in review.entries if entry.kind is kind and entry.side is Side.VALUE]
    if kind is Kind.HELPED:
        return _format_people(review)
    if kind is Kind.IMPROVEMENT and any(entry.effects or entry.beneficiaries for entry in found):
        return _format_effects(found)
    best = sorted(found, key=lambda entry: (not entry.is_proven, -entry.impact_rank))
    return f"{best[0].headline}{' ◆' * bool(best[0].evidence)}" if best else ""


def _format_effects(entries: list[Entry]) -> str:
    words = trade_words()
    effects = Counter(each for entry in entries for each in entry.effects)
    beneficiaries = Counter(each for entry in entries for each in entry.beneficiaries)
    parts = [f"{words.effects.word(each)} {effects[each]}" for each in words.effects.sort(effects)]
    parts += (
        f"for {words.beneficiaries.word(each)} {beneficiaries[each]}"
        for each in words.beneficiaries.sort(beneficiaries)
    )
    return " · ".join(parts)
