"""The pictures in the docs: screens of the real program, drawn as SVG."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from making import sample_journal
from making.svg import draw_svg
from making.terminal import DOWN, ENTER, Answer, Cell, Row, Style, run_on_terminal
from valuelog.questions.catalogue import load_evening_questions


class Picture(NamedTuple):
    """A command to run, the journal to run it on, a description of the picture, and what to type."""

    command: str
    write_journal: Callable[[Path], None]
    description: str
    answers: Sequence[Answer] = ()


def _write_until_thursday(home: Path) -> None:
    sample_journal.write_twelve_weeks(home, date(2026, 11, 19))


PROMPTS = {question.id: f"{question.text}\n  ›" for question in load_evening_questions()}


def _line(prompt: str, line: str) -> Iterator[Answer]:
    """Type a line and press Enter."""
    yield Answer(prompt, line)
    yield Answer(line, ENTER)


EVENING = (
    *_line("›", "answered the audit mails"),
    *_line("›", "put the release on one page with @sam"),
    Answer("›", ENTER),
    Answer("Enter continues)", DOWN + " " + ENTER),
    Answer("Enter: improvement", ENTER),
    *_line("what changed?", "nobody asks what comes next"),
    Answer("(l)arge  Enter skips", ENTER),
    *_line(PROMPTS["improvement"], "refunds wait for a slow bank instead of failing"),
    Answer("how is it better? (Space selects, Enter continues)", DOWN * 2 + " " + ENTER),
    Answer("who benefits? (Space selects, Enter continues)", DOWN + " " + ENTER),
    *_line("how do you know?", "no refund failed since 9 this morning"),
    Answer("(l)arge  Enter skips", "c"),
    Answer("anything else?", ENTER),
    Answer(PROMPTS["outcome"], ENTER),
    *_line(PROMPTS["helped"], "@lee got the contract template instead of a meeting"),
    Answer("›", ENTER),
    Answer("felt again? (Space selects, Enter continues)", " " + ENTER),
    Answer("anything else?", ENTER),
    Answer("(d)on't ask again  Enter skips", ENTER),
    Answer("›", ENTER),
    Answer("Look at your week now? (Y/n)", "n"),
)
"""What is typed in the picture of an evening."""

PICTURES = {
    "today": Picture(
        "today",
        _write_until_thursday,
        "An evening: each question answered in one line, and the totals of the day and the week.",
        EVENING,
    ),
    "review": Picture(
        "review --week --no-reflect",
        sample_journal.write_twelve_weeks,
        "A Friday review: what got better in your own words, what is open, work and value by day, and what to do.",
    ),
    "trend": Picture(
        "trend",
        sample_journal.write_twelve_weeks,
        "Twelve weeks, each with a bar for its share of value, and the verdict on the last four.",
    ),
    "calendar": Picture(
        "calendar",
        sample_journal.write_year,
        "A year as a heat map: one cell per day, fuller the more value it had, and the totals of its quarters.",
    ),
}


def draw_picture(name: str) -> str:
    """Run the command of a picture and return its screen as SVG."""
    picture = PICTURES[name]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        picture.write_journal(home)
        today = str(sample_journal.TODAY)
        rows = run_on_terminal(home, picture.command.split(), picture.answers, VALUELOG_TODAY=today)
    return draw_svg([*_command_line(picture.command), *rows], f"valuelog {picture.command}", picture.description)


def _command_line(command: str) -> Iterator[Row]:
    """Yield the prompt of a shell with the command, and an empty row."""
    text = f"valuelog {command}".removesuffix(" --no-reflect")
    yield (Cell("$", Style(dim=True)), Cell(" "), *map(Cell, text))
    yield ()
