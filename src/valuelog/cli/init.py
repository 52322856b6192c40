"""`init`: the line that reminds at login."""

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
    """Print the hook for your shell. It starts no program and says one line a day at most.

    In bash or zsh, put the first line below into ~/.bashrc or ~/.zshrc; in fish, the second into config.fish.

    Example: eval "$(valuelog init zsh)" · valuelog init fish | source
    """
    world: World = ctx.obj
    if shell not in SHELLS:
        raise UnknownChoice("shell", shell, SHELLS)
    world.refresh_reminders()
    world.write_stdout(render_hook(shell, world.paths.reminders, world.paths.last_reminded))
