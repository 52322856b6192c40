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

from valuelog.exchange import MAX_FILE_BYTES, MAX_RECORD_BYTES, ImportContext, Rejected, UnreadableFile
from valuelog.exchange.records import (
    InvalidRecord,
    decode_json,
    excerpt,
    get_objects,
    get_text,
    get_text_list,
    limit_rejected,
    parse_date,
    parse_names,
)
from valuelog.model.entry import MAX_MINUTES, Beneficiary, Effect, Kind, clean_text, parse_choice
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainState
from valuelog.model.project import ProjectState, slugify
from valuelog.model.promise import PromiseKind, PromiseState

VERSION = 1
"""Files of a later version are refused."""

HEADER = {"entity": "valuelog", "version": VERSION}


class EntityRecord(NamedTuple):
    """One thing of a journal: its kind, its id and its fields, as a journal keeps them. `place` says where it stood."""

    entity: str
    id: str
    fields: Mapping[str, Any]
    location: str = ""


def write(records: Iterable[EntityRecord]) -> Iterator[str]:
    """Yield the lines of a file; sightings stand behind their pain point, and go into its line."""
    yield _format_line(HEADER)
    held: dict[str, Any] = {}
    for thing in records:
        if thing.entity == "sighting" and held:
            held["sightings"].append({"id": thing.id, **_omit_field(thing.fields, "pain")})
            continue
        if held:
            yield _format_line(held)
        document = {"entity": thing.entity, "id": thing.id, **thing.fields}
        held = {**document, "sightings": []} if thing.entity == "pain" else {}
        if not held:
            yield _format_line(document)
    if held:
        yield _format_line(held)


