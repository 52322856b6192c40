"""Decides whether a disk that a fault left has everything that the program had acknowledged.

What the program printed acknowledges what it had done by then. A disk is sound if each file has the content of that
moment or a later complete one, if the journal has each acknowledged change, each batch whole and no damage, and if the
next command works.
"""

import re
import shutil
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from faults.calls import Call, Kind
from faults.harness import Server, Step, environment, journal_path, run_process
from faults.images import Disk, Files, write_disk

NEXT_COMMAND = ("add", "activity", "after the fault")
"""What must work afterwards."""

JOURNAL = "data/valuelog/journal.db"
"""The journal, relative to the home."""

UNJUDGED = re.compile(
    r"(^|/)\.|"  # unfinished files, which a later run removes
    r"\.\d+$|\.new$|-journal$|"  # same, of a process or of SQLite
    r"/(lock|.*\.lock)$|"  # empty files that are locked
    r"^state/valuelog/(reminded|told-.*)$|"  # what was said when: at worst it is said again
    r"^given/"  # what the scene gave to the program
)
"""Files whose content after a fault does not matter."""

UNCLEAR = re.compile(r"Traceback|bug in valuelog|mistake in valuelog|Errno")
"""What no error says."""

BEST_EFFORT = {"state/valuelog/reminders", "state/valuelog/journal"}
"""Files that the next change writes anew: an old version does no harm, an incomplete one does."""

Log = list[list[Any]]
"""The changes of a journal: hash, whether the words are erased, batch."""


@dataclass(frozen=True)
class Moment:
    """What programs saw when something was printed: `index` calls had been made."""

    index: int
    files: Files
    log: Log | None
    damage: tuple[str, ...] = ()
    """What a scene damaged on purpose, and has not repaired yet."""


@dataclass(frozen=True)
class Recording:
    """A run without a fault: the disk before it, its calls and the disk at each acknowledgement."""

    scene: str
    files: Files
    folders: Sequence[str]
    calls: Sequence[Call]
    moments: Sequence[Moment]
    """The start, each print, and the end."""
    journal: str = JOURNAL
    reads: int = 0
    """How many times it read something, which isn't recorded."""
    reference: Any = None
    """What machines that sync have in the end if nothing fails."""

    def acknowledged(self, cut: int) -> int:
        """Return the number of the last moment that was acknowledged before a cut; the end is none."""
        return bisect_right([moment.index for moment in self.moments[:-1]], cut) - 1

    @cached_property
    def versions(self) -> dict[str, list[tuple[int, bytes]]]:
        """The contents that got their name complete, by rename or link, each with its call's number."""
        versions: dict[str, list[tuple[int, bytes]]] = {}
        disk = Disk(self.files, self.folders)
        for number, call in enumerate(self.calls, 1):
            disk.apply(call)
            if call.kind in {Kind.RENAME, Kind.LINK}:
                versions.setdefault(call.other, []).append((number, disk.files_now().get(call.other, b"")))
        return versions

    def is_judged(self, path: str) -> bool:
        """Whether a file is one of those that must be complete."""
        return not UNJUDGED.search(path) and path != self.journal

    @cached_property
    def judged_paths(self) -> list[str]:
        """The files that exist before or after the run, but the journal."""
        return sorted(filter(self.is_judged, {*self.files, *self.moments[-1].files}))

    def allowed_contents(self, path: str, moment: int, cut: int) -> set[bytes | None]:
        """Return the contents that a file may have after a cut."""
        since = self.moments[0 if path in BEST_EFFORT else moment]
        complete = {content for number, content in self.versions.get(path, []) if since.index < number <= cut}
        return {since.files.get(path), self.moments[-1].files.get(path), *complete}

    def allowed_logs(self, moment: int) -> list[Log | None]:
        """Return the logs that the journal may have: the acknowledged one, or with more whole batches."""
        acknowledged = self.moments[moment].log
        final = self.moments[-1].log or []
        later = [each.log for each in self.moments[moment:]]
        start = len(acknowledged or [])
        if acknowledged and final[:start] != acknowledged:
            return later
        ends = [
            end for end in range(start, len(final) + 1) if end in {0, len(final)} or final[end - 1][2] != final[end][2]
        ]
        return [*later, *(final[:end] for end in ends)]


def is_database(content: bytes | None) -> bool:
    """Return whether a content is an SQLite file."""
    return bool(content and content.startswith(b"SQLite format 3\0"))


