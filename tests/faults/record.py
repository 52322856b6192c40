"""Records a scene step by step: the disk before, the calls, and what each print acknowledged."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from faults.calls import Call
from faults.harness import NO_FAULT, Fault, Outcome, Server
from faults.images import Disk, Files, read_disk
from faults.judge import Judge, Moment, Recording
from faults.scenes import Scene, SyncScene, find_scene, place_home
from faults.sync_judge import SyncJudge


class SceneFailed(AssertionError):
    """A step failed without any fault, or the model of the disk is wrong: the harness needs work."""


@dataclass(frozen=True)
class Stage:
    """Where scenes run: a server, and a home whose path is the same in each run."""

    server: Server
    home: Path
    seed: int

    @property
    def judge(self) -> Judge:
        """The judge of what is left in the home."""
        return Judge(self.server, self.home)

    def judge_of(self, scene: str) -> Judge:
        """Return the judge of what a scene leaves."""
        return SyncJudge(self.server, self.home) if isinstance(find_scene(scene), SyncScene) else self.judge

    def record(self, scene: Scene, hook: str = "") -> list[Recording]:
        """Run a scene without a fault, or with what a self-check breaks; return a recording of each step."""
        self._prepare(scene)
        recordings = []
        for number in range(len(scene.steps)):
            files, folders = read_disk(self.home)
            outcome = self.run_step(scene, number, Fault(hook=hook))
            _check(scene, outcome)
            after, folders_after = read_disk(self.home)
            if not (isinstance(scene, SyncScene) and scene.is_git):
                _check_model(after, files, folders, outcome.calls)
            recording = self.judge_of(scene.name).record(scene.name, (files, folders), outcome.calls, after)
            recordings.append(replace(recording, reads=outcome.reads))
            self.judge.place(after, folders_after)
        return recordings

    def run_step(self, scene: Scene, number: int, fault: Fault = NO_FAULT) -> Outcome:
        """Run one step in the home as it is; the same step writes the same each time."""
        return self.server.run(self.home, place_home(scene.steps[number], self.home), fault, seed=self.seed + number)

    def _prepare(self, scene: Scene) -> None:
        """Write what is in the home before a scene."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(mode=0o700, parents=True)
        scene.prepare(self.home)
        for number, step in enumerate(scene.before, 1000):
            _check(scene, self.server.run(self.home, place_home(step, self.home), seed=self.seed + number))
        scene.damage(self.home)


def join(recordings: Sequence[Recording]) -> Recording:
    """Return one recording of steps that followed one another; only what was printed acknowledges anything."""
    calls = list(chain.from_iterable(recording.calls for recording in recordings))
    moments, made = [recordings[0].moments[0]], 0
    for recording in recordings:
        moments += [_shift(moment, made) for moment in recording.moments[1:-1]]
        made += len(recording.calls)
    last = recordings[-1].moments[-1]
    first = recordings[0]
    return replace(first, calls=calls, moments=[*moments, replace(last, index=made)])


def _shift(moment: Moment, made: int) -> Moment:
    return replace(moment, index=moment.index + made)


def _check(scene: Scene, outcome: Outcome) -> None:
    if outcome.code not in {0, scene.code}:
        raise SceneFailed(f"{scene.name}: exit code {outcome.code}: {outcome.err}{outcome.error}")


def _check_model(actual: Files, files: Files, folders: Sequence[str], calls: Sequence[Call]) -> None:
    """Fail unless the model of the disk has what the disk has: a call that the shim does not know would be missed."""
    disk = Disk(files, folders)
    for call in calls:
        disk.apply(call)
    modelled = disk.files_now()
    different = [path for path in {*modelled, *actual} if modelled.get(path) != actual.get(path)]
    if different:
        raise SceneFailed(f"the model of the disk differs in {', '.join(sorted(different))}")
