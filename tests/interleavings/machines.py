"""Machines with a journal each, and a remote in memory: what a sync does, late, partly, twice and out of order."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from valuelog.journal import incoming, replication
from valuelog.journal.ids import new_id
from valuelog.journal.incoming import Waiting
from valuelog.journal.log import RawChange
from valuelog.journal.replication import Run
from valuelog.journal.store import Journal, open_journal
from valuelog.sync import segment
from valuelog.sync.segment import Segment, segment_name

JOURNAL_ID: Final = "testjourna"
NEW_DELAYS: Final = 0.2
"""How often it changes whose files don't arrive at a machine."""

START: Final = datetime(2026, 11, 16, 8, tzinfo=UTC)


class EndlessExchange(Exception):
    """The machines don't stop exchanging changes, or some changes don't arrive."""


class ForeignBranch(Exception):
    """Two logs have different changes of a machine that is neither of both."""


class Clock:
    """The clock of one machine: right, ahead, backwards or stopped."""

    def __init__(self, world: "World", random: Random) -> None:
        """Draw how wrong it is."""
        self._world = world
        self._rate = random.choice([1, 1, 1, 0, -1])
        self._offset = random.choice(
            [timedelta(), timedelta(), timedelta(hours=3), timedelta(days=300), timedelta(days=-40)]
        )

    def __call__(self) -> datetime:
        """Return what it shows."""
        return START + self._offset + self._rate * (self._world.time - START)


class Machine:
    """A journal, opened by a device."""

    def __init__(self, world: "World", path: Path, device: str, clock: Callable[[], datetime]) -> None:
        """Open the journal."""
        self.world, self.path, self.device, self.clock = world, path, device, clock
        self.former_ids: dict[str, int | None] = {}
        self.older_copy: Path | None = None
        self.delayed: set[str] = set()
        self.evening = new_id()
        self.open()

    def open(self) -> None:
        """Open the journal; it needs no safety from power failures."""
        self.journal: Journal = open_journal(self.path, self.device, self.clock, write=True, former_ids=self.former_ids)
        connection = self.journal._database.connection  # noqa: SLF001  only tests do without safety
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")

    def text(self) -> str:
        """Return a text that no one else wrote."""
        return self.world.text()

    def day(self, random: Random) -> str:
        """Return one of a few days."""
        return (START.date() + timedelta(days=random.randrange(4))).isoformat()

    # Sending

    def publish(self, random: Random) -> None:
        """Take in all of this device and some of the others, then publish what the remote lacks, or a part of it."""
        own = {self.device, *self.former_ids}
        names = [name for name in self.world.remote if _device(name) in own]
        self.take_in([*names, *self._draw_files(random)], at_once=random.random() < 0.5)
        for device, first, last in [*self.unpublished()]:
            if random.random() < 0.8:
                # The first file of a device has its name, even after a branch: a sync publishes both at once.
                end = random.choice([last, last, random.randint(first, last)]) if first > 1 else last
                self._publish_run(device, max(1, first - random.choice([0, 0, 3])), end, random)

    def publish_all(self) -> None:
        """Publish what the remote lacks."""
        for device, first, last in [*self.unpublished()]:
            self._put(replication.read_run(self.journal, device, first, last))

    def unpublished(self) -> Iterator[tuple[str, int, int]]:
        """Yield each device with the first and last counter of changes that the remote lacks."""
        for device, head in sorted(replication.list_heads(self.journal).items()):
            first = 1
            for start, end in sorted((start, end) for name, start, end in self.world.names() if name == device):
                if first <= min(start - 1, head.counter):
                    yield device, first, min(start - 1, head.counter)
                first = max(first, end + 1)
            if first <= head.counter:
                yield device, first, head.counter

    def _publish_run(self, device: str, first: int, last: int, random: Random) -> None:
        """Publish some changes of a device, in one file or in two."""
        middle = random.choice([last, random.randint(first, last)]) if first > 1 else last
        for start, end in ((first, middle), (middle + 1, last)):
            if start <= end:
                self._put(replication.read_run(self.journal, device, start, end))

    def _put(self, run: Run) -> None:
        last = run.first + len(run.changes) - 1
        changes = tuple(tuple(change) for change in run.changes)
        packed = Segment(
            run.device, run.first, last, 6, JOURNAL_ID, run.after, run.before, run.hash, self.device, 0, changes
        )
        name = segment_name(run.device, run.first, last)
        self.world.remote.setdefault(name, segment.pack(packed, self.world.key))

    # Receiving

    def receive(self, random: Random) -> None:
        """Take in some files of the remote, in any order, some of them twice."""
        names = self._draw_files(random)
        repeated = random.sample(names, min(len(names), random.choice([0, 0, 2])))
        self.take_in([*names, *repeated], at_once=random.random() < 0.5)

    def _draw_files(self, random: Random) -> list[str]:
        """Return some files of the remote in any order. Those of some devices don't arrive for a while."""
        if random.random() < NEW_DELAYS:
            devices = sorted({*map(_device, self.world.remote)})
            self.delayed = {device for device in devices if random.random() < 0.4}
        share = random.choice([1, 1, 0.7])
        names = [each for each in sorted(self.world.remote) if _device(each) not in self.delayed]
        drawn = [each for each in names if random.random() < share]
        random.shuffle(drawn)
        return drawn

    def take_in(self, names: Iterable[str], *, at_once: bool) -> None:
        """Take in files, all in one transaction or one by one; leave a device id that another machine uses too."""
        runs = [self.world.unpack(name) for name in names]
        for group in [runs] if at_once else [[run] for run in runs]:
            taken = incoming.take_in(self.journal, group, allow_hiding=True)
            branches = [device for device, reason in taken.waiting.items() if reason is Waiting.BRANCH]
            for device in branches:
                self._leave_branch(device)
            if branches:
                incoming.take_in(self.journal, group, allow_hiding=True)

    def _leave_branch(self, device: str) -> None:
        """Give the changes that another machine with the same device id doesn't have to a new device id.

        Only all files of the device tell where the branch begins. It is of a former id after a backup was restored that
        was made before that id was left.
        """
        if device not in {self.device, *self.former_ids}:
            raise ForeignBranch(device)
        runs = [self.world.unpack(name) for name in self.world.remote if _device(name) == device]
        first = incoming.take_in(self.journal, runs, allow_hiding=True).branches[device]
        new_device = new_id()
        replication.rename_branch(self.journal, device, first, new_device)
        last = self.former_ids.get(device)
        self.former_ids[device] = first - 1 if last is None else min(last, first - 1)
        if device != self.device:
            self.former_ids[new_device] = None
            return
        self.device = new_device
        self.reopen()
        replication.name_device(self.journal, "branched")

    # Copies

    def reopen(self) -> None:
        """Close and open the journal."""
        self.journal.close()
        self.open()

    def keep_copy(self) -> None:
        """Keep a copy of the journal as it is."""
        self.older_copy = self.world.folder / f"{self.path.parent.name}.copy"
        shutil.copyfile(self.path, self.older_copy)

    def restore_copy(self) -> None:
        """Put the older copy in the place of the journal. What it lacks may stay in backups, without a purge."""
        if self.older_copy:
            written = self.fields_of_log()
            self.journal.close()
            shutil.copyfile(self.older_copy, self.path)
            self.open()
            left = self.fields_of_log()
            self.world.lost |= {text for text in self.world.texts if text in written and text not in left}

    def fields_of_log(self) -> str:
        """Return all that the log says, but for what was erased."""
        return " ".join(row[0] for row in self.journal.rows("SELECT fields FROM change WHERE fields IS NOT NULL"))


