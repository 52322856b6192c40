"""The records of a JSON file, one at a time: finds where each begins and ends, and hands on its bytes.

A record is cut out by its brackets and quotes before anything is decoded, in chunks, each byte seen once. Decoding into
a growing buffer would try a long record again with every chunk, would recurse where brackets nest, and could not go on
behind a record that is broken inside. Knows nothing of what records say; `valuelog.exchange.records` decodes them.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from valuelog.exchange import DEEPEST, LARGEST, LONGEST_LINE, Unreadable

CHUNK = 1 << 16

ENDLESS = 2 * LONGEST_LINE
"""A record longer than this is not looked at to its end."""

MOST_KEYS = 1_000
"""So many keys may stand beside the list in a file that is an object."""

_WHITE = re.compile(rb"[ \t\r\n]*")
_BARE = re.compile(rb'[^\s,:"\[\]{}]*')
_IN_QUOTES = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_QUOTED = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_PLAIN = rb'[^"{}\[\]]*(?:' + _QUOTED + rb'[^"{}\[\]]*)*'
_LEAF = rb"[{\[]" + _PLAIN + rb"[}\]]"
_NESTED = re.compile(_PLAIN + rb"(?:" + _LEAF + _PLAIN + rb")*([{\[]+|[}\]]+)?", re.DOTALL)
"""What nests nothing, as far as it goes, and then the brackets that do."""


class Readable(Protocol):
    """Something that gives so many bytes, or fewer, and none at its end."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """How a format wraps its records: a list, or an object with the list `under` a key. `made_with` says by what.

    A record is an object; where there is a `row`, it may also be a list with the values of these keys.
    """

    name: str
    made_with: str
    under: str = ""
    row: tuple[str, ...] = ()

    def broken(self, why: str) -> Unreadable:
        """Return the error of a file that is something else."""
        return Unreadable(f"This is not what {self.name} writes: {why}", f"Such a file comes from: {self.made_with}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """The bytes of one record, or why there are none."""

    place: str
    raw: bytes = b""
    why: str = ""


class _Cut(Exception):
    """The file ended where a value should go on."""


@dataclass(slots=True)
class _Kept:
    """The bytes of a value so far, as long as there are not too many."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    deepest: int = 0

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size <= LONGEST_LINE:
            self.parts.append(part)
        elif self.size > ENDLESS:
            raise Unreadable(f"One of its records has more than {ENDLESS:,} bytes.", "No tool writes such a record.")

    def piece(self, place: str) -> Piece:
        if self.deepest > DEEPEST:
            return Piece(place=place, why=f"It nests {self.deepest:,} deep; at most {DEEPEST} are read.")
        if self.size > LONGEST_LINE:
            return Piece(place=place, why=f"It has {self.size:,} bytes; at most {LONGEST_LINE:,} are read.")
        return Piece(place=place, raw=b"".join(self.parts))


