"""Run the user's own programs: the editor, the pager and the browser.

They are searched for in PATH without its relative folders, where anyone may have put a program of that name. No command
line ever has text of the journal, because every user of the machine can read it.
"""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from valuelog.model.errors import ValuelogError
from valuelog.sources.subprocesses import find_program, search_path


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


def run_editor(editor: str, file: Path, environ: Mapping[str, str]) -> None:
    """Run an editor's command line on a file. Raises EditorFailed."""
    try:
        command = shlex.split(editor)
        with leave_sigint_to_child():
            subprocess.run([*command, os.fspath(file)], executable=require_program(command, environ), check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise EditorFailed(editor) from error


def show_in_pager(text: str, environ: Mapping[str, str], stdout: IO[str]) -> bool:
    """Pipe a text to VALUELOG_PAGER, PAGER or less; write it to stdout if that fails. Return whether a pager ran."""
    try:
        command = shlex.split(environ.get("VALUELOG_PAGER") or environ.get("PAGER") or "less -FIRX")
        if not command or command == ["cat"]:
            stdout.write(text)
            return False
        program = require_program(command, environ)
        with (
            leave_sigint_to_child(),
            subprocess.Popen(command, executable=program, stdin=subprocess.PIPE, text=True, encoding="utf-8") as pager,
        ):
            pager.communicate(text)
    except (OSError, ValueError):
        stdout.write(text)
        return False
    return True


def open_in_browser(url: str, environ: Mapping[str, str]) -> bool:
    """Open a URL in the browser; return False if none could be started.

    The URL becomes a part of a command line, so it must be no secret.
    """
    import webbrowser  # noqa: PLC0415  rarely needed

    before = os.environ.get("PATH")
    os.environ["PATH"] = search_path(environ) or os.devnull  # an empty PATH would mean the current folder
    try:
        return webbrowser.open(url)
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


def require_program(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the path of the program of a command line. Raises FileNotFoundError, also for an empty command line."""
    program = find_program(command[0], environ) if command else None
    if not program:
        raise FileNotFoundError
    return program


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
