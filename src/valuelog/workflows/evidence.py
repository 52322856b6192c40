"""Evidence: find value without evidence that counts, ask how it is known, and save whether it held."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from valuelog.journal import days, entries
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, Held, Side, clean_text, words_key
from valuelog.model.errors import BadInput
from valuelog.model.period import Period, format_day, week_of
from valuelog.model.question import FOLLOW_UP_ID
from valuelog.model.text import quote
from valuelog.workflows.confirmation import Confirmation, NothingChanged, build_confirmation
from valuelog.workflows.entries import find
from valuelog.workflows.followed import short_id
from valuelog.workflows.prompter import Prompter
from valuelog.workflows.session import Session

ACT = "evidence"
"""The act of a change of evidence in the log."""

HOW_KNOWN = "how do you know?"
HOW_SEEN = "How did you see it?"
EVIDENCE_EXPLANATION = (
    "What shows that it works. It counts with a number, a link, a person or at least four words."
    "\n  such as: 26 hours on average, before it was three days"
    "\n  such as: @sam ran the release without me"
)
DID_IT_HOLD = "Did it hold?"

DEFAULT_WINDOW = timedelta(days=91)
"""How far back `valuelog evidence` looks without a period: a quarter."""

FOLLOW_UP_DAYS = (5, 14)
"""The evening asks about a result that is at least, and at most, this many days old."""

WHAT_HAPPENED = "what happened?"

SEEN, FAILED, LATER, DONT_ASK = "yes, I saw it", "no", "later", "don't ask again"
"""The answers to whether a result held."""

_FAILED = {"n", "no", "nope", "it didn't hold", "it did not hold", "didn't hold", "it didn't"}
_DONT_ASK = {"d", "don't ask", DONT_ASK}
_FAILED_BECAUSE = r"(?i)(?:no|nope|it didn't(?: hold)?)\s*[,.;:–-]\s*(?=\S)"

Fields = Mapping[str, Any]
"""New values for some fields of an entry, by name."""


class NotAValueEntry(BadInput):
    """Evidence was given for an entry that isn't value."""

    def __init__(self, entry: Entry, short_id: str) -> None:
        """Name its kind and the command that changes it."""
        super().__init__(
            f"{quote(entry.headline)} is logged as {entry.kind}, which needs no evidence.",
            f"Promote it first: valuelog promote {short_id} outcome",
        )


# Find


def default_period(today: date) -> Period:
    """Return the days that `valuelog evidence` looks at without a period."""
    return Period(start=today - DEFAULT_WINDOW + timedelta(days=1), end=today)


def list_claims(journal: Journal, period: Period) -> tuple[Entry, ...]:
    """Return the value entries of a period without evidence that counts, the largest impact first, then the newest.

    Those with the same words in one week count once, so only the earliest is returned, and none if one is proven.
    """
    weeks = Period(start=week_of(period.start).start, end=week_of(period.end).end)
    repeats: dict[tuple[date, int], list[Entry]] = {}
    for entry in entries.select(journal, entries.Selection(period=weeks, side=Side.VALUE)):
        repeats.setdefault((week_of(entry.day).start, words_key(entry.text)), []).append(entry)
    claims = [
        same[0]
        for same in reversed(repeats.values())
        if same[0].day in period and not any(each.is_proven or not each.ask_again for each in same)
    ]
    return tuple(sorted(claims, key=lambda entry: (-entry.impact_rank, -entry.day.toordinal())))


def find_follow_up(journal: Journal, today: date) -> Entry | None:
    """Return the result that the evening asks about: the claim of last week with the largest impact, each only once."""
    latest, earliest = (today - timedelta(days=age) for age in FOLLOW_UP_DAYS)
    asked_ids = days.list_asked_questions(journal, FOLLOW_UP_ID)
    claims = list_claims(journal, Period(start=earliest, end=latest))
    return next((entry for entry in claims if entry.held is None and entry.id not in asked_ids), None)


def _list_repeats(journal: Journal, entry: Entry) -> list[Entry]:
    """Return the other value entries of the same week with the same words."""
    same_week = entries.select(journal, entries.Selection(period=week_of(entry.day), side=Side.VALUE))
    key = words_key(entry.text)
    return [each for each in same_week if each.id != entry.id and words_key(each.text) == key]


