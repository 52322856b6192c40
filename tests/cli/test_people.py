"""People: one person whatever the case, and whatever else they are called in the settings."""

import json
from typing import TYPE_CHECKING

import pytest

from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def known_as(home: "Path", text: str) -> None:
    """Write the settings of people."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[people]\n{text}\n")


@pytest.fixture
def helped(run: "Run") -> "Run":
    """Note that three people got further, who are two."""
    run("add", "helped", "@Sam runs the release")
    run("add", "helped", "@samuel wrote the guide")
    run("add", "helped", "the rota", "-p", "Sam Smith")
    run("add", "helped", "@MAYA debugged it with @sam")
    return run


def test_people_ignore_case(helped: "Run") -> None:
    people = json.loads(helped("review", "--week", "--json").out)["people"]
    assert {one["name"]: one["helped"] for one in people} == {"sam": 2, "samuel": 1, "sam-smith": 1, "maya": 1}


def test_aliases_count_as_one_person(helped: "Run", home: "Path") -> None:
    known_as(home, 'sam = ["Sam Smith", "samuel"]')
    people = json.loads(helped("review", "--week", "--json").out)["people"]
    assert people == [{"name": "sam", "helped": 4}, {"name": "maya", "helped": 1}]
    assert "**@sam**, 4 times" in helped("brag").out
    for name in ("sam", "Samuel", "Sam Smith"):
        assert len(json.loads(helped("list", "--person", name, "--json").out)) == 4
    assert len(json.loads(helped("search", "guide", "--person", "sam", "--json").out)) == 1
    assert len(json.loads(helped("list", "-p", "samuel", "-p", "maya", "--json").out)) == 1
    settings = json.loads(helped("config", "--json").out)
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
    known_as(home, text)
    assert_one_clear_message(run("list", fails=1), piece)
