"""Parse and check the records of other tools: JSON, text, dates, minutes and origins.

All input is untrusted. Invalid input raises InvalidRecord, which becomes a Rejected with its location.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from typing import Any, TypeVar

from valuelog.exchange import (
    MAX_FILE_BYTES,
    MAX_RECORD_BYTES,
    ImportContext,
    PassedOver,
    Record,
    Rejected,
    UnreadableFile,
)
from valuelog.exchange.json_records import JsonFormat, RawRecord, split_records
from valuelog.exchange.transcode import SupportsRead, read_as_utf8
from valuelog.model.entry import MAX_MINUTES, MAX_NAME_LENGTH, MAX_TEXT_LENGTH, clean_text, normalize_names
from valuelog.model.errors import BadInput, BadText
from valuelog.model.project import slugify
from valuelog.model.signs import escape_control_characters

MAX_CONSECUTIVE_REJECTED = 10_000
"""After more invalid records than this in a row, a file is taken for another format."""

FIRST_YEAR, LAST_YEAR = 1900, 9998

PLACEHOLDER_TEXT = "Time without a name"

MAX_NAMES = MAX_TEXT_LENGTH // 2
"""How many people, or tags, a record may have: as many as the longest text can mention."""

RecordParser = Callable[[Mapping[str, Any], str], Iterable[Record | Rejected | PassedOver]]
"""Parses the records of one JSON object at a location. Raises BadInput."""


class InvalidRecord(BadInput):
    """A record with a value that its format does not allow."""


def read_records(
    stream: SupportsRead, json_format: JsonFormat, parse_record: RecordParser
) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the records of each JSON object of a file, and a Rejected for each invalid one."""
    return limit_rejected(
        record
        for raw_record in split_records(stream, json_format)
        for record in reject_invalid(raw_record.location, _parse_raw_record(raw_record, json_format, parse_record))
    )


def _parse_raw_record(
    raw_record: RawRecord, json_format: JsonFormat, parse_record: RecordParser
) -> Iterator[Record | Rejected | PassedOver]:
    yield from parse_record(_decode_object(raw_record, json_format), raw_record.location)


_Item = TypeVar("_Item")


def reject_invalid(location: str, records: Iterator[_Item]) -> Iterator[_Item | Rejected]:
    """Yield records, and a Rejected in place of the BadInput that parsing them raises."""
    try:
        yield from records
    except BadInput as error:
        yield Rejected(location, error.message)


def read_lines(stream: SupportsRead) -> Iterator[bytes]:
    """Yield the lines of a file. Raises UnreadableFile if one is too long, or all of them are."""
    bytes_left, number = MAX_FILE_BYTES, 0
    text = read_as_utf8(stream)
    while raw := text.readline(MAX_RECORD_BYTES + 1):
        number += 1
        bytes_left -= len(raw)
        if len(raw) > MAX_RECORD_BYTES:
            raise UnreadableFile(
                f"Line {number:,} has more than {MAX_RECORD_BYTES:,} bytes.", "Is this the right file?"
            )
        if bytes_left < 0:
            raise UnreadableFile(f"The file is larger than {MAX_FILE_BYTES:,} bytes.", "Split it.")
        yield raw


def limit_rejected(records: Iterator[_Item | Rejected]) -> Iterator[_Item | Rejected]:
    """Yield records. Raises UnreadableFile after too many invalid ones in a row."""
    rejected_count = 0
    for record in records:
        rejected_count = rejected_count + 1 if isinstance(record, Rejected) else 0
        if rejected_count > MAX_CONSECUTIVE_REJECTED:
            raise UnreadableFile(
                f"{MAX_CONSECUTIVE_REJECTED:,} records in a row are invalid.", "Is this the right file?"
            )
        yield record


def _decode_object(raw_record: RawRecord, json_format: JsonFormat) -> Mapping[str, Any]:
    if raw_record.reason:
        raise InvalidRecord(raw_record.reason)
    document = decode_json(raw_record.raw)
    if json_format.row_keys and isinstance(document, list):
        document = dict(zip(json_format.row_keys, document, strict=False))
    if not isinstance(document, Mapping):
        raise InvalidRecord("It is not a JSON object.")
    return document


