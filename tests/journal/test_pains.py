"""Pain points: order by pressure, periods, steps and similarity."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from support.makers import FRIDAY, NOON, make_id, make_pain, make_promise
from valuelog.journal import pains, promises
from valuelog.journal.log import Change
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
    assert pains.get(journal, pain.id) == pain


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
    assert pains.find_similar_pain(journal, "gone for good, we hope") is None


def test_seen_pains_of_a_period(journal: "Journal") -> None:
    add_pain(journal, "long ago", days_ago(300))
    name = add_pain(journal, "before and now", days_ago(300))
    add_sighting(journal, name, FRIDAY)
    add_pain(journal, "fixed since", days_ago(1), state="fixed")
    assert {pain.text for pain in pains.list_seen_pains(journal, week_of(FRIDAY))} == {"before and now", "fixed since"}
    assert pains.list_seen_pains(journal, Period(start=days_ago(200), end=days_ago(100))) == ()


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("The deploy waits on one approver", "the deploy waits on one approver"),
        ("The deploy waits on one approver", "deploy waits"),
        ("The deploy waits on one approver", "waiting for the one approver again"),
        ("The deploy waits on one approver", "Again: the DEPLOY waits for its approver!"),
        ("The deploy waits on one approver", "approver on holiday, deploy stuck"),
        ("Test data vanishes every weekend", "our test-data vanishes again"),
        ("Nobody knows which dashboard is right", "which dashboard is right?"),
        ("slow builds", "builds"),
        ("Zwei Werkzeuge wollen dieselben Stunden", "dieselben stunden in zwei werkzeugen"),
    ],
)
def test_texts_that_share_half_their_words_are_similar(journal: "Journal", known: str, text: str) -> None:
    name = add_pain(journal, known)
    add_pain(journal, "something else entirely, unrelated")
    similar = pains.find_similar_pain(journal, text)
    assert similar
    assert similar.id == name


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("The deploy waits on one approver", "meetings without any agenda"),
        ("The deploy waits on one approver", "the build waits for machines nobody owns"),
        ("Test data vanishes every weekend", "vacation plans change every spring without notice"),
        ("it is on", "it is on"),
        ("the api", "the api"),
        ("Two tools want the same hours", ""),
        ("Two tools want the same hours", "…?!"),
    ],
)
def test_texts_that_share_fewer_words_are_not_similar(journal: "Journal", known: str, text: str) -> None:
    add_pain(journal, known)
    assert pains.find_similar_pain(journal, text) is None


def test_most_similar_pain_point_is_returned(journal: "Journal") -> None:
    add_pain(journal, "the deploy is slow on monday because of backups")
    nearest = add_pain(journal, "the deploy waits on one approver")
    add_pain(journal, "one approver is away")
    similar = pains.find_similar_pain(journal, "deploy waits on one approver")
    assert similar
    assert similar.id == nearest


@pytest.mark.parametrize(
    "text", ['deploy" OR "x', "deploy* (waits) NOT NEAR", "text:deploy ^ + - waits", "{deploy} waits'"]
)
def test_similarity_query_has_no_hidden_syntax(journal: "Journal", text: str) -> None:
    name = add_pain(journal, "the deploy waits")
    similar = pains.find_similar_pain(journal, text)
    assert similar
    assert similar.id == name
