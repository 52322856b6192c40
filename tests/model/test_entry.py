"""Entries: kinds and sides, clean texts, mentioned people and tags, and minutes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.makers import make_entry
from valuelog.model.entry import (
    MAX_TEXT_LENGTH,
    NEITHER_KINDS,
    VALUE_KINDS,
    Beneficiary,
    Effect,
    Held,
    Kind,
    Side,
    clean_text,
    format_minutes,
    is_evidence,
    normalize_names,
    parse_choice,
    parse_minutes,
    people_in,
    tags_in,
    words_key,
)
from valuelog.model.errors import BadMinutes, BadText, UnknownChoice


def test_kinds_have_three_sides() -> None:
    assert {kind.value: kind.side.value for kind in Kind} == {
        "activity": "work",
        "improvement": "value",
        "outcome": "value",
        "helped": "value",
        "insight": "neither",
        "learned": "neither",
    }
    assert {*VALUE_KINDS, *NEITHER_KINDS, Kind.ACTIVITY} == set(Kind)


def test_result_that_did_not_hold_has_no_side() -> None:
    assert make_entry(kind=Kind.OUTCOME, held=Held.NO).side is Side.NEITHER
    assert make_entry(kind=Kind.OUTCOME, held=Held.YES).side is Side.VALUE
    assert make_entry(kind=Kind.ACTIVITY, held=Held.NO).side is Side.WORK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, False),
        ("yes", False),
        ("it just works", False),
        ("nobody asks any more", True),
        ("took 3 days", True),
        ("@sam", True),
        ("see https://example.org", True),
    ],
)
def test_evidence_needs_a_number_link_name_or_four_words(text: str | None, *, expected: bool) -> None:
    assert is_evidence(text) is expected
    assert make_entry(evidence=text).is_proven is expected


def test_words_key_ignores_case_punctuation_and_spaces() -> None:
    assert words_key("Refunds go out!") == words_key("refunds  go-out") != words_key("refunds go in")
    assert words_key("!!") != words_key("??")


def test_entry_has_side_headline_and_source() -> None:
    entry = make_entry(kind=Kind.HELPED, text="first\nsecond", origin="git:refunds:9f1c")
    assert (entry.side, entry.headline, entry.source) == (Side.VALUE, "first", "git")
    assert make_entry().source is None


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_entry_rejects_minutes_out_of_range(minutes: int) -> None:
    with pytest.raises(BadMinutes):
        make_entry(minutes=minutes)


def test_entry_accepts_one_minute_and_a_whole_day() -> None:
    assert [make_entry(minutes=minutes).minutes for minutes in (1, 1440)] == [1, 1440]


def test_entry_rejects_empty_text_but_accepts_old_control_characters() -> None:
    with pytest.raises(BadText):
        make_entry(text="")
    assert make_entry(text="a\x1b[31m").text == "a\x1b[31m"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("audit mails", "audit mails"),
        ("  audit mails\n\n", "audit mails"),
        ("one\r\ntwo\nthree\ttabbed", "one\ntwo\nthree\ttabbed"),
        ("[/] [bold]not markup[/bold]", "[/] [bold]not markup[/bold]"),
        ("<script>, =1+1, `rm -rf`, $(id), %s, {0}", "<script>, =1+1, `rm -rf`, $(id), %s, {0}"),
        ("größer, 設計書, हिन्दी, 👩‍💻", "größer, 設計書, हिन्दी, 👩‍💻"),
        pytest.param("x" * MAX_TEXT_LENGTH, "x" * MAX_TEXT_LENGTH, id="the longest"),
    ],
)
def test_clean_text_strips_and_normalizes_line_ends(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \t\r\n\u00a0\u3000", "empty"),
        pytest.param("x" * (MAX_TEXT_LENGTH + 1), "100,001 characters", id="one too many"),
        pytest.param("x" * 1_000_000, "1,000,000 characters", id="1 MB"),
        ("a\x00b", "U+0000, at position 2"),
        ("a\x1b[2J", "U+001B"),
        ("old mac\rline ends", "U+000D"),
        ("a\x0bb", "U+000B"),
        ("a\x1fb", "U+001F"),
        ("a\x7fb", "U+007F"),
        ("a\x80b", "U+0080"),
        ("a\x9bb", "U+009B"),
        ("a\x9fb", "U+009F"),
        ("a\ud800b", "U+D800"),
        ("a\udfffb", "U+DFFF"),
        ("a\u202ab", "U+202A"),
        ("a\u202eb", "U+202E"),
        ("a\u2066b", "U+2066"),
        ("a\u2069b", "U+2069"),
    ],
)
def test_clean_text_rejects_unsafe_text_with_reason_and_hint(text: str, reason: str) -> None:
    with pytest.raises(BadText) as error:
        clean_text(text)
    assert reason in error.value.message
    assert error.value.hint


@given(st.text())
def test_clean_text_is_idempotent(text: str) -> None:
    try:
        once = clean_text(text)
    except BadText:
        return
    assert clean_text(once) == once


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@sam runs the release alone now", ("sam",)),
        ("@Sam and @maya, then @sam again", ("maya", "sam")),
        ("thanks (@sam) “@kim” @li's @jo.", ("jo", "kim", "li", "sam")),
        ("@anne-marie @j.doe @bob_2 @x...", ("anne-marie", "bob_2", "j.doe", "x")),
        ("@sam,@kim;@li", ("kim", "li", "sam")),
        ("mail sam@example.org, zoe\u0308@example.org and git@github.com:a/b.git", ()),
        ("https://social.example/@sam https://x.example/?to=@sam", ()),
        ("see https://x.example/@a, and ask @sam", ("sam",)),
        ("@søren @Łukasz @Größe @ΝΊΚΟΣ", ("größe", "søren", "łukasz", "νίκος")),
        ("@田中さん、@王伟", ("王伟", "田中さん")),
        ("@Zoe\u0308 @Zo\u00eb", ("zo\u00eb",)),
        ("@राहुल", ("राहुल",)),
        ("@ alone, @@twice, a @- b, @", ()),
        ("", ()),
    ],
)
def test_people_in_returns_at_mentions(text: str, people: tuple[str, ...]) -> None:
    assert people_in(text) == people


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#refunds done", ("refunds",)),
        ("#Refunds, #ops. (#on-call) #refunds", ("on-call", "ops", "refunds")),
        ("#2fa #v1.2 #q4", ("2fa", "q4", "v1.2")),
        ("fixed #123, #45. and org/repo#6", ()),
        ("C# and F# are languages", ()),
        ("https://x.example/page#part https://x.example/#part", ()),
        ("https://x.example/Foo_(bar)#part https://x.example/?a=#part", ()),
        ("https://x.example/page #part", ("part",)),
        ("x.example/#part sha-#beef a.#b a+#b", ()),
        ("&#39; &#x27; ##heading # heading", ()),
        ("#größe #設計、#एकता", ("größe", "एकता", "設計")),
        ("#café #cafe\u0301", ("caf\u00e9",)),
    ],
)
def test_tags_in_skips_numbers_and_urls(text: str, tags: tuple[str, ...]) -> None:
    assert tags_in(text) == tags


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["@Sam", "sam ", "#sam."], ("sam",)),
        (["Sam Smith", "li, wei"], ("li-wei", "sam-smith")),
        (["maya", "Anna"], ("anna", "maya")),
        (["Zoe\u0308", "ZO\u00cb"], ("zo\u00eb",)),
        (["", "@", "#", " . ", "--"], ()),
        (["a\x1b[31mb", "[/]"], ("a-31mb",)),
    ],
)
def test_normalize_names_returns_unique_lower_case_words(words: list[str], expected: tuple[str, ...]) -> None:
    assert normalize_names(words) == expected


@given(st.lists(st.text()))
def test_normalize_names_is_idempotent(words: list[str]) -> None:
    assert normalize_names(normalize_names(words)) == normalize_names(words)


@given(st.text(alphabet=st.one_of(st.sampled_from("@#:/. -aB1\u0301हि"), st.characters())))
def test_mentions_are_normalized_names(text: str) -> None:
    for names in (people_in(text), tags_in(text)):
        assert normalize_names(names) == names


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("90", 90),
        ("90m", 90),
        ("2h", 120),
        ("1h30m", 90),
        ("1h30", 90),
        (" 1H30M ", 90),
        ("1h05m", 65),
        ("1h59m", 119),
        ("1", 1),
        ("24h", 1440),
        ("1440", 1440),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("1:30", 90),
        ("0:45:00", 45),
        ("0:00:10", 1),
        ("90.0", 90),
        ("30 m", 30),
        ("90 min", 90),
        ("1h 30m", 90),
        ("1 hour and 5 minutes", 65),
        ("PT1H30M", 90),
        ("90min", 90),
        ("90 mins", 90),
        ("45 minutes", 45),
        ("0,25h", 15),
        ("1.5 hours", 90),
        ("1 h 30 min", 90),
        ("2hrs", 120),
        ("1 hour", 60),
        ("an hour", 60),
        ("1 hour 5 minutes", 65),
    ],
)
def test_parse_minutes_returns_minutes(words: str, minutes: int) -> None:
    assert parse_minutes(words) == minutes


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            " ",
            "h",
            "m",
            "-5",
            "0",
            "0h",
            "0m",
            "0h0m",
            "1e9",
            "1h60m",
            "1h90m",
            "25h",
            "24h1m",
            "1441",
            "99999999",
        ),
        *("1.5", "1:3", "1:60", "24:01", "½h", "1d", "m30", "1h30m1", "1m30h", "1h2h", "1 2", "inf", "nan", "a\x1b"),
        *("1.5h30", "1.5h 30m", "an 30", "a", "٣h", "24.1h", "1 30", "9 0", "1 hm"),
    ],
)
def test_parse_minutes_rejects_other_text(words: str) -> None:
    with pytest.raises(BadMinutes) as error:
        parse_minutes(words)
    assert "1h30m" in error.value.hint


@given(st.text(alphabet="0123456789hm -.e"))
def test_parse_minutes_accepts_or_rejects_any_text(words: str) -> None:
    with suppress(BadMinutes):
        assert 1 <= parse_minutes(words) <= 1440


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, "0m"), (1, "1m"), (45, "45m"), (60, "1h"), (90, "1h30m"), (120, "2h"), (1440, "24h")]
)
def test_format_minutes_uses_hours_and_minutes(minutes: int, expected: str) -> None:
    assert format_minutes(minutes) == expected


@given(st.integers(1, 1440))
def test_formatted_minutes_can_be_parsed(minutes: int) -> None:
    assert parse_minutes(format_minutes(minutes)) == minutes


def test_parse_choice_ignores_case() -> None:
    assert parse_choice(Effect, "effect", " More Reliable ") is Effect.MORE_RELIABLE
    assert parse_choice(Beneficiary, "beneficiary", "COMPANY") is Beneficiary.COMPANY


@pytest.mark.parametrize(("word", "hint"), [("esier", "Did you mean easier?"), ("qqq", "Choose from: easier, faster")])
def test_unknown_choice_suggests_the_nearest_or_lists_all(word: str, hint: str) -> None:
    with pytest.raises(UnknownChoice, match=f"There is no effect “{word}”") as error:
        parse_choice(Effect, "effect", word)
    assert error.value.hint.startswith(hint)
