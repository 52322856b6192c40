"""jsonl: valuelog's own format, which loses nothing: a line a thing, in JSON, what others refer to first.

The first line says what it is and in which version. A thing has its kind under `entity`, its `id`, and the fields that
the journal keeps; those that say nothing are left out. A pain point has its sightings within.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from valuelog.exchange import LARGEST, LONGEST_LINE, Bad, Unreadable, Where
from valuelog.exchange.records import Wrong, day, listed, names_of, objects, parsed, patient, said, shown
from valuelog.model.entry import MAX_MINUTES, Beneficiary, Effect, Kind, clean_text, parse_choice
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainState
from valuelog.model.project import ProjectState, slugify
from valuelog.model.promise import PromiseKind, PromiseState

VERSION = 1
"""Files of a later version are refused."""

HEADING = {"entity": "valuelog", "version": VERSION}


class Thing(NamedTuple):
    """One thing of a journal: its kind, its id and its fields, as a journal keeps them. `place` says where it stood."""

    entity: str
    id: str
    fields: Mapping[str, Any]
    place: str = ""


def write(things: Iterable[Thing]) -> Iterator[str]:
    """Yield the lines of a file; sightings stand behind their pain point, and go into its line."""
    yield _line(HEADING)
    held: dict[str, Any] = {}
    for thing in things:
        if thing.entity == "sighting" and held:
            held["sightings"].append({"id": thing.id, **_without(thing.fields, "pain")})
            continue
        if held:
            yield _line(held)
        document = {"entity": thing.entity, "id": thing.id, **thing.fields}
        held = {**document, "sightings": []} if thing.entity == "pain" else {}
        if not held:
            yield _line(document)
    if held:
        yield _line(held)


def _line(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _without(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


def read(stream: BinaryIO, where: Where) -> Iterator[Thing | Bad]:
    """Yield the things of a file, a pain point before its sightings. Raises Unreadable if it is something else."""
    _ = where  # moments are in UTC, and days are days
    lines = _lines(stream)
    first = next(((place, raw) for place, raw in lines if raw), None)
    if not first:
        raise Unreadable("It is empty.", f"Such a file comes from: {MADE_WITH}")
    rest = lines if _is_heading(first[1]) else chain([first], lines)
    return patient(one for place, raw in rest if raw for one in _understood(place, raw))


MADE_WITH = "valuelog export jsonl FILE"


def _lines(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield the lines of a file without white space around them, each with its place."""
    left, number = LARGEST, 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        left -= len(raw)
        if len(raw) > LONGEST_LINE:
            raise Unreadable(f"Line {number:,} has more than {LONGEST_LINE:,} bytes.", "Is this the right file?")
        if left < 0:
            raise Unreadable(f"It is larger than {LARGEST:,} bytes.", "Split it.")
        yield f"line {number:,}", raw.removeprefix(b"\xef\xbb\xbf").strip()


def _is_heading(raw: bytes) -> bool:
    """Tell whether a line is the heading. Raises Unreadable for one of a later version."""
    try:
        found = parsed(raw)
    except Wrong:
        return False
    if not isinstance(found, dict) or found.get("entity") != HEADING["entity"]:
        return False
    if found.get("version") != VERSION:
        raise Unreadable(f"It is of version {shown(str(found.get('version')))}, not {VERSION}.", "Update valuelog.")
    return True


def _understood(place: str, raw: bytes) -> Iterator[Thing | Bad]:
    try:
        if not _is_heading(raw):
            yield from _things(_object(raw), place)
    except BadInput as error:
        yield Bad(place=place, why=error.message)


def _object(raw: bytes) -> Mapping[str, Any]:
    found = parsed(raw)
    if not isinstance(found, dict):
        raise Wrong("It is no JSON object.")
    return found


def _things(raw: Mapping[str, Any], place: str) -> list[Thing]:
    """Return a thing, and what stands within it."""
    entity = said(raw, "entity")
    if entity not in FIELDS or entity == "sighting":
        raise Wrong(
            f"“{shown(entity)}” is no kind of thing." if entity else "It does not say which kind of thing it is."
        )
    if entity != "pain":
        found = [_thing(entity, raw, place)]
    else:
        pain = _thing(entity, _without(raw, "sightings"), place)
        found = [pain, *(_thing("sighting", {**one, "pain": pain.id}, place) for one in objects(raw, "sightings"))]
    _insist_in_order(found)
    return found


def _insist_in_order(found: list[Thing]) -> None:
    """Raise Wrong for a thing that ends before it begins."""
    ended = found[0].fields.get("closed_on")
    begun = [one.fields[name] for one in found for name in ("started_on", "made_on", "day") if name in one.fields]
    if ended and begun and ended < min(begun):
        raise Wrong(f"It ends on {ended}, before it begins on {min(begun)}.")


def _thing(entity: str, raw: Mapping[str, Any], place: str) -> Thing:
    """Read a thing. Raises BadInput for a field that it cannot have, or that it lacks."""
    known, needed = FIELDS[entity], NEEDED[entity]
    fields: dict[str, Any] = {}
    for name, value in raw.items():
        if name in {"entity", "id"} or value is None:
            continue
        if name not in known:
            raise Wrong(f"It has “{shown(name)}”, which no {entity} has.")
        fields[name] = _read(name, known[name], value, raw)
    if missing := next((name for name in needed if name not in fields), None):
        raise Wrong(f"It lacks “{missing}”.")
    return Thing(entity, _ids(entity)(said(raw, "id")), fields, place)


