"""Texts from the command line, from stdin or from the editor. What is written in the editor outlives a crash."""

import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from valuelog.cli.settings import BadSetting
from valuelog.cli.world import World
from valuelog.model.entry import clean
from valuelog.model.errors import BadInput, ValuelogError


class NothingWritten(BadInput):
    """The editor was left with an empty text, or with the one it began with."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Nothing was written, so nothing was changed.", "Save the text before you leave the editor.")


@contextmanager
def words(world: World, text: Sequence[str] | None, *, edit: bool = False, of: str = "") -> Iterator[str]:
    """Give the text that is meant: the words, stdin for a dash, or what is written in the editor.

    What was written in the editor is kept as a draft until the block ends well; the next text begins with it. The
    text `of` a thing that is there already has a draft of its own.
    """
    said = " ".join(text or ())
    if said == "-":
        yield clean(world.read("-"))
    elif text and not edit:
        yield clean(said)
    else:
        draft = world.places.draft.with_stem(f"draft-{of}") if of else world.places.draft
        yield clean(edited(world, said, draft))
        draft.unlink(missing_ok=True)


def edited(world: World, before: str, draft: Path) -> str:
    """Return a text as a person left it in the editor. Raises NothingWritten."""
    world.insist("give the TEXT, or - to read it from stdin")
    if draft.exists():
        world.say("A text that was not saved is still here; it opens again.")
    else:
        draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(f"{before}\n" if before else "", encoding="utf-8")
    run_editor(world, draft)
    return _left(draft, before)


def _left(draft: Path, before: str) -> str:
    after = draft.read_text(encoding="utf-8", errors="surrogateescape").strip()
    if not after or after == before:
        draft.unlink()
        raise NothingWritten
    return after


def run_editor(world: World, file: Path) -> None:
    """Let a person edit a file in their own editor. Raises ValuelogError if it fails."""
    editor = _editor(world)
    try:
        subprocess.run([*shlex.split(editor), os.fspath(file)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise ValuelogError(
            f"The editor “{editor}” did not end well; what you wrote is kept and opens again next time.",
            "Choose another one with: valuelog config set editor NAME",
        ) from error


def _editor(world: World) -> str:
    """Return the person's editor; broken settings must not keep them from mending those."""
    names: tuple[str, ...] = ("VALUELOG_EDITOR", "VISUAL", "EDITOR")
    with suppress(BadSetting):
        if chosen := world.settings["editor"]:
            return str(chosen)
        names = names[1:]
    return next(filter(None, map(world.environ.get, names)), "vi")
