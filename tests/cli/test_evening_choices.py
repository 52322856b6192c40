"""The evening: questions from the settings, similar pain points, other days, and catching up."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.makers import FRIDAY
from valuelog.journal.connection import open_to_write
from valuelog.journal.verify import find_damage
from valuelog.questions.catalogue import QuestionSettings, load_evening_questions, select_evening_questions

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ASKS = {prompt.id: prompt.text for prompt in load_evening_questions()}
TURN = select_evening_questions(FRIDAY, QuestionSettings())[-1]
"""The rotating question of that Friday."""

FOUR = [
    "Does it affect others too, or just you?",
    "What would better look like?",
    "What small thing could you try this week?",
    "Who else would be glad to see it gone?",
]


@pytest.fixture
def settings(home: "Path") -> "Path":
    """Return the path of the settings file."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def list_json(run: "Run", *words: str) -> list[Any]:
    rows: list[Any] = json.loads(run(*words, "--json").out)
    return rows


def without_blanks(asked: list[str]) -> list[str]:
    return [each for each in asked if each]


# Questions

OWN = '[[evening.own]]\nid = "customer"\nkind = "insight"\nask = "What did a customer say today?"\n'
OWN_TURN = '[[evening.own]]\nid = "walk"\nkind = "outcome"\nask = "Which walk?"\nrotates = true\n'
OTHERS_OFF = [prompt.id for prompt in load_evening_questions() if prompt.rotates]
FIXED = [ASKS[name] for name in ("activity", "improvement", "outcome", "helped", "pain")]

CHOICES = [
    ('questions = ["pain", "activity"]', [ASKS["activity"], ASKS["pain"]]),
    ('questions = ["rotating"]', [TURN.text]),
    ("questions = []", []),
    ('off = ["pain", "rotating", "activity"]', [ASKS[name] for name in ("improvement", "outcome", "helped")]),
    ('off = ["rotating"]\nask = {helped = "Whom did you carry?"}', [*FIXED[:3], "Whom did you carry?", FIXED[4]]),
    (f'ask = {{{TURN.id} = "In your own words?"}}', [*FIXED, "In your own words?"]),
    (f'off = ["rotating"]\n{OWN}', [*FIXED, "What did a customer say today?"]),
    (f'questions = ["helped", "customer"]\n{OWN}', [ASKS["helped"], "What did a customer say today?"]),
    (OWN, [*FIXED, TURN.text, "What did a customer say today?"]),
    (f'questions = ["rotating"]\noff = {OTHERS_OFF}\n{OWN_TURN}', ["Which walk?"]),
]


@pytest.mark.parametrize(("chosen", "asked"), CHOICES, ids=[chosen.partition("\n")[0] for chosen, _ in CHOICES])
def test_settings_select_evening_questions(home: "Path", settings: "Path", chosen: str, asked: list[str]) -> None:
    settings.write_text(f"[evening]\n{chosen}\n")
    evening = run_with_answers(home)
    assert evening.code == 0
    assert without_blanks(evening.prompts) == asked


@pytest.mark.parametrize("kind", ["activity", "improvement", "outcome", "helped", "insight", "pain"])
def test_custom_question_becomes_configured_kind(home: "Path", settings: "Path", run: "Run", kind: str) -> None:
    own = f'[[evening.own]]\nid = "mine"\nkind = "{kind}"\nask = "Well?"\n'
    settings.write_text(f"[evening]\nquestions = []\n{own}")
    run_with_answers(home, answers=["a new thing entirely"])
    kinds = [one["kind"] for one in list_json(run, "list")] + ["pain"] * len(list_json(run, "pain", "list"))
    assert kinds == [kind]
    assert run_with_answers(home).prompts == []


MISTAKES = [
    ('questions = ["activty"]', "evening.questions: There is no question “activty”. Did you mean activity?"),
    ('off = ["pains"]', "evening.off: There is no question “pains”. Did you mean pain?"),
    ('ask = {helpd = "?"}', "evening.ask: There is no question “helpd”. Did you mean helped?"),
    (OWN + OWN, "evening.own: the id “customer” is already taken; choose another"),
    (OWN.replace("customer", "pain"), "evening.own: the id “pain” is already taken"),
    (OWN.replace("customer", "rotating"), "evening.own: the id “rotating” is already taken"),
]


