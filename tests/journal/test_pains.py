"""Pain points: which ones hurt most, and which of them say the same."""

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


def note(journal: "Journal", text: str, *days: date, **fields: str) -> str:
    """Note a pain point. Returns its id."""
    pain = make_pain(*days, text=text)
    journal.write("add", pains.creation_changes([pain]))
    if fields:
        journal.write("edit", [Change(entity="pain", id=pain.id, fields=fields)])
    return pain.id


def see(journal: "Journal", pain: str, day: date) -> None:
    journal.write("seen", [pains.sighting_change(pain, Sighting(id=make_id(), day=day, text="again", created=NOON))])


def back(days: int) -> date:
    return FRIDAY - timedelta(days=days)


def test_what_comes_out_is_what_went_in(journal: "Journal") -> None:
    pain = make_pain(back(3), FRIDAY, text="the deploy waits", shared="all", better="none", step="ask", hit="customers")
    journal.write("add", pains.creation_changes([pain]))
    assert pains.get(journal, pain.id) == pain


def test_an_answer_is_kept_with_its_pain_point(journal: "Journal") -> None:
    name = note(journal, "the deploy waits")
    journal.write("today", [pains.answer_change(name, "step", "ask for a second approver")])
    assert pains.get(journal, name).step == "ask for a second approver"


def test_the_most_often_seen_comes_first_then_the_most_recent(journal: "Journal") -> None:
    note(journal, "once, long ago", back(30))
    note(journal, "once, today", FRIDAY)
    twice = note(journal, "on two days", back(20), back(10))
    see(journal, note(journal, "twice on one day", back(2)), back(2))
    assert [pain.text for pain in pains.list_open_pains(journal)] == [
        "on two days",
        "once, today",
        "twice on one day",
        "once, long ago",
    ]
    assert [pain.id for pain in pains.list_open_pains(journal, limit=1)] == [twice]


RANKED = [
    # what presses most comes first
    ([(20, 10), (0,)], {}, None),
    ([(2, 1, 0), (3, 2)], {}, None),
    ([(1,), (2,)], {}, None),  # then what was felt last
    ([(1, 30), (1,)], {"since": 20}, None),  # then what was felt most of all
    # if others are hit too, it counts as one day more
    ([(5,), (0,)], {}, "support"),
    ([(5, 4), (0,)], {}, "support"),
    ([(0,), (5,)], {}, "support"),
    # only the days since a day count
    ([(3, 2), (90, 80, 70, 60)], {"since": 30}, None),
    ([(30,), (31, 40)], {"since": 30}, None),
    ([(30, 29), (29, 31, 40)], {"since": 30}, None),
    ([(0,), (90, 80)], {"since": 30}, "support"),
]


@pytest.mark.parametrize(("seen", "since", "hit"), RANKED)
def test_what_presses_more_comes_first(
    journal: "Journal", seen: list[tuple[int, ...]], since: dict[str, int], hit: str | None
) -> None:
    other = note(journal, "second", *map(back, seen[1]))
    first = note(journal, "first", *map(back, seen[0]), **({"hit": hit} if hit else {}))
    known = back(since["since"]) if since else date.min
    assert [pain.id for pain in pains.list_open_pains(journal, since=known)] == [first, other]


def test_two_more_days_weigh_more_than_who_is_hit(journal: "Journal") -> None:
    often, hits = note(journal, "often", back(9), back(8), back(7)), note(journal, "hits", FRIDAY, hit="support")
    assert [pain.id for pain in pains.list_open_pains(journal)] == [often, hits]


def test_only_what_has_no_step_is_unplanned(journal: "Journal") -> None:
    free, planned = note(journal, "free"), note(journal, "planned", back(1), FRIDAY)
    note(journal, "a step in words", step="ask")
    step = make_promise("ask", kind=PromiseKind.STEP, pain=planned)
    kept = make_promise("ask first", kind=PromiseKind.STEP, pain=free, due=FRIDAY)
    journal.write("plan", [promises.creation_change(step), promises.creation_change(kept)])
    assert pains.list_unplanned_pains(journal, min_days=1, limit=5) == ()
    journal.write("kept", [promises.update_change(kept, kept.settle(PromiseState.KEPT, FRIDAY))])
    assert pains.list_unplanned_pains(journal, min_days=1, limit=5) == ()
    see(journal, free, FRIDAY + timedelta(days=1))
    assert [pain.id for pain in pains.list_unplanned_pains(journal, min_days=1, limit=5)] == [free]
    assert (
        pains.list_unplanned_pains(journal, min_days=3, limit=5)
        == pains.list_unplanned_pains(journal, min_days=1, limit=0)
        == ()
    )
    assert [pain.state for pain in pains.get_many(journal, [planned, free])] == [PainState.PLANNED, PainState.OPEN]


