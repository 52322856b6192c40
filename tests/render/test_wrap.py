"""Terminal output is wrapped between words, and commands can be copied."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from valuelog.render.wrap import wrap_text

FLOWED = [
    ("short", 20, "short"),
    ("", 20, ""),
    ("one two three four five", 10, "one two\nthree four\nfive"),
    ("    wrong: no such day", 16, "    wrong: no\nsuch day"),
    ("Kept m7 · undo with: valuelog undo", 30, "Kept m7 · undo with:\nvaluelog undo"),
    ("The same? valuelog pain seen k3, then: valuelog delete m7", 31,
     "The same?\nvaluelog pain seen k3, then:\nvaluelog delete m7"),
    ('next: valuelog pain fix k3 "a. b · c" -d fri', 40, 'next:\nvaluelog pain fix k3 "a. b · c" -d fri'),
    ('next: valuelog pain fix k3 "a. b · c" -d fri', 24,
     'next:\nvaluelog pain fix k3 \\\n  "a. b · c" -d fri'),
    ("valuelog: there is no such day", 20, "valuelog: there is\nno such day"),
    ("a\nb c", 3, "a\nb c"),
    ("\x1b[1mone\x1b[0m two", 7, "\x1b[1mone\x1b[0m two"),
    ("設計 設計 設計", 9, "設計 設計\n設計"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "width", "lines"), FLOWED)
def test_wrap_text_breaks_between_words_and_around_commands(text: str, width: int, lines: str) -> None:
    assert wrap_text(text, width) == lines


@given(st.lists(st.text("ab設", min_size=1, max_size=9), min_size=1), st.integers(20, 60))
def test_wrap_text_keeps_every_word_and_the_width(words: list[str], width: int) -> None:
    lines = wrap_text(" ".join(words), width).split("\n")
    assert re.split(r"[ \n]", "\n".join(lines)) == words
    assert all(cell_len(line) <= width for line in lines)
