"""Replays one case by its name, and leaves the home to look at. Run by: python3 dev.py faults --replay NAME."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from faults.failures import replay_failure
from faults.flips import replay_flip
from faults.full_disk import replay_full_disk
from faults.harness import Server
from faults.kills import replay_kill
from faults.power_cuts import replay_power_cut
from faults.record import Stage
from faults.sizes import DEFAULT_SEED

REPLAYS: dict[str, Callable[..., list[str]]] = {
    "power cut": replay_power_cut,
    "kill": replay_kill,
    "failure": replay_failure,
    "full disk": replay_full_disk,
    "flip": replay_flip,
}
"""What can be replayed, by the first part of the name; races depend on the moment."""


def main(name: str) -> int:
    """Replay a case and print what is wrong; return 1 if anything is."""
    path, _, seed = name.partition("@")
    kind, *parts = path.split("/")
    if kind not in REPLAYS:
        sys.exit(f"Only these can be replayed: {', '.join(REPLAYS)}.")
    folder = Path(tempfile.mkdtemp(prefix="valuelog-replay-"))
    with Server() as server:
        problems = REPLAYS[kind](Stage(server, folder / "home", int(seed or DEFAULT_SEED)), *parts)
    result = "\n".join(problems) or "Nothing is wrong."
    sys.stdout.write(f"{result}\nWhat the next command left: {folder / 'home'}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
