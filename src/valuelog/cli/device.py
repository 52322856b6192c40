"""The name of this machine in the log of changes: random, made once, kept beside the journal but not in it."""

import os
from contextlib import suppress
from pathlib import Path

from valuelog.cli.files import translate_write_errors
from valuelog.journal.files import sync_folder
from valuelog.model.errors import ValuelogError


def ensure_device_id(path: Path) -> str:
    """Return the name of this machine, making one up the first time."""
    try:
        return _read_id(path) or _create_id(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ValuelogError(f"{path} cannot be read.", "Check who may read it, or remove it.") from error


def _read_id(path: Path) -> str:
    """Return the name that a file keeps; none if there is no file, or one that a power cut left empty."""
    try:
        return path.read_text(encoding="utf-8").strip("\0 \n")
    except FileNotFoundError:
        return ""


def _create_id(path: Path) -> str:
    """Make a name and keep it, unless another program was faster."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    with translate_write_errors(path.parent, "Check who may write there, or set XDG_STATE_HOME."):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write_durably(unfinished, os.urandom(8).hex())
            _link_or_replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(path.parent)
        return _read_id(path)


def _write_durably(path: Path, device_id: str) -> None:
    """Write a name so that a power cut cannot take it back."""
    with path.open("w", encoding="utf-8") as file:
        file.write(device_id)
        file.flush()
        os.fsync(file.fileno())


def _link_or_replace(unfinished: Path, path: Path) -> None:
    """Give a file its name unless a good one has it; where there are no hard links, without that certainty."""
    with suppress(OSError):
        os.link(unfinished, path)
    if not _read_id(path):
        unfinished.replace(path)
