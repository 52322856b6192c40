"""Texts from the command line, from stdin or from the editor. What is written in the editor outlives a crash."""

import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from valuelog.cli.drafts import claim_draft, has_unsaved_text
from valuelog.cli.files import translate_write_errors
from valuelog.cli.foreground import leave_sigint_to_child
from valuelog.cli.settings import BadSetting
from valuelog.cli.world import World
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput, ValuelogError


class NothingWritten(BadInput):
    """The editor was left with an empty text, or with the one it began with."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Nothing was written, so nothing was changed.", "Save the text before you leave the editor.")


class EditorFailed(ValuelogError):
    """The editor could not be run, or ended with an error."""

    def __init__(self, editor: str, more: str = "") -> None:
        """Name the editor."""
        hint = "Choose another one with: valuelog config set editor NAME"
        super().__init__(f"The editor “{editor}” did not end well{more}.", hint)
        self._editor = editor

    def with_draft_hint(self) -> "EditorFailed":
        """Return one that says that the words are not lost."""
        return EditorFailed(self._editor, "; what you wrote is kept and opens again next time")


@contextmanager
def text_input(world: World, text: Sequence[str] | None, *, edit: bool = False, entity_id: str = "") -> Iterator[str]:
    """Give the text that is meant: the words, stdin for a dash, or what is written in the editor.

    What was written in the editor is kept as a draft until the block ends well; the next editor begins with it, unless
    it was given words to begin with. The text `of` a thing that is there already has drafts of its own.
    """
    said = " ".join(text or ())
    if said == "-":
        yield clean_text(world.read_text("-"))
    elif text and not edit:
        yield clean_text(said)
    else:
        world.require_terminal("give the TEXT, or - to read it from stdin")
        first = world.paths.editor_draft.with_stem(f"draft-{entity_id}") if entity_id else world.paths.editor_draft
        with claim_draft(first, new=bool(said and not entity_id)) as file:
            yield clean_text(edit_text(world, said, file))
            file.unlink(missing_ok=True)


def edit_text(world: World, before: str, file: Path) -> str:
    """Return a text as a person left it in the editor. Raises NothingWritten."""
    if has_unsaved_text(file):
        world.write_stderr("A text that was not saved is still here; it opens again.")
    else:
        with translate_write_errors(file):
            file.write_text(f"{before}\n" if before else "", encoding="utf-8")
    try:
        run_editor(world, file)
    except EditorFailed as error:
        if _read_draft(file) not in {"", before}:
            raise error.with_draft_hint() from error
        file.unlink(missing_ok=True)
        raise
    return _read_result(file, before)


def _read_result(file: Path, before: str) -> str:
    after = _read_draft(file)
    if not after or after == before:
        file.unlink(missing_ok=True)
        raise NothingWritten
    return after


def _read_draft(file: Path) -> str:
    """Return what a draft says; nothing if somebody removed it."""
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except FileNotFoundError:
        return ""


def run_editor(world: World, file: Path) -> None:
    """Let a person edit a file in their own editor. Raises EditorFailed."""
    editor = _editor_command(world)
    try:
        with leave_sigint_to_child():
            subprocess.run([*shlex.split(editor), os.fspath(file)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise EditorFailed(editor) from error


def _editor_command(world: World) -> str:
    """Return the person's editor; broken settings must not keep them from mending those."""
    names: tuple[str, ...] = ("VALUELOG_EDITOR", "VISUAL", "EDITOR")
    with suppress(BadSetting):
        if chosen := world.settings["editor"]:
            return str(chosen)
        names = names[1:]
    return next(filter(None, map(world.environ.get, names)), "vi")
