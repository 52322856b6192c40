"""Ids: typed by their shortest unique beginning."""

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.makers import make_entry, make_pain
from valuelog.journal import entries, ids, pains
from valuelog.model.errors import AmbiguousId, UnknownId

if TYPE_CHECKING:
    from valuelog.journal.store import Journal

NAMES = st.text(alphabet=ids.ALPHABET, min_size=10, max_size=10)


def born(journal: "Journal", *names: str) -> None:
    entries.add(journal, [make_entry(id=name, text=f"I am {name}") for name in names])


def test_ids_are_random_and_look_like_nothing_else() -> None:
    made = {ids.new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert set("".join(made)) == set(ids.ALPHABET)
    assert not set("ilou") & set(ids.ALPHABET)


@pytest.mark.parametrize(("words", "read"), [("K3", "k3"), (" k3 ", "k3"), ("OIL", "011"), ("u", "v"), ("k3!", "k3!")])
def test_look_alikes_are_forgiven(words: str, read: str) -> None:
    assert ids.normalize_id(words) == read


@given(st.sets(NAMES, min_size=1, max_size=20))
def test_the_shortest_beginning_tells_an_id_from_all_others_and_no_shorter_one_does(names: set[str]) -> None:
    for name in names:
        others = names - {name}
        letters = ids.unique_prefix_length(name, others)
        assert not any(other.startswith(name[:letters]) for other in others)
        assert letters == 2 or any(other.startswith(name[: letters - 1]) for other in others)


def test_letters_reach_as_far_as_the_nearest_neighbour(journal: "Journal") -> None:
    born(journal, "aaaaaaaaaa", "aaabaaaaaa", "aaabaaaaab", "zzzzzzzzzz")
    assert journal.prefix_lengths(["aaaaaaaaaa", "aaabaaaaab", "zzzzzzzzzz"]) == {
        "aaaaaaaaaa": 4,
        "aaabaaaaab": 10,
        "zzzzzzzzzz": 2,
    }


def test_letters_in_a_big_journal_are_right(journal: "Journal") -> None:
    chance = Random(20)  # noqa: S311  no secret
    names = ["".join(chance.choices(ids.ALPHABET, k=10)) for _ in range(500)]
    born(journal, *names)
    for name, letters in journal.prefix_lengths(names).items():
        assert [other for other in names if other.startswith(name[:letters])] == [name]


def test_what_was_deleted_keeps_its_letters(journal: "Journal") -> None:
    born(journal, "aaaaaaaaaa", "aaabaaaaaa")
    entries.delete_entities(journal, [("entry", "aaabaaaaaa")])
    assert journal.prefix_lengths(["aaaaaaaaaa"]) == {"aaaaaaaaaa": 4}
    journal.purge("entry", "aaaaaaaaaa")
    assert journal.prefix_lengths(["aaabaaaaaa"]) == {"aaabaaaaaa": 4}


def test_one_thing_is_found_by_its_beginning(journal: "Journal") -> None:
    born(journal, "k3aaaaaaaa", "k4aaaaaaaa")
    for words in ("k3", "K3", "k3a", "k3aaaaaaaa", " k3 "):
        assert journal.resolve_id(words) == ("entry", "k3aaaaaaaa")
    born(journal, "0101010101")
    assert journal.resolve_id("OIo1") == ("entry", "0101010101")


def test_several_things_are_listed_with_as_many_letters_as_it_takes(journal: "Journal") -> None:
    born(journal, "k3aaaaaaaa", "k3abaaaaaa")
    journal.write("add", pains.creation_changes([make_pain(id="k3zaaaaaaa", text="hurts\nmuch")]))
    with pytest.raises(AmbiguousId) as raised:
        journal.resolve_id("k3")
    assert raised.value.candidates == (
        ("k3aa", "I am k3aaaaaaaa"),
        ("k3ab", "I am k3abaaaaaa"),
        ("k3z", "hurts"),
    )
    assert journal.resolve_id("k3", "pain") == ("pain", "k3zaaaaaaa")
    with pytest.raises(AmbiguousId):
        journal.resolve_id("k3", "entry")


@pytest.mark.parametrize("words", ["zz", "", " ", "k3aaaaaaaaa", "%", "k_", "k3'", "*", "é", "k3\0", "-1"])
def test_what_begins_no_id_is_told(journal: "Journal", words: str) -> None:
    born(journal, "k3aaaaaaaa")
    with pytest.raises(UnknownId):
        journal.resolve_id(words)


def test_what_is_gone_is_not_found(journal: "Journal") -> None:
    born(journal, "k3aaaaaaaa")
    born(journal, "k4aaaaaaaa")
    journal.undo()
    entries.delete_entities(journal, [("entry", "k3aaaaaaaa")])
    for words in ("k3", "k4"):
        with pytest.raises(UnknownId):
            journal.resolve_id(words)
    journal.undo()
    assert journal.resolve_id("k3") == ("entry", "k3aaaaaaaa")
