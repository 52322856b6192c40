"""Install and uninstall completion: a script for the user's shell, and lines in its rc file that load the script.

The rc file is the user's: nothing is written before it was shown, and only lines that we know as ours are removed.
"""

import os
import re
import shlex
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from valuelog.cli.candidates import SHELLS
from valuelog.cli.completion import read_script
from valuelog.cli.files import atomic_write, translate_read_errors, translate_write_errors
from valuelog.journal.files import make_folders
from valuelog.model.errors import UnknownChoice, ValuelogError

COMMENT = "# valuelog completion, {day}: valuelog --install-completion"
"""Written before our line in an rc file."""

_COMMENT = re.compile(rb"# valuelog completion, \d{4}-\d\d-\d\d: valuelog --install-completion")

ZSH_LINE = "fpath+=~/.zfunc; autoload -Uz compinit; compinit"
"""Loads the script in zsh; version 0.1.0 wrote it without a comment, as Typer's own programs do."""

ZSH_LINE_AFTER_COMPINIT = (
    "fpath+=~/.zfunc; autoload -Uz _valuelog; (( $+functions[compdef] )) && compdef _valuelog valuelog"
)
"""Loads the script in a zsh whose rc file calls compinit itself."""

_COMPINIT = re.compile(
    rb"^[^#\n]*(?:\bcompinit\b|oh-my-zsh\.sh|prezto|zinit|zplug|antigen|antidote|zimfw|zgenom|\bzgen\b)", re.MULTILINE
)
"""A line that calls compinit, or starts a framework that does."""

_SCRIPT_MARK = "_VALUELOG_COMPLETE"
"""A word that every script of ours has."""


class NotYourFile(ValuelogError):
    """A file that belongs to another user, or that is no regular file."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(
            f"{path} isn't a file of yours. Nothing was changed.",
            "Set completion up by hand: valuelog --show-completion SHELL > FILE",
        )


class Target(NamedTuple):
    """Where a shell's completion script is, and the rc file and line that load it; fish needs neither."""

    script_path: Path
    rc_file: Path | None = None
    lines: tuple[str, ...] = ()


class Change(NamedTuple):
    """A file before and after; None if it doesn't exist. `lines` are those that an rc file gets or loses."""

    path: Path
    before: bytes | None
    after: bytes | None
    lines: tuple[str, ...] = ()


def parse_shell(word: str, environ: Mapping[str, str]) -> str:
    """Return the shell that a word names; for an empty word, the current one. Raises UnknownChoice."""
    if not word:
        return detect_shell(environ)
    if word not in SHELLS:
        raise UnknownChoice("shell", word, SHELLS)
    return word


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


def plan_installation(shell: str, environ: Mapping[str, str], today: date) -> list[Change]:
    """Return the changes that install completion; none if it is installed. Raises ValuelogError."""
    target = _find_target(shell, environ)
    script = read_script(shell).encode()
    before = _read(target.script_path)
    changes = [Change(target.script_path, before, script)] if before != script else []
    if target.rc_file and (line := _missing_line(target, _read(target.rc_file) or b"")):
        changes.append(_append(target.rc_file, (COMMENT.format(day=today), line)))
    return changes


def plan_removal(environ: Mapping[str, str]) -> list[Change]:
    """Return the changes that remove completion from all shells; none if it isn't installed. Raises ValuelogError."""
    changes = []
    for target in (_find_target(shell, environ) for shell in SHELLS):
        script = _read(target.script_path)
        if script is not None and _SCRIPT_MARK.encode() in script:
            changes.append(Change(target.script_path, script, None))
        if target.rc_file and (removal := _remove_lines(target.rc_file, target)):
            changes.append(removal)
    return changes


def kept_line(environ: Mapping[str, str]) -> str:
    """Return the line that stays because the completion of other programs needs it, too; otherwise an empty text."""
    target = _find_target("zsh", environ)
    content = _read(target.rc_file) if target.rc_file else None
    lines = (content or b"").split(b"\n")
    return ZSH_LINE if _is_needed_by_others(target.script_path) and os.fsencode(ZSH_LINE) in lines else ""


def describe_changes(changes: Sequence[Change]) -> Iterator[str]:
    """Yield lines that show what will be written or removed: each file, and each line of an rc file."""
    for change in changes:
        if change.lines:
            yield f"{'Add to the end of' if _is_addition(change) else 'Remove from'} {change.path}:"
            yield from (f"    {line}" for line in change.lines)
        else:
            yield f"{'Remove' if change.after is None else 'Write'} the script {change.path}"


