"""Custom questions with a frequency: daily, weekly or monthly."""

import json
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from support.evenings import run_with_answers
from valuelog.model.question import Frequency

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ASK = "What did a customer say?"

CONFIG = """[evening]
questions = ["helped"]
[[evening.own]]
id = "customer"
kind = "insight"
ask = "What did a customer say?"
"""


def write_config(home: "Path", extra: str) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CONFIG + extra)


def is_asked(home: "Path", day: str, *flags: str) -> bool:
    """Run the evening of a day, skip all of its questions, and return whether it asked the custom one."""
    evening = datetime.combine(date.fromisoformat(day), time(18), timezone(timedelta(hours=1)))
    done = run_with_answers(home, "today", *flags, now=lambda: evening)
    assert done.code == 0
    return ASK in done.prompts


@pytest.mark.parametrize(
    ("every", "asked", "not_asked"),
    [
        ("daily", ("2026-11-16", "2026-11-17", "2026-11-18"), ()),
        ("weekly", ("2026-11-18", "2026-11-23", "2026-12-06"), ("2026-11-19", "2026-11-22", "2026-11-29")),
        ("weekly", ("2026-12-28", "2027-01-04"), ("2026-12-31", "2027-01-01", "2027-01-03")),
        ("monthly", ("2026-11-30", "2026-12-01", "2027-01-31"), ("2026-12-02", "2026-12-31")),
        ("monthly", ("2028-01-31", "2028-02-29", "2028-03-01"), ("2028-03-31",)),
    ],
)
def test_question_is_asked_once_per_period(
    home: "Path", every: str, asked: tuple[str, ...], not_asked: tuple[str, ...]
) -> None:
    write_config(home, f'every = "{every}"\n')
    days = sorted((*asked, *not_asked))
    assert [day for day in days if is_asked(home, day)] == sorted(asked)


def test_question_without_frequency_is_daily(home: "Path") -> None:
    write_config(home, "")
    assert is_asked(home, "2026-11-16")
    assert is_asked(home, "2026-11-17")
    assert not is_asked(home, "2026-11-17")


def test_evening_of_an_earlier_day_counts_for_its_week(home: "Path") -> None:
    write_config(home, 'every = "weekly"\n')
    assert is_asked(home, "2026-11-20")
    assert not is_asked(home, "2026-11-20", "--date", "2026-11-18")
    assert is_asked(home, "2026-11-20", "--date", "2026-11-13")


def test_again_asks_a_weekly_question_of_the_same_day(home: "Path") -> None:
    write_config(home, 'every = "weekly"\n')
    assert is_asked(home, "2026-11-17")
    assert is_asked(home, "2026-11-17", "--again")
    assert not is_asked(home, "2026-11-18", "--again")


def test_undone_evening_asks_a_weekly_question_again(home: "Path", run: "Run") -> None:
    write_config(home, 'every = "weekly"\n')
    run(
        "today", "--answers", "-", stdin=b'{"question": "customer", "text": "it is quick"}', VALUELOG_TODAY="2026-11-17"
    )
    run("undo")
    assert is_asked(home, "2026-11-18")


def test_answers_file_answers_a_weekly_question(home: "Path", run: "Run") -> None:
    write_config(home, 'every = "weekly"\n')
    run("today", "--answers", "-", stdin=b'{"question": "customer", "text": "it is quick"}')
    assert not is_asked(home, "2026-11-21")
    assert is_asked(home, "2026-11-23")


def test_config_shows_the_frequency(home: "Path", run: "Run") -> None:
    write_config(home, 'every = "monthly"\n')
    (question,) = json.loads(run("config", "list", "--json").out)["evening.own"]["value"]
    assert question["every"] == "monthly"


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ('every = "fortnightly"\n', "There is no frequency “fortnightly”."),
        ("every = 3\n", "evening.own: expected text"),
        ('every = "weekly"\nrotates = true\n', "leave out every, or rotates"),
    ],
)
def test_unusable_frequency_is_named_and_ignored(home: "Path", run: "Run", extra: str, message: str) -> None:
    write_config(home, extra)
    result = run("today", "--activity", "x")
    assert message in result.err.splitlines()[0]
    assert "Saved 1 answer" in result.err


def test_each_frequency_names_its_period() -> None:
    assert [str(frequency.unit) for frequency in Frequency] == ["day", "week", "month"]
