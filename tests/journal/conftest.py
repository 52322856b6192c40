"""Fixtures of the journal tests: an empty journal, and one with entities of every type."""

from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest

from support.makers import FRIDAY, make_entry, make_pain, open_test_journal
from valuelog.journal import days, entries, findings, pains, projects
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Beneficiary, Effect, Kind

WORDS = "wombat"
"""A word in every text of one entry and one pain point of `full`, and nowhere else."""


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Return an empty journal, open to write."""
    return open_test_journal(tmp_path)


@pytest.fixture
def full(tmp_path: Path, filled: Path) -> Journal:
    """Return a journal with entities of every type, an undo, a redo and a second device."""
    copy(filled, tmp_path / filled.name)
    return open_test_journal(tmp_path)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of such a journal, written once per session."""
    journal = open_test_journal(tmp_path_factory.mktemp("full"))
    entries.add(journal, [make_entry(text=f"audit mails {number}", minutes=30) for number in range(3)])
    rich = make_entry(
        kind=Kind.OUTCOME, text=f"the {WORDS} is out @sam #ops", people=("maya", "sam"), tags=("ops", "q4"),
        project="Refund flow", effects=(Effect.FASTER,), beneficiaries=(Beneficiary.CUSTOMERS,),
        evidence=f"214 {WORDS}s", minutes=90, origin="git:abc",
    )  # fmt: skip
    entries.add(journal, [rich])
    pain = make_pain(FRIDAY, FRIDAY - timedelta(days=3), text=f"the {WORDS} waits", shared="all", better="no waiting")
    journal.write("add", pains.creation_changes([pain, make_pain(text="two tools, same hours")]))
    _write(
        journal, "promise", kind="stop", text="the Monday report", made_on="2026-11-20", due="2026-11-27", pain=pain.id
    )
    _write(journal, "reflection", period="2026-W47", question="level-up", answer="asked earlier")
    _write(journal, "draft_seen", day="2026-11-20", accepted=1)
    (project,) = projects.list_projects(journal, only_open=True)
    _write(journal, "measurement", project=project.id, day="2026-11-20", value="3 days")
    findings.mute(journal, "little-help", None, "turn-off")
    days.add_days_off(journal, [FRIDAY - timedelta(days=7)], "holidays")
    journal.write("today", [days.asked_change(journal, FRIDAY, "activity")])
    entries.add(open_test_journal(journal.path.parent, device="a-desktop"), [make_entry(text="from the other machine")])
    entries.add(journal, [make_entry(text="undone")])
    journal.undo()
    entries.delete_entities(journal, [("entry", find_entry_id(journal, "audit mails 1"))])
    journal.undo()
    journal.redo()
    journal.close()
    return journal.path


def _write(journal: Journal, entity: str, **fields: object) -> None:
    journal.write("add", [Change(entity=entity, id=new_id(), fields={**fields, **journal.timestamp_fields()})])


def find_entry_id(journal: Journal, text: str) -> str:
    """Return the id of the entry with this text."""
    return str(journal.rows("SELECT id FROM entry WHERE text = ?", (text,))[0][0])
