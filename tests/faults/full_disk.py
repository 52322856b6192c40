"""Full disks: a small file system in memory with almost no room left."""

from pathlib import Path

from faults.failures import check_message, find_leftovers
from faults.images import read_disk
from faults.judge import Recording
from faults.record import Stage
from faults.report import Report
from faults.scenes import LAPTOP, REMOTE, find_scene, place_home

MAX_FREE_KIB = 320
"""With more room than this, every scene works."""


PARTS = {"journal": (f"{LAPTOP}/data", 480), "state": (f"{LAPTOP}/state", 48), "remote": (REMOTE, 32)}
"""The parts of a home with two machines that a full disk may hold, each with the room with which everything works."""


def list_sizes(count: int, most: int = MAX_FREE_KIB) -> list[int]:
    """Return so many sizes of free room in KiB, none among them; small ones are closer to one another."""
    return [4 * round(most / 4 * (number / (count - 1)) ** 2) for number in range(count)]


def judge_full_disks(stage: Stage, scene: str, sizes: int) -> Report:
    """Run each step of a scene on disks of several sizes."""
    report = Report()
    for step, recording in enumerate(stage.record(find_scene(scene))):
        if not find_scene(scene).steps[step].keep_answer:
            for free_kib in list_sizes(sizes):
                report.add(f"full disk/{scene}/{step}/{free_kib}", _judge(stage, scene, recording, step, free_kib))
    return report


def judge_full_sync_disks(stage: Stage, scene: str, sizes: int) -> Report:
    """Run a sync with full disks of several sizes that hold the journal, the state folder, or the remote."""
    report = Report()
    (recording,) = stage.record(find_scene(scene))
    for part, (_, most) in PARTS.items():
        for free_kib in dict.fromkeys(list_sizes(sizes, most)):
            report.add(f"full disk/{scene}/0/{free_kib}/{part}", _judge(stage, scene, recording, 0, free_kib, part))
    return report


def replay_full_disk(stage: Stage, scene: str, step: str, free_kib: str, part: str = "") -> list[str]:
    """Run one step once more on a full disk."""
    return _judge(stage, scene, stage.record(find_scene(scene))[int(step)], int(step), int(free_kib), part)


def _judge(stage: Stage, scene: str, recording: Recording, step: int, free_kib: int, part: str = "") -> list[str]:
    stage.judge.place(recording.files, recording.folders)
    result = Path(f"{stage.home}.after")
    placed = place_home(find_scene(scene).steps[step], stage.home)
    folder = PARTS[part][0] if part else "."
    outcome = stage.server.run_on_full_disk(stage.home, placed, result, free_kib, part=folder, seed=stage.seed + step)
    files, _ = read_disk(result)
    moment = 0 if outcome.code in {1, 2} else max(0, len(recording.moments) - 2)
    return [
        *check_message(outcome),
        *find_leftovers(recording, files),
        *stage.judge_of(recording.scene).find_faults(recording, files, moment, len(recording.calls)),
    ]  # fmt: skip
