"""When it counts: whom and what a brag credits with what, and that each gap has the command that fills it."""

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Run


def found(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


def test_only_what_belongs_to_a_project_stands_with_it(run: "Run") -> None:
    for name in ("one", "two"):
        run("project", "start", name, "--problem", "slow", "--measure", "days")
    run("add", "outcome", "answers in a day", "--evidence", "214 cases")
    run("add", "outcome", "answers in a day +one")
    run("add", "outcome", "answers in a day +two")
    assert len(gaps(run("brag").out)) == 2
    for project in found(run, "brag")["projects"]:
        own = {entry["id"] for entry in found(run, "list", "--project", project["slug"])}
        assert {name for deed in project["told"] for name in deed["entries"]} == own
    (loose,) = found(run, "brag")["outcomes"]["told"]
    assert (loose["evidence"], loose["times"]) == (["214 cases"], 1)


def test_everybody_for_whom_something_works_better_is_counted(run: "Run") -> None:
    for whom in ("customers", "coworkers", "coworkers"):
        run("add", "improvement", "faster build", "--for", whom)
    run("add", "improvement", "a clear page", "--for", "customers", "--for", "coworkers", "--for", "company")
    document = run("brag").out
    assert "**For customers** (2)\n\n- a clear page – also for the company, also for co-workers – *ev" in document
    assert (
        "**For the company** (1, listed above)\n\n**For co-workers** (3, one listed above)\n\n- faster build"
        in document
    )
    assert [(one["for"], one["count"]) for one in found(run, "brag")["improved"]] == [
        ("customers", 2),
        ("company", 1),
        ("coworkers", 3),
    ]


# Gaps


def gaps(document: str) -> list[str]:
    """Return the commands that fill the gaps of a document."""
    return re.findall(r"^- .*`(valuelog [^`]*…[^`]*)`$", document.partition("\n---\n")[2], re.MULTILINE)


def marks(document: str) -> int:
    """Count what is marked as missing."""
    return len(re.findall(r"\*(?:(?:evidence|result|measure|problem)\?|missing)\*", document))


def test_more_gaps_than_a_screen_holds_stand_with_their_ids(run: "Run") -> None:
    for place in range(5):
        run("project", "start", f"Project {place}", "--problem", "slow")
        for number in range(4):
            run("add", "outcome", f"thing {number} of {place} +project-{place}")
    document = run("brag").out
    ((more, names),) = re.findall(
        r'^- and (\d+) more: `valuelog edit ID --evidence "…"` for (.+)$', document, re.MULTILINE
    )
    listed = gaps(document)
    on_a_terminal = re.sub(r"\x1b\[[0-9;]*m", "", run("--color", "always", "brag").out)
    assert f'and {more} more – {names}: valuelog edit ID --evidence "…"' in " ".join(on_a_terminal.split())
    assert len(names.split(", ")) == int(more)
    assert marks(document) == sum(command.count("…") for command in listed) + int(more)
    assert not {f'valuelog edit {name} --evidence "…"' for name in names.split(", ")} & set(listed)
    for name in names.split(", "):
        run("edit", name, "--evidence", f"number {name}")
        assert f"evidence: number {name}" in run("brag").out


def test_each_gap_is_marked_and_has_a_command_that_fills_it(quarter: "Run") -> None:
    document = quarter("brag").out
    assert "- **Result:** *missing*" in document
    assert "- **Measure:** *missing*" in document
    assert marks(document) == sum(command.count("…") for command in gaps(document))
    assert [gap["command"] for gap in found(quarter, "brag")["gaps"]] == gaps(document)
    for filled in range(40):
        if not (left := gaps(quarter("brag").out)):
            break
        quarter(*shlex.split(left[0].replace("…", f"number {filled}"))[1:])
        assert left[0] not in gaps(quarter("brag").out)
    assert "?*" not in quarter("brag").out
    assert found(quarter, "brag")["gaps"] == []
    assert "To fill in before" not in quarter("brag").out


def test_what_a_point_lacks_can_be_filled(quarter: "Run") -> None:
    def lacking(source: str) -> list[Any]:
        return [point for point in found(quarter, "brief", "--quarter")["points"]
                if point["missing"] and point["source"] == source]  # fmt: skip

    (pain,) = lacking("pain")
    quarter(*shlex.split(pain["command"].replace("…", "the team"))[1:])
    assert lacking("pain") == []
    insight = lacking("insight")[0]
    words = shlex.split(insight["command"])[1:]
    quarter(*words, "nobody reads it. It costs three teams an hour. Let us stop it.")
    assert insight["id"] not in [point["id"] for point in lacking("insight")]
