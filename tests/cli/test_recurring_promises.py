"""Recurring promises: settling one makes the next, in one change; dropping one ends the series."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import EVENING_TIME, run_with_answers
from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def listed(run: "Run", *words: str) -> list[Any]:
    found: list[Any] = json.loads(run("promise", "list", *words, "--json").out)
    return found


def make(run: "Run", *words: str) -> str:
    """Make a recurring promise and return its id."""
    made: dict[str, Any] = json.loads(run("promise", "make", *words, "--json").out)
    return str(made["id"])


def due_days(run: "Run") -> list[str]:
    return [promise["due"] for promise in listed(run)]


WEEKLY = ("stop", "the status mail", "--every", "friday")


def test_recurring_promise_is_due_on_the_first_such_day(run: "Run") -> None:
    done = run("promise", "make", *WEEKLY)
    assert " · by Fri 27 Nov 2026 · every Friday · undo with: valuelog undo" in done.err
    (promise,) = listed(run)
    assert (promise["every"], promise["since"], promise["planned"]) == ("friday", "2026-11-27", None)
    assert "every Friday · due Fri 27 Nov" in run("promise").out
    assert run("promise", "--plain").out.endswith("\t\tthe status mail\tfriday\n")
    assert "repeats     every Friday" in run("show", promise["id"]).out


@pytest.mark.parametrize(("command", "state"), [("keep", "kept"), ("break", "broken")])
def test_settling_makes_the_next_in_one_change(run: "Run", command: str, state: str) -> None:
    first = make(run, *WEEKLY, "--by", "today")
    before = listed(run, "--all")
    done = run("promise", command, first)
    assert " by Fri 27 Nov 2026 · undo with: valuelog undo" in done.err
    settled, following = listed(run, "--all")
    assert (settled["id"], settled["state"], settled["due"]) == (first, state, "2026-11-20")
    assert (following["state"], following["due"], following["made_on"]) == ("open", "2026-11-27", "2026-11-20")
    assert following["id"] != first
    assert (following["every"], following["since"], following["text"]) == ("friday", "2026-11-20", "the status mail")
    run("undo")
    assert listed(run, "--all") == before
    run("redo")
    assert [promise["id"] for promise in listed(run)] == [following["id"]]


@pytest.mark.parametrize(
    ("by", "every", "settled_on", "due"),
    [
        ("2026-11-27", "friday", "2026-11-25", "2026-12-04"),  # kept early: that Friday is done
        ("2026-11-27", "friday", "2026-12-08", "2026-12-11"),  # kept late: missed ones are not made up for
        ("2026-11-27", "friday", "2026-12-04", "2026-12-11"),
        ("2026-11-27", "other friday", "2026-12-02", "2026-12-11"),
        ("2026-11-27", "week", "2026-11-27", "2026-12-04"),
        ("2026-11-27", "monday and friday", "2026-11-27", "2026-11-30"),
        ("2026-12-31", "day", "2026-12-31", "2027-01-01"),
        ("2026-12-25", "week", "2026-12-25", "2027-01-01"),
        ("2027-01-31", "month", "2027-01-31", "2027-02-28"),
        ("2027-12-31", "quarter", "2027-12-31", "2028-03-31"),
        ("2027-11-29", "3 months", "2027-11-29", "2028-02-29"),
        ("2028-02-29", "year", "2028-02-29", "2029-02-28"),
        ("2026-11-30", "last day of the month", "2026-11-30", "2026-12-31"),
        ("2026-11-27", "last friday of the month", "2026-11-27", "2026-12-25"),
    ],
)
def test_next_due_day(run: "Run", by: str, every: str, settled_on: str, due: str) -> None:
    first = make(run, "start", "a walk", "--by", by, "--every", every)
    run("promise", "keep", first, VALUELOG_TODAY=settled_on)
    assert due_days(run) == [due]


def test_month_end_survives_a_short_month(run: "Run") -> None:
    make(run, "step", "the invoice", "--by", "2027-01-31", "--every", "month")
    for day, due in (("2027-01-31", "2027-02-28"), ("2027-02-28", "2027-03-31"), ("2027-03-30", "2027-04-30")):
        run("promise", "keep", listed(run)[0]["id"], VALUELOG_TODAY=day)
        assert due_days(run) == [due]


def test_due_day_does_not_depend_on_summer_time(run: "Run") -> None:
    make(run, "start", "a walk", "--by", "2027-03-26", "--every", "friday")
    for day, due in (("2027-03-26", "2027-04-02"), ("2027-04-02", "2027-04-09")):
        run("promise", "keep", listed(run)[0]["id"], VALUELOG_TODAY=day, TZ="America/New_York")
        assert due_days(run) == [due]


def test_carrying_over_moves_only_this_one(run: "Run") -> None:
    first = make(run, *WEEKLY, "--by", "2026-11-27")
    run("promise", "carry", first, "--by", "2026-12-02")
    run("promise", "carry", first, "--by", "2026-12-03")
    (promise,) = listed(run)
    assert (promise["id"], promise["due"], promise["planned"], promise["carried"]) == (
        first, "2026-12-03", "2026-11-27", 2,
    )  # fmt: skip
    run("promise", "keep", first, VALUELOG_TODAY="2026-12-01")
    (promise,) = listed(run)
    assert (promise["due"], promise["planned"], promise["carried"]) == ("2026-12-04", None, 0)


def test_late_record_of_an_earlier_day_counts_from_today(run: "Run") -> None:
    first = make(run, *WEEKLY, "--by", "2026-11-20")
    run("promise", "keep", first, "-d", "2026-11-23", VALUELOG_TODAY="2026-11-30")
    (settled, following) = listed(run, "--all")
    assert (settled["closed_on"], following["due"], following["made_on"]) == ("2026-11-23", "2026-12-04", "2026-11-30")


def test_dropping_ends_the_series(run: "Run") -> None:
    first = make(run, *WEEKLY)
    assert "Dropped " in (done := run("promise", "drop", first)).err
    assert "its series ends" in done.err
    assert listed(run) == []
    assert [promise["state"] for promise in listed(run, "--all")] == ["dropped"]
    assert_one_clear_message(run("promise", "keep", first, fails=1), "the status mail")
    run("undo")
    assert len(listed(run)) == 1
    single = make(run, "start", "a walk")
    assert "series" not in run("promise", "drop", single).err


def test_dropped_step_leaves_its_pain_point_open(run: "Run") -> None:
    run("pain", "add", "the deploy waits", "--step", "ask")
    (pain,) = json.loads(run("pain", "--json").out)
    run("pain", "plan", pain["id"], "ask for one", "--by", "fri")
    run("promise", "drop", listed(run)[0]["id"])
    assert json.loads(run("pain", "--json").out)[0]["state"] == "open"
    done = run("promise", "make", "step", "x", "--pain", pain["id"], "--every", "week", fails=2)
    assert_one_clear_message(done, "The step for a pain point can't repeat.")


def test_other_words_make_no_promise(run: "Run") -> None:
    done = run("promise", "make", "stop", "x", "--every", "third friday", fails=2)
    assert_one_clear_message(done, "Write third friday of the month, or 3 weeks.")
    assert listed(run, "--all") == []


# Friday


def test_talk_settles_one_and_promises_the_next(home: "Path", run: "Run") -> None:
    run("add", "activity", "x")
    make(run, *WEEKLY, "--by", "today")
    before = listed(run, "--all")
    talk = run_with_answers(home, "review", "--week", "--reflect", answers=["kept"])
    assert "You promised to stop the status mail" in talk.prompts
    assert [(one["state"], one["due"]) for one in listed(run, "--all")] == [
        ("kept", "2026-11-20"), ("open", "2026-11-27"),
    ]  # fmt: skip
    assert "every Friday · due Fri 27 Nov" in talk.out + talk.err
    run("undo")
    assert listed(run, "--all") == before


def test_talk_does_not_ask_about_the_next_one_right_away(home: "Path", run: "Run") -> None:
    run("add", "activity", "x")
    make(run, "start", "a walk", "--by", "today", "--every", "day")
    run_with_answers(home, "review", "--week", "--reflect", answers=["kept"])
    assert due_days(run) == ["2026-11-21"]
    again = run_with_answers(home, "review", "--week", "--reflect", answers=[])
    assert not any("a walk" in prompt for prompt in again.prompts)
    sunday = EVENING_TIME.replace(day=22)
    later = run_with_answers(home, "review", "--week", "--reflect", answers=[], now=lambda: sunday)
    assert any("a walk" in prompt for prompt in later.prompts)


@pytest.mark.parametrize("outcome", [["carry over to Fri 27 Nov"], [KeyboardInterrupt], ["later"]])
def test_talk_makes_no_next_one_while_this_one_is_open(home: "Path", run: "Run", outcome: list[Any]) -> None:
    run("add", "activity", "x")
    first = make(run, *WEEKLY, "--by", "today")
    run_with_answers(home, "review", "--week", "--reflect", answers=outcome)
    assert [(one["id"], one["state"]) for one in listed(run, "--all")] == [(first, "open")]


def test_flag_of_the_talk_settles_a_series(run: "Run") -> None:
    first = make(run, *WEEKLY, "--by", "today")
    done = run("review", "--week", "--keep", first, "--json")
    assert [one["due"] for one in listed(run)] == ["2026-11-27"]
    assert "kept" in done.err


def test_review_shows_how_often(run: "Run") -> None:
    run("add", "activity", "x")
    make(run, *WEEKLY, "--by", "today")
    make(run, *WEEKLY[:-1], "2 weeks", "--by", "2026-12-04")
    assert "every Friday" in run("review", "--week").out
    assert "every Friday" in run("review", "--week", "--markdown").out
    assert "every Friday" in run("review", "--week", "--html", "-").out
    assert [one["every"] for one in json.loads(run("review", "--week", "--json").out)["promises"]] == [
        "friday", "2 weeks",
    ]  # fmt: skip
    assert "the status mail" in run().out


def test_export_and_import_keep_series(run: "Run", tmp_path: "Path") -> None:
    first = make(run, *WEEKLY, "--by", "today")
    run("promise", "keep", first)
    run("promise", "carry", listed(run)[0]["id"], "--by", "2026-12-02")
    one, two, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl", str(tmp_path / "other.db")
    run("export", "jsonl", str(one))
    run("import", "jsonl", str(one), VALUELOG_JOURNAL=other)
    run("export", "jsonl", str(two), VALUELOG_JOURNAL=other)
    assert one.read_bytes() == two.read_bytes()
    (promise,) = json.loads(run("promise", "list", "--json", VALUELOG_JOURNAL=other).out)
    assert (promise["every"], promise["since"], promise["planned"]) == ("friday", "2026-11-20", "2026-11-27")
    assert run("import", "jsonl", str(one)).code == 0
    assert len(listed(run, "--all")) == 2
