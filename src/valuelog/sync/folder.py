"""A folder as a remote: one that a service keeps in sync (Syncthing, Dropbox), a network drive, a USB stick.

Each file gets its name when it is complete and on disk, by a hard link if possible, which never overwrites.
"""

import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EACCES, EDQUOT, EEXIST, EIO, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from typing import Final

from valuelog.sync.errors import BadRemote, RemoteFull, RemoteMoved, RemoteUnreachable, SyncError
from valuelog.sync.marker import MARKER_NAME
from valuelog.sync.segment import MAX_FILE_BYTES, is_device, parse_segment_name

_TEMPORARY = re.compile(r"\.valuelog-[0-9a-f]{16}\.tmp")
_SECONDS_PER_DAY: Final = 86_400
_FULL: Final = frozenset({ENOSPC, EDQUOT})
_NO_FALLBACK: Final = frozenset({*_FULL, EEXIST, EIO, ENOENT})


class FolderRemote:
    """A folder with the files of a journal; it must exist, unless `create` lets `put` create its last part."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Use an absolute path. Nothing is read yet."""
        self.address = str(folder)
        self._folder = folder
        self._create = create
        self._seen: frozenset[str] | None = None

    def list(self) -> frozenset[str]:
        """Return the names of all files; temporary and conflicting ones aren't among them. Raises SyncError."""
        with self._translate_errors():
            is_new = self._create and not self._folder.exists() and self._folder.parent.is_dir()
            self._seen = frozenset() if is_new else frozenset(_scan(self._folder))
        return self._seen

    def get(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the files of these names. Raises RemoteMoved, SyncError."""
        for name in names:
            with self._translate_errors():
                data = self._read(name)
            yield name, data

    def put(self, files: Mapping[str, bytes]) -> None:
        """Publish files, the marker first. Raises RemoteMoved if one of them is there already, SyncError."""
        with self._translate_errors():
            self._require_folder()
            _remove_leftovers(self._folder)
            for name in sorted(files, key=_marker_first):
                self._write(name, files[name])
            self._seen = self._seen and self._seen | files.keys()

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Make these the only files. Raises SyncError.

        The marker changes first, so that machines with another key stop.
        """
        with self._translate_errors():
            self._require_folder()
            old = _scan(self._folder)
            if self._seen is not None and self._seen != old:
                raise RemoteMoved
            _remove_leftovers(self._folder)
            if MARKER_NAME in files:
                self._write(MARKER_NAME, files[MARKER_NAME], overwrite=True)
            for name in old - ({MARKER_NAME} & files.keys()):
                (self._folder / name).unlink(missing_ok=True)
            _sync_folder(self._folder)
            for name in sorted(files.keys() - {MARKER_NAME}):
                self._write(name, files[name])
            self._seen = frozenset(files)

    def _require_folder(self) -> None:
        if self._create and self._folder.parent.is_dir():
            with suppress(FileExistsError):
                self._folder.mkdir(mode=0o700)
                _sync_folder(self._folder.parent)
        os.scandir(self._folder).close()  # raises if it is missing or not a folder

    def _read(self, name: str) -> bytes:
        try:
            descriptor = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError as error:
            if self._folder.is_dir():
                raise RemoteMoved from error
            raise
        with open(descriptor, "rb") as file:  # noqa: PTH123  opened above
            is_usable = stat.S_ISREG((status := os.fstat(descriptor)).st_mode) and status.st_size <= MAX_FILE_BYTES
            return file.read(MAX_FILE_BYTES) if is_usable else b""

    def _write(self, name: str, data: bytes, *, overwrite: bool = False) -> None:
        path = self._folder / name
        if path.parent != self._folder:
            _make_folder(path.parent)
            self._require_kind(path.parent, stat.S_ISDIR)
        temporary = path.parent / f".valuelog-{secrets.token_hex(8)}.tmp"
        try:
            _create(temporary, data)
            if overwrite:
                temporary.replace(path)
            else:
                _publish(temporary, path)
        except FileExistsError as error:
            self._require_kind(path, stat.S_ISREG)
            raise RemoteMoved from error
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def _require_kind(self, path: Path, is_kind: Callable[[int], bool]) -> None:
        """Raise BadRemote if something else has the name of a file or folder: a link, for example, leads elsewhere."""
        with suppress(FileNotFoundError):
            if not is_kind(path.lstat().st_mode):
                raise BadRemote(
                    f"{path.relative_to(self._folder)} in {self.address} isn't from valuelog.",
                    "Remove it, then: valuelog sync",
                )

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._translate(error) from error

    def _translate(self, error: OSError) -> SyncError:
        if error.errno in _FULL:
            return RemoteFull(self.address)
        if error.errno in {EACCES, EPERM, EROFS}:
            return BadRemote(f"{self.address} can't be read or written: {error.strerror}.", "Check its permissions.")
        if error.errno == ENOTDIR:
            return BadRemote(f"{self.address} is not a folder.", "Give a folder: valuelog sync setup FOLDER")
        if error.errno == ENOENT:
            return RemoteUnreachable(
                f"There is no folder {self.address}.",
                "Connect the disk that it is on, or create the folder, then: valuelog sync",
            )
        return RemoteUnreachable(
            f"{self.address} can't be reached: {error.strerror}.", "Check the disk or the network, then: valuelog sync"
        )


def _scan(folder: Path) -> set[str]:
    """Return the names of the marker and of all segments. Raises OSError if there is no such folder."""
    names: set[str] = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_device(entry.name) and entry.is_dir(follow_symlinks=False):
                names |= {name for name in _scan_device(folder, entry.name) if parse_segment_name(name)}
            elif entry.name == MARKER_NAME and entry.is_file(follow_symlinks=False):
                names.add(MARKER_NAME)
    return names


def _scan_device(folder: Path, device: str) -> Iterator[str]:
    """Yield what is in a folder; one that can't be read or has just been removed isn't that of a device."""
    with suppress(PermissionError, FileNotFoundError), os.scandir(folder / device) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                yield f"{device}/{entry.name}"


def _marker_first(name: str) -> tuple[bool, str]:
    return name != MARKER_NAME, name


def _make_folder(folder: Path) -> None:
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _sync_folder(folder.parent)


def _create(path: Path, data: bytes) -> None:
    """Create a file that is on disk when this returns, or none at all. Raises FileExistsError, OSError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123  opened above
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _publish(temporary: Path, path: Path) -> None:
    """Give a complete file its name. Raises FileExistsError.

    Without hard links, a file that another machine creates at the same moment is replaced: the changes in files of one
    name are the same. Writing under the name itself would leave an incomplete file, maybe the marker, after a kill.
    """
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno in _NO_FALLBACK:
            raise
        if os.path.lexists(path):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path)) from error
        temporary.rename(path)


def _sync_folder(folder: Path) -> None:
    """Flush a folder; some network drives can't do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of programs that were killed: another machine writes its own for seconds, not days."""
    for path in (*folder.glob(".valuelog-*.tmp"), *folder.glob("*/.valuelog-*.tmp")):
        with suppress(OSError):
            if _TEMPORARY.fullmatch(path.name) and path.lstat().st_mtime < time.time() - _SECONDS_PER_DAY:
                path.unlink()
