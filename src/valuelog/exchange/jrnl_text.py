"""The plain text files of jrnl: each entry begins with a line such as `[2026-11-05 09:30] Title`.

Version 1 wrote no brackets: `2026-11-05 09:30 Title`. A star at the end of the title marks an entry. jrnl has read such
a file if it prints it as JSON; so both have the same fields here, and an entry is recognized in either.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from valuelog.exchange import MAX_RECORD_BYTES, UnreadableFile
from valuelog.exchange.records import InvalidRecord, invalid_utf8, read_lines
from valuelog.exchange.transcode import SupportsRead

_TIME = r"\d{4}([-/.])\d\d?\2\d\d?[T ]+\d\d?:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?"
_BRACKETED = re.compile(rf"\[({_TIME})\](?: |$)", re.ASCII)
_BARE = re.compile(rf"({_TIME})(?: |$)", re.ASCII)
_OTHER_DATE = re.compile(r"\[[^\[\]{}\"]*\d[^\[\]{}\"]*\] \S")
_MAX_HEADER = 200
"""How much of the first line can be a date: matching more takes quadratic time."""

_JSON_START = re.compile(r"^\{", re.MULTILINE)


class TextEntry(NamedTuple):
    """An entry as it is written; `size` is that of all its lines, of which those beyond the limit are not kept."""

    location: str
    written: str
    lines: list[bytes]
    size: int = 0


def is_text(head: str) -> bool:
    """Return True if a file begins like a text file of jrnl. Raises UnreadableFile if only its dates are others."""
    first = head.lstrip("\ufeff \t\r\n").partition("\n")[0][:_MAX_HEADER]
    if _BRACKETED.match(first) or _BARE.match(first):
        return True
    if _OTHER_DATE.match(first) and not _JSON_START.search(head):
        raise UnreadableFile(
            "The dates of this jrnl file are not written like 2026-11-20 09:30.",
            "Let jrnl convert it: jrnl --format json > FILE",
        )
    return False


def split_entries(stream: SupportsRead) -> Iterator[TextEntry]:
    """Yield the entries of a file. The first one tells whether dates are in brackets."""
    entry, pattern = None, None
    for number, raw in enumerate(read_lines(stream), 1):
        line = raw.decode(errors="replace")
        pattern = pattern or (_BARE if _BARE.match(line) else _BRACKETED)
        if header := pattern.match(line):
            if entry:
                yield entry
            entry = TextEntry(
                f"line {number:,}", header[1], [line[header.end() :].encode() if "�" not in line else raw]
            )
        elif entry:
            entry = _append(entry, raw)
    if entry:
        yield entry


def _append(entry: TextEntry, raw: bytes) -> TextEntry:
    size = entry.size + len(raw)
    if size <= MAX_RECORD_BYTES:
        entry.lines.append(raw)
    return entry._replace(size=size)


def parse_text(entry: TextEntry) -> tuple[str, str, bool]:
    """Return the title, the body and whether it is starred. Raises InvalidRecord."""
    if entry.size > MAX_RECORD_BYTES:
        raise InvalidRecord(f"It has {entry.size:,} bytes; the limit is {MAX_RECORD_BYTES:,}.")
    title, *body = _decode(entry.lines)
    is_starred = title.rstrip().endswith("*")
    return title.strip("\r\n *") if is_starred else title.strip(), "".join(body).strip(), is_starred


def _decode(lines: Iterable[bytes]) -> list[str]:
    try:
        return [raw.decode() for raw in lines]
    except UnicodeDecodeError as error:
        raise invalid_utf8(error) from error