def _format_line(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _omit_field(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


def read(stream: BinaryIO, context: ImportContext) -> Iterator[EntityRecord | Rejected]:
    """Yield the things of a file, a pain point before its sightings. Raises UnreadableFile if it is something else."""
    _ = context  # moments are in UTC, and days are days
    lines = _read_lines(stream)
    first = next(((place, raw) for place, raw in lines if raw), None)
    if not first:
        raise UnreadableFile("It is empty.", f"Such a file comes from: {EXPORT_COMMAND}")
    rest = lines if _is_header(first[1]) else chain([first], lines)
    return limit_rejected(one for place, raw in rest if raw for one in _parse_line(place, raw))


EXPORT_COMMAND = "valuelog export jsonl FILE"


def _read_lines(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield the lines of a file without white space around them, each with its place."""
    left, number = MAX_FILE_BYTES, 0
    while raw := stream.readline(MAX_RECORD_BYTES + 1):
        number += 1
        left -= len(raw)
        if len(raw) > MAX_RECORD_BYTES:
            raise UnreadableFile(
                f"Line {number:,} has more than {MAX_RECORD_BYTES:,} bytes.", "Is this the right file?"
            )
        if left < 0:
            raise UnreadableFile(f"It is larger than {MAX_FILE_BYTES:,} bytes.", "Split it.")
        yield f"line {number:,}", raw.removeprefix(b"\xef\xbb\xbf").strip()


def _is_header(raw: bytes) -> bool:
    """Tell whether a line is the heading. Raises UnreadableFile for one of a later version."""
    try:
        found = decode_json(raw)
    except InvalidRecord:
        return False
    if not isinstance(found, dict) or found.get("entity") != HEADER["entity"]:
        return False
    if found.get("version") != VERSION:
        raise UnreadableFile(
            f"It is of version {excerpt(str(found.get('version')))}, not {VERSION}.", "Update valuelog."
        )
    return True


def _parse_line(location: str, raw: bytes) -> Iterator[EntityRecord | Rejected]:
    try:
        if not _is_header(raw):
            yield from _parse_entities(_parse_object(raw), location)
    except BadInput as error:
        yield Rejected(location=location, reason=error.message)


def _parse_object(raw: bytes) -> Mapping[str, Any]:
    found = decode_json(raw)
    if not isinstance(found, dict):
        raise InvalidRecord("It is no JSON object.")
    return found


def _parse_entities(raw: Mapping[str, Any], location: str) -> list[EntityRecord]:
    """Return a thing, and what stands within it."""
    entity = get_text(raw, "entity")
    if entity not in FIELDS or entity == "sighting":
        raise InvalidRecord(
            f"“{excerpt(entity)}” is no kind of thing." if entity else "It does not say which kind of thing it is."
        )
    if entity != "pain":
        found = [_parse_entity(entity, raw, location)]
    else:
        pain = _parse_entity(entity, _omit_field(raw, "sightings"), location)
        found = [
            pain,
            *(_parse_entity("sighting", {**one, "pain": pain.id}, location) for one in get_objects(raw, "sightings")),
        ]
    _require_end_after_start(found)
    return found


def _require_end_after_start(records: list[EntityRecord]) -> None:
    """Raise InvalidRecord for a thing that ends before it begins."""
    ended = records[0].fields.get("closed_on")
    begun = [one.fields[name] for one in records for name in ("started_on", "made_on", "day") if name in one.fields]
    if ended and begun and ended < min(begun):
        raise InvalidRecord(f"It ends on {ended}, before it begins on {min(begun)}.")


def _parse_entity(entity: str, raw: Mapping[str, Any], location: str) -> EntityRecord:
    """Read a thing. Raises BadInput for a field that it cannot have, or that it lacks."""
    known, needed = FIELDS[entity], REQUIRED_FIELDS[entity]
    fields: dict[str, Any] = {}
    for name, value in raw.items():
        if name in {"entity", "id"} or value is None:
            continue
        if name not in known:
            raise InvalidRecord(f"It has “{excerpt(name)}”, which no {entity} has.")
        fields[name] = _read_field(name, known[name], value, raw)
    if missing := next((name for name in needed if name not in fields), None):
        raise InvalidRecord(f"It lacks “{missing}”.")
    return EntityRecord(entity, _id_parser(entity)(get_text(raw, "id")), fields, location)


def _read_field(name: str, reader: "FieldReader", value: object, raw: Mapping[str, Any]) -> Any:  # noqa: ANN401  what it may be
    try:
        return reader(name, value, raw)
    except BadInput as error:
        named = f"Its “{name}”"
        raise InvalidRecord(
            error.message if error.message.startswith(named) else f"{named}: {error.message}"
        ) from error


FieldReader = Callable[[str, Any, Mapping[str, Any]], Any]
"""Reads a field of a name and a value out of an object."""

_ID_PATTERN = re.compile("[0-9a-hjkmnp-tv-z]{10}")


def _parse_id(words: str) -> str:
    if not _ID_PATTERN.fullmatch(words):
        raise InvalidRecord(f"“{excerpt(words)}” is no id.")
    return words


def _id_parser(entity: str) -> Callable[[str], str]:
    """Return how the ids of a kind of thing are read: some are days or names."""
    return {
        "day_off": lambda words: parse_date(words).isoformat(),
        "asked": _parse_natural_id,
        "draft_seen": _parse_natural_id,
    }.get(entity, _parse_id)


def _parse_natural_id(words: str) -> str:
    if not re.fullmatch(r"[ -~]{1,300}|.{1,300}", words) or clean_text(words) != words:
        raise InvalidRecord(f"“{excerpt(words)}” is no id.")
    return words


def _read_text(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    return clean_text(get_text(raw, name))


def _read_optional_text(name: str, value: object, raw: Mapping[str, Any]) -> str:
    """Read a text that may be empty: an answer whose words are those of the promise that it became."""
    return _read_text(name, value, raw) if get_text(raw, name) else ""


def _read_day(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    return parse_date(get_text(raw, name)).isoformat()


def _read_reference(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    return _parse_id(get_text(raw, name))


def _read_names(name: str, value: object, raw: Mapping[str, Any]) -> list[str]:
    del value
    return list(parse_names(name, get_text_list(raw, name)))


def _read_timestamp(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    words = get_text(raw, name)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", words, re.ASCII):
        raise InvalidRecord(f"“{excerpt(words)}” is no moment in UTC such as 2026-11-20T17:30:00.000Z.")
    try:
        found = datetime.fromisoformat(words)
    except ValueError as error:
        raise InvalidRecord(f"“{excerpt(words)}” is not in the calendar.") from error
    if not date.min.year < found.astimezone(UTC).year < date.max.year:
        raise InvalidRecord(f"The year {found.year} is not one that is read.")
    return words


def _integer_reader(minimum: int, maximum: int) -> FieldReader:
    def read_whole(name: str, value: Any, raw: Mapping[str, Any]) -> int:  # noqa: ANN401
        del name, raw
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            raise InvalidRecord(f"It is no whole number from {minimum:,} to {maximum:,}.")
        return value

    return read_whole


def _choice_reader(choices: type[StrEnum]) -> FieldReader:
    return lambda name, _, raw: str(parse_choice(choices, name, excerpt(get_text(raw, name))))


def _choices_reader(choices: type[StrEnum]) -> FieldReader:
    return lambda name, _, raw: [
        str(parse_choice(choices, name, excerpt(word))) for word in dict.fromkeys(get_text_list(raw, name))
    ]


def _read_slug(name: str, value: object, raw: Mapping[str, Any]) -> str:
    del value
    return slugify(get_text(raw, name))


_CREATED_FIELDS: Mapping[str, FieldReader] = {"created": _read_timestamp, "utc_offset": _integer_reader(-1439, 1439)}

FIELDS: Mapping[str, Mapping[str, FieldReader]] = {
    "project": {
        "slug": _read_slug,
        "name": _read_text,
        "problem": _read_text,
        "measure": _read_text,
        "aim": _read_text,
        "state": _choice_reader(ProjectState),
        "closed_on": _read_day,
        "result": _read_text,
        "evidence": _read_text,
        "lesson": _read_text,
        "started_on": _read_day,
        **_CREATED_FIELDS,
    },
    "entry": {
        "day": _read_day,
        "kind": _choice_reader(Kind),
        "text": _read_text,
        "minutes": _integer_reader(1, MAX_MINUTES),
        "people": _read_names,
        "tags": _read_names,
        "project": _read_reference,
        "effects": _choices_reader(Effect),
        "beneficiaries": _choices_reader(Beneficiary),
        "evidence": _read_text,
        "origin": _read_text,
        **_CREATED_FIELDS,
    },
    "pain": {
        "text": _read_text,
        "state": _choice_reader(PainState),
        "shared": _read_text,
        "better": _read_text,
        "step": _read_text,
        "step_by": _read_day,
        "hit": _read_text,
        "closed_on": _read_day,
        "how": _read_text,
        "fix": _read_reference,
        **_CREATED_FIELDS,
    },
    "sighting": {"pain": _read_reference, "day": _read_day, "text": _read_text, **_CREATED_FIELDS},
    "promise": {
        "kind": _choice_reader(PromiseKind),
        "text": _read_text,
        "made_on": _read_day,
        "due": _read_day,
        "state": _choice_reader(PromiseState),
        "carried": _integer_reader(0, 10_000),
        "pain": _read_reference,
        "closed_on": _read_day,
        **_CREATED_FIELDS,
    },
    "reflection": {
        "period": _read_text,
        "question": _read_text,
        "answer": _read_optional_text,
        "promise": _read_reference,
        **_CREATED_FIELDS,
    },
    "day_off": {"note": _read_text, **_CREATED_FIELDS},
    "asked": {**_CREATED_FIELDS},
    "draft_seen": {"day": _read_day, "accepted": _integer_reader(0, 1), **_CREATED_FIELDS},
}
"""How each field of each kind of thing is read, in the order in which they stand in a file."""

REQUIRED_FIELDS: Mapping[str, tuple[str, ...]] = {
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
