"""When an automatic backup is due."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from valuelog.journal.backup_schedule import LARGE_SIZE, TIME_FORMAT, is_backup_due

EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)


def write_backup_name(folder: Path, minutes_ago: int, stem: str = "journal") -> None:
    moment = EVENING - timedelta(minutes=minutes_ago)
    (folder / "backups" / f"{stem}.{moment.strftime(TIME_FORMAT)}.9e64bcc7.db").touch()


@pytest.mark.parametrize(
    ("minutes_ago", "size", "is_due"),
    [
        pytest.param([], 1, True, id="none yet"),
        pytest.param([59], 1, False, id="within the hour"),
        pytest.param([61], 1, True, id="over an hour"),
        pytest.param([900, 30], 1, False, id="the newest counts"),
        pytest.param([61], LARGE_SIZE + 1, False, id="large, within the day"),
        pytest.param([1441], LARGE_SIZE + 1, True, id="large, over a day"),
        pytest.param([-500_000], 1, True, id="made by a wrong clock"),
    ],
)
def test_backup_is_due_by_the_age_of_the_newest(
    tmp_path: Path, minutes_ago: list[int], size: int, *, is_due: bool
) -> None:
    (tmp_path / "backups").mkdir()
    with (tmp_path / "journal.db").open("wb") as file:
        file.truncate(size)
    for each in minutes_ago:
        write_backup_name(tmp_path, each)
    write_backup_name(tmp_path, 1, stem="work")
    (tmp_path / "backups" / "checks.json").touch()
    assert is_backup_due(tmp_path / "journal.db", EVENING) is is_due
    (tmp_path / "link.db").symlink_to(tmp_path / "journal.db")
    assert is_backup_due(tmp_path / "link.db", EVENING) is is_due


def test_backup_is_due_without_a_folder(tmp_path: Path) -> None:
    assert is_backup_due(tmp_path / "journal.db", EVENING)
