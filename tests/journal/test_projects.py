"""Projects: names, lists and tallies."""

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
def test_slugify_name(name: str, slug: str) -> None:
    assert slugify(name) == slug
    assert slugify(slug) == slug


@pytest.mark.parametrize("name", ["", "  ", "!?", "---", "🚀"])
def test_slugify_requires_a_letter_or_digit(name: str) -> None:
    with pytest.raises(BadText):
        slugify(name)


def test_first_entry_starts_a_project_and_later_ones_join(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project="Refund flow"), make_entry(project="refund-flow")])
    entries.add(journal, [make_entry(project="REFUND FLOW"), make_entry(project="Alerts")])
    assert projects.list_slugs(journal) == ("alerts", "refund-flow")
    assert {entry.project for entry in entries.select(journal, entries.Selection())} == {"alerts", "refund-flow"}
    assert journal.rows("SELECT name, started_on FROM project WHERE slug = 'refund-flow'") == [
        ("Refund flow", "2026-11-20"),
    ]


def test_resolve_id_accepts_slug_name_and_id(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project="Refund flow")])
    name = projects.resolve_id(journal, "refund-flow")
    assert projects.resolve_id(journal, "Refund Flow") == projects.resolve_id(journal, name[:4]) == name
    with pytest.raises(UnknownProject) as raised:
        projects.resolve_id(journal, "refunds")
    assert raised.value.hint == "Did you mean refund-flow?"


def test_resolve_id_prefers_an_open_project(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project="Alerts")])
    first = projects.resolve_id(journal, "alerts")
    fields = {"slug": "alerts", "name": "Alerts", "started_on": "2026-01-01", **journal.timestamp_fields()}
    journal.write("start", [Change(entity="project", id="zzzzzzzzzz", fields=fields)])
    journal.write("close", [Change(entity="project", id=first, fields={"state": "closed"})])
    assert projects.resolve_id(journal, "alerts") == "zzzzzzzzzz"


def test_project_round_trip(journal: "Journal") -> None:
    answers = {name: f"the {name}" for name in ("problem", "measure", "aim", "result", "evidence", "lesson")}
    project = make_project("Refund flow", **answers, state=ProjectState.CLOSED, closed_on=FRIDAY)
    created = replace(project, state=ProjectState.OPEN, closed_on=None)
    journal.write("start", [projects.creation_change(created)])
    assert projects.get(journal, project.id) == created
    journal.write("close", [projects.update_change(created, project)])
    assert projects.get(journal, project.id) == project
    assert projects.update_change(project, project).fields == {}


def test_project_name_is_one_line(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project=" Refund\n  flow ")])
    assert [project.name for project in projects.list_projects(journal, only_open=True)] == ["Refund flow"]


def test_list_projects_open_or_all(journal: "Journal") -> None:
    old = make_project("Old", started_on=FRIDAY - timedelta(days=9), state=ProjectState.CLOSED)
    for project in (old, make_project("Newer"), make_project("Alerts")):
        journal.write("start", [projects.creation_change(project)])
    journal.write("close", [projects.update_change(replace(old, state=ProjectState.OPEN), old)])
    assert [project.name for project in projects.list_projects(journal, only_open=True)] == ["Alerts", "Newer"]
    assert [project.name for project in projects.list_projects(journal, only_open=False)] == ["Alerts", "Newer", "Old"]


def test_unmeasured_projects_are_closed_without_a_result(journal: "Journal") -> None:
    until = FRIDAY - timedelta(days=30)
    cases = [
        ("In time", "closed", until, None),
        ("Too new", "closed", until + timedelta(days=1), None),
        ("Measured", "closed", until, "a day"),
        ("Given up", "dropped", until, None),
    ]
    for name, state, day, result in cases:
        project = make_project(name, started_on=until)
        ended = replace(project, state=ProjectState(state), closed_on=day, result=result)
        journal.write("start", [projects.creation_change(project)])
        journal.write("close", [projects.update_change(project, ended)])
    journal.write("start", [projects.creation_change(make_project("Still open"))])
    assert [project.name for project in projects.list_unmeasured_projects(journal, until)] == ["In time"]


def test_two_terminals_start_the_same_project_once(journal: "Journal") -> None:
    other = open_test_journal(journal.path.parent, device="another-terminal")
    entries.add(journal, [make_entry(project="Alerts")])
    entries.add(other, [make_entry(project="Alerts")])
    assert len(journal.rows("SELECT * FROM project")) == 1


def test_tally_projects_of_a_period(journal: "Journal") -> None:
    entries.add(
        journal,
        [
            make_entry(project="Refund flow", minutes=30),
            make_entry(project="Refund flow", kind=Kind.OUTCOME, evidence="a log of 9 days"),
            make_entry(project="Alerts", kind=Kind.IMPROVEMENT),
            make_entry(project="Alerts", day=FRIDAY - timedelta(days=90)),
            make_entry(project="Old", day=FRIDAY - timedelta(days=90)),
            make_entry(),
        ],
    )
    shares = tallies.tally_projects(journal, week_of(FRIDAY))
    assert [
        (project.slug, project.name, tally.work, tally.value, tally.with_evidence) for project, tally in shares
    ] == [
        ("alerts", "Alerts", 0, 1, 0),
        ("refund-flow", "Refund flow", 1, 1, 1),
    ]
    assert (
        tallies.tally_projects(journal, Period(start=FRIDAY - timedelta(days=60), end=FRIDAY - timedelta(days=50)))
        == ()
    )
