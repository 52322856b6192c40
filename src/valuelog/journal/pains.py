"""Pain points in the journal: noting, seeing again, closing and finding them."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import day_of, moment_fields, moment_of
from valuelog.model.pain import PainPoint, PainState, Sighting
from valuelog.model.period import Period

STEM = 4
"""Shorter words (the, and, of …) say nothing; what follows so many letters is an ending."""

ANSWERS = ("shared", "better", "step", "hit")
"""The fields that the four questions fill."""

_OPEN = "p.deleted IS NULL AND p.state IN ('open', 'planned')"


PAIN_COLUMNS = (
    "p.id, p.text, p.state, p.shared, p.better, coalesce(step.text, p.step), step.due, p.hit,"
    " (SELECT max(closed_on) FROM promise WHERE pain = p.id AND state = 'kept' AND deleted IS NULL), p.closed_on,"
    " coalesce(p.how, (SELECT text FROM entry WHERE id = p.fix AND deleted IS NULL)), p.fix,"
    " p.created, p.utc_offset, p.deleted"
)
PAINS = (
    "pain p LEFT JOIN promise step ON step.id = (SELECT id FROM promise"
    " WHERE pain = p.id AND state = 'open' AND deleted IS NULL ORDER BY due, id LIMIT 1)"
)
"""What `pain_of` reads: pain points, each with the promise that is its step."""


def pain_of(row: tuple[Any, ...], sightings: tuple[Sighting, ...]) -> PainPoint:
    """Read a PainPoint, its sightings at hand. One that still hurts is planned while a step for it is promised."""
    name, text, said, shared, better, step, by, hit, tried, closed_on, how, fix, created, offset, deleted = row
    state = PainState(said)
    return PainPoint(
        id=name,
        text=text,
        state=PainState.PLANNED if by and state is PainState.OPEN else state,
        shared=shared,
        better=better,
        step=step,
        step_by=day_of(by),
        hit=hit,
        tried_on=day_of(tried),
        closed_on=day_of(closed_on),
        how=how,
        fix=fix,
        created=moment_of(created, offset),
        deleted=moment_of(deleted, offset) if deleted else None,
        sightings=sightings,
    )


def sighting_of(row: tuple[Any, ...]) -> Sighting:
    """Read a Sighting."""
    name, day, text, created, offset = row
    return Sighting(id=name, day=date.fromisoformat(day), text=text, created=moment_of(created, offset))


def births(pains: Iterable[PainPoint]) -> list[Change]:
    """Return the changes that note new pain points with their sightings."""
    changes: list[Change] = []
    for pain in pains:
        answers = {name: said for name in ANSWERS if (said := getattr(pain, name))}
        fields = {"text": pain.text, **answers, **moment_fields(pain.created)}
        changes.append(Change(entity="pain", id=pain.id, fields=fields))
        changes += [sighted(pain.id, sighting) for sighting in pain.sightings]
    return changes


def sighted(pain: str, sighting: Sighting) -> Change:
    """Return the change that writes a sighting down."""
    fields = {"pain": pain, "day": sighting.day.isoformat(), "text": sighting.text}
    return Change(entity="sighting", id=sighting.id, fields={**fields, **moment_fields(sighting.created)})


def unseen(journal: Journal, sighting: Sighting, of: str, now: datetime) -> list[Change]:
    """Return the change that takes a sighting back, unless another terminal did.

    From then on it names the pain point `of` which it speaks, so that its words can be erased with that.
    """
    stands = journal.rows("SELECT 1 FROM sighting WHERE id = ? AND deleted IS NULL", (sighting.id,))
    fields = {"pain": of, "deleted": moment_fields(now)["created"]}
    return [Change(entity="sighting", id=sighting.id, fields=fields)] if stands else []


def answered(pain: str, question: str, answer: str | None) -> Change:
    """Return the change that answers one of the four questions, or gives the pain point other words."""
    return Change(entity="pain", id=pain, fields={question: answer})


def closed(pain: PainPoint) -> Change:
    """Return the change that closes a pain point. How it was fixed stands in the entry that the fix is, only there."""
    how = {"fix": pain.fix} if pain.fix else {"how": pain.how}
    on = pain.closed_on.isoformat() if pain.closed_on else None
    return Change(entity="pain", id=pain.id, fields={"state": str(pain.state), "closed_on": on, **how})


def get(journal: Journal, name: str) -> PainPoint:
    """Return the pain point with exactly this id."""
    return _read(journal, "p.id = ?", (name,))[0]


def current(journal: Journal, pain: PainPoint) -> PainPoint:
    """Return a pain point as it is by now; as it was, where another terminal took it back meanwhile."""
    return next(iter(some(journal, [pain.id])), pain)


def open_pains(journal: Journal, *, since: date = date.min, most: int | None = None) -> tuple[PainPoint, ...]:
    """Return what still hurts, the most pressing first.

    What presses most was felt on the most days `since` a day, one more if others are hit too; then what was felt last.
    """
    rows = journal.rows(
        f"SELECT p.id FROM pain p LEFT JOIN sighting s ON s.pain = p.id AND s.deleted IS NULL WHERE {_OPEN}"
        " GROUP BY p.id"
        " ORDER BY count(DISTINCT CASE WHEN s.day >= ? THEN s.day END) + (p.hit IS NOT NULL) DESC,"
        f" max(s.day) DESC, count(DISTINCT s.day) DESC, p.id{_limit(most)}",
        (since.isoformat(),),
    )
    return some(journal, [row[0] for row in rows])


def pressing(journal: Journal, *, since: date, most: int) -> tuple[PainPoint, ...]:
    """Return what still hurts and was felt `since` a day, in the order of `open_pains`.

    However much older friction there is, it costs nothing.
    """
    rows = journal.rows(
        f"SELECT p.id FROM sighting s CROSS JOIN pain p ON p.id = s.pain WHERE s.day >= ? AND s.deleted IS NULL"
        f" AND {_OPEN} GROUP BY p.id ORDER BY count(DISTINCT s.day) + (p.hit IS NOT NULL) DESC,"
        f" max(s.day) DESC, p.id{_limit(most)}",
        (since.isoformat(),),
    )
    return some(journal, [row[0] for row in rows])


def unplanned(journal: Journal, *, least: int, most: int) -> tuple[PainPoint, ...]:
    """Return what still hurts and has no step, seen on at least so many days: the most often seen first, then the last.

    Where a step was taken, it has to be felt since.
    """
    rows = journal.rows(
        "SELECT p.id FROM pain p CROSS JOIN sighting s ON s.pain = p.id AND s.deleted IS NULL"
        f" WHERE {_OPEN} AND p.step IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM promise WHERE pain = p.id AND state = 'open' AND deleted IS NULL)"
        " GROUP BY p.id HAVING count(DISTINCT s.day) >= ? AND max(s.day) > coalesce("
        "(SELECT max(closed_on) FROM promise WHERE pain = p.id AND state = 'kept' AND deleted IS NULL), '')"
        f" ORDER BY count(DISTINCT s.day) DESC, max(s.day) DESC, p.id{_limit(most)}",
        (least,),
    )
    return some(journal, [row[0] for row in rows])


def _limit(most: int | None) -> str:
    return "" if most is None else f" LIMIT {most:d}"


def how_many_open(journal: Journal) -> int:
    """Return how many pain points still hurt."""
    return int(journal.rows(f"SELECT count(*) FROM pain p WHERE {_OPEN}")[0][0])


def some(journal: Journal, names: Sequence[str]) -> tuple[PainPoint, ...]:
    """Return the pain points with these ids, in their order."""
    found = _read(journal, "p.id IN (SELECT value FROM json_each(?))", (json.dumps(names),))
    places = {name: place for place, name in enumerate(names)}
    return tuple(sorted(found, key=lambda pain: places[pain.id]))


def seen_on(journal: Journal, period: Period) -> tuple[PainPoint, ...]:
    """Return the pain points that were seen within a Period."""
    condition = (
        "p.deleted IS NULL AND p.id IN (SELECT pain FROM sighting WHERE day BETWEEN ? AND ? AND deleted IS NULL)"
    )
    return _read(journal, condition, (period.start.isoformat(), period.end.isoformat()))


def closed_in(journal: Journal, period: Period) -> tuple[PainPoint, ...]:
    """Return the pain points that were fixed or let go within a Period."""
    condition = "p.deleted IS NULL AND p.state IN ('fixed', 'dropped') AND p.closed_on BETWEEN ? AND ?"
    return _read(journal, condition, (period.start.isoformat(), period.end.isoformat()))


def like(journal: Journal, text: str) -> PainPoint | None:
    """Return the open pain point that says most nearly the same, if one does.

    Two texts say the same if half of the words of the shorter one, those of four letters or more, stand in both;
    words that begin with the same four letters are one: waits and waiting.
    """
    words = _words(text)
    if not words:
        return None
    query = " OR ".join(f'"{word}"*' for word in sorted(words))
    rows = journal.rows(
        f"SELECT p.id, p.text FROM pain_fts f JOIN pain p ON p.place = f.rowid"
        f" WHERE pain_fts MATCH ? AND {_OPEN} ORDER BY f.rank LIMIT 10",
        (query,),
    )
    for name, said in rows:
        other = _words(said)
        if other and 2 * len(words & other) >= min(len(words), len(other)):
            return get(journal, name)
    return None


def closed_last(journal: Journal, *, most: int) -> tuple[PainPoint, ...]:
    """Return the pain points that were fixed or let go, the latest first."""
    sql = (
        "SELECT p.id FROM pain p WHERE p.deleted IS NULL AND p.state IN ('fixed', 'dropped')"
        f" ORDER BY p.closed_on DESC, p.id{_limit(most)}"
    )
    return some(journal, [row[0] for row in journal.rows(sql)])


def _words(text: str) -> frozenset[str]:
    pieces = "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    return frozenset(piece[:STEM] for piece in pieces if len(piece) >= STEM)


def _read(journal: Journal, condition: str, values: tuple[Any, ...]) -> tuple[PainPoint, ...]:
    rows = journal.rows(f"SELECT {PAIN_COLUMNS} FROM {PAINS} WHERE {condition} ORDER BY p.created", values)
    seen = _sightings(journal, [row[0] for row in rows])
    return tuple(pain_of(row, tuple(seen[row[0]]) or (_noting(row),)) for row in rows)


def _noting(row: tuple[Any, ...]) -> Sighting:
    """Return the moment of noting as the sighting of a pain point whose own ones another terminal took back."""
    name, text, *_, created, offset, _ = row
    moment = moment_of(created, offset)
    return Sighting(id=name, day=moment.date(), text=text, created=moment)


def _sightings(journal: Journal, names: Sequence[str]) -> dict[str, list[Sighting]]:
    """Return on which days each of some pain points was seen."""
    found: dict[str, list[Sighting]] = {name: [] for name in names}
    sql = (
        "SELECT s.pain, s.id, s.day, s.text, s.created, s.utc_offset FROM json_each(?) n"
        " CROSS JOIN sighting s ON s.pain = n.value WHERE s.deleted IS NULL ORDER BY s.day, s.created"
    )
    for pain, *row in journal.rows(sql, (json.dumps(names),)):
        found[pain].append(sighting_of(tuple(row)))
    return found
