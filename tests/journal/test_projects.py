"""Projects: what they are called, and what belongs to them."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from support.makers import FRIDAY, make_entry, make_project, open_test_journal
from valuelog.journal import entries, projects, tallies
from valuelog.journal.log import Change
from valuelog.model.entry import Kind
from valuelog.model.errors import BadText, UnknownProject
from valuelog.model.period import Period, week_of
from valuelog.model.project import ProjectState, slugify

if TYPE_CHECKING:
    from valuelog.journal.store import Journal


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Refund flow", "refund-flow"),
        ("  refund   FLOW!  ", "refund-flow"),
        ("C++ (v2)", "c-v2"),
        ("Größe & Maß", "grösse-mass"),
        ("ﬁnance", "finance"),
        ("新地区", "新地区"),
        ("a/b:c", "a-b-c"),
        ("_x_", "x"),
    ],
)
def test_a_name_becomes_one_word(name: str, slug: str) -> None:
    assert slugify(name) == slug
    assert slugify(slug) == slug


@pytest.mark.parametrize("name", ["", "  ", "!?", "---", "🚀"])
def test_a_name_needs_a_letter_or_a_digit(name: str) -> None:
    with pytest.raises(BadText):
        slugify(name)


def test_a_project_begins_with_the_first_entry_that_names_it_and_is_joined_by_the_next(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project="Refund flow"), make_entry(project="refund-flow")])
    entries.add(journal, [make_entry(project="REFUND FLOW"), make_entry(project="Alerts")])
    assert projects.list_slugs(journal) == ("alerts", "refund-flow")
    assert {entry.project for entry in entries.select(journal, entries.Selection())} == {"alerts", "refund-flow"}
    assert journal.rows("SELECT name, started_on FROM project WHERE slug = 'refund-flow'") == [
        ("Refund flow", "2026-11-20"),
    ]


def test_a_project_is_found_by_slug_name_or_id(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project="Refund flow")])
    name = projects.resolve_id(journal, "refund-flow")
    assert projects.resolve_id(journal, "Refund Flow") == projects.resolve_id(journal, name[:4]) == name
    with pytest.raises(UnknownProject) as raised:
        projects.resolve_id(journal, "refunds")
    assert raised.value.hint == "Did you mean refund-flow?"


def test_an_open_project_is_meant_before_a_closed_one_of_the_same_name(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project="Alerts")])
    first = projects.resolve_id(journal, "alerts")
    fields = {"slug": "alerts", "name": "Alerts", "started_on": "2026-01-01", **journal.timestamp_fields()}
    journal.write("start", [Change(entity="project", id="zzzzzzzzzz", fields=fields)])
    journal.write("close", [Change(entity="project", id=first, fields={"state": "closed"})])
    assert projects.resolve_id(journal, "alerts") == "zzzzzzzzzz"


def test_what_comes_out_is_what_went_in(journal: "Journal") -> None:
    said = {name: f"the {name}" for name in ("problem", "measure", "aim", "result", "evidence", "lesson")}
    project = make_project("Refund flow", **said, state=ProjectState.CLOSED, closed_on=FRIDAY)
    born = replace(project, state=ProjectState.OPEN, closed_on=None)
    journal.write("start", [projects.creation_change(born)])
    assert projects.get(journal, project.id) == born
    journal.write("close", [projects.update_change(born, project)])
    assert projects.get(journal, project.id) == project
    assert projects.update_change(project, project).fields == {}


def test_a_new_name_is_kept_on_one_line(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project=" Refund\n  flow ")])
    assert [project.name for project in projects.list_projects(journal, only_open=True)] == ["Refund flow"]


def test_projects_that_go_on_are_told_from_those_that_ended(journal: "Journal") -> None:
    old = make_project("Old", started_on=FRIDAY - timedelta(days=9), state=ProjectState.CLOSED)
    for project in (old, make_project("Newer"), make_project("Alerts")):
        journal.write("start", [projects.creation_change(project)])
    journal.write("close", [projects.update_change(replace(old, state=ProjectState.OPEN), old)])
    assert [one.name for one in projects.list_projects(journal, only_open=True)] == ["Alerts", "Newer"]
    assert [one.name for one in projects.list_projects(journal, only_open=False)] == ["Alerts", "Newer", "Old"]


def test_what_was_closed_up_to_a_day_without_a_result_is_unmeasured(journal: "Journal") -> None:
    until = FRIDAY - timedelta(days=30)
    ends = [
        ("In time", "closed", until, None),
        ("Too new", "closed", until + timedelta(days=1), None),
        ("Measured", "closed", until, "a day"),
        ("Given up", "dropped", until, None),
    ]
    for name, state, day, result in ends:
        project = make_project(name, started_on=until)
        ended = replace(project, state=ProjectState(state), closed_on=day, result=result)
        journal.write("start", [projects.creation_change(project)])
        journal.write("close", [projects.update_change(project, ended)])
    journal.write("start", [projects.creation_change(make_project("Going on"))])
    assert [one.name for one in projects.list_unmeasured_projects(journal, until)] == ["In time"]


def test_two_terminals_begin_the_same_project_once(journal: "Journal") -> None:
    other = open_test_journal(journal.path.parent, device="another-terminal")
    entries.add(journal, [make_entry(project="Alerts")])
    entries.add(other, [make_entry(project="Alerts")])
    assert len(journal.rows("SELECT * FROM project")) == 1


def test_a_period_is_shared_between_projects(journal: "Journal") -> None:
    entries.add(
        journal,
        [
            make_entry(project="Refund flow", minutes=30),
            make_entry(project="Refund flow", kind=Kind.OUTCOME, evidence="a log"),
            make_entry(project="Alerts", kind=Kind.IMPROVEMENT),
            make_entry(project="Alerts", day=FRIDAY - timedelta(days=90)),
            make_entry(project="Old", day=FRIDAY - timedelta(days=90)),
            make_entry(),
        ],
    )
    shares = tallies.tally_projects(journal, week_of(FRIDAY))
    assert [(one.slug, one.name, tally.work, tally.value, tally.with_evidence) for one, tally in shares] == [
        ("alerts", "Alerts", 0, 1, 0),
        ("refund-flow", "Refund flow", 1, 1, 1),
    ]
    assert (
        tallies.tally_projects(journal, Period(start=FRIDAY - timedelta(days=60), end=FRIDAY - timedelta(days=50)))
        == ()
    )
