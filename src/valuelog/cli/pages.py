"""What leaves valuelog as a file: nothing of ours is overwritten, a page can be opened in the browser."""

import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

from valuelog.cli.files import AlreadyThere, insist_foreign, new_file
from valuelog.cli.options import Page
from valuelog.cli.world import World
from valuelog.model.errors import ValuelogError
from valuelog.render import Form, render
from valuelog.render.confirmation import left


class NoBrowser(ValuelogError):
    """There is nothing to look at a page with."""

    def __init__(self, path: Path) -> None:
        """Say where the page is."""
        super().__init__("No browser could be started.", f"The page is written: open {path} in one.")


def place(world: World, html: str | None, name: str, *, force: bool) -> Path:
    """Find the place of a page before anything is done: one that has no name gets the next free one of this `name`.

    Raises AlreadyThere, OwnFile or NoPlainFile.
    """
    path = Path(html) if html else _free(name, force=force)
    _insist_free(world, path, force=force)
    return path


def _free(name: str, *, force: bool) -> Path:
    """Return the first of name.html, name-2.html … that is not there."""
    names = (Path(f"{name}{f'-{number}' if number > 1 else ''}.html") for number in count(1))
    return next(path for path in names if force or not os.path.lexists(path))


def leave_page(world: World, view: str, value: Any, page: Page) -> None:  # noqa: ANN401  any view's value
    """Leave a page at its place, and open it where that is wanted. Raises NoBrowser."""
    drawn = render(view, value, Form.HTML, world.canvas(world.stdout))
    if page.path is None:
        world.answer(drawn)
        return
    leave(world, page.path, [drawn], force=page.force)
    if page.opened:
        _open(page.path)


def _open(path: Path) -> None:
    import webbrowser  # noqa: PLC0415  hardly anybody comes here

    if not webbrowser.open(path.resolve().as_uri()):
        raise NoBrowser(path)


def leave(world: World, path: Path, pieces: Iterable[str], *, force: bool) -> None:
    """Write pieces of text to a file that is whole or not there, and say where.

    Raises AlreadyThere, OwnFile or NoPlainFile.
    """
    _insist_free(world, path, force=force)
    with new_file(path, force=force) as target:
        target.writelines(pieces)
    world.say(left(path, world.canvas(world.stderr)))


def _insist_free(world: World, path: Path, *, force: bool) -> None:
    own = (world.journal_path, world.own_journal_path, world.settings_path)
    insist_foreign(path, own, (world.places.state,))
    if not force and os.path.lexists(path):
        raise AlreadyThere(path)
