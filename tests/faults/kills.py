"""Kills: the program dies before some disk call or print, and everything that it had acknowledged must be there."""

import signal
from collections.abc import Sequence
from random import Random

from faults.calls import Call, Kind, list_prints
from faults.failures import check_message
from faults.harness import Fault, Outcome
from faults.images import read_disk
from faults.judge import Recording
from faults.record import Stage
from faults.report import Report
from faults.scenes import GIT_SCENES, find_scene


def judge_kills(stage: Stage, scene: str, budget: int) -> Report:
    """Kill the steps of a scene in turn, each before a random call."""
    recordings = stage.record(find_scene(scene))
    rng = Random(f"{stage.seed} kills {scene}")  # noqa: S311  repeatable, not secret
    report = Report()
    for number in range(budget):
        step = number % len(recordings)
        kill_at = rng.randint(1, count_calls(recordings[step].calls))
        report.add(f"kill/{scene}/{step}/{kill_at}", _judge(stage, scene, recordings[step], step, kill_at))
    return report


def judge_sync_kills(stage: Stage, scene: str, budget: int | None) -> Report:
    """Kill the sync of a scene, each time before another call; before every call if the budget is None."""
    (recording,) = stage.record(find_scene(scene))
    count = count_calls(recording.calls)
    rng = Random(f"{stage.seed} kills {scene}")  # noqa: S311  repeatable, not secret
    report = Report()
    for kill_at in sorted(rng.sample(range(1, count + 1), min(budget or count, count))):
        report.add(f"kill/{scene}/0/{kill_at}", _judge(stage, scene, recording, 0, kill_at))
    return report


def replay_kill(stage: Stage, scene: str, step: str, kill_at: str) -> list[str]:
    """Kill once more."""
    return _judge(stage, scene, stage.record(find_scene(scene))[int(step)], int(step), int(kill_at))


def count_calls(calls: Sequence[Call]) -> int:
    """Return how many of these calls the shim numbers."""
    return sum(call.changes_disk or call.kind is Kind.CHMOD for call in calls)


def _judge(stage: Stage, scene: str, recording: Recording, step: int, kill_at: int) -> list[str]:
    stage.judge.place(recording.files, recording.folders)
    outcome = stage.run_step(find_scene(scene), step, Fault(kill_at=kill_at))
    moment = 0 if outcome.code in {1, 2} else min(len(list_prints(outcome.calls)), len(recording.moments) - 2)
    files, _ = read_disk(stage.home)
    return [
        *_check_end(scene, outcome),
        *stage.judge_of(scene).find_faults(recording, files, moment, len(outcome.calls)),
    ]  # fmt: skip


def _check_end(scene: str, outcome: Outcome) -> list[str]:
    """Return what is wrong with how the run ended: it was killed, or was done before that call.

    If git was killed, valuelog must say so.
    """
    if find_scene(scene) in GIT_SCENES:
        return [] if outcome.code == -signal.SIGKILL else check_message(outcome)
    return [] if outcome.code in {-signal.SIGKILL, 0, 3} else [f"exit code {outcome.code}: {outcome.err}"]
