"""What all readers share: how a record becomes JSON, text, days and minutes, and how it is known again.

Everything here takes what a stranger wrote. What cannot be meant raises InvalidRecord, which becomes
a Rejected with its place.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any, TypeVar

from valuelog.exchange import ImportContext, Record, Rejected, UnreadableFile
from valuelog.exchange.json_records import JsonFormat, RawRecord, SupportsRead, split_records
from valuelog.model.entry import MAX_MINUTES, MAX_NAME_LENGTH, MAX_TEXT_LENGTH, clean_text, normalize_names
from valuelog.model.errors import BadInput, BadText
from valuelog.model.project import slugify
from valuelog.model.signs import escape_control_characters

MAX_CONSECUTIVE_REJECTED = 10_000
"""So many bad records in a row mean that a file is something else."""

FIRST_YEAR, LAST_YEAR = 1900, 9998

MAX_NAMES = MAX_TEXT_LENGTH // 2
"""So many people, or tags, a record may have: as many as a text can mention."""

RecordParser = Callable[[Mapping[str, Any], str], Iterable[Record | Rejected]]
"""Makes records of one JSON object and its place. Raises BadInput."""


class InvalidRecord(BadInput):
    """Something in a record that cannot be meant."""


def read_records(
    stream: SupportsRead, json_format: JsonFormat, parse_record: RecordParser
) -> Iterator[Record | Rejected]:
    """Yield what each JSON object of a file says; a Rejected for one that cannot be understood."""
    return limit_rejected(
        found
        for piece in split_records(stream, json_format)
        for found in _parse_raw_record(piece, json_format, parse_record)
    )


def _parse_raw_record(
    raw_record: RawRecord, json_format: JsonFormat, parse_record: RecordParser
) -> Iterator[Record | Rejected]:
    try:
        yield from parse_record(_decode_object(raw_record, json_format), raw_record.location)
    except BadInput as error:
        yield Rejected(location=raw_record.location, reason=error.message)


_Item = TypeVar("_Item")


def limit_rejected(records: Iterator[_Item | Rejected]) -> Iterator[_Item | Rejected]:
    """Yield everything, but give up where only bad records come. Raises UnreadableFile."""
    bad = 0
    for one in records:
        bad = bad + 1 if isinstance(one, Rejected) else 0
        if bad > MAX_CONSECUTIVE_REJECTED:
            raise UnreadableFile(
                f"{MAX_CONSECUTIVE_REJECTED:,} records in a row cannot be understood.", "Is this the right file?"
            )
        yield one


def _decode_object(raw_record: RawRecord, json_format: JsonFormat) -> Mapping[str, Any]:
    if raw_record.reason:
        raise InvalidRecord(raw_record.reason)
    found = decode_json(raw_record.raw)
    if json_format.row_keys and isinstance(found, list):
        found = dict(zip(json_format.row_keys, found, strict=False))
    if not isinstance(found, Mapping):
        raise InvalidRecord("It is no JSON object.")
    return found


def decode_json(raw: bytes) -> Any:  # noqa: ANN401  whatever JSON holds
    """Read one JSON value. Raises InvalidRecord, also for what is allowed but means nothing: a key said twice, NaN."""
    try:
        return _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        raise InvalidRecord(f"It is not UTF-8, from byte {error.start + 1:,} on.") from error
    except json.JSONDecodeError as error:
        raise InvalidRecord(f"It is not JSON: {error.msg}, after {error.pos:,} characters.") from error
    except RecursionError as error:
        raise InvalidRecord("Its lists and objects stand too deep in one another.") from error
    except ValueError as error:
        raise InvalidRecord("It has a number of too many digits.") from error


def _require_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its keys and values, none of which may come twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise InvalidRecord(f"It says “{excerpt(twice)}” twice.")
    return made


def _reject_constant(word: str) -> float:
    raise InvalidRecord(f"It says {word}, which is no number.")


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_require_unique_keys, parse_constant=_reject_constant)


def excerpt(words: str) -> str:
    """Return the beginning of something foreign, for a message of one line."""
    short = words if len(words) <= 40 else f"{words[:39]}…"  # noqa: PLR2004
    return "".join(
        letter if letter.isprintable() else "�" for letter in " ".join(escape_control_characters(short).split())
    )


def join_text(*parts: str) -> str:
    """Return one text of its parts, a line end between them. Raises BadText."""
    return clean_text("\n".join(kept for part in parts if (kept := escape_control_characters(part).strip())))


def text_or_placeholder(*parts: str) -> str:
    """Return one text of its parts, or what stands for time that nobody gave a name. Raises BadText."""
    return join_text(*parts) if any(part.strip() for part in parts) else "Time without a name"


def parse_evidence(words: str) -> str | None:
    """Return what shows that it is so, if anything is said. Raises BadText."""
    return join_text(words) if words.strip() else None


def parse_names(what: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return people or tags as they are kept."""
    found = normalize_names(words)
    if len(found) > MAX_NAMES:
        raise InvalidRecord(f"It has {len(found):,} {what}; at most {MAX_NAMES:,} are read.")
    if longest := next((name for name in found if len(name) > MAX_NAME_LENGTH), None):
        raise InvalidRecord(f"One of its {what} has {len(longest):,} characters; at most {MAX_NAME_LENGTH} are read.")
    return found


