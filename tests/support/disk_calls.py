"""Records in which order files are flushed and named, to tell what a power cut could leave."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

Inode = tuple[int, int]


class DiskCalls:
    """What this process flushed, and the names it gave that are not on disk yet."""

    def __init__(self, monkeypatch: "pytest.MonkeyPatch") -> None:
        """Watch the functions of `os`."""
        self.flushed: set[Inode] = set()
        self.named_too_early: list[str] = []
        self._unsynced_folders: dict[Inode, str] = {}
        for name in ("rename", "replace", "link"):
            monkeypatch.setattr(os, name, self._watching(getattr(os, name), self._name))
        monkeypatch.setattr(os, "mkdir", self._watching(os.mkdir, self._make))
        monkeypatch.setattr(os, "fsync", self._watching(os.fsync, self._flush))

    @staticmethod
    def _watching(real: Callable[..., Any], watch: Callable[..., None]) -> Callable[..., Any]:
        def watching(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  arguments of the real function
            watch(*args)
            return real(*args, **kwargs)

        return watching

    @property
    def unsynced_folders(self) -> list[str]:
        """The folders with new names that a power cut could take."""
        return [*self._unsynced_folders.values()]

    def unsynced_files(self, folder: Path) -> list[Path]:
        """Return the files below a folder with content that was never flushed."""
        files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
        return [path for path in files if _identify(path.stat()) not in self.flushed]

    def _flush(self, descriptor: int) -> None:
        inode = _identify(os.fstat(descriptor))
        self.flushed.add(inode)
        self._unsynced_folders.pop(inode, None)

    def _name(self, source: Any, target: Any, *_: object) -> None:  # noqa: ANN401  a path
        if _identify(Path(source).stat()) not in self.flushed:
            self.named_too_early.append(f"{target}")
        self._make(target)

    def _make(self, path: Any, *_: object) -> None:  # noqa: ANN401  a path
        folder = Path(path).absolute().parent
        if folder.exists():
            self._unsynced_folders[_identify(folder.stat())] = f"{folder}"


def _identify(status: os.stat_result) -> Inode:
    return status.st_dev, status.st_ino
