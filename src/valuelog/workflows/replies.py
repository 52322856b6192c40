"""A Friday talk whose answers come by flags or from a file: all are written down at once, or none."""

from collections.abc import Sequence
from datetime import datetime

from valuelog.journal import days
from valuelog.journal.changes import Change
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.errors import BadInput, UnknownWord
from valuelog.workflows import pains as following
from valuelog.workflows import promises as promising
from valuelog.workflows.talk import (
    ACT,
    ANSWERABLE,
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


def write_all(journal: Journal, talk: Talk, answers: Sequence[Answer], now: datetime) -> None:
    """Write answers down that nobody had to be asked for, all or none.

    Raises UnknownWord, UnknownId, AmbiguousId, TwoFates, PromiseClosed or PainClosed.
    """
    batch = new_id()
    with journal.transaction():
        _insist_on_one_fate(journal, answers)
        for answer in answers:
            question, changes = _answered(journal, talk, answer, now)
            mark = days.ask_once(journal, talk.week.name, question)
            journal.write(ACT, [*changes, *mark], batch=batch)


def _insist_on_one_fate(journal: Journal, answers: Sequence[Answer]) -> None:
    """Go on only if nothing is said of a promise that excludes what else is said of it. Raises TwoFates."""
    said: dict[str, str] = {}
    for answer in answers:
        if answer.question in SETTLING:
            promise = promising.find(journal, answer.of)
            before = said.setdefault(promise.id, answer.question)
            if before != answer.question:
                raise TwoFates(before, answer.question, promise.text)


def _answered(journal: Journal, talk: Talk, answer: Answer, now: datetime) -> tuple[str, list[Change]]:
    """Return which question an answer answers, and the changes that it makes."""
    if answer.question not in ANSWERABLE:
        raise UnknownWord("question", answer.question, ANSWERABLE)
    if answer.question in SETTLING:
        promise = promising.find(journal, answer.of)
        return named(promise), [settled(promise, answer.question, talk)]
    if answer.question == STEP and answer.of:
        return STEP, planned(journal, talk, following.find(journal, answer.of), answer.text, now)
    return answer.question, list(said_in_words(talk, answer, now))
