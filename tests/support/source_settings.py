"""Configures sources and returns their drafts."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Run


def write_settings(home: Path, text: str) -> None:
    """Write config.toml."""
    (home / "config" / "valuelog").mkdir(parents=True, exist_ok=True)
    (home / "config" / "valuelog" / "config.toml").write_text(text)


def write_empty_frames(home: Path) -> None:
    """Write an empty Watson frames file."""
    (home / "config" / "watson").mkdir(parents=True, exist_ok=True)
    (home / "config" / "watson" / "frames").write_text("[]")


def gather_texts(run: "Run", *words: str) -> list[str]:
    """Return the texts of the drafts of a day."""
    return [one["text"] for one in json.loads(run("gather", *words, "--json").out)]