class Judge:
    """Opens disks in a scratch folder, and says what is wrong with each."""

    def __init__(self, server: Server, home: Path) -> None:
        """Judge in a folder that is written anew for each disk; its path must be that of the recorded home."""
        self._server = server
        self.home = home

    def record(
        self, scene: str, before: tuple[Files, Sequence[str]], calls: Sequence[Call], _after: Files
    ) -> "Recording":
        """Return the recording of a run, with what was on the disk before it and is after it."""
        return Recording(scene, *before, calls, self._record_moments(*before, calls))

    def _record_moments(self, files: Files, folders: Sequence[str], calls: Sequence[Call]) -> list[Moment]:
        """Return the start, each print and the end of a run."""
        disk, moments = Disk(files, folders), [self._moment(0, files)]
        for number, call in enumerate(calls, 1):
            disk.apply(call)
            if call.kind is Kind.PRINT:
                moments.append(self._moment(number, disk.files_now()))
        return [*moments, self._moment(len(calls), disk.files_now())]

    def _moment(self, index: int, files: Files) -> Moment:
        self.place(files)
        found = self._server.call("inspect", journal=str(journal_path(self.home)), copies=[], command=[], environ={})
        return Moment(index, files, found.get("log"), tuple(found.get("damage", ())))

    def place(self, files: Files, folders: Sequence[str] = ()) -> None:
        """Write a disk into the scratch folder."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(mode=0o700, parents=True)
        write_disk(files, folders, self.home)

    def find_faults(
        self, recording: Recording, files: Files, moment: int, cut: int, *, as_process: bool = False
    ) -> list[str]:
        """Return what is wrong with a disk that was left after some calls, when a moment was acknowledged."""
        self.place(files)
        return [
            *_compare_files(recording, files, moment, cut),
            *self._open(recording, files, moment, as_process=as_process),
        ]

    def _open(self, recording: Recording, files: Files, moment: int, *, as_process: bool) -> list[str]:
        """Open the disk as the next command does."""
        printed = _run_next_process(self.home) if as_process else []
        copies = [path for path in recording.judged_paths if is_database(recording.moments[-1].files.get(path))]
        found = self._server.call(
            "inspect",
            journal=str(self.home / recording.journal),
            copies=[str(self.home / path) for path in copies if path in files],
            command=[] if as_process else list(NEXT_COMMAND),
            environ=environment(self.home, Step()),
        )
        if found.get("error"):
            return [*printed, f"it cannot be opened: {found['error'].strip().splitlines()[-1]}"]
        return [*printed, *self._compare(recording, found, moment, as_process=as_process)]

    def _compare(self, recording: Recording, found: dict[str, Any], moment: int, *, as_process: bool) -> list[str]:
        log: Log | None = found["log"]
        if as_process and log:  # without the command that the process has run
            log = [row for row in log if row[2] != log[-1][2]] or None
        allowed = recording.allowed_logs(moment)
        problems = [] if log in allowed or (not log and None in allowed) else [_describe_log(log, allowed)]
        if found.get("next_code"):
            problems.append(f"the next command failed: {found['next_printed'].strip()}")
        known = {line for each in recording.moments[moment:] for line in each.damage}
        problems += [f"damage: {line}" for line in found.get("damage", []) if line not in known]
        for path, copy in found["copies"].items():
            problems += [f"the copy {Path(path).name} is damaged: {line}" for line in copy["damage"]]
        return problems


def _run_next_process(home: Path) -> list[str]:
    done = run_process(home, NEXT_COMMAND)
    return [f"the next process failed: {done.stderr.strip()}"] if done.returncode else []


def _describe_log(log: Log | None, allowed: Sequence[Log | None]) -> str:
    counts = sorted({len(each or []) for each in allowed})
    return f"the journal has {len(log or [])} changes instead of {' or '.join(map(str, counts))}, or other ones"


def _compare_files(recording: Recording, files: Files, moment: int, cut: int) -> list[str]:
    """Return which files are neither what was acknowledged nor a later complete version."""
    problems = []
    for path in recording.judged_paths:
        content, allowed = files.get(path), recording.allowed_contents(path, moment, cut)
        if content in allowed or (is_database(content) and any(map(is_database, allowed))):
            continue
        problems.append(f"{path} is {_describe(content)}")
    return problems


def _describe(content: bytes | None) -> str:
    if content is None:
        return "lost"
    return f"torn or too old: {len(content):,} bytes" if content else "empty"
