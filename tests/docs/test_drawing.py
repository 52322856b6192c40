"""How a screen becomes a picture: every sign at its column, in both themes, with nothing from elsewhere."""

import re
from xml.etree import ElementTree as ET

import pytest

from making.svg import CELL_HEIGHT, CELL_WIDTH, MARGIN, draw_svg
from making.terminal import Cell, Row, Style

SVG = "{http://www.w3.org/2000/svg}"
GREEN, DIM = Style(color="green"), Style(dim=True)


def row(*pieces: tuple[str, Style]) -> Row:
    return tuple(Cell(sign, look) for said, look in pieces for sign in said)


def shapes(*rows: Row) -> list[ET.Element]:
    """Return what is drawn of some rows, in order."""
    group = ET.fromstring(draw_svg(rows, "a title", "about it")).find(f"{SVG}g")  # noqa: S314  our own
    assert group is not None
    return list(group)


def test_words_stand_at_their_columns_whatever_the_font() -> None:
    first, second = shapes(row(("ab cd", Style()), ("   ", Style()), ("ef", DIM)))
    assert (first.text, float(first.attrib["x"])) == ("ab cd", MARGIN)
    assert float(first.attrib["textLength"]) == pytest.approx(5 * CELL_WIDTH)
    assert (second.text, second.attrib["class"]) == ("ef", "d")
    assert float(second.attrib["x"]) == pytest.approx(MARGIN + 8 * CELL_WIDTH)


def test_a_gap_between_columns_is_no_part_of_either() -> None:
    first, second = shapes(row(("ab   cd", Style())))
    assert (first.text, second.text) == ("ab", "cd")
    assert float(second.attrib["x"]) == pytest.approx(MARGIN + 5 * CELL_WIDTH)


def test_rows_stand_below_each_other_and_an_empty_one_keeps_its_place() -> None:
    first, second = shapes(row(("a", Style())), (), row(("b", Style())))
    assert float(second.attrib["y"]) - float(first.attrib["y"]) == 2 * CELL_HEIGHT


@pytest.mark.parametrize(("sign", "share"), [("█", 1), ("▄", 0.5), ("▂", 0.25)])
def test_a_bar_is_drawn_and_stands_on_the_ground(sign: str, share: float) -> None:
    (full,), (bar,) = shapes(row(("█", GREEN))), shapes(row((sign * 3, GREEN)))
    assert (bar.tag, bar.attrib["class"]) == (f"{SVG}rect", "v")
    assert float(bar.attrib["width"]) == pytest.approx(3 * CELL_WIDTH)
    assert float(bar.attrib["height"]) == pytest.approx(share * float(full.attrib["height"]))
    assert float(bar.attrib["y"]) + float(bar.attrib["height"]) == MARGIN + CELL_HEIGHT


def test_the_cells_of_a_heat_map_grow_fuller() -> None:
    cells = shapes(row(("░▒▓█", GREEN)))
    shades = [float(cell.attrib.get("opacity", 1)) for cell in cells]
    assert shades == sorted(set(shades))


def test_what_stands_on_the_screen_stays_text() -> None:
    (shape,) = shapes(row(("<script>&amp;", Style())))
    assert shape.text == "<script>&amp;"


def test_a_colour_that_the_picture_does_not_know_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="red"):
        shapes(row(("a", Style(color="red"))))


def test_a_picture_says_what_it_shows_knows_both_themes_and_fetches_nothing() -> None:
    said = draw_svg([row(("a", Style()))], "an evening", "what it shows")
    picture = ET.fromstring(said)  # noqa: S314  our own
    assert (picture.findtext(f"{SVG}title"), picture.findtext(f"{SVG}desc")) == ("an evening", "what it shows")
    assert "prefers-color-scheme: dark" in said
    assert re.findall(r"https?://[^\"]*", said) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|@import|@font-face", said)
