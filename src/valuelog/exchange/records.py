"""What all readers share: how a record becomes JSON, text, days and minutes, and how it is known again.

Everything here takes what a stranger wrote. What cannot be meant raises Wrong, which becomes a Bad with its place.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any, TypeVar

from valuelog.exchange import Bad, Record, Unreadable, Where
from valuelog.exchange.json_records import Piece, Readable, Shape, pieces
from valuelog.model.entry import MAX_MINUTES, MAX_NAME_LENGTH, MAX_TEXT_LENGTH, clean_text, normalize_names
from valuelog.model.errors import BadInput, BadText
from valuelog.model.project import slugify
from valuelog.model.signs import escape_control_characters

PATIENCE = 10_000
"""So many bad records in a row mean that a file is something else."""

FIRST_YEAR, LAST_YEAR = 1900, 9998

MOST_NAMES = MAX_TEXT_LENGTH // 2
"""So many people, or tags, a record may have: as many as a text can mention."""

Understand = Callable[[Mapping[str, Any], str], Iterable[Record | Bad]]
"""Makes records of one JSON object and its place. Raises BadInput."""


class Wrong(BadInput):
    """Something in a record that cannot be meant."""


def records(stream: Readable, shape: Shape, understand: Understand) -> Iterator[Record | Bad]:
    """Yield what each JSON object of a file says; a Bad for one that cannot be understood."""
    return patient(found for piece in pieces(stream, shape) for found in _understood(piece, shape, understand))


def _understood(piece: Piece, shape: Shape, understand: Understand) -> Iterator[Record | Bad]:
    try:
        yield from understand(_object(piece, shape), piece.place)
    except BadInput as error:
        yield Bad(place=piece.place, why=error.message)


_One = TypeVar("_One")


def patient(found: Iterator[_One | Bad]) -> Iterator[_One | Bad]:
    """Yield everything, but give up where only bad records come. Raises Unreadable."""
    bad = 0
    for one in found:
        bad = bad + 1 if isinstance(one, Bad) else 0
        if bad > PATIENCE:
            raise Unreadable(f"{PATIENCE:,} records in a row cannot be understood.", "Is this the right file?")
        yield one


def _object(piece: Piece, shape: Shape) -> Mapping[str, Any]:
    if piece.why:
        raise Wrong(piece.why)
    found = parsed(piece.raw)
    if shape.row and isinstance(found, list):
        found = dict(zip(shape.row, found, strict=False))
    if not isinstance(found, Mapping):
        raise Wrong("It is no JSON object.")
    return found


def parsed(raw: bytes) -> Any:  # noqa: ANN401  whatever JSON holds
    """Read one JSON value. Raises Wrong, also for what is allowed but means nothing: a key said twice, NaN."""
    try:
        return _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        raise Wrong(f"It is not UTF-8, from byte {error.start + 1:,} on.") from error
    except json.JSONDecodeError as error:
        raise Wrong(f"It is not JSON: {error.msg}, after {error.pos:,} characters.") from error
    except RecursionError as error:
        raise Wrong("Its lists and objects stand too deep in one another.") from error
    except ValueError as error:
        raise Wrong("It has a number of too many digits.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its keys and values, none of which may come twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise Wrong(f"It says “{shown(twice)}” twice.")
    return made


def _no_number(word: str) -> float:
    raise Wrong(f"It says {word}, which is no number.")


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_once, parse_constant=_no_number)


def shown(words: str) -> str:
    """Return the beginning of something foreign, for a message of one line."""
    short = words if len(words) <= 40 else f"{words[:39]}…"  # noqa: PLR2004
    return "".join(
        letter if letter.isprintable() else "�" for letter in " ".join(escape_control_characters(short).split())
    )


def text_of(*parts: str) -> str:
    """Return one text of its parts, a line end between them. Raises BadText."""
    return clean_text("\n".join(kept for part in parts if (kept := escape_control_characters(part).strip())))


def named(*parts: str) -> str:
    """Return one text of its parts, or what stands for time that nobody gave a name. Raises BadText."""
    return text_of(*parts) if any(part.strip() for part in parts) else "Time without a name"


def evidence_of(words: str) -> str | None:
    """Return what shows that it is so, if anything is said. Raises BadText."""
    return text_of(words) if words.strip() else None


def names_of(what: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return people or tags as they are kept."""
    found = normalize_names(words)
    if len(found) > MOST_NAMES:
        raise Wrong(f"It has {len(found):,} {what}; at most {MOST_NAMES:,} are read.")
    if longest := next((name for name in found if len(name) > MAX_NAME_LENGTH), None):
        raise Wrong(f"One of its {what} has {len(longest):,} characters; at most {MAX_NAME_LENGTH} are read.")
    return found


