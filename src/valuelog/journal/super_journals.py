"""Rollback journals that name another file, a super-journal: SQLite deletes that file after rolling back.

Only a program that changes two databases in one transaction writes one, or
a person who wants one of your files to be deleted.
"""

import os
from pathlib import Path

_SUPER_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
"""The end of a rollback journal that names a second file (sqlite.org/atomiccommit.html, section 5)."""

_NAME_LENGTH_OFFSET, _TRAILER_SIZE = -16, 20
"""Before the magic: the length of the name and its checksum, 4 bytes each; before the name, a page number."""


def names_other_file(rollback_journal: Path) -> bool:
    """Return True if SQLite would delete another file after rolling back; valuelog never writes such a journal."""
    return _trailer_size(rollback_journal) > 0


def forget_other_file(rollback_journal: Path) -> None:
    """Cut off the name of another file from a private copy of a rollback journal; the pages stay."""
    while size := _trailer_size(rollback_journal):
        os.truncate(rollback_journal, max(0, rollback_journal.stat().st_size - size))


def _trailer_size(rollback_journal: Path) -> int:
    """Return how many bytes at the end name another file."""
    try:
        with rollback_journal.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end + _NAME_LENGTH_OFFSET))
            tail = file.read()
    except OSError:
        return 0
    return int.from_bytes(tail[:4]) + _TRAILER_SIZE if tail.endswith(_SUPER_JOURNAL_MAGIC) else 0
