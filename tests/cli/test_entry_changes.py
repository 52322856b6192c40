"""`add`, `edit`, `promote` and `delete`: changes and their confirmations."""

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from support.makers import close_after_test, make_entry, open_test_journal
from support.messages import id_in_message
from valuelog.journal import entries
from valuelog.model.entry import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

UNDO_HINT = " · undo with: valuelog undo\n"


@pytest.fixture
def filled_journal(journal_path: "Path") -> "Path":
    """Fill the journal with an activity, m7, and a helped entry, k3."""
    journal = open_test_journal(journal_path.parent)
    mails = make_entry(id="m700000000", text="audit mails for @sam #audit", people=("sam",), tags=("audit",))
    helped = make_entry(id="k300000000", kind=Kind.HELPED, text="@maya can", people=("maya", "lee"), evidence="it runs")
    entries.add(journal, [mails, helped])
    journal.close()
    return journal_path


def show_entry(run: "Run", name: str) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(run("show", name, "--json").out)
    return entry


# Adding

ADDS = [
    (["helped", "@sam", "can"], {"kind": "helped", "text": "@sam can", "people": ["sam"], "day": "2026-11-20"}),
    (["HELPED", "x", "-d", "last friday"], {"kind": "helped", "day": "2026-11-13"}),
    (["activity", "x", "--date", "-3"], {"day": "2026-11-17"}),
    (["activity", "x", "-d", "20 nov"], {"day": "2026-11-20"}),
    (["activity", "x", "-m", "90"], {"minutes": 90}),
    (["activity", "x", "--minutes", "1h30m"], {"minutes": 90}),
    (["insight", "a #b-c #b-c", "-t", "#Deploy", "-t", "docs"], {"tags": ["b-c", "deploy", "docs"]}),
    (["helped", "x", "-p", "@Maya", "--person", "Sam Smith"], {"people": ["maya", "sam-smith"]}),
    (["outcome", "x", "--project", "Refund  flow!"], {"project": "refund-flow"}),
    (["improvement", "x", "--effect", "Faster", "--effect", "more reliable"], {"effects": ["faster", "more-reliable"]}),
    (["improvement", "x", "--for", "customers", "--for", "Company"], {"beneficiaries": ["customers", "company"]}),
    (["outcome", "x", "--evidence", " 214 cases "], {"evidence": "214 cases"}),
    (["activity", "temperature", "was", "--", "-5", "--week"], {"text": "temperature was -5 --week"}),
    (["activity", "last", "week", "3/4", "tomorrow"], {"text": "last week 3/4 tomorrow", "day": "2026-11-20"}),
    (["activity", "mail me@example.org about C# and issue #12"], {"people": [], "tags": []}),
]


@pytest.mark.parametrize(("words", "facts"), ADDS, ids=[" ".join(words) for words, _ in ADDS])
def test_add_saves_every_option(run: "Run", words: list[str], facts: dict[str, Any]) -> None:
    added = run("add", "--json", *words)
    entry = json.loads(added.out)
    assert {name: entry[name] for name in facts} == facts
    assert json.loads(run("list", "--json").out) == [entry]


def test_number_in_a_text_is_not_an_option(run: "Run") -> None:
    for command in (["add", "activity"], ["pain", "add"], ["search"]):
        assert "There is no option -5." in run(*command, "it", "was", "-5", fails=2).err


def test_text_is_read_from_stdin(run: "Run") -> None:
    run("add", "helped", "-", stdin="first line\r\nsecond – ümlaut 🎉\n\n".encode())
    assert json.loads(run("list", "--json").out)[0]["text"] == "first line\nsecond – ümlaut 🎉"


# Confirmations


