"""Command-line syntax: dates of several words, id prefixes, and output formats."""

import json
import re
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from valuelog.cli.world import create_world

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

DAYS = [
    (["today", "--date", "last", "friday", "--json"], "2026-11-13"),
    (["today", "--json", "-d", "3", "days", "ago"], "2026-11-17"),
    (["today", "--date", "17", "nov", "--json"], "2026-11-17"),
]


@pytest.mark.parametrize(("words", "day"), DAYS)
def test_date_option_accepts_several_words(run: "Run", words: list[str], day: str) -> None:
    run(*words, "--activity", "x")
    assert [entry["day"] for entry in json.loads(run("list", "--json").out)] == [day]


PERIODS = [
    ["--week", "last", "week"],
    ["--week", "last", "week", "--json"],
    ["--week=last", "week"],
    ["--week", "9", "nov"],
    ["--json", "--week", "last"],
]


@pytest.mark.parametrize("words", PERIODS)
def test_period_option_accepts_several_words(run: "Run", words: list[str]) -> None:
    run("add", "helped", "x", "-d", "2026-11-11")
    run("add", "helped", "y")
    listed = json.loads(run("list", *dict.fromkeys([*words, "--json"])).out)
    assert [entry["text"] for entry in listed] == ["x"]


PAIRS = [
    (["promise", "make", "stop", "x", "--by", "next", "week"], "due", "2026-11-27"),
    (["promise", "make", "stop", "--by", "next", "month", "x"], "due", "2026-12-31"),
    (["promise", "make", "stop", "--by", "Next", "Wed", "x"], "due", "2026-11-25"),
    (["add", "helped", "-d", "last", "friday", "x"], "day", "2026-11-13"),
    (["add", "helped", "x", "--date", "last", "mon"], "day", "2026-11-16"),
]


@pytest.mark.parametrize(("words", "key", "day"), PAIRS, ids=[" ".join(words) for words, *_ in PAIRS])
def test_two_word_date_option_between_other_words(run: "Run", words: list[str], key: str, day: str) -> None:
    result = json.loads(run(*words, "--json").out)
    assert (result["text"], result[key]) == ("x", day)


def test_two_word_week_is_not_part_of_the_search_query(run: "Run") -> None:
    run("add", "helped", "x", "-d", "last", "fri")
    assert json.loads(run("search", "x", "--week", "last", "week", "--json").out)[0]["day"] == "2026-11-13"


def test_month_name_after_a_date_option_belongs_to_the_text(run: "Run") -> None:
    run("add", "helped", "-d", "fri", "nov", "plans")
    assert json.loads(run("list", "--json").out)[0]["text"] == "nov plans"


@pytest.mark.parametrize("typed", ["{}", "{:.5}", " {} "])
def test_purge_accepts_a_long_enough_id_prefix(run: "Run", typed: str) -> None:
    name = json.loads(run("add", "helped", "zanzibar", "--json").out)["id"]
    result = run("delete", "--purge", name, answers=[name[0], name + "0", typed.format(name).upper()])
    assert "Erased for good" in result.err
    assert json.loads(run("list", "--json").out) == []


def test_promote_needs_evidence_effect_or_beneficiary(run: "Run") -> None:
    name = json.loads(run("add", "activity", "x", "--json").out)["id"]
    assert "--evidence, --effect or --for" in run("promote", name, "outcome", fails=2).err
    assert json.loads(run("show", name, "--json").out)["kind"] == "activity"


def test_off_prints_json_or_plain_records(run: "Run") -> None:
    day = [{"day": "2026-11-23", "note": "sea", "every": None, "until": None, "working": False}]
    assert json.loads(run("off", "2026-11-23", "--note", "sea", "--json").out) == day
    assert run("off", "2026-11-24", "--plain").out == "2026-11-24\t\n"
    assert json.loads(run("off", "2026-11-23", "--back", "--json").out)[0]["day"] == "2026-11-23"
    assert run("off", "2026-11-25").out == ""


INVALID_ANSWERS = [
    {"kind": "pain", "text": "x", "minutes": 5},
    {"kind": "pain", "text": "x", "evidence": "y"},
    {"kind": "outcome", "text": "x", "project": "?"},
]


@pytest.mark.parametrize("invalid", INVALID_ANSWERS)
def test_invalid_answer_is_reported_with_its_line(run: "Run", invalid: dict[str, Any]) -> None:
    lines = json.dumps({"kind": "helped", "text": "x"}) + "\n" + json.dumps(invalid)
    assert "Line 2 of the answers: " in run("today", "--answers", "-", stdin=lines.encode(), fails=2).err
    assert run("list", "--json").out == "[]\n"


def test_config_json_keeps_types(run: "Run", home: "Path") -> None:
    every = {name: fact["value"] for name, fact in json.loads(run("config", "--json").out).items()}
    assert {name: value for name, value in every.items() if not name.startswith("sources.")} == {
        "journal": f"{home}/data/valuelog/journal.db",
        "day_ends_at": "04:00",
        "workdays": ["mon", "tue", "wed", "thu", "fri"],
        "remind_at": "17:00",
        "review_day": "fri",
        "editor": None,
        "name": None,
        "accessible": False,
        "backups": True,
        "sync.with": [],
        "evening.questions": [
            "activity",
            "promote",
            "improvement",
            "outcome",
            "helped",
            "pain",
            "follow-up",
            "rotating",
        ],
        "evening.off": [],
        "evening.ask": {},
        "evening.own": [],
        "people": {},
        "tags": {},
        "words.beneficiaries": {},
        "words.effects": {},
    }
    assert every["sources.git.paths"] is None
    assert run("config", "get", "editor").out == "\n"
    assert re.search(r"^editor +– +default$", run("config").out, re.MULTILINE)


def test_config_json_has_custom_questions_in_full(run: "Run", home: "Path") -> None:
    own = {"id": "customer", "kind": "insight", "ask": "What did a customer say?", "rotates": False, "every": "daily"}
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[[evening.own]]\nid = "customer"\nkind = "insight"\nask = "What did a customer say?"\n')
    assert json.loads(run("config", "--json").out)["evening.own"]["value"] == [own]


def test_paths_json_shows_whether_files_exist(run: "Run", journal_path: "Path") -> None:
    assert json.loads(run("paths", "--json").out)["journal"] == {"value": str(journal_path), "exists": False}
    run("add", "helped", "x")
    assert json.loads(run("paths", "--json").out)["journal"]["exists"] is True


def test_clock_has_millisecond_precision() -> None:
    assert create_world().now().microsecond % 1000 == 0
    assert isinstance(create_world().now(), datetime)


PAGED = """
import os, signal, sys
from valuelog.cli.external import show_in_pager
before = signal.getsignal(signal.SIGINT)
show_in_pager("a page", {"PAGER": sys.argv[1]}, sys.stdout)
assert signal.getsignal(signal.SIGINT) is before
print("orderly")
"""


def test_ctrl_c_goes_to_the_running_pager(tmp_path: "Path") -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\ntrap 'echo caught' INT\nkill -INT 0\ncat\n")
    pager.chmod(0o700)
    program = [sys.executable, "-c", PAGED, str(pager)]
    result = subprocess.run(program, capture_output=True, text=True, start_new_session=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert "caught" in result.stdout
    assert result.stdout.endswith("orderly\n")
