"""Facts: settings with their values, files with their paths."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A named value for JSON and as `text`, and its origin; for a path, whether it exists."""

    name: str
    value: Any
    text: str
    origin: str
    exists: bool | None = None
