"""Doctor over damaged journals: every flipped bit is harmless or named, and a repair never changes words silently."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from shutil import copy, rmtree
from typing import Any

import pytest

from journal.conftest import find_entry_id
from support.makers import make_entry, open_test_journal
from valuelog.journal import entries
from valuelog.journal.backups import own_copies
from valuelog.journal.hash_chain import decode_text
from valuelog.journal.projection import TABLES
from valuelog.journal.verify import check_log
from valuelog.workflows.doctor import Checkup, Surroundings, check_everything, repair_everything

NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
FLIPS = 60
PAGES, PAGE = 6, 4096
TABLE_NAMES = (*TABLES, "entry_person", "entry_tag", "change", "device", "batch", "daily", "weekly", "value_share")


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> Path:
    """Return a journal with 300 entries, several devices, undone batches, purged text and every entity type."""
    folder = tmp_path_factory.mktemp("large")
    copy(filled, folder / "journal.db")
    (folder / "journal.db").chmod(0o600)
    for device in ("a-laptop", "a-desktop", "a-tablet"):
        journal = open_test_journal(folder, device=device)
        texts = [f"{device} {number} checked the refund queue" for number in range(97)]
        entries.add(journal, [make_entry(text=text, tags=("refunds",)) for text in texts[:50]])
        for text in texts[50:]:
            entries.add(journal, [make_entry(text=text)])
        journal.undo()
        journal.purge("entry", find_entry_id(journal, texts[3]))
        journal.close()
    return folder / "journal.db"


def copy_privately(original: Path, folder: Path) -> Path:
    path = folder / "journal.db"
    copy(original, path)
    path.chmod(0o600)
    return path


def check(path: Path, *, deep: bool = False) -> Checkup:
    return check_everything(path, _surroundings(path), now=NOW, deep=deep)


def fix(path: Path) -> Checkup:
    repairs = repair_everything(check(path), _surroundings(path), device="a-laptop", pick=None)
    return repairs.apply_to(check(path))


def _surroundings(path: Path) -> Surroundings:
    return Surroundings(settings_path=path.with_name("config.toml"))


def read_everything(path: Path) -> list[Any] | None:
    """Return every row that commands read, or None if SQLite can't."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.text_factory = decode_text
            rows = [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in TABLE_NAMES]
            found = connection.execute("SELECT rowid FROM search_fts('refund') ORDER BY 1").fetchall()
            return [*rows, found]
    except (sqlite3.Error, UnicodeDecodeError, MemoryError):
        return None


def words(path: Path) -> list[Any]:
    """Return the words that people see."""
    with closing(sqlite3.connect(path)) as connection:
        names = [*TABLES, "entry_person", "entry_tag"]
        return [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names]


def damaged_copies(original: Path, folder: Path, seed: int, count: int) -> Iterator[tuple[str, Path]]:
    """Yield copies with one flipped bit, each in its own folder."""
    rng = Random(seed)  # noqa: S311  not for secrets
    content = original.read_bytes()
    for number in range(count):
        raw = bytearray(content)
        place, bit = rng.randrange(len(raw)), rng.randrange(8)
        raw[place] ^= 1 << bit
        path = folder / f"{number}" / "journal.db"
        path.parent.mkdir(mode=0o700)
        path.write_bytes(raw)
        path.chmod(0o600)
        yield f"byte {place} bit {bit}", path


def test_sound_journal_has_no_findings(large: Path) -> None:
    assert check(large).problems == ()


def require_honest(name: str, path: Path, original_words: list[Any]) -> Checkup:
    """Repair a damaged journal; fail if that crashes, or if it changes words without a word about them."""
    fixed = fix(path)
    if fixed.is_sound:
        assert words(path) == original_words, name
    if fixed.salvaged and words(fixed.salvaged) != original_words:
        (finding,) = (each for each in fixed.findings if each.id == "salvaged")
        assert "lost" in finding.text or "don't fit" in finding.text, name
    return fixed


