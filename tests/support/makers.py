"""Factories for values: a test names only the fields that matter to it."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from sqlite3 import ProgrammingError
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from valuelog.cli.choices import find_keys, find_option
from valuelog.journal.store import Journal, open_journal
from valuelog.model.entry import Entry, Kind
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.project import Project, slugify
from valuelog.model.promise import Promise, PromiseKind
from valuelog.model.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FRIDAY = date(2026, 11, 20)
"""The date of most tests."""

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=1)))

_numbers = count()


def make_id() -> str:
    """Make a unique id."""
    return f"{next(_numbers):010d}"


def make_entry(**facts: Any) -> Entry:  # noqa: ANN401  fields of an Entry
    """Make an Entry, by default an activity of FRIDAY."""
    defaults = {"id": make_id(), "day": FRIDAY, "kind": Kind.ACTIVITY, "text": "audit mails", "created": NOON}
    return Entry(**{**defaults, **facts})


def make_pain(*days: date, **facts: Any) -> PainPoint:  # noqa: ANN401  fields of a PainPoint
    """Make a PainPoint seen on some days, by default on FRIDAY."""
    sightings = tuple(Sighting(id=make_id(), day=day, text="again", created=NOON) for day in days or (FRIDAY,))
    defaults = {"id": make_id(), "text": "the deploy waits on one approver", "created": NOON, "sightings": sightings}
    return PainPoint(**{**defaults, **facts})


def make_project(name: str = "Refund flow", **facts: Any) -> Project:  # noqa: ANN401  fields of a Project
    """Make a Project started on FRIDAY, without details."""
    defaults = {"id": make_id(), "slug": slugify(name), "name": name, "started_on": FRIDAY, "created": NOON}
    return Project(**{**defaults, **facts})


def make_promise(text: str = "the Monday report", **facts: Any) -> Promise:  # noqa: ANN401  fields of a Promise
    """Make a Promise of FRIDAY to stop something within a week."""
    defaults = {
        "id": make_id(), "kind": PromiseKind.STOP, "text": text, "made_on": FRIDAY, "due": FRIDAY + timedelta(days=7),
        "created": NOON,
    }  # fmt: skip
    return Promise(**{**defaults, **facts})


def make_tally(work: int = 0, value: int = 0, **kinds: int) -> Tally:
    """Make a Tally: `value` counts as improvements; further kinds by name."""
    counts = {Kind.ACTIVITY: work, Kind.IMPROVEMENT: value, **{Kind(name): number for name, number in kinds.items()}}
    return Tally(counts={kind: number for kind, number in counts.items() if number}, days=5 * any(counts.values()))


def open_test_journal(folder: "Path", *, write: bool = True, device: str = "a-laptop") -> Journal:
    """Open a real journal in a folder."""
    return close_after_test(open_journal(folder / "journal.db", device, lambda: datetime.now(UTC), write=write))


class Closable(Protocol):
    """A journal or a connection."""

    def close(self) -> None:
        """Close it; twice does nothing."""


Opened = TypeVar("Opened", bound=Closable)
_opened: "list[Closable]" = []


def close_after_test(opened: Opened) -> Opened:
    """Close a journal or connection after the running test, unless the test does; return it."""
    _opened.append(opened)
    return opened


def close_opened() -> None:
    """Close everything given to `close_after_test`; connections of other threads were closed there."""
    while _opened:
        with suppress(ProgrammingError):
            _opened.pop().close()


WEEK_OFFER = "Look at your week now?"
"""What an evening of a Friday ends with."""

GO_BACK = "<Up>"
"""The scripted answer that presses Up on an empty line."""


@dataclass
class ScriptedPrompter:
    """A Prompter with scripted answers: texts, booleans, options, or exceptions to raise.

    `prompts` records all headings, labels and error messages, with the default of an edited line; `notes` records what
    answers became. GO_BACK presses Up.
    """

    answers: "list[Any]"
    prompts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    can_go_back = True

    def _next(self, label: str) -> Any:  # noqa: ANN401  any answer
        self.prompts.append(label)
        answer = self.answers.pop(0) if self.answers else ""
        if isinstance(answer, type) and issubclass(answer, BaseException):
            raise answer
        return answer

    def show_heading(self, text: str, hint: str = "") -> None:
        """Record the heading."""
        del hint
        self.prompts.append(text)

    def show_note(self, text: str) -> None:
        """Record the note."""
        self.notes.append(text)

    def ask_text(
        self,
        label: str = "",
        completions: "Sequence[str]" = (),
        *,
        validate: "Callable[[str], object]",
        explanation: str = "",
        default: str = "",
        go_back: "Callable[[], object] | None" = None,
    ) -> str:
        """Answer with the next text that passes validation."""
        del completions, explanation
        while answer := str(self._next(f"{label} {default}".strip())):
            if answer == GO_BACK:
                assert go_back, "There is no answer to go back to."
                go_back()
                continue
            try:
                validate(answer)
            except BadInput as error:
                self.prompts.append(error.message)
            else:
                return answer
        return ""

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Answer with the next boolean, or the default; an offer of the week is declined without a record."""
        if question == WEEK_OFFER and self.answers[:1] != [True]:
            return False
        answer = self._next(question)
        return default if answer == "" else bool(answer)

    def choose(
        self,
        label: str,
        options: "Sequence[str]",
        default: str = "",
        notes: "Sequence[str]" = (),
        *,
        explanation: str = "",
    ) -> str:
        """Answer with the option that the next answer names, or the default."""
        del notes, explanation
        while answer := self._next(label):
            if option := find_option(answer, options):
                return option
            self.prompts.append(f"Type one of {' '.join(find_keys(options))}, or press Enter.")
        return default

    def select_one(self, label: str, options: "Sequence[str]", default: int = 0, *, explanation: str = "") -> int:
        """Answer with the index of the next option, or the default."""
        del explanation
        answer = self._next(label)
        return default if answer == "" else list(options).index(answer)

    def pick(self, label: str, options: "Sequence[str]") -> int:
        """Answer with the index of the first option that contains the next answer."""
        answer = self._next(label)
        return next(index for index, option in enumerate(options) if str(answer) in option)

    def select_many(
        self, label: str, options: "Sequence[str]", *, preselected: bool = False, explanation: str = ""
    ) -> tuple[int, ...]:
        """Answer with the indexes of the next options, or the default."""
        del explanation
        answer = self._next(label)
        if answer == "" and preselected:
            return tuple(range(len(options)))
        return tuple(list(options).index(option) for option in answer or ())
