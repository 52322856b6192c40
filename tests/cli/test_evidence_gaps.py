"""brag and brief: entries are credited to the right project and beneficiaries, and every gap can be filled."""

import json
import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Run


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


def test_brag_project_has_only_its_own_entries(run: "Run") -> None:
    for name in ("one", "two"):
        run("project", "start", name, "--problem", "slow", "--measure", "days")
    run("add", "outcome", "answers in a day", "--evidence", "214 cases")
    run("add", "outcome", "answers in a day +one")
    run("add", "outcome", "answers in a day +two")
    assert len(gap_commands(run)) == 2
    for project in read_json(run, "brag")["projects"]:
        own = {entry["id"] for entry in read_json(run, "list", "--project", project["slug"])}
        assert {name for achievement in project["told"] for name in achievement["entries"]} == own
    (loose,) = read_json(run, "brag")["outcomes"]["told"]
    assert (loose["evidence"], loose["times"]) == (["214 cases"], 1)


def test_brag_counts_every_beneficiary(run: "Run") -> None:
    for whom in ("customers", "coworkers", "coworkers"):
        run("add", "improvement", "faster build", "--for", whom)
    run("add", "improvement", "a clear page", "--for", "customers", "--for", "coworkers", "--for", "company")
    document = run("brag").out
    assert "**For customers** (2)\n\n- a clear page – also for the company, also for co-workers\n" in document
    assert (
        "**For the company** (1, listed above)\n\n**For co-workers** (3, one listed above)\n\n- faster build"
        in document
    )
    assert [(one["for"], one["count"]) for one in read_json(run, "brag")["improved"]] == [
        ("customers", 2),
        ("company", 1),
        ("coworkers", 3),
    ]


# Gaps


def gap_commands(run: "Run") -> list[str]:
    """Return the commands that fill the gaps of a document."""
    return [gap["command"] for gap in read_json(run, "brag")["gaps"]]


def test_brag_names_the_first_gaps_on_stderr_and_counts_the_others(run: "Run") -> None:
    for number in range(7):
        run("add", "outcome", f"thing {number}")
    brag = run("brag")
    assert "valuelog" not in brag.out
    assert "?" not in brag.out
    shown = [line.strip() for line in brag.err.splitlines()]
    assert shown[0].startswith("Left out, because you haven't said it yet: 7 answers.")
    assert [line for line in shown if line.startswith("valuelog edit")] == gap_commands(run)[:5]
    assert shown[-1] == "and 2 more"
    assert run("brag", "--json").err == run("brag", "--plain").err == ""


def test_every_brag_gap_has_a_command_that_fills_it(quarter: "Run") -> None:
    for filled in range(40):
        if not (left := gap_commands(quarter)):
            break
        quarter(*shlex.split(left[0].replace("…", f"number {filled}"))[1:])
        assert left[0] not in gap_commands(quarter)
    assert gap_commands(quarter) == []
    assert quarter("brag").err == ""


def test_brief_command_fills_what_a_point_is_missing(quarter: "Run") -> None:
    def incomplete_points(source: str) -> list[Any]:
        return [point for point in read_json(quarter, "brief", "--quarter")["points"]
                if point["missing"] and point["source"] == source]  # fmt: skip

    (pain,) = incomplete_points("pain")
    quarter(*shlex.split(pain["command"].replace("…", "the team"))[1:])
    assert incomplete_points("pain") == []
    insight = incomplete_points("insight")[0]
    words = shlex.split(insight["command"])[1:]
    quarter(*words, "nobody reads it. It costs three teams an hour. Let us stop it.")
    assert insight["id"] not in [point["id"] for point in incomplete_points("insight")]
