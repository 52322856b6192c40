"""Showing what is longer than the terminal, in the person's own pager."""

import shlex
import subprocess
from collections.abc import Mapping
from typing import IO

from valuelog.cli.foreground import leave_sigint_to_child


def show_in_pager(text: str, environ: Mapping[str, str], stdout: IO[str]) -> None:
    """Hand a text to VALUELOG_PAGER, PAGER or less; print it where that does not work."""
    try:
        command = shlex.split(environ.get("VALUELOG_PAGER") or environ.get("PAGER") or "less -FIRX")
        if not command or command == ["cat"]:
            stdout.write(text)
            return
        with (
            leave_sigint_to_child(),
            subprocess.Popen(command, stdin=subprocess.PIPE, text=True, encoding="utf-8") as pager,
        ):
            pager.communicate(text)
    except (OSError, ValueError):
        stdout.write(text)
