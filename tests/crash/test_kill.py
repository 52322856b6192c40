"""Kill the program at random moments: all that the screen confirmed is in the journal, which is undamaged."""

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
USER_COUNT = 4
"""How many users are killed in parallel, each with their own journal."""

TIMEOUT_SECONDS = 30
FIRST_DAY = date(2020, 1, 1)
PROMPT = re.compile(r"^  [^\n>]*> |\[Y/n\] ", re.MULTILINE)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class User:
    """A user with a home. `confirmed` are the texts that must be in the journal, `typed` those that may be."""

    home: Path
    rng: Random
    confirmed: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    round: int = 0

    @property
    def path(self) -> Path:
        """The journal."""
        return self.home / "data" / "valuelog" / "journal.db"

    def make_text(self) -> str:
        """Return a unique random answer."""
        text = f"{self.round} " + " ".join("".join(self.rng.choices(LETTERS, k=8)) for _ in range(3))
        self.typed.add(text)
        return text

    def start(self, *words: str, **environ: str) -> "Terminal":
        """Start the program on a terminal, on another day each time."""
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

    def check_journal(self) -> None:
        """Fail unless the journal is undamaged and has every confirmed text and no other than typed ones."""
        if not self.path.exists():
            assert not self.confirmed
            return
        journal = close_after_test(open_journal(self.path, "", lambda: datetime.now(UTC), write=False))
        stored = set(list_all_texts(journal))
        assert find_damage(connection_of(journal)) == []
        journal.close()
        assert self.confirmed <= stored, f"round {self.round}"
        assert stored <= self.typed, f"round {self.round}"


def list_all_texts(journal: Journal) -> Iterator[str]:
    """Yield every text in a journal."""
    columns = {
        "entry": ("text", "evidence"), "pain": ("text", "shared", "better", "step", "hit"), "sighting": ("text",),
        "project": ("name",), "promise": ("text",),
    }  # fmt: skip
    for table, names in columns.items():
        for row in journal.rows(f"SELECT {', '.join(names)} FROM {table}"):
            yield from filter(None, row)


@dataclass
class Terminal:
    """A terminal with a program that will be killed. `output` is all that it printed."""

    child: "pexpect.spawn[str]"
    journal: Path
    output: str = ""

    def read(self, timeout: float = 0.01) -> bool:
        """Read new output. Return False at its end."""
        try:
            self.output += self.child.read_nonblocking(65536, timeout).replace("\r", "")
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True

    def wait_until(self, condition: Callable[[], bool], timeout: float = 0.01) -> bool:
        """Wait for a condition. Return False if the program ended before."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while not condition():
            if not self.read(timeout):
                return condition()
            assert time.monotonic() < end, self.output
        return True

    def wait_until_it_writes(self) -> None:
        """Wait until the program is about to write to the journal, or shows the next prompt."""
        rollback_journal, count = Path(f"{self.journal}-journal"), self.prompt_count
        self.wait_until(lambda: rollback_journal.exists() or self.prompt_count > count, timeout=0.0005)

    def kill(self) -> None:
        """Kill the program and read the rest of its output."""
        if self.child.isalive() and self.child.pid:
            os.kill(self.child.pid, signal.SIGKILL)
        while self.read(TIMEOUT_SECONDS):
            pass
        self.child.close()

    @property
    def prompt_count(self) -> int:
        """The number of prompts shown."""
        return len(PROMPT.findall(self.output))


def run_users(folder: Path, rounds: int, act: Callable[[User], None]) -> None:
    """Kill the programs of several users in parallel, and check the journal after each kill."""

    def run_user(number: int) -> None:
        rng = Random(f"{SEED} {act.__name__} {number}")  # noqa: S311  not for secrets
        user = User(home=folder / str(number), rng=rng)
        user.home.mkdir()
        for _ in range(rounds // USER_COUNT):
            act(user)
            user.check_journal()
        assert user.confirmed

    with ThreadPoolExecutor(USER_COUNT) as pool:
        assert list(pool.map(run_user, range(USER_COUNT))) == [None] * USER_COUNT


# add


def kill_during_add(user: User) -> None:
    text, rng = user.make_text(), user.rng
    terminal = user.start("add", "activity", text)
    match rng.randrange(3):
        case 0:
            time.sleep(rng.uniform(0, 0.5))
        case 1:
            terminal.wait_until_it_writes()
            time.sleep(rng.uniform(0, 0.01))
        case _:
            terminal.wait_until(lambda: "Added" in terminal.output)
    terminal.kill()
    if "Added activity" in terminal.output:
        user.confirmed.add(text)


def test_acknowledged_entry_survives_a_kill(tmp_path: Path) -> None:
    run_users(tmp_path, 160, kill_during_add)


# The evening, in numbered lines


def answer_prompt(user: User, prompt: str) -> str:
    """Return an answer to the prompt on the last line, or an empty one."""
    if prompt.startswith("  number"):
        return user.rng.choice(["", "1"])
    if prompt.startswith("  how big"):
        return user.rng.choice(["", "large"])
    if prompt.startswith("  what is it"):
        return user.rng.choice(["", "outcome"])
    if "  Enter skips" in prompt:  # another choice
        return ""
    if prompt.startswith("  Look at your week"):
        return "n"
    return user.make_text() if user.rng.random() < 0.7 else ""


def kill_during_evening(user: User) -> None:
    rng, typed = user.rng, list[str]()
    terminal = user.start("today", VALUELOG_ACCESSIBLE="1")
    for _ in range(rng.randint(1, 14)):
        if not terminal.wait_until(lambda: terminal.prompt_count > len(typed)):
            break
        typed.append(answer_prompt(user, terminal.output.rpartition("\n")[2]))
        terminal.child.sendline(typed[-1])
    match rng.randrange(3):
        case 0:
            time.sleep(rng.uniform(0, 0.02))
        case 1:
            terminal.wait_until_it_writes()
        case _:
            terminal.wait_until(lambda: terminal.prompt_count > len(typed))
    terminal.kill()
    confirmed = typed if "Saved" in terminal.output else typed[: max(0, terminal.prompt_count - 1)]
    user.confirmed.update(text for text in confirmed if " " in text)


def test_confirmed_answers_survive_a_kill(tmp_path: Path) -> None:
    run_users(tmp_path, 120, kill_during_evening)


# The evening, with menus


def kill_during_menus(user: User) -> None:
    rng, typed = user.rng, list[str]()
    screen = pyte.Screen(100, 60)
    stream, fed = pyte.Stream(screen), 0
    terminal = user.start("today", PROMPT_TOOLKIT_NO_CPR="1")

    def count_prompts() -> int:
        nonlocal fed
        stream.feed(terminal.output[fed:].replace("\n", "\r\n"))
        fed = len(terminal.output)
        return sum(line.lstrip().startswith("›") for line in screen.display)

    for _ in range(rng.randint(1, 4)):
        assert terminal.wait_until(lambda: count_prompts() > len(typed))
        typed.append(user.make_text())
        terminal.child.send(typed[-1] + "\r")
    if rng.random() < 0.5:
        time.sleep(rng.uniform(0, 0.3))
    else:
        terminal.wait_until(lambda: count_prompts() > len(typed))
    terminal.kill()
    user.confirmed.update(typed[: max(0, count_prompts() - 1)])


def test_confirmed_menu_answers_survive_a_kill(tmp_path: Path) -> None:
    run_users(tmp_path, 24, kill_during_menus)