def test_change_confirms_id_day_and_undo(run: "Run") -> None:
    message = run("add", "helped", "@sam can", "-d", "wed").err
    name = id_in_message(message)
    expected = [
        (("edit", name, "-d", "tue"), f"Changed {name} · Tue 17 Nov 2026"),
        (("promote", name, "outcome", "--evidence", "it moved"), f"Promoted to outcome {name} · Tue 17 Nov 2026"),
        (("delete", name), f"Deleted {name} · Tue 17 Nov 2026"),
        (("off", "2026-12-24", "--note", "x"), "Off: 1 day, Thu 24 Dec 2026"),
        (("off", "2026-12-24..2026-12-31"), "Off: 7 days, Fri 25 Dec 2026 – Thu 31 Dec 2026"),
        (("off", "2026-12-30", "--back"), "No longer off: 1 day, Wed 30 Dec 2026"),
    ]
    assert message == f"Added helped {name} · Wed 18 Nov 2026{UNDO_HINT}"
    for words, line in expected:
        assert run(*words).err == line + UNDO_HINT, words


def test_adding_a_pain_point_confirms_id_day_and_undo(run: "Run") -> None:
    message = run("add", "pain", "one approver", "-d", "wed").err
    name = id_in_message(message)
    expected = [
        (run("pain", "add", "One approver"), "Seen again {} · Fri 20 Nov 2026 · twice so far"),
        (run("pain", "seen", name, "-d", "tue"), "Seen again {} · Tue 17 Nov 2026 · 3 times so far"),
    ]
    assert message == f"Logged pain point {name} · Wed 18 Nov 2026{UNDO_HINT}"
    for result, line in expected:
        assert result.err == line.format(id_in_message(result.err)) + UNDO_HINT


def test_similar_pain_needs_seen_or_new(run: "Run") -> None:
    name = id_in_message(run("add", "pain", "one approver", "-d", "wed").err)
    refused = run("pain", "add", "one approver only", fails=2)
    assert refused.err == (
        f"valuelog: “one approver only” looks like {name} “one approver”, seen once. Nothing was saved.\n"
        f"Say which it is: --seen {name} if it's the same, --new if it isn't.\n"
    )
    assert (
        run("add", "pain", "one approver only", "--seen", name).err
        == f"Seen again {name} · Fri 20 Nov 2026 · twice so far{UNDO_HINT}"
    )
    run("pain", "add", "one approver only", "--new")
    assert len(run("pain", "list", "--plain").out.splitlines()) == 2
    run("pain", "add", "our one approver", answers=["one approver\tseen twice"])
    asked = run("add", "pain", "the approver", answers=["a new one"])
    assert asked.err.startswith("Logged pain point")
    assert len(run("pain", "list", "--plain").out.splitlines()) == 3


# Editing

EDITS = [
    (["new", "words", "@lee"], {"text": "new words @lee", "people": ["lee"], "tags": []}),
    (["-d", "yesterday"], {"day": "2026-11-19", "text": "audit mails for @sam #audit"}),
    (["--kind", "insight"], {"kind": "insight", "side": None}),
    (["-m", "2h"], {"minutes": 120}),
    (["-t", "a", "-t", "b"], {"tags": ["a", "b"]}),
    (["-p", "bo"], {"people": ["bo"]}),
    (["--project", "Refund flow"], {"project": "refund-flow"}),
    (["--effect", "safer", "--for", "company"], {"effects": ["safer"], "beneficiaries": ["company"]}),
    (["--evidence", "it runs"], {"evidence": "it runs"}),
    (["@sam #audit", "-m", "5", "--kind", "helped"], {"text": "@sam #audit", "minutes": 5, "kind": "helped"}),
]


@pytest.mark.parametrize(("words", "facts"), EDITS, ids=[" ".join(words) for words, _ in EDITS])
@pytest.mark.usefixtures("filled_journal")
def test_edit_changes_only_the_given_fields(run: "Run", words: list[str], facts: dict[str, Any]) -> None:
    before = show_entry(run, "m7")
    edited = json.loads(run("edit", "m7", *words, "--json").out)
    after = show_entry(run, "m7")
    assert edited == after
    assert {name: after[name] for name in facts} == facts
    changed = {name for name in after if after[name] != before[name]}
    assert changed - {"side"} <= facts.keys()
    run("undo")
    assert show_entry(run, "m7") == before


