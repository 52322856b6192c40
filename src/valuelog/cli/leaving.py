"""What leaves valuelog as a file: nothing of ours is overwritten, a page can be opened in the browser."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from valuelog.cli.files import insist_foreign, new_file
from valuelog.cli.options import STDOUT, Page
from valuelog.cli.world import World
from valuelog.model.errors import ValuelogError
from valuelog.render import Form, render
from valuelog.render.changed import left


class NoBrowser(ValuelogError):
    """There is nothing to look at a page with."""

    def __init__(self, path: Path) -> None:
        """Say where the page is."""
        super().__init__("No browser could be started.", f"The page is written: open {path} in one.")


def leave_page(world: World, view: str, value: Any, name: str, wanted: Page) -> None:  # noqa: ANN401  any view's value
    """Leave a page, in a file of the given `name` unless another is named, and open it where that is wanted."""
    drawn = render(view, value, Form.HTML, world.canvas(world.stdout))
    if wanted.html == STDOUT:
        world.answer(drawn)
        return
    path = Path(wanted.html or f"{name}.html")
    leave(world, path, [drawn], force=wanted.force)
    if wanted.opened:
        _open(path)


def _open(path: Path) -> None:
    import webbrowser  # noqa: PLC0415  hardly anybody comes here

    if not webbrowser.open(path.resolve().as_uri()):
        raise NoBrowser(path)


def leave(world: World, path: Path, pieces: Iterable[str], *, force: bool) -> None:
    """Write pieces of text to a file that is whole or not there, and say where.

    Raises AlreadyThere, OwnFile or NoPlainFile.
    """
    own = (world.journal_path, world.own_journal_path, world.settings_path)
    insist_foreign(path, own, (world.places.state,))
    with new_file(path, force=force) as target:
        target.writelines(pieces)
    world.say(left(path, world.canvas(world.stderr)))
