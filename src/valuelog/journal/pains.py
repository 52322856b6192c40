"""Pain points and their sightings: create, close, select and find similar ones."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.rows import EntityTable, limit_clause
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import parse_timestamp, timestamp_fields
from valuelog.model.fields import to_plain
from valuelog.model.pain import PainPoint, PainState, Sighting
from valuelog.model.period import Period
from valuelog.model.similarity import rank_similar

ANSWER_FIELDS = ("shared", "better", "step", "hit")
"""The fields that the questions about a new pain point fill."""

_RAISED_FIELDS = ("raised_on", "raised_outcome")

_IS_OPEN = "p.deleted IS NULL AND p.state IN ('open', 'planned')"


_LAST_KEPT_STEP = (
    "(SELECT {} FROM promise WHERE pain = p.id AND state = 'kept' AND deleted IS NULL"
    " ORDER BY closed_on DESC, created DESC, id DESC LIMIT 1)"
)

_TABLE = EntityTable(
    PainPoint,
    "pain",
    "p",
    order_by="p.created, p.id",
    expressions={
        "step": "coalesce(step.text, p.step)",
        "step_by": "step.due",
        "tried": _LAST_KEPT_STEP.format("text"),
        "tried_on": _LAST_KEPT_STEP.format("closed_on"),
        "how": "coalesce(p.how, (SELECT text FROM entry WHERE id = p.fix AND deleted IS NULL))",
    },
)
_PAINS_WITH_STEP = (
    "pain p LEFT JOIN promise step ON step.id = (SELECT id FROM promise"
    " WHERE pain = p.id AND state = 'open' AND deleted IS NULL ORDER BY due, id LIMIT 1)"
)
"""Pain points, each with the open promise that is its step."""

_SIGHTINGS = EntityTable(Sighting, "sighting", "s", order_by="s.day, s.created, s.id")


def _pain_from_row(row: Sequence[Any], sightings: tuple[Sighting, ...]) -> PainPoint:
    """Read a PainPoint. An open one is planned while a step for it is promised."""
    pain = _TABLE.read(row, sightings=sightings)
    return replace(pain, state=PainState.PLANNED) if pain.step_by and pain.state is PainState.OPEN else pain


def creation_changes(pains: Iterable[PainPoint]) -> list[Change]:
    """Return the changes that create pain points with their sightings."""
    changes: list[Change] = []
    for pain in pains:
        answers = {name: answer for name in ANSWER_FIELDS if (answer := getattr(pain, name))}
        fields = {"text": pain.text, **answers, **timestamp_fields(pain.created)}
        changes.append(Change(entity="pain", id=pain.id, fields=fields))
        changes += [sighting_change(pain.id, sighting) for sighting in pain.sightings]
    return changes


def sighting_change(pain_id: str, sighting: Sighting) -> Change:
    """Return the change that creates a sighting."""
    fields = {"pain": pain_id, "day": sighting.day.isoformat(), "text": sighting.text}
    return Change(entity="sighting", id=sighting.id, fields={**fields, **timestamp_fields(sighting.created)})


def sighting_removal_changes(journal: Journal, sighting: Sighting, pain_id: str, now: datetime) -> list[Change]:
    """Return the change that deletes a sighting, or nothing if another terminal already did.

    The change refers to the pain point, so that purging the pain point erases the text of the sighting.
    """
    exists = journal.rows("SELECT 1 FROM sighting WHERE id = ? AND deleted IS NULL", (sighting.id,))
    fields = {"pain": pain_id, "deleted": timestamp_fields(now)["created"]}
    return [Change(entity="sighting", id=sighting.id, fields=fields)] if exists else []


def answer_change(pain_id: str, question: str, answer: str | None) -> Change:
    """Return the change that sets an answer about a pain point, or its text."""
    return Change(entity="pain", id=pain_id, fields={question: answer})


def closing_change(pain: PainPoint) -> Change:
    """Return the change that closes a pain point. How it was fixed is only in the text of the entry that fixes it."""
    how = {"fix": pain.fix} if pain.fix else {"how": pain.how}
    closed_on = pain.closed_on.isoformat() if pain.closed_on else None
    return Change(entity="pain", id=pain.id, fields={"state": str(pain.state), "closed_on": closed_on, **how})


def raised_change(pain: PainPoint) -> Change:
    """Return the change that stores when a pain point was raised, and what came of it."""
    return Change(entity="pain", id=pain.id, fields={name: to_plain(getattr(pain, name)) for name in _RAISED_FIELDS})


def get(journal: Journal, pain_id: str) -> PainPoint:
    """Return the pain point with exactly this id."""
    return _select(journal, "p.id = ?", (pain_id,))[0]


def reload(journal: Journal, pain: PainPoint) -> PainPoint:
    """Return the current state of a pain point; the given one if another terminal has undone its creation."""
    return next(iter(get_many(journal, [pain.id])), pain)


def list_open_pains(journal: Journal, *, since: date = date.min, limit: int | None = None) -> tuple[PainPoint, ...]:
    """Return the open pain points, the most pressing first.

    That is the one seen on most days `since` a day, plus one if others are affected; then the one seen last.
    """
    rows = journal.rows(
        f"SELECT p.id FROM pain p LEFT JOIN sighting s ON s.pain = p.id AND s.deleted IS NULL WHERE {_IS_OPEN}"
        " GROUP BY p.id"
        " ORDER BY count(DISTINCT CASE WHEN s.day >= ? THEN s.day END) + (p.hit IS NOT NULL) DESC,"
        f" max(s.day) DESC, count(DISTINCT s.day) DESC, p.created, p.id{limit_clause(limit)}",
        (since.isoformat(),),
    )
    return get_many(journal, [row[0] for row in rows])


def list_pressing_pains(journal: Journal, *, since: date, limit: int) -> tuple[PainPoint, ...]:
    """Return the open pain points that were seen `since` a day, in the order of `list_open_pains`.

    The cost does not depend on how many older ones there are.
    """
    rows = journal.rows(
        f"SELECT p.id FROM sighting s CROSS JOIN pain p ON p.id = s.pain WHERE s.day >= ? AND s.deleted IS NULL"
        f" AND {_IS_OPEN} GROUP BY p.id ORDER BY count(DISTINCT s.day) + (p.hit IS NOT NULL) DESC,"
        f" max(s.day) DESC, p.created, p.id{limit_clause(limit)}",
        (since.isoformat(),),
    )
    return get_many(journal, [row[0] for row in rows])


def list_unplanned_pains(journal: Journal, *, min_days: int, limit: int) -> tuple[PainPoint, ...]:
    """Return the open pain points without a step that were seen on at least `min_days` days, the most often seen first.

    Those with a kept step count only if they were seen after it.
    """
    rows = journal.rows(
        "SELECT p.id FROM pain p CROSS JOIN sighting s ON s.pain = p.id AND s.deleted IS NULL"
        f" WHERE {_IS_OPEN} AND p.step IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM promise WHERE pain = p.id AND state = 'open' AND deleted IS NULL)"
        " GROUP BY p.id HAVING count(DISTINCT s.day) >= ? AND max(s.day) > coalesce("
        "(SELECT max(closed_on) FROM promise WHERE pain = p.id AND state = 'kept' AND deleted IS NULL), '')"
        f" ORDER BY count(DISTINCT s.day) DESC, max(s.day) DESC, p.created, p.id{limit_clause(limit)}",
        (min_days,),
    )
    return get_many(journal, [row[0] for row in rows])


def count_open_pains(journal: Journal) -> int:
    """Return the number of open pain points."""
    return int(journal.rows(f"SELECT count(*) FROM pain p WHERE {_IS_OPEN}")[0][0])


def get_many(journal: Journal, pain_ids: Sequence[str]) -> tuple[PainPoint, ...]:
    """Return the pain points with these ids, in that order."""
    if not pain_ids:
        return ()
    pains = _select(journal, "p.id IN (SELECT value FROM json_each(?))", (json.dumps(pain_ids),))
    positions = {pain_id: position for position, pain_id in enumerate(pain_ids)}
    return tuple(sorted(pains, key=lambda pain: positions[pain.id]))


def list_seen_pains(journal: Journal, period: Period) -> tuple[PainPoint, ...]:
    """Return the pain points that were seen within a Period."""
    condition = (
        "p.deleted IS NULL AND p.id IN (SELECT pain FROM sighting WHERE day BETWEEN ? AND ? AND deleted IS NULL)"
    )
    return _select(journal, condition, (period.start.isoformat(), period.end.isoformat()))


def list_closed_pains(journal: Journal, period: Period) -> tuple[PainPoint, ...]:
    """Return the pain points that were fixed or dropped within a Period."""
    condition = "p.deleted IS NULL AND p.state IN ('fixed', 'dropped') AND p.closed_on BETWEEN ? AND ?"
    return _select(journal, condition, (period.start.isoformat(), period.end.isoformat()))


def list_fixed_pains(journal: Journal, period: Period) -> tuple[PainPoint, ...]:
    """Return the pain points that were fixed within a Period, except by what didn't hold."""
    condition = (
        "p.deleted IS NULL AND p.state = 'fixed' AND p.closed_on BETWEEN ? AND ?"
        " AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.id = p.fix AND e.held = 'no' AND e.deleted IS NULL)"
    )
    return _select(journal, condition, (period.start.isoformat(), period.end.isoformat()))


