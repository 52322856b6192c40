"""Friction that comes back: recognized, ticked in the evening, merged, fixed several at once, and named people."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.messages import id_in_message
from valuelog.questions.catalogue import load_evening_questions, load_weekly_talk_questions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

    Config = Callable[[str], None]

ASKS = {prompt.id: prompt.text for prompt in load_evening_questions()}
TALK_ASKS = {prompt.id: prompt.text for prompt in load_weekly_talk_questions()}
ONLY_PAIN = 'questions = ["pain"]'
NEW = "a new one"
VPN = ("VPN down", "VPN drops in every call")


def read(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


def log(run: "Run", text: str, *more: str, day: str = "mon") -> str:
    """Log a new pain point. Return the beginning of its id."""
    return id_in_message(run("pain", "add", text, "--new", "-d", day, *more).err)


def days_seen(run: "Run") -> dict[str, int]:
    return {pain["text"]: pain["days_seen"] for pain in read(run, "pain", "list")}


# Recognized


def test_error_names_two_similar_pains(run: "Run") -> None:
    first, second = (log(run, text) for text in VPN)
    refused = run("pain", "add", "the VPN drops", fails=2).err
    assert refused == (
        f"valuelog: “the VPN drops” looks like {second} “{VPN[1]}”, seen once or {first} “{VPN[0]}”, seen once."
        " Nothing was saved.\n"
        f"Say which it is: --seen {second} or --seen {first} if it's the same, --new if it isn't.\n"
    )
    line = json.dumps({"kind": "pain", "text": "the VPN drops"}).encode()
    refused = run("today", "--answers", "-", stdin=line, fails=2).err
    assert f'"seen": "{second}" or "seen": "{first}" if it\'s the same, "new": true if it isn\'t.' in refused


@pytest.mark.parametrize("command", [("pain", "add"), ("add", "pain")])
@pytest.mark.parametrize(("choice", "counts"), [(VPN[0], (2, 1, 0)), (VPN[1], (1, 2, 0)), ("", (1, 1, 1))])
def test_new_pain_is_asked_against_two(
    home: "Path", run: "Run", command: tuple[str, str], choice: str, counts: tuple[int, int, int]
) -> None:
    for text in VPN:
        log(run, text)
    answers = [f"{choice}\tseen once"] if choice else [""]
    asked = run_with_answers(home, *command, "the VPN drops", answers=answers)
    assert asked.prompts == ["Is it one of these?"]
    seen = days_seen(run)
    assert tuple(seen.get(text, 0) for text in (*VPN, "the VPN drops")) == counts
    run("undo")
    assert set(days_seen(run).values()) == {1}


@pytest.mark.parametrize(("choice", "counts"), [(VPN[0], (2, 1, 0)), (VPN[1], (1, 2, 0)), ("", (1, 1, 1))])
def test_evening_asks_against_two(
    home: "Path", run: "Run", config: "Config", choice: str, counts: tuple[int, int, int]
) -> None:
    config(f"[evening]\n{ONLY_PAIN}\n")
    for text in VPN:
        log(run, text)
    told = run_with_answers(home, answers=[(), "the VPN drops", f"{choice}\tseen once" if choice else ""])
    assert told.prompts[:4] == [ASKS["pain"], "felt again?", "anything else?", "Is it one of these?"]
    seen = days_seen(run)
    assert tuple(seen.get(text, 0) for text in (*VPN, "the VPN drops")) == counts
    assert "Saved 1 answer" in told.err
    run("undo")
    assert tuple(days_seen(run).values()) == (1, 1)


# Felt again


@pytest.fixture
def config(home: "Path") -> "Config":
    def write(text: str) -> None:
        path = home / "config" / "valuelog" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write


def test_open_pains_are_listed_to_tick(home: "Path", run: "Run", config: "Config") -> None:
    config(f"[evening]\n{ONLY_PAIN}\n")
    texts = ["printer jams", "crane is late", "badge broken", "coffee cold", "chairs squeak", "lamp flickers"]
    for text in texts:
        log(run, text, *(["--hit", "everyone"] if text == texts[0] else []))
    log(run, "already felt today", day="today")
    run("pain", "seen", log(run, "soup too salty"), "-d", "tue")
    options = ["soup too salty\tseen twice", f"{texts[0]}\tseen once"]
    told = run_with_answers(home, answers=[options, "wheel squeals", "", "", "", "", ""])
    assert told.prompts.count("felt again?") == 1
    assert "Saved 3 answers" in told.err
    seen = days_seen(run)
    assert (seen["soup too salty"], seen["printer jams"], seen["wheel squeals"]) == (3, 2, 1)
    assert sum(seen.values()) == 12
    run("undo")
    assert sum(days_seen(run).values()) == 9


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_stopping_at_the_ticks_saves_nothing(
    home: "Path", run: "Run", config: "Config", end: type[BaseException]
) -> None:
    config(f"[evening]\n{ONLY_PAIN}\n")
    log(run, "printer jams")
    assert "Nothing new was saved" in run_with_answers(home, answers=[end]).err
    assert days_seen(run) == {"printer jams": 1}


# Merged


def test_merge_moves_everything_and_is_undone_at_once(run: "Run") -> None:
    into, name = log(run, "the deploy waits"), log(run, "@anna is slow to approve", "--hit", "support", day="tue")
    run("pain", "plan", name, "ask @anna", "--by", "fri")
    before = read(run, "pain")
    said = run("pain", "merge", name, into).err
    assert said == (
        f"Merged {name} into {into} · Fri 20 Nov 2026 · 1 day and 1 step moved, seen twice · undo with: valuelog undo\n"
    )
    (merged,) = read(run, "pain")
    assert [merged[key] for key in ("text", "days_seen", "people", "hit", "step", "state")] == [
        "the deploy waits", 2, ["anna"], "support", "ask @anna", "planned",
    ]  # fmt: skip
    assert [seen["day"] for seen in merged["sightings"]] == ["2026-11-16", "2026-11-17"]
    (promise,) = read(run, "promise")
    assert promise["pain"] == merged["id"]
    assert "No pain point has an id" in run("pain", "show", name, fails=1).err
    run("undo")
    assert read(run, "pain") == before
    run("redo")
    assert read(run, "pain") == [merged]


def test_merged_journal_survives_export_and_import(run: "Run", home: "Path") -> None:
    into, name = log(run, "the deploy waits"), log(run, "@anna is slow to approve", day="tue")
    run("pain", "edit", name, "@anna never approves")
    run("pain", "merge", name, into)
    (merged,) = read(run, "pain")
    assert merged["sightings"][1]["text"] == "@anna never approves\n@anna is slow to approve"
    file = home / "out.jsonl"
    run("export", "jsonl", str(file))
    run("--journal", str(home / "other.db"), "import", "jsonl", str(file))
    assert read(run, "--journal", str(home / "other.db"), "pain") == [merged]


def test_merged_answers_are_found_exported_and_imported(run: "Run", home: "Path") -> None:
    into, name = log(run, "the deploy waits", "--better", "two approvers"), log(run, "slow", "--better", "no approval")
    run("pain", "merge", name, into)
    (merged,) = read(run, "pain")
    assert merged["better"] == "two approvers\nno approval"
    for word in ("approvers", "approval"):
        assert "the deploy waits" in run("search", word).out
    assert "no approval" in run("pain", "show", into).out
    other = ("--journal", str(home / "other.db"))
    run("export", "jsonl", str(home / "out.jsonl"))
    run(*other, "import", "jsonl", str(home / "out.jsonl"))
    assert read(run, *other, "pain") == [merged]
    assert "the deploy waits" in run(*other, "search", "approval").out


def test_merge_is_refused_for_itself_unknown_and_closed(run: "Run") -> None:
    name, other = log(run, "the deploy waits"), log(run, "printer jams")
    assert "Both ids are the same pain point" in run("pain", "merge", name, name, fails=2).err
    assert "No pain point has an id" in run("pain", "merge", name, "zzzz", fails=1).err
    assert "No pain point has an id" in run("pain", "merge", "zzzz", name, fails=1).err
    run("pain", "drop", other, "new printer")
    assert "is already closed" in run("pain", "merge", name, other, fails=1).err
    assert "is already closed" in run("pain", "merge", other, name, fails=1).err
    assert len(read(run, "pain", "list", "--all")) == 2


# Fixed


def test_one_improvement_fixes_several(run: "Run") -> None:
    first, second, third = (log(run, text) for text in ("the deploy waits", "printer jams", "crane is late"))
    run("pain", "plan", second, "call them", "--by", "fri")
    said = run("pain", "fix", first, second, "one form for @sam").err.splitlines()
    assert [line.partition(" · ")[0] for line in said[:2]] == [f"Fixed {first}", f"Fixed {second}"]
    (entry,) = read(run, "list")
    fixed = {pain["text"]: pain["fix"] for pain in read(run, "pain", "list", "--all")}
    assert fixed == {"crane is late": None, "the deploy waits": entry["id"], "printer jams": entry["id"]}
    assert read(run, "promise", "list", "--all")[0]["state"] == "kept"
    ended = {each["text"] for each in read(run, "brag")["fixed"]} | {"the deploy waits", "printer jams"}
    assert len(ended) == 2
    run("undo")
    assert len(read(run, "pain")) == 3
    assert read(run, "list") == []
    assert len(read(run, "pain", "fix", first, third, "one form")) == 2


def test_words_of_how_are_no_ids(run: "Run") -> None:
    first, second = (log(run, text) for text in ("the deploy waits", "printer jams"))
    run("pain", "fix", first, "two", "approvers", "since", "today")
    assert [entry["text"] for entry in read(run, "list")] == ["two approvers since today"]
    assert "No pain point has an id" in run("pain", "fix", second, "zz99", "one form", fails=1).err
    assert [pain["text"] for pain in read(run, "pain")] == ["printer jams"]


def test_fixing_several_is_all_or_none(run: "Run") -> None:
    first, second = (log(run, text) for text in ("the deploy waits", "printer jams"))
    run("pain", "drop", second, "gone")
    assert "is already closed" in run("pain", "fix", first, second, "one form for all", fails=1).err
    assert [pain["text"] for pain in read(run, "pain")] == ["the deploy waits"]
    assert read(run, "list") == []


def test_several_are_fixed_on_a_terminal(home: "Path", run: "Run") -> None:
    first, second = (log(run, text) for text in ("the deploy waits", "printer jams"))
    told = run_with_answers(home, "pain", "fix", first, second, answers=["one form", (), (), "no jam"])
    assert told.prompts[:3] == ["the deploy waits", "printer jams", "how was it fixed?"]
    assert read(run, "pain") == []
    assert [entry["evidence"] for entry in read(run, "list")] == ["no jam"]
    run("undo")
    stopped = run_with_answers(home, "pain", "fix", first, second, answers=[KeyboardInterrupt])
    assert f"valuelog pain fix {first} {second}" in stopped.err


# A step that didn't help


def tried(run: "Run") -> str:
    """Log a pain point that was felt again after its step was kept. Return its id."""
    name = log(run, "the deploy waits", day="2026-11-09")
    run("pain", "plan", name, "ask @tom", "--by", "2026-11-12", VALUELOG_TODAY="2026-11-10")
    (promise,) = read(run, "promise")
    run("promise", "keep", promise["id"], VALUELOG_TODAY="2026-11-12")
    run("pain", "seen", name, "-d", "tue")
    run("pain", "seen", name, "-d", "thu")
    return name


def test_step_that_did_not_help_asks_what_next(run: "Run") -> None:
    name = tried(run)
    shown = run("pain", "show", name).out
    assert "Felt again twice since “ask @tom” (kept Thu 12 Nov): what next?" in shown
    assert f'valuelog pain plan {name} "…" --by fri' in shown
    run("pain", "plan", name, "ask @anna")
    assert "what next?" not in run("pain", "show", name).out


def test_weekly_talk_asks_what_next(home: "Path", run: "Run") -> None:
    tried(run)
    asked = run_with_answers(home, "review", "--week", answers=[True, "", "the deploy waits", "ask @anna", ""]).prompts
    place = asked.index(TALK_ASKS["step"])
    assert asked[place + 1 : place + 4] == [
        "which one?",
        "Felt again twice since “ask @tom” (kept Thu 12 Nov).",
        "what next, by Fri 27 Nov?",
    ]
    assert [promise["text"] for promise in read(run, "promise")] == ["ask @anna"]


# People


def test_people_of_pains_are_shown_and_selected(run: "Run", config: "Config") -> None:
    name, other = log(run, "waiting for @Sam"), log(run, "printer jams")
    run("pain", "seen", name, "this time @anna too", "-d", "tue")
    assert [pain["people"] for pain in read(run, "pain")] == [["anna", "sam"], []]
    assert "people      @anna, @sam" in run("pain", "show", name).out
    config('[people]\nsam = ["samuel"]\n')
    for person in ("anna", "@Sam", "samuel"):
        assert [pain["text"] for pain in read(run, "pain", "list", "--person", person)] == ["waiting for @Sam"]
    run("pain", "drop", other, "it's @tom's now")
    assert read(run, "pain", "list", "--person", "tom", "--all") == []
    assert "No open pain points that mention @tom." in run("pain", "list", "-p", "tom").out
    run("pain", "fix", name, "two of them")
    assert [pain["state"] for pain in read(run, "pain", "list", "-p", "anna", "--all")] == ["fixed"]
