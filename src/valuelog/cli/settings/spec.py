"""The table of settings: the name, type, default and purpose of each. Everything else follows from it.

A type is one reader and two writers. Its reader accepts both a TOML value and text, because a variable and the command
line only have text; it raises TypeError, ValueError or BadInput for anything else.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any, NamedTuple

from valuelog.cli.paths import find_home
from valuelog.model.entry import MAX_KEY_LENGTH, Kind, clean_text, normalize_names, parse_choice, parse_key
from valuelog.model.errors import UnknownChoice
from valuelog.model.period import WEEKDAY_NAMES
from valuelog.model.question import KINDS, PAIN_POINT, Frequency, Question
from valuelog.model.text import quote
from valuelog.model.trade import DEFAULT_WORDS, Vocabulary

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNSET = "–"

SYNCING_COMMANDS = ("today", "review")
"""The commands that can sync on their own."""


class SettingType(NamedTuple):
    """A type of values: `parse` reads one, `to_text` writes it for people, `to_toml` as TOML and JSON hold it."""

    parse: Callable[[object], Any]
    to_text: Callable[[Any], str]
    to_toml: Callable[[Any], Any]


class Setting(NamedTuple):
    """A setting: its name in config.toml, type, default, purpose, and the variable that overrides it."""

    name: str
    value_type: SettingType
    default: Any
    about: str
    variable: str | None = None

    def to_text(self, value: Any) -> str:  # noqa: ANN401  each type has its own
        """Return a value for people, a dash if it is unset or empty."""
        return UNSET if value is None else self.value_type.to_text(value) or UNSET

    def to_json(self, value: Any) -> Any:  # noqa: ANN401  each type has its own
        """Return a value in the types of JSON."""
        return None if value is None else self.value_type.to_toml(value)


# Readers


def _require_text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise TypeError("expected text")
    return raw


def _parse_text(raw: object) -> str:
    clean_text(_require_text(raw))
    return str(raw)


def _parse_bool(raw: object) -> bool:
    if isinstance(raw, str) and raw.casefold() in {"true", "1", "yes", "false", "0", "no", ""}:
        return raw.casefold() in {"true", "1", "yes"}
    if not isinstance(raw, bool):
        raise TypeError("expected true or false")
    return raw


def parse_path(raw: object) -> Path:
    """Parse a path and expand ~. Raises TypeError, ValueError or NoHome."""
    text = _require_text(raw)
    if "\0" in text:
        raise ValueError("a path cannot contain a NUL character")
    if "://" in text:
        text = _path_of_url(text)
    try:
        path = Path(text)
        return find_home(os.environ).joinpath(*path.parts[1:]) if path.parts[:1] == ("~",) else path.expanduser()
    except RuntimeError:
        raise ValueError(f"{quote(text)} is in the home of a user that doesn't exist") from None


def _path_of_url(url: str) -> str:
    """Return the path in a file URL. Raises ValueError for any other, since valuelog never uses the network."""
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415  rarely needed

    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        raise ValueError(f"{quote(url)} is not a path; valuelog reads only files on this machine")
    return unquote(parts.path)


def _parse_time(raw: object) -> time:
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", _parse_text(raw))
    if not match:
        raise ValueError(f"{quote(str(raw))} is not a time of day; write it like 17:00")
    return time(int(match[1]), int(match[2]))


def _parse_weekday(raw: object) -> int:
    """Parse a weekday by its name or at least three letters of it; Monday is 0."""
    word = _parse_text(raw).strip().casefold()
    matches = [number for number, name in enumerate(WEEKDAY_NAMES) if len(word) > 2 and name.startswith(word)]  # noqa: PLR2004  mon
    if not matches:
        from valuelog.model.nearest import did_you_mean  # noqa: PLC0415  only on error

        suggestion = did_you_mean(word, (*WEEKDAYS, *WEEKDAY_NAMES))
        raise ValueError(f"{quote(str(raw))} is not a weekday. {suggestion}Choose from: {', '.join(WEEKDAYS)}")
    return matches[0]


def _parse_weekday_range(raw: str) -> Iterator[int]:
    """Yield the weekdays in mon-fri, mon to fri, mon tue or weekdays."""
    text = raw.casefold().replace("weekdays", "mon-fri").replace("every day", "mon-sun")
    for word in re.sub(r"\s*(?:-|–|\.\.|\b(?:to|through|until)\b)\s*", "-", text).split() or [raw]:
        first, dash, last = word.partition("-")
        start = _parse_weekday(first)
        yield from ((start + ahead) % 7 for ahead in range((_parse_weekday(last) - start) % 7 + 1 if dash else 1))


def _parse_words(raw: object) -> tuple[str, ...]:
    words = _split_list(raw) if isinstance(raw, str) else raw
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise TypeError('expected a list of words: one, two or ["one", "two"]')
    return tuple(map(_parse_text, words))


def _split_list(raw: str) -> object:
    """Split a TOML list or a list with commas; return None if it is neither."""
    text = raw.strip()
    if not text.startswith(("[", '"')):
        return list(filter(None, map(str.strip, text.split(","))))
    import tomllib  # noqa: PLC0415  lists on a command line rarely need quotes

    try:
        parsed = tomllib.loads(f"words = {text if text[0] == '[' else f'[{text}]'}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    return parsed["words"] if len(parsed) == 1 else None


def _parse_paths(raw: object) -> tuple[Path, ...]:
    return tuple(map(parse_path, _parse_words(raw)))


def _parse_addresses(raw: object) -> tuple[str, ...]:
    """Parse addresses, also as git and mail programs write them: Name <address>, mailto:address."""
    from email.utils import getaddresses  # noqa: PLC0415  only for sources, 10 ms

    is_list = not isinstance(raw, str) or raw.strip().startswith("[" if "<" in raw else ("[", '"'))
    words = _parse_words(raw) if is_list else (str(raw),)
    words = tuple(word.strip(" ,;") for word in words)
    parsed = getaddresses([_MAILTO.sub("", word) for word in words if word])
    if (any(words) and not parsed) or any(not re.fullmatch(r"[^@\s]+@[^@\s]+", address) for _, address in parsed):
        raise ValueError(f"{quote(', '.join(words))} is not a list of addresses; write them like me@example.org")
    return tuple(dict.fromkeys(address.casefold() for _, address in parsed))


_MAILTO = re.compile(r"\bmailto:\s*", re.IGNORECASE)


def _parse_weekdays(raw: object) -> frozenset[int]:
    days = frozenset(day for words in _parse_words(raw) for day in _parse_weekday_range(words))
    if not days:
        raise ValueError(f"expected at least one weekday: {', '.join(WEEKDAYS)}")
    return days


def _parse_wording(raw: object) -> Mapping[str, str]:
    """Parse new texts of questions by id."""
    if not isinstance(raw, dict):
        raise TypeError('expected a table with the id of a question and its new text: pain = "What was slow today?"')
    return {question_id: _parse_text(text) for question_id, text in raw.items()}


def _parse_aliases(raw: object, example: str, owner: str) -> Mapping[str, tuple[str, ...]]:
    """Parse the aliases of each person or tag (`owner`), all normalized as in entries."""
    if not isinstance(raw, dict):
        raise TypeError(f"expected a table: {example}")
    if not all(isinstance(aliases, list) for aliases in raw.values()):
        raise TypeError(f"expected a list of words: {example}")
    names: dict[str, tuple[str, ...]] = {}
    for name, aliases in raw.items():
        names[_parse_name(name, owner)] = tuple(_parse_name(alias, owner) for alias in _parse_words(aliases))
    listed = [*names, *(alias for aliases in names.values() for alias in aliases)]
    if duplicate := next((name for name in listed if listed.count(name) > 1), None):
        raise ValueError(f"{quote(duplicate)} is listed twice; a name can only belong to one {owner}")
    return names


def _trade_words_parser(vocabulary: Vocabulary) -> Callable[[object], Mapping[str, str]]:
    """Return a reader for the words of a vocabulary by key."""

    def parse(raw: object) -> Mapping[str, str]:
        pairs = _split_pairs(raw) if isinstance(raw, str) else raw
        if not isinstance(pairs, dict) or not all(isinstance(word, str) for word in pairs.values()):
            raise TypeError(f"expected a table of keys and your words: {_TRADE_EXAMPLES[vocabulary.what]}")
        words = {parse_key("a key", key): _parse_trade_word(word) for key, word in pairs.items()}
        return vocabulary.with_own(words).own

    return parse


_TRADE_EXAMPLES = {"beneficiary": 'customers = "patients"', "effect": 'cheaper = "cheaper"'}


def _split_pairs(raw: str) -> dict[str, str] | None:
    """Split customers=patients, families=families; return None if a part has no =."""
    pairs = [part.partition("=") for part in raw.split(",") if part.strip()]
    return {key.strip(): word.strip() for key, _, word in pairs} if all(sign for _, sign, _ in pairs) else None


def _parse_trade_word(raw: str) -> str:
    """Return a word as lists of options and sentences can hold it: one short line."""
    word = " ".join(_parse_text(raw).split())
    if not any(map(str.isalnum, word)):
        raise ValueError(f"{quote(word)} is not a word")
    if len(word) > MAX_KEY_LENGTH:
        raise ValueError(f"{quote(word)} is too long; use at most {MAX_KEY_LENGTH} characters")
    return word


def _parse_people(raw: object) -> Mapping[str, tuple[str, ...]]:
    return _parse_aliases(raw, 'sam = ["Sam Smith", "samuel"]', "person")


def _parse_tags(raw: object) -> Mapping[str, tuple[str, ...]]:
    return _parse_aliases(raw, 'ops = ["operations", "on-call"]', "tag")


def _parse_name(name: str, owner: str) -> str:
    normalized = normalize_names([name])
    if not normalized:
        raise ValueError(f"{quote(name)} can't be the name of a {owner}")
    return normalized[0]


def _parse_questions(raw: object) -> tuple[Question, ...]:
    if not isinstance(raw, list) or not all(isinstance(question, dict) for question in raw):
        raise TypeError("write each question as [[evening.own]] with id, kind and ask")
    return tuple(map(_parse_question, raw))


def _parse_question(raw: Mapping[str, Any]) -> Question:
    known = ("id", "kind", "ask", "rotates", "every")
    for key in raw:
        if key not in known:
            raise UnknownChoice("key of a question", key, known)
    if missing := [key for key in known[:3] if key not in raw]:
        raise ValueError(f"a question is missing {' and '.join(missing)}")
    if raw["kind"] not in KINDS:
        raise UnknownChoice("kind", str(raw["kind"]), KINDS)
    becomes = PAIN_POINT if raw["kind"] == PAIN_POINT else Kind(raw["kind"])
    rotates = _parse_bool(raw.get("rotates", False))
    if rotates and "every" in raw:
        raise ValueError("a question that rotates has its turn; leave out every, or rotates")
    every = parse_choice(Frequency, "frequency", _parse_text(raw.get("every", Frequency.DAILY)))
    return Question(
        id=_parse_text(raw["id"]),
        idea=None,
        text=_parse_text(raw["ask"]),
        becomes=becomes,
        rotates=rotates,
        every=every,
    )


def _parse_syncing_commands(raw: object) -> tuple[str, ...]:
    """Parse the commands that sync on their own."""
    words = tuple(dict.fromkeys(word.strip().casefold() for word in _parse_words(raw)))
    for word in words:
        if word not in SYNCING_COMMANDS:
            raise ValueError(f"{quote(word)} can't sync on its own. Choose from: {', '.join(SYNCING_COMMANDS)}")
    return words


# Writers


def _dump_bool(value: bool) -> str:  # noqa: FBT001  a writer has one parameter
    return str(value).lower()


def _dump_time(value: time) -> str:
    return f"{value:%H:%M}"


def _dump_weekdays(days: frozenset[int]) -> list[str]:
    return [WEEKDAYS[day] for day in sorted(days)]


def _dump_paths(paths: tuple[Path, ...]) -> list[str]:
    return list(map(os.fspath, paths))


def _dump_question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": str(question.becomes),
        "ask": question.text,
        "rotates": question.rotates,
        "every": str(question.every),
    }


def _dump_pairs(words: Mapping[str, str]) -> list[str]:
    return [f"{key}={word}" for key, word in words.items()]


def _join(to_words: Callable[[Any], list[str]]) -> Callable[[Any], str]:
    """Return a writer for people from the words of a value."""
    return lambda value: ", ".join(to_words(value))


TEXT = SettingType(_parse_text, to_text=str, to_toml=str)
BOOL = SettingType(_parse_bool, to_text=_dump_bool, to_toml=bool)
PATH = SettingType(parse_path, to_text=os.fspath, to_toml=os.fspath)
PATHS = SettingType(_parse_paths, to_text=_join(_dump_paths), to_toml=_dump_paths)
WORDS = SettingType(_parse_words, to_text=_join(list), to_toml=list)
COMMANDS = SettingType(_parse_syncing_commands, to_text=_join(list), to_toml=list)
ADDRESSES = SettingType(_parse_addresses, to_text=_join(list), to_toml=list)
TIME = SettingType(_parse_time, to_text=_dump_time, to_toml=_dump_time)
WEEKDAY = SettingType(_parse_weekday, to_text=WEEKDAYS.__getitem__, to_toml=WEEKDAYS.__getitem__)
WEEKDAY_SET = SettingType(_parse_weekdays, to_text=_join(_dump_weekdays), to_toml=_dump_weekdays)
BENEFICIARIES, EFFECTS = (
    SettingType(_trade_words_parser(vocabulary), to_text=_join(_dump_pairs), to_toml=dict)
    for vocabulary in DEFAULT_WORDS
)
WORDING = SettingType(_parse_wording, to_text=_join(list), to_toml=dict)
PEOPLE = SettingType(_parse_people, to_text=_join(list), to_toml=dict)
TAGS = SettingType(_parse_tags, to_text=_join(list), to_toml=dict)
QUESTIONS = SettingType(
    _parse_questions,
    to_text=_join(lambda questions: [question.id for question in questions]),
    to_toml=lambda questions: list(map(_dump_question, questions)),
)

SETTINGS = (
    Setting("journal", PATH, None, "where your journal is", "VALUELOG_JOURNAL"),
    Setting("day_ends_at", TIME, time(4), "when a new day starts (until then it is still yesterday)"),
    Setting("workdays", WEEKDAY_SET, frozenset(range(5)), "the weekdays you work"),
    Setting("remind_at", TIME, time(17), "when the login line starts to remind you"),
    Setting("review_day", WEEKDAY, 4, "the day the login line reminds you of the review"),
    Setting("name", TEXT, None, "your name, for the title of brag"),
    Setting("editor", TEXT, None, "the editor for longer texts", "VALUELOG_EDITOR"),
    Setting(
        "accessible",
        BOOL,
        default=False,
        about="plain numbered questions, for screen readers",
        variable="VALUELOG_ACCESSIBLE",
    ),
    Setting("backups", BOOL, default=True, about="make backups automatically", variable="VALUELOG_BACKUPS"),
    Setting("sync.with", COMMANDS, (), "the commands that sync before and after: today, review"),
    Setting("evening.questions", WORDS, None, "the questions that an evening asks"),
    Setting("evening.off", WORDS, (), "questions to leave out, including rotating ones"),
    Setting("evening.ask", WORDING, {}, "new texts for questions"),
    Setting("evening.own", QUESTIONS, (), "questions of your own"),
    Setting("people", PEOPLE, {}, "other names that people go by"),
    Setting("tags", TAGS, {}, "other names of tags"),
    Setting("words.beneficiaries", BENEFICIARIES, {}, "what you call those who benefit"),
    Setting("words.effects", EFFECTS, {}, "what you call the ways in which something is better"),
)
"""Every setting, except those of sources."""
