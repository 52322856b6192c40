"""Kills: the program dies before some disk call or print, and everything that it had acknowledged must be there."""

from collections.abc import Sequence
from random import Random

from faults.calls import Call, Kind
from faults.harness import Fault, Outcome
from faults.images import read_disk
from faults.judge import Recording
from faults.record import Stage
from faults.report import Report
from faults.scenes import find_scene


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


def replay_kill(stage: Stage, scene: str, step: str, kill_at: str) -> list[str]:
    """Kill once more."""
    return _judge(stage, scene, stage.record(find_scene(scene))[int(step)], int(step), int(kill_at))


def count_calls(calls: Sequence[Call]) -> int:
    """Return how many of these calls the shim numbers."""
    return sum(call.changes_disk or call.kind is Kind.CHMOD for call in calls)


def _judge(stage: Stage, scene: str, recording: Recording, step: int, kill_at: int) -> list[str]:
    stage.judge.place(recording.files, recording.folders)
    outcome = stage.run_step(find_scene(scene), step, Fault(kill_at=kill_at))
    cut = len(outcome.calls)
    files, _ = read_disk(stage.home)
    return [
        *_check_end(outcome),
        *stage.judge.find_faults(recording, files, recording.acknowledged(cut), cut),
    ]  # fmt: skip


def _check_end(outcome: Outcome) -> list[str]:
    """Return what is wrong with how the run ended: it was killed, or was done before that call."""
    return [] if outcome.code in {-9, 0, 3} else [f"exit code {outcome.code}: {outcome.err}"]