def _device(name: str) -> str:
    """Return the device of a file."""
    return name.partition("/")[0]


class World:
    """The machines, the remote, and the time that it really is."""

    def __init__(self, folder: Path, template: Path, key: str, random: Random, machines: int) -> None:
        """Start machines with empty journals."""
        self.folder, self.key, self.time = folder, key, START
        self.remote: dict[str, bytes] = {}
        self.texts: set[str] = set()
        self.lost: set[str] = set()
        self._runs: dict[str, Run] = {}
        self._template = template
        self.machines: list[Machine] = []
        for number in range(machines):
            machine = self._start_machine(number, new_id(), Clock(self, random))
            replication.name_device(machine.journal, f"machine-{number}")

    def _start_machine(
        self, number: int, device: str, clock: Callable[[], datetime], source: Path | None = None
    ) -> Machine:
        path = self.folder / f"home-{number}" / "journal.db"
        path.parent.mkdir()
        shutil.copyfile(source or self._template, path)
        self.machines.append(Machine(self, path, device, clock))
        return self.machines[-1]

    def copy_home(self, random: Random) -> tuple[Machine, Machine]:
        """Copy a machine with everything, its device id too. Return both."""
        original = random.choice(self.machines)
        clock = original.clock if random.random() < 0.5 else Clock(self, random)
        copied = self._start_machine(len(self.machines), original.device, clock, original.path)
        copied.former_ids = dict(original.former_ids)
        copied.reopen()
        return original, copied

    def text(self) -> str:
        """Return a text that no one else wrote."""
        text = f"word{len(self.texts):06d}x"
        self.texts.add(text)
        return text

    def names(self) -> Iterator[tuple[str, int, int]]:
        """Yield what the names of the files on the remote say."""
        yield from filter(None, map(segment.parse_segment_name, self.remote))

    def unpack(self, name: str) -> Run:
        """Return the changes in a file of the remote."""
        if name not in self._runs:
            unpacked = segment.unpack(name, self.remote[name], self.key)
            changes = tuple(RawChange(*change) for change in unpacked.changes)  # type: ignore[arg-type]  # checked there
            self._runs[name] = Run(
                unpacked.device, unpacked.first, unpacked.before, changes, unpacked.hash, unpacked.after
            )
        return self._runs[name]

    def lose_files(self, random: Random) -> None:
        """Rewind the remote: it loses some files."""
        for name in sorted(self.remote):
            if random.random() < 0.3:
                del self.remote[name]
                self._runs.pop(name, None)

    def exchange_everything(self) -> None:
        """Let everyone sync until nothing is new."""
        for _ in range(10):
            heads = [replication.list_heads(machine.journal) for machine in self.machines]
            if all(each == heads[0] for each in heads):
                return
            for machine in self.machines:
                machine.take_in([*self.remote], at_once=True)
                machine.publish_all()
        raise EndlessExchange

    def close(self) -> None:
        """Close all journals."""
        for machine in self.machines:
            with suppress(Exception):
                machine.journal.close()
