"""Disk calls that fail: the program says so in one clear line, or works on, and loses nothing."""

import errno
import os
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from random import Random
from typing import NamedTuple

from faults.calls import Call, Kind
from faults.harness import Fault, Outcome
from faults.images import Files, read_disk
from faults.judge import UNCLEAR, UNJUDGED, Recording
from faults.record import Stage
from faults.report import Report
from faults.scenes import LAPTOP, SyncScene, find_scene

SHORT_WRITE = -1
"""The shim's error of a write that writes half of its data."""

ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "short": SHORT_WRITE}

FAILING = (
    Kind.OPEN, Kind.READ, Kind.WRITE, Kind.TRUNCATE, Kind.SYNC, Kind.RENAME, Kind.LINK, Kind.UNLINK, Kind.MKDIR,
    Kind.RMDIR, Kind.CHMOD,
)  # fmt: skip
"""The kinds of calls that are made to fail."""

ALLOCATING = {Kind.OPEN, Kind.WRITE, Kind.TRUNCATE, Kind.SYNC, Kind.RENAME, Kind.LINK, Kind.MKDIR}
"""The kinds of calls that a full disk refuses."""

ERROR_LINE = re.compile(r"^valuelog: ", re.MULTILINE)
"""How an error begins; what was done before may be printed above it."""


class Failure(NamedTuple):
    """The n-th call of a kind fails."""

    scene: str
    step: int
    kind: Kind
    nth: int
    error: str

    def __str__(self) -> str:
        """Return its name."""
        return f"failure/{self.scene}/{self.step}/{self.kind.name.lower()}/{self.nth}/{self.error}"


def judge_failures(stage: Stage, scene: str, depth: int | None) -> Report:
    """Let each of the first calls of each kind fail (`depth`; None for all), in each way that it can."""
    report = Report()
    for step, recording in enumerate(stage.record(find_scene(scene))):
        for failure in _list_failures(recording, scene, step, depth):
            report.add(str(failure), _judge(stage, recording, failure))
    return report


def judge_sync_failures(stage: Stage, scene: str, depth: int | None) -> Report:
    """Let calls of a sync fail: of each kind in the journal's folder, the state folder and the remote so many."""
    report = Report()
    (recording,) = stage.record(find_scene(scene))
    rng = Random(f"{stage.seed} failing calls {scene}")  # noqa: S311  repeatable, not secret
    for kind, numbers in _group_calls(recording):
        for nth in sorted(rng.sample(numbers, min(depth or len(numbers), len(numbers)))):
            for failure in _list_errors(scene, 0, kind, nth):
                report.add(str(failure), _judge(stage, recording, failure))
    return report


def _group_calls(recording: Recording) -> Iterator[tuple[Kind, Sequence[int]]]:
    """Yield each kind of calls in each part of the home, with their numbers among those of their kind."""
    for kind in FAILING:
        calls = [call for call in recording.calls if call.kind is kind and _is_numbered(call)]
        parts: dict[str, list[int]] = {}
        for nth, call in enumerate(calls, 1):
            part, *below = call.path.split("/")
            parts.setdefault("/".join([part, *below[: part == LAPTOP]]), []).append(nth)
        yield from ((kind, numbers) for numbers in parts.values())
    yield Kind.READ, range(1, recording.reads + 1)


def replay_failure(stage: Stage, *parts: str) -> list[str]:
    """Let one call fail again."""
    scene, step, kind, nth, error = parts
    failure = Failure(scene, int(step), Kind[kind.upper()], int(nth), error)
    return _judge(stage, stage.record(find_scene(scene))[failure.step], failure)


def _list_failures(recording: Recording, scene: str, step: int, depth: int | None) -> Iterator[Failure]:
    for kind in FAILING:
        numbered = sum(call.kind is kind and _is_numbered(call) for call in recording.calls)
        count = depth or 40 if kind is Kind.READ else min(numbered, depth or numbered)
        for nth in range(1, count + 1):
            yield from _list_errors(scene, step, kind, nth)


def _list_errors(scene: str, step: int, kind: Kind, nth: int) -> Iterator[Failure]:
    """Yield each way in which a call can fail."""
    yield Failure(scene, step, kind, nth, "EIO")
    if kind in ALLOCATING:
        yield Failure(scene, step, kind, nth, "ENOSPC")
    if kind is Kind.WRITE:
        yield Failure(scene, step, kind, nth, "short")


def _is_numbered(call: Call) -> bool:
    """Return whether the shim counts a call as one of its kind: it counts an open for reading as a read."""
    return call.kind is not Kind.OPEN or call.flags & os.O_ACCMODE != os.O_RDONLY or bool(call.flags & os.O_CREAT)


def _judge(stage: Stage, recording: Recording, failure: Failure) -> list[str]:
    stage.judge.place(recording.files, recording.folders)
    fault = Fault(kind=failure.kind, nth=failure.nth, error=ERRORS[failure.error])
    outcome = stage.run_step(find_scene(failure.scene), failure.step, fault)
    files, _ = read_disk(stage.home)
    leftovers = [] if failure.kind is Kind.UNLINK else find_leftovers(recording, files)
    moment = _acknowledged(recording, outcome)
    made = len(outcome.calls if isinstance(find_scene(failure.scene), SyncScene) else recording.calls)
    return [
        *check_message(outcome, is_unreadable=failure.error == "EIO"),
        *leftovers,
        *stage.judge_of(failure.scene).find_faults(recording, files, moment, made),
    ]  # fmt: skip


def _acknowledged(recording: Recording, outcome: Outcome) -> int:
    """Return the number of the moment that was acknowledged: the last print, or the last one before an error."""
    if outcome.code in {0, 3}:
        return max(0, len(recording.moments) - 2)
    prints = [[call.data for call in calls if call.kind is Kind.PRINT] for calls in (recording.calls, outcome.calls)]
    same = takewhile(lambda pair: pair[0] == pair[1], zip(*prints, strict=False))
    return sum(1 for _ in same)


def check_message(outcome: Outcome, *, is_unreadable: bool = False) -> list[str]:
    """Return what is wrong with the end of a run: it succeeds, or says clearly what is wrong."""
    if outcome.code not in {0, 1, 2, 3} or UNCLEAR.search(outcome.err):
        return [f"exit code {outcome.code}: {outcome.err.strip()}{outcome.error}"]
    if outcome.code in {1, 2} and not ERROR_LINE.search(outcome.err) and not outcome.out:  # doctor prints what it finds
        return [f"no error is shown: {outcome.err.strip()!r}"]
    if is_unreadable and "is damaged" in outcome.err:
        return [f"a read error is called damage: {outcome.err.strip()}"]
    return []


def find_leftovers(recording: Recording, files: Files) -> list[str]:
    """Return the unfinished files that a run left behind; SQLite's own is what the next command recovers from."""
    known = {*recording.files, *recording.moments[-1].files}
    left = [path for path in files if path not in known and UNJUDGED.search(path) and not path.endswith("-journal")]
    return [f"{path} is left behind" for path in left]