def project_of(words: str) -> str | None:
    """Return the name of a project, if one is said. Raises BadText."""
    if not words.strip():
        return None
    name = text_of(words)
    try:
        slugify(name)
    except BadText as error:
        raise Wrong(f"“{shown(name)}” cannot name a project.") from error
    return name


def said(raw: Mapping[str, Any], key: str) -> str:
    """Return the text under a key; an empty one if there is none."""
    found = raw.get(key)
    if found is not None and not isinstance(found, str):
        raise Wrong(f"Its “{key}” is no text.")
    return found or ""


def listed(raw: Mapping[str, Any], key: str) -> list[str]:
    """Return the texts under a key."""
    found = raw.get(key) or []
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise Wrong(f"Its “{key}” is no list of words.")
    return found


def objects(raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the objects under a key."""
    found = raw.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Wrong(f"Its “{key}” is no list of objects.")
    return found


def number(found: Any, what: str) -> float:  # noqa: ANN401  whatever JSON holds
    """Return a number that is one."""
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(_float(found)):
        raise Wrong(f"Its “{what}” is no number.")
    return _float(found)


def _float(found: float) -> float:
    try:
        return float(found)
    except OverflowError:
        return math.inf


def day(words: str) -> date:
    """Read a day: 2026-11-20 or 2026/11/20."""
    found = re.fullmatch(r"(\d{4})([-/])(\d\d)\2(\d\d)", words.strip(), re.ASCII)
    if not found:
        raise Wrong(f"“{shown(words)}” is not a day such as 2026-11-20.")
    try:
        return _in_range(date(int(found[1]), int(found[3]), int(found[4])))
    except ValueError as error:
        raise Wrong(f"“{shown(words)}” is not in the calendar.") from error


def moment(words: str, zone: tzinfo) -> datetime:
    """Read a day and a time as they are in a zone; what says no zone of its own is in that one already."""
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError as error:
        raise Wrong(
            f"“{shown(words)}” is not a day and a time." if words.strip() else "It does not say when."
        ) from error
    _in_range(found.date())
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)


def moment_at(seconds: float, zone: tzinfo) -> datetime:
    """Return the moment so many seconds after the beginning of 1970 in UTC."""
    try:
        found = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Wrong(f"{shown(str(seconds))} is not a moment.") from error
    _in_range(found.date())
    return found.astimezone(zone)


def lived(found: datetime, where: Where) -> date:
    """Return the day to which a moment belongs: until the day ends it is still yesterday."""
    return _in_range(found.date() - timedelta(days=found.time() < where.day_ends_at))


def when(words: str, where: Where) -> tuple[date, datetime | None]:
    """Read a day alone, which is that day, or with a time, which may be the end of the day before."""
    if len(words.strip()) <= len("2026-11-20"):
        return day(words), None
    found = moment(words, where.zone)
    return lived(found, where), found


def _in_range(found: date) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(f"The year {found.year} is not one that is read: {FIRST_YEAR} to {LAST_YEAR}.")
    return found


def lasted(start: datetime, end: datetime) -> int:
    """Return the minutes from one moment to another: at least one, at most a day."""
    seconds = end.timestamp() - start.timestamp()  # within a zone, a difference would forget that clocks change
    if seconds < 0:
        raise Wrong("It ends before it begins.")
    return max(1, capped(seconds / 60))


def capped(length: float) -> int:
    """Return minutes of which an entry can have no more than a day."""
    return round(min(length, MAX_MINUTES))


@dataclass(slots=True)
class Origins:
    """How the records of one file are known again: by their ids, or by what they say and how often that came before."""

    format: str
    _seen: Counter[str] = field(default_factory=Counter)

    def of_id(self, found: object) -> str:
        """Return the origin of a record that has an id; one that is no plain word counts by its hash."""
        words = str(found)
        plain = re.fullmatch(r"[\w.:+-]{1,100}", words, re.ASCII)
        return f"{self.format}:{words if plain else _hashed(words)}"

    def of_facts(self, *facts: object) -> str:
        """Return the origin of a record without an id: of the second that says the very same, with a number."""
        found = _hashed(facts)
        self._seen[found] += 1
        times = self._seen[found]
        return f"{self.format}:{found}-{times}" if times > 1 else f"{self.format}:{found}"


def _hashed(facts: object) -> str:
    return sha256(json.dumps(facts, default=str).encode()).hexdigest()[:16]
