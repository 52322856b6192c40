"""Sync a journal with a remote: fetch what other machines published, merge it, publish what the remote lacks.

Changes are merged by `journal.replication`; files are sealed and stored by `sync`. State is written after the journal,
and reading a file twice does nothing, so a sync that is killed leaves nothing to repair.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, TypeVar

from valuelog.journal.connection import SCHEMA_VERSION
from valuelog.journal.errors import AlteredChange
from valuelog.journal.incoming import TakenIn, Waiting, WouldHide, take_in
from valuelog.journal.log import to_milliseconds
from valuelog.journal.purge import ClearFiles
from valuelog.journal.replication import Head, Run, device_names, list_heads, name_device, read_run, rename_branch
from valuelog.journal.same_projects import join_same_projects
from valuelog.journal.store import Journal
from valuelog.model.errors import ValuelogError
from valuelog.model.text import truncate_line
from valuelog.sync import marker, segment
from valuelog.sync.address import display_address
from valuelog.sync.errors import RemoteMoved, WrongKey
from valuelog.sync.marker import MARKER_NAME, Marker
from valuelog.sync.remote import Remote
from valuelog.sync.segment import FORMAT, Segment, parse_segment_name, segment_name
from valuelog.workflows.sync_segments import (
    DAMAGED,
    SegmentReader,
    covered_until,
    ends_at,
    find_delays,
    has_segment,
    head_of,
    iter_runs,
    list_visible,
    split_range,
)
from valuelog.workflows.sync_state import NEXT_KEY_NAME, Delay, Problem, SyncFolder, SyncState

T = TypeVar("T")

MAX_DOWNLOAD_BYTES = 512_000_000
"""The most bytes that are read in one sync, far more than a journal has: the host of the remote can add files."""

MAX_NAME_LENGTH = 40
"""The longest name of a machine."""

MAX_RETRIES = 5
"""How often publishing is tried again after another machine was faster."""


class OtherJournal(ValuelogError):
    """The remote has another journal."""

    def __init__(self, address: str) -> None:
        """Name the remote."""
        super().__init__(
            f"{address} has another journal now. Nothing was changed.",
            "To join that one, leave first: valuelog sync leave",
        )


class Machine(NamedTuple):
    """This machine: its device ids, the present one first, which of them another machine continues, and a new one.

    `renew_device` takes the last counter of the present id that no other machine has, or None.
    """

    list_devices: Callable[[], Sequence[str]]
    is_shared: Callable[[str], bool]
    renew_device: Callable[[int | None], str]


class EditedText(NamedTuple):
    """A text that was edited on two machines, neither knowing of the other."""

    entity: str
    entity_id: str


class SyncResult(NamedTuple):
    """What a sync did.

    `received` counts changes by the name of their machine; `returned` are changes that the remote had lost. `delayed`
    maps the names of machines to why their changes wait, `projects` are those that were started on two machines.
    `is_renewed` means that another machine had the same device id; `unreached` are files that may still have text that
    was erased for good.
    """

    received: Mapping[str, int]
    sent: int = 0
    returned: int = 0
    edited: Sequence[EditedText] = ()
    projects: Sequence[str] = ()
    erased: int = 0
    delayed: Mapping[str, Delay] = {}
    is_renewed: bool = False
    unreached: Sequence[str] = ()


@dataclass(kw_only=True)
class Session:
    """One sync of one journal. The caller holds the lock of the folder.

    `open_journal` opens the journal to write as the present device. `accept_hiding` asks whether a sync may hide many
    records, and raises ValuelogError if not; no transaction is open then. `clear_files` erases text from other files
    than the journal. `forked` are the devices of which the remote has another log.
    """

    folder: SyncFolder
    state: SyncState
    key: str
    remote: Remote
    machine: Machine
    open_journal: Callable[[], Journal]
    now: Callable[[], datetime]
    accept_hiding: Callable[[WouldHide], None]
    clear_files: ClearFiles
    journal: Journal = field(init=False)
    _received: Counter[str] = field(default_factory=Counter)
    _edited: dict[EditedText, None] = field(default_factory=dict)
    _projects: dict[str, None] = field(default_factory=dict)
    _erased: int = 0
    _unreached: dict[str, None] = field(default_factory=dict)
    _is_renewed: bool = False
    forked: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Open the journal."""
        self.journal = self.open_journal()

    @property
    def device(self) -> str:
        """The present device id."""
        return self.machine.list_devices()[0]

    # A whole sync

    def run(self, *, publishes: bool = True) -> SyncResult:
        """Fetch, merge and publish. What was done is saved, and so is what went wrong. Raises ValuelogError."""
        try:
            sent, returned = self._run_until_published(publishes=publishes)
        except ValuelogError as error:
            with suppress(ValuelogError):
                self.folder.save(replace(self.state, problem=Problem(error.message, self.now())))
            raise
        self._save()
        return self._result(sent, returned)

    def _run_until_published(self, *, publishes: bool) -> tuple[int, int]:
        """Fetch and publish, again if another machine was faster. Return the numbers of changes sent and returned."""

        def run_once() -> tuple[int, int]:
            names = self.fetch()
            return self._publish(names) if publishes else (0, 0)

        return retry_if_moved(run_once)

    def _result(self, sent: int, returned: int) -> SyncResult:
        names = device_names(self.journal)
        received: Counter[str] = Counter()
        for device, count in self._received.items():
            received[machine_name(names, device)] += count
        return SyncResult(
            received=+received, sent=sent, returned=returned, edited=tuple(self._edited),
            projects=tuple(self._projects), erased=self._erased,
            delayed={machine_name(names, device): delay for device, delay in self.state.delayed.items()},
            is_renewed=self._is_renewed, unreached=tuple(self._unreached),
        )  # fmt: skip

    # Fetching

    def fetch(self) -> frozenset[str]:
        """Read what is new on the remote into the journal. Return the names of all files there."""
        names = self.remote.list()
        files = self._download(names)
        if self._check_marker(files.pop(MARKER_NAME, None)):
            files |= self._download(names - files.keys() - {MARKER_NAME})  # the remote was rebuilt
        if files:
            self._merge(files, has_marker=MARKER_NAME in names)
        else:
            self.state = replace(self.state, delayed={})
        name_device(self.journal, self.state.machine)
        return names

    def _download(self, names: frozenset[str]) -> dict[str, bytes]:
        """Return the marker and the segments that the journal lacks."""
        known = self._known_segments()
        new = sorted(name for name in names - known.keys() if parse_segment_name(name))
        return _limit(self.remote.get([MARKER_NAME, *new] if MARKER_NAME in names else new))

    def _known_segments(self) -> dict[str, str]:
        """Return the segments whose changes the journal has: it may have been restored since they were read."""
        heads = list_heads(self.journal)
        return {name: digest for name, digest in self.state.segments.items() if has_segment(heads, name, digest)}

    def _check_marker(self, content: bytes | None) -> bool:
        """Return whether everything has to be read again. Raises WrongKey before anything is written."""
        if content is None:
            return False
        found = self._open_marker(content)
        if found.journal != self.state.journal:
            raise OtherJournal(display_address(self.remote.address))
        if found.generation == self.state.generation:
            return False
        self.state = self.state.with_generation(found.generation)
        return True

    def _open_marker(self, content: bytes) -> Marker:
        """Read the marker with the key, or with the next one if a rekey was interrupted; the other one is removed."""
        next_key = self.folder.read_key(NEXT_KEY_NAME)
        try:
            found = marker.unpack(content, self.key)
        except WrongKey:
            if next_key is None:
                raise
            found = marker.unpack(content, next_key)
            self.folder.promote_next_key()
            self.key = next_key
        else:
            if next_key is not None:
                self.folder.discard_next_key()
        return found

    def _merge(self, files: Mapping[str, bytes], *, has_marker: bool) -> None:
        """Take in the changes of some segments, and remember which the journal has now."""
        reader = SegmentReader(files, self.key, self.state.journal)
        before, device = list_heads(self.journal), self.device
        taken = self._take_in(reader)
        while self._rename_branches(reader, taken):
            taken = self._take_in(reader)
        if not has_marker and reader.unusable and not reader.segments:
            raise WrongKey
        self._record(reader, before, taken)
        if taken.is_continued and device == self.device:
            self._leave_continued_id(head_of(before, device))
        self._projects |= dict.fromkeys(join_same_projects(self.journal, taken.new_projects))

    def _take_in(self, reader: "SegmentReader") -> TakenIn:
        """Take in segments; ask before many records are hidden."""
        try:
            taken = self._take_in_runs(reader)
        except WouldHide as question:
            self.accept_hiding(question)
            taken = self._take_in_runs(reader, allow_hiding=True)
        self._edited |= dict.fromkeys(EditedText(*each) for each in taken.edited_on_both)
        self._erased += taken.purged
        self._projects |= dict.fromkeys(taken.joined)
        self._unreached |= dict.fromkeys(taken.unreached)
        return taken

    def _take_in_runs(self, reader: "SegmentReader", *, allow_hiding: bool = False) -> TakenIn:
        return take_in(
            self.journal, reader.iter_runs(),
            allow_hiding=allow_hiding, joins_projects=True, clear_files=self.clear_files,
        )  # fmt: skip

    def _record(self, reader: "SegmentReader", before: Mapping[str, Head], taken: TakenIn) -> None:
        """Remember what was taken in, and what waits."""
        heads = list_heads(self.journal)
        self.forked = frozenset(d for d, why in taken.waiting.items() if why in {Waiting.BRANCH, Waiting.ALTERED})
        segments = {
            name: each.hash.hex()
            for name, each in reader.segments.items()
            if each.device not in self.forked and has_segment(heads, name, each.hash.hex())
        }
        seen, now = Counter(dict(self.state.seen)), to_milliseconds(self.now())
        for each in reader.segments.values():
            seen[each.by] = max(seen[each.by], min(each.at, now))  # another clock may be ahead, or say anything
        for device, counters in reader.counted.items():
            first, last = (head_of(each, device) for each in (before, heads))
            self._received[device] += sum(1 for counter in counters if first < counter <= last)
        self.state = replace(
            self.state, segments={**self.state.segments, **segments}, seen=dict(seen),
            delayed=find_delays(reader, heads, self._explain(taken.waiting)),
        )  # fmt: skip

    def _explain(self, waiting: Mapping[str, Waiting]) -> dict[str, str]:
        """Return why changes wait. What differs from published changes of this machine is not of a valuelog."""
        own = {*self.machine.list_devices()} & self.forked
        return {device: DAMAGED if device in own else str(why) for device, why in waiting.items()}

    # A device id that was used twice: a copied home, or a journal that was put back by hand

    def _rename_branches(self, reader: "SegmentReader", taken: TakenIn) -> bool:
        """Give changes that only this machine has another device id; return whether there were any."""
        published = self._known_segments().keys() - reader.segments.keys()
        is_renamed = False
        for device in self.machine.list_devices():
            first = taken.branches.get(device)
            if first is not None and first > covered_until(published, device):
                read_run(self.journal, device, first, head_of(list_heads(self.journal), device))  # none is altered
                new_device = self.machine.renew_device(first - 1 if device == self.device else None)
                self.journal = self.open_journal()
                rename_branch(self.journal, device, first, new_device)
                is_renamed = self._is_renewed = True
        if is_renamed:
            with suppress(ValuelogError):  # the next automatic one does it, too
                self.journal.make_backup()  # or the newest one would have changes that the journal lacks
        return is_renamed

    def _leave_continued_id(self, last: int) -> None:
        """Take a new device id, since another machine continued with the present one: undo leaves its changes alone.

        `last` is the counter of its last change before new ones were taken in.
        """
        self.machine.renew_device(last)
        self.journal = self.open_journal()
        self._is_renewed = True

    # Publishing

    def _publish(self, names: frozenset[str]) -> tuple[int, int]:
        """Publish what the remote lacks, of whichever machine. Return the numbers of changes sent and returned."""
        known = self._known_segments()
        there = {name: digest for name, digest in known.items() if name in names}
        packed = pack_missing(self, there, names - there.keys())
        if MARKER_NAME not in names:
            packed.files[MARKER_NAME] = pack_marker(self.state, self.key)
        sent = returned = 0
        for device, counters in packed.counted.items():
            lost = covered_until(known, device)
            returned += sum(1 for counter in counters if counter <= lost)
            sent += sum(1 for counter in counters if counter > lost)
        if packed.files:
            self.remote.put(packed.files)
        self._record_published(there, packed)
        return sent, returned

    def save_published(self, packed: "Packed") -> None:
        """Remember that the remote has exactly what was packed."""
        self._record_published({}, packed)
        self._save()

    def _save(self) -> None:
        self.state = replace(self.state, synced_at=self.now(), problem=None)
        self.folder.save(self.state)

    def _record_published(self, there: Mapping[str, str], packed: "Packed") -> None:
        seen = {**self.state.seen, **({self.device: packed.at} if packed.segments else {})}
        self.state = replace(self.state, segments={**there, **packed.segments}, seen=seen)