def test_what_lacks_a_step_counts_days_and_comes_before_what_was_felt_less(journal: "Journal") -> None:
    thrice = note(journal, "on three days", back(9), back(8), back(7))
    for _ in range(4):
        see(journal, note(journal, "often on one day", FRIDAY, FRIDAY, FRIDAY), FRIDAY)
    later = note(journal, "on three later days", back(3), back(2), back(1))
    assert [pain.id for pain in pains.list_unplanned_pains(journal, min_days=3, limit=5)] == [later, thrice]


def test_what_was_settled_by_its_steps_does_not_hide_what_recurs(journal: "Journal") -> None:
    for number in range(5):
        kept = make_promise(
            kind=PromiseKind.STEP,
            pain=note(journal, f"settled {number}", back(9), back(8), back(7), back(6)),
            made_on=back(8),
            state=PromiseState.KEPT,
            closed_on=back(6),
        )
        journal.write("promise", [promises.creation_change(kept)])
        journal.write("kept", [promises.update_change(replace(kept, state=PromiseState.OPEN, closed_on=None), kept)])
    sixth = note(journal, "recurs", back(3), back(2), back(1))
    assert [pain.id for pain in pains.list_unplanned_pains(journal, min_days=3, limit=5)] == [sixth]
    see(journal, (again := pains.list_open_pains(journal)[-1]).id, FRIDAY)
    assert [pain.id for pain in pains.list_unplanned_pains(journal, min_days=3, limit=1)] == [again.id]


def test_of_several_steps_the_next_one_due_is_shown(journal: "Journal") -> None:
    name = note(journal, "two steps")
    for days in (9, 3, 6):
        step = make_promise(f"in {days} days", kind=PromiseKind.STEP, pain=name, due=FRIDAY + timedelta(days=days))
        journal.write("plan", [promises.creation_change(step)])
    assert (pains.get(journal, name).step, pains.get(journal, name).step_by) == (
        "in 3 days",
        FRIDAY + timedelta(days=3),
    )


def test_a_period_has_the_pain_points_that_were_closed_in_it(journal: "Journal") -> None:
    for days, state in ((0, "fixed"), (4, "dropped"), (5, "fixed")):
        closed = make_pain(back(9), text=f"{state} {days} days ago")
        done = (
            closed.mark_dropped(back(days), "why") if state == "dropped" else closed.mark_fixed(back(days), "how", "")
        )
        journal.write("add", [*pains.creation_changes([closed]), pains.closing_change(done)])
    note(journal, "still there")
    assert {pain.text for pain in pains.list_closed_pains(journal, week_of(FRIDAY))} == {
        "fixed 0 days ago",
        "dropped 4 days ago",
    }


@pytest.mark.parametrize("fields", [{"state": "fixed"}, {"state": "dropped"}, {"deleted": "2026-11-20T12:00:00.000Z"}])
def test_what_is_closed_or_deleted_hurts_no_more(journal: "Journal", fields: dict[str, str]) -> None:
    note(journal, "gone for good, we hope", **fields)
    note(journal, "planned to go", state="planned")
    assert [pain.text for pain in pains.list_open_pains(journal)] == ["planned to go"]
    assert pains.find_similar_pain(journal, "gone for good, we hope") is None


def test_a_period_has_the_pain_points_that_were_seen_in_it(journal: "Journal") -> None:
    note(journal, "long ago", back(300))
    name = note(journal, "before and now", back(300))
    see(journal, name, FRIDAY)
    note(journal, "fixed since", back(1), state="fixed")
    assert {pain.text for pain in pains.list_seen_pains(journal, week_of(FRIDAY))} == {"before and now", "fixed since"}
    assert pains.list_seen_pains(journal, Period(start=back(200), end=back(100))) == ()


@pytest.mark.parametrize(
    ("known", "said"),
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
def test_two_texts_that_share_half_their_words_are_alike(journal: "Journal", known: str, said: str) -> None:
    name = note(journal, known)
    note(journal, "something else entirely, unrelated")
    alike = pains.find_similar_pain(journal, said)
    assert alike
    assert alike.id == name


@pytest.mark.parametrize(
    ("known", "said"),
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
def test_texts_that_share_less_are_not(journal: "Journal", known: str, said: str) -> None:
    note(journal, known)
    assert pains.find_similar_pain(journal, said) is None


def test_of_several_alike_the_nearest_is_meant(journal: "Journal") -> None:
    note(journal, "the deploy is slow on monday because of backups")
    nearest = note(journal, "the deploy waits on one approver")
    note(journal, "one approver is away")
    alike = pains.find_similar_pain(journal, "deploy waits on one approver")
    assert alike
    assert alike.id == nearest


@pytest.mark.parametrize(
    "said", ['deploy" OR "x', "deploy* (waits) NOT NEAR", "text:deploy ^ + - waits", "{deploy} waits'"]
)
def test_nothing_that_is_typed_acts(journal: "Journal", said: str) -> None:
    name = note(journal, "the deploy waits")
    alike = pains.find_similar_pain(journal, said)
    assert alike
    assert alike.id == name
