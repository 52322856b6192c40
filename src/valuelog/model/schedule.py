"""Customs: how a person keeps their weeks, and who is who to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The weekdays that are worked and the one that looks back (0 is Monday); `aliases` are other names of a person."""

    weekdays: frozenset[int] = frozenset(range(5))
    review_day: int = 4
    aliases: Mapping[str, str] = field(default_factory=dict)

    def next_review_day(self, day: date) -> date:
        """Return the next day that looks back, after a day."""
        return day + timedelta(days=(self.review_day - day.weekday() - 1) % 7 + 1)

    def canonical_names(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return whom some names mean: each person once, by the name they are known by."""
        return tuple(sorted({self.aliases.get(name, name) for name in names}))

    def names_of(self, name: str) -> tuple[str, ...]:
        """Return every name of the person whom a name means."""
        person = self.aliases.get(name, name)
        return (person, *(alias for alias, known in self.aliases.items() if known == person))
