"""jsonl: valuelog's own lossless format, one JSON object per entity and line.

The first line names the format and its version. An object has its type under `entity`, its `id`, and the stored fields
that differ from their defaults (`valuelog.model.fields`). Entities follow those they refer to; a pain point contains
its sightings.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from valuelog.exchange import ImportContext, Rejected, UnreadableFile
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
    read_lines,
    reject_invalid,
)
from valuelog.model.entry import clean_text, parse_choice, parse_key
from valuelog.model.errors import BadInput
from valuelog.model.fields import ENTITIES, Field, FieldType
from valuelog.model.project import slugify
from valuelog.model.recurrence import parse_recurrence

VERSION = 1
"""Files of a later version are refused."""

HEADER = {"entity": "valuelog", "version": VERSION}

EXPORT_COMMAND = "valuelog export jsonl FILE"

FIELDS: Mapping[str, Mapping[str, Field]] = {
    entity.name: {name: field for name, field in entity.fields.items() if name != "deleted"}
    for entity in ENTITIES.values()
}
"""The fields that an object of each type may have."""

START_FIELDS = ("started_on", "made_on", "day")

_ID = re.compile("[0-9a-hjkmnp-tv-z]{10}")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


class EntityRecord(NamedTuple):
    """An entity of a journal, with its stored fields. `location` is its place in the file, for messages."""

    entity: str
    id: str
    fields: Mapping[str, Any]
    location: str = ""


def write(records: Iterable[EntityRecord]) -> Iterator[str]:
    """Yield the lines of a file. Sightings follow their pain point, and become part of its line."""
    yield _format_line(HEADER)
    pain: dict[str, Any] | None = None
    for record in records:
        if pain and record.entity == "sighting":
            pain["sightings"].append({"id": record.id, **_without(record.fields, "pain")})
            continue
        if pain:
            yield _format_line(pain)
        document = {"entity": record.entity, "id": record.id, **record.fields}
        pain = {**document, "sightings": []} if record.entity == "pain" else None
        if not pain:
            yield _format_line(document)
    if pain:
        yield _format_line(pain)


def _format_line(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _without(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


def read(stream: BinaryIO, context: ImportContext) -> Iterator[EntityRecord | Rejected]:
    """Yield the entities of a file, a pain point before its sightings. Raises UnreadableFile."""
    _ = context  # timestamps are in UTC, and days have no zone
    lines = ((location, raw) for location, raw in _read_stripped_lines(stream) if raw)
    first = next(lines, None)
    if not first:
        raise UnreadableFile("The file is empty.", f"Create one with: {EXPORT_COMMAND}")
    records = lines if _is_header(first[1]) else chain([first], lines)
    return limit_rejected(
        record for location, raw in records for record in reject_invalid(location, _parse_line(location, raw))
    )


def _read_stripped_lines(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield each line without surrounding white space, and its location."""
    for number, raw in enumerate(read_lines(stream), 1):
        yield f"line {number:,}", raw.removeprefix(b"\xef\xbb\xbf").strip()


def _is_header(raw: bytes) -> bool:
    """Return True for a header. Raises UnreadableFile if it is of a later version."""
    try:
        document = decode_json(raw)
    except InvalidRecord:
        return False
    if not isinstance(document, dict) or document.get("entity") != HEADER["entity"]:
        return False
    if document.get("version") != VERSION:
        version = excerpt(str(document.get("version")))
        raise UnreadableFile(f"The file has version {version}; this valuelog reads {VERSION}.", "Update valuelog.")
    return True


def _parse_line(location: str, raw: bytes) -> Iterator[EntityRecord]:
    """Yield the entity of a line, and the sightings in it. Raises BadInput."""
    if _is_header(raw):  # files may be concatenated
        return
    document = decode_json(raw)
    if not isinstance(document, dict):
        raise InvalidRecord("It is not a JSON object.")
    entity = get_text(document, "entity")
    if entity not in FIELDS or entity == "sighting":
        raise InvalidRecord(f"“{excerpt(entity)}” is not a type of entity." if entity else "“entity” is missing.")
    records = _parse_pain(document, location) if entity == "pain" else [_parse_entity(entity, document, location)]
    _require_end_after_start(records)
    yield from records


def _parse_pain(document: Mapping[str, Any], location: str) -> list[EntityRecord]:
    """Parse a pain point and its sightings."""
    pain = _parse_entity("pain", _without(document, "sightings"), location)
    sightings = [{**sighting, "pain": pain.id} for sighting in get_objects(document, "sightings")]
    return [pain, *(_parse_entity("sighting", sighting, location) for sighting in sightings)]


def _require_end_after_start(records: list[EntityRecord]) -> None:
    """Raise InvalidRecord for an entity that ends before it starts."""
    end = records[0].fields.get("closed_on")
    starts = [record.fields[name] for record in records for name in START_FIELDS if name in record.fields]
    if end and starts and end < min(starts):
        raise InvalidRecord(f"It ends on {end}, before it starts on {min(starts)}.")


