"""What can be wrong with a journal's file."""

from pathlib import Path

from valuelog.model.errors import ValuelogError


class JournalError(ValuelogError):
    """The journal could not be read or written; nothing was changed."""


class NotAJournal(JournalError):
    """Something stands where the journal should be that valuelog never wrote."""

    def __init__(self, path: Path, kind: str) -> None:
        """Remember where, and what stands there instead."""
        super().__init__(
            f"{path} is {kind}, not a valuelog journal. It was left untouched.",
            "Name another file with --journal FILE, or move this one away.",
        )


class NewerJournal(JournalError):
    """A later valuelog wrote this journal."""

    def __init__(self, path: Path, file_version: int, supported_version: int) -> None:
        """Remember where, and both versions of the schema."""
        super().__init__(
            f"{path} was written by a newer valuelog (schema {file_version}, this one knows {supported_version})."
            " It was left untouched.",
            "Update valuelog.",
        )


class DamagedJournal(JournalError):
    """SQLite finds the file broken."""

    def __init__(self, path: Path) -> None:
        """Remember where."""
        super().__init__(
            f"{path} is damaged: SQLite cannot read it. It was left untouched.",
            "Put back a copy of it; keep the damaged file until that worked.",
        )


class UnreachableJournal(JournalError):
    """The file or its folder cannot be opened, read or written by this user."""


class DiskFull(JournalError):
    """There was no room to save; the last change was not made."""

    def __init__(self, path: Path) -> None:
        """Remember where."""
        super().__init__(f"There is no room left to write {path}. Nothing was changed.", "Make room, then try again.")


class PurgeIncomplete(ValuelogError):
    """Words were erased, but the room they took could not be overwritten."""

    def __init__(self, path: Path) -> None:
        """Remember where."""
        super().__init__(
            f"The words are erased, but traces of them may still be in {path}: it could not be written anew.",
            f"Make room and let nothing else use it, then: sqlite3 '{path}' vacuum",
        )


class BusyJournal(JournalError):
    """Another program has held the journal for too long."""

    def __init__(self, path: Path) -> None:
        """Remember where."""
        super().__init__(
            f"Another program has been writing {path} for a while. Nothing was changed.",
            "Try again when it is done.",
        )


class NothingToUndo(JournalError):
    """No change is left to take back."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("There is nothing to undo.", "See what was changed with: valuelog history")


class NothingToRedo(JournalError):
    """The latest change was not an undo."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("There is nothing to redo: the latest change was not an undo.", "See: valuelog history")
