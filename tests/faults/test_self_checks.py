"""The harness sees what it must see: settings that lose something in a power cut are caught."""

import pytest

from faults.power_cuts import judge_power_cuts, replay_power_cut
from faults.record import Stage

pytestmark = pytest.mark.slow

DISKS = 120
"""How many disks are enough to see it."""

DISKS_OF_A_SYNC = 20


def test_power_cut_after_a_commit_without_a_synced_folder_is_caught(stage: Stage) -> None:
    report = judge_power_cuts(stage, "add", DISKS, "synchronous=FULL")
    problems = {problem for each in report.faults.values() for problem in each}
    assert any(problem.startswith("the journal has") for problem in problems)


def test_power_cut_after_settings_without_fsync_is_caught(stage: Stage) -> None:
    report = judge_power_cuts(stage, "settings", DISKS, "no fsync")
    problems = {problem for each in report.faults.values() for problem in each}
    assert any(problem.startswith("config/valuelog/config.toml is") for problem in problems)


def test_replay_builds_the_same_disk(stage: Stage) -> None:
    report = judge_power_cuts(stage, "settings", DISKS, "no fsync")
    name, problems = next(iter(report.faults.items()))
    _, scene, names, after, variant = name.split("/")
    assert replay_power_cut(stage, scene, names, after, variant, hook="no fsync") == problems


def test_power_cut_after_a_sync_without_fsync_is_caught(stage: Stage) -> None:
    report = judge_power_cuts(stage, "sync sends", DISKS_OF_A_SYNC, "no fsync")
    problems = {problem for each in report.faults.values() for problem in each}
    assert any(problem.endswith("was not sent") for problem in problems)
    assert any(problem.endswith("on the remote is damaged") for problem in problems)


def test_power_cut_after_a_rekey_without_fsync_is_caught(stage: Stage) -> None:
    report = judge_power_cuts(stage, "sync rekey", DISKS_OF_A_SYNC, "no fsync")
    problems = {problem for each in report.faults.values() for problem in each}
    assert any("/key is " in problem for problem in problems)
