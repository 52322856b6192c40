"""Import files: each valid record becomes an incoming entity, and each new entity a change.

    file → Record or EntityRecord → validated and spooled to disk → Change → journal, in one transaction

The whole file is read and validated before the journal is locked, so a slow pipe does not block other terminals.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from valuelog.exchange import (
    DEFAULT_KINDS,
    JOURNAL_FORMAT,
    READABLE_FORMATS,
    ImportContext,
    PassedOver,
    Record,
    Rejected,
    UnreadableFile,
    load_format,
)
from valuelog.exchange.jsonl import EntityRecord, parse_entity
from valuelog.exchange.spool import spool_to_disk, translate_spool_errors
from valuelog.journal import dump, entries, foreign, projects, seen_drafts
from valuelog.journal.creation import remove_new_on_error
from valuelog.journal.errors import JournalError
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change, Fields
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import iter_moments
from valuelog.model.commit_keys import other_origins
from valuelog.model.entry import Entry, Kind, normalize_names, people_in, tags_in
from valuelog.model.errors import BadInput, Stopped, ValuelogError
from valuelog.model.period import format_full_day
from valuelog.model.project import ProjectState, project_in
from valuelog.model.text import first_line

MAX_SAMPLES = 3
"""How many of the new entries a result shows."""

MAX_BAD_LISTED = 100
"""How many of the skipped records a result lists."""

_ERASED = PassedOver("record that you erased for good", "records that you erased for good")

PAST_DAY_FIELDS = ("day", "made_on", "started_on", "closed_on", "held_on", "raised_on")
"""Fields that must not be in the future. The id of a day off may be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOptions:
    """What to import and how. `kind` is for records without one; None is the default of the format."""

    format: str
    kind: Kind | None = None
    skip_bad: bool = False
    dry_run: bool = False


class Sample(NamedTuple):
    """An entry of the file, for a preview."""

    day: date
    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportResult:
    """What was imported, or would be in a dry run. The mappings count by entity type.

    `differing_count` is how many of the known entities differ from the journal, which keeps its own version. `days` are
    the first and last day of the new entries. `passed_over` counts the records that the format does not import.
    """

    options: ImportOptions
    new_counts: Mapping[str, int]
    known_count: int
    differing_count: int
    bad_count: int
    first_bad: tuple[Rejected, ...]
    passed_over: Mapping[PassedOver, int]
    samples: tuple[Sample, ...]
    days: tuple[date, date] | None
    counts_before: Mapping[str, int]
    counts_after: Mapping[str, int]


class BadRecord(ValuelogError):
    """An invalid record, and skipping was not requested."""

    def __init__(self, bad: Rejected, *, is_first: bool) -> None:
        """Name the record. If it is the first one, the file itself may be the wrong one."""
        doubt = "Is this the right file and format? " if is_first else ""
        super().__init__(
            f"{bad.location}: {bad.reason} Nothing was imported.",
            f"{doubt}Fix it, or skip invalid records with --skip-bad.",
        )


class NoValidRecords(ValuelogError):
    """A file in which every record is invalid."""

    def __init__(self, bad: Rejected, count: int) -> None:
        """Name the first record and the number of records."""
        super().__init__(
            f"No valid records ({count:,} invalid). {bad.location}: {bad.reason} Nothing was imported.",
            "Is this the right file and format?",
        )


class Journals(Protocol):
    """Opens the journal; to write, it is created if it does not exist."""

    def __call__(self, *, write: bool) -> Journal:
        """Return an open journal."""
        ...


_AnyRecord = Record | EntityRecord | Rejected | PassedOver


def import_file(
    journals: Journals, stream: BinaryIO, context: ImportContext, options: ImportOptions, today: date, now: datetime
) -> ImportResult:
    """Import a file in one transaction, or nothing. Raises UnknownChoice, UnreadableFile, BadRecord or Stopped."""
    read = load_format(options.format, READABLE_FORMATS).read
    return _import(journals, lambda: read(stream, context), options, today, now)


def import_journal(journals: Journals, path: Path, options: ImportOptions, today: date, now: datetime) -> ImportResult:
    """Import a journal file like `import_file`. The file does not change."""
    return _import(journals, lambda: _read_journal(path, now), options, today, now)


