"""What can go wrong, as values: the facts, one sentence for a person, and what to do about it.

Nothing here knows of exit codes or of a terminal; `valuelog.cli.errors` does.
"""

from collections.abc import Iterable, Sequence

from valuelog.model.text import quote

MAX_PROJECTS_LISTED = 20
"""So many projects are named where none is like the one that was wanted."""

MAX_CHOICES_LISTED = 10
"""So many choices are listed even if it is clear which one was meant."""


class ValuelogError(Exception):
    """Something could not be done; `hint` says what a person can do now."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the sentence that says what is, and the one that says what to do."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(ValuelogError):
    """What was written cannot be meant; writing it differently mends it."""


class BadText(BadInput):
    """A text that no journal should hold: empty, endless, or with characters that act."""


class BadMinutes(BadInput):
    """A duration that is none, or longer than a day."""

    def __init__(self, words: str) -> None:
        """Remember what was written."""
        super().__init__(f"{quote(words)} is not a length of time within a day.", "Write 90, 90m, 2h or 1h30m.")


class UnknownChoice(BadInput):
    """A word out of a list (a kind, an effect, a setting …) that is not on that list."""

    def __init__(self, what: str, word: str, choices: Iterable[str]) -> None:
        """Name the nearest word on the list, and the list if it is short or no word on it is near."""
        self.word = word
        self.choices = tuple(choices)
        super().__init__(f"There is no {what} {quote(word)}.", self._suggestion())

    def _suggestion(self) -> str:
        from valuelog.model.nearest import did_you_mean  # noqa: PLC0415  only a mistake pays for it

        meant = did_you_mean(self.word, self.choices)
        listed = f"Known: {', '.join(self.choices)}." if not meant or len(self.choices) <= MAX_CHOICES_LISTED else ""
        return f"{meant}{listed}".rstrip()


_PAST_DAY_EXAMPLES = "Write today, yesterday, fri, 3 days ago, 20 nov or 2026-11-20."
_FUTURE_DAY_EXAMPLES = "Write a day to come: tomorrow, fri, next week, 4 dec or 2026-12-04."


class BadDay(BadInput):
    """Words that name no day."""

    def __init__(self, words: str, *, is_future: bool = False, suggestion: str | None = None) -> None:
        """Remember what was written, whether a day to come was wanted, and what was probably meant."""
        hint = _FUTURE_DAY_EXAMPLES if is_future else _PAST_DAY_EXAMPLES
        super().__init__(f"{quote(words)} is not a day.", f"Did you mean {suggestion}? {hint}" if suggestion else hint)


class AmbiguousDay(BadInput):
    """Words that name two days, such as 3/4."""

    def __init__(self, words: str, readings: tuple[str, str], exact: tuple[str, str]) -> None:
        """Show both readings and how to write each so that it is clear."""
        super().__init__(
            f"{quote(words)} could be {readings[0]} or {readings[1]}.",
            f"Write {exact[0]} or {exact[1]}.",
        )


class FutureDay(BadInput):
    """A day that has not come yet, where only past days make sense."""

    def __init__(self, spelled: str) -> None:
        """Remember the day, spelled out."""
        super().__init__(f"{spelled} has not come yet.", "Write today, or a day before it.")


class BadPeriod(BadInput):
    """Words that name no range of days."""

    def __init__(self, words: str, *, suggestion: str | None = None) -> None:
        """Remember what was written, and what was probably meant."""
        hint = "Write this week, last month, 2026-W47, 2026-11, 2026-Q4, 2026 or 2026-11-02..2026-11-20."
        super().__init__(
            f"{quote(words)} is not a day or a period.", f"Did you mean {suggestion}? {hint}" if suggestion else hint
        )


_LIST_COMMANDS = {"pain point": "valuelog pain", "promise": "valuelog promise", "project": "valuelog project"}
"""Which command shows the ids of what is not listed with the entries."""


class UnknownId(ValuelogError):
    """Nothing has an id that begins like this."""

    def __init__(self, words: str, entities: Sequence[str]) -> None:
        """Remember what was written, and which kinds of things were looked for."""
        *first, last = (name.replace("pain", "pain point") for name in entities)
        what = f"{', '.join(first)} or {last}" if first else last
        where = _LIST_COMMANDS.get(what, "valuelog list")
        super().__init__(f"No {what} has an id that begins with {quote(words)}.", f"See the ids with: {where}")


class UnknownProject(ValuelogError):
    """No project has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Name the project that was probably meant, or some of those that there are."""
        from valuelog.model.nearest import nearest  # noqa: PLC0415  only a mistake pays for it

        every = tuple(known)
        more = ", …: valuelog project list --all" if len(every) > MAX_PROJECTS_LISTED else "."
        listed = f"Known: {', '.join(every[:MAX_PROJECTS_LISTED])}{more}" if every else "No project has begun yet."
        near = nearest(name, every)
        super().__init__(f"There is no project {quote(name)}.", f"Did you mean {near}?" if near else listed)


class AmbiguousId(ValuelogError):
    """Several things have an id that begins like this."""

    def __init__(self, words: str, candidates: Iterable[tuple[str, str]]) -> None:
        """List the candidates: their ids and what each one says."""
        self.candidates = tuple(candidates)
        listed = "\n".join(f"  {name}  {text}" for name, text in self.candidates)
        super().__init__(f"{quote(words)} could be {len(self.candidates)} things.", f"Write one more letter:\n{listed}")


class PainClosed(ValuelogError):
    """A fixed or dropped pain point cannot be changed."""

    def __init__(self, text: str) -> None:
        """Remember which one."""
        super().__init__(f"{quote(text)} is already closed.", "If it came back, log it again: valuelog pain add")


class ProjectClosed(ValuelogError):
    """A project that is closed or dropped cannot be closed again."""

    def __init__(self, name: str, slug: str, state: str) -> None:
        """Remember which one, and what became of it."""
        more = f'Add its result with: valuelog project edit {slug} --result "…"; reopen it with'
        super().__init__(
            f"{quote(name)} is already {state}.",
            f"{more if state == 'closed' else 'Reopen it with'}: valuelog project reopen {slug}",
        )


class ProjectOpen(ValuelogError):
    """An open project cannot be reopened."""

    def __init__(self, name: str) -> None:
        """Remember which one."""
        super().__init__(f"{quote(name)} is already open.", "See it with: valuelog project")


class ProjectExists(ValuelogError):
    """Another project has this name."""

    def __init__(self, name: str, slug: str, state: str) -> None:
        """Remember which one, and what became of it."""
        more = f"See it with: valuelog project show {slug}; change it with: valuelog project edit {slug}"
        hint = more if state == "open" else "Give the new one another name."
        super().__init__(f"There is already a project {quote(name)}; it is {state}.", hint)


class PromiseClosed(ValuelogError):
    """A settled promise cannot be settled again."""

    def __init__(self, text: str, state: str) -> None:
        """Remember which one, and what became of it."""
        super().__init__(f"{quote(text)} is already {state}.", "Promise it again with: valuelog promise make")


class DueDateNotLater(BadInput):
    """A promise must be carried over to a later day."""

    def __init__(self, due: str) -> None:
        """Say until when it is due now, spelled out."""
        hint = "Name a later day: valuelog promise carry ID --by WHEN"
        super().__init__(f"It is already due on {due}.", hint)


class PastDay(BadInput):
    """A day that is over, where only days to come make sense."""

    def __init__(self, spelled: str) -> None:
        """Remember the day, spelled out."""
        super().__init__(f"{spelled} is over.", _FUTURE_DAY_EXAMPLES)


class EndBeforeStart(BadInput):
    """A day on which something shall have ended, before it began."""

    def __init__(self, day: str, began: str, since: str) -> None:
        """Remember both days, spelled out, and how it began."""
        super().__init__(f"{day} is too early: it was {began} on {since}.", "Write that day or a later one.")


class Stopped(ValuelogError):
    """A person broke off at a question; what they confirmed before is kept."""
