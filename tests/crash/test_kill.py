"""Killed at any moment: whatever the screen acknowledged before is in the journal, and the journal is sound."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pexpect
import pyte
import pytest

from support.env import process_environment
from support.journal_files import connection_of
from support.makers import close_after_test
from valuelog.journal.store import Journal, open_journal
from valuelog.journal.verify import find_damage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

SEED = 20
LANES = 4
"""So many people are killed side by side, each with a journal of their own."""

PATIENCE = 30
FIRST_DAY = date(2020, 1, 1)
PROMPT = re.compile(r"^  [^\n>]*> |\[Y/n\] ", re.MULTILINE)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Somebody:
    """Somebody with a home, who is killed again and again. `kept` is what must be there, `tried` what may be."""

    home: Path
    chance: Random
    kept: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    round: int = 0

    @property
    def path(self) -> Path:
        """The journal."""
        return self.home / "data" / "valuelog" / "journal.db"

    def words(self) -> str:
        """Make up an answer like no other."""
        said = f"{self.round} " + " ".join("".join(self.chance.choices(LETTERS, k=8)) for _ in range(3))
        self.tried.add(said)
        return said

    def at(self, *words: str, **environ: str) -> "Terminal":
        """Sit down at a terminal, on a day of its own for each round."""
        self.round += 1
        day = str(FIRST_DAY + timedelta(days=self.round))
        env = process_environment(self.home, **{"TERM": "xterm", "VALUELOG_TODAY": day, **environ})
        program = ["-m", "valuelog", *words]
        child = pexpect.spawn(
            sys.executable, program, env=env, cwd=str(self.home), encoding="utf-8", dimensions=(60, 100)
        )
        child.delaybeforesend = None
        child.delayafterclose = 0
        return Terminal(child=child, journal=self.path)

    def looks(self) -> None:
        """Look at what is left."""
        if not self.path.exists():
            assert not self.kept
            return
        journal = close_after_test(open_journal(self.path, "", lambda: datetime.now(UTC), write=False))
        there = set(everything(journal))
        assert find_damage(connection_of(journal)) == []
        journal.close()
        assert self.kept <= there, f"round {self.round}"
        assert there <= self.tried, f"round {self.round}"


def everything(journal: Journal) -> Iterator[str]:
    """Return all words that somebody wrote, as a whole each."""
    columns = {
        "entry": ("text", "evidence"), "pain": ("text", "shared", "better", "step", "hit"), "sighting": ("text",),
        "project": ("name",), "promise": ("text",),
    }  # fmt: skip
    for table, names in columns.items():
        for row in journal.rows(f"SELECT {', '.join(names)} FROM {table}"):
            yield from filter(None, row)


@dataclass
class Terminal:
    """A terminal with a program that will be killed. `said` is all that came on the screen."""

    child: "pexpect.spawn[str]"
    journal: Path
    said: str = ""

    def read(self, patience: float = 0.01) -> bool:
        """Take what came; tell whether more may come."""
        try:
            self.said += self.child.read_nonblocking(65536, patience).replace("\r", "")
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True

    def until(self, seen: Callable[[], bool], patience: float = 0.01) -> bool:
        """Wait until something is seen; tell whether it was before the program ended."""
        end = time.monotonic() + PATIENCE
        while not seen():
            if not self.read(patience):
                return seen()
            assert time.monotonic() < end, self.said
        return True

    def until_it_writes(self) -> None:
        """Wait until the program is about to change the journal, or asks on."""
        journal, prompts = Path(f"{self.journal}-journal"), self.prompts
        self.until(lambda: journal.exists() or self.prompts > prompts, patience=0.0005)

    def kill(self) -> None:
        """Kill the program, and read what it had said by then."""
        if self.child.isalive() and self.child.pid:
            os.kill(self.child.pid, signal.SIGKILL)
        while self.read(PATIENCE):
            pass
        self.child.close()

    @property
    def prompts(self) -> int:
        """How many answers were asked for."""
        return len(PROMPT.findall(self.said))


def side_by_side(folder: Path, rounds: int, act: Callable[[Somebody], None]) -> None:
    """Kill people in lanes, each again and again, and look at each journal after each time."""

    def lane(number: int) -> None:
        chance = Random(f"{SEED} {act.__name__} {number}")  # noqa: S311  when to kill is no secret
        somebody = Somebody(home=folder / str(number), chance=chance)
        somebody.home.mkdir()
        for _ in range(rounds // LANES):
            act(somebody)
            somebody.looks()
        assert somebody.kept

    with ThreadPoolExecutor(LANES) as pool:
        assert list(pool.map(lane, range(LANES))) == [None] * LANES


# Adding


def killed_while_adding(somebody: Somebody) -> None:
    said, chance = somebody.words(), somebody.chance
    terminal = somebody.at("add", "activity", said)
    match chance.randrange(3):
        case 0:
            time.sleep(chance.uniform(0, 0.5))
        case 1:
            terminal.until_it_writes()
            time.sleep(chance.uniform(0, 0.01))
        case _:
            terminal.until(lambda: "Added" in terminal.said)
    terminal.kill()
    if "Added activity" in terminal.said:
        somebody.kept.add(said)


def test_what_was_said_to_be_added_is_there(tmp_path: Path) -> None:
    side_by_side(tmp_path, 160, killed_while_adding)


# The evening, in numbered lines


def answer(somebody: Somebody, asked: str) -> str:
    """Answer what is asked in the last line on the screen, or pass over it."""
    if asked.startswith("  number"):
        return somebody.chance.choice(["", "1"])
    return somebody.words() if somebody.chance.random() < 0.7 else ""


def killed_in_the_evening(somebody: Somebody) -> None:
    chance, typed = somebody.chance, list[str]()
    terminal = somebody.at("today", VALUELOG_ACCESSIBLE="1")
    for _ in range(chance.randint(1, 14)):
        if not terminal.until(lambda: terminal.prompts > len(typed)):
            break
        typed.append(answer(somebody, terminal.said.rpartition("\n")[2]))
        terminal.child.sendline(typed[-1])
    match chance.randrange(3):
        case 0:
            time.sleep(chance.uniform(0, 0.02))
        case 1:
            terminal.until_it_writes()
        case _:
            terminal.until(lambda: terminal.prompts > len(typed))
    terminal.kill()
    confirmed = typed if "Saved" in terminal.said else typed[: max(0, terminal.prompts - 1)]
    somebody.kept.update(said for said in confirmed if " " in said)


def test_what_an_evening_went_on_from_is_there(tmp_path: Path) -> None:
    side_by_side(tmp_path, 120, killed_in_the_evening)


# The evening, with menus


def killed_at_the_menus(somebody: Somebody) -> None:
    chance, typed = somebody.chance, list[str]()
    screen = pyte.Screen(100, 60)
    stream, fed = pyte.Stream(screen), 0
    terminal = somebody.at("today", PROMPT_TOOLKIT_NO_CPR="1")

    def prompts() -> int:
        nonlocal fed
        stream.feed(terminal.said[fed:].replace("\n", "\r\n"))
        fed = len(terminal.said)
        return sum(line.lstrip().startswith("›") for line in screen.display)

    for _ in range(chance.randint(1, 4)):
        assert terminal.until(lambda: prompts() > len(typed))
        typed.append(somebody.words())
        terminal.child.send(typed[-1] + "\r")
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, 0.3))
    else:
        terminal.until(lambda: prompts() > len(typed))
    terminal.kill()
    somebody.kept.update(typed[: max(0, prompts() - 1)])


def test_what_the_menus_went_on_from_is_there(tmp_path: Path) -> None:
    side_by_side(tmp_path, 24, killed_at_the_menus)