# Answers


def parse_answer(text: str, today: date, *, confirms: bool) -> Fields:
    """Return what an answer says about a result. `confirms`: evidence also means that the result held."""
    words = text.strip().replace("’", "'")
    if words.casefold().rstrip(".!") in _DONT_ASK:
        return {"ask_again": 0}
    if words.casefold().rstrip(".!") in _FAILED:
        return held_fields(Held.NO, today)
    if reason := re.match(_FAILED_BECAUSE, words):
        return {"evidence": clean_text(text.strip()[reason.end() :]), **held_fields(Held.NO, today)}
    return {"evidence": clean_text(text), **(held_fields(Held.YES, today) if confirms else {})}


def held_fields(held: Held, today: date) -> Fields:
    """Return the fields of a result that held, or didn't, as of today."""
    return {"held": held, "held_on": today}


def append_evidence(*texts: str | None) -> str:
    """Return what evidence an entry has and what is added to it as one text, the same words once."""
    return "; ".join({text.casefold(): text for text in texts if text}.values())


def write_answer(journal: Journal, entry: Entry, fields: Fields, batch: str, *, act: str = ACT) -> Entry:
    """Save what an answer says and return the entry. What isn't evidence also holds for repeats of the same words."""
    new = replace(entry, **fields)
    shared = {name: value for name, value in fields.items() if name != "evidence"}
    with journal.transaction():
        for repeat in _list_repeats(journal, entry) if shared else ():
            entries.update(journal, repeat, replace(repeat, **shared), act=act, batch=batch)
        entries.update(journal, entry, new, act=act, batch=batch)
    return new


def format_follow_up(question: str, entry: Entry) -> str:
    """Return the question about an entry, whose words replace the ellipsis."""
    headline = entry.headline.rstrip(".")
    return question.replace("…", headline, 1) if "…" in question else f"{question} “{headline}”"


def ask_held(prompter: Prompter, explanation: str = "") -> str:
    """Ask whether a result held; return one of the answers, or an empty text if the question was skipped."""
    return prompter.choose("", (SEEN, FAILED, LATER, DONT_ASK), explanation=explanation)


def ask_on(prompter: Prompter, entry: Entry, today: date, completions: Sequence[str] = ()) -> Fields:
    """Ask once how it was seen if the evidence of an entry doesn't count, such as a bare yes; return what to save."""
    if entry.evidence is None or entry.is_proven or entry.held is Held.NO:
        return {}
    more = prompter.ask_text(HOW_SEEN, completions, validate=clean_text, explanation=EVIDENCE_EXPLANATION)
    return continue_evidence(entry, more, today) if more else {}


def continue_evidence(entry: Entry, text: str, today: date, *, confirms: bool = False) -> Fields:
    """Return what an answer says about an entry, as `parse_answer`; evidence continues what the entry has already."""
    fields = {**parse_answer(text, today, confirms=confirms)}
    if "evidence" in fields:
        fields["evidence"] = append_evidence(entry.evidence, fields["evidence"])
    return fields


# One entry, by its id


def settle(
    journal: Journal, entry: Entry, fields: Fields, today: date, find_prompter: Callable[[], Prompter | None]
) -> Confirmation:
    """Save evidence for one entry, or whether it held. Raises NotAValueEntry or NothingChanged."""
    require_value(journal, entry)
    if all(getattr(entry, name) == value for name, value in fields.items()):
        raise NothingChanged("valuelog evidence")
    batch = new_id()
    new = write_answer(journal, entry, fields, batch)
    is_weak = "evidence" in fields and not new.is_proven and new.held is not Held.NO
    if is_weak and (prompter := find_prompter()):
        new = write_answer(journal, new, ask_on(prompter, new, today), batch)
    return build_confirmation(journal, _verb(fields), new, new.day, note=_note(new) if is_weak else "")


def require_value(journal: Journal, entry: Entry) -> None:
    """Raise NotAValueEntry unless an entry is value, or was until it didn't hold."""
    if entry.kind.side is not Side.VALUE:
        raise NotAValueEntry(entry, short_id(journal, entry.id))


