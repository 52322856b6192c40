"""Moving in and out: what other tools and other journals wrote comes in once, and everything can leave again."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import BinaryIO, NamedTuple

from valuelog.exchange import OURS, READ, WRITTEN, Bad, Record, Unreadable, Where, module
from valuelog.exchange.jsonl import Thing
from valuelog.journal import carrying, entries, projects
from valuelog.journal.changes import Change
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, Kind, names, people_in, tags_in
from valuelog.model.errors import ValuelogError
from valuelog.model.period import Period, spelled
from valuelog.model.project import project_in, slug_of

SHOWN = 3
"""So many of the entries that come in, and of the records that are left out, are shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What to import and how: what knows no kind as this one, without bad records, or only looking."""

    format: str
    kind: Kind = Kind.ACTIVITY
    skip_bad: bool = False
    only_look: bool = False


class Sample(NamedTuple):
    """As much of an entry as shows that it was understood."""

    day: date
    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """What came in, or would: so many things of each kind, so many that were there already, and what is bad.

    `before` and `after` are how many things of each kind the journal holds, `samples` the first entries.
    """

    wish: Wish
    new: Mapping[str, int]
    known: int
    bad: int
    first_bad: tuple[Bad, ...]
    samples: tuple[Sample, ...]
    days: tuple[date, date] | None
    before: Mapping[str, int]
    after: Mapping[str, int]


class BadRecord(ValuelogError):
    """A record that cannot be understood, where none may be left out."""

    def __init__(self, bad: Bad) -> None:
        """Name its place."""
        super().__init__(
            f"{bad.place}: {bad.why} Nothing was imported.", "Mend it, or leave such records out with --skip-bad."
        )


def bring(journal: Journal, stream: BinaryIO, where: Where, wish: Wish, today: date, now: datetime) -> Arrived:
    """Import a file: all of it in one change, or nothing. Raises UnknownWord, Unreadable or BadRecord."""
    read = module(wish.format, READ).read
    arrival = _Arrival(journal, wish, today, now)
    with _told():
        found = arrival.changes(read(stream, where))
        if wish.only_look:
            deque(found, maxlen=0)
        else:
            with journal.transaction():
                first = next(found, None)
                if first:
                    arrival.settle(journal.load("import", chain([first], found)))
    return arrival.told()


@contextmanager
def _told() -> Iterator[None]:
    """Say with what cannot be read that nothing came in."""
    try:
        yield
    except Unreadable as error:
        raise Unreadable(f"{error.message} Nothing was imported.", error.hint) from error


@dataclass(kw_only=True, slots=True)
class _Seen:
    """What one import has met so far."""

    new: Counter[str] = field(default_factory=Counter)
    known: int = 0
    bad: int = 0
    first_bad: list[Bad] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    first: date = date.max
    last: date = date.min


class _Arrival:
    """One import on its way: turns what is read into changes, and counts."""

    def __init__(self, journal: Journal, wish: Wish, today: date, now: datetime) -> None:
        self._journal = journal
        self._wish = wish
        self._today = today
        self._now = now
        self._before = carrying.counts(journal)
        self._seen = _Seen()
        self._came: set[str] = set()
        self._started: dict[str, str] = {}
        self._since: dict[str, date] = {}
        self._instead: dict[str, str] = {}

    def told(self) -> Arrived:
        """Sum up."""
        seen = self._seen
        return Arrived(
            wish=self._wish,
            new=dict(seen.new),
            known=seen.known,
            bad=seen.bad,
            first_bad=tuple(seen.first_bad),
            samples=tuple(seen.samples),
            days=(seen.first, seen.last) if seen.first <= seen.last else None,
            before=self._before,
            after={name: count + seen.new[name] for name, count in self._before.items()},
        )

    def changes(self, found: Iterator[Record | Thing | Bad]) -> Iterator[Change]:
        """Yield the changes that bring in what is new. Raises BadRecord unless bad ones may be left out."""
        for one in found:
            match one:
                case Bad():
                    self._leave_out(one)
                case Record():
                    yield from self._entry(one)
                case Thing():
                    yield from self._thing(one)

    def _leave_out(self, bad: Bad) -> None:
        if not self._wish.skip_bad:
            raise BadRecord(bad)
        self._seen.bad += 1
        if len(self._seen.first_bad) < SHOWN:
            self._seen.first_bad.append(bad)

    def _entry(self, record: Record) -> Iterator[Change]:
        """Yield the changes that write an entry down, unless it came in before or its day has not come."""
        if record.day > self._today:
            self._leave_out(Bad(place=record.place, why=f"{spelled(record.day)} has not come yet."))
        elif record.origin in self._came or carrying.came_in(self._journal, record.origin):
            self._seen.known += 1
        else:
            self._came.add(record.origin)
            entry = self._entry_of(record)
            changes = entries.births(self._journal, [entry], self._started)
            self._seen.new.update(change.entity for change in changes)
            self._note(Sample(entry.day, entry.kind, entry.headline))
            if entry.project and (project := self._started.get(slug_of(entry.project))):
                self._since[project] = min(self._since.get(project, entry.day), entry.day)
            yield from changes

    def _entry_of(self, record: Record) -> Entry:
        return Entry(
            id=new_id(),
            day=record.day,
            kind=record.kind or self._wish.kind,
            text=record.text,
            created=record.created or self._now,
            minutes=record.minutes,
            people=names((*record.people, *people_in(record.text))),
            tags=names((*record.tags, *tags_in(record.text))),
            project=record.project or project_in(record.text),
            effects=record.effects,
            beneficiaries=record.beneficiaries,
            evidence=record.evidence,
            origin=record.origin,
        )

    def _note(self, entry: Sample) -> None:
        self._seen.first, self._seen.last = min(self._seen.first, entry.day), max(self._seen.last, entry.day)
        if len(self._seen.samples) < SHOWN:
            self._seen.samples.append(entry)

    def settle(self, batch: str) -> None:
        """Let each project that an import started have begun with its first entry, in whatever order they came."""
        for name, day in self._since.items():
            project = projects.get(self._journal, name)
            if day < project.started_on:
                change = Change(entity="project", id=name, fields={"started_on": day.isoformat()})
                self._journal.write("import", [change], batch=batch)

    def _thing(self, thing: Thing) -> Iterator[Change]:
        """Yield the change that brings a thing of another journal in, unless it is there."""
        change = Change(entity=thing.entity, id=thing.id, fields=self._mapped(thing))
        if self._is_there(thing.entity, thing.id) or self._goes_on(thing):
            self._seen.known += thing.entity in self._before
        elif missing := next((to for to, name in carrying.references(change) if not self._is_there(to, name)), None):
            self._leave_out(Bad(place=thing.place, why=f"It names a {missing} that is neither here nor before it."))
        else:
            self._came.add(_key(thing.entity, thing.id))
            self._seen.new[thing.entity] += 1
            if thing.entity == "entry":
                said = thing.fields
                self._note(Sample(date.fromisoformat(said["day"]), Kind(said["kind"]), said["text"].partition("\n")[0]))
            yield change

    def _is_there(self, entity: str, name: str) -> bool:
        return _key(entity, name) in self._came or carrying.is_there(self._journal, entity, name)

    def _goes_on(self, thing: Thing) -> bool:
        """Tell whether a project of this name is here already: then what belonged to the other one joins it."""
        if thing.entity != "project":
            return False
        ours = projects.by_name(self._journal, thing.fields["slug"])
        if ours:
            self._instead[thing.id] = ours
        return ours is not None

    def _mapped(self, thing: Thing) -> Mapping[str, object]:
        project = thing.fields.get("project")
        return {**thing.fields, "project": self._instead[project]} if project in self._instead else thing.fields


def _key(entity: str, name: str) -> str:
    return f"{entity} {name}"


def entries_of(journal: Journal, period: Period | None) -> Iterator[Entry]:
    """Yield the entries of a Period, or all, in the order of their days."""
    return entries.each(journal, period)


def leave(journal: Journal, format_: str, period: Period | None, *, raw: bool = False) -> Iterator[str]:
    """Yield what a file in a format says of a journal, or of a Period. Raises UnknownWord."""
    write = module(format_, WRITTEN).write
    if format_ == OURS:
        things = (Thing(one.entity, one.id, one.fields or {}) for one in carrying.things(journal, period))
        return write(things)  # type: ignore[no-any-return]
    found = entries_of(journal, period)
    return write(found, raw=raw) if format_ == "csv" else write(found)  # type: ignore[no-any-return]
