"""One import on its way: turns what was read into changes, each once, and counts what came and what did not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from valuelog.exchange import Record, Rejected
from valuelog.exchange.jsonl import EntityRecord
from valuelog.journal import dump, entries, projects, seen_drafts
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, Kind, normalize_names, people_in, tags_in
from valuelog.model.period import format_full_day
from valuelog.model.project import ProjectState, project_in, slugify
from valuelog.model.text import first_line
from valuelog.workflows.arrived import BadRecord, ImportOptions, ImportResult, NoValidRecords, Sample

MAX_SAMPLES = 3
"""So many of the entries that come in are shown."""

MAX_BAD_LISTED = 100
"""So many of the records that are left out are named."""

PAST_DAY_FIELDS = ("day", "made_on", "started_on", "closed_on")
"""Days of things that must have come, but for days off, which are planned."""


class PendingEntry(NamedTuple):
    """An entry as it will be written down, but for the project: which one that is, only the journal knows."""

    change: Change
    origin: str | None
    project: str | None
    sample: Sample


def _build_pending_entry(entry: Entry) -> PendingEntry:
    return PendingEntry(
        entries.creation_change(entry), entry.origin, entry.project, Sample(entry.day, entry.kind, entry.headline)
    )


@dataclass(kw_only=True, slots=True)
class _ImportProgress:
    """What one import has met so far."""

    new_counts: Counter[str] = field(default_factory=Counter)
    known_count: int = 0
    differing_count: int = 0
    bad_count: int = 0
    first_bad: list[Rejected] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    first: date = date.max
    last: date = date.min


class Importer:
    """One import on its way."""

    def __init__(self, journal: Journal, options: ImportOptions, today: date, now: datetime) -> None:
        """Begin, with nothing read."""
        self._journal = journal
        self._options = options
        self._today = today
        self._now = now
        self._before: Mapping[str, int] = {}
        self._progress = _ImportProgress()
        self._kind_by_id: dict[str, str] = {}
        self._origins: set[str | None] = set()
        self._started_projects: dict[str, str] = {}
        self._first_entry_days: dict[str, date] = {}
        self._open_projects: dict[str, str] = {}
        self._replacement_ids: dict[str, str] = {}
        self._merged_projects: dict[str, Mapping[str, str]] = {}

    def build_result(self) -> ImportResult:
        """Sum up."""
        seen = self._progress
        return ImportResult(
            options=self._options,
            new_counts=dict(seen.new_counts),
            known_count=seen.known_count,
            differing_count=seen.differing_count,
            bad_count=seen.bad_count,
            first_bad=tuple(seen.first_bad),
            samples=tuple(seen.samples),
            days=(seen.first, seen.last) if seen.first <= seen.last else None,
            counts_before=self._before,
            counts_after={name: count + seen.new_counts[name] for name, count in self._before.items()},
        )

    def validate(self, records: Iterable[Record | EntityRecord | Rejected]) -> "Iterator[PendingEntry | EntityRecord]":
        """Yield what can be understood and has come; the journal is not asked.

        Raises BadRecord unless bad ones may be left out, and NothingUnderstood if there is nothing else.
        """
        good = 0
        for one in records:
            bad = one if isinstance(one, Rejected) else self._reject_future_day(one)
            if bad:
                self._reject(bad, is_first=not good and not self._progress.bad_count)
            elif not isinstance(one, Rejected):
                good += 1
                yield _build_pending_entry(self._build_entry(one)) if isinstance(one, Record) else one
        if self._progress.bad_count and not good:
            raise NoValidRecords(self._progress.first_bad[0], self._progress.bad_count)

    def _reject_future_day(self, record: Record | EntityRecord | Rejected) -> Rejected | None:
        """Return what is wrong with something that says it happened on a day that has not come."""
        days = (
            [record.day]
            if isinstance(record, Record)
            else _past_days(record)
            if isinstance(record, EntityRecord)
            else []
        )
        ahead = next((day for day in days if day > self._today), None)
        return (
            Rejected(location=record.location, reason=f"{format_full_day(ahead)} has not come yet.") if ahead else None
        )

    def _reject(self, bad: Rejected, *, is_first: bool = False) -> None:
        if not self._options.skip_bad:
            raise BadRecord(bad, is_first=is_first)
        self._progress.bad_count += 1
        if len(self._progress.first_bad) < MAX_BAD_LISTED:
            self._progress.first_bad.append(bad)

    def _build_entry(self, record: Record) -> Entry:
        return Entry(
            id=new_id(),
            day=record.day,
            kind=record.kind or self._options.kind,
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

    def changes(self, pending: "Iterable[PendingEntry | EntityRecord]") -> Iterator[Change]:
        """Yield the changes that bring in what is new. Raises BadRecord unless bad ones may be left out."""
        self._before = dump.count_entities(self._journal)
        for one in pending:
            yield from self._entry_changes(one) if isinstance(one, PendingEntry) else self._entity_changes(one)

    def _entry_changes(self, pending: PendingEntry) -> Iterator[Change]:
        """Yield the changes that write an entry down, unless it came in before, maybe as a part of a draft."""
        sample = pending.sample
        if self._is_imported(pending.origin):
            self._progress.known_count += 1
            return
        self._origins.add(pending.origin)
        project, starting = projects.find_or_start(self._journal, pending.project, sample.day, self._started_projects)
        self._progress.new_counts["entry"] += 1
        self._progress.new_counts["project"] += len(starting)
        self._add_sample(sample)
        if pending.project and (begun := self._started_projects.get(slugify(pending.project))):
            self._first_entry_days[begun] = min(self._first_entry_days.get(begun, sample.day), sample.day)
        yield from starting
        yield entries.with_project(pending.change, project)

    def _is_imported(self, origin: str | None) -> bool:
        if origin is None or origin in self._origins:
            return origin is not None
        return bool(dump.find_entry_by_origin(self._journal, origin)) or seen_drafts.was_accepted(self._journal, origin)

    def _add_sample(self, entry: Sample) -> None:
        self._progress.first, self._progress.last = (
            min(self._progress.first, entry.day),
            max(self._progress.last, entry.day),
        )
        if len(self._progress.samples) < MAX_SAMPLES:
            self._progress.samples.append(entry)

    def complete_projects(self, batch: str | None) -> None:
        """Let each project that an import started have begun with its first entry, in whatever order they came.

        And let those that others of their name joined say what only these said of themselves.
        """
        begun = {
            name: {"started_on": day.isoformat()}
            for name, day in self._first_entry_days.items()
            if self._starts_later(name, day)
        }
        told = {
            name: projects.missing_answers(self._journal, name, said) for name, said in self._merged_projects.items()
        }
        changes = [Change("project", name, fields) for name, fields in (*begun.items(), *told.items()) if fields]
        if changes:
            self._journal.write("import", changes, batch=batch)

    def _starts_later(self, project_id: str, day: date) -> bool:
        return day < projects.get(self._journal, project_id).started_on

    def has_changes(self, pending: Iterable[PendingEntry | EntityRecord]) -> bool:
        """Tell whether anything would be written."""
        return any(True for _ in self.changes(pending)) or any(
            projects.missing_answers(self._journal, name, said) for name, said in self._merged_projects.items()
        )

    def _entity_changes(self, thing: EntityRecord) -> Iterator[Change]:
        """Yield the change that brings a thing of another journal in, unless it is there."""
        change = Change(entity=thing.entity, id=thing.id, fields=self._map_references(thing))
        kind = self._kind_by_id.get(thing.id) or dump.find_entity_type(self._journal, thing.id)
        if kind not in {None, thing.entity}:
            why = f"Its id is that of another thing, the kind of which is “{kind}”."
            self._reject(Rejected(location=thing.location, reason=why))
        elif self._exists(thing.entity, thing.id):
            self._count_known(change)
        elif ours := self._find_open_project(thing) or self._find_entry_by_origin(thing):
            self._replacement_ids[thing.id] = ours
            self._count_known(change._replace(id=ours))
        elif missing := next((to for to, name in dump.references(change) if not self._exists(to, name)), None):
            if thing.entity == "sighting":  # it goes with its pain point, which was counted
                return
            self._reject(
                Rejected(location=thing.location, reason=f"The {missing} that it names is neither here nor before it.")
            )
        else:
            self._count_new(thing)
            yield change

    def _exists(self, entity: str, entity_id: str) -> bool:
        """Tell whether a thing is here, or in what came before."""
        return self._kind_by_id.get(entity_id) == entity or dump.entity_exists(self._journal, entity, entity_id)

    def _count_known(self, change: Change) -> None:
        """Count a thing that is there already, and whether it is the same."""
        if change.entity in self._before:
            self._progress.known_count += 1
            self._progress.differing_count += change.id not in self._kind_by_id and dump.differs_from_journal(
                self._journal, change
            )

    def _count_new(self, thing: EntityRecord) -> None:
        self._kind_by_id[thing.id] = thing.entity
        self._progress.new_counts[thing.entity] += 1
        said = thing.fields
        if thing.entity == "entry":
            self._origins |= {said["origin"]} if said.get("origin") else set()
            self._add_sample(Sample(date.fromisoformat(said["day"]), Kind(said["kind"]), first_line(said["text"])))
        if thing.entity == "project" and _is_open_project(thing):
            self._open_projects[said["slug"]] = thing.id

    def _find_open_project(self, thing: EntityRecord) -> str | None:
        """Return the project of this name that is here already: what belonged to the other one joins it.

        Of one journal, a project that goes on and others of its name that are over are not the same.
        """
        if thing.entity != "project":
            return None
        slug = thing.fields["slug"]
        if _is_open_project(thing) and slug in self._open_projects:
            return self._open_projects[slug]
        ours = projects.find_id_by_name(self._journal, slug)
        if ours and ours not in self._kind_by_id:
            self._merged_projects[ours] = {**thing.fields, **self._merged_projects.get(ours, {})}
            return ours
        return None

    def _find_entry_by_origin(self, thing: EntityRecord) -> str | None:
        """Return the entry of the same origin: the same draft taken on two machines is one entry."""
        origin = thing.fields.get("origin") if thing.entity == "entry" else None
        return dump.find_entry_by_origin(self._journal, origin) if origin and origin not in self._origins else None

    def _map_references(self, thing: EntityRecord) -> Mapping[str, object]:
        """Return the fields of a thing, which name what stands here instead of what stood there."""
        if not self._replacement_ids:
            return thing.fields
        named = [
            field for field in dump.reference_fields(thing.entity) if thing.fields.get(field) in self._replacement_ids
        ]
        return {**thing.fields, **{field: self._replacement_ids[thing.fields[field]] for field in named}}


def _is_open_project(project: EntityRecord) -> bool:
    return bool(project.fields.get("state", ProjectState.OPEN) == ProjectState.OPEN)


def _past_days(thing: EntityRecord) -> list[date]:
    return [date.fromisoformat(thing.fields[name]) for name in PAST_DAY_FIELDS if thing.fields.get(name)]
