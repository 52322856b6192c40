"""The time and memory of a large import, compared with writing the same rows with bare sqlite3.

Both write into the tables of a journal, with its pragmas, in one transaction. The import also reads and validates the
file, and writes the log of changes.
"""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from journals import TODAY

from valuelog.journal.connection import open_to_write

ENTRIES = 100_000
ENTRIES_PER_DAY = 10
MAX_RATIO, MAX_MEMORY = 5.0, 200_000_000
"""How many times longer than bare sqlite3 an import may take, and how many bytes of memory it may use."""

TABLES = ("entry", "entry_person", "entry_tag")


class Cost(NamedTuple):
    """The seconds of an import and of bare sqlite3, and the peak memory of the import in bytes."""

    import_seconds: float
    bare_seconds: float
    memory: int


def measure(count: int = ENTRIES) -> Cost:
    """Import a table of `count` entries, and write their rows with bare sqlite3."""
    with TemporaryDirectory(prefix="valuelog-bench-") as name:
        folder = Path(name)
        table, journal = folder / "work.csv", folder / "journal.db"
        table.write_text(
            "day,kind,text,minutes,people,tags\n" + "".join(map(format_row, range(count))), encoding="utf-8"
        )
        seconds, memory = run_import(table, journal)
        return Cost(seconds, write_bare(journal, folder / "bare.db"), memory)


def format_row(number: int) -> str:
    """Return one row of the table."""
    day = TODAY - timedelta(days=1 + number // ENTRIES_PER_DAY)
    kind = "helped" if number % 4 == 0 else "activity"
    return f"{day},{kind},answered the mails about refund queue number {number} @sam #ops,30,sam,ops\n"


def run_import(table: Path, journal: Path) -> tuple[float, int]:
    """Return the seconds and the peak memory of an import."""
    program = [str(Path(sys.executable).with_name("valuelog")), "--journal", str(journal), "import", "csv", str(table)]
    start = time.perf_counter()
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, env={"HOME": str(table.parent), "LANG": "C.UTF-8"})
    memory = 0
    while process.poll() is None:
        memory = max(memory, peak_memory(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - start, memory


def peak_memory(pid: int) -> int:
    """Return the peak memory of a process so far, or 0 where /proc is missing."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def write_bare(journal: Path, target: Path) -> float:
    """Write the rows of a journal into another one in one transaction, and return the seconds."""
    with closing(sqlite3.connect(journal)) as source:
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    other = open_to_write(target)
    start = time.perf_counter()
    other.execute("BEGIN IMMEDIATE")
    for table, table_rows in rows.items():
        other.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(table_rows[0]))})", table_rows)
    other.execute("COMMIT")
    seconds = time.perf_counter() - start
    other.close()
    return seconds
