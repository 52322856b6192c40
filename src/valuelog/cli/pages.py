"""Write exports and HTML pages to files, without overwriting any by accident, and open pages in the browser."""

import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import NamedTuple, TypeVar

from valuelog.cli.files import FileAlreadyExists, atomic_write, require_safe_target
from valuelog.cli.options import ConflictingOptions
from valuelog.cli.world import World
from valuelog.journal.copies import backups_folder
from valuelog.model.errors import BadInput, ValuelogError
from valuelog.render import OutputFormat, View, render

T = TypeVar("T")


class NoBrowser(ValuelogError):
    """Could not start a browser."""

    def __init__(self, path: Path) -> None:
        """Name the file of the page."""
        super().__init__("Could not start a browser.", f"Open the page yourself: {path}")


STDOUT = "-"


class PageRequest(NamedTuple):
    """A requested page: its file (None is stdout), whether to open or overwrite it, and the option that names it."""

    path: Path | None
    open_in_browser: bool
    force: bool
    flag: str


def page_request(
    world: World, name: str, html: str | None, *, open_in_browser: bool, force: bool
) -> PageRequest | None:
    """Return the page that the options ask for, if any; --open without --html derives the file name from `name`.

    Raises BadInput, ConflictingOptions, FileAlreadyExists, OwnFile or NotRegularFile.
    """
    if html is None and not open_in_browser:
        if force:
            raise ConflictingOptions("--force is for --html.", "Name a file with --html, or leave out --force.")
        return None
    if html == "" or (html and html.startswith("--")):
        raise BadInput("--html needs a file name.", "Add one, or - for stdout: --html page.html")
    if html == STDOUT and open_in_browser:
        raise ConflictingOptions(
            "--open needs a file, and --html - writes to stdout.", "Name a file, or leave out --open."
        )
    path = None if html == STDOUT else _choose_path(world, html, name, force=force)
    return PageRequest(path, open_in_browser, force, "open" if html is None else "html")


def _choose_path(world: World, html: str | None, name: str, *, force: bool) -> Path:
    """Return the path of a page, checked before anything else is done.

    Raises FileAlreadyExists, OwnFile or NotRegularFile.
    """
    path = Path(html) if html else _next_free_path(name, force=force)
    require_free_path(world, path, force=force)
    return path


def _next_free_path(name: str, *, force: bool) -> Path:
    """Return the first of name.html, name-2.html … that doesn't exist; with `force`, name.html."""
    names = (Path(f"{name}{f'-{number}' if number > 1 else ''}.html") for number in count(1))
    return next(path for path in names if force or not os.path.lexists(path))


def write_page(world: World, view: View[T], value: T, page: PageRequest) -> None:
    """Write a page to its file or stdout, and open it if requested. Raises NoBrowser."""
    html = render(view, value, OutputFormat.HTML, world.canvas_for(world.stdout))
    if page.path is None:
        world.write_stdout(html)
        return
    write_file(world, page.path, [html], force=page.force)
    if page.open_in_browser:
        _open_page(world, page.path)


def _open_page(world: World, path: Path) -> None:
    from valuelog.cli.external import open_in_browser  # noqa: PLC0415  only for --open

    if not open_in_browser(path.resolve().as_uri(), world.environ):
        raise NoBrowser(path)


def write_file(world: World, path: Path, pieces: Iterable[str], *, force: bool) -> None:
    """Write pieces of text to a file atomically, and confirm its path on stderr.

    Raises FileAlreadyExists, OwnFile or NotRegularFile.
    """
    from valuelog.render.confirmation import format_export_path  # noqa: PLC0415  takes 5 ms

    require_free_path(world, path, force=force)
    with atomic_write(path, force=force) as target:
        target.writelines(pieces)
    world.write_stderr(format_export_path(path, world.canvas_for(world.stderr)))


def require_free_path(world: World, path: Path, *, force: bool, allow_database: bool = False) -> None:
    """Raise FileAlreadyExists, OwnFile or NotRegularFile unless a file can be written without any loss."""
    own = (world.journal_path, world.configured_journal_path, world.settings_path)
    own_folders = (world.paths.state_dir, backups_folder(world.journal_path))
    require_safe_target(path, own, own_folders, allow_database=allow_database)
    if not force and os.path.lexists(path):
        raise FileAlreadyExists(path)
