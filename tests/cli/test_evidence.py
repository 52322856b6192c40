"""brag and brief: periods, formats and contents, on a sample quarter and on small journals."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from support.makers import FRIDAY, make_entry
from support.messages import assert_one_clear_message
from support.sample_quarter import fixed_ids, make_sample_project, open_sample_journal, write_project
from support.terminal import Terminal
from valuelog.journal import entries
from valuelog.model.entry import Beneficiary, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


# Formats


def test_brag_and_brief_print_markdown_only_without_a_terminal(quarter: "Run") -> None:
    for command in ("brag", "brief"):
        in_a_pipe = quarter(command).out
        assert in_a_pipe == quarter(command, "--markdown").out
        assert in_a_pipe.startswith("# ")
        assert "\x1b" not in in_a_pipe
        on_a_terminal = quarter("--color", "always", command).out
        assert "\x1b[" in on_a_terminal
        assert "#" not in on_a_terminal.split("\n")[0]
        assert quarter("--color", "always", command, "--markdown").out == in_a_pipe


def test_brag_on_a_terminal(run: "Run", home: "Path") -> None:
    run("add", "outcome", "refunds take a day")
    terminal = Terminal(home, "brag")
    terminal.wait_for("Impact")
    terminal.wait_for("· refunds take a day")
    terminal.wait_for("Left out, because you haven't said it yet: 1 answer.")
    assert terminal.end() == 0


def test_brag_json_and_markdown_exclude_each_other(run: "Run") -> None:
    assert_one_clear_message(run("brag", "--json", "--markdown", fails=2), "exclude each other")


# Periods

PERIODS = [
    ("brag", "2026-Q4"),
    ("brag --quarter", "2026-Q4"),
    ("brag 2026-Q3", "2026-Q3"),
    ("brag --year", "2026"),
    ("brag --year=last", "2025"),
    ("brag --month last", "2026-10"),
    ("brag last week", "2026-W46"),
    ("brag 2026-10-05..2026-11-01", "2026-10-05..2026-11-01"),
    ("brief", "2026-10-24..2026-11-20"),
    ("brief --week", "2026-W47"),
    ("brief --quarter", "2026-Q4"),
    ("brief last 10 days", "2026-11-11..2026-11-20"),
]


@pytest.mark.parametrize(("words", "name"), PERIODS)
def test_brag_and_brief_accept_any_period(quarter: "Run", words: str, name: str) -> None:
    assert read_json(quarter, *words.split())["period"]["name"] == name
    quarter(*words.split(), "--plain")
    quarter("--color", "always", *words.split())


@pytest.mark.parametrize("command", ["brag", "brief"])
def test_brag_and_brief_refuse_a_future_period(run: "Run", command: str) -> None:
    assert_one_clear_message(run(command, "2027-Q1", fails=2), "2027")


# A quarter with two hundred entries

PAGES = 110
"""The number of lines that fit on two pages."""

WORDS = 1000


def test_brag_of_200_entries_fits_two_pages(quarter: "Run") -> None:
    assert len(read_json(quarter, "list", "2026-Q4")) >= 200
    document = quarter("brag").out
    assert len(document.splitlines()) <= PAGES
    assert len(document.split()) <= WORDS
    heads = re.findall(r"^## (.+)$", document, re.MULTILINE)
    assert heads == ["Impact", "People I helped", "Improvements", "Spotted early"]


def test_brag_of_200_different_entries_fits_two_pages(run: "Run", journal_path: "Path") -> None:
    journal, names = open_sample_journal(journal_path), fixed_ids()
    long = "a text of some length that says how something works better than it did before, and for whom"
    kinds = [kind for kind in Kind if kind is not Kind.ACTIVITY]
    for place in range(12):
        write_project(
            journal,
            make_sample_project(f"Project {place}", problem=long, measure=long, result=long, evidence=long, lesson=long,
                      closed_on=FRIDAY, id=next(names)),
        )  # fmt: skip
    written = [
        make_entry(
            id=next(names),
            kind=kinds[place % 4],
            text=f"{place} {long}",
            people=(f"person{place % 30}",),
            evidence=long if place % 3 else None,
            beneficiaries=tuple(Beneficiary)[place % 5 : place % 5 + 1],
            project=f"Project {place % 12}" if place % 3 else None,
        )
        for place in range(200)
    ]
    entries.add(journal, written)
    journal.close()
    document = run("brag").out
    assert len(document.splitlines()) <= PAGES
    assert "more\n" in document
    assert "`" not in document
    on_a_terminal = run("--color", "always", "brag").out
    for project in read_json(run, "brag")["projects"]:
        assert project["name"] in document
        assert project["name"] in on_a_terminal


def test_brag_merges_repeated_entries(quarter: "Run") -> None:
    document = quarter("brag").out
    for text in ("instead of three", "runs the release alone now", "says which field is wrong", "hired the second"):
        matching = [line for line in document.split("---")[0].splitlines() if text in line and "**Result" not in line]
        assert len(matching) <= 1, matching
    assert re.search(
        r"^- [Rr]efunds arrive in one day instead of three.*\d times since .* – evidence: 214 cases",
        document,
        re.MULTILINE,
    )


def test_brag_project_has_measure_result_and_evidence(quarter: "Run") -> None:
    section = quarter("brag").out.partition("### Refund flow (closed 12 Nov)\n\n")[2].partition("\n\n")[0]
    assert section.splitlines()[:5] == [
        "- **Problem:** refunds take three days and each becomes a call",
        "- **Measure:** days until the money is back",
        "- **Result:** one day instead of three",
        "- **Evidence:** median of 214 cases",
        "- **Lesson:** ask finance in the first week",
    ]


def test_brag_shows_a_fixed_pain_point_as_its_improvement(quarter: "Run") -> None:
    document = quarter("brag").out
    ended = "fixed “The deploy waits on one approver”, noticed 16 Oct, seen 3 times"
    assert f"- every team has two approvers – faster, {ended}\n" in document
    assert document.count("every team has two approvers") == 1


def test_brag_shows_a_fixed_pain_point_without_its_improvement(run: "Run") -> None:
    for text in ("the deploy waits", "hours are typed in twice"):
        run("pain", "add", text, "-d", "2026-11-16")
        name = read_json(run, "pain", "list")[0]["id"]
        run("pain", "fix", name, f"no longer: {text}", "--date", "2026-11-18")
    first, second = (entry["id"] for entry in read_json(run, "list"))
    run("edit", first, "--kind", "activity")
    run("delete", second)
    document, on_a_terminal = run("brag").out, run("--color", "always", "brag").out
    for line in (
        "the deploy waits (noticed 16 Nov, fixed 18 Nov): no longer: the deploy waits",
        "hours are typed in twice (noticed 16 Nov, fixed 18 Nov)",
    ):
        assert f"- {line}\n" in document
        assert f"· {line[:70]}" in on_a_terminal
    assert [pain["text"] for pain in read_json(run, "brag")["fixed"]] == [
        "the deploy waits",
        "hours are typed in twice",
    ]
    assert "fixed\t" in run("brag", "--plain").out


def test_brag_ends_with_the_score(quarter: "Run") -> None:
    last = quarter("brag", "--with-numbers").out.strip().splitlines()[-1]
    score = read_json(quarter, "brag")["score"]
    assert re.fullmatch(
        rf"\*{score['value']} value \({score['proven']} proven\) : {score['work']} work · \d+ % \(\d+ to \d+\)"
        r" · \d+ of 37 workdays logged\*",
        last,
    )


def test_brag_merges_aliases_of_a_person(run: "Run", home: "Path") -> None:
    (home / "config" / "valuelog").mkdir(parents=True)
    (home / "config" / "valuelog" / "config.toml").write_text('[people]\nsam = ["samuel", "Sam Smith"]\n')
    for text in ("@Sam leads", "@SAM leads.", "@samuel writes", "@sam-smith leads"):
        run("add", "helped", text)
    assert [(one["name"], one["helped"]) for one in read_json(run, "brag")["people"]] == [("sam", 4)]
    achievements = read_json(run, "brag")["people"][0]["told"]
    assert [(achievement["text"], achievement["times"]) for achievement in achievements] == [
        ("@sam-smith leads", 3),
        ("@samuel writes", 1),
    ]
    assert "- **@sam**, 4 times: leads – 3 times on 20 Nov; writes\n" in run("brag").out


def test_brag_of_few_entries_has_no_percentages(run: "Run") -> None:
    run("project", "start", "Refund flow", "--problem", "slow", "--measure", "days")
    run("add", "outcome", "one day +refund-flow", "--evidence", "214 cases")
    for _ in range(3):
        run("add", "activity", "a meeting +refund-flow")
    assert "*1 value (1 proven) : 3 work · 1 of 1 workday logged" in run("brag", "--with-numbers").out
    assert run("project", "show", "refund-flow").out.endswith("\n1 value (1 proven) : 3 work\n")
    run("add", "activity", "one more +refund-flow")
    assert "*1 value (1 proven) : 4 work · 20 % (4 to 62) · 1 of 1 workday logged" in run("brag", "--with-numbers").out
    assert "1 value (1 proven) : 4 work · 20 % (4 to 62)" in run("project", "show", "refund-flow").out


def test_brag_shows_the_results_of_each_of_many_projects(run: "Run", journal_path: "Path") -> None:
    journal, names = open_sample_journal(journal_path), fixed_ids()
    for place in range(9):
        write_project(
            journal,
            make_sample_project(
                f"Project {place}",
                problem="slow",
                measure=f"days of {place}",
                result=f"result {place}",
                evidence=f"proof {place}",
                closed_on=FRIDAY,
                id=next(names),
            ),
        )
    entries.add(
        journal,
        [
            make_entry(id=next(names), kind=Kind.OUTCOME, text=f"outcome {number} of {place}", evidence="yes",
                     project=f"Project {place}")
            for place in range(9)
            for number in range(3)
        ],
    )  # fmt: skip
    journal.close()
    for document in (run("brag").out, run("--color", "always", "brag").out):
        for template in (
            "days of {}",
            "result {}",
            "proof {}",
            "outcome 0 of {}",
            "outcome 1 of {}",
            "outcome 2 of {}",
        ):
            assert all(template.format(place) in document for place in range(9)), template
        assert "more" not in document
