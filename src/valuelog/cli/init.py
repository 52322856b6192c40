"""`init`: the shell hook that reminds at login, from a template in the folder `hooks`."""

import re
import shlex
from pathlib import Path
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.world import World
from valuelog.model.errors import UnknownChoice

HOOKS = Path(__file__).with_name("hooks")


def init(
    ctx: typer.Context,
    shell: Annotated[
        str, typer.Argument(metavar="bash|zsh|fish", autocompletion=candidates.shells, help="Your shell.")
    ],
) -> None:
    """At login, it starts no program and prints at most one line.

    Save it once with the first line below, and read it from ~/.zshrc (or ~/.bashrc): . ~/.valuelog.zsh
    In fish, the second line in config.fish is enough.

    Example: valuelog init zsh > ~/.valuelog.zsh · valuelog init fish | source
    """
    world: World = ctx.obj
    if shell not in candidates.SHELLS:
        raise UnknownChoice("shell", shell, candidates.SHELLS)
    world.refresh_reminders()
    world.write_stdout(render_hook(shell, world.paths.reminders, world.paths.last_reminded))


def render_hook(shell: str, reminders: Path, last_reminded: Path) -> str:
    """Return the code that a shell evaluates at login, with the paths quoted for that shell."""
    quote = _fish_quote if shell == "fish" else shlex.quote
    paths = {"@REMINDERS@": reminders, "@LAST_REMINDED@": last_reminded}
    template = (HOOKS / f"hook.{shell}").read_text(encoding="utf-8")
    # One pass, so that a path that contains the other placeholder is not replaced again.
    return re.sub("|".join(paths), lambda match: quote(str(paths[match[0]].absolute())), template)


def _fish_quote(text: str) -> str:
    # Unlike in sh, a backslash escapes inside fish's single quotes.
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
