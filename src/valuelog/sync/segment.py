"""Segments: files with a run of changes of one device, `<device>/<first>-<last>.age` on the remote.

Inside age and padding, the first line is a header in JSON, and each line below a change: a JSON array in the order of
the journal's changes, with bytes as base64. `fields` stays the text that it is, since the hash of a change covers it.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from valuelog.sync.errors import BadSegment, NewerFormat, WrongKey
from valuelog.sync.padding import pack_text, unpack_lines
from valuelog.sync.sealing import seal, unseal

FORMAT: Final = 1
"""The version of the format of all files on a remote."""

MAX_FILE_BYTES: Final = 256_000_000
"""Limit for a file on the remote; remotes return a larger one as an empty file."""

_DIGITS: Final = 10
_WIDTH: Final = 12
_HASH_BYTES: Final = 32
_MAX_SALT_BYTES: Final = 64
_MAX_DEVICES: Final = 10_000
_MAX_INTEGER: Final = 2**63 - 1
_MAX_ENTITY_ID_LENGTH: Final = 1_000

_NAME = re.compile(r"([a-z0-9][a-z0-9_-]{0,63})/([0-9]{10})-([0-9]{10})\.age")
_DEVICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_WORD = re.compile(r"[a-z][a-z0-9_ -]{0,63}")


class Segment(NamedTuple):
    """Consecutive changes of a device.

    `schema` is that of the journal that wrote them, `after` the last counter per device that their writer had seen,
    `before` and `hash` the chain hash before the first and after the last change, `by` the device that published them,
    `at` when, in milliseconds since 1970. A change is a tuple of id, wall, tick, entity, entity_id, batch, act, undoes,
    own_wall, fields, salt and erased.
    """

    device: str
    first: int
    last: int
    schema: int
    journal: str
    after: Mapping[str, int]
    before: bytes
    hash: bytes
    by: str
    at: int
    changes: tuple[tuple[object, ...], ...]


class _Invalid(ValueError):
    """Something in a segment isn't what it must be."""


def segment_name(device: str, first: int, last: int) -> str:
    """Return the name of the file with some changes of a device, by their counters."""
    return f"{device}/{first:0{_DIGITS}}-{last:0{_DIGITS}}.age"


def parse_segment_name(name: str) -> tuple[str, int, int] | None:
    """Return the device and the first and last counter, or None for any other file."""
    match = _NAME.fullmatch(name)
    if not match or not 1 <= int(match[2]) <= int(match[3]):
        return None
    return match[1], int(match[2]), int(match[3])


def pack(segment: Segment, key: str) -> bytes:
    """Return the file of a segment. Raises BadSegment for what `unpack` would refuse, WrongKey, MissingExtra."""
    name = segment_name(segment.device, segment.first, segment.last)
    header = {
        "format": FORMAT,
        **{field: getattr(segment, field) for field in ("schema", "journal", "device", "first", "last")},
        "after": dict(segment.after),
        "before": segment.before.hex(),
        "hash": segment.hash.hex(),
        "by": segment.by,
        "at": segment.at,
    }
    try:
        _check_header(segment, name)
        rows = [_encode_change(change) for change in segment.changes]
        return seal(pack_text("".join(f"{_to_json(row)}\n" for row in (header, *rows)).encode()), key)
    except (ValueError, TypeError) as error:
        raise BadSegment(name, _reason(error)) from error


def unpack(name: str, data: bytes, key: str, *, journal: str | None = None) -> Segment:
    """Read the file of this name. Raises BadSegment, NewerFormat, MissingExtra.

    It must be of this journal, if one is given. Whether `fields` and hashes are right, only the journal can say.
    """
    try:
        segment = _parse(unpack_lines(unseal(data, key)))
        _check_header(segment, name)
        _require(journal in {None, segment.journal}, "it belongs to another journal")
    except WrongKey as error:
        raise BadSegment(name, "it is damaged, or was written with another key") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise BadSegment(name, _reason(error)) from error
    return segment


def parse_header(lines: Iterator[bytes]) -> Mapping[str, Any]:
    """Return the header of a file. Raises ValueError, NewerFormat."""
    header = json.loads(next(lines, b"").decode())
    _require(isinstance(header, dict), "its header is no object")
    file_format = header.get("format")
    _require(is_count(file_format), "its format is no number")
    if file_format > FORMAT:
        raise NewerFormat(file_format, FORMAT)
    return header  # type: ignore[no-any-return]  # a dict, see above


def _parse(lines: Iterator[bytes]) -> Segment:
    header = parse_header(lines)
    first, last = _count(header, "first"), _count(header, "last")
    return Segment(
        device=_text(header, "device"),
        first=first,
        last=last,
        schema=_count(header, "schema"),
        journal=_text(header, "journal"),
        after=_parse_after(header.get("after")),
        before=bytes.fromhex(_text(header, "before")),
        hash=bytes.fromhex(_text(header, "hash")),
        by=_text(header, "by"),
        at=_count(header, "at"),
        changes=tuple(_decode_changes(lines, last - first + 1)),
    )


