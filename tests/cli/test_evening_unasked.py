"""The evening by flags or from a file, and the day it belongs to: midnight, summer time, a wrong clock."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from support.evenings import run_with_answers
from valuelog.questions.catalogue import load_evening_questions

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ASKS = {prompt.id: prompt.text for prompt in load_evening_questions()}
BERLIN = ZoneInfo("Europe/Berlin")


def list_json(run: "Run", *words: str) -> list[Any]:
    rows: list[Any] = json.loads(run(*words, "--json").out)
    return rows


# Flags and answers

FLAGS = [
    *("--activity", "audit mails", "--activity", "sprint planning", "--improvement", "one page now"),
    *("--outcome", "refunds in a day", "--helped", "@sam runs it", "--insight", "nobody reads the report"),
    *("--pain", "one approver"),
]


def test_answer_flags_save_entries(run: "Run") -> None:
    closed = run("today", *FLAGS)
    assert closed.err == "\nSaved 7 answers for Fri 20 Nov 2026. Undo: valuelog undo\n"
    assert "Today 3 value (0 proven) : 2 work\n  Week so far 3 value (0 proven) : 2 work · 60 %" in closed.out
    assert [(one["kind"], one["text"]) for one in list_json(run, "list")] == [
        ("activity", "audit mails"),
        ("activity", "sprint planning"),
        ("improvement", "one page now"),
        ("outcome", "refunds in a day"),
        ("helped", "@sam runs it"),
        ("insight", "nobody reads the report"),
    ]
    assert [one["text"] for one in list_json(run, "pain", "list")] == ["one approver"]


def test_questions_answered_by_flags_are_not_asked(home: "Path", run: "Run") -> None:
    run("today", "--helped", "@sam runs it", "--pain", "one approver")
    asked = run_with_answers(home).prompts
    assert ASKS["helped"] not in asked
    assert ASKS["pain"] not in asked
    assert ASKS["activity"] in asked


def test_answers_file_saves_all_fields(run: "Run", home: "Path") -> None:
    lines = [
        {"kind": "helped", "text": "runs it", "people": ["Sam Smith"], "tags": ["#Release"], "minutes": 90},
        {"kind": "Improvement", "text": "one page", "effects": ["faster"], "beneficiaries": ["coworkers"]},
        {"kind": "outcome", "text": "refunds", "project": "Refund flow", "evidence": "214 cases", "minutes": "1h30m"},
        {"kind": "pain", "text": "one approver"},
    ]
    path = home / "answers.jsonl"
    path.write_text("\n\n".join(map(json.dumps, lines)) + "\r\n")
    run("today", "--date", "wed", "--answers", str(path), "--insight", "one more")
    rows = list_json(run, "list")
    assert {one["day"] for one in rows} == {"2026-11-18"}
    helped, improvement, insight, outcome = sorted(rows, key=lambda one: str(one["kind"]))
    assert (helped["people"], helped["tags"], helped["minutes"]) == (["sam-smith"], ["release"], 90)
    assert (improvement["effects"], improvement["beneficiaries"]) == (["faster"], ["coworkers"])
    assert (outcome["project"], outcome["evidence"], outcome["minutes"]) == ("refund-flow", "214 cases", 90)
    assert insight["text"] == "one more"
    assert len(list_json(run, "pain", "list")) == 1


def test_undo_reverts_all_answers_at_once(run: "Run") -> None:
    run("today", *FLAGS)
    run("undo")
    assert list_json(run, "list") == []
    assert list_json(run, "pain", "list") == []
    run("undo", fails=1)


def test_evening_summary_as_json_and_plain(run: "Run") -> None:
    closed = json.loads(run("today", *FLAGS, "--json").out)
    assert list(closed) == ["day", "saved", "today", "week", "findings"]
    assert (closed["day"], closed["saved"]) == ("2026-11-20", 7)
    assert closed["today"] == {"value": 3, "work": 2, "proven": 0, "minutes": None}
    assert closed["week"]["name"] == "2026-W47"
    assert closed["week"]["score"]["value"] == 3
    assert closed["findings"] == []
    assert run("today", "--helped", "more", "--plain").out == (
        "saved\t2026-11-20\t1\ntoday\t4\t2\nweek\t4\t2\t0.6667\n"
    )


# The day of an evening


def berlin_datetime(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


DAYS = [
    ("", berlin_datetime("2026-11-20T18:30"), "2026-11-20"),
    ("", berlin_datetime("2026-11-20T23:59:59"), "2026-11-20"),
    ("", berlin_datetime("2026-11-21T00:00"), "2026-11-20"),
    ("", berlin_datetime("2026-11-21T03:59:59"), "2026-11-20"),
    ("", berlin_datetime("2026-11-21T04:00"), "2026-11-21"),
    ("00:00", berlin_datetime("2026-11-21T00:00"), "2026-11-21"),
    ("06:30", berlin_datetime("2026-11-21T06:29"), "2026-11-20"),
    ("", berlin_datetime("2027-01-01T01:00"), "2026-12-31"),
    ("", berlin_datetime("2028-03-01T02:00"), "2028-02-29"),
    # the repeated and the skipped hour of summer time
    ("", berlin_datetime("2026-10-25T02:30"), "2026-10-24"),
    ("", berlin_datetime("2026-10-25T02:30", fold=1), "2026-10-24"),
    ("", berlin_datetime("2026-10-25T03:59"), "2026-10-24"),
    ("", berlin_datetime("2026-10-25T04:00"), "2026-10-25"),
    ("02:30", berlin_datetime("2026-10-25T02:29", fold=1), "2026-10-24"),
    ("02:30", berlin_datetime("2026-10-25T02:30"), "2026-10-25"),
    ("", berlin_datetime("2026-03-29T01:59"), "2026-03-28"),
    ("", berlin_datetime("2026-03-29T03:00"), "2026-03-28"),
    ("", berlin_datetime("2026-03-29T04:00"), "2026-03-29"),
]


@pytest.mark.parametrize(("ends_at", "now", "day"), DAYS, ids=[f"{end} {now} {day}" for end, now, day in DAYS])
def test_day_ends_at_configured_time(home: "Path", run: "Run", ends_at: str, now: datetime, day: str) -> None:
    if ends_at:
        run("config", "set", "day_ends_at", ends_at)
    evening = run_with_answers(home, answers=["audit mails"], now=lambda: now)
    assert evening.code == 0
    (entry,) = list_json(run, "list", "2026..2028")
    assert entry["day"] == day
    assert entry["created"] == now.isoformat()


def test_evening_past_day_end_stays_on_its_day(home: "Path", run: "Run") -> None:
    minutes = (berlin_datetime("2026-11-21T03:58") + timedelta(seconds=20 * step) for step in range(1000))
    run_with_answers(home, answers=["one", "two", "three", "four"], now=lambda: next(minutes))
    assert {one["day"] for one in list_json(run, "list")} == {"2026-11-20"}


def test_clock_set_back_loses_no_entries(home: "Path", run: "Run") -> None:
    run_with_answers(home, answers=["first"], now=lambda: berlin_datetime("2026-11-20T18:00"))
    run_with_answers(home, "add", "activity", "second", now=lambda: berlin_datetime("2026-11-19T09:00"))
    assert [(one["day"], one["text"]) for one in list_json(run, "list")] == [
        ("2026-11-19", "second"),
        ("2026-11-20", "first"),
    ]
    assert "“second”" in run("undo").err
    assert "“first”" in run("undo").err


def test_today_override_wins_over_clock(home: "Path", run: "Run") -> None:
    run_with_answers(home, answers=["x"], VALUELOG_TODAY="2026-11-20", now=lambda: berlin_datetime("2031-01-01T12:00"))
    assert [one["day"] for one in list_json(run, "list")] == ["2026-11-20"]


KNOWN = "the deploy waits on one approver"


def log_known_pain(run: "Run") -> str:
    """Log a pain point; return the shortest unique prefix of its id."""
    return run("pain", "add", KNOWN, "-d", "wed").err.partition(" · ")[0].split()[-1]


def days_seen(run: "Run") -> dict[str, int]:
    return {one["text"]: one["days_seen"] for one in list_json(run, "pain", "list")}


def test_similar_pain_flag_is_refused_without_seen_or_new(run: "Run", journal_path: "Path") -> None:
    name = log_known_pain(run)
    before = journal_path.read_bytes()
    refused = run("today", "--activity", "mails", "--pain", "waiting for the approver", fails=2)
    assert refused.err == (
        f"valuelog: “waiting for the approver” looks like {name} “{KNOWN}”, seen once. Nothing was saved.\n"
        f"Say which it is: --seen {name} if it's the same, --new if it isn't.\n"
    )
    assert journal_path.read_bytes() == before
    run("today", "--pain", "waiting for the approver", "--seen", name)
    assert days_seen(run) == {KNOWN: 2}
    run("today", "--pain", "waiting for the approver", "--pain", KNOWN, "--new")
    assert sorted(one["days_seen"] for one in list_json(run, "pain", "list")) == [1, 1, 2]


def test_same_pain_text_becomes_sighting(run: "Run") -> None:
    log_known_pain(run)
    run("today", "--pain", KNOWN.upper())
    assert days_seen(run) == {KNOWN: 2}


def test_answers_file_keys_seen_and_new(run: "Run", journal_path: "Path") -> None:
    name = log_known_pain(run)
    line = {"kind": "pain", "text": "waiting for the approver"}
    before = journal_path.read_bytes()
    refused = run("today", "--answers", "-", stdin=json.dumps(line).encode(), fails=2)
    assert refused.err.endswith(
        f'Say in that line which it is: "seen": "{name}" if it\'s the same, "new": true if it isn\'t.\n'
    )
    assert journal_path.read_bytes() == before
    run("today", "--answers", "-", stdin=json.dumps({**line, "seen": name}).encode())
    assert days_seen(run) == {KNOWN: 2}
    run("today", "--answers", "-", stdin=json.dumps({**line, "new": True}).encode())
    assert days_seen(run) == {KNOWN: 2, "waiting for the approver": 1}


CONTRADICTIONS = [
    ("--pain x --seen k3 --new", "--seen and --new exclude each other."),
    ("--pain x --pain y --seen k3", "--seen goes with exactly one --pain."),
    ("--activity x --seen k3", "--seen goes with exactly one --pain."),
    ("--activity x --new", "--new is only for pain points."),
    ("--new", "--new is only for pain points."),
]


@pytest.mark.parametrize(("words", "piece"), CONTRADICTIONS)
def test_conflicting_pain_flags_are_refused(run: "Run", words: str, piece: str) -> None:
    assert piece in run("today", *words.split(), fails=2).err
    assert list_json(run, "list") == []


LINES = [
    ({"kind": "helped", "text": "x", "new": True}, "“seen” and “new” are only for pain points."),
    ({"kind": "helped", "text": "x", "seen": "k3"}, "“seen” and “new” are only for pain points."),
    ({"kind": "pain", "text": "x", "seen": "k3", "new": True}, "“seen” and “new” exclude each other."),
    ({"kind": "pain", "text": "x", "seen": 3}, "“seen” must be text."),
    ({"kind": "pain", "text": "x", "new": "yes"}, "“new” must be true or false."),
]


@pytest.mark.parametrize(("line", "piece"), LINES)
def test_invalid_answers_line_is_named(run: "Run", line: dict[str, Any], piece: str) -> None:
    message = run("today", "--answers", "-", stdin=json.dumps(line).encode(), fails=2).err
    assert f"Line 1 of the answers: {piece}" in message


def test_seen_flag_with_unknown_or_closed_pain_fails(run: "Run") -> None:
    assert "No pain point has an id" in run("today", "--pain", "x", "--seen", "zzzzzz", fails=1).err
    name = log_known_pain(run)
    run("pain", "drop", name, "gone")
    assert "is already closed" in run("today", "--pain", "x", "--seen", name, fails=1).err