def find_similar_pains(journal: Journal, text: str) -> tuple[PainPoint, ...]:
    """Return up to two open pain points that a text probably repeats, the most similar first."""
    rows = journal.rows(f"SELECT p.id, p.text FROM pain p WHERE {_IS_OPEN} ORDER BY p.created, p.id")
    return get_many(journal, [rows[position][0] for position in rank_similar(text, [row[1] for row in rows])])


def merge_changes(journal: Journal, pain: PainPoint, target: PainPoint) -> list[Change]:
    """Return the changes that move what belongs to a pain point to another one, and delete it.

    Raises PainClosed, NotTwoPains, or BadText if a joined answer is too long.
    """
    merged = target.merge(pain)
    moved = merged.sightings[len(target.sightings) :]
    answers = {
        name: to_plain(answer)
        for name in (*ANSWER_FIELDS, *_RAISED_FIELDS, "how")
        if (answer := getattr(merged, name)) != getattr(target, name)
    }
    steps = journal.rows("SELECT id FROM promise WHERE pain = ? AND deleted IS NULL", (pain.id,))
    return [
        *(_moving_change(pain, sighting, target.id) for sighting in moved),
        *(Change(entity="promise", id=step_id, fields={"pain": target.id}) for (step_id,) in steps),
        *([Change(entity="pain", id=target.id, fields=answers)] if answers else []),
        Change(entity="pain", id=pain.id, fields={"deleted": journal.timestamp_fields()["created"]}),
    ]


