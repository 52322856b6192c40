"""Remotes: places that store sealed files and give them to other machines."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol


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
