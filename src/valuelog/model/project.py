"""Projects you own, from problem to result."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from valuelog.model.errors import BadText, EndBeforeStart, ProjectClosed, ProjectOpen
from valuelog.model.period import format_full_day
from valuelog.model.text import quote


class ProjectState(StrEnum):
    """The state of a project."""

    OPEN = "open"
    CLOSED = "closed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """Something you own for weeks.

    Asked at the start: the `problem`, the `measure` of success, the `aim`. Asked at the end: the `result`, its
    `evidence`, the `lesson`. The `result` of a dropped project is the reason why it was dropped.
    """

    id: str
    slug: str
    name: str
    started_on: date
    created: datetime
    state: ProjectState = ProjectState.OPEN
    problem: str | None = None
    measure: str | None = None
    aim: str | None = None
    result: str | None = None
    evidence: str | None = None
    lesson: str | None = None
    closed_on: date | None = None
    deleted: datetime | None = None

    @property
    def text(self) -> str:
        """The name, as the text of an entity."""
        return self.name

    @property
    def is_defined(self) -> bool:
        """Whether its problem and its measure are known."""
        return bool(self.problem and self.measure)

    def missing_fields(self, *, has_evidence: bool) -> tuple[str, ...]:
        """Return the names of the answers that are expected but missing.

        A dropped project lacks nothing; a closed one also needs a result with evidence, its own or an entry's
        (`has_evidence`).
        """
        if self.state is ProjectState.DROPPED:
            return ()
        is_closed = self.state is ProjectState.CLOSED
        missing = {
            "problem": not self.problem,
            "measure": not self.measure,
            "result": is_closed and not self.result,
            "evidence": is_closed and bool(self.result) and not (self.evidence or has_evidence),
        }
        return tuple(name for name, is_missing in missing.items() if is_missing)

    def mark_closed(self, on: date, *, result: str | None, evidence: str | None, lesson: str | None) -> "Project":
        """Close it with its result. Raises ProjectClosed or EndBeforeStart."""
        self.require_closable(on)
        return replace(self, state=ProjectState.CLOSED, closed_on=on, result=result, evidence=evidence, lesson=lesson)

    def mark_dropped(self, on: date, reason: str, *, lesson: str | None = None) -> "Project":
        """Drop it; the reason joins its result, what it taught its lesson. Raises ProjectClosed or EndBeforeStart."""
        self.require_closable(on)
        return replace(
            self,
            state=ProjectState.DROPPED,
            closed_on=on,
            result=_join_lines(self.result, reason),
            lesson=_join_lines(self.lesson, lesson),
        )

    def reopen(self) -> "Project":
        """Reopen it; all answers stay. Raises ProjectOpen."""
        if self.state is ProjectState.OPEN:
            raise ProjectOpen(self.name)
        return replace(self, state=ProjectState.OPEN, closed_on=None)

    def require_closable(self, on: date) -> None:
        """Raise ProjectClosed, or EndBeforeStart if it started after a day."""
        if self.state is not ProjectState.OPEN:
            raise ProjectClosed(self.name, self.slug, str(self.state))
        if on < self.started_on:
            raise EndBeforeStart(format_full_day(on), "started", format_full_day(self.started_on))


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """A reading of the measure of a project; `project` is its id."""

    id: str
    project: str
    day: date
    value: str
    created: datetime
    deleted: datetime | None = None

    @property
    def number(self) -> float | None:
        """The first number in the value: 3 of “3 days”, 1200 of “1,200 €”."""
        return parse_number(self.value)


MAX_NUMBER_LENGTH = 18
"""Maximum length of a number in a text, in characters: more digits have no exact value."""


def parse_number(text: str) -> float | None:
    """Return the first number in a text, or None. A comma separates thousands if three digits follow each."""
    match = re.search(r"(?<![\w.,])[-−]?\d+(?:[.,]\d+)*", text)
    if not match or len(match[0]) > MAX_NUMBER_LENGTH:
        return None
    digits = match[0].replace("−", "-")
    has_thousands = re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", digits)
    try:
        return float(digits.replace(",", "" if has_thousands else "."))
    except ValueError:  # several decimal points: a version or a date
        return None


def _join_lines(*texts: str | None) -> str | None:
    return "\n".join(filter(None, texts)) or None


def slugify(name: str) -> str:
    """Turn a name into a slug: Refund flow → refund-flow. Raises BadText without a letter or digit."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    slug = re.sub(r"[^\w]+", "-", plain).strip("-_")
    if not slug:
        raise BadText(f"{quote(name)} can't be a project name.", "Use at least one letter or digit.")
    return slug


_PROJECT_MENTION = r"(?<!\S)\+([^\W\d_][\w-]*\w)"
_SINGLE_LETTER_MENTION = r"(?<!\S)\+([^\W\d_])(?![\w-])"


def project_in(text: str) -> str | None:
    """Return the first +name in a text; +1 is not one."""
    match = re.search(_PROJECT_MENTION, text) if "+" in text else None
    return match[1] if match else None


def single_letter_in(text: str) -> str | None:
    """Return the first single letter +x in a text: a project of that name, or mathematics."""
    match = re.search(_SINGLE_LETTER_MENTION, text) if "+" in text else None
    return match[1] if match else None
