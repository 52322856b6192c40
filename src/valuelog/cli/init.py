"""`init`: the shell hook that reminds at login."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.hooks import SHELLS, render_hook
from valuelog.cli.world import World
from valuelog.model.errors import UnknownChoice


def init(
    ctx: typer.Context,
    shell: Annotated[
        str, typer.Argument(metavar="bash|zsh|fish", autocompletion=candidates.shells, help="Your shell.")
    ],
) -> None:
    """At login, no program is started and at most one line is shown.

    In bash or zsh, add the first line below to ~/.bashrc or ~/.zshrc; in fish, add the second to config.fish.

    Example: eval "$(valuelog init zsh)" · valuelog init fish | source
    """
    world: World = ctx.obj
    if shell not in SHELLS:
        raise UnknownChoice("shell", shell, SHELLS)
    world.refresh_reminders()
    world.write_stdout(render_hook(shell, world.paths.reminders, world.paths.last_reminded))
