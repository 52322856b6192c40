"""A slow reader: a pager that shows an export keeps no writer waiting."""

import subprocess
import sys
from pathlib import Path

from faults.harness import Server, Step, journal_path, run_process
from support.env import process_environment

ENTRY_COUNT = 4_000
"""More than a pipe and SQLite's first pages hold."""


def find_blocked_writers(server: Server, home: Path, entry_count: int, seed: int) -> list[str]:
    """Start an export whose output stays unread, and write meanwhile; return what failed."""
    texts = [f"a line of an export that somebody reads slowly, number {number}" for number in range(entry_count)]
    server.call("write_sample", journal=str(journal_path(home)), texts=texts, seed=seed)
    command = [sys.executable, "-m", "valuelog", "export", "jsonl", "-"]
    with subprocess.Popen(command, env=process_environment(home), stdout=subprocess.PIPE) as export:
        assert export.stdout
        first = export.stdout.readline()
        added = run_process(home, ["add", "activity", "while another program reads"])
        evening = server.run(home, Step(("today", "--answers", "-"), stdin='{"kind": "activity", "text": "one"}\n'))
        rest = export.stdout.read()
    failed = [done.err for done in (evening,) if done.code] + [added.stderr] * bool(added.returncode)
    count = (first + rest).count(b"a line of an export")
    return [*failed, *([] if count >= entry_count else [f"the export has {count} of {entry_count} entries"])]
