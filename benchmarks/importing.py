"""What an import of many entries costs: against writing the same rows with bare sqlite3, and in memory.

Both write into the tables of a journal, with its pragmas, in one transaction. Ours also reads and checks the file, and
writes the log that undo and doctor live by.
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

MANY = 100_000
A_DAY = 10
TIMES, MEMORY = 5.0, 200_000_000
"""So many times what bare sqlite3 takes an import may take, and so many bytes of memory."""

TABLES = ("entry", "entry_person", "entry_tag")


class Cost(NamedTuple):
    """What an import took, what bare sqlite3 took, in seconds, and the most memory that the import held, in bytes."""

    ours: float
    bare: float
    memory: int


def cost(count: int = MANY) -> Cost:
    """Import a table of so many entries, and write their rows with bare sqlite3."""
    with TemporaryDirectory(prefix="valuelog-bench-") as name:
        folder = Path(name)
        table, journal = folder / "work.csv", folder / "journal.db"
        table.write_text("day,kind,text,minutes,people,tags\n" + "".join(map(row, range(count))), encoding="utf-8")
        ours, memory = imported(table, journal)
        return Cost(ours, bare(journal, folder / "bare.db"), memory)


def row(number: int) -> str:
    """Return one row of the table."""
    day = TODAY - timedelta(days=1 + number // A_DAY)
    kind = "helped" if number % 4 == 0 else "activity"
    return f"{day},{kind},answered the mails about refund queue number {number} @sam #ops,30,sam,ops\n"


def imported(table: Path, journal: Path) -> tuple[float, int]:
    """Return how long the import took and how much memory it held."""
    program = [str(Path(sys.executable).with_name("valuelog")), "--journal", str(journal), "import", "csv", str(table)]
    start = time.perf_counter()
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, env={"HOME": str(table.parent), "LANG": "C.UTF-8"})
    memory = 0
    while process.poll() is None:
        memory = max(memory, held(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - start, memory


def held(pid: int) -> int:
    """Return how much memory a process has held at most so far, where the system says so."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def bare(journal: Path, target: Path) -> float:
    """Return how long it takes to write the rows of a journal into another one, in one transaction."""
    with closing(sqlite3.connect(journal)) as source:
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    other = open_to_write(target)
    start = time.perf_counter()
    other.execute("BEGIN IMMEDIATE")
    for table, found in rows.items():
        other.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
    other.execute("COMMIT")
    took = time.perf_counter() - start
    other.close()
    return took
