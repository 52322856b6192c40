"""Pain points, projects and promises: each command, its confirmation and its undo."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.makers import FRIDAY, open_test_journal
from support.messages import id_in_message
from valuelog.workflows import projects

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

UNDO_HINT = " · undo with: valuelog undo\n"


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


@pytest.fixture
def pain(run: "Run") -> str:
    """Log a pain point on Monday; return its id."""
    run("pain", "add", "the deploy waits on one approver", "-d", "mon")
    return str(read_json(run, "pain")[0]["id"])


# Pain points


def test_pain_questions_are_optional_and_can_be_edited_later(run: "Run") -> None:
    result = run(
        "pain", "add", "two tools", "--shared", "all of us", "--hit", "support", "--step", "ask", "--by", "fri"
    )
    (pain,) = read_json(run, "pain")
    assert result.err == f"Logged pain point {id_in_message(result.err)} · by Fri 27 Nov 2026{UNDO_HINT}"
    assert [pain[key] for key in ("shared", "better", "step", "step_by", "hit", "state")] == [
        "all of us", None, "ask", "2026-11-27", "support", "planned"
    ]  # fmt: skip
    run("pain", "edit", pain["id"], "--better", "one tool", "--hit", "")
    (pain,) = read_json(run, "pain")
    assert (pain["better"], pain["hit"]) == ("one tool", None)


def test_keeping_a_step_reopens_its_pain_point(run: "Run", pain: str) -> None:
    assert run("pain", "plan", pain, "ask", "around").err == f"Planned {pain[:2]} · by Fri 27 Nov 2026{UNDO_HINT}"
    (promise,) = read_json(run, "promise")
    assert (promise["kind"], promise["text"], promise["pain"]) == ("step", "ask around", pain)
    message = run("promise", "keep", promise["id"], "-d", "today").err
    assert message == f'Kept {promise["id"][:2]} · Fri 20 Nov 2026 · next: valuelog pain fix {pain[:2]} "…"\n'
    assert [(one["state"], one["step"]) for one in read_json(run, "pain")] == [("open", None)]
    run("undo")
    assert [(one["state"], one["step"]) for one in read_json(run, "pain")] == [("planned", "ask around")]


def test_pain_fix_logs_an_improvement_and_keeps_the_step(run: "Run", pain: str) -> None:
    run("pain", "plan", pain, "ask around")
    flags = ["--effect", "faster", "--for", "coworkers", "--evidence", "twice a day", "--project", "Releases"]
    messages = run("pain", "fix", pain, "two approvers for @sam", *flags).err.splitlines()
    (entry,) = read_json(run, "list")
    assert messages == [
        f"Fixed {pain[:2]} · Fri 20 Nov 2026",
        f"Added improvement {entry['id'][:2]} · Fri 20 Nov 2026 · starts the project releases{UNDO_HINT.rstrip()}",
    ]
    assert (entry["kind"], entry["effects"], entry["beneficiaries"], entry["evidence"], entry["people"]) == (
        "improvement", ["faster"], ["coworkers"], "twice a day", ["sam"]
    )  # fmt: skip
    shown = read_json(run, "pain", "show", pain)
    assert (shown["state"], shown["how"], shown["fix"]) == ("fixed", "two approvers for @sam", entry["id"])
    assert [one["turn"] for one in shown["story"]] == ["noticed", "promised", "kept", "fixed"]
    assert (shown["story"][-1]["entry"], shown["improvement"]) == (entry["id"], entry)
    below = f"            {entry['id'][:4]}  faster · for co-workers · +releases · ◆ twice a day\n"
    assert run("pain", "show", pain).out.endswith(below)
    assert [one["state"] for one in read_json(run, "promise", "list", "--all")] == ["kept"]
    assert read_json(run, "pain") == []
    assert [one["id"] for one in read_json(run, "pain", "list", "--all")] == [pain]
    run("undo")
    assert (read_json(run, "list"), [one["state"] for one in read_json(run, "pain")]) == ([], ["planned"])


def test_deleted_fix_is_no_longer_shown(run: "Run", pain: str) -> None:
    run("pain", "fix", pain, "two approvers")
    assert "two approvers" in run("pain", "list", "--all").out
    run("delete", read_json(run, "list")[0]["id"])
    shown = read_json(run, "pain", "show", pain)
    assert (shown["state"], shown["how"], shown["improvement"]) == ("fixed", None, None)
    assert "two approvers" not in run("pain", "list", "--all").out


def test_pain_fix_without_words_asks(run: "Run", pain: str) -> None:
    run("pain", "fix", pain, answers=["two approvers", ["faster"], ["customers"], "a log"])
    (entry,) = read_json(run, "list")
    assert (entry["text"], entry["effects"], entry["beneficiaries"], entry["evidence"]) == (
        "two approvers", ["faster"], ["customers"], "a log"
    )  # fmt: skip


@pytest.mark.parametrize("answers", [None, ["the tool goes away"]])
def test_pain_drop_needs_a_reason_and_drops_the_step(run: "Run", pain: str, answers: list[str] | None) -> None:
    run("pain", "plan", pain, "ask around")
    words = [] if answers else ["the tool goes away"]
    dropped = run("pain", "drop", pain, *words, answers=answers)
    assert dropped.err == f"Dropped {pain[:2]} · Fri 20 Nov 2026 · its step is dropped too{UNDO_HINT}"
    shown = read_json(run, "pain", "show", pain)
    assert (shown["state"], shown["how"]) == ("dropped", "the tool goes away")
    assert [one["turn"] for one in shown["story"]] == ["noticed", "promised", "ended", "dropped"]
    assert "Fri 20 Nov  step dropped: ask around\n" in run("pain", "show", pain).out
    assert [one["state"] for one in read_json(run, "promise", "list", "--all")] == ["dropped"]
    run("undo")
    assert [one["state"] for one in read_json(run, "promise")] == ["open"]


def test_pain_list_shows_the_most_pressing_first_up_to_limit(run: "Run", pain: str) -> None:
    for day in ("tue", "wed"):
        run("pain", "seen", pain, "-d", day)
    run("pain", "add", "meetings without an agenda")
    listed = run("pain", "list", "--plain").out.splitlines()
    assert [line.split("\t")[1:4] for line in listed] == [["open", "2026-11-18", "3"], ["open", "2026-11-20", "1"]]
    cut = run("pain", "list", "-n", "1").out
    assert "Showing the 1 most pressing. All of them: valuelog pain list -n 2" in cut
    assert " · already seen that day · " in run("pain", "seen", pain, "-d", "wed").err


# Promises


def test_promise_make_keep_break_and_carry(run: "Run") -> None:
    messages = [
        run("promise", "make", "stop", "the status mail", "--by", "fri").err,
        run("promise", "make", "start", "pairing", "--by", "tomorrow").err,
        run("promise", "make", "step", "read the rules", "--by", "2026-12-04").err,
    ]
    stop, start, step = map(id_in_message, messages)
    assert messages == [
        f"Promised {stop} · by Fri 27 Nov 2026{UNDO_HINT}",
        f"Promised {start} · by Sat 21 Nov 2026{UNDO_HINT}",
        f"Promised {step} · by Fri 4 Dec 2026{UNDO_HINT}",
    ]
    assert [one["text"] for one in read_json(run, "promise")] == ["pairing", "the status mail", "read the rules"]
    assert (
        run("promise", "carry", start, "--by", "next week").err
        == f"Carried over {start} · by Fri 27 Nov 2026 · once so far{UNDO_HINT}"
    )
    assert run("promise", "break", stop).err == f"Broken {stop} · Fri 20 Nov 2026{UNDO_HINT}"
    assert run("promise", "keep", step).err == f"Kept {step} · Fri 20 Nov 2026{UNDO_HINT}"
    records = [line.split("\t")[1:5] for line in run("promise", "list", "--all", "--plain").out.splitlines()]
    assert records == [
        ["stop", "broken", "2026-11-27", "0"], ["start", "open", "2026-11-27", "1"], ["step", "kept", "2026-12-04", "0"]
    ]  # fmt: skip
    for _ in range(3):
        run("undo")
    assert [(one["state"], one["carried"]) for one in read_json(run, "promise")] == [("open", 0)] * 3


def test_promise_by_a_week_is_due_on_its_review_day(run: "Run") -> None:
    run("config", "set", "review_day", "wed")
    run("promise", "make", "stop", "the Monday report", "--by", "next week")
    run("promise", "make", "stop", "the status mail")
    assert [promise["due"] for promise in read_json(run, "promise")] == ["2026-11-25", "2026-11-25"]


def test_promise_for_a_pain_point_plans_it_until_deleted(run: "Run", pain: str) -> None:
    run("promise", "make", "step", "ask around", "--pain", pain)
    (promise,) = read_json(run, "promise")
    assert run("show", promise["id"]).out.splitlines()[2] == "ask around"
    run("delete", promise["id"])
    assert (read_json(run, "promise"), [one["state"] for one in read_json(run, "pain")]) == ([], ["open"])


# Projects

ANSWERS = {"problem": "refunds take three days", "measure": "days", "aim": "the next day"}


@pytest.mark.parametrize("asked", [True, False])
def test_project_start_and_close_ask_three_questions_each(run: "Run", *, asked: bool) -> None:
    flags = [word for field, answer in ANSWERS.items() for word in (f"--{field}", answer)]
    begun = run(
        "project", "start", "Refund", "flow", *([] if asked else flags), answers=[*ANSWERS.values()] * asked or None
    )
    assert begun.err == f"Started refund-flow {id_in_message(begun.err)} · Fri 20 Nov 2026{UNDO_HINT}"
    (project,) = read_json(run, "project")
    assert {field: project[field] for field in ANSWERS} == ANSWERS
    ends = {"result": "one day", "evidence": "214 cases", "lesson": "ask early"}
    flags = [word for field, answer in ends.items() for word in (f"--{field}", answer)]
    run("project", "close", "refund flow", *([] if asked else flags), answers=[*ends.values()] * asked or None)
    assert read_json(run, "project") == []
    (project,) = read_json(run, "project", "list", "--all")
    assert ({field: project[field] for field in ends}, project["state"]) == (ends, "closed")
    run("project", "reopen", "refund-flow")
    assert [one["state"] for one in read_json(run, "project")] == ["open"]
    for _ in range(3):
        run("undo")
    assert read_json(run, "project", "list", "--all") == []


def test_entries_join_a_project_by_option_or_mention(run: "Run") -> None:
    run("project", "start", "Refund flow", "--aim", "one day")
    run("add", "activity", "mails", "--project", "Refund flow")
    run("add", "outcome", "one day now +refund-flow", "--evidence", "214 cases")
    started = run("add", "activity", "a call about +new-region").err
    assert " · starts the project new-region · " in started
    assert " · starts the project new-regoin; did you mean new-region? · undo with: valuelog undo" in (
        run("add", "activity", "mails +new-regoin").err
    )
    run("undo")
    shown = read_json(run, "project", "show", "refund-flow")
    assert (shown["score"]["value"], shown["score"]["work"], shown["evidenced"]) == (1, 1, 1)
    assert [one["text"] for one in shown["value"]] == ["one day now +refund-flow"]
    assert shown["parts"] == [{"name": "2026-W47", "value": 1, "work": 1}]
    assert [line.split("\t")[1] for line in run("project", "--plain").out.splitlines()] == ["refund-flow", "new-region"]


def test_name_of_a_deleted_project_starts_a_new_one(run: "Run") -> None:
    run("project", "start", "Refund flow", "--problem", "late")
    (deleted,) = read_json(run, "project")
    run("delete", deleted["id"])
    assert "starts the project refund-flow" in run("add", "activity", "a call +refund-flow").err
    (project,) = read_json(run, "project")
    assert (project["id"] != deleted["id"], project["problem"]) == (True, None)


def test_project_is_renamed_dropped_and_deleted_while_empty(run: "Run") -> None:
    run("project", "start", "Refnud", "--aim", "one day", "--problem", "late")
    edited = run("project", "edit", "refnud", "--name", "Refund flow", "--aim", "").err
    assert edited.endswith(f"Fri 20 Nov 2026 · its slug is now refund-flow{UNDO_HINT}")
    (project,) = read_json(run, "project")
    assert (project["slug"], project["name"], project["aim"], project["problem"]) == (
        "refund-flow",
        "Refund flow",
        None,
        "late",
    )
    assert run("project", "drop", "refund-flow", "nobody", "asked").err.startswith("Dropped refund-flow ")
    assert read_json(run, "project", "list", "--all")[0]["result"] == "nobody asked"
    joined = run("add", "activity", "a call +refund-flow").err
    assert "joins refund-flow, which is dropped: valuelog project reopen refund-flow" in joined
    assert "refund-flow still has entries. Nothing was deleted." in run("delete", project["id"], fails=1).err
    run("undo")
    run("delete", project["id"])
    assert read_json(run, "project", "list", "--all") == []


@pytest.mark.parametrize(
    ("name", "hint"), [("Q", '"…" --project q'), ("2027", '"…" --project 2027'), ("Qa", '"… +qa"')]
)
def test_empty_project_shows_how_to_add_an_entry(run: "Run", name: str, hint: str) -> None:
    run("project", "start", name, "--aim", "x")
    assert f"valuelog add activity {hint}\n" in run("project", "show", name).out
    run("add", "activity", *hint.split()[1:], "a call", *([hint[3:-1]] if "+" in hint else []))
    assert read_json(run, "project", "show", name)["score"]["work"] == 1


def test_pain_plan_asks_for_step_and_due_day(run: "Run", pain: str) -> None:
    asked = ["ask around", "yesterday", "soon", "tomorrow"]
    assert run("pain", "plan", pain, answers=asked).err == f"Planned {pain[:2]} · by Sat 21 Nov 2026{UNDO_HINT}"
    assert asked == []
    run("pain", "plan", pain, answers=["ask again", ""])
    assert [(one["step"], one["step_by"]) for one in read_json(run, "pain")] == [("ask again", "2026-11-27")]
    run("pain", "plan", pain, "--by", "2026-12-04", answers=["ask them all"])
    assert [(one["step"], one["step_by"]) for one in read_json(run, "pain")] == [("ask them all", "2026-12-04")]


def test_project_edit_rereads_changes_of_another_terminal(run: "Run", journal_path: "Path") -> None:
    run("project", "start", "Refund flow", "--aim", "one day")
    journal = open_test_journal(journal_path.parent)
    stale = projects.find(journal, "refund-flow")
    run("project", "edit", "refund-flow", "--aim", "the next day")
    projects.edit_project(journal, stale, {"aim": "one day"}, FRIDAY)
    journal.close()
    assert read_json(run, "project")[0]["aim"] == "one day"


def test_recurring_pain_is_found_until_its_step_is_kept(run: "Run") -> None:
    def finding_ids(today: str) -> list[str]:
        return [one["id"] for one in json.loads(run("review", "--json", VALUELOG_TODAY=today).out)["findings"]]

    for day in ("2026-11-02", "2026-11-03", "2026-11-04"):
        run("add", "pain", "the deploy waits on one approver", "-d", day)
    assert "recurring-pain" in finding_ids("2026-11-20")
    run("pain", "plan", read_json(run, "pain")[0]["id"], "ask")
    assert "recurring-pain" not in finding_ids("2026-11-20")
    run("promise", "keep", read_json(run, "promise")[0]["id"])
    assert "recurring-pain" not in finding_ids("2026-11-20")
    run("pain", "seen", read_json(run, "pain")[0]["id"], VALUELOG_TODAY="2026-11-21")
    assert "recurring-pain" in finding_ids("2026-11-23")


STOPPED = [
    ("pain fix", [], "“the deploy waits on one approver” is still open.", "Fix it with: valuelog pain fix "),
    ("pain fix", ["two"], "“the deploy waits on one approver” is fixed; your", "Add the rest with: valuelog edit "),
    ("pain drop", [], "“the deploy waits on one approver” is still open.", "Drop it with: valuelog pain drop "),
    ("project close", [], "“Refund flow” is still open.", "Close it with: valuelog project close refund-flow"),
    ("project close", ["a day"], "“Refund flow” is still open; your", "Close it with: valuelog project close"),
    ("project drop", [], "“Refund flow” is still open.", "Drop it with: valuelog project drop refund-flow"),
    ("project drop", ["no use"], "“Refund flow” is dropped; the reason is saved.", "Add what it taught you with: "),
]


@pytest.mark.parametrize(("words", "answers", "message", "then"), STOPPED)
def test_stopping_shows_what_is_saved_and_how_to_continue(
    run: "Run", pain: str, words: str, answers: list[Any], message: str, then: str
) -> None:
    run("project", "start", "Refund flow", "--aim", "one day")
    name = pain if words.startswith("pain") else "refund-flow"
    stopped = run(*words.split(), name, answers=[*answers, KeyboardInterrupt], fails=130).err
    first, second = stopped.splitlines()
    assert first.startswith(f"valuelog: Stopped. {message}")
    assert second.startswith(then)
