"""Remotes: places that store sealed files and give them to other machines."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from valuelog.sync.address import MIRROR_NAME, parse_address


class Remote(Protocol):
    """A place that stores files. Only a marker and segments count; all other names are ignored and left alone.

    All methods raise SyncError: RemoteUnreachable, BadRemote, RemoteFull, CacheFailed.
    """

    address: str

    def list(self) -> frozenset[str]:
        """Return the names of all files. An empty set means that nothing was published yet, or that it was emptied."""
        ...

    def get(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the files of these names; one larger than MAX_FILE_BYTES is empty.

        Raises RemoteMoved if one isn't there any more.
        """
        ...

    def put(self, files: Mapping[str, bytes]) -> None:
        """Publish files, the marker first. Nothing is overwritten.

        Raises RemoteMoved if another machine published since `list`. List again then: some of these files may be there.
        """
        ...

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Rebuild the remote: afterwards it has exactly these files. If it is interrupted, do it again.

        Raises RemoteMoved if another machine published since `list`.
        """
        ...


def open_remote(
    address: str,
    cache: Path,
    *,
    timeout: float | None = None,
    interactive: bool = True,
    create: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Remote:
    """Return the remote at a git URL, a folder or rclone:REMOTE:PATH. Nothing is read yet. Raises BadAddress.

    `cache` is a folder for this remote alone, which is created as needed. `timeout` is in seconds and counts from now,
    for everything that is done with this remote together. If not interactive, no program asks for a password.
    With `create`, the last part of a folder is created when something is published. `environ` is that of this process
    if None. The address of a folder becomes absolute.
    """
    environ = os.environ if environ is None else environ
    if address.startswith("rclone:"):
        from valuelog.sync.rclone import RcloneRemote  # noqa: PLC0415  loads subprocess, which a folder doesn't need

        return RcloneRemote(address, cache, environ, timeout=timeout, interactive=interactive)
    path = parse_address(address, environ)
    if (
        path and not _is_repository(path) and (create or not (cache / MIRROR_NAME).is_dir())
    ):  # a repository may be unplugged
        from valuelog.sync.folder import FolderRemote  # noqa: PLC0415  one of several

        return FolderRemote(path, create=create)
    from valuelog.sync.git import GitRemote  # noqa: PLC0415  loads subprocess

    return GitRemote(str(path or address), cache, environ, timeout=timeout, interactive=interactive)


def _is_repository(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()