@pytest.mark.slow
def test_flipped_bit_is_harmless_or_named(large: Path, tmp_path: Path) -> None:
    before, original_words, repaired = read_everything(large), words(large), 0
    for name, path in damaged_copies(large, tmp_path, 13, FLIPS):
        if check(path).is_sound:
            assert read_everything(path) == before, name
        else:
            repaired += require_honest(name, path, original_words).is_sound
        rmtree(path.parent)
    assert repaired > FLIPS // 4


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["zeroed", "swapped", "truncated"])
def test_damaged_pages_are_named(large: Path, tmp_path: Path, damage: str) -> None:
    before, original_words, content = read_everything(large), words(large), large.read_bytes()
    rng = Random(7)  # noqa: S311  not for secrets
    for number in range(PAGES):
        raw, (one, other) = bytearray(content), rng.sample(range(1, len(content) // PAGE), 2)
        first, second = (slice(page * PAGE, (page + 1) * PAGE) for page in (one, other))
        match damage:
            case "zeroed":
                raw[first] = bytes(PAGE)
            case "swapped":
                raw[first], raw[second] = raw[second], raw[first]
            case _:
                del raw[rng.randrange(200, len(raw)) :]
        path = tmp_path / f"{number}" / "journal.db"
        path.parent.mkdir(mode=0o700)
        path.write_bytes(raw)
        path.chmod(0o600)
        name = f"{damage} {one} {other} {len(raw)}"
        if check(path).is_sound:
            assert read_everything(path) == before, name
        else:
            require_honest(name, path, original_words)
        rmtree(path.parent)


def test_altered_text_comes_back_from_a_backup(large: Path, tmp_path: Path) -> None:
    path = copy_privately(large, tmp_path)
    with closing(open_test_journal(tmp_path)) as journal:
        backup = journal.make_backup()
    original = words(path)
    path.write_bytes(path.read_bytes().replace(b'"text":"the wombat is out', b'"text":"the wolves are in'))
    (altered,) = (each for each in check(path).findings if each.id == "altered-change")
    assert altered.last_good == backup.path
    assert altered.day == date(2026, 11, 20)
    fixed = fix(path)
    assert (fixed.is_sound, len(fixed.kept)) == (True, 1)
    assert words(path) == original
    assert fixed.kept[0] in own_copies(path)
    assert fixed.kept[0].stat().st_mode & 0o777 == 0o600


def test_altered_text_without_a_backup_is_picked_by_a_person(large: Path, tmp_path: Path) -> None:
    path = copy_privately(large, tmp_path)
    original = words(path)
    path.write_bytes(path.read_bytes().replace(b'"text":"the wombat is out', b'"text":"the wolves are in'))
    assert [each.id for each in fix(path).problems] == ["altered-change", "row-differs"]
    repairs = repair_everything(
        check(path), _surroundings(path), device="a-laptop", pick=lambda conflict: conflict.versions["table"]
    )
    assert repairs.kept
    assert check(path).is_sound
    assert words(path) == original
    with closing(open_test_journal(tmp_path)) as journal:
        assert journal.rows("SELECT act FROM batch ORDER BY last DESC LIMIT 1") == [("repair",)]
        journal.undo()
        assert journal.rows("SELECT undone FROM batch WHERE act = 'repair'") == [(0,)]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE entry SET text = 'sneaked in' WHERE minutes = 30", "row-differs"),
        ("DELETE FROM entry_tag WHERE name = 'q4'", "row-differs"),
        ("UPDATE batch SET undone = 1 - undone", "batch"),
        ("INSERT INTO search_fts (search_fts, rowid, text, details) SELECT 'delete', * FROM searchable", "full-text"),
        ("DROP VIEW value_share", "schema"),
        ("DROP INDEX entry_day", "schema"),
        ("DELETE FROM sighting", "row-differs"),
        ("UPDATE device SET name = 'a-lapuop' WHERE name = 'a-laptop'", "device"),
        ("DELETE FROM batch", "batch"),
    ],
)
def test_repair_derives_what_the_log_proves(large: Path, tmp_path: Path, statement: str, kind: str) -> None:
    path = copy_privately(large, tmp_path)
    original = read_everything(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)
    assert kind in {each.id for each in check(path).problems}
    fixed = fix(path)
    assert fixed.problems == ()
    assert read_everything(path) == original


@pytest.mark.damages_journal
def test_row_without_a_change_is_shown_and_stays(large: Path, tmp_path: Path) -> None:
    path = copy_privately(large, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO promise (id, kind, text, made_on, due, created, utc_offset)"
            " VALUES ('zz', 'stop', 'nobody wrote this', '2026-11-20', '2026-11-27', '2026-11-20T12:00:00.000Z', 0)"
        )
    (finding,) = (each for each in fix(path).problems if each.id == "row-without-log")
    assert finding.shown == ("nobody wrote this",)


def test_modes_and_leftovers_are_repaired(large: Path, tmp_path: Path) -> None:
    path = copy_privately(large, tmp_path)
    path.chmod(0o644)
    leftover = tmp_path / ".journal.db.k7m2.unfinished"
    leftover.write_bytes(b"half")
    leftover.chmod(0o600)
    assert {each.id for each in check(path).problems} == {"mode", "leftover"}
    fixed = fix(path)
    assert (fixed.is_sound, len(fixed.repaired), leftover.exists()) == (True, 2, False)
    assert path.stat().st_mode & 0o777 == 0o600


def test_altered_backup_is_found_by_a_deep_check_and_a_missing_one_at_once(large: Path, tmp_path: Path) -> None:
    path = copy_privately(large, tmp_path)
    with closing(open_test_journal(tmp_path)) as journal:
        backup = journal.make_backup()
    raw = bytearray(backup.path.read_bytes())
    raw[len(raw) // 2] ^= 1
    backup.path.write_bytes(raw)
    assert check(path).problems == ()
    assert [each.id for each in check(path, deep=True).problems] == ["backup-altered"]
    backup.path.unlink()
    assert [each.id for each in check(path).problems] == ["backup-missing"]
    assert fix(path).is_sound


def test_million_entries_are_checked_in_one_pass(large: Path) -> None:
    with closing(sqlite3.connect(large)) as connection:
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        assert list(check_log(connection)) == []
        single = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    assert len([each for each in statements if each.startswith("SELECT")]) < single
