"""Odd time zones, and clocks that are far from the truth: a command works, or says in one line what is wrong."""

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from support.env import process_environment
from support.evenings import run_with_answers

NOW_ZONE = timezone(timedelta(hours=1))

COMMANDS = (
    "add helped x", "list --json", "history", "history --json", "review --week", "gather", "export jsonl -",
    "promise make stop z", "undo", "trend", "calendar", "init bash", "",
)  # fmt: skip

IMPOSSIBLE_ZONES = (
    "UTC+167:59",
    "UTC-167",
    "UTC+24",
    "UTC-24:00",
    "AAA+1BBB+160,M1.1.0,M12.1.0",
    "AAA-25BBB,M3.2.0,M11.1.0",
)
ODD_ZONES = (
    "UTC+23:59:59", "UTC-23:59:59", "UTC+0:00:30", "XYZ-14", "A0", "", ":", "no zone", "/etc/passwd", "Europe/Nowhere",
    "Antarctica/Troll", "Asia/Kathmandu", "x" * 5000, "<+99>-1",
)  # fmt: skip


def run_program(home: Path, *words: str, **environ: str) -> tuple[int, str, str]:
    env = process_environment(home, **environ)
    done = subprocess.run(
        [sys.executable, "-m", "valuelog", *words], env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("zone", IMPOSSIBLE_ZONES)
def test_impossible_time_zone_is_one_clear_line(home: Path, zone: str) -> None:
    for words in COMMANDS[::3]:
        for more in ({}, {"VALUELOG_TODAY": ""}):
            code, out, err = run_program(home, *words.split(), TZ=zone, **more)
            assert (code, out) == (2, "")
            assert err == (
                f"valuelog: The time zone TZ={zone} is a day or more away from UTC.\n"
                "Set TZ to yours, as in TZ=Europe/Berlin, or unset it.\n"
            )
    assert not (home / "data").exists()
    assert run_program(home, "--help", TZ=zone)[0] == 0
    assert run_program(home, "--version", TZ=zone)[0] == 0


def test_impossible_time_zone_offers_no_completions(home: Path) -> None:
    code, out, err = run_program(home, "add", "helped", "x", "-d", "", TZ="UTC+167:59", _VALUELOG_COMPLETE="bash")
    assert (code, err) == (0, "")
    assert out.startswith("words\n")


@pytest.mark.slow
@pytest.mark.parametrize("zone", ODD_ZONES, ids=lambda zone: zone[:20])
def test_odd_time_zone_works(home: Path, zone: str) -> None:
    for words in COMMANDS:
        code, _, err = run_program(home, *words.split(), TZ=zone)
        assert (code, "bug" in err) == (0, False), (words, err)


# The year


def run_in(home: Path, moment: datetime, words: str) -> tuple[int, str, str]:
    result = run_with_answers(home, *words.split(), now=lambda: moment, VALUELOG_TODAY="")
    return result.code, result.out, result.err


@pytest.mark.parametrize("year", [1, 2, 1899, 9999])
def test_impossible_year_is_one_clear_line(home: Path, year: int) -> None:
    for month, day in ((1, 2), (12, 30)):
        for words in COMMANDS:
            code, out, err = run_in(home, datetime(year, month, day, 12, tzinfo=NOW_ZONE), words)
            assert (code, out) == (1, "")
            assert err == (
                f"valuelog: This computer's clock is wrong: its year is {year}.\n"
                "Set its date and time, then run the command again.\n"
            )
    assert not (home / "data").exists()


@pytest.mark.parametrize("year", [1900, 1969, 1970, 1999, 2000, 2038, 9998])
def test_possible_year_works(home: Path, year: int) -> None:
    for month, day in ((1, 1), (12, 31)):
        for words in COMMANDS:
            code, _, err = run_in(home, datetime(year, month, day, 12, tzinfo=NOW_ZONE), words)
            assert (code, "bug" in err) == (0, False), (words, err)


# A clock that jumps


def test_clock_that_is_set_back_keeps_each_day_and_can_undo(home: Path) -> None:
    moments = [datetime(2026, 11, 20, 18, tzinfo=NOW_ZONE), datetime(2006, 11, 20, 18, tzinfo=NOW_ZONE)]
    for place, moment in enumerate((*moments, moments[0] + timedelta(minutes=5))):
        assert run_in(home, moment, f"add helped number-{place}")[0] == 0
    _, out, _ = run_in(home, moments[0] + timedelta(hours=1), "list --json 1900..2026-11-20")
    assert [(each["day"], each["text"]) for each in json.loads(out)] == [
        ("2006-11-20", "number-1"), ("2026-11-20", "number-0"), ("2026-11-20", "number-2"),
    ]  # fmt: skip
    run_in(home, moments[1], "undo")
    _, out, _ = run_in(home, moments[0] + timedelta(hours=1), "list --json 1900..2026-11-20")
    assert [each["text"] for each in json.loads(out)] == ["number-1", "number-0"]


def test_travel_and_summer_time_keep_the_day_that_was_chosen(home: Path) -> None:
    tokyo, hawaii = timezone(timedelta(hours=9)), timezone(timedelta(hours=-10))
    assert run_in(home, datetime(2026, 11, 20, 8, tzinfo=tokyo), "add helped in-tokyo")[0] == 0
    assert run_in(home, datetime(2026, 11, 19, 20, tzinfo=hawaii), "add helped in-hawaii")[0] == 0
    _, out, _ = run_in(home, datetime(2026, 11, 20, 20, tzinfo=hawaii), "list --json 2026-11-01..2026-11-20")
    assert [(each["day"], each["text"]) for each in json.loads(out)] == [
        ("2026-11-19", "in-hawaii"), ("2026-11-20", "in-tokyo"),
    ]  # fmt: skip


@pytest.mark.parametrize("today", ["2026-03-29", "2026-10-25"])
def test_day_of_a_clock_change_works(home: Path, today: str) -> None:
    for words in COMMANDS:
        code, _, err = run_program(home, *words.split(), TZ="Europe/Berlin", VALUELOG_TODAY=today)
        assert (code, "bug" in err) == (0, False), (words, err)
