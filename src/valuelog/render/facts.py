"""Named facts in a table: settings, places."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A name, what it is, and where that comes from."""

    name: str
    value: str
    origin: str
