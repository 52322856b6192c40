"""A Brag: what stands in which part, in which order, how much of it, and what is missing."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from makers import FRIDAY, a_pain, a_tally, an_entry
from quarters import a_project

from valuelog.analysis.brag import GAPS, IMPROVED, OF_PERSON, OUTCOMES, PEOPLE, PROJECTS, Brag, Material, brag
from valuelog.analysis.habit import Coverage
from valuelog.model.customs import Customs
from valuelog.model.entry import Beneficiary, Entry, Kind
from valuelog.model.pain import PainState
from valuelog.model.period import Unit, containing
from valuelog.model.project import Project, ProjectState
from valuelog.model.tally import Tally

if TYPE_CHECKING:
    from valuelog.analysis.deeds import Deed

QUARTER = containing(FRIDAY, Unit.QUARTER)
EARLY = date(2026, 10, 16)
ASKED: dict[str, Any] = {"problem": "slow", "measure": "days"}
WHOLE: dict[str, Any] = {**ASKED, "result": "one day", "evidence": "214 cases", "closed_on": FRIDAY}


def made(*entries: Entry, **facts: Any) -> Brag:  # noqa: ANN401  parts of the material
    counts = {kind: sum(entry.kind is kind for entry in entries) for kind in Kind}
    tally = Tally(counts=counts, evidenced=sum(bool(entry.evidence) for entry in entries))
    usual = {"period": QUARTER, "today": FRIDAY, "tally": tally, "coverage": Coverage(workdays=37, written=30)}
    return brag(Material(**{**usual, "entries": entries, **facts}))


def outcome(text: str = "refunds take a day", **facts: Any) -> Entry:  # noqa: ANN401  fields of an Entry
    return an_entry(kind=Kind.OUTCOME, text=text, **facts)


def texts(found: "tuple[Deed, ...]") -> list[str]:
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
    assert [chapter.project for chapter in made(*entries, projects=(project,)).chapters] == [project] * told


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
    (chapter,) = made(outcome(project="refund-flow"), projects=(a_project(**facts),)).chapters
    assert chapter.wants == wants


def test_the_evidence_of_an_outcome_speaks_for_its_project() -> None:
    project = a_project(**ASKED, result="one day", closed_on=FRIDAY)
    (chapter,) = made(outcome(project="refund-flow", evidence="214 cases"), projects=(project,)).chapters
    assert (chapter.proven, chapter.wants) == (True, ())


def test_what_has_result_and_evidence_comes_first() -> None:
    projects = (
        a_project("open"),
        a_project("closed", closed_on=FRIDAY),
        a_project("claimed", result="it works", closed_on=FRIDAY),
        a_project("proven", **WHOLE),
    )
    found = made(outcome(project="open"), projects=projects)
    assert [chapter.project.name for chapter in found.chapters] == ["proven", "claimed", "open", "closed"]


def test_outcomes_stand_with_their_project_or_after_all_projects() -> None:
    found = made(
        outcome("a", project="refund-flow"), outcome("b"), outcome("c", project="gone"), projects=(a_project(),)
    )
    assert texts(found.chapters[0].outcomes.deeds) == ["a"]
    assert sorted(texts(found.outcomes.deeds)) == ["b", "c"]


# People


def helping(text: str, *people: str, **facts: Any) -> Entry:  # noqa: ANN401  fields of an Entry
    return an_entry(kind=Kind.HELPED, text=text, people=people, **facts)


def test_people_are_told_once_each_the_most_often_helped_first() -> None:
    customs = Customs(aliases={"samuel": "sam"})
    found = made(
        helping("@sam runs it", "sam"),
        helping("@Samuel runs it", "samuel"),
        helping("@sam and @lee gave a talk", "sam", "lee"),
        helping("@maya debugs", "maya"),
        helping("everyone writes tests"),
        customs=customs,
    )
    assert [(person.name, person.times, texts(person.told.deeds)) for person in found.people] == [
        ("sam", 3, ["@sam and @lee gave a talk", "@Samuel runs it"]),
        ("maya", 1, ["@maya debugs"]),
    ]
    assert found.also == (("lee", 1),)
    assert texts(found.unnamed.deeds) == ["everyone writes tests"]


def test_the_same_help_for_somebody_is_told_once_whatever_project_it_was_noted_under() -> None:
    found = made(
        helping("@sam runs the release alone", "sam", project="refund-flow"),
        helping("Runs the release alone.", "sam", project="new-region"),
        helping("@maya runs the release alone", "maya", project="new-region"),
    )
    told = [(person.name, [(deed.times, deed.entries) for deed in person.told.deeds]) for person in found.people]
    assert [(name, [times for times, _ in deeds]) for name, deeds in told] == [("sam", [2]), ("maya", [1])]


# What works better, and what was seen early


def test_what_is_noticed_twice_is_told_once() -> None:
    noticed = {"kind": Kind.INSIGHT, "text": "nobody reads it"}
    found = made(an_entry(**noticed, project="refund-flow"), an_entry(**noticed, project="new-region"))
    assert [deed.times for deed in found.seen.deeds] == [2]


def test_the_number_beside_those_for_whom_things_are_better_counts_entries() -> None:
    better = {"kind": Kind.IMPROVEMENT, "beneficiaries": (Beneficiary.CUSTOMERS,)}
    found = made(*(an_entry(**better, text=text) for text in ("one page", "One page.", "one field")))
    assert [(audience.count, len(audience.told.deeds)) for audience in found.improved] == [(3, 2)]


def test_improvements_stand_once_with_those_whom_they_reach_furthest() -> None:
    whom = {
        "both": (Beneficiary.COWORKERS, Beneficiary.CUSTOMERS),
        "desk": (Beneficiary.COWORKERS,),
        "firm": (Beneficiary.COMPANY,),
        "all": (),
    }
    found = made(*(an_entry(kind=Kind.IMPROVEMENT, text=text, beneficiaries=for_) for text, for_ in whom.items()))
    assert [(audience.whom, audience.count, texts(audience.told.deeds)) for audience in found.improved] == [
        (Beneficiary.CUSTOMERS, 1, ["both"]),
        (Beneficiary.COMPANY, 1, ["firm"]),
        (Beneficiary.COWORKERS, 1, ["desk"]),
        (None, 1, ["all"]),
    ]


def test_the_end_of_friction_is_told_once() -> None:
    fix = an_entry(id="fix", kind=Kind.IMPROVEMENT, text="two approvers")
    fixed = a_pain(EARLY).fixed(FRIDAY, "two approvers", "fix")
    elsewhere = a_pain(EARLY, text="old").fixed(FRIDAY, "it went", "another")
    dropped = a_pain(EARLY).dropped(FRIDAY, "never mind")
    found = made(fix, pains=(fixed, elsewhere, dropped))
    assert found.improved[0].told.deeds[0].ended == fixed
    assert found.gone == (elsewhere,)
    assert elsewhere.state is PainState.FIXED


# How much


def many(kind: Kind, count: int, **facts: Any) -> list[Entry]:  # noqa: ANN401  fields of an Entry
    return [an_entry(kind=kind, text=f"{kind} {place}", **facts) for place in range(count)]


def test_what_is_too_much_is_counted() -> None:
    projects = tuple(a_project(f"p{place}", closed_on=FRIDAY) for place in range(20))
    people = [helping(f"way {n} of {m}", f"person{n}") for n in range(40) for m in range(3)]
    found = made(*many(Kind.OUTCOME, 50), *people, *many(Kind.IMPROVEMENT, 50), projects=projects)
    assert (len(found.chapters), found.more_chapters) == (PROJECTS, 20 - PROJECTS)
    assert (len(found.outcomes.deeds), found.outcomes.more) == (OUTCOMES, 50 - OUTCOMES)
    assert (len(found.people), len(found.also), found.more_people) == (PEOPLE, 12, 40 - PEOPLE - 12)
    assert (len(found.people[0].told.deeds), found.people[0].told.more) == (OF_PERSON, 1)
    assert (found.improved[0].count, len(found.improved[0].told.deeds), found.improved[0].told.more) == (
        50,
        IMPROVED,
        50 - IMPROVED,
    )
    assert (len(found.gaps), found.unfilled) == (GAPS, 20 + 50 + 120 + 50 - GAPS)


# Gaps


def test_gaps_name_what_is_told_first_and_the_command_that_fills_them() -> None:
    found = made(
        outcome("proven", evidence="yes"),
        outcome("claimed", id="k3abcdefgh"),
        projects=(a_project(closed_on=FRIDAY),),
    )
    assert [(gap.wants, gap.text) for gap in found.gaps] == [
        (("problem", "measure", "result"), "Refund flow"),
        (("evidence",), "claimed"),
    ]
    assert [found.command(gap) for gap in found.gaps] == [
        'valuelog project edit refund-flow --problem "…" --measure "…" --result "…"',
        'valuelog edit k3abcdefgh --evidence "…"',
    ]


def test_a_gap_of_a_repeated_line_is_filled_at_the_newest() -> None:
    before = FRIDAY - timedelta(days=3)
    (gap,) = made(outcome(id="new"), outcome(id="old", day=before)).gaps
    assert gap.entry == "new"
    assert made(outcome(id="new"), outcome(id="old", day=before, evidence="yes")).gaps == ()


@pytest.mark.parametrize(
    ("found", "empty"),
    [
        (made(), True),
        (made(tally=a_tally(work=3)), True),
        (made(outcome()), False),
        (made(projects=(a_project(**WHOLE),)), False),
        (made(pains=(a_pain(EARLY).fixed(FRIDAY, "it went", "x"),)), False),
    ],
    ids=["nothing", "work", "outcome", "project", "friction"],
)
def test_there_is_something_to_show_or_not(found: Brag, *, empty: bool) -> None:
    assert found.empty is empty
