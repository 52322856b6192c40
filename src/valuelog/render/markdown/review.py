"""A review as Markdown: the same blocks as on the terminal, with the total last."""

from collections.abc import Iterable, Iterator

from valuelog.analysis.projects import Lesson
from valuelog.analysis.review import Review, split_review
from valuelog.analysis.score import compute_score
from valuelog.model.entry import VALUE_KINDS, Entry, Kind, largest_first
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import format_day, format_period
from valuelog.model.project import ProjectState
from valuelog.model.promise import Promise
from valuelog.model.recurrence import format_recurrence
from valuelog.render.markdown.text import escape_markdown, format_table
from valuelog.render.words import (
    NO_ENTRIES,
    NO_WORK_OR_VALUE,
    TOO_FEW_ENTRIES,
    format_balance,
    format_coverage,
    format_ending,
    format_failure,
    format_minutes_share,
    format_pain_status,
    format_part,
    format_percent,
    format_promise,
    format_share_with_interval,
    format_sightings,
    format_verdict,
    list_benefits,
)


def markdown(review: Review) -> str:
    """Return a Review as a Markdown document."""
    return "\n\n".join(filter(None, _blocks(review))) + "\n"


def _blocks(review: Review) -> Iterator[str]:
    yield f"# {format_period(review.period)}"
    yield format_coverage(review.coverage)
    yield from _balance_and_kinds(review) if review.score.n else [NO_WORK_OR_VALUE if review.entries else NO_ENTRIES]
    yield _section("Promises", (_promise(promise) for promise in review.promises))
    yield _section(
        "Next level",
        (f"{each.period}: {escape_markdown(_collapse_whitespace(each.answer))}" for each in review.level_answers),
    )
    yield _section("Closed", _ended_projects(review, ProjectState.CLOSED))
    for heading, state in (("Fixed", PainState.FIXED), ("Dropped", PainState.DROPPED)):
        projects = _ended_projects(review, ProjectState.DROPPED) if state is PainState.DROPPED else ()
        pains = (_pain(pain, review) for pain in review.closed_pains if pain.state is state)
        yield _section(heading, (*projects, *pains))
    yield _section("Open", _open_items(review))
    yield _section("Learned", map(_lesson, review.learned))
    yield _section("Noticed", map(_entry, review.noticed))
    yield _section(
        "What to do", (f"{escape_markdown(finding.text)} `{finding.command}`" for finding in review.listed_findings)
    )
    if review.score.n:
        yield f"**{format_balance(review.score)}** · {_share_and_verdict(review)}"


def _share_and_verdict(review: Review) -> str:
    """Return the share and the verdict, if there are enough entries."""
    if not review.score.has_enough_entries:
        return TOO_FEW_ENTRIES
    minutes = review.score.minutes
    timed = f" · {format_minutes_share(minutes)}" if minutes else ""
    return f"{format_share_with_interval(review.score)}{timed} · {format_verdict(review.trend.comparison)}"


def _balance_and_kinds(review: Review) -> Iterator[str]:
    """Yield a table of both sides, if there are enough entries, then the entries of each kind."""
    if review.score.has_enough_entries:
        rows: list[tuple[object, ...]] = [
            (format_part(part), tally.work, tally.value, format_percent(compute_score(tally).share))
            for part, tally in split_review(review)
        ]
        yield format_table(("", "work", "value", "share"), rows)
    for kind in (*VALUE_KINDS, Kind.ACTIVITY):
        yield _kind(review, kind)


def _section(name: str, lines: Iterable[str]) -> str:
    """Return a heading and the lines below it, if there are any."""
    items = "\n".join(f"- {line}" for line in lines)
    return f"## {name}\n\n{items}" if items else ""


def _kind(review: Review, kind: Kind) -> str:
    """Return the entries of a kind, below how many of them count."""
    entries = largest_first(entry for entry in review.entries if entry.kind is kind)
    usual = f", usually {review.usual[kind]:.1f}" if review.usual else ""
    return _section(f"{str(kind).capitalize()} ({review.tally[kind]}{usual})", map(_entry, entries))


def _entry(entry: Entry) -> str:
    evidence = f"evidence: {escape_markdown(entry.evidence)}" if entry.evidence else ""
    details = list(filter(None, (*map(escape_markdown, list_benefits(entry)), format_failure(entry), evidence)))
    text = escape_markdown(entry.text.replace("\n", " "))
    return f"{text} ({', '.join(details)})" if details else text


def _promise(promise: Promise) -> str:
    state = f"due {format_day(promise.due)}" if promise.is_open else str(promise.state)
    every = f", {format_recurrence(promise.every)}" if promise.every else ""
    return f"{escape_markdown(format_promise(promise))} ({state}{every})"


def _ended_projects(review: Review, state: ProjectState) -> Iterator[str]:
    """Yield the projects that ended in the period with this state, with their result or why, and what they took."""
    for each in review.ended_projects:
        if each.project.state is state:
            yield ": ".join(map(escape_markdown, filter(None, (each.project.name, format_ending(each)))))


def _lesson(lesson: Lesson) -> str:
    project = f" ({lesson.project.name})" if lesson.project else ""
    return escape_markdown(_collapse_whitespace(lesson.text) + project)


def _open_items(review: Review) -> Iterator[str]:
    """Yield the open pain points, and the stalled projects."""
    yield from (_pain(pain, review) for pain in review.pains if pain.is_open)
    for activity in review.stalled_projects:
        yield f"{escape_markdown(activity.project.name)} ({activity.summary(review.today, with_time=True)})"


def _pain(pain: PainPoint, review: Review) -> str:
    facts = [format_sightings(pain, review.today)]
    if pain.closed_on or pain.step_by:
        facts.append(format_pain_status(pain, review.today))
    more = pain.step if pain.is_open else pain.how
    return f"{escape_markdown(_collapse_whitespace(pain.text))} ({', '.join(facts)})" + (
        f": {escape_markdown(_collapse_whitespace(more))}" if more else ""
    )


def _collapse_whitespace(text: str) -> str:
    return " ".join(text.split())
