"""Readings of the measure of a project: noted, listed, drawn, undone, exported, purged."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def read(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


@pytest.fixture
def measured(run: "Run") -> "Run":
    """Start a project with three readings, the latest not the last one noted."""
    run("project", "start", "Refund flow", "--measure", "days", "-d", "2026-10-05")
    for day, value in (("2026-10-05", "3 days"), ("2026-11-12", "1 day"), ("2026-10-20", "2.5 days")):
        run("project", "measure", "refund-flow", value, "-d", day)
    return run


def test_measure_confirms_the_reading_and_its_day(measured: "Run") -> None:
    said = measured("project", "measure", "refund-flow", "half", "a", "day", "-d", "yesterday")
    name = read(measured, "project", "show", "refund-flow")["id"][:2]
    assert said.err == f"Measured refund-flow {name} · Thu 19 Nov 2026 · half a day · undo with: valuelog undo\n"
    assert said.out == ""


def test_measure_without_a_value_lists_readings_by_day(measured: "Run") -> None:
    assert measured("project", "measure", "refund-flow").out == (
        "Mon 5 Oct   3 days\nTue 20 Oct  2.5 days\nThu 12 Nov  1 day\n\n█▇▁  3 days → 1 day\n"
    )
    assert measured("project", "measure", "refund-flow", "--plain").out == (
        "2026-10-05\t3.0000\t3 days\n2026-10-20\t2.5000\t2.5 days\n2026-11-12\t1.0000\t1 day\n"
    )
    listed = [
        (each["day"], each["value"], each["number"]) for each in read(measured, "project", "measure", "refund-flow")
    ]
    assert listed == [("2026-10-05", "3 days", 3.0), ("2026-10-20", "2.5 days", 2.5), ("2026-11-12", "1 day", 1.0)]


def test_measure_with_json_prints_the_new_reading(measured: "Run") -> None:
    (reading,) = json.loads(measured("project", "measure", "Refund flow", "4 hours", "--json").out)
    assert (reading["day"], reading["value"], reading["number"]) == ("2026-11-20", "4 hours", 4.0)


def test_readings_are_in_project_show_and_its_story(measured: "Run") -> None:
    measured("add", "outcome", "the next day +refund-flow", "-d", "2026-11-12")
    shown = measured("project", "show", "refund-flow").out
    assert "readings    █▇▁  3 days → 1 day\n" in shown
    assert "Tue 20 Oct  measured     2.5 days\nThu 12 Nov  measured     1 day\nThu 12 Nov  outcome" in shown
    details = read(measured, "project", "show", "refund-flow")
    assert [each["value"] for each in details["readings"]] == ["3 days", "2.5 days", "1 day"]
    turns = [each["turn"] for each in details["story"]]
    assert turns == ["started", "measured", "measured", "measured", "value"]
    assert "reading\t2026-11-12\t1.0000\t1 day\n" in measured("project", "show", "refund-flow", "--plain").out


def test_a_reading_without_a_number_is_listed_but_not_drawn(run: "Run") -> None:
    run("project", "start", "Alerts", "--measure", "how calm nights are")
    run("project", "measure", "alerts", "noisy", "-d", "mon")
    run("project", "measure", "alerts", "calm")
    assert run("project", "measure", "alerts").out == "Mon 16 Nov  noisy\nFri 20 Nov  calm\n"
    assert [each["number"] for each in read(run, "project", "measure", "alerts")] == [None, None]
    assert "readings    noisy → calm\n" in run("project", "show", "alerts").out


def test_measure_is_undone_and_redone_as_one_change(measured: "Run") -> None:
    assert "Undone: measured “2.5 days”" in measured("undo").err
    assert len(read(measured, "project", "measure", "refund-flow")) == 2
    measured("redo")
    assert len(read(measured, "project", "measure", "refund-flow")) == 3
    acts = [each["act"] for each in read(measured, "history", project_id(measured)) if not each["undone"]]
    assert acts[:3] == ["start", "measure", "measure"]


def project_id(run: "Run") -> str:
    return str(read(run, "project", "show", "refund-flow")["id"])


def test_no_readings_names_the_command(run: "Run") -> None:
    run("project", "start", "Alerts", "--measure", "pages a night")
    said = run("project", "measure", "alerts").out
    assert said == 'No readings yet. Note one with: valuelog project measure alerts "…"\n'
    assert read(run, "project", "measure", "alerts") == []


def test_measure_refuses_unknown_projects_and_future_days(measured: "Run") -> None:
    assert_one_clear_message(measured("project", "measure", "refunds", "1", fails=1), "There is no project “refunds”.")
    assert "in the future" in measured("project", "measure", "refund-flow", "1", "-d", "2026-11-21", fails=2).err
    assert "empty" in measured("project", "measure", "refund-flow", " ", fails=2).err
    assert len(read(measured, "project", "measure", "refund-flow")) == 3


def test_readings_survive_an_export_and_import(measured: "Run", home: "Path") -> None:
    file = home / "out.jsonl"
    measured("export", "jsonl", str(file))
    other = ("--journal", str(home / "other.db"))
    said = measured(*other, "import", "jsonl", str(file))
    assert "3 readings" in said.out + said.err
    before, after = (read(measured, *words, "project", "measure", "refund-flow") for words in ((), other))
    assert after == before
    again = measured(*other, "import", "jsonl", str(file))
    assert "nothing new" in again.out + again.err


def test_a_period_exports_readings_with_their_project(measured: "Run") -> None:
    lines = [json.loads(line) for line in measured("export", "jsonl", "-", "2026-11").out.splitlines()]
    assert [(each["entity"], each.get("value")) for each in lines[1:]] == [("project", None), ("measurement", "1 day")]


def test_a_deleted_project_hides_its_readings_until_undo(measured: "Run") -> None:
    measured("delete", project_id(measured))
    assert "measurement" not in measured("export", "jsonl", "-").out
    measured("undo")
    assert len(read(measured, "project", "measure", "refund-flow")) == 3


def test_purge_of_a_project_erases_its_readings(measured: "Run", journal_path: "Path") -> None:
    measured("undo")  # an undone reading is erased too
    name = project_id(measured)
    measured("delete", "--purge", name, answers=[name])
    assert b"2.5 days" not in journal_path.read_bytes()
    assert b"3 days" not in journal_path.read_bytes()


def test_undo_of_the_start_keeps_a_project_with_readings(run: "Run") -> None:
    run("project", "start", "Alerts", "--measure", "pages")
    run("project", "measure", "alerts", "9")
    run("undo", "-n", "2")
    assert read(run, "project", "list") == []
    run("redo")
    run("redo")
    assert [each["value"] for each in read(run, "project", "measure", "alerts")] == ["9"]
