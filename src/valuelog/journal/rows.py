"""Between the fields that changes carry, the rows of tables, and the values of the model."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from valuelog.journal.changes import Fields
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind
from valuelog.model.pain import PainPoint, PainState, Sighting

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


def pain_of(row: tuple[Any, ...], sightings: tuple[Sighting, ...]) -> PainPoint:
    """Read a PainPoint, its sightings at hand."""
    name, text, state, shared, better, step, step_by, hit, created, offset, deleted = row
    return PainPoint(
        id=name,
        text=text,
        state=PainState(state),
        shared=shared,
        better=better,
        step=step,
        step_by=date.fromisoformat(step_by) if step_by else None,
        hit=hit,
        created=moment_of(created, offset),
        deleted=moment_of(deleted, offset) if deleted else None,
        sightings=sightings,
    )


def sighting_of(row: tuple[Any, ...]) -> Sighting:
    """Read a Sighting."""
    name, day, text, created, offset = row
    return Sighting(id=name, day=date.fromisoformat(day), text=text, created=moment_of(created, offset))
