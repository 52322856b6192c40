"""Changing what was written: adding, editing, deleting, promoting, seeing again. Each returns what to say about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from valuelog.journal import entries, pains
from valuelog.journal.changes import Change
from valuelog.journal.ids import new_id
from valuelog.journal.projects import slug_of
from valuelog.journal.store import Journal
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, Side, clean
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint, Sighting
from valuelog.workflows.asking import Ask, ways, whom
from valuelog.workflows.writing import Note, Written, project_name, reworded, write


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One change to tell: what was done, to what, on which day, and the command that comes next or takes it back.

    `near` is an open pain point that says nearly the same as one just noted.
    """

    did: str
    what: Entry | PainPoint
    letters: int
    day: date
    then: str
    near: PainPoint | None = None
    near_letters: int = 0


class NothingChanged(BadInput):
    """An edit that would change nothing."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Nothing was changed.", "Give new words, or flags: valuelog edit --help")


class WorkIsNoPromotion(BadInput):
    """An activity is where promoting begins, not where it leads."""

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(
            "Promoting makes value of an activity; activity is no kind of value.",
            "Choose improvement, outcome, helped or insight; or change the kind with: valuelog edit ID --kind activity",
        )


def add(journal: Journal, note: Note, now: datetime) -> Changed:
    """Write one note down: an entry, a pain point, or a sighting where one says the very same."""
    near = pains.like(journal, note.text) if note.kind is None else None
    (written,) = write(journal, (note,), now, act="add")
    changed = _told(journal, _did(written), written.what, note.day)
    if near and not written.again:
        return replace(changed, near=near, near_letters=journal.letters([near.id])[near.id])
    return changed


def _did(written: Written) -> str:
    if isinstance(written.what, Entry):
        return f"Added {written.what.kind}"
    return "Seen again" if written.again else "Noted pain point"


def _told(journal: Journal, did: str, what: Entry | PainPoint, day: date, then: str = "valuelog undo") -> Changed:
    if isinstance(what, Entry) and what.project:
        what = replace(what, project=slug_of(what.project))
    return Changed(did=did, what=what, letters=journal.letters([what.id])[what.id], day=day, then=then)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edits:
    """What should be different about an entry; none leaves a field as it is, an empty text empties it."""

    text: str | None = None
    day: date | None = None
    kind: Kind | None = None
    minutes: int | None = None
    people: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    project: str | None = None
    effects: tuple[Effect, ...] | None = None
    beneficiaries: tuple[Beneficiary, ...] | None = None
    evidence: str | None = None


def edited(entry: Entry, edits: Edits) -> Entry:
    """Return an entry as the edits want it."""
    new = reworded(entry, edits.text) if edits.text is not None else entry
    wanted: dict[str, Any] = {
        "day": edits.day,
        "kind": edits.kind,
        "minutes": edits.minutes,
        "people": edits.people,
        "tags": edits.tags,
        "effects": edits.effects,
        "beneficiaries": edits.beneficiaries,
    }
    new = replace(new, **{name: value for name, value in wanted.items() if value is not None})
    if edits.project is not None:
        new = replace(new, project=_joined(entry, edits.project))
    if edits.evidence is not None:
        new = replace(new, evidence=clean(edits.evidence) if edits.evidence else None)
    return new


def _joined(entry: Entry, project: str) -> str | None:
    """Return the project that an entry shall belong to; its own stays its own, however it is written."""
    name = project_name(project) if project else None
    return entry.project if name and slug_of(name) == entry.project else name


def edit(journal: Journal, entry: Entry, edits: Edits) -> Changed:
    """Change an entry. Raises NothingChanged."""
    new = edited(entry, edits)
    if not entries.amend(journal, entry, new):
        raise NothingChanged
    return _told(journal, "Changed", new, new.day)


def promote(journal: Journal, entry: Entry, kind: Kind, edits: Edits) -> Changed:
    """Turn an entry into the value that it was. Raises WorkIsNoPromotion or NothingChanged."""
    if kind.side is Side.WORK:
        raise WorkIsNoPromotion
    new = edited(entry, replace(edits, kind=kind))
    if not entries.amend(journal, entry, new, act="promote"):
        raise NothingChanged
    return _told(journal, f"Promoted to {kind}", new, new.day)


def asked(ask: Ask) -> Edits:
    """Ask what an activity left behind: how one knows, in which way, and for whom; each may be skipped."""
    evidence = ask.line("what moved?", check=clean)
    return Edits(evidence=evidence or None, effects=ways(ask) or None, beneficiaries=whom(ask) or None)


def delete(journal: Journal, names: Sequence[str]) -> tuple[Changed, ...]:
    """Delete entries and pain points, all or none. Raises UnknownId or AmbiguousId."""
    found = [journal.find(name, "entry", "pain") for name in dict.fromkeys(names)]
    told = [_deleted(journal, *thing) for thing in dict.fromkeys(found)]
    now = journal.moment()["created"]
    journal.write(
        "delete", [Change(entity=entity, id=name, fields={"deleted": now}) for entity, name in dict.fromkeys(found)]
    )
    return tuple(told)


def _deleted(journal: Journal, entity: str, name: str) -> Changed:
    return _told(journal, "Deleted", *_thing(journal, entity, name))


def _thing(journal: Journal, entity: str, name: str) -> tuple[Entry | PainPoint, date]:
    if entity == "pain":
        pain = pains.get(journal, name)
        return pain, pain.last_seen
    entry = entries.get(journal, name)
    return entry, entry.day


def erase(journal: Journal, name: str) -> None:
    """Erase the words of one entry or pain point for good, deleted ones too. Raises UnknownId or AmbiguousId."""
    from valuelog.journal.history import purge  # noqa: PLC0415  only here

    purge(journal, *journal.find(name, "entry", "pain", gone=True))


def see(journal: Journal, words: str, said: str | None, day: date, now: datetime) -> Changed:
    """Write down that a pain point was felt again. Raises UnknownId, AmbiguousId or PainClosed."""
    _, name = journal.find(words, "pain")
    pain = pains.get(journal, name)
    sighting = Sighting(id=new_id(), day=day, text=clean(said) if said else pain.text, created=now)
    again = pain.seen(sighting)
    journal.write("seen", [pains.sighted(name, sighting)])
    return _told(journal, f"Seen {again.how_often}", again, day)
