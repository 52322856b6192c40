"""The disks that a power cut can leave, built from a recorded run.

A disk model has inodes and names. Of a file, what was written since its last fsync may be there or not; of a folder,
the names that were changed since its last fsync. Two kinds of file systems are modelled:

- ordered: name changes reach the disk in their order, as in the journals of ext4 and xfs;
- unordered: each may reach the disk without the others, which is all that POSIX promises.
"""

import os
import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import NamedTuple

from faults.calls import Call, Kind

SECTOR_BYTES = 512
"""What a disk writes all or none of."""

Files = dict[str, bytes]
"""The contents of files by their relative paths."""


class Names(StrEnum):
    """Which name changes survive a power cut."""

    ORDERED = "ordered"
    UNORDERED = "unordered"


class Contents(StrEnum):
    """Which writes survive since the last fsync of a file."""

    NONE = "none"
    ALL = "all"
    PREFIX = "prefix"
    SUBSET = "subset"
    TORN = "torn"


class Write(NamedTuple):
    """Data at an offset; without data, the file's new size."""

    offset: int
    data: bytes | None

    def torn(self, rng: Random) -> "Write":
        """Return the beginning of this write, in whole sectors."""
        if self.data is None:
            return self
        return Write(self.offset, self.data[: rng.randrange(0, len(self.data) + 1, SECTOR_BYTES)])


@dataclass
class Inode:
    """A file or a folder: what is certainly on disk, and what was written since."""

    is_folder: bool = False
    synced: bytes = b""
    pending: list[Write] = field(default_factory=list)

    def size(self) -> int:
        """Return the size that programs see."""
        return len(apply_writes(self.synced, self.pending))

    def sync(self) -> None:
        """Flush what was written."""
        self.synced, self.pending = apply_writes(self.synced, self.pending), []

    def content(self, choice: Contents, rng: Random) -> bytes:
        """Return one content that a power cut may leave."""
        return apply_writes(self.synced, _choose_writes(self.pending, choice, rng))


def apply_writes(content: bytes, writes: Sequence[Write]) -> bytes:
    """Return a content after some writes."""
    changed = bytearray(content)
    for offset, data in writes:
        end = offset if data is None else offset + len(data)
        if len(changed) < end:
            changed += bytes(end - len(changed))
        if data is None:
            del changed[offset:]
        else:
            changed[offset:end] = data
    return bytes(changed)


def _choose_writes(pending: list[Write], choice: Contents, rng: Random) -> list[Write]:
    match choice:
        case Contents.NONE:
            return []
        case Contents.ALL:
            return pending
        case Contents.PREFIX:
            return pending[: rng.randint(0, len(pending))]
        case Contents.SUBSET:
            return [write for write in pending if rng.random() < 0.5]
        case Contents.TORN:
            kept = pending[: rng.randint(0, len(pending))]
            return [*kept[:-1], kept[-1].torn(rng)] if kept else []


class NameChange(NamedTuple):
    """One change of names, all or none of it on disk: each path with its new inode, or None if it has none."""

    entries: dict[str, int | None]

    @property
    def folders(self) -> set[str]:
        """The folders that it changes."""
        return {parent_of(path) for path in self.entries}


def parent_of(path: str) -> str:
    """Return the folder of a relative path; `.` is the watched folder."""
    return posixpath.dirname(path) or "."


