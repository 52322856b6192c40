"""One import on its way: turns what was read into changes, each once, and counts what came and what did not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from valuelog.exchange import Bad, Record
from valuelog.exchange.jsonl import Thing
from valuelog.journal import dump, entries, projects, seen_drafts
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, Kind, normalize_names, people_in, tags_in
from valuelog.model.period import format_full_day
from valuelog.model.project import ProjectState, project_in, slugify
from valuelog.model.text import first_line
from valuelog.workflows.arrived import Arrived, BadRecord, NothingUnderstood, Sample, Wish

SAMPLES = 3
"""So many of the entries that come in are shown."""

MOST_BAD = 100
"""So many of the records that are left out are named."""

LIVED = ("day", "made_on", "started_on", "closed_on")
"""Days of things that must have come, but for days off, which are planned."""


class Coming(NamedTuple):
    """An entry as it will be written down, but for the project: which one that is, only the journal knows."""

    change: Change
    origin: str | None
    project: str | None
    sample: Sample


def _coming(entry: Entry) -> Coming:
    return Coming(
        entries.creation_change(entry), entry.origin, entry.project, Sample(entry.day, entry.kind, entry.headline)
    )


@dataclass(kw_only=True, slots=True)
class _Seen:
    """What one import has met so far."""

    new: Counter[str] = field(default_factory=Counter)
    known: int = 0
    differ: int = 0
    bad: int = 0
    first_bad: list[Bad] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    first: date = date.max
    last: date = date.min


class Arrival:
    """One import on its way."""

    def __init__(self, journal: Journal, wish: Wish, today: date, now: datetime) -> None:
        """Begin, with nothing read."""
        self._journal = journal
        self._wish = wish
        self._today = today
        self._now = now
        self._before: Mapping[str, int] = {}
        self._seen = _Seen()
        self._kinds: dict[str, str] = {}
        self._origins: set[str | None] = set()
        self._started: dict[str, str] = {}
        self._since: dict[str, date] = {}
        self._open: dict[str, str] = {}
        self._instead: dict[str, str] = {}
        self._lent: dict[str, Mapping[str, str]] = {}

    def told(self) -> Arrived:
        """Sum up."""
        seen = self._seen
        return Arrived(
            wish=self._wish,
            new=dict(seen.new),
            known=seen.known,
            differ=seen.differ,
            bad=seen.bad,
            first_bad=tuple(seen.first_bad),
            samples=tuple(seen.samples),
            days=(seen.first, seen.last) if seen.first <= seen.last else None,
            before=self._before,
            after={name: count + seen.new[name] for name, count in self._before.items()},
        )

    def checked(self, found: Iterable[Record | Thing | Bad]) -> "Iterator[Coming | Thing]":
        """Yield what can be understood and has come; the journal is not asked.

        Raises BadRecord unless bad ones may be left out, and NothingUnderstood if there is nothing else.
        """
        good = 0
        for one in found:
            bad = one if isinstance(one, Bad) else self._not_yet(one)
            if bad:
                self._leave_out(bad, first=not good and not self._seen.bad)
            elif not isinstance(one, Bad):
                good += 1
                yield _coming(self._entry_of(one)) if isinstance(one, Record) else one
        if self._seen.bad and not good:
            raise NothingUnderstood(self._seen.first_bad[0], self._seen.bad)

    def _not_yet(self, one: Record | Thing | Bad) -> Bad | None:
        """Return what is wrong with something that says it happened on a day that has not come."""
        days = [one.day] if isinstance(one, Record) else _lived(one) if isinstance(one, Thing) else []
        ahead = next((day for day in days if day > self._today), None)
        return Bad(place=one.place, why=f"{format_full_day(ahead)} has not come yet.") if ahead else None

    def _leave_out(self, bad: Bad, *, first: bool = False) -> None:
        if not self._wish.skip_bad:
            raise BadRecord(bad, first=first)
        self._seen.bad += 1
        if len(self._seen.first_bad) < MOST_BAD:
            self._seen.first_bad.append(bad)

    def _entry_of(self, record: Record) -> Entry:
        return Entry(
            id=new_id(),
            day=record.day,
            kind=record.kind or self._wish.kind,
            text=record.text,
            created=record.created or self._now,
            minutes=record.minutes,
            people=normalize_names((*record.people, *people_in(record.text))),
            tags=normalize_names((*record.tags, *tags_in(record.text))),
            project=record.project or project_in(record.text),
            effects=record.effects,
            beneficiaries=record.beneficiaries,
            evidence=record.evidence,
            origin=record.origin,
        )

    def changes(self, found: "Iterable[Coming | Thing]") -> Iterator[Change]:
        """Yield the changes that bring in what is new. Raises BadRecord unless bad ones may be left out."""
        self._before = dump.count_entities(self._journal)
        for one in found:
            yield from self._entry(one) if isinstance(one, Coming) else self._thing(one)

    def _entry(self, coming: Coming) -> Iterator[Change]:
        """Yield the changes that write an entry down, unless it came in before, maybe as a part of a draft."""
        sample = coming.sample
        if self._has_come(coming.origin):
            self._seen.known += 1
            return
        self._origins.add(coming.origin)
        project, starting = projects.find_or_start(self._journal, coming.project, sample.day, self._started)
        self._seen.new["entry"] += 1
        self._seen.new["project"] += len(starting)
        self._note(sample)
        if coming.project and (begun := self._started.get(slugify(coming.project))):
            self._since[begun] = min(self._since.get(begun, sample.day), sample.day)
        yield from starting
        yield entries.with_project(coming.change, project)

    def _has_come(self, origin: str | None) -> bool:
        if origin is None or origin in self._origins:
            return origin is not None
        return bool(dump.find_entry_by_origin(self._journal, origin)) or seen_drafts.was_accepted(self._journal, origin)

    def _note(self, entry: Sample) -> None:
        self._seen.first, self._seen.last = min(self._seen.first, entry.day), max(self._seen.last, entry.day)
        if len(self._seen.samples) < SAMPLES:
            self._seen.samples.append(entry)

    def settle(self, batch: str | None) -> None:
        """Let each project that an import started have begun with its first entry, in whatever order they came.

        And let those that others of their name joined say what only these said of themselves.
        """
        begun = {name: {"started_on": day.isoformat()} for name, day in self._since.items() if self._later(name, day)}
        told = {name: projects.missing_answers(self._journal, name, said) for name, said in self._lent.items()}
        changes = [Change("project", name, fields) for name, fields in (*begun.items(), *told.items()) if fields]
        if changes:
            self._journal.write("import", changes, batch=batch)

    def _later(self, name: str, day: date) -> bool:
        return day < projects.get(self._journal, name).started_on

    def brings(self, found: Iterable[Coming | Thing]) -> bool:
        """Tell whether anything would be written."""
        return any(True for _ in self.changes(found)) or any(
            projects.missing_answers(self._journal, name, said) for name, said in self._lent.items()
        )

    def _thing(self, thing: Thing) -> Iterator[Change]:
        """Yield the change that brings a thing of another journal in, unless it is there."""
        change = Change(entity=thing.entity, id=thing.id, fields=self._mapped(thing))
        kind = self._kinds.get(thing.id) or dump.find_entity_type(self._journal, thing.id)
        if kind not in {None, thing.entity}:
            why = f"Its id is that of another thing, the kind of which is “{kind}”."
            self._leave_out(Bad(place=thing.place, why=why))
        elif self._is_there(thing.entity, thing.id):
            self._meet(change)
        elif ours := self._goes_on(thing) or self._is_same(thing):
            self._instead[thing.id] = ours
            self._meet(change._replace(id=ours))
        elif missing := next((to for to, name in dump.references(change) if not self._is_there(to, name)), None):
            if thing.entity == "sighting":  # it goes with its pain point, which was counted
                return
            self._leave_out(Bad(place=thing.place, why=f"The {missing} that it names is neither here nor before it."))
        else:
            self._bring(thing)
            yield change

    def _is_there(self, entity: str, name: str) -> bool:
        """Tell whether a thing is here, or in what came before."""
        return self._kinds.get(name) == entity or dump.entity_exists(self._journal, entity, name)

    def _meet(self, change: Change) -> None:
        """Count a thing that is there already, and whether it is the same."""
        if change.entity in self._before:
            self._seen.known += 1
            self._seen.differ += change.id not in self._kinds and dump.differs_from_journal(self._journal, change)

    def _bring(self, thing: Thing) -> None:
        self._kinds[thing.id] = thing.entity
        self._seen.new[thing.entity] += 1
        said = thing.fields
        if thing.entity == "entry":
            self._origins |= {said["origin"]} if said.get("origin") else set()
            self._note(Sample(date.fromisoformat(said["day"]), Kind(said["kind"]), first_line(said["text"])))
        if thing.entity == "project" and _goes(thing):
            self._open[said["slug"]] = thing.id

    def _goes_on(self, thing: Thing) -> str | None:
        """Return the project of this name that is here already: what belonged to the other one joins it.

        Of one journal, a project that goes on and others of its name that are over are not the same.
        """
        if thing.entity != "project":
            return None
        slug = thing.fields["slug"]
        if _goes(thing) and slug in self._open:
            return self._open[slug]
        ours = projects.find_id_by_name(self._journal, slug)
        if ours and ours not in self._kinds:
            self._lent[ours] = {**thing.fields, **self._lent.get(ours, {})}
            return ours
        return None

    def _is_same(self, thing: Thing) -> str | None:
        """Return the entry of the same origin: the same draft taken on two machines is one entry."""
        origin = thing.fields.get("origin") if thing.entity == "entry" else None
        return dump.find_entry_by_origin(self._journal, origin) if origin and origin not in self._origins else None

    def _mapped(self, thing: Thing) -> Mapping[str, object]:
        """Return the fields of a thing, which name what stands here instead of what stood there."""
        if not self._instead:
            return thing.fields
        named = [field for field in dump.reference_fields(thing.entity) if thing.fields.get(field) in self._instead]
        return {**thing.fields, **{field: self._instead[thing.fields[field]] for field in named}}


def _goes(project: Thing) -> bool:
    return bool(project.fields.get("state", ProjectState.OPEN) == ProjectState.OPEN)


def _lived(thing: Thing) -> list[date]:
    return [date.fromisoformat(thing.fields[name]) for name in LIVED if thing.fields.get(name)]
