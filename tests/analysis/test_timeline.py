"""The timeline of a pain point: every event, in order."""

from datetime import date, timedelta

import pytest

from support.makers import FRIDAY, NOON, make_pain, make_promise
from valuelog.analysis.timeline import Event, EventKind, build_timeline
from valuelog.model.pain import PainPoint
from valuelog.model.promise import Promise, PromiseState

MON, TUE, WED, THU = (FRIDAY - timedelta(days=days) for days in (4, 3, 2, 1))


def list_events(pain: PainPoint, *promises: Promise) -> list[tuple[date, EventKind, str]]:
    return [(event.day, event.kind, event.text) for event in build_timeline(pain, promises)]


def make_step(text: str, made: date, state: PromiseState = PromiseState.OPEN, closed: date | None = None) -> Promise:
    created = NOON + (made - FRIDAY)
    return make_promise(text, made_on=made, due=FRIDAY, state=state, closed_on=closed, created=created)


def test_timeline_starts_with_the_first_sighting() -> None:
    assert list_events(make_pain(THU, MON, THU)) == [
        (MON, EventKind.NOTICED, "again"),
        (THU, EventKind.SEEN, "again"),
        (THU, EventKind.SEEN, "again"),
    ]


@pytest.mark.parametrize(
    ("state", "turn"),
    [(PromiseState.KEPT, EventKind.KEPT), (PromiseState.BROKEN, EventKind.BROKEN), (PromiseState.OPEN, None)],
)
def test_timeline_shows_promised_and_settled_step(state: PromiseState, turn: EventKind | None) -> None:
    step = make_step("ask", TUE, state, THU if turn else None)
    assert build_timeline(make_pain(MON), [step])[1:] == (
        Event(day=TUE, kind=EventKind.PROMISED, text="ask", due=FRIDAY),
        *([Event(day=THU, kind=turn, text="ask")] if turn else []),
    )


def test_dropped_step_comes_before_the_end_of_its_pain() -> None:
    step = make_step("ask", TUE, PromiseState.DROPPED, THU)
    assert list_events(make_pain(MON).mark_dropped(THU, "the tool goes away"), step) == [
        (MON, EventKind.NOTICED, "again"),
        (TUE, EventKind.PROMISED, "ask"),
        (THU, EventKind.ENDED, "ask"),
        (THU, EventKind.DROPPED, "the tool goes away"),
    ]


def test_timeline_is_sorted_by_day() -> None:
    first, second = (
        make_step("ask", TUE, PromiseState.BROKEN, WED),
        make_step("ask twice", WED, PromiseState.KEPT, FRIDAY),
    )
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


def test_events_of_a_day_are_in_causal_order() -> None:
    step = make_step("ask", MON, PromiseState.KEPT, MON)
    pain = make_pain(MON, MON).mark_fixed(MON, "two approvers now", "k300000000")
    turns = [EventKind.NOTICED, EventKind.SEEN, EventKind.PROMISED, EventKind.KEPT, EventKind.FIXED]
    assert [turn for _, turn, _ in list_events(pain, step)] == turns


def test_steps_of_a_day_are_in_order_of_creation() -> None:
    later = make_promise("ask later", due=FRIDAY, created=NOON)
    first = make_promise("ask first", due=FRIDAY + timedelta(days=14), created=NOON - timedelta(hours=1))
    assert [text for _, turn, text in list_events(make_pain(MON), later, first) if turn is EventKind.PROMISED] == [
        "ask first",
        "ask later",
    ]


def test_replaced_step_ends_before_the_new_one() -> None:
    first = make_promise("ask", made_on=WED, created=NOON, state=PromiseState.DROPPED, closed_on=WED)
    second = make_promise("ask twice", made_on=WED, created=NOON + timedelta(hours=1))
    assert list_events(make_pain(MON), second, first)[1:] == [
        (WED, EventKind.PROMISED, "ask"),
        (WED, EventKind.ENDED, "ask"),
        (WED, EventKind.PROMISED, "ask twice"),
    ]


def test_carried_over_step_shows_each_due_day() -> None:
    step = make_step("ask", MON, PromiseState.KEPT, THU)
    dues = {step.id: [(MON, TUE), (WED, FRIDAY), (FRIDAY, FRIDAY + timedelta(days=7))]}
    assert build_timeline(make_pain(MON), [step], dues)[1:] == (
        Event(day=MON, kind=EventKind.PROMISED, text="ask", due=TUE),
        Event(day=WED, kind=EventKind.CARRIED, text="ask", due=FRIDAY),
        Event(day=THU, kind=EventKind.CARRIED, text="ask", due=FRIDAY + timedelta(days=7)),  # not after it was taken
        Event(day=THU, kind=EventKind.KEPT, text="ask"),
    )


def test_fix_event_has_its_entry_id() -> None:
    fixed = build_timeline(make_pain(MON).mark_fixed(FRIDAY, "two approvers now", "k300000000"), [])
    assert [one.entry_id for one in fixed] == [None, "k300000000"]


def test_fix_event_without_text_is_empty() -> None:
    assert list_events(make_pain(MON).mark_fixed(FRIDAY, "", "k300000000"))[-1] == (FRIDAY, EventKind.FIXED, "")
