"""brag and brief: JSON keys, plain records, the points of a brief, and awkward journals."""

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from support.makers import FRIDAY, make_entry
from support.sample_quarter import (
    fixed_ids,
    make_sample_pain,
    make_sample_project,
    open_sample_journal,
    write_pain,
    write_project,
)
from valuelog.analysis.brag import MAX_DETAILED_PROJECTS
from valuelog.journal import entries
from valuelog.model.entry import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


# Keys and records

ACHIEVEMENT_KEYS = [
    "text",
    "times",
    "first",
    "last",
    "people",
    "effects",
    "beneficiaries",
    "evidence",
    "project",
    "ended",
    "entries",
]
KEYS = {
    "brag": ["period", "projects", "outcomes", "people", "also", "helped", "improved", "insights", "fixed", "learned",
             "requests", "next_level", "stopped", "level", "highlights", "audience", "name", "expectations",
             "dropped", "score", "evidence", "coverage", "gaps"],
    "brag.projects.0": ["id", "slug", "name", "state", "started_on", "problem", "measure", "aim", "closed_on", "result",
                        "evidence", "lesson", "missing", "told", "more"],
    "brag.projects.0.told.0": ACHIEVEMENT_KEYS,
    "brag.outcomes": ["told", "more"],
    "brag.people.0": ["name", "helped", "told", "more"],
    "brag.improved.0": ["for", "count", "told", "more"],
    "brag.evidence": ["with", "of"],
    "brag.coverage": ["workdays", "written"],
    "brag.gaps.0": ["missing", "of", "id", "command"],
    "brief": ["period", "points", "more"],
    "brief.points.0": ["source", "id", "noticed", "facts", "meaning", "proposal", "raised_on", "missing", "command"],
}  # fmt: skip


@pytest.mark.parametrize(("place", "keys"), KEYS.items(), ids=list(KEYS))
def test_brag_and_brief_json_keys(quarter: "Run", place: str, keys: list[str]) -> None:
    command, *steps = place.split(".")
    value = read_json(quarter, command)
    for step in steps:
        value = value[int(step) if step.isdecimal() else step]
    assert list(value) == keys


def test_brag_and_brief_plain_records(quarter: "Run") -> None:
    records = [line.split("\t") for line in quarter("brag", "--plain").out.splitlines()]
    assert records[0] == ["period", "2026-Q4", "2026-10-01", "2026-12-31"]
    assert records[1] == [
        "project", "refund-flow", "closed", "days until the money is back", "one day instead of three",
        "median of 214 cases",
    ]  # fmt: skip
    names = {"period", "project", "outcome", "person", "helped", "improvement", "insight", "score", "evidence",
             "coverage", "gap"}  # fmt: skip
    assert {record[0] for record in records} == names
    points = [line.split("\t") for line in quarter("brief", "--plain").out.splitlines()]
    assert {len(point) for point in points} == {6}
    assert points[0][0] == "pain"


# Brief


def test_brief_has_points_of_every_source_but_no_activities(quarter: "Run") -> None:
    points = read_json(quarter, "brief")["points"]
    assert 3 <= len(points) <= 7
    assert {point["source"] for point in points} == {"result", "insight", "pain", "project"}
    first = points[0]
    assert (first["noticed"], first["facts"]) == (
        "Two tools want the same hours typed in",
        ["seen 3 times since Tue 3 Nov"],
    )
    assert first["meaning"] == "it affects everyone in delivery"
    assert first["proposal"] == "one tool reads from the other; ask the vendor for the export"
    assert "weekly planning" not in quarter("brief").out


def test_brief_mentions_a_growing_project(run: "Run", journal_path: "Path") -> None:
    journal, names = open_sample_journal(journal_path), fixed_ids()
    write_project(journal, make_sample_project(aim="one day", id=next(names)))
    kinds = {Kind.ACTIVITY: date(2026, 10, 1), Kind.INSIGHT: date(2026, 9, 1), Kind.IMPROVEMENT: date(2026, 11, 5)}
    entries.add(
        journal,
        [
            make_entry(
                id=next(names),
                day=day + timedelta(days=place % 5),
                kind=kind,
                text=f"{kind} {place}",
                project="refund-flow",
            )
            for kind, day in kinds.items()
            for place in range(12 if kind is not Kind.INSIGHT else 1)
        ],
    )
    journal.close()
    point, *results = sorted(read_json(run, "brief")["points"], key=lambda each: each["source"] != "project")
    assert {result["source"] for result in results} == {"result"}
    assert (point["noticed"], point["meaning"]) == (
        "Refund flow delivers more value than before",
        "“one day” is getting closer",
    )
    assert point["facts"] == ["12 of 12 entries in 4 weeks are value, 0 of 12 before"]


def test_brief_omits_dropped_and_old_pain_points(run: "Run", journal_path: "Path") -> None:
    journal, names = open_sample_journal(journal_path), fixed_ids()
    write_pain(journal, make_sample_pain(names, "gone", FRIDAY, hit="all").mark_dropped(FRIDAY, "never mind"))
    write_pain(journal, make_sample_pain(names, "long ago", date(2026, 6, 1), hit="all"))
    journal.close()
    assert read_json(run, "brief")["points"] == []
    assert [point["noticed"] for point in read_json(run, "brief", "--year")["points"]] == ["long ago"]


