"""`explore`: a copy of the journal in Datasette, read-only and for this machine only."""

import threading
import webbrowser
from typing import Annotated

import typer

from valuelog.cli.explore.server import ExploreServer, is_reader_gone, listening_socket, require_datasette
from valuelog.cli.options import parse_count
from valuelog.cli.world import World
from valuelog.journal.entries import is_journal_empty
from valuelog.journal.snapshot import open_snapshot
from valuelog.render.escape import escape_lines

PortOption = Annotated[
    int | None,
    typer.Option(
        "--port", metavar="N", parser=parse_count("--port", 65535), help="Port to listen on. Default: any free one."
    ),
]
OpenOption = Annotated[bool, typer.Option("--open", help="Open it in your browser.")]


def explore(ctx: typer.Context, *, port: PortOption = None, open_: OpenOption = False) -> None:
    """Your browser shows tables, questions and a dashboard. Stop it with Ctrl-C.

    Example: valuelog explore --open
    """
    world: World = ctx.obj
    require_datasette()
    journal = world.open_journal()
    if is_journal_empty(journal):
        world.write_stderr("There is nothing to explore yet. Start with: valuelog today")
        return
    with open_snapshot(journal, world.schedule, _escape_lines) as name, listening_socket(port or 0) as listener:
        world.close()  # do not block writers while the server runs
        server = ExploreServer(name, listener)
        world.write_stdout(f"{server.url}\n")
        world.write_stderr("A copy of your journal, for anyone with this link. Stop it with Ctrl-C.")
        if open_:
            threading.Thread(target=_open_browser, args=(world, server.one_time_url), daemon=True).start()
        server.serve(lambda: is_reader_gone(world.stdout), debug=world.flags.debug)


def _escape_lines(text: str) -> str:
    return "\n".join(escape_lines(text))


def _open_browser(world: World, url: str) -> None:
    """Start a browser; called in a thread, because some browsers return only when they are closed."""
    if not webbrowser.open(url):
        world.write_stderr("Could not start a browser; open the link yourself.")
