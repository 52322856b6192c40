"""Finding what was written: lists, single things, and what was done to them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from valuelog.journal import entries, pains, projects, promises
from valuelog.journal.entries import Selection
from valuelog.journal.store import ADDRESSABLE_ENTITIES, Journal
from valuelog.model.entry import Entry
from valuelog.model.errors import UnknownId
from valuelog.model.pain import PRESSURE_WINDOW, PainPoint

if TYPE_CHECKING:
    from valuelog.analysis.timeline import Event
    from valuelog.workflows.confirmation import Entity


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryList:
    """Some entries, and how many letters of each id are enough to name it. `ranked`: the best match comes first."""

    entries: tuple[Entry, ...]
    prefix_lengths: Mapping[str, int]
    is_ranked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PainList:
    """The pain points that press most, how many hurt in all, and how many letters of each id are enough."""

    pains: tuple[PainPoint, ...]
    open_count: int
    prefix_lengths: Mapping[str, int]
    today: date


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityDetails:
    """Whatever an id names; of a pain point also its story, and the entry that its fix is, with its own letters."""

    entity: "Entity"
    prefix_length: int
    story: "tuple[Event, ...]" = ()
    fix: Entry | None = None
    fix_prefix_length: int = 0


def list_entries(journal: Journal, selection: Selection, *, limit: int | None = None) -> tuple[EntryList, bool]:
    """Return the latest entries of a selection in order of days, and whether the limit left older ones out."""
    if limit is None:
        return _entry_list(journal, entries.select(journal, selection)), False
    matches = entries.select(journal, selection, limit=limit + 1)
    return _entry_list(journal, matches[-limit:]), len(matches) > limit


def search_entries(journal: Journal, selection: Selection, *, limit: int) -> tuple[EntryList, bool]:
    """Return the entries that match a query best, and whether the limit left others out."""
    matches = entries.search(journal, selection, limit=limit + 1)
    return _entry_list(journal, matches[:limit], is_ranked=True), len(matches) > limit


def _entry_list(journal: Journal, listed: Sequence[Entry], *, is_ranked: bool = False) -> EntryList:
    return EntryList(
        entries=tuple(listed),
        prefix_lengths=journal.prefix_lengths(entry.id for entry in listed),
        is_ranked=is_ranked,
    )


def list_pains(journal: Journal, today: date, *, limit: int, include_closed: bool = False) -> PainList:
    """Return what still hurts, what presses most first; behind it, if wanted, what was closed last."""
    found = pains.list_open_pains(journal, since=today - PRESSURE_WINDOW, limit=limit)
    found += pains.list_recently_closed_pains(journal, limit=limit) if include_closed else ()
    return PainList(
        pains=found,
        open_count=pains.count_open_pains(journal),
        prefix_lengths=journal.prefix_lengths(pain.id for pain in found),
        today=today,
    )


def find_entity(journal: Journal, id_prefix: str, *entities: str) -> EntityDetails:
    """Return what an id or its beginning names, of some kinds or of any. Raises UnknownId or AmbiguousId."""
    entity, name = journal.resolve_id(id_prefix, *(entities or ADDRESSABLE_ENTITIES))
    letters = journal.prefix_lengths([name])[name]
    match entity:
        case "pain":
            return _load_pain_details(journal, pains.get(journal, name), letters)
        case "promise":
            return EntityDetails(entity=promises.get(journal, name), prefix_length=letters)
        case "project":
            return EntityDetails(entity=projects.get(journal, name), prefix_length=letters)
        case _:
            return EntityDetails(entity=entries.get(journal, name), prefix_length=letters)


def _load_pain_details(journal: Journal, pain: PainPoint, letters: int) -> EntityDetails:
    """Return a pain point with its story, and with the entry that its fix is, as long as there is one."""
    from valuelog.analysis.timeline import build_timeline  # noqa: PLC0415  lists need none

    steps = promises.list_promises_for_pain(journal, pain.id)
    told = build_timeline(
        pain, steps, {step.id: promises.list_due_dates(journal, step) for step in steps if step.carried}
    )
    fix = _find_fix_entry(journal, pain)
    return EntityDetails(
        entity=pain,
        prefix_length=letters,
        story=told,
        fix=fix,
        fix_prefix_length=journal.prefix_lengths([fix.id])[fix.id] if fix else 0,
    )


def _find_fix_entry(journal: Journal, pain: PainPoint) -> Entry | None:
    with suppress(UnknownId):
        return entries.get(journal, journal.resolve_id(pain.fix, "entry")[1]) if pain.fix else None
    return None


def list_latest_entities(journal: Journal, limit: int) -> "tuple[Entity, ...]":
    """Return what somebody may want to name: open pain points, promises to keep and the latest entries."""
    latest = entries.select(journal, Selection(), limit=limit)
    return (*pains.list_open_pains(journal, limit=limit), *promises.list_open_promises(journal), *reversed(latest))


def list_completions(journal: Journal) -> tuple[str, ...]:
    """Return what an answer can be completed with: people and tags."""
    people, tags = entries.list_people_and_tags(journal)
    return (*(f"@{name}" for name in people), *(f"#{tag}" for tag in tags))
