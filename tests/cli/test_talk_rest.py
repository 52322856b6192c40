"""The weekly talk: outcomes of many promises, interruptions near the end, pipes, and messages after flags."""

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


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401
    return json.loads(run(*words, "--json").out)


def promise_states(run: "Run") -> dict[str, tuple[str, str]]:
    """Return the state and due day of each promise."""
    return {one["text"]: (one["state"], one["due"]) for one in read_json(run, "promise", "list", "--all")}


def hold_talk(run: "Run", *answers: Any, fails: int = 0) -> str:  # noqa: ANN401  any answer
    """Accept the offer of a talk and answer its questions; return stderr."""
    return run("review", "--week", answers=[True, *answers], fails=fails).err


@pytest.fixture
def run_with_three_due(run: "Run") -> "Run":
    """Make three promises that are due."""
    for kind, text, by in (
        ("stop", "the status mail", "2026-11-17"),
        ("start", "a page for new people", "2026-11-18"),
        ("step", "read the audit rules", "2026-11-22"),
    ):
        run("promise", "make", kind, text, "--by", by, VALUELOG_TODAY="2026-11-17")
    return run


@pytest.fixture
def planned_pain(run: "Run") -> str:
    """Log a pain point with a step due on Friday; return its id."""
    run("pain", "add", APPROVER, "-d", "mon")
    name = str(read_json(run, "pain")[0]["id"])
    run("pain", "plan", name, "ask for two", "--by", "2026-11-20", VALUELOG_TODAY="2026-11-17")
    return name


# Many promises


@pytest.mark.parametrize(
    ("rest", "state", "due"),
    [(CARRY, "open", "2026-11-27"), (LOST, "broken", "2026-11-18"), (LATER, "open", "2026-11-18")],
)
def test_remaining_promises_get_one_outcome(run_with_three_due: "Run", rest: str, state: str, due: str) -> None:
    output = hold_talk(run_with_three_due, [MAIL, RULES], rest)
    assert promise_states(run_with_three_due)["a page for new people"] == (state, due)
    assert promise_states(run_with_three_due)["read the audit rules"][0] == "kept"
    assert "Saved 1 answer." in output
    run_with_three_due("undo")
    assert {one for one, _ in promise_states(run_with_three_due).values()} == {"open"}


def test_later_shows_ids_and_carry_command(run_with_three_due: "Run", home: "Path") -> None:
    prompts = run_with_answers(home, "review", "--week", answers=[True, [MAIL], LATER]).prompts
    (hint,) = (one for one in prompts if one.startswith("Still open: "))
    open_ones = [one["id"] for one in read_json(run_with_three_due, "promise")]
    first = hint.split()[2]
    assert open_ones[0].startswith(first)
    run_with_three_due("promise", "carry", first)
    again = run_with_answers(home, "review", "--week", "--reflect", answers=[KeyboardInterrupt]).prompts
    assert "You promised: read the audit rules" in again


def test_all_promises_kept_skips_remaining_question(run_with_three_due: "Run", home: "Path") -> None:
    assert REST not in run_with_answers(home, "review", "--week", answers=[True, [MAIL, PAGE, RULES]]).prompts
    assert {one for one, _ in promise_states(run_with_three_due).values()} == {"kept"}


def test_interrupted_remaining_promises_are_asked_next_time(run_with_three_due: "Run", home: "Path") -> None:
    assert "Stopped. 1 answer saved" in hold_talk(run_with_three_due, [MAIL], KeyboardInterrupt, fails=130)
    prompts = run_with_answers(home, "review", "--week", answers=[True]).prompts
    assert [one for one in prompts if one.startswith("You promised")] == [
        "You promised to start a page for new people",
        "You promised: read the audit rules",
    ]


# Interruptions near the end


def test_interrupted_fix_question_is_asked_again(run: "Run", home: "Path", planned_pain: str) -> None:
    assert "Stopped. 1 answer saved" in hold_talk(run, "kept", KeyboardInterrupt, fails=130)
    again = run_with_answers(home, "review", "--week", answers=[True, True, "two approvers", [], [], ""]).prompts
    assert again[:2] == ["Five short questions about next week. Enter skips. Now?", f"Is “{APPROVER}” fixed now?"]
    assert read_json(run, "pain", "show", planned_pain)["state"] == "fixed"


