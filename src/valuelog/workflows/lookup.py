"""Find entities: lists of entries and pain points, one entity by its id, and completions."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from valuelog.journal import entries
from valuelog.journal.entries import Selection
from valuelog.journal.store import ADDRESSABLE_ENTITIES, Journal
from valuelog.model.entry import Entry
from valuelog.model.errors import UnknownId

if TYPE_CHECKING:
    from valuelog.analysis.timeline import Event
    from valuelog.model.pain import PainPoint
    from valuelog.workflows.confirmation import Entity


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryList:
    """Entries, with the unique prefix lengths of their ids."""

    entries: tuple[Entry, ...]
    prefix_lengths: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class PainList:
    """Pain points, the unique prefix lengths of their ids, and the number of all open ones.

    With a `person`, all of them mention that one.
    """

    pains: "tuple[PainPoint, ...]"
    open_count: int
    prefix_lengths: Mapping[str, int]
    today: date
    person: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityDetails:
    """An entity; for a pain point also its timeline, the entry that is its fix, and a step that didn't help.

    `tried` tells how often the pain point was felt since its last step was kept, if no other is planned.
    """

    entity: "Entity"
    prefix_length: int
    story: "tuple[Event, ...]" = ()
    fix: Entry | None = None
    fix_prefix_length: int = 0
    tried: str = ""


def list_entries(journal: Journal, selection: Selection, *, limit: int | None = None) -> tuple[EntryList, bool]:
    """Return the latest entries of a selection in order of days, and whether the limit cut off older ones."""
    if limit is None:
        return _entry_list(journal, entries.select(journal, selection)), False
    matches = entries.select(journal, selection, limit=limit + 1)
    return _entry_list(journal, matches[-limit:]), len(matches) > limit


def _entry_list(journal: Journal, listed: Sequence[Entry]) -> EntryList:
    return EntryList(entries=tuple(listed), prefix_lengths=journal.prefix_lengths(entry.id for entry in listed))


def list_pains(
    journal: Journal, today: date, *, limit: int, include_closed: bool = False, names: Sequence[str] = ()
) -> PainList:
    """Return the open pain points, most pressing first, optionally followed by those closed last.

    `names` are all names of a person whom they mention; the first one is shown.
    """
    from valuelog.journal import pains  # noqa: PLC0415  `list` starts without it
    from valuelog.model.pain import PRESSURE_WINDOW  # noqa: PLC0415

    loaded = None if names else limit
    listed = pains.list_open_pains(journal, since=today - PRESSURE_WINDOW, limit=loaded)
    closed = pains.list_recently_closed_pains(journal, limit=loaded) if include_closed else ()
    open_count = pains.count_open_pains(journal)
    if names:
        listed, closed = (_mentioning(each, names) for each in (listed, closed))
        open_count = len(listed)
    listed = (*listed[:limit], *closed[:limit])
    return PainList(
        person=next(iter(names), ""),
        pains=listed,
        open_count=open_count,
        prefix_lengths=journal.prefix_lengths(pain.id for pain in listed),
        today=today,
    )


def load_pain_list(journal: Journal, pain_ids: Sequence[str], today: date) -> PainList:
    """Return the pain points with these ids as a list."""
    from valuelog.journal import pains  # noqa: PLC0415  `list` starts without it

    return PainList(
        pains=pains.get_many(journal, pain_ids),
        open_count=pains.count_open_pains(journal),
        prefix_lengths=journal.prefix_lengths(pain_ids),
        today=today,
    )


def _mentioning(pains: "Sequence[PainPoint]", names: Sequence[str]) -> "tuple[PainPoint, ...]":
    return tuple(pain for pain in pains if not set(names).isdisjoint(pain.people))


def find_entity(journal: Journal, id_prefix: str, *entities: str, today: date | None = None) -> EntityDetails:
    """Return the entity with an id, of some types or of any. Raises UnknownId, AmbiguousId or AlteredChange.

    `today` is the day as of which the steps of a pain point are described.
    """
    from valuelog.journal import pains, projects, promises  # noqa: PLC0415  `list` starts without them

    entity, entity_id = journal.resolve_id(id_prefix, *(entities or ADDRESSABLE_ENTITIES))
    journal.check(entity, entity_id)
    prefix_length = journal.prefix_lengths([entity_id])[entity_id]
    match entity:
        case "pain":
            pain = pains.get(journal, entity_id)
            return _load_pain_details(journal, pain, prefix_length, pain.describe_tried_step(today) if today else "")
        case "promise":
            return EntityDetails(entity=promises.get(journal, entity_id), prefix_length=prefix_length)
        case "project":
            return EntityDetails(entity=projects.get(journal, entity_id), prefix_length=prefix_length)
        case _:
            return EntityDetails(entity=entries.get(journal, entity_id), prefix_length=prefix_length)


def _load_pain_details(journal: Journal, pain: "PainPoint", prefix_length: int, tried: str) -> EntityDetails:
    from valuelog.analysis.timeline import build_timeline  # noqa: PLC0415  `list` starts without them
    from valuelog.journal import promises  # noqa: PLC0415

    steps = promises.list_promises_for_pain(journal, pain.id)
    due_dates = {step.id: promises.list_due_dates(journal, step) for step in steps if step.carried}
    fix = _find_fix_entry(journal, pain)
    return EntityDetails(
        entity=pain,
        prefix_length=prefix_length,
        story=build_timeline(pain, steps, due_dates),
        fix=fix,
        fix_prefix_length=journal.prefix_lengths([fix.id])[fix.id] if fix else 0,
        tried=tried,
    )


def _find_fix_entry(journal: Journal, pain: "PainPoint") -> Entry | None:
    """Return the entry that is the fix, unless it was deleted."""
    with suppress(UnknownId):
        return entries.get(journal, journal.resolve_id(pain.fix, "entry")[1]) if pain.fix else None
    return None


def list_latest_entities(journal: Journal, limit: int) -> "tuple[Entity, ...]":
    """Return open pain points, open promises and the latest entries, to complete ids."""
    from valuelog.journal import pains, promises  # noqa: PLC0415  `list` starts without them

    latest = entries.select(journal, Selection(), limit=limit)
    return (*pains.list_open_pains(journal, limit=limit), *promises.list_open_promises(journal), *reversed(latest))


def list_completions(journal: Journal) -> tuple[str, ...]:
    """Return the completions for an answer: @people and #tags."""
    people, tags = entries.list_people_and_tags(journal)
    return (*(f"@{name}" for name in people), *(f"#{tag}" for tag in tags))
