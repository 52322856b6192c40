"""Projects: what they are called, and what belongs to them."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from makers import FRIDAY, a_journal, an_entry

from valuelog.journal import entries, projects
from valuelog.journal.changes import Change
from valuelog.model.entry import Kind
from valuelog.model.errors import BadText, UnknownProject
from valuelog.model.period import Period, week_of
from valuelog.model.project import slug_of

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
    assert slug_of(name) == slug
    assert slug_of(slug) == slug


@pytest.mark.parametrize("name", ["", "  ", "!?", "---", "🚀"])
def test_a_name_needs_a_letter_or_a_digit(name: str) -> None:
    with pytest.raises(BadText):
        slug_of(name)


def test_a_project_begins_with_the_first_entry_that_names_it_and_is_joined_by_the_next(journal: "Journal") -> None:
    entries.add(journal, [an_entry(project="Refund flow"), an_entry(project="refund-flow")])
    entries.add(journal, [an_entry(project="REFUND FLOW"), an_entry(project="Alerts")])
    assert projects.slugs(journal) == ("alerts", "refund-flow")
    assert {entry.project for entry in entries.select(journal, entries.Selection())} == {"alerts", "refund-flow"}
    assert journal.rows("SELECT name, started_on FROM project WHERE slug = 'refund-flow'") == [
        ("Refund flow", "2026-11-20"),
    ]


def test_a_project_is_found_by_slug_name_or_id(journal: "Journal") -> None:
    entries.add(journal, [an_entry(project="Refund flow")])
    name = projects.find(journal, "refund-flow")
    assert projects.find(journal, "Refund Flow") == projects.find(journal, name[:4]) == name
    with pytest.raises(UnknownProject) as raised:
        projects.find(journal, "refunds")
    assert raised.value.hint == "Known: refund-flow."


def test_an_open_project_is_meant_before_a_closed_one_of_the_same_name(journal: "Journal") -> None:
    entries.add(journal, [an_entry(project="Alerts")])
    first = projects.find(journal, "alerts")
    fields = {"slug": "alerts", "name": "Alerts", "started_on": "2026-01-01", **journal.moment()}
    journal.write("start", [Change(entity="project", id="zzzzzzzzzz", fields=fields)])
    journal.write("close", [Change(entity="project", id=first, fields={"state": "closed"})])
    assert projects.find(journal, "alerts") == "zzzzzzzzzz"


def test_two_terminals_begin_the_same_project_once(journal: "Journal") -> None:
    other = a_journal(journal.path.parent, device="another-terminal")
    entries.add(journal, [an_entry(project="Alerts")])
    entries.add(other, [an_entry(project="Alerts")])
    assert len(journal.rows("SELECT * FROM project")) == 1


def test_a_period_is_shared_between_projects(journal: "Journal") -> None:
    entries.add(
        journal,
        [
            an_entry(project="Refund flow", minutes=30),
            an_entry(project="Refund flow", kind=Kind.OUTCOME, evidence="a log"),
            an_entry(project="Alerts", kind=Kind.IMPROVEMENT),
            an_entry(project="Alerts", day=FRIDAY - timedelta(days=90)),
            an_entry(project="Old", day=FRIDAY - timedelta(days=90)),
            an_entry(),
        ],
    )
    shares = projects.shares(journal, week_of(FRIDAY))
    assert [(one.slug, one.name, tally.work, tally.value, tally.evidenced) for one, tally in shares] == [
        ("alerts", "Alerts", 0, 1, 0),
        ("refund-flow", "Refund flow", 1, 1, 1),
    ]
    assert projects.shares(journal, Period(start=FRIDAY - timedelta(days=60), end=FRIDAY - timedelta(days=50))) == ()
