"""The terminal that pictures are taken of, running the real program."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there is no pseudo-terminal on Windows", allow_module_level=True)

from making.pictures import PICTURES, draw_picture
from making.terminal import Answer, Style, run_on_terminal


def test_screen_has_color_bold_and_dim(tmp_path: Path) -> None:
    rows = run_on_terminal(tmp_path, ["demo"], ())
    styles = {cell.style for row in rows for cell in row if cell.char.strip()}
    assert {Style(), Style(bold=True), Style(dim=True), Style(color="green"), Style(color="cyan")} <= styles
    assert "".join(cell.char for cell in rows[-1]).strip().endswith("valuelog today")


def test_missing_question_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="“a question” did not appear:\nvaluelog "):
        run_on_terminal(tmp_path, ["--version"], [Answer("a question", "an answer")])


def test_ids_are_reproducible(tmp_path: Path) -> None:
    first, second = (
        run_on_terminal(tmp_path / home, ["add", "activity", "audit mails"], ()) for home in ("one", "another")
    )
    assert first == second


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_reproducible(name: str) -> None:
    assert draw_picture(name) == draw_picture(name)
