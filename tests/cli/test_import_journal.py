"""`import journal`: journal files of any schema, read on a private copy; damaged ones only with --skip-bad."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.sample_quarter import write_sample_quarter
from valuelog.journal.connection import SCHEMA_VERSION

if TYPE_CHECKING:
    from conftest import Run

SCHEMAS = sorted((Path(__file__).parents[1] / "journal").glob("schema_*.sql"))
ROWS_0_1_0 = SCHEMAS[0].with_name("journal_0_1_0.sql")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of another journal with a quarter of entries."""
    path = tmp_path / "other" / "theirs.db"
    path.parent.mkdir()
    write_sample_quarter(path)
    return path


def import_json(run: "Run", file: Path, *words: str) -> Any:  # noqa: ANN401  JSON
    """Import a journal and return the JSON result."""
    return json.loads(run("import", "journal", str(file), "--json", *words).out)


def export(run: "Run", *flags: str) -> list[str]:
    """Return the sorted lines of an export."""
    return sorted(run(*flags, "export", "jsonl", "-").out.splitlines())


def change_file(file: Path, *statements: str) -> None:
    """Change a journal file behind its back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_journal_arrives_like_its_export(run: "Run", file: Path) -> None:
    before = file.read_bytes()
    result = import_json(run, file)
    assert result["new"]["entry"] > 0
    assert result["known"] == result["bad"] == 0
    assert export(run) == export(run, "--journal", str(file))
    assert sum(import_json(run, file)["new"].values()) == 0
    assert file.read_bytes() == before
    assert [*file.parent.iterdir()] == [file]
    run("undo")
    assert run("list", "1900..2026", "--json").out == "[]\n"


def test_journal_dry_run_saves_nothing(run: "Run", file: Path, journal_path: Path) -> None:
    assert import_json(run, file, "-n")["new"]["entry"] > 0
    assert not journal_path.exists()


@pytest.mark.parametrize("script", SCHEMAS, ids=lambda path: path.stem)
def test_empty_journal_of_each_schema_is_read(run: "Run", tmp_path: Path, script: Path) -> None:
    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(script.read_text())
    assert sum(import_json(run, file)["new"].values()) == 0


def test_journal_of_version_0_1_0_arrives(run: "Run", tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for script in (SCHEMAS[1], ROWS_0_1_0):
            connection.executescript(script.read_text())
    before = file.read_bytes()
    result = import_json(run, file)
    assert result["bad"] == 0
    assert result["new"]["entry"] > 0
    assert file.read_bytes() == before


def test_journal_with_an_interrupted_change_is_rolled_back(run: "Run", file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE entry SET text = 'half' || text")
        hot, rollback = file.read_bytes(), Path(f"{file}-journal").read_bytes()
    file.write_bytes(hot)
    Path(f"{file}-journal").write_bytes(rollback)
    assert import_json(run, file)["bad"] == 0
    assert "half" not in run("list", "1900..2026", "--json").out
    assert (file.read_bytes(), Path(f"{file}-journal").read_bytes()) == (hot, rollback)


def test_altered_entities_arrive_neither_with_nor_without_skip_bad(run: "Run", file: Path, journal_path: Path) -> None:
    """One entry was altered in its table, another one in the log."""
    first, second = (entry["id"] for entry in json.loads(run("--journal", str(file), "list", "-n", "2", "--json").out))
    change_file(
        file,
        f"UPDATE entry SET text = 'kriginal' WHERE id = '{first}'",
        f"UPDATE change SET fields = replace(fields, '\"text\":\"', '\"text\":\"x') WHERE entity_id = '{second}'",
    )
    error = run("import", "journal", str(file), fails=1).err
    assert "was altered on disk, and not by valuelog. Nothing was imported." in " ".join(error.split())
    assert error.endswith("Fix it, or skip invalid records with --skip-bad.\n")
    assert not journal_path.exists() or run("list", "1900..2026", "--json").out == "[]\n"
    result = import_json(run, file, "--skip-bad")
    assert {f"entry {first}", f"entry {second}"} <= {each["place"] for each in result["left_out"]}
    known = {entry["id"] for entry in json.loads(run("list", "1900..2026", "--json").out)}
    assert not {first, second} & known
    assert len(known) == result["new"]["entry"] > 50


@pytest.mark.parametrize(("cut", "code"), [(0.5, 1), (0.9, 0)])
def test_journal_that_is_cut_off_arrives_in_part(run: "Run", file: Path, cut: float, code: int) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[: int(len(raw) * cut)])
    cut_bytes = file.read_bytes()
    error = run("import", "journal", str(file), fails=1).err
    assert error.count("\n") <= 3
    assert "mistake in valuelog" not in error
    result = run("import", "journal", str(file), "--skip-bad", "--json", fails=code)
    assert code or json.loads(result.out)["bad"] > 0
    assert file.read_bytes() == cut_bytes


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "is an empty file, not a valuelog journal."),
        (b"day,text\n", "is another kind of file, not a valuelog journal."),
        (b"SQLite format 3\0" + bytes(84), "is another program's database, not a valuelog journal."),
        (None, "cannot be read: No such file or directory."),
    ],
)
def test_other_files_are_refused(
    run: "Run", tmp_path: Path, journal_path: Path, raw: bytes | None, expected: str
) -> None:
    file = tmp_path / "x"
    if raw is not None:
        file.write_bytes(raw)
    assert expected in " ".join(run("import", "journal", str(file), fails=1).err.split())
    assert not journal_path.exists()


def test_journal_of_a_newer_version_is_refused(run: "Run", file: Path) -> None:
    change_file(file, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    assert "was written by a newer valuelog" in run("import", "journal", str(file), fails=1).err


def test_journal_cannot_be_piped(run: "Run") -> None:
    assert run("import", "journal", "-", fails=2).err.startswith("valuelog: A journal cannot be read from a pipe.")
