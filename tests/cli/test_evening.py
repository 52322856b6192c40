"""The evening: what is asked in which order, what is kept the moment it is confirmed, and how one goes on."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.makers import FRIDAY
from valuelog.questions.catalogue import QuestionSettings, load_evening_questions, select_evening_questions

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

IDS = ("activity", "promote", "improvement", "outcome", "helped", "pain")
ASKS = {prompt.id: prompt.text for prompt in load_evening_questions()}

Facts = dict[tuple[str, str], object]


@dataclass(frozen=True)
class Step:
    """One question of an evening: which prompt it belongs to, its label, the answer, and what is then known."""

    prompt: str
    label: str
    answer: Any
    known: Facts


def step(prompt: str, label: str = "", answer: Any = "", **known: object) -> Step:  # noqa: ANN401  any answer
    """Name a step; `known` is about the text `of`, which is the answer itself unless it is a follow-up."""
    of = str(known.pop("of", answer))
    return Step(prompt, label, answer, {(of, name): fact for name, fact in known.items()})


MAILS, PLANNING = "answered the audit mails", "sprint planning"
CHECKLIST, REFUNDS = "the deploy checklist is one page now @maya", "refunds arrive in one day"
SAM, APPROVER = "@sam runs the release alone now", "waiting for the one approver"

STARTS = "This starts the project refund-flow."

STEPS = [
    step("activity", answer=MAILS, kind="activity"),
    step("activity", answer=PLANNING, kind="activity"),
    step("activity"),
    step("promote", answer=[PLANNING]),
    step("promote", "what is it?", "outcome", of=PLANNING, kind="outcome"),
    step("promote", "what changed?", "a date is set", of=PLANNING, evidence="a date is set"),
    step("improvement", answer=CHECKLIST, kind="improvement", people=["maya"]),
    step(
        "improvement",
        "how is it better?",
        ["faster", "more reliable"],
        of=CHECKLIST,
        effects=["faster", "more-reliable"],
    ),
    step("improvement", "who benefits?", ["co-workers"], of=CHECKLIST, beneficiaries=["coworkers"]),
    step("improvement", "anything else?"),
    step("outcome", answer=REFUNDS, kind="outcome"),
    step("outcome", "which project?", "Refund flow", of=REFUNDS, project="refund-flow"),
    step("outcome", "how do you know?", "median of 214 cases", of=REFUNDS, evidence="median of 214 cases"),
    step("outcome", "anything else?"),
    step("helped", answer=SAM, kind="helped", people=["sam"]),
    step("helped"),
    step("pain", answer=APPROVER, kind="pain"),
    step("pain", "Does it affect others too, or just you?", "the whole team", of=APPROVER, shared="the whole team"),
    step("pain", "What would better look like?"),
    step("pain", "What small thing could you try this week?", "ask for two", of=APPROVER, step="ask for two"),
    step("pain", "Who else would be glad to see it gone?", "support", of=APPROVER, hit="support"),
    step("pain", "anything else?"),
]
"""An evening without the question that rotates."""


@pytest.fixture
def fixed(home: "Path") -> "Path":
    """Switch the question that rotates off, so that every day asks the same."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[evening]\noff = ["rotating"]\n')
    return home


def answers(steps: list[Step]) -> list[Any]:
    return [each.answer for each in steps]


def known(steps: list[Step]) -> Facts:
    """Return what the journal should hold after some steps."""
    facts: Facts = {}
    for each in steps:
        facts |= each.known
    return facts


def kept(run: "Run") -> Facts:
    """Return what the journal holds."""
    told = ("kind", "people", "effects", "beneficiaries", "project", "evidence")
    pains = ("shared", "better", "step", "hit")
    facts = {(one["text"], name): one[name] for one in json.loads(run("list", "--json").out) for name in told}
    for one in json.loads(run("pain", "list", "--json").out):
        facts |= {(one["text"], "kind"): "pain"} | {(one["text"], name): one[name] for name in pains}
    return {place: fact for place, fact in facts.items() if fact}


def test_evening_asks_questions_in_order_with_follow_ups(fixed: "Path", run: "Run") -> None:
    sat = run_with_answers(fixed, answers=answers(STEPS))
    titles = {ASKS[name] for name in IDS} | {PLANNING, STARTS}
    assert [said for said in sat.prompts if said not in titles] == [each.label for each in STEPS]
    assert [said for said in sat.prompts if said in titles - {PLANNING, STARTS}] == [ASKS[name] for name in IDS]
    assert sat.code == 0
    assert kept(run) == known(STEPS)


def test_evening_ends_with_saved_count_and_totals(fixed: "Path") -> None:
    sat = run_with_answers(fixed, answers=answers(STEPS))
    assert sat.err.endswith("\nSaved 7 answers for Fri 20 Nov 2026. Undo: valuelog undo\n")
    assert "Today 4 value : 1 work · week so far 4 : 1, 80 %" in sat.out
    assert sat.out.endswith("Your week is ready: valuelog review --week\n")


