"""`explore`: a copy of the journal in Datasette, read-only and for this machine only."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from valuelog.cli.explore.open_page import OpenPage, open_page, remove_left_pages
from valuelog.cli.explore.server import ExploreServer, is_reader_gone, listening_socket, require_datasette
from valuelog.cli.external import open_in_browser
from valuelog.cli.options import parse_count
from valuelog.cli.world import World
from valuelog.journal.entries import is_journal_empty
from valuelog.journal.snapshot import open_snapshot
from valuelog.model.errors import ValuelogError
from valuelog.render.escape import escape_lines

BROWSER_PATIENCE = 15.0
"""Seconds until a browser that hasn't opened its page is reported."""

NO_BROWSER = "Could not start a browser; open the link yourself."
UNOPENED = (
    "Your browser hasn't opened the link. A browser from Snap or Flatpak can't read the hidden folder that it is in;"
    " open the link yourself."
)

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
    pages = world.paths.state_dir / "explore"
    remove_left_pages(pages)
    journal = world.open_journal()
    if is_journal_empty(journal):
        world.write_stderr("There is nothing to explore yet. Start with: valuelog today")
        return
    with (
        open_snapshot(journal, world.schedule, _escape_lines) as name,
        listening_socket(port or 0) as listener,
        ExitStack() as stack,
    ):
        world.close()  # do not block writers while the server runs
        server = ExploreServer(name, listener)
        world.write_stdout(f"{server.url}\n")
        world.write_stderr("A copy of your journal, for anyone with this link. Stop it with Ctrl-C.")
        on_entry = _start_browser(world, stack, pages, server.url) if open_ else lambda: None
        server.serve(lambda: is_reader_gone(world.stdout), on_entry, debug=world.flags.debug)


def _escape_lines(text: str) -> str:
    return "\n".join(escape_lines(text))


def _start_browser(world: World, stack: ExitStack, pages: Path, url: str) -> Callable[[], object]:
    """Start a browser on a page that leads on to a URL; return what to call when the browser has done so.

    It is started in a thread, because some browsers return only when they are closed.
    """
    try:
        page = stack.enter_context(open_page(pages, url))
    except (OSError, ValuelogError):  # a read-only or full disk
        world.write_stderr(NO_BROWSER)
        return lambda: None
    threading.Thread(target=open_in_background, args=(world, page), daemon=True).start()
    return page.remove


def open_in_background(world: World, page: OpenPage, patience: float = BROWSER_PATIENCE) -> None:
    """Open a page in the browser; say so if that can't be started, or hasn't opened the page after some seconds."""
    if not open_in_browser(page.path.as_uri(), world.environ):
        page.remove()
        world.write_stderr(NO_BROWSER)
    elif not page.was_removed.wait(patience):
        world.write_stderr(UNOPENED)
