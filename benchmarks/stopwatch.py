"""Run commands and record how long they take.

Commands that are compared take turns, and ratios are computed round by round: a slow moment of the machine affects
both, so ratios are reliable even if times are not.
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
from peers import prepare_peers
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
"""The sizes of journals: the baseline, the usual large one, and the one for --million."""

Series = tuple[str, int | str]
"""The name of a row, with the size of its journal, or with FLOOR for the empty app in the same round."""


def named(size: int) -> str:
    """Return a number of entries in words."""
    return f"{size:,} entries" if size else "no entries"


class Stopwatch:
    """The seconds of each row on each journal. Each journal is a copy in its own home, so commands may change it."""

    def __init__(self, folder: Path, kept: Path, sizes: Sequence[int]) -> None:
        """Create a home for each size, with a copy of the cached journal."""
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
        """Run every row `rounds` times on every journal, after one warm-up round."""
        for count in range(rounds + 1):
            for row in rows:
                progress(f"round {count} of {rounds}: {row.name}")
                self._note(
                    (row.name, FLOOR), time_command([sys.executable, str(self._empty_app)], self._environ(SMALL))
                )
                for size in self.sizes:
                    self._note((row.name, size), self._row(row, size))
            if not count:
                self._took.clear()
        progress("")

    def run_peers(self, rows: Sequence[Row], rounds: int) -> Iterator[tuple[str, str, int]]:
        """Run other programs on the same entries, alternating with the row to compare them with.

        The largest journal is left out, because it takes them minutes. Yields the names of the peer and the row, and
        the size of the journal.
        """
        for size in (size for size in self.sizes if SMALL <= size <= LARGE):
            for peer, command in prepare_peers(self.kept[size], self._homes[size]):
                row = next(row for row in rows if row.name == peer.row)
                time_command(command, self._environ(size))
                for count in range(rounds):
                    progress(f"{peer.name}, round {count + 1} of {rounds}, {named(size)}")
                    self._note((peer.name, size), time_command(command, self._environ(size)))
                    self._note((f"{row.name} beside {peer.name}", size), self._row(row, size))
                progress("")
                yield peer.name, row.name, size

    def _row(self, row: Row, size: int) -> float:
        watch = time_until_question if row.asks else time_command
        return watch([self._program, *row.words], {**self._environ(size), **row.environ})

    def _note(self, series: Series, seconds: float) -> None:
        self._took.setdefault(series, []).append(seconds)

    def _environ(self, size: int) -> dict[str, str]:
        """Return the environment of a new user. Python writes bytecode, as usual."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
        own = {"HOME": str(self._homes[size]), "VALUELOG_TODAY": TODAY.isoformat()}
        return {**kept, **own, "TERM": "xterm-256color", "COLUMNS": "80"}

    def seconds(self, name: str, place: int | str) -> float:
        """Return the median seconds of a row on a journal."""
        return float(self._measured((name, place)).median())

    def ratio(self, name: str, place: int | str, against: int | str) -> float:
        """Return the median over all rounds of the time in one place, divided by the time in another."""
        rounds = zip(self._took[name, place], self._took[name, against], strict=True)
        return median(here / there for here, there in rounds)

    def _measured(self, series: Series) -> pyperf.Benchmark:
        name, place = series
        facts = {"name": f"{name}, {named(place) if isinstance(place, int) else place}", "unit": "second"}
        return pyperf.Benchmark([pyperf.Run(self._took[series], metadata=facts, collect_metadata=False)])

    def suite(self) -> pyperf.BenchmarkSuite:
        """Return all measurements as a pyperf suite."""
        return pyperf.BenchmarkSuite([self._measured(series) for series in self._took])


def time_command(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """Return the seconds a command takes."""
    begun = time.perf_counter()
    nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
    done = subprocess.run(command, env=environ, stdin=nothing, stdout=nothing, stderr=pipe, check=False)
    took = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
    return took


def time_until_question(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """Return the seconds until the first question is on a terminal."""
    begun = time.perf_counter()
    program, *words = command
    with pexpect.spawn(program, words, env=dict(environ), timeout=60, dimensions=(24, 80)) as terminal:
        terminal.expect_exact(FIRST_QUESTION)
        return time.perf_counter() - begun


def progress(message: str) -> None:
    """Show a progress message on a terminal, on one line."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{message}", end="", file=sys.stderr, flush=True)