def _read_journal(path: Path, now: datetime) -> Iterator[EntityRecord | Rejected]:
    """Yield the entities of a journal file, and a Rejected for each damaged one. Raises UnreadableFile."""
    with _translate_journal_errors(), translate_spool_errors(), foreign.open_foreign(path, lambda: now) as journal:
        for each in foreign.iter_entities(journal):
            yield Rejected(each.name, each.reason) if isinstance(each, foreign.UnreadableEntity) else _recheck(each)


def _recheck(change: Change) -> EntityRecord | Rejected:
    """Return an entity as a record, or a Rejected if another program wrote what valuelog would refuse."""
    location = f"{change.entity} {change.id}"
    try:
        return parse_entity(change.entity, change.id, change.fields or {}, location)
    except BadInput as error:
        return Rejected(location, error.message)


@contextmanager
def _translate_journal_errors() -> Iterator[None]:
    """Translate errors about the imported file, whose hints are about one's own journal."""
    try:
        yield
    except JournalError as error:
        raise UnreadableFile(error.message, "Is this the right file? If it is damaged, try another copy.") from error


def _import(
    journals: Journals, read: Callable[[], Iterable[_AnyRecord]], options: ImportOptions, today: date, now: datetime
) -> ImportResult:
    """Import records in one transaction, or nothing; then no new journal is left either."""
    progress = _Progress(options)
    with _translate_errors():
        incoming = _validate(read(), progress, today, now)
        if options.dry_run:
            counts_before = _count_new(journals(write=False), progress, incoming)
        else:
            with spool_to_disk(incoming) as spool:
                counts_before = _write_spooled(journals, progress, spool)
    return progress.build_result(counts_before)


def _count_new(journal: Journal, progress: "_Progress", incoming: Iterable["_Incoming"]) -> Mapping[str, int]:
    """Count what would be new, and return the counts of the journal."""
    for _ in _Importer(journal, progress).changes(incoming):
        pass
    return dump.count_entities(journal)


