"""A review: your sentences, what came of what you follow, one chart, what to do; the score and the verdict are last."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from valuelog.analysis.projects import EndedProject
from valuelog.analysis.review import Review, split_review
from valuelog.analysis.trend import Verdict
from valuelog.model.entry import Entry, Kind, format_minutes
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import SHORT_MONTHS, Period, Unit, format_day, format_period, format_weekday
from valuelog.model.project import ProjectState
from valuelog.model.promise import Promise
from valuelog.model.tally import Tally
from valuelog.model.text import first_line
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import (
    BAR,
    COLUMN_GAP,
    MIN_TEXT_WIDTH,
    justify,
    render_advice,
    render_id,
    wrap_figures,
)
from valuelog.render.terminal.sentences import CLAIMED_SIGN, PROVEN_SIGN, render_sentences
from valuelog.render.terminal.tables import (
    EntityRow,
    cell,
    create_table,
    entity_table,
    fixed_column,
    has_room,
    number_column,
    text_column,
    wrapped_cell,
)
from valuelog.render.words import (
    NO_ENTRIES,
    NO_WORK_OR_VALUE,
    TOO_FEW_ENTRIES,
    format_balance,
    format_count,
    format_coverage,
    format_ending,
    format_failure,
    format_felt,
    format_labelled_promise,
    format_minutes_share,
    format_raised,
    format_review_verdict,
    format_share_with_interval,
    summarize_value,
)

T = TypeVar("T")

LABEL_WIDTH = 10
"""Columns of the name of a day."""

BLOCK_LABEL_WIDTH = 12
"""Columns of the name of a block."""

MIN_WIDTH_FOR_BARS = 36
"""Width at which the numbers of days or weeks get bars."""

CHART_GAP = 6
"""Columns between the bars of work and the marks of value."""

MIN_BLOCK_WIDTH = 26
"""Columns that a block needs beside its label."""

OPEN_INDENT = 2
"""How far what is still open is indented below its heading."""

MAX_ITEMS = 5
"""How many items of a kind are shown of a period longer than a week, and how many open ones of any period."""


def lines(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield a whole review; without a chart if there are too few entries."""
    yield from _review(review, width, with_numbers=False)


