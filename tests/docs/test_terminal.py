"""The terminal that pictures are taken of, with the real program on it."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there is no pseudo-terminal on Windows", allow_module_level=True)

from making.pictures import PICTURES, draw_picture
from making.terminal import Answer, Style, run_on_terminal


def test_a_screen_knows_colour_bold_and_dim(tmp_path: Path) -> None:
    rows = run_on_terminal(tmp_path, ["demo"], ())
    looks = {cell.style for row in rows for cell in row if cell.char.strip()}
    assert {Style(), Style(bold=True), Style(dim=True), Style(color="green"), Style(color="cyan")} <= looks
    assert "".join(cell.char for cell in rows[-1]).strip().endswith("valuelog today")


def test_what_was_not_asked_is_not_answered(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="“a question” did not appear:\nvaluelog "):
        run_on_terminal(tmp_path, ["--version"], [Answer("a question", "an answer")])


def test_ids_are_the_same_each_time(tmp_path: Path) -> None:
    first, second = (
        run_on_terminal(tmp_path / home, ["add", "activity", "audit mails"], ()) for home in ("one", "another")
    )
    assert first == second


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_same_each_time(name: str) -> None:
    assert draw_picture(name) == draw_picture(name)
