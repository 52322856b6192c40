"""Child processes that publish to a remote and may be killed or find a full disk.

As a program, this module runs the function named by its first argument and prints the name of its error, if any.
"""

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from support.remotes import FILES, git, make_bare_repository
from valuelog.model.errors import ValuelogError
from valuelog.sync.remote import open_remote

LARGE = {"laptop/0000000003-0000000004.age": random.Random(1).randbytes(2_000_000)}  # noqa: S311  no secret


def start_child(*words: object, prefix: Sequence[str] = ()) -> "subprocess.Popen[str]":
    """Start an action in a child, as the last words of another command if there is a `prefix`."""
    command = [*prefix, sys.executable, "-m", "support.remote_children", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])


def kill_after(child: "subprocess.Popen[str]", seconds: float) -> None:
    """Kill a child some time after it began to publish."""
    assert child.stdout
    child.stdout.readline()
    time.sleep(seconds)
    child.kill()
    child.communicate()


def _tell_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def put_each(address: str, cache: str, device: str) -> None:
    """Publish one file after the other until killed."""
    remote = open_remote(address, Path(cache), interactive=False)
    known = len([name for name in remote.list() if name.startswith(device)])
    _tell_ready()
    for number in range(known + 1, known + 1_000):
        remote.put({f"{device}/{number:010}-{number:010}.age": bytes(5_000)})


def replace_repeatedly(address: str, cache: str, generation: str) -> None:
    """Rebuild the remote until killed."""
    remote = open_remote(address, Path(cache), interactive=False)
    _tell_ready()
    for _ in range(1_000):
        remote.list()
        remote.replace({name: generation.encode() for name in FILES})


def fill_folder(folder: str) -> None:
    """Publish to a folder whose disk is full, then to one with space again."""
    remote = open_remote(folder, Path("/nowhere"))
    remote.put(FILES)
    try:
        remote.put(LARGE)
    finally:
        sys.stdout.write(f"{sorted(remote.list())} {sum(1 for path in Path(folder).rglob('*') if path.is_file())} ")


def fill_repository(folder: str, cache: str) -> None:
    """Publish to a repository whose disk is full."""
    repository = make_bare_repository(Path(folder, "remote"))
    remote = open_remote(str(repository), Path(cache), interactive=False)
    remote.put(FILES)
    ballast = Path(folder, "ballast")
    with suppress(OSError):
        ballast.write_bytes(bytes(1_000_000))
    try:
        remote.put(LARGE)
    finally:
        ballast.unlink()
        git(repository, "fsck", "--strict")
        sys.stdout.write(f"{len(remote.list())} ")


def fill_cache(folder: str, address: str, interactive: str = "") -> None:
    """Publish more than the disk with the cache may have room for."""
    remote = open_remote(address, Path(folder, "cache"), interactive=bool(interactive))
    remote.list()
    remote.put(LARGE)


def main(action: str, *words: str) -> str:
    """Run an action by name; return the name of its error."""
    try:
        globals()[action](*words)
    except ValuelogError as error:
        return type(error).__name__
    return "done"


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]))
