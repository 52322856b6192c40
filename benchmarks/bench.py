"""Print the start-up times of commands as ratios, and the rows over budget. It never fails: timings are not tests."""

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
    """A measured time, its ratio to a baseline, and the highest ratio allowed."""

    label: str
    seconds: float
    ratio: float
    budget: float | None

    @property
    def missed(self) -> bool:
        """Whether the ratio is over budget."""
        return self.budget is not None and self.ratio > self.budget

    def __str__(self) -> str:
        """Return a cell of the table."""
        verdict = "" if self.budget is None else "MISS" if self.missed else "ok"
        return f"{1000 * self.seconds:>10.1f}{self.ratio:>7.2f}{self.budget or '':>6}{verdict:>6}"


def main(words: Sequence[str]) -> None:
    """Create the journals, run all rows, and print the table and the misses."""
    options = parse_options(words)
    sizes = (0, SMALL, LARGE, *([MILLION] if options.million else []))
    rows = [row for row in ROWS if options.only in row.name]
    with tempfile.TemporaryDirectory(prefix="valuelog-bench-") as folder:
        watch = Stopwatch(Path(folder), options.journals, sizes)
        watch.run(rows, FEW if options.fast else ROUNDS)
        missed = [*table(watch, rows)]
        if not options.only:
            missed += [*disk(watch), *imports(), *logins(FEW_LOGINS if options.fast else LOGINS), *others(watch)]
    if options.output:
        watch.suite().dump(str(options.output), replace=True)
    print("\n".join(["", "Over budget:", *missed] if missed else ["", "Every row is within its budget."]))


def parse_options(words: Sequence[str]) -> argparse.Namespace:
    """Parse the command line."""
    default = Path(tempfile.gettempdir()) / "valuelog-journals"
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--fast", action="store_true", help=f"{FEW} runs instead of {ROUNDS}")
    parser.add_argument("--million", action="store_true", help="also measure a journal of a million entries (1 GB)")
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="only rows with this text in their name; without add, undo undoes the last change of the journal",
    )
    parser.add_argument(
        "--journals", type=Path, default=default, metavar="DIR", help=f"where to keep journals; default: {default}"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write all values, for pyperf compare_to")
    return parser.parse_args(words)


def table(watch: Stopwatch, rows: Sequence[Row]) -> Iterator[str]:
    """Print each row compared with T0 and with the small journal. Yield the misses."""
    larger = [size for size in watch.sizes if size != SMALL]
    units = [f"{'ms':>10}{baseline:>7}{'max':>6}{'':6}" for baseline in ("x T0", *["x 100"] * len(larger))]
    floor = statistics.median(watch.seconds(row.name, FLOOR) for row in rows)
    print(f"T0, an empty Typer app: {1000 * floor:.1f} ms. Medians of times, and of the ratios within each round.\n")
    print(f"{'':{NAME}}", *(f"{named(size):>{CELL}}" for size in (SMALL, *larger)), sep="")
    print(f"{'':{NAME}}", *units, sep="")
    for row in rows:
        figures = [figure(watch, row, SMALL, FLOOR, row.budget)]
        figures += [figure(watch, row, size, SMALL, row.growth) for size in larger]
        print(f"{row.name:<{NAME}}", *figures, sep="")
        yield from (f"  {each.label}: {each.ratio:.2f}, not {each.budget}" for each in figures if each.missed)


def figure(watch: Stopwatch, row: Row, size: int, against: int | str, budget: float | None) -> Figure:
    """Compare a row on one journal with T0, or with itself on another journal."""
    other = named(against) if isinstance(against, int) else against
    ratio = watch.ratio(row.name, size, against)
    return Figure(f"{row.name} on {named(size)} against {other}", watch.seconds(row.name, size), ratio, budget)


def disk(watch: Stopwatch) -> Iterator[str]:
    """Print the bytes per entry on disk. Yield the misses."""
    print()
    for size in (size for size in watch.sizes if size >= LARGE):
        took = watch.kept[size].stat().st_size / size
        print(f"bytes per entry, with log and full-text index, {named(size)}: {took:.0f} of {BYTES}")
        if took > BYTES:
            yield f"  bytes per entry: {took:.0f}, not {BYTES}"


def imports() -> Iterator[str]:
    """Print the time and memory of an import. Yield the misses."""
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
    """Print how long the login hook takes in each shell. Yield the misses."""
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
    """Print how long other programs take for the same task. Yield those that are faster."""
    if missing := peers.missing():
        print(f"not installed, so not compared: {missing}")
    for peer, row, size in watch.run_peers(ROWS, FEW):
        theirs, ours = watch.seconds(peer, size), watch.seconds(f"{row} beside {peer}", size)
        print(f"{peer}, {named(size)}: {1000 * theirs:.0f} ms; valuelog {row}: {1000 * ours:.0f} ms")
        if theirs < ours:
            yield f"  {peer} is faster than {row} on {named(size)}: {theirs / ours:.2f}"


if __name__ == "__main__":
    main(sys.argv[1:])
