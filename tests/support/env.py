"""Environment variables that isolate a program in its own home."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


NO_BACKUPS = {"VALUELOG_BACKUPS": "false"}
"""Turns off automatic backups, whose processes would outlive the test."""


def xdg_variables(home: "Path") -> dict[str, str]:
    """Return the variables that locate journal, settings and state in a home."""
    return {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("data", "config", "state")}


def process_environment(home: "Path", **more: str) -> dict[str, str]:
    """Return the full environment of a program in a home, on Friday 20 November 2026."""
    defaults = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "VALUELOG_TODAY": "2026-11-20",
        **NO_BACKUPS,
    }
    return {**defaults, **xdg_variables(home), **more}
