"""Random interleavings of several machines, which must end with the same journal, the one that the merge rule says.

As a program, it runs many: python3 dev.py interleavings --count 2000 --seed 1. A failure prints its seed, with which it
can be run alone, and the few steps that are left when those are dropped without which it still fails.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Final, NamedTuple

import pytest

from interleavings.machines import START, Machine, World
from interleavings.operations import OPERATIONS, Operation, redo, undo, undo_and_redo
from support.journal_files import connection_of
from support.merge_oracle import find_differences, find_unerased
from valuelog.journal import database, incoming, log, merge, replication, same_projects
from valuelog.journal import undo as undo_module
from valuelog.journal.errors import ChangedTogether, NothingToRedo, NothingToUndo
from valuelog.journal.store import open_journal
from valuelog.journal.verify import find_damage
from valuelog.model.errors import BadInput
from valuelog.sync import sealing, segment
from valuelog.workflows.exporting import export_journal

TRACE: Final = "INTERLEAVINGS_TRACE"
"""With this variable in the environment, a failure prints the log of each machine."""

REFUSALS: Final = (NothingToUndo, NothingToRedo, ChangedTogether, BadInput)
"""What an operation may be refused with."""

STEPS: Final = 100
MAX_MACHINES: Final = 4
REAL_KEY_EVERY: Final = 20
"""One interleaving in so many seals its files with age; the others only pack them."""

CHECK_CHANCE: Final = 0.2
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
    """Machines that differ, or a journal that isn't what the rule says; `kind` is the same for similar ones."""

    def __init__(self, kind: str, details: str) -> None:
        """Say what is wrong."""
        super().__init__(f"{kind}: {details}")
        self.kind = kind


# Planning

KINDS: Final[Mapping[str, int]] = {"operate": 54, "publish": 20, "receive": 22, "join": 1, "name": 1, "back-up": 1}
MISHAPS: Final[Sequence[Mapping[str, int]]] = (
    {},
    {},
    {"copy": 2},
    {"keep": 4, "restore": 3},
    {"lose": 4},
    {"copy": 1, "keep": 4, "restore": 3},
)
"""What else happens, in an interleaving as a whole."""


def make_plan(seed: int, steps: int = STEPS) -> Plan:
    """Draw an interleaving."""
    random = Random(seed)  # noqa: S311  not for secrets
    kinds = {**KINDS, **random.choice(MISHAPS)}
    drawn = random.choices([*kinds], [*kinds.values()], k=steps)
    return Plan(seed, random.randint(2, MAX_MACHINES), tuple(Step(kind, random.getrandbits(48)) for kind in drawn))


# Running


def operate(world: World, random: Random) -> None:
    """Let someone do a few things."""
    machine = random.choice(world.machines)
    operations: list[Operation] = random.choices([*OPERATIONS], [*OPERATIONS.values()], k=random.choice([1, 2, 4]))
    for operation in operations:
        with suppress(*REFUSALS):
            operation(machine, random)


def receive(world: World, random: Random) -> None:
    """Let a machine take changes in, and sometimes compare it with the oracle at once."""
    machine = random.choice(world.machines)
    machine.receive(random)
    if random.random() < CHECK_CHANCE:
        require_rule(machine)


def join(world: World, random: Random) -> None:
    """Let a machine join projects with the same name."""
    journal = random.choice(world.machines).journal
    same_projects.join_same_projects(journal, [project for (project,) in journal.rows("SELECT id FROM project")])


def name(world: World, random: Random) -> None:
    """Let a machine get another name."""
    replication.name_device(random.choice(world.machines).journal, random.choice(["laptop", "desktop"]))


def copy(world: World, random: Random) -> None:
    """Copy a machine with its device id; undo and redo the same on both."""
    if len(world.machines) < MAX_MACHINES:
        for machine in world.copy_home(random):
            for operation in random.choices([undo, redo, undo_and_redo], k=2):
                world.time += timedelta(minutes=1)
                with suppress(*REFUSALS):
                    operation(machine, random)


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
    random, empty = Random(plan.seed), template(folder)  # noqa: S311  not for secrets
    with small_sizes(), random_bytes(random), plain_or_sealed(plan.seed) as key:
        world = World(folder, empty, key, random, plan.machines)
        try:
            for step in plan.steps:
                run_step(world, step)
            with random_bytes(random):
                world.exchange_everything()
                check_end(world)
        except BaseException:
            if os.environ.get(TRACE):
                print_logs(world)
            raise
        finally:
            world.close()
    return world


def run_step(world: World, step: Step) -> None:
    """Run one step, at another time than the last one, or not."""
    random = Random(step.seed)  # noqa: S311  not for secrets
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
        for module in (database, log, merge, replication, incoming, undo_module):
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
        require_none("damage", machine, find_damage(connection_of(machine.journal)))
        require_none("unerased", machine, find_unerased(connection_of(machine.journal)))
    first, *others = world.machines
    expected, exported = contents(first), export(first)
    for other in others:
        for table, rows in contents(other).items():
            require_none(f"{table} differs", other, differences(expected[table], rows))
        require_none("export differs", other, differences(exported, export(other)))
    require_erased(world)


