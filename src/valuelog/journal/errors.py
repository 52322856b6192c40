"""Errors about the journal file."""

from pathlib import Path

from valuelog.model.errors import ValuelogError

DOCTOR_HINT = "See what is damaged, and how to get it back: valuelog doctor"
"""What to do about damage."""


class JournalError(ValuelogError):
    """The journal cannot be read or written; nothing was changed."""


class NotAJournal(JournalError):
    """The file is not a journal."""

    def __init__(self, path: Path, kind: str) -> None:
        """Name the file and what it is instead."""
        self.path, self.kind = path, kind
        super().__init__(
            f"{path} is {kind}, not a valuelog journal. It was left untouched.",
            "Choose another file with --journal FILE, or move this one away.",
        )


class NewerJournal(JournalError):
    """A newer valuelog wrote the journal."""

    def __init__(self, path: Path, file_version: int, supported_version: int) -> None:
        """Name the file and both schema versions."""
        super().__init__(
            f"{path} was written by a newer valuelog (schema {file_version}, this one knows {supported_version})."
            " It was left untouched.",
            "Update valuelog.",
        )


class DamagedJournal(JournalError):
    """SQLite reports that the file is damaged."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self.path = path
        super().__init__(
            f"{path} is damaged: SQLite cannot read it. It was left untouched.",
            "Restore a backup of it; keep the damaged file until that has worked.",
        )


class DamagedRecord(JournalError):
    """Something in the journal can't be decoded; the file as a whole can be read."""

    def __init__(self, what: str) -> None:
        """Name the record, such as `entry k7m2…`, or the value."""
        super().__init__(f"Your journal is damaged: {what} can't be read. Nothing was changed.", DOCTOR_HINT)


class AlteredChange(JournalError):
    """A change in the log doesn't fit its hash."""

    def __init__(self, entity: str, entity_id: str) -> None:
        """Name the entity that the change is about."""
        super().__init__(
            f"Your journal is damaged: what it holds about {entity.replace('_', ' ')} {entity_id} was altered on disk,"
            " and not by valuelog. Nothing was changed.",
            DOCTOR_HINT,
        )


class ForeignRollbackJournal(JournalError):
    """The rollback journal beside the file names another file, which SQLite would delete."""

    def __init__(self, path: Path) -> None:
        """Name the rollback journal."""
        super().__init__(
            f"{path}-journal would make SQLite delete another file, so it isn't from valuelog. Nothing was changed.",
            f"If {path.name} is from another person, don't trust it. If it is yours: valuelog restore",
        )


class UnreachableJournal(JournalError):
    """The file or its folder cannot be opened, read or written by this user."""


class ReadOnlyJournal(UnreachableJournal):
    """The file, its folder or its disk can only be read."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(
            f"Cannot change {path}: the file, its folder or its disk is read-only. Nothing was changed.",
            "Check the disk and the permissions, or choose another file with --journal FILE.",
        )


class UnfinishedChange(JournalError):
    """A program was killed during a change, which only a writer can roll back, but the disk is read-only."""

    def __init__(self, path: Path) -> None:
        """Name the file and the one with the old pages."""
        super().__init__(
            f"A change to {path} was interrupted, and the disk is read-only, so it can't be cleaned up there.",
            f"Copy it and {path.name}-journal to a folder you can write to, and use that: --journal FILE",
        )


class DiskFailure(JournalError):
    """The disk reports an error (EIO), which is not the same as damaged content."""

    def __init__(self, path: Path | str) -> None:
        """Name the file."""
        super().__init__(
            f"The disk reports an error reading {path}. Nothing was changed.",
            "The disk may be failing: copy your files to another one, then check the copy with valuelog doctor.",
        )


class DiskFull(JournalError):
    """The disk is full; the last change was not made."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(
            f"The disk is full: cannot write {path}. Nothing was changed.", "Free some space, then try again."
        )


class PurgeIncomplete(ValuelogError):
    """Text was erased, but VACUUM failed, so freed pages may still hold it."""

    def __init__(self, path: Path, unreached: tuple[str, ...] = ()) -> None:
        """Name the file, and describe copies that may still have the text."""
        copies = f" These may still have it, too: {', '.join(unreached)}." if unreached else ""
        super().__init__(
            f"The text is erased, but traces of it may still be in {path}, which could not be rewritten.{copies}",
            f"Free some space, close other programs that use it, then run: sqlite3 '{path}' vacuum",
        )


class JournalMoved(JournalError):
    """The file was moved or replaced while it was open."""

    def __init__(self) -> None:
        """Say that another attempt helps."""
        super().__init__("The journal was moved meanwhile. Nothing was changed.", "Try again.")


class BusyJournal(JournalError):
    """Another program has locked the journal for too long."""

    def __init__(self, path: Path, activity: str = "writing to") -> None:
        """Name the file, and what the other program is doing with it."""
        super().__init__(
            f"Another program is {activity} {path}. Nothing was changed.",
            "Try again when it has finished.",
        )


class NothingToUndo(JournalError):
    """There is no change left to undo."""

    def __init__(self) -> None:
        """Point to the history."""
        super().__init__("Nothing to undo.", "See all changes: valuelog history")


class ChangedTogether(JournalError):
    """The last change of an entity cannot be undone without undoing something else."""

    def __init__(self, others: int) -> None:
        """Give the number of other entities that the same change was about."""
        super().__init__(
            f"It was changed together with {others} other {'thing' if others == 1 else 'things'}. Nothing was undone.",
            "See it with: valuelog history; undo it with: valuelog undo -n N; or change only this: valuelog edit ID",
        )


class NothingToRedo(JournalError):
    """The latest change was not an undo."""

    def __init__(self) -> None:
        """Point to the history."""
        super().__init__("Nothing to redo: the latest change was not an undo.", "See all changes: valuelog history")