def parse_project(words: str) -> str | None:
    """Return the name of a project, if one is said. Raises BadText."""
    if not words.strip():
        return None
    name = join_text(words)
    try:
        slugify(name)
    except BadText as error:
        raise InvalidRecord(f"“{excerpt(name)}” cannot name a project.") from error
    return name


def get_text(raw: Mapping[str, Any], key: str) -> str:
    """Return the text under a key; an empty one if there is none."""
    found = raw.get(key)
    if found is not None and not isinstance(found, str):
        raise InvalidRecord(f"Its “{key}” is no text.")
    return found or ""


def get_text_list(raw: Mapping[str, Any], key: str) -> list[str]:
    """Return the texts under a key."""
    found = raw.get(key) or []
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise InvalidRecord(f"Its “{key}” is no list of words.")
    return found


def get_objects(raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the objects under a key."""
    found = raw.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise InvalidRecord(f"Its “{key}” is no list of objects.")
    return found


def parse_number(value: Any, what: str) -> float:  # noqa: ANN401  whatever JSON holds
    """Return a number that is one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(_to_float(value)):
        raise InvalidRecord(f"Its “{what}” is no number.")
    return _to_float(value)


def _to_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def parse_date(words: str) -> date:
    """Read a day: 2026-11-20 or 2026/11/20."""
    found = re.fullmatch(r"(\d{4})([-/])(\d\d)\2(\d\d)", words.strip(), re.ASCII)
    if not found:
        raise InvalidRecord(f"“{excerpt(words)}” is not a day such as 2026-11-20.")
    try:
        return _require_supported_year(date(int(found[1]), int(found[3]), int(found[4])))
    except ValueError as error:
        raise InvalidRecord(f"“{excerpt(words)}” is not in the calendar.") from error


def parse_datetime(words: str, zone: tzinfo) -> datetime:
    """Read a day and a time as they are in a zone; what says no zone of its own is in that one already."""
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError as error:
        raise InvalidRecord(
            f"“{excerpt(words)}” is not a day and a time." if words.strip() else "It does not say when."
        ) from error
    _require_supported_year(found.date())
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)


def datetime_from_timestamp(seconds: float, zone: tzinfo) -> datetime:
    """Return the moment so many seconds after the beginning of 1970 in UTC."""
    try:
        found = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidRecord(f"{excerpt(str(seconds))} is not a moment.") from error
    _require_supported_year(found.date())
    return found.astimezone(zone)


def logical_day(moment: datetime, context: ImportContext) -> date:
    """Return the day to which a moment belongs: until the day ends it is still yesterday."""
    return _require_supported_year(moment.date() - timedelta(days=moment.time() < context.day_ends_at))


def parse_date_or_datetime(words: str, context: ImportContext) -> tuple[date, datetime | None]:
    """Read a day alone, which is that day, or with a time, which may be the end of the day before."""
    if len(words.strip()) <= len("2026-11-20"):
        return parse_date(words), None
    found = parse_datetime(words, context.zone)
    return logical_day(found, context), found


def _require_supported_year(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidRecord(f"The year {day.year} is not one that is read: {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def minutes_between(start: datetime, end: datetime) -> int:
    """Return the minutes from one moment to another: at least one, at most a day."""
    seconds = end.timestamp() - start.timestamp()  # within a zone, a difference would forget that clocks change
    if seconds < 0:
        raise InvalidRecord("It ends before it begins.")
    return max(1, cap_minutes(seconds / 60))


def cap_minutes(length: float) -> int:
    """Return minutes of which an entry can have no more than a day."""
    return round(min(length, MAX_MINUTES))


@dataclass(slots=True)
class OriginFactory:
    """How the records of one file are known again: by their ids, or by what they say and how often that came before."""

    format: str
    _seen: Counter[str] = field(default_factory=Counter)

    def from_id(self, record_id: object) -> str:
        """Return the origin of a record that has an id; one that is no plain word counts by its hash."""
        words = str(record_id)
        plain = re.fullmatch(r"[\w.:+-]{1,100}", words, re.ASCII)
        return f"{self.format}:{words if plain else _hash(words)}"

    def from_values(self, *values: object) -> str:
        """Return the origin of a record without an id: of the second that says the very same, with a number."""
        found = _hash(values)
        self._seen[found] += 1
        times = self._seen[found]
        return f"{self.format}:{found}-{times}" if times > 1 else f"{self.format}:{found}"


def _hash(values: object) -> str:
    return sha256(json.dumps(values, default=str).encode()).hexdigest()[:16]
