"""Read a text from the arguments, from stdin or from the editor; a text typed in the editor is never lost."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from valuelog.cli.files import read_text, translate_write_errors
from valuelog.cli.world import World
from valuelog.journal.files import make_folders, sync_folder, write_file
from valuelog.model.encoding import decode_text
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput


class NothingWritten(BadInput):
    """The text is empty or unchanged after the editor closed."""

    def __init__(self) -> None:
        """Say that the text must be saved."""
        super().__init__("Nothing was written, so nothing was changed.", "Save the text before you close the editor.")


@contextmanager
def text_input(
    world: World,
    text: Sequence[str] | None,
    *,
    edit: bool = False,
    entity_id: str = "",
    alternative: str = "TEXT, or - to read it from stdin",
) -> Iterator[str]:
    """Yield the words, stdin if they are `-` or if it is a pipe, or what the user writes in the editor.

    A text from the editor is kept as a draft until the block ends without an error; the next editor reopens the draft
    unless it starts with other words. The text of an existing entity (`entity_id`) has its own drafts. `alternative` is
    what to give instead if there is neither a text nor a terminal.
    """
    words = " ".join(text or ())
    if words == "-":
        yield clean_text(read_text("-", world.stdin))
    elif text and not edit:
        yield clean_text(words)
    elif not edit and (piped := read_pipe(world)):
        yield clean_text(piped)
    else:
        world.require_terminal(alternative)
        with open_draft(world.paths.editor_drafts, entity_id or "new", reopen=not words or bool(entity_id)) as draft:
            yield clean_text(_edit_draft(world, words, draft))
            draft.unlink(missing_ok=True)


def read_pipe(world: World) -> str:
    """Return what another program writes to stdin; an empty text if stdin is a terminal, or if there is nothing."""
    return read_text("-", world.stdin).strip() if world.has_pipe else ""


@contextmanager
def open_draft(folder: Path, name: str, *, reopen: bool) -> Iterator[Path]:
    """Yield the path of a draft that no other process uses: one left by a killed process if `reopen`, or a new one.

    Each draft has its own folder with a lock file, which the kernel unlocks when the process ends. The draft itself
    cannot be locked, because editors replace it. A draft that is not removed in the block is kept for the next run.
    """
    with translate_write_errors(folder):
        make_folders(folder)
        left = (_claim_left_draft(folder, name) or _adopt_old_draft(folder, name)) if reopen else None
        draft, lock = left or _create_draft(folder, name)
    try:
        yield draft
    finally:
        if not has_text(draft):
            from shutil import rmtree  # noqa: PLC0415  only after an editor ran

            rmtree(draft.parent, ignore_errors=True)
        os.close(lock)


def _claim_left_draft(folder: Path, name: str) -> tuple[Path, int] | None:
    """Return a draft with text that no other process has locked, and its lock."""
    for draft in sorted(folder.glob(f"{name}.*/draft.md")):
        try:
            lock = os.open(draft.with_name("lock"), os.O_RDWR)
        except FileNotFoundError:  # just saved and removed
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if has_text(draft):
                return draft, lock
        except BlockingIOError:
            pass
        os.close(lock)
    return None


def _adopt_old_draft(folder: Path, name: str) -> tuple[Path, int] | None:
    """Move a draft of version 0.1.0 into a new one, and return that and its lock; None if there is none.

    They are beside the folder: draft.md, draft-2.md …, and draft-ID.md, draft-ID-2.md … for an existing entity.
    """
    stem = "draft" if name == "new" else f"draft-{name}"
    old_drafts = [folder.with_name(f"{stem}.md"), *sorted(folder.parent.glob(f"{stem}-[0-9].md"))]
    old = next(filter(has_text, old_drafts), None)
    if old is None:
        return None
    draft, lock = _create_draft(folder, name)
    with suppress(FileNotFoundError):  # another run has just moved it
        old.replace(draft)
    return draft, lock


def _create_draft(folder: Path, name: str) -> tuple[Path, int]:
    from tempfile import mkdtemp  # noqa: PLC0415  only before an editor runs

    draft = Path(mkdtemp(prefix=f"{name}.", dir=folder)) / "draft.md"
    sync_folder(folder)
    lock = os.open(draft.with_name("lock"), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return draft, lock


def has_text(draft: Path) -> bool:
    """Return True if a draft exists and is not empty."""
    return draft.exists() and draft.stat().st_size > 0


def _edit_draft(world: World, before: str, draft: Path) -> str:
    """Let the user edit a draft, and return its text. Raises NothingWritten or EditorFailed."""
    from valuelog.cli.external import EditorFailed, run_editor  # noqa: PLC0415  only for the editor

    if has_text(draft):
        world.write_stderr("Your unsaved draft is still here; reopening it.")
    else:
        with translate_write_errors(draft):
            write_file(draft, f"{before}\n".encode() if before else b"")
    try:
        run_editor(world.editor, draft, world.environ)
    except EditorFailed as error:
        if _read_draft(draft) not in {"", before}:
            raise error.with_draft_note() from error
        draft.unlink(missing_ok=True)
        raise
    after = _read_draft(draft)
    if after in {"", before}:
        draft.unlink(missing_ok=True)
        raise NothingWritten
    return after


def _read_draft(draft: Path) -> str:
    try:
        return decode_text(draft.read_bytes(), "surrogateescape").replace("\r\n", "\n").replace("\r", "\n").strip()
    except FileNotFoundError:  # removed in the editor
        return ""
