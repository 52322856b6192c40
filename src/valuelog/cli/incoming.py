"""Texts that come from a file or from stdin: UTF-8, and not endless."""

from pathlib import Path
from typing import TextIO

from valuelog.model.entry import MAX_TEXT_LENGTH
from valuelog.model.errors import BadText, ValuelogError

MAX_BYTES = 400 * MAX_TEXT_LENGTH
"""So many bytes are read."""


def read_text(name: str, stdin: TextIO) -> str:
    """Read a text from a file, or from stdin where the name is a dash. Raises BadText or ValuelogError."""
    try:
        return _read_bytes(name, stdin).decode()
    except UnicodeDecodeError as error:
        message = f"What was read is not UTF-8 text: byte {error.start + 1} cannot be understood."
        raise BadText(message, "Convert it to UTF-8 first.") from error
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror}."
        raise ValuelogError(message, "Check the name and who may read it.") from error


def _read_bytes(name: str, stdin: TextIO) -> bytes:
    if name == "-":
        return stdin.buffer.read(MAX_BYTES)
    with Path(name).open("rb") as file:
        return file.read(MAX_BYTES)
