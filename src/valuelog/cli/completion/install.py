"""Setting completion up: a file for the shell that is used, and a line that reads it where the shell needs one."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from valuelog.cli.completion import script
from valuelog.cli.files import writing
from valuelog.cli.hooks import SHELLS
from valuelog.model.errors import UnknownWord, ValuelogError


class Installed(NamedTuple):
    """Where a script is, and which file reads it now; none where the shell finds it by itself."""

    shell: str
    script: Path
    read_by: Path | None


def shell_of(environ: Mapping[str, str]) -> str:
    """Return the shell that valuelog was called from, or else the one that is usual. Raises UnknownWord."""
    import shellingham  # type: ignore[import-untyped]  # noqa: PLC0415  Typer brings it; wanted once

    usual = Path(environ.get("SHELL", "")).name
    try:
        name = str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        name = usual
    found = next((one for one in (name, usual) if one in SHELLS), None)
    if found is None:
        raise UnknownWord("completion for the shell", name, SHELLS)
    return found


def install(shell: str, environ: Mapping[str, str]) -> Installed:
    """Write the script of a shell where it looks for it, and a line that reads it. Raises ValuelogError."""
    home = Path(environ.get("HOME") or Path.home())
    target, reader, line = _places(shell, home, environ)
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.new")
        unfinished.write_text(script(shell), encoding="utf-8")
        unfinished.replace(target)
    if reader:
        _read_by(reader, line)
    return Installed(shell, target, reader)


def _places(shell: str, home: Path, environ: Mapping[str, str]) -> tuple[Path, Path | None, str]:
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


def _read_by(reader: Path, line: str) -> None:
    """Add a line to a file unless it is there already; nothing else in the file is touched."""
    try:
        there = reader.read_bytes() if reader.exists() else b""
    except OSError as error:
        raise ValuelogError(f"{reader} cannot be read: {error.strerror}.", f"Add this line to it: {line}") from error
    if line.encode() in there.split(b"\n"):
        return
    with writing(reader), reader.open("ab") as file:
        file.write((b"" if there.endswith(b"\n") or not there else b"\n") + os.fsencode(line) + b"\n")
