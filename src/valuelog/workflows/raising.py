"""Raise an insight or a pain point with others: when that was, what came of it, and the value that it led to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from valuelog.journal import entries, pains
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, Kind, clean_text
from valuelog.model.errors import BadInput, EndBeforeStart, Stopped
from valuelog.model.fields import changed_fields
from valuelog.model.pain import PainPoint
from valuelog.model.period import format_full_day
from valuelog.model.text import quote, truncate_line
from valuelog.workflows.answers import Answer
from valuelog.workflows.confirmation import Confirmation, build_confirmation
from valuelog.workflows.entries import create_entry
from valuelog.workflows.followed import short_id
from valuelog.workflows.lookup import list_completions
from valuelog.workflows.prompter import Prompter

ACT = "raise"
"""The act in the log."""

RAISED_QUESTION = "raised"
"""The question of the catalogue that the new value entry answers: what you pointed out that others acted on."""

MAX_QUOTE_LENGTH = 80
"""How many characters of what was raised the new value entry quotes."""

WHAT_CAME_OF_IT = "what came of it?"
DID_IT_HELP = "Did it make something better?"

_KIND_OPTIONS = {
    None: "not yet",
    Kind.OUTCOME: "outcome\tothers decided or acted",
    Kind.IMPROVEMENT: "improvement\tsomething works better",
    Kind.HELPED: "helped\tsomeone got further",
}


class NotRaisable(BadInput):
    """An entry that is no insight."""

    def __init__(self, entry: Entry) -> None:
        """Name its kind."""
        super().__init__(
            f"{quote(entry.headline)} is logged as {entry.kind}, not as an insight or a pain point.",
            "See what you can raise: valuelog brief",
        )


class OutcomeMissing(BadInput):
    """A kind of value without the words for it."""

    def __init__(self, id_prefix: str) -> None:
        """Show where the words go."""
        super().__init__(
            "--kind logs what came of it as value, and there are no words for that.",
            f'Example: valuelog brief raised {id_prefix} "both teams share one report now" --kind outcome',
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Raising:
    """What is raised: its id or prefix, what came of it, as which kind of value, and when; None is today."""

    id_prefix: str
    outcome: str = ""
    kind: Kind | None = None
    day: date | None = None


def raise_point(
    journal: Journal,
    raising: Raising,
    today: date,
    clock: Callable[[], datetime],
    find_prompter: Callable[[], Prompter | None],
) -> tuple[Confirmation, ...]:
    """Save that something was raised, and the value it led to, in one batch; ask what isn't given.

    Raises UnknownId, AmbiguousId, NotRaisable, OutcomeMissing, EndBeforeStart or Stopped.
    """
    item = find_raisable(journal, raising.id_prefix)
    _require_raisable_on(item, raising.day or today)
    prompter = find_prompter() if raising.kind is None else None
    if raising.kind and not raising.outcome:
        raise OutcomeMissing(raising.id_prefix)
    return _Writer(journal, item, raising.day, today, clock).run(raising.outcome, raising.kind, prompter)


def find_raisable(journal: Journal, id_prefix: str) -> Entry | PainPoint:
    """Return the insight or pain point with an id. Raises UnknownId, AmbiguousId or NotRaisable."""
    entity, entity_id = journal.resolve_id(id_prefix, "entry", "pain")
    if entity == "pain":
        return pains.get(journal, entity_id)
    entry = entries.get(journal, entity_id)
    if entry.kind is not Kind.INSIGHT:
        raise NotRaisable(entry)
    return entry


def _require_raisable_on(item: Entry | PainPoint, day: date) -> None:
    """Raise EndBeforeStart if something was logged after a day."""
    logged = item.day if isinstance(item, Entry) else item.first_seen
    if day < logged:
        raise EndBeforeStart(format_full_day(day), "logged", format_full_day(logged))


class _Writer:
    """Writes one raising; each answer is saved when it is given, all in one batch."""

    def __init__(
        self,
        journal: Journal,
        item: Entry | PainPoint,
        day: date | None,
        today: date,
        clock: Callable[[], datetime],
    ) -> None:
        self._journal = journal
        self._item = item
        self._day = day
        self._today = today
        self._clock = clock
        self._batch = new_id()

    def run(self, outcome: str, kind: Kind | None, prompter: Prompter | None) -> tuple[Confirmation, ...]:
        """Save and ask; return the confirmations. Raises Stopped."""
        text = clean_text(outcome) if outcome else ""
        new = self._save(text)
        try:
            if prompter and not text:
                text = prompter.ask_text(WHAT_CAME_OF_IT, list_completions(self._journal), validate=clean_text)
                new = self._save(text) if text else new
            if prompter and text:
                kind = _ask_kind(prompter)
        except (KeyboardInterrupt, EOFError):
            raise self._stopped(text) from None
        confirmed = build_confirmation(self._journal, "Raised", new, new.raised_on or self._today)
        return (confirmed._replace(next_command=None), self._save_value(text, kind)) if kind else (confirmed,)

    def _save(self, outcome: str) -> Entry | PainPoint:
        """Save when it was raised, and what came of it unless that is empty. Return the new state."""
        was_open = self._item.raised_on if not self._item.raised_outcome else None
        raised_on = self._day or (was_open if outcome and was_open else self._today)
        new = replace(self._item, raised_on=raised_on, raised_outcome=outcome or self._item.raised_outcome)
        with self._journal.transaction():
            self._journal.write(ACT, [_raised_change(self._item, new)], batch=self._batch)
        self._item = new
        return new

    def _save_value(self, outcome: str, kind: Kind) -> Confirmation:
        """Log what came of it as value, and name what was raised."""
        day = self._day or self._today
        answer = Answer(kind=kind, day=day, text=f"{outcome} {_reference(self._item)}", question=RAISED_QUESTION)
        if isinstance(self._item, Entry):
            answer = replace(answer, project=self._item.project, beneficiaries=self._item.beneficiaries)
        with self._journal.transaction():
            entry, changes = create_entry(self._journal, answer, self._clock())
            origin = f"{'insight' if isinstance(self._item, Entry) else 'pain'}:{self._item.id}"
            self._journal.write(ACT, _with_origin(changes, entry, origin), batch=self._batch)
        return build_confirmation(self._journal, f"Added {kind}", entries.get(self._journal, entry.id), day)

    def _stopped(self, outcome: str) -> Stopped:
        command = f"valuelog brief raised {short_id(self._journal, self._item.id)}"
        hint = f'{command} "{outcome}" --kind outcome' if outcome else f'{command} "…"'
        return Stopped("Stopped. It is saved as raised.", f"Say what came of it with: {hint}")


def _raised_change(old: Entry | PainPoint, new: Entry | PainPoint) -> Change:
    if isinstance(new, PainPoint):
        return pains.raised_change(new)
    return Change(entity="entry", id=new.id, fields=changed_fields("entry", old, new, without=["project"]))


def _with_origin(changes: Sequence[Change], entry: Entry, origin: str) -> list[Change]:
    """Add what was raised as the origin of an entry to the change that creates it."""
    return [
        change._replace(fields={**(change.fields or {}), "origin": origin}) if change.id == entry.id else change
        for change in changes
    ]


def _reference(item: Entry | PainPoint) -> str:
    """Return the words that name what was raised."""
    return f"(raised: “{truncate_line(item.headline, MAX_QUOTE_LENGTH)}”)"


def _ask_kind(prompter: Prompter) -> Kind | None:
    """Ask which kind of value came of it; None if there is none yet."""
    kinds = tuple(_KIND_OPTIONS)
    return kinds[prompter.select_one(DID_IT_HELP, [*_KIND_OPTIONS.values()])]
