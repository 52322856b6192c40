"""The help of every command: it opens with an example that can be copied, and that works."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from support.commands import all_commands, all_examples
from support.env import process_environment
from support.exchange_samples import SAMPLES
from support.makers import FRIDAY, make_entry, make_pain, make_project, make_promise, open_test_journal
from valuelog.journal import entries, pains, projects, promises

if TYPE_CHECKING:
    from conftest import Run
    from valuelog.journal.store import Journal

HELP = sorted(all_commands())
WIDTHS = (20, 40, 80, 120)


def named(words: tuple[str, ...]) -> str:
    """Name a command in the names of tests."""
    return " ".join(words) or "valuelog"


def joined(said: str) -> str:
    """Read lines as a shell would: one behind a backslash goes on on the next."""
    return re.sub(r" \\\n *", " ", said)


@pytest.mark.parametrize("words", HELP, ids=named)
def test_help_opens_with_an_example_of_this_command(run: "Run", words: tuple[str, ...]) -> None:
    usage, blank, title, first, *_ = joined(run(*words, "-h").out).split("\n")
    assert usage.startswith(" ".join(["Usage: valuelog", *words]))
    assert (blank, title) in {("", "Example"), ("", "Examples")}
    assert re.search(rf"\b{' '.join(['valuelog', *words])}\b", first)
    assert run(*words, "--help").out == run(*words, "-h").out


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("words", HELP, ids=named)
def test_help_fits_a_narrow_terminal_and_its_examples_can_be_copied(
    run: "Run", words: tuple[str, ...], width: int
) -> None:
    usage, shown, rest = re.split(r"\n\nExamples?\n((?:.+\n)+)", run(*words, "-h", COLUMNS=str(width)).out)
    assert [line.strip() for line in joined(shown).splitlines()] == [one for of, one in all_examples() if of == words]
    assert [line for line in f"{usage}\n{rest}".split("\n") if cell_len(line) > width] == []
    wider = [line for line in shown.split("\n") if cell_len(line) > width]
    assert [line for line in wider if len(shlex.split(line.removesuffix("\\"))) > 1] == []  # what is quoted stays whole


def test_a_color_is_that_of_the_terminal_or_of_the_flag(run: "Run") -> None:
    assert "\x1b[" not in run("add", "-h").out
    assert "\x1b[" in run("--color", "always", "-h").out
    assert "  \x1b[1mvaluelog add helped" in run("--color", "always", "add", "-h").out


@dataclass(frozen=True)
class Prepared:
    """What an example finds: its thing as k3 or m7, and the projects that it names."""

    journal: "Journal"
    command: tuple[str, ...]

    def fill(self) -> None:
        """Fill the journal as far as the command needs it."""
        entry = make_entry(id="k300000000", text="checklist of the @sam #deploy release train")
        entries.add(self.journal, [make_entry(day=FRIDAY.replace(month=10)), make_entry()])
        if self.command[:1] == ("pain",):
            self.journal.write("add", pains.creation_changes([make_pain(id="k300000000", text="slow tests")]))
        else:
            entries.add(self.journal, [entry])
        made = make_promise(id="m700000000", made_on=FRIDAY.replace(day=9), due=FRIDAY.replace(day=13))
        self.journal.write("promise", [promises.creation_change(made)])
        if self.command not in {("project",), ("project", "start")}:
            self._own()

    def _own(self) -> None:
        """Own two projects; one that is to go on again was given up."""
        refunds = make_project(started_on=FRIDAY.replace(day=2))
        self.journal.write(
            "start", [projects.creation_change(refunds), projects.creation_change(make_project("New region"))]
        )
        if self.command == ("project", "reopen"):
            given_up = refunds.mark_closed(FRIDAY, result=None, evidence=None, lesson=None)
            self.journal.write("close", [projects.update_change(refunds, given_up)])


ENDLESS = ("explore",)
"""Runs until somebody ends it."""


@pytest.mark.parametrize(("command", "example"), [(of, one) for of, one in all_examples() if of != ENDLESS])
def test_every_example_works(
    run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], example: str
) -> None:
    journal = open_test_journal(home / "data" / "valuelog")
    Prepared(journal, command).fill()
    journal.close()
    if command == ("redo",):
        run("undo")
    monkeypatch.chdir(home)
    Path("journal.json").write_text(str(SAMPLES["jrnl"]).replace("2026-11-21", "2026-11-20"), encoding="utf-8")
    Path("work.csv").write_text("Date,Description\n2026-11-19,audit mails\n", encoding="utf-8")
    name, *words = shlex.split(example)
    if name == "valuelog" and not re.search("[|>]", example):
        run(*words, answers=[], VALUELOG_EDITOR="true")
    else:
        in_a_shell(home, example)


def in_a_shell(home: Path, example: str) -> None:
    """Run an example that a shell has a part in."""
    shell = "fish" if "fish" in example else "bash"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    line = example.replace("zsh", "bash")
    subprocess.run([shell, "-c", line], env=process_environment(home, PATH=path), check=True, capture_output=True)


ORDER = {
    "Every day": "today add list show edit delete promote undo redo history search",
    "Every Friday": "review trend calendar",
    "Follow through": "pain project promise off",
    "When it counts": "brag brief",
    "Your data": "gather import export backup restore doctor explore paths config demo",
    "Shell": "init",
}
"""Every command that there is or will be, in the order in which a person comes to need them."""

BELOW = {
    "pain": "list add show seen edit plan fix drop",
    "project": "list start show edit close drop reopen",
    "promise": "list make keep break carry",
    "config": "list get set edit",
}


def panels(said: str) -> dict[str, list[str]]:
    """Return the commands that a help shows, by their panels."""
    found = re.findall(r"^([A-Z].*)\n((?:  .*\n)+)", said, re.MULTILINE)
    return {
        title: re.findall(r"^  (\w+)", rows, re.MULTILINE) for title, rows in found if title in {*ORDER, "Commands"}
    }


def test_commands_stand_in_the_order_in_which_they_are_needed(run: "Run") -> None:
    shown = panels(run("-h").out)
    assert list(shown) == list(ORDER)
    there = {words[0] for words in all_commands() if words}
    assert shown == {panel: [name for name in names.split() if name in there] for panel, names in ORDER.items()}


ASKED = [
    ("help", "-h"),
    ("help add", "add -h"),
    ("help pain", "pain -h"),
    ("help pain fix", "pain fix -h"),
    ("pain help", "pain -h"),
    ("pain help fix", "pain fix -h"),
    ("help help list", "list -h"),
    ("help list --kind", "list -h"),
    ("help --help", "-h"),
]


@pytest.mark.parametrize(("line", "flag"), ASKED, ids=[line for line, _ in ASKED])
def test_help_is_shown_to_whoever_asks_for_it_as_for_a_command(run: "Run", line: str, flag: str) -> None:
    assert run(*line.split()).out == run(*flag.split()).out


@pytest.mark.parametrize("name", BELOW)
def test_what_stands_below_a_command_begins_with_its_list(run: "Run", name: str) -> None:
    assert panels(run(name, "-h").out) == {"Commands": BELOW[name].split()}
