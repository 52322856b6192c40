"""Power cuts, kills, failing calls, full disks, flipped bits, races: nothing that was acknowledged is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from faults.failures import judge_failures, judge_sync_failures
from faults.flips import judge_flips
from faults.full_disk import judge_full_disks, judge_full_sync_disks
from faults.harness import Server
from faults.kills import judge_kills, judge_sync_kills
from faults.power_cuts import judge_power_cuts
from faults.purging import SCENES as CANARY_SCENES
from faults.purging import find_remains
from faults.races import RACES, Race, judge_races
from faults.record import Stage
from faults.report import Report
from faults.scenes import FOLDER_SCENES, GIT_SCENES, SCENES, Scene
from faults.sizes import seed, sizes
from faults.slow_reader import find_blocked_writers

pytestmark = pytest.mark.slow

Check = Callable[[str, Report], None]


each_scene = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
each_folder_sync = pytest.mark.parametrize("scene", FOLDER_SCENES, ids=lambda scene: scene.name)
each_git_sync = pytest.mark.parametrize("scene", GIT_SCENES, ids=lambda scene: scene.name)
each_canary = pytest.mark.parametrize("name", [*CANARY_SCENES])
each_race = pytest.mark.parametrize("race", RACES, ids=lambda race: race.name)


def share(budget: int, scene: Scene) -> int:
    """Return the part of a budget for one scene, by its weight; all parts add up to the budget."""
    weights = [each.weight for each in SCENES]
    before = sum(weights[: SCENES.index(scene)])
    return budget * (before + scene.weight) // sum(weights) - budget * before // sum(weights)


@each_scene
def test_power_cuts(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"power cuts, {scene.name}", judge_power_cuts(stage, scene.name, share(sizes().power_cuts, scene)))


@each_scene
def test_kills(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"kills, {scene.name}", judge_kills(stage, scene.name, share(sizes().kills, scene)))


@each_scene
def test_failing_calls(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"failing calls, {scene.name}", judge_failures(stage, scene.name, sizes().failing_calls))


@each_scene
def test_full_disks(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"full disks, {scene.name}", judge_full_disks(stage, scene.name, sizes().full_disks))


@each_folder_sync
def test_power_cuts_of_a_sync(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"power cuts, {scene.name}", judge_power_cuts(stage, scene.name, sizes().syncs.power_cuts))


@each_folder_sync
def test_kills_of_a_sync(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"kills, {scene.name}", judge_sync_kills(stage, scene.name, sizes().syncs.kills))


@each_git_sync
def test_kills_of_a_sync_over_git(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"kills, {scene.name}", judge_sync_kills(stage, scene.name, sizes().syncs.git_kills))


@each_folder_sync
def test_failing_calls_of_a_sync(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"failing calls, {scene.name}", judge_sync_failures(stage, scene.name, sizes().syncs.failing_calls))


@each_folder_sync
def test_full_disks_of_a_sync(stage: Stage, check: Check, scene: Scene) -> None:
    check(f"full disks, {scene.name}", judge_full_sync_disks(stage, scene.name, sizes().syncs.full_disks))


FLIP_PARTS = 4
"""The flips are spread over several tests, which run in parallel."""


@pytest.mark.parametrize("part", range(FLIP_PARTS))
def test_flipped_bits(stage: Stage, check: Check, part: int) -> None:
    check(f"flipped bits, part {part + 1}", judge_flips(stage, sizes().flips // FLIP_PARTS, part))


@each_race
def test_races(server: Server, other_server: Server, scratch_home: Path, check: Check, race: Race) -> None:
    report = judge_races([server, other_server], scratch_home, race, sizes().race_rounds, seed())
    check(f"races, {race.name}", report)


def test_slow_reader_blocks_no_writer(server: Server, scratch_home: Path) -> None:
    scratch_home.mkdir()
    assert find_blocked_writers(server, scratch_home, sizes().slow_entries, seed()) == []


@each_canary
def test_purged_word_is_nowhere(stage: Stage, name: str) -> None:
    assert find_remains(stage, name) == []
