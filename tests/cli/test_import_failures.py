"""An import that fails or is killed leaves nothing: no new journal, no new folder, no temporary file."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from valuelog.journal.store import Journal

if TYPE_CHECKING:
    from conftest import Run

GOOD = "day,text\n2026-11-19,audit mails\n"
KILLS = 10
ROWS = 1_500


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of a valid file."""
    path = tmp_path / "theirs.csv"
    path.write_text(GOOD)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return a journal in folders that do not exist."""
    return tmp_path / "new" / "folders" / "journal.db"


@pytest.mark.parametrize("text", ["", "hello\n", f"{GOOD}yesterday,x\n", f"{GOOD}2029-01-01,x\n"])
def test_refused_file_creates_no_journal(run: "Run", file: Path, target: Path, text: str) -> None:
    file.write_text(text)
    run("--journal", str(target), "import", "csv", str(file), fails=1)
    assert not target.parent.parent.exists()


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left on device"), 1)])
def test_failed_write_leaves_no_journal(
    run: "Run", file: Path, target: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Journal, "write", fail)
    run("--journal", str(target), "import", "csv", str(file), fails=code)
    assert not target.parent.parent.exists()


def test_failed_write_keeps_a_journal_that_was_there(
    run: "Run", file: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--journal", str(target), "add", "activity", "before")
    run("--journal", str(target), "undo")
    monkeypatch.setattr(Journal, "write", lambda *_, **__: 1 / 0)
    run("--journal", str(target), "import", "csv", str(file), fails=1)
    assert target.exists()


def start_import(
    journal: Path, file: Path, temporary: Path, limit: tuple[int, int] | None = None
) -> "subprocess.Popen[bytes]":
    """Start the real program, perhaps with a resource limit."""
    return subprocess.Popen(
        [sys.executable, "-m", "valuelog", "--journal", str(journal), "import", "csv", str(file)],
        env={**os.environ, "TMPDIR": str(temporary), "VALUELOG_TODAY": "2026-11-20"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=temporary,
        preexec_fn=(lambda: resource.setrlimit(limit[0], (limit[1], limit[1]))) if limit else None,  # noqa: PLW1509  no threads here
    )  # fmt: skip


@pytest.mark.parametrize("limit", [(resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 5)])
def test_no_temporary_space_is_one_clear_line(file: Path, target: Path, limit: tuple[int, int]) -> None:
    temporary = file.parent / "temporary"
    temporary.mkdir()
    with start_import(target, file, temporary, limit) as process:
        error = process.communicate()[1].decode()
    assert process.returncode == 1
    assert "mistake in valuelog" not in error
    assert "Traceback" not in error
    assert error.count("\n") <= 2
    if limit[0] == resource.RLIMIT_FSIZE:
        assert error == (
            "valuelog: There is no folder for temporary files. Nothing was imported.\n"
            "Set TMPDIR to a folder that you can write to, or free some disk space.\n"
        )
    assert not target.parent.parent.exists()


def test_killed_import_leaves_nothing(run: "Run", file: Path, tmp_path: Path) -> None:
    journal, temporary = tmp_path / "j" / "journal.db", tmp_path / "temporary"
    temporary.mkdir()
    run("--journal", str(journal), "add", "activity", "before")
    file.write_text("day,text\n" + "".join(f"2026-11-19,row {number}\n" for number in range(ROWS)))
    started = time.monotonic()
    with start_import(tmp_path / "warm.db", file, temporary) as whole:
        whole.communicate()
    seconds = time.monotonic() - started
    for kill in range(1, KILLS + 1):
        with start_import(journal, file, temporary) as process:
            time.sleep(seconds * kill / (KILLS + 1))
            process.send_signal(signal.SIGKILL)
        assert [*temporary.iterdir()] == []
        found = run("--journal", str(journal), "list", "2026", "--json").out.count('"text"')
        assert found in {1, ROWS + 1}
    names = {path.name for path in journal.parent.iterdir() if ".before-import" not in path.name}
    assert names <= {"journal.db", "backups"}
