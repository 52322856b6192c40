"""Power cuts: what a disk can hold after each call of a scene."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from random import Random

from faults.images import Disk, Files, Names
from faults.judge import Recording
from faults.record import Stage, join
from faults.report import Report
from faults.scenes import find_scene

PROCESS_EVERY = 20
"""One in so many disks is opened by the program as a process of its own."""

BARREN_ROUNDS = 5
"""After so many rounds without a new disk, a scene has no more."""


@dataclass(frozen=True, order=True)
class Cut:
    """A power cut: after how many calls, on which kind of file system, and which of its possible disks."""

    scene: str
    names: Names
    after: int
    variant: int

    def __str__(self) -> str:
        """Return the name of the disk."""
        return f"power cut/{self.scene}/{self.names}/{self.after}/{self.variant}"

    def rng(self, seed: int) -> Random:
        """Return the source of what survives."""
        return Random(f"{seed} {self}")  # noqa: S311  repeatable, not secret


def judge_power_cuts(stage: Stage, scene: str, budget: int, hook: str = "") -> Report:
    """Judge as many different disks of a scene as the budget says, or all there are."""
    recording = join(stage.record(find_scene(scene), hook))
    report = Report()
    for cut, files in list_disks(recording, budget, stage.seed):
        as_process = report.tried % PROCESS_EVERY == PROCESS_EVERY - 1
        report.add(str(cut), _judge(stage, recording, cut, files, as_process=as_process))
    return report


def replay_power_cut(stage: Stage, scene: str, names: str, after: str, variant: str, hook: str = "") -> list[str]:
    """Judge one disk again; it stays in the home of the stage, as the next command left it."""
    recording = join(stage.record(find_scene(scene), hook))
    cut = Cut(scene, Names(names), int(after), int(variant))
    [(_, files)] = _build(recording, [cut], stage.seed)
    return _judge(stage, recording, cut, files)


def _judge(stage: Stage, recording: Recording, cut: Cut, files: Files, *, as_process: bool = False) -> list[str]:
    moment = recording.acknowledged(cut.after)
    return stage.judge_of(recording.scene).find_faults(recording, files, moment, cut.after, as_process=as_process)


def list_disks(recording: Recording, budget: int, seed: int) -> Iterator[tuple[Cut, Files]]:
    """Yield different disks, spread over all calls of a recording."""
    seen: set[bytes] = set()
    barren = 0
    for variant in count():
        before = len(seen)
        cuts = _choose_cuts(recording, budget - len(seen), variant, seed)
        for cut, files in _build(recording, cuts, seed):
            key = _key(files, recording.acknowledged(cut.after))
            if key not in seen:
                seen.add(key)
                yield cut, files
        barren = barren + 1 if len(seen) == before else 0
        if len(seen) >= budget or barren == BARREN_ROUNDS:
            return


def _choose_cuts(recording: Recording, room: int, variant: int, seed: int) -> list[Cut]:
    """Return one round of cuts in order: after each call that changes the disk, or a sample of them."""
    points = [number for number, call in enumerate(recording.calls, 1) if call.changes_disk]
    cuts = [Cut(recording.scene, names, point, variant) for names in Names for point in points]
    rng = Random(f"{seed} {recording.scene} {variant}")  # noqa: S311  repeatable, not secret
    return sorted(rng.sample(cuts, min(room, len(cuts))))


def _build(recording: Recording, cuts: list[Cut], seed: int) -> Iterator[tuple[Cut, Files]]:
    """Yield the disk of each cut; cuts are in order, so that each call is made once for each kind of file system."""
    for names in Names:
        disk, made = Disk(recording.files, recording.folders, names), 0
        for cut in cuts:
            if cut.names is names:
                for call in recording.calls[made : cut.after]:
                    disk.apply(call)
                made = cut.after
                yield cut, disk.after_power_cut(cut.rng(seed))


def _key(files: Files, acknowledged: int) -> bytes:
    """Return what makes a disk different from others."""
    digest = sha256(str(acknowledged).encode())
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.digest()
