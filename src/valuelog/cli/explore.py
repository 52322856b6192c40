"""`explore`: the journal in Datasette, read-only, on this machine only."""

import threading
import webbrowser
from typing import Annotated

import typer

from valuelog.cli.exploring.serving import ExploreServer, is_reader_gone, listening_socket, require_datasette
from valuelog.cli.options import parse_count
from valuelog.cli.world import World
from valuelog.journal.entries import is_journal_empty
from valuelog.journal.snapshot import open_snapshot
from valuelog.render.escape import escape_lines

PortOption = Annotated[
    int | None,
    typer.Option(
        "--port", metavar="N", parser=parse_count("--port", 65535), help="Listen on this port, not on any free one."
    ),
]
OpenOption = Annotated[bool, typer.Option("--open", help="Open it in your browser.")]


def explore(ctx: typer.Context, *, port: PortOption = None, open_: OpenOption = False) -> None:
    """Look at a copy of your journal in a browser: tables, questions, a dashboard. Ctrl-C ends it, with 130 as ever.

    Example: valuelog explore --open
    """
    world: World = ctx.obj
    require_datasette()
    journal = world.open_journal()
    if is_journal_empty(journal):
        world.write_stderr("There is nothing to explore yet. It begins with: valuelog today")
        return
    with open_snapshot(journal, world.schedule, _escape_lines) as name, listening_socket(port or 0) as listener:
        world.close()  # others may write on meanwhile
        exhibition = ExploreServer(name, listener)
        world.write_stdout(f"{exhibition.url}\n")
        world.write_stderr("A copy of your journal as it is now, for whoever has this link. Ctrl-C ends it.")
        if open_:
            threading.Thread(target=_open_in_browser, args=(world, exhibition), daemon=True).start()
        exhibition.serve(lambda: is_reader_gone(world.stdout), debug=world.flags.debug)


def _escape_lines(text: str) -> str:
    return "\n".join(escape_lines(text))


def _open_in_browser(world: World, exhibition: ExploreServer) -> None:
    """Start a browser. Some end only when they are closed."""
    if not webbrowser.open(exhibition.one_time_url):
        world.write_stderr("No browser could be started: open the link yourself.")