def _read(name: str, read_one: "Reads", value: object, raw: Mapping[str, Any]) -> Any:  # noqa: ANN401  what it may be
    try:
        return read_one(name, value, raw)
    except BadInput as error:
        named = f"Its “{name}”"
        raise Wrong(error.message if error.message.startswith(named) else f"{named}: {error.message}") from error


Reads = Callable[[str, Any, Mapping[str, Any]], Any]
"""Reads a field of a name and a value out of an object."""

_ID = re.compile("[0-9a-hjkmnp-tv-z]{10}")


def _id(words: str) -> str:
    if not _ID.fullmatch(words):
        raise Wrong(f"“{shown(words)}” is no id.")
    return words


def _ids(entity: str) -> Callable[[str], str]:
    """Return how the ids of a kind of thing are read: some are days or names."""
    return {"day_off": lambda words: day(words).isoformat(), "asked": _name, "draft_seen": _name}.get(entity, _id)


def _name(words: str) -> str:
    if not re.fullmatch(r"[ -~]{1,300}|.{1,300}", words) or clean_text(words) != words:
        raise Wrong(f"“{shown(words)}” is no id.")
    return words


def _text(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    return clean_text(said(raw, name))


def _maybe_text(name: str, value: object, raw: Mapping[str, Any]) -> str:
    """Read a text that may be empty: an answer whose words are those of the promise that it became."""
    return _text(name, value, raw) if said(raw, name) else ""


def _day(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    return day(said(raw, name)).isoformat()


def _reference(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    return _id(said(raw, name))


def _names(name: str, value: object, raw: Mapping[str, Any]) -> list[str]:
    del value
    return list(names_of(name, listed(raw, name)))


def _moment(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    words = said(raw, name)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", words, re.ASCII):
        raise Wrong(f"“{shown(words)}” is no moment in UTC such as 2026-11-20T17:30:00.000Z.")
    try:
        found = datetime.fromisoformat(words)
    except ValueError as error:
        raise Wrong(f"“{shown(words)}” is not in the calendar.") from error
    if not date.min.year < found.astimezone(UTC).year < date.max.year:
        raise Wrong(f"The year {found.year} is not one that is read.")
    return words


def _whole(least: int, most: int) -> Reads:
    def read_whole(name: str, value: Any, raw: Mapping[str, Any]) -> int:  # noqa: ANN401
        del name, raw
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Wrong(f"It is no whole number from {least:,} to {most:,}.")
        return value

    return read_whole


def _one(words: type[StrEnum]) -> Reads:
    return lambda name, _, raw: str(parse_choice(words, name, shown(said(raw, name))))


def _several(words: type[StrEnum]) -> Reads:
    return lambda name, _, raw: [
        str(parse_choice(words, name, shown(word))) for word in dict.fromkeys(listed(raw, name))
    ]


def _slug(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    return slugify(said(raw, name))


_BORN: Mapping[str, Reads] = {"created": _moment, "utc_offset": _whole(-1439, 1439)}

FIELDS: Mapping[str, Mapping[str, Reads]] = {
    "project": {
        "slug": _slug, "name": _text, "problem": _text, "measure": _text, "aim": _text, "state": _one(ProjectState),
        "closed_on": _day, "result": _text, "evidence": _text, "lesson": _text, "started_on": _day, **_BORN,
    },
    "entry": {
        "day": _day, "kind": _one(Kind), "text": _text, "minutes": _whole(1, MAX_MINUTES), "people": _names,
        "tags": _names, "project": _reference, "effects": _several(Effect), "beneficiaries": _several(Beneficiary),
        "evidence": _text, "origin": _text, **_BORN,
    },
    "pain": {
        "text": _text, "state": _one(PainState), "shared": _text, "better": _text, "step": _text, "step_by": _day,
        "hit": _text, "closed_on": _day, "how": _text, "fix": _reference, **_BORN,
    },
    "sighting": {"pain": _reference, "day": _day, "text": _text, **_BORN},
    "promise": {
        "kind": _one(PromiseKind), "text": _text, "made_on": _day, "due": _day, "state": _one(PromiseState),
        "carried": _whole(0, 10_000), "pain": _reference, "closed_on": _day, **_BORN,
    },
    "reflection": {"period": _text, "question": _text, "answer": _maybe_text, "promise": _reference, **_BORN},
    "day_off": {"note": _text, **_BORN},
    "asked": {**_BORN},
    "draft_seen": {"day": _day, "accepted": _whole(0, 1), **_BORN},
}  # fmt: skip
"""How each field of each kind of thing is read, in the order in which they stand in a file."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    entity: (*names, "created", "utc_offset")
    for entity, names in {
        "project": ("slug", "name", "started_on"),
        "entry": ("day", "kind", "text"),
        "pain": ("text",),
        "sighting": ("pain", "day", "text"),
        "promise": ("kind", "text", "made_on", "due"),
        "reflection": ("period", "question", "answer"),
        "day_off": (),
        "asked": (),
        "draft_seen": ("day", "accepted"),
    }.items()
}
"""What a thing of each kind cannot be without."""