def apply_changes(changes: Sequence[Change]) -> None:
    """Write or remove files. Raises ValuelogError."""
    for change in changes:
        _require_own(change.path)
    for change in changes:
        path = change.path.resolve()  # a link to a repository of dotfiles stays one
        if change.after is not None:
            _write(path, change.after)
            continue
        with translate_write_errors(path):
            change.path.unlink()
            if change.path.parent.name in {".bash_completions", ".zfunc"}:
                _remove_if_empty(change.path.parent)


def _find_target(shell: str, environ: Mapping[str, str]) -> Target:
    """Return where completion of a shell is installed; each of the lines loads the script."""
    home = Path(environ.get("HOME") or Path.home())
    match shell:
        case "bash":
            script = home / ".bash_completions" / "valuelog.sh"
            return Target(script, home / ".bashrc", (f"source {shlex.quote(str(script))}",))
        case "zsh":
            rc_file = Path(environ.get("ZDOTDIR") or home) / ".zshrc"
            return Target(home / ".zfunc" / "_valuelog", rc_file, (ZSH_LINE, ZSH_LINE_AFTER_COMPINIT))
        case _:
            config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
            return Target(config / "fish" / "completions" / "valuelog.fish")


def _missing_line(target: Target, content: bytes) -> str:
    """Return the line that an rc file lacks, or an empty text."""
    if {*map(os.fsencode, target.lines)} & {*content.split(b"\n")}:
        return ""
    if target.lines[0] == ZSH_LINE and _COMPINIT.search(content):
        return ZSH_LINE_AFTER_COMPINIT
    return target.lines[0]


def _append(path: Path, lines: tuple[str, ...]) -> Change:
    before = _read(path)
    content = before or b""
    separator = b"" if content.endswith(b"\n") or not content else b"\n"
    return Change(path, before, content + separator + b"".join(os.fsencode(f"{line}\n") for line in lines), lines)


def _remove_lines(path: Path, target: Target) -> Change | None:
    """Return the change that removes our lines, each with its comment; None if there are none."""
    before = _read(path)
    own = _removable_lines(target)
    kept: list[bytes] = []
    removed: list[bytes] = []
    for line in (before or b"").split(b"\n"):
        if line not in own:
            kept.append(line)
            continue
        if kept and _COMMENT.fullmatch(kept[-1]):
            removed.append(kept.pop())
        removed.append(line)
    if not removed:
        return None
    after = b"\n".join(kept)
    is_ours = not after and not path.is_symlink()
    return Change(path, before, None if is_ours else after, tuple(map(os.fsdecode, removed)))


def _removable_lines(target: Target) -> set[bytes]:
    """Return the lines that load our script and no other one."""
    needed = {ZSH_LINE} if _is_needed_by_others(target.script_path) else set()
    return {os.fsencode(line) for line in target.lines if line not in needed}


def _is_needed_by_others(script_path: Path) -> bool:
    """Return whether other programs have scripts in the folder of ours, which the same line may load."""
    with suppress(OSError):
        return any(path.name != script_path.name for path in script_path.parent.iterdir())
    return False


def _is_addition(change: Change) -> bool:
    return len(change.after or b"") > len(change.before or b"")


def _read(path: Path) -> bytes | None:
    """Return the content of a file, or None if there is none. Raises ValuelogError."""
    with translate_read_errors(str(path)), suppress(FileNotFoundError):
        return path.read_bytes()
    return None


def _require_own(path: Path) -> None:
    """Raise NotYourFile unless a path is free or a regular file of this user, in a folder of no other user."""
    with translate_write_errors(path):
        real = path.resolve()
        with suppress(FileNotFoundError):
            status = real.stat()
            if status.st_uid != os.geteuid() or not stat.S_ISREG(status.st_mode):
                raise NotYourFile(path)
        folder = next(parent for parent in real.parents if parent.exists())
        if folder.stat().st_uid not in {os.geteuid(), 0}:
            raise NotYourFile(path)


def _write(path: Path, content: bytes) -> None:
    """Write a file atomically; it keeps its mode. Raises ValuelogError."""
    with translate_write_errors(path):
        make_folders(path.parent)
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600
    with atomic_write(path, force=True) as file:
        file.buffer.write(content)
        os.fchmod(file.fileno(), mode)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
