"""Pain points in the journal: noting, seeing again and finding them."""

from collections.abc import Iterable
from typing import Any

from valuelog.journal.changes import Change
from valuelog.journal.rows import moment_fields, pain_of, sighting_of
from valuelog.journal.store import Journal
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.period import Period

_COLUMNS = "id, text, state, shared, better, step, step_by, hit, created, utc_offset, deleted"
STEM = 4
"""Shorter words (the, and, of …) say nothing; what follows so many letters is an ending."""

_OPEN = "deleted IS NULL AND state IN ('open', 'planned')"


def births(pains: Iterable[PainPoint]) -> list[Change]:
    """Return the changes that note new pain points with their sightings."""
    changes: list[Change] = []
    for pain in pains:
        answers = {"shared": pain.shared, "better": pain.better, "step": pain.step, "hit": pain.hit}
        fields = {"text": pain.text, **{name: said for name, said in answers.items() if said}}
        changes.append(Change(entity="pain", id=pain.id, fields={**fields, **moment_fields(pain.created)}))
        changes += [sighted(pain.id, sighting) for sighting in pain.sightings]
    return changes


def sighted(pain: str, sighting: Sighting) -> Change:
    """Return the change that writes a sighting down."""
    fields = {"pain": pain, "day": sighting.day.isoformat(), "text": sighting.text}
    return Change(entity="sighting", id=sighting.id, fields={**fields, **moment_fields(sighting.created)})


def answered(pain: str, question: str, answer: str) -> Change:
    """Return the change that answers one of the four questions."""
    return Change(entity="pain", id=pain, fields={question: answer})


def get(journal: Journal, name: str) -> PainPoint:
    """Return the pain point with exactly this id."""
    return _read(journal, "id = ?", (name,))[0]


def open_pains(journal: Journal, *, most: int | None = None) -> tuple[PainPoint, ...]:
    """Return what still hurts: the most often seen first, then the most recently."""
    limit = "" if most is None else f" LIMIT {most:d}"
    ranked = (
        f"id IN (SELECT pain FROM sighting WHERE deleted IS NULL AND pain IN (SELECT id FROM pain WHERE {_OPEN})"
        f" GROUP BY pain ORDER BY count(DISTINCT day) DESC, max(day) DESC, pain{limit})"
    )
    return tuple(sorted(_read(journal, ranked, ()), key=lambda pain: (-pain.days_seen, -pain.last_seen.toordinal())))


def seen_on(journal: Journal, period: Period) -> tuple[PainPoint, ...]:
    """Return the pain points that were seen within a Period."""
    condition = "deleted IS NULL AND id IN (SELECT pain FROM sighting WHERE day BETWEEN ? AND ? AND deleted IS NULL)"
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
        f" WHERE pain_fts MATCH ? AND p.{_OPEN.replace('AND ', 'AND p.')} ORDER BY f.rank LIMIT 10",
        (query,),
    )
    for name, said in rows:
        other = _words(said)
        if other and 2 * len(words & other) >= min(len(words), len(other)):
            return get(journal, name)
    return None


def _words(text: str) -> frozenset[str]:
    pieces = "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    return frozenset(piece[:STEM] for piece in pieces if len(piece) >= STEM)


def _read(journal: Journal, condition: str, values: tuple[Any, ...]) -> tuple[PainPoint, ...]:
    rows = journal.rows(f"SELECT {_COLUMNS} FROM pain WHERE {condition} ORDER BY created", values)
    return tuple(pain_of(row, _sightings(journal, row[0])) for row in rows)


def _sightings(journal: Journal, pain: str) -> tuple[Sighting, ...]:
    sql = (
        "SELECT id, day, text, created, utc_offset FROM sighting"
        " WHERE pain = ? AND deleted IS NULL ORDER BY day, created"
    )
    return tuple(map(sighting_of, journal.rows(sql, (pain,))))
