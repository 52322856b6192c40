"""What the login hook costs each shell, asked of shells that have just started, over evaluating nothing."""

import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from valuelog.cli.hooks import SHELLS, hook

BUDGET = {"bash": 0.5, "zsh": 0.5, "fish": 4.0}  # ms, from performance.md
LOGINS = 40
NOW, DAY = int(time.time()), 86_400
# A month of evenings, half of them past: nobody has opened the journal for two weeks.
LINES = [f"{NOW + day * DAY + 60}\tNothing written today. Next: valuelog today\n" for day in range(-15, 15)]
PAST, FUTURE = "".join(LINES[:15]), "".join(LINES[15:])
DUE = f"{NOW - DAY + 60}\n"
STATES = {
    "nothing is due": (FUTURE, ""),
    "it was said": (PAST + FUTURE, DUE),
    "it speaks": (PAST + FUTURE, "1\n"),
    "it speaks for the first time": (PAST + FUTURE, None),
}

# Each evaluates a file and prints the time that took.
STOPWATCH = {
    "bash": 'h=$(<{0}); t=$EPOCHREALTIME; eval "$h"; u=$EPOCHREALTIME; echo took $((${{u/./}} - ${{t/./}})) micros',
    "zsh": 'zmodload zsh/datetime; h=$(<{0}); t=$EPOCHREALTIME; eval "$h"; u=$EPOCHREALTIME; '
    "echo took $(( (u - t) * 1e6 )) micros",
    "fish": "time source {0}",
}
TOOK = re.compile(r"(?:took|Executed in) +([0-9.e+]+) (micros|millis|secs)")
IN_MS = {"micros": 0.001, "millis": 1.0, "secs": 1000.0}


def cost(shell: str, logins: int = LOGINS) -> dict[str, float]:
    """Milliseconds in each state: the median login with the hook less the median login without."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "nothing").touch()
        (home / "hook").write_text(hook(shell, home / "reminders", home / "said"), encoding="utf-8")
        # In turn, so that a machine that slows down slows both.
        rounds = [[_pair(shell, home, state) for state in STATES] for _ in range(logins)]
    medians = [[statistics.median(side) for side in zip(*pairs, strict=True)] for pairs in zip(*rounds, strict=True)]
    return {state: with_it - without for state, (without, with_it) in zip(STATES, medians, strict=True)}


def _pair(shell: str, home: Path, state: str) -> tuple[float, float]:
    reminders, said = STATES[state]
    (home / "reminders").write_text(reminders, encoding="utf-8")
    (home / "said").unlink(missing_ok=True)
    if said is not None:
        (home / "said").write_text(said, encoding="utf-8")
    return _login(shell, home, "nothing"), _login(shell, home, "hook")


def _login(shell: str, home: Path, evaluated: str) -> float:
    rc = home / ".zshrc"
    rc.write_text(f"{STOPWATCH[shell].format(home / evaluated)}\nexec true\n", encoding="utf-8")
    command = {
        "bash": ["--noprofile", "--rcfile", str(rc), "-i"],
        "zsh": ["-d", "-i"],
        "fish": ["--no-config", "--init-command", f"source {rc}", "-i"],
    }[shell]
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "ZDOTDIR": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    with pexpect.spawn(shell, command, env=env, encoding="utf-8", timeout=20) as child:
        return _took(child.read())


def _took(shown: str) -> float:
    took = TOOK.search(shown)
    if took is None:
        sys.exit(f"The shell told no time: {shown!r}")
    return float(took[1]) * IN_MS[took[2]]


def main() -> None:
    """Print a table, in milliseconds."""
    print(f"{'ms over the bare shell':<30}{'at most':>9}", *(f"{state:>{len(state) + 2}}" for state in STATES))
    for shell in filter(shutil.which, SHELLS):
        costs = cost(shell)
        cells = (f"{costs[state]:>{len(state) + 2}.3f}" for state in STATES)
        print(f"{shell:<30}{BUDGET[shell]:>9.1f}", *cells)


if __name__ == "__main__":
    main()
