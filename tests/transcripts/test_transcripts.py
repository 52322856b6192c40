"""Every console block in the docs, played against the installed program: what the docs show is what happens.

Ids are random, so the two-letter ids of a page stand for whatever they turn out to be: the first line that shows one
says which. `/home/you` is the home of the test, `[2]` on a line of its own an exit code, and blanks are not counted. A
comment `<!-- 2026-11-16 -->` before a block says on which day it happens; without one it is that of the block before.
A question that takes turns may be any of them, since one more shifts the turns of all the others.
A command that shows a `›`, or the `>` of plain lines, is played on a terminal, by somebody who types what stands there.

`pytest tests/transcripts --update-transcripts` writes what really happens into the pages; read the diff before you
commit it. Where the words of a prompt changed, change them in the page first: they say what is typed.
"""

import json
import os
import re
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from support.typist import Typist
from valuelog.questions.catalogue import load_evening_questions

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(Path(__file__).parent.glob("*.md"))]
PROGRAM = Path(sys.executable).with_name("valuelog")
ID = re.compile(r"\b[hkmptwy][2-9]\b")
TAKE_TURNS = [re.escape(prompt.text) for prompt in load_evening_questions() if prompt.rotates]
ONE_OF_THEM = re.compile("|".join(map(re.escape, TAKE_TURNS)))
ANY_OF_THEM = f"(?:{'|'.join(TAKE_TURNS)})".replace(r"\ ", r"\s+")
YOURS = "/home/you"
USUAL = {"DATA": ".local/share", "CONFIG": ".config", "STATE": ".local/state"}
TYPED = re.compile(r"^ *›|^  >( |$)", re.MULTILINE)


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the console blocks of a page, each with the day that is said before it, if one is."""
    pattern = r"(?:^<!-- (\d{4}-\d\d-\d\d) -->\n+)?^```console\n(.*?)^```$"
    return re.findall(pattern, page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def steps(block: str) -> list[tuple[str, str]]:
    """Return the commands of a block, each with what it shows."""
    found = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)[1:]
    return list(zip(found[::2], found[1::2], strict=True))


class Player:
    """Plays one page in a home of its own, and remembers which id stands for which."""

    def __init__(self, home: Path) -> None:
        """Begin with nothing, on a Friday."""
        self.home = home
        self.ids: dict[str, str] = {}
        self.environ = {
            "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "COLUMNS": "80",
            "LANG": "C.UTF-8",
            **{f"XDG_{name}_HOME": str(home / folder) for name, folder in USUAL.items()},
            **{f"GIT_{who}_NAME": "Me" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "me@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        self.come("2026-11-20")

    def come(self, day: str) -> None:
        """Let it be another day, also for git."""
        self.environ["VALUELOG_TODAY"] = day
        self.environ |= {f"GIT_{who}_DATE": f"{day}T10:00:00" for who in ("AUTHOR", "COMMITTER")}

    def shell(self, command: str, expected: str = "") -> tuple[str, int]:
        """Run a command, both streams as a terminal would show them; on a terminal if something is typed there."""
        if TYPED.search(expected):
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
        """Run a command and compare; with `update`, return what the page should show instead of failing."""
        really = ID.sub(lambda found: self.ids.get(found.group(), found.group()), command)
        shown, code = self.shell(really, expected)
        wanted = expected + (f"[{code}]\n" if code and not re.search(r"^\[\d+\]$", expected, re.MULTILINE) else "")
        actual = shown.replace(str(self.home), YOURS) + (f"[{code}]\n" if code else "")
        found = re.fullmatch(self._pattern(wanted), _blanks(actual))
        if update and not found:
            return self._rewritten(expected, actual)
        assert found, f"$ {command}\nshows\n{actual}\ninstead of\n{expected}"
        for group, said in found.groupdict().items():
            name = group.partition("_")[0]
            if name not in self.ids:
                self._remember(name, said)
            assert self.ids.get(name, said).startswith(said), f"{name} is {self.ids[name]}, not {said}"
        return expected

    def _rewritten(self, expected: str, actual: str) -> str:
        """Return the actual output with the page's names for ids: the known ones, then new ones in their order."""
        old, new = re.findall(r"[\w-]+", expected), re.findall(r"[\w-]+", actual)
        names = [word for word in dict.fromkeys(old) if ID.fullmatch(word) and word not in self.ids]
        words = (word for word in dict.fromkeys(new) if word not in old and re.fullmatch("[0-9a-z]{2,10}", word))
        for word in words:
            if names and not any(real.startswith(word) for real in self.ids.values()):
                self._remember(names[0], word)
                names = [name for name in names if name not in self.ids]
        for name, real in self.ids.items():
            actual = re.sub(rf"\b{real[:2]}\w*\b", lambda shown: _renamed(shown.group(), name, real), actual)  # noqa: B023
        return "\n".join(line.rstrip() for line in actual.split("\n"))

    def _remember(self, name: str, said: str) -> None:
        """Remember which id a name stands for; not that of something in a journal that is gone again."""
        shown, code = self.shell(f"valuelog show {said} --json")
        if code == 0:
            self.ids[name] = json.loads(shown)["id"]

    def _pattern(self, expected: str) -> str:
        numbers = count()

        def an_id(found: re.Match[str]) -> str:
            return f"(?P<{found.group()}_{next(numbers)}>[0-9a-z]{{2,10}})"

        text = ONE_OF_THEM.sub(lambda _: ANY_OF_THEM, re.escape(_blanks(expected)))
        return ID.sub(an_id, text)


def _renamed(shown: str, name: str, real: str) -> str:
    return name if real.startswith(shown) else shown


def _blanks(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))


def test_the_docs_have_transcripts() -> None:
    assert sum(len(blocks(page)) for page in PAGES) >= 5


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.name)
def test_what_the_docs_show_is_what_happens(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    update = bool(request.config.getoption("update_transcripts"))
    player, text = Player(tmp_path), page.read_text(encoding="utf-8")
    for day, block in blocks(page):
        if day:
            player.come(day)
        played = block
        for command, expected in steps(block):
            shown = player.play(command, expected, update=update)
            played = played.replace(f"$ {command}\n{expected}", f"$ {command}\n{shown}", 1)
        text = text.replace(block, played, 1)
    if update:
        page.write_text(text, encoding="utf-8")
