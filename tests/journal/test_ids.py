"""Ids: generation, normalization and unique prefixes."""

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

IDS = st.text(alphabet=ids.ALPHABET, min_size=10, max_size=10)


def add_entries(journal: "Journal", *names: str) -> None:
    entries.add(journal, [make_entry(id=name, text=f"I am {name}") for name in names])


def test_new_ids_are_unique_and_use_the_whole_alphabet() -> None:
    generated = {ids.new_id() for _ in range(1000)}
    assert len(generated) == 1000
    assert set("".join(generated)) == set(ids.ALPHABET)
    assert not set("ilou") & set(ids.ALPHABET)


@pytest.mark.parametrize(
    ("typed", "normalized"), [("K3", "k3"), (" k3 ", "k3"), ("OIL", "011"), ("u", "v"), ("k3!", "k3!")]
)
def test_lookalike_characters_are_normalized(typed: str, normalized: str) -> None:
    assert ids.normalize_id(typed) == normalized


@given(st.sets(IDS, min_size=1, max_size=20))
def test_unique_prefix_length_is_minimal(names: set[str]) -> None:
    for name in names:
        others = names - {name}
        length = ids.unique_prefix_length(name, others)
        assert not any(other.startswith(name[:length]) for other in others)
        assert length == 2 or any(other.startswith(name[: length - 1]) for other in others)


def test_prefix_lengths_depend_on_the_neighbours(journal: "Journal") -> None:
    add_entries(journal, "aaaaaaaaaa", "aaabaaaaaa", "aaabaaaaab", "zzzzzzzzzz")
    assert journal.prefix_lengths(["aaaaaaaaaa", "aaabaaaaab", "zzzzzzzzzz"]) == {
        "aaaaaaaaaa": 4,
        "aaabaaaaab": 10,
        "zzzzzzzzzz": 2,
    }


def test_prefix_lengths_are_unique_in_a_large_journal(journal: "Journal") -> None:
    rng = Random(20)  # noqa: S311  not for secrets
    names = ["".join(rng.choices(ids.ALPHABET, k=10)) for _ in range(500)]
    add_entries(journal, *names)
    for name, length in journal.prefix_lengths(names).items():
        assert [other for other in names if other.startswith(name[:length])] == [name]


def test_prefix_lengths_count_deleted_and_purged_ids(journal: "Journal") -> None:
    add_entries(journal, "aaaaaaaaaa", "aaabaaaaaa")
    entries.delete_entities(journal, [("entry", "aaabaaaaaa")])
    assert journal.prefix_lengths(["aaaaaaaaaa"]) == {"aaaaaaaaaa": 4}
    journal.purge("entry", "aaaaaaaaaa")
    assert journal.prefix_lengths(["aaabaaaaaa"]) == {"aaabaaaaaa": 4}


def test_resolve_id_accepts_prefixes(journal: "Journal") -> None:
    add_entries(journal, "k3aaaaaaaa", "k4aaaaaaaa")
    for words in ("k3", "K3", "k3a", "k3aaaaaaaa", " k3 "):
        assert journal.resolve_id(words) == ("entry", "k3aaaaaaaa")
    add_entries(journal, "0101010101")
    assert journal.resolve_id("OIo1") == ("entry", "0101010101")


def test_ambiguous_id_lists_unique_prefixes(journal: "Journal") -> None:
    add_entries(journal, "k3aaaaaaaa", "k3abaaaaaa")
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
def test_unknown_id_raises_an_error(journal: "Journal", words: str) -> None:
    add_entries(journal, "k3aaaaaaaa")
    with pytest.raises(UnknownId):
        journal.resolve_id(words)


def test_resolve_id_ignores_deleted_and_undone_entries(journal: "Journal") -> None:
    add_entries(journal, "k3aaaaaaaa")
    add_entries(journal, "k4aaaaaaaa")
    journal.undo()
    entries.delete_entities(journal, [("entry", "k3aaaaaaaa")])
    for words in ("k3", "k4"):
        with pytest.raises(UnknownId):
            journal.resolve_id(words)
    journal.undo()
    assert journal.resolve_id("k3") == ("entry", "k3aaaaaaaa")
