"""`list`, `search`, `show` and `pain list`: every filter and every format."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from support.makers import FRIDAY, NOON, make_entry, make_project, open_test_journal
from valuelog.journal import entries, projects
from valuelog.model.entry import Beneficiary, Effect, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ENTRY_KEYS = [
    "id", "day", "kind", "side", "text", "minutes", "people", "tags", "project", "effects", "beneficiaries",
    "evidence", "impact", "question", "held", "held_on", "raised_on", "raised_outcome", "source", "created",
]  # fmt: skip
PAIN_KEYS = [
    "id", "text", "state", "first_seen", "last_seen", "days_seen", "people", "sightings", "shared", "better", "step",
    "step_by", "hit", "closed_on", "how", "fix", "raised_on", "raised_outcome", "created",
]  # fmt: skip


@pytest.fixture
def filled_journal(journal_path: "Path") -> "Path":
    """Fill the journal with six entries of three weeks and a project; the first letters of their ids name them."""
    journal = open_test_journal(journal_path.parent)
    written = [
        make_entry(id="a000000000", day=FRIDAY.replace(day=2), text="weekly planning", minutes=45),
        make_entry(id="b000000000", day=FRIDAY.replace(day=9), text="audit mails", origin="git:1"),
        make_entry(
            id="c000000000",
            day=FRIDAY.replace(day=12),
            kind=Kind.IMPROVEMENT,
            text="the deploy checklist",
            effects=(Effect.FASTER, Effect.MORE_RELIABLE),
            beneficiaries=(Beneficiary.COWORKERS,),
            evidence="two tickets less",
            tags=("deploy", "docs"),
            minutes=90,
        ),
        make_entry(
            id="d000000000",
            day=FRIDAY.replace(day=18),
            kind=Kind.HELPED,
            people=("maya", "sam"),
            text="they deploy",
        ),
        make_entry(
            id="e000000000",
            day=FRIDAY.replace(day=19),
            kind=Kind.OUTCOME,
            project="Refund flow",
            text="in a day",
        ),
        make_entry(
            id="f000000000", kind=Kind.INSIGHT, text="nobody reads\nthe\treport", tags=("docs",), people=("sam",)
        ),
    ]
    journal.write("project", [projects.creation_change(make_project("Refund flow", id="p000000000"))])
    entries.add(journal, written)
    journal.close()
    return journal_path


def first_letters(run: "Run", *words: str) -> str:
    """Return the first letters of the ids that a command lists."""
    return "".join(record[0] for record in run(words[0], "--plain", *words[1:]).out.splitlines())


LISTS = [
    ("list", "abcdef"),
    ("list -n 2", "ef"),
    ("list today", "f"),
    ("list yesterday", "e"),
    ("list this week", "def"),
    ("list last week", "bc"),
    ("list -1", "e"),
    ("list 3 days ago", ""),
    ("list last friday", ""),
    ("list fri", "f"),
    ("list 2026-W46", "bc"),
    ("list 2026-11", "abcdef"),
    ("list 2026-Q4 -n 1", "f"),
    ("list 2026-10", ""),
    ("list nov", "abcdef"),
    ("list 9 nov", "b"),
    ("list 2026-11-09..2026-11-12", "bc"),
    ("list last week..", "bcdef"),
    ("list --week", "def"),
    ("list --week last", "bc"),
    ("list --week=last", "bc"),
    ("list --week 2026-W45", "a"),
    ("list --month --kind outcome", "e"),
    ("list --year=2025", ""),
    ("list --kind activity", "ab"),
    ("list --kind activity --kind insight", "abf"),
    ("list --side value", "cde"),
    ("list --side neither", "f"),
    ("list --side work last week", "b"),
    ("list --tag docs", "cf"),
    ("list --tag docs --tag deploy", "c"),
    ("list -t #docs -p @sam", "f"),
    ("list --person SAM", "df"),
    ("list -p sam -p maya", "d"),
    ("list --project refund-flow", "e"),
    ("list --source git", "b"),
    ("list --source watson", ""),
    ("search deploy", "cd"),
    ("search checklist", "c"),
    ("search deploy -checklist", "d"),
    ("search -checklist deploy", "d"),
    ("search deploy -- -checklist", "d"),
    ("search they deploy", "d"),
    ('search "they deploy"', "d"),
    ("search report nobody", "f"),
    ("search tickets", "c"),
    ("search DEPLOY --person maya", "d"),
    ("search deploy --week=last", "c"),
    ("search deploy --week", "d"),
    ("search deploy -n 1 --side value --tag deploy", "c"),
    ("search depl", "cd"),
    ("search epl", ""),
    ("search nothing", ""),
]


@pytest.mark.parametrize(("words", "expected"), LISTS, ids=[words for words, _ in LISTS])
@pytest.mark.usefixtures("filled_journal")
def test_list_and_search_select_entries(run: "Run", words: str, expected: str) -> None:
    given = words.split() if '"' not in words else ["search", words.partition(" ")[2]]
    shown = first_letters(run, *given)
    assert ("".join(sorted(shown)) if given[0] == "search" else shown) == expected


@pytest.mark.usefixtures("filled_journal")
def test_project_filter_accepts_slug_name_or_id(run: "Run") -> None:
    (project,) = json.loads(run("review", "--json").out)["projects"]
    for name in ("refund-flow", "Refund flow", "REFUND FLOW", project["id"][:4]):
        assert first_letters(run, "list", "--project", name) == "e"


@pytest.mark.usefixtures("filled_journal")
def test_quoted_phrase_matches_adjacent_words(run: "Run") -> None:
    assert first_letters(run, "search", '"nobody reads"') == "f"
    assert first_letters(run, "search", '"nobody report"') == ""
    assert first_letters(run, "search", 'deploy -"the deploy"') == "d"


@pytest.mark.parametrize("words", ["NEAR(a b)", "a AND", "a OR b*", "text:deploy", "x'y; DROP TABLE entry", "(", 'a"b'])
@pytest.mark.usefixtures("filled_journal")
def test_search_query_cannot_inject_syntax(run: "Run", words: str) -> None:
    run("search", words) if any(letter.isalnum() for letter in words) else run("search", words, fails=2)
    assert first_letters(run, "list") == "abcdef"


# Formats


@pytest.mark.parametrize("words", ["list", "list --week", "search deploy", "show c", "list 2020", "search nothing"])
@pytest.mark.usefixtures("filled_journal")
def test_entry_json_has_the_documented_keys(run: "Run", words: str) -> None:
    result = json.loads(run(*words.split(), "--json").out)
    for entry in [result] if words.startswith("show") else result:
        assert list(entry) == ENTRY_KEYS


@pytest.mark.usefixtures("filled_journal")
def test_entry_json_has_every_field(run: "Run") -> None:
    assert json.loads(run("show", "c", "--json").out) == {
        "id": "c000000000", "day": "2026-11-12", "kind": "improvement", "side": "value", "text": "the deploy checklist",
        "minutes": 90, "people": [], "tags": ["deploy", "docs"], "project": None,
        "effects": ["faster", "more-reliable"], "beneficiaries": ["coworkers"], "evidence": "two tickets less",
        "impact": None, "question": None, "held": None, "held_on": None, "raised_on": None,
        "raised_outcome": None, "source": None, "created": (NOON + timedelta(milliseconds=2)).isoformat(),
    }  # fmt: skip
    assert json.loads(run("show", "b", "--json").out)["source"] == "git"
    assert json.loads(run("show", "e", "--json").out)["project"] == "refund-flow"


@pytest.mark.usefixtures("filled_journal")
def test_plain_record_is_one_line_for_any_text(run: "Run") -> None:
    assert run("list", "--side", "value", "--plain").out == (
        "c000000000\t2026-11-12\timprovement\t90\t\t\tdeploy,docs\tfaster,more-reliable\tcoworkers\ttwo tickets less"
        "\tthe deploy checklist\n"
        "d000000000\t2026-11-18\thelped\t\t\tmaya,sam\t\t\t\t\tthey deploy\n"
        "e000000000\t2026-11-19\toutcome\t\trefund-flow\t\t\t\t\t\tin a day\n"
    )
    assert run("show", "f", "--plain").out.count("\n") == 1


@pytest.mark.usefixtures("filled_journal")
def test_list_groups_entries_by_day_newest_last(run: "Run") -> None:
    shown = run("list", "last", "week").out
    assert shown.startswith(
        "Mon 9 Nov 2026\nb000  activity     audit mails\n\nThu 12 Nov 2026\nc000  improvement  the deploy checklist\n"
    )
    assert "1h30m · faster · more reliable · for co-workers" in shown
    assert "◆ two tickets less\n" in shown
    assert shown.endswith("\n\n2 entries\n")


@pytest.mark.usefixtures("filled_journal")
def test_show_prints_every_field(run: "Run") -> None:
    assert run("show", "C0").out == (
        "c000  improvement  Thu 12 Nov 2026\n"
        "\n"
        "the deploy checklist\n"
        "\n"
        "evidence    two tickets less\n"
        "effects     faster, more reliable\n"
        "for         co-workers\n"
        "tags        #deploy, #docs\n"
        "time        1h30m\n"
        "logged      Fri 20 Nov 2026, 12:00\n"
    )
    assert "nobody reads\nthe report\n" in run("show", "f").out


def test_empty_list_is_not_an_error(run: "Run") -> None:
    assert run("list").out == "No entries found.\n"
    assert run("list", "--plain").out == ""
    assert run("list", "--json").out == "[]\n"
    assert run("search", "x").out == "Nothing found.\n"


@pytest.mark.usefixtures("filled_journal")
def test_list_without_period_shows_the_last_thirty(run: "Run") -> None:
    lines = "".join(f'{{"kind": "activity", "text": "thing {number}"}}\n' for number in range(40))
    run("today", "--answers", "-", stdin=lines.encode())
    listed = run("list")
    assert listed.err == "The last 30 entries. For all of a year: valuelog list 2026\n"
    assert listed.out.count(" thing ") == 30
    assert len(first_letters(run, "list")) == 30
    assert run("list", "--json").err == listed.err
    assert len(first_letters(run, "list", "today")) == 41
    assert len(first_letters(run, "list", "-n", "35")) == 35
    assert run("list", "-n", "30").err == ""


def test_list_of_exactly_thirty_does_not_promise_more(run: "Run") -> None:
    lines = '{"kind": "activity", "text": "thing"}\n' * 30
    run("today", "--answers", "-", stdin=lines.encode())
    assert run("list").err == ""
    run("add", "activity", "one more")
    assert run("list").err.startswith("The last 30 entries.")


# Ids


@pytest.mark.parametrize("typed", ["c", "C", " c0", "c000000000", "CO", "co0oO"])
@pytest.mark.usefixtures("filled_journal")
def test_id_prefix_accepts_lookalike_characters(run: "Run", typed: str) -> None:
    assert json.loads(run("show", typed, "--json").out)["id"] == "c000000000"


def test_lookalikes_of_one_and_zero_are_normalized(run: "Run", journal_path: "Path") -> None:
    journal = open_test_journal(journal_path.parent)
    entries.add(journal, [make_entry(id="10v0000000", text="one zero")])
    journal.close()
    for typed in ("10v", "ioU", "LOV", "Iou0"):
        assert json.loads(run("show", typed, "--json").out)["text"] == "one zero"


def test_unique_id_prefix_is_bright_and_the_rest_dim(run: "Run", journal_path: "Path") -> None:
    journal = open_test_journal(journal_path.parent)
    entries.add(journal, [make_entry(id="abcd000000"), make_entry(id="abce000000"), make_entry(id="k300000000")])
    journal.close()
    shown = run("--color", "always", "list").out
    assert "\x1b[1mabcd\x1b[0m " in shown
    assert "\x1b[1mabce\x1b[0m " in shown
    assert "\x1b[1mk3\x1b[0m\x1b[2m00\x1b[0m " in shown


# Pain points


def test_pain_json_and_record_have_every_field(run: "Run") -> None:
    run("pain", "add", "one approver", "-d", "wed")
    run("add", "pain", "ONE approver")
    (pain,) = json.loads(run("pain", "list", "--json").out)
    assert list(pain) == PAIN_KEYS
    assert pain["state"] == "open"
    assert (pain["first_seen"], pain["last_seen"], pain["days_seen"]) == ("2026-11-18", "2026-11-20", 2)
    assert pain["sightings"] == [
        {"day": "2026-11-18", "text": "one approver"},
        {"day": "2026-11-20", "text": "ONE approver"},
    ]
    shown = json.loads(run("show", pain["id"], "--json").out)
    more = {"story": shown["story"], "improvement": None}
    assert shown == json.loads(run("pain", "show", pain["id"], "--json").out) == {**pain, **more}
    assert [(turn["day"], turn["turn"]) for turn in shown["story"]] == [
        ("2026-11-18", "noticed"),
        ("2026-11-20", "seen"),
    ]
    assert run("pain", "list", "--plain").out == f"{pain['id']}\topen\t2026-11-20\t2\tone approver\n"
    assert run("show", pain["id"], "--plain").out == run("pain", "list", "--plain").out


def test_pain_without_subcommand_lists(run: "Run") -> None:
    assert run("pain").out == "No open pain points. Log one with: valuelog pain add\n"
    run("pain", "add", "one approver")
    assert run("pain").out == run("pain", "list").out
    assert "one approver" in run("pain").out
    assert "seen once, today (Fri 20 Nov)\n\n1 open pain point\n" in run("pain").out


def test_pain_list_sorts_by_days_seen(run: "Run") -> None:
    run("pain", "add", "rarely")
    run("pain", "add", "often", "-d", "mon")
    often = next(pain["id"] for pain in json.loads(run("pain", "list", "--json").out) if pain["text"] == "often")
    run("pain", "seen", often, "-d", "tue")
    run("pain", "seen", often, "again", "it", "hurts", "-d", "tue")
    result = json.loads(run("pain", "list", "--json").out)
    assert [(pain["text"], pain["days_seen"]) for pain in result] == [("often", 2), ("rarely", 1)]
    assert sorted(seen["text"] for seen in result[0]["sightings"]) == ["again it hurts", "often", "often"]
