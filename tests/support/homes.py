"""Homes of one person on machines of their own: the real program on terminals, a remote that can be out of reach."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from support.env import process_environment
from support.machines import Machine, Output
from support.remotes import Place, git, open_place
from support.typist import Typist

PROGRAM = shlex.join([sys.executable, "-P", str(Path(__file__).with_name("patient_valuelog.py"))])

WIDE = 200
"""Columns, so that no message is wrapped."""


class Home(Machine):
    """A machine with the real clock, whose commands can also run as processes: on a terminal, or behind a pipe."""

    def __init__(self, folder: Path, name: str, place: Place) -> None:
        """Start with an empty home that reaches the remote."""
        super().__init__(folder, name)
        self.now = lambda: datetime.now(UTC)
        self._place = place
        self.variables = {"GIT_CONFIG_NOSYSTEM": "1", "PATH": place.environ["PATH"], **place.more}
        self.come_online()

    @property
    def address(self) -> str:
        """The address of the remote; a folder is a link in each home, as a synced folder would be."""
        return "~/Journal" if self._place.address == str(self._place.folder) else self._place.address

    def come_online(self) -> None:
        """Reach the remote."""
        if self.address == "~/Journal":
            (self.home / "Journal").symlink_to(self._place.folder)
        else:
            (self.home / ".gitconfig").write_text("")

    def go_offline(self) -> None:
        """Lose the remote: for git, its host has no open port."""
        if self.address == "~/Journal":
            (self.home / "Journal").unlink()
        else:
            host = self._place.address.removesuffix(str(self._place.folder)).removesuffix("/remote")
            closed = f"{host.rpartition(':')[0]}:1"
            (self.home / ".gitconfig").write_text(f'[url "{closed}"]\n  insteadOf = {host}\n')

    def environ(self, day: str) -> dict[str, str]:
        """Return the whole environment of a process."""
        return process_environment(self.home, **{**self.variables, "VALUELOG_TODAY": day})

    def type(self, day: str, words: str, transcript: str = "", fails: int = 0) -> str:
        """Run a command on a terminal, with answers as in `Typist`; return what is on the screen."""
        shown, code = Typist(f"{PROGRAM} {words}", transcript, self.environ(day), self.home, wide=WIDE).run()
        assert code == fails, shown
        return shown

    def start(self, day: str, *words: str, stdin: "int | None" = None) -> "subprocess.Popen[bytes]":
        """Start a command without a terminal."""
        command = [sys.executable, "-m", "valuelog", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, env=self.environ(day), cwd=self.home, stdin=stdin or subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )

    def run(self, day: str, *words: str, fails: int = 0) -> Output:
        """Run a command in a process without a terminal."""
        process = self.start(day, *words)
        out, err = process.communicate()
        assert process.returncode == fails, err
        return Output(out.decode(), err.decode())

    def join_by_pipe(self, other: "Home", day: str, *words: str) -> str:
        """Join with what another home pipes: valuelog sync invite | valuelog sync join -; return what that says."""
        inviting = other.start(day, "sync", "invite")
        assert inviting.stdout
        joining = self.start(day, "sync", "join", "-", *words, stdin=inviting.stdout.fileno())
        _, err = joining.communicate()
        inviting.communicate()
        assert (inviting.returncode, joining.returncode) == (0, 0), err
        return err.decode()


@contextmanager
def open_homes(kind: str, folder: Path, *names: str) -> Iterator[tuple[Place, list[Home]]]:
    """Provide a remote of a kind, with homes that reach it."""
    with open_place(kind, folder / "place") as place:
        yield place, [Home(folder, name, place) for name in names]


def list_objects(repository: Path) -> Iterator[bytes]:
    """Yield every object of a repository unpacked, then every file of it."""
    git(repository, "fsck", "--strict")
    command = ["git", "cat-file", "--batch-all-objects", "--batch"]
    yield subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout
    yield from (path.read_bytes() for path in repository.rglob("*") if path.is_file())
