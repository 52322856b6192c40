"""A Review."""

from collections.abc import Iterator

from valuelog.analysis.review import Review
from valuelog.model.entry import Kind
from valuelog.model.period import Period
from valuelog.model.tally import Tally
from valuelog.render.json import entry, pain, promise, score, trend
from valuelog.render.json.projects import side_counts


def period_document(period: Period) -> dict[str, object]:
    """Return a Period as JSON has it."""
    return {"name": period.name, "start": period.start.isoformat(), "end": period.end.isoformat()}


def tally_document(tally: Tally) -> dict[str, object]:
    """Return both sides of a Tally, and the minutes if any entry carries some."""
    minutes = sum(tally.minutes.values()) if tally.with_minutes else None
    return {"value": tally.value, "work": tally.work, "minutes": minutes}


def document(review: Review) -> dict[str, object]:
    """Return a Review as JSON has it."""
    return {
        "period": period_document(review.period),
        "score": score.document(review.score),
        "kinds": {str(kind): review.tally[kind] for kind in Kind},
        "days": [{"day": day.isoformat(), **tally_document(tally)} for day, tally in review.days],
        "trend": trend.document(review.trend),
        "coverage": {"workdays": review.coverage.workdays, "written": review.coverage.logged},
        "evidence": {"with": review.tally.with_evidence, "of": review.tally.value},
        "habit": review.habit.strength,
        "streak": review.habit.streak,
        "people": [{"name": name, "helped": helped} for name, helped in review.people],
        "findings": findings_document(review),
        "pains": [pain.document(each) for each in review.pains],
        "projects": [
            {
                "id": each.project.id,
                "slug": each.project.slug,
                "name": each.project.name,
                "state": str(each.project.state),
                **side_counts(each.tally),
            }
            for each in review.projects
        ],
        "promises": [promise.document(each) for each in review.promises],
        "reflection": [
            {name: getattr(each, name) for name in ("id", "period", "question", "answer", "promise")}
            for each in review.reflections
        ],
        "entries": [entry.document(each) for each in review.entries],
    }


def findings_document(review: Review) -> list[dict[str, str]]:
    """Return the Findings of a Review as JSON has them."""
    return [{"id": found.id, "text": found.text, "command": found.command} for found in review.findings]


def records(review: Review) -> Iterator[tuple[object, ...]]:
    """Return named figures, then a record a day, a kind, a person, and all that is followed."""
    figures = review.score
    yield "period", review.period.name, review.period.start, review.period.end
    yield "score", figures.value, figures.work, figures.share, figures.interval
    yield "verdict", str(review.trend.comparison.verdict), review.trend.comparison.baseline.share
    yield "coverage", review.coverage.logged, review.coverage.workdays
    yield "evidence", review.tally.with_evidence, review.tally.value
    yield "habit", review.habit.strength, review.habit.streak
    for day, tally in review.days:
        yield "day", day, tally.value, tally.work
    for kind in Kind:
        yield "kind", str(kind), review.tally[kind]
    for name, helped in review.people:
        yield "person", name, helped
    for one in review.promises:
        yield "promise", one.id, str(one.state), one.due, one.text, str(one.kind)
    for hurting in review.pains:
        yield "pain", *next(pain.records(hurting))
    for each in review.projects:
        yield "project", each.project.id, each.project.slug, str(each.project.state), each.tally.value, each.tally.work
    for said in review.reflections:
        yield "reflection", said.id, said.period, said.question, said.answer
    for found in review.findings:
        yield "finding", found.id, found.text, found.command
