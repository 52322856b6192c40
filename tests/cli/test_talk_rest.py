"""The Friday talk where it is nearly over: many promises, the rest of a question, a pipe, and what flags are told."""

import json
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

import pytest

from support.env import xdg_variables
from support.evenings import EVENING_TIME, run_with_answers
from support.messages import assert_one_clear_message
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.world import World
from valuelog.questions.catalogue import load_weekly_talk_questions

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ASKS = {prompt.id: prompt.text for prompt in load_weekly_talk_questions()}
APPROVER = "the deploy waits on one approver"
REST = "What about the rest?"
CARRY, LOST, LATER = "carry all over to Fri 27 Nov", "not kept", "later"
MAIL, PAGE, RULES = (
    "stop the status mail, by Tue 17 Nov",
    "start a page for new people, by Wed 18 Nov",
    "read the audit rules, by Sun 22 Nov",
)
WEEK = "Week 47 · 16 – 22 Nov 2026"


def read(run: "Run", *words: str) -> Any:  # noqa: ANN401
    return json.loads(run(*words, "--json").out)


def became(run: "Run") -> dict[str, tuple[str, str]]:
    """Return what became of each promise, and until when it is due."""
    return {one["text"]: (one["state"], one["due"]) for one in read(run, "promise", "list", "--all")}


def talked(run: "Run", *answers: Any, fails: int = 0) -> str:  # noqa: ANN401  whatever is answered
    """Hold the talk, with a yes to its offer. Returns what was said."""
    return run("review", "--week", answers=[True, *answers], fails=fails).err


@pytest.fixture
def many(run: "Run") -> "Run":
    """Make three promises that are due."""
    for kind, text, by in (
        ("stop", "the status mail", "2026-11-17"),
        ("start", "a page for new people", "2026-11-18"),
        ("step", "read the audit rules", "2026-11-22"),
    ):
        run("promise", "make", kind, text, "--by", by, VALUELOG_TODAY="2026-11-17")
    return run


@pytest.fixture
def planned(run: "Run") -> str:
    """Note friction that has a small step by Friday. Returns its id."""
    run("pain", "add", APPROVER, "-d", "mon")
    name = str(read(run, "pain")[0]["id"])
    run("pain", "plan", name, "ask for two", "--by", "2026-11-20", VALUELOG_TODAY="2026-11-17")
    return name


# Many promises


@pytest.mark.parametrize(
    ("rest", "state", "due"),
    [(CARRY, "open", "2026-11-27"), (LOST, "broken", "2026-11-18"), (LATER, "open", "2026-11-18")],
)
def test_remaining_promises_get_one_outcome(many: "Run", rest: str, state: str, due: str) -> None:
    said = talked(many, [MAIL, RULES], rest)
    assert became(many)["a page for new people"] == (state, due)
    assert became(many)["read the audit rules"][0] == "kept"
    assert "Saved 1 answer." in said
    many("undo")
    assert {one for one, _ in became(many).values()} == {"open"}


def test_later_shows_ids_and_carry_command(many: "Run", home: "Path") -> None:
    asked = run_with_answers(home, "review", "--week", answers=[True, [MAIL], LATER]).prompts
    (told,) = (one for one in asked if one.startswith("Still open: "))
    open_ones = [one["id"] for one in read(many, "promise")]
    first = told.split()[2]
    assert open_ones[0].startswith(first)
    many("promise", "carry", first)
    again = run_with_answers(home, "review", "--week", "--reflect", answers=[KeyboardInterrupt]).prompts
    assert "You promised: read the audit rules" in again


def test_all_promises_kept_skips_remaining_question(many: "Run", home: "Path") -> None:
    assert REST not in run_with_answers(home, "review", "--week", answers=[True, [MAIL, PAGE, RULES]]).prompts
    assert {one for one, _ in became(many).values()} == {"kept"}


def test_interrupted_remaining_promises_are_asked_next_time(many: "Run", home: "Path") -> None:
    assert "Stopped. 1 answer saved" in talked(many, [MAIL], KeyboardInterrupt, fails=130)
    asked = run_with_answers(home, "review", "--week", answers=[True]).prompts
    assert [one for one in asked if one.startswith("You promised")] == [
        "You promised to start a page for new people",
        "You promised: read the audit rules",
    ]


# What a question ends with


