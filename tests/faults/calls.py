"""The disk calls of a run, read from the shim's log."""

import os
import struct
from collections.abc import Iterator, Sequence
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple


class Kind(IntEnum):
    """The kinds of calls, in the order of `enum kind` of shim.c."""

    OPEN = 0
    WRITE = 1
    TRUNCATE = 2
    SYNC = 3
    RENAME = 4
    LINK = 5
    UNLINK = 6
    MKDIR = 7
    RMDIR = 8
    CHMOD = 9
    CLOSE = 10
    READ = 11
    PRINT = 12


class Call(NamedTuple):
    """One successful call. `path` is relative to the watched folder; `other` is the new name of a rename or link."""

    kind: Kind
    pid: int
    fd: int
    flags: int
    offset: int
    path: str
    other: str
    data: bytes

    @property
    def changes_disk(self) -> bool:
        """Whether a power cut after this call can leave something else than one before it."""
        return self.kind not in {Kind.CLOSE, Kind.CHMOD} and (self.kind is not Kind.OPEN or self.creates)

    @property
    def creates(self) -> bool:
        """Whether an open may create or empty the file."""
        return self.kind is Kind.OPEN and bool(self.flags & (os.O_CREAT | os.O_TRUNC))


def list_prints(calls: Sequence[Call]) -> list[int]:
    """Return the numbers of the calls that print something, without those of other programs that it runs."""
    return [number for number, call in enumerate(calls, 1) if call.kind is Kind.PRINT and call.pid == calls[0].pid]


_HEAD = struct.Struct("<IIiIqIII")
"""`struct record` of shim.c."""


def read_calls(log: Path, root: Path) -> list[Call]:
    """Return the calls in a log."""
    return list(_parse(log.read_bytes(), str(root))) if log.exists() else []


def _parse(raw: bytes, root: str) -> Iterator[Call]:
    position = 0
    while position < len(raw):
        kind, pid, fd, flags, offset, *sizes = _HEAD.unpack_from(raw, position)
        position += _HEAD.size
        parts = []
        for size in sizes:
            parts.append(raw[position : position + size])
            position += size
        path, other = (_relative(part.decode(), root) for part in parts[:2])
        yield Call(Kind(kind), pid, fd, flags, offset, path, other, parts[2])


def _relative(path: str, root: str) -> str:
    """Return a path relative to the watched folder; `.` for the folder itself, `/…` for what is outside."""
    if path == root:
        return "."
    return path.removeprefix(f"{root}/")
