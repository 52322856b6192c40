"""The screens that the docs picture, each shown by the real program: an evening, a review, a trend, a calendar."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from making import made_up
from making.drawing import drawn
from making.terminal import DOWN, ENTER, Answer, Cell, Look, Row, screen
from valuelog.questions.catalogue import load_evening_questions


class Picture(NamedTuple):
    """A screen worth showing: the command, in which home, what somebody answers, and what it shows."""

    words: str
    home: Callable[[Path], None]
    about: str
    answers: Sequence[Answer] = ()


def _until_thursday(home: Path) -> None:
    made_up.twelve_weeks(home, date(2026, 11, 19))


ASKED = {question.id: f"{question.text}\n  ›" for question in load_evening_questions()}


def _line(at: str, line: str) -> Iterator[Answer]:
    """Type one line as an answer."""
    yield Answer(at, line)
    yield Answer(line, ENTER)


EVENING = (
    *_line("›", "answered the audit mails"),
    *_line("›", "put the release on one page with @sam"),
    Answer("›", ENTER),
    Answer("Enter continues)", DOWN + " " + ENTER),
    Answer("what is it? (Use arrow keys)", ENTER),
    *_line("what changed?", "nobody asks what comes next"),
    *_line(ASKED["improvement"], "refunds wait for a slow bank instead of failing"),
    Answer("how is it better? (Space selects, Enter continues)", DOWN * 2 + " " + ENTER),
    Answer("who benefits? (Space selects, Enter continues)", DOWN + " " + ENTER),
    Answer("anything else?", ENTER),
    Answer(ASKED["outcome"], ENTER),
    *_line(ASKED["helped"], "@lee got the contract template instead of a meeting"),
    Answer("›", ENTER),
    *_line(ASKED["pain"], "the deploy waits on one approver again"),
    Answer("(Y/n)", "y" + ENTER),
    Answer("anything else?", ENTER),
    Answer("›", ENTER),
)
"""What somebody answers on an evening, each thing only once it is asked."""

PICTURES = {
    "today": Picture(
        "today",
        _until_thursday,
        "An evening: each question answered in a line, and what the day and the week add up to.",
        EVENING,
    ),
    "review": Picture(
        "review --week --no-reflect",
        made_up.twelve_weeks,
        "A Friday review: work and value of each day, value by kind, eight weeks, what is open, and what to do.",
    ),
    "trend": Picture(
        "trend",
        made_up.twelve_weeks,
        "The share of value of twelve weeks as bars, and whether the last four differ from those before.",
    ),
    "calendar": Picture(
        "calendar",
        made_up.a_year,
        "A year as a heat map: a cell a day, the fuller the more of it was value, and the sums of its quarters.",
    ),
}


def picture(name: str) -> str:
    """Return a picture, made anew from what the program shows."""
    wanted = PICTURES[name]
    with tempfile.TemporaryDirectory() as folder:
        wanted.home(Path(folder))
        rows = screen(Path(folder), wanted.words.split(), wanted.answers, VALUELOG_TODAY=str(made_up.TODAY))
    return drawn([*_typed(wanted.words), *rows], f"valuelog {wanted.words}", wanted.about)


def _typed(words: str) -> Iterator[Row]:
    """Yield the line on which the command was typed, as a shell shows it."""
    command = f"valuelog {words}".removesuffix(" --no-reflect")
    yield (Cell("$", Look(dim=True)), Cell(" "), *map(Cell, command))
    yield ()