class _Text:
    """A JSON file of which a chunk at a time is held."""

    def __init__(self, stream: Readable) -> None:
        """Look at how the file begins. Raises Unreadable for UTF-16."""
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self._left = LARGEST
        self._refill()
        if self._buffer.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise Unreadable("It is UTF-16.", "Save it as UTF-8.")
        self._at = len(BOM_UTF8) if self._buffer.startswith(BOM_UTF8) else 0

    def _refill(self) -> bool:
        """Drop what was taken and take in more; false at the end."""
        fresh = self._stream.read(CHUNK)
        self._left -= len(fresh)
        if self._left < 0:
            raise Unreadable(f"It is larger than {LARGEST:,} bytes.", "Split it.")
        self._buffer = self._buffer[self._at :] + fresh
        self._at = 0
        return bool(fresh)

    def peek(self) -> bytes:
        """Return the next byte that is no white space, without taking it; nothing at the end."""
        blank = 0
        while (mark := self._run(_WHITE, None)) == b"" and blank <= LONGEST_LINE:
            blank += len(self._buffer)
            if not self._refill():
                return b""
        if blank > LONGEST_LINE:
            raise Unreadable(f"It is blank for more than {LONGEST_LINE:,} bytes.", "Is this the right file?")
        return mark

    def take(self) -> None:
        """Pass over the byte that was peeked at."""
        self._at += 1

    def value(self) -> _Kept:
        """Take the value that begins here, whatever it is. Raises _Cut."""
        kept = _Kept()
        first = self.peek()
        if first in {b"{", b"["}:
            self._container(kept)
        elif first == b'"':
            self._quoted(kept)
        else:
            self._bare(kept)
        return kept

    def _run(self, pattern: re.Pattern[bytes], kept: _Kept | None) -> bytes:
        """Take what fits a pattern out of the buffer and return the byte behind it; nothing at the buffer's end."""
        found = pattern.match(self._buffer, self._at)
        end = found.end() if found else self._at
        if kept is not None:
            kept.add(self._buffer[self._at : end])
        self._at = end
        return self._buffer[end : end + 1]

    def _container(self, kept: _Kept) -> None:
        """Take an object or a list up to the bracket that closes it. Raises _Cut."""
        self._at += 1
        kept.add(self._buffer[self._at - 1 : self._at])
        depth = 1
        while depth := self._nested(kept, depth):
            if self._buffer[self._at : self._at + 1] == b'"':
                self._quoted(kept)
            elif not self._refill():
                raise _Cut

    def _nested(self, kept: _Kept, depth: int) -> int:
        """Take what the buffer holds of a container; return how deep that ends, which is 0 at its own end."""
        start = at = self._at
        while found := _NESTED.match(self._buffer, at):
            at, run = found.end(), found[1]
            if not run:
                break
            if run[0] in b"{[":
                depth += len(run)
                kept.deepest = max(kept.deepest, depth)
            else:
                at -= max(0, len(run) - depth)
                depth = max(0, depth - len(run))
            if not depth:
                break
        kept.add(self._buffer[start:at])
        self._at = at
        return depth

    def _quoted(self, kept: _Kept) -> None:
        kept.add(b'"')
        self._at += 1
        while self._run(_IN_QUOTES, kept) != b'"':  # else a backslash, or nothing, ends the buffer
            if not self._refill():
                raise _Cut
        kept.add(b'"')
        self._at += 1

    def _bare(self, kept: _Kept) -> None:
        """Take a number or a word, or one byte of what is neither, so that it always goes on."""
        while not self._run(_BARE, kept):
            if not self._refill():
                break
        if not kept.size:
            kept.add(self._buffer[self._at : self._at + 1])
            self._at += 1


def pieces(stream: Readable, shape: Shape) -> Iterator[Piece]:
    """Yield the records of a file, each on its own. Raises Unreadable if it does not hold them as it should."""
    text = _Text(stream)
    first = text.peek()
    if not first:
        raise shape.broken("it is empty.")
    if first != (b"{" if shape.under else b"["):
        raise shape.broken("it is no JSON object." if shape.under else "it is no JSON list.")
    text.take()
    yield from _within(text, shape) if shape.under else _listed(text)
    if text.peek():
        yield Piece(place="the end", why="Something follows what should be all.")


def _listed(text: _Text) -> Iterator[Piece]:
    """Yield what stands in a list whose bracket was taken."""
    for number in count(1):
        mark = text.peek()
        if mark == b"]":
            return text.take()
        if not mark:
            yield Piece(place="the end", why="The file ends before its list does.")
            return None
        place = f"record {number}"
        try:
            yield text.value().piece(place)
        except _Cut:
            yield Piece(place=place, why="The file ends in the middle of it.")
            return None
        yield from _comma(text, place)
    return None


def _comma(text: _Text, place: str) -> Iterator[Piece]:
    """Take a comma; say so where something else stands."""
    mark = text.peek()
    if mark == b",":
        text.take()
    elif mark not in {b"]", b""}:
        yield Piece(place=f"after {place}", why="A comma is missing.")


def _within(text: _Text, shape: Shape) -> Iterator[Piece]:
    """Yield what stands in the list under a key of an object whose bracket was taken; pass over what else it holds."""
    found = False
    for _ in range(MOST_KEYS):
        if text.peek() != b'"':
            break
        wanted = _key(text, shape) == shape.under.encode()
        if wanted and found:
            yield Piece(place="the end", why=f"It says “{shape.under}” twice.")
        if wanted and not found and text.peek() == b"[":
            found = True
            text.take()
            yield from _listed(text)
        else:
            _passed(text)
        if text.peek() == b",":
            text.take()
    yield from _closed(text, shape, found=found)


def _key(text: _Text, shape: Shape) -> bytes:
    """Take a key and its colon."""
    try:
        key = text.value().piece("").raw.strip(b'"')
    except _Cut:
        key = b""
    if text.peek() != b":":
        raise shape.broken("it is broken beside its records.")
    text.take()
    return key


def _passed(text: _Text) -> None:
    """Pass over a value; if the file ends within it, whoever comes next sees that."""
    try:
        text.value()
    except _Cut:
        return


def _closed(text: _Text, shape: Shape, *, found: bool) -> Iterator[Piece]:
    if not found:
        raise shape.broken(f"it holds no list of “{shape.under}”.")
    if text.peek() == b"}":
        text.take()
    elif not text.peek():
        yield Piece(place="the end", why="The file ends too early.")