@pytest.mark.parametrize(("chosen", "piece"), MISTAKES, ids=[piece for _, piece in MISTAKES])
def test_invalid_question_settings_are_named_and_ignored(run: "Run", settings: "Path", chosen: str, piece: str) -> None:
    settings.write_text(f"[evening]\n{chosen}\n")
    result = run("today", answers=["release notes"])
    assert f"config.toml: {piece}" in result.err.splitlines()[0]
    assert "Saved 1 answer" in result.err


# Pain points

APPROVER = "The deploy waits on one approver"


NEW = "a new one"


def answer_pain_question(home: "Path", *answers: Any) -> list[str]:  # noqa: ANN401  any answer
    """Answer only the question about pain points; return the prompts after it."""
    before = [""] * 4
    asked = run_with_answers(home, answers=[*before, *answers]).prompts
    place = asked.index(ASKS["pain"])
    return asked[place + 1 : asked.index(TURN.text)]


def test_new_pain_asks_four_questions(home: "Path", run: "Run") -> None:
    asked = answer_pain_question(home, APPROVER, "everyone", "two approvers", "ask for one", "support", "")
    assert asked == ["", *FOUR, "anything else?"]
    (pain,) = list_json(run, "pain", "list")
    answers = {name: pain[name] for name in ("text", "shared", "better", "step", "hit", "days_seen", "state")}
    assert answers == {
        "text": APPROVER,
        "shared": "everyone",
        "better": "two approvers",
        "step": "ask for one",
        "hit": "support",
        "days_seen": 1,
        "state": "planned",
    }


def test_known_pain_becomes_sighting(home: "Path", run: "Run") -> None:
    run("add", "pain", APPROVER, "-d", "wed")
    run("add", "pain", APPROVER, "-d", "thu")
    option = f"{APPROVER}\tseen twice"
    asked = answer_pain_question(home, (), "the deploy waits again", option, "")
    assert asked == ["felt again?", "anything else?", "Is it one of these?", "anything else?"]
    (pain,) = list_json(run, "pain", "list")
    assert pain["days_seen"] == 3
    assert pain["sightings"][-1] == {"day": "2026-11-20", "text": "the deploy waits again"}


def test_similar_pain_can_be_new(home: "Path", run: "Run") -> None:
    run("add", "pain", APPROVER, "-d", "wed")
    asked = answer_pain_question(home, (), "the approver of a deploy never answers", "", "", "", "ask her", "", "")
    assert asked == ["felt again?", "anything else?", "Is it one of these?", *FOUR, "anything else?"]
    pains = {pain["text"]: pain for pain in list_json(run, "pain", "list")}
    assert {text: pain["days_seen"] for text, pain in pains.items()} == {
        APPROVER: 1,
        "the approver of a deploy never answers": 1,
    }
    assert pains["the approver of a deploy never answers"]["step"] == "ask her"
    run("undo")
    assert [pain["text"] for pain in list_json(run, "pain", "list")] == [APPROVER]


def test_answer_reports_started_project(home: "Path") -> None:
    asked = run_with_answers(home, answers=["a call +refund-flow", "another +refund-flow", ""]).prompts
    assert asked.count("This starts the project refund-flow.") == 1


def test_new_pain_keeps_its_day_after_similar_one_is_purged(home: "Path", run: "Run", journal_path: "Path") -> None:
    run("add", "pain", APPROVER, "-d", "wed")
    (known,) = list_json(run, "pain", "list")
    answer_pain_question(home, (), "the approver of a deploy never answers", NEW)
    run("delete", "--purge", known["id"], answers=[known["id"]])
    (pain,) = list_json(run, "pain", "list")
    assert pain["sightings"] == [{"day": "2026-11-20", "text": "the approver of a deploy never answers"}]
    connection = open_to_write(journal_path)
    assert connection.execute("SELECT pain, day FROM sighting").fetchall() == [(pain["id"], "2026-11-20")]
    assert find_damage(connection) == []
    connection.close()


