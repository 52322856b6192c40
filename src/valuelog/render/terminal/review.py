"""A review: value against work, value by kind, the trend, what is open; the most important line is last."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from valuelog.analysis.review import Review, split_review
from valuelog.analysis.score import compute_score
from valuelog.analysis.trend import Verdict
from valuelog.model.entry import NEITHER_KINDS, VALUE_KINDS, Entry, Kind, Side
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import SHORT_MONTHS, Period, Unit, format_day, format_period, format_weekday
from valuelog.model.project import ProjectState
from valuelog.model.tally import Tally
from valuelog.model.text import first_line
from valuelog.model.trade import trade_words
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.entries import render_entry, render_kind
from valuelog.render.terminal.layout import BAR, COLUMN_GAP, justify, render_advice, wrap_figures
from valuelog.render.terminal.pains import pain_table
from valuelog.render.terminal.promises import promise_table
from valuelog.render.terminal.tables import (
    cell,
    create_table,
    fixed_column,
    has_room,
    number_column,
    text_column,
    wrapped_cell,
)
from valuelog.render.terminal.trend import render_strip
from valuelog.render.words import (
    NO_ENTRIES,
    NO_WORK_OR_VALUE,
    TOO_FEW_ENTRIES,
    format_balance,
    format_count,
    format_coverage,
    format_ending,
    format_failure,
    format_minutes_share,
    format_percent,
    format_share_with_interval,
    format_verdict,
    summarize_value,
)

LABEL_WIDTH = 10
"""Columns of the name of a day."""

BLOCK_LABEL_WIDTH = 12
"""Columns of the name of a block of follow-ups."""

LONG_LABEL_WIDTH = 12
"""Columns of the name of a day with its month."""

DAYS_PER_WEEK = 7

SHARE_WIDTH = 8
"""Columns of a share and the gap before it."""

MIN_WIDTH_FOR_BARS = 36
"""Width at which the numbers of days or weeks get bars."""

MIN_WIDTH_FOR_NOTES = 78
"""Width at which the notes get a column beside the kinds."""

NOTE_INDENT = 2
"""How far a note below its kind is indented."""

MIN_WIDTH_FOR_USUAL = 28
"""Width at which the usual numbers are shown beside the current ones."""

MIN_BLOCK_WIDTH = 26
"""Columns that a block of follow-ups needs beside its label."""

MAX_OPEN_ITEMS = 5


def lines(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield a whole review; with few entries their texts instead of numbers, without any what to do."""
    yield _heading(review, width)
    yield from _former_value(review)
    yield Text("")
    yield from _promised(review, width)
    if not review.score.n:
        yield from _open_items(review, width)
        yield from _findings(review, width)
        yield from _no_entries(review)
    elif not review.score.has_enough_entries:
        yield from _few_entries(review, width)
    else:
        yield _balance(review, width)
        yield Text("")
        yield _kinds(review, width)
        yield Text("")
        yield from _trend_strip(review, width)
        yield from _open_items(review, width)
        yield from _findings(review, width)
        yield from wrap_figures(_total_line(review), width)


def _heading(review: Review, width: int) -> Text:
    return justify(Text(format_period(review.period), STRONG), Text(format_coverage(review.coverage), DIM), width)


def _former_value(review: Review) -> Iterator[Text]:
    """Say once what changed in the counting since the version that made the journal."""
    if not review.former_value:
        return
    insights, entries = review.former_value
    count = format_count(insights, "insight")
    yield Text(
        f"New: insights no longer count as value. You have {count} in {format_count(entries, 'entry', 'entries')}."
    )


