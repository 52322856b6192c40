"""The questions of the evening: what the catalogue holds, whose turn it is, and what people may wish."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from support.makers import FRIDAY
from valuelog.model.entry import Kind, clean_text
from valuelog.model.period import Period
from valuelog.model.question import PAIN_POINT, Idea, Question
from valuelog.model.schedule import Workdays
from valuelog.questions.catalogue import (
    QuestionSettings,
    fixed_question_ids,
    load_evening_questions,
    load_weekly_talk_questions,
    rotating_question,
    select_evening_questions,
)

FIXED = ("activity", "promote", "improvement", "outcome", "helped", "pain", "follow-up")
ROTATING = tuple(prompt for prompt in load_evening_questions() if prompt.rotates)
TURNS = tuple(prompt.id for prompt in ROTATING)
CUSTOMER = Question(id="customer", idea=None, text="What did a customer say today?", becomes=Kind.INSIGHT)
CODE = Question(id="code", idea=None, text="Which code got simpler?", becomes=Kind.IMPROVEMENT, rotates=True)
DECADE = Workdays().days_in(Period(start=FRIDAY, end=FRIDAY + timedelta(weeks=520)))


def _off(*ids: str) -> frozenset[str]:
    return frozenset(ids)


def _ids(wishes: QuestionSettings, day: date = FRIDAY) -> list[str]:
    """Return the ids of an evening; the one that takes turns is called rotating."""
    return ["rotating" if prompt.rotates else prompt.id for prompt in select_evening_questions(day, wishes)]


def test_at_least_eighteen_questions_rotate() -> None:
    assert len(ROTATING) >= 18


@pytest.mark.parametrize("idea", Idea)
def test_each_idea_has_a_rotating_question(idea: Idea) -> None:
    assert idea in {prompt.idea for prompt in ROTATING}


@pytest.mark.parametrize("prompt", load_evening_questions(), ids=lambda prompt: prompt.id)
def test_questions_are_one_line_with_question_mark(prompt: Question) -> None:
    assert prompt.text.endswith("?")
    assert prompt.text == prompt.text.strip()
    assert prompt.text.isprintable()
    assert 10 <= len(prompt.text) <= 90


def test_questions_are_unique() -> None:
    assert (
        len({prompt.id for prompt in load_evening_questions()})
        == len({prompt.text for prompt in load_evening_questions()})
        == len(load_evening_questions())
    )


def test_fixed_questions_become_their_kind() -> None:
    becomes = {prompt.id: prompt.becomes for prompt in load_evening_questions() if not prompt.rotates}
    assert becomes == {
        "activity": Kind.ACTIVITY,
        "promote": None,
        "improvement": Kind.IMPROVEMENT,
        "outcome": Kind.OUTCOME,
        "helped": Kind.HELPED,
        "pain": PAIN_POINT,
        "follow-up": None,
    }
    assert all(prompt.becomes not in {None, Kind.ACTIVITY} for prompt in ROTATING)


def test_evening_asks_fixed_and_one_rotating_question() -> None:
    assert fixed_question_ids() == (*FIXED, "rotating")
    assert _ids(QuestionSettings()) == [*FIXED, "rotating"]


@pytest.mark.parametrize("start", range(40))
def test_each_rotating_question_comes_once_per_round(start: int) -> None:
    days = DECADE[start : start + len(ROTATING)]
    assert {rotating_question(day, ROTATING) for day in days} == set(ROTATING)


@pytest.mark.parametrize("count", [1, 4, 5, 7, 10, 14, 15, 16, 20, 25])
def test_rotation_reaches_all_questions_on_any_work_week(count: int) -> None:
    turns = [Question(id=str(place), idea=None, text="?", becomes=PAIN_POINT, rotates=True) for place in range(count)]
    assert {rotating_question(day, turns).id for day in DECADE[: 2 * count]} == {prompt.id for prompt in turns}
    for weekday in range(5):
        days = (day for day in DECADE if day.weekday() == weekday)
        assert {rotating_question(day, turns).id for day in days} == {prompt.id for prompt in turns}


def test_consecutive_workdays_rotate() -> None:
    for count in range(2, 30):
        asked = [rotating_question(day, ROTATING[:count]) for day in DECADE[:100]]
        assert all(one != two for one, two in pairwise(asked))


def test_weekend_has_a_rotating_question() -> None:
    for days in (1, 2):
        assert _ids(QuestionSettings(), FRIDAY + timedelta(days=days)) == [*FIXED, "rotating"]


@pytest.mark.parametrize(
    ("wishes", "asked"),
    [
        (
            QuestionSettings(disabled_ids=_off("promote", "helped")),
            ["activity", "improvement", "outcome", "pain", "follow-up", "rotating"],
        ),
        (QuestionSettings(disabled_ids=_off("rotating")), [*FIXED]),
        (QuestionSettings(disabled_ids=_off(*TURNS)), [*FIXED]),
        (QuestionSettings(disabled_ids=_off(*FIXED, "rotating")), []),
        (QuestionSettings(question_ids=("activity", "rotating")), ["activity", "rotating"]),
        (QuestionSettings(question_ids=("activity", "pain")), ["activity", "pain"]),
        (QuestionSettings(question_ids=("activity", "pain"), disabled_ids=_off("pain")), ["activity"]),
        (QuestionSettings(question_ids=()), []),
        (QuestionSettings(custom_questions=(CUSTOMER,)), [*FIXED, "rotating", "customer"]),
        (QuestionSettings(custom_questions=(CUSTOMER,), disabled_ids=_off("rotating")), [*FIXED, "customer"]),
        (QuestionSettings(custom_questions=(CUSTOMER,), disabled_ids=_off("customer")), [*FIXED, "rotating"]),
        (QuestionSettings(custom_questions=(CUSTOMER,), question_ids=("rotating",)), ["rotating", "customer"]),
        (
            QuestionSettings(custom_questions=(CUSTOMER,), wording={"customer": "Who called?"}),
            [*FIXED, "rotating", "customer"],
        ),
        (QuestionSettings(custom_questions=(CODE,)), [*FIXED, "rotating"]),
        (QuestionSettings(custom_questions=(CODE,), disabled_ids=_off(*TURNS)), [*FIXED, "rotating"]),
    ],
)
def test_settings_choose_disable_and_add_questions(wishes: QuestionSettings, asked: list[str]) -> None:
    assert _ids(wishes) == asked


def _words(wishes: QuestionSettings) -> set[str]:
    """Return all that is asked over five weeks of workdays."""
    return {prompt.text for day in DECADE[:25] for prompt in select_evening_questions(day, wishes)}


def test_settings_reword_questions() -> None:
    wording = {"activity": "And today?", TURNS[3]: "Well?", "customer": "Who called?"}
    asked = _words(QuestionSettings(wording=wording, custom_questions=(CUSTOMER,)))
    assert set(wording.values()) < asked
    assert not {load_evening_questions()[0].text, ROTATING[3].text, CUSTOMER.text} & asked


def test_disabled_question_leaves_rotation() -> None:
    assert ROTATING[3].text in _words(QuestionSettings())
    assert ROTATING[3].text not in _words(QuestionSettings(disabled_ids=_off(TURNS[3])))


def test_custom_question_can_rotate() -> None:
    assert CODE.text in _words(QuestionSettings(custom_questions=(CODE,)))


@pytest.mark.parametrize(
    "question", [*load_evening_questions(), *load_weekly_talk_questions()], ids=lambda each: each.id
)
def test_every_question_is_explained_with_two_examples(question: Question) -> None:
    assert question.why.endswith((".", "?"))
    assert len(set(question.examples)) == 2
    assert len(question.explanation.split("\n")) == 3
    assert all(clean_text(example) == example for example in question.examples)
