"""How the values of settings are read, from config.toml as from a command line: a text stands for any of them.

Each raises TypeError, ValueError or BadInput for what cannot be meant. Knows no file and no name of a setting.
"""

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any

from valuelog.model.entry import Kind, clean_text, normalize_names
from valuelog.model.errors import UnknownChoice
from valuelog.model.period import WEEKDAY_NAMES
from valuelog.model.question import KINDS, PAIN_POINT, Question
from valuelog.model.text import quote

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _require_text(raw: Any) -> str:  # noqa: ANN401  whatever TOML holds
    if not isinstance(raw, str) or not raw.strip():
        message = "a text is wanted"
        raise TypeError(message)
    return raw


def parse_text(raw: Any) -> str:  # noqa: ANN401
    """Read a text that can be kept and shown."""
    clean_text(_require_text(raw))
    return str(raw)


def parse_bool(raw: Any) -> bool:  # noqa: ANN401
    """Read yes or no."""
    if isinstance(raw, str) and raw.casefold() in {"true", "1", "yes", "false", "0", "no", ""}:
        return raw.casefold() in {"true", "1", "yes"}
    if not isinstance(raw, bool):
        message = "true or false is wanted"
        raise TypeError(message)
    return raw


def parse_path(raw: Any) -> Path:  # noqa: ANN401
    """Read the path of a file; ~ is a home."""
    if "\0" in _require_text(raw):
        message = "no file has a NUL in its name"
        raise ValueError(message)
    try:
        return Path(raw).expanduser()
    except RuntimeError:
        message = f"{quote(str(raw))} begins with the home of a user that does not exist"
        raise ValueError(message) from None


def parse_time(raw: Any) -> time:  # noqa: ANN401
    """Read a time of day."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", parse_text(raw))
    if not found:
        message = f"{quote(str(raw))} is not a time of day; write it like 17:00"
        raise ValueError(message)
    return time(int(found[1]), int(found[2]))


def parse_weekday(raw: Any) -> int:  # noqa: ANN401
    """Read a weekday; Monday is 0."""
    word = parse_text(raw).casefold()[:3]
    if word not in WEEKDAYS:
        from valuelog.model.nearest import did_you_mean  # noqa: PLC0415  only a mistake pays for it

        meant = did_you_mean(parse_text(raw), (*WEEKDAYS, *WEEKDAY_NAMES))
        message = f"{quote(str(raw))} is not a weekday. {meant}Known: {', '.join(WEEKDAYS)}"
        raise ValueError(message)
    return WEEKDAYS.index(word)


def _parse_list(raw: Any) -> list[str]:  # noqa: ANN401
    found = _split_list(raw) if isinstance(raw, str) else raw
    if not isinstance(found, list) or not all(isinstance(piece, str) for piece in found):
        message = 'a list of words is wanted: one, two or ["one", "two"]'
        raise TypeError(message)
    return list(map(parse_text, found))


def _split_list(raw: str) -> Any:  # noqa: ANN401
    """Read a list as TOML has it, or as words with commas; nothing for what is neither."""
    said = raw.strip()
    if not said.startswith(("[", '"')):
        return list(filter(None, map(str.strip, said.split(","))))
    import tomllib  # noqa: PLC0415  hardly anybody writes lists like this on a command line

    try:
        found = tomllib.loads(f"words = {said if said[0] == '[' else f'[{said}]'}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    return found["words"] if len(found) == 1 else None


def parse_weekdays(raw: Any) -> frozenset[int]:  # noqa: ANN401
    """Read weekdays, at least one."""
    days = frozenset(map(parse_weekday, _parse_list(raw)))
    if not days:
        message = f"at least one weekday is wanted; known are {', '.join(WEEKDAYS)}"
        raise ValueError(message)
    return days


def parse_ids(raw: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Read ids of questions."""
    return tuple(_parse_list(raw))


def parse_wording(raw: Any) -> Mapping[str, str]:  # noqa: ANN401
    """Read other words for questions, by their ids."""
    if not isinstance(raw, dict):
        message = "a table is wanted: the id of a question, and its words in quotes"
        raise TypeError(message)
    return {name: parse_text(said) for name, said in raw.items()}


def parse_people(raw: Any) -> Mapping[str, tuple[str, ...]]:  # noqa: ANN401
    """Read who goes by which other names; each name as entries keep it."""
    if not isinstance(raw, dict):
        message = 'a table is wanted: sam = ["Sam Smith", "samuel"]'
        raise TypeError(message)
    if not all(isinstance(others, list) for others in raw.values()):
        message = 'a list of words is wanted: sam = ["Sam Smith", "samuel"]'
        raise TypeError(message)
    found = {_parse_person(name): tuple(map(_parse_person, _parse_list(others))) for name, others in raw.items()}
    every = [*found, *(alias for others in found.values() for alias in others)]
    if twice := next((name for name in every if every.count(name) > 1), None):
        message = f"{quote(twice)} stands for two people, or twice for one"
        raise ValueError(message)
    return found


def _parse_person(word: str) -> str:
    known = normalize_names([word])
    if not known:
        message = f"{quote(word)} cannot name a person"
        raise ValueError(message)
    return known[0]


def parse_questions(raw: Any) -> tuple[Question, ...]:  # noqa: ANN401
    """Read questions of one's own."""
    if not isinstance(raw, list) or not all(isinstance(question, dict) for question in raw):
        message = "write each question as [[evening.own]] with id, kind and ask"
        raise TypeError(message)
    return tuple(map(_parse_question, raw))


def _parse_question(raw: Mapping[str, Any]) -> Question:
    known = ("id", "kind", "ask", "rotates")
    for name in raw:
        if name not in known:
            raise UnknownChoice("key of a question", name, known)
    if missing := [name for name in known[:3] if name not in raw]:
        message = f"a question of your own lacks {' and '.join(missing)}"
        raise ValueError(message)
    if raw["kind"] not in KINDS:
        raise UnknownChoice("kind", str(raw["kind"]), KINDS)
    becomes = PAIN_POINT if raw["kind"] == PAIN_POINT else Kind(raw["kind"])
    rotates = parse_bool(raw.get("rotates", False))
    return Question(id=parse_text(raw["id"]), idea=None, text=parse_text(raw["ask"]), becomes=becomes, rotates=rotates)


def parse_paths(raw: Any) -> tuple[Path, ...]:  # noqa: ANN401
    """Read paths; ~ is a home."""
    return tuple(map(parse_path, _parse_list(raw)))