def lines_with_numbers(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield a whole review with tables of its numbers."""
    yield from _review(review, width, with_numbers=True)


def closing_lines(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield what is repeated after a pager: the findings and the total."""
    yield from _findings(review, width)
    yield from _total(review, width)


def _review(review: Review, width: int, *, with_numbers: bool) -> Iterator[RenderableType]:
    yield justify(Text(format_period(review.period), STRONG), Text(format_coverage(review.coverage), DIM), width)
    yield from _former_value(review)
    yield Text("")
    yield from render_sentences(review, width)
    yield from _blocks(review, width)
    if review.score.has_enough_entries:
        yield _chart(review, width)
        yield Text("")
    if with_numbers:
        from valuelog.render.terminal.review_numbers import render_numbers  # noqa: PLC0415  only with --numbers

        yield from render_numbers(review, width)
    yield from _findings(review, width)
    yield from _total(review, width)


def _former_value(review: Review) -> Iterator[Text]:
    """Say once what changed in the counting since the version that made the journal."""
    if not review.former_value:
        return
    insights, entries = review.former_value
    count = format_count(insights, "insight")
    yield Text(
        f"New: insights no longer count as value. You have {count} in {format_count(entries, 'entry', 'entries')}."
    )


# What came of what you follow


def _blocks(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield what ended, what is still open, what was learned and noticed, and of a small review the work."""
    room = _block_room(width)
    dropped = _pains(review, PainState.DROPPED, room)
    shown = [
        *_block("Closed", _ended_projects(review, ProjectState.CLOSED), width),
        *_block("Dropped", [*_ended_projects(review, ProjectState.DROPPED), *dropped], width),
        *_block("Kept", _promises(review.kept_promises, review, room), width),
        *_block("Not kept", _promises(review.broken_promises, review, room), width),
        *_block("Fixed", _pains(review, PainState.FIXED, room), width),
        *_block("Not held", _failed(review), width),
        *_still_open(review, width),
        *_block("Learned", _learned(review), width),
        *_block("Noticed", _noticed(review, room), width),
        *_block("Next level", _level_answers(review), width),
    ]
    if not review.score.has_enough_entries:
        shown += _block("Work", _work(review, room), width)
    yield from shown
    if shown:
        yield Text("")


def _block_room(width: int) -> int:
    """Return the width of a block beside its label, or of the whole line if that leaves too little."""
    room = width - BLOCK_LABEL_WIDTH
    return room if room >= MIN_BLOCK_WIDTH else width


def _block(label: str, content: Iterable[RenderableType], width: int) -> Iterator[RenderableType]:
    """Yield content beside its label, or below it if the terminal is narrow."""
    shown = Group(*content)
    if not shown.renderables:
        return
    if _block_room(width) == width:
        yield Text(label, DIM)
        yield shown
        return
    table = create_table(fixed_column(width=BLOCK_LABEL_WIDTH - COLUMN_GAP), text_column())
    table.add_row(Text(label, DIM), shown)
    yield table


def _with_fact(text: str, fact: Text, width: int) -> RenderableType:
    """Return a text that is wrapped beside a fact to its right, or above it if the terminal is narrow."""
    if not has_room([(fact,)], width):
        return Group(wrapped_cell(text), fact)
    table = create_table(text_column(), number_column())
    table.add_row(wrapped_cell(text), fact)
    return table


def _latest(items: Sequence[T], review: Review) -> Sequence[T]:
    """Return all items of a week, and the latest MAX_ITEMS of a longer period."""
    return items if review.is_short else items[-MAX_ITEMS:]


def _more(items: Sequence[object], review: Review, command: str) -> Iterator[Text]:
    """Say how many more items there are than are shown, and how to list them."""
    if more := len(items) - len(_latest(items, review)):
        yield Text(f"and {more} more: {command}", DIM, overflow="fold")


def _ended_projects(review: Review, state: ProjectState) -> Iterator[RenderableType]:
    for each in review.ended_projects:
        if each.project.state is state:
            yield wrapped_cell(f"+{each.project.slug}  {format_ending(each)}")
            yield from _lesson(each)


def _lesson(ended: EndedProject) -> Iterator[Text]:
    if lesson := ended.project.lesson:
        yield wrapped_cell(f"learned: {lesson}", DIM)


def _promises(promises: Sequence[Promise], review: Review, width: int) -> Iterator[RenderableType]:
    """Yield promises that were kept or broken, each with the day."""
    for promise in _latest(promises, review):
        day = format_day(promise.closed_on, review.today) if promise.closed_on else ""
        yield _with_fact(format_labelled_promise(promise), Text(day, DIM), width)
    yield from _more(promises, review, "valuelog promise list --all")


def _pains(review: Review, state: PainState, width: int) -> Iterator[RenderableType]:
    """Yield the pain points that were fixed or dropped, and how."""
    closed = [pain for pain in review.closed_pains if pain.state is state]
    for pain in _latest(closed, review):
        yield _with_fact(pain.headline, Text(format_felt(pain, review.today), DIM), width)
        if pain.how:
            yield wrapped_cell(f"{'how' if state is PainState.FIXED else 'why'}: {pain.how}", DIM)
    yield from _more(closed, review, "valuelog pain list --all")


def _failed(review: Review) -> Iterator[Text]:
    """Yield the results that didn't hold."""
    for entry in _latest(review.failed, review):
        yield wrapped_cell(f"{entry.headline}  {format_failure(entry)}")
    yield from _more(review.failed, review, f"valuelog list --side neither {review.period.name}")


def _learned(review: Review) -> Iterator[Text]:
    """Yield what was learned; the lessons of projects are shown with them."""
    learned = [entry for entry in review.entries if entry.kind is Kind.LEARNED]
    for entry in _latest(learned, review):
        yield wrapped_cell(entry.headline)
    yield from _more(learned, review, f"valuelog list --kind learned {review.period.name}")


def _noticed(review: Review, width: int) -> Iterator[RenderableType]:
    for entry in _latest(review.noticed, review):
        yield _with_fact(entry.headline, Text(format_raised(entry), DIM), width)
    yield from _more(review.noticed, review, f"valuelog list --kind insight {review.period.name}")


def _level_answers(review: Review) -> Iterator[Text]:
    """Yield the answers about the next level, this week's last."""
    yield from (wrapped_cell(first_line(each.answer)) for each in review.level_answers)


def _work(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield the work of a small review, which has no chart of it."""
    for entry in review.entries:
        if entry.kind is Kind.ACTIVITY:
            yield _with_fact(entry.headline, Text(_time_and_day(entry, review), DIM), width)


def _time_and_day(entry: Entry, review: Review) -> str:
    time = f"{format_minutes(entry.minutes)} · " if entry.minutes else ""
    return time + (format_weekday(entry.day) if review.is_short else format_day(entry.day, review.today))


# What is still open


def _still_open(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield open pain points, stalled projects and open promises below a heading."""
    rows = [*_open_pains(review), *_stalled_projects(review), *_open_promises(review)]
    if not rows:
        return
    yield Text("Still open", DIM)
    yield Padding(entity_table(rows, width - OPEN_INDENT, MIN_TEXT_WIDTH), (0, 0, 0, OPEN_INDENT))


def _open_pains(review: Review) -> Iterator[EntityRow]:
    for pain in review.open_pains[:MAX_ITEMS]:
        fact = Text(format_felt(pain, review.today), ATTENTION if _needs_step(pain) else DIM)
        yield EntityRow(render_id(pain.id, review.prefix_lengths[pain.id]), (wrapped_cell(pain.headline),), fact)


def _needs_step(pain: PainPoint) -> bool:
    return pain.days_seen > 1 and not pain.step


def _stalled_projects(review: Review) -> Iterator[EntityRow]:
    for activity in review.stalled_projects[:MAX_ITEMS]:
        fact = Text(activity.summary(review.today, with_time=True), ATTENTION)
        yield EntityRow(Text(""), (wrapped_cell(f"+{activity.project.slug}"),), fact)


def _open_promises(review: Review) -> Iterator[EntityRow]:
    for promise in review.open_promises[:MAX_ITEMS]:
        name = render_id(promise.id, review.prefix_lengths[promise.id])
        yield EntityRow(name, (wrapped_cell(format_labelled_promise(promise)),), _due(promise, review))


def _due(promise: Promise, review: Review) -> Text:
    is_overdue = promise.due < review.today
    style = ATTENTION if promise.due <= review.today else DIM
    return Text(f"{'was due' if is_overdue else 'due'} {format_day(promise.due, review.today)}", style)


# The chart


def _chart(review: Review, width: int) -> Table:
    """Return work and value for each part of the period, as bars and signs if there is room for them."""
    parts = split_review(review)
    return _bar_table(parts, width) if width >= MIN_WIDTH_FOR_BARS else _count_table(parts)


def _bar_table(parts: Sequence[tuple[Period, Tally]], width: int) -> Table:
    """Return a block for each activity and a sign for each result, or fewer of both if there are too many."""
    most_work, most_value = (max(count) for count in zip(*((each.work, each.value) for _, each in parts), strict=True))
    room = width - LABEL_WIDTH - CHART_GAP - COLUMN_GAP - len(f" {most_work} {most_value}")
    scale = min(1.0, room / max(1, most_work + most_value))
    work_width = max(len("work"), _scale(most_work, scale) + len(f" {most_work}")) + CHART_GAP - COLUMN_GAP
    columns = fixed_column("work", work_width, f"not dim {WORK}"), fixed_column("value", None, f"not dim {VALUE}")
    table = create_table(fixed_column(width=LABEL_WIDTH - COLUMN_GAP), *columns)
    for part, tally in parts:
        table.add_row(_part_cell(part, tally), _work_bar(tally, scale), _value_signs(tally, scale))
    return table


def _scale(count: int, scale: float) -> int:
    """Return how many characters stand for a count: at least one unless it is 0."""
    return max(1, int(count * scale)) if count else 0


def _work_bar(tally: Tally, scale: float) -> Text:
    return Text.assemble((BAR * _scale(tally.work, scale), WORK), f" {tally.work}") if tally.work else Text()


def _value_signs(tally: Tally, scale: float) -> Text:
    """Return a sign for each result, the proven ones first, and their number."""
    length = _scale(tally.value, scale)
    proven = min(length, round(length * tally.proven / max(1, tally.value)))
    signs = PROVEN_SIGN * proven + CLAIMED_SIGN * (length - proven)
    return Text.assemble((signs, VALUE), f" {tally.value}") if tally.value else Text()


def _count_table(parts: Sequence[tuple[Period, Tally]]) -> Table:
    table = create_table(fixed_column(), number_column("work"), number_column("value"))
    for part, tally in parts:
        table.add_row(_part_cell(part, tally), cell(tally.work, WORK), cell(tally.value, VALUE))
    return table


def _part_cell(part: Period, tally: Tally) -> Text:
    return cell(_part_label(part), "" if tally.n else DIM)


def _part_label(part: Period) -> str:
    first = part.start
    match part.unit:
        case Unit.DAY:
            return format_weekday(first)
        case Unit.WEEK:
            return f"W{first.isocalendar().week:02}"
        case _:
            return f"{SHORT_MONTHS[first.month - 1]} {first.year}"


# What to do, and the total


def _findings(review: Review, width: int) -> Iterator[Text]:
    for finding in review.listed_findings:
        yield render_advice(finding.text, finding.command, width)
    if review.listed_findings:
        yield Text("")


def _total(review: Review, width: int) -> Iterator[Text]:
    """Yield the score and the verdict, or what to do without any entries."""
    if not review.score.n:
        yield from _no_entries(review)
        return
    if not review.score.has_enough_entries:
        yield from _small_total(review)
    for line in _pack_figures([*_total_parts(review)], width):
        yield from wrap_figures(line, width)


def _no_entries(review: Review) -> Iterator[Text]:
    yield Text(NO_WORK_OR_VALUE if review.entries else NO_ENTRIES)
    yield Text("")
    if review.today in review.period:
        yield Text.assemble(("Catch up on the last week  ", DIM), ("valuelog today --catch-up", STRONG))
    yield Text.assemble(("Or log one thing now       ", DIM), ("valuelog add improvement", STRONG))
    if review.is_first:
        yield Text.assemble(("See what a full one shows  ", DIM), ("valuelog demo", STRONG))


def _small_total(review: Review) -> Iterator[Text]:
    """Yield the value of a small review in one sentence."""
    if review.score.value:
        yield Text(summarize_value(review))
    else:
        yield Text("So far it was all work. What works better because of it?")
        yield Text("Turn an entry into value with: valuelog promote ID KIND")


def _total_parts(review: Review) -> Iterator[Text]:
    """Yield the figures of the last line: the score, the share, that of the minutes, and the verdict."""
    yield Text(format_balance(review.score), STRONG)
    if not review.score.has_enough_entries:
        unit = "period" if review.period.unit is Unit.SPAN else str(review.period.unit)
        yield Text(TOO_FEW_ENTRIES + (f"; next {unit} is compared with this one" if review.is_first else ""))
        return
    yield Text(format_share_with_interval(review.score), STRONG)
    if minutes := review.score.minutes:
        yield Text(format_minutes_share(minutes))
    style = ATTENTION if review.trend.comparison.verdict is Verdict.FALLING else ""
    yield Text(format_review_verdict(review.trend), style)


def _pack_figures(parts: Sequence[Text], width: int) -> Iterator[Text]:
    """Join as many figures on each line as fit."""
    line, *others = parts
    for part in others:
        joined = Text.assemble(line, " · ", part)
        if joined.cell_len <= width:
            line = joined
        else:
            yield line
            line = part
    yield line
