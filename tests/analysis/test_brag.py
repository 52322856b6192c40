"""A Brag: what stands in which part, in which order, how much of it, and what is missing."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from support.makers import FRIDAY, a_pain, a_tally, an_entry
from support.sample_brags import helping, made, outcome
from support.sample_quarter import a_project
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
        (a_project(), [outcome(project="refund-flow")], True),
        (a_project(closed_on=EARLY), [], True),
        (a_project(closed_on=date(2026, 9, 30)), [], False),
        (a_project(closed_on=EARLY, state=ProjectState.DROPPED), [], False),
        (a_project(closed_on=EARLY, state=ProjectState.DROPPED), [outcome(project="refund-flow")], True),
        (a_project(), [an_entry(kind=Kind.IMPROVEMENT, project="refund-flow")], False),
        (a_project(), [], False),
    ],
    ids=["outcome", "closed", "closed before", "dropped", "dropped with outcome", "improvement", "nothing"],
)
def test_a_project_is_told_if_it_had_outcomes_or_came_to_its_end(
    project: Project, entries: list[Entry], *, told: bool
) -> None:
    assert [chapter.project for chapter in made(*entries, projects=(project,)).project_sections] == [project] * told


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
    (chapter,) = made(outcome(project="refund-flow"), projects=(a_project(**facts),)).project_sections
    assert chapter.missing_fields == wants


def test_the_evidence_of_an_outcome_speaks_for_its_project() -> None:
    project = a_project(**ASKED, result="one day", closed_on=FRIDAY)
    (chapter,) = made(outcome(project="refund-flow", evidence="214 cases"), projects=(project,)).project_sections
    assert (chapter.has_evidence, chapter.missing_fields) == (True, ())


def test_what_has_result_and_evidence_comes_first() -> None:
    projects = (
        a_project("open"),
        a_project("closed", closed_on=FRIDAY),
        a_project("claimed", result="it works", closed_on=FRIDAY),
        a_project("proven", **WHOLE),
    )
    found = made(outcome(project="open"), projects=projects)
    assert [chapter.project.name for chapter in found.project_sections] == ["proven", "claimed", "open", "closed"]


def test_outcomes_stand_with_their_project_or_after_all_projects() -> None:
    found = made(
        outcome("a", project="refund-flow"), outcome("b"), outcome("c", project="gone"), projects=(a_project(),)
    )
    assert texts(found.project_sections[0].outcomes.achievements) == ["a"]
    assert sorted(texts(found.outcomes.achievements)) == ["b", "c"]


def test_a_project_is_credited_with_its_own_entries_only() -> None:
    said = [outcome(id="a", project="refund-flow"), outcome(id="b", evidence="yes"), outcome(id="c", project="lake")]
    found = made(*said, projects=(a_project(), a_project("Lake")))
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
    found = made(
        helping("@sam runs it", "sam"),
        helping("@Samuel runs it", "samuel"),
        helping("@sam and @lee gave a talk", "sam", "lee"),
        helping("@maya debugs", "maya"),
        helping("everyone writes tests"),
        schedule=customs,
    )
    assert [(person.name, person.times, texts(person.group.achievements)) for person in found.people] == [
        ("sam", 3, ["@sam and @lee gave a talk", "@Samuel runs it"]),
        ("maya", 1, ["@maya debugs"]),
    ]
    assert found.other_people == (("lee", 1),)
    assert texts(found.unnamed_help.achievements) == ["everyone writes tests"]


def test_the_same_help_for_somebody_is_told_once_whatever_project_it_was_noted_under() -> None:
    found = made(
        helping("@sam runs the release alone", "sam", project="refund-flow"),
        helping("Runs the release alone.", "sam", project="new-region"),
        helping("@maya runs the release alone", "maya", project="new-region"),
    )
    told = [
        (person.name, [(deed.times, deed.entries) for deed in person.group.achievements]) for person in found.people
    ]
    assert [(name, [times for times, _ in deeds]) for name, deeds in told] == [("sam", [2]), ("maya", [1])]


# What works better, and what was seen early


def test_what_is_noticed_twice_is_told_once() -> None:
    noticed = {"kind": Kind.INSIGHT, "text": "nobody reads it"}
    found = made(an_entry(**noticed, project="refund-flow"), an_entry(**noticed, project="new-region"))
    assert [deed.times for deed in found.insights.achievements] == [2]


def test_the_number_beside_those_for_whom_things_are_better_counts_entries() -> None:
    better = {"kind": Kind.IMPROVEMENT, "beneficiaries": (Beneficiary.CUSTOMERS,)}
    found = made(*(an_entry(**better, text=text) for text in ("one page", "One page.", "one field")))
    assert [(audience.count, len(audience.group.achievements)) for audience in found.improvements] == [(3, 2)]


def test_improvements_stand_once_with_those_whom_they_reach_furthest() -> None:
    whom = {
        "both": (Beneficiary.COWORKERS, Beneficiary.CUSTOMERS),
        "desk": (Beneficiary.COWORKERS,),
        "firm": (Beneficiary.COMPANY,),
        "all": (),
    }
    found = made(*(an_entry(kind=Kind.IMPROVEMENT, text=text, beneficiaries=for_) for text, for_ in whom.items()))
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
    found = made(*(an_entry(kind=Kind.IMPROVEMENT, text="faster build", beneficiaries=one) for one in whom))
    assert [
        (one.beneficiary, one.count, [deed.times for deed in one.group.achievements]) for one in found.improvements
    ] == [
        (Beneficiary.CUSTOMERS, 1, [1]),
        (Beneficiary.COWORKERS, 2, [2]),
    ]


def test_those_who_are_named_only_beside_others_are_counted_too() -> None:
    both = (Beneficiary.COWORKERS, Beneficiary.CUSTOMERS)
    found = made(an_entry(kind=Kind.IMPROVEMENT, beneficiaries=both))
    assert [
        (one.beneficiary, one.count, one.listed_above, len(one.group.achievements)) for one in found.improvements
    ] == [
        (Beneficiary.CUSTOMERS, 1, 0, 1),
        (Beneficiary.COWORKERS, 1, 1, 0),
    ]


def test_the_end_of_friction_is_told_once() -> None:
    fix = an_entry(id="fix", kind=Kind.IMPROVEMENT, text="two approvers")
    fixed = a_pain(EARLY).mark_fixed(FRIDAY, "two approvers", "fix")
    elsewhere = a_pain(EARLY, text="old").mark_fixed(FRIDAY, "it went", "another")
    dropped = a_pain(EARLY).mark_dropped(FRIDAY, "never mind")
    found = made(fix, pains=(fixed, elsewhere, dropped))
    assert found.improvements[0].group.achievements[0].fixed_pain == fixed
    assert found.fixed_pains == (elsewhere,)
    assert elsewhere.state is PainState.FIXED


@pytest.mark.parametrize(
    ("found", "empty"),
    [
        (made(), True),
        (made(tally=a_tally(work=3)), True),
        (made(outcome()), False),
        (made(projects=(a_project(**WHOLE),)), False),
        (made(pains=(a_pain(EARLY).mark_fixed(FRIDAY, "it went", "x"),)), False),
    ],
    ids=["nothing", "work", "outcome", "project", "friction"],
)
def test_there_is_something_to_show_or_not(found: Brag, *, empty: bool) -> None:
    assert found.is_empty is empty
