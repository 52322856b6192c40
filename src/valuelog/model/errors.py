"""The errors that users see: each has a message, and a hint about what to do.

`valuelog.cli.errors` decides on exit codes and shows them.
"""

from collections.abc import Iterable, Sequence

from valuelog.model.text import quote

MAX_PROJECTS_LISTED = 20
"""The number of projects listed if none has a similar name."""

MAX_CHOICES_LISTED = 10
"""Up to this number, all choices are listed even if one is similar."""


class ValuelogError(Exception):
    """Something cannot be done; the base class of all errors that users see."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Set `message`, what is wrong, and `hint`, what to do about it."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(ValuelogError):
    """Invalid user input (exit code 2)."""


class BadText(BadInput):
    """A text that is empty, too long, or has control or bidi characters."""


class NoAnswer(BadText):
    """A text that says nothing, such as “none” alone."""

    def __init__(self, text: str) -> None:
        """Quote the text."""
        super().__init__(f"{quote(text)} alone says nothing.", "Say what happened, or leave it out.")


class BadMinutes(BadInput):
    """A text that is no duration, or a duration of no minute or of more than a day."""

    def __init__(self, words: str) -> None:
        """Quote the words."""
        super().__init__(f"{quote(words)} is not a duration, or is longer than a day.", "Write 90, 90m, 2h or 1h30m.")


class UnknownChoice(BadInput):
    """A word that is not one of a fixed set of choices (kinds, effects, settings …)."""

    def __init__(self, what: str, word: str, choices: Iterable[str]) -> None:
        """Suggest the most similar choice; list all if there are few or none is similar."""
        self.word = word
        self.choices = tuple(choices)
        super().__init__(f"There is no {what} {quote(word)}.", self._suggestion())

    def _suggestion(self) -> str:
        from valuelog.model.nearest import did_you_mean  # noqa: PLC0415  only on error

        question = did_you_mean(self.word, self.choices)
        listed = (
            f"Choose from: {', '.join(self.choices)}."
            if not question or len(self.choices) <= MAX_CHOICES_LISTED
            else ""
        )
        return f"{question}{listed}".rstrip()


_PAST_DAY_EXAMPLES = "Write today, yesterday, fri, 3 days ago, 20 nov or 2026-11-20."
_FUTURE_DAY_EXAMPLES = "Write a future day: tomorrow, fri, next week, 4 dec or 2026-12-04."


class BadDay(BadInput):
    """Words that are not a day."""

    def __init__(self, words: str, *, is_future: bool = False, suggestion: str | None = None) -> None:
        """Quote the words; the hint has a corrected spelling, and examples of past or future days."""
        hint = _FUTURE_DAY_EXAMPLES if is_future else _PAST_DAY_EXAMPLES
        super().__init__(f"{quote(words)} is not a day.", f"Did you mean {suggestion}? {hint}" if suggestion else hint)


class AmbiguousDay(BadInput):
    """Words with two readings, such as 3/4."""

    def __init__(self, words: str, readings: tuple[str, str], exact: tuple[str, str]) -> None:
        """Show both readings, and the unambiguous form of each."""
        super().__init__(
            f"{quote(words)} could be {readings[0]} or {readings[1]}.",
            f"Write {exact[0]} or {exact[1]}.",
        )


class FutureDay(BadInput):
    """A future day where only days up to today are allowed."""

    def __init__(self, spelled: str) -> None:
        """Take the day in words."""
        super().__init__(f"{spelled} is in the future.", "Write today or an earlier day.")


class BadPeriod(BadInput):
    """Words that are not a period."""

    def __init__(self, words: str, *, suggestion: str | None = None) -> None:
        """Quote the words; the hint has a corrected spelling and examples."""
        hint = "Write this week, last month, 2026-W47, 2026-11, 2026-Q4, 2026 or 2026-11-02..2026-11-20."
        super().__init__(
            f"{quote(words)} is not a day or a period.", f"Did you mean {suggestion}? {hint}" if suggestion else hint
        )


_LIST_COMMANDS = {"pain point": "valuelog pain", "promise": "valuelog promise", "project": "valuelog project"}
"""The command that lists the ids of a type; all others are in `valuelog list`."""


class UnknownId(ValuelogError):
    """No id has this prefix."""

    def __init__(self, words: str, entities: Sequence[str]) -> None:
        """Quote the prefix; `entities` are the types that were searched."""
        *first, last = (name.replace("pain", "pain point") for name in entities)
        what = f"{', '.join(first)} or {last}" if first else last
        where = _LIST_COMMANDS.get(what, "valuelog list")
        super().__init__(f"No {what} has an id that begins with {quote(words)}.", f"List ids with: {where}")


class UnknownProject(ValuelogError):
    """There is no project with this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Suggest the most similar project, or list up to MAX_PROJECTS_LISTED."""
        from valuelog.model.nearest import nearest  # noqa: PLC0415  only on error

        names = tuple(known)
        more = ", …: valuelog project list --all" if len(names) > MAX_PROJECTS_LISTED else "."
        listed = (
            f"Your projects: {', '.join(names[:MAX_PROJECTS_LISTED])}{more}" if names else "There are no projects yet."
        )
        near = nearest(name, names)
        super().__init__(f"There is no project {quote(name)}.", f"Did you mean {near}?" if near else listed)


class AmbiguousId(ValuelogError):
    """Several ids have this prefix."""

    def __init__(self, words: str, candidates: Iterable[tuple[str, str]]) -> None:
        """List the candidates, each an id and its text."""
        self.candidates = tuple(candidates)
        listed = "\n".join(f"  {short_id}  {text}" for short_id, text in self.candidates)
        super().__init__(f"{quote(words)} matches {len(self.candidates)} ids.", f"Type more letters:\n{listed}")


class PainClosed(ValuelogError):
    """A fixed or dropped pain point cannot be changed."""

    def __init__(self, text: str) -> None:
        """Quote its text."""
        super().__init__(f"{quote(text)} is already closed.", "If it came back, log it again: valuelog pain add")


class NotTwoPains(BadInput):
    """A pain point cannot be merged into itself."""

    def __init__(self, text: str) -> None:
        """Quote its text."""
        super().__init__(f"Both ids are the same pain point, {quote(text)}.", "Give two: valuelog pain merge ID INTO")


class ProjectClosed(ValuelogError):
    """A project that is closed or dropped cannot be closed again."""

    def __init__(self, name: str, slug: str, state: str) -> None:
        """Quote its name and state; the hint has commands for its slug."""
        more = f'Add its result with: valuelog project edit {slug} --result "…"; reopen it with'
        super().__init__(
            f"{quote(name)} is already {state}.",
            f"{more if state == 'closed' else 'Reopen it with'}: valuelog project reopen {slug}",
        )


class ProjectOpen(ValuelogError):
    """An open project cannot be reopened."""

    def __init__(self, name: str) -> None:
        """Quote its name."""
        super().__init__(f"{quote(name)} is already open.", "See it with: valuelog project")


class ProjectExists(ValuelogError):
    """Another project has this name."""

    def __init__(self, name: str, slug: str, state: str) -> None:
        """Quote its name and state; the hint has commands for its slug."""
        more = f"See it with: valuelog project show {slug}; change it with: valuelog project edit {slug}"
        hint = more if state == "open" else "Give the new one another name."
        super().__init__(f"There is already a project {quote(name)}; it is {state}.", hint)


class PromiseClosed(ValuelogError):
    """A settled promise cannot be settled again."""

    def __init__(self, text: str, state: str) -> None:
        """Quote its text and state."""
        super().__init__(f"{quote(text)} is already {state}.", "Promise it again with: valuelog promise make")


class DueDateNotLater(BadInput):
    """A promise must be carried over to a later day."""

    def __init__(self, due: str) -> None:
        """Take the current due day in words."""
        hint = "Choose a later day: valuelog promise carry ID --by WHEN"
        super().__init__(f"It is already due on {due}.", hint)


class PastDay(BadInput):
    """A past day where only days from today on are allowed."""

    def __init__(self, spelled: str) -> None:
        """Take the day in words."""
        super().__init__(f"{spelled} is in the past.", _FUTURE_DAY_EXAMPLES)


class EndBeforeStart(BadInput):
    """An end day before the day of the start."""

    def __init__(self, day: str, began: str, since: str) -> None:
        """Take both days in words; `began` is how it started, such as promised."""
        super().__init__(f"{day} is too early: it was {began} on {since}.", "Write that day or a later one.")


class Stopped(ValuelogError):
    """The user stopped at a question; all answers confirmed before are saved."""
