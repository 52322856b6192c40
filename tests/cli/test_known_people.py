"""Answers about helping name people without @."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.terminal import Terminal
from valuelog.model.people import find_capitalized_names

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def people_of(run: "Run", index: int = -1) -> list[str]:
    people: list[str] = json.loads(run("list", "--json").out)[index]["people"]
    return people


@pytest.fixture
def known(run: "Run") -> "Run":
    """Log entries with some people; return `run`."""
    run("add", "activity", "planned with @sam, @Jürgen and @will", "-p", "Sam Smith", "-p", "an", "-p", "ops")
    return run


RECOGNIZED = [
    ("sam ships it alone now", ["sam"]),
    ("Sam's release works", ["sam"]),
    ("sam/jürgen share the pager", ["jürgen", "sam"]),
    ("showed Sam Smith the checklist", ["sam-smith"]),
    ("Sam Smith, and Sam too", ["sam-smith"]),
    ("JÜRGEN can deploy", ["jürgen"]),
    ("@sam and jürgen pair", ["jürgen", "sam"]),
    ("Will will see; an ops thing", []),
    ("@will deploys alone", ["will"]),
    ("samples for sam@example.org and https://x.org/sam and #sam", []),
    ("nobody in particular", []),
]


@pytest.mark.parametrize(("text", "people"), RECOGNIZED, ids=[text for text, _ in RECOGNIZED])
def test_known_names_need_no_sign(known: "Run", text: str, people: list[str]) -> None:
    known("add", "helped", text)
    assert people_of(known) == people
    assert json.loads(known("list", "--json").out)[-1]["text"] == text


def test_only_helping_recognizes_names(known: "Run") -> None:
    known("add", "activity", "sam ships it")
    assert people_of(known) == []


def test_names_of_the_settings_are_known(run: "Run", home: "Path") -> None:
    settings = home / "config" / "valuelog" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[people]\nanna = ["Anna Schmidt", "ann"]\n', encoding="utf-8")
    run("add", "helped", "ann ships it")
    assert people_of(run) == ["ann"]
    run("add", "helped", "Anna Schmidt ships it")
    assert people_of(run) == ["anna-schmidt"]
    run("today", "--helped", "showed anna the logs")
    assert people_of(run) == ["anna"]
    assert json.loads(run("list", "-p", "anna", "--json").out)[0]["text"] == "ann ships it"


def test_flags_files_and_the_evening_recognize_names(known: "Run", home: "Path") -> None:
    known("today", "--helped", "sam can deploy")
    assert people_of(known) == ["sam"]
    known("today", "--answers", "-", stdin=b'{"kind": "helped", "text": "sam can deploy twice"}\n')
    assert people_of(known) == ["sam"]
    (home / "config" / "valuelog").mkdir(parents=True)
    (home / "config" / "valuelog" / "config.toml").write_text('[evening]\nquestions = ["helped"]\n')
    known("today", "--again", answers=["sam pairs with jürgen", ""])
    assert people_of(known) == ["jürgen", "sam"]


def test_unknown_name_is_asked_about_once(run: "Run") -> None:
    run("add", "helped", "Hanna can deploy alone", answers=[True])
    assert people_of(run) == ["hanna"]
    run("add", "helped", "Hanna can restore alone", answers=[KeyboardInterrupt])
    assert people_of(run) == ["hanna"]
    run("undo")
    run("undo")
    run("add", "helped", "Hanna can deploy alone", answers=[KeyboardInterrupt], fails=130)
    assert json.loads(run("list", "--json").out) == []


def test_no_is_remembered(run: "Run") -> None:
    run("add", "helped", "somebody learned Kubernetes", answers=[""])
    run("add", "helped", "somebody else learned Kubernetes", answers=[KeyboardInterrupt])
    assert [entry["people"] for entry in json.loads(run("list", "--json").out)] == [[], []]


def test_nothing_is_asked_if_a_person_is_known_or_nobody_can_answer(known: "Run") -> None:
    known("add", "helped", "@lee knows Kubernetes", answers=[KeyboardInterrupt])
    known("add", "helped", "sam knows Kubernetes", answers=[KeyboardInterrupt])
    known("add", "helped", "somebody knows Kubernetes", "-p", "lee", answers=[KeyboardInterrupt])
    known("add", "helped", "somebody knows Kubernetes")
    assert len(json.loads(known("list", "--json").out)) == 5


def test_the_evening_asks_after_saving(home: "Path", run: "Run") -> None:
    (home / "config" / "valuelog").mkdir(parents=True)
    (home / "config" / "valuelog" / "config.toml").write_text('[evening]\nquestions = ["helped"]\n')
    answers: list[Any] = ["Hanna can deploy", True, "Hanna can restore", ""]
    evening = run_with_answers(home, "today", answers=answers)
    assert evening.prompts.count("Is “Hanna” a person?") == 1
    assert [entry["people"] for entry in json.loads(run("list", "--json").out)] == [["hanna"], ["hanna"]]
    run("undo")
    assert json.loads(run("list", "--json").out) == []


def test_what_was_asked_survives_an_export(run: "Run", home: "Path") -> None:
    run("add", "helped", "somebody learned Kubernetes", answers=[""])
    run("export", "jsonl", str(home / "all.jsonl"))
    other = str(home / "other.db")
    run("--journal", other, "import", "jsonl", str(home / "all.jsonl"))
    run("--journal", other, "add", "helped", "all learned Kubernetes", answers=[KeyboardInterrupt])


def test_one_key_answers_on_a_terminal(home: "Path", run: "Run") -> None:
    terminal = Terminal(home, "add", "helped", "showed Hanna the logs")
    terminal.wait_for("Is “Hanna” a person?")
    terminal.type("y", then="Added helped")
    assert terminal.end() == 0
    assert people_of(run) == ["hanna"]


CAPITALIZED = [
    ("Hanna can deploy", ["Hanna"]),
    ("Explained the release to Hanna", ["Hanna"]),
    ("showed Sam Smith and Jean-Luc the CI", ["Sam Smith", "Jean-Luc"]),
    ("Helped Monday in May with GitHub, API and K8s", []),
    ("The Team, My Boss", []),
    ("the Übung of Émile", ["Übung", "Émile"]),
]


@pytest.mark.parametrize(("text", "names"), CAPITALIZED, ids=[text for text, _ in CAPITALIZED])
def test_capitalized_words_may_be_names(text: str, names: list[str]) -> None:
    assert list(find_capitalized_names(text)) == names
