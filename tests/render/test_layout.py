"""Truncating and wrapping: the exact width and one cell less."""

import pytest

from valuelog.render.terminal.layout import truncate, wrap_words


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("audit", 6, "audit"),
        ("audit", 5, "audit"),
        ("audit", 4, "aud…"),
        ("audit", 1, "…"),
        ("設計", 4, "設計"),
        ("設計", 3, "設…"),
        ("設計", 2, "…"),
        ("two words", 4, "two…"),
    ],
)
def test_truncate_keeps_a_text_that_fits_exactly(text: str, width: int, shown: str) -> None:
    assert truncate(text, width) == shown


@pytest.mark.parametrize(
    ("width", "lines"), [(9, ["two words"]), (8, ["two", "words"]), (5, ["two", "words"]), (4, ["two", "word", "s"])]
)
def test_wrap_words_breaks_only_a_line_that_is_too_long(width: int, lines: list[str]) -> None:
    assert wrap_words("two words", width) == lines
