"""A report as HTML: the total first, then charts with their numbers, follow-ups, and every entry."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from valuelog.analysis.projects import Lesson
from valuelog.analysis.review import ProjectShare, Report, Review
from valuelog.analysis.score import compute_score
from valuelog.model.entry import VALUE_KINDS, Entry, Kind, Side, largest_first
from valuelog.model.pain import PainPoint
from valuelog.model.period import Unit, format_day, format_period
from valuelog.model.project import ProjectState
from valuelog.render.html.page import render_page
from valuelog.render.html.pictures import draw_pictures
from valuelog.render.words import (
    NO_ENTRIES,
    NO_WORK_OR_VALUE,
    format_coverage,
    format_doubt,
    format_ending,
    format_minutes_coverage,
    format_pain_status,
    format_percent,
    format_period_heading,
    format_sightings,
    list_benefits,
    summarize_value,
)

MAX_OPEN_LINES, LINE_LENGTH = 76, 46
"""Up to MAX_OPEN_LINES lines of value, of LINE_LENGTH characters, are open and printed. If there are more, only the
latest MAX_WITH_EVIDENCE entries with evidence are."""

MAX_ENTRY_LINES, ENTRY_GAP = 3, 0.5
"""The most lines that one entry takes in print, and the space between two entries in lines."""

MAX_WITH_EVIDENCE = 24

MAX_ROWS = 12
"""Rows of the tables of projects and of pain points."""

MAX_PRINTED_ROWS, MAX_PRINTED_WITH_EVIDENCE = 3, 8
"""How many promises, projects, pain points, and entries with evidence are printed, so that two pages are enough."""


class Tile(NamedTuple):
    """A number with its name and a note."""

    name: str
    number: str
    note: str


class EntriesOfKind(NamedTuple):
    """The entries of one kind, and how many of them count."""

    name: str
    counted: int
    usual: float | None
    entries: tuple[Entry, ...]


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
        tiles=tuple(_tiles(review)) if enough else (),
        pictures=tuple(draw_pictures(report)),
        printed=MAX_PRINTED_ROWS,
        printed_proven=MAX_PRINTED_WITH_EVIDENCE,
        **_entry_lists(review),
        **_follow_ups(review),
        ended={str(state): tuple(_ended_projects(review, state)) for state in ProjectState},
        learned=[(lesson.text, _lesson_source(lesson)) for lesson in review.learned],
        noticed=[(entry.text, format_day(entry.day)) for entry in review.noticed],
        levels=review.level_answers,
        findings=review.listed_findings,
    )


def _heading(review: Review) -> str:
    is_week = review.period.unit is Unit.WEEK
    return format_period(review.period) if is_week else format_period_heading(review.period, review.today)


def _entry_lists(review: Review) -> dict[str, tuple[object, ...]]:
    """Return the entries: value open if it fits on two pages, otherwise closed, with those with evidence above."""
    value, work = tuple(_group_by_kind(review, VALUE_KINDS)), tuple(_group_by_kind(review, (Kind.ACTIVITY,)))
    if _fits_two_pages(review):
        return {"opened": value, "proven": (), "closed": work}
    return {"opened": (), "proven": _latest_with_evidence(review), "closed": (*value, *work)}


def _follow_ups(review: Review) -> dict[str, object]:
    """Return the projects and pain points that fit the tables, and how many more there are."""
    projects = [each for each in review.projects if each.tally.n]
    return {
        "projects": [(each, _project_share(each)) for each in projects[:MAX_ROWS]],
        "more_projects": max(0, len(projects) - MAX_ROWS),
        "stalled_projects": [
            (each.project.name, each.summary(review.today, with_time=True)) for each in review.stalled_projects
        ],
        "pains": tuple(_pain_rows(review)),
        "more_pains": max(0, len(review.pains) - MAX_ROWS),
    }


def _ended_projects(review: Review, state: ProjectState) -> Iterator[tuple[str, str]]:
    """Yield name and ending of the projects that ended in the period with this state."""
    for each in review.ended_projects:
        if each.project.state is state:
            yield each.project.name, format_ending(each)


def _lesson_source(lesson: Lesson) -> str:
    """Return the project that taught a lesson, or the day of an entry."""
    return lesson.project.name if lesson.project else format_day(lesson.day)


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
        if entries := tuple(largest_first(entry for entry in review.entries if entry.kind is kind)):
            yield EntriesOfKind(str(kind), review.tally[kind], review.usual.get(kind), entries)


def _fits_two_pages(review: Review) -> bool:
    """Return whether all value fits on two printed pages, in two columns."""
    return sum(_estimate_lines(entry) for entry in review.entries if entry.kind in VALUE_KINDS) <= MAX_OPEN_LINES


def _estimate_lines(entry: Entry) -> float:
    """Return the number of printed lines of an entry, including the space below."""
    head = f"{format_day(entry.day)} {entry.text} {' '.join(list_benefits(entry))}"
    lines = [line for text in (head, entry.evidence) if text for line in text.split("\n")]
    return min(MAX_ENTRY_LINES, sum(-(-len(line) // LINE_LENGTH) for line in lines)) + ENTRY_GAP


def _unit_name(review: Review) -> str:
    return "period" if review.period.unit is Unit.SPAN else str(review.period.unit)


def _latest_with_evidence(review: Review) -> tuple[Entry, ...]:
    """Return the latest value entries with evidence."""
    entries = [entry for entry in review.entries if entry.side is Side.VALUE and entry.evidence]
    return tuple(entries[-MAX_WITH_EVIDENCE:])


def _pain_rows(review: Review) -> Iterator[PainRow]:
    most = max((pain.days_seen for pain in review.pains), default=1)
    for pain in review.pains[:MAX_ROWS]:
        yield PainRow(pain, pain.days_seen / most, format_sightings(pain, review.today), _pain_status(pain, review))


def _pain_status(pain: PainPoint, review: Review) -> str:
    if pain.closed_on or pain.step_by:
        return format_pain_status(pain, review.today)
    return "a step without a due day" if pain.step else "nothing planned yet"


def _project_share(project: ProjectShare) -> str:
    return format_percent(compute_score(project.tally).share)