def test_brief_mentions_a_stalled_project_only_in_its_period(run: "Run", journal_path: "Path") -> None:
    journal, names = open_sample_journal(journal_path), fixed_ids()
    write_project(journal, make_sample_project(aim="one day", id=next(names)))
    september = [date(2026, 9, 7) + timedelta(days=place) for place in range(6)]
    work = [make_entry(id=next(names), day=day, project="refund-flow") for day in september]
    entries.add(journal, work)
    journal.close()
    assert read_json(run, "brief", "2026-10")["points"] == []
    (point,) = read_json(run, "brief", "2026-09")["points"]
    assert point["noticed"] == "Refund flow took work but delivered no value"
    assert point["proposal"] == "name the next step toward “one day” by Fri 27 Nov, or drop the project"
    run("add", "outcome", "it moves", "--project", "refund-flow")
    (point,) = read_json(run, "brief", "2026-09")["points"]
    assert point["proposal"] == "show what has improved since"


def test_brief_explains_insights_only_if_one_is_incomplete(run: "Run") -> None:
    for day in ("2026-11-16", "2026-11-17", "2026-11-18"):
        seen = ("--seen", read_json(run, "pain", "list")[0]["id"]) if day != "2026-11-16" else ()
        run("pain", "add", "the deploy waits", "-d", day, *seen)
    assert "what could it mean?" in run("brief").err
    assert "Write an insight in three lines" not in run("brief").err
    run("add", "insight", "nobody reads it")
    assert "Write an insight in three lines" in run("brief").err
    for shown in (run("brief").out, run("--color", "always", "brief").out):
        assert "?" not in shown
        assert "valuelog" not in shown


# Empty and awkward journals


def test_brag_and_brief_of_an_empty_journal_show_first_steps(run: "Run") -> None:
    run("pain", "add", "it creates the journal")
    assert run("brag").out == (
        "# Results · Quarter 4 · Oct – Dec 2026, up to 20 Nov\n\nNo results are logged for these days yet.\n"
    )
    assert run("brag").err == "Nothing is logged for these days yet. Start with one result:  valuelog add outcome\n"
    assert run("brief").out.endswith("\n\nNothing to bring up from these days yet.\n")
    assert run("brief").err == "Start with something you noticed: valuelog add insight\n"
    assert read_json(run, "brag")["outcomes"] == {"told": [], "more": 0}
    run("add", "activity", "weekly planning")
    assert "1 activity, no value logged yet" in run("brag").err


@pytest.mark.parametrize("command", ["brag", "brief"])
def test_brag_and_brief_succeed_without_a_journal(run: "Run", command: str) -> None:
    for form in ("--json", "--plain", "--markdown"):
        assert run(command, form).code == 0


HOSTILE = "# *x* <b>|`![y](z) @sam_lee\n- 1. \u202e _z_"


def test_brag_and_brief_escape_markup(run: "Run", journal_path: "Path") -> None:
    journal, names = open_sample_journal(journal_path), fixed_ids()
    write_project(journal, make_sample_project("Refund", problem=HOSTILE, measure=HOSTILE, aim=HOSTILE, id=next(names)))
    write_pain(journal, make_sample_pain(names, HOSTILE, FRIDAY, hit=HOSTILE))
    for kind in (Kind.OUTCOME, Kind.HELPED, Kind.IMPROVEMENT, Kind.INSIGHT):
        more = {"people": ("sam_lee",), "evidence": HOSTILE, "project": "refund"}
        entries.add(journal, [make_entry(id=next(names), kind=kind, text=HOSTILE, **more)])
    journal.close()
    for command in ("brag", "brief"):
        document = run(command).out
        html = MarkdownIt().render(document)
        assert "\u202e" not in document + run("--color", "always", command).out + run(command, "--plain").out
        assert "<b>" not in html
        assert "<img" not in html
        assert "<em>x" not in html
        assert html.count("<h1>") == 1


@pytest.mark.parametrize("command", ["brag", "review"])
def test_bidi_characters_are_visible_on_pages(run: "Run", journal_path: "Path", command: str) -> None:
    journal = open_sample_journal(journal_path)
    entries.add(journal, [make_entry(kind=Kind.OUTCOME, text=HOSTILE, evidence=HOSTILE)])
    journal.close()
    page = run(command, "--html", "-").out
    assert "\u202e" not in page
    assert "⟨U+202E⟩" in page


def test_project_names_stay_literal_in_markdown(run: "Run") -> None:
    for number in range(MAX_DETAILED_PROJECTS + 1):
        run("project", "start", f"*x* <b>{number}</b>", "--problem", "slow")
        run("add", "outcome", f"result {number}", "--project", f"x-b-{number}-b")
    document = run("brag").out
    assert document.count("### ") == MAX_DETAILED_PROJECTS + 1  # and a heading for the others
    assert "<b>" not in MarkdownIt().render(document)


def test_brag_never_truncates_a_link(run: "Run") -> None:
    link = "https://example.org/" + "a/" * 120
    run("add", "outcome", "it is done", "--evidence", f"measured by the team in June: {link} and more than that")
    assert f"evidence: measured by the team in June: {link} …\n" in run("brag").out
