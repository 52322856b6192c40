"""Answers that could not be saved: a file in the state folder, one JSON object a line."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from valuelog.model.entry import Kind
from valuelog.workflows.answers import Answer

FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
"""How the file is opened; its mode makes it private from the start."""

KEYS = ("day", "kind", "text", "question", "target")
"""What is kept of an answer, besides the journal that it is for."""


class UnsavedFile:
    """The answers that could not be saved in one journal."""

    def __init__(self, path: Path, journal: Path) -> None:
        """Name the file, which all journals share, and the journal."""
        self._path = path
        self._journal = os.path.realpath(journal)

    def load(self) -> tuple[Answer, ...]:
        """Return the answers for this journal, the oldest first; none if the file can't be read."""
        return tuple(
            answer for line in self._read_lines() if (answer := _parse_answer(line, self._journal)) is not None
        )

    def keep(self, answer: Answer) -> bool:
        """Add an answer; return whether that worked."""
        kind = str(answer.kind)
        values = (answer.day.isoformat(), kind, answer.text, answer.question, answer.target_id)
        record = {"journal": self._journal, **dict(zip(KEYS, values, strict=True))}
        try:
            self._write_lines([*self._read_lines(), json.dumps(record, ensure_ascii=False)])
        except OSError:
            return False
        return True

    def discard(self, answer: Answer) -> None:
        """Remove an answer."""
        lines = [line for line in self._read_lines() if _parse_answer(line, self._journal) != answer]
        with suppress(OSError):
            if lines:
                self._write_lines(lines)
            else:
                self._path.unlink(missing_ok=True)

    def _read_lines(self) -> list[str]:
        try:
            return self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return []

    def _write_lines(self, lines: Iterable[str]) -> None:
        """Replace the file, so that a full disk leaves it as it was."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(unfinished, FLAGS, 0o600), "w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
            unfinished.replace(self._path)
        finally:
            unfinished.unlink(missing_ok=True)


def _parse_answer(line: str, journal: str) -> Answer | None:
    """Return the answer in a line; None if it is damaged or for another journal."""
    try:
        record: Mapping[str, str] = json.loads(line)
        day, kind, text, question, target = (record[key] for key in KEYS)
        if record["journal"] != journal:
            return None
        return Answer(
            kind=Kind(kind) if kind in set(Kind) else kind,
            day=date.fromisoformat(day),
            text=text,
            question=question,
            target_id=target,
        )
    except (ValueError, LookupError, TypeError):
        return None
