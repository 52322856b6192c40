"""What performance.md asks for, as a table of ratios. A benchmark, never a timed test: it says what misses, no more."""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import importing
import login_hook
import peers
from rows import BYTES, ROWS, Row
from stopwatch import FLOOR, LARGE, MILLION, SMALL, Stopwatch, named

ROUNDS, FEW = 25, 5
LOGINS, FEW_LOGINS = 40, 5

NAME, CELL = 23, 29


@dataclass(frozen=True)
class Figure:
    """What something took, how many times what it is set against, and at most how many times that it may take."""

    what: str
    seconds: float
    ratio: float
    budget: float | None

    @property
    def missed(self) -> bool:
        """Whether it takes longer than it may."""
        return self.budget is not None and self.ratio > self.budget

    def __str__(self) -> str:
        """Write it as a cell of the table."""
        verdict = "" if self.budget is None else "MISS" if self.missed else "ok"
        return f"{1000 * self.seconds:>10.1f}{self.ratio:>7.2f}{self.budget or '':>6}{verdict:>6}"


def main(words: Sequence[str]) -> None:
    """Make the journals, run all rows, print the table and what misses."""
    wanted = arguments(words)
    sizes = (0, SMALL, LARGE, *([MILLION] if wanted.million else []))
    rows = [row for row in ROWS if wanted.only in row.name]
    with tempfile.TemporaryDirectory(prefix="valuelog-bench-") as folder:
        watch = Stopwatch(Path(folder), wanted.journals, sizes)
        watch.run(rows, FEW if wanted.fast else ROUNDS)
        missed = [*table(watch, rows)]
        if not wanted.only:
            missed += [*disk(watch), *imports(), *logins(FEW_LOGINS if wanted.fast else LOGINS), *others(watch)]
    if wanted.output:
        watch.suite().dump(str(wanted.output), replace=True)
    print("\n".join(["", "These miss:", *missed] if missed else ["", "Every row is within its budget."]))


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    usual = Path(tempfile.gettempdir()) / "valuelog-journals"
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--fast", action="store_true", help=f"{FEW} runs instead of {ROUNDS}")
    parser.add_argument("--million", action="store_true", help="a journal of a million entries, too; it is 1 GB")
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="only rows with this text in their name; undo alone takes back what it finds",
    )
    parser.add_argument("--journals", type=Path, default=usual, metavar="DIR", help=f"keep journals there, not {usual}")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write all values for pyperf compare_to")
    return parser.parse_args(words)


def table(watch: Stopwatch, rows: Sequence[Row]) -> Iterator[str]:
    """Print what each row took, against T0 and against the small journal. Yield what misses."""
    larger = [size for size in watch.sizes if size != SMALL]
    units = [f"{'ms':>10}{against:>7}{'max':>6}{'':6}" for against in ("x T0", *["x 100"] * len(larger))]
    floor = statistics.median(watch.seconds(row.name, FLOOR) for row in rows)
    print(f"T0, an empty Typer app: {1000 * floor:.1f} ms. Medians of all runs, and of the ratios within each.\n")
    print(f"{'':{NAME}}", *(f"{named(size):>{CELL}}" for size in (SMALL, *larger)), sep="")
    print(f"{'':{NAME}}", *units, sep="")
    for row in rows:
        figures = [figure(watch, row, SMALL, FLOOR, row.budget)]
        figures += [figure(watch, row, size, SMALL, row.growth) for size in larger]
        print(f"{row.name:<{NAME}}", *figures, sep="")
        yield from (f"  {each.what}: {each.ratio:.2f}, not {each.budget}" for each in figures if each.missed)


def figure(watch: Stopwatch, row: Row, size: int, against: int | str, budget: float | None) -> Figure:
    """Set a row on one journal against T0 or against itself on another journal."""
    other = named(against) if isinstance(against, int) else against
    ratio = watch.ratio(row.name, size, against)
    return Figure(f"{row.name} on {named(size)} against {other}", watch.seconds(row.name, size), ratio, budget)


def disk(watch: Stopwatch) -> Iterator[str]:
    """Print what an entry takes on disk. Yield what misses."""
    print()
    for size in (size for size in watch.sizes if size >= LARGE):
        took = watch.kept[size].stat().st_size / size
        print(f"bytes an entry, with the log and full text of whole evenings, {named(size)}: {took:.0f} of {BYTES}")
        if took > BYTES:
            yield f"  bytes an entry: {took:.0f}, not {BYTES}"


def imports() -> Iterator[str]:
    """Print what an import costs. Yield what misses."""
    cost = importing.measure()
    times, memory = cost.import_seconds / cost.bare_seconds, cost.memory / 1e6
    took = f"{cost.import_seconds:.1f} s, {times:.2f} of {importing.MAX_RATIO:g} times bare sqlite3"
    print(f"import of {importing.ENTRIES:,} entries: {took}")
    print(f"memory of that import: {memory:.0f} of {importing.MAX_MEMORY / 1e6:.0f} MB")
    if times > importing.MAX_RATIO:
        yield f"  import against bare sqlite3: {times:.2f}, not {importing.MAX_RATIO:g}"
    if cost.memory > importing.MAX_MEMORY:
        yield f"  memory of an import: {memory:.0f} MB, not {importing.MAX_MEMORY / 1e6:.0f}"


def logins(count: int) -> Iterator[str]:
    """Print what the login hook costs each shell. Yield what misses."""
    for shell in login_hook.BUDGET:
        if not shutil.which(shell):
            print(f"login hook, {shell}: not installed")
            continue
        state, took = max(login_hook.cost(shell, count).items(), key=lambda cost: cost[1])
        budget = login_hook.BUDGET[shell]
        print(f"login hook, {shell}: {took:.2f} ms at most ({state}) of {budget} ms")
        if took > budget:
            yield f"  login hook, {shell}, {state}: {took:.2f} ms, not {budget}"


def others(watch: Stopwatch) -> Iterator[str]:
    """Print how long other programs take for the same. Yield where one is ahead."""
    if missing := peers.missing():
        print(f"not installed, so not set against: {missing}")
    for peer, row, size in watch.run_peers(ROWS, FEW):
        theirs, ours = watch.seconds(peer, size), watch.seconds(f"{row} beside {peer}", size)
        print(f"{peer}, {named(size)}: {1000 * theirs:.0f} ms; valuelog {row}: {1000 * ours:.0f} ms")
        if theirs < ours:
            yield f"  {peer} is ahead of {row} on {named(size)}: {theirs / ours:.2f}"


if __name__ == "__main__":
    main(sys.argv[1:])
