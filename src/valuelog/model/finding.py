"""FindingMute: that a finding is snoozed until a day, or turned off."""

from dataclasses import dataclass
from datetime import date, datetime


def finding_key(rule: str, about: str | None) -> str:
    """Return what identifies a finding: its rule, and what it is about unless the rule as a whole is meant."""
    return f"{rule}:{about}" if about else rule


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingMute:
    """That a rule, or one thing it is about, gives no findings before the day `until`, or ever if that is None.

    `id` is a `finding_key`.
    """

    id: str
    created: datetime
    until: date | None = None

    @property
    def rule(self) -> str:
        """The id of the rule."""
        return self.id.partition(":")[0]

    @property
    def about(self) -> str | None:
        """What it is about, or None for the whole rule."""
        return self.id.partition(":")[2] or None

    def is_active(self, today: date) -> bool:
        """Whether it still applies on a day."""
        return self.until is None or today < self.until
