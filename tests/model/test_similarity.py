"""The matcher of lines about friction: how often it is right, and texts that are no sentences."""

import tomllib
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelog.model.similarity import rank_similar

PAIRS = tomllib.loads(Path(__file__).with_name("friction_pairs.toml").read_text(encoding="utf-8"))
BACKLOG = [first for half in PAIRS.values() for pairs in half.values() for first, _ in pairs]
KNOWN = ["the office is cold", "CI takes 40 minutes", "parents write at midnight", "the lockfile conflicts"]


def _first_lines(half: str) -> list[str]:
    return [first for pairs in PAIRS[half].values() for first, _ in pairs]


def _is_offered(line: str, text: str, known: list[str]) -> bool:
    return line in {known[i] for i in rank_similar(text, known)}


# The numbers are what was measured, and must not get worse. The aims are 0.8 of the same and 0.1 of the different ones.
@pytest.mark.parametrize(("half", "share"), [("tune", 0.76), ("kept_back", 0.77)])
def test_same_friction_is_among_the_candidates_of_all_first_lines(half: str, share: float) -> None:
    known = _first_lines(half)
    offered = [_is_offered(first, second, known) for first, second in PAIRS[half]["same"]]
    assert sum(offered) / len(offered) >= share


@pytest.mark.parametrize(("half", "share"), [("tune", 0.82), ("kept_back", 0.79)])
def test_same_friction_is_among_the_candidates_of_fifteen(half: str, share: float) -> None:
    firsts = _first_lines(half)
    pools = Random(15)  # noqa: S311  the same pools in every run
    offered = [
        _is_offered(first, second, [*pools.sample([line for line in firsts if line != first], 14), first])
        for first, second in PAIRS[half]["same"] * 5
    ]
    assert sum(offered) / len(offered) >= share


@pytest.mark.parametrize(("half", "share"), [("tune", 0.09), ("kept_back", 0.112)])
def test_different_friction_is_not_offered_if_it_is_the_only_line(half: str, share: float) -> None:
    offered = [_is_offered(first, second, [first]) for first, second in PAIRS[half]["different"]]
    assert sum(offered) / len(offered) <= share


@pytest.mark.parametrize(("half", "share"), [("tune", 0.05), ("kept_back", 0.05)])
def test_new_friction_gets_no_candidate_of_fifteen(half: str, share: float) -> None:
    firsts = _first_lines(half)
    seconds = [second for pairs in PAIRS[half].values() for _, second in pairs]
    pools = Random(15)  # noqa: S311  the same pools in every run
    others = [[first for first in firsts if first != own] for own in firsts]
    offered = [
        bool(rank_similar(second, pools.sample(other, 15))) for second, other in zip(seconds, others, strict=True)
    ]
    assert sum(offered) / len(offered) <= share


def test_pairs_are_many_and_in_one_half_only() -> None:
    pairs = [tuple(pair) for half in PAIRS.values() for kind in half.values() for pair in kind]
    assert len(pairs) == len(set(pairs)) >= 140
    assert all(len(half["same"]) == len(half["different"]) for half in PAIRS.values())


def test_no_known_lines_give_no_candidates() -> None:
    assert rank_similar("the VPN is slow", []) == ()


@pytest.mark.parametrize("text", ["the VPN is slow", "slow again", "again", "🙃", "?!", "会议太多"])
def test_an_identical_line_is_a_candidate(text: str) -> None:
    assert rank_similar(text, [*KNOWN, text]) == (4,)
    assert rank_similar(text.upper(), [*KNOWN, text]) == (4,)


def test_the_same_topics_are_similar_however_frequent_they_are() -> None:
    known = [f"CI and {word}" for word in ("cake", "lamps", "roses", "tulips", "boats", "wine")]
    assert rank_similar("CI, the boats", known) == (4,)


@pytest.mark.parametrize("text", ["slow again, every day", "the office", "too many people", "", " ", "?!…—", "🙃🙃"])
def test_words_without_a_topic_are_similar_to_nothing(text: str) -> None:
    assert rank_similar(text, [*KNOWN, "too slow", "!!", "🙃", "no people in the office"]) == ()


@pytest.mark.parametrize(
    ("text", "similar"),
    [("waiting for the CI again", 1), ("the pipeline is slow", 1), ("conflict in the lock file", 3)],
)
def test_one_rare_topic_is_enough(text: str, similar: int) -> None:
    assert rank_similar(text, KNOWN) == (similar,)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("the VPN is slow", "the CI is slow"),
        ("alerts are noisy", "office is noisy"),
        ("waiting for the lift", "waiting for legal"),
        ("電車が遅い", "テストが遅い"),
        ("电梯坏了", "打印机坏了"),
    ],
)
def test_the_same_complaint_about_another_topic_is_different(text: str, known: str) -> None:
    assert rank_similar(text, [known]) == ()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("kuberntes upgrade hangs", "kubernetes upgrade"),
        ("Dienstpläne zu spät", "Dienstplan kommt spät"),
        ("Teambesprechung zu lang", "die Besprechungen dauern zu lange"),
        ("imprimante en panne", "l'imprimante est encore en panne"),
        ("ビルドに40分かかった", "ビルドが遅い"),
        ("打印机卡纸", "打印机又坏了"),
        ("프린터가 고장났다", "프린터 고장"),
        ("stand-up too long", "the standup drags on"),
    ],
)
def test_typos_compounds_and_languages(text: str, known: str) -> None:
    assert rank_similar(text, [*KNOWN, known]) == (4,)


def test_candidates_come_best_first_and_at_most_two() -> None:
    known = ["VPN token expired", "VPN drops in every call", "VPN down", "coffee machine empty"]
    ranked = rank_similar("the VPN drops", known, limit=4)
    assert ranked[0] == 1
    assert set(ranked[1:]) <= {0, 2}
    assert rank_similar("the VPN drops", known) == ranked[:2]
    assert rank_similar("the VPN drops", known, limit=1) == ranked[:1]


def test_long_texts_and_long_backlogs_are_fast() -> None:
    long = "a" * 30_000 + "会" * 30_000 + " vpn" * 7_500
    known = [f"{first} {i}" for i, first in enumerate(BACKLOG * 5)][:2_000]
    start = perf_counter()
    rank_similar(long, [*known, long, "vpn"])
    assert perf_counter() - start < 1  # 15 to 23 ms of processor time


@given(st.text(), st.lists(st.text()))
def test_any_text_gives_distinct_positions(text: str, known: list[str]) -> None:
    ranked = rank_similar(text, known)
    assert len(ranked) == len(set(ranked)) <= 2
    assert all(0 <= position < len(known) for position in ranked)