def _parse_after(value: object) -> Mapping[str, int]:
    if not isinstance(value, dict):
        raise _Invalid("it doesn't say what its writer had seen")
    return value


def _decode_changes(lines: Iterable[bytes], size: int) -> Iterator[tuple[object, ...]]:
    for number, line in enumerate(lines):
        _require(number < size, "it has more changes than its name says")
        yield _decode_change(line)


def _decode_change(line: bytes) -> tuple[object, ...]:
    text = line.decode()
    row = json.loads(text)
    if "\\u" in text:
        _to_json(row).encode()  # refuses lone surrogates, which SQLite can't store
    _require(isinstance(row, list) and len(row) == _WIDTH, "a change has too few or too many values")
    *values, salt, erased = row
    change = (*values, _decode_bytes(salt), _decode_bytes(erased))
    _check_change(change)
    return change


def _encode_change(change: tuple[object, ...]) -> tuple[object, ...]:
    _check_change(change)
    *values, salt, erased = change
    return *values, _encode_bytes(salt), _encode_bytes(erased)


def _encode_bytes(value: object) -> str | None:
    return b64encode(value).decode() if isinstance(value, bytes) else None


def _decode_bytes(value: object) -> bytes | None:
    if value is None:
        return None
    _require(isinstance(value, str), "bytes are no text")
    return b64decode(str(value), validate=True)


def _check_change(change: tuple[object, ...]) -> None:
    """Raise ValueError if the values of a change have types or sizes that no journal writes."""
    _require(len(change) == _WIDTH, "a change has too few or too many values")
    change_id, wall, tick, entity, entity_id, batch, act, undoes, own_wall, fields, salt, erased = change
    is_valid = (
        is_id(change_id)
        and is_count(wall)
        and is_count(tick)
        and _matches(_WORD, entity)
        and isinstance(entity_id, str)
        and len(entity_id) <= _MAX_ENTITY_ID_LENGTH
        and is_id(batch)
        and _matches(_WORD, act)
        and (undoes is None or is_id(undoes))
        and (own_wall is None or _is_integer(own_wall))
        and (fields is None or isinstance(fields, str))
        and (salt is None or (isinstance(salt, bytes) and len(salt) <= _MAX_SALT_BYTES))
        and (erased is None or (isinstance(erased, bytes) and len(erased) == _HASH_BYTES))
        and (fields is None) == (erased is not None)
    )
    _require(is_valid, "a change has values that no journal writes")


def _check_header(segment: Segment, name: str) -> None:
    """Raise ValueError if a header doesn't fit the name of its file, its changes or itself."""
    _require(parse_segment_name(name) == segment[:3], "its name doesn't fit its content")
    _require(len(segment.changes) == segment.last - segment.first + 1, "it has fewer changes than its name says")
    _require(is_device(segment.by) and is_id(segment.journal), "its header has a wrong id")
    _require(is_count(segment.schema) and is_count(segment.at), "its header has a wrong number")
    _require(len(segment.before) in {0, _HASH_BYTES} and len(segment.hash) == _HASH_BYTES, "a hash is too short")
    _require(len(segment.after) <= _MAX_DEVICES, "it has seen too many devices")
    for device, counter in segment.after.items():
        _require(is_device(device) and is_count(counter), "it has seen a device that can't be one")


def _text(header: Mapping[str, Any], name: str) -> str:
    value = header.get(name)
    _require(isinstance(value, str), f"{name} in its header is no text")
    return str(value)


def _count(header: Mapping[str, Any], name: str) -> int:
    value = header.get(name)
    _require(is_count(value), f"{name} in its header is no number")
    return int(str(value))


def is_device(value: object) -> bool:
    """Return True for a text that can be the id of a device, and the name of a folder on every file system."""
    return _matches(_DEVICE, value)


def is_id(value: object) -> bool:
    """Return True for a text that can be the id of a journal, a change or a batch."""
    return _matches(_ID, value)


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_integer(value: object) -> bool:
    return type(value) is int and abs(value) <= _MAX_INTEGER


def is_count(value: object) -> bool:
    """Return True for an integer from 0 that SQLite can store."""
    return type(value) is int and 0 <= value <= _MAX_INTEGER


def _require(condition: bool, reason: str) -> None:  # noqa: FBT001  a condition is what it takes
    if not condition:
        raise _Invalid(reason)


def _reason(error: Exception) -> str:
    """Return what is wrong, in words of ours: those of Python may quote the text of a change."""
    return str(error) if isinstance(error, _Invalid) else "its content can't be read"


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
