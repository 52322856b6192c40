"""The terminal that pictures are taken of, with the real program on it."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there is no pseudo-terminal on Windows", allow_module_level=True)

from making.screens import PICTURES, picture
from making.terminal import Answer, Look, screen


def test_a_screen_knows_colour_bold_and_dim(tmp_path: Path) -> None:
    rows = screen(tmp_path, ["demo"], ())
    looks = {cell.look for row in rows for cell in row if cell.sign.strip()}
    assert {Look(), Look(bold=True), Look(dim=True), Look(color="green"), Look(color="cyan")} <= looks
    assert "".join(cell.sign for cell in rows[-1]).strip().endswith("valuelog today")


def test_what_was_not_asked_is_not_answered(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="“a question” did not come:\nvaluelog "):
        screen(tmp_path, ["--version"], [Answer("a question", "an answer")])


def test_ids_are_the_same_each_time(tmp_path: Path) -> None:
    first, second = (screen(tmp_path / home, ["add", "activity", "audit mails"], ()) for home in ("one", "another"))
    assert first == second


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_same_each_time(name: str) -> None:
    assert picture(name) == picture(name)
