"""Named facts in a table: settings, places."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A name, what it is, how that is `shown`, and where it comes from; of a file, whether it exists."""

    name: str
    value: Any
    text: str
    origin: str
    exists: bool | None = None
