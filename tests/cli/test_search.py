"""`search`: everything that people type, word beginnings, highlights and filters."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture
def searched(run: "Run") -> "Run":
    """Type one of everything; return `run`."""
    run("add", "activity", "deployed the config for the café, 今日の天気を調べた 🚀", "-d", "yesterday")
    run("add", "improvement", "the checklist is one page", "--evidence", "two releases without a zugzwang")
    run("add", "helped", "@sam runs the release #ops")
    run("pain", "add", "slow tunnel in the train", "--new", "--better", "a mosquito net")
    pain = json.loads(run("pain", "--json").out)[0]["id"]
    run("pain", "seen", pain, "the tunnel broke at a viaduct")
    run("pain", "plan", pain, "ask @sam for a hedgehog")
    run("promise", "make", "stop", "the weekly status mail")
    run("project", "start", "Refund flow", "--problem", "customers wait", "--measure", "days", "--aim", "a xylophone")
    run("project", "measure", "refund-flow", "3 fortnights")
    run("off", "2026-11-12", "--note", "moving house")
    return run


def found(run: "Run", *words: str) -> list[tuple[str, str]]:
    """Return the kind and text of each match."""
    return [(each["kind"], each["text"]) for each in json.loads(run("search", *words, "--json").out)]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("conf", "activity"),
        ("CAFE", "activity"),
        ("天気", "activity"),
        ("今日の天気を調べた", "activity"),
        ("🚀", "activity"),
        ("zugz", "improvement"),
        ("train", "pain"),
        ("mosq", "pain"),
        ("viaduct", "pain"),
        ("hedge", "promise"),
        ("status", "promise"),
        ("refund", "project"),
        ("xylo", "project"),
        ("fortnight", "project"),
        ("moving", "off"),
    ],
)
def test_search_finds_everything_typed(searched: "Run", words: str, kind: str) -> None:
    assert [each for each, _ in found(searched, words)] == [kind]


def test_search_finds_answers_of_the_weekly_talk(run: "Run") -> None:
    answers = b'{"question": "level", "answer": "asked for a smaller aquarium"}\n'
    run("review", "--week", "--answers", "-", stdin=answers)
    assert found(run, "aquar") == [("reflection", "asked for a smaller aquarium")]
    assert "about Week 47" in run("search", "aquarium").out
    assert found(run, "aquarium", "--week") != []
    assert found(run, "aquarium", "--week=last") == []


def test_pain_point_is_found_once_with_what_matches(searched: "Run") -> None:
    (match,) = json.loads(searched("search", "tunnel", "--json").out)
    assert match["text"] == "slow tunnel in the train"
    assert match["matches"] == [{"label": "felt", "text": "the tunnel broke at a viaduct", "day": "2026-11-20"}]
    shown = searched("search", "mosquito").out
    assert "better: a mosquito net" in shown
    assert "felt" not in shown


def test_whole_word_ranks_above_the_beginning_of_another(run: "Run") -> None:
    run("add", "activity", "deployment of a thing")
    run("add", "activity", "a deploy of the thing today")
    assert [text for _, text in found(run, "deploy")] == ["a deploy of the thing today", "deployment of a thing"]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("the", "--kind", "pain"), ["pain"]),
        (("the", "--kind", "promise"), ["promise"]),
        (("the", "--kind", "helped", "--kind", "promise"), ["helped", "promise"]),
        (("the", "--side", "value"), ["helped", "improvement"]),
        (("the", "--person", "sam"), ["helped"]),
        (("hedgehog", "--person", "sam"), ["promise"]),
        (("the", "--tag", "ops"), ["helped"]),
        (("days", "--project", "refund-flow"), ["project"]),
        (("train", "--project", "refund-flow"), []),
        (("moving", "--week=last"), ["off"]),
        (("moving", "--week"), []),
        (("tunnel", "-viaduct", "--kind", "pain"), ["pain"]),
        (("tunnel", "-train", "--kind", "pain"), ["pain"]),
        (("天気", "-cafe"), []),
        (("cafe", "-天気"), []),
        (("天気", "cafe"), ["activity"]),
        (("天気", "-tunnel"), ["activity"]),
    ],
)
def test_search_filters_everything(searched: "Run", words: tuple[str, ...], kinds: list[str]) -> None:
    assert sorted(kind for kind, _ in found(searched, *words)) == kinds


def test_search_highlights_on_a_terminal_only(searched: "Run") -> None:
    assert "\x1b[1;4mdeployed\x1b[0m" in searched("--color", "always", "search", "deplo").out
    assert "\x1b[1;4m天気\x1b[0m" in searched("--color", "always", "search", "天気").out
    assert "\x1b[1;4mcafé\x1b[0m" in searched("--color", "always", "search", "CAFE").out
    for plain in (("search", "deplo"), ("search", "deplo", "--plain"), ("search", "deplo", "--json")):
        assert "\x1b" not in searched(*plain).out


def test_search_shows_the_part_of_a_long_text_that_matches(run: "Run") -> None:
    run("add", "activity", f"{'many words before it ' * 20}needle and {'many after it ' * 20}")
    run("add", "activity", f"{'天' * 200}針{'気' * 200}")
    for words in ("needle", "針"):
        lines = run("search", words).out.splitlines()
        assert words in lines[0]
        assert all(len(line) <= 80 for line in lines)


def test_deleted_and_purged_text_is_not_found(searched: "Run") -> None:
    searched("delete", json.loads(searched("pain", "--json").out)[0]["id"])
    assert found(searched, "viaduct") == []
    searched("undo")
    assert [kind for kind, _ in found(searched, "viaduct")] == ["pain"]


def test_plain_search_has_the_columns_of_entries(searched: "Run") -> None:
    (entry,) = (line.split("\t") for line in searched("search", "zugzwang", "--plain").out.splitlines())
    (off,) = (line.split("\t") for line in searched("search", "moving", "--plain").out.splitlines())
    assert len(entry) == len(off) == 11
    assert off[:3] == ["", "2026-11-12", "off"]
    assert off[-1] == "moving house"
