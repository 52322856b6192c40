"""Files of the real tools are read, and jrnl imports an export."""

import json
import os
import subprocess
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from support.exchange_samples import read_valid
from support.makers import make_entry
from support.requirements import requires_program
from valuelog.exchange import ImportContext, Record, jrnl
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind

if TYPE_CHECKING:
    from pathlib import Path

TOKYO = ImportContext(zone=ZoneInfo("Asia/Tokyo"), day_ends_at=time(4))
BERLIN = ImportContext(zone=ZoneInfo("Europe/Berlin"), day_ends_at=time(4))

JRNL_SETTINGS = """\
journals:
  default:
    journal: {home}/journal.txt
colors: {{body: none, date: none, tags: none, title: none}}
default_hour: 9
default_minute: 0
editor: ''
encrypt: false
highlight: false
indent_character: '|'
linewrap: 79
tagsymbols: '#@'
template: false
timeformat: '%F %r'
version: v4.6
"""


def run_tool(home: "Path", *command: str, zone: str = "Europe/Berlin", **options: str) -> str:
    """Run a tool with its own HOME and return its output."""
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "TZ": zone, "LC_ALL": "C.UTF-8", **options}
    done = subprocess.run(
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=home
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_jrnl(home: "Path", *words: str) -> str:
    """Run jrnl with its own settings and journal."""
    settings = home / "jrnl.yaml"
    if not settings.exists():
        settings.write_text(JRNL_SETTINGS.format(home=home))
        (home / "journal.txt").touch()
    return run_tool(home, "jrnl", "--config-file", str(settings), *words, XDG_CONFIG_HOME=str(home))


@requires_program("jrnl")
def test_jrnl_output_is_read(tmp_path: "Path") -> None:
    run_jrnl(tmp_path, "2026-03-02 at 9:30: Unblocked @sam, with “quotes” and 日本語 *. Then #deploy went out.")
    run_jrnl(tmp_path, "2026-03-29 at 1:30: Late, before the clocks change.")
    first, second = read_valid("jrnl", run_jrnl(tmp_path, "--format", "json"), BERLIN)
    assert (first.day, first.people, first.tags) == (date(2026, 3, 2), ("sam",), ("deploy",))
    assert first.text == "Unblocked @sam, with “quotes” and 日本語 *.\nThen #deploy went out."
    assert first.created == datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert (second.day, second.text) == (date(2026, 3, 28), "Late, before the clocks change.")


TEXTS = (
    "plain",
    "ends in a star *",
    "* begins with one",
    "[2026-01-01 10:00] begins like an entry",
    "one\n[2026-01-01 10:00] goes on like one\n\n  indented",
    "one\n  [2026-01-01] indented like one",
    "one\n\n[2026-01-01 10:00:00 AM] behind a blank line",
    "@sam first, #deploy second",
    "wide 日本語 and 🎉 and é",
    "two sentences. In one line",
    "a colon: and 10:00 and 2026-01-01",
    "???",
    "long " * 200,
    "Ｆ [x] *star* _under_ `code`",
)


def normalize_jrnl_text(text: str) -> str:
    """Return a text without the changes that writing and reading it through jrnl may make."""
    words = " ".join(text.split()).replace("\\[", "[")
    return words.replace("∗", "*")


@requires_program("jrnl")
def test_jrnl_imports_an_export(tmp_path: "Path") -> None:
    fields = {"people": ("maya",), "tags": ("docs",), "minutes": 90, "project": "refunds", "evidence": "two\nlines"}
    start = datetime(2026, 11, 20, 8, tzinfo=timezone(timedelta(hours=1)))
    entries = [
        make_entry(
            text=text, kind=Kind.HELPED if index % 2 else Kind.ACTIVITY, created=start + timedelta(minutes=index),
            **(fields if index % 3 == 0 else {}),
        )
        for index, text in enumerate(text.strip() for text in TEXTS)
    ]  # fmt: skip
    (tmp_path / "ours.txt").write_text("".join(jrnl.write(entries)))
    run_jrnl(tmp_path, "--import", "--file", str(tmp_path / "ours.txt"))
    run_jrnl(tmp_path, "2026-11-20 at 23:00: Written by jrnl itself, which rewrites the file.")
    records = read_valid("jrnl", run_jrnl(tmp_path, "--format", "json"), BERLIN)
    assert len(records) == len(entries) + 1
    for entry, record in zip(entries, records, strict=False):
        assert_same(entry, record)


def assert_same(entry: "Entry", record: Record) -> None:
    """Fail if a record differs from an entry."""
    assert normalize_jrnl_text(record.text).startswith(normalize_jrnl_text(entry.text))
    assert record.day == entry.day
    assert record.created == entry.created
    assert ("starred" in record.tags) is (entry.kind is Kind.HELPED)
    assert set(entry.people) <= set(record.people)
    assert set(entry.tags) <= set(record.tags)
    for detail in ("1h30m", "project refunds", "evidence: two lines") if entry.minutes else ():
        assert detail in record.text


def test_jrnl_export_puts_other_fields_on_the_last_line() -> None:
    entry = make_entry(
        kind=Kind.IMPROVEMENT, text="the script of @sam\nnow in one step", people=("lee", "sam"), tags=("docs",),
        effects=(Effect.FASTER, Effect.MORE_RELIABLE), beneficiaries=(Beneficiary.COWORKERS,), minutes=45,
        project="refunds", evidence="12 minutes, not 40", day=date(2026, 11, 18),
    )  # fmt: skip
    assert "".join(jrnl.write([entry])) == (
        "[2026-11-18 12:00] the script of @sam *\n"
        "now in one step\n"
        "improvement · 45m · faster · more reliable · for coworkers · project refunds · @lee · #docs · "
        "evidence: 12 minutes, not 40\n"
        "\n"
    )


@requires_program("watson")
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/Berlin"])
def test_watson_output_is_read(tmp_path: "Path", zone: str) -> None:
    options = {"zone": zone, "WATSON_DIR": str(tmp_path / "w")}
    for start, stop, *words in (
        ("2026-03-02 09:00", "2026-03-02 10:30", "billing", "+on call", "+日本語"),
        ("2026-03-28 23:30", "2026-03-29 00:15", "meetings"),
        ("2026-03-29 00:30", "2026-03-29 05:00", "release"),
    ):
        run_tool(tmp_path, "watson", "add", "-f", start, "-t", stop, *words, **options)
    context = ImportContext(zone=ZoneInfo(zone), day_ends_at=time(4))
    frames = read_valid("watson", (tmp_path / "w" / "frames").read_bytes(), context)
    log = read_valid("watson", run_tool(tmp_path, "watson", "log", "--all", "--json", **options), context)
    summaries = {
        (record.origin, record.day, record.minutes, record.text, record.tags, record.project) for record in frames
    }
    assert summaries == {
        (record.origin, record.day, record.minutes, record.text, record.tags, record.project) for record in log
    }
    assert [(record.day, record.minutes, record.text, record.tags) for record in frames] == [
        (date(2026, 3, 2), 90, "billing: on call, 日本語", ("on-call", "日本語")),
        (date(2026, 3, 28), 45, "meetings", ()),
        (date(2026, 3, 28), 270 if zone == "Asia/Tokyo" else 210, "release", ()),
    ]


@requires_program("timew")
def test_timewarrior_output_is_read(tmp_path: "Path") -> None:
    database = tmp_path / "t"
    (database / "data").mkdir(parents=True)
    options = {"zone": "Asia/Tokyo", "TIMEWARRIORDB": str(database)}
    run_tool(
        tmp_path,
        "timew",
        ":yes",
        "track",
        "2026-03-02T09:00:00",
        "-",
        "2026-03-02T10:30:00",
        "billing",
        "on call",
        **options,
    )
    run_tool(tmp_path, "timew", ":yes", "annotate", "@1", 'Wrote the "runbook" 日本語', **options)
    run_tool(
        tmp_path, "timew", ":yes", "track", "2026-03-03T23:30:00", "-", "2026-03-04T00:15:00", "rollout", **options
    )
    records = {
        record.day: record
        for record in read_valid("timewarrior", run_tool(tmp_path, "timew", "export", **options), TOKYO)
    }
    assert sorted(records) == [date(2026, 3, 2), date(2026, 3, 3)]
    first = records[date(2026, 3, 2)]
    assert (first.minutes, first.tags, first.text) == (90, ("billing", "on-call"), 'Wrote the "runbook" 日本語')
    assert records[date(2026, 3, 3)].minutes == 45


@requires_program("task")
def test_taskwarrior_output_is_read(tmp_path: "Path") -> None:
    (tmp_path / "taskrc").write_text(f"data.location={tmp_path}/tasks\nconfirmation=off\n")
    (tmp_path / "tasks").mkdir()
    options = {"zone": "Asia/Tokyo", "TASKRC": str(tmp_path / "taskrc")}
    run_tool(tmp_path, "task", "add", "Refund runbook 日本語", "project:billing", "+value", **options)
    run_tool(tmp_path, "task", "1", "annotate", "helped Sam", **options)
    run_tool(tmp_path, "task", "1", "done", **options)
    run_tool(tmp_path, "task", "log", 'said "yes"', **options)
    run_tool(tmp_path, "task", "add", "still open", **options)
    raw = run_tool(tmp_path, "task", "export", **options)
    ends = {record["description"]: record["end"] for record in json.loads(raw) if "end" in record}
    records = {record.text.split("\n")[0]: record for record in read_valid("taskwarrior", raw, TOKYO)}
    assert set(records) == set(ends)
    first = records["Refund runbook 日本語"]
    assert (first.project, first.tags) == ("billing", ("value",))
    assert "helped Sam" in first.text
    for text, end in ends.items():
        moment = datetime.strptime(f"{end}+0000", "%Y%m%dT%H%M%SZ%z").astimezone(TOKYO.zone)
        assert records[text].day == (moment - timedelta(hours=4)).date()
