"""A report as HTML: your sentences, follow-ups, charts with their numbers, what to do; the total is last."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from valuelog.analysis.review import ProjectShare, Report, Review
from valuelog.analysis.score import compute_score
from valuelog.analysis.sentences import Sentence
from valuelog.model.entry import VALUE_KINDS, Entry, Kind, largest_first, words_key
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import Unit, format_day, format_period
from valuelog.model.project import ProjectState
from valuelog.model.promise import Promise
from valuelog.model.text import format_times
from valuelog.render.html.page import render_page
from valuelog.render.html.pictures import draw_pictures
from valuelog.render.words import (
    NO_ENTRIES,
    NO_WORK_OR_VALUE,
    TOO_FEW_ENTRIES,
    format_coverage,
    format_doubt,
    format_ending,
    format_failure,
    format_felt,
    format_labelled_promise,
    format_minutes_coverage,
    format_pain_status,
    format_percent,
    format_period_heading,
    format_proven,
    format_raised,
    format_review_verdict,
    format_share_with_interval,
    format_sightings,
    list_facts,
    summarize_value,
)

MAX_OPEN_LINES, LINE_LENGTH = 76, 46
"""Up to MAX_OPEN_LINES lines of sentences, of LINE_LENGTH characters, are open and printed. If there are more,
the first MAX_SENTENCES are open, and MAX_PRINTED_SENTENCES are printed."""

MAX_ENTRY_LINES, ENTRY_GAP = 3, 0.5
"""The most lines that one entry takes in print, and the space between two entries in lines."""

MAX_SENTENCES = 24

MAX_ROWS = 12
"""Rows of the tables of projects and of pain points."""

MAX_PRINTED_ROWS, MAX_PRINTED_SENTENCES = 3, 8
"""How many rows and how many of too many sentences are printed, so that two pages are enough."""


class Tile(NamedTuple):
    """A number with its name and a note."""

    name: str
    number: str
    note: str


class SentenceItem(NamedTuple):
    """A sentence, its facts and its evidence."""

    is_proven: bool
    text: str
    facts: str
    evidence: tuple[str, ...]


class Row(NamedTuple):
    """An entry, how often its words were logged, and all that says how its result is known."""

    entry: Entry
    times: int
    evidence: tuple[str, ...]


class EntriesOfKind(NamedTuple):
    """The entries of one kind, each of the same words once, and how many of them count."""

    name: str
    counted: int
    usual: float | None
    rows: tuple[Row, ...]


class PainRow(NamedTuple):
    """A pain point, its days as a fraction of the largest number of days, when it was seen, and its status."""

    pain: PainPoint
    fraction: float
    sightings: str
    status: str


def html(report: Report) -> str:
    """Return a report as an HTML page."""
    review, enough = report.review, report.review.score.has_enough_entries
    return render_page(
        "report.html",
        review=review,
        has_enough_entries=enough,
        name=_heading(review),
        coverage=format_coverage(review.coverage),
        no_entries=NO_WORK_OR_VALUE if review.entries else NO_ENTRIES,
        first_command="valuelog today --catch-up" if review.today in review.period else "valuelog add improvement",
        value_sentence=summarize_value(review) if review.score.value and not enough else "",
        proven=format_proven(review.score),
        verdict=_verdict(review),
        tiles=tuple(_tiles(review)) if enough else (),
        pictures=tuple(draw_pictures(report)),
        printed=MAX_PRINTED_ROWS,
        **_sentences_and_entries(review),
        **_follow_ups(review),
        ended=tuple(_ended(review)),
        thoughts=tuple(_thoughts(review)),
        findings=review.listed_findings,
    )


def _verdict(review: Review) -> str:
    """Return the share and the verdict, if there are enough entries."""
    if not review.score.has_enough_entries:
        return TOO_FEW_ENTRIES
    return f"{format_share_with_interval(review.score)} · {format_review_verdict(review.trend)}"


def _heading(review: Review) -> str:
    is_week = review.period.unit is Unit.WEEK
    return format_period(review.period) if is_week else format_period_heading(review.period, review.today)


def _sentences_and_entries(review: Review) -> dict[str, object]:
    """Return the sentences and how many of them are printed, and the entries that they don't show one by one."""
    fits = _fits_two_pages(review.sentences)
    shown = review.sentences if fits else review.sentences[:MAX_SENTENCES]
    is_complete = fits and all(each.times == 1 for each in shown)
    kinds = (Kind.ACTIVITY,) if is_complete else (*VALUE_KINDS, Kind.ACTIVITY)
    return {
        "sentences": [_sentence_item(each) for each in shown],
        "more_sentences": len(review.sentences) - len(shown),
        "printed_sentences": len(shown) if fits else MAX_PRINTED_SENTENCES,
        "closed": tuple(_group_by_kind(review, kinds)),
    }


def _sentence_item(sentence: Sentence) -> SentenceItem:
    times = [format_times(sentence.times)] if sentence.times > 1 else []
    facts = " · ".join((*list_facts(sentence.entry), *times))
    return SentenceItem(sentence.is_proven, sentence.entry.text, facts, sentence.evidence)


Rows = list[tuple[str, str]]
"""Texts, each with a note."""


def _ended(review: Review) -> Iterator[tuple[str, Rows]]:
    """Yield headings with what ended: projects, promises, pain points, and results that didn't hold."""
    yield "Closed", [*_ended_projects(review, ProjectState.CLOSED)]
    yield "Dropped", [*_ended_projects(review, ProjectState.DROPPED), *_closed_pains(review, PainState.DROPPED)]
    yield "Kept", [_settled(promise) for promise in review.kept_promises]
    yield "Not kept", [_settled(promise) for promise in review.broken_promises]
    yield "Fixed", [*_closed_pains(review, PainState.FIXED)]
    yield "Not held", [(entry.text, format_failure(entry)) for entry in review.failed]


