"""Pain points, projects and promises as JSON and as plain records."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from valuelog.model.entry import Entry
from valuelog.model.pain import PainPoint
from valuelog.model.project import Measurement, Project
from valuelog.model.promise import Promise
from valuelog.render.json import plain_attributes
from valuelog.render.json.entries import entry_document, entry_record

if TYPE_CHECKING:
    from valuelog.analysis.projects import EndedProject, Lesson
    from valuelog.analysis.timeline import Event
    from valuelog.model.tally import Effort, Tally
    from valuelog.workflows.lookup import EntityDetails, PainList
    from valuelog.workflows.projects import ProjectList, Readings
    from valuelog.workflows.promises import PromiseList


def pain_document(pain: PainPoint) -> dict[str, object]:
    """Return a pain point as a JSON object."""
    return {
        **plain_attributes(pain, "id", "text", "state", "first_seen", "last_seen", "days_seen", "people"),
        "sightings": [plain_attributes(sighting, "day", "text") for sighting in pain.sightings],
        **plain_attributes(pain, "shared", "better", "step", "step_by", "hit", "closed_on", "how", "fix"),
        **plain_attributes(pain, "raised_on", "raised_outcome", "created"),
    }


def pain_record(pain: PainPoint) -> tuple[object, ...]:
    """Return a pain point as one record: id, state, last day, number of days, text."""
    return pain.id, str(pain.state), pain.last_seen, pain.days_seen, pain.text


def pains_document(pain_list: "PainList") -> list[object]:
    """Return a list of pain points as a JSON list."""
    return [pain_document(pain) for pain in pain_list.pains]


def pains_records(pain_list: "PainList") -> Iterator[tuple[object, ...]]:
    """Yield one record per pain point."""
    return map(pain_record, pain_list.pains)


def project_document(project: Project) -> dict[str, object]:
    """Return a project as a JSON object."""
    return plain_attributes(project, *_PROJECT_KEYS)


_PROJECT_KEYS = (
    "id", "slug", "name", "state", "started_on", "problem", "measure", "aim", "closed_on", "result", "evidence",
    "lesson",
)  # fmt: skip


def effort_document(effort: "Effort | None") -> dict[str, int | None]:
    """Return the number of entries of a project, and their minutes if any has some."""
    if effort is None:
        return {"entries": None, "minutes": None}
    return {"entries": effort.entries, "minutes": effort.minutes if effort.timed else None}


def lesson_document(lesson: "Lesson") -> dict[str, object]:
    """Return something learned as a JSON object, with the id of its entry or the slug of its project."""
    return {
        **plain_attributes(lesson, "day", "text"),
        "entry": lesson.entry_id,
        "project": lesson.project.slug if lesson.project else None,
    }


def lesson_record(lesson: "Lesson") -> tuple[object, ...]:
    """Return something learned as one record: learned, day, entry, project, text."""
    return "learned", lesson.day, lesson.entry_id, lesson.project.slug if lesson.project else None, lesson.text


def ended_project_record(ended: "EndedProject") -> tuple[object, ...]:
    """Return a closed or dropped project as one record: ended, slug, state, day, entries, minutes, result, lesson."""
    project, (entries, minutes) = ended.project, effort_document(ended.effort).values()
    state = str(project.state)
    return "ended", project.slug, state, project.closed_on, entries, minutes, project.result, project.lesson


def measurement_document(measurement: Measurement) -> dict[str, object]:
    """Return a reading of the measure of a project as a JSON object."""
    return plain_attributes(measurement, "id", "day", "value", "number", "created")


def readings_document(readings: "Readings") -> list[object]:
    """Return the readings of a project as a JSON list."""
    return [measurement_document(each) for each in readings.measurements]


def readings_records(readings: "Readings") -> Iterator[tuple[object, ...]]:
    """Yield one record per reading: day, number, value."""
    for each in readings.measurements:
        yield each.day, each.number, each.value


def side_counts(tally: "Tally") -> dict[str, int]:
    """Return the number of entries on each side."""
    return {"value": tally.value, "work": tally.work}


def projects_document(project_list: "ProjectList") -> list[object]:
    """Return the projects as a JSON list; `lately` counts the last three weeks."""
    return [
        {
            **project_document(each.project),
            **side_counts(each.tally),
            "lately": side_counts(each.recent),
            **effort_document(each.effort),
        }
        for each in project_list.projects
    ]


def projects_records(project_list: "ProjectList") -> Iterator[tuple[object, ...]]:
    """Yield one record per project: id, slug, state, start, value, work, both of the last three weeks, name."""
    for each in project_list.projects:
        project, tally, recent = each.project, each.tally, each.recent
        counts = (tally.value, tally.work, recent.value, recent.work)
        yield project.id, project.slug, str(project.state), project.started_on, *counts, project.name


def promise_document(promise: Promise) -> dict[str, object]:
    """Return a promise as a JSON object; `pain` is the id of the pain point that a step is for."""
    return plain_attributes(
        promise,
        *("id", "kind", "text", "state", "made_on", "due", "carried", "pain", "closed_on"),
        *("every", "since", "planned", "created"),
    )


def promise_record(promise: Promise) -> tuple[object, ...]:
    """Return a promise as one record: id, kind, state, due day, times carried over, pain point, text, how often."""
    state, every = str(promise.state), [str(promise.every)] if promise.every else []
    return promise.id, str(promise.kind), state, promise.due, promise.carried, promise.pain, promise.text, *every


def promises_document(promise_list: "PromiseList") -> list[object]:
    """Return promises as a JSON list."""
    return [promise_document(promise) for promise in promise_list.promises]


def promises_records(promise_list: "PromiseList") -> Iterator[tuple[object, ...]]:
    """Yield one record per promise."""
    return map(promise_record, promise_list.promises)


def entity_document(details: "EntityDetails") -> dict[str, object]:
    """Return the entity of an id; a pain point with its story and its fix, if those were loaded."""
    match details.entity:
        case Entry():
            return entry_document(details.entity)
        case PainPoint():
            if not details.story:
                return pain_document(details.entity)
            fix = entry_document(details.fix) if details.fix else None
            return {**pain_document(details.entity), "story": timeline_document(details.story), "improvement": fix}
        case Promise():
            return promise_document(details.entity)
        case Project():
            return project_document(details.entity)


def timeline_document(events: "Sequence[Event]") -> list[dict[str, object]]:
    """Return the story of a pain point as a JSON list."""
    return [
        {
            "day": event.day.isoformat(),
            "turn": str(event.kind),
            "text": event.text,
            "until": event.due.isoformat() if event.due else None,
            "entry": event.entry_id,
        }
        for event in events
    ]


def entity_records(details: "EntityDetails") -> Iterator[tuple[object, ...]]:
    """Yield one record for the entity of an id."""
    match details.entity:
        case Entry() as entry:
            yield entry_record(entry)
        case PainPoint() as pain:
            yield pain_record(pain)
        case Promise() as promise:
            yield promise_record(promise)
        case Project() as project:
            yield project.id, project.slug, str(project.state), project.started_on, project.name
