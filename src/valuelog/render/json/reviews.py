"""Numbers as JSON and as plain records: reviews, trends, calendars, projects, the status and evening summaries."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from valuelog.model.entry import Kind
from valuelog.render.json import plain_attributes
from valuelog.render.json.entries import entry_document
from valuelog.render.json.followed import (
    effort_document,
    ended_project_record,
    lesson_document,
    lesson_record,
    measurement_document,
    pain_document,
    pain_record,
    project_document,
    promise_document,
    side_counts,
    timeline_document,
)

if TYPE_CHECKING:
    from datetime import date

    from valuelog.analysis.findings import Finding
    from valuelog.analysis.review import Review
    from valuelog.analysis.score import MinutesScore, Score
    from valuelog.analysis.trend import Trend
    from valuelog.analysis.year import PeriodSummary, Year
    from valuelog.model.period import Period
    from valuelog.model.tally import Tally
    from valuelog.workflows.evening import EveningSummary
    from valuelog.workflows.findings import FindingList, MuteResult
    from valuelog.workflows.projects import ProjectDetails
    from valuelog.workflows.status import Status


def period_document(period: "Period") -> dict[str, object]:
    """Return a period as a JSON object."""
    return plain_attributes(period, "name", "start", "end")


def tally_document(tally: "Tally") -> dict[str, object]:
    """Return the number of entries on each side, how many are proven, and the minutes if any entry has some."""
    minutes = sum(tally.minutes.values()) if tally.with_minutes else None
    return {**side_counts(tally), "proven": tally.proven, "minutes": minutes}


def score_document(score: "Score") -> dict[str, object]:
    """Return a score as a JSON object; it has the same keys everywhere."""
    return {
        **plain_attributes(score, "value", "proven", "work", "share", "ratio"),
        "interval": list(score.interval) if score.interval else None,
        "enough": score.has_enough_entries,
        "minutes": _minutes_document(score.minutes) if score.minutes else None,
    }


def _minutes_document(minutes: "MinutesScore") -> dict[str, object]:
    return {**plain_attributes(minutes, "value", "work", "share"), "with": minutes.with_minutes, "of": minutes.n}


def findings_document(findings: "Sequence[Finding]") -> list[dict[str, object]]:
    """Return findings as a JSON list."""
    return [plain_attributes(finding, "id", "about", "text", "command") for finding in findings]


def _finding_records(findings: "Iterable[Finding]") -> Iterator[tuple[object, ...]]:
    for finding in findings:
        yield "finding", finding.id, finding.text, finding.command


def review_document(review: "Review") -> dict[str, object]:
    """Return a review as a JSON object."""
    return {
        "period": period_document(review.period),
        "score": score_document(review.score),
        "kinds": {str(kind): review.tally[kind] for kind in Kind},
        "days": [{"day": day.isoformat(), **tally_document(tally)} for day, tally in review.days],
        "trend": trend_document(review.trend),
        "coverage": {"workdays": review.coverage.workdays, "written": review.coverage.logged},
        "evidence": {"with": review.tally.with_evidence, "of": review.tally.value},
        "habit": review.habit.strength,
        "streak": review.habit.streak,
        "people": [{"name": name, "helped": times} for name, times in review.people],
        "findings": findings_document(review.findings),
        "pains": [pain_document(pain) for pain in review.pains],
        "projects": [
            {
                **plain_attributes(each.project, "id", "slug", "name", "state"),
                **side_counts(each.tally),
                **plain_attributes(each.project, "closed_on", "result", "lesson"),
                **effort_document(each.effort),
            }
            for each in review.projects
        ],
        "learned": [lesson_document(each) for each in review.learned],
        "noticed": [plain_attributes(entry, "day", "text", "id") for entry in review.noticed],
        "promises": [promise_document(promise) for promise in review.promises],
        "reflection": [
            plain_attributes(reflection, "id", "period", "question", "answer", "promise")
            for reflection in review.reflections
        ],
        "entries": [entry_document(entry) for entry in review.entries],
    }


def review_records(review: "Review") -> Iterator[tuple[object, ...]]:
    """Yield named figures, then one record per day, kind, person, and everything that is followed."""
    score = review.score
    yield "period", review.period.name, review.period.start, review.period.end
    yield "score", score.value, score.work, score.share, score.interval
    yield "verdict", str(review.trend.comparison.verdict), review.trend.comparison.baseline.share
    yield "coverage", review.coverage.logged, review.coverage.workdays
    yield "evidence", review.tally.with_evidence, review.tally.value
    yield "habit", review.habit.strength, review.habit.streak
    for day, tally in review.days:
        yield "day", day, tally.value, tally.work
    for kind in Kind:
        yield "kind", str(kind), review.tally[kind]
    for name, times in review.people:
        yield "person", name, times
    for promise in review.promises:
        yield "promise", promise.id, str(promise.state), promise.due, promise.text, str(promise.kind)
    for pain in review.pains:
        yield "pain", *pain_record(pain)
    for each in review.projects:
        yield "project", each.project.id, each.project.slug, str(each.project.state), each.tally.value, each.tally.work
    yield from _learning_records(review)
    for reflection in review.reflections:
        yield "reflection", reflection.id, reflection.period, reflection.question, reflection.answer
    yield from _finding_records(review.findings)


def _learning_records(review: "Review") -> Iterator[tuple[object, ...]]:
    """Yield one record per project that ended, per lesson and per insight."""
    yield from map(ended_project_record, review.ended_projects)
    yield from map(lesson_record, review.learned)
    for entry in review.noticed:
        yield "noticed", entry.day, entry.id, entry.text


def trend_document(trend: "Trend") -> dict[str, object]:
    """Return a trend as a JSON object."""
    comparison = trend.comparison
    return {
        "verdict": str(comparison.verdict),
        "baseline": plain_attributes(comparison.baseline, "periods", "share", "n"),
        "rho": comparison.rho,
        "dispersion": None,
        "difference": list(comparison.difference) if comparison.difference else None,
        "since": comparison.since.name if comparison.since else None,
        "parts": comparison.parts._asdict() if comparison.parts else None,
        "doubts": [str(each.doubt) for each in comparison.doubts],
        "periods": [
            {"name": period.name, **plain_attributes(score, "value", "proven", "work", "share")}
            for period, score in trend.scores
        ],
    }


def trend_records(trend: "Trend") -> Iterator[tuple[object, ...]]:
    """Yield one record per period (name, value, work, share), then the verdict."""
    for period, score in trend.scores:
        yield period.name, score.value, score.work, score.share
    yield "verdict", str(trend.comparison.verdict), trend.comparison.baseline.share


def calendar_document(year: "Year") -> dict[str, object]:
    """Return the scores of a year and of its quarters, and the days with entries."""
    return {
        **_summary_document(year.whole),
        "quarters": [_summary_document(quarter) for quarter in year.quarters],
        "days": [{"day": day.isoformat(), **tally_document(tally)} for day, tally in sorted(year.days.items())],
    }


def _summary_document(summary: "PeriodSummary") -> dict[str, object]:
    return {
        "period": period_document(summary.period),
        "score": score_document(summary.score),
        "written": summary.logged,
    }


def calendar_records(year: "Year") -> Iterator[tuple[object, ...]]:
    """Yield one record per day with entries: day, value, work."""
    for day, tally in sorted(year.days.items()):
        yield day, tally.value, tally.work


def project_details_document(details: "ProjectDetails") -> dict[str, object]:
    """Return a project with its numbers; `value` are its value entries, `parts` its weeks or months."""
    history = details.history
    return {
        **project_document(details.project),
        "score": score_document(history.score),
        "evidenced": history.with_evidence,
        "parts": [{"name": period.name, **side_counts(tally)} for period, tally in history.parts],
        "findings": findings_document(details.findings),
        "value": [entry_document(entry) for entry in history.value],
        **effort_document(history.effort),
        "readings": [measurement_document(each) for each in history.measurements],
        "story": timeline_document(details.story),
    }


def project_details_records(details: "ProjectDetails") -> Iterator[tuple[object, ...]]:
    """Yield named figures, then one record per week or month and per finding."""
    project, history = details.project, details.history
    yield "project", project.id, project.slug, str(project.state), project.name
    yield "score", history.score.value, history.score.work, history.score.share, history.score.interval
    for period, tally in history.parts:
        yield "part", period.name, tally.value, tally.work
    yield "effort", history.effort.entries, history.effort.minutes if history.effort.timed else None
    for each in history.measurements:
        yield "reading", each.day, each.number, each.value
    yield from _finding_records(details.findings)


def status_document(status: "Status") -> dict[str, object]:
    """Return what the bare command shows."""
    week = status.week
    return {
        "day": status.day.isoformat(),
        "today": tally_document(status.tally),
        "week": {"name": week.period.name, "score": score_document(week.score)},
        "habit": week.habit.strength,
        "streak": week.habit.streak,
        "promises": [promise_document(promise) for promise in status.due],
        "findings": findings_document([status.finding] if status.finding else []),
    }


def status_records(status: "Status") -> Iterator[tuple[object, ...]]:
    """Yield named figures, then the due promises and the finding."""
    week = status.week
    yield "today", status.day, status.tally.value, status.tally.work
    yield "week", week.period.name, week.score.value, week.score.work, week.score.share
    yield "habit", week.habit.strength, week.habit.streak
    for promise in status.due:
        yield "promise", promise.id, promise.due, promise.text
    yield from _finding_records([status.finding] if status.finding else [])


def evening_summary_document(summary: "EveningSummary") -> dict[str, object]:
    """Return an evening summary as a JSON object."""
    return {
        "day": summary.day.isoformat(),
        "saved": summary.saved_count,
        "today": tally_document(summary.tally),
        "week": {"name": summary.week.period.name, "score": score_document(summary.week.score)},
        "findings": findings_document([summary.finding] if summary.finding else []),
    }


def evening_summary_records(summary: "EveningSummary") -> Iterator[tuple[object, ...]]:
    """Yield named figures."""
    yield "saved", summary.day, summary.saved_count
    yield "today", summary.tally.value, summary.tally.work
    yield "week", summary.week.score.value, summary.week.score.work, summary.week.score.share


def findings_list_document(listed: "FindingList") -> dict[str, object]:
    """Return findings with the next review day that can show them, and what is snoozed or, without a day, off."""
    return {
        "findings": [
            {
                **plain_attributes(each.finding, "id", "about", "text", "command"),
                "next": each.next_on.isoformat() if each.next_on else None,
            }
            for each in listed.findings
        ],
        "muted": [_mute_document(mute.rule, mute.about, mute.until) for mute in listed.mutes],
    }


def findings_list_records(listed: "FindingList") -> Iterator[tuple[object, ...]]:
    """Yield one record per finding, then one for each that is snoozed or off."""
    for each in listed.findings:
        yield "finding", each.finding.id, each.finding.about, each.next_on, each.finding.text, each.finding.command
    for mute in listed.mutes:
        yield "muted", mute.rule, mute.about, mute.until


def mute_result_document(result: "MuteResult") -> dict[str, object]:
    """Return what was snoozed, turned off or turned on."""
    return {**_mute_document(result.rule, result.about, result.until), "shown": result.verb in {"Turned on", None}}


def _mute_document(rule: str, about: str | None, until: "date | None") -> dict[str, object]:
    return {"id": rule, "about": about, "until": until.isoformat() if until else None}
