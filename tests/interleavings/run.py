"""Random interleavings of several machines, which must end with the same journal, the one that the merge rule says.

Run as a program, it runs many: python -m interleavings.run --count 2000 --seed 1. A failure prints its seed, with which it
can be run alone, and the few steps that are left when all those are dropped without which it still fails.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Final, NamedTuple

import pytest

from interleavings.machines import START, Machine, World
from interleavings.operations import OPERATIONS, Operation
from support.journal_files import connection_of
from support.merge_oracle import find_differences, find_unerased
from valuelog.journal import database, log, merge, replication, undo
from valuelog.journal.errors import ChangedTogether, NothingToRedo, NothingToUndo
from valuelog.journal.store import open_journal
from valuelog.journal.verify import find_damage
from valuelog.model.errors import BadInput
from valuelog.sync import sealing, segment
from valuelog.workflows.exporting import export_journal

REFUSALS: Final = (NothingToUndo, NothingToRedo, ChangedTogether, BadInput)
"""What an operation may be refused with."""

STEPS: Final = 100
REAL_KEY_EVERY: Final = 20
"""One interleaving in so many seals its files with age; the others only pack them."""

CHECK_CHANCE: Final = 0.1
"""How often the tables are compared with the oracle after a machine took changes in, beside the end."""

SMALL: Final = 10
"""The size of a large batch and of a chunk, so that short interleavings have some."""


class Step(NamedTuple):
    """One step: what is done, and the seed of all that is random in it, so that other steps can be dropped."""

    kind: str
    seed: int


class Plan(NamedTuple):
    """An interleaving."""

    seed: int
    machines: int
    steps: tuple[Step, ...]


class Failure(AssertionError):
    """Machines that differ, or a journal that isn't what the rule says."""


# Planning

KINDS: Final[Mapping[str, int]] = {"operate": 62, "publish": 15, "receive": 18, "join": 1, "name": 1, "back-up": 1}
MISHAPS: Final = ({}, {}, {"copy": 2}, {"keep": 4, "restore": 3}, {"lose": 4}, {"copy": 1, "keep": 4, "restore": 3})
"""What else happens, in an interleaving as a whole."""


def make_plan(seed: int, steps: int = STEPS) -> Plan:
    """Draw an interleaving."""
    random = Random(seed)
    kinds = {**KINDS, **random.choice(MISHAPS)}
    drawn = random.choices([*kinds], [*kinds.values()], k=steps)
    return Plan(seed, random.randint(2, 4), tuple(Step(kind, random.getrandbits(48)) for kind in drawn))


# Running


def operate(world: World, random: Random) -> None:
    """Let someone do something."""
    machine = random.choice(world.machines)
    operation: Operation = random.choices([*OPERATIONS], [*OPERATIONS.values()])[0]
    try:
        operation(machine, random)
    except REFUSALS:
        return


def receive(world: World, random: Random) -> None:
    """Let a machine take changes in, and sometimes compare it with the oracle at once."""
    machine = random.choice(world.machines)
    machine.receive(random)
    if random.random() < CHECK_CHANCE:
        require_rule(machine)


def join(world: World, random: Random) -> None:
    """Let a machine join projects with the same name."""
    replication.join_same_projects(random.choice(world.machines).journal)


def name(world: World, random: Random) -> None:
    """Let a machine get another name."""
    replication.name_device(random.choice(world.machines).journal, random.choice(["laptop", "desktop"]))


def copy(world: World, random: Random) -> None:
    """Copy a machine with its device id."""
    if len(world.machines) < 4:  # noqa: PLR2004  as many as there are at most
        world.copy_home(random)


ACTIONS: Final[Mapping[str, Callable[[World, Random], object]]] = {
    "operate": operate,
    "publish": lambda world, random: random.choice(world.machines).publish(random),
    "receive": receive,
    "join": join,
    "name": name,
    "back-up": lambda world, random: random.choice(world.machines).journal.make_backup(),
    "copy": copy,
    "keep": lambda world, random: random.choice(world.machines).keep_copy(),
    "restore": lambda world, random: random.choice(world.machines).restore_copy(),
    "lose": lambda world, random: world.lose_files(random),
}


