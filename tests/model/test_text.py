"""Texts that say nothing: what people type instead of leaving a question empty, and what only looks like it."""

import pytest

from valuelog.model.entry import clean_answer
from valuelog.model.errors import NoAnswer
from valuelog.model.text import NO_ANSWERS, is_no_answer

SILENT = [
    *("", " ", ".", "..", "...", "…", "-", "--", "–", "—", "?", "??", "/"),
    *("nothing", "Nothing", "NOTHING.", "nothing!", "  nothing  today ", "none", "None.", "no", "No!", "nope", "nah"),
    *("n/a", "N/A", "na", "n.a.", "nobody", "no one", "nil", "not today", "nichts", "Nichts.", "nein", "niemand"),
]

SPOKEN = [
    *(
        "no more manual exports",
        "nothing breaks on Friday now",
        "none of the alerts is noise",
        "no.1",
        "nah, rewrote it",
    ),
    *(
        "nobody waits for me",
        "n/a is a state of its own now",
        "none?",
        "no, but",
        "na na",
        "x",
        "1",
        "0",
        "!",
        "!!",
        "+",
    ),
    *("👍", "∅", "not", "not today's build", "nothing-burger", "#none", "@nobody", "a-b", "?!", "無"),
]


@pytest.mark.parametrize("text", [*SILENT, *sorted(NO_ANSWERS)])
def test_silent_text_is_no_answer(text: str) -> None:
    assert is_no_answer(text)


@pytest.mark.parametrize("text", SPOKEN)
def test_other_text_is_an_answer(text: str) -> None:
    assert not is_no_answer(text)
    assert clean_answer(text) == text


def test_no_answer_is_refused_with_its_words() -> None:
    with pytest.raises(NoAnswer) as refused:
        clean_answer(" N/A. ")
    assert refused.value.message == "“N/A.” alone says nothing."
    assert refused.value.hint == "Say what happened, or leave it out."
