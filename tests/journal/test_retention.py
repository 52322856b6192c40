"""Which backups are kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from valuelog.journal.retention import DAILY, MONTHLY, WEEKLY, expired_copies

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Copy(NamedTuple):
    """A backup."""

    made_at: datetime
    is_verified: bool = True

    @property
    def path(self) -> Path:
        """Return its file."""
        return Path(f"{self.made_at.isoformat()}.db")


def ago(days: float, *, is_verified: bool = True) -> Copy:
    return Copy(NOON - timedelta(days=days), is_verified)


def kept_days(copies: list[Copy]) -> list[float]:
    """Return how old the kept copies are, in days, newest first."""
    expired = {copy.path for copy in expired_copies(copies)}
    kept = [copy for copy in copies if copy.path not in expired]
    return sorted((NOON - copy.made_at) / timedelta(days=1) for copy in kept)


@pytest.mark.parametrize(
    ("made", "kept"),
    [
        pytest.param([], [], id="none"),
        pytest.param([900], [900], id="the only one, however old"),
        pytest.param([0, 0.1, 0.2, 0.3], [0], id="the newest of one day"),
        pytest.param([0, 0.4, 1, 1.4, 2], [0, 1, 2], id="the newest of each day"),
        pytest.param([0, 30, 60, 90], [0, 30, 60, 90], id="days without a backup don't count"),
        pytest.param([0, 400, 800], [0, 400, 800], id="seldom"),
    ],
)
def test_newest_of_each_period_is_kept(made: list[float], kept: list[float]) -> None:
    assert kept_days([ago(days) for days in made]) == kept


def test_two_years_of_daily_backups_leave_days_weeks_and_months() -> None:
    copies = [ago(days) for days in range(730)]
    kept = kept_days(copies)
    assert kept[:DAILY] == list(range(DAILY))
    months = {(copy.made_at.year, copy.made_at.month) for copy in copies if (NOON - copy.made_at).days in kept}
    weeks = {copy.made_at.isocalendar()[:2] for copy in copies if (NOON - copy.made_at).days in kept}
    assert len(months) == MONTHLY
    assert len(weeks) >= WEEKLY
    assert len(kept) <= DAILY + WEEKLY + MONTHLY


def test_removing_day_by_day_keeps_the_same_reach() -> None:
    copies: list[Copy] = []
    for days in range(730, -1, -1):
        copies.append(ago(days))
        expired = {copy.path for copy in expired_copies(copies)}
        copies = [copy for copy in copies if copy.path not in expired]
    assert len(copies) >= DAILY + MONTHLY - 1
    assert (NOON - copies[0].made_at).days > 320


def test_verified_copy_is_preferred_to_a_newer_unverified_one() -> None:
    copies = [ago(0.1), ago(0, is_verified=False), ago(0.2, is_verified=False)]
    assert kept_days(copies) == [0, 0.1]


def test_newest_verified_copy_is_kept_however_many_unverified_ones_follow() -> None:
    copies = [ago(3000), *(ago(days, is_verified=False) for days in range(1000))]
    assert 3000 in kept_days(copies)


def test_expired_copies_are_returned_oldest_first() -> None:
    copies = [ago(0), ago(0.3), ago(0.1), ago(0.2)]
    assert [copy.made_at for copy in expired_copies(copies)] == sorted(copy.made_at for copy in copies[1:])
