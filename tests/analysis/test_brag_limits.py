"""A Brag: how much of it is told on two pages, what gives way first, and what is missing of that which is told."""

from dataclasses import replace
from datetime import timedelta

from support.makers import FRIDAY, make_entry
from support.sample_brags import make_brag, make_entries, make_help_entry, make_outcome
from support.sample_quarter import make_sample_project
from valuelog.analysis.brag import MAX_GAPS_LISTED, MAX_IMPROVEMENTS, MAX_INSIGHTS, MAX_OTHER_OUTCOMES, Brag, Gap
from valuelog.model.entry import Kind
from valuelog.render.markdown.brag import markdown

WHOLE = {"problem": "slow", "measure": "days", "result": "one day", "evidence": "214 cases", "closed_on": FRIDAY}


TWO_PAGES = 110
LINE_WIDTH = 100


def count_printed_lines(brag: Brag) -> int:
    """Count the lines of a brag as Markdown, long ones wrapped, without the gaps to fill."""
    document = markdown(brag).partition("\n---\n")[0]
    return sum(max(1, -(-len(line) // LINE_WIDTH)) for line in document.splitlines())


# Limits


def test_what_is_too_much_is_counted() -> None:
    projects = tuple(make_sample_project(f"p{place}", closed_on=FRIDAY) for place in range(20))
    people = [make_help_entry(f"way {n} of {m}", f"person{n}") for n in range(40) for m in range(3)]
    found = make_brag(*make_entries(Kind.OUTCOME, 50), *people, *make_entries(Kind.IMPROVEMENT, 50), projects=projects)
    assert len(found.project_sections) + found.more_projects == 20
    assert len(found.outcomes.achievements) + found.outcomes.more == 50
    assert len(found.people) + len(found.other_people) + found.more_people == 40
    assert {len(one.group.achievements) + one.group.more for one in found.people} == {3}
    assert [(one.count, len(one.group.achievements) + one.group.more) for one in found.improvements] == [(50, 50)]
    assert count_printed_lines(found) <= TWO_PAGES


def test_outcomes_with_evidence_are_told_before_anything_else_is_cut() -> None:
    projects = tuple(make_sample_project(f"p{place}") for place in range(12))
    proven = [
        make_outcome(f"{one.slug} {place}", project=one.slug, evidence="yes") for one in projects for place in (1, 2)
    ]
    loose = make_entries(Kind.OUTCOME, MAX_OTHER_OUTCOMES, evidence="yes")
    rest = [make_entry(kind=kind, text=f"another {kind} {place}") for kind in Kind for place in range(40)]
    found = make_brag(*proven, *loose, *rest, projects=projects)
    assert len(found.project_sections) == 12
    assert all(len(chapter.outcomes.achievements) == 2 for chapter in found.project_sections)
    assert [deed.text for deed in found.outcomes.achievements if deed.evidence] == [
        entry.text for entry in reversed(loose)
    ]
    assert len(found.outcomes.achievements) + found.outcomes.more == MAX_OTHER_OUTCOMES + 40
    assert count_printed_lines(found) <= TWO_PAGES


def test_what_is_left_out_with_a_project_is_counted() -> None:
    projects = tuple(make_sample_project(f"p{place}", measure="x" * 90) for place in range(100))
    proven = [
        make_outcome(f"{one.slug} {place}", project=one.slug, evidence="yes") for one in projects for place in (1, 2)
    ]
    found = make_brag(*proven, projects=projects)
    assert len(found.project_sections) + found.more_projects == 100
    told = sum(len(chapter.outcomes.achievements) + chapter.outcomes.more for chapter in found.project_sections)
    assert told + found.more_outcomes == 200


def test_a_little_is_told_in_full() -> None:
    projects = tuple(make_sample_project(f"p{place}", **WHOLE) for place in range(3))
    found = make_brag(
        *make_entries(Kind.OUTCOME, MAX_OTHER_OUTCOMES),
        *make_entries(Kind.IMPROVEMENT, MAX_IMPROVEMENTS),
        *make_entries(Kind.INSIGHT, MAX_INSIGHTS),
        projects=projects,
    )
    assert all(chapter.is_detailed for chapter in found.project_sections)
    assert (found.outcomes.more, found.improvements[0].group.more, found.insights.more) == (0, 0, 0)


# Gaps


def test_gaps_name_what_is_told_first_and_the_command_that_fills_them() -> None:
    found = make_brag(
        make_outcome("proven", evidence="yes"),
        make_outcome("claimed", id="k3abcdefgh"),
        projects=(make_sample_project(closed_on=FRIDAY),),
    )
    assert [(gap.missing_fields, gap.text) for gap in found.gaps] == [
        (("problem", "measure", "result"), "Refund flow"),
        (("evidence",), "claimed"),
    ]
    assert [found.command(gap) for gap in found.gaps] == [
        'valuelog project edit refund-flow --problem "…" --measure "…" --result "…"',
        'valuelog edit k3abcdefgh --evidence "…"',
    ]


def test_a_gap_of_a_repeated_line_is_filled_at_the_newest() -> None:
    before = FRIDAY - timedelta(days=3)
    (gap,) = make_brag(make_outcome(id="new"), make_outcome(id="old", day=before)).gaps
    assert gap.entry_id == "new"
    assert make_brag(make_outcome(id="new"), make_outcome(id="old", day=before, evidence="yes")).gaps == ()


def test_only_what_is_told_has_gaps_and_each_of_them_once() -> None:
    projects = tuple(make_sample_project(f"p{place}", closed_on=FRIDAY) for place in range(3))
    people = [make_help_entry("@sam and @lee learned it", "sam", "lee"), make_help_entry("everyone did")]
    found = make_brag(
        *make_entries(Kind.OUTCOME, 60, project="p1"), *people, *make_entries(Kind.IMPROVEMENT, 60),
        *make_entries(Kind.INSIGHT, 60),
        projects=projects,
    )  # fmt: skip
    groups = [*(one.outcomes for one in found.project_sections), found.outcomes, *(one.group for one in found.people)]
    groups += [found.unnamed_help, *(one.group for one in found.improvements), found.insights]
    told = [deed.entries[0] for group in groups for deed in group.achievements]
    assert [gap.entry_id for gap in found.gaps if gap.entry_id] == told
    assert [gap.project for gap in found.gaps if gap.project] == [one.project.slug for one in found.project_sections]
    assert len(set(found.gaps)) == len(found.gaps)


def test_the_same_words_in_two_projects_are_told_apart() -> None:
    found = make_brag(
        make_outcome(project="p1"),
        make_outcome(project="p2"),
        projects=(make_sample_project("p1"), make_sample_project("p2")),
    )
    assert {(gap.text, gap.project_name) for gap in found.gaps if gap.entry_id} == {
        ("refunds take a day", "p1"),
        ("refunds take a day", "p2"),
    }


def test_more_gaps_than_a_screen_holds_are_named_by_what_fills_them() -> None:
    lacking = tuple(
        Gap(missing_fields=("evidence",), text="x", entry_id=f"id{place:02}") for place in range(MAX_GAPS_LISTED)
    )
    projects = tuple(Gap(missing_fields=("measure",), text="x", project=f"p{place}") for place in range(3))
    found = replace(make_brag(), gaps=(*projects, *lacking))
    assert found.listed_gaps == (*projects, *lacking[: MAX_GAPS_LISTED - 3])
    assert list(found.remaining_gap_commands()) == [
        ('valuelog edit ID --evidence "…"', tuple(f"id{n}" for n in (12, 13, 14)))
    ]
    some = replace(found, gaps=(*lacking, *projects))
    assert list(some.remaining_gap_commands()) == [('valuelog project edit ID --measure "…"', ("p0", "p1", "p2"))]
    assert list(replace(found, gaps=(*lacking, projects[0])).remaining_gap_commands()) == []