def decode_json(raw: bytes) -> Any:  # noqa: ANN401  any JSON value
    """Decode one JSON value. Raises InvalidRecord, also for duplicate keys and NaN, which Python would accept."""
    try:
        return _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        raise invalid_utf8(error) from error
    except json.JSONDecodeError as error:
        raise InvalidRecord(f"Invalid JSON at character {error.pos + 1:,}: {error.msg}.") from error
    except RecursionError as error:
        raise InvalidRecord("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise InvalidRecord("A number has too many digits.") from error


def invalid_utf8(error: UnicodeDecodeError) -> InvalidRecord:
    """Return the error of a record that is not UTF-8."""
    return InvalidRecord(f"Not valid UTF-8 at byte {error.start + 1:,}. Convert it first: iconv -f latin1 -t utf8.")


def _require_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object with these keys and values. Raises InvalidRecord for a duplicate key."""
    document = dict(pairs)
    if len(document) < len(pairs):
        duplicate = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise InvalidRecord(f"It has “{excerpt(duplicate)}” twice.")
    return document


def _reject_constant(word: str) -> float:
    raise InvalidRecord(f"{word} is not a number.")


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_require_unique_keys, parse_constant=_reject_constant)


def excerpt(words: str) -> str:
    """Return untrusted text for an error message: on one line, 40 characters, control characters replaced."""
    short = words if len(words) <= 40 else f"{words[:39]}…"  # noqa: PLR2004
    return "".join(
        letter if letter.isprintable() else "�" for letter in " ".join(escape_control_characters(short).split())
    )


def join_text(*parts: str) -> str:
    """Join the parts of a text with line ends, control characters made visible. Raises BadText."""
    return clean_text("\n".join(text for part in parts if (text := escape_control_characters(part).strip())))


def text_or_placeholder(words: str) -> str:
    """Return a text, or a placeholder for time that was tracked without one. Raises BadText."""
    return join_text(words) if words.strip() else PLACEHOLDER_TEXT


def parse_optional_text(words: str) -> str | None:
    """Return a text, or None if it is blank. Raises BadText."""
    return join_text(words) if words.strip() else None


def parse_names(what: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return normalized people or tags; `what` names them in messages. Raises InvalidRecord."""
    names = normalize_names(words)
    if len(names) > MAX_NAMES:
        raise InvalidRecord(f"It has {len(names):,} {what}; the limit is {MAX_NAMES:,}.")
    if too_long := next((name for name in names if len(name) > MAX_NAME_LENGTH), None):
        raise InvalidRecord(f"One of its {what} has {len(too_long):,} characters; the limit is {MAX_NAME_LENGTH}.")
    return names


def parse_project(words: str) -> str | None:
    """Return the name of a project, or None if it is blank. Raises BadText."""
    if not words.strip():
        return None
    name = join_text(words)
    try:
        slugify(name)
    except BadText as error:
        raise InvalidRecord(f"“{excerpt(name)}” can't be a project name.") from error
    return name


def get_text(raw: Mapping[str, Any], key: str) -> str:
    """Return the text under a key, or an empty one."""
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidRecord(f"Its “{key}” must be text.")
    return value or ""


def get_text_list(raw: Mapping[str, Any], key: str) -> list[str]:
    """Return the list of texts under a key."""
    value = raw.get(key) or []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise InvalidRecord(f"Its “{key}” must be a list of words.")
    return value


def get_objects(raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the list of objects under a key."""
    value = raw.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise InvalidRecord(f"Its “{key}” must be a list of objects.")
    return value


def parse_number(value: Any, what: str) -> float:  # noqa: ANN401  any JSON value
    """Return a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(_to_float(value)):
        raise InvalidRecord(f"Its “{what}” must be a number.")
    return _to_float(value)


def _to_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def parse_date(words: str) -> date:
    """Parse 2026-11-20, 2026/11/20, 2026-3-2 and 20261120, also with a time zone, which changes nothing."""
    match = _DATE.fullmatch(words.strip())
    if not match:
        raise InvalidRecord(f"“{excerpt(words)}” is not a date like 2026-11-20.")
    try:
        return _require_supported_year(date(int(match[1]), int(match[3]), int(match[4])))
    except ValueError as error:
        raise InvalidRecord(f"“{excerpt(words)}” is not a valid date.") from error


_DATE = re.compile(r"(\d{4})([-/.]?)(\d\d|\d(?=[-/.]))\2(\d\d|\b\d)(?:Z|[-+]\d\d:\d\d)?", re.ASCII)


def parse_datetime(words: str, zone: tzinfo) -> datetime:
    """Parse a date and time with the day as it is written: only UTC is converted to the zone.

    Without an offset it is in the zone already; midnight is a whole day in UTC too.
    """
    parsed = _parse_any_datetime(words.strip())
    _require_supported_year(parsed.date())
    if not parsed.tzinfo:
        return parsed.replace(tzinfo=zone)
    return parsed if parsed.utcoffset() else parsed.astimezone(zone)


def _parse_any_datetime(words: str) -> datetime:
    """Parse ISO 8601, or what other programs make of it: 2026/11/20 9:30, 2026-11-20 09:30:00 +0100."""
    try:
        return datetime.fromisoformat(words)
    except ValueError as error:
        if not _YEAR_FIRST.fullmatch(words):
            reason = f"“{excerpt(words)}” is not a date and time." if words else "Its date is missing."
            raise InvalidRecord(reason) from error
    from dateutil.parser import parse  # noqa: PLC0415  rarely needed, 13 ms

    try:
        parsed: datetime = parse(words, yearfirst=True, tzinfos=_require_known_offset)
    except (ValueError, OverflowError) as error:
        raise InvalidRecord(f"“{excerpt(words)}” is not a date and time.") from error
    return parsed


_YEAR_FIRST = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}[T ,][ 0-9:.,+\-APMZUTCGapm]{3,25}", re.ASCII)
"""A date that can be read only in one way, and a time."""


def _require_known_offset(name: str | None, offset: int | None) -> int | None:
    """Return the offset of a time zone in seconds. Raises ValueError for an unknown name or an impossible offset."""
    if (name and offset is None) or abs(offset or 0) >= timedelta(days=1).total_seconds():
        raise ValueError(name)
    return offset


def datetime_from_timestamp(seconds: float, zone: tzinfo) -> datetime:
    """Convert a Unix timestamp."""
    try:
        utc = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidRecord(f"{excerpt(str(seconds))} is not a valid timestamp.") from error
    _require_supported_year(utc.date())
    return utc.astimezone(zone)


def logical_day(moment: datetime, context: ImportContext) -> date:
    """Return the day a time belongs to: before `day_ends_at` it is still the day before.

    Midnight to the second is how programs write a day without a time, so it belongs to its own date.
    """
    is_night = time() < moment.time() < context.day_ends_at
    return _require_supported_year(moment.date() - timedelta(days=is_night))


def parse_date_or_datetime(words: str, context: ImportContext) -> tuple[date, datetime | None]:
    """Parse a date, or a date and time, into the logical day and the time if there is one; midnight is none."""
    if len(words.strip()) <= len("2026-11-20") or _DATE.fullmatch(words.strip()):
        return parse_date(words), None
    written = _parse_any_datetime(words.strip())
    if written.time() == time():
        return _require_supported_year(written.date()), None
    moment = parse_datetime(words, context.zone)
    return logical_day(moment, context), moment


def _require_supported_year(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidRecord(f"The year {day.year} is out of range ({FIRST_YEAR} to {LAST_YEAR}).")
    return day


def minutes_between(start: datetime, end: datetime) -> int:
    """Return the minutes between two times: at least one, at most a day."""
    seconds = end.timestamp() - start.timestamp()  # subtracting datetimes of one zone ignores DST changes
    if seconds < 0:
        raise InvalidRecord("It ends before it starts.")
    return max(1, cap_minutes(seconds / 60))


def cap_minutes(length: float) -> int:
    """Round to whole minutes, at most a day."""
    return round(min(length, MAX_MINUTES))


@dataclass(slots=True)
class OriginFactory:
    """Creates the origins of the records of one file, so that a record is recognized when it is imported again."""

    format: str
    _seen: Counter[str] = field(default_factory=Counter)

    def from_id(self, record_id: object) -> str:
        """Return the origin of a record with an id; an id that is not a plain word is hashed."""
        words = str(record_id)
        is_plain = re.fullmatch(r"[\w.:+-]{1,100}", words, re.ASCII)
        return f"{self.format}:{words if is_plain else _hash(words)}"

    def from_values(self, *values: object) -> str:
        """Return the origin of a record without an id: a hash of its values, numbered from the second equal one on."""
        digest = _hash(values)
        self._seen[digest] += 1
        count = self._seen[digest]
        return f"{self.format}:{digest}-{count}" if count > 1 else f"{self.format}:{digest}"


def _hash(values: object) -> str:
    return sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]
