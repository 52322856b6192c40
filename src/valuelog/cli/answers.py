"""Answers from a file or a pipe: JSON lines, each with a kind and a text, and what else an entry can have."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from valuelog.cli.entry_options import parse_names
from valuelog.cli.kinds import parse_kind
from valuelog.model.entry import MAX_MINUTES, Beneficiary, Effect, clean_text, parse_choice, parse_minutes
from valuelog.model.errors import BadInput, BadMinutes, UnknownChoice
from valuelog.workflows.noting import build_pain
from valuelog.workflows.writing import Note, build_entry

PAIN_KEYS = ("seen", "new")
"""What only a pain point can have: the id of the known one that it is, or true if it is none."""

KEYS = ("kind", "text", "minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence", *PAIN_KEYS)


class BadAnswer(BadInput):
    """A line of answers that cannot be understood; none of them was written down."""

    def __init__(self, line: int, why: str) -> None:
        """Say which line, and why."""
        super().__init__(
            f"Line {line} of the answers: {why}",
            'Nothing was written. A line looks like {"kind": "helped", "text": "@sam runs the release"}.',
        )


def parse_evening_answers(text: str, day: date, now: datetime) -> list[Note]:
    """Read answers for a day. Raises BadAnswer for the first line that is wrong."""
    notes = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            notes.append(_parse_note(number, line, day, now))
    if not notes:
        raise BadAnswer(1, "there is none.")
    return notes


def _parse_note(number: int, line: str, day: date, now: datetime) -> Note:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(number, "it is not JSON.") from error
    try:
        return _validate_note(_note_from_json(raw, day), now)
    except BadInput as error:
        raise BadAnswer(number, f"{error.message} {error.hint}") from error
    except (TypeError, KeyError) as error:
        raise BadAnswer(number, f"{error.args[0]}.") from error


def _validate_note(note: Note, now: datetime) -> Note:
    """Return a note that can be written down: tried here, where its line is known. Raises BadInput."""
    if note.kind and (note.is_new_pain or note.pain_id is not None):
        raise BadInput("“seen” and “new” are for pain points.", "Leave them out.")
    if note.is_new_pain and note.pain_id is not None:
        raise BadInput("“seen” and “new” exclude each other.", "Choose one.")
    if note.kind:
        build_entry(note, note.kind, now)
    else:
        build_pain(note, now)
    return note


def _note_from_json(raw: Any, day: date) -> Note:  # noqa: ANN401  whatever JSON holds
    if not isinstance(raw, Mapping):
        message = "a kind and a text in braces are wanted"
        raise TypeError(message)
    for key in raw:
        if key not in KEYS:
            raise UnknownChoice("key", str(key), KEYS)
    effects = tuple(parse_choice(Effect, "effect", word) for word in _get_strings(raw, "effects"))
    whom = tuple(parse_choice(Beneficiary, "beneficiary", word) for word in _get_strings(raw, "beneficiaries"))
    return Note(
        kind=parse_kind(_get_text(raw, "kind") or ""),
        text=clean_text(_get_text(raw, "text") or ""),
        day=day,
        minutes=_parse_minutes(raw.get("minutes")),
        people=parse_names("person", _get_strings(raw, "people")),
        tags=parse_names("tag", _get_strings(raw, "tags")),
        project=_get_text(raw, "project"),
        effects=effects,
        beneficiaries=whom,
        evidence=clean_text(evidence) if (evidence := _get_text(raw, "evidence")) else None,
        pain_id=_get_text(raw, "seen"),
        is_new_pain=_get_bool(raw, "new"),
        from_answers_file=True,
    )


def _get_text(raw: Mapping[str, Any], key: str) -> str | None:
    said = raw.get(key)
    if said is not None and not isinstance(said, str):
        message = f"“{key}” is no text"
        raise TypeError(message)
    return said


def _get_bool(raw: Mapping[str, Any], key: str) -> bool:
    said = raw.get(key) or False
    if not isinstance(said, bool):
        message = f"“{key}” is neither true nor false"
        raise TypeError(message)
    return said


def _get_strings(raw: Mapping[str, Any], key: str) -> list[str]:
    said = raw.get(key) or []
    if not isinstance(said, list) or not all(isinstance(word, str) for word in said):
        message = f"“{key}” is no list of words"
        raise TypeError(message)
    return said


def _parse_minutes(raw: Any) -> int | None:  # noqa: ANN401
    if raw is None:
        return None
    if isinstance(raw, str):
        return parse_minutes(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= MAX_MINUTES:
        raise BadMinutes(str(raw))
    return raw
