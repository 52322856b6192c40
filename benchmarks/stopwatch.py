"""Running commands and keeping how long they took.

What is set against each other is run in turn, and set against each other turn by turn: a machine that slows down slows
both, so that ratios hold where times do not.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import pexpect
import pyperf  # type: ignore[import-untyped]
from journals import TODAY, journal_of
from peers import settle
from rows import FIRST_QUESTION, Row

FLOOR = "T0"
EMPTY_APP = """\
import typer

app = typer.Typer()


@app.command()
def main() -> None:
    pass


app()
"""

SMALL, LARGE, MILLION = 100, 100_000, 1_000_000
"""The journal that others are set against, the one that fits any run, and the one that must be asked for."""

Series = tuple[str, int | str]
"""What is timed, and where: a row on a journal of some size, or FLOOR for the empty app that was run beside it."""


def named(size: int) -> str:
    """Write a number of entries."""
    return f"{size:,} entries" if size else "no entries"


class Stopwatch:
    """How many seconds each row took on each journal. Every journal has a home, in which it may be changed."""

    def __init__(self, folder: Path, kept: Path, sizes: Sequence[int]) -> None:
        """Make a home for each size; the journals in them are copies of those that are kept."""
        self.sizes = sizes
        self.kept = {size: journal_of(size, kept) for size in sizes}
        self._took: dict[Series, list[float]] = {}
        self._program = str(Path(sys.executable).with_name("valuelog"))
        self._empty_app = folder / "empty_app.py"
        self._empty_app.write_text(EMPTY_APP, encoding="utf-8")
        self._homes = {size: folder / str(size) for size in sizes}
        for size, home in self._homes.items():
            journal = home / ".local" / "share" / "valuelog" / "journal.db"
            journal.parent.mkdir(parents=True)
            shutil.copyfile(self.kept[size], journal)

    def run(self, rows: Sequence[Row], rounds: int) -> None:
        """Run every row so many times on every journal, and once before that to fill all caches."""
        for count in range(rounds + 1):
            for row in rows:
                progress(f"round {count} of {rounds}: {row.name}")
                self._note((row.name, FLOOR), whole([sys.executable, str(self._empty_app)], self._environ(SMALL)))
                for size in self.sizes:
                    self._note((row.name, size), self._row(row, size))
            if not count:
                self._took.clear()
        progress("")

    def run_peers(self, rows: Sequence[Row], rounds: int) -> Iterator[tuple[str, str, int]]:
        """Run what other programs have on the same entries, beside the row of ours that is nearest to it.

        The largest journal would take them minutes. Yields the names of the peer and the row, and the journal's size.
        """
        for size in (size for size in self.sizes if SMALL <= size <= LARGE):
            for peer, command in settle(self.kept[size], self._homes[size]):
                row = next(row for row in rows if row.name == peer.row)
                whole(command, self._environ(size))
                for count in range(rounds):
                    progress(f"{peer.name}, round {count + 1} of {rounds}, {named(size)}")
                    self._note((peer.name, size), whole(command, self._environ(size)))
                    self._note((f"{row.name} beside {peer.name}", size), self._row(row, size))
                progress("")
                yield peer.name, row.name, size

    def _row(self, row: Row, size: int) -> float:
        watch = until_asked if row.asks else whole
        return watch([self._program, *row.words], {**self._environ(size), **row.environ})

    def _note(self, series: Series, seconds: float) -> None:
        self._took.setdefault(series, []).append(seconds)

    def _environ(self, size: int) -> dict[str, str]:
        """Return the environment of somebody who has set nothing up. Bytecode is written, as it is for everyone."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
        own = {"HOME": str(self._homes[size]), "VALUELOG_TODAY": TODAY.isoformat()}
        return {**kept, **own, "TERM": "xterm-256color", "COLUMNS": "80"}

    def seconds(self, name: str, place: int | str) -> float:
        """Return the median of what something took on a journal."""
        return float(self._measured((name, place)).median())

    def ratio(self, name: str, place: int | str, against: int | str) -> float:
        """Return how many times what a row took elsewhere it took here: the median over all rounds."""
        rounds = zip(self._took[name, place], self._took[name, against], strict=True)
        return median(here / there for here, there in rounds)

    def _measured(self, series: Series) -> pyperf.Benchmark:
        name, place = series
        facts = {"name": f"{name}, {named(place) if isinstance(place, int) else place}", "unit": "second"}
        return pyperf.Benchmark([pyperf.Run(self._took[series], metadata=facts, collect_metadata=False)])

    def suite(self) -> pyperf.BenchmarkSuite:
        """Return all that was measured, as pyperf keeps and compares it."""
        return pyperf.BenchmarkSuite([self._measured(series) for series in self._took])


def whole(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """Return how many seconds a command takes from its start to its end."""
    begun = time.perf_counter()
    nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
    done = subprocess.run(command, env=environ, stdin=nothing, stdout=nothing, stderr=pipe, check=False)
    took = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
    return took


def until_asked(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """Return after how many seconds the first question is on the screen of a terminal."""
    begun = time.perf_counter()
    program, *words = command
    with pexpect.spawn(program, words, env=dict(environ), timeout=60, dimensions=(24, 80)) as terminal:
        terminal.expect_exact(FIRST_QUESTION)
        return time.perf_counter() - begun


def progress(said: str) -> None:
    """Show on one line what is going on, where somebody looks."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{said}", end="", file=sys.stderr, flush=True)