def _moving_change(pain: PainPoint, sighting: Sighting, target_id: str) -> Change:
    """Return the change that moves a sighting, perhaps with another text, from its pain point to another one."""
    if sighting.id == pain.id:  # from `_creation_as_sighting`, so it was never stored
        return sighting_change(target_id, replace(sighting, id=new_id()))
    text = {} if sighting in pain.sightings else {"text": sighting.text}
    return Change(entity="sighting", id=sighting.id, fields={"pain": target_id, **text})


def list_recently_closed_pains(journal: Journal, *, limit: int | None = None) -> tuple[PainPoint, ...]:
    """Return the pain points that were fixed or dropped, the latest first."""
    sql = (
        "SELECT p.id FROM pain p WHERE p.deleted IS NULL AND p.state IN ('fixed', 'dropped')"
        f" ORDER BY p.closed_on DESC, p.created, p.id{limit_clause(limit)}"
    )
    return get_many(journal, [row[0] for row in journal.rows(sql)])


def _select(journal: Journal, condition: str, values: tuple[Any, ...]) -> tuple[PainPoint, ...]:
    sql = f"SELECT {_TABLE.columns} FROM {_PAINS_WITH_STEP} WHERE {condition} ORDER BY p.created, p.id"
    rows = journal.rows(sql, values)
    sightings = _sightings_by_pain(journal, [row[0] for row in rows])
    return tuple(_pain_from_row(row, tuple(sightings[row[0]]) or (_creation_as_sighting(row),)) for row in rows)


def _creation_as_sighting(row: tuple[Any, ...]) -> Sighting:
    """Return the creation of a pain point as its sighting, where another terminal has undone all its sightings."""
    pain_id, text, *_, created, offset, _ = row
    created_at = parse_timestamp(created, offset)
    return Sighting(id=pain_id, day=created_at.date(), text=text, created=created_at)


def _sightings_by_pain(journal: Journal, pain_ids: Sequence[str]) -> dict[str, list[Sighting]]:
    """Return the sightings of pain points, by the id of the pain point."""
    sightings: dict[str, list[Sighting]] = {pain_id: [] for pain_id in pain_ids}
    if not sightings:
        return sightings
    sql = (
        f"SELECT s.pain, {_SIGHTINGS.columns} FROM json_each(?) n"
        " CROSS JOIN sighting s ON s.pain = n.value WHERE s.deleted IS NULL ORDER BY s.day, s.created, s.id"
    )
    for pain_id, *row in journal.rows(sql, (json.dumps(pain_ids),)):
        sightings[pain_id].append(_SIGHTINGS.read(row))
    return sightings
