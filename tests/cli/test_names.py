"""`people` and `tags`: counts, and aliases that they write to the settings."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.env import process_environment
from support.messages import assert_one_clear_message
from valuelog.workflows import names

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run
    from valuelog.journal.store import Journal


@pytest.fixture
def named(run: "Run") -> "Run":
    """Log entries with people and tags; return `run`."""
    run("add", "helped", "@sam and @samuel run the release #ops", "-d", "yesterday")
    run("add", "helped", "@samuel wrote the guide #operations")
    run("add", "activity", "the rota with @maya #ops")
    run("pain", "add", "@lee waits for the deploy, says @sam", "--new")
    return run


def settings_text(home: "Path") -> str:
    return (home / "config" / "valuelog" / "config.toml").read_text()


def names_of(run: "Run", command: str) -> dict[str, tuple[int, int]]:
    return {each["name"]: (each["entries"], each["helped"]) for each in json.loads(run(command, "--json").out)}


def test_people_are_counted(named: "Run") -> None:
    assert json.loads(named("people", "--json").out) == [
        {"name": "samuel", "entries": 2, "value": 2, "helped": 2, "pains": 0,
         "first": "2026-11-19", "last": "2026-11-20", "aliases": []},
        {"name": "sam", "entries": 1, "value": 1, "helped": 1, "pains": 1,
         "first": "2026-11-19", "last": "2026-11-20", "aliases": []},
        {"name": "maya", "entries": 1, "value": 0, "helped": 0, "pains": 0,
         "first": "2026-11-20", "last": "2026-11-20", "aliases": []},
        {"name": "lee", "entries": 0, "value": 0, "helped": 0, "pains": 1,
         "first": "2026-11-20", "last": "2026-11-20", "aliases": []},
    ]  # fmt: skip
    assert named("people", "--plain").out.splitlines()[1] == "sam\t1\t1\t1\t1\t2026-11-20\t"


def test_tags_are_counted_with_their_people(named: "Run") -> None:
    ops, operations = json.loads(named("tags", "--json").out)
    assert ops["people"] == [{"name": name, "entries": 1} for name in ("maya", "sam", "samuel")]
    assert (ops["name"], ops["entries"], ops["value"], ops["helped"]) == ("ops", 2, 1, 1)
    assert operations["people"] == [{"name": "samuel", "entries": 1}]
    assert named("tags", "list", "--plain").out == (
        "ops\t2\t1\t1\tmaya,sam,samuel\t2026-11-20\t\noperations\t1\t1\t1\tsamuel\t2026-11-20\t\n"
    )


def test_deleted_entries_are_not_counted(named: "Run") -> None:
    named("delete", *(each["id"] for each in json.loads(named("list", "--json").out)))
    assert names_of(named, "tags") == {}
    assert set(names_of(named, "people")) == {"sam", "lee"}
    assert "Write #name in a text" in named("tags").out


def test_merged_person_counts_once_everywhere(named: "Run", home: "Path") -> None:
    result = named("people", "merge", "@samuel", "sam")
    assert result.err == (
        "@samuel counts as @sam from now on; no text was changed. Undo: valuelog people split samuel\n"
    )
    assert settings_text(home) == '[people]\nsam = ["samuel"]\n'
    assert names_of(named, "people") == {"sam": (2, 2), "maya": (1, 0), "lee": (0, 0)}
    assert len(json.loads(named("list", "-p", "samuel", "--json").out)) == 2
    assert json.loads(named("review", "--week", "--json").out)["people"] == [{"name": "sam", "helped": 2}]
    assert "@sam  also @samuel" in named("people").out
    assert "@samuel wrote the guide" in named("list").out


def test_merged_tag_counts_once_everywhere(named: "Run", home: "Path") -> None:
    assert json.loads(named("tags", "merge", "#operations", "ops", "--json").out) == {
        "name": "ops", "aliases": ["operations"],
    }  # fmt: skip
    assert settings_text(home) == '[tags]\nops = ["operations"]\n'
    assert names_of(named, "tags") == {"ops": (3, 2)}
    for tag in ("ops", "operations"):
        assert len(json.loads(named("list", "--tag", tag, "--json").out)) == 3
        assert len(json.loads(named("search", "guide", "--tag", tag, "--json").out)) == 1
    assert json.loads(named("config", "--json").out)["tags"]["value"] == {"ops": ["operations"]}


def test_merge_is_taken_back_by_the_command_it_names(named: "Run", home: "Path") -> None:
    before = {command: named(command, "--json").out for command in ("people", "tags")}
    for command, name, into in (("people", "samuel", "sam"), ("tags", "operations", "ops")):
        undo = named(command, "merge", name, into).err.partition("Undo: valuelog ")[2]
        redo = named(*undo.split()).err.partition("Undo: valuelog ")[2]
        assert redo.split() == [command, "merge", name, into]
        assert named(command, "--json").out == before[command]
    assert settings_text(home).strip() == ""


def test_merge_takes_the_aliases_along(named: "Run", home: "Path") -> None:
    named("people", "merge", "maya", "samuel")
    undo = named("people", "merge", "samuel", "sam").err.partition("Undo: ")[2].strip()
    assert settings_text(home) == '[people]\nsam = ["samuel", "maya"]\n'
    for command in undo.split(" && "):
        named(*command.split()[1:])
    assert settings_text(home) == '[people]\nsamuel = ["maya"]\n'


def test_renamed_person_is_found_by_both_names(named: "Run", home: "Path") -> None:
    undo = named("people", "rename", "sam", "Samantha").err.partition("Undo: valuelog ")[2]
    assert settings_text(home) == '[people]\nsamantha = ["sam"]\n'
    assert names_of(named, "people")["samantha"] == (1, 1)
    assert len(json.loads(named("list", "-p", "sam", "--json").out)) == 1
    named(*undo.split())
    assert settings_text(home).strip() == ""
    named("tags", "rename", "ops", "infra")
    assert set(names_of(named, "tags")) == {"infra", "operations"}


def test_comments_and_spelling_in_the_settings_stay(named: "Run", home: "Path") -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('# mine\n[people]\n"Maya" = ["Maya Lee"] # twice\n')
    named("people", "merge", "samuel", "sam")
    assert settings_text(home) == '# mine\n[people]\n"Maya" = ["Maya Lee"] # twice\nsam = ["samuel"]\n'


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        ("people merge samul sam", "There is no person “samul”.\nDid you mean samuel?"),
        ("people merge sam nobody", "There is no person “nobody”."),
        ("people merge sam sam", "@sam and @sam are already the same person."),
        ("people rename sam samuel", "Make them one with: valuelog people merge sam samuel"),
        ("people rename sam sam", "@sam is already the main name."),
        ("people split sam", "There is no person “sam”.\nSee all names with: valuelog people"),
        ("people merge ! sam", "“!” can't be the name of a person."),
        ("tags merge nothing ops", "There is no tag “nothing”."),
    ],
)
def test_wrong_name_is_refused(named: "Run", home: "Path", words: str, piece: str) -> None:
    assert_one_clear_message(named(*words.split(), fails=2), piece)
    assert not (home / "config" / "valuelog" / "config.toml").exists()


def test_main_name_cannot_be_split(named: "Run") -> None:
    named("people", "merge", "samuel", "sam")
    assert_one_clear_message(
        named("people", "split", "sam", fails=2), "Split one of them off: valuelog people split samuel"
    )
    assert_one_clear_message(named("people", "split", "lee", fails=2), "There is no person “lee”.")


def test_merges_at_once_do_not_lose_each_other(run: "Run", home: "Path") -> None:
    people = ["ann", "ben", "cat", "dan", "eve", "fay"]
    run("add", "helped", " ".join(f"@{name}" for name in ("sam", *people)))
    merge = [sys.executable, "-m", "valuelog", "people", "merge"]
    environ = process_environment(home)
    running = [subprocess.Popen([*merge, name, "sam"], env=environ, stderr=subprocess.DEVNULL) for name in people]
    assert [process.wait() for process in running] == [0] * len(people)
    assert set(json.loads(run("people", "--json").out)[0]["aliases"]) == set(people)


def test_merge_applies_to_settings_that_changed_meanwhile(
    named: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    known_names = names.known_names

    def known_names_meanwhile(journal: "Journal", which: names.Names) -> frozenset[str]:
        path = home / "config" / "valuelog" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('[people]\nsam = ["maya"]\n')
        return known_names(journal, which)

    monkeypatch.setattr(names, "known_names", known_names_meanwhile)
    named("people", "merge", "samuel", "sam")
    assert settings_text(home) == '[people]\nsam = ["maya", "samuel"]\n'