def require_none(kind: str, machine: Machine, problems: Sequence[object]) -> None:
    """Raise Failure if there are problems."""
    if problems:
        listed = "\n".join(map(str, problems))
        raise Failure(kind, f"{machine.path.parent.name} ({machine.device}): {listed}")


def require_rule(machine: Machine) -> None:
    """Compare the tables of a machine with the oracle."""
    require_none("against the rule", machine, find_differences(connection_of(machine.journal)))


def contents(machine: Machine) -> Mapping[str, list[tuple[object, ...]]]:
    """Return the rows of all tables, without what is local to a file, and the log."""
    connection = connection_of(machine.journal)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = [each for each in names if not each.startswith(("_", "search_fts", "sqlite_")) and each not in LOG_TABLES]
    found = {table: read_table(machine, table) for table in tables}
    log_sql = (
        "SELECT d.name, c.counter, c.id, wall, tick, entity, entity_id, batch, act, undoes, own_wall, fields, salt,"
        " erased, hash FROM change c JOIN device d ON d.id = c.device ORDER BY 1, 2"
    )
    return {**found, "change": connection.execute(log_sql).fetchall()}


LOG_TABLES: Final = {"change", "device"}
LOCAL_COLUMNS: Final = {"place", "last"}


def read_table(machine: Machine, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table, without local numbers."""
    connection = connection_of(machine.journal)
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in LOCAL_COLUMNS]
    return sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)


def export(machine: Machine) -> list[str]:
    """Return the lines of an export."""
    return "".join(export_journal(machine.journal, "jsonl", None)).splitlines()


def differences(expected: Sequence[object], actual: Sequence[object]) -> list[str]:
    """Return the first rows that only one of two tables has; that the order differs, if all are in both."""
    if expected == actual:
        return []
    ours, theirs = set(map(repr, expected)), set(map(repr, actual))
    lines = [f"lacks {row}" for row in sorted(ours - theirs)[:3]] + [f"has {row}" for row in sorted(theirs - ours)[:3]]
    return lines or ["the order differs"]


def require_erased(world: World) -> None:
    """Search all files of all machines for texts that their logs no longer have."""
    left = world.machines[0].fields_of_log()
    gone = {text for text in world.texts if text not in left}
    for machine in world.machines:
        for path in machine.path.parent.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            searched = gone if path == machine.path else gone - world.lost
            found = sorted(text for text in searched if text.encode() in content)
            require_none(f"purged text in {path.parent.name}", machine, [path.name, *found[:3]] if found else [])


def print_logs(world: World) -> None:
    """Print the log of each machine, in the order of the clock."""
    sql = (
        "SELECT wall, tick, c.id, d.name, counter, act, batch, undoes, entity, entity_id, fields"
        " FROM change c JOIN device d ON d.id = c.device ORDER BY wall, tick, c.id"
    )
    for machine in world.machines:
        say(f"{machine.path.parent.name}, device {machine.device}")
        for row in machine.journal.rows(sql):
            say(f"  {' '.join(map(str, row))}")


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


def shrink(plan: Plan, error: Exception) -> Plan:
    """Drop steps while it still fails in the same way: the first half, quarters, … single steps."""

    def is_same(other: Exception | None) -> bool:
        return type(other) is type(error) and getattr(other, "kind", "") == getattr(error, "kind", "")

    size = max(1, len(plan.steps) // 2)
    while size:
        start = 0
        while start < len(plan.steps):
            fewer = plan._replace(steps=plan.steps[:start] + plan.steps[start + size :])
            if is_same(failure_of(fewer)):
                plan = fewer
            else:
                start += size
        size //= 2
    return plan


def failure_of(plan: Plan) -> Exception | None:
    """Return how an interleaving fails, if it does."""
    try:
        run_in_folder(plan)
    except Exception as error:  # noqa: BLE001  whatever it is
        return error
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
            say(f"seed {seed} failed: {describe(error)}")
            if not options.keep_going:
                print_shrunk(plan, error)
                break
    done = seed - options.seed + 1
    say(f"{done} interleavings of {options.steps} steps, {len(failed)} failed, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


def say(*lines: str) -> None:
    """Print lines at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def describe(error: Exception) -> str:
    """Return the type and the beginning of an error."""
    return f"{type(error).__name__}: {str(error)[:3000]}"


def print_shrunk(plan: Plan, error: Exception) -> None:
    """Print the steps that are left of a failing interleaving, and the logs that they lead to."""
    smallest = shrink(plan, error)
    say(f"{len(smallest.steps)} of {len(plan.steps)} steps are enough:", *map(str, smallest.steps))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TRACE, "1")
        say(describe(failure_of(smallest) or error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
