"""The questions of the evening: what the catalogue holds, whose turn it is, and what people may wish."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from support.makers import FRIDAY
from valuelog.model.entry import Kind
from valuelog.model.period import Period
from valuelog.model.question import PAIN_POINT, Idea, Question
from valuelog.model.workdays import Workdays
from valuelog.questions.catalogue import Wishes, catalogue, evening, fixed_ids, whose_turn

FIXED = ("activity", "promote", "improvement", "outcome", "helped", "pain")
ROTATING = tuple(prompt for prompt in catalogue() if prompt.rotates)
TURNS = tuple(prompt.id for prompt in ROTATING)
CUSTOMER = Question(id="customer", idea=None, text="What did a customer say today?", becomes=Kind.INSIGHT)
CODE = Question(id="code", idea=None, text="Which code got simpler?", becomes=Kind.IMPROVEMENT, rotates=True)
DECADE = Workdays().days_in(Period(start=FRIDAY, end=FRIDAY + timedelta(weeks=520)))


def _off(*ids: str) -> frozenset[str]:
    return frozenset(ids)


def _ids(wishes: Wishes, day: date = FRIDAY) -> list[str]:
    """Return the ids of an evening; the one that takes turns is called rotating."""
    return ["rotating" if prompt.rotates else prompt.id for prompt in evening(day, wishes)]


def test_there_are_at_least_fourteen_questions_that_take_turns() -> None:
    assert len(ROTATING) >= 14


@pytest.mark.parametrize("idea", Idea)
def test_each_idea_has_a_question_that_takes_turns(idea: Idea) -> None:
    assert idea in {prompt.idea for prompt in ROTATING}


@pytest.mark.parametrize("prompt", catalogue(), ids=lambda prompt: prompt.id)
def test_a_question_is_one_line_that_ends_with_a_question_mark(prompt: Question) -> None:
    assert prompt.text.endswith("?")
    assert prompt.text == prompt.text.strip()
    assert prompt.text.isprintable()
    assert 10 <= len(prompt.text) <= 90


def test_no_two_questions_are_the_same() -> None:
    assert (
        len({prompt.id for prompt in catalogue()}) == len({prompt.text for prompt in catalogue()}) == len(catalogue())
    )


def test_the_steps_of_an_evening_become_what_they_are_named_after() -> None:
    becomes = {prompt.id: prompt.becomes for prompt in catalogue() if not prompt.rotates}
    assert becomes == {
        "activity": Kind.ACTIVITY,
        "promote": None,
        "improvement": Kind.IMPROVEMENT,
        "outcome": Kind.OUTCOME,
        "helped": Kind.HELPED,
        "pain": PAIN_POINT,
    }
    assert all(prompt.becomes not in {None, Kind.ACTIVITY} for prompt in ROTATING)


def test_an_evening_asks_the_fixed_questions_and_one_that_takes_turns() -> None:
    assert fixed_ids() == (*FIXED, "rotating")
    assert _ids(Wishes()) == [*FIXED, "rotating"]


@pytest.mark.parametrize("start", range(40))
def test_all_questions_come_round_once_on_workdays(start: int) -> None:
    days = DECADE[start : start + len(ROTATING)]
    assert {whose_turn(day, ROTATING) for day in days} == set(ROTATING)


@pytest.mark.parametrize("count", [1, 4, 5, 7, 10, 14, 15, 16, 20, 25])
def test_all_questions_come_round_however_many_there_are_and_whatever_week_is_worked(count: int) -> None:
    turns = [Question(id=str(place), idea=None, text="?", becomes=PAIN_POINT, rotates=True) for place in range(count)]
    assert {whose_turn(day, turns).id for day in DECADE[: 2 * count]} == {prompt.id for prompt in turns}
    for weekday in range(5):
        days = (day for day in DECADE if day.weekday() == weekday)
        assert {whose_turn(day, turns).id for day in days} == {prompt.id for prompt in turns}


def test_two_workdays_in_a_row_do_not_ask_the_same() -> None:
    for count in range(2, 30):
        asked = [whose_turn(day, ROTATING[:count]) for day in DECADE[:100]]
        assert all(one != two for one, two in pairwise(asked))


def test_a_free_day_has_a_question_too() -> None:
    for days in (1, 2):
        assert _ids(Wishes(), FRIDAY + timedelta(days=days)) == [*FIXED, "rotating"]


@pytest.mark.parametrize(
    ("wishes", "asked"),
    [
        (Wishes(off=_off("promote", "helped")), ["activity", "improvement", "outcome", "pain", "rotating"]),
        (Wishes(off=_off("rotating")), [*FIXED]),
        (Wishes(off=_off(*TURNS)), [*FIXED]),
        (Wishes(off=_off(*FIXED, "rotating")), []),
        (Wishes(questions=("activity", "rotating")), ["activity", "rotating"]),
        (Wishes(questions=("activity", "pain")), ["activity", "pain"]),
        (Wishes(questions=("activity", "pain"), off=_off("pain")), ["activity"]),
        (Wishes(questions=()), []),
        (Wishes(own=(CUSTOMER,)), [*FIXED, "rotating", "customer"]),
        (Wishes(own=(CUSTOMER,), off=_off("rotating")), [*FIXED, "customer"]),
        (Wishes(own=(CUSTOMER,), off=_off("customer")), [*FIXED, "rotating"]),
        (Wishes(own=(CUSTOMER,), questions=("rotating",)), ["rotating", "customer"]),
        (Wishes(own=(CUSTOMER,), wording={"customer": "Who called?"}), [*FIXED, "rotating", "customer"]),
        (Wishes(own=(CODE,)), [*FIXED, "rotating"]),
        (Wishes(own=(CODE,), off=_off(*TURNS)), [*FIXED, "rotating"]),
    ],
)
def test_questions_can_be_chosen_switched_off_and_added(wishes: Wishes, asked: list[str]) -> None:
    assert _ids(wishes) == asked


def _words(wishes: Wishes) -> set[str]:
    """Return all that is asked over five weeks of workdays."""
    return {prompt.text for day in DECADE[:25] for prompt in evening(day, wishes)}


def test_questions_can_be_reworded() -> None:
    wording = {"activity": "And today?", TURNS[3]: "Well?", "customer": "Who called?"}
    asked = _words(Wishes(wording=wording, own=(CUSTOMER,)))
    assert set(wording.values()) < asked
    assert not {catalogue()[0].text, ROTATING[3].text, CUSTOMER.text} & asked


def test_a_question_that_is_switched_off_loses_its_turn() -> None:
    assert ROTATING[3].text in _words(Wishes())
    assert ROTATING[3].text not in _words(Wishes(off=_off(TURNS[3])))


def test_a_question_of_ones_own_can_take_turns() -> None:
    assert CODE.text in _words(Wishes(own=(CODE,)))