def evidence_changes(journal: Journal, texts_by_id: Mapping[str, Sequence[str]]) -> list[Change]:
    """Return the changes that add evidence to earlier results, given by ids or prefixes; what was there is kept.

    Raises UnknownId, AmbiguousId, NotAnEntry or NotAValueEntry.
    """
    texts: dict[Entry, list[str]] = {}
    for id_prefix, more in texts_by_id.items():
        entry = find(journal, id_prefix)
        require_value(journal, entry)
        texts.setdefault(entry, []).extend(more)
    return [entries.evidence_change(entry, append_evidence(entry.evidence, *more)) for entry, more in texts.items()]


def _verb(fields: Fields) -> str:
    if fields.get("held") is Held.NO:
        return "Didn't hold:"
    if "ask_again" in fields:
        return "Won't ask again about"
    return "Evidence saved for" if "evidence" in fields else "Held:"


def _note(entry: Entry) -> str:
    if entry.is_proven:
        return ""
    return f"{quote(entry.evidence or '')} doesn't count yet: add a number, a link, an @name or a sentence"


# On a terminal


class FollowUpSession(Session):
    """Asks whether results held, and how that is known; each answer is saved at once."""

    def __init__(
        self,
        journal: Journal,
        prompter: Prompter,
        clock: Callable[[], datetime],
        *,
        act: str,
        session_key: str,
        today: date,
    ) -> None:
        """Start with nothing saved, as of today."""
        super().__init__(journal, prompter, clock, act=act, session_key=session_key)
        self._today = today

    def _settle(self, entry: Entry, answer: str) -> Entry:
        """Save whether a result held, or not to ask again; then ask how that is known. Return the entry."""
        new = self._save_fields(entry, _answer_fields(answer, self._today))
        self.saved_count += 1
        if answer == FAILED:
            text = self._ask_text(WHAT_HAPPENED)
            return self._save_fields(new, {"evidence": append_evidence(new.evidence, text)}) if text else new
        return self._ask_how_known(new) if answer == SEEN else new

    def _ask_how_known(self, entry: Entry) -> Entry:
        """Ask how a result is known, and once more if the answer doesn't count. Return the entry."""
        label = HOW_SEEN if entry.evidence else HOW_KNOWN
        text = self._prompter.ask_text(label, self._completions, validate=clean_text, explanation=EVIDENCE_EXPLANATION)
        if not text:
            return entry
        new = self._save_fields(entry, continue_evidence(entry, text, self._today, confirms=True))
        more = {} if entry.evidence else ask_on(self._prompter, new, self._today, self._completions)
        return self._save_fields(new, more) if more else new

    def _save_fields(self, entry: Entry, fields: Fields) -> Entry:
        return write_answer(self._journal, entry, fields, self._writer.batch, act=self._writer.act)


def _answer_fields(answer: str, today: date) -> Fields:
    """Return the fields that an answer to whether a result held sets."""
    return {"ask_again": 0} if answer == DONT_ASK else held_fields(Held.YES if answer == SEEN else Held.NO, today)


class EvidenceWalk(FollowUpSession):
    """Asks about claims, one after the other; all answers are one batch."""

    def __init__(
        self, journal: Journal, prompter: Prompter, clock: Callable[[], datetime], *, today: date, resume: str
    ) -> None:
        """Start with nothing saved; `resume` is the command to continue with."""
        super().__init__(journal, prompter, clock, act=ACT, session_key="", today=today)
        self._resume = resume

    def ask_all(self, claims: Sequence[Entry], subject: str) -> None:
        """Ask about each claim. Raises Stopped."""
        with self.convert_interrupt(subject, self._resume):
            for entry in claims:
                self._prompter.show_heading(self._format_claim(entry), hint=DID_IT_HOLD)
                if (answer := ask_held(self._prompter)) not in {"", LATER}:
                    self._settle(entry, answer)

    def _format_claim(self, entry: Entry) -> str:
        parts = (format_day(entry.day, self._today), entry.headline, entry.evidence and f"“{entry.evidence}”")
        return " · ".join(filter(None, parts))