def _promised(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield the promises for this period, and the last answer about the next level."""
    answers = [each.answer for each in review.level_answers if each.period != review.period.name]
    if review.promises_due:
        room = _block_room(width)
        due = promise_table(review.promises_due, review.prefix_lengths, review.today, room)
        yield from _block("promised", [due], width)
    yield from _block("next level", [cell(first_line(answer)) for answer in answers], width)
    if review.promises_due or answers:
        yield Text("")


def _no_entries(review: Review) -> Iterator[Text]:
    yield Text(NO_WORK_OR_VALUE if review.entries else NO_ENTRIES)
    yield Text("")
    if review.today in review.period:
        yield Text.assemble(("Catch up on the last week  ", DIM), ("valuelog today --catch-up", STRONG))
    yield Text.assemble(("Or log one thing now       ", DIM), ("valuelog add improvement", STRONG))
    if review.is_first:
        yield Text.assemble(("See what a full one shows  ", DIM), ("valuelog demo", STRONG))


def _few_entries(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield the entries themselves and their value in a sentence: there are too few for numbers."""
    week = review.period.length <= DAYS_PER_WEEK
    label = LABEL_WIDTH if week else LONG_LABEL_WIDTH
    for entry in review.entries:
        if entry.kind in NEITHER_KINDS:  # listed below
            continue
        day = format_weekday(entry.day) if week else format_day(entry.day)
        yield from render_entry(Text.assemble((f"{day:<{label}}", DIM), render_kind(entry)), entry, width)
    yield Text("")
    yield from _open_items(review, width)
    yield from _findings(review, width)
    if review.score.value:
        yield Text(summarize_value(review))
    else:
        yield Text("So far it was all work. What works better because of it?")
        yield Text("Turn an entry into value with: valuelog promote ID KIND")
    unit = "period" if review.period.unit is Unit.SPAN else str(review.period.unit)
    later = f"; next {unit} is compared with this one" if review.is_first else ""
    yield from wrap_figures(Text.assemble(_balance_text(review), f" · {TOO_FEW_ENTRIES}{later}"), width)


def _balance(review: Review, width: int) -> Table:
    """Return work and value for each part of the period, as bars if there is room for them."""
    parts = split_review(review)
    return _bar_table(parts, width) if width >= MIN_WIDTH_FOR_BARS else _count_table(parts)


def _bar_table(parts: Sequence[tuple[Period, Tally]], width: int) -> Table:
    room = (width - LABEL_WIDTH - SHARE_WIDTH) // 2 - COLUMN_GAP
    most = max(max(tally.work, tally.value) for _, tally in parts)
    scale = min(1.0, (room - len(f" {most}")) / most)
    bars = (fixed_column(name, room, f"not dim {style}") for name, style in (("work", WORK), ("value", VALUE)))
    table = create_table(fixed_column(width=LABEL_WIDTH - COLUMN_GAP), *bars, number_column("share", ratio=1))
    for part, tally in parts:
        work, value = _bar(tally.work, scale, WORK), _bar(tally.value, scale, VALUE)
        table.add_row(_part_cell(part, tally), work, value, format_percent(compute_score(tally).share))
    return table


def _count_table(parts: Sequence[tuple[Period, Tally]]) -> Table:
    table = create_table(fixed_column(), number_column("work"), number_column("value"))
    for part, tally in parts:
        table.add_row(_part_cell(part, tally), cell(tally.work, WORK), cell(tally.value, VALUE))
    return table


def _part_cell(part: Period, tally: Tally) -> Text:
    return cell(_part_label(part), "" if tally.n else DIM)


def _bar(count: int, scale: float, style: str) -> Text:
    """Return a bar with its number; it is at least one column long unless the count is 0."""
    return Text.assemble((BAR * max(1, round(count * scale)), style), f" {count}") if count else Text()


def _part_label(part: Period) -> str:
    first = part.start
    match part.unit:
        case Unit.DAY:
            return format_weekday(first)
        case Unit.WEEK:
            return f"W{first.isocalendar().week:02}"
        case _:
            return f"{SHORT_MONTHS[first.month - 1]} {first.year}"


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
    if review.score.value:
        evidence = f"◆ {review.score.proven} of {review.score.value} proven"
        helping = f"helping {format_percent(review.score.helping_share)}, target 20 %"
        yield Text(), ("", ""), Text(f"{evidence}{separator}{helping}", DIM)


def _kind_note(review: Review, kind: Kind) -> str:
    """Return what a kind was about: who was helped, the effects, or the first entry with evidence."""
    found = [entry for entry in review.entries if entry.kind is kind and entry.side is Side.VALUE]
    if kind is Kind.HELPED:
        return " · ".join(f"@{name} {count}" for name, count in review.people)
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


def _trend_strip(review: Review, width: int) -> Iterator[Text]:
    if not review.is_first:
        yield from render_strip(review.trend.scores, width)
        yield Text("")


def _open_items(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield the pain points closed in the period, then what is open: pain points, stalled projects, promises."""
    shown = [*_closed_items(review, width), *_block("open", _open_tables(review, _block_room(width)), width)]
    shown += [*_block("learned", _learned(review), width), *_block("noticed", _noticed(review), width)]
    shown += _block("not held", _failed(review), width)
    yield from shown
    if shown:
        yield Text("")


def _closed_items(review: Review, width: int) -> Iterator[RenderableType]:
    """Yield the projects and pain points that were closed in the period, by how they ended."""
    pains, room = review.closed_pains[:MAX_OPEN_ITEMS], _block_room(width)
    fixed, dropped = ([pain for pain in pains if pain.state is state] for state in (PainState.FIXED, PainState.DROPPED))
    yield from _block("closed", _ended_projects(review, ProjectState.CLOSED), width)
    yield from _block("fixed", _pains(fixed, review, room), width)
    projects = _ended_projects(review, ProjectState.DROPPED)
    yield from _block("dropped", [*projects, *_pains(dropped, review, room)], width)


def _ended_projects(review: Review, state: ProjectState) -> Iterator[Text]:
    ended = [each for each in review.ended_projects if each.project.state is state]
    for each in ended[:MAX_OPEN_ITEMS]:
        yield wrapped_cell(f"+{each.project.slug}  {format_ending(each)}")
    yield from _more(len(ended), "valuelog project list --all")


def _learned(review: Review) -> Iterator[Text]:
    for lesson in review.learned[-MAX_OPEN_ITEMS:]:
        project = f"  +{lesson.project.slug}" if lesson.project else ""
        yield Text.assemble(wrapped_cell(first_line(lesson.text)), (project, DIM), overflow="fold")
    yield from _more(len(review.learned), f"valuelog list --kind learned {review.period.name}")


def _noticed(review: Review) -> Iterator[Text]:
    for entry in review.noticed[-MAX_OPEN_ITEMS:]:
        yield wrapped_cell(entry.headline)
    yield from _more(len(review.noticed), f"valuelog list --kind insight {review.period.name}")


def _failed(review: Review) -> Iterator[Text]:
    """Yield the results that didn't hold, unless all entries are listed anyway."""
    if not review.score.has_enough_entries and review.score.n:
        return
    for entry in review.failed[-MAX_OPEN_ITEMS:]:
        yield wrapped_cell(f"{entry.headline}  {format_failure(entry)}")
    yield from _more(len(review.failed), f"valuelog list --side neither {review.period.name}")


def _more(count: int, command: str) -> Iterator[Text]:
    """Say how many more there are than are shown, and how to list them."""
    if count > MAX_OPEN_ITEMS:
        yield Text(f"and {count - MAX_OPEN_ITEMS} more: {command}", DIM, overflow="fold")


def _open_tables(review: Review, width: int) -> Iterator[Table]:
    open_pains = [pain for pain in review.pains if pain.is_open][:MAX_OPEN_ITEMS]
    open_pain_ids = {pain.id for pain in open_pains}
    yield from _pains(open_pains, review, width)
    if review.stalled_projects:
        yield _stalled_projects(review, width)
    later = [promise for promise in review.promises_ahead if promise.pain not in open_pain_ids]
    if later:
        yield promise_table(later[:MAX_OPEN_ITEMS], review.prefix_lengths, review.today, width)


def _pains(pains: Sequence[PainPoint], review: Review, width: int) -> Iterator[Table]:
    if pains:
        yield pain_table(pains, review.prefix_lengths, review.today, width)


def _stalled_projects(review: Review, width: int) -> Table:
    """Return a table of stalled projects and since when they have been stalled."""
    activities = review.stalled_projects[:MAX_OPEN_ITEMS]
    facts = [Text(activity.summary(review.today, with_time=True), ATTENTION) for activity in activities]
    is_wide = has_room([(each,) for each in facts], width)
    table = create_table(text_column(), *([number_column()] if is_wide else []))
    for activity, fact in zip(activities, facts, strict=True):
        slug = cell(f"+{activity.project.slug}")
        cells: list[RenderableType] = [slug, fact] if is_wide else [Group(slug, fact)]
        table.add_row(*cells)
    return table


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


def _findings(review: Review, width: int) -> Iterator[Text]:
    for finding in review.listed_findings:
        yield render_advice(finding.text, finding.command, width)
    if review.listed_findings:
        yield Text("")


def _balance_text(review: Review) -> Text:
    return Text(format_balance(review.score), STRONG)


def _total_line(review: Review) -> Text:
    comparison = review.trend.comparison
    style = ATTENTION if comparison.verdict is Verdict.FALLING else ""
    minutes = review.score.minutes
    timed = f" · {format_minutes_share(minutes)}" if minutes else ""
    return Text.assemble(
        _balance_text(review),
        " · ",
        (format_share_with_interval(review.score), STRONG),
        f"{timed} · ",
        (format_verdict(comparison), style),
    )
