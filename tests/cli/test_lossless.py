"""Everything that a journal can hold is undone, redone, exported and imported without a loss."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.journal_files import is_undamaged, read_projection
from support.makers import open_test_journal
from valuelog.model.fields import ENTITIES, TIMESTAMP_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Run

COMMANDS = (
    ("list", "2026"), ("list", "2026", "--side", "neither"), ("list", "2026", "--question", "outcome"),
    ("pain", "list", "--all"), ("pain", "list", "--all", "--person", "kim"), ("project", "list", "--all"),
    ("project", "show", "refunds"), ("project", "show", "alerts"), ("promise", "list", "--all"), ("finding",),
    ("off", "list"), ("evidence", "2026"), ("review", "--week"), ("brag",), ("brief",), ("trend",), ("calendar",),
)  # fmt: skip
"""Commands whose JSON shows all of a journal."""


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


def find_id(run: "Run", text: str, *words: str) -> str:
    """Return the id of the thing with this text in a list."""
    (found,) = [each["id"] for each in read_json(run, *(words or ("list", "2026"))) if each["text"] == text]
    return str(found)


@pytest.fixture
def everything(run: "Run", journal_path: "Path") -> "Path":
    """Fill the journal with every field of everything, by commands; return its path."""
    run("project", "start", "Refunds", "--problem", "slow", "--measure", "days", "--aim", "one")
    run("project", "start", "Alerts", "--problem", "noise", "--measure", "pages", "--aim", "five")
    for value, day in (("7", "2026-11-18"), ("3 days, @kim says", "2026-11-19")):
        run("project", "measure", "refunds", value, "--date", day)
    run("today", "--activity", "audit mails @sam #ops", "--outcome", "refunds take a day", "--learned", "ask first")
    run("add", "outcome", "Refunds take a day!", "--evidence", "yes", "--project", "Refunds")
    run(
        "add",
        "improvement",
        "the checklist",
        "-m",
        "30",
        "--effect",
        "faster",
        "--for",
        "customers",
        "--impact",
        "large",
    )
    run("add", "helped", "@maya deploys", "--evidence", "3 times")
    run("evidence", find_id(run, "the checklist"), "no, it is back")
    run("evidence", find_id(run, "@maya deploys"), "--held")
    run("evidence", find_id(run, "refunds take a day"), "--dont-ask")
    run("promote", find_id(run, "audit mails @sam #ops"), "insight", "--evidence", "half of them are ours")
    run("pain", "add", "the deploy waits for @kim", "--new")
    run("pain", "add", "two tools, same hours", "--new")
    run("pain", "add", "typing hours twice", "--new")
    run(
        "pain",
        "edit",
        find_id(run, "typing hours twice", "pain"),
        "--shared",
        "all",
        "--better",
        "once",
        "--hit",
        "@lee",
    )
    run("pain", "plan", find_id(run, "typing hours twice", "pain"), "ask for one tool", "--by", "2026-11-27")
    run("pain", "merge", find_id(run, "typing hours twice", "pain"), find_id(run, "two tools, same hours", "pain"))
    run("brief", "raised", find_id(run, "the deploy waits for @kim", "pain"), "the team agrees")
    run("brief", "raised", find_id(run, "audit mails @sam #ops"), "half of them are gone", "--kind", "outcome")
    run("pain", "fix", find_id(run, "the deploy waits for @kim", "pain"), "two approvers")
    run("pain", "add", "a slow build", "--new")
    run("pain", "drop", find_id(run, "a slow build", "pain"), "bearable")
    run("promise", "make", "stop", "the status mail", "--by", "2026-11-27")
    run("promise", "carry", find_id(run, "the status mail", "promise"), "--by", "2026-12-04")
    run("promise", "make", "start", "pairing", "--by", "2026-11-27")
    run("promise", "keep", find_id(run, "pairing", "promise"))
    run("review", "--week", "--stop", "the daily mail", "--level", "ask why")
    run("project", "close", "refunds", "--result", "a day", "--evidence", "214 cases", "--lesson", "mails first")
    run("project", "drop", "alerts", "not ours", "--lesson", "ask whose it is")
    run("finding", "snooze", "no-evidence", "--until", "2026-12-04")
    run("finding", "off", "little-help")
    run("off", "2026-12-24", "--note", "holidays")
    run("off", "every monday", "--note", "part time")
    run("off", "2026-12-07", "--back")
    run("off", "2027-01-05..2027-01-06", "--every", "month")
    run("off", "2027-03-05", "--every", "month", "--back")
    run("promise", "make", "stop", "late mails", "--by", "2026-11-27", "--every", "friday")
    run("promise", "carry", find_id(run, "late mails", "promise"), "--by", "2026-11-30")
    run("promise", "keep", find_id(run, "late mails", "promise"))
    line = {"entity": "draft_seen", "id": "git:abc", "day": "2026-11-20", "accepted": 0}
    draft = {**line, "created": "2026-11-20T10:00:00.000Z", "utc_offset": 60}
    entry = {
        "entity": "entry", "id": "k3aaaaaaaa", "day": "2026-11-20", "kind": "activity", "text": "a commit",
        "origin": "git:def", "created": "2026-11-20T10:00:00.000Z", "utc_offset": 60,
    }  # fmt: skip
    run("import", "jsonl", "-", stdin="\n".join(map(json.dumps, (draft, entry))).encode())
    return journal_path


def iter_objects(text: str) -> "Iterator[tuple[str, dict[str, Any]]]":
    """Yield the type and the fields of each entity of an export."""
    for line in text.splitlines()[1:]:
        document = json.loads(line)
        yield document["entity"], document
        yield from (("sighting", {**each, "pain": document["id"]}) for each in document.get("sightings", ()))


@pytest.mark.usefixtures("everything")
def test_journal_has_every_field(run: "Run") -> None:
    """Check that a field which is added later is added here, too."""
    present: dict[str, set[str]] = {}
    for entity, fields in iter_objects(run("export", "jsonl").out):
        present.setdefault(entity, set()).update(fields)
    missing = {
        f"{name}.{field}"
        for name, entity in ENTITIES.items()
        for field in entity.fields.keys() - TIMESTAMP_FIELDS - present.get(name, set())
    }
    assert missing == {"pain.step", "pain.step_by"}  # version 0.1.0 had no other place for a step


def test_export_makes_the_same_journal(run: "Run", home: "Path", everything: "Path") -> None:
    exported, other = run("export", "jsonl").out, home / "other" / "journal.db"
    result = json.loads(run("--journal", str(other), "import", "jsonl", "-", "--json", stdin=exported.encode()).out)
    assert (result["known"], result["bad"]) == (0, 0)
    assert run("--journal", str(other), "export", "jsonl").out == exported
    for words in COMMANDS:
        shown = read_json(run, *words)
        assert shown, words
        assert read_json(run, "--journal", str(other), *words) == shown, words
    assert is_undamaged(other)
    assert is_undamaged(everything)


def test_import_of_everything_is_undone_and_redone(run: "Run", home: "Path", everything: "Path") -> None:
    exported, other = run("export", "jsonl").out, home / "other" / "journal.db"
    run("--journal", str(other), "import", "jsonl", "-", stdin=exported.encode())
    journal = open_test_journal(other.parent)
    before = read_projection(journal)
    run("--journal", str(other), "undo")
    assert not any(read_projection(journal).values())
    run("--journal", str(other), "redo")
    assert read_projection(journal) == before
    assert is_undamaged(everything)


@pytest.mark.usefixtures("everything")
def test_second_import_changes_nothing(run: "Run") -> None:
    exported = run("export", "jsonl").out
    again = json.loads(run("import", "jsonl", "-", "--json", stdin=exported.encode()).out)
    assert sum(again["new"].values()) == 0
    assert "differ" not in run("import", "jsonl", "-", stdin=exported.encode()).err
    assert run("export", "jsonl").out == exported


def test_every_command_is_undone_and_redone(run: "Run", everything: "Path") -> None:
    journal = open_test_journal(everything.parent)
    states = [read_projection(journal)]
    while any(states[-1].values()):
        run("undo")
        states.append(read_projection(journal))
    run("undo", fails=1)
    for state in states[-2::-1]:
        run("redo")
        assert read_projection(journal) == state
    run("redo", fails=1)
    assert is_undamaged(everything)


@pytest.mark.parametrize("name", ["jsonl", "csv"])
@pytest.mark.usefixtures("everything")
def test_what_held_in_the_future_is_rejected(run: "Run", home: "Path", name: str) -> None:
    text = run("export", name).out
    future = text.replace('"held_on":"2026-11-20"', '"held_on":"2026-11-21"').replace(
        "yes,2026-11-20", "yes,2026-11-21"
    )
    assert future != text
    failed = run("--journal", str(home / "other.db"), "import", name, "-", stdin=future.encode(), fails=1)
    assert "Sat 21 Nov 2026 is in the future." in failed.err


def drop_ids(table: str) -> list[str]:
    """Return the rows of a table without its last column, the ids."""
    return [row.rpartition(",")[0] for row in table.splitlines()]


@pytest.mark.usefixtures("everything")
def test_table_keeps_every_column(run: "Run", home: "Path") -> None:
    table, other = run("export", "csv").out, ("--journal", str(home / "other.db"))
    run(*other, "import", "csv", "-", stdin=table.encode())
    assert drop_ids(run(*other, "export", "csv").out) == drop_ids(table)
