"""Grouping of value entries: same wording, merged fields, and ranking."""

from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest

from support.makers import FRIDAY, NOON, make_entry, make_pain
from valuelog.analysis.grouping import (
    Achievement,
    group_achievements,
    limit_achievements,
    normalized_words,
    without_trailing_markers,
)
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind
from valuelog.model.schedule import Schedule

SCHEDULE = Schedule(aliases={"samuel": "sam", "sam-smith": "sam"})
MONDAY = FRIDAY - timedelta(days=4)

SAME = [
    ("refunds take a day", "Refunds take a day."),
    ("refunds take a day", "  refunds  take\na day!"),
    ("@sam runs it", "@Sam runs it"),
    ("@sam runs it", "@samuel runs it"),
    ("@sam, alone", "@Sam-Smith: alone"),
    ("alerts name #ops", "Alerts name ops"),
    ("refunds take a day", "refunds take a day +refund-flow"),
    ("one-page checklist", "one page checklist"),
    ("ein größerer Fluß", "EIN GRÖSSERER FLUSS"),
    ("デプロイ", "デプロイ。"),
]
DIFFERENT = [
    ("refunds take a day", "refunds take a week"),
    ("it takes 3.5 days", "it takes 35 days"),
    ("@sam runs it", "@maya runs it"),
    ("tickets come from #billing", "tickets come from #shop"),
    ("under <10 ms", "over >10 ms"),
    ("!!", "??"),
    ("👍", "👎"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_wording_is_normalized_to_equal_words(one: str, other: str) -> None:
    assert normalized_words(one, SCHEDULE) == normalized_words(other, SCHEDULE)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_wording_is_not_equal(one: str, other: str) -> None:
    assert normalized_words(one, SCHEDULE) != normalized_words(other, SCHEDULE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it works. #ops +refund-flow", "it works."),
        ("it works!\n#ops", "it works!"),
        ("it works, see. #12", "it works, see. #12"),
        ("most tickets come from #billing", "most tickets come from #billing"),
        ("they read from +new-warehouse", "they read from +new-warehouse"),
        ("#ops is quiet", "#ops is quiet"),
        ("#ops", "#ops"),
        ("it is up +1", "it is up +1"),
        ("@sam", "@sam"),
    ],
)
def test_trailing_markers_are_removed(text: str, expected: str) -> None:
    assert without_trailing_markers(text) == expected


def group_outcomes(*changes: dict[str, Any]) -> tuple[Achievement, ...]:
    defaults = {"kind": Kind.OUTCOME, "text": "refunds take a day"}
    return group_achievements((make_entry(**{**defaults, **facts}) for facts in changes), SCHEDULE)


def test_entries_with_the_same_wording_are_merged() -> None:
    (achievement,) = group_outcomes(
        {"id": "a", "day": MONDAY, "evidence": "214 cases", "people": ("samuel",), "effects": (Effect.SAFER,)},
        {"id": "b", "text": "Refunds take a day!", "people": ("sam", "maya"), "effects": (Effect.FASTER,)},
        {"id": "c", "day": MONDAY, "created": NOON + timedelta(1), "beneficiaries": (Beneficiary.CUSTOMERS,)},
    )
    assert achievement == Achievement(
        kind=Kind.OUTCOME,
        text="Refunds take a day!",
        days=(MONDAY, FRIDAY),
        entries=("b", "c", "a"),
        people=("maya", "sam"),
        effects=(Effect.FASTER, Effect.SAFER),
        beneficiaries=(Beneficiary.CUSTOMERS,),
        evidence=("214 cases",),
    )
    assert achievement.times == 3


def test_activities_are_skipped_and_kinds_are_separate() -> None:
    assert group_outcomes({"kind": Kind.ACTIVITY}) == ()
    assert len(group_outcomes({"kind": Kind.OUTCOME}, {"kind": Kind.HELPED})) == 2


def test_outcomes_are_grouped_by_project() -> None:
    projects = [("a", "refunds"), ("b", "tariff"), ("c", None), ("d", "tariff"), ("e", None)]
    achievements = group_outcomes(*({"id": name, "project": project, "created": NOON} for name, project in projects))
    assert {(achievement.project, achievement.entries) for achievement in achievements} == {
        ("refunds", ("a",)),
        ("tariff", ("d", "b")),
        (None, ("e", "c")),
    }


@pytest.mark.parametrize("kind", [Kind.HELPED, Kind.IMPROVEMENT, Kind.INSIGHT])
def test_merged_entries_keep_only_a_common_project(kind: Kind) -> None:
    (achievement,) = group_outcomes({"kind": kind, "project": "refunds"}, {"kind": kind, "project": "tariff"})
    (whole,) = group_outcomes({"kind": kind, "project": "refunds"}, {"kind": kind, "project": "refunds"})
    (part,) = group_outcomes({"kind": kind, "project": "refunds"}, {"kind": kind})
    assert (achievement.project, whole.project, part.project) == (None, "refunds", None)
    assert achievement.times == 2


def test_improvements_are_grouped_by_main_beneficiary() -> None:
    customers, coworkers = Beneficiary.CUSTOMERS, Beneficiary.COWORKERS
    beneficiaries = [(customers,), (coworkers,), (coworkers,), (coworkers, customers), ()]
    achievements = group_outcomes(*({"kind": Kind.IMPROVEMENT, "beneficiaries": named} for named in beneficiaries))
    assert sorted((achievement.beneficiaries, achievement.times) for achievement in achievements) == [
        ((), 1),
        ((coworkers,), 2),
        ((customers, coworkers), 2),
    ]


RANKED: list[dict[str, Any]] = [
    {"evidence": "yes", "beneficiaries": (Beneficiary.CUSTOMERS,)},
    {"evidence": "yes", "beneficiaries": (Beneficiary.COWORKERS,)},
    {"evidence": "yes", "people": ("sam", "maya")},
    {"evidence": "yes", "people": ("sam",)},
    {"evidence": "yes"},
    {"beneficiaries": (Beneficiary.COMPANY,)},
    {},
    {"day": MONDAY},
]


def test_achievements_are_ranked_by_evidence_reach_and_day() -> None:
    changes = [{"id": str(place), "text": f"thing {place}", **facts} for place, facts in enumerate(RANKED)]
    assert [achievement.entries[0] for achievement in group_outcomes(*reversed(changes))] == list("01234567")


def test_fixed_pain_raises_the_reach() -> None:
    entries = [make_entry(id=name, kind=Kind.IMPROVEMENT, text=name) for name in "abc"]
    fixed_pains = {"b": make_pain(hit="support"), "c": make_pain()}
    first, second, third = group_achievements(entries, SCHEDULE, fixed_pains)
    assert (first.entries, first.reach, second.entries, third.entries) == (("b",), 1, ("c",), ("a",))


def test_limit_allows_one_more_if_it_is_the_last() -> None:
    achievements = group_outcomes(*({"text": f"thing {place}"} for place in range(5)))
    assert [
        (len(group.achievements), group.more)
        for group in (
            limit_achievements(achievements, 5),
            limit_achievements(achievements, 4),
            limit_achievements(achievements, 3),
        )
    ] == [
        (5, 0),
        (5, 0),
        (3, 2),
    ]


def test_grouping_is_fast_for_texts_of_markers() -> None:
    start = perf_counter()
    assert without_trailing_markers("x." + " #a" * 33_000) == "x."
    many = [
        Entry(id=str(n), day=date(2026, 1, 1), kind=Kind.HELPED, text=f"{n} " * 20, created=NOON) for n in range(3000)
    ]
    assert len(group_achievements(many, SCHEDULE)) == 3000
    assert perf_counter() - start < 5
