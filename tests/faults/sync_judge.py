"""Decides whether a fault in a sync lost or doubled anything: after the next syncs, both machines must have the same.

A disk is sound if each file on the remote is whole, if the key is the old or the new one, if what the laptop said that
it sent is there, and if the same command or `valuelog sync` works again. Then both machines sync, and must have each
change that there was before, once, and what a run without a fault adds.
"""

import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from faults.calls import Call, list_prints
from faults.harness import Step, environment, journal_path
from faults.images import Files
from faults.judge import UNCLEAR, Judge, Moment, Recording
from faults.scenes import (
    DESKTOP,
    KEY_LINE,
    LAPTOP,
    REMOTE,
    SYNC,
    SYNC_DESKTOP,
    SyncScene,
    find_scene,
    join_step,
    on,
    place_home,
)
from valuelog.sync import marker, segment
from valuelog.sync.errors import BadSegment, WrongKey
from valuelog.sync.marker import MARKER_NAME
from valuelog.sync.remote import open_remote
from valuelog.sync.segment import parse_segment_name

ACKNOWLEDGED = re.compile(r"\b[Ss]ent \d|\bReceived \d|^Joined |^Rebuilt |syncs with .* now", re.MULTILINE)
"""What says that everything on the laptop is on the remote."""

KEY_FILE = re.compile(rf"{LAPTOP}/state/valuelog/sync/[^/]+/(key|next-key)")

MACHINES = (LAPTOP, DESKTOP)

DOCTOR_EVERY = 8
"""One in so many disks is shown to doctor, the others to the audit alone."""


class Row(NamedTuple):
    """A change in a journal."""

    device: str
    counter: int
    hash: str
    is_erased: bool
    entity: str
    entity_id: str
    act: str
    names: str

    @property
    def meaning(self) -> tuple[str, ...]:
        """What is the same in each run: neither its random id nor its time."""
        return self.device, self.entity, self.entity_id, self.act, self.names


class Reference(NamedTuple):
    """What there was before a fault, by device and counter; what the laptop has without one; what is added then."""

    before: Mapping[tuple[str, int], Row]
    on_laptop: Sequence[Row]
    added: Counter[tuple[str, ...]]


class SyncJudge(Judge):
    """Judges a home with two machines and their remote."""

    def record(self, scene: str, before: tuple[Files, Sequence[str]], calls: Sequence[Call], after: Files) -> Recording:
        """Return the recording of a run, with what both machines have in the end."""
        moments = [Moment(0, before[0], None), *(Moment(number, after, None) for number in list_prints(calls))]
        recording = Recording(scene, *before, calls, [*moments, Moment(len(calls), after, None)])
        return replace(recording, reference=self._record_reference(recording))

    def _record_reference(self, recording: Recording) -> Reference:
        on_laptop = read_rows(self.home / LAPTOP)
        self.place(recording.files, recording.folders)
        before = {(row.device, row.counter): row for machine in MACHINES for row in read_rows(self.home / machine)}
        self.place(recording.moments[-1].files, recording.folders)
        problems = self._sync_again(recording.scene, is_same=False, as_process=False)
        assert not problems, problems
        added = [row.meaning for row in read_rows(self.home / LAPTOP) if (row.device, row.counter) not in before]
        return Reference(before, on_laptop, Counter(added))

    def find_faults(
        self, recording: Recording, files: Files, moment: int, cut: int, *, as_process: bool = False
    ) -> list[str]:
        """Return what is wrong with a disk that was left after some calls, when a moment was acknowledged."""
        self.place(files, recording.folders)
        printed = b"".join(recording.calls[each.index - 1].data for each in recording.moments[1 : moment + 1])
        is_acknowledged = bool(ACKNOWLEDGED.search(printed.decode()))
        return [
            *_find_torn_keys(recording, files, is_acknowledged=is_acknowledged),
            *self._find_unsent(recording, is_acknowledged=is_acknowledged),
            *self._sync_again(recording.scene, is_same=cut % 2 == 0, as_process=as_process),
            *self._find_differences(recording.reference),
            *self._find_damage(is_thorough=cut % DOCTOR_EVERY == 0),
        ]  # fmt: skip

    def _find_unsent(self, recording: Recording, *, is_acknowledged: bool) -> list[str]:
        """Return which files on the remote are damaged, and which changes are missing that were acknowledged."""
        remote = self.home / REMOTE
        keys = [key for path in sorted(self.home.rglob("*key")) for key in KEY_LINE.findall(path.read_text())]
        if not remote.is_dir() or ((remote / "HEAD").is_file() and not is_acknowledged):
            return []
        found = {name: _open(name, data, keys) for name, data in _read_remote(remote)}
        damaged = [f"{name} on the remote is damaged" for name, each in found.items() if each is None]
        if not is_acknowledged:
            return damaged
        sent = {(device, counter) for each in found.values() if each for device, counter in each}
        lost = [row for row in recording.reference.on_laptop if (row.device, row.counter) not in sent]
        return [*damaged, *(f"{row.entity} {row.entity_id} was not sent" for row in lost)]

    def find_differences(self) -> list[str]:
        """Let both machines sync until both have all; return what is wrong with them then."""
        outcomes = self._run(_LATER)
        failed = [printed for code, printed in outcomes if code]
        laptop, desktop = (read_rows(self.home / machine) for machine in MACHINES)
        different = [] if laptop == desktop else ["the logs of both machines differ"]
        return [*failed, *different, *self._find_damage(is_thorough=False)]

    def _sync_again(self, name: str, *, is_same: bool, as_process: bool) -> list[str]:
        """Do what a person does next: the same command or a sync. Then let both machines sync until both have all."""
        scene = find_scene(name)
        assert isinstance(scene, SyncScene)
        (step,) = scene.steps
        steps = [SYNC] if step.argv == SYNC.argv else [step, SYNC] if is_same else [SYNC, step]
        tries = self._run(steps, until_success=True, as_process=as_process)
        if tries[-1][0]:
            return [f"nothing works any more: {printed.strip()}" for _, printed in tries]
        more = self._run([join_step(DESKTOP, LAPTOP) if scene.rejoins else SYNC_DESKTOP, *_LATER])
        unclear = [printed for _, printed in tries if UNCLEAR.search(printed)]
        failed = [
            f"{' '.join(step.argv)}: {printed.strip()}"
            for step, (code, printed) in zip(_LATER, more[1:], strict=True)
            if code
        ]
        exports = [printed for _, printed in more[-2:]]
        different = [] if exports[0] == exports[1] else ["the exports of both machines differ"]
        return [*unclear, *([more[0][1]] if more[0][0] else []), *failed, *different]

    def _run(self, steps: Sequence[Step], *, until_success: bool = False, as_process: bool = False) -> list[Any]:
        placed = [place_home(step, self.home) for step in steps]
        if as_process:
            return _run_processes(self.home, placed)
        runs = [{"command": step.argv, "environ": environment(self.home, step), "stdin": step.stdin} for step in placed]
        outcomes: list[Any] = self._server.call("run_each", runs=runs, until_success=until_success)["outcomes"]
        return outcomes

    def _find_differences(self, reference: Reference) -> list[str]:
        laptop, desktop = (read_rows(self.home / machine) for machine in MACHINES)
        problems = [] if laptop == desktop else ["the logs of both machines differ"]
        known = {(row.device, row.counter): row for row in laptop}
        for place, row in reference.before.items():
            if place not in known or known[place].hash != row.hash:
                problems.append(f"{row.entity} {row.entity_id} is lost or another one")
        added = Counter(row.meaning for row in laptop if (row.device, row.counter) not in reference.before)
        problems += [f"not once as without a fault: {' '.join(each)}" for each in _xor(added, reference.added)]
        return problems

    def _find_damage(self, *, is_thorough: bool) -> list[str]:
        """Return what the audit of each journal finds, and what doctor can't repair, which takes longer.

        After a power cut, unfinished files that a later backup would remove may be left.
        """
        paths = [str(journal_path(self.home / machine)) for machine in MACHINES]
        damage = [line for path in paths for line in self._server.call("find_named_damage", journal=path)["damage"]]
        if is_thorough:
            self._run([on(machine, "doctor", "--fix") for machine in MACHINES])
            damage += [printed for code, printed in self._run([on(each, "doctor") for each in MACHINES]) if code]
        return damage


