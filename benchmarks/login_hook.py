"""What the login hook costs each shell: asked of the shell itself, on a terminal, over evaluating nothing."""

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

NOW = int(time.time())
BUDGET = {"bash": 0.5, "zsh": 0.5, "fish": 4.0}  # ms, from performance.md
LOGINS = 25
# A month of evenings: half of them past, as when nobody has opened the journal for two weeks.
PAST = [f"{NOW - day * 86_400}\tNothing written today. Next: valuelog today" for day in range(15, 0, -1)]
FUTURE = [f"{NOW + day * 86_400}\tNothing written today. Next: valuelog today" for day in range(1, 16)]
STATES = {
    "nothing due": (FUTURE, ""),
    "said already": (PAST + FUTURE, f"{NOW - 86_400}\n"),
    "says it": (PAST + FUTURE, "1\n"),
    "says it for the first time": (PAST + FUTURE, None),
}

# Each prints how many ms it took to evaluate the file. A fresh shell, because that is what a login is.
STOPWATCH = {
    "bash": 'hook=$(<{file}); t=$EPOCHREALTIME; eval "$hook"; u=$EPOCHREALTIME; printf "took %d us\\n" $((${{u/./}} - ${{t/./}}))',
    "zsh": 'zmodload zsh/datetime; hook="$(<{file})"; t=$EPOCHREALTIME; eval "$hook"; u=$EPOCHREALTIME; printf "took %d us\\n" $(( (u - t) * 1e6 ))',
    "fish": "time source {file}",
}
