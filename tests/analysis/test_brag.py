"""Brag: its sections, their order, counts and missing fields."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from support.makers import FRIDAY, make_entry, make_pain, make_tally
from support.sample_brags import make_brag, make_help_entry, make_outcome
from support.sample_quarter import make_sample_project
from valuelog.analysis.brag import Brag
from valuelog.model.entry import Beneficiary, Entry, Kind
from valuelog.model.pain import PainState
from valuelog.model.project import Project, ProjectState
from valuelog.model.schedule import Schedule

if TYPE_CHECKING:
    from valuelog.analysis.grouping import Achievement

EARLY = date(2026, 10, 16)
ASKED: dict[str, Any] = {"problem": "slow", "measure": "days"}
WHOLE: dict[str, Any] = {**ASKED, "result": "one day", "evidence": "214 cases", "closed_on": FRIDAY}


def texts(achievements: "tuple[Achievement, ...]") -> list[str]:
    return [achievement.text for achievement in achievements]


# Outcomes


@pytest.mark.parametrize(
    ("project", "entries", "listed"),
    [
        (make_sample_project(), [make_outcome(project="refund-flow")], True),
        (make_sample_project(closed_on=EARLY), [], True),
        (make_sample_project(closed_on=date(2026, 9, 30)), [], False),
        (make_sample_project(closed_on=EARLY, state=ProjectState.DROPPED), [], False),
        (make_sample_project(closed_on=EARLY, state=ProjectState.DROPPED), [make_outcome(project="refund-flow")], True),
        (make_sample_project(), [make_entry(kind=Kind.IMPROVEMENT, project="refund-flow")], False),
        (make_sample_project(), [], False),
    ],
    ids=["outcome", "closed", "closed before", "dropped", "dropped with outcome", "improvement", "nothing"],
)
def test_project_with_outcomes_or_closed_in_the_period_is_listed(
    project: Project, entries: list[Entry], *, listed: bool
) -> None:
    assert [section.project for section in make_brag(*entries, projects=(project,)).project_sections] == [
        project
    ] * listed


MISSING_FIELDS = [
    ({}, ("problem", "measure")),
    (ASKED, ()),
    ({"closed_on": FRIDAY}, ("problem", "measure", "result")),
    ({**ASKED, "closed_on": FRIDAY}, ("result",)),
    ({**ASKED, "closed_on": FRIDAY, "result": "one day"}, ("evidence",)),
    ({"closed_on": FRIDAY, "state": ProjectState.DROPPED}, ()),
    (WHOLE, ()),
]


@pytest.mark.parametrize(("facts", "missing"), MISSING_FIELDS)
def test_project_section_names_missing_fields(facts: dict[str, Any], missing: tuple[str, ...]) -> None:
    (section,) = make_brag(
        make_outcome(project="refund-flow"), projects=(make_sample_project(**facts),)
    ).project_sections
    assert section.missing_fields == missing


def test_evidence_of_an_outcome_counts_for_its_project() -> None:
    project = make_sample_project(**ASKED, result="one day", closed_on=FRIDAY)
    (section,) = make_brag(
        make_outcome(project="refund-flow", evidence="214 cases"), projects=(project,)
    ).project_sections
    assert (section.has_evidence, section.missing_fields) == (True, ())


def test_project_with_result_and_evidence_comes_first() -> None:
    projects = (
        make_sample_project("open"),
        make_sample_project("closed", closed_on=FRIDAY),
        make_sample_project("claimed", result="it works", closed_on=FRIDAY),
        make_sample_project("proven", **WHOLE),
    )
    brag = make_brag(make_outcome(project="open"), projects=projects)
    assert [section.project.name for section in brag.project_sections] == ["proven", "claimed", "open", "closed"]


def test_outcomes_without_a_known_project_are_listed_separately() -> None:
    brag = make_brag(
        make_outcome("a", project="refund-flow"),
        make_outcome("b"),
        make_outcome("c", project="gone"),
        projects=(make_sample_project(),),
    )
    assert texts(brag.project_sections[0].outcomes.achievements) == ["a"]
    assert sorted(texts(brag.outcomes.achievements)) == ["b", "c"]


def test_same_outcome_in_another_project_does_not_count() -> None:
    outcomes = [
        make_outcome(id="a", project="refund-flow"),
        make_outcome(id="b", evidence="yes"),
        make_outcome(id="c", project="lake"),
    ]
    brag = make_brag(*outcomes, projects=(make_sample_project(), make_sample_project("Lake")))
    listed = {
        section.project.slug: [each.entries for each in section.outcomes.achievements]
        for section in brag.project_sections
    }
    assert listed == {"refund-flow": [("a",)], "lake": [("c",)]}
    assert not any(section.has_evidence for section in brag.project_sections)
    assert [each.entries for each in brag.outcomes.achievements] == [("b",)]


# People


def test_people_are_listed_once_most_often_helped_first() -> None:
    schedule = Schedule(aliases={"samuel": "sam"})
    brag = make_brag(
        make_help_entry("@sam runs it", "sam"),
        make_help_entry("@Samuel runs it", "samuel"),
        make_help_entry("@sam and @lee gave a talk", "sam", "lee"),
        make_help_entry("@maya debugs", "maya"),
        make_help_entry("everyone writes tests"),
        schedule=schedule,
    )
    assert [(person.name, person.times, texts(person.group.achievements)) for person in brag.people] == [
        ("sam", 3, ["@sam and @lee gave a talk", "@Samuel runs it"]),
        ("maya", 1, ["@maya debugs"]),
    ]
    assert brag.other_people == (("lee", 1),)
    assert texts(brag.unnamed_help.achievements) == ["everyone writes tests"]


def test_same_help_for_a_person_is_grouped_across_projects() -> None:
    brag = make_brag(
        make_help_entry("@sam runs the release alone", "sam", project="refund-flow"),
        make_help_entry("Runs the release alone.", "sam", project="new-region"),
        make_help_entry("@maya runs the release alone", "maya", project="new-region"),
    )
    helped = [
        (person.name, [(each.times, each.entries) for each in person.group.achievements]) for person in brag.people
    ]
    assert [(name, [times for times, _ in achievements]) for name, achievements in helped] == [
        ("sam", [2]),
        ("maya", [1]),
    ]


# Improvements and insights


def test_same_insight_in_two_projects_is_grouped() -> None:
    insight = {"kind": Kind.INSIGHT, "text": "nobody reads it"}
    brag = make_brag(make_entry(**insight, project="refund-flow"), make_entry(**insight, project="new-region"))
    assert [each.times for each in brag.insights.achievements] == [2]


def test_count_of_a_beneficiary_is_the_number_of_entries() -> None:
    better = {"kind": Kind.IMPROVEMENT, "beneficiaries": (Beneficiary.CUSTOMERS,)}
    brag = make_brag(*(make_entry(**better, text=text) for text in ("one page", "One page.", "one field")))
    assert [(improvements.count, len(improvements.group.achievements)) for improvements in brag.improvements] == [
        (3, 2)
    ]


def test_improvement_is_listed_with_its_main_beneficiary_only() -> None:
    beneficiaries = {
        "both": (Beneficiary.COWORKERS, Beneficiary.CUSTOMERS),
        "desk": (Beneficiary.COWORKERS,),
        "firm": (Beneficiary.COMPANY,),
        "all": (),
    }
    brag = make_brag(
        *(make_entry(kind=Kind.IMPROVEMENT, text=text, beneficiaries=named) for text, named in beneficiaries.items())
    )
    assert [
        (
            improvements.beneficiary,
            improvements.count,
            improvements.listed_above,
            texts(improvements.group.achievements),
        )
        for improvements in brag.improvements
    ] == [
        (Beneficiary.CUSTOMERS, 1, 0, ["both"]),
        (Beneficiary.COMPANY, 1, 0, ["firm"]),
        (Beneficiary.COWORKERS, 2, 1, ["desk"]),
        (None, 1, 0, ["all"]),
    ]


def test_same_improvement_is_listed_for_each_main_beneficiary() -> None:
    beneficiaries = [(Beneficiary.CUSTOMERS,), (Beneficiary.COWORKERS,), (Beneficiary.COWORKERS,)]
    brag = make_brag(
        *(make_entry(kind=Kind.IMPROVEMENT, text="faster build", beneficiaries=named) for named in beneficiaries)
    )
    assert [
        (improvements.beneficiary, improvements.count, [each.times for each in improvements.group.achievements])
        for improvements in brag.improvements
    ] == [
        (Beneficiary.CUSTOMERS, 1, [1]),
        (Beneficiary.COWORKERS, 2, [2]),
    ]


def test_beneficiary_without_improvements_of_its_own_is_counted() -> None:
    both = (Beneficiary.COWORKERS, Beneficiary.CUSTOMERS)
    brag = make_brag(make_entry(kind=Kind.IMPROVEMENT, beneficiaries=both))
    assert [
        (improvements.beneficiary, improvements.count, improvements.listed_above, len(improvements.group.achievements))
        for improvements in brag.improvements
    ] == [
        (Beneficiary.CUSTOMERS, 1, 0, 1),
        (Beneficiary.COWORKERS, 1, 1, 0),
    ]


def test_fixed_pain_is_listed_once() -> None:
    fix = make_entry(id="fix", kind=Kind.IMPROVEMENT, text="two approvers")
    fixed = make_pain(EARLY).mark_fixed(FRIDAY, "two approvers", "fix")
    elsewhere = make_pain(EARLY, text="old").mark_fixed(FRIDAY, "it went", "another")
    dropped = make_pain(EARLY).mark_dropped(FRIDAY, "never mind")
    brag = make_brag(fix, pains=(fixed, elsewhere, dropped))
    assert brag.improvements[0].group.achievements[0].fixed_pain == fixed
    assert brag.fixed_pains == (elsewhere,)
    assert elsewhere.state is PainState.FIXED


@pytest.mark.parametrize(
    ("brag", "empty"),
    [
        (make_brag(), True),
        (make_brag(tally=make_tally(work=3)), True),
        (make_brag(make_outcome()), False),
        (make_brag(projects=(make_sample_project(**WHOLE),)), False),
        (make_brag(pains=(make_pain(EARLY).mark_fixed(FRIDAY, "it went", "x"),)), False),
    ],
    ids=["nothing", "work", "outcome", "project", "friction"],
)
def test_brag_is_empty_without_results(brag: Brag, *, empty: bool) -> None:
    assert brag.is_empty is empty
