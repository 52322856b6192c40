"""Brief: the sources of its points, their texts, ranking and number."""

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


def make_brief(*entries: Entry, pains: tuple[PainPoint, ...] = (), projects: tuple[ProjectProgress, ...] = ()) -> Brief:
    return build_brief(BriefInput(period=FOUR_WEEKS, today=FRIDAY, entries=entries, pains=pains, projects=projects))


def make_insight(text: str, **facts: Any) -> Entry:  # noqa: ANN401  fields of an Entry
    return make_entry(kind=Kind.INSIGHT, text=text, **facts)


# Insights

INSIGHTS = [
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


@pytest.mark.parametrize(("text", "parts"), INSIGHTS)
def test_split_insight_returns_up_to_three_parts(text: str, parts: tuple[str, str | None, str | None]) -> None:
    assert split_insight(text) == parts


def test_incomplete_insight_has_an_edit_command_without_flags() -> None:
    brief = make_brief(
        make_insight("half of the tickets come from one field. It could be a list.", id="k3", evidence="412")
    )
    (point,) = brief.points
    assert (point.noticed, point.facts) == ("half of the tickets come from one field", ("412",))
    assert point.missing_parts == ("proposal",)
    assert brief.command(point) == "valuelog edit k3"


def test_repeated_insight_is_one_point_from_the_most_complete() -> None:
    (point,) = make_brief(
        make_insight("nobody reads it", created=NOON + timedelta(1)),
        make_insight("Nobody reads it!\nit costs a day\nstop it"),
        make_insight("nobody reads it"),
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


@pytest.mark.parametrize(("pain", "is_point"), PAINS)
def test_pain_is_a_point_if_it_recurs_or_affects_others(pain: PainPoint, *, is_point: bool) -> None:
    assert bool(make_brief(pains=(pain,)).points) is is_point


def test_pain_point_has_facts_meaning_and_proposal() -> None:
    pain = make_pain(*EARLIER, shared="all teams.", hit="support", better="two approvers").plan(
        "ask", date(2026, 11, 27)
    )
    brief = make_brief(pains=(pain,))
    (point,) = brief.points
    assert point.facts == ("seen 3 times since Tue 3 Nov", "does it affect others? all teams")
    assert point.meaning == "it affects support"
    assert point.proposal == "two approvers; first step by Fri 27 Nov: ask"
    assert brief.command(point) == ""


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
def test_command_of_a_pain_has_flags_for_missing_fields(facts: dict[str, str], flags: str | None) -> None:
    brief = make_brief(pains=(make_pain(*EARLIER, id="p7", **facts),))
    assert brief.command(brief.points[0]) == ("" if flags is None else f"valuelog pain edit p7{flags}")


# Projects


NOTHING = Tally()


def make_progress(work: int = 0, recent: Tally = NOTHING, earlier: Tally = NOTHING, **facts: Any) -> ProjectProgress:  # noqa: ANN401
    return ProjectProgress(
        project=make_sample_project(**facts),
        work_since_value=WorkSinceValue(work=work, first_work_on=date(2026, 9, 7)),
        recent=recent,
        earlier=earlier,
    )


def test_stalled_project_proposes_a_decision() -> None:
    brief = make_brief(projects=(make_progress(work=6, aim="one day"),))
    (point,) = brief.points
    assert (point.source, point.id) == (PointSource.PROJECT, "refund-flow")
    assert point.facts == ("6 activities, no value since Mon 7 Sep",)
    assert point.meaning == "“one day” is getting no closer"
    assert point.proposal == "name the next step toward “one day” by Fri 27 Nov, or drop the project"
    assert brief.command(point) == ""


def list_points(period: Period, *projects: ProjectProgress) -> list[Point]:
    return list(build_brief(BriefInput(period=period, today=FRIDAY, entries=(), pains=(), projects=projects)).points)


OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 10, 31))


