"""brag and brief: entries are credited to the right project and beneficiaries, and every gap can be filled."""

import json
import re
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
    assert len(gap_commands(run("brag").out)) == 2
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
    assert "**For customers** (2)\n\n- a clear page – also for the company, also for co-workers – *ev" in document
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


def gap_commands(document: str) -> list[str]:
    """Return the commands that fill the gaps of a document."""
    return re.findall(r"^- .*`(valuelog [^`]*…[^`]*)`$", document.partition("\n---\n")[2], re.MULTILINE)


def count_gap_marks(document: str) -> int:
    """Count the marks of missing fields."""
    return len(re.findall(r"\*(?:(?:evidence|result|measure|problem)\?|missing)\*", document))


def test_brag_lists_the_ids_of_gaps_beyond_the_limit(run: "Run") -> None:
    for place in range(5):
        run("project", "start", f"Project {place}", "--problem", "slow")
        for number in range(4):
            run("add", "outcome", f"thing {number} of {place} +project-{place}")
    document = run("brag").out
    ((more, names),) = re.findall(
        r'^- and (\d+) more: `valuelog edit ID --evidence "…"` for (.+)$', document, re.MULTILINE
    )
    commands = gap_commands(document)
    on_a_terminal = re.sub(r"\x1b\[[0-9;]*m", "", run("--color", "always", "brag").out)
    assert f'and {more} more – {names}: valuelog edit ID --evidence "…"' in " ".join(on_a_terminal.split())
    assert len(names.split(", ")) == int(more)
    assert count_gap_marks(document) == sum(command.count("…") for command in commands) + int(more)
    assert not {f'valuelog edit {name} --evidence "…"' for name in names.split(", ")} & set(commands)
    for name in names.split(", "):
        run("edit", name, "--evidence", f"number {name}")
        assert f"evidence: number {name}" in run("brag").out


def test_every_brag_gap_has_a_command_that_fills_it(quarter: "Run") -> None:
    document = quarter("brag").out
    assert "- **Result:** *missing*" in document
    assert "- **Measure:** *missing*" in document
    assert count_gap_marks(document) == sum(command.count("…") for command in gap_commands(document))
    assert [gap["command"] for gap in read_json(quarter, "brag")["gaps"]] == gap_commands(document)
    for filled in range(40):
        if not (left := gap_commands(quarter("brag").out)):
            break
        quarter(*shlex.split(left[0].replace("…", f"number {filled}"))[1:])
        assert left[0] not in gap_commands(quarter("brag").out)
    assert "?*" not in quarter("brag").out
    assert read_json(quarter, "brag")["gaps"] == []
    assert "To fill in before" not in quarter("brag").out


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
