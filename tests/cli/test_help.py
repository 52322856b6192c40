"""The help of commands: it opens with examples that can be copied and that work."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from support.commands import all_commands, all_examples
from support.env import process_environment
from support.exchange_samples import SAMPLES
from support.machines import Machine, Network
from support.makers import FRIDAY, NOON, make_entry, make_pain, make_project, make_promise, open_test_journal
from valuelog.cli.app import COMMANDS as SPECS
from valuelog.cli.group import load_command
from valuelog.cli.help import first_sentence, split_paragraphs
from valuelog.journal import entries, pains, projects, promises
from valuelog.journal.backups import make_backup
from valuelog.model.entry import Kind

if TYPE_CHECKING:
    from conftest import Run
    from valuelog.cli.group import CommandSpec
    from valuelog.journal.store import Journal

COMMANDS = sorted(all_commands())


def join_continued_lines(text: str) -> str:
    """Join lines that end with a backslash, as a shell does."""
    return re.sub(r" \\\n *", " ", text)


def test_help_of_every_command_opens_with_an_example(run: "Run") -> None:
    for words in COMMANDS:
        usage, blank, title, first, *_ = join_continued_lines(run(*words, "-h").out).split("\n")
        assert usage.startswith(" ".join(["Usage: valuelog", *words]))
        assert (blank, title) in {("", "Example"), ("", "Examples")}
        assert re.search(rf"\b{' '.join(['valuelog', *words])}\b", first)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_help_starts_with_the_sentence_of_the_listing(spec: "CommandSpec") -> None:
    docstring = split_paragraphs(load_command(spec).help)[0]
    assert first_sentence(docstring) == spec.about
    assert docstring.count(spec.about.rstrip(".")) == 1


@pytest.mark.parametrize("words", [(), ("add",), ("pain", "fix")], ids=" ".join)
def test_long_help_option_equals_the_short_one(run: "Run", words: tuple[str, ...]) -> None:
    assert run(*words, "--help").out == run(*words, "-h").out


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("words", [(), ("add",), ("review",), ("project", "close")], ids=" ".join)
def test_help_fits_the_terminal_and_examples_can_be_copied(run: "Run", words: tuple[str, ...], width: int) -> None:
    usage, shown, rest = re.split(r"\n\nExamples?\n((?:.+\n)+)", run(*words, "-h", COLUMNS=str(width)).out)
    examples = [line.strip() for line in join_continued_lines(shown).splitlines()]
    assert examples == [example for command, example in all_examples() if command == words]
    assert [line for line in f"{usage}\n{rest}".split("\n") if cell_len(line) > width] == []
    wider = [line for line in shown.split("\n") if cell_len(line) > width]
    assert [line for line in wider if len(shlex.split(line.removesuffix("\\"))) > 1] == []  # quoted text isn't broken


def test_help_respects_the_color_option(run: "Run") -> None:
    assert "\x1b[" not in run("add", "-h").out
    assert "\x1b[" in run("--color", "always", "-h").out
    assert "  \x1b[1mvaluelog add helped" in run("--color", "always", "add", "-h").out


@dataclass(frozen=True)
class PreparedJournal:
    """The journal of an example: an entity k3 (and p2, a pain point), a promise m7, and the projects of the example."""

    journal: "Journal"
    command: tuple[str, ...]

    def fill(self) -> None:
        """Add what the command needs."""
        kind = {"evidence": Kind.IMPROVEMENT, "brief": Kind.INSIGHT}.get(" ".join(self.command), Kind.ACTIVITY)
        entry = make_entry(id="k300000000", kind=kind, text="checklist of the @sam #deploy release train")
        entries.add(self.journal, [make_entry(day=FRIDAY.replace(month=10)), make_entry()])
        if self.command[:1] == ("pain",):
            made_pains = [make_pain(id="k300000000", text="slow tests"), make_pain(id="p200000000", text="no chairs")]
            self.journal.write("add", pains.creation_changes(made_pains))
        else:
            entries.add(self.journal, [entry])
        if self.command[:1] in {("people",), ("tags",)}:
            named = {"people": ("sam", "samuel"), "tags": ("ops", "operations")}
            entries.add(self.journal, [make_entry(**named)])
        made = make_promise(id="m700000000", made_on=FRIDAY.replace(day=9), due=FRIDAY.replace(day=13))
        self.journal.write("promise", [promises.creation_change(made)])
        if self.command not in {("project",), ("project", "start")}:
            self._add_projects()

    def _add_projects(self) -> None:
        """Add two projects; one is dropped so that it can be reopened."""
        refunds = make_project(started_on=FRIDAY.replace(day=2))
        self.journal.write(
            "start", [projects.creation_change(refunds), projects.creation_change(make_project("New region"))]
        )
        if self.command == ("project", "reopen"):
            dropped = refunds.mark_closed(FRIDAY, result=None, evidence=None, lesson=None)
            self.journal.write("close", [projects.update_change(refunds, dropped)])


ENDLESS = ("explore",)
"""Runs until it is interrupted."""


@pytest.mark.parametrize(("command", "example"), [(of, one) for of, one in all_examples() if of != ENDLESS])
def test_every_example_works(
    run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], example: str
) -> None:
    journal = open_test_journal(home / "data" / "valuelog")
    PreparedJournal(journal, command).fill()
    journal.close()
    if command == ("restore",):
        make_backup(journal.path, now=NOON - timedelta(days=1))
    if command == ("redo",):
        run("undo")
    if command[1:] == ("split",):
        run(command[0], "merge", *(("samuel", "sam") if command[0] == "people" else ("operations", "ops")))
    monkeypatch.chdir(home)
    if command[:1] == ("sync",):
        run_sync_example(run, home, command, example)
        return
    Path("journal.json").write_text(str(SAMPLES["jrnl"]).replace("2026-11-21", "2026-11-20"), encoding="utf-8")
    Path("work.csv").write_text("Date,Description\n2026-11-19,audit mails\n", encoding="utf-8")
    name, *words = shlex.split(example)
    if name == "valuelog" and not re.search("[|>]", example):
        run(*words, answers=[], VALUELOG_EDITOR="true")
    else:
        run_in_shell(home, example)


def run_sync_example(run: "Run", home: Path, command: tuple[str, ...], example: str) -> None:
    """Run an example beside a laptop that syncs."""
    network = Network(home / "network")
    address = network.add_repository("example.org", "me/journal.git")
    laptop = Machine(network.hosts, "laptop")
    (home / "remote").mkdir()
    invitation = laptop.set_up(home / "remote")
    if command[1:] not in {("setup",), ("join",)} and address not in example:
        run("sync", "join", "-", stdin=invitation)
    if "|" in example:
        run_in_shell(home, example, network.path)
    else:
        run(*shlex.split(example)[1:], answers=[invitation.decode().strip()], PATH=network.path, HOME=str(home))


def run_in_shell(home: Path, example: str, path: str = os.environ["PATH"]) -> None:
    """Run an example with a pipe or another program."""
    shell = "fish" if "fish" in example else "bash"
    path = f"{Path(sys.executable).parent}{os.pathsep}{path}"
    line = example.replace("zsh", "bash")
    subprocess.run([shell, "-c", line], env=process_environment(home, PATH=path), check=True, capture_output=True)


ORDER = {
    "Every day": "today add list show edit delete promote evidence undo redo history search people tags",
    "Every Friday": "review trend calendar",
    "Follow through": "pain project promise off finding",
    "When it counts": "brag brief",
    "Your data": "gather import export move backup restore sync doctor explore paths config demo",
    "Shell": "init",
}
"""Every command, in the order of the help."""

SUBCOMMANDS = {
    "sync": "setup join status invite rekey leave",
    "pain": "list add show seen edit plan fix merge drop",
    "project": "list start show edit measure close drop reopen",
    "promise": "list make keep break drop carry",
    "finding": "list snooze off on",
    "people": "list merge rename split",
    "tags": "list merge rename split",
    "config": "list get set unset edit",
}


def panels(text: str) -> dict[str, list[str]]:
    """Return the commands listed in a help text, by panel."""
    sections = re.findall(r"^([A-Z].*)\n((?:  .*\n)+)", text, re.MULTILINE)
    return {
        title: re.findall(r"^  (\w+)", rows, re.MULTILINE) for title, rows in sections if title in {*ORDER, "Commands"}
    }


def test_help_lists_every_command_in_order(run: "Run") -> None:
    shown = panels(run("-h").out)
    assert list(shown) == list(ORDER)
    there = {words[0] for words in all_commands() if words}
    assert shown == {panel: [name for name in names.split() if name in there] for panel, names in ORDER.items()}


HELP_ALIASES = [
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


@pytest.mark.parametrize(("line", "flag"), HELP_ALIASES, ids=[line for line, _ in HELP_ALIASES])
def test_help_command_is_an_alias_of_the_option(run: "Run", line: str, flag: str) -> None:
    assert run(*line.split()).out == run(*flag.split()).out


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_help_of_a_group_lists_its_subcommands(run: "Run", name: str) -> None:
    assert panels(run(name, "-h").out) == {"Commands": SUBCOMMANDS[name].split()}
