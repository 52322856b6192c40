"""Pain points: order by pressure, periods, steps and similarity."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from support.makers import FRIDAY, NOON, make_id, make_pain, make_promise
from valuelog.journal import pains, promises
from valuelog.journal.log import Change
from valuelog.model.errors import BadText
from valuelog.model.pain import PainState, Sighting
from valuelog.model.period import Period, week_of
from valuelog.model.promise import PromiseKind, PromiseState

if TYPE_CHECKING:
    from valuelog.journal.store import Journal


def add_pain(journal: "Journal", text: str, *days: date, **fields: str) -> str:
    """Add a pain point. Return its id."""
    pain = make_pain(*days, text=text)
    journal.write("add", pains.creation_changes([pain]))
    if fields:
        journal.write("edit", [Change(entity="pain", id=pain.id, fields=fields)])
    return pain.id


def add_sighting(journal: "Journal", pain: str, day: date) -> None:
    journal.write("seen", [pains.sighting_change(pain, Sighting(id=make_id(), day=day, text="again", created=NOON))])


def days_ago(days: int) -> date:
    return FRIDAY - timedelta(days=days)


def test_pain_point_round_trip(journal: "Journal") -> None:
    pain = make_pain(
        days_ago(3), FRIDAY, text="the deploy waits", shared="all", better="none", step="ask", hit="customers"
    )
    journal.write("add", pains.creation_changes([pain]))
    first, second = pain.sightings
    in_order = (first, replace(second, created=NOON + timedelta(milliseconds=1)))
    assert pains.get(journal, pain.id) == replace(pain, sightings=in_order)


def test_answer_is_saved_with_its_pain_point(journal: "Journal") -> None:
    name = add_pain(journal, "the deploy waits")
    journal.write("today", [pains.answer_change(name, "step", "ask for a second approver")])
    assert pains.get(journal, name).step == "ask for a second approver"


def test_open_pains_are_sorted_by_days_seen_then_last_seen(journal: "Journal") -> None:
    add_pain(journal, "once, long ago", days_ago(30))
    add_pain(journal, "once, today", FRIDAY)
    twice = add_pain(journal, "on two days", days_ago(20), days_ago(10))
    add_sighting(journal, add_pain(journal, "twice on one day", days_ago(2)), days_ago(2))
    assert [pain.text for pain in pains.list_open_pains(journal)] == [
        "on two days",
        "once, today",
        "twice on one day",
        "once, long ago",
    ]
    assert [pain.id for pain in pains.list_open_pains(journal, limit=1)] == [twice]


RANKED = [
    # by days seen
    ([(20, 10), (0,)], {}, None),
    ([(2, 1, 0), (3, 2)], {}, None),
    ([(1,), (2,)], {}, None),  # then by the last day
    ([(1, 30), (1,)], {"since": 20}, None),  # then by all days seen
    # affected others count as one more day
    ([(5,), (0,)], {}, "support"),
    ([(5, 4), (0,)], {}, "support"),
    ([(0,), (5,)], {}, "support"),
    # only days since a day count
    ([(3, 2), (90, 80, 70, 60)], {"since": 30}, None),
    ([(30,), (31, 40)], {"since": 30}, None),
    ([(30, 29), (29, 31, 40)], {"since": 30}, None),
    ([(0,), (90, 80)], {"since": 30}, "support"),
]


@pytest.mark.parametrize(("seen", "since", "hit"), RANKED)
def test_more_pressing_pain_point_comes_first(
    journal: "Journal", seen: list[tuple[int, ...]], since: dict[str, int], hit: str | None
) -> None:
    other = add_pain(journal, "second", *map(days_ago, seen[1]))
    first = add_pain(journal, "first", *map(days_ago, seen[0]), **({"hit": hit} if hit else {}))
    known = days_ago(since["since"]) if since else date.min
    assert [pain.id for pain in pains.list_open_pains(journal, since=known)] == [first, other]


def test_two_more_days_outweigh_affected_others(journal: "Journal") -> None:
    often, hits = (
        add_pain(journal, "often", days_ago(9), days_ago(8), days_ago(7)),
        add_pain(journal, "hits", FRIDAY, hit="support"),
    )
    assert [pain.id for pain in pains.list_open_pains(journal)] == [often, hits]


def test_unplanned_pains_have_no_step(journal: "Journal") -> None:
    free, planned = add_pain(journal, "free"), add_pain(journal, "planned", days_ago(1), FRIDAY)
    add_pain(journal, "a step in words", step="ask")
    step = make_promise("ask", kind=PromiseKind.STEP, pain=planned)
    kept_step = make_promise("ask first", kind=PromiseKind.STEP, pain=free, due=FRIDAY)
    journal.write("plan", [promises.creation_change(step), promises.creation_change(kept_step)])
    assert pains.list_unplanned_pains(journal, min_days=1, limit=5) == ()
    journal.write("kept", [promises.update_change(kept_step, kept_step.settle(PromiseState.KEPT, FRIDAY))])
    assert pains.list_unplanned_pains(journal, min_days=1, limit=5) == ()
    add_sighting(journal, free, FRIDAY + timedelta(days=1))
    assert [pain.id for pain in pains.list_unplanned_pains(journal, min_days=1, limit=5)] == [free]
    assert (
        pains.list_unplanned_pains(journal, min_days=3, limit=5)
        == pains.list_unplanned_pains(journal, min_days=1, limit=0)
        == ()
    )
    assert [pain.state for pain in pains.get_many(journal, [planned, free])] == [PainState.PLANNED, PainState.OPEN]


def test_unplanned_pains_are_sorted_by_days_seen(journal: "Journal") -> None:
    thrice = add_pain(journal, "on three days", days_ago(9), days_ago(8), days_ago(7))
    for _ in range(4):
        add_sighting(journal, add_pain(journal, "often on one day", FRIDAY, FRIDAY, FRIDAY), FRIDAY)
    later = add_pain(journal, "on three later days", days_ago(3), days_ago(2), days_ago(1))
    assert [pain.id for pain in pains.list_unplanned_pains(journal, min_days=3, limit=5)] == [later, thrice]


def test_unplanned_limit_ignores_pains_with_kept_steps(journal: "Journal") -> None:
    for number in range(5):
        kept_step = make_promise(
            kind=PromiseKind.STEP,
            pain=add_pain(journal, f"settled {number}", days_ago(9), days_ago(8), days_ago(7), days_ago(6)),
            made_on=days_ago(8),
            state=PromiseState.KEPT,
            closed_on=days_ago(6),
        )
        journal.write("promise", [promises.creation_change(kept_step)])
        journal.write(
            "kept", [promises.update_change(replace(kept_step, state=PromiseState.OPEN, closed_on=None), kept_step)]
        )
    sixth = add_pain(journal, "recurs", days_ago(3), days_ago(2), days_ago(1))
    assert [pain.id for pain in pains.list_unplanned_pains(journal, min_days=3, limit=5)] == [sixth]
    add_sighting(journal, (again := pains.list_open_pains(journal)[-1]).id, FRIDAY)
    assert [pain.id for pain in pains.list_unplanned_pains(journal, min_days=3, limit=1)] == [again.id]


def test_step_is_the_next_one_due(journal: "Journal") -> None:
    name = add_pain(journal, "two steps")
    for days in (9, 3, 6):
        step = make_promise(f"in {days} days", kind=PromiseKind.STEP, pain=name, due=FRIDAY + timedelta(days=days))
        journal.write("plan", [promises.creation_change(step)])
    assert (pains.get(journal, name).step, pains.get(journal, name).step_by) == (
        "in 3 days",
        FRIDAY + timedelta(days=3),
    )


def test_closed_pains_of_a_period(journal: "Journal") -> None:
    for days, state in ((0, "fixed"), (4, "dropped"), (5, "fixed")):
        closed = make_pain(days_ago(9), text=f"{state} {days} days ago")
        done = (
            closed.mark_dropped(days_ago(days), "why")
            if state == "dropped"
            else closed.mark_fixed(days_ago(days), "how", "")
        )
        journal.write("add", [*pains.creation_changes([closed]), pains.closing_change(done)])
    add_pain(journal, "still there")
    assert {pain.text for pain in pains.list_closed_pains(journal, week_of(FRIDAY))} == {
        "fixed 0 days ago",
        "dropped 4 days ago",
    }


@pytest.mark.parametrize("fields", [{"state": "fixed"}, {"state": "dropped"}, {"deleted": "2026-11-20T12:00:00.000Z"}])
def test_closed_and_deleted_pains_are_not_open_or_similar(journal: "Journal", fields: dict[str, str]) -> None:
    add_pain(journal, "gone for good, we hope", **fields)
    add_pain(journal, "planned to go", state="planned")
    assert [pain.text for pain in pains.list_open_pains(journal)] == ["planned to go"]
    assert pains.find_similar_pains(journal, "gone for good, we hope") == ()


def test_seen_pains_of_a_period(journal: "Journal") -> None:
    add_pain(journal, "long ago", days_ago(300))
    name = add_pain(journal, "before and now", days_ago(300))
    add_sighting(journal, name, FRIDAY)
    add_pain(journal, "fixed since", days_ago(1), state="fixed")
    assert {pain.text for pain in pains.list_seen_pains(journal, week_of(FRIDAY))} == {"before and now", "fixed since"}
    assert pains.list_seen_pains(journal, Period(start=days_ago(200), end=days_ago(100))) == ()


@pytest.mark.parametrize(
    "text", ["the deploy waits on one approver", "waiting for the approver again", "approver on holiday, deploy stuck"]
)
def test_similar_open_pain_is_found(journal: "Journal", text: str) -> None:
    add_pain(journal, "something else entirely, unrelated")
    name = add_pain(journal, "The deploy waits on one approver")
    assert [pain.id for pain in pains.find_similar_pains(journal, text)] == [name]


@pytest.mark.parametrize("text", ["meetings without any agenda", "waiting again", "", "…?!", 'x" OR "y', "y' NOT *"])
def test_different_pain_is_not_similar(journal: "Journal", text: str) -> None:
    add_pain(journal, "The deploy waits on one approver")
    assert pains.find_similar_pains(journal, text) == ()


def test_two_most_similar_pains_are_found(journal: "Journal") -> None:
    for text in ("VPN token expired", "VPN drops in every call", "coffee machine empty", "VPN down"):
        add_pain(journal, text)
    first, second = pains.find_similar_pains(journal, "the VPN drops")
    assert first.text == "VPN drops in every call"
    assert second.text != "coffee machine empty"


def test_merge_moves_days_steps_and_answers(journal: "Journal") -> None:
    into = add_pain(journal, "the deploy waits", days_ago(3), FRIDAY, better="two approvers")
    name = add_pain(journal, "@anna is slow to approve", days_ago(3), days_ago(1), hit="support", better="none")
    promise = make_promise("ask @tom", kind=PromiseKind.STEP, pain=name, due=FRIDAY)
    journal.write("plan", [promises.creation_change(promise)])
    before = pains.get_many(journal, [into, name])
    journal.write("merge", pains.merge_changes(journal, *reversed(before)))
    merged = pains.get(journal, into)
    assert [seen.day for seen in merged.sightings] == [days_ago(3), days_ago(3), days_ago(1), FRIDAY]
    assert (merged.days_seen, merged.people) == (3, ("anna",))
    assert merged.sightings[1].text == "@anna is slow to approve\nagain"
    assert (merged.better, merged.hit, merged.step) == ("two approvers\nnone", "support", "ask @tom")
    assert [pain.id for pain in pains.list_open_pains(journal)] == [into]
    journal.undo()
    assert pains.get_many(journal, [into, name]) == before
    journal.redo()
    assert pains.get(journal, into) == merged


def test_merge_joins_different_answers(journal: "Journal") -> None:
    answers = {"shared": "all", "better": "two approvers", "step": "ask", "hit": "support", "raised_outcome": "soon"}
    into = add_pain(journal, "the deploy waits", **answers)
    others = {**answers, "better": "none", "step": "write", "hit": "sales", "raised_outcome": "no"}
    name = add_pain(journal, "slow approvals", **others)
    journal.write("merge", pains.merge_changes(journal, *pains.get_many(journal, [name, into])))
    merged = pains.get(journal, into)
    assert {field: getattr(merged, field) for field in answers} == {
        "shared": "all", "better": "two approvers\nnone", "step": "ask\nwrite", "hit": "support\nsales",
        "raised_outcome": "soon\nno",
    }  # fmt: skip


def test_merge_keeps_a_step_in_words_that_a_promise_would_hide(journal: "Journal") -> None:
    into, name = add_pain(journal, "the deploy waits", FRIDAY), add_pain(journal, "slow approvals", FRIDAY, step="ask")
    promise = make_promise("call @tom", kind=PromiseKind.STEP, pain=into, due=FRIDAY)
    journal.write("plan", [promises.creation_change(promise)])
    journal.write("merge", pains.merge_changes(journal, *pains.get_many(journal, [name, into])))
    merged = pains.get(journal, into)
    assert merged.step == "call @tom"
    assert "slow approvals\nagain\nask" in {seen.text for seen in merged.sightings}


def test_merge_refuses_answers_that_are_too_long_together(journal: "Journal") -> None:
    into, name = (add_pain(journal, text, better=text * 60_000) for text in ("a", "b"))
    with pytest.raises(BadText):
        pains.merge_changes(journal, *pains.get_many(journal, [name, into]))


def test_merge_moves_a_step_in_words_and_a_missing_sighting(journal: "Journal") -> None:
    into, name = add_pain(journal, "the deploy waits"), add_pain(journal, "slow approvals", step="ask")
    (sighting,) = pains.get(journal, name).sightings
    journal.write("undo", [Change(entity="sighting", id=sighting.id, fields={"deleted": "2026-11-20T12:00:00.000Z"})])
    journal.write("merge", pains.merge_changes(journal, *pains.get_many(journal, [name, into])))
    merged = pains.get(journal, into)
    assert merged.step == "ask"
    assert {seen.text for seen in merged.sightings} == {"again", "slow approvals"}
