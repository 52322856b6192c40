"""A storage service as a remote, through the user's own rclone program and its configuration.

Only sealed bytes pass through: they are copied from and to a temporary folder in the cache.
"""

import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from valuelog.model.text import quote
from valuelog.sync.errors import (
    BadAddress,
    BadRemote,
    CacheFailed,
    RemoteFull,
    RemoteMoved,
    RemoteUnreachable,
    SyncError,
)
from valuelog.sync.marker import MARKER_NAME
from valuelog.sync.programs import Finished, Programs, clean_environment, one_line
from valuelog.sync.segment import MAX_FILE_BYTES, parse_segment_name

_PREFIX: Final = "rclone:"
_TARGET = re.compile(r"(?:[\w][\w .+@-]*:|:local:)[^\x00-\x1f]*|/[^\x00-\x1f]*")
"""A remote of the user's configuration with a path, or a folder. Options in it could make rclone run a program."""

_DIRECTORY_NOT_FOUND: Final = 3
_SECONDS_PER_DAY: Final = 86_400
_FULL = re.compile(
    r"no space left|quota.{0,40}exceeded|insufficient.{0,20}(storage|space)|storage.{0,20}full", re.IGNORECASE
)
_MOVED = re.compile(r"immutable file modified", re.IGNORECASE)
_REFUSED = re.compile(
    r"didn't find section|access ?denied|permission denied|unauthori[sz]ed|forbidden|token|\b40[13]\b", re.IGNORECASE
)


class RcloneRemote:
    """A folder of a service that rclone knows."""

    def __init__(
        self,
        address: str,
        cache: Path,
        environ: Mapping[str, str],
        *,
        timeout: float | None = None,
        interactive: bool = True,
    ) -> None:
        """Use rclone:REMOTE:PATH. Raises BadAddress, BadRemote if rclone isn't installed."""
        target = address.removeprefix(_PREFIX)
        if not _TARGET.fullmatch(target):
            raise BadAddress(
                f"{quote(address)} is not a remote of rclone.",
                "Write rclone:REMOTE:PATH; rclone listremotes shows REMOTE.",
            )
        self.address = address
        self._target, self._cache = target, cache
        self._programs = Programs(address, environ, interactive=interactive, timeout=timeout)
        self._program = self._programs.find("rclone")
        self._environ = clean_environment(environ, "RCLONE_RC", frozenset())
        self._names: frozenset[str] | None = None

    def list(self) -> frozenset[str]:
        """Return the names of all files. A folder that isn't there is empty: most services have no folders."""
        finished = self._rclone("lsf", "-R", "--files-only", "--max-depth", "2", self._target)
        if finished.code and finished.code != _DIRECTORY_NOT_FOUND:
            raise self._translate(finished)
        names = finished.stdout.decode(errors="replace").split("\n")
        self._names = frozenset(name for name in names if name == MARKER_NAME or parse_segment_name(name))
        return self._names

    def get(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the files of these names. Raises RemoteMoved, SyncError."""
        wanted = list(names)
        with self._temporary_folder() as folder:
            if wanted:
                self._copy(self._target, str(folder / "files"), folder, wanted)
            for name in wanted:
                yield name, _read(folder / "files" / name)

    def put(self, files: Mapping[str, bytes]) -> None:
        """Publish files, the marker first. Raises RemoteMoved if one of them is there already, SyncError."""
        seen = self._list_once()
        if files.keys() & seen:
            raise RemoteMoved
        for part in _split_marker(files):
            self._upload(part, "--immutable")
        self._names = seen | files.keys()

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Make these the only files; the marker changes first. Raises SyncError."""
        seen = self._list_once()
        if self.list() != seen:
            raise RemoteMoved
        old = seen - ({MARKER_NAME} & files.keys())
        marker, segments = _split_marker(files)
        self._upload(marker, "--ignore-times")
        if old:
            with self._temporary_folder() as folder:
                self._check(self._rclone("delete", *_files_from(folder, old), self._target))
        self._upload(segments, "--ignore-times")
        self._names = frozenset(files)

    def _list_once(self) -> frozenset[str]:
        return self.list() if self._names is None else self._names

    def _upload(self, files: Mapping[str, bytes], *options: str) -> None:
        if not files:
            return
        with self._temporary_folder() as folder:
            for name, data in files.items():
                path = folder / "files" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            self._copy(str(folder / "files"), self._target, folder, files, *options)

    def _copy(self, source: str, target: str, folder: Path, names: Iterable[str], *options: str) -> None:
        self._check(self._rclone("copy", *options, *_files_from(folder, names), source, target))

    def _rclone(self, *words: str) -> Finished:
        quiet = () if self._programs.interactive else ("--ask-password=false",)
        return self._programs.run((self._program, *quiet, "--retries", "2", *words), self._environ)

    def _check(self, finished: Finished) -> None:
        if finished.code:
            raise self._translate(finished)

    def _translate(self, finished: Finished) -> SyncError:
        if _MOVED.search(finished.stderr):
            return RemoteMoved()
        if _FULL.search(finished.stderr):
            return RemoteFull(self.address)
        reason = _main_message(finished)
        if _REFUSED.search(finished.stderr):
            return BadRemote(f"{self.address} denied you access: {reason}.", f"Try: rclone lsf {self._target}")
        return RemoteUnreachable(f"{self.address} can't be reached: {reason}.", f"Try: rclone lsf {self._target}")

    @contextmanager
    def _temporary_folder(self) -> Iterator[Path]:
        """Yield a new folder in the cache. Raises CacheFailed."""
        parent = self._cache / "rclone"
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _remove_leftovers(parent)
            with TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as folder:
                yield Path(folder)
        except OSError as error:
            raise CacheFailed(
                f"{parent} can't be used: {error.strerror}.", "Check the disk and its permissions."
            ) from error


def _remove_leftovers(folder: Path) -> None:
    """Remove the temporary folders of programs that were killed."""
    for path in folder.iterdir():
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _SECONDS_PER_DAY:
                shutil.rmtree(path)


def _split_marker(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the marker and the segments, which are copied one after the other."""
    marker = {name: data for name, data in files.items() if name == MARKER_NAME}
    return marker, {name: data for name, data in files.items() if name != MARKER_NAME}


def _files_from(folder: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Write names to a file and return the options that make rclone copy or delete only these."""
    path = folder / "names"
    path.write_text("".join(f"{name}\n" for name in names))
    return "--files-from", str(path)


def _read(path: Path) -> bytes:
    """Read a fetched file; one that is too large is empty. Raises RemoteMoved if rclone didn't find it."""
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_FILE_BYTES else b""
    except FileNotFoundError as error:
        raise RemoteMoved from error


def _main_message(finished: Finished) -> str:
    """Return the last message of rclone without its time and level."""
    lines = [line for line in finished.stderr.splitlines() if line.strip()]
    message = (
        re.sub(r"^[\d/]+ [\d:.]+ \w+ *: *", "", lines[-1]) if lines else f"rclone exited with code {finished.code}"
    )
    return one_line(message)
