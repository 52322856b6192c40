"""A Project: something that somebody owns over weeks, from the problem it begins with to what came of it."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from valuelog.model.errors import BadText, EndBeforeStart, ProjectClosed, ProjectOpen
from valuelog.model.period import format_full_day
from valuelog.model.text import quote


class ProjectState(StrEnum):
    """Whether a project still goes on."""

    OPEN = "open"
    CLOSED = "closed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """Something owned over weeks.

    Asked at the start: which `problem`, by which `measure` one will know, what shall be true at the end (`aim`). Asked
    at the end: what came of it (`result`), how one knows (`evidence`), what was learned (`lesson`).
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
        """What it is called."""
        return self.name

    @property
    def is_defined(self) -> bool:
        """Whether somebody said which problem it is about and how one will know."""
        return bool(self.problem and self.measure)

    def missing_fields(self, *, has_evidence: bool) -> tuple[str, ...]:
        """Return what should be said of it and is not; `proven` says whether any of its entries has evidence.

        One that was given up wants nothing; what came of it, and how one knows, is wanted once it is closed.
        """
        if self.state is ProjectState.DROPPED:
            return ()
        closed = self.state is ProjectState.CLOSED
        missing = {
            "problem": not self.problem,
            "measure": not self.measure,
            "result": closed and not self.result,
            "evidence": closed and bool(self.result) and not (self.evidence or has_evidence),
        }
        return tuple(name for name, wanted in missing.items() if wanted)

    def mark_closed(self, on: date, *, result: str | None, evidence: str | None, lesson: str | None) -> "Project":
        """Return it with what came of it. Raises ProjectClosed or TooEarly."""
        self.require_closable(on)
        return replace(self, state=ProjectState.CLOSED, closed_on=on, result=result, evidence=evidence, lesson=lesson)

    def mark_dropped(self, on: date, why: str) -> "Project":
        """Return it as given up; what that taught joins its lesson. Raises ProjectClosed or TooEarly."""
        self.require_closable(on)
        lesson = f"{self.lesson}\n{why}" if self.lesson else why
        return replace(self, state=ProjectState.DROPPED, closed_on=on, lesson=lesson)

    def reopen(self) -> "Project":
        """Return it as going on again, with all that was said of it. Raises ProjectOpen."""
        if self.state is ProjectState.OPEN:
            raise ProjectOpen(self.name)
        return replace(self, state=ProjectState.OPEN, closed_on=None)

    def require_closable(self, on: date) -> None:
        """Go on only if it can end on a day. Raises ProjectClosed or TooEarly."""
        if self.state is not ProjectState.OPEN:
            raise ProjectClosed(self.name, self.slug, str(self.state))
        if on < self.started_on:
            raise EndBeforeStart(format_full_day(on), "started", format_full_day(self.started_on))


def slugify(name: str) -> str:
    """Write the name of a project as one word: Refund flow → refund-flow. Raises BadText where nothing is left."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    slug = re.sub(r"[^\w]+", "-", plain).strip("-_")
    if not slug:
        raise BadText(f"{quote(name)} cannot name a project.", "Use at least one letter or digit.")
    return slug


_PROJECT_MENTION = re.compile(r"(?<!\S)\+([^\W\d_][\w-]*\w)")


_SINGLE_LETTER_MENTION = re.compile(r"(?<!\S)\+([^\W\d_])(?![\w-])")


def project_in(text: str) -> str | None:
    """Return the project that a text joins as +name, the first if it names several; +1 is none."""
    found = _PROJECT_MENTION.search(text)
    return found[1] if found else None


def single_letter_in(text: str) -> str | None:
    """Return the one letter that stands as +x in a text; it may be mathematics, or the name of a project."""
    found = _SINGLE_LETTER_MENTION.search(text)
    return found[1] if found else None
