"""Install completion: a script for the user's shell, and a line in its rc file that loads the script if necessary."""

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
    """Where the completion script is, whether it was written now, and the rc file that got a new line, if any."""

    shell: str
    script_path: Path
    was_written: bool
    edited_rc_file: Path | None


def describe_installation(installation: Installation) -> Iterator[str]:
    """Yield a line for each changed file, and the next step."""
    shell, script_path, was_written, edited_rc_file = installation
    yield f"Completion for {shell} is {'' if was_written else 'already '}in {script_path}."
    if edited_rc_file:
        yield f"A new line at the end of {edited_rc_file} loads it."
    if not was_written and not edited_rc_file:
        yield "Nothing was changed."
    yield f"Open a new {shell} to complete valuelog with Tab."


def detect_shell(environ: Mapping[str, str]) -> str:
    """Return the shell that valuelog was started from, or else the login shell. Raises UnknownChoice."""
    import shellingham  # type: ignore[import-untyped]  # noqa: PLC0415  a dependency of Typer; only to install

    login_shell = Path(environ.get("SHELL", "")).name
    try:
        shell = str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        shell = login_shell
    for name in (shell, login_shell):
        if name in SHELLS:
            return name
    raise UnknownChoice("completion for the shell", shell, SHELLS)


def install(shell: str, environ: Mapping[str, str]) -> Installation:
    """Write the completion script of a shell, and the line that loads it. Raises ValuelogError."""
    home = Path(environ.get("HOME") or Path.home())
    script_path, rc_file, line = _install_paths(shell, home, environ)
    was_written = _write_if_changed(script_path, read_script(shell))
    was_edited = rc_file is not None and _append_line(rc_file, line)
    return Installation(shell, script_path, was_written, rc_file if was_edited else None)


def _write_if_changed(path: Path, text: str) -> bool:
    """Write a file atomically unless it already has this text; return True if it was written."""
    with translate_write_errors(path):
        if path.is_file() and path.read_bytes() == text.encode():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path, force=True) as file:
        file.write(text)
    return True


def _install_paths(shell: str, home: Path, environ: Mapping[str, str]) -> tuple[Path, Path | None, str]:
    """Return the path of a shell's completion script, and the rc file and line that load it; fish needs neither."""
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


def _append_line(path: Path, line: str) -> bool:
    """Append a line to a file unless the file already has it; return True if it was appended."""
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise ValuelogError(f"{path} cannot be read: {error.strerror}.", f"Add this line to it: {line}") from error
    if os.fsencode(line) in content.split(b"\n"):
        return False
    with translate_write_errors(path), path.open("ab") as file:
        file.write((b"" if content.endswith(b"\n") or not content else b"\n") + os.fsencode(line) + b"\n")
    return True
