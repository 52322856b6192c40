"""Run the user's own programs in the terminal: the editor and the pager."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from valuelog.model.errors import ValuelogError


class EditorFailed(ValuelogError):
    """The editor could not be started, or exited with an error."""

    def __init__(self, editor: str, note: str = "") -> None:
        """Name the editor; `note` is appended to the sentence."""
        hint = "Choose another editor with: valuelog config set editor NAME"
        super().__init__(f"The editor “{editor}” exited with an error{note}.", hint)
        self._editor = editor

    def with_draft_note(self) -> "EditorFailed":
        """Return the error for an editor that failed after the text was changed."""
        return EditorFailed(self._editor, "; your text is kept and reopens next time")


def run_editor(editor: str, file: Path) -> None:
    """Run an editor's command line on a file. Raises EditorFailed."""
    try:
        with leave_sigint_to_child():
            subprocess.run([*shlex.split(editor), os.fspath(file)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise EditorFailed(editor) from error


def show_in_pager(text: str, environ: Mapping[str, str], stdout: IO[str]) -> bool:
    """Pipe a text to VALUELOG_PAGER, PAGER or less; write it to stdout if that fails. Return whether a pager ran."""
    try:
        command = shlex.split(environ.get("VALUELOG_PAGER") or environ.get("PAGER") or "less -FIRX")
        if not command or command == ["cat"]:
            stdout.write(text)
            return False
        with (
            leave_sigint_to_child(),
            subprocess.Popen(command, stdin=subprocess.PIPE, text=True, encoding="utf-8") as pager,
        ):
            pager.communicate(text)
    except (OSError, ValueError):
        stdout.write(text)
        return False
    return True


@contextmanager
def leave_sigint_to_child() -> Iterator[None]:
    """Leave Ctrl-C to the child: if SIGINT killed us, the shell and the child would both read the terminal.

    The handler does nothing. SIG_IGN would be inherited by the child; a handler isn't.
    """
    before = signal.signal(signal.SIGINT, _ignore_signal)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ignore_signal(number: int, frame: FrameType | None) -> None:
    del number, frame
