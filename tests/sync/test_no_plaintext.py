"""No word, name or day of a journal is on the remote, in its mirror, in the state folder or in the process list."""

import json
import os
import re
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from support.homes import Home, list_objects, open_homes
from support.remotes import Place
from support.requirements import requires_program

pytest.importorskip("pyrage")

DAY, TODAY = "2024-02-29", "2026-11-20"

SPY = """\
#!/bin/sh
{{ echo "$0 $*"; cat "/proc/$$/environ"; }} >>"{log}"
exec "{git}" "$@"
"""
"""Notes the arguments and the environment of each git, however short it runs."""


class Written(NamedTuple):
    """Two homes whose journals have a canary in every kind of text, and a remote on which they synced."""

    place: Place
    homes: list[Home]
    ids: frozenset[bytes]

    @property
    def key(self) -> bytes:
        """The key of both."""
        return (self.homes[0].sync_folder / "key").read_bytes().splitlines()[-1]

    def find(self, content: bytes) -> list[bytes]:
        """Return what a content has of the canaries, the day, the ids and the key."""
        days = (DAY, DAY.replace("-", ""), "29 Feb 2024")
        needles = {b"canary", b"age-secret-key", self.key.lower(), *self.ids, *(day.lower().encode() for day in days)}
        lowered = content.lower()
        return [needle for needle in needles if needle in lowered]


@pytest.fixture(scope="module", params=[pytest.param("daemon", marks=requires_program("git")), "folder"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """Write canaries on both machines, and sync them."""
    with open_homes(request.param, tmp_path_factory.mktemp("homes"), "one", "two") as (place, homes):
        one, two = homes
        write_canaries(one)
        invitation = one("sync", "setup", one.address, "--name", "first-canary").out
        two("sync", "join", "-", "--name", "second-canary", stdin=invitation.encode())
        write_canaries(two)
        for home in (two, one):
            home.sync()
        listed = json.loads(one("list", DAY, "--json").out)
        assert len(listed) == 4
        yield Written(place, homes, frozenset(entry["id"].encode() for entry in listed))


def write_canaries(home: Home) -> None:
    """Write a canary into every kind of text."""
    for words in (
        ["project", "start", f"Canary {home.name}", "--problem", "canary", "--measure", "canary", "--aim", "canary"],
        ["project", "measure", f"canary-{home.name}", "29"],
        ["add", "helped", "@canary-person has a canary #canary", "--project", f"canary-{home.name}", "-d", DAY],
        ["add", "outcome", "canary", "--evidence", "a canary sang", "--for", "customers", "-d", DAY],
        ["pain", "add", f"{home.name} canaries too many", "--better", "no canary", "--new", "-d", DAY],
        ["promise", "make", "start", f"the canary of {home.name}"],
        ["off", "2024-03-04", "--note", "canary"],
        ["review", "--week", "--level", "canary"],
    ):
        home(*words)


def read_remote(written: Written) -> Iterator[bytes]:
    """Yield everything that the remote has: files, their names, and git's objects unpacked."""
    folder = written.place.folder
    if (folder / "HEAD").exists():
        yield from list_objects(folder)
    for path in folder.rglob("*"):
        yield os.fsencode(path.relative_to(folder))
        if path.is_file():
            yield path.read_bytes()


def test_remote_has_no_plaintext(written: Written) -> None:
    contents = [*read_remote(written)]
    assert any(b"age-encryption.org" in content for content in contents)
    for content in contents:
        assert not written.find(content)


def test_state_folder_has_no_plaintext_and_the_key_once(written: Written) -> None:
    for home in written.homes:
        key = home.sync_folder / "key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        own = {key, home.sync_folder / "state.json"}  # with the name of this machine
        files = [path for path in home.state.rglob("*") if path.is_file()]
        assert own < {*files}
        for path in files:
            content = path.read_bytes()
            if path in own:
                content = content.replace(b"first-canary", b"").replace(b"second-canary", b"")
            if path == key:
                content = content.replace(written.key, b"")
            assert not written.find(content), path
        for mirror in home.sync_folder.glob("remote/mirror.git"):
            assert not [found for content in list_objects(mirror) if (found := written.find(content))]


def test_debug_output_has_no_plaintext(written: Written) -> None:
    one, _ = written.homes
    one("add", "activity", "one more canary", "-d", DAY)
    outputs = [*one.run(TODAY, "--debug", "sync")]
    one.go_offline()
    outputs += one.run(TODAY, "--debug", "sync", fails=1)
    one.come_online()
    assert outputs[1].startswith("Sent 1 change.")
    assert "Traceback" in outputs[3]
    assert not written.find("".join(outputs).encode())


@contextmanager
def watch_processes(folder: Path) -> Iterator[set[bytes]]:
    """Collect the command lines and environments of all processes with a home in a folder while the block runs."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("there is no /proc")
    before, seen, stopped = {*Path("/proc").glob("[0-9]*")}, set[bytes](), threading.Event()

    def watch() -> None:
        while not stopped.is_set():
            for process in {*Path("/proc").glob("[0-9]*")} - before:
                with suppress(OSError):  # it has ended
                    content = (process / "cmdline").read_bytes() + b"\0\0" + (process / "environ").read_bytes()
                    seen.update([content] if bytes(folder) in content else [])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        stopped.set()
        watcher.join()


def test_processes_have_no_plaintext(written: Written, tmp_path: Path) -> None:
    one, two = written.homes
    log = tmp_path / "log"
    log.touch()
    programs = tmp_path / "programs"
    programs.mkdir()
    git = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607  the real one
    (programs / "git").write_text(SPY.format(log=log, git=git))
    (programs / "git").chmod(0o700)
    one("add", "activity", "canary of the process list", "-d", DAY)
    with watch_processes(written.place.home.parent) as seen:
        for home in (one, two):
            home.variables["PATH"] = f"{programs}:{written.place.environ['PATH']}"
        out, err = one.run(TODAY, "sync")
        assert re.match(r"Sent \d change", err), out
        assert "Joined" in two.join_by_pipe(one, TODAY)
    assert any(b"valuelog\0sync\0" in each for each in seen)
    spied = log.read_bytes()
    if (written.place.folder / "HEAD").exists():
        assert b" fast-import " in spied
        assert b" push " in spied
    for content in (*seen, spied):
        assert not written.find(content)
