"""How much is tried: in CI, and before a release. Budgets are numbers of cases, so that each run tries the same."""

import os
from typing import NamedTuple


class SyncSizes(NamedTuple):
    """The budgets of one scene in which machines sync."""

    power_cuts: int
    """Different disks after power cuts."""
    kills: int | None
    """Kills, each before another call; None for one before every call."""
    git_kills: int
    """Kills when the remote is a git repository."""
    failing_calls: int | None
    """How many of the calls of each kind fail, evenly spread; None for every call."""
    full_disks: int
    """Sizes of the room that is left, for each part of the home."""


class Sizes(NamedTuple):
    """The budgets of a run."""

    power_cuts: int
    """Different disks after power cuts, over all scenes."""
    kills: int
    """Kills, over all scenes."""
    failing_calls: int | None
    """How many of the first calls of each kind fail; None for every call."""
    full_disks: int
    """Sizes of the room that is left on a disk."""
    flips: int
    """Flipped bits."""
    race_rounds: int
    """How often each race is run."""
    syncs: "SyncSizes"
    """The budgets of each scene in which machines sync."""
    slow_entries: int
    """Entries of the export that is read slowly."""


CI = Sizes(
    power_cuts=6_000, kills=240, failing_calls=8, full_disks=4, flips=400, race_rounds=6, slow_entries=4_000,
    syncs=SyncSizes(power_cuts=20, kills=6, git_kills=2, failing_calls=1, full_disks=2),
)  # fmt: skip
RELEASE = Sizes(
    power_cuts=1_000_000, kills=5_000, failing_calls=None, full_disks=40, flips=50_000, race_rounds=1_000,
    slow_entries=200_000,
    syncs=SyncSizes(power_cuts=2_000, kills=None, git_kills=200, failing_calls=None, full_disks=12),
)  # fmt: skip

SIZE_VARIABLE, SEED_VARIABLE = "FAULTS_SIZE", "FAULTS_SEED"
"""Environment variables: a name of NAMED; the seed of the run."""

DEFAULT_SEED = 1
"""The seed of CI: it finds the same in each run, so that only a change of the code makes it fail."""

NAMED = {"ci": CI, "release": RELEASE}


def sizes() -> Sizes:
    """Return the budgets of this run."""
    return NAMED[os.environ.get(SIZE_VARIABLE, "ci")]


def seed() -> int:
    """Return the seed of this run."""
    return int(os.environ.get(SEED_VARIABLE, DEFAULT_SEED))
