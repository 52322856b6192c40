"""Runs a script as another user of this machine, to test what such a user can read."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

OTHER_USER = "nobody"

_SPY = r"""
import os, re, sys, threading, urllib.request

def read_command_lines():
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                yield from file.read().decode(errors="replace").split("\0")
        except OSError:
            pass

def try_url(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return f"read {answer.status} {answer.url}" if answer.status < 400 else "refused"
    except Exception as error:
        return f"refused {error}"

def poll():
    seen = set()
    while True:
        for word in read_command_lines():
            for url in re.findall(r"(?:https?|file)://[^\s'\"<>]+", word):
                if url not in seen:
                    seen.add(url)
                    print(url, try_url(url), flush=True)

print("ready", os.getuid(), flush=True)
threading.Thread(target=poll, daemon=True).start()
sys.stdin.read()
"""
"""Polls the command lines of all processes until stdin ends; prints each URL, and whether it could be read."""


def run_as_other_user() -> list[str]:
    """Return the beginning of a command line that runs a program as another user; skip the test if that can't be done.

    In CI the test fails instead.
    """
    if os.getuid() == 0:
        return ["setpriv", f"--reuid={OTHER_USER}", "--clear-groups"]
    return [*_sudo(), "-u", OTHER_USER]


def give_to_other_user(path: Path) -> None:
    """Make another user the owner of a file; skip the test, or fail in CI, if that can't be done."""
    sudo = _sudo() if os.getuid() else []
    subprocess.run([*sudo, "chown", OTHER_USER, str(path)], check=True)


def _sudo() -> list[str]:
    """Return the beginning of a command line that runs a program with other rights, without a password."""
    with suppress(OSError):
        sudo = ["sudo", "-n"]
        if subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0:
            return sudo
    if os.environ.get("CI"):
        pytest.fail("CI must run this as root, or with sudo")
    pytest.skip("a second user needs root, or sudo without a password")


class Spy:
    """Another user who tries each URL that appears in a command line."""

    def __init__(self) -> None:
        """Start it."""
        python = os.path.realpath(sys.executable)  # a virtual environment may be closed to others
        self._process = subprocess.Popen(
            [*run_as_other_user(), python, "-I", "-c", _SPY],
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        word, uid = self._process.stdout.readline().split()
        assert (word, int(uid) != os.getuid()) == ("ready", True)

    def stop(self) -> list[str]:
        """Stop it; return a line for each URL that it tried."""
        out, _ = self._process.communicate()
        return out.splitlines()


def can_other_user_read(path: Path) -> bool:
    """Return whether another user can read a file."""
    command = [*run_as_other_user(), "cat", str(path)]
    return subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0