def test_evening_rotates_last_question(home: "Path") -> None:
    asked = [run_with_answers(home, "today", "--date", f"2026-11-{day}").prompts for day in (18, 19, 20)]
    last = [titles[-2] for titles in asked]
    assert last == [
        select_evening_questions(FRIDAY.replace(day=day), QuestionSettings())[-1].text for day in (18, 19, 20)
    ]
    assert len(set(last)) == 3
    assert [said for said in asked[0] if said][:-1] == [ASKS[name] for name in IDS if name != "promote"]


def test_enter_skips_every_question(home: "Path") -> None:
    sat = run_with_answers(home)
    assert sat.code == 0
    assert "Saved" not in sat.err
    assert sat.out == "Nothing logged. There's always tomorrow.\n"


# Breaking off


class PowerCut(BaseException):
    """Nothing of the program runs after this."""


@pytest.mark.parametrize("place", range(len(STEPS)))
def test_answer_is_saved_before_next_question(fixed: "Path", run: "Run", place: int) -> None:
    with pytest.raises(PowerCut):
        run_with_answers(fixed, answers=[*answers(STEPS[:place]), PowerCut])
    assert kept(run) == known(STEPS[:place])


def left(place: int) -> list[str]:
    """Return what a second run has to ask when a first one ended at a step; without work nothing is promoted."""
    prompt = STEPS[place].prompt
    begun = prompt != "promote" and any(each.prompt == prompt and each.answer for each in STEPS[:place])
    return [ASKS[name] for name in IDS[IDS.index(prompt) + begun :] if place or name != "promote"]


@pytest.mark.parametrize(
    ("place", "end"),
    [*((place, KeyboardInterrupt) for place in range(len(STEPS))), (0, EOFError), (4, EOFError), (18, EOFError)],
)
def test_interrupted_evening_keeps_answers_and_resumes(
    fixed: "Path", run: "Run", place: int, end: type[BaseException]
) -> None:
    sat = run_with_answers(fixed, answers=[*answers(STEPS[:place]), end])
    assert sat.code == 130
    first, *hint = sat.err.splitlines()[-2:]
    assert first.startswith("valuelog: Stopped. ")
    assert first.endswith(" for Fri 20 Nov 2026.")
    assert hint == ["Pick up where you left off: valuelog today"]
    assert kept(run) == known(STEPS[:place])
    second = run_with_answers(fixed)
    assert [said for said in second.prompts if said in ASKS.values()] == left(place)
    assert second.code == 0
    assert kept(run) == known(STEPS[:place])
    assert run_with_answers(fixed).prompts == []


@pytest.mark.parametrize(
    ("confirmed", "said"),
    [
        ([], "Stopped. Nothing new was saved for Fri 20 Nov 2026."),
        (["one"], "Stopped. 1 answer saved for Fri 20 Nov 2026."),
        (["one", "two"], "Stopped. 2 answers saved for Fri 20 Nov 2026."),
    ],
)
def test_interrupted_evening_reports_saved_count(home: "Path", confirmed: list[Any], said: str) -> None:
    assert f"valuelog: {said}\n" in run_with_answers(home, answers=[*confirmed, KeyboardInterrupt]).err


def test_interrupted_evening_of_another_day_shows_resume_command(home: "Path") -> None:
    sat = run_with_answers(home, "today", "--date", "wed", answers=["audit mails", KeyboardInterrupt])
    assert sat.err.endswith("Pick up where you left off: valuelog today --date 2026-11-18\n")
    assert ASKS["activity"] not in run_with_answers(home, "today", "--date", "2026-11-18").prompts


# Again, and back


def test_asked_questions_are_skipped_without_again_flag(fixed: "Path", run: "Run") -> None:
    run_with_answers(fixed, answers=answers(STEPS))
    second = run_with_answers(fixed, answers=["never asked"])
    assert second.prompts == []
    assert "You've been through every question for this day." in second.err
    assert "valuelog today --again" in second.err
    third = run_with_answers(fixed, "today", "--again", answers=["one more", ""])
    assert [said for said in third.prompts if said in ASKS.values()] == [ASKS[name] for name in IDS]
    assert kept(run) == known(STEPS) | {("one more", "kind"): "activity"}


def test_undo_reverts_evening_and_reopens_its_questions(fixed: "Path", run: "Run") -> None:
    run_with_answers(fixed, answers=answers(STEPS))
    assert run("undo").err == (
        f"Undone: evening “{MAILS}”, “{PLANNING}”, “{CHECKLIST}”, and 5 more · redo with: valuelog redo\n"
    )
    assert kept(run) == {}
    run("redo")
    assert kept(run) == known(STEPS)
    run("undo")
    assert [said for said in run_with_answers(fixed).prompts if said] == [
        ASKS[name] for name in IDS if name != "promote"
    ]


def test_invalid_answer_is_asked_again(fixed: "Path", run: "Run") -> None:
    wrong = ["a\x1b[31mb", "x" * 100_001, "good", "", [], "", "result", "!!", "Refund flow", ""]
    asked = run_with_answers(fixed, answers=wrong).prompts
    assert "The text has a character that can't be saved: U+001B, at position 2." in asked
    assert "The text has 100,001 characters; the limit is 100,000." in asked
    assert "“!!” can't be a project name." in asked
    assert kept(run) == {
        ("good", "kind"): "activity",
        ("result", "kind"): "outcome",
        ("result", "project"): "refund-flow",
    }
