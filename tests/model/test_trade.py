"""The words of a trade: which key a word names, and how a key is shown."""

import pytest

from valuelog.model.entry import parse_key
from valuelog.model.errors import BadInput, BadText
from valuelog.model.trade import DEFAULT_WORDS, trade_words, use_trade_words

WARD = DEFAULT_WORDS.beneficiaries.with_own({"customers": "patients", "coworkers": "the ward", "families": "families"})
EFFECTS = DEFAULT_WORDS.effects.with_own({"calmer": "calmer for nights"})


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("patients", "customers"),
        ("customers", "customers"),
        ("Pat", "customers"),
        ("cust", "customers"),
        ("the ward", "coworkers"),
        ("ward", "coworkers"),
        ("Co-Workers", "coworkers"),
        ("cow", "coworkers"),
        ("co", "company"),  # the beginning of a word wins over that of a key
        ("the company", "company"),
        ("fam", "families"),
    ],
)
def test_word_key_or_beginning_names_a_beneficiary(typed: str, key: str) -> None:
    assert WARD.parse(typed) == key


@pytest.mark.parametrize(
    ("typed", "key"), [("more reliable", "more-reliable"), ("calmer-for-nights", "calmer"), ("calm", "calmer")]
)
def test_word_key_or_beginning_names_an_effect(typed: str, key: str) -> None:
    assert EFFECTS.parse(typed) == key


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        ("c", "“c” could be coworkers, customers or company.", "Write more of it."),
        ("co", "“co” could be coworkers or company.", "Write more of it."),
        ("boss", "There is no beneficiary “boss”.", "Choose from: coworkers, customers, company."),
        ("", "There is no beneficiary “”.", "Choose from: coworkers, customers, company."),
    ],
)
def test_ambiguous_or_unknown_word_names_the_choices(typed: str, message: str, hint: str) -> None:
    with pytest.raises(BadInput) as error:
        DEFAULT_WORDS.beneficiaries.parse(typed)
    assert (error.value.message, error.value.hint) == (message, hint)


def test_key_without_a_word_is_shown_as_it_is() -> None:
    assert (WARD.word("night-shift"), WARD.option("night-shift")) == ("night shift", "night shift")


def test_article_is_shown_in_sentences_only() -> None:
    assert (WARD.word("coworkers"), WARD.option("coworkers"), WARD.choice("coworkers")) == ("the ward", "ward", "ward")


def test_keys_are_sorted_with_unknown_ones_last() -> None:
    assert WARD.sort(["zoo", "families", "attic", "company", "company"]) == ("company", "families", "attic", "zoo")


@pytest.mark.parametrize("own", [{"customers": "The Company"}, {"a": "guests", "b": "Guests"}, {"guests": "customers"}])
def test_word_that_could_mean_two_keys_is_refused(own: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"could be \S+ or \S+; use another word"):
        DEFAULT_WORDS.beneficiaries.with_own(own)


@pytest.mark.parametrize(
    ("word", "key"), [("Night Shift", "night-shift"), ("angehörige", "angehörige"), ("a" * 40, "a" * 40)]
)
def test_key_is_normalized(word: str, key: str) -> None:
    assert parse_key("a key", word) == key


@pytest.mark.parametrize("word", ["", "-", "a--b", "a_b", "a\x1b", "a" * 41, "a,b"])
def test_invalid_key_is_refused(word: str) -> None:
    with pytest.raises(BadText):
        parse_key("a key", word)


def test_words_are_in_use_inside_the_block_only() -> None:
    words = DEFAULT_WORDS._replace(beneficiaries=WARD)
    with use_trade_words(lambda: words):
        assert trade_words() is words
    assert trade_words() is DEFAULT_WORDS