def _write_spooled(journals: Journals, progress: "_Progress", incoming: Iterable["_Incoming"]) -> Mapping[str, int]:
    """Open the journal to write only now, so that a file that is refused creates none."""
    with remove_new_on_error(journals(write=False).path):
        journal = journals(write=True)
        return _write(journal, _Importer(journal, progress), incoming)


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Add to an error that nothing was imported."""
    try:
        yield
    except UnreadableFile as error:
        raise UnreadableFile(f"{error.message} Nothing was imported.", error.hint) from error
    except KeyboardInterrupt:
        raise Stopped("Stopped. Nothing was imported.", "Run the same command to start again.") from None


def _write(journal: Journal, importer: "_Importer", incoming: Iterable["_Incoming"]) -> Mapping[str, int]:
    """Write what is new and return the counts from just before. An import of nothing new writes nothing.

    The copy is made outside the transaction, since it takes a while and would block other terminals.
    """
    remaining = iter(incoming)
    first_new = next((entity for entity in remaining if not importer.skips(entity)), None)
    if first_new is None and not importer.project_updates():
        return dump.count_entities(journal)
    journal.back_up()
    with journal.transaction():
        counts_before = dump.count_entities(journal)
        changes = importer.changes(chain([first_new] if first_new else [], remaining))
        batch = journal.write("import", changes, keeps_created=True)
        if updates := importer.project_updates():
            journal.write("import", updates, batch=batch)
    return counts_before


@dataclass(slots=True)
class _Progress:
    """What an import has read so far."""

    options: ImportOptions
    new_counts: Counter[str] = field(default_factory=Counter)
    known_count: int = 0
    differing_count: int = 0
    bad_count: int = 0
    first_bad: list[Rejected] = field(default_factory=list)
    passed_over: Counter[PassedOver] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    first_day: date = date.max
    last_day: date = date.min

    def reject(self, bad: Rejected, *, is_first: bool = False) -> None:
        """Count an invalid record. Raises BadRecord unless such records are skipped."""
        if not self.options.skip_bad:
            raise BadRecord(bad, is_first=is_first)
        self.bad_count += 1
        if len(self.first_bad) < MAX_BAD_LISTED:
            self.first_bad.append(bad)

    def add_new(self, entity: str, fields: Fields) -> None:
        """Count a new entity."""
        self.new_counts[entity] += 1
        if entity != "entry":
            return
        day = date.fromisoformat(fields["day"])
        self.first_day, self.last_day = min(self.first_day, day), max(self.last_day, day)
        if len(self.samples) < MAX_SAMPLES:
            self.samples.append(Sample(day, Kind(fields["kind"]), first_line(fields["text"])))

    @property
    def is_doubtful(self) -> bool:
        """Whether the file may be the wrong one: nothing was read so far, and its format has no sure mark."""
        return not self.bad_count and self.options.format != JOURNAL_FORMAT

    def build_result(self, counts_before: Mapping[str, int]) -> ImportResult:
        """Return the result, given the number of entities in the journal before."""
        return ImportResult(
            options=self.options,
            new_counts=dict(self.new_counts),
            known_count=self.known_count,
            differing_count=self.differing_count,
            bad_count=self.bad_count,
            first_bad=tuple(self.first_bad),
            passed_over={each: count for each, count in self.passed_over.most_common() if count},
            samples=tuple(self.samples),
            days=(self.first_day, self.last_day) if self.first_day <= self.last_day else None,
            counts_before=counts_before,
            counts_after={entity: count + self.new_counts[entity] for entity, count in counts_before.items()},
        )


class _IncomingEntry(NamedTuple):
    """An entry of another tool as the change that creates it. Its project is a name; only the journal knows the id."""

    change: Change
    project_name: str | None
    known_id: str | None = None

    @property
    def fields(self) -> Fields:
        """The fields of the change; one that creates an entry always has some."""
        return self.change.fields or {}


_Incoming = _IncomingEntry | EntityRecord


def _validate(records: Iterable[_AnyRecord], progress: _Progress, today: date, now: datetime) -> Iterator[_Incoming]:
    """Yield the valid records, without reading the journal. Raises BadRecord, or NoValidRecords if none is valid."""
    valid_count, kind = 0, progress.options.kind or DEFAULT_KINDS.get(progress.options.format, Kind.ACTIVITY)
    moments = iter_moments(now)
    for record in _count_passed_over(records, progress):
        bad = record if isinstance(record, Rejected) else _reject_future_day(record, today)
        if bad:
            progress.reject(bad, is_first=progress.is_doubtful and not valid_count)
        elif not isinstance(record, Rejected):
            valid_count += 1
            yield _incoming_entry(record, kind, moments) if isinstance(record, Record) else record
    if progress.bad_count and not (valid_count or progress.passed_over):
        raise NoValidRecords(progress.first_bad[0], progress.bad_count)


def _count_passed_over(
    records: Iterable[_AnyRecord], progress: _Progress
) -> Iterator[Record | EntityRecord | Rejected]:
    """Yield records, and count those that are passed over."""
    for record in records:
        if isinstance(record, PassedOver):
            progress.passed_over[record] += 1
        else:
            yield record


def _reject_future_day(record: Record | EntityRecord, today: date) -> Rejected | None:
    """Return the rejection of a record with a day after today, or None."""
    future = next((day for day in _past_days(record) if day > today), None)
    return Rejected(record.location, f"{format_full_day(future)} is in the future.") if future else None


def _past_days(record: Record | EntityRecord) -> list[date]:
    """Return the days of a record that must not be in the future."""
    if isinstance(record, Record):
        return [day for day in (record.day, record.held_on) if day]
    return [date.fromisoformat(record.fields[name]) for name in PAST_DAY_FIELDS if record.fields.get(name)]


def _incoming_entry(record: Record, kind: Kind, moments: Iterator[datetime]) -> _IncomingEntry:
    """Convert a record to an entry; people, tags and a project mentioned in its text are added.

    One that doesn't say when it was created gets the next of some moments, so that entries stay in the file's order.
    """
    created = record.created or next(moments)
    fields = {**record._asdict(), "id": new_id(), "kind": record.kind or kind, "created": created}
    del fields["location"], fields["known_id"]
    fields["people"] = normalize_names((*record.people, *people_in(record.text)))
    fields["tags"] = normalize_names((*record.tags, *tags_in(record.text)))
    return _IncomingEntry(
        entries.creation_change(Entry(**fields)), record.project or project_in(record.text), record.known_id
    )


class _Importer:
    """Turns incoming entities into changes; skips those that are in the journal or earlier in the file."""

    def __init__(self, journal: Journal, progress: _Progress) -> None:
        self._journal = journal
        self._progress = progress
        self._projects = _Projects(journal)
        self._new_types: dict[str, str] = {}
        """Id to type of the entities this import creates."""
        self._new_origins: set[str] = set()
        self._replacement_ids: dict[str, str] = {}
        """Id in the file to the id of the same entity in the journal."""

    def changes(self, incoming: Iterable[_Incoming]) -> Iterator[Change]:
        """Yield the changes that create what the journal does not have. Raises BadRecord."""
        for entity in incoming:
            if not self.skips(entity):
                yield from self._new_entry(entity) if isinstance(entity, _IncomingEntry) else [self._new_entity(entity)]

    def project_updates(self) -> list[Change]:
        """Return the changes that complete the projects that new entries and entities joined."""
        return self._projects.updates()

    def skips(self, incoming: _Incoming) -> bool:
        """Return True, and count it, if an entity is known or cannot be created. Raises BadRecord."""
        if isinstance(incoming, EntityRecord):
            return self._skips_known(incoming) or self._skips_erased(incoming.id) or self._skips_invalid(incoming)
        if incoming.known_id and self._skips_erased(incoming.known_id):
            return True
        is_known = self._is_exported(incoming) or self._is_imported(incoming.fields["origin"])
        self._progress.known_count += is_known
        return is_known

    def _skips_erased(self, entity_id: str) -> bool:
        """Return True, and count it, if a purge has erased an entity."""
        is_erased = entity_id not in self._new_types and dump.was_erased(self._journal, entity_id)
        self._progress.passed_over[_ERASED] += is_erased
        return is_erased

    def _is_exported(self, entry: _IncomingEntry) -> bool:
        """Return True if the journal has the entry that a row was exported from; count a row that was edited since."""
        words = entry.known_id and dump.find_words(self._journal, entry.known_id)
        if not words:
            return False
        fields = entry.fields
        self._progress.differing_count += words != (fields["day"], fields["kind"], fields["text"])
        return True

    def _is_imported(self, origin: str) -> bool:
        """Return True if an entry, or an accepted draft or a part of it, has this origin."""
        if origin in self._new_origins or dump.find_entry_by_origin(self._journal, origin):
            return True
        return seen_drafts.was_accepted(self._journal, origin)

    def _find_same_entry(self, origin: str, day: str) -> str | None:
        """Return the id of the entry of this origin, or of another source's about the same commit."""
        others = tuple(other_origins(origin))
        found = (dump.find_entry_by_origin(self._journal, each) for each in (origin, *others))
        existing = next((entry_id for entry_id in found if entry_id and entry_id not in self._new_types), None)
        if existing or not any(seen_drafts.was_accepted(self._journal, each) for each in others):
            return existing
        return self._find_summary(day)

    def _find_summary(self, day: str) -> str | None:
        """Return the id of an entry about several commits of a day, none of which is known by its own origin."""
        found = dump.find_commit_entries(self._journal, day)
        return next((entry_id for entry_id in found if entry_id not in self._new_types), None)

    def _skips_known(self, record: EntityRecord) -> bool:
        """Return True, and count it, if the journal or the file so far has an entity."""
        change = self._map_references(record)
        if not self._exists(record.entity, record.id):
            existing = self._find_same(record)
            if not existing:
                return False
            self._replacement_ids[record.id] = existing
            change = change._replace(id=existing)
        self._progress.known_count += 1
        if change.id not in self._new_types:
            self._progress.differing_count += dump.differs_from_journal(self._journal, change)
        return True

    def _find_same(self, record: EntityRecord) -> str | None:
        """Return the id of the same entity under another id: a project of that name, an entry of that origin.

        The same draft accepted on two machines is one entry.
        """
        if record.entity == "project":
            return self._projects.find_same(record)
        origin = record.fields.get("origin")
        return (
            self._find_same_entry(origin, record.fields["day"]) if origin and origin not in self._new_origins else None
        )

    def _skips_invalid(self, record: EntityRecord) -> bool:
        """Return True if an entity has the id of another one, or refers to one that does not exist."""
        known_type = self._new_types.get(record.id) or dump.find_entity_type(self._journal, record.id)
        if known_type not in {None, record.entity}:
            self._progress.reject(Rejected(record.location, f"Its id belongs to another type: {known_type}."))
            return True
        references = dump.references(self._map_references(record))
        missing = next((to for to, entity_id in references if not self._exists(to, entity_id)), None)
        if missing and record.entity != "sighting":  # whose pain point was rejected and counted
            reason = f"The {missing} it refers to is neither in the journal nor earlier in the file."
            self._progress.reject(Rejected(record.location, reason))
        return bool(missing)

    def _new_entry(self, entry: _IncomingEntry) -> Iterator[Change]:
        """Yield the change that creates an entry, after the one that creates its project."""
        fields = entry.fields
        project_id, starting = self._projects.find_or_start(entry.project_name, date.fromisoformat(fields["day"]))
        self._new_origins.add(fields["origin"])
        self._progress.new_counts["project"] += len(starting)
        self._progress.add_new("entry", fields)
        yield from starting
        change = entry.change._replace(id=seen_drafts.new_entry_id(self._journal, fields["origin"]))
        yield entries.with_project(change, project_id)

    def _new_entity(self, record: EntityRecord) -> Change:
        """Return the change that creates an entity of another journal."""
        self._new_types[record.id] = record.entity
        if origin := record.fields.get("origin"):
            self._new_origins.add(origin)
        if record.entity == "project":
            self._projects.add_new(record)
        self._progress.add_new(record.entity, record.fields)
        return self._map_references(record)

    def _exists(self, entity: str, entity_id: str) -> bool:
        """Return True if the journal has an entity, deleted or not, or this import creates it."""
        return self._new_types.get(entity_id) == entity or dump.entity_exists(self._journal, entity, entity_id)

    def _map_references(self, record: EntityRecord) -> Change:
        """Return the change that creates an entity, with references to the ids that this journal uses."""
        replaced = {
            name: self._replacement_ids[record.fields[name]]
            for name in (dump.reference_fields(record.entity) if self._replacement_ids else ())
            if record.fields.get(name) in self._replacement_ids
        }
        return Change(entity=record.entity, id=record.id, fields={**record.fields, **replaced})


