"""The shell of `demo --shell`: the user's own, in which `valuelog` uses the demo."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from valuelog.cli.demo_folder import folder_variables, journal_variables
from valuelog.cli.external import leave_sigint_to_child, require_program
from valuelog.cli.world import World
from valuelog.model.errors import ValuelogError

LABEL = "(demo) "
"""Put before the prompt of the shell."""


class ShellFailed(ValuelogError):
    """The shell could not be started."""

    def __init__(self, shell: str) -> None:
        """Name the shell."""
        super().__init__(
            f"The shell “{shell}” could not be started.", "Choose another one: SHELL=/bin/sh valuelog demo --shell"
        )


def run_shell(world: World, folder: Path) -> int:
    """Run the user's shell until it ends. Raises ShellFailed."""
    shell = world.environ.get("SHELL") or world.environ.get("COMSPEC") or "sh"
    _write_program(folder / "bin" / "valuelog", folder)
    command, environ = _prepare_shell(shell, world.environ, folder)
    world.write_stderr("This shell is in the demo: here, valuelog uses a made-up journal and nothing of yours.")
    world.write_stderr("Try valuelog, valuelog brag or valuelog today. Leave it with: exit")
    try:
        with leave_sigint_to_child(), _exit_on_hangup():
            subprocess.run(command, executable=require_program(command, world.environ), env=environ, check=False)
    except OSError as error:
        raise ShellFailed(shell) from error
    return 0


def _prepare_shell(shell: str, environ: Mapping[str, str], folder: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command line and the environment of a shell in which `valuelog` is ours.

    The user's start-up files may change PATH, aliases and the prompt, so ours come after them.
    """
    path = f"{folder / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}"
    variables = {**environ, **journal_variables(folder), "PATH": path}
    name = Path(shell).name
    if name == "fish":
        return [shell, "--init-command", _fish_setup(folder)], variables
    if name == "zsh":
        return [shell, "-i"], {**variables, **_write_zsh_files(environ, folder)}
    if name == "bash":
        _write(folder / "bashrc", f"[ -f ~/.bashrc ] && . ~/.bashrc\n{_posix_setup(folder)}")
        return [shell, "--rcfile", str(folder / "bashrc"), "-i"], variables
    own = f'[ -f "{environ["ENV"]}" ] && . "{environ["ENV"]}"\n' if environ.get("ENV") else ""  # may contain $HOME
    _write(folder / "shrc", f"{own}{_posix_setup(folder)}")
    return [shell], {**variables, "ENV": str(folder / "shrc")}


def _posix_setup(folder: Path) -> str:
    path = f"PATH={shlex.quote(str(folder / 'bin'))}:$PATH"
    return f'unalias valuelog 2>/dev/null\nunset -f valuelog 2>/dev/null\n{path}\nPS1="{LABEL}$PS1"\n'


def _fish_setup(folder: Path) -> str:
    programs = str(folder / "bin").replace("\\", "\\\\").replace("'", "\\'")
    prompt = f"functions -c fish_prompt _demo_prompt; function fish_prompt; echo -n '{LABEL}'; _demo_prompt; end"
    return f"functions -e valuelog; set -gx PATH '{programs}' $PATH; {prompt}"


def _write_zsh_files(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Write start-up files that read the user's own from their folder; return the variable that names ours."""
    ours, home = folder / "zsh", environ.get("ZDOTDIR") or environ.get("HOME", "")
    read = 'ZDOTDIR={}\n[ -f "$ZDOTDIR/{}" ] && . "$ZDOTDIR/{}"\n'
    _write(
        ours / ".zshenv",
        read.format(shlex.quote(home), ".zshenv", ".zshenv")
        + f"_demo_zdotdir=$ZDOTDIR\nZDOTDIR={shlex.quote(str(ours))}\n",
    )
    _write(ours / ".zshrc", read.format('"$_demo_zdotdir"', ".zshrc", ".zshrc") + _posix_setup(folder))
    return {"ZDOTDIR": str(ours)}


def _write_program(path: Path, folder: Path) -> None:
    """Write a `valuelog` that uses only the demo; other programs of the shell keep the user's XDG folders."""
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in folder_variables(folder).items())
    _write(path, f'#!/bin/sh\n{variables} exec {shlex.quote(sys.executable)} -m valuelog "$@"\n')
    path.chmod(0o700)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


@contextmanager
def _exit_on_hangup() -> Iterator[None]:
    """Turn SIGHUP and SIGTERM into an exit, so that the folder is deleted when the terminal is closed."""
    numbers = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    before = [signal.signal(number, _exit) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _exit(number: int, frame: FrameType | None) -> None:
    del frame
    sys.exit(128 + number)