class Disk:
    """A disk below one folder, as it changes call by call."""

    def __init__(self, files: Files, folders: Sequence[str], names: Names = Names.ORDERED) -> None:
        """Begin with files and folders that are certainly on disk, on one kind of file system."""
        self._kind = names
        self._inodes: list[Inode] = []
        self._synced_names: dict[str, int] = {}
        self._changes: list[NameChange] = []
        self._opened: dict[tuple[int, int], int] = {}
        for path in (".", *folders):
            self._synced_names[path] = self._create(Inode(is_folder=True))
        for path, content in files.items():
            self._synced_names[path] = self._create(Inode(synced=content))

    def apply(self, call: Call) -> None:
        """Make a call that succeeded."""
        match call.kind:
            case Kind.OPEN:
                self._open(call)
            case Kind.WRITE:
                self._inodes[self._find(call)].pending.append(Write(call.offset, call.data))
            case Kind.TRUNCATE:
                self._inodes[self._find(call)].pending.append(Write(call.offset, None))
            case Kind.SYNC:
                self._sync(call)
            case Kind.RENAME:
                self._change({call.path: None, call.other: self.names().get(call.path)})
            case Kind.LINK:
                self._change({call.other: self.names()[call.path]})
            case Kind.UNLINK | Kind.RMDIR:
                self._change({call.path: None})
            case Kind.MKDIR:
                self._change({call.path: self._create(Inode(is_folder=True))})
            case Kind.CLOSE:
                self._opened.pop((call.pid, call.fd), None)

    def names(self) -> dict[str, int]:
        """Return the inode of each name, as programs see them."""
        return _with_changes(self._synced_names, self._changes)

    def files_now(self) -> Files:
        """Return what programs see: everything that was written."""
        return self._read(self.names(), lambda inode: apply_writes(inode.synced, inode.pending))

    def after_power_cut(self, rng: Random) -> Files:
        """Return one disk that a power cut can leave now."""
        surviving = _with_changes(self._synced_names, self._surviving_changes(rng))
        return self._read(surviving, lambda inode: inode.content(rng.choice(list(Contents)), rng))

    def _surviving_changes(self, rng: Random) -> list[NameChange]:
        if self._kind is Names.ORDERED:
            return self._changes[: rng.randint(0, len(self._changes))]
        return [change for change in self._changes if rng.random() < 0.5]

    def _read(self, names: dict[str, int], content_of: Callable[[Inode], bytes]) -> Files:
        """Return the files that can be reached, each inode with one content."""
        contents: dict[int, bytes] = {}
        for path, inode in sorted(names.items()):
            if inode not in contents and not self._inodes[inode].is_folder and _is_reachable(path, names):
                contents[inode] = content_of(self._inodes[inode])
        return {path: contents[inode] for path, inode in names.items() if inode in contents}

    def _create(self, inode: Inode) -> int:
        self._inodes.append(inode)
        return len(self._inodes) - 1

    def _find(self, call: Call) -> int:
        """Return the inode of an open file; a forked process has those of its parent."""
        inode = self._opened.get((call.pid, call.fd))
        return self.names()[call.path] if inode is None else inode

    def _open(self, call: Call) -> None:
        inode = self.names().get(call.path)
        if inode is None:
            inode = self._create(Inode())
            self._change({call.path: inode})
        elif call.flags & os.O_TRUNC and self._inodes[inode].size():
            self._inodes[inode].pending.append(Write(0, None))
        self._opened[call.pid, call.fd] = inode

    def _sync(self, call: Call) -> None:
        inode = self._inodes[self._find(call)]
        if not inode.is_folder:
            inode.sync()
            return
        last = max((index for index, change in enumerate(self._changes) if call.path in change.folders), default=-1)
        certain = [
            change
            for change in self._changes[: last + 1]
            if self._kind is Names.ORDERED or call.path in change.folders
        ]  # fmt: skip
        self._synced_names = _with_changes(self._synced_names, certain)
        self._changes = [change for change in self._changes if change not in certain]

    def _change(self, entries: dict[str, int | None]) -> None:
        self._changes.append(NameChange(entries))


def _with_changes(names: dict[str, int], changes: Sequence[NameChange]) -> dict[str, int]:
    changed: dict[str, int | None] = dict(names)
    for change in changes:
        changed |= change.entries
    return {path: inode for path, inode in changed.items() if inode is not None}


def _is_reachable(path: str, names: dict[str, int]) -> bool:
    """Return whether each folder above a path is on disk."""
    parent = parent_of(path)
    return parent == "." or (parent in names and _is_reachable(parent, names))


def read_disk(folder: Path) -> tuple[Files, list[str]]:
    """Return the files and the folders below a folder, by their relative paths."""
    paths = sorted(folder.rglob("*"))
    files = {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.is_file()}
    return files, [str(path.relative_to(folder)) for path in paths if path.is_dir()]


def write_disk(files: Files, folders: Sequence[str], folder: Path) -> None:
    """Write a disk into an empty folder."""
    for path in folders:
        (folder / path).mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(0o600)
