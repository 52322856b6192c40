"""Modes of valuelog's files and folders: what others can open is made private."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from valuelog.cli.paths import Paths
from valuelog.journal.connection import journal_exists
from valuelog.journal.files import OpenMode, is_too_open, tighten
from valuelog.model.errors import ValuelogError

_READABLE, _WRITABLE = 0o044, 0o022


def tighten_files(paths: Paths, settings: Path, journal: Path | None) -> list[OpenMode]:
    """Make the journal, the settings, backups and the state private; return what others could open until now.

    A folder that the user chose, such as ~/notes, keeps its mode, and so do symbolic links and files of other users.
    """
    own = dict.fromkeys([settings, paths.data_dir, paths.config_dir, paths.state_dir, *_list_own(paths, journal)])
    return [*filter(None, [_tighten_journal(journal) if journal else None, *map(tighten, own)])]


def _list_own(paths: Paths, journal: Path | None) -> Iterator[Path]:
    yield from _list_folder(paths.data_dir)
    yield from _list_folder(paths.state_dir)
    yield from list_sync_files(paths)
    backups = Path(os.path.realpath(journal or paths.journal)).with_name("backups")
    if (backups / "checks.json").exists():
        yield backups
        yield from _list_folder(backups)


def list_sync_files(paths: Paths) -> Iterator[Path]:
    """Yield the folders of journals that sync, and the files in them; the key is one."""
    for folder in _list_folder(paths.sync):
        yield from (folder, *_list_folder(folder))


def _list_folder(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [*folder.iterdir()]
    return []


def _tighten_journal(path: Path) -> OpenMode | None:
    """Tighten the journal; another file that was named by mistake is left alone."""
    with suppress(ValuelogError, OSError):
        if is_too_open(path) and journal_exists(path):
            return tighten(path)
    return None


def describe_open_modes(open_modes: Sequence[OpenMode]) -> str:
    """Say in one line which files others could open."""
    path, mode = open_modes[0]
    verbs = [verb for verb, bits in (("read", _READABLE), ("change", _WRITABLE)) if mode & bits]
    could = f"Others could {' and '.join(verbs) or 'open'} {path} (mode {mode:04o})"
    if len(open_modes) == 1:
        return f"{could}; it is {mode & 0o700:04o} now."
    more = len(open_modes) - 1
    return f"{could} and {more} more of valuelog's files; only you can now."