def test_new_pain_can_be_purged_completely(home: "Path", run: "Run", journal_path: "Path") -> None:
    run("add", "pain", APPROVER, "-d", "wed")
    answer_pain_question(home, (), "the approver of a deploy never answers", NEW)
    (new,) = (pain["id"] for pain in list_json(run, "pain", "list") if pain["text"] != APPROVER)
    run("delete", "--purge", new, answers=[new])
    assert b"never answers" not in journal_path.read_bytes()
    assert [(pain["text"], pain["days_seen"]) for pain in list_json(run, "pain", "list")] == [(APPROVER, 1)]
    connection = open_to_write(journal_path)
    assert find_damage(connection) == []
    connection.close()


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_pain_is_saved_if_similarity_question_is_interrupted(
    home: "Path", run: "Run", end: type[BaseException]
) -> None:
    run("add", "pain", APPROVER, "-d", "wed")
    evening = run_with_answers(home, answers=[*[""] * 4, (), "the approver of a deploy never answers", end])
    assert "Stopped. 1 answer saved" in evening.err
    texts = {pain["text"]: pain["days_seen"] for pain in list_json(run, "pain", "list")}
    assert texts == {APPROVER: 1, "the approver of a deploy never answers": 1}


# Promoting


def test_several_activities_are_promoted_one_by_one(home: "Path", run: "Run") -> None:
    for text in ("one", "two\nwith a second line", "three"):
        run("add", "activity", "-", stdin=text.encode())
    evening = run_with_answers(home, answers=["", ["one", "two"], "helped", "sam deploys alone now", "", "", ""])
    start = evening.prompts.index(ASKS["promote"])
    impact = "how big?"
    assert evening.prompts[start + 1 : start + 10] == [
        "", "one", "what is it?", "what changed?", impact, "two", "what is it?", "what changed?", impact,
    ]  # fmt: skip
    rows = {one["text"]: (one["kind"], one["evidence"]) for one in list_json(run, "list")}
    assert rows == {
        "one": ("helped", "sam deploys alone now"),
        "two\nwith a second line": ("improvement", None),
        "three": ("activity", None),
    }


# Another day


def test_evening_of_another_day_is_independent(home: "Path", run: "Run") -> None:
    run("add", "activity", "a quick one", "-d", "wed")
    evening = run_with_answers(home, "today", "-d", "wed", answers=["audit mails"])
    assert evening.err.startswith("Wed 18 Nov 2026" + " " * 50 + "1 logged so far\n  activity     a quick one\n")
    assert "Saved 1 answer for Wed 18 Nov 2026." in evening.err
    assert "  Wed 18 Nov 0 value : 2 work\n  Week so far 0 value : 2 work" in evening.out
    assert [one["day"] for one in list_json(run, "list")] == ["2026-11-18", "2026-11-18"]
    assert ASKS["activity"] in run_with_answers(home).prompts


def test_catch_up_asks_about_workdays_without_entries(home: "Path", run: "Run") -> None:
    run("add", "activity", "audit mails", "-d", "2026-11-17")
    run("off", "2026-11-18")
    answers = [False, True, "on monday", *[""] * 7, True, KeyboardInterrupt]
    evening = run_with_answers(home, "today", "--catch-up", answers=answers)
    offers = [each for each in evening.prompts if "nothing logged yet" in each]
    assert offers == [f"{day} Nov 2026: nothing logged yet. Log it now?" for day in ("Fri 13", "Mon 16", "Thu 19")]
    assert evening.code == 130
    assert evening.err.endswith("Pick up where you left off: valuelog today --date 2026-11-19\n")
    assert [(one["day"], one["text"]) for one in list_json(run, "list")] == [
        ("2026-11-16", "on monday"),
        ("2026-11-17", "audit mails"),
    ]


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_interrupted_catch_up_shows_resume_command(home: "Path", end: type[BaseException]) -> None:
    evening = run_with_answers(home, "today", "--catch-up", answers=[end])
    assert (evening.code, evening.err) == (130, "valuelog: Stopped.\nContinue with: valuelog today --catch-up\n")


def test_catch_up_with_nothing_missing(home: "Path", run: "Run") -> None:
    run("off", "2026-11-13..2026-11-19")
    assert run_with_answers(home, "today", "--catch-up").err == (
        "Nothing to catch up on: you logged every workday of the last week.\n"
    )


def test_stop_question_becomes_promise(home: "Path", run: "Run") -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    others = [prompt.id for prompt in load_evening_questions() if prompt.rotates and prompt.id != "put-down"]
    path.write_text(f'[evening]\nquestions = ["rotating"]\noff = {json.dumps(others)}\n')
    evening = run_with_answers(home, answers=["the weekly status mail", ""])
    assert evening.prompts[0] == "What will you stop doing, starting tomorrow?"
    (promise,) = list_json(run, "promise")
    assert (promise["kind"], promise["text"], promise["due"]) == ("stop", "the weekly status mail", "2026-11-27")