@pytest.mark.usefixtures("planned_pain")
def test_unfixed_pain_is_asked_once_and_offered_for_a_step(run: "Run", home: "Path") -> None:
    hold_talk(run, "kept", KeyboardInterrupt, fails=130)
    again = run_with_answers(home, "review", "--week", answers=[True, False, "", APPROVER, "ask once more"]).prompts
    assert [one for one in again if one in ASKS.values()] == list(ASKS.values())
    assert read_json(run, "pain")[0]["step"] == "ask once more"
    assert run_with_answers(home, "review", "--week", answers=[AssertionError]).prompts == []


def test_talk_ends_with_saved_count(run_with_three_due: "Run") -> None:
    hold_talk(run_with_three_due, [MAIL], LATER, KeyboardInterrupt, fails=130)
    output = hold_talk(run_with_three_due, "the Monday report", "pairing")
    assert "Saved 2 answers. Undo: valuelog undo\n" in output
    run_with_three_due("undo")
    assert sorted(promise_states(run_with_three_due)) == [
        "a page for new people",
        "read the audit rules",
        "the status mail",
    ]
    assert promise_states(run_with_three_due)["the status mail"][0] == "kept"


# Pipes


class TerminalStdin(TextIOWrapper):
    """A stdin that pretends to be a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def run_piped(home: "Path", *words: str) -> tuple[int, str, str]:
    """Run a command whose stdin is a terminal and whose stdout is a pipe."""
    out, err = StringIO(), StringIO()
    world = World(
        environ=xdg_variables(home), stdin=TerminalStdin(BytesIO()), stdout=out, stderr=err, now=lambda: EVENING_TIME
    )
    code = errors.run(world, lambda: app().main(args=list(words), standalone_mode=False, obj=world))
    return code, out.getvalue(), err.getvalue()


def test_piped_stdout_asks_nothing_on_a_terminal(run_with_three_due: "Run", home: "Path") -> None:
    assert run_piped(home, "review", "--week")[0] == 0
    code, out, err = run_piped(home, "review", "--week", "--reflect")
    assert (code, out.splitlines()[0].startswith("Week 47")) == (2, True)
    assert err.startswith(
        "valuelog: Can't prompt: there is no terminal, or --no-input is set.\n"
        "Answer on the command line instead: --stop, --start"
    )
    assert {one for one, _ in promise_states(run_with_three_due).values()} == {"open"}


# Messages after flags


def test_talk_flags_confirm_week_and_promise_id(run: "Run") -> None:
    output = run("review", "--week", "--stop", "the Monday report").err
    (promise,) = read_json(run, "promise")
    name = output.split(": ")[1].split()[0]
    assert promise["id"].startswith(name)
    assert output == f"Saved 1 answer for {WEEK}: {name} by Fri 27 Nov 2026. Undo: valuelog undo\n"
    output = run("review", "--week", "last", "--level", "said no").err
    assert output == "Saved 1 answer for Week 46 · 9 – 15 Nov 2026. Undo: valuelog undo\n"
    output = run("review", "--week", "--keep", name).err
    assert output == f"Saved 1 answer for {WEEK}: {name} kept. Undo: valuelog undo\n"


def test_repeated_answers_are_saved_once(run: "Run") -> None:
    output = run("review", "--week", "--stop", "the report", "--stop", " the report ", "--start", "the report").err
    assert output == f"Saved 2 answers for {WEEK}; duplicates were saved once. Undo: valuelog undo\n"
    assert sorted((one["kind"], one["text"]) for one in read_json(run, "promise")) == [
        ("start", "the report"),
        ("stop", "the report"),
    ]


def test_flag_without_value_shows_usage(run: "Run", planned_pain: str) -> None:
    refused = run("review", "--week", "--step", planned_pain, fails=2)
    assert_one_clear_message(refused, "Usage: valuelog review [PERIOD] --step ID TEXT")
    refused = run("pain", "plan", planned_pain, "x", "--by", fails=2)
    assert_one_clear_message(refused, "Usage: valuelog pain plan ID [STEP…] --by WHEN")
