"""`config set` says what it understood, `config unset` takes a setting back, and two terminals lose nothing."""

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.env import process_environment

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def settings_file(home: "Path") -> "Path":
    """Return the path of config.toml; its folder exists."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


UNDERSTOOD = [
    ("workdays mon-fri", "mon, tue, wed, thu, fri"),
    ("workdays mon-thu", "mon, tue, wed, thu"),
    ("workdays 'monday to friday'", "mon, tue, wed, thu, fri"),
    ("workdays monday through wednesday", "mon, tue, wed"),
    ("workdays mon..wed,sat", "mon, tue, wed, sat"),
    ("workdays sat-mon", "mon, sat, sun"),
    ("workdays weekdays", "mon, tue, wed, thu, fri"),
    ("workdays mon tues thurs", "mon, tue, thu"),
    ("review_day Thursday", "thu"),
    ("remind_at 9:05", "09:05"),
    ("accessible YES", "true"),
    ("editor code --wait", "code --wait"),
]


@pytest.mark.parametrize(("typed", "understood"), UNDERSTOOD)
def test_config_set_says_what_it_understood(run: "Run", home: "Path", typed: str, understood: str) -> None:
    name, *value = shlex.split(typed)
    result = run("config", "set", name, "--", *value)
    assert result.err == f"Set {name} to {understood} in {settings_file(home)}\n"
    assert run("config", "get", name).out == f"{understood}\n"


REFUSED = [
    ("workdays", "monkey"), ("workdays", "mo"), ("workdays", "mon-"), ("workdays", "-fri"), ("workdays", "mon-frisbee"),
    ("workdays", "montag"), ("workdays", "mon-wed-fri"), ("review_day", "frisbee"), ("review_day", "mon-fri"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_config_set_checks_whole_words(run: "Run", home: "Path", name: str, value: str) -> None:
    assert f"valuelog: {name}: " in run("config", "set", name, "--", value, fails=2).err
    assert not settings_file(home).exists()


def test_config_unset_takes_a_setting_back(run: "Run", home: "Path") -> None:
    path = settings_file(home)
    path.write_text('# mine\nremind_at = "16:00" # early\n\n[evening]\noff = ["pain"]\nask = {pain = "?"}\n')
    result = run("config", "unset", "remind_at")
    assert result.err == f"Removed remind_at from {path}. The default: 17:00\n"
    run("config", "unset", "evening.off")
    assert path.read_text() == '# mine\n\n[evening]\nask = {pain = "?"}\n'
    assert run("config", "get", "remind_at").out == "17:00\n"
    assert run("config", "unset", "remind_at").err == f"remind_at isn't set in {path}. The default: 17:00\n"
    assert "Did you mean remind_at?" in run("config", "unset", "remindat", fails=2).err


def test_config_unset_repairs_broken_settings_one_by_one(run: "Run", home: "Path") -> None:
    path = settings_file(home)
    path.write_text('remindat = 3\nremind_at = "5pm"\n')
    assert "remind_at: “5pm” is not a time of day" in run("config", "unset", "remindat").err
    assert run("config", "unset", "remind_at").err == f"Removed remind_at from {path}. The default: 17:00\n"
    path.write_text('remind_at = "17:00\n')
    assert "line 1 is not valid TOML" in run("config", "unset", "remind_at", fails=1).err


def test_variable_that_overrides_a_setting_is_named(run: "Run") -> None:
    result = run("config", "set", "editor", "vi", VALUELOG_EDITOR="nano")
    assert result.err.endswith("VALUELOG_EDITOR is set and overrides it.\n")
    assert "overrides it" in run("config", "unset", "editor", VALUELOG_EDITOR="nano").err


def test_settings_that_are_set_at_once_are_all_kept(run: "Run", home: "Path") -> None:
    environ = process_environment(home)
    values = {"remind_at": "18:30", "review_day": "thu", "workdays": "mon, tue", "editor": "vi", "day_ends_at": "03:00"}
    running = [
        subprocess.Popen([sys.executable, "-m", "valuelog", "config", "set", name, value], env=environ)
        for name, value in values.items()
    ]
    assert [process.wait() for process in running] == [0] * len(values)
    assert {name: run("config", "get", name).out.strip() for name in values} == values
    assert [path.name for path in settings_file(home).parent.iterdir()] == ["config.toml"]
