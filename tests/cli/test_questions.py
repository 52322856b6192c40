"""Questions: each entry remembers which one it answers; learning, plans and opinions move no score."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.makers import FRIDAY, ScriptedPrompter
from support.messages import assert_one_clear_message
from valuelog.questions.catalogue import QuestionSettings, load_evening_questions, select_evening_questions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conftest import Run

ROTATING = {question.id: question for question in load_evening_questions() if question.rotates}


def listed(run: "Run", *words: str) -> list[Any]:
    found: list[Any] = json.loads(run(*(words or ("list",)), "--json").out)
    return found


def only(home: "Path", question_id: str, more: str = "") -> None:
    """Let the evening ask one rotating question."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    others = [each for each in ROTATING if each != question_id]
    path.write_text(f'[evening]\nquestions = ["rotating"]\noff = {json.dumps(others)}\n{more}')


def score(run: "Run") -> tuple[int, int]:
    found = json.loads(run("review", "--week", "--json").out)["score"]
    return found["value"], found["work"]


# The catalogue

BECOMES = {
    **dict.fromkeys(("pattern", "worry", "unmissed", "purpose", "finish-line", "proposal", "chosen"), "insight"),
    **dict.fromkeys(("only-you", "written-down", "early-question"), "helped"),
    **dict.fromkeys(("without-you", "repaired-workflow", "handed-over"), "improvement"),
    **dict.fromkeys(("level-up", "pushed-back", "raised"), "outcome"),
    "unclear-problem": "start",
    "put-down": "stop",
    "same-friction": "pain",
    "learned": "learned",
    "proof": "evidence",
}


def test_rotating_questions_become_what_they_are() -> None:
    assert {name: str(question.becomes) for name, question in ROTATING.items()} == BECOMES


@pytest.mark.parametrize("question_id", [name for name in BECOMES if name != "proof"])
def test_only_what_you_did_becomes_value(home: "Path", run: "Run", question_id: str) -> None:
    only(home, question_id)
    run_with_answers(home, answers=["the refund flow"])
    assert score(run) == (int(BECOMES[question_id] in {"helped", "improvement", "outcome"}), 0)


def test_vague_problem_becomes_promise_to_start(home: "Path", run: "Run") -> None:
    only(home, "unclear-problem")
    run_with_answers(home, answers=["why refunds take a week"])
    (promise,) = listed(run, "promise")
    assert (promise["kind"], promise["text"], promise["due"]) == ("start", "why refunds take a week", "2026-11-27")


# Learned


def test_learned_flag_and_kind_move_no_score(run: "Run") -> None:
    run("today", "--learned", "how Postgres plans a merge join", "--activity", "migrations")
    run("add", "learned", "how to read a flame graph")
    assert [(one["kind"], one["side"]) for one in listed(run)] == [
        ("activity", "work"), ("learned", None), ("learned", None),
    ]  # fmt: skip
    assert score(run) == (0, 1)
    run("undo")
    run("undo")
    assert listed(run) == []


def test_learned_flag_answers_its_question(home: "Path", run: "Run") -> None:
    only(home, "learned")
    run("today", "--learned", "how Postgres plans a merge join")
    assert run_with_answers(home).prompts == []


# Which question


def test_evening_remembers_the_question_of_each_answer(home: "Path", run: "Run") -> None:
    day = next(
        day
        for day in (FRIDAY - timedelta(days=back) for back in range(60))
        if select_evening_questions(day, QuestionSettings())[-1].id == "without-you"
    )
    own = '[[evening.own]]\nid = "customer"\nkind = "insight"\nask = "What did a customer say today?"\n'
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(own)
    answers = [
        *("mails", "", [], "one page", [], [], "", "", "", "in a day", "", "", "", "", "@sam can", "", ""),
        *("the release", [], [], "", "", "", "it is quick", ""),
    ]
    run_with_answers(home, "today", "--date", str(day), answers=answers)
    assert {one["text"]: one["question"] for one in listed(run, "list", str(day))} == {
        "mails": "activity", "one page": "improvement", "in a day": "outcome", "@sam can": "helped",
        "the release": "without-you", "it is quick": "customer",
    }  # fmt: skip


def test_flags_answer_the_question_of_their_kind(run: "Run") -> None:
    run("today", "--activity", "mails", "--helped", "@sam can", "--insight", "two teams, one report")
    assert [one["question"] for one in listed(run)] == ["activity", "helped", None]
    run("add", "helped", "@lee can")
    assert listed(run)[-1]["question"] is None


