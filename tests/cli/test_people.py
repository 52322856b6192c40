"""People: case and aliases from the settings name the same person."""

import json
from typing import TYPE_CHECKING

import pytest

from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def write_aliases(home: "Path", text: str) -> None:
    """Write the people table of the settings."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[people]\n{text}\n")


@pytest.fixture
def run_with_helped_entries(run: "Run") -> "Run":
    """Log helped entries for two people under different names; return `run`."""
    run("add", "helped", "@Sam runs the release")
    run("add", "helped", "@samuel wrote the guide")
    run("add", "helped", "the rota", "-p", "Sam Smith")
    run("add", "helped", "@MAYA debugged it with @sam")
    return run


def test_people_ignore_case(run_with_helped_entries: "Run") -> None:
    people = json.loads(run_with_helped_entries("review", "--week", "--json").out)["people"]
    assert {one["name"]: one["helped"] for one in people} == {"sam": 2, "samuel": 1, "sam-smith": 1, "maya": 1}


def test_aliases_count_as_one_person(run_with_helped_entries: "Run", home: "Path") -> None:
    write_aliases(home, 'sam = ["Sam Smith", "samuel"]')
    people = json.loads(run_with_helped_entries("review", "--week", "--json").out)["people"]
    assert people == [{"name": "sam", "helped": 4}, {"name": "maya", "helped": 1}]
    assert "**@sam**, 4 times" in run_with_helped_entries("brag").out
    for name in ("sam", "Samuel", "Sam Smith"):
        assert len(json.loads(run_with_helped_entries("list", "--person", name, "--json").out)) == 4
    assert len(json.loads(run_with_helped_entries("search", "guide", "--person", "sam", "--json").out)) == 1
    assert len(json.loads(run_with_helped_entries("list", "-p", "samuel", "-p", "maya", "--json").out)) == 1
    settings = json.loads(run_with_helped_entries("config", "--json").out)
    assert settings["people"]["value"] == {"sam": ["sam-smith", "samuel"]}


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ('sam = ["x y"]\nmaya = ["x-y"]', "people: “x-y” is listed twice; a name can only belong to one person"),
        ('sam = ["Sam"]', "people: “sam” is listed twice; a name can only belong to one person"),
        ('sam = ["!"]', "people: “!” can't be the name of a person"),
        ("sam = 5", "people: expected a list of words"),
        ('sam = "Sam"', 'people: expected a list of words: sam = ["Sam Smith", "samuel"]'),
    ],
)
def test_alias_of_two_people_is_refused(run: "Run", home: "Path", text: str, piece: str) -> None:
    write_aliases(home, text)
    assert piece in run("list").err
    assert_one_clear_message(run("config", fails=1), piece)
