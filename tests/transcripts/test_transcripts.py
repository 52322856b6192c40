"""Runs every console block in the docs and compares its output.

Ids are random, so a two-letter id in a page is a placeholder: the first line that shows it decides which id it stands
for. `/home/you` is the home of the test, `[2]` on its own line is an exit code, and whitespace is collapsed. A comment
such as `<!-- 2026-11-16 -->` before a block sets its day; without one, the day of the previous block stays. The id,
time and size of a backup match any other, and so do invitations and the times of a sync. Any rotating question matches
any other, since adding one shifts the rotation. A prompt such as `you@laptop$` runs a command on a machine with a home
of its own; `ssh` reaches the others.
A command that shows a `›`, or the `>` of accessible mode, runs on a pseudo-terminal with the answers shown in the page.

`pytest tests/transcripts --update-transcripts` writes the real output into the pages; read the diff before you commit
it. If the text of a prompt changed, change it in the page first: the answers are found by their prompts.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from support.env import NO_BACKUPS
from support.machines import Network
from support.typist import Typist
from valuelog.questions.catalogue import load_evening_questions

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(Path(__file__).parent.glob("*.md"))]
PROGRAM = Path(sys.executable).with_name("valuelog")
ID = re.compile(r"\b[hkmptwy][2-9]\b")
ROTATING_QUESTIONS = [re.escape(prompt.text) for prompt in load_evening_questions() if prompt.rotates]
ROTATING_QUESTION = re.compile("|".join(map(re.escape, ROTATING_QUESTIONS)))
ANY_ROTATING_QUESTION = f"(?:{'|'.join(ROTATING_QUESTIONS)})".replace(r"\ ", r"\s+")
HOME_IN_DOCS = "/home/you"
XDG_FOLDERS = {"DATA": ".local/share", "CONFIG": ".config", "STATE": ".local/state"}
PROMPT = re.compile(r"^ *›|^  >( |$)", re.MULTILINE)


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the console blocks of a page with their days, empty without a comment."""
    pattern = r"(?:^<!-- (\d{4}-\d\d-\d\d) -->\n+)?^```console\n(.*?)^```$"
    return re.findall(pattern, page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


class Step(NamedTuple):
    """A command with its output, and the name of the machine in its prompt, empty without one."""

    prompt: str
    machine: str
    command: str
    output: str


def steps(block: str) -> Iterator[Step]:
    """Yield the commands of a block with their output."""
    parts = re.split(r"^((?:you@(\w+))?\$ )(.*)\n", block, flags=re.MULTILINE)[1:]
    for prompt, machine, command, output in zip(parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=True):
        yield Step(prompt, machine or "", command, output)


class Player:
    """Runs the commands of one page in its own home and maps its placeholder ids to real ones."""

    def __init__(self, home: Path, path: str = os.environ["PATH"]) -> None:
        """Start with an empty home, on a Friday."""
        self.home = home
        self.ids: dict[str, str] = {}
        self.environ = {
            "PATH": f"{PROGRAM.parent}{os.pathsep}{path}",
            "HOME": str(home),
            "COLUMNS": "80",
            "LANG": "C.UTF-8",
            **NO_BACKUPS,
            **{f"XDG_{name}_HOME": str(home / folder) for name, folder in XDG_FOLDERS.items()},
            **{f"GIT_{who}_NAME": "Me" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "me@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        self.set_day("2026-11-20")

    def set_day(self, day: str) -> None:
        """Set the date, also for git."""
        self.environ["VALUELOG_TODAY"] = day
        self.environ |= {f"GIT_{who}_DATE": f"{day}T10:00:00" for who in ("AUTHOR", "COMMITTER")}

    def run_in_shell(self, command: str, expected: str = "") -> tuple[str, int]:
        """Run a command, on a pseudo-terminal if it has prompts; return stdout with stderr, and the exit code."""
        if PROMPT.search(expected):
            return Typist(command, expected, self.environ, self.home).run()
        done = subprocess.run(
            ["/bin/sh", "-c", f"{command} 2>&1"],
            cwd=self.home,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout, done.returncode

    def play(self, command: str, expected: str, *, update: bool = False) -> str:
        """Run a command and compare its output; with `update`, return the real output instead of failing."""
        real_command = ID.sub(lambda match: self.ids.get(match.group(), match.group()), command)
        shown, code = self.run_in_shell(real_command, expected)
        full_expected = expected + (
            f"[{code}]\n" if code and not re.search(r"^\[\d+\]$", expected, re.MULTILINE) else ""
        )
        actual = shown.replace(str(self.home), HOME_IN_DOCS) + (f"[{code}]\n" if code else "")
        match = re.fullmatch(self._pattern(full_expected), _collapse_blanks(actual))
        if update and not match:
            return self._rewrite(expected, actual)
        assert match, f"$ {command}\nshows\n{actual}\ninstead of\n{expected}"
        for group, prefix in match.groupdict().items():
            name = group.partition("_")[0]
            if name not in self.ids:
                self._resolve_id(name, prefix)
            assert self.ids.get(name, prefix).startswith(prefix), f"{name} is {self.ids[name]}, not {prefix}"
        return expected

    def _rewrite(self, expected: str, actual: str) -> str:
        """Return the actual output with placeholder ids: known ones, then new ones in order."""
        old, new = re.findall(r"[\w-]+", expected), re.findall(r"[\w-]+", actual)
        names = [word for word in dict.fromkeys(old) if ID.fullmatch(word) and word not in self.ids]
        words = (word for word in dict.fromkeys(new) if word not in old and re.fullmatch("[0-9a-z]{2,10}", word))
        for word in words:
            if names and not any(real.startswith(word) for real in self.ids.values()):
                self._resolve_id(names[0], word)
                names = [name for name in names if name not in self.ids]
        for name, real in self.ids.items():
            actual = re.sub(rf"\b{real[:2]}\w*\b", lambda shown: _page_id(shown.group(), name, real), actual)  # noqa: B023
        return "\n".join(line.rstrip() for line in actual.split("\n"))

    def _resolve_id(self, name: str, prefix: str) -> None:
        """Look up the id that a placeholder stands for, unless its entity is gone."""
        shown, code = self.run_in_shell(f"valuelog show {prefix} --json")
        if code == 0:
            self.ids[name] = json.loads(shown)["id"]

    def _pattern(self, expected: str) -> str:
        numbers = count()

        def id_group(match: re.Match[str]) -> str:
            return f"(?P<{match.group()}_{next(numbers)}>[0-9a-z]{{2,10}})"

        text = ROTATING_QUESTION.sub(lambda _: ANY_ROTATING_QUESTION, re.escape(_collapse_blanks(expected)))
        return _match_any_sync(_match_any_backup(ID.sub(id_group, text)))


def start_network(folder: Path) -> Network:
    """Return a network with a host named server."""
    network = Network(folder)
    (network.hosts / "server").mkdir()
    return network


class Players:
    """The players of one page: one for each machine, and one for commands whose prompt names none."""

    def __init__(self, folder: Path) -> None:
        """Start on a Friday."""
        self._folder = folder
        self._network: Network | None = None
        self._players = {"": Player(folder)}
        self._day = ""

    def set_day(self, day: str) -> None:
        """Set the date on every machine."""
        self._day = day
        for player in self._players.values():
            player.set_day(day)

    def find(self, machine: str) -> Player:
        """Return the player of a machine, which starts with an empty home."""
        if machine not in self._players:
            network = self._network = self._network or start_network(self._folder / "network")
            (home := network.hosts / machine).mkdir()
            self._players[machine] = Player(home, network.path)
            self._players[machine].ids = self._players[""].ids
            if self._day:
                self._players[machine].set_day(self._day)
        return self._players[machine]


def _match_any_sync(pattern: str) -> str:
    """Return a pattern in which invitations and the times of a sync match any other."""
    pattern = re.sub(r"^valuelog1:.*$", r"valuelog1:\\S+", pattern, flags=re.MULTILINE)
    return re.sub(r"(last\\ (?:sync|sent\\ something))\\ .*?\d\d:\d\d", r"\1\\ .*?\\d\\d:\\d\\d", pattern)


def _match_any_backup(pattern: str) -> str:
    """Return a pattern in which the id, time and size of a backup match any other."""
    row = r"^[0-9a-f]{8}\\ \w{3}\\ \d+\\ \w{3}\\ \d{4}\\ \d\d:\d\d\\ (.*)\\ \d+\\ [KMG]?B\\ "
    any_row = r"[0-9a-f]{8}\\ \\w{3}\\ \\d+\\ \\w{3}\\ \\d{4}\\ \\d\\d:\\d\\d\\ \1\\ \\d+\\ [KMG]?B\\ "
    pattern = re.sub(row, any_row, pattern, flags=re.MULTILINE)
    pattern = re.sub(r"(newest\\ from|in\\ backup)\\ .*?\d\d:\d\d", r"\1.*?\\d\\d:\\d\\d", pattern)
    return re.sub(r"(restore|as)\\ [0-9a-f]{8}\b", r"\1\\ [0-9a-f]{8}", pattern)


def _page_id(shown: str, name: str, real: str) -> str:
    return name if real.startswith(shown) else shown


def _collapse_blanks(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))


def test_docs_have_transcripts() -> None:
    assert sum(len(blocks(page)) for page in PAGES) >= 5


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.name)
def test_transcripts_in_the_docs_match_real_output(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    update = bool(request.config.getoption("update_transcripts"))
    players, text = Players(tmp_path), page.read_text(encoding="utf-8")
    for day, block in blocks(page):
        if day:
            players.set_day(day)
        played = block
        for step in steps(block):
            shown = players.find(step.machine).play(step.command, step.output, update=update)
            line = f"{step.prompt}{step.command}\n"
            played = played.replace(line + step.output, line + shown, 1)
        text = text.replace(block, played, 1)
    if update:
        page.write_text(text, encoding="utf-8")