def run_plan(plan: Plan, folder: Path) -> World:
    """Run an interleaving, and check how it ends. Raises Failure, or whatever goes wrong."""
    random, empty = Random(plan.seed), template(folder)
    with small_sizes(), random_bytes(random), plain_or_sealed(plan.seed) as key:
        world = World(folder, empty, key, random, plan.machines)
        try:
            for step in plan.steps:
                run_step(world, step)
            with random_bytes(random):
                world.exchange_everything()
                check_end(world)
        except BaseException:
            if os.environ.get("INTERLEAVINGS_TRACE"):
                print_logs(world)
            raise
        finally:
            world.close()
    return world


def run_step(world: World, step: Step) -> None:
    """Run one step, at another time than the last one, or not."""
    random = Random(step.seed)
    world.time += timedelta(seconds=random.choice([0, 1, 60, 7200]))
    with random_bytes(random):
        ACTIONS[step.kind](world, random)


@contextmanager
def random_bytes(random: Random) -> Iterator[None]:
    """Draw ids and salts from a seed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", random.randbytes)
        yield


@contextmanager
def small_sizes() -> Iterator[None]:
    """Let a few changes be many."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (database, log, merge, replication, undo):
            for constant in ("LARGE_BATCH_SIZE", "CHUNK_SIZE"):
                if hasattr(module, constant):
                    patch.setattr(module, constant, SMALL)
        yield


@contextmanager
def plain_or_sealed(seed: int) -> Iterator[str]:
    """Return a key, with which only few interleavings really seal: it takes as long as all the rest."""
    if seed % REAL_KEY_EVERY == 0:
        yield sealing.new_key()
        return
    with pytest.MonkeyPatch.context() as patch:
        for function in ("seal", "unseal"):
            patch.setattr(segment, function, lambda data, _key: data)
        yield ""


def template(folder: Path) -> Path:
    """Return an empty journal, made once per process: creating one takes longer than a step."""
    path = folder.parent / f"template-{os.getpid()}" / "journal.db"
    if not path.exists():
        open_journal(path, "template", lambda: START, write=True).close()
    return path


# Checking


def check_end(world: World) -> None:
    """Compare all machines with each other and with the rule, and search for texts that are purged."""
    for machine in world.machines:
        require_rule(machine)
        problems = [*find_damage(connection_of(machine.journal)), *find_unerased(connection_of(machine.journal))]
        require(not problems, machine, "\n".join(problems))
    first, *others = world.machines
    expected = contents(first)
    for other in others:
        for table, rows in contents(other).items():
            require(rows == expected[table], other, f"{table} differs: {difference(expected[table], rows)}")
    exported = {"".join(export_journal(machine.journal, "jsonl", None)) for machine in world.machines}
    require(len(exported) == 1, first, "exports differ")
    require_erased(world)


def require(condition: bool, machine: Machine, problem: str) -> None:  # noqa: FBT001  a condition is what it takes
    """Raise Failure unless a condition holds."""
    if not condition:
        raise Failure(f"{machine.path.parent.name} ({machine.device}): {problem}")


def require_rule(machine: Machine) -> None:
    """Compare the tables of a machine with the oracle."""
    differences = find_differences(connection_of(machine.journal))
    require(not differences, machine, "\n".join(differences))


def contents(machine: Machine) -> Mapping[str, list[tuple[object, ...]]]:
    """Return the rows of all tables, without what is local to a file, and the log."""
    connection = connection_of(machine.journal)
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_fts%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    tables = [table for (table,) in connection.execute(sql) if table not in {"change", "device"}]
    found = {table: read_table(machine, table) for table in tables}
    log_sql = (
        "SELECT d.name, c.counter, c.id, wall, tick, entity, entity_id, batch, act, undoes, own_wall, fields, salt, erased,"
        " hash FROM change c JOIN device d ON d.id = c.device ORDER BY 1, 2"
    )
    return {**found, "change": connection.execute(log_sql).fetchall()}


LOCAL_COLUMNS: Final = {"place", "last"}


