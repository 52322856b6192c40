"""A Brag as JSON and as plain records."""

from collections.abc import Iterator

from valuelog.analysis.brag import Brag, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup
from valuelog.model.pain import PainPoint
from valuelog.model.promise import Promise
from valuelog.render.json import plain_attributes
from valuelog.render.json.followed import (
    effort_document,
    ended_project_record,
    lesson_document,
    lesson_record,
    project_document,
)
from valuelog.render.json.reviews import period_document, score_document


def brag_document(brag: Brag) -> dict[str, object]:
    """Return a Brag as a JSON object; `told` are the listed achievements, best first, `more` counts the others."""
    return {
        "period": period_document(brag.period),
        "projects": [_project_section(each) for each in brag.project_sections],
        "outcomes": _achievement_group(brag.outcomes),
        "people": [{"name": each.name, "helped": each.times, **_achievement_group(each.group)} for each in brag.people],
        "also": [{"name": name, "helped": times} for name, times in brag.other_people],
        "helped": _achievement_group(brag.unnamed_help),
        "improved": [
            {"for": each.beneficiary and str(each.beneficiary), "count": each.count, **_achievement_group(each.group)}
            for each in brag.improvements
        ],
        "insights": _achievement_group(brag.insights),
        "fixed": [_pain(pain) for pain in brag.fixed_pains],
        "learned": [lesson_document(lesson) for lesson in brag.lessons],
        "requests": _achievement_group(brag.requests),
        "next_level": _achievement_group(brag.next_level),
        "stopped": [_stop(stop) for stop in brag.stops],
        "level": [plain_attributes(answer, "period", "answer") for answer in brag.level_answers],
        "highlights": [achievement_document(each) for each in brag.highlights],
        "audience": str(brag.audience),
        "name": brag.name,
        "expectations": _expectations(brag),
        "dropped": [{**project_document(each.project), **effort_document(each.effort)} for each in brag.dropped],
        "score": score_document(brag.score),
        "evidence": {"with": brag.tally.with_evidence, "of": brag.tally.value},
        "coverage": {"workdays": brag.coverage.workdays, "written": brag.coverage.logged},
        "gaps": [
            {
                "missing": list(gap.missing_fields),
                "of": gap.text,
                "id": gap.entry_id or gap.project,
                "command": brag.command(gap),
            }
            for gap in brag.gaps
        ],
    }


def _stop(stop: Promise) -> dict[str, object]:
    return plain_attributes(stop, "id", "text", "closed_on")


def _expectations(brag: Brag) -> list[object] | None:
    """Return each expectation with its evidence; None if there are none to meet."""
    if brag.expectations is None:
        return None
    return [
        {
            **plain_attributes(met.expectation, "text", "tags"),
            "told": [achievement_document(each) for each in met.achievements],
            "stopped": [_stop(stop) for stop in met.stops],
        }
        for met in brag.expectations
    ]


def _project_section(section: ProjectSection) -> dict[str, object]:
    return {
        **project_document(section.project),
        "missing": list(section.missing_fields),
        **_achievement_group(section.outcomes),
    }


def _achievement_group(group: AchievementGroup) -> dict[str, object]:
    return {"told": [achievement_document(each) for each in group.achievements], "more": group.more}


def achievement_document(achievement: Achievement) -> dict[str, object]:
    """Return an achievement as a JSON object; `entries` are the ids of all with the same wording, newest first."""
    return {
        **plain_attributes(achievement, "text", "times"),
        "first": achievement.days[0].isoformat(),
        "last": achievement.days[-1].isoformat(),
        **plain_attributes(achievement, "people", "effects", "beneficiaries", "evidence", "project"),
        "ended": _pain(achievement.fixed_pain) if achievement.fixed_pain else None,
        "entries": list(achievement.entries),
    }


def _pain(pain: PainPoint) -> dict[str, object]:
    return plain_attributes(pain, "id", "text", "first_seen", "days_seen", "closed_on", "how")


def brag_records(brag: Brag) -> Iterator[tuple[object, ...]]:
    """Yield the period, then one record per project, achievement and person, then the figures and the gaps."""
    yield "period", brag.period.name, brag.period.start, brag.period.end
    for section in brag.project_sections:
        project = section.project
        yield "project", project.slug, str(project.state), project.measure, project.result, project.evidence
        yield from _achievement_records("outcome", section.outcomes)
    yield from _achievement_records("outcome", brag.outcomes)
    for person in brag.people:
        yield "person", person.name, person.times
        yield from _achievement_records("helped", person.group)
    for name, times in brag.other_people:
        yield "person", name, times
    yield from _achievement_records("helped", brag.unnamed_help)
    for audience in brag.improvements:
        yield from _achievement_records("improvement", audience.group)
    yield from _achievement_records("insight", brag.insights)
    for pain in brag.fixed_pains:
        yield "fixed", pain.id, pain.first_seen, pain.closed_on, pain.text
    yield from _achievement_records("request", brag.requests)
    yield from _achievement_records("next-level", brag.next_level)
    for stop in brag.stops:
        yield "stopped", stop.id, stop.closed_on, stop.text
    for answer in brag.level_answers:
        yield "level", answer.period, answer.answer
    for met in brag.expectations or ():
        ids = tuple(each.entries[0] for each in met.achievements) + tuple(stop.id for stop in met.stops)
        yield "expectation", met.expectation.tags, ids, met.expectation.text
    yield from map(lesson_record, brag.lessons)
    yield from map(ended_project_record, brag.dropped)
    yield "score", brag.score.value, brag.score.work, brag.score.share, brag.score.interval
    yield "evidence", brag.tally.with_evidence, brag.tally.value
    yield "coverage", brag.coverage.logged, brag.coverage.workdays
    for gap in brag.gaps:
        yield "gap", gap.missing_fields, brag.command(gap), gap.text


def _achievement_records(kind: str, group: AchievementGroup) -> Iterator[tuple[object, ...]]:
    """Yield one record per achievement: kind, newest entry, times, last day, beneficiaries, evidence, text."""
    for each in group.achievements:
        yield kind, each.entries[0], each.times, each.days[-1], each.beneficiaries, "; ".join(each.evidence), each.text
