"""Changing what was written: adding, editing, promoting. Each returns what to say about it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from valuelog.journal import entries
from valuelog.journal.store import Journal
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, Side, clean_text
from valuelog.model.errors import BadInput
from valuelog.model.project import slugify
from valuelog.workflows.confirmation import Confirmation, NothingChanged, build_confirmation
from valuelog.workflows.joining import build_entry_with_project, describe_project_change
from valuelog.workflows.prompter import Prompter, ask_beneficiaries, ask_effects
from valuelog.workflows.writing import Note, clean_project_name, replace_text


class NotAValueKind(BadInput):
    """An activity is where promoting begins, not where it leads."""

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(
            "Promoting makes value of an activity; activity is no kind of value.",
            "Choose improvement, outcome, helped or insight; or change the kind with: valuelog edit ID --kind activity",
        )


def add(journal: Journal, note: Note, kind: Kind, now: datetime) -> Confirmation:
    """Write an entry down."""
    with journal.transaction():
        entry = build_entry_with_project(journal, note, kind, now)
        changes = entries.creation_changes(journal, [entry])
        journal.write("add", changes)
        more = describe_project_change(journal, entry, changes)
    return build_confirmation(journal, f"Added {kind}", entries.get(journal, entry.id), note.day, more=more)


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


def apply_edits(entry: Entry, edits: Edits) -> Entry:
    """Return an entry as the edits want it."""
    new = replace_text(entry, edits.text) if edits.text is not None else entry
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
        new = replace(new, project=_edited_project(entry, edits.project))
    if edits.evidence is not None:
        new = replace(new, evidence=clean_text(edits.evidence) if edits.evidence else None)
    return new


def _edited_project(entry: Entry, project: str) -> str | None:
    """Return the project that an entry shall belong to; its own stays its own, however it is written."""
    name = clean_project_name(project) if project else None
    return entry.project if name and slugify(name) == entry.project else name


def edit(journal: Journal, entry: Entry, edits: Edits) -> Confirmation:
    """Change an entry. Raises NothingChanged."""
    new = apply_edits(entry, edits)
    if not entries.update(journal, entry, new):
        raise NothingChanged
    return build_confirmation(journal, "Changed", new, new.day)


def promote(journal: Journal, entry: Entry, kind: Kind, edits: Edits) -> Confirmation:
    """Turn an entry into the value that it was. Raises WorkIsNoPromotion or NothingChanged."""
    if kind.side is Side.WORK:
        raise NotAValueKind
    new = apply_edits(entry, replace(edits, kind=kind))
    if not entries.update(journal, entry, new, act="promote"):
        raise NothingChanged
    return build_confirmation(journal, f"Promoted to {kind}", new, new.day)


def ask_promotion_details(prompter: Prompter) -> Edits:
    """Ask what an activity left behind: how one knows, in which way, and for whom; each may be skipped."""
    evidence = prompter.ask_text("what moved?", check=clean_text)
    return Edits(
        evidence=evidence or None,
        effects=ask_effects(prompter) or None,
        beneficiaries=ask_beneficiaries(prompter) or None,
    )