def test_interrupted_fix_question_is_asked_again(run: "Run", home: "Path", planned: str) -> None:
    assert "Stopped. 1 answer saved" in talked(run, "kept", KeyboardInterrupt, fails=130)
    again = run_with_answers(home, "review", "--week", answers=[True, True, "two approvers", [], [], ""]).prompts
    assert again[:2] == ["Five short questions about next week. Enter skips. Now?", f"Is “{APPROVER}” fixed now?"]
    assert read(run, "pain", "show", planned)["state"] == "fixed"


@pytest.mark.usefixtures("planned")
def test_unfixed_pain_is_asked_once_and_offered_for_a_step(run: "Run", home: "Path") -> None:
    talked(run, "kept", KeyboardInterrupt, fails=130)
    again = run_with_answers(home, "review", "--week", answers=[True, False, "", APPROVER, "ask once more"]).prompts
    assert [one for one in again if one in ASKS.values()] == list(ASKS.values())
    assert read(run, "pain")[0]["step"] == "ask once more"
    assert run_with_answers(home, "review", "--week", answers=[AssertionError]).prompts == []


def test_talk_ends_with_saved_count(many: "Run") -> None:
    talked(many, [MAIL], LATER, KeyboardInterrupt, fails=130)
    said = talked(many, "the Monday report", "pairing")
    assert "Saved 2 answers. Undo: valuelog undo\n" in said
    many("undo")
    assert sorted(became(many)) == ["a page for new people", "read the audit rules", "the status mail"]
    assert became(many)["the status mail"][0] == "kept"


# A pipe


class Keyboard(TextIOWrapper):
    """A stdin that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def piped(home: "Path", *words: str) -> tuple[int, str, str]:
    """Run a command whose stdin is a terminal and whose answer goes into a pipe."""
    out, err = StringIO(), StringIO()
    world = World(
        environ=xdg_variables(home), stdin=Keyboard(BytesIO()), stdout=out, stderr=err, now=lambda: EVENING_TIME
    )
    code = errors.run(world, lambda: app().main(args=list(words), standalone_mode=False, obj=world))
    return code, out.getvalue(), err.getvalue()


def test_piped_stdout_asks_nothing_on_a_terminal(many: "Run", home: "Path") -> None:
    assert piped(home, "review", "--week")[0] == 0
    code, out, err = piped(home, "review", "--week", "--reflect")
    assert (code, out.splitlines()[0].startswith("Week 47")) == (2, True)
    assert err.startswith(
        "valuelog: Can't prompt: there is no terminal, or --no-input is set.\n"
        "Answer on the command line instead: --stop, --start"
    )
    assert {one for one, _ in became(many).values()} == {"open"}


# What flags are told


def test_talk_flags_confirm_week_and_promise_id(run: "Run") -> None:
    said = run("review", "--week", "--stop", "the Monday report").err
    (promise,) = read(run, "promise")
    name = said.split(": ")[1].split()[0]
    assert promise["id"].startswith(name)
    assert said == f"Saved 1 answer for {WEEK}: {name} by Fri 27 Nov 2026. Undo: valuelog undo\n"
    said = run("review", "--week", "last", "--level", "said no").err
    assert said == "Saved 1 answer for Week 46 · 9 – 15 Nov 2026. Undo: valuelog undo\n"
    said = run("review", "--week", "--keep", name).err
    assert said == f"Saved 1 answer for {WEEK}: {name} kept. Undo: valuelog undo\n"


def test_repeated_answers_are_saved_once(run: "Run") -> None:
    said = run("review", "--week", "--stop", "the report", "--stop", " the report ", "--start", "the report").err
    assert said == f"Saved 2 answers for {WEEK}; duplicates were saved once. Undo: valuelog undo\n"
    assert sorted((one["kind"], one["text"]) for one in read(run, "promise")) == [
        ("start", "the report"),
        ("stop", "the report"),
    ]


def test_flag_without_value_shows_usage(run: "Run", planned: str) -> None:
    lacking = run("review", "--week", "--step", planned, fails=2)
    assert_one_clear_message(lacking, "Usage: valuelog review [PERIOD] --step ID TEXT")
    lacking = run("pain", "plan", planned, "x", "--by", fails=2)
    assert_one_clear_message(lacking, "Usage: valuelog pain plan ID [STEP…] --by WHEN")
