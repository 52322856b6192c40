"""Brag: limits that fit it on two pages, and the gaps of what is listed."""

from dataclasses import replace
from datetime import timedelta

from support.makers import FRIDAY, make_entry
from support.sample_brags import make_brag, make_entries, make_help_entry, make_outcome
from support.sample_quarter import make_sample_project
from valuelog.analysis.brag import (
    MAX_GAPS_LISTED,
    MAX_HIGHLIGHTS,
    MAX_IMPROVEMENTS,
    MAX_INSIGHTS,
    MAX_OTHER_OUTCOMES,
    Audience,
    Brag,
    Gap,
)
from valuelog.analysis.projects import EndedProject
from valuelog.model.entry import Impact, Kind
from valuelog.render.brag_words import brag_hints
from valuelog.render.markdown.brag import markdown

WHOLE = {"problem": "slow", "measure": "days", "result": "one day", "evidence": "214 cases", "closed_on": FRIDAY}


TWO_PAGES = 110
LINE_WIDTH = 100


def count_printed_lines(brag: Brag) -> int:
    """Count the lines of a brag as Markdown, long ones wrapped, without the gaps to fill."""
    document = markdown(brag).partition("\n---\n")[0]
    return sum(max(1, -(-len(line) // LINE_WIDTH)) for line in document.splitlines())


# Limits


def test_items_over_the_limits_are_counted() -> None:
    projects = tuple(make_sample_project(f"p{number}", closed_on=FRIDAY) for number in range(20))
    people = [make_help_entry(f"way {n} of {m}", f"person{n}") for n in range(40) for m in range(3)]
    brag = make_brag(*make_entries(Kind.OUTCOME, 50), *people, *make_entries(Kind.IMPROVEMENT, 50), projects=projects)
    assert len(brag.project_sections) + brag.more_projects == 20
    assert len(brag.outcomes.achievements) + brag.outcomes.more == 50
    assert len(brag.people) + len(brag.other_people) + brag.more_people == 40
    assert {len(each.group.achievements) + each.group.more for each in brag.people} == {3}
    assert [(each.count, len(each.group.achievements) + each.group.more) for each in brag.improvements] == [(50, 50)]
    assert count_printed_lines(brag) <= TWO_PAGES


def test_outcomes_with_evidence_are_listed_first() -> None:
    projects = tuple(make_sample_project(f"p{number}") for number in range(12))
    proven = [
        make_outcome(f"{project.slug} {number}", project=project.slug, evidence="214 cases")
        for project in projects
        for number in (1, 2)
    ]
    unassigned = make_entries(Kind.OUTCOME, MAX_OTHER_OUTCOMES, evidence="214 cases")
    rest = [make_entry(kind=kind, text=f"another {kind} {number}") for kind in Kind for number in range(40)]
    brag = make_brag(*proven, *unassigned, *rest, projects=projects)
    assert len(brag.project_sections) == 12
    assert all(len(section.outcomes.achievements) == 2 for section in brag.project_sections)
    assert [each.text for each in brag.outcomes.achievements if each.evidence] == [
        entry.text for entry in reversed(unassigned)
    ]
    assert len(brag.outcomes.achievements) + brag.outcomes.more == MAX_OTHER_OUTCOMES + 40
    assert count_printed_lines(brag) <= TWO_PAGES


def test_outcomes_of_omitted_projects_are_counted() -> None:
    projects = tuple(make_sample_project(f"p{number}", measure="x" * 90) for number in range(100))
    proven = [
        make_outcome(f"{project.slug} {number}", project=project.slug, evidence="214 cases")
        for project in projects
        for number in (1, 2)
    ]
    brag = make_brag(*proven, projects=projects)
    assert len(brag.project_sections) + brag.more_projects == 100
    listed = sum(len(section.outcomes.achievements) + section.outcomes.more for section in brag.project_sections)
    assert listed + brag.more_outcomes == 200


def test_brag_within_the_limits_is_complete() -> None:
    projects = tuple(make_sample_project(f"p{number}", **WHOLE) for number in range(3))
    brag = make_brag(
        *make_entries(Kind.OUTCOME, MAX_OTHER_OUTCOMES),
        *make_entries(Kind.IMPROVEMENT, MAX_IMPROVEMENTS),
        *make_entries(Kind.INSIGHT, MAX_INSIGHTS),
        projects=projects,
    )
    assert all(section.is_detailed for section in brag.project_sections)
    assert (brag.outcomes.more, brag.improvements[0].group.more, brag.insights.more) == (0, 0, 0)


# Gaps


def test_gaps_are_in_listed_order_with_their_commands() -> None:
    brag = make_brag(
        make_outcome("proven", evidence="214 cases"),
        make_outcome("claimed", id="k3abcdefgh"),
        projects=(make_sample_project(closed_on=FRIDAY),),
    )
    assert [(gap.missing_fields, gap.text) for gap in brag.gaps] == [
        (("problem", "measure", "result"), "Refund flow"),
        (("evidence",), "claimed"),
    ]
    assert [brag.command(gap) for gap in brag.gaps] == [
        'valuelog project edit refund-flow --problem "…" --measure "…" --result "…"',
        'valuelog edit k3abcdefgh --evidence "…"',
    ]


def test_gap_of_grouped_entries_names_the_newest_entry() -> None:
    before = FRIDAY - timedelta(days=3)
    (gap,) = make_brag(make_outcome(id="new"), make_outcome(id="old", day=before)).gaps
    assert gap.entry_id == "new"
    assert make_brag(make_outcome(id="new"), make_outcome(id="old", day=before, evidence="214 cases")).gaps == ()


def test_gaps_cover_listed_items_once_each() -> None:
    projects = tuple(make_sample_project(f"p{number}", closed_on=FRIDAY) for number in range(3))
    people = [make_help_entry("@sam and @lee learned it", "sam", "lee"), make_help_entry("everyone did")]
    brag = make_brag(
        *make_entries(Kind.OUTCOME, 60, project="p1"), *people, *make_entries(Kind.IMPROVEMENT, 60),
        *make_entries(Kind.INSIGHT, 60),
        projects=projects,
    )  # fmt: skip
    groups = [*(each.outcomes for each in brag.project_sections), brag.outcomes, *(each.group for each in brag.people)]
    groups += [brag.unnamed_help, *(each.group for each in brag.improvements)]
    listed = [each.entries[0] for group in groups for each in group.achievements]
    assert [gap.entry_id for gap in brag.gaps if gap.entry_id] == listed
    assert [gap.project for gap in brag.gaps if gap.project] == [each.project.slug for each in brag.project_sections]
    assert len(set(brag.gaps)) == len(brag.gaps)


def test_gaps_over_the_limit_are_counted() -> None:
    gaps = tuple(
        Gap(missing_fields=("evidence",), text="x", entry_id=f"id{number:02}") for number in range(MAX_GAPS_LISTED + 2)
    )
    brag = replace(make_brag(make_outcome()), gaps=gaps)
    assert brag.listed_gaps == gaps[:MAX_GAPS_LISTED]
    first, *_, last = brag_hints(brag, "valuelog brag --fill")
    assert (
        first
        == f"Left out, because you haven't said it yet: {len(gaps)} answers. Add what you know: valuelog brag --fill"
    )
    assert last == "  and 2 more"


def test_everything_is_listed_for_yourself() -> None:
    entries = [each for kind in Kind for each in make_entries(kind, 60)]
    brag = make_brag(*entries, audience=Audience.SELF)
    listed = [brag.outcomes, brag.unnamed_help, brag.improvements[0].group, brag.insights]
    assert [(len(group.achievements), group.more) for group in listed] == [(60, 0)] * 4


def test_highlights_have_the_largest_impact_closed_projects_among_them() -> None:
    sizes = {"small": Impact.SMALL, "large": Impact.LARGE, "clear": Impact.CLEAR}
    results = [make_outcome(text, impact=impact) for text, impact in sizes.items()]
    more = [make_outcome(f"more {number}") for number in range(4)]
    project = make_sample_project(closed_on=FRIDAY, result="one day", evidence="214 cases")
    brag = make_brag(*results, *more, projects=(project,), ended=(EndedProject(project),), audience=Audience.EXEC)
    assert [each.text for each in brag.highlights[:4]] == ["large", "Refund flow: one day", "clear", "small"]
    assert len(brag.highlights) == MAX_HIGHLIGHTS
    assert {gap.text for gap in brag.gaps} == {"large", "clear", "small", brag.highlights[4].text}


def test_answers_about_requests_and_the_next_level_have_headings_of_their_own() -> None:
    brag = make_brag(
        make_outcome("one filter, no report", question="pushed-back", project="refund-flow"),
        make_outcome("led the incident call", question="level-up"),
        make_outcome("refunds take a day", question="outcome"),
        projects=(make_sample_project(),),
    )
    groups = (brag.requests, brag.next_level, brag.outcomes)
    assert [[each.text for each in group.achievements] for group in groups] == [
        ["one filter, no report"], ["led the incident call"], ["refunds take a day"],
    ]  # fmt: skip
    assert brag.project_sections == ()
