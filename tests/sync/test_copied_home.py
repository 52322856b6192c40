"""A home folder that was copied to a second machine: both carry on with the same device id, key and journal."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.machines import Machine
from support.remotes import make_bare_repository
from support.requirements import requires_program

pytest.importorskip("pyrage")


class Desks:
    """Two machines on which a home has the same path: only one of them is there at a time."""

    def __init__(self, folder: Path) -> None:
        """Start with the home of the original."""
        self._folder = folder
        self.machine = Machine(folder, "me")
        self.machine.variables["PATH"] = os.environ["PATH"]
        self._present = "original"

    def copy(self) -> None:
        """Copy the home as `cp -a` does."""
        subprocess.run(["cp", "-a", self.machine.home, self._folder / "copy"], check=True)  # noqa: S607  the real one

    @contextmanager
    def at(self, name: str) -> Iterator[Machine]:
        """Sit down at a machine."""
        before = self._present
        self._sit(name)
        yield self.machine
        self._sit(before)

    def _sit(self, name: str) -> None:
        if name != self._present:
            self.machine.home.rename(self._folder / self._present)
            (self._folder / name).rename(self.machine.home)
            self._present = name


@pytest.fixture(params=["folder"])
def desks(request: pytest.FixtureRequest, tmp_path: Path) -> Desks:
    """Return two machines; the second has a copy of the home, made between two syncs over a folder or git."""
    if request.param == "git":
        make_bare_repository(tmp_path / "remote")
    else:
        (tmp_path / "remote").mkdir()
    desks = Desks(tmp_path)
    with desks.at("original") as original:
        original.add("monday")
        original.set_up(tmp_path / "remote")
        original.add("tuesday, not synced")
    desks.copy()
    return desks


def other(name: str) -> str:
    return "copy" if name == "original" else "original"


def sync_both(desks: Desks) -> None:
    for name in ("original", "copy", "original"):
        with desks.at(name) as machine:
            machine.sync()


def require_equal(desks: Desks) -> list[str]:
    """Sync both until nothing is new, check that they are equal and undamaged, and return all texts."""
    sync_both(desks)
    exports = []
    for name in ("copy", "original"):
        with desks.at(name) as machine:
            assert machine.sync() == "Nothing new.\n"
            machine("doctor")
            exports.append(machine("export", "jsonl").out)
            texts = sorted(machine.entries)
    assert exports[0] == exports[1]
    return texts


@pytest.mark.parametrize("desks", ["folder", pytest.param("git", marks=requires_program("git"))], indirect=True)
@pytest.mark.parametrize("first", ["original", "copy"])
def test_both_carry_on_and_nothing_is_dropped_or_doubled(desks: Desks, first: str, tmp_path: Path) -> None:
    server = Machine(tmp_path, "server")
    server.variables["PATH"] = os.environ["PATH"]
    with desks.at("original") as machine:
        server.join(machine("sync", "invite").out.encode())
    names = (first, other(first))
    for number in range(3):
        for name in names:
            with desks.at(name) as machine:
                machine.add(f"{name} {number}")
                machine.sync()
        server.sync()
    expected = [f"{name} {number}" for name in names for number in range(3)]
    assert require_equal(desks) == sorted(["monday", "tuesday, not synced", *expected])
    server.sync()
    assert server("export", "jsonl").out == desks.machine("export", "jsonl").out


@pytest.mark.parametrize("first", ["original", "copy"])
def test_new_id_is_announced_once(desks: Desks, first: str) -> None:
    for name in (first, other(first)):
        with desks.at(name) as machine:
            machine.add(f"on the {name}")
    with desks.at(first) as machine:
        assert "Sent" in machine.sync()
    with desks.at(other(first)) as machine:
        assert "This machine has a new id now" in machine.sync()
        assert machine.sync() == "Nothing new.\n"


@pytest.mark.parametrize("name", ["original", "copy"])
@pytest.mark.parametrize("syncs_first", ["original", "copy"])
def test_undo_takes_back_what_this_machine_did(desks: Desks, name: str, syncs_first: str) -> None:
    for each in ("copy", "original"):
        with desks.at(each) as machine:
            machine.add(f"{each} after the copy")
    for each in (syncs_first, other(syncs_first), syncs_first):
        with desks.at(each) as machine:
            machine.sync()
    with desks.at(name) as machine:
        machine("undo")
        assert set(machine.entries) == {f"{other(name)} after the copy", "monday", "tuesday, not synced"}
        machine("undo", "2")
        assert list(machine.entries) == [f"{other(name)} after the copy"]
        machine("undo", fails=1)
    assert require_equal(desks) == [f"{other(name)} after the copy"]


@pytest.mark.parametrize("name", ["original", "copy"])
def test_undo_on_a_machine_that_did_nothing_since_leaves_the_other_alone(desks: Desks, name: str) -> None:
    with desks.at(other(name)) as machine:
        machine.add("after the copy")
        machine.sync()
    with desks.at(name) as machine:
        machine.sync()
        machine("undo")
        assert sorted(machine.entries) == ["after the copy", "monday"]
        machine.add("back again")
    assert require_equal(desks) == ["after the copy", "back again", "monday"]
