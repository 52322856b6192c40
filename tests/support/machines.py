"""Several machines of one person: homes with a journal each, whose clocks tick in turns; and a network for them."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from support.env import xdg_variables
from support.makers import ScriptedPrompter
from support.remotes import make_bare_repository
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.world import World

_seconds = count()


def tick() -> datetime:
    """Return a time on Friday 20 November 2026 that is later than all before."""
    return datetime(2026, 11, 20, 17, 30, tzinfo=UTC) + timedelta(seconds=next(_seconds))


class Output(NamedTuple):
    """What a command wrote."""

    out: str
    err: str


class Machine:
    """A home in which the program runs in-process."""

    def __init__(self, home: Path, name: str) -> None:
        """Start with an empty home."""
        self.home = home / name
        self.home.mkdir()
        self.name = name
        self.variables: dict[str, str] = {}
        self.now: Callable[[], datetime] = tick

    @property
    def journal(self) -> Path:
        """The journal."""
        return self.home / "data" / "valuelog" / "journal.db"

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.home / "state" / "valuelog"

    @property
    def sync_folder(self) -> Path:
        """The folder with the key."""
        (folder,) = (self.state / "sync").iterdir()
        return folder

    @property
    def entries(self) -> Iterator[str]:
        """The texts of all entries."""
        yield from (entry["text"] for entry in json.loads(self("list", "--json", "-n", "1000").out))

    def __call__(
        self, *args: str, answers: "list[Any] | None" = None, stdin: bytes = b"", fails: int = 0, **environ: str
    ) -> Output:
        """Run a command, and check its exit code."""
        out, err = io.StringIO(), io.StringIO()
        world = World(
            environ={
                "HOME": str(self.home),
                **xdg_variables(self.home),
                "VALUELOG_TODAY": "2026-11-20",
                **self.variables,
                **environ,
            },
            stdin=io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
            stdout=out,
            stderr=err,
            now=self.now,
            prompter=ScriptedPrompter(answers) if answers is not None else None,
        )
        main = lambda: app().main(args=list(args), prog_name="valuelog", standalone_mode=False, obj=world)  # noqa: E731
        code = errors.run(world, main)
        assert code == fails, err.getvalue()
        return Output(out.getvalue(), err.getvalue())

    def sync(self) -> str:
        """Sync, and return what that says."""
        return self("sync").err

    def set_up(self, remote: Path | str) -> bytes:
        """Set up a remote; return the invitation."""
        return self("sync", "setup", str(remote), "--name", self.name).out.encode()

    def join(self, invitation: bytes) -> str:
        """Join; return what that says."""
        return self("sync", "join", "-", "--name", self.name, stdin=invitation).err

    def add(self, text: str, kind: str = "activity") -> None:
        """Log an entry."""
        self("add", kind, text)

    def find_id(self, text: str) -> str:
        """Return the id of the entry with a text."""
        return next(str(entry["id"]) for entry in json.loads(self("list", "--json").out) if entry["text"] == text)

    def export(self) -> str:
        """Return everything that the journal has, as JSON lines."""
        return "".join(sorted(self("export", "jsonl").out.splitlines(keepends=True)))


FAKE_SSH = """\
#!/bin/sh
while case "$1" in -*) true ;; *) false ;; esac; do
  case "$1" in -o | -p | -i | -l) shift ;; esac
  shift
done
host="${1#*@}"
shift
if ! cd "HOSTS/$host" 2>/dev/null; then
  echo "ssh: Could not resolve hostname $host: Name or service not known" >&2
  exit 255
fi
export HOME="$PWD"
if [ -d "$HOME/data" ]; then
  export XDG_DATA_HOME="$HOME/data" XDG_CONFIG_HOME="$HOME/config" XDG_STATE_HOME="$HOME/state"
else
  unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME
fi
exec /bin/sh -c "$*"
"""
"""Runs a command in the home of a host, which is a folder."""


class Network:
    """Hosts that a fake ssh reaches: each is a folder with its home."""

    def __init__(self, folder: Path) -> None:
        """Start without hosts."""
        self.hosts = folder / "hosts"
        self._programs = folder / "programs"
        self.hosts.mkdir(parents=True)
        self._programs.mkdir()
        program = self._programs / "ssh"
        program.write_text(FAKE_SSH.replace("HOSTS", str(self.hosts)), encoding="utf-8")
        program.chmod(0o700)

    @property
    def path(self) -> str:
        """The PATH with ssh, and with valuelog itself."""
        return os.pathsep.join([str(self._programs), str(Path(sys.executable).parent), os.environ["PATH"]])

    def add_repository(self, host: str, name: str) -> str:
        """Create an empty repository on a host, and return its address."""
        make_bare_repository(self.hosts / host / name)
        return f"git@{host}:{name}"
