"""Homes of their own: the variables that lead a program there."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def xdg_variables(home: "Path") -> dict[str, str]:
    """Return the variables that say where a journal, its settings and the rest are."""
    return {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("data", "config", "state")}


def process_environment(home: "Path", **more: str) -> dict[str, str]:
    """Return the whole environment of a program in a home of its own, on Friday 20 November 2026."""
    usual = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "VALUELOG_TODAY": "2026-11-20"}
    return {**usual, **xdg_variables(home), **more}