def parse_entity(entity: str, entity_id: str, fields: Mapping[str, Any], location: str) -> EntityRecord:
    """Check an entity of a journal as if a file held it. Raises BadInput."""
    record = _parse_entity(entity, {"id": entity_id, **fields}, location)
    _require_end_after_start([record])
    return record


def _parse_entity(entity: str, document: Mapping[str, Any], location: str) -> EntityRecord:
    """Parse the fields of an entity. Raises BadInput for unknown, invalid and missing fields."""
    known = FIELDS[entity]
    fields: dict[str, Any] = {}
    for name, value in document.items():
        if name in {"entity", "id"} or value is None:
            continue
        if name not in known:
            raise InvalidRecord(f"“{excerpt(name)}” is not a field of {entity}.")
        fields[name] = _parse_field(known[name], document)
    if missing := next((name for name in ENTITIES[entity].required_fields if name not in fields), None):
        raise InvalidRecord(f"“{missing}” is missing.")
    return EntityRecord(entity, _ID_PARSERS.get(entity, _parse_id)(get_text(document, "id")), fields, location)


def _parse_field(field: Field, document: Mapping[str, Any]) -> Any:  # noqa: ANN401  a plain value
    try:
        return _FIELD_PARSERS[field.type](field, document)
    except BadInput as error:
        prefix = f"Its “{field.name}”"
        message = error.message if error.message.startswith(prefix) else f"{prefix}: {error.message}"
        raise InvalidRecord(message) from error


def _parse_id(words: str) -> str:
    if not _ID.fullmatch(words):
        raise InvalidRecord(f"“{excerpt(words)}” is not a valid id.")
    return words


def _parse_natural_id(words: str) -> str:
    """Parse an id that is a name: of a question that was asked, or of a draft."""
    if not re.fullmatch(r"[ -~]{1,300}|.{1,300}", words) or clean_text(words) != words:
        raise InvalidRecord(f"“{excerpt(words)}” is not a valid id.")
    return words


_ID_PARSERS: Mapping[str, Callable[[str], str]] = {
    "day_off": lambda words: parse_date(words).isoformat(),
    "asked": _parse_natural_id,
    "draft_seen": _parse_natural_id,
    "finding": _parse_natural_id,
}
"""Parsers of ids that are not random."""


def _parse_text(field: Field, document: Mapping[str, Any]) -> str:
    text = get_text(document, field.name)
    return "" if field.allows_empty and not text else clean_text(text)


def _parse_timestamp(field: Field, document: Mapping[str, Any]) -> str:
    words = get_text(document, field.name)
    if not _TIMESTAMP.fullmatch(words):
        raise InvalidRecord(f"“{excerpt(words)}” is not a UTC time like 2026-11-20T17:30:00.000Z.")
    try:
        timestamp = datetime.fromisoformat(words)
    except ValueError as error:
        raise InvalidRecord(f"“{excerpt(words)}” is not a valid time.") from error
    if not date.min.year < timestamp.astimezone(UTC).year < date.max.year:
        raise InvalidRecord(f"The year {timestamp.year} is out of range.")
    return words


def _parse_integer(field: Field, document: Mapping[str, Any]) -> int:
    value = document[field.name]
    value = int(value) if isinstance(value, float) and value.is_integer() else value  # 90.0, after other programs
    minimum, maximum = field.range
    if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
        raise InvalidRecord(f"Its “{field.name}” must be a whole number from {minimum:,} to {maximum:,}.")
    return value


def _parse_keys(field: Field, document: Mapping[str, Any]) -> list[str]:
    """Return the keys in a list, each once; their set is open, because the settings may have more."""
    words, what = get_text_list(document, field.name), f"one of its {field.name}"
    return list(dict.fromkeys(parse_key(what, excerpt(word)) for word in words))


_FIELD_PARSERS: Mapping[FieldType, Callable[[Field, Mapping[str, Any]], Any]] = {
    FieldType.TEXT: _parse_text,
    FieldType.SLUG: lambda field, document: slugify(get_text(document, field.name)),
    FieldType.DAY: lambda field, document: parse_date(get_text(document, field.name)).isoformat(),
    FieldType.INTEGER: _parse_integer,
    FieldType.CHOICE: lambda field, document: parse_choice(
        field.choices, field.name, excerpt(get_text(document, field.name))
    ),
    FieldType.KEYS: _parse_keys,
    FieldType.NAMES: lambda field, document: list(parse_names(field.name, get_text_list(document, field.name))),
    FieldType.RECURRENCE: lambda field, document: str(parse_recurrence(excerpt(get_text(document, field.name)))),
    FieldType.REFERENCE: lambda field, document: _parse_id(get_text(document, field.name)),
    FieldType.TIMESTAMP: _parse_timestamp,
}
