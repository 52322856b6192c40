"""What a stream can show: how wide it is, and whether it has color. Flags come first, then the environment."""

import os
from collections.abc import Mapping
from typing import IO

from valuelog.render import Canvas

MAX_WIDTH = 120
"""Longer lines are harder to read than they are worth."""

MIN_WIDTH = 20


def detect_canvas(stream: IO[str], environ: Mapping[str, str], color: str) -> Canvas:
    """Return what a stream can show; `color` is auto, always or never."""
    return Canvas(width=_detect_width(stream, environ), color=_uses_color(stream, environ, color))


def _detect_width(stream: IO[str], environ: Mapping[str, str]) -> int:
    said = environ.get("COLUMNS", "")
    columns = int(said) if said.isdecimal() else 0
    return max(MIN_WIDTH, min(columns or _terminal_columns(stream), MAX_WIDTH))


def _terminal_columns(stream: IO[str]) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def terminal_height(stream: IO[str]) -> int | None:
    """Return how many lines a terminal has; none where it is no terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).lines
    except (OSError, ValueError):
        return None


def _uses_color(stream: IO[str], environ: Mapping[str, str], color: str) -> bool:
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb" and environ.get("CLICOLOR") != "0"
