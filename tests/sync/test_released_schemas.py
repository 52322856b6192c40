"""Journals that began in each released schema sync with one another."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from support.machines import Machine
from support.rule_check import differences_of
from valuelog.journal.schema import migrate

pytest.importorskip("pyrage")

JOURNALS = Path(__file__).parents[1] / "journal"

SCRIPTS = {
    1: ("schema_1.sql", "rows_of_0_1_0.sql"),
    **dict.fromkeys(range(2, 6), ("schema_2.sql", "journal_0_1_0.sql")),
    6: ("schema_6.sql",),
}
"""What fills a journal of each schema; those after 2 are migrated from what version 0.1.0 wrote."""

NEXT_MIGRATIONS = {3: "recurrence", 4: "salted_changes", 5: "merging"}
"""The first migration that a journal of a schema hasn't had."""


@pytest.fixture
def machines(tmp_path: Path) -> list[Machine]:
    """Return a machine for each schema; none of its journals has been opened by this version."""
    return [write_old_journal(Machine(tmp_path, f"schema-{number}"), number) for number in SCRIPTS]


def write_old_journal(machine: Machine, schema: int) -> Machine:
    """Write a journal of a schema."""
    machine.journal.parent.mkdir(parents=True)
    with closing(sqlite3.connect(machine.journal, isolation_level=None)) as connection:
        for script in SCRIPTS[schema]:
            connection.executescript((JOURNALS / script).read_text())
        if schema in NEXT_MIGRATIONS:
            connection.execute("PRAGMA foreign_keys = OFF")
            migrate(connection, stop_before=NEXT_MIGRATIONS[schema])
            connection.execute(f"PRAGMA user_version = {schema}")
    return machine


def read_schema(machine: Machine) -> int:
    with closing(sqlite3.connect(machine.journal)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def require_equal(machines: list[Machine]) -> None:
    """Check that all have the same, undamaged."""
    exports = {machine.name: machine("export", "jsonl").out for machine in machines}
    assert len(set(exports.values())) == 1
    for machine in machines:
        machine("doctor", "--deep")
        machine("history", "-n", "1000")
        assert differences_of(machine.journal) == []


def sync_all(machines: list[Machine]) -> None:
    """Sync until all have everything."""
    for machine in (*machines, *machines):
        machine.sync()


def test_every_schema_syncs_with_every_other(machines: list[Machine], tmp_path: Path) -> None:
    assert [read_schema(machine) for machine in machines] == [*SCRIPTS]
    (tmp_path / "remote").mkdir()
    first, *others = machines
    invitation = first.set_up(tmp_path / "remote")
    for machine in others:
        machine.join(invitation)
    sync_all(machines)
    require_equal(machines)
    ids = {entry["text"]: entry["id"] for entry in json.loads(first("list", "--json", "-n", "99").out)}
    for machine in machines:
        machine.add(f"on the machine of {machine.name}")
        machine.add(f"undone on {machine.name}")
        machine("undo")
        machine("edit", ids["audit mails"], f"audit mails of {machine.name}")
    machines[3]("delete", "--purge", "--confirm", ids["alerts name the service"])
    sync_all(machines)
    require_equal(machines)
    exported = first("export", "jsonl").out
    assert all(f"on the machine of {machine.name}" in exported for machine in machines)
    assert not any(words in exported for words in ("undone on", "alerts name the service"))


@pytest.mark.parametrize("older_first", [True, False])
@pytest.mark.parametrize("schema", range(1, 6))
def test_old_journal_and_one_of_today_meet(tmp_path: Path, schema: int, *, older_first: bool) -> None:
    (tmp_path / "remote").mkdir()
    old, new = write_old_journal(Machine(tmp_path, "old"), schema), Machine(tmp_path, "new")
    new.add("written today")
    first, second = (old, new) if older_first else (new, old)
    second.join(first.set_up(tmp_path / "remote"))
    sync_all([first, second])
    require_equal([first, second])
    assert "written today" in old.entries
