"""Several machines that exchange changes in any order end with the same journal: the one that the merge rule says.

`python3 dev.py interleavings` runs many more; a seed that fails there can be added here.
"""

import pytest

from interleavings.run import run_seed
from interleavings.seeded_bugs import BUGS, Bug, find_failing_seed

SEEDS = range(1, 41)
"""Every 20th seals its files with age."""

MAX_RUNS = 100
"""Within so many interleavings, each seeded bug must be found."""


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [SEEDS[start : start + 10] for start in range(0, len(SEEDS), 10)], ids=str)
def test_machines_end_with_the_same_journal(seeds: range) -> None:
    for seed in seeds:
        run_seed(seed)


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_interleavings_find_the_seeded_bug(bug: Bug) -> None:
    assert find_failing_seed(bug, MAX_RUNS)