_LATER = (
    SYNC, SYNC_DESKTOP, SYNC, on(LAPTOP, "export", "jsonl"), on(DESKTOP, "export", "jsonl"),
)  # fmt: skip


def _xor(one: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [*(one - other), *(other - one)]


def _run_processes(home: Path, steps: Sequence[Step]) -> list[tuple[int, str]]:
    """Run commands as processes of their own until one succeeds."""
    outcomes: list[tuple[int, str]] = []
    for step in steps:
        command = [sys.executable, "-m", "valuelog", *step.argv]
        done = subprocess.run(
            command, env=environment(home, step), input=step.stdin, capture_output=True, text=True, check=False
        )
        outcomes.append((done.returncode, f"{done.stdout}{done.stderr}"))
        if not done.returncode:
            break
    return outcomes


def read_rows(home: Path) -> list[Row]:
    """Return the changes in the journal of a machine, read without valuelog."""
    sql = (
        "SELECT d.name, c.counter, hex(c.hash), c.fields IS NULL, c.entity, c.entity_id, c.act, c.fields"
        " FROM change c JOIN device d ON d.id = c.device ORDER BY d.name, c.counter"
    )
    with closing(sqlite3.connect(journal_path(home))) as journal:
        return [Row._make([*row[:-1], _names(row[-1])]) for row in journal.execute(sql)]


def _names(fields: str | None) -> str:
    return " ".join(re.findall(r'"(\w+)":', fields or ""))


def _find_torn_keys(recording: Recording, files: Files, *, is_acknowledged: bool) -> list[str]:
    """Return which files with a key are neither what they were before nor what they are afterwards."""
    before, after = recording.files, recording.moments[-1].files
    new = {content for path, content in after.items() if KEY_FILE.fullmatch(path)}
    problems = []
    for path in filter(KEY_FILE.fullmatch, sorted({*before, *after, *files})):
        content = files.get(path)
        allowed = {after.get(path)} if is_acknowledged else {before.get(path), after.get(path), *new}
        if content not in allowed:
            problems.append(f"{path} is {'lost' if content is None else 'torn or too old'}")
    return problems


# The remote


def _read_remote(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file with the name of a marker or a segment."""
    if (folder / "HEAD").is_file():
        with tempfile.TemporaryDirectory() as cache:
            remote = open_remote(str(folder), Path(cache))
            yield from list(remote.get(remote.list()))
        return
    for path in sorted(folder.rglob("*.age")):
        name = str(path.relative_to(folder))
        if name == MARKER_NAME or parse_segment_name(name):
            yield name, path.read_bytes()


def _open(name: str, data: bytes, keys: Sequence[str]) -> list[tuple[str, int]] | None:
    """Return the changes in a file by device and counter; None if it can't be opened with any of the keys."""
    for key in keys:
        try:
            if name == MARKER_NAME:
                marker.unpack(data, key)
                return []
            opened = segment.unpack(name, data, key)
            return [(opened.device, counter) for counter in range(opened.first, opened.last + 1)]
        except (BadSegment, WrongKey):
            continue
    return None
