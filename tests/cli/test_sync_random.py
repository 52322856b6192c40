"""Machines of one person used at random: they end with the same journal, undamaged, and nothing published is lost."""

import json
import shutil
from random import Random
from typing import TYPE_CHECKING

import pytest

from support.machines import Machine
from valuelog.workflows.sync_state import follow_moved_journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest.importorskip("pyrage")
pytestmark = pytest.mark.slow

STEPS = 60
MAX_MACHINES = 5


class Person:
    """Uses machines at random. `published` are texts that some machine has synced while it had them."""

    def __init__(self, folder: "Path", seed: int) -> None:
        """Set up a laptop, and let a desktop and a server join."""
        self.folder, self.random = folder, Random(seed)  # noqa: S311  repeatable, not for secrets
        self.machines = [Machine(folder, name) for name in ("laptop", "desktop", "server")]
        self.published: set[str] = set()
        (folder / "remote").mkdir()
        invitation = self.machines[0].set_up(folder / "remote")
        for machine in self.machines[1:]:
            machine.join(invitation)

    def run(self, machine: Machine, *words: str) -> bool:
        """Run a command, which may be refused, but neither with a bug nor because of damage; return if it worked."""
        try:
            machine(*words)
        except AssertionError as error:
            if "bug in valuelog" in str(error) or "altered" in str(error):
                raise
            return False
        return True

    def pick_entry(self, machine: Machine) -> str:
        """Return the id of some entry, or one that doesn't exist."""
        listed = json.loads(machine("list", "--json", "-n", "1000").out)
        return str(self.random.choice(listed)["id"]) if listed else "zzz"

    # What machines go through

    def add(self, machine: Machine) -> None:
        """Log an entry."""
        machine.add(f"{machine.name} {self.random.random()}")

    def edit(self, machine: Machine) -> None:
        """Edit some entry."""
        self.run(machine, "edit", self.pick_entry(machine), f"edited on the {machine.name}")

    def delete(self, machine: Machine) -> None:
        """Delete some entry."""
        self.run(machine, "delete", self.pick_entry(machine))

    def purge(self, machine: Machine) -> None:
        """Erase some entry for good."""
        self.run(machine, "delete", "--purge", "--confirm", self.pick_entry(machine))

    def undo_or_redo(self, machine: Machine) -> None:
        """Undo or redo the last change."""
        self.run(machine, self.random.choice(["undo", "redo"]))

    def note_pain(self, machine: Machine) -> None:
        """Note a pain point."""
        self.run(machine, "pain", "add", "slow deploy", "--new")

    def work_on_project(self, machine: Machine) -> None:
        """Start a project, unless it is open already, and log an entry for it."""
        name = f"Flow {self.random.randrange(2)}"
        self.run(machine, "project", "start", name, "--problem", "p", "--measure", "m", "--aim", "a")
        self.run(machine, "add", "activity", f"for {name}", "--project", name.replace(" ", "-").casefold())

    def sync(self, machine: Machine) -> None:
        """Sync, and remember what is published then."""
        if self.run(machine, "sync", "--yes"):
            self.published |= set(machine.entries)

    def compact(self, machine: Machine) -> None:
        """Rebuild the remote."""
        self.run(machine, "sync", "rekey", "--compact")

    def restore(self, machine: Machine) -> None:
        """Make a backup, log an entry, and go back to the backup."""
        self.run(machine, "backup")
        self.add(machine)
        self.run(machine, "restore", "latest", "--yes")

    def put_back(self, machine: Machine) -> None:
        """Copy the journal by hand, or put an earlier copy in its place."""
        copy = self.folder / f"{machine.name}.db"
        if copy.exists():
            shutil.copy(copy, machine.journal)
            copy.unlink()
        else:
            shutil.copy(machine.journal, copy)

    def lose_state(self, machine: Machine) -> None:
        """Lose what the machine knows of the remote, but the key."""
        (machine.sync_folder / "state.json").unlink(missing_ok=True)

    def copy_home(self, machine: Machine) -> None:
        """Go on with a copy of the home on another machine, too."""
        if len(self.machines) < MAX_MACHINES:
            copy = Machine(self.folder, f"copy{len(self.machines)}")
            shutil.copytree(machine.home, copy.home, dirs_exist_ok=True)
            follow_moved_journal(copy.state / "sync", str(machine.journal), copy.journal)
            self.machines.append(copy)

    def use(self, actions: "list[Callable[[Machine], None]]") -> None:
        """Do something at random on a machine at random, then sync all of them."""
        for _ in range(STEPS):
            self.random.choice(actions)(self.random.choice(self.machines))
        for _ in range(3):
            for machine in self.machines:
                machine("sync", "--yes")

    def require_equal(self) -> None:
        """Check that all have the same, undamaged, and nothing more to exchange."""
        assert len({machine.export() for machine in self.machines}) == 1
        for machine in self.machines:
            assert machine.sync() == "Nothing new.\n"
            machine("doctor")


@pytest.mark.parametrize("seed", range(3))
def test_random_use_of_three_machines_ends_in_one_journal(tmp_path: "Path", seed: int) -> None:
    person = Person(tmp_path, seed)
    writing = [person.add, person.edit, person.undo_or_redo, person.note_pain, person.work_on_project]
    removing = [person.delete, person.purge, person.restore, person.put_back]
    person.use([*writing, *writing, *removing, person.compact, *[person.sync] * 5])
    person.require_equal()


@pytest.mark.parametrize("seed", range(3))
def test_copied_homes_and_old_journals_lose_nothing_that_was_published(tmp_path: "Path", seed: int) -> None:
    person = Person(tmp_path, seed)
    troubles = [person.restore, person.put_back, person.lose_state, person.copy_home, person.compact]
    person.use([person.add, person.add, person.add, *troubles, *[person.sync] * 3])
    person.require_equal()
    assert person.published <= set(person.machines[0].entries)
