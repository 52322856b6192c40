"""A Brag: what stands in which part, in which order, how much of it, and what is missing."""

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


def texts(found: "tuple[Achievement, ...]") -> list[str]:
    return [deed.text for deed in found]


# Outcomes


@pytest.mark.parametrize(
    ("project", "entries", "told"),
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
def test_a_project_is_told_if_it_had_outcomes_or_came_to_its_end(
    project: Project, entries: list[Entry], *, told: bool
) -> None:
    assert [chapter.project for chapter in make_brag(*entries, projects=(project,)).project_sections] == [
        project
    ] * told


WANTS = [
    ({}, ("problem", "measure")),
    (ASKED, ()),
    ({"closed_on": FRIDAY}, ("problem", "measure", "result")),
    ({**ASKED, "closed_on": FRIDAY}, ("result",)),
    ({**ASKED, "closed_on": FRIDAY, "result": "one day"}, ("evidence",)),
    ({"closed_on": FRIDAY, "state": ProjectState.DROPPED}, ()),
    (WHOLE, ()),
]


@pytest.mark.parametrize(("facts", "wants"), WANTS)
def test_a_project_says_what_is_missing(facts: dict[str, Any], wants: tuple[str, ...]) -> None:
    (chapter,) = make_brag(
        make_outcome(project="refund-flow"), projects=(make_sample_project(**facts),)
    ).project_sections
    assert chapter.missing_fields == wants


def test_the_evidence_of_an_outcome_speaks_for_its_project() -> None:
    project = make_sample_project(**ASKED, result="one day", closed_on=FRIDAY)
    (chapter,) = make_brag(
        make_outcome(project="refund-flow", evidence="214 cases"), projects=(project,)
    ).project_sections
    assert (chapter.has_evidence, chapter.missing_fields) == (True, ())


def test_what_has_result_and_evidence_comes_first() -> None:
    projects = (
        make_sample_project("open"),
        make_sample_project("closed", closed_on=FRIDAY),
        make_sample_project("claimed", result="it works", closed_on=FRIDAY),
        make_sample_project("proven", **WHOLE),
    )
    found = make_brag(make_outcome(project="open"), projects=projects)
    assert [chapter.project.name for chapter in found.project_sections] == ["proven", "claimed", "open", "closed"]


def test_outcomes_stand_with_their_project_or_after_all_projects() -> None:
    found = make_brag(
        make_outcome("a", project="refund-flow"),
        make_outcome("b"),
        make_outcome("c", project="gone"),
        projects=(make_sample_project(),),
    )
    assert texts(found.project_sections[0].outcomes.achievements) == ["a"]
    assert sorted(texts(found.outcomes.achievements)) == ["b", "c"]


def test_a_project_is_credited_with_its_own_entries_only() -> None:
    said = [
        make_outcome(id="a", project="refund-flow"),
        make_outcome(id="b", evidence="yes"),
        make_outcome(id="c", project="lake"),
    ]
    found = make_brag(*said, projects=(make_sample_project(), make_sample_project("Lake")))
    told = {
        chapter.project.slug: [deed.entries for deed in chapter.outcomes.achievements]
        for chapter in found.project_sections
    }
    assert told == {"refund-flow": [("a",)], "lake": [("c",)]}
    assert not any(chapter.has_evidence for chapter in found.project_sections)
    assert [deed.entries for deed in found.outcomes.achievements] == [("b",)]


# People


def test_people_are_told_once_each_the_most_often_helped_first() -> None:
    customs = Schedule(aliases={"samuel": "sam"})
    found = make_brag(
        make_help_entry("@sam runs it", "sam"),
        make_help_entry("@Samuel runs it", "samuel"),
        make_help_entry("@sam and @lee gave a talk", "sam", "lee"),
        make_help_entry("@maya debugs", "maya"),
        make_help_entry("everyone writes tests"),
        schedule=customs,
    )
    assert [(person.name, person.times, texts(person.group.achievements)) for person in found.people] == [
        ("sam", 3, ["@sam and @lee gave a talk", "@Samuel runs it"]),
        ("maya", 1, ["@maya debugs"]),
    ]
    assert found.other_people == (("lee", 1),)
    assert texts(found.unnamed_help.achievements) == ["everyone writes tests"]


def test_the_same_help_for_somebody_is_told_once_whatever_project_it_was_noted_under() -> None:
    found = make_brag(
        make_help_entry("@sam runs the release alone", "sam", project="refund-flow"),
        make_help_entry("Runs the release alone.", "sam", project="new-region"),
        make_help_entry("@maya runs the release alone", "maya", project="new-region"),
    )
    told = [
        (person.name, [(deed.times, deed.entries) for deed in person.group.achievements]) for person in found.people
    ]
    assert [(name, [times for times, _ in deeds]) for name, deeds in told] == [("sam", [2]), ("maya", [1])]


# Improvements and insights


def test_what_is_noticed_twice_is_told_once() -> None:
    noticed = {"kind": Kind.INSIGHT, "text": "nobody reads it"}
    found = make_brag(make_entry(**noticed, project="refund-flow"), make_entry(**noticed, project="new-region"))
    assert [deed.times for deed in found.insights.achievements] == [2]


def test_the_number_beside_those_for_whom_things_are_better_counts_entries() -> None:
    better = {"kind": Kind.IMPROVEMENT, "beneficiaries": (Beneficiary.CUSTOMERS,)}
    found = make_brag(*(make_entry(**better, text=text) for text in ("one page", "One page.", "one field")))
    assert [(audience.count, len(audience.group.achievements)) for audience in found.improvements] == [(3, 2)]


def test_improvements_stand_once_with_those_whom_they_reach_furthest() -> None:
    whom = {
        "both": (Beneficiary.COWORKERS, Beneficiary.CUSTOMERS),
        "desk": (Beneficiary.COWORKERS,),
        "firm": (Beneficiary.COMPANY,),
        "all": (),
    }
    found = make_brag(
        *(make_entry(kind=Kind.IMPROVEMENT, text=text, beneficiaries=for_) for text, for_ in whom.items())
    )
    assert [
        (one.beneficiary, one.count, one.listed_above, texts(one.group.achievements)) for one in found.improvements
    ] == [
        (Beneficiary.CUSTOMERS, 1, 0, ["both"]),
        (Beneficiary.COMPANY, 1, 0, ["firm"]),
        (Beneficiary.COWORKERS, 2, 1, ["desk"]),
        (None, 1, 0, ["all"]),
    ]


def test_the_same_words_for_others_stand_with_those_others() -> None:
    whom = [(Beneficiary.CUSTOMERS,), (Beneficiary.COWORKERS,), (Beneficiary.COWORKERS,)]
    found = make_brag(*(make_entry(kind=Kind.IMPROVEMENT, text="faster build", beneficiaries=one) for one in whom))
    assert [
        (one.beneficiary, one.count, [deed.times for deed in one.group.achievements]) for one in found.improvements
    ] == [
        (Beneficiary.CUSTOMERS, 1, [1]),
        (Beneficiary.COWORKERS, 2, [2]),
    ]


def test_those_who_are_named_only_beside_others_are_counted_too() -> None:
    both = (Beneficiary.COWORKERS, Beneficiary.CUSTOMERS)
    found = make_brag(make_entry(kind=Kind.IMPROVEMENT, beneficiaries=both))
    assert [
        (one.beneficiary, one.count, one.listed_above, len(one.group.achievements)) for one in found.improvements
    ] == [
        (Beneficiary.CUSTOMERS, 1, 0, 1),
        (Beneficiary.COWORKERS, 1, 1, 0),
    ]


def test_the_end_of_friction_is_told_once() -> None:
    fix = make_entry(id="fix", kind=Kind.IMPROVEMENT, text="two approvers")
    fixed = make_pain(EARLY).mark_fixed(FRIDAY, "two approvers", "fix")
    elsewhere = make_pain(EARLY, text="old").mark_fixed(FRIDAY, "it went", "another")
    dropped = make_pain(EARLY).mark_dropped(FRIDAY, "never mind")
    found = make_brag(fix, pains=(fixed, elsewhere, dropped))
    assert found.improvements[0].group.achievements[0].fixed_pain == fixed
    assert found.fixed_pains == (elsewhere,)
    assert elsewhere.state is PainState.FIXED


@pytest.mark.parametrize(
    ("found", "empty"),
    [
        (make_brag(), True),
        (make_brag(tally=make_tally(work=3)), True),
        (make_brag(make_outcome()), False),
        (make_brag(projects=(make_sample_project(**WHOLE),)), False),
        (make_brag(pains=(make_pain(EARLY).mark_fixed(FRIDAY, "it went", "x"),)), False),
    ],
    ids=["nothing", "work", "outcome", "project", "friction"],
)
def test_there_is_something_to_show_or_not(found: Brag, *, empty: bool) -> None:
    assert found.is_empty is empty
