"""Answers that could not be saved are kept, and offered the next time."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from valuelog.journal.errors import DiskFull
from valuelog.journal.store import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

OFFER = "This answer could not be saved. Save it now?"


@pytest.fixture
def kept(home: "Path") -> "Path":
    """Return the file of answers that could not be saved."""
    return home / "state" / "valuelog" / "unsaved-answers.jsonl"


def fill_disk(monkeypatch: pytest.MonkeyPatch, *, after: int, interrupts: bool = False) -> None:
    """Let every write after some fail as if the disk were full, or be interrupted while it waits for a lock."""
    write = Journal.write
    done: list[object] = []

    def write_or_fail(journal: Journal, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401  passed on
        if len(done) == after:
            raise KeyboardInterrupt if interrupts else DiskFull(journal.path)
        done.append(args)
        return write(journal, *args, **kwargs)

    monkeypatch.setattr(Journal, "write", write_or_fail)


def test_answer_is_kept_and_offered_again(
    home: "Path", run: "Run", kept: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fill_disk(patch, after=1)
        result = run_with_answers(home, answers=["audit mails", "二つ目 🎉 with @lee"])
        assert result.code == 1
    assert result.err.endswith(
        "Free some space, then try again.\nYour answer is kept: valuelog today asks about it again.\n"
    )
    assert kept.stat().st_mode & 0o777 == 0o600
    result = run_with_answers(home, answers=[True])
    assert result.prompts[:2] == ["“二つ目 🎉 with @lee”", OFFER]
    assert not kept.exists()
    entries = json.loads(run("list", "--json").out)
    assert [entry["text"] for entry in entries] == ["audit mails", "二つ目 🎉 with @lee"]
    assert (entries[1]["people"], entries[1]["question"]) == (["lee"], "activity")
    assert OFFER not in run_with_answers(home, "today", "--again").prompts


def test_answer_may_be_dropped_and_keeps_its_day_and_journal(
    home: "Path", run: "Run", kept: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fill_disk(patch, after=0)
        run_with_answers(home, "today", "--date", "2026-11-18", answers=["first"])
        run_with_answers(home, answers=["second"])
    other = run_with_answers(home, "--journal", str(home / "other.db"), "today")
    assert OFFER not in other.prompts
    result = run_with_answers(home, answers=[True, False])
    assert result.prompts.count(OFFER) == 2
    assert not kept.exists()
    assert [(entry["day"], entry["text"]) for entry in json.loads(run("list", "--json").out)] == [
        ("2026-11-18", "first")
    ]


def test_follow_up_answers_are_kept_too(
    home: "Path", run: "Run", kept: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[evening]\nquestions = ["outcome", "pain"]\n')
    with monkeypatch.context() as patch:
        fill_disk(patch, after=1)
        run_with_answers(home, answers=["one day instead of three", "", "median of 40 refunds"])
    with monkeypatch.context() as patch:
        fill_disk(patch, after=2)
        run_with_answers(home, answers=[True, "the deploy waits", "", "", "ask for a second approver"])
    (line,) = kept.read_text().splitlines()
    assert json.loads(line)["kind"] == "step"
    run_with_answers(home, answers=[True])
    (promise,) = json.loads(run("promise", "list", "--json").out)
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["text"], entry["evidence"]) == ("one day instead of three", "median of 40 refunds")
    assert (promise["text"], promise["due"]) == ("ask for a second approver", "2026-11-27")


def test_answer_is_kept_if_waiting_for_the_journal_is_interrupted(
    home: "Path", kept: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fill_disk(patch, after=0, interrupts=True)
        result = run_with_answers(home, answers=["audit mails"])
    assert (result.code, kept.exists()) == (130, True)
    assert result.err.endswith(
        "Stopped before your last answer was saved.\nYour answer is kept: valuelog today asks about it again.\n"
    )


@pytest.mark.parametrize("damaged", ["", "{", "[]\n{}\n", '{"journal": 1}', "\x00\xff"])
def test_damaged_file_is_ignored(home: "Path", kept: "Path", damaged: str) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(damaged.encode("latin-1"))
    result = run_with_answers(home, answers=["audit mails"])
    assert result.code == 0
    assert OFFER not in result.prompts
