"""A review as Markdown: the same blocks as on the terminal, in the same order, with the total last."""

from collections import Counter
from collections.abc import Iterable, Iterator

from valuelog.analysis.review import Review, split_review
from valuelog.analysis.score import compute_score
from valuelog.analysis.sentences import Sentence
from valuelog.model.entry import VALUE_KINDS, Entry, Kind
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import format_day, format_period
from valuelog.model.project import ProjectState
from valuelog.model.promise import Promise
from valuelog.model.text import format_times
from valuelog.render.markdown.text import escape_markdown, format_table
from valuelog.render.words import (
    NO_ENTRIES,
    NO_WORK_OR_VALUE,
    TOO_FEW_ENTRIES,
    format_balance,
    format_coverage,
    format_ending,
    format_failure,
    format_felt,
    format_labelled_promise,
    format_minutes_share,
    format_part,
    format_percent,
    format_proven,
    format_raised,
    format_review_verdict,
    format_share_with_interval,
    list_facts,
)


def markdown(review: Review) -> str:
    """Return a Review as a Markdown document."""
    return _document(review, _blocks(review))


def markdown_with_numbers(review: Review) -> str:
    """Return a Review as a Markdown document with a table of value by kind."""
    return _document(review, _blocks(review, with_numbers=True))


def _document(review: Review, blocks: Iterable[str]) -> str:
    total = f"**{format_balance(review.score)}** · {_share_and_verdict(review)}" if review.score.n else ""
    return "\n\n".join(filter(None, (*blocks, total))) + "\n"


def _blocks(review: Review, *, with_numbers: bool = False) -> Iterator[str]:
    yield f"# {format_period(review.period)}"
    yield format_coverage(review.coverage)
    if not review.score.n:
        yield NO_WORK_OR_VALUE if review.entries else NO_ENTRIES
    yield _section(f"Better because of you ({format_proven(review.score)})", map(_sentence, review.sentences))
    yield from _ended(review)
    yield _section("Still open", _open_items(review))
    yield _section("Learned", (_words(entry.text) for entry in review.entries if entry.kind is Kind.LEARNED))
    yield _section("Noticed", (f"{_words(entry.text)} ({_words(format_raised(entry))})" for entry in review.noticed))
    yield _section("Next level", (f"{each.period}: {_words(each.answer)}" for each in review.level_answers))
    if review.score.has_enough_entries:
        yield f"## Work and value\n\n{_parts(review)}"
    if with_numbers:
        yield _kinds(review)
    yield _section("Work", _work(review))
    yield _section("What to do", (escape_markdown(finding.text) for finding in review.listed_findings))


def _share_and_verdict(review: Review) -> str:
    """Return the share and the verdict, if there are enough entries."""
    if not review.score.has_enough_entries:
        return TOO_FEW_ENTRIES
    minutes = review.score.minutes
    timed = f" · {format_minutes_share(minutes)}" if minutes else ""
    return f"{format_share_with_interval(review.score)}{timed} · {format_review_verdict(review.trend)}"


def _section(name: str, lines: Iterable[str]) -> str:
    """Return a heading and the lines below it, if there are any."""
    items = "\n".join(f"- {line}" for line in lines)
    return f"## {name}\n\n{items}" if items else ""


def _words(text: str) -> str:
    """Return a text as one line of Markdown."""
    return escape_markdown(" ".join(text.split()))


# Your sentences


def _sentence(sentence: Sentence) -> str:
    sign = "◆" if sentence.is_proven else "◇"
    times = [format_times(sentence.times)] if sentence.times > 1 else []
    details = " · ".join(map(escape_markdown, (*list_facts(sentence.entry), *times)))
    evidence = "".join(f": {_words(each)}" for each in sentence.evidence)
    return f"{sign} {_words(sentence.entry.text)} ({details}){evidence}"


# What came of what you follow


def _ended(review: Review) -> Iterator[str]:
    """Yield what ended: projects, promises, pain points, and results that didn't hold."""
    dropped = (*_ended_projects(review, ProjectState.DROPPED), *_closed_pains(review, PainState.DROPPED))
    yield _section("Closed", _ended_projects(review, ProjectState.CLOSED))
    yield _section("Dropped", dropped)
    yield _section("Kept", (_settled(promise) for promise in review.kept_promises))
    yield _section("Not kept", (_settled(promise) for promise in review.broken_promises))
    yield _section("Fixed", _closed_pains(review, PainState.FIXED))
    yield _section("Not held", map(_failure, review.failed))


def _ended_projects(review: Review, state: ProjectState) -> Iterator[str]:
    """Yield the projects that ended in the period, with their result or why, what they took and what they taught."""
    for each in review.ended_projects:
        if each.project.state is state:
            lesson = f" (learned: {_words(each.project.lesson)})" if each.project.lesson else ""
            yield ": ".join(map(_words, filter(None, (each.project.name, format_ending(each))))) + lesson


def _settled(promise: Promise) -> str:
    day = f" ({format_day(promise.closed_on)})" if promise.closed_on else ""
    return f"{_words(format_labelled_promise(promise))}{day}"


def _closed_pains(review: Review, state: PainState) -> Iterator[str]:
    return (_pain(pain, review) for pain in review.closed_pains if pain.state is state)


def _pain(pain: PainPoint, review: Review) -> str:
    more = pain.step if pain.is_open else pain.how
    return f"{_words(pain.text)} ({format_felt(pain, review.today)})" + (f": {_words(more)}" if more else "")


def _failure(entry: Entry) -> str:
    evidence = f", evidence: {_words(entry.evidence)}" if entry.evidence else ""
    return f"{_words(entry.text)} ({format_failure(entry)}{evidence})"


def _open_items(review: Review) -> Iterator[str]:
    """Yield the open pain points, the stalled projects and the open promises."""
    yield from (_pain(pain, review) for pain in review.open_pains)
    for activity in review.stalled_projects:
        yield f"{_words(activity.project.name)} ({activity.summary(review.today, with_time=True)})"
    for promise in review.open_promises:
        yield f"{_words(format_labelled_promise(promise))} (due {format_day(promise.due)})"


# Numbers


def _parts(review: Review) -> str:
    """Return a table of both sides, part by part."""
    rows: list[tuple[object, ...]] = [
        (format_part(part), tally.work, tally.value, format_percent(compute_score(tally).share))
        for part, tally in split_review(review)
    ]
    return format_table(("", "work", "value", "share"), rows)


def _kinds(review: Review) -> str:
    """Return a table of each kind against the usual."""
    rows = [
        (str(kind), review.tally[kind], *([f"{review.usual[kind]:.1f}"] if review.usual else []))
        for kind in (*VALUE_KINDS, Kind.ACTIVITY)
    ]
    return format_table(("", str(review.period.unit), "usual") if review.usual else ("", str(review.period.unit)), rows)


def _work(review: Review) -> Iterator[str]:
    """Yield the work of the period, the same words once."""
    texts = Counter(_words(entry.text) for entry in review.entries if entry.kind is Kind.ACTIVITY)
    return (f"{text} ({format_times(count)})" if count > 1 else text for text, count in texts.items())
