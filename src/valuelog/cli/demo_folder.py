"""The folder of a demo, and the environment variables with which valuelog uses only that folder."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from valuelog.cli.paths import find_paths
from valuelog.model.errors import ValuelogError

PASSED_VARIABLES = ("VALUELOG_TODAY", "VALUELOG_PAGER", "VALUELOG_EDITOR", "VALUELOG_ACCESSIBLE", "VALUELOG_DEBUG")
"""The variables of valuelog that name none of its files; a demo uses them too."""


class FolderUnusable(ValuelogError):
    """The folder for --keep has something in it, or can't be created."""

    def __init__(self, folder: Path, reason: str) -> None:
        """Name the folder and the reason."""
        super().__init__(f"{folder} can't be used: {reason}.", "Choose another folder: valuelog demo --keep FOLDER")


@contextmanager
def demo_folder(keep: Path | None) -> Iterator[Path]:
    """Yield a new folder; without `keep` it is temporary. Raises FolderUnusable."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="valuelog-demo-") as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise FolderUnusable(keep, "it is not empty")
    except OSError as error:
        raise FolderUnusable(keep, error.strerror or str(error)) from error
    yield keep.absolute()


def drop_own_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the variables that name files of valuelog or change its settings."""
    return {
        name: value
        for name, value in environ.items()
        if name in PASSED_VARIABLES or not name.startswith(("VALUELOG_", "_VALUELOG_"))
    }


def folder_variables(folder: Path) -> dict[str, str]:
    """Return the variables that name all files of a demo."""
    homes = {f"XDG_{name.upper()}_HOME": str(folder / name) for name in ("data", "config", "state")}
    return {**journal_variables(folder), **homes}


def journal_variables(folder: Path) -> dict[str, str]:
    """Return the variables that name its journal and its settings, and turn off backups."""
    settings = find_paths({"XDG_CONFIG_HOME": str(folder / "config")}).settings
    return {
        "VALUELOG_JOURNAL": str(folder / "journal.db"),
        "VALUELOG_CONFIG": str(settings),
        "VALUELOG_BACKUPS": "false",
    }
