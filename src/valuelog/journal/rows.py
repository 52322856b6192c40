"""Between the fields that changes carry, the rows of tables, and the values of the model."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from valuelog.journal.changes import Fields
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind
from valuelog.model.pain import PainPoint, PainState, Sighting
from valuelog.model.project import Project, ProjectState
from valuelog.model.promise import Promise, PromiseKind, PromiseState, Reflection

ENTRY_COLUMNS = (
    "e.id, e.day, e.kind, e.text, e.minutes,"
    " (SELECT json_group_array(name) FROM (SELECT name FROM entry_person WHERE entry = e.id ORDER BY name)),"
    " (SELECT json_group_array(name) FROM (SELECT name FROM entry_tag WHERE entry = e.id ORDER BY name)),"
    " (SELECT slug FROM project WHERE id = e.project),"
    " e.effects, e.beneficiaries, e.evidence, e.origin, e.created, e.utc_offset, e.deleted"
)
"""What `entry_of` reads, of a table called e."""


def entry_of(row: tuple[Any, ...]) -> Entry:
    """Read an Entry."""
    name, day, kind, text, minutes, people, tags, project, effects, beneficiaries, evidence, origin, *times = row
    created, offset, deleted = times
    return Entry(
        id=name,
        day=date.fromisoformat(day),
        kind=Kind(kind),
        text=text,
        minutes=minutes,
        people=tuple(json.loads(people)),
        tags=tuple(json.loads(tags)),
        project=project,
        effects=tuple(map(Effect, json.loads(effects))),
        beneficiaries=tuple(map(Beneficiary, json.loads(beneficiaries))),
        evidence=evidence,
        origin=origin,
        created=moment_of(created, offset),
        deleted=moment_of(deleted, offset) if deleted else None,
    )


def entry_fields(entry: Entry) -> dict[str, Any]:
    """Return every field of an Entry that a person decides on, apart from its project."""
    return {
        "day": entry.day.isoformat(),
        "kind": str(entry.kind),
        "text": entry.text,
        "minutes": entry.minutes,
        "people": list(entry.people),
        "tags": list(entry.tags),
        "effects": [str(effect) for effect in entry.effects],
        "beneficiaries": [str(beneficiary) for beneficiary in entry.beneficiaries],
        "evidence": entry.evidence,
        "origin": entry.origin,
    }


def moment_of(utc: str, offset: int) -> datetime:
    """Read a moment as the clock on the wall showed it; `offset` in minutes."""
    return datetime.fromisoformat(utc).astimezone(timezone(timedelta(minutes=offset)))


def moment_fields(moment: datetime) -> Fields:
    """Write a moment: in UTC, with the local offset in minutes."""
    offset = moment.utcoffset()
    return {
        "created": moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z",
        "utc_offset": int(offset.total_seconds()) // 60 if offset else 0,
    }


PAIN_COLUMNS = (
    "p.id, p.text, p.state, p.shared, p.better, coalesce(step.text, p.step), step.due, p.hit,"
    " (SELECT max(closed_on) FROM promise WHERE pain = p.id AND state = 'kept' AND deleted IS NULL), p.closed_on,"
    " coalesce(p.how, (SELECT text FROM entry WHERE id = p.fix AND deleted IS NULL)), p.fix,"
    " p.created, p.utc_offset, p.deleted"
)
PAINS = (
    "pain p LEFT JOIN promise step ON step.id = (SELECT id FROM promise"
    " WHERE pain = p.id AND state = 'open' AND deleted IS NULL ORDER BY due, id LIMIT 1)"
)
"""What `pain_of` reads: pain points, each with the promise that is its step."""


def pain_of(row: tuple[Any, ...], sightings: tuple[Sighting, ...]) -> PainPoint:
    """Read a PainPoint, its sightings at hand. One that still hurts is planned while a step for it is promised."""
    name, text, said, shared, better, step, by, hit, tried, closed_on, how, fix, created, offset, deleted = row
    state = PainState(said)
    return PainPoint(
        id=name,
        text=text,
        state=PainState.PLANNED if by and state is PainState.OPEN else state,
        shared=shared,
        better=better,
        step=step,
        step_by=_day(by),
        hit=hit,
        tried_on=_day(tried),
        closed_on=_day(closed_on),
        how=how,
        fix=fix,
        created=moment_of(created, offset),
        deleted=moment_of(deleted, offset) if deleted else None,
        sightings=sightings,
    )


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def sighting_of(row: tuple[Any, ...]) -> Sighting:
    """Read a Sighting."""
    name, day, text, created, offset = row
    return Sighting(id=name, day=date.fromisoformat(day), text=text, created=moment_of(created, offset))


PROJECT_COLUMNS = (
    "id, slug, name, started_on, state, problem, measure, aim, result, evidence, lesson, closed_on,"
    " created, utc_offset, deleted"
)
"""What `project_of` reads."""


def project_of(row: tuple[Any, ...]) -> Project:
    """Read a Project."""
    name, slug, said, started, state, problem, measure, aim, result, evidence, lesson, closed, *times = row
    created, offset, deleted = times
    return Project(
        id=name,
        slug=slug,
        name=said,
        started_on=date.fromisoformat(started),
        state=ProjectState(state),
        problem=problem,
        measure=measure,
        aim=aim,
        result=result,
        evidence=evidence,
        lesson=lesson,
        closed_on=_day(closed),
        created=moment_of(created, offset),
        deleted=moment_of(deleted, offset) if deleted else None,
    )


PROMISE_COLUMNS = "id, kind, text, made_on, due, state, carried, pain, closed_on, created, utc_offset, deleted"
"""What `promise_of` reads."""


def promise_of(row: tuple[Any, ...]) -> Promise:
    """Read a Promise."""
    name, kind, text, made, due, state, carried, pain, closed, created, offset, deleted = row
    return Promise(
        id=name,
        kind=PromiseKind(kind),
        text=text,
        made_on=date.fromisoformat(made),
        due=date.fromisoformat(due),
        state=PromiseState(state),
        carried=carried,
        pain=pain,
        closed_on=_day(closed),
        created=moment_of(created, offset),
        deleted=moment_of(deleted, offset) if deleted else None,
    )


def reflection_of(row: tuple[Any, ...]) -> Reflection:
    """Read a Reflection."""
    name, period, question, answer, promise, created, offset = row
    return Reflection(
        id=name, period=period, question=question, answer=answer, promise=promise, created=moment_of(created, offset)
    )
