"""A Report as HTML: the sum first, then pictures with their numbers, what is followed, and every entry."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from valuelog.analysis.report import Report
from valuelog.analysis.review import ProjectShare, Review
from valuelog.analysis.score import compute_score
from valuelog.model.entry import VALUE_KINDS, Entry, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import Unit, format_day, format_period
from valuelog.render.followed import felt, findings, latest, levels
from valuelog.render.html.page import page
from valuelog.render.html.pictures import pictures
from valuelog.render.left import left_behind
from valuelog.render.words import NOTHING, covered, facts, heading, percent

ROOM, LINE = 76, 46
"""Value of up to so many lines, of so many letters each, lies open, and is printed; of more only PROVEN with evidence,
the latest."""

CLAMPED, APART = 3, 0.5
"""At most so many lines of an entry are printed, and so much of a line lies between two."""

PROVEN = 24

MOST = 12
"""So many projects, and so many pain points, have a row of their own."""

PRINTED, PRINTED_PROVEN = 4, 8
"""So many promises, projects and pain points, and so many entries with evidence, leave room on two printed pages."""


class Tile(NamedTuple):
    """One number, what it is, and what to hold against it."""

    name: str
    number: str
    beside: str


class Listed(NamedTuple):
    """The entries of one kind."""

    name: str
    usual: float | None
    entries: tuple[Entry, ...]


class Friction(NamedTuple):
    """A pain point, on how many days it was seen as a part of the most, when, and where it stands."""

    pain: PainPoint
    part: float
    felt: str
    now: str


def html(report: Report) -> str:
    """Return a Report as an HTML page."""
    review, enough, opened = report.review, report.review.score.has_enough_entries, _lies_open(report.review)
    value, work = tuple(_listed(review, VALUE_KINDS)), tuple(_listed(review, (Kind.ACTIVITY,)))
    return page(
        "report.html",
        review=review,
        has_enough_entries=enough,
        name=heading(review.period, review.today)
        if review.period.unit is not Unit.WEEK
        else format_period(review.period),
        covered=covered(review.coverage),
        nothing=NOTHING,
        begin="valuelog today --catch-up" if review.today in review.period else "valuelog add improvement",
        left=left_behind(review) if review.score.value and not enough else "",
        tiles=tuple(_tiles(review)) if enough else (),
        pictures=tuple(pictures(report)),
        printed=PRINTED,
        printed_proven=PRINTED_PROVEN,
        opened=value if opened else (),
        proven=() if opened else _proven(review),
        closed=work if opened else (*value, *work),
        projects=[(one, _share(one)) for one in review.projects[:MOST]],
        more_projects=max(0, len(review.projects) - MOST),
        stalled_projects=[(owned.project.name, owned.summary(review.today)) for owned in review.stalled_projects],
        pains=tuple(_pains(review)),
        more_pains=max(0, len(review.pains) - MOST),
        levels=levels(review),
        findings=findings(review),
    )


def _tiles(review: Review) -> Iterator[Tile]:
    now, comparison = review.score, review.trend.comparison
    low, high = (100 * edge for edge in now.interval or (0, 1))
    yield Tile("share of value", percent(now.share), f"between {low:.0f} and {high:.0f} %")
    if comparison.difference is None:
        yield Tile("trend", "–", f"too few earlier {_unit(review)}s to compare with")
    else:
        yield Tile("trend", str(comparison.verdict), f"usually {percent(comparison.baseline.share)}")
    yield Tile("evidence", f"{review.tally.with_evidence} of {review.tally.value}", "say how one knows")
    yield Tile("helping", percent(now.helping_share), "of all entries; a fifth is a good measure")
    if now.minutes:
        yield Tile("time", percent(now.minutes.share), "of the minutes went into value")


def _listed(review: Review, kinds: Iterable[Kind]) -> Iterator[Listed]:
    for kind in kinds:
        found = tuple(entry for entry in review.entries if entry.kind is kind)
        if found:
            yield Listed(str(kind), review.usual.get(kind), found)


def _lies_open(review: Review) -> bool:
    """Tell whether all of value has room on two printed pages, in two columns."""
    return sum(_lines(one) for one in review.entries if one.kind in VALUE_KINDS) <= ROOM


def _lines(entry: Entry) -> float:
    """Return how many lines an entry takes where it is printed."""
    said = f"{format_day(entry.day)} {entry.text} {' '.join(facts(entry))}"
    lines = [line for text in (said, entry.evidence) if text for line in text.split("\n")]
    return min(CLAMPED, sum(-(-len(line) // LINE) for line in lines)) + APART


def _unit(review: Review) -> str:
    return "period" if review.period.unit is Unit.SPAN else str(review.period.unit)


def _proven(review: Review) -> tuple[Entry, ...]:
    """Return the latest entries of value that say how one knows."""
    found = [entry for entry in review.entries if entry.kind in VALUE_KINDS and entry.evidence]
    return tuple(found[-PROVEN:])


def _pains(review: Review) -> Iterator[Friction]:
    most = max((pain.days_seen for pain in review.pains), default=1)
    for pain in review.pains[:MOST]:
        yield Friction(pain, pain.days_seen / most, felt(pain, review.today), _now(pain, review))


def _now(pain: PainPoint, review: Review) -> str:
    if pain.closed_on or pain.step_by:
        return latest(pain, review.today)
    return "a step, without a day" if pain.step else "no step yet"


def _share(project: ProjectShare) -> str:
    return percent(compute_score(project.tally).share)
