"""What syncing keeps on this machine: the key, and what it knows of the remote; a folder for each journal.

The key is in the format of the `age` program. Its file also names the remote and the journal, so that syncing
continues if the other file is lost.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from valuelog.journal.errors import JournalError
from valuelog.journal.files import lock_folder, name_stem, sync_folder, write_file
from valuelog.model.errors import ValuelogError
from valuelog.model.text import first_line

KEY_NAME, NEXT_KEY_NAME = "key", "next-key"
STATE_NAME = "state.json"
CACHE_NAME = "remote"

_KEY_LINE = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+", re.MULTILINE)
_COMMENT = re.compile(r"^# (remote|journal|machine): (.*)$", re.MULTILINE)


class SyncRunning(ValuelogError):
    """Another process is syncing this journal."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "Another sync of this journal is running.", "Wait until it has finished, then try again: valuelog sync"
        )


class SyncFilesFailed(JournalError):
    """The files that syncing keeps on this machine can't be read or written."""


class Delay(NamedTuple):
    """Why changes of a device on the remote can't be read here, and how many they are."""

    reason: str
    changes: int


class Problem(NamedTuple):
    """What went wrong with the last sync, and when."""

    message: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SyncState:
    """What this machine knows of the remote.

    `machine` is the name of this machine. `generation` counts how many times the remote was rebuilt. `segments` maps
    the names of the files there that the journal has to the hash of their last change, as hexadecimal digits; `seen`
    maps each device to its last publication, in milliseconds since 1970, and `delayed` those with unreadable changes.
    """

    remote: str
    journal: str
    machine: str
    generation: int = 1
    segments: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)
    delayed: Mapping[str, Delay] = field(default_factory=dict)
    synced_at: datetime | None = None
    problem: Problem | None = None

    def with_generation(self, generation: int) -> "SyncState":
        """Return the state after the remote was rebuilt: everything there has to be read again."""
        return replace(self, generation=generation, segments={}, delayed={})


class SyncFolder:
    """The folder of one journal. Call `lock` around everything that writes."""

    def __init__(self, path: Path) -> None:
        """Name the folder, which need not exist."""
        self.path = path

    @property
    def cache(self) -> Path:
        """A folder for copies of what is on the remote."""
        return self.path / CACHE_NAME

    @contextmanager
    def lock(self, seconds: float | None = None) -> Iterator[None]:
        """Keep other processes from syncing. Raises SyncRunning."""
        with ExitStack() as stack:
            with self._translate_errors():
                stack.enter_context(lock_folder(self.path, seconds))
            yield

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise SyncRunning from error
        except OSError as error:
            message = f"{error.filename or self.path} can't be used: {error.strerror}."
            raise SyncFilesFailed(message, "Check its permissions and the space on the disk.") from error

    # The key

    def read_key(self, name: str = KEY_NAME) -> str | None:
        """Return the key, or None if there is none."""
        match = _KEY_LINE.search(self._read_key_file(name))
        return match.group() if match else None

    def _read_key_file(self, name: str) -> str:
        with self._translate_errors():
            try:
                return (self.path / name).read_text(encoding="utf-8", errors="replace")
            except FileNotFoundError:
                return ""

    def write_key(self, key: str, recipient: str, state: SyncState, now: datetime, name: str = KEY_NAME) -> None:
        """Write the key, with the comments of age-keygen and what is needed to find the remote again."""
        comments = {
            "created": now.isoformat(timespec="seconds"), "public key": recipient,
            "remote": first_line(state.remote), "journal": state.journal, "machine": state.machine,
        }  # fmt: skip
        lines = [*(f"# {what}: {value}" for what, value in comments.items()), key]
        with self._translate_errors():
            write_file(self.path / name, "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape"))

    def promote_next_key(self) -> None:
        """Make the next key the key."""
        with self._translate_errors():
            (self.path / NEXT_KEY_NAME).replace(self.path / KEY_NAME)
            sync_folder(self.path)

    def discard_next_key(self) -> None:
        """Remove the next key, which the remote doesn't use."""
        with self._translate_errors():
            (self.path / NEXT_KEY_NAME).unlink(missing_ok=True)

    # What is known of the remote

    def load(self) -> SyncState | None:
        """Return what is known of the remote, as far as it can be read; None if syncing isn't set up."""
        try:
            return _parse_state(json.loads((self.path / STATE_NAME).read_bytes()))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return self._state_from_key()

    def _state_from_key(self) -> SyncState | None:
        """Return the state of a machine that has read nothing yet."""
        known = dict(_COMMENT.findall(self._read_key_file(KEY_NAME)))
        try:
            return SyncState(remote=known["remote"], journal=known["journal"], machine=known["machine"], generation=0)
        except KeyError:
            return None

    def save(self, state: SyncState) -> None:
        """Write what is known of the remote."""
        with self._translate_errors():
            write_file(self.path / STATE_NAME, json.dumps(_to_document(state), indent=1).encode())

    def forget(self) -> None:
        """Remove the key first, then everything else."""
        with self._translate_errors():
            for name in (KEY_NAME, NEXT_KEY_NAME, STATE_NAME):
                (self.path / name).unlink(missing_ok=True)
            shutil.rmtree(self.cache, ignore_errors=True)
            sync_folder(self.path)


def folder_of(root: Path, journal: Path) -> SyncFolder:
    """Return the folder of a journal in the folder of all journals."""
    return SyncFolder(root / _folder_name(os.path.realpath(journal)))


def _folder_name(journal: str) -> str:
    digest = hashlib.sha256(journal.encode(errors="surrogateescape")).hexdigest()
    return f"{name_stem(Path(journal))}-{digest[:8]}"


def follow_moved_journal(root: Path, old: str, new: Path) -> None:
    """Give the folder of a journal that was moved its new name, unless there is one already."""
    source, target = root / _folder_name(old), folder_of(root, new).path
    with suppress(OSError):
        if source.is_dir() and not target.exists():
            source.rename(target)
            sync_folder(root)


def _parse_state(document: Mapping[str, Any]) -> SyncState:
    problem, synced_at = document["problem"], document["synced_at"]
    return SyncState(
        remote=str(document["remote"]), journal=str(document["journal"]), machine=str(document["machine"]),
        generation=int(document["generation"]),
        segments={str(name): str(digest) for name, digest in document["segments"].items()},
        seen={str(device): int(at) for device, at in document["seen"].items()},
        delayed={str(device): Delay(str(why), int(count)) for device, (why, count) in document["delayed"].items()},
        synced_at=datetime.fromisoformat(synced_at) if synced_at else None,
        problem=Problem(str(problem[0]), datetime.fromisoformat(problem[1])) if problem else None,
    )  # fmt: skip


def _to_document(state: SyncState) -> dict[str, object]:
    problem = state.problem
    return {
        "remote": state.remote, "journal": state.journal, "machine": state.machine, "generation": state.generation,
        "synced_at": state.synced_at and state.synced_at.isoformat(),
        "problem": [problem.message, problem.at.isoformat()] if problem else None,
        "delayed": {device: list(delay) for device, delay in state.delayed.items()},
        "seen": dict(state.seen), "segments": dict(state.segments),
    }  # fmt: skip
