"""Answers that could not be saved: a file in the state folder, one JSON object a line."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from valuelog.journal.files import lock_folder, sync_folder, write_file
from valuelog.journal.ids import is_id_prefix
from valuelog.model.entry import Kind, clean_text
from valuelog.model.errors import BadText
from valuelog.model.period import FIRST_YEAR
from valuelog.model.question import EVIDENCE, KINDS
from valuelog.questions.catalogue import PROMISE_KINDS
from valuelog.workflows.answers import Answer
from valuelog.workflows.pains import FOLLOW_UP_QUESTIONS

KEYS = ("day", "kind", "text", "question", "target")
"""What is kept of an answer, besides the journal that it is for."""

ANSWER_KINDS = frozenset({*KINDS, *PROMISE_KINDS})
"""The kinds of answers that are about nothing else."""

DETAIL_KINDS = frozenset({EVIDENCE, *(field for field, _ in FOLLOW_UP_QUESTIONS)})
"""The kinds of answers about an entry or a pain point: what they fill in there."""


class UnsavedFile:
    """The answers that could not be saved in one journal.

    Lines for other journals, and lines that hold no valid answer, are left as they are.
    """

    def __init__(self, path: Path, journal: Path, today: date) -> None:
        """Name the file, which all journals share, and the journal. Answers about days after today are invalid."""
        self._path = path
        self._journal = os.path.realpath(journal)
        self._today = today

    def load(self) -> tuple[Answer, ...]:
        """Return the answers for this journal, each once, the oldest first; none if the file can't be read."""
        try:
            parsed = map(self._parse_answer, _read_lines(self._path))
        except OSError:
            return ()
        return tuple(dict.fromkeys(answer for answer in parsed if answer is not None))

    def keep(self, answer: Answer) -> bool:
        """Add an answer unless it is there already; return whether it is offered again."""
        kind = str(answer.kind)
        values = (answer.day.isoformat(), kind, answer.text, answer.question, answer.target_id)
        line = _format_line({"journal": self._journal, **dict(zip(KEYS, values, strict=True))})
        parsed = self._parse_answer(line)
        try:
            with lock_folder(self._path.parent):
                self._append(line, parsed)
        except OSError:
            return False
        return parsed is not None

    def _append(self, line: str, parsed: Answer | None) -> None:
        lines = _read_lines(self._path)
        if line not in lines and parsed not in self.load():
            _write_lines(self._path, [*lines, line])

    def discard(self, answer: Answer) -> None:
        """Remove an answer."""
        with suppress(OSError), lock_folder(self._path.parent):
            lines = [line for line in _read_lines(self._path) if self._parse_answer(line) != answer]
            if lines:
                _write_lines(self._path, lines)
            else:
                self._path.unlink(missing_ok=True)
                sync_folder(self._path.parent)

    def _parse_answer(self, line: str) -> Answer | None:
        """Return the answer in a line; None if it is invalid or for another journal."""
        record = _parse_record(line)
        if record.get("journal") != self._journal:
            return None
        try:
            answer = _build_answer(*(record[key] for key in KEYS))
        except (ValueError, LookupError, TypeError, BadText):
            return None
        return answer if answer.day <= self._today else None


def replace_journal(path: Path, old: str, new: Path) -> None:
    """Assign the answers for a journal that was moved to its new path. `old` is its real path before that."""
    with suppress(OSError), lock_folder(path.parent):
        lines = _read_lines(path)
        replaced = [_replace_journal_in(line, old, os.path.realpath(new)) for line in lines]
        if replaced != lines:
            _write_lines(path, replaced)


def _replace_journal_in(line: str, old: str, new: str) -> str:
    record = _parse_record(line)
    return _format_line({**record, "journal": new}) if record.get("journal") == old else line


def _format_line(record: dict[str, Any]) -> str:
    """Return a record as ASCII, so that a path that isn't UTF-8 can be written, too."""
    return json.dumps(record, ensure_ascii=True)


def _parse_record(line: str) -> dict[str, Any]:
    """Return the object in a line; an empty one if it has none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _build_answer(day: str, kind: str, text: str, question: str | None, target: str | None) -> Answer:
    """Return an answer from values of any type. Raises ValueError, TypeError or BadText."""
    if kind not in (ANSWER_KINDS if target is None else DETAIL_KINDS):
        raise ValueError(kind)
    if target is not None and not is_id_prefix(target):
        raise ValueError(target)
    parsed_day = date.fromisoformat(day)
    if parsed_day.year < FIRST_YEAR:
        raise ValueError(day)
    return Answer(
        kind=Kind(kind) if kind in set(Kind) else kind,
        day=parsed_day,
        text=clean_text(_require_text(text)),
        question=None if question is None else clean_text(_require_text(question)),
        target_id=None if target is None else _require_text(target),
    )


def _require_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _read_lines(path: Path) -> list[str]:
    """Return the lines; bytes that aren't UTF-8 become surrogates, which `_write_lines` turns back into the bytes."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    return content.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n") if content else []


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    write_file(path, b"".join(f"{line}\n".encode("utf-8", "surrogateescape") for line in lines))


def remove_answers(path: Path, ids: frozenset[str], texts: frozenset[str]) -> None:
    """Remove the answers for any journal that are about one of some ids, or contain one of some texts."""
    with lock_folder(path.parent):
        lines = _read_lines(path)
        staying = [line for line in lines if not _mentions(_parse_record(line), ids, texts)]
        if not staying:
            path.unlink(missing_ok=True)
            sync_folder(path.parent)
        elif staying != lines:
            _write_lines(path, staying)


def _mentions(record: dict[str, Any], ids: frozenset[str], texts: frozenset[str]) -> bool:
    words = str(record.get("text", ""))
    return record.get("target") in ids or any(text in words for text in texts if text.strip())
