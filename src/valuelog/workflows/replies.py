"""A Friday talk whose answers come by flags or from a file: all are written down at once, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from valuelog.journal import days, promises
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput, UnknownChoice
from valuelog.model.period import Period
from valuelog.model.promise import Promise
from valuelog.workflows import pains as following
from valuelog.workflows import promises as promising
from valuelog.workflows.weekly_talk import (
    ACT,
    ANSWERABLE,
    GONE,
    SETTLING,
    STEP,
    Answer,
    Talk,
    named,
    planned,
    said_in_words,
    settled,
)


class TwoFates(BadInput):
    """Of one promise two things were said that exclude each other."""

    def __init__(self, one: str, other: str, text: str) -> None:
        """Name both, and the promise."""
        super().__init__(f"--{one} and --{other} exclude each other, and both are said of “{text}”.", "Choose one.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Replied:
    """What became of answers: how many were saved about which week, and how many said the same once more.

    `promise` is the one that a single answer made or settled; so many `letters` of its id are enough.
    """

    week: Period
    saved: int
    twice: int
    promise: Promise | None = None
    prefix_length: int = 0


def write_all(journal: Journal, talk: Talk, answers: Sequence[Answer], now: datetime) -> Replied:
    """Write answers down that nobody had to be asked for, all or none; the same words once.

    Raises UnknownWord, UnknownId, AmbiguousId, TwoFates, PromiseClosed or PainClosed.
    """
    batch, touched = new_id(), []
    with journal.transaction():
        _insist_on_one_fate(journal, answers)
        once = _once(answers)
        for answer in once:
            questions, changes = _answered(journal, talk, answer, now)
            marks = [mark for one in questions for mark in days.asked_change_if_new(journal, talk.week.name, one)]
            journal.write(ACT, [*changes, *marks], batch=batch)
            touched += [change.id for change in changes if change.entity == "promise"]
    name = touched[-1] if touched and len(once) == 1 else None
    return Replied(
        week=talk.week,
        saved=len(once),
        twice=len(answers) - len(once),
        promise=promises.get(journal, name) if name else None,
        prefix_length=journal.prefix_lengths([name])[name] if name else 0,
    )


def _once(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Leave out words that were said before to the same question; what became of a promise is another matter."""
    said = [one if one.question in SETTLING else replace(one, text=clean_text(one.text)) for one in answers]
    first = [one.question in SETTLING or one not in said[:place] for place, one in enumerate(said)]
    return tuple(one for one, wanted in zip(said, first, strict=True) if wanted)


def _insist_on_one_fate(journal: Journal, answers: Sequence[Answer]) -> None:
    """Go on only if nothing is said of a promise that excludes what else is said of it. Raises TwoFates."""
    said: dict[str, str] = {}
    for answer in answers:
        if answer.question in SETTLING:
            promise = promising.find(journal, answer.of)
            before = said.setdefault(promise.id, answer.question)
            if before != answer.question:
                raise TwoFates(before, answer.question, promise.text)


def _answered(journal: Journal, talk: Talk, answer: Answer, now: datetime) -> tuple[list[str], list[Change]]:
    """Return which questions an answer answers, and the changes that it makes.

    Whoever says by flags that a step was taken is not asked whether its pain point is gone.
    """
    if answer.question not in ANSWERABLE:
        raise UnknownChoice("question", answer.question, ANSWERABLE)
    if answer.question in SETTLING:
        promise = promising.find(journal, answer.of)
        after = [f"{GONE}{promise.pain}"] if promise.pain and answer.question == "keep" else []
        return [named(promise), *after], [settled(promise, answer.question, talk)]
    if answer.question == STEP and answer.of:
        return [STEP], planned(journal, talk, following.find(journal, answer.of), answer.text, now)
    return [answer.question], list(said_in_words(talk, answer, now))