def test_answers_file_names_a_question(home: "Path", run: "Run") -> None:
    only(home, "without-you")
    lines = [
        {"question": "without-you", "text": "the release"},
        {"question": "without-you", "kind": "outcome", "text": "the audit", "minutes": 30},
        {"question": "same-friction", "text": "the deploy waits"},
        {"question": "put-down", "text": "the status mail"},
        {"kind": "helped", "text": "@sam can"},
    ]
    closed = run("today", "--answers", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    assert "Saved 5 answers " in closed.err
    assert [(one["kind"], one["question"]) for one in listed(run)] == [
        ("improvement", "without-you"), ("outcome", "without-you"), ("helped", "helped"),
    ]  # fmt: skip
    assert [one["text"] for one in listed(run, "pain")] == ["the deploy waits"]
    assert [(one["kind"], one["due"]) for one in listed(run, "promise")] == [("stop", "2026-11-27")]
    assert run_with_answers(home).prompts == []
    run("undo")
    assert listed(run) == listed(run, "pain") == listed(run, "promise") == []


def test_answers_file_names_a_custom_question(home: "Path", run: "Run") -> None:
    only(home, "pattern", '[[evening.own]]\nid = "customer"\nkind = "insight"\nask = "What did a customer say?"\n')
    run("today", "--answers", "-", stdin=b'{"question": "customer", "text": "it is quick"}')
    assert [(one["kind"], one["question"]) for one in listed(run)] == [("insight", "customer")]


WRONG = [
    ({"question": "without-me", "text": "x y"}, "There is no question “without-me”. Did you mean without-you?"),
    ({"question": "promote", "text": "x y"}, "There is no question “promote”."),
    ({"question": 3, "text": "x y"}, "“question” must be text."),
    ({"question": "put-down", "text": "x y", "minutes": 3}, "“minutes” is only for entries."),
    ({"question": "put-down", "text": ""}, "The text is empty."),
    (
        {"question": "level-up", "text": "x y", "target": "k3"},
        "“target” is only for a question about an earlier result.",
    ),
    ({"question": "proof", "text": "x y", "target": "k3", "tags": ["a"]}, "“tags” is only for entries."),
    ({"question": "proof", "text": "x y", "target": "k3", "kind": "outcome"}, "“target” is only for a question about"),
    ({"question": "proof", "text": "x y", "target": 3}, "“target” must be text."),
]


@pytest.mark.parametrize(("line", "piece"), WRONG, ids=[piece for _, piece in WRONG])
def test_invalid_question_in_answers_file_is_named(run: "Run", line: dict[str, Any], piece: str) -> None:
    said = run("today", "--answers", "-", stdin=json.dumps(line).encode(), fails=2)
    assert f"Line 1 of the answers: {piece}" in said.err
    assert listed(run) == []


def test_question_survives_jsonl(run: "Run", tmp_path: "Path") -> None:
    run("today", "--answers", "-", stdin=b'{"question": "without-you", "text": "the release"}')
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    run("export", "jsonl", str(first))
    assert '"question":"without-you"' in first.read_text()
    other = str(tmp_path / "other.db")
    run("import", "jsonl", str(first), VALUELOG_JOURNAL=other)
    assert json.loads(run("list", "--json", VALUELOG_JOURNAL=other).out)[0]["question"] == "without-you"
    run("export", "jsonl", str(second), VALUELOG_JOURNAL=other)
    assert first.read_bytes() == second.read_bytes()


# Proof of an earlier result

PROOF = ROTATING["proof"].text
ANOTHER, NONE = "another one", "none"


@pytest.fixture
def claims(home: "Path", run: "Run") -> "Run":
    """Log results with and without evidence, and let the evening ask for proof only."""
    run("add", "outcome", "refunds take a day", "-d", "2026-11-10")
    run("add", "improvement", "the checklist is one page", "-d", "2026-11-12", "--evidence", "yes")
    run("add", "outcome", "proven already", "-d", "2026-11-13", "--evidence", "214 cases")
    run("add", "insight", "no result", "-d", "2026-11-13")
    run("add", "activity", "no result either", "-d", "2026-11-13")
    run("add", "helped", "too old", "-d", "2026-10-22")
    run("add", "helped", "@sam runs it", "-d", "2026-10-23")
    run("add", "outcome", "only today", "-d", "2026-11-20")
    only(home, "proof")
    return run


def evidence(run: "Run") -> dict[str, str | None]:
    return {one["text"]: one["evidence"] for one in listed(run, "list", "2026")}


CHECKLIST = "the checklist is one page\tThu 12 Nov"
REFUNDS = "refunds take a day\tTue 10 Nov"
SAM = "@sam runs it\tFri 23 Oct"


def test_proof_offers_recent_claims_and_adds_evidence(claims: "Run", home: "Path") -> None:
    before = listed(claims, "list", "2026")
    sat = run_with_answers(home, answers=[REFUNDS, "median of 214 cases"])
    assert sat.prompts == [PROOF, "which one?", "how do you know?"]
    assert "Saved 1 answer " in sat.err
    assert evidence(claims)["refunds take a day"] == "median of 214 cases"
    assert len(listed(claims, "list", "2026")) == len(before)
    assert run_with_answers(home).prompts == []
    claims("undo")
    assert listed(claims, "list", "2026") == before
    assert run_with_answers(home).prompts == [PROOF, "which one?"]


@pytest.mark.parametrize("option", [CHECKLIST, REFUNDS, SAM])
def test_proof_offers_each_unproven_result(claims: "Run", home: "Path", option: str) -> None:
    run_with_answers(home, answers=[option, "ten teams use it now"])
    assert "ten teams use it now" in (evidence(claims)[option.partition("\t")[0]] or "")


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the options of a choice, and choose the default."""
    collected: list[str] = []

    def select_one(_: object, label: str, options: "Sequence[str]", default: int = 0, **_kwargs: str) -> int:
        assert label == "which one?"
        collected.extend(options)
        return default

    monkeypatch.setattr(ScriptedPrompter, "select_one", select_one)
    return collected


@pytest.mark.usefixtures("claims")
def test_proof_offers_claims_of_four_weeks_and_nothing_else(home: "Path", offered: list[str]) -> None:
    run_with_answers(home)
    assert offered == [CHECKLIST, REFUNDS, SAM, ANOTHER, NONE]


def test_proof_offers_seven_claims_that_may_be_asked_about(home: "Path", run: "Run", offered: list[str]) -> None:
    only(home, "proof")
    for number in range(10):
        entry = {
            "entity": "entry", "id": f"k3aaaaaaa{number}", "day": f"2026-11-{number + 10}", "kind": "outcome",
            "text": f"claim {number}", "created": "2026-11-19T10:00:00.000Z", "utc_offset": 60,
            **({"ask_again": 0} if number == 8 else {}),
        }  # fmt: skip
        run("import", "jsonl", "-", stdin=json.dumps(entry).encode())
    run_with_answers(home)
    assert [option.partition("\t")[0] for option in offered] == [
        *(f"claim {number}" for number in (9, 7, 6, 5, 4, 3, 2)), ANOTHER, NONE,
    ]  # fmt: skip


def test_proof_keeps_earlier_evidence(claims: "Run", home: "Path") -> None:
    run_with_answers(home, answers=[CHECKLIST, "two releases without a question"])
    assert evidence(claims)["the checklist is one page"] == "yes; two releases without a question"


@pytest.mark.parametrize("answers", [[], [NONE], [REFUNDS], [REFUNDS, "no"]])
def test_proof_can_be_skipped(claims: "Run", home: "Path", answers: list[str]) -> None:
    before = listed(claims, "list", "2026")
    assert "Saved" not in run_with_answers(home, answers=answers).err
    assert listed(claims, "list", "2026") == before
    assert run_with_answers(home).prompts == []


def test_proof_without_a_pick_becomes_insight(claims: "Run", home: "Path") -> None:
    run_with_answers(home, answers=[ANOTHER, "last year's runbook", ""])
    assert [(one["kind"], one["question"]) for one in listed(claims) if "runbook" in one["text"]] == [
        ("insight", "proof")
    ]


def test_proof_without_results_becomes_insight(home: "Path", run: "Run") -> None:
    only(home, "proof")
    assert run_with_answers(home, answers=["last year's runbook", ""]).prompts == [PROOF, "", ""]
    assert [(one["kind"], one["question"]) for one in listed(run)] == [("insight", "proof")]


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
@pytest.mark.parametrize("answers", [[], [REFUNDS], [ANOTHER]])
def test_interrupted_proof_is_asked_again(
    claims: "Run", home: "Path", answers: list[str], end: type[BaseException]
) -> None:
    before = listed(claims, "list", "2026")
    sat = run_with_answers(home, answers=[*answers, end])
    assert sat.code == 130
    assert "Nothing new was saved" in sat.err
    assert listed(claims, "list", "2026") == before
    assert PROOF in run_with_answers(home).prompts


def test_answers_file_adds_evidence_to_target(claims: "Run", home: "Path") -> None:
    name = next(one["id"] for one in listed(claims, "list", "2026") if one["text"] == "refunds take a day")
    line = {"question": "proof", "target": name, "text": "median of 214 cases"}
    lines = [line, {**line, "text": "nobody called"}]
    claims("today", "--answers", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    assert evidence(claims)["refunds take a day"] == "median of 214 cases; nobody called"
    assert run_with_answers(home).prompts == []
    claims("undo")
    assert evidence(claims)["refunds take a day"] is None


def test_answers_file_without_target_becomes_insight(claims: "Run") -> None:
    claims("today", "--answers", "-", stdin=b'{"question": "proof", "text": "the old runbook"}')
    assert [(one["kind"], one["question"]) for one in listed(claims) if "runbook" in one["text"]] == [
        ("insight", "proof")
    ]


def test_answers_file_with_wrong_target_saves_nothing(claims: "Run") -> None:
    ids = {one["text"]: one["id"] for one in listed(claims, "list", "2026")}
    claims("pain", "add", "the deploy waits")
    pain = listed(claims, "pain")[0]["id"]
    before = listed(claims, "list", "2026")
    for target, piece, fails in (
        (ids["no result either"], "“no result either” is logged as activity, which needs no evidence.", 2),
        (ids["no result"], "is logged as insight, which needs no evidence.", 2),
        (pain, "is a pain point, not an entry.", 2),
        ("zzzzzz", "has an id that begins with “zzzzzz”.", 1),
    ):
        line = json.dumps({"question": "proof", "target": target, "text": "214 cases"})
        more = json.dumps({"kind": "helped", "text": "@lee can"})
        said = claims("today", "--answers", "-", stdin=f"{more}\n{line}".encode(), fails=fails)
        assert_one_clear_message(said, piece)
    assert listed(claims, "list", "2026") == before
