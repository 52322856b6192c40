"""A Brief: where its points come from, what each says, in which order, and how many of each."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from support.makers import FRIDAY, NOON, make_entry, make_pain, make_tally
from support.sample_quarter import make_sample_project
from valuelog.analysis.brief import (
    MAX_POINTS,
    Brief,
    BriefInput,
    Point,
    PointSource,
    ProjectProgress,
    build_brief,
    is_growing,
    limit_per_source,
    split_insight,
)
from valuelog.model.entry import Beneficiary, Entry, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period
from valuelog.model.project import ProjectState
from valuelog.model.tally import Tally, WorkSinceValue

FOUR_WEEKS = Period(start=FRIDAY - timedelta(days=27), end=FRIDAY)
EARLIER = (date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 17))


def made(*entries: Entry, pains: tuple[PainPoint, ...] = (), projects: tuple[ProjectProgress, ...] = ()) -> Brief:
    return build_brief(BriefInput(period=FOUR_WEEKS, today=FRIDAY, entries=entries, pains=pains, projects=projects))


def an_insight(text: str, **facts: Any) -> Entry:  # noqa: ANN401  fields of an Entry
    return make_entry(kind=Kind.INSIGHT, text=text, **facts)


# Insights

THOUGHTS = [
    ("nobody reads it", ("nobody reads it", None, None)),
    ("nobody reads it.", ("nobody reads it", None, None)),
    ("nobody reads it; three teams write it", ("nobody reads it; three teams write it", None, None)),
    ("Nobody reads it. It costs a day.", ("Nobody reads it", "It costs a day.", None)),
    ("Nobody reads it. A day! Stop it? Now.", ("Nobody reads it", "A day!", "Stop it? Now.")),
    ("one\ntwo\nthree\nfour", ("one", "two", "three four")),
    ("one. still one\n\ntwo", ("one. still one", "two", None)),
    ("tools, e.g. the old one, cost 3.5 days", ("tools, e.g. the old one, cost 3.5 days", None, None)),
    ("誰も読まない。やめよう。", ("誰も読まない。", "やめよう。", None)),
    ("...", ("...", None, None)),
]


@pytest.mark.parametrize(("text", "parts"), THOUGHTS)
def test_an_insight_has_up_to_three_parts(text: str, parts: tuple[str, str | None, str | None]) -> None:
    assert split_insight(text) == parts


def test_what_an_insight_lacks_is_missing_and_its_own_words_fill_it() -> None:
    found = made(an_insight("half of the tickets come from one field. It could be a list.", id="k3", evidence="412"))
    (point,) = found.points
    assert (point.noticed, point.facts) == ("half of the tickets come from one field", ("412",))
    assert point.missing_parts == ("proposal",)
    assert found.command(point) == "valuelog edit k3"


def test_an_insight_is_made_once_in_its_fullest_words() -> None:
    (point,) = made(
        an_insight("nobody reads it", created=NOON + timedelta(1)),
        an_insight("Nobody reads it!\nit costs a day\nstop it"),
        an_insight("nobody reads it"),
    ).points
    assert (point.meaning, point.proposal) == ("it costs a day", "stop it")


# Friction

PAINS = [
    (make_pain(*EARLIER), True),
    (make_pain(*EARLIER[:2]), False),
    (make_pain(hit="support"), True),
    (make_pain(shared="all teams"), True),
    (make_pain(*EARLIER).mark_dropped(FRIDAY, "never mind"), False),
]


@pytest.mark.parametrize(("pain", "worth"), PAINS)
def test_friction_is_worth_a_point_if_it_comes_back_or_others_feel_it(pain: PainPoint, *, worth: bool) -> None:
    assert bool(made(pains=(pain,)).points) is worth


def test_friction_says_whom_it_hits_and_what_would_be_better() -> None:
    pain = make_pain(*EARLIER, shared="all teams.", hit="support", better="two approvers").plan(
        "ask", date(2026, 11, 27)
    )
    found = made(pains=(pain,))
    (point,) = found.points
    assert point.facts == ("seen 3 times since Tue 3 Nov", "does it affect others? all teams")
    assert point.meaning == "it affects support"
    assert point.proposal == "two approvers; first step by Fri 27 Nov: ask"
    assert found.command(point) == ""


@pytest.mark.parametrize(
    ("facts", "flags"),
    [
        ({}, ' --hit "…" --better "…"'),
        ({"hit": "support"}, ' --better "…"'),
        ({"step": "ask"}, ' --hit "…"'),
        ({"shared": "yes, all", "better": "two"}, ' --hit "…"'),
        ({"hit": "support", "better": "two"}, None),
    ],
)
def test_the_command_fills_what_friction_lacks(facts: dict[str, str], flags: str | None) -> None:
    found = made(pains=(make_pain(*EARLIER, id="p7", **facts),))
    assert found.command(found.points[0]) == ("" if flags is None else f"valuelog pain edit p7{flags}")


# Projects


NOTHING = Tally()


def owning(work: int = 0, now: Tally = NOTHING, before: Tally = NOTHING, **facts: Any) -> ProjectProgress:  # noqa: ANN401
    return ProjectProgress(
        project=make_sample_project(**facts),
        work_since_value=WorkSinceValue(work=work, first_work_on=date(2026, 9, 7)),
        recent=now,
        earlier=before,
    )


def test_a_project_that_stalls_is_to_be_decided_on() -> None:
    found = made(projects=(owning(work=6, aim="one day"),))
    (point,) = found.points
    assert (point.source, point.id) == (PointSource.PROJECT, "refund-flow")
    assert point.facts == ("6 activities, no value since Mon 7 Sep",)
    assert point.meaning == "“one day” is getting no closer"
    assert point.proposal == "name the next step towards “one day” by Fri 27 Nov, or drop the project"
    assert found.command(point) == ""


def of(period: Period, *projects: ProjectProgress) -> list[Point]:
    return list(build_brief(BriefInput(period=period, today=FRIDAY, entries=(), pains=(), projects=projects)).points)


OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 10, 31))


def test_of_a_period_that_is_over_it_is_said_what_was() -> None:
    stalling = owning(work=6, aim="one day")
    (point,) = of(OCTOBER, replace(stalling, work=2))
    assert point.noticed == "Refund flow took work but delivered no value"
    assert point.facts == ("6 activities, no value since Mon 7 Sep, up to Sat 31 Oct",)
    assert point.meaning == "“one day” got no closer"
    assert point.proposal == "name the next step towards “one day” by Fri 27 Nov, or drop the project"
    (moved,) = of(OCTOBER, replace(stalling, work=2, has_value_since=True))
    assert moved.proposal == "show what has improved since"
    assert of(OCTOBER, stalling) == []
    (growth,) = of(OCTOBER, owning(now=make_tally(1, 9), before=make_tally(18, 2), measure="days"))
    assert (growth.noticed, growth.meaning) == ("Refund flow delivered more value than before", "“days” got closer")


@pytest.mark.parametrize(
    ("facts", "proposal"),
    [
        ({}, "say by Fri 27 Nov what Refund flow is for"),
        ({"problem": "slow"}, "say by Fri 27 Nov what Refund flow is for"),
        ({"aim": "one day"}, "say by Fri 27 Nov what its first result will be"),
        ({"measure": "days"}, "say by Fri 27 Nov what its first result will be"),
    ],
)
def test_nobody_proposes_to_end_what_has_only_begun(facts: dict[str, Any], proposal: str) -> None:
    for age, young in ((0, True), (20, True), (21, False)):
        began = FRIDAY - timedelta(days=age)
        new = replace(
            owning(started_on=began, **facts), work_since_value=WorkSinceValue(work=5, first_work_on=began), work=5
        )
        (point,) = made(projects=(new,)).points
        assert (point.proposal == proposal) is young
        assert ("has taken work but delivered no value yet" in point.noticed) is young
        assert ("is no closer yet" in str(point.meaning)) is (young and bool(facts.keys() & {"aim", "measure"}))
        assert ("drop" in str(point.proposal)) is not young


def test_projects_that_stall_are_each_decided_on_by_what_is_known_of_them() -> None:
    known: tuple[dict[str, Any], ...] = ({"measure": "days"}, {"aim": "one day"}, {"problem": "it is slow"}, {})
    stalling = (owning(work=9 - place, name=f"p{place}", **facts) for place, facts in enumerate(known))
    assert {point.proposal for point in made(projects=tuple(stalling)).points} == {
        "check “days” by Fri 27 Nov; if it hasn't changed, drop the project",
        "name the next step towards “one day” by Fri 27 Nov, or drop the project",
        "ask by Fri 27 Nov if anyone still has this problem: it is slow; if not, drop it",
        "say by Fri 27 Nov what p3 is for, or drop it",
    }


def test_a_project_without_an_aim_asks_for_one() -> None:
    found = made(projects=(owning(work=6),))
    assert found.points[0].missing_parts == ("meaning",)
    assert found.command(found.points[0]) == 'valuelog project edit refund-flow --aim "…"'


GROWING = [
    (make_tally(1, 9), make_tally(18, 2), True),
    (make_tally(1, 9), make_tally(8, 2), True),
    (make_tally(4, 6), make_tally(6, 4), False),
    (make_tally(0, 4), make_tally(18, 2), False),
    (make_tally(1, 9), make_tally(3, 1), False),
    (make_tally(1, 9), make_tally(), False),
    (make_tally(9, 1), make_tally(2, 18), False),
]


@pytest.mark.parametrize(("now", "before", "grows"), GROWING)
def test_a_project_grows_if_it_yields_clearly_more_than_before(now: Tally, before: Tally, *, grows: bool) -> None:
    assert is_growing(owning(now=now, before=before)) is grows
    assert not is_growing(owning(now=now, before=before, state=ProjectState.CLOSED))


def test_a_growing_project_says_what_changed() -> None:
    (point,) = made(projects=(owning(now=make_tally(1, 9), before=make_tally(18, 2), measure="days"),)).points
    assert point.facts == ("9 of 10 entries in 4 weeks are value, 2 of 20 before",)
    assert (point.meaning, point.missing_parts) == ("“days” is getting closer", ())


# Order and number


def points(source: PointSource, count: int, reach: int = 0) -> list[Point]:
    return [
        Point(source=source, id=f"{source}{place}", noticed="x", weight=(reach, 1, FRIDAY)) for place in range(count)
    ]


@pytest.mark.parametrize(
    ("insights", "pains", "projects", "shares"),
    [
        (20, 0, 0, (7, 0, 0)),
        (20, 1, 0, (6, 1, 0)),
        (20, 20, 0, (4, 3, 0)),
        (20, 20, 20, (3, 3, 1)),
        (2, 2, 2, (2, 2, 2)),
        (0, 0, 0, (0, 0, 0)),
    ],
)
def test_no_source_takes_all_points_while_others_have_some(
    insights: int, pains: int, projects: int, shares: tuple[int, int, int]
) -> None:
    ranked = [
        *points(PointSource.INSIGHT, insights),
        *points(PointSource.PAIN, pains),
        *points(PointSource.PROJECT, projects),
    ]
    chosen = Counter(point.source for point in limit_per_source(ranked))
    assert tuple(chosen[source] for source in (PointSource.INSIGHT, PointSource.PAIN, PointSource.PROJECT)) == shares
    assert chosen.total() <= MAX_POINTS


def test_what_reaches_furthest_and_is_shown_comes_first() -> None:
    found = made(
        an_insight("a", id="plain"),
        an_insight("b", id="shown", evidence="yes"),
        an_insight("c\nmeans\nmeant", id="whole"),
        an_insight("d", id="far", beneficiaries=(Beneficiary.CUSTOMERS,), evidence="yes"),
        pains=(make_pain(*EARLIER, id="hits", hit="all"),),
    )
    assert [point.id for point in found.points] == ["hits", "far", "shown", "whole", "plain"]
    assert found.more == 0


def test_it_never_has_more_than_seven_points() -> None:
    found = made(*(an_insight(f"thing {place}") for place in range(30)))
    assert (len(found.points), found.more) == (7, 23)
