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

from valuelog.cli.hooks import SHELLS, render_hook

BUDGET = {"bash": 0.5, "zsh": 0.5, "fish": 4.0}  # ms, from performance.md
LOGINS = 40
NOW, DAY = int(time.time()), 86_400
LINES = [f"{NOW + day * DAY + 60}\tNothing written today. Next: valuelog today\n" for day in range(-15, 15)]
AHEAD, AFTER_A_WEEKEND, AFTER_TWO_WEEKS = ("".join(LINES[first:]) for first in (15, 12, 0))
DUE = f"{NOW - DAY + 60}\n"
STATES = {
    "nothing is due": (AHEAD, ""),
    "it was said": (AFTER_A_WEEKEND, DUE),
    "it was said, after two weeks away": (AFTER_TWO_WEEKS, DUE),
    "it speaks": (AFTER_A_WEEKEND, "1\n"),
    "it speaks for the first time": (AFTER_A_WEEKEND, ""),
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
        (home / "hook").write_text(render_hook(shell, home / "reminders", home / "said"), encoding="utf-8")
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
        child.ptyproc.delayafterclose = 0  # it has ended by then
        return _took(child.read())


def _took(shown: str) -> float:
    took = TOOK.search(shown)
    if took is None:
        sys.exit(f"The shell told no time: {shown!r}")
    return float(took[1]) * IN_MS[took[2]]


def main() -> None:
    """Print a table, in milliseconds."""
    costs = {shell: cost(shell) for shell in SHELLS if shutil.which(shell)}
    print(f"{'ms over the bare shell':<36}", *(f"{shell:>6}" for shell in costs))
    for state in STATES:
        print(f"{state:<36}", *(f"{of_shell[state]:>6.2f}" for of_shell in costs.values()))
    print(f"{'at most':<36}", *(f"{BUDGET[shell]:>6.2f}" for shell in costs))


if __name__ == "__main__":
    main()
