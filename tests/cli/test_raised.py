"""`brief raised`: when an insight or a pain point was raised, what came of it, and the value that it led to."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from conftest import Run

INSIGHT = "two teams write the same report #ops"
AGREED = "both teams share one report"


@pytest.fixture
def insight_id(run: "Run") -> str:
    """Log an insight on Monday; return its id."""
    return str(json.loads(run("add", "insight", INSIGHT, "-d", "mon", "--json").out)["id"])


def show(run: "Run", entity_id: str) -> dict[str, Any]:
    return dict(json.loads(run("show", entity_id, "--json").out))


def raised(run: "Run", entity_id: str) -> tuple[Any, Any]:
    shown = show(run, entity_id)
    return shown["raised_on"], shown["raised_outcome"]


def entries(run: "Run") -> list[dict[str, Any]]:
    return list(json.loads(run("list", "2026", "--json").out))


def noticed(run: "Run") -> list[tuple[str, str | None]]:
    return [(each["noticed"], each["raised_on"]) for each in json.loads(run("brief", "--json").out)["points"]]


def test_raised_insight_keeps_the_day_and_what_came_of_it(run: "Run", insight_id: str) -> None:
    run("brief", "raised", insight_id, "-d", "tue")
    assert raised(run, insight_id) == ("2026-11-17", None)
    assert noticed(run) == [(INSIGHT, "2026-11-17")]
    assert "(raised 17 Nov)" in run("brief").out
    run("brief", "raised", insight_id, "they", "will", "think", "about", "it")
    assert raised(run, insight_id) == ("2026-11-17", "they will think about it")
    assert "raised      17 Nov: they will think about it" in run("show", insight_id).out
    assert noticed(run) == []
    run("brief", "raised", insight_id)  # once more
    assert raised(run, insight_id) == ("2026-11-20", "they will think about it")
    assert len(entries(run)) == 1


def test_raised_insight_leads_to_a_value_entry_that_names_it(run: "Run", insight_id: str) -> None:
    result = run("brief", "raised", insight_id, AGREED, "--kind", "outcome", "--json")
    assert json.loads(result.out)["id"] == insight_id
    insight, value = entries(run)
    assert (insight["kind"], insight["raised_outcome"]) == ("insight", AGREED)
    assert (value["kind"], value["day"], value["question"]) == ("outcome", "2026-11-20", "raised")
    assert value["text"] == f"{AGREED} (raised: “{INSIGHT}”)"
    assert (value["source"], value["tags"]) == ("insight", ["ops"])
    run("undo")
    assert [each["raised_on"] for each in entries(run)] == [None]
    run("redo")
    assert len(entries(run)) == 2


def test_raised_pain_point_is_no_talking_point_once_something_came_of_it(run: "Run") -> None:
    pain_id = json.loads(run("pain", "add", "the deploy waits", "--hit", "all", "--json").out)["id"]
    run("brief", "raised", pain_id)
    assert noticed(run) == [("the deploy waits", "2026-11-20")]
    run("brief", "raised", pain_id, "a second approver", "--kind", "improvement")
    assert raised(run, pain_id) == ("2026-11-20", "a second approver")
    (value,) = entries(run)
    assert (value["kind"], value["source"]) == ("improvement", "pain")
    assert noticed(run) == [("a second approver (raised: “the deploy waits”)", None)]
    run("undo")
    assert raised(run, pain_id) == ("2026-11-20", None)


def test_merged_pain_point_stays_raised(run: "Run") -> None:
    first, second = (
        json.loads(run("pain", "add", text, "--new", "--json").out)["id"] for text in ("it is slow", "it waits")
    )
    run("brief", "raised", first, "they agree", "-d", "today")
    run("pain", "merge", first, second)
    assert raised(run, second) == ("2026-11-20", "they agree")
    run("undo")
    assert raised(run, second) == (None, None)


def test_terminal_asks_what_came_of_it_and_whether_that_is_value(run: "Run", insight_id: str) -> None:
    run("brief", "raised", insight_id, answers=[AGREED, "outcome\tothers decided or acted"])
    assert [each["kind"] for each in entries(run)] == ["insight", "outcome"]
    run("undo")
    assert raised(run, insight_id) == (None, None)
    run("brief", "raised", insight_id, answers=[""])
    assert raised(run, insight_id) == ("2026-11-20", None)
    run("brief", "raised", insight_id, AGREED, answers=["not yet"])
    assert (raised(run, insight_id), len(entries(run))) == (("2026-11-20", AGREED), 1)


@pytest.mark.parametrize(("answers", "outcome"), [([KeyboardInterrupt], None), ([AGREED, EOFError], AGREED)])
def test_stopping_keeps_what_was_answered(run: "Run", insight_id: str, answers: list[Any], outcome: str | None) -> None:
    result = run("brief", "raised", insight_id, answers=answers, fails=130)
    assert "Stopped. It is saved as raised." in result.err
    assert raised(run, insight_id) == ("2026-11-20", outcome)
    run("undo")
    assert raised(run, insight_id) == (None, None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("raised", "raised needs an ID."),
        ("raised ID --kind outcome", "there are no words for that"),
        ("raised ID x --kind activity", "activity"),
        ("raised ID x -d 2026-11-13", "is too early: it was logged on Mon 16 Nov 2026"),
        ("raised VALUE x", "is logged as outcome, not as an insight or a pain point."),
        ("--kind outcome", "--date and --kind are for what you raised."),
    ],
)
def test_raised_refuses_what_makes_no_sense(run: "Run", insight_id: str, words: str, message: str) -> None:
    value_id = json.loads(run("add", "outcome", "it works", "--json").out)["id"]
    given = [{"ID": insight_id, "VALUE": value_id}.get(word, word) for word in words.split()]
    result = run("brief", *given, fails=2)
    assert message in result.err
    assert_one_clear_message(result, message)
    assert raised(run, insight_id) == (None, None)


def test_purge_erases_what_came_of_it(run: "Run", insight_id: str, journal_path: Any) -> None:  # noqa: ANN401  Path
    run("brief", "raised", insight_id, "a secret word")
    run("delete", "--purge", insight_id, answers=[insight_id])
    assert b"secret" not in journal_path.read_bytes()
