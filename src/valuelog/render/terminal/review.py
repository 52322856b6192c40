"""The Friday screen: the balance, value by kind, the trend, what is open; the line that matters most last."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from rich.text import Text

from valuelog.analysis.projects import ProjectActivity
from valuelog.analysis.review import Review, split_review
from valuelog.analysis.score import compute_score
from valuelog.analysis.trend import Verdict
from valuelog.model.entry import VALUE_KINDS, Effect, Entry, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import SHORT_MONTHS, Period, Unit, format_day, format_period, format_weekday
from valuelog.model.text import first_line
from valuelog.render.followed import find_closed_pains, find_level_answers, select_findings
from valuelog.render.left import summarize_value
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
)

LABEL_WIDTH = 10
"""The columns that the name of a day, a kind or a block takes."""

LONG_LABEL_WIDTH = 12
"""The columns that a day takes with its month."""

DAYS_PER_WEEK = 7

NOTES_COLUMN = 32
"""Where the notes beside the kinds begin."""

MAX_OPEN_ITEMS = 5


def lines(review: Review, width: int) -> Iterator[Text]:
    """Show a whole Review; a Period with few entries by what they say, an empty one by what to do."""
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
    """Open with what was promised for this Period, and what the last talk said of the next level."""
    before = [one.answer for one in find_level_answers(review) if one.period != review.period.name]
    room = width - LABEL_WIDTH
    shown = (promise_lines(promise, review.prefix_lengths, review.today, room) for promise in review.promises_due)
    yield from _block("promised", shown)
    for answer in before:
        yield join_line((pad_column("one up", LABEL_WIDTH), DIM), truncate(first_line(answer), width - LABEL_WIDTH))
    if review.promises_due or before:
        yield Text("")


def _no_entries(review: Review) -> Iterator[Text]:
    yield Text(NO_ENTRIES)
    yield Text("")
    if review.today in review.period:
        yield join_line(("Catch up on the last days  ", DIM), ("valuelog today --catch-up", STRONG))
    yield join_line(("Or note one thing now      ", DIM), ("valuelog add improvement", STRONG))
    if review.is_first:
        yield join_line(("See what a full one shows  ", DIM), ("valuelog demo", STRONG))


def _few_entries(review: Review, width: int) -> Iterator[Text]:
    """Show what was written, and say what it comes to in words: there are too few entries for figures."""
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
        yield Text("All of this was work so far. What works better now because of it?")
        yield Text("Turn an entry into value with: valuelog promote ID KIND")
    later = "; next time compares with this" if review.is_first else ""
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
    """Draw a count with its number; a count that is not zero is never drawn as nothing."""
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
        evidence = f"◆ with evidence: {review.tally.with_evidence} of {review.score.value}"
        helping = f"helping {format_percent(review.score.helping_share)}, aim 20"
        yield from _with_note(Text(), f"{evidence} · {helping}", width)
    yield Text("")


def _with_note(head: Text, note: str, width: int) -> Iterator[Text]:
    """Show a note in its column, or below where that is too narrow; one that has no head, all of it."""
    if width - NOTES_COLUMN >= MIN_TEXT_WIDTH:
        yield join_line(head, " " * (NOTES_COLUMN - head.cell_len), (truncate(note, width - NOTES_COLUMN), DIM))
        return
    if head:
        yield head
    pieces = [truncate(note, width - INDENT)] if head else wrap_words(note, width - INDENT)
    yield from (join_line(" " * INDENT, (piece, DIM)) for piece in pieces if piece)


def _kind_note(review: Review, kind: Kind) -> str:
    """Say beside a kind what it was: who got further, which effects, or the first one that has evidence."""
    found = [entry for entry in review.entries if entry.kind is kind]
    if kind is Kind.HELPED:
        return " · ".join(f"@{name} {count}" for name, count in review.people)
    if kind is Kind.IMPROVEMENT and any(entry.effects or entry.beneficiaries for entry in found):
        return _format_effects(found)
    best = sorted(found, key=lambda entry: not entry.evidence)
    return f"{best[0].headline}{' ◆' * bool(best[0].evidence)}" if best else ""


def _format_effects(entries: list[Entry]) -> str:
    effects = [(effect.label, sum(effect in entry.effects for entry in entries)) for effect in Effect]
    whom = [
        (f"for {said}", sum(one in entry.beneficiaries for entry in entries)) for one, said in BENEFICIARY_NAMES.items()
    ]
    return " · ".join(f"{said} {count}" for said, count in (*effects, *whom) if count)


def _trend_strip(review: Review, width: int) -> Iterator[Text]:
    if not review.is_first:
        yield from render_strip(review.trend.scores, width)
        yield Text("")


def _open_items(review: Review, width: int) -> Iterator[Text]:
    """Show what came to an end, and what is open: friction, projects that stall, promises for later."""
    room = width - LABEL_WIDTH
    ended = find_closed_pains(review)[:MAX_OPEN_ITEMS]
    yield from _block("gone", (_pain(pain, review, room) for pain in ended))
    hurting = [pain for pain in review.pains if pain.is_open][:MAX_OPEN_ITEMS]
    named = {pain.id for pain in hurting}
    later = [promise for promise in review.promises_ahead if promise.pain not in named]
    found = [
        *(_pain(pain, review, room) for pain in hurting),
        *(_stalled_project(owned, review.today, room) for owned in review.stalled_projects[:MAX_OPEN_ITEMS]),
        *(promise_lines(promise, review.prefix_lengths, review.today, room) for promise in later[:MAX_OPEN_ITEMS]),
    ]
    yield from _block("open", found)
    if ended or found:
        yield Text("")


def _pain(pain: PainPoint, review: Review, room: int) -> Iterator[Text]:
    return pain_lines(pain, review.prefix_lengths[pain.id], review.today, room)


def _block(label: str, items: Iterable[Iterable[Text]]) -> Iterator[Text]:
    """Name some lines on the first of them."""
    for place, shown in enumerate(chain.from_iterable(items)):
        yield join_line((pad_column("" if place else label, LABEL_WIDTH), DIM), shown)


def _stalled_project(activity: ProjectActivity, today: date, width: int) -> Iterator[Text]:
    facts = Text(activity.summary(today), ATTENTION)
    return render_with_facts(Text(), f"+{activity.project.slug}", facts, width)


def _findings(review: Review, width: int) -> Iterator[Text]:
    """Show what is worth acting on."""
    shown = select_findings(review)
    for found in shown:
        yield render_advice(found.text, found.command, width)
    if shown:
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