class _Projects:
    """The projects of an import: matched by name, started if new, and completed at the end."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._started: dict[str, str] = {}
        """Slug to id of the projects that entries of other tools start."""
        self._first_days: dict[str, date] = {}
        """Id to the day of the first entry of these projects."""
        self._new: dict[str, str] = {}
        """Slug to id of the open projects created from another journal."""
        self._new_ids: set[str] = set()
        self._joined: dict[str, Fields] = {}
        """Id of a project in the journal to the fields of the same project in the file."""

    def find_or_start(self, name: str | None, day: date) -> tuple[str | None, list[Change]]:
        """Return the id of the project of this name for an entry of this day, and the change that starts it."""
        project_id, starting = projects.find_or_start(self._journal, name, day, self._started)
        if project_id and (starting or project_id in self._first_days):
            self._first_days[project_id] = min(self._first_days.get(project_id, day), day)
        return project_id, starting

    def add_new(self, record: EntityRecord) -> None:
        """Remember a new project of another journal."""
        self._new_ids.add(record.id)
        if _is_open(record):
            self._new[record.fields["slug"]] = record.id

    def find_same(self, record: EntityRecord) -> str | None:
        """Return the id of the project of the same name, which a project of another journal joins.

        An open project and closed ones of the same name within the file are not joined.
        """
        slug = record.fields["slug"]
        if _is_open(record) and slug in self._new:
            return self._new[slug]
        existing = projects.find_id_by_name(self._journal, slug)
        if existing is None or existing in self._new_ids:
            return None
        self._joined[existing] = {**record.fields, **self._joined.get(existing, {})}
        return existing

    def updates(self) -> list[Change]:
        """Return the changes that set the first day of started projects and add missing answers to joined ones."""
        updates: dict[str, Fields] = {
            project_id: {"started_on": day.isoformat()}
            for project_id, day in self._first_days.items()
            if day < projects.get(self._journal, project_id).started_on
        }
        updates |= {
            project_id: projects.missing_answers(self._journal, project_id, fields)
            for project_id, fields in self._joined.items()
        }
        return [
            Change(entity="project", id=project_id, fields=fields) for project_id, fields in updates.items() if fields
        ]


def _is_open(project: EntityRecord) -> bool:
    return bool(project.fields.get("state", ProjectState.OPEN) == ProjectState.OPEN)
