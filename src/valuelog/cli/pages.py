"""What leaves valuelog as a file: nothing of ours is overwritten, a page can be opened in the browser."""

import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeVar

from valuelog.cli.files import FileAlreadyExists, atomic_write, require_safe_target
from valuelog.cli.options import ConflictingOptions
from valuelog.cli.world import World
from valuelog.model.errors import BadInput, ValuelogError
from valuelog.render import OutputFormat, View, render

T = TypeVar("T")


class NoBrowser(ValuelogError):
    """There is nothing to look at a page with."""

    def __init__(self, path: Path) -> None:
        """Say where the page is."""
        super().__init__("No browser could be started.", f"The page is written: open {path} in one.")


STDOUT = "-"


class PageRequest(NamedTuple):
    """A page that is wanted: its file (stdout if none), whether to open and to overwrite it, the flag that asked."""

    path: Path | None
    open_in_browser: bool
    force: bool
    flag: str


def page_request(
    world: World, name: str, html: str | None, *, open_in_browser: bool, force: bool
) -> PageRequest | None:
    """Return the page that is wanted, if one is, with a place that it can have; it is called `name` if nobody says how.

    Raises BadInput, ConflictingOptions, or what is wrong with its place.
    """
    if html is None and not open_in_browser:
        if force:
            raise ConflictingOptions("--force is for --html.", "Name a file with --html, or leave it out.")
        return None
    if html == "" or (html and html.startswith("--")):
        raise BadInput("--html names no file.", "Write a name, or - for stdout: --html page.html")
    if html == STDOUT and open_in_browser:
        raise ConflictingOptions("--open opens a file.", "Name one with --html, or leave one of them out.")
    path = None if html == STDOUT else choose_page_path(world, html, name, force=force)
    return PageRequest(path, open_in_browser, force, "open" if html is None else "html")


def choose_page_path(world: World, html: str | None, name: str, *, force: bool) -> Path:
    """Find the place of a page before anything is done: one that has no name gets the next free one of this `name`.

    Raises FileAlreadyExists, OwnFile or NotRegularFile.
    """
    path = Path(html) if html else _next_free_path(name, force=force)
    _require_free_path(world, path, force=force)
    return path


def _next_free_path(name: str, *, force: bool) -> Path:
    """Return the first of name.html, name-2.html … that is not there."""
    names = (Path(f"{name}{f'-{number}' if number > 1 else ''}.html") for number in count(1))
    return next(path for path in names if force or not os.path.lexists(path))


def write_page(world: World, view: View[T], value: T, page: PageRequest) -> None:
    """Leave a page at its place, and open it where that is wanted. Raises NoBrowser."""
    drawn = render(view, value, OutputFormat.HTML, world.canvas_for(world.stdout))
    if page.path is None:
        world.write_stdout(drawn)
        return
    write_file(world, page.path, [drawn], force=page.force)
    if page.open_in_browser:
        _open_in_browser(page.path)


def _open_in_browser(path: Path) -> None:
    import webbrowser  # noqa: PLC0415  hardly anybody comes here

    if not webbrowser.open(path.resolve().as_uri()):
        raise NoBrowser(path)


def write_file(world: World, path: Path, pieces: Iterable[str], *, force: bool) -> None:
    """Write pieces of text to a file that is whole or not there, and say where.

    Raises FileAlreadyExists, OwnFile or NotRegularFile.
    """
    from valuelog.render.confirmation import format_export_path  # noqa: PLC0415  5 ms, and a review needs none

    _require_free_path(world, path, force=force)
    with atomic_write(path, force=force) as target:
        target.writelines(pieces)
    world.write_stderr(format_export_path(path, world.canvas_for(world.stderr)))


def _require_free_path(world: World, path: Path, *, force: bool) -> None:
    own = (world.journal_path, world.configured_journal_path, world.settings_path)
    require_safe_target(path, own, (world.paths.state_dir,))
    if not force and os.path.lexists(path):
        raise FileAlreadyExists(path)