def _ended_projects(review: Review, state: ProjectState) -> Iterator[tuple[str, str]]:
    """Yield name and ending of the projects that ended in the period with this state."""
    for each in review.ended_projects:
        if each.project.state is state:
            lesson = f"learned: {each.project.lesson}" if each.project.lesson else ""
            yield each.project.name, " · ".join(filter(None, (format_ending(each), lesson)))


def _settled(promise: Promise) -> tuple[str, str]:
    return format_labelled_promise(promise), format_day(promise.closed_on) if promise.closed_on else ""


def _closed_pains(review: Review, state: PainState) -> Iterator[tuple[str, str]]:
    for pain in review.closed_pains:
        if pain.state is state:
            yield pain.headline, " · ".join(filter(None, (format_felt(pain, review.today), pain.how)))


def _thoughts(review: Review) -> Iterator[tuple[str, Rows]]:
    """Yield headings with what was learned and noticed, and the answers about the next level."""
    yield "Learned", [(each.text, format_day(each.day)) for each in review.entries if each.kind is Kind.LEARNED]
    yield "Noticed", [(each.text, f"{format_day(each.day)} · {format_raised(each)}") for each in review.noticed]
    yield "Next level", [(each.answer, each.period) for each in review.level_answers]


def _follow_ups(review: Review) -> dict[str, object]:
    """Return what is still open, and the projects that fit their table, with how many more there are."""
    projects = [each for each in review.projects if each.tally.n]
    return {
        "projects": [(each, _project_share(each)) for each in projects[:MAX_ROWS]],
        "more_projects": max(0, len(projects) - MAX_ROWS),
        "stalled_projects": [
            (each.project.name, each.summary(review.today, with_time=True)) for each in review.stalled_projects
        ],
        "pains": tuple(_pain_rows(review)),
        "more_pains": max(0, len(review.open_pains) - MAX_ROWS),
        "open_promises": [
            (format_labelled_promise(each), f"due {format_day(each.due, review.today)}")
            for each in review.open_promises
        ],
    }


def _tiles(review: Review) -> Iterator[Tile]:
    now, comparison = review.score, review.trend.comparison
    low, high = (100 * edge for edge in now.interval or (0, 1))
    yield Tile("share of value", format_percent(now.share), f"between {low:.0f} and {high:.0f} %")
    if comparison.difference is None:
        yield Tile("trend", "–", f"too few earlier {_unit_name(review)}s to compare")
    else:
        usually, doubt = f"usually {format_percent(comparison.baseline.share)}", format_doubt(comparison)
        yield Tile("trend", "up" if doubt else str(comparison.verdict), f"{usually}; {doubt}" if doubt else usually)
    yield Tile("proven", f"{now.proven} of {now.value}", "have evidence that counts")
    yield Tile("helping", format_percent(now.helping_share), "of entries (a good target is 20 %)")
    if now.minutes:
        yield Tile(
            "time",
            format_percent(now.minutes.share),
            f"of the minutes{format_minutes_coverage(now.minutes)} went into value",
        )


def _group_by_kind(review: Review, kinds: Iterable[Kind]) -> Iterator[EntriesOfKind]:
    for kind in kinds:
        if rows := tuple(_merge_repeats(largest_first(entry for entry in review.entries if entry.kind is kind))):
            yield EntriesOfKind(str(kind), review.tally[kind], review.usual.get(kind), rows)


def _merge_repeats(entries: Iterable[Entry]) -> Iterator[Row]:
    """Yield entries with the same words once, at the place of the first; what didn't hold is apart."""
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        groups.setdefault((words_key(entry.text), entry.side), []).append(entry)
    for group in groups.values():
        evidence = dict.fromkeys(entry.evidence for entry in group if entry.evidence)
        yield Row(group[0], len(group), tuple(evidence))


def _fits_two_pages(sentences: Iterable[Sentence]) -> bool:
    """Return whether all sentences fit on two printed pages, in two columns."""
    return sum(map(_estimate_lines, sentences)) <= MAX_OPEN_LINES


def _estimate_lines(sentence: Sentence) -> float:
    """Return the number of printed lines of a sentence, including the space below."""
    head = f"◆ {sentence.entry.text} {' · '.join(list_facts(sentence.entry))}"
    lines = [line for text in (head, *sentence.evidence) for line in text.split("\n")]
    return min(MAX_ENTRY_LINES, sum(-(-len(line) // LINE_LENGTH) for line in lines)) + ENTRY_GAP


def _unit_name(review: Review) -> str:
    return "period" if review.period.unit is Unit.SPAN else str(review.period.unit)


def _pain_rows(review: Review) -> Iterator[PainRow]:
    most = max((pain.days_seen for pain in review.open_pains), default=1)
    for pain in review.open_pains[:MAX_ROWS]:
        yield PainRow(pain, pain.days_seen / most, format_sightings(pain, review.today), _pain_status(pain, review))


def _pain_status(pain: PainPoint, review: Review) -> str:
    if pain.closed_on or pain.step_by:
        return format_pain_status(pain, review.today)
    return "a step without a due day" if pain.step else "nothing planned yet"


def _project_share(project: ProjectShare) -> str:
    return format_percent(compute_score(project.tally).share)
