"""Setting completion up: a file for the shell that is used, and a line that reads it where the shell needs one."""

import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from valuelog.cli.candidates import SHELLS
from valuelog.cli.completion import read_script
from valuelog.cli.files import atomic_write, translate_write_errors
from valuelog.model.errors import UnknownChoice, ValuelogError


class Installation(NamedTuple):
    """Where the script of a shell is, whether it was written now, and which file got a line that reads it, if any."""

    shell: str
    script_path: Path
    was_written: bool
    edited_rc_file: Path | None


def describe_installation(done: Installation) -> Iterator[str]:
    """Name each file that was changed, and say what is left to do."""
    yield f"Completion for {done.shell} is in {done.script_path}{'.' if done.was_written else ' already.'}"
    if done.edited_rc_file:
        yield f"{done.edited_rc_file} has a new line at its end that reads it."
    if not done.was_written and not done.edited_rc_file:
        yield "Nothing was changed."
    yield f"Open a new {done.shell}: TAB completes valuelog there."


def detect_shell(environ: Mapping[str, str]) -> str:
    """Return the shell that valuelog was called from, or else the one that is usual. Raises UnknownWord."""
    import shellingham  # type: ignore[import-untyped]  # noqa: PLC0415  Typer brings it; wanted once

    usual = Path(environ.get("SHELL", "")).name
    try:
        name = str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        name = usual
    found = next((one for one in (name, usual) if one in SHELLS), None)
    if found is None:
        raise UnknownChoice("completion for the shell", name, SHELLS)
    return found


def install(shell: str, environ: Mapping[str, str]) -> Installation:
    """Write the script of a shell where it looks for it, and a line that reads it. Raises ValuelogError."""
    home = Path(environ.get("HOME") or Path.home())
    target, reader, line = _install_paths(shell, home, environ)
    written = _write_if_changed(target, read_script(shell))
    added = reader is not None and _append_line(reader, line)
    return Installation(shell, target, written, reader if added else None)


def _write_if_changed(target: Path, wanted: str) -> bool:
    """Write a file as a whole; tell whether it was any different."""
    with translate_write_errors(target):
        if target.is_file() and target.read_bytes() == wanted.encode():
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(target, force=True) as file:
        file.write(wanted)
    return True


def _install_paths(shell: str, home: Path, environ: Mapping[str, str]) -> tuple[Path, Path | None, str]:
    """Return where the script of a shell is put, and which file needs which line to read it."""
    match shell:
        case "bash":
            target = home / ".bash_completions" / "valuelog.sh"
            return target, home / ".bashrc", f"source {shlex.quote(str(target))}"
        case "zsh":
            rc = Path(environ.get("ZDOTDIR") or home) / ".zshrc"
            return home / ".zfunc" / "_valuelog", rc, "fpath+=~/.zfunc; autoload -Uz compinit; compinit"
        case _:
            config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
            return config / "fish" / "completions" / "valuelog.fish", None, ""


def _append_line(reader: Path, line: str) -> bool:
    """Add a line to a file unless it is there already, and tell whether it was; nothing else in the file is touched."""
    try:
        there = reader.read_bytes() if reader.exists() else b""
    except OSError as error:
        raise ValuelogError(f"{reader} cannot be read: {error.strerror}.", f"Add this line to it: {line}") from error
    if os.fsencode(line) in there.split(b"\n"):
        return False
    with translate_write_errors(reader), reader.open("ab") as file:
        file.write((b"" if there.endswith(b"\n") or not there else b"\n") + os.fsencode(line) + b"\n")
    return True
