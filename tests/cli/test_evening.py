"""The evening: the order of its questions, answers saved as soon as they are confirmed, and resuming it."""

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
    """One question of an evening: its prompt, its label, the answer, and the facts saved then."""

    prompt: str
    label: str
    answer: Any
    known: Facts


def step(prompt: str, label: str = "", answer: Any = "", **known: object) -> Step:  # noqa: ANN401  any answer
    """Make a step; its facts are about the entry with the text `of`, by default the answer."""
    of = str(known.pop("of", answer))
    return Step(prompt, label, answer, {(of, name): fact for name, fact in known.items()})


MAILS, PLANNING = "answered the audit mails", "sprint planning"
CHECKLIST, REFUNDS = "the deploy checklist is one page now @maya", "refunds arrive in one day"
SAM, APPROVER = "@sam runs the release alone now", "waiting for the one approver"

IMPACT = "how big?"
STARTS = "This starts the project refund-flow."

STEPS = [
    step("activity", answer=MAILS, kind="activity"),
    step("activity", answer=PLANNING, kind="activity"),
    step("activity"),
    step("promote", answer=[PLANNING]),
    step("promote", "what is it?", "outcome", of=PLANNING, kind="outcome"),
    step("promote", "what changed?", "a date is set", of=PLANNING, evidence="a date is set"),
    step("promote", IMPACT),
    step("improvement", answer=CHECKLIST, kind="improvement", people=["maya"]),
    step(
        "improvement",
        "how is it better?",
        ["faster", "more reliable"],
        of=CHECKLIST,
        effects=["faster", "more-reliable"],
    ),
    step("improvement", "who benefits?", ["co-workers"], of=CHECKLIST, beneficiaries=["coworkers"]),
    step("improvement", "how do you know?", "two releases", of=CHECKLIST, evidence="two releases"),
    step("improvement", "How did you see it?"),
    step("improvement", IMPACT, "c", of=CHECKLIST, impact="clear"),
    step("improvement", "anything else?"),
    step("outcome", answer=REFUNDS, kind="outcome"),
    step("outcome", "which project?", "Refund flow", of=REFUNDS, project="refund-flow"),
    step("outcome", "how do you know?", "median of 214 cases", of=REFUNDS, evidence="median of 214 cases"),
    step("outcome", IMPACT, "large", of=REFUNDS, impact="large"),
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
"""An evening without the rotating question."""


@pytest.fixture
def fixed_questions(home: "Path") -> "Path":
    """Turn the rotating question off, so that every day has the same questions."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[evening]\noff = ["rotating"]\n')
    return home


def answers_of(steps: list[Step]) -> list[Any]:
    return [each.answer for each in steps]


def facts_of(steps: list[Step]) -> Facts:
    """Return the facts that some steps save."""
    facts: Facts = {}
    for each in steps:
        facts |= each.known
    return facts


def saved_facts(run: "Run") -> Facts:
    """Return the facts in the journal."""
    fields = ("kind", "people", "effects", "beneficiaries", "project", "evidence", "impact")
    pains = ("shared", "better", "step", "hit")
    facts = {(one["text"], name): one[name] for one in json.loads(run("list", "--json").out) for name in fields}
    for one in json.loads(run("pain", "list", "--json").out):
        facts |= {(one["text"], "kind"): "pain"} | {(one["text"], name): one[name] for name in pains}
    return {place: fact for place, fact in facts.items() if fact}


def test_evening_asks_questions_in_order_with_follow_ups(fixed_questions: "Path", run: "Run") -> None:
    evening = run_with_answers(fixed_questions, answers=answers_of(STEPS))
    titles = {ASKS[name] for name in IDS} | {PLANNING, STARTS}
    assert [message for message in evening.prompts if message not in titles] == [each.label for each in STEPS]
    assert [message for message in evening.prompts if message in titles - {PLANNING, STARTS}] == [
        ASKS[name] for name in IDS
    ]
    assert evening.code == 0
    assert saved_facts(run) == facts_of(STEPS)


def test_evening_ends_with_saved_count_and_totals(fixed_questions: "Path") -> None:
    evening = run_with_answers(fixed_questions, answers=answers_of(STEPS))
    assert evening.err.endswith("\nSaved 7 answers for Fri 20 Nov 2026. Undo: valuelog undo\n")
    assert "Today 4 value (2 proven) : 1 work\n  Week so far 4 value (2 proven) : 1 work · 80 %" in evening.out
    assert evening.out.endswith("80 %\n")  # the week is offered instead of its command


def test_evening_rotates_last_question(home: "Path") -> None:
    asked = [run_with_answers(home, "today", "--date", f"2026-11-{day}").prompts for day in (18, 19, 20)]
    last = [titles[-2] for titles in asked]
    assert last == [
        select_evening_questions(FRIDAY.replace(day=day), QuestionSettings())[-1].text for day in (18, 19, 20)
    ]
    assert len(set(last)) == 3
    assert [message for message in asked[0] if message][:-1] == [ASKS[name] for name in IDS if name != "promote"]


def test_enter_skips_every_question(home: "Path") -> None:
    evening = run_with_answers(home)
    assert evening.code == 0
    assert "Saved" not in evening.err
    assert evening.out == "Nothing logged. There's always tomorrow.\n"


# Interruptions


class PowerCut(BaseException):
    """Not handled by the program, so that no code runs after it."""


@pytest.mark.parametrize("place", range(len(STEPS)))
def test_answer_is_saved_before_next_question(fixed_questions: "Path", run: "Run", place: int) -> None:
    with pytest.raises(PowerCut):
        run_with_answers(fixed_questions, answers=[*answers_of(STEPS[:place]), PowerCut])
    assert saved_facts(run) == facts_of(STEPS[:place])


def remaining_questions(place: int) -> list[str]:
    """Return the questions of a second run after the first ended at a step; without work none is about promoting."""
    prompt = STEPS[place].prompt
    begun = prompt != "promote" and any(each.prompt == prompt and each.answer for each in STEPS[:place])
    return [ASKS[name] for name in IDS[IDS.index(prompt) + begun :] if place or name != "promote"]


@pytest.mark.parametrize(
    ("place", "end"),
    [*((place, KeyboardInterrupt) for place in range(len(STEPS))), (0, EOFError), (4, EOFError), (23, EOFError)],
)
def test_interrupted_evening_keeps_answers_and_resumes(
    fixed_questions: "Path", run: "Run", place: int, end: type[BaseException]
) -> None:
    evening = run_with_answers(fixed_questions, answers=[*answers_of(STEPS[:place]), end])
    assert evening.code == 130
    first, *hint = evening.err.splitlines()[-2:]
    assert first.startswith("valuelog: Stopped. ")
    assert first.endswith(" for Fri 20 Nov 2026.")
    assert hint == ["Pick up where you left off: valuelog today"]
    assert saved_facts(run) == facts_of(STEPS[:place])
    second = run_with_answers(fixed_questions)
    assert [message for message in second.prompts if message in ASKS.values()] == remaining_questions(place)
    assert second.code == 0
    assert saved_facts(run) == facts_of(STEPS[:place])
    assert run_with_answers(fixed_questions).prompts == []


@pytest.mark.parametrize(
    ("confirmed", "message"),
    [
        ([], "Stopped. Nothing new was saved for Fri 20 Nov 2026."),
        (["one"], "Stopped. 1 answer saved for Fri 20 Nov 2026."),
        (["one", "two"], "Stopped. 2 answers saved for Fri 20 Nov 2026."),
    ],
)
def test_interrupted_evening_reports_saved_count(home: "Path", confirmed: list[Any], message: str) -> None:
    assert f"valuelog: {message}\n" in run_with_answers(home, answers=[*confirmed, KeyboardInterrupt]).err


def test_interrupted_evening_of_another_day_shows_resume_command(home: "Path") -> None:
    evening = run_with_answers(home, "today", "--date", "wed", answers=["audit mails", KeyboardInterrupt])
    assert evening.err.endswith("Pick up where you left off: valuelog today --date 2026-11-18\n")
    assert ASKS["activity"] not in run_with_answers(home, "today", "--date", "2026-11-18").prompts


# Repeating and undoing


def test_asked_questions_are_skipped_without_again_flag(fixed_questions: "Path", run: "Run") -> None:
    run_with_answers(fixed_questions, answers=answers_of(STEPS))
    second = run_with_answers(fixed_questions, answers=["never asked"])
    assert second.prompts == []
    assert "You've been through every question for this day." in second.err
    assert "valuelog today --again" in second.err
    third = run_with_answers(fixed_questions, "today", "--again", answers=["one more", ""])
    assert [message for message in third.prompts if message in ASKS.values()] == [ASKS[name] for name in IDS]
    assert saved_facts(run) == facts_of(STEPS) | {("one more", "kind"): "activity"}


def test_undo_reverts_evening_and_reopens_its_questions(fixed_questions: "Path", run: "Run") -> None:
    run_with_answers(fixed_questions, answers=answers_of(STEPS))
    assert run("undo").err == (
        f"Undone: evening “{MAILS}”, “{PLANNING}”, “{CHECKLIST}”, and 5 more · redo with: valuelog redo\n"
    )
    assert saved_facts(run) == {}
    run("redo")
    assert saved_facts(run) == facts_of(STEPS)
    run("undo")
    assert [message for message in run_with_answers(fixed_questions).prompts if message] == [
        ASKS[name] for name in IDS if name != "promote"
    ]


def test_invalid_answer_is_asked_again(fixed_questions: "Path", run: "Run") -> None:
    wrong = ["a\x1b[31mb", "x" * 100_001, "good", "", [], "", "result", "!!", "Refund flow", ""]
    asked = run_with_answers(fixed_questions, answers=wrong).prompts
    assert "The text has a character that can't be saved: U+001B, at position 2." in asked
    assert "The text has 100,001 characters; the limit is 100,000." in asked
    assert "“!!” can't be a project name." in asked
    assert saved_facts(run) == {
        ("good", "kind"): "activity",
        ("result", "kind"): "outcome",
        ("result", "project"): "refund-flow",
    }
