"""SVG pictures of a screen: text at its column, both color schemes, and no external resources."""

import re
from xml.etree import ElementTree as ET

import pytest

from making.svg import CELL_HEIGHT, CELL_WIDTH, MARGIN, draw_svg
from making.terminal import Cell, Row, Style

SVG = "{http://www.w3.org/2000/svg}"
GREEN, DIM = Style(color="green"), Style(dim=True)


def make_row(*pieces: tuple[str, Style]) -> Row:
    return tuple(Cell(char, style) for text, style in pieces for char in text)


def draw_shapes(*rows: Row) -> list[ET.Element]:
    """Return the elements drawn for some rows, in order."""
    group = ET.fromstring(draw_svg(rows, "a title", "about it")).find(f"{SVG}g")  # noqa: S314  our own
    assert group is not None
    return list(group)


def test_svg_text_is_placed_at_its_column() -> None:
    first, second = draw_shapes(make_row(("ab cd", Style()), ("   ", Style()), ("ef", DIM)))
    assert (first.text, float(first.attrib["x"])) == ("ab cd", MARGIN)
    assert float(first.attrib["textLength"]) == pytest.approx(5 * CELL_WIDTH)
    assert (second.text, second.attrib["class"]) == ("ef", "d")
    assert float(second.attrib["x"]) == pytest.approx(MARGIN + 8 * CELL_WIDTH)


def test_svg_splits_text_at_wide_gaps() -> None:
    first, second = draw_shapes(make_row(("ab   cd", Style())))
    assert (first.text, second.text) == ("ab", "cd")
    assert float(second.attrib["x"]) == pytest.approx(MARGIN + 5 * CELL_WIDTH)


def test_svg_keeps_empty_rows() -> None:
    first, second = draw_shapes(make_row(("a", Style())), (), make_row(("b", Style())))
    assert float(second.attrib["y"]) - float(first.attrib["y"]) == 2 * CELL_HEIGHT


@pytest.mark.parametrize(("char", "share"), [("█", 1), ("▄", 0.5), ("▂", 0.25)])
def test_svg_bar_is_a_rectangle_on_the_baseline(char: str, share: float) -> None:
    (full,), (bar,) = draw_shapes(make_row(("█", GREEN))), draw_shapes(make_row((char * 3, GREEN)))
    assert (bar.tag, bar.attrib["class"]) == (f"{SVG}rect", "v")
    assert float(bar.attrib["width"]) == pytest.approx(3 * CELL_WIDTH)
    assert float(bar.attrib["height"]) == pytest.approx(share * float(full.attrib["height"]))
    assert float(bar.attrib["y"]) + float(bar.attrib["height"]) == MARGIN + CELL_HEIGHT


def test_svg_heat_map_cells_get_darker() -> None:
    cells = draw_shapes(make_row(("░▒▓█", GREEN)))
    shades = [float(cell.attrib.get("opacity", 1)) for cell in cells]
    assert shades == sorted(set(shades))


def test_svg_escapes_text() -> None:
    (shape,) = draw_shapes(make_row(("<script>&amp;", Style())))
    assert shape.text == "<script>&amp;"


def test_svg_of_an_unknown_color_fails() -> None:
    with pytest.raises(KeyError, match="red"):
        draw_shapes(make_row(("a", Style(color="red"))))


def test_svg_has_a_title_dark_mode_and_no_external_resources() -> None:
    svg = draw_svg([make_row(("a", Style()))], "an evening", "what it shows")
    picture = ET.fromstring(svg)  # noqa: S314  our own
    assert (picture.findtext(f"{SVG}title"), picture.findtext(f"{SVG}desc")) == ("an evening", "what it shows")
    assert "prefers-color-scheme: dark" in svg
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|@import|@font-face", svg)
