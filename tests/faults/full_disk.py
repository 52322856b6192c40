"""Full disks: a small file system in memory with almost no room left."""

from pathlib import Path

from faults.failures import check_message, find_leftovers
from faults.images import read_disk
from faults.judge import Recording
from faults.record import Stage
from faults.report import Report
from faults.scenes import find_scene, place_home

MAX_FREE_KIB = 320
"""With more room than this, every scene works."""


def list_sizes(count: int) -> list[int]:
    """Return so many sizes of free room in KiB, none among them; small ones are closer to one another."""
    return [4 * round(MAX_FREE_KIB / 4 * (number / (count - 1)) ** 2) for number in range(count)]


def judge_full_disks(stage: Stage, scene: str, sizes: int) -> Report:
    """Run each step of a scene on disks of several sizes."""
    report = Report()
    for step, recording in enumerate(stage.record(find_scene(scene))):
        if not find_scene(scene).steps[step].keep_answer:
            for free_kib in list_sizes(sizes):
                report.add(f"full disk/{scene}/{step}/{free_kib}", _judge(stage, scene, recording, step, free_kib))
    return report


def replay_full_disk(stage: Stage, scene: str, step: str, free_kib: str) -> list[str]:
    """Run one step once more on a full disk."""
    return _judge(stage, scene, stage.record(find_scene(scene))[int(step)], int(step), int(free_kib))


def _judge(stage: Stage, scene: str, recording: Recording, step: int, free_kib: int) -> list[str]:
    stage.judge.place(recording.files, recording.folders)
    result = Path(f"{stage.home}.after")
    placed = place_home(find_scene(scene).steps[step], stage.home)
    outcome = stage.server.run_on_full_disk(stage.home, placed, result, free_kib, seed=stage.seed + step)
    files, _ = read_disk(result)
    moment = 0 if outcome.code in {1, 2} else max(0, len(recording.moments) - 2)
    return [
        *check_message(outcome),
        *find_leftovers(recording, files),
        *stage.judge.find_faults(recording, files, moment, len(recording.calls)),
    ]  # fmt: skip
