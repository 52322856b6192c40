"""Drafts that were accepted or declined, so that none is proposed twice."""

from collections.abc import Iterable

from valuelog.journal.ids import id_from_origin, new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.draft import Draft


def filter_unseen(journal: Journal, drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Return the drafts that were neither accepted nor declined, each once."""
    by_origin = {draft.origin: draft for draft in drafts}
    return tuple(draft for origin, draft in by_origin.items() if not _is_seen(journal, origin))


def _is_seen(journal: Journal, origin: str) -> bool:
    sql = (
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM draft_seen WHERE id = :origin AND deleted IS NULL)"
        " OR EXISTS (SELECT 1 FROM entry WHERE origin = :origin)"
    )
    return bool(journal.rows(sql, {"origin": origin}))


def seen_change(journal: Journal, draft: Draft, *, accepted: bool) -> Change:
    """Return the change that marks a draft as accepted or declined."""
    fields = {"day": draft.day.isoformat(), "accepted": int(accepted), **journal.timestamp_fields()}
    return Change(entity="draft_seen", id=draft.origin, fields=fields)


def was_accepted(journal: Journal, origin: str) -> bool:
    """Return True if a draft with this origin, or with a part of this origin, was accepted."""
    sql = "SELECT 1 FROM draft_seen WHERE id = ? AND accepted AND deleted IS NULL"
    return bool(journal.rows(sql, (origin,)))


def new_entry_id(journal: Journal, origin: str) -> str:
    """Return the id of a new entry with an origin, so that the same draft becomes one entry on all machines.

    It is a random one if the log has the id already: that entry was deleted, undone or purged.
    """
    entry_id = id_from_origin(origin)
    return new_id() if journal.rows("SELECT 1 FROM change WHERE entity_id = ? LIMIT 1", (entry_id,)) else entry_id
