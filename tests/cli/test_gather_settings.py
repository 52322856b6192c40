"""Settings of sources: turning them on, missing requirements, mistakes in config.toml."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.git_repositories import MY_EMAIL, make_repository
from support.source_settings import write_settings
from valuelog.sources import SOURCES

if TYPE_CHECKING:
    from conftest import Run

SAY_WHERE = "Track something first, or set the path: valuelog config set sources.watson.paths FILE"
NOTHING = "Fri 20 Nov 2026: nothing new from your tools.\n"


@pytest.fixture
def code(home: Path) -> Path:
    """Create a folder with a repository."""
    make_repository(home / "code" / "website", "New colours")
    return home / "code"


def test_enabled_source_reports_missing_requirements(run: "Run", home: Path) -> None:
    write_settings(home, "".join(f"[sources.{name}]\nenabled = true\n" for name in SOURCES))
    shown = run("gather", HOME=str(home), PATH=str(home))
    assert shown.out == NOTHING
    frames_file = f"{home}/config/watson/frames"
    off, set_ = "valuelog config set sources.timewarrior.enabled no", "valuelog config set sources"
    assert shown.err.splitlines() == [
        f"git: no folders are set. Set them with: {set_}.git.paths ~/code",
        f"calendar: no calendars are set. Set them with: {set_}.calendar.paths ~/calendars",
        f"timewarrior: timew is not installed. Install it, or turn it off: {off}",
        f"watson: there is no frames file at {frames_file}. {SAY_WHERE}",
        f"did: it is not installed. Install it, or set how to run it: {set_}.did.command PROGRAM",
    ]


@pytest.mark.parametrize("name", ["git", "calendar", "did", "watson"])
def test_source_without_paths_names_the_setting(run: "Run", home: Path, name: str) -> None:
    shown = run("gather", "--source", name, HOME=str(home), PATH=str(home))
    assert f"valuelog config set sources.{name}." in shown.err


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[sources.git]\npath = ['~']", "There is no setting “sources.git.path”. Did you mean sources.git.paths?"),
        ("[sources.git]\npaths = 3", "sources.git.paths: expected a list of words"),
        ("[sources.git]\nenabled = 3", "sources.git.enabled: expected true or false"),
        ("[sources]\ngit = true", "sources: write each as its own table, such as [sources.git]"),
        ("sources = 3", "sources: write each as its own table, such as [sources.git]"),
    ],
)
def test_invalid_source_setting_is_named(run: "Run", home: Path, written: str, message: str) -> None:
    write_settings(home, written)
    assert message in run("gather").err
    assert message in run("config", "list", fails=1).err


def test_unknown_source_is_reported_and_others_still_run(run: "Run", home: Path, code: Path) -> None:
    write_settings(home, f'[sources.gti]\nx = 1\n[sources.git]\npaths = ["{code}"]\nemails = ["{MY_EMAIL}"]\n')
    shown = run("gather", "--plain")
    assert shown.err == f"gti: There is no source “gti”. Remove it from {home}/config/valuelog/config.toml.\n"
    assert len(shown.out.splitlines()) == 1
    assert "Did you mean git?" in run("config", "set", "sources.git.emails", "a@b.c", fails=1).err


def test_config_commands_handle_source_settings(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    run("config", "set", "sources.git.paths", "~/code, /srv/code")
    run("config", "set", "remind_at", "18:00")
    run("config", "set", "sources.did.enabled", "yes")
    assert (home / "config" / "valuelog" / "config.toml").read_text().split("\n")[:4] == [
        'remind_at = "18:00"', "", "[sources.git]", f'paths = ["{home}/code", "/srv/code"]',
    ]  # fmt: skip
    assert run("config", "get", "sources.git.paths").out == f"{home}/code, /srv/code\n"
    listed = {name: fact["value"] for name, fact in json.loads(run("config", "list", "--json").out).items()}
    assert listed["sources.did.enabled"] is True
    assert listed["sources.calendar.paths"] is None
    assert listed["sources.git.paths"] == [f"{home}/code", "/srv/code"]


@pytest.mark.parametrize(
    "value", ['["a@x.org", "b@x.org"]', "['a@x.org','b@x.org']", '"a@x.org", "b@x.org"', "a@x.org, b@x.org"]
)
def test_list_setting_accepts_toml_and_commas(run: "Run", value: str) -> None:
    run("config", "set", "sources.git.emails", value)
    assert run("config", "get", "sources.git.emails").out == "a@x.org, b@x.org\n"


@pytest.mark.parametrize("value", ['["a@x.org"', "[a@x.org]", '"a@x.org', "[1, 2]", '["a", ["b"]]', "[a] b = 3"])
def test_invalid_list_setting_is_refused(run: "Run", home: Path, value: str) -> None:
    assert run("config", "set", "sources.git.emails", value, fails=2).err == (
        'valuelog: sources.git.emails: expected a list of words: one, two or ["one", "two"]\nNothing was changed.\n'
    )
    assert not (home / "config" / "valuelog" / "config.toml").exists()
