"""Runs the program under the shim, by a forking server or as a process of its own."""

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from faults.calls import Call, Kind, read_calls
from support.env import NO_BACKUPS, process_environment

TESTS = Path(__file__).parents[1]
SOURCE = Path(__file__).with_name("shim.c")

FROZEN_TIME = 1_795_201_200
"""What the clock shows in recorded runs, so that each run writes the same bytes: 20 November 2026, 19:00 UTC."""

COUNTER_BYTES = 4 * (len(Kind) + 1)


def missing_programs() -> str:
    """Return why the harness cannot run here, or an empty text."""
    if sys.platform != "linux":
        return "the shim needs Linux"
    return "" if shutil.which("gcc") else "gcc is not installed"


@cache
def build_shim() -> Path:
    """Compile the shim once per process; return the library."""
    folder = tempfile.mkdtemp(prefix="valuelog-shim-")
    library = Path(folder, "shim.so")
    options = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["gcc", *options, "-o", str(library), str(SOURCE)], check=True)  # noqa: S607  from PATH
    return library


def fast_folder() -> Path | None:
    """Return a folder in memory for disk images, if there is one: thousands of them are written."""
    memory = Path("/dev/shm")  # noqa: S108  each image is below a random folder of its own
    return memory if os.access(memory, os.W_OK) else None


@dataclass(frozen=True)
class Step:
    """One run of the program, in the words of its command line."""

    argv: tuple[str, ...] = ()
    stdin: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    keep_answer: str = ""
    """An answer to keep as unsaved, instead of a command line: only an interactive evening does that."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong in a run: at most one of these."""

    kill_at: int = 0
    """The number of the call before which the process is killed."""
    kind: Kind | None = None
    """The kind of the call that fails …"""
    nth: int = 0
    """… its number …"""
    error: int = 0
    """… and its errno, or -1 for a write of half the data."""
    hook: str = ""
    """What the self-checks break: a key of server.HOOKS."""

    def variables(self) -> dict[str, str]:
        """Return what the shim reads."""
        if self.kill_at:
            return {"FAULTS_KILL": str(self.kill_at)}
        return {"FAULTS_FAIL": f"{self.kind.name.lower()}:{self.nth}:{self.error}"} if self.kind is not None else {}


NO_FAULT = Fault()


@dataclass(frozen=True)
class Outcome:
    """A run that ended: its exit code (negative for a signal), what it printed, its disk calls, and its reads."""

    code: int
    out: str
    err: str
    calls: list[Call]
    reads: int
    error: str = ""


class Server:
    """The forking server."""

    def __init__(self) -> None:
        """Start it."""
        environ = {
            **os.environ,
            **NO_BACKUPS,
            "LD_PRELOAD": str(build_shim()),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")])),
            "PYTHONHASHSEED": "0",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "faults.server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ
        )

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._process.communicate()

    def call(self, action: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401  values of JSON
        """Run an action in a forked process; return its result."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"action": action, **values}).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise EOFError(f"The server ended during {action}.")
        result: dict[str, Any] = json.loads(line)
        return result

    def run(self, home: Path, step: Step, fault: Fault = NO_FAULT, *, seed: int = 0) -> Outcome:
        """Run a step in a home under the shim."""
        return self._run(home, step, fault, seed, self.call)

    def run_on_full_disk(
        self, home: Path, step: Step, result: Path, free_kib: int, *, part: str = ".", seed: int
    ) -> Outcome:
        """Run a step in a copy of a home, a part of it on a disk with little room; what it leaves is in `result`."""

        def call(action: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401  values of JSON
            assert action == "run"
            return self.call(
                "fill_and_run", home=str(home), part=part, result=str(result), free_kib=free_kib, values=values
            )

        return self._run(home, step, NO_FAULT, seed, call)

    def _run(self, home: Path, step: Step, fault: Fault, seed: int, call: Callable[..., dict[str, Any]]) -> Outcome:
        with tempfile.TemporaryDirectory(dir=fast_folder()) as name:
            folder = Path(name)
            shared = {"output": str(folder / "output"), "shim": shim_variables(home, folder, fault)}
            if step.keep_answer:
                paths = {"path": str(state_folder(home) / "unsaved-answers.jsonl"), "journal": str(journal_path(home))}
                done = call("keep_answer", **paths, text=step.keep_answer, **shared)
            else:
                stdin = _write_input(folder, step.stdin)
                values = {"argv": step.argv, "environ": environment(home, step), "stdin": stdin, "seed": seed}
                done = call("run", **values, hook=fault.hook, **shared)
            out, err = (_read_text(folder / f"output.{stream}") for stream in ("out", "err"))
            reads = _read_counter(folder / "counters", Kind.READ)
            return Outcome(done["code"], out, err, read_calls(folder / "log", home), reads, done.get("error", ""))


def run_process(home: Path, argv: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run the real program as a process of its own, without the shim."""
    command = [sys.executable, "-m", "valuelog", *argv]
    return subprocess.run(command, env=process_environment(home), capture_output=True, text=True, check=False)


def environment(home: Path, step: Step) -> dict[str, str]:
    """Return the environment of a run."""
    return process_environment(home, COLUMNS="80", PYTHONDONTWRITEBYTECODE="1", **step.environ)


def journal_path(home: Path) -> Path:
    """Return the usual journal of a home."""
    return home / "data" / "valuelog" / "journal.db"


def state_folder(home: Path) -> Path:
    """Return the state folder of a home."""
    return home / "state" / "valuelog"


def settings_path(home: Path) -> Path:
    """Return the settings of a home."""
    return home / "config" / "valuelog" / "config.toml"


def shim_variables(home: Path, folder: Path, fault: Fault = NO_FAULT) -> dict[str, str]:
    """Return the environment variables that make the shim record below a home; its files go into a folder."""
    counters = folder / "counters"
    counters.write_bytes(bytes(COUNTER_BYTES))
    return {
        "LD_PRELOAD": str(build_shim()),
        "FAULTS_LOG": str(folder / "log"),
        "FAULTS_ROOT": str(home),
        "FAULTS_COUNTERS": str(counters),
        "FAULTS_CLOCK": str(FROZEN_TIME),
        **fault.variables(),
    }


def _read_counter(counters: Path, kind: Kind) -> int:
    """Return how many calls of a kind the shim counted."""
    (count,) = struct.unpack_from("=I", counters.read_bytes(), 4 * kind)
    return int(count)


def _write_input(folder: Path, text: str) -> str:
    path = folder / "stdin"
    path.write_text(text, encoding="utf-8")
    return str(path) if text else "/dev/null"


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
