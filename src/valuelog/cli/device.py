"""The name of this machine in the log of changes: random, made once, kept beside the journal but not in it."""

import os
from contextlib import suppress
from pathlib import Path

from valuelog.model.errors import ValuelogError


def device(path: Path) -> str:
    """Return the name of this machine, making one up the first time."""
    try:
        return path.read_text(encoding="utf-8").strip() or _made(path)
    except FileNotFoundError:
        return _made(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ValuelogError(f"{path} cannot be read.", "Check who may read it, or remove it.") from error


def _made(path: Path) -> str:
    """Make a name and keep it, unless another program was faster."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.write_text(os.urandom(8).hex(), encoding="utf-8")
        with suppress(FileExistsError):
            os.link(unfinished, path)
        unfinished.unlink()
        return path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"{path.parent} cannot be written: {error.strerror}."
        raise ValuelogError(message, "Check who may write there, or set XDG_STATE_HOME.") from error
