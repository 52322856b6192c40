"""The weekly talk: its questions, what the answers become, resuming it, and flags instead of questions."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.messages import assert_one_clear_message
from valuelog.journal.connection import open_to_write
from valuelog.journal.verify import find_damage
from valuelog.questions.catalogue import load_weekly_talk_questions

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Result, Run

ASKS = {prompt.id: prompt.text for prompt in load_weekly_talk_questions()}
APPROVER = "the deploy waits on one approver"
NOW = "about next week. Enter skips. Now?"
LATER = "later"
CARRY = "carry over to Fri 27 Nov"
NONE = "none of them"
YES, NO = True, False


def ids(run: "Run", *words: str) -> dict[str, str]:
    """Return the ids of what a command lists, by their texts."""
    return {one["text"]: one["id"] for one in json.loads(run(*words, "--json").out)}


def states(run: "Run") -> dict[str, tuple[str, str, int]]:
    """Return the state, due day and number of carry-overs of each promise."""
    listed = json.loads(run("promise", "list", "--all", "--json").out)
    return {one["text"]: (one["state"], one["due"], one["carried"]) for one in listed}


def read_review(run: "Run", today: str = "2026-11-20") -> Any:  # noqa: ANN401
    return json.loads(run("review", "--week", "--json", VALUELOG_TODAY=today).out)


def hold_talk(run: "Run", *answers: Any, words: str = "", fails: int = 0, today: str = "2026-11-20") -> "Result":  # noqa: ANN401
    """Accept the offer of a talk and answer its questions."""
    return run("review", "--week", *words.split(), answers=[True, *answers], fails=fails, VALUELOG_TODAY=today)


@pytest.fixture
def run_with_due(run: "Run") -> "Run":
    """Log a pain point and make two promises that are due."""
    run("pain", "add", APPROVER, "-d", "mon")
    run("promise", "make", "stop", "the status mail", "--by", "today", VALUELOG_TODAY="2026-11-17")
    run("promise", "make", "start", "a page for new people", "--by", "2026-11-18", VALUELOG_TODAY="2026-11-17")
    return run


@pytest.fixture
def run_with_three_due(run_with_due: "Run") -> "Run":
    """Make a third promise, so that all are asked about at once."""
    run_with_due("promise", "make", "step", "read the audit rules", "--by", "2026-11-22", VALUELOG_TODAY="2026-11-17")
    return run_with_due


@pytest.mark.usefixtures("run_with_due")
def test_talk_asks_due_promises_first(home: "Path") -> None:
    became = "how did it go?"
    assert run_with_answers(home, "review", "--week", answers=[True]).prompts == [
        f"Five short questions {NOW}",
        "You promised to stop the status mail", became,
        "You promised to start a page for new people", became,
        ASKS["stop"], "", ASKS["step"], "which one?", ASKS["level"], "",
    ]  # fmt: skip
    assert run_with_answers(home, "review", "--week", answers=[True]).prompts == []


def test_talk_answers_become_promises_and_reflection(run_with_due: "Run") -> None:
    run_with_due("promise", "keep", ids(run_with_due, "promise")["the status mail"])
    output = hold_talk(
        run_with_due, CARRY, "the Monday report", APPROVER, "ask for a second one", "pairing", "said no"
    ).err
    assert "Saved 5 answers. Undo: valuelog undo\nFriday's review (27 Nov) will ask how" in output
    assert states(run_with_due) == {
        "the status mail": ("kept", "2026-11-17", 0),
        "a page for new people": ("open", "2026-11-27", 1),
        "the Monday report": ("open", "2026-11-27", 0),
        "ask for a second one": ("open", "2026-11-27", 0),
        "pairing": ("open", "2026-11-27", 0),
    }
    (pain,) = json.loads(run_with_due("pain", "list", "--json").out)
    assert (pain["state"], pain["step"], pain["step_by"]) == ("planned", "ask for a second one", "2026-11-27")
    reflections = [(one["period"], one["question"], one["answer"]) for one in read_review(run_with_due)["reflection"]]
    assert reflections == [
        ("2026-W47", "stop", "the Monday report"),
        ("2026-W47", "step", "ask for a second one"),
        ("2026-W47", "start", "pairing"),
        ("2026-W47", "level", "said no"),
    ]


def test_next_review_shows_promises_and_reflection(run_with_due: "Run") -> None:
    hold_talk(run_with_due, "kept", LATER, "the Monday report", NONE, "said no to the audit")
    shown = run_with_due("review", "--week", VALUELOG_TODAY="2026-11-27").out.splitlines()
    assert shown[0].startswith("Week 48")
    start = shown.index("Still open") + 2  # below a pain point
    assert "Start: a page for new people" in shown[start]
    assert shown[start].endswith("was due Wed 18 Nov")
    assert "Stop: the Monday report" in shown[start + 1]
    assert shown[start + 1].endswith("due Fri 27 Nov")
    assert shown[start + 2] == "Next level  said no to the audit"
    assert read_review(run_with_due, today="2026-11-27")["reflection"][-1]["answer"] == "said no to the audit"


def test_kept_step_asks_whether_pain_is_fixed(run: "Run") -> None:
    run("pain", "add", APPROVER, "-d", "mon")
    (name,) = ids(run, "pain").values()
    run("pain", "plan", name, "ask for a second one", "--by", "2026-11-20", VALUELOG_TODAY="2026-11-17")
    hold_talk(run, "kept", YES, "two approvers since today", ["faster"], ["co-workers"], "the deploy went out at noon")
    shown = json.loads(run("pain", "show", name, "--json").out)
    assert (shown["state"], shown["closed_on"], shown["how"]) == ("fixed", "2026-11-20", "two approvers since today")
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["kind"], entry["effects"], entry["beneficiaries"]) == ("improvement", ["faster"], ["coworkers"])
    assert entry["evidence"] == "the deploy went out at noon"
    assert entry["id"] == shown["fix"]


def test_unfixed_pain_stays_open_after_kept_step(run: "Run") -> None:
    run("pain", "add", APPROVER, "-d", "mon")
    (name,) = ids(run, "pain").values()
    run("pain", "plan", name, "ask for a second one", "--by", "2026-11-20", VALUELOG_TODAY="2026-11-17")
    hold_talk(run, "kept", NO)
    assert json.loads(run("pain", "show", name, "--json").out)["state"] == "open"


def test_answered_and_skipped_questions_are_not_offered_again(run_with_due: "Run") -> None:
    hold_talk(run_with_due, "kept", LATER, "the Monday report", NONE)
    run_with_due("review", "--week", answers=[AssertionError])


def test_reflect_flag_asks_skipped_questions_again(run_with_due: "Run") -> None:
    hold_talk(run_with_due, "kept", LATER, "the Monday report", NONE)
    rest = ["not kept", APPROVER, "ask", "pairing", "said no"]
    run_with_due("review", "--week", "--reflect", answers=rest)
    assert rest == []
    again = run_with_due("review", "--week", "--reflect", answers=[])
    assert again.err == "You've answered every question about this week.\n"


@pytest.mark.parametrize("confirmed", range(5))
def test_interrupted_talk_resumes(run_with_due: "Run", confirmed: int) -> None:
    every: list[list[Any]] = [
        ["kept"], ["not kept"], ["the Monday report"], [APPROVER, "ask"], ["said no"]
    ]  # fmt: skip
    before = [answer for answers in every[:confirmed] for answer in answers]
    stopped = hold_talk(run_with_due, *before, KeyboardInterrupt, fails=130)
    what = {0: "Nothing new was saved", 1: "1 answer saved"}.get(confirmed, f"{confirmed} answers saved")
    assert f"Stopped. {what} for Week 47 · 16 – 22 Nov 2026.\nPick up where you left off: valuelog review --week" in (
        stopped.err
    )
    hold_talk(run_with_due, *[answer for answers in every[confirmed:] for answer in answers])
    became = states(run_with_due)
    assert [became[text][0] for text in ("the status mail", "a page for new people", "the Monday report", "ask")] == [
        "kept", "broken", "open", "open"
    ]  # fmt: skip
    assert read_review(run_with_due)["reflection"][-1]["answer"] == "said no"
    run_with_due("review", "--week", answers=[AssertionError])


def test_many_due_promises_are_asked_in_one_question(run_with_three_due: "Run", home: "Path") -> None:
    listed = ids(run_with_three_due, "promise")
    asking: list[Any] = [True, ["stop the status mail, by Tue 17 Nov", "read the audit rules, by Sun 22 Nov"]]
    evening = run_with_answers(home, "review", "--week", answers=asking)
    name = evening.prompts[4].split()[2]
    assert listed["a page for new people"].startswith(name)
    assert evening.prompts == [
        f"Five short questions {NOW}", "Which of these did you keep?", "", "What about the rest?",
        f"Still open: {name} start a page for new people",
        ASKS["stop"], "", ASKS["step"], "which one?", ASKS["start"], "", ASKS["level"], "",
    ]  # fmt: skip
    assert [became for became, _, _ in states(run_with_three_due).values()] == ["kept", "open", "kept"]
    assert run_with_answers(home, "review", "--week", answers=[True]).prompts == []


def test_none_of_many_promises_kept(run_with_three_due: "Run") -> None:
    hold_talk(run_with_three_due, [], LATER, "", NONE, "", "")
    assert [became for became, _, _ in states(run_with_three_due).values()] == ["open"] * 3
    run_with_three_due("review", "--week", answers=[AssertionError])


@pytest.mark.parametrize("confirmed", range(7))
def test_interrupted_talk_about_many_promises_resumes(run_with_three_due: "Run", confirmed: int) -> None:
    run = run_with_three_due
    (name,) = ids(run, "pain").values()
    run("pain", "plan", name, "ask", "--by", "2026-11-20", VALUELOG_TODAY="2026-11-17")
    every: list[list[Any]] = [
        [["stop the status mail, by Tue 17 Nov", "ask, by Fri 20 Nov"], LATER],
        [NO], ["a mail"], [NONE], [""], ["said no"],
    ]  # fmt: skip
    before = [answer for answers in every[:confirmed] for answer in answers]
    if confirmed < len(every):
        hold_talk(run, *before, KeyboardInterrupt, fails=130)
        before = []
    rest = every[confirmed:]
    hold_talk(run, *before, *[answer for answers in rest for answer in answers])
    became = states(run)
    assert [became[text][0] for text in ("the status mail", "a page for new people", "ask", "a mail")] == [
        "kept", "open", "kept", "open"
    ]  # fmt: skip
    assert read_review(run)["reflection"][-1]["answer"] == "said no"


def test_replaced_step_is_kept_with_the_week(run: "Run") -> None:
    run("pain", "add", APPROVER, "-d", "mon")
    (name,) = ids(run, "pain").values()
    run("pain", "plan", name, "first step", "--by", "2026-11-25")
    run("review", "--week", "--step", name, "second step")
    assert [one["answer"] for one in read_review(run)["reflection"]] == ["second step"]
    run("review", "--week", "--step", name, "second step", VALUELOG_TODAY="2026-11-27")
    assert [one["answer"] for one in read_review(run, today="2026-11-27")["reflection"]] == ["second step"] * 2


def test_undo_reverts_whole_talk(run_with_due: "Run", journal_path: "Path") -> None:
    def read_state() -> Any:  # noqa: ANN401
        """Return promises and review without findings: an id prefix in a finding may get longer."""
        return states(run_with_due), {
            key: value for key, value in read_review(run_with_due).items() if key != "findings"
        }

    before = read_state()
    hold_talk(run_with_due, "kept", "not kept", "the Monday report", APPROVER, "ask", "said no")
    assert run_with_due("history", "-n", "1", "--plain").out.split("\t")[1] == "reflect"
    assert run_with_due("undo").err.startswith("Undone: weekly talk “the status mail”, “a page for new people”")
    assert read_state() == before
    run_with_due("redo")
    assert states(run_with_due)["the status mail"][0] == "kept"
    _assert_undamaged(journal_path)


def _assert_undamaged(path: "Path") -> None:
    connection = open_to_write(path)
    assert find_damage(connection) == []
    connection.close()


def test_talk_without_promises_and_pains_asks_three_questions(run: "Run") -> None:
    asking = [True, "the Monday report", "pairing", "said no"]
    run("review", "--week", answers=asking)
    assert list(states(run)) == ["the Monday report", "pairing"]
    assert asking == []


# The offer


@pytest.mark.parametrize("words", ["--no-reflect", "--json", "--plain", "--markdown", "2026-W46", "--week=2026-W40"])
def test_talk_is_not_offered(run: "Run", words: str) -> None:
    if words == "2026-W46":
        words = "2026-W44"
    args = ["review", words] if words[0] == "2" or "=" in words else ["review", "--week", words]
    run(*args, answers=[AssertionError])


@pytest.mark.parametrize("words", ["--month", "last month", "2026-11-20"])
def test_reflect_flag_needs_a_week(run: "Run", words: str) -> None:
    run("review", *words.split(), answers=[AssertionError])
    wrong = run("review", *words.split(), "--reflect", answers=[], fails=2)
    assert "You can only reflect on this week or last week." in wrong.err


def test_talk_is_not_offered_in_a_pipe(run: "Run") -> None:
    assert run("review", "--week").err == ""
    assert "--stop, --start, --step" in run("review", "--week", "--reflect", fails=2).err
    assert "--stop, --start, --step" in run("--no-input", "review", "--week", "--reflect", answers=[], fails=2).err


def test_talk_about_last_week_on_monday(run: "Run") -> None:
    hold_talk(run, "the Monday report", words="last", today="2026-11-23")
    assert states(run) == {"the Monday report": ("open", "2026-11-27", 0)}
    assert read_review(run, today="2026-11-23")["reflection"][0]["period"] == "2026-W47"


def test_declined_talk_asks_nothing(run: "Run") -> None:
    run("review", "--week", answers=[False])
    assert states(run) == {}
    hold_talk(run, "the Monday report")
    assert len(states(run)) == 1


# Flags and stdin


def test_talk_flags_are_saved_before_review(run_with_three_due: "Run") -> None:
    run = run_with_three_due
    names = {**ids(run, "promise"), **ids(run, "pain")}
    words = [
        "--keep", names["the status mail"], "--break", names["a page for new people"],
        "--carry", names["read the audit rules"], "--stop", "the Monday report", "--start", "pairing",
        "--step", names[APPROVER], "ask for a second one", "--level", "said no",
    ]  # fmt: skip
    output = run("review", "--week", *words, "--json")
    assert output.err == "Saved 7 answers for Week 47 · 16 – 22 Nov 2026. Undo: valuelog undo\n"
    assert {one["answer"] for one in json.loads(output.out)["reflection"]} == {
        "the Monday report", "pairing", "ask for a second one", "said no"
    }  # fmt: skip
    assert [state for state, _, _ in states(run).values()].count("open") == 4
    run("review", "--week", "--reflect", answers=[])


def test_talk_answers_from_stdin(run_with_due: "Run") -> None:
    names = ids(run_with_due, "promise")
    lines = [
        {"question": "keep", "of": names["the status mail"]},
        {"question": "stop", "answer": "the Monday report"},
        {"question": "level", "answer": "said no"},
    ]
    run_with_due("review", "--week", "--answers", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    assert states(run_with_due)["the status mail"][0] == "kept"
    assert len(read_review(run_with_due)["reflection"]) == 2


BAD = [
    ('{"question": "keep", "of": "zzzzzz"}', 1, "No promise has an id that begins with “zzzzzz”."),
    ('{"question": "step", "of": "zzzzzz", "answer": "ask"}', 1, "No pain point has an id that begins with “zzzzzz”."),
    ('{"question": "stop"}', 2, "Line 1 of the answers: The text is empty."),
    ('{"question": "step", "of": "k3"}', 2, "Line 1 of the answers: The text is empty."),
    ('{"question": "keep"}', 2, "Line 1 of the answers: add “of” with the id of the promise to keep."),
    ('{"question": "stopp", "answer": "x"}', 2, "Line 1 of the answers: There is no question “stopp”."),
    ('{"question": "stop", "answr": "x"}', 2, "Line 1 of the answers: There is no key “answr”."),
    ('{"question": "stop", "answer": 5}', 2, "Line 1 of the answers: “answer” must be text."),
    ('{"question": "stop", "answer": "fine"}\n[]', 2, "Line 2 of the answers: expected a JSON object"),
    ("stop it", 2, "Line 1 of the answers: not valid JSON."),
    ("", 2, "Line 1 of the answers: there are no answers."),
]


@pytest.mark.parametrize(("line", "code", "piece"), BAD)
def test_invalid_talk_answers_change_nothing(
    run_with_due: "Run", journal_path: "Path", line: str, code: int, piece: str
) -> None:
    before = journal_path.read_bytes()
    lines = '{"question": "stop", "answer": "fine"}\n' * (code == 1) + line
    assert_one_clear_message(
        run_with_due("review", "--week", "--answers", "-", stdin=lines.encode(), fails=code), piece
    )
    assert journal_path.read_bytes() == before


def test_keeping_a_promise_twice_fails(run_with_due: "Run", journal_path: "Path") -> None:
    name = ids(run_with_due, "promise")["the status mail"]
    before = journal_path.read_bytes()
    twice = run_with_due("review", "--week", "--stop", "x", "--keep", name, "--keep", name, fails=1)
    assert_one_clear_message(twice, "“the status mail” is already kept.")
    assert journal_path.read_bytes() == before


@pytest.mark.parametrize("flags", [("--keep", "--break"), ("--break", "--carry")])
def test_conflicting_promise_outcomes_are_refused(
    run_with_due: "Run", journal_path: "Path", flags: tuple[str, str]
) -> None:
    name = ids(run_with_due, "promise")["the status mail"]
    before = journal_path.read_bytes()
    refused = run_with_due("review", "--week", flags[0], name, flags[1], name[:9], fails=2)
    assert_one_clear_message(refused, f"{flags[0]} and {flags[1]} can't both apply to “the status mail”.")
    assert journal_path.read_bytes() == before
