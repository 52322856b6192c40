"""Typos: the message suggests the word that was probably meant."""

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

TYPOS = [
    # commands
    ("reviw", "review"),
    ("Today", "today"),
    ("projct list", "project"),
    ("pain sen k3", "seen"),
    ("project strat x", "start"),
    ("promise keap m7", "keep"),
    ("config gte editor", "get"),
    # flags
    ("list --kidn helped", "--kind"),
    ("--joural x list", "--journal"),
    ("review --wek", "--week"),
    ("review --reflct", "--reflect"),
    ("review --stpe k3 x", "--step"),
    ("today --anwers x", "--answers"),
    ("pain list --jsn", "--json"),
    ("add --hlep", "--help"),
    # fixed choices
    ("add helpd x", "helped"),
    ("add piain x", "pain"),
    ("list --kind helpd", "helped"),
    ("edit k3 --kind outcme", "outcome"),
    ("promote k3 outcme", "outcome"),
    ("import csv x --kind insigth", "insight"),
    ("add improvement x --effect fster", "faster"),
    ("add improvement x --for cowrkers", "coworkers"),
    ("list --side valu", "value"),
    ("list --source gti", "git"),
    ("search x --source jnrl", "jrnl"),
    ("gather --source calender", "calendar"),
    ("import jsnl x", "jsonl"),
    ("export makrdown", "markdown"),
    ("import csv x --map txt=Foo", "text"),
    ("config get remind", "remind_at"),
    ("config set acessible true", "accessible"),
    ("config get sources.git.path", "sources.git.paths"),
    ("config set review_day firday", "friday"),
    ("config set evening.questions improvment", "improvement"),
    ("init zhs", "zsh"),
    ("promise make stpo x", "stop"),
    ("calendar --by shar", "share"),
    ("--color nevr list", "never"),
    # days and periods
    ("list lst week", "last week"),
    ("review this mnoth", "this month"),
    ("brag novmber 2026", "november 2026"),
    ("review --week lst", "last"),
    ("calendar lst year", "last year"),
    ("export csv - lst week", "last week"),
    ("today --activity x --date yestreday", "yesterday"),
    ("add helped x -d '3 dasy ago'", "3 days ago"),
    ("add helped x -d '20 nvo'", "20 nov"),
    ("off nxt week", "next week"),
    ("pain add x --step y --by firday", "friday"),
]


@pytest.mark.parametrize(("line", "meant"), TYPOS)
def test_typo_suggests_the_nearest_word(run: "Run", line: str, meant: str) -> None:
    result = run(*shlex.split(line), fails=2)
    assert_one_clear_message(result, f"Did you mean {meant}?")


def test_project_typo_suggests_the_nearest_project(run: "Run") -> None:
    for number in range(30):
        run("project", "start", f"Number {number}", "--problem", "x")
    run("project", "start", "Refund flow", "--problem", "x")
    for words in (
        ["project", "show", "refnd-flow"],
        ["list", "--project", "Refund flwo"],
        ["project", "drop", "refundflow"],
    ):
        assert "Did you mean refund-flow?\n" in run(*words, fails=1).err
    assert run("project", "show", "xyzzy", fails=1).err.count("number-") == 20


def test_unknown_question_lists_every_known_one_once(run: "Run") -> None:
    for name in ("evening.questions", "evening.off"):
        known = re.findall(
            r"[a-z-]+", run("config", "set", name, "nonsense", fails=2).err.partition("Choose from: ")[2]
        )
        assert "helped" in known
        assert len(known) == len(set(known)), name


@pytest.mark.parametrize("command", [["list"], ["search", "release"]])
def test_unused_person_or_tag_suggests_the_nearest_one(run: "Run", command: list[str]) -> None:
    run("add", "helped", "@samantha runs the release #deploy")
    result = run(*command, "--person", "samanta", "--tag", "depoly")
    assert result.out in {"No entries found.\n", "Nothing found.\n"}
    hints = "Nobody is called @samanta. Did you mean @samantha?\nThere is no tag #depoly. Did you mean #deploy?\n"
    assert result.err == hints
    assert run(*command, "--person", "samantha", "--kind", "insight").err == ""
    assert run(*command, "--person", "samanta", "--json").out == "[]\n"


def test_alias_of_a_person_is_no_typo(run: "Run", home: "Path") -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[people]\nsammy = ["samuel"]\n')
    run("add", "helped", "@samuel can")
    assert run("list", "--person", "sammy", "--kind", "insight").err == ""


def test_known_source_is_no_typo(run: "Run", home: "Path") -> None:
    (home / "work.csv").write_text("day,text\n2026-11-19,audit mails\n")
    run("import", "csv", str(home / "work.csv"))
    assert len(json.loads(run("list", "--source", "csv", "--json").out)) == 1
    assert run("list", "--source", "git").out == "No entries found.\n"