def read_table(machine: Machine, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table, without local numbers."""
    connection = connection_of(machine.journal)
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in LOCAL_COLUMNS]
    return sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)


def difference(expected: Sequence[tuple[object, ...]], actual: Sequence[tuple[object, ...]]) -> str:
    """Return the first rows that only one of two tables has."""
    ours, theirs = set(map(repr, expected)), set(map(repr, actual))
    return f"only in the first: {sorted(ours - theirs)[:3]}, only here: {sorted(theirs - ours)[:3]}"


def require_erased(world: World) -> None:
    """Search all files of all machines for texts that their logs no longer have."""
    log_of_first = " ".join(
        fields for (fields,) in world.machines[0].journal.rows("SELECT fields FROM change WHERE fields IS NOT NULL")
    )
    gone = sorted(text for text in world.texts if text not in log_of_first)
    for machine in world.machines:
        for path in machine.path.parent.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            found = [text for text in gone if text.encode() in content]
            require(not found, machine, f"{path.name} has purged texts: {found[:3]}")


def print_logs(world: World) -> None:
    """Print the log of each machine, in the order of the clock."""
    sql = (
        "SELECT wall, tick, c.id, d.name, counter, act, batch, undoes, entity, entity_id, fields"
        " FROM change c JOIN device d ON d.id = c.device ORDER BY wall, tick, c.id"
    )
    for machine in world.machines:
        print(f"{machine.path.parent.name}, device {machine.device}")
        for row in machine.journal.rows(sql):
            print("  ", *row)


# Many of them


def run_seed(seed: int, steps: int = STEPS) -> World:
    """Run the interleaving of a seed in a folder of its own."""
    return run_in_folder(make_plan(seed, steps))


def run_in_folder(plan: Plan) -> World:
    """Run an interleaving in a folder of its own."""
    folder = Path(mkdtemp(prefix="interleaving-"))
    try:
        return run_plan(plan, folder)
    finally:
        shutil.rmtree(folder)


def shrink(plan: Plan, fails: Callable[[Plan], bool]) -> Plan:
    """Drop steps while it still fails: the first half, quarters, … single steps."""
    size = max(1, len(plan.steps) // 2)
    while size:
        start = 0
        while start < len(plan.steps):
            fewer = plan._replace(steps=plan.steps[:start] + plan.steps[start + size :])
            if fails(fewer):
                plan = fewer
            else:
                start += size
        size //= 2
    return plan


def fails(plan: Plan) -> bool:
    """Return whether an interleaving fails."""
    return failure_of(plan) is not None


def failure_of(plan: Plan) -> Exception | None:
    """Return how an interleaving fails, if it does."""
    try:
        run_in_folder(plan)
    except Exception as error:  # noqa: BLE001  whatever it is
        return error
    except pytest.fail.Exception as error:
        return Failure(str(error))
    return None


def main(arguments: Sequence[str]) -> int:
    """Run some interleavings. Return 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python3 dev.py interleavings", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="how many (2000)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first (1)")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps of each ({STEPS})")
    parser.add_argument("--keep-going", action="store_true", help="run all, even if one fails, and shrink none")
    options = parser.parse_args(arguments)
    started, failed = time.monotonic(), list[int]()
    for seed in range(options.seed, options.seed + options.count):
        plan = make_plan(seed, options.steps)
        if error := failure_of(plan):
            failed.append(seed)
            print(f"seed {seed} failed: {describe(error)}", flush=True)
            if not options.keep_going:
                print_shrunk(plan)
                break
    done = seed - options.seed + 1
    print(f"{done} interleavings of {options.steps} steps, {len(failed)} failed, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


def describe(error: Exception) -> str:
    """Return the type and the beginning of an error."""
    return f"{type(error).__name__}: {str(error)[:3000]}"


def print_shrunk(plan: Plan) -> None:
    """Print the steps that are left of a failing interleaving."""
    smallest = shrink(plan, fails)
    print(f"{len(smallest.steps)} of {len(plan.steps)} steps are enough: {smallest}")
    if error := failure_of(smallest):
        print(describe(error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
