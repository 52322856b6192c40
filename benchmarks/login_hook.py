"""The time that the login hook adds to the start of each shell."""

import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from valuelog.cli.candidates import SHELLS
from valuelog.cli.init import render_hook

BUDGET = {"bash": 0.5, "zsh": 0.5, "fish": 4.0}  # milliseconds
LOGINS = 40
NOW, DAY = int(time.time()), 86_400
LINES = [f"{NOW + day * DAY + 60}\tNothing written today. Next: valuelog today\n" for day in range(-15, 15)]
AHEAD, AFTER_A_WEEKEND, AFTER_TWO_WEEKS = ("".join(LINES[first:]) for first in (15, 12, 0))
DUE = f"{NOW - DAY + 60}\n"
STATES = {
    "nothing is due": (AHEAD, ""),
    "it was shown": (AFTER_A_WEEKEND, DUE),
    "it was shown, after two weeks away": (AFTER_TWO_WEEKS, DUE),
    "it shows a line": (AFTER_A_WEEKEND, "1\n"),
    "it shows its first line": (AFTER_A_WEEKEND, ""),
}

# Shell code that evaluates a file and prints the time it took.
STOPWATCH = {
    "bash": 'h=$(<{0}); t=$EPOCHREALTIME; eval "$h"; u=$EPOCHREALTIME; echo took $((${{u/./}} - ${{t/./}})) micros',
    "zsh": 'zmodload zsh/datetime; h=$(<{0}); t=$EPOCHREALTIME; eval "$h"; u=$EPOCHREALTIME; '
    "echo took $(( (u - t) * 1e6 )) micros",
    "fish": "time source {0}",
}
TOOK = re.compile(r"(?:took|Executed in) +([0-9.e+]+) (micros|millis|secs)")
IN_MS = {"micros": 0.001, "millis": 1.0, "secs": 1000.0}


def cost(shell: str, logins: int = LOGINS) -> dict[str, float]:
    """Return the milliseconds in each state: the median login with the hook, minus the median without."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "nothing").touch()
        (home / "hook").write_text(render_hook(shell, home / "reminders", home / "last-reminded"), encoding="utf-8")
        # Alternate, so that a slow moment of the machine affects both.
        rounds = [[_pair(shell, home, state) for state in STATES] for _ in range(logins)]
    medians = [[statistics.median(side) for side in zip(*pairs, strict=True)] for pairs in zip(*rounds, strict=True)]
    return {state: with_it - without for state, (without, with_it) in zip(STATES, medians, strict=True)}


def _pair(shell: str, home: Path, state: str) -> tuple[float, float]:
    reminders, last_reminded = STATES[state]
    (home / "reminders").write_text(reminders, encoding="utf-8")
    (home / "last-reminded").unlink(missing_ok=True)
    if last_reminded is not None:
        (home / "last-reminded").write_text(last_reminded, encoding="utf-8")
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
        child.ptyproc.delayafterclose = 0  # the shell has already exited
        return _parse_time(child.read())


def _parse_time(output: str) -> float:
    took = TOOK.search(output)
    if took is None:
        sys.exit(f"The shell printed no time: {output!r}")
    return float(took[1]) * IN_MS[took[2]]


def main() -> None:
    """Print a table in milliseconds."""
    costs = {shell: cost(shell) for shell in SHELLS if shutil.which(shell)}
    print(f"{'ms more than the bare shell':<36}", *(f"{shell:>6}" for shell in costs))
    for state in STATES:
        print(f"{state:<36}", *(f"{of_shell[state]:>6.2f}" for of_shell in costs.values()))
    print(f"{'budget':<36}", *(f"{BUDGET[shell]:>6.2f}" for shell in costs))


if __name__ == "__main__":
    main()
