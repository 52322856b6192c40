"""What a stream can show: how wide it is, and whether it has colour. Flags come first, then the environment."""

import os
from collections.abc import Mapping
from typing import IO

from valuelog.render import Canvas

WIDEST = 120
"""Longer lines are harder to read than they are worth."""

NARROWEST = 20


def canvas(stream: IO[str], environ: Mapping[str, str], color: str) -> Canvas:
    """Return what a stream can show; `color` is auto, always or never."""
    return Canvas(width=_width(stream, environ), color=_colored(stream, environ, color))


def _width(stream: IO[str], environ: Mapping[str, str]) -> int:
    said = environ.get("COLUMNS", "")
    columns = int(said) if said.isdecimal() else 0
    return max(NARROWEST, min(columns or _columns(stream), WIDEST))


def _columns(stream: IO[str]) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def lines(stream: IO[str]) -> int | None:
    """Return how many lines a terminal has; none where it is no terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).lines
    except (OSError, ValueError):
        return None


def _colored(stream: IO[str], environ: Mapping[str, str], color: str) -> bool:
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb" and environ.get("CLICOLOR") != "0"
