"""`explore`: the journal in Datasette, read-only, on this machine only."""

import threading
import webbrowser
from typing import Annotated

import typer

from valuelog.cli.exploring.serving import Exhibition, abandoned, insist_installed, listening
from valuelog.cli.world import World
from valuelog.journal.entries import is_journal_empty
from valuelog.journal.snapshot import open_snapshot
from valuelog.render.escape import visible_lines

Port = Annotated[
    int | None, typer.Option("--port", metavar="N", min=1, max=65535, help="Listen on this port, not on any free one.")
]
Open = Annotated[bool, typer.Option("--open", help="Open it in your browser.")]


def explore(ctx: typer.Context, *, port: Port = None, open_: Open = False) -> None:
    """Look at a copy of your journal in a browser: tables, questions, a dashboard. Ctrl-C ends it, with 130 as ever.

    Example: valuelog explore --open
    """
    world: World = ctx.obj
    insist_installed()
    journal = world.journal()
    if is_journal_empty(journal):
        world.say("There is nothing to explore yet. It begins with: valuelog today")
        return
    with open_snapshot(journal, world.schedule, _visible) as name, listening(port or 0) as listener:
        world.close()  # others may write on meanwhile
        exhibition = Exhibition(name, listener)
        world.answer(f"{exhibition.address}\n")
        world.say("A copy of your journal as it is now, for whoever has this link. Ctrl-C ends it.")
        if open_:
            threading.Thread(target=_open, args=(world, exhibition), daemon=True).start()
        exhibition.show(lambda: abandoned(world.stdout), debug=world.flags.debug)


def _visible(text: str) -> str:
    return "\n".join(visible_lines(text))


def _open(world: World, exhibition: Exhibition) -> None:
    """Start a browser. Some end only when they are closed."""
    if not webbrowser.open(exhibition.once):
        world.say("No browser could be started: open the link yourself.")
