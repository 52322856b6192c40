"""A review: value against work, value by kind, the trend, what is open; the most important line is last."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from rich.text import Text

from valuelog.analysis.projects import ProjectActivity
from valuelog.analysis.review import Review, split_review
from valuelog.analysis.score import compute_score
from valuelog.analysis.trend import Verdict
from valuelog.model.entry import VALUE_KINDS, Effect, Entry, Kind
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import SHORT_MONTHS, Period, Unit, format_day, format_period, format_weekday
from valuelog.model.text import first_line
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.entries import KIND_WIDTH, render_entry, render_kind
from valuelog.render.terminal.layout import (
    BAR,
    INDENT,
    MIN_TEXT_WIDTH,
    join_line,
    justify,
    pad_column,
    render_advice,
    render_with_facts,
    truncate,
    wrap_figures,
    wrap_words,
)
from valuelog.render.terminal.pains import pain_lines
from valuelog.render.terminal.promises import promise_lines
from valuelog.render.terminal.trend import render_strip
from valuelog.render.words import (
    BENEFICIARY_NAMES,
    NO_ENTRIES,
    TOO_FEW_ENTRIES,
    format_balance,
    format_coverage,
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

NOTES_COLUMN = 32
"""Column of the notes beside the kinds."""

MAX_OPEN_ITEMS = 5


def lines(review: Review, width: int) -> Iterator[Text]:
    """Yield a whole review; with few entries their texts instead of numbers, without any what to do."""
    yield _heading(review, width)
    yield Text("")
    yield from _promised(review, width)
    if not review.score.n:
        yield from _open_items(review, width)
        yield from _findings(review, width)
        yield from _no_entries(review)
    elif not review.score.has_enough_entries:
        yield from _few_entries(review, width)
    else:
        yield from _balance(review, width)
        yield from _kinds(review, width)
        yield from _trend_strip(review, width)
        yield from _open_items(review, width)
        yield from _findings(review, width)
        yield from wrap_figures(_total_line(review), width)


def _heading(review: Review, width: int) -> Text:
    return justify(Text(format_period(review.period), STRONG), Text(format_coverage(review.coverage), DIM), width)


def _promised(review: Review, width: int) -> Iterator[Text]:
    """Yield the promises for this period, and the last answer about the next level."""
    answers = [each.answer for each in review.level_answers if each.period != review.period.name]
    room = width - BLOCK_LABEL_WIDTH
    due = (promise_lines(promise, review.prefix_lengths, review.today, room) for promise in review.promises_due)
    yield from _block("promised", due)
    yield from _block("next level", ([Text(truncate(first_line(answer), room))] for answer in answers))
    if review.promises_due or answers:
        yield Text("")


def _no_entries(review: Review) -> Iterator[Text]:
    yield Text(NO_ENTRIES)
    yield Text("")
    if review.today in review.period:
        yield join_line(("Catch up on the last days  ", DIM), ("valuelog today --catch-up", STRONG))
    yield join_line(("Or log one thing now       ", DIM), ("valuelog add improvement", STRONG))
    if review.is_first:
        yield join_line(("See what a full one shows  ", DIM), ("valuelog demo", STRONG))


def _few_entries(review: Review, width: int) -> Iterator[Text]:
    """Yield the entries themselves and their value in a sentence: there are too few for numbers."""
    week = review.period.length <= DAYS_PER_WEEK
    label = LABEL_WIDTH if week else LONG_LABEL_WIDTH
    for entry in review.entries:
        day = format_weekday(entry.day) if week else format_day(entry.day)
        yield from render_entry(join_line((pad_column(day, label), DIM), render_kind(entry)), entry, width)
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
    yield from wrap_figures(join_line(_balance_text(review), f" · {TOO_FEW_ENTRIES}{later}"), width)


def _balance(review: Review, width: int) -> Iterator[Text]:
    shown = split_review(review)
    room = (width - LABEL_WIDTH - 8) // 2
    most = max(max(tally.work, tally.value) for _, tally in shown)
    scale = min(1.0, (room - 6) / most)
    yield join_line(" " * LABEL_WIDTH, (pad_column("work", room), WORK), ("value", VALUE))
    for part, tally in shown:
        share = format_percent(compute_score(tally).share) if tally.n else "–"
        work, value = _bar(tally.work, scale, room, WORK), _bar(tally.value, scale, room, VALUE)
        yield join_line(
            (pad_column(_part_label(part), LABEL_WIDTH), "" if tally.n else DIM), work, value, f"{share:>8}"
        )
    yield Text("")


def _bar(count: int, scale: float, room: int, style: str) -> Text:
    """Return a bar with its number; it is at least one column long unless the count is 0."""
    length = max(1, round(count * scale)) if count else 0
    bar = Text.assemble((BAR * length, style), f" {count}" if count else "")
    bar.pad_right(room - bar.cell_len)
    return bar


def _part_label(part: Period) -> str:
    first = part.start
    match part.unit:
        case Unit.DAY:
            return format_weekday(first)
        case Unit.WEEK:
            return f"W{first.isocalendar().week:02}"
        case _:
            return f"{SHORT_MONTHS[first.month - 1]} {first.year}"


def _kinds(review: Review, width: int) -> Iterator[Text]:
    label = "days" if review.period.unit is Unit.SPAN else str(review.period.unit)
    usual = "usual" if review.usual else ""
    yield join_line((f"{'':<{LABEL_WIDTH}}{label:>8}{usual:>8}", DIM))
    for kind in VALUE_KINDS:
        before = f"{review.usual[kind]:.1f}" if review.usual else ""
        count = review.tally[kind]
        head = join_line((pad_column(kind, KIND_WIDTH), VALUE if count else DIM), f"{count:>5}{before:>8}")
        yield from _with_note(head, _kind_note(review, kind), width)
    if review.score.value:
        evidence = f"◆ evidence {review.tally.with_evidence} of {review.score.value}"
        helping = f"helping {format_percent(review.score.helping_share)}, target 20 %"
        yield from _with_note(Text(), f"{evidence} · {helping}", width)
    yield Text("")


def _with_note(head: Text, note: str, width: int) -> Iterator[Text]:
    """Yield a head with its note, below each other if the width is too small; a note without a head is not cut."""
    if width - NOTES_COLUMN >= MIN_TEXT_WIDTH:
        yield join_line(head, " " * (NOTES_COLUMN - head.cell_len), (truncate(note, width - NOTES_COLUMN), DIM))
        return
    if head:
        yield head
    pieces = [truncate(note, width - INDENT)] if head else wrap_words(note, width - INDENT)
    yield from (join_line(" " * INDENT, (piece, DIM)) for piece in pieces if piece)


def _kind_note(review: Review, kind: Kind) -> str:
    """Return what a kind was about: who was helped, the effects, or the first entry with evidence."""
    found = [entry for entry in review.entries if entry.kind is kind]
    if kind is Kind.HELPED:
        return " · ".join(f"@{name} {count}" for name, count in review.people)
    if kind is Kind.IMPROVEMENT and any(entry.effects or entry.beneficiaries for entry in found):
        return _format_effects(found)
    best = sorted(found, key=lambda entry: not entry.evidence)
    return f"{best[0].headline}{' ◆' * bool(best[0].evidence)}" if best else ""


def _format_effects(entries: list[Entry]) -> str:
    effects = [(effect.label, sum(effect in entry.effects for entry in entries)) for effect in Effect]
    beneficiaries = [
        (f"for {name}", sum(each in entry.beneficiaries for entry in entries))
        for each, name in BENEFICIARY_NAMES.items()
    ]
    return " · ".join(f"{name} {count}" for name, count in (*effects, *beneficiaries) if count)


def _trend_strip(review: Review, width: int) -> Iterator[Text]:
    if not review.is_first:
        yield from render_strip(review.trend.scores, width)
        yield Text("")


def _open_items(review: Review, width: int) -> Iterator[Text]:
    """Yield the pain points closed in the period, then what is open: pain points, stalled projects, promises."""
    room = width - BLOCK_LABEL_WIDTH
    closed = review.closed_pains[:MAX_OPEN_ITEMS]
    for label, state in (("fixed", PainState.FIXED), ("dropped", PainState.DROPPED)):
        yield from _block(label, (_pain(pain, review, room) for pain in closed if pain.state is state))
    open_pains = [pain for pain in review.pains if pain.is_open][:MAX_OPEN_ITEMS]
    open_pain_ids = {pain.id for pain in open_pains}
    later = [promise for promise in review.promises_ahead if promise.pain not in open_pain_ids]
    items = [
        *(_pain(pain, review, room) for pain in open_pains),
        *(_stalled_project(owned, review.today, room) for owned in review.stalled_projects[:MAX_OPEN_ITEMS]),
        *(promise_lines(promise, review.prefix_lengths, review.today, room) for promise in later[:MAX_OPEN_ITEMS]),
    ]
    yield from _block("open", items)
    if closed or items:
        yield Text("")


def _pain(pain: PainPoint, review: Review, room: int) -> Iterator[Text]:
    return pain_lines(pain, review.prefix_lengths[pain.id], review.today, room)


def _block(label: str, items: Iterable[Iterable[Text]]) -> Iterator[Text]:
    """Yield lines with a label on the first of them."""
    for number, line in enumerate(chain.from_iterable(items)):
        yield join_line((pad_column("" if number else label, BLOCK_LABEL_WIDTH), DIM), line)


def _stalled_project(activity: ProjectActivity, today: date, width: int) -> Iterator[Text]:
    facts = Text(activity.summary(today), ATTENTION)
    return render_with_facts(Text(), f"+{activity.project.slug}", facts, width)


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
    timed = f" · {format_percent(minutes.share)} of the minutes" if minutes else ""
    return join_line(
        _balance_text(review),
        " · ",
        (format_share_with_interval(review.score), STRONG),
        f"{timed} · ",
        (format_verdict(comparison), style),
    )
