"""What the files of a remote hold: opens them as runs for the journal, and finds what they cover and what they lack."""

from collections.abc import Iterable, Iterator, Mapping

from valuelog.journal.incoming import Waiting
from valuelog.journal.log import INTERNAL_ENTITIES, TOGGLE_ENTITY, RawChange
from valuelog.journal.projection import LOG_ONLY_ENTITIES
from valuelog.journal.replication import Head, Run, read_run
from valuelog.journal.store import Journal
from valuelog.sync import segment
from valuelog.sync.errors import BadSegment, NewerFormat
from valuelog.sync.segment import Segment, parse_segment_name, segment_name
from valuelog.workflows.sync_state import Delay

MAX_CHANGES = 20_000
"""The most changes in one file on the remote."""

MAX_BYTES = 8_000_000
"""The most bytes of text in one file, unless a single change has more."""

DAMAGED = "damaged"
"""Why changes wait whose file on the remote can't be used; the other reasons are those of the journal."""

_HIDDEN_ENTITIES = (INTERNAL_ENTITIES | LOG_ONLY_ENTITIES) - {TOGGLE_ENTITY}
"""What changes are about that no person would count."""


class SegmentReader:
    """Opens segments one by one, as runs for the journal; what can't be used is left out.

    `segments` are those that were opened, without their changes; `unusable` says why others were not; `counted` has the
    counters of visible changes by device.
    """

    def __init__(self, files: Mapping[str, bytes], key: str, journal: str) -> None:
        """Take the files by name."""
        self._files = files
        self._key = key
        self._journal = journal
        self.segments: dict[str, Segment] = {}
        self.unusable: dict[str, str] = {}
        self.counted: dict[str, set[int]] = {}

    def iter_runs(self) -> Iterator[Run]:
        """Yield the runs of each device, in order."""
        for name in sorted(self._files):
            if opened := self._open(name):
                self.segments[name] = opened._replace(changes=())
                changes = tuple(RawChange(*change) for change in opened.changes)  # type: ignore[arg-type]  # checked
                self.counted.setdefault(opened.device, set()).update(list_visible(opened.first, changes))
                yield Run(opened.device, opened.first, opened.before, changes, opened.hash, opened.after)

    def _open(self, name: str) -> Segment | None:
        try:
            return segment.unpack(name, self._files[name], self._key, journal=self._journal)
        except BadSegment:
            self.unusable[name] = DAMAGED
        except NewerFormat:
            self.unusable[name] = Waiting.NEWER
        return None


def list_visible(first: int, changes: Iterable[RawChange]) -> list[int]:
    """Return the counters of the changes that a person would count."""
    return [counter for counter, change in enumerate(changes, first) if change.entity not in _HIDDEN_ENTITIES]


def find_delays(reader: SegmentReader, heads: Mapping[str, Head], waiting: Mapping[str, str]) -> dict[str, Delay]:
    """Return per device how many changes on the remote wait, and why: a bad file explains a gap."""
    lasts: dict[str, int] = {}
    reasons = dict(waiting)
    for name in (*reader.segments, *reader.unusable):
        device, _, last = parse_segment_name(name) or ("", 0, 0)
        lasts[device] = max(lasts.get(device, 0), last)
        is_explained = reasons.get(device, Waiting.GAP) != Waiting.GAP
        if name in reader.unusable and not is_explained and last > head_of(heads, device):
            reasons[device] = reader.unusable[name]
    return {
        device: Delay(why, max(0, lasts.get(device, 0) - head_of(heads, device))) for device, why in reasons.items()
    }


def has_segment(heads: Mapping[str, Head], name: str, digest: str) -> bool:
    """Return whether a log reaches as far as a segment, and ends in the same change if it ends there."""
    device, _, last = parse_segment_name(name) or ("", 0, 0)
    head = heads.get(device, Head(0, b""))
    return head.counter > last or (head.counter == last and head.hash.hex() == digest)


def head_of(heads: Mapping[str, Head], device: str) -> int:
    """Return the counter of the last change of a device; 0 if there is none."""
    return heads[device].counter if device in heads else 0


def covered_until(names: Iterable[str], device: str) -> int:
    """Return the counter up to which some segments have every change of a device."""
    covered = 0
    for its_device, first, last in sorted(filter(None, map(parse_segment_name, names))):
        if its_device == device and first <= covered + 1:
            covered = max(covered, last)
    return covered


def ends_at(name: str, device: str, last: int) -> bool:
    """Return whether a segment is of a device, and ends at a counter."""
    parsed = parse_segment_name(name)
    return parsed is not None and parsed[0] == device and parsed[2] == last


# What to publish


def split_range(first: int, last: int, device: str, unavailable: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield ranges of at most MAX_CHANGES counters; one whose name is taken starts earlier."""
    for start in range(first, last + 1, MAX_CHANGES):
        end = min(start + MAX_CHANGES - 1, last)
        while start > 1 and segment_name(device, start, end) in unavailable:
            start -= 1  # noqa: PLW2901  an overlap is fine
        if segment_name(device, start, end) in unavailable:  # from the very first change on
            if end > start:
                yield start, end - 1
                yield end - 1, end
        else:
            yield start, end


def iter_runs(journal: Journal, device: str, first: int, last: int) -> Iterator[Run]:
    """Yield the changes of a device in runs that aren't too large. Raises ValueError if some are missing."""
    run = read_run(journal, device, first, last)
    if first < last and sum(len(change.fields or "") for change in run.changes) > MAX_BYTES:
        middle = (first + last) // 2
        yield from iter_runs(journal, device, first, middle)
        yield from iter_runs(journal, device, middle + 1, last)
    else:
        yield run