@pytest.mark.usefixtures("filled_journal")
def test_empty_project_or_evidence_clears_it(run: "Run") -> None:
    run("edit", "m7", "--project", "Refund flow", "--evidence", "it runs")
    assert "Nothing was changed." in run("edit", "m7", "--project", "refund FLOW", fails=2).err
    run("edit", "m7", "--project", "", "--evidence", "")
    assert (show_entry(run, "m7")["project"], show_entry(run, "m7")["evidence"]) == (None, None)


@pytest.mark.usefixtures("filled_journal")
def test_new_text_keeps_people_from_options(run: "Run") -> None:
    run("edit", "k3", "@bo", "can", "now")
    assert show_entry(run, "k3")["people"] == ["bo", "lee"]


# Promoting


@pytest.mark.usefixtures("filled_journal")
def test_promote_sets_kind_and_options(run: "Run") -> None:
    flags = ["--effect", "faster", "--for", "customers", "--evidence", "a minute now"]
    edited = json.loads(run("promote", "m7", "improvement", *flags, "--json").out)
    assert edited == show_entry(run, "m7")
    assert (edited["kind"], edited["effects"], edited["beneficiaries"]) == ("improvement", ["faster"], ["customers"])
    assert edited["evidence"] == "a minute now"


@pytest.mark.usefixtures("filled_journal")
def test_promote_on_a_terminal_asks_for_details(run: "Run") -> None:
    run("promote", "m7", "outcome", answers=["a minute now", ["faster"], ["customers"]])
    entry = show_entry(run, "m7")
    assert (entry["evidence"], entry["effects"], entry["beneficiaries"]) == ("a minute now", ["faster"], ["customers"])


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
@pytest.mark.parametrize("command", [["promote", "m7", "outcome"], ["delete", "--purge", "m7"]])
@pytest.mark.usefixtures("filled_journal")
def test_stopping_promote_changes_nothing(run: "Run", command: list[str], end: type[BaseException]) -> None:
    before = show_entry(run, "m7")
    assert "bug in valuelog" not in run(*command, answers=[end], fails=130).err
    assert show_entry(run, "m7") == before


# Deleting and purging


@pytest.mark.usefixtures("filled_journal")
def test_deleted_entries_are_hidden_until_undo(run: "Run") -> None:
    assert run("delete", "m7", "k3", "m70").err.count("Deleted ") == 2
    for words in (["list"], ["search", "audit"], ["review"], ["calendar"]):
        assert "audit" not in run(*words).out
    run("show", "m7", fails=1)
    assert run("undo").err.startswith("Undone: deleted “audit mails for @sam #audit”, “@maya can” · redo with")
    assert len(json.loads(run("list", "--json").out)) == 2


def test_purged_text_is_not_in_the_file(run: "Run", filled_journal: "Path") -> None:
    run("edit", "m7", "zanzibar one", "--evidence", "zanzibar two", "--project", "kept")
    run("edit", "m7", "zanzibar three")
    message = run("delete", "--purge", "m7", answers=["k3", "m7"])
    assert message.err.endswith("Erased for good: m7\n")
    assert b"zanzibar" not in filled_journal.read_bytes()
    assert b"audit mails" not in filled_journal.read_bytes()
    assert "zanzibar" not in run("history").out
    run("undo", "-n", "9")
    assert "zanzibar" not in run("list").out
    assert close_after_test(sqlite3.connect(filled_journal)).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_purging_a_pain_point_purges_its_sightings(run: "Run", journal_path: "Path") -> None:
    name = id_in_message(run("pain", "add", "zanzibar waits").err)
    run("pain", "seen", name, "zanzibar again")
    (pain,) = json.loads(run("pain", "list", "--json").out)
    run("delete", "--purge", name, answers=[pain["id"][:letters] for letters in range(2, 11)])
    assert b"zanzibar" not in journal_path.read_bytes()
    assert run("pain", "list", "--json").out == "[]\n"


def test_purge_asks_to_type_the_id(run: "Run", filled_journal: "Path") -> None:
    before = filled_journal.read_bytes()
    assert run("delete", "--purge", "m7", answers=["no", ""]).err.endswith("Nothing was erased.\n")
    run("delete", "--purge", "m7", fails=2)
    assert filled_journal.read_bytes() == before