def _limit(files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Return files; those that are too much for the memory are empty, as too large ones are."""
    limited: dict[str, bytes] = {}
    size = 0
    for name, data in files:
        fits = size + len(data) <= MAX_DOWNLOAD_BYTES
        limited[name], size = (data, size + len(data)) if fits else (b"", size)
    return limited


def retry_if_moved(action: Callable[[], T]) -> T:
    """Run an action, and again after a while if another machine was faster. Raises RemoteMoved."""
    for attempt in range(MAX_RETRIES):
        with suppress(RemoteMoved):
            return action()
        time.sleep(random.uniform(0.05, 0.2) * 2**attempt)  # noqa: S311  not for secrets
    return action()


class Packed(NamedTuple):
    """Files to publish: their content, the hashes of the segments among them, and the counters of visible changes."""

    files: dict[str, bytes]
    segments: dict[str, str]
    counted: dict[str, set[int]]
    at: int


def pack_missing(session: Session, there: Mapping[str, str], taken_names: Iterable[str]) -> Packed:
    """Pack the changes that some segments lack.

    A device whose log is not the one on the remote is left out, and so are `taken_names`, which can't be overwritten.
    """
    packed = Packed({}, {}, {}, to_milliseconds(session.now()))
    unavailable = frozenset(taken_names)
    for device, head in list_heads(session.journal).items():
        covered = covered_until(there, device)
        if device in session.forked or head.counter <= covered:
            continue
        with suppress(ValueError):  # a damaged log has gaps
            for first, last in split_range(covered + 1, head.counter, device, unavailable):
                for run in iter_runs(session.journal, device, first, last):
                    _require_continued(session, there, run)
                    _add_run(session, packed, run)
    return packed


def _require_continued(session: Session, there: Mapping[str, str], run: Run) -> None:
    """Read the segments of a device again if the journal has another log than when it read them."""
    before = {digest for name, digest in there.items() if ends_at(name, run.device, run.first - 1)}
    if before and run.before.hex() not in before:
        kept = {name: each for name, each in session.state.segments.items() if not name.startswith(f"{run.device}/")}
        session.state = replace(session.state, segments=kept)
        raise RemoteMoved


def _add_run(session: Session, packed: Packed, run: Run) -> None:
    last = run.first + len(run.changes) - 1
    name = segment_name(run.device, run.first, last)
    sealed = Segment(
        device=run.device, first=run.first, last=last, schema=SCHEMA_VERSION, journal=session.state.journal,
        after=run.after, before=run.before, hash=run.hash, by=session.device, at=packed.at,
        changes=tuple(map(tuple, run.changes)),
    )  # fmt: skip
    packed.files[name] = segment.pack(sealed, session.key)
    packed.segments[name] = run.hash.hex()
    packed.counted.setdefault(run.device, set()).update(list_visible(run.first, run.changes))


def pack_marker(state: SyncState, key: str) -> bytes:
    """Return the marker of the remote."""
    return marker.pack(Marker(FORMAT, state.journal, max(1, state.generation)), key)


def count_unsent(journal: Journal, state: SyncState) -> int:
    """Return how many changes the remote lacked at the last contact."""
    heads, count = list_heads(journal), 0
    known = [name for name, digest in state.segments.items() if has_segment(heads, name, digest)]
    for device, head in heads.items():
        first = covered_until(known, device) + 1
        with suppress(ValueError, AlteredChange):  # a damaged log, which the next sync names
            if first <= head.counter:
                count += len(list_visible(first, read_run(journal, device, first, head.counter).changes))
    return count


def machine_name(names: Mapping[str, str], device: str) -> str:
    """Return the name that a device gave itself, truncated; until then, the start of its id."""
    return truncate_line(names.get(device, ""), MAX_NAME_LENGTH) or f"device {device[:4]}"
