"""Which backups are kept: one a day for the last 7 days, one a week for 4, one a month for 12."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol


class DatedCopy(Protocol):
    """A backup, as far as its age decides whether it is kept."""

    @property
    def path(self) -> Path:
        """Its file."""

    @property
    def made_at(self) -> datetime:
        """When it was made, UTC."""

    @property
    def is_verified(self) -> bool:
        """Whether it passed its check."""


DAILY, WEEKLY, MONTHLY = 7, 4, 12
"""How many days, weeks and months that have a backup keep one."""

_PERIODS: tuple[tuple[int, Callable[[datetime], object]], ...] = (
    (DAILY, lambda moment: moment.date()),
    (WEEKLY, lambda moment: moment.isocalendar()[:2]),
    (MONTHLY, lambda moment: (moment.year, moment.month)),
)


def expired_copies(copies: Collection[DatedCopy]) -> tuple[DatedCopy, ...]:
    """Return the copies to remove, oldest first.

    Of each of the latest days, weeks and months that have any, the newest verified copy is kept, or the newest if none
    is verified. The newest verified copy and the newest of all are always kept.
    """
    newest_first = sorted(copies, key=lambda copy: copy.made_at, reverse=True)
    best_first = sorted(newest_first, key=lambda copy: not copy.is_verified)
    kept = {copy.path for copy in (*newest_first[:1], *best_first[:1])}
    kept.update(path for count, period in _PERIODS for path in _newest_of_each(newest_first, best_first, count, period))
    return tuple(copy for copy in reversed(newest_first) if copy.path not in kept)


def _newest_of_each(
    newest_first: Sequence[DatedCopy],
    best_first: Sequence[DatedCopy],
    count: int,
    period: Callable[[datetime], object],
) -> Iterator[Path]:
    """Yield the best copy of each of the latest periods that have one."""
    latest = list(dict.fromkeys(period(copy.made_at) for copy in newest_first))[:count]
    for each in latest:
        yield next(copy.path for copy in best_first if period(copy.made_at) == each)
