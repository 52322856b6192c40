"""The story of a pain point: everything that happened to it, in the order of days."""

from datetime import date, timedelta

import pytest

from support.makers import FRIDAY, NOON, make_pain, make_promise
from valuelog.analysis.timeline import Event, EventKind, build_timeline
from valuelog.model.pain import PainPoint
from valuelog.model.promise import Promise, PromiseState

MON, TUE, WED, THU = (FRIDAY - timedelta(days=days) for days in (4, 3, 2, 1))


def told(pain: PainPoint, *promises: Promise) -> list[tuple[date, EventKind, str]]:
    return [(one.day, one.kind, one.text) for one in build_timeline(pain, promises)]


def a_step(text: str, made: date, state: PromiseState = PromiseState.OPEN, closed: date | None = None) -> Promise:
    created = NOON + (made - FRIDAY)
    return make_promise(text, made_on=made, due=FRIDAY, state=state, closed_on=closed, created=created)


def test_a_story_begins_with_the_first_day_on_which_it_was_felt() -> None:
    assert told(make_pain(THU, MON, THU)) == [
        (MON, EventKind.NOTICED, "again"),
        (THU, EventKind.SEEN, "again"),
        (THU, EventKind.SEEN, "again"),
    ]


@pytest.mark.parametrize(
    ("state", "turn"),
    [(PromiseState.KEPT, EventKind.KEPT), (PromiseState.BROKEN, EventKind.BROKEN), (PromiseState.OPEN, None)],
)
def test_a_step_is_promised_until_a_day_and_taken_or_not(state: PromiseState, turn: EventKind | None) -> None:
    step = a_step("ask", TUE, state, THU if turn else None)
    assert build_timeline(make_pain(MON), [step])[1:] == (
        Event(day=TUE, kind=EventKind.PROMISED, text="ask", due=FRIDAY),
        *([Event(day=THU, kind=turn, text="ask")] if turn else []),
    )


def test_a_step_that_was_let_go_with_its_pain_point_is_told_before_it() -> None:
    step = a_step("ask", TUE, PromiseState.DROPPED, THU)
    assert told(make_pain(MON).mark_dropped(THU, "the tool goes away"), step) == [
        (MON, EventKind.NOTICED, "again"),
        (TUE, EventKind.PROMISED, "ask"),
        (THU, EventKind.ENDED, "ask"),
        (THU, EventKind.DROPPED, "the tool goes away"),
    ]


def test_all_of_it_stands_in_the_order_of_days() -> None:
    first, second = a_step("ask", TUE, PromiseState.BROKEN, WED), a_step("ask twice", WED, PromiseState.KEPT, FRIDAY)
    pain = make_pain(MON, THU).mark_fixed(FRIDAY, "two approvers now", "k300000000")
    assert [(one.day, one.kind) for one in build_timeline(pain, [second, first])] == [
        (MON, EventKind.NOTICED),
        (TUE, EventKind.PROMISED),
        (WED, EventKind.BROKEN),
        (WED, EventKind.PROMISED),
        (THU, EventKind.SEEN),
        (FRIDAY, EventKind.KEPT),
        (FRIDAY, EventKind.FIXED),
    ]


def test_of_one_day_it_is_told_in_the_order_in_which_things_can_happen() -> None:
    step = a_step("ask", MON, PromiseState.KEPT, MON)
    pain = make_pain(MON, MON).mark_fixed(MON, "two approvers now", "k300000000")
    turns = [EventKind.NOTICED, EventKind.SEEN, EventKind.PROMISED, EventKind.KEPT, EventKind.FIXED]
    assert [turn for _, turn, _ in told(pain, step)] == turns


def test_steps_of_one_day_stand_in_the_order_in_which_they_were_promised() -> None:
    later = make_promise("ask later", due=FRIDAY, created=NOON)
    first = make_promise("ask first", due=FRIDAY + timedelta(days=14), created=NOON - timedelta(hours=1))
    assert [text for _, turn, text in told(make_pain(MON), later, first) if turn is EventKind.PROMISED] == [
        "ask first",
        "ask later",
    ]


def test_a_step_that_another_one_replaced_is_told_between_the_two() -> None:
    first = make_promise("ask", made_on=WED, created=NOON, state=PromiseState.DROPPED, closed_on=WED)
    second = make_promise("ask twice", made_on=WED, created=NOON + timedelta(hours=1))
    assert told(make_pain(MON), second, first)[1:] == [
        (WED, EventKind.PROMISED, "ask"),
        (WED, EventKind.ENDED, "ask"),
        (WED, EventKind.PROMISED, "ask twice"),
    ]


def test_a_step_that_was_carried_over_is_told_with_each_day_until_which_it_was_promised() -> None:
    step = a_step("ask", MON, PromiseState.KEPT, THU)
    dues = {step.id: [(MON, TUE), (WED, FRIDAY), (FRIDAY, FRIDAY + timedelta(days=7))]}
    assert build_timeline(make_pain(MON), [step], dues)[1:] == (
        Event(day=MON, kind=EventKind.PROMISED, text="ask", due=TUE),
        Event(day=WED, kind=EventKind.CARRIED, text="ask", due=FRIDAY),
        Event(day=THU, kind=EventKind.CARRIED, text="ask", due=FRIDAY + timedelta(days=7)),  # not after it was taken
        Event(day=THU, kind=EventKind.KEPT, text="ask"),
    )


def test_a_fix_is_told_with_the_entry_that_it_is() -> None:
    fixed = build_timeline(make_pain(MON).mark_fixed(FRIDAY, "two approvers now", "k300000000"), [])
    assert [one.entry_id for one in fixed] == [None, "k300000000"]


def test_a_fix_whose_words_are_gone_is_told_without_them() -> None:
    assert told(make_pain(MON).mark_fixed(FRIDAY, "", "k300000000"))[-1] == (FRIDAY, EventKind.FIXED, "")
