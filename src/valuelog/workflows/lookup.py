"""Finding what was written: lists, single things, and what was done to them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from valuelog.journal import entries, pains, projects, promises
from valuelog.journal.store import ADDRESSABLE_ENTITIES, Journal
from valuelog.model.entry import Entry
from valuelog.model.errors import UnknownId
from valuelog.model.pain import PRESSURE_WINDOW, PainPoint

if TYPE_CHECKING:
    from valuelog.analysis.timeline import Event
    from valuelog.workflows.confirmation import Told


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Some entries, and how many letters of each id are enough to name it. `ranked`: the best match comes first."""

    entries: tuple[Entry, ...]
    prefix_lengths: Mapping[str, int]
    ranked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pains:
    """The pain points that press most, how many hurt in all, and how many letters of each id are enough."""

    pains: tuple[PainPoint, ...]
    in_all: int
    prefix_lengths: Mapping[str, int]
    today: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """Whatever an id names; of a pain point also its story, and the entry that its fix is, with its own letters."""

    what: "Told"
    prefix_length: int
    story: "tuple[Event, ...]" = ()
    fix: Entry | None = None
    fix_prefix_length: int = 0


def listing(journal: Journal, found: Iterable[Entry], *, ranked: bool = False) -> Listing:
    """Put what is needed to show some entries beside them."""
    listed = tuple(found)
    return Listing(entries=listed, prefix_lengths=journal.prefix_lengths(entry.id for entry in listed), ranked=ranked)


def pains_listed(journal: Journal, today: date, *, most: int, closed: bool = False) -> Pains:
    """Return what still hurts, what presses most first; behind it, if wanted, what was closed last."""
    found = pains.list_open_pains(journal, since=today - PRESSURE_WINDOW, limit=most)
    found += pains.list_recently_closed_pains(journal, limit=most) if closed else ()
    return Pains(
        pains=found,
        in_all=pains.count_open_pains(journal),
        prefix_lengths=journal.prefix_lengths(pain.id for pain in found),
        today=today,
    )


def thing(journal: Journal, words: str, *entities: str) -> Thing:
    """Return what an id or its beginning names, of some kinds or of any. Raises UnknownId or AmbiguousId."""
    entity, name = journal.resolve_id(words, *(entities or ADDRESSABLE_ENTITIES))
    letters = journal.prefix_lengths([name])[name]
    match entity:
        case "pain":
            return _friction(journal, pains.get(journal, name), letters)
        case "promise":
            return Thing(what=promises.get(journal, name), prefix_length=letters)
        case "project":
            return Thing(what=projects.get(journal, name), prefix_length=letters)
        case _:
            return Thing(what=entries.get(journal, name), prefix_length=letters)


def _friction(journal: Journal, pain: PainPoint, letters: int) -> Thing:
    """Return a pain point with its story, and with the entry that its fix is, as long as there is one."""
    from valuelog.analysis.timeline import build_timeline  # noqa: PLC0415  lists need none

    steps = promises.list_promises_for_pain(journal, pain.id)
    told = build_timeline(
        pain, steps, {step.id: promises.list_due_dates(journal, step) for step in steps if step.carried}
    )
    fix = _fix(journal, pain)
    return Thing(
        what=pain,
        prefix_length=letters,
        story=told,
        fix=fix,
        fix_prefix_length=journal.prefix_lengths([fix.id])[fix.id] if fix else 0,
    )


def _fix(journal: Journal, pain: PainPoint) -> Entry | None:
    with suppress(UnknownId):
        return entries.get(journal, journal.resolve_id(pain.fix, "entry")[1]) if pain.fix else None
    return None


def latest_things(journal: Journal, most: int) -> "tuple[Told, ...]":
    """Return what somebody may want to name: open pain points, promises to keep and the latest entries."""
    latest = entries.select(journal, entries.Selection(), limit=most)
    return (*pains.list_open_pains(journal, limit=most), *promises.list_open_promises(journal), *reversed(latest))


def known_words(journal: Journal) -> tuple[str, ...]:
    """Return what an answer can be completed with: people and tags."""
    people, tags = entries.list_people_and_tags(journal)
    return (*(f"@{name}" for name in people), *(f"#{tag}" for tag in tags))
