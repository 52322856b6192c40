"""Untrusted text: control, bidi and invisible characters are escaped in every format."""

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.makers import FRIDAY, NOON
from valuelog.render.escape import escape_line, escape_lines
from valuelog.render.jsontext import dumps
from valuelog.render.plain import format_record
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK, paint, split_id

CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
JOINERS = "\u200c\u200d\ufe0f\U000e0100\u180e😀❤🏽می1\u20e3葛\u1820"
ANY_TEXT = st.text(
    st.one_of(st.characters(codec=None), st.sampled_from("\x1b[\x9b\x07\u202e\u2066\t\r\n\ud800" + JOINERS))
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
DOCUMENTS = st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=10)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("größe 設計 हिन्दी 👩‍💻 [/] [bold] <b> %s", "größe 設計 हिन्दी 👩‍💻 [/] [bold] <b> %s"),
        ("one\ttwo\nthree", "one two three"),
        ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
        ("a\rb\x00c\x1fd\x7fe", "a␍b␀c␟d␡e"),
        ("a\x9b31mb\x85\x80\x9f", "a⟨U+009B⟩31mb⟨U+0085⟩⟨U+0080⟩⟨U+009F⟩"),
        ("a\u202eb\u202a\u2066\u2069", "a⟨U+202E⟩b⟨U+202A⟩⟨U+2066⟩⟨U+2069⟩"),
        ("\u200e\u200f\u061c", "⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
        ("a\u2028b\u2029", "a⟨U+2028⟩b⟨U+2029⟩"),
        ("a\ud800b\udfff", "a⟨U+D800⟩b⟨U+DFFF⟩"),
        ("", ""),
    ],
)
def test_escape_line_replaces_control_characters(text: str, shown: str) -> None:
    assert escape_line(text) == shown


INVISIBLE = (
    "\u00ad", "\u034f", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\u2063", "\u3164", "\ufe00",
    "\ufe0f", "\ufeff", "\uffa0", "\U000e0001", "\U000e0041", "\U000e007f", "\U000e0100", "\U000e01ef",
)  # fmt: skip


@pytest.mark.parametrize("character", INVISIBLE, ids=ascii)
@pytest.mark.parametrize("form", ["{}", "a{}b", " {} ", "日本 {}", "{0}{0}", "é{}"])
def test_escape_line_shows_invisible_characters(character: str, form: str) -> None:
    assert escape_line(form.format(character)) == form.format(f"⟨U+{ord(character):04X}⟩")


@pytest.mark.parametrize(
    "text",
    [
        "❤️ ☎︎ ©️ ‼️ 1️⃣ #⃣",
        "👩‍💻 👨‍👩‍👧‍👦 👍🏽 🏳️‍🌈 ❤️‍🔥 👁️‍🗨️ 🧑🏽‍🚀 🤷🏽‍♀️",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می‌خواهم ۵‌ام ه‍.ش",
        "क्‍ष श्रीमान्‌को ശ്രീ ന്‍ ශ්‍රී",
        "葛\U000e0100城",
        "\u1820\u180b\u182a",
    ],
    ids=ascii,
)
def test_escape_line_keeps_invisible_characters_that_spell_a_word(text: str) -> None:
    assert escape_line(text) == text


def test_escape_line_shows_words_hidden_behind_an_emoji() -> None:
    hidden = "".join(chr(0xE0100 + ord(letter)) for letter in "hi")
    assert escape_line(f"😀{hidden}") == "😀⟨U+E0168⟩⟨U+E0169⟩"
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "gbhi")
    assert escape_line(f"🏴{tags}") == "🏴⟨U+E0067⟩⟨U+E0062⟩⟨U+E0068⟩⟨U+E0069⟩"
    assert escape_line("😀\ufe0f\ufe0f\u200d\u200d") == "😀\ufe0f⟨U+FE0F⟩⟨U+200D⟩⟨U+200D⟩"


@given(ANY_TEXT)
def test_escape_line_leaves_no_control_character(text: str) -> None:
    assert not CONTROL_CHARACTERS.search(escape_line(text))
    assert escape_line(escape_line(text)) == escape_line(text)
    assert escape_lines(text) == [escape_line(line) for line in text.split("\n")]
    escape_line(text).encode()


def test_escape_lines_keeps_line_breaks() -> None:
    assert escape_lines("one\ntwo\x1b\r\n") == ["one", "two␛␍", ""]


@given(DOCUMENTS)
def test_json_round_trips_without_control_characters(document: Any) -> None:  # noqa: ANN401  any JSON
    text = dumps(document)
    assert json.loads(text) == document
    assert not CONTROL_CHARACTERS.search(text.replace("\n", ""))
    assert json.loads(text.encode()) == document


@pytest.mark.parametrize(
    "char", ["\x1b", "\x00", "\x7f", "\x85", "\x9b", "\u061c", "\u200e", "\u2028", "\u202e", "\u2069"]
)
def test_json_escapes_control_characters(char: str) -> None:
    assert dumps([char, {char: 1}]).count(f"\\u{ord(char):04x}") == 2


def test_json_escapes_lone_surrogates() -> None:
    assert json.loads(dumps(["\ud800", "\udfff"]).encode()) == ["\ud800", "\udfff"]


def test_json_is_indented_and_numbers_are_unrounded() -> None:
    assert dumps({"text": "größer 設計", "share": 8 / 33, "none": None}) == (
        '{\n  "text": "größer 設計",\n  "share": 0.24242424242424243,\n  "none": null\n}'
    )


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ((), ""),
        (("a", None, "b"), "a\t\tb"),
        ((1, 0.5, 8 / 33), "1\t0.5000\t0.2424"),
        ((FRIDAY, NOON), "2026-11-20\t2026-11-20T12:00:00+01:00"),
        ((("sam", "maya"), (), (date(2026, 1, 5), 2)), "sam,maya\t\t2026-01-05,2"),
        (("a\tb", "c\nd", "\x1b[31m"), "a b\tc d\t␛[31m"),
        ((("a\tb", "\u202e"),), "a b,⟨U+202E⟩"),
    ],
)
def test_format_record_separates_fields_by_tabs(fields: tuple[object, ...], line: str) -> None:
    assert format_record(fields) == line


@given(st.lists(ANY_TEXT, min_size=1))
def test_format_record_keeps_the_field_count_and_escapes(fields: list[str]) -> None:
    parts = format_record(fields).split("\t")
    assert len(parts) == len(fields)
    assert not any(CONTROL_CHARACTERS.search(part) for part in parts)


@pytest.mark.parametrize("style", [VALUE, WORK, ATTENTION, STRONG, DIM])
def test_paint_puts_text_between_color_codes(style: str) -> None:
    painted = paint("8 : 25", style, color=True)
    assert re.fullmatch(r"\x1b\[[0-9;]+m8 : 25\x1b\[0m", painted)
    assert paint("8 : 25", style, color=False) == "8 : 25"
    assert paint("", style, color=True) == ""


def test_styles_are_distinct() -> None:
    assert len({paint("x", style, color=True) for style in (VALUE, WORK, ATTENTION, STRONG, DIM)}) == 5


@pytest.mark.parametrize(
    ("letters", "shown"), [(2, ("k3", "fm")), (3, ("k3f", "m")), (4, ("k3fm", "")), (6, ("k3fm2q", ""))]
)
def test_split_id_shows_the_unique_prefix_and_up_to_four_letters(letters: int, shown: tuple[str, str]) -> None:
    assert split_id("k3fm2q7x", letters) == shown