def test_points_of_a_past_period_are_in_the_past_tense() -> None:
    stalled = make_progress(work=6, aim="one day")
    (point,) = list_points(OCTOBER, replace(stalled, work=2))
    assert point.noticed == "Refund flow took work but delivered no value"
    assert point.facts == ("6 activities, no value since Mon 7 Sep, up to Sat 31 Oct",)
    assert point.meaning == "“one day” got no closer"
    assert point.proposal == "name the next step toward “one day” by Fri 27 Nov, or drop the project"
    (moved,) = list_points(OCTOBER, replace(stalled, work=2, has_value_since=True))
    assert moved.proposal == "show what has improved since"
    assert list_points(OCTOBER, stalled) == []
    (growth,) = list_points(OCTOBER, make_progress(recent=make_tally(1, 9), earlier=make_tally(18, 2), measure="days"))
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
def test_young_stalled_project_is_not_proposed_to_be_dropped(facts: dict[str, Any], proposal: str) -> None:
    for age, is_young in ((0, True), (20, True), (21, False)):
        began = FRIDAY - timedelta(days=age)
        new = replace(
            make_progress(started_on=began, **facts),
            work_since_value=WorkSinceValue(work=5, first_work_on=began),
            work=5,
        )
        (point,) = make_brief(projects=(new,)).points
        assert (point.proposal == proposal) is is_young
        assert ("has taken work but delivered no value yet" in point.noticed) is is_young
        assert ("is no closer yet" in str(point.meaning)) is (is_young and bool(facts.keys() & {"aim", "measure"}))
        assert ("drop" in str(point.proposal)) is not is_young


def test_proposal_for_a_stalled_project_depends_on_its_fields() -> None:
    fields: tuple[dict[str, Any], ...] = ({"measure": "days"}, {"aim": "one day"}, {"problem": "it is slow"}, {})
    stalled = (make_progress(work=9 - place, name=f"p{place}", **facts) for place, facts in enumerate(fields))
    assert {point.proposal for point in make_brief(projects=tuple(stalled)).points} == {
        "check “days” by Fri 27 Nov; if it hasn't changed, drop the project",
        "name the next step toward “one day” by Fri 27 Nov, or drop the project",
        "ask by Fri 27 Nov if anyone still has this problem: it is slow; if not, drop it",
        "say by Fri 27 Nov what p3 is for, or drop it",
    }


def test_stalled_project_without_aim_asks_for_it() -> None:
    brief = make_brief(projects=(make_progress(work=6),))
    assert brief.points[0].missing_parts == ("meaning",)
    assert brief.command(brief.points[0]) == 'valuelog project edit refund-flow --aim "…"'


GROWING = [
    (make_tally(1, 9), make_tally(18, 2), True),
    (make_tally(1, 9), make_tally(8, 2), True),
    (make_tally(4, 6), make_tally(6, 4), False),
    (make_tally(0, 4), make_tally(18, 2), False),
    (make_tally(1, 9), make_tally(3, 1), False),
    (make_tally(1, 9), make_tally(), False),
    (make_tally(9, 1), make_tally(2, 18), False),
]


@pytest.mark.parametrize(("recent", "earlier", "expected"), GROWING)
def test_project_grows_if_intervals_do_not_overlap(recent: Tally, earlier: Tally, *, expected: bool) -> None:
    assert is_growing(make_progress(recent=recent, earlier=earlier)) is expected
    assert not is_growing(make_progress(recent=recent, earlier=earlier, state=ProjectState.CLOSED))


def test_growing_project_states_both_shares() -> None:
    (point,) = make_brief(
        projects=(make_progress(recent=make_tally(1, 9), earlier=make_tally(18, 2), measure="days"),)
    ).points
    assert point.facts == ("9 of 10 entries in 4 weeks are value, 2 of 20 before",)
    assert (point.meaning, point.missing_parts) == ("“days” is getting closer", ())


# Order and number


def make_points(source: PointSource, count: int, reach: int = 0) -> list[Point]:
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
def test_points_of_one_source_are_limited_while_others_have_more(
    insights: int, pains: int, projects: int, shares: tuple[int, int, int]
) -> None:
    ranked = [
        *make_points(PointSource.INSIGHT, insights),
        *make_points(PointSource.PAIN, pains),
        *make_points(PointSource.PROJECT, projects),
    ]
    chosen = Counter(point.source for point in limit_per_source(ranked))
    assert tuple(chosen[source] for source in (PointSource.INSIGHT, PointSource.PAIN, PointSource.PROJECT)) == shares
    assert chosen.total() <= MAX_POINTS


def test_points_are_ranked_by_reach_and_evidence() -> None:
    brief = make_brief(
        make_insight("a", id="plain"),
        make_insight("b", id="proven", evidence="yes"),
        make_insight("c\nmeans\nmeant", id="whole"),
        make_insight("d", id="far", beneficiaries=(Beneficiary.CUSTOMERS,), evidence="yes"),
        pains=(make_pain(*EARLIER, id="pain", hit="all"),),
    )
    assert [point.id for point in brief.points] == ["pain", "far", "proven", "whole", "plain"]
    assert brief.more == 0


def test_brief_has_at_most_seven_points() -> None:
    brief = make_brief(*(make_insight(f"thing {place}") for place in range(30)))
    assert (len(brief.points), brief.more) == (7, 23)
