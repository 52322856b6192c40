"""Answers that could not be saved are kept, and offered the next time."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from valuelog.cli.unsaved_answers import UnsavedFile
from valuelog.journal.errors import DiskFull
from valuelog.journal.store import Journal
from valuelog.model.entry import Kind
from valuelog.workflows.answers import Answer
from valuelog.workflows.unsaved import STILL_KEPT

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
        run_with_answers(home, answers=[True, "second"])
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


VALID = {"day": "2026-11-19", "kind": "activity", "text": "audit mails", "question": "activity", "target": None}
INVALID: "list[dict[str, Any]]" = [
    {"day": "2026-11-21"},
    {"day": "1899-12-31"},
    {"day": 20261119},
    {"kind": "fix"},
    {"kind": ["activity"]},
    {"kind": "evidence"},
    {"kind": "text", "target": "abcdefghjk"},
    {"kind": "state = 'x' --", "target": "abcdefghjk"},
    {"kind": "activity", "target": "abcdefghjk"},
    {"kind": "better", "target": ["a"]},
    {"kind": "better", "target": ""},
    {"kind": "better", "target": "\ud800"},
    {"text": ""},
    {"text": None},
    {"text": ["audit mails"]},
    {"text": "\x1b[31m"},
    {"text": "\ud800"},
    {"question": 1},
    {"question": "\x00"},
]


def write_lines(kept: "Path", journal: "Path", *records: "dict[str, Any]", before: bytes = b"") -> bytes:
    """Write answers for a journal to the file, after some bytes; return its content."""
    lines = [json.dumps({"journal": str(journal.resolve()), **VALID, **record}) + "\n" for record in records]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(before + "".join(lines).encode())
    return kept.read_bytes()


def unsaved_file(kept: "Path", journal: "Path") -> UnsavedFile:
    return UnsavedFile(kept, journal, date(2026, 11, 20))


@pytest.mark.parametrize("invalid", INVALID, ids=str)
def test_invalid_line_is_not_offered_and_left_alone(
    home: "Path", kept: "Path", journal_path: "Path", invalid: "dict[str, Any]"
) -> None:
    content = write_lines(kept, journal_path, invalid)
    result = run_with_answers(home)
    assert (result.code, OFFER in result.prompts) == (0, False)
    assert kept.read_bytes() == content


def test_valid_lines_of_each_kind_are_read(kept: "Path", journal_path: "Path") -> None:
    details = ("evidence", "shared", "better", "step", "hit")
    alone = (*map(str, Kind), "pain", "stop", "start")
    records = [{"kind": kind, "target": "abcdefghjk"} for kind in details] + [{"kind": kind} for kind in alone]
    write_lines(kept, journal_path, *records, {"day": "2026-11-20"}, {"question": None})
    assert len(unsaved_file(kept, journal_path).load()) == len(details) + len(alone) + 2


def test_equal_answer_is_kept_and_offered_once(home: "Path", kept: "Path", journal_path: "Path") -> None:
    content = write_lines(kept, journal_path, {}, {})
    unsaved = unsaved_file(kept, journal_path)
    (answer,) = unsaved.load()
    assert unsaved.keep(answer)
    assert kept.read_bytes() == content
    assert run_with_answers(home, answers=[False]).prompts.count(OFFER) == 1
    assert not kept.exists()


def test_unreadable_lines_survive_and_hide_no_other(kept: "Path", journal_path: "Path") -> None:
    damaged = b"\xff\x00\r\n" + b"[" * 100_000 + b"\nno json\xc3\n[]\n"
    write_lines(kept, journal_path, {"text": "one\u2028two"}, before=damaged)
    unsaved = unsaved_file(kept, journal_path)
    (answer,) = unsaved.load()
    assert answer.text == "one\u2028two"
    other = Answer(kind=Kind.ACTIVITY, day=date(2026, 11, 20), text="二つ目", question="activity")
    assert unsaved.keep(other)
    assert unsaved.load() == (answer, other)
    assert kept.read_bytes().startswith(damaged)
    assert kept.read_bytes().rpartition(b"[]\n")[2].isascii()
    unsaved.discard(answer)
    unsaved.discard(other)
    assert kept.read_bytes() == damaged


def test_file_that_cannot_be_read_is_not_replaced(kept: "Path", journal_path: "Path") -> None:
    kept.mkdir(parents=True)
    unsaved = unsaved_file(kept, journal_path)
    answer = Answer(kind=Kind.ACTIVITY, day=date(2026, 11, 20), text="x")
    assert not unsaved.keep(answer)
    unsaved.discard(answer)
    assert (unsaved.load(), kept.is_dir()) == ((), True)


@pytest.mark.parametrize(("kind", "what"), [("evidence", "entry"), ("better", "pain point"), ("step", "pain point")])
def test_answer_about_something_deleted_stays(
    home: "Path", run: "Run", kept: "Path", journal_path: "Path", kind: str, what: str
) -> None:
    run("add", "outcome" if kind == "evidence" else "pain", "the deploy waits")
    records = json.loads(run(*(["list"] if kind == "evidence" else ["pain", "list"]), "--json").out)
    run("delete", records[0]["id"])
    content = write_lines(
        kept, journal_path, {"kind": kind, "target": records[0]["id"]}, {"kind": kind, "target": "zz"}
    )
    result = run_with_answers(home, answers=[True, True])
    assert result.code == 0
    assert result.notes == 2 * [f"The {what} that it is about is no longer in your journal. {STILL_KEPT}"]
    assert kept.read_bytes() == content


def test_late_evidence_is_added_to_what_the_entry_has(
    home: "Path", run: "Run", kept: "Path", journal_path: "Path"
) -> None:
    run("add", "outcome", "one day instead of three", "--evidence", "the dashboard")
    (entry,) = json.loads(run("list", "--json").out)
    write_lines(kept, journal_path, {"kind": "evidence", "target": entry["id"], "text": "40 refunds"})
    run_with_answers(home, answers=[True])
    assert json.loads(run("list", "--json").out)[0]["evidence"] == "the dashboard; 40 refunds"
    assert not kept.exists()


def test_evening_continues_if_answer_still_cannot_be_saved(
    home: "Path", run: "Run", kept: "Path", journal_path: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "activity", "x")
    content = write_lines(kept, journal_path, {"kind": "activity"}, {"text": "none"})
    with monkeypatch.context() as patch:
        fill_disk(patch, after=0)
        result = run_with_answers(home, answers=[True, True])
    assert [note.partition(":")[0] for note in result.notes] == [
        "The disk is full",
        f"“none” alone says nothing. {STILL_KEPT}",
    ]
    assert result.prompts.count(OFFER) == 2
    assert kept.read_bytes() == content


def test_answer_is_discarded_once_saved_if_its_follow_up_is_interrupted(
    home: "Path", run: "Run", kept: "Path", journal_path: "Path"
) -> None:
    write_lines(kept, journal_path, {"kind": "outcome"})
    assert run_with_answers(home, answers=[True, KeyboardInterrupt]).code == 130
    assert not kept.exists()
    assert len(json.loads(run("list", "--json").out)) == 1


def test_answers_follow_a_moved_journal(home: "Path", run: "Run", kept: "Path", journal_path: "Path") -> None:
    run("add", "activity", "x")
    other = json.dumps({"journal": "/other.db", **VALID}).encode() + b"\n\xff\n"
    write_lines(kept, journal_path, {}, before=other)
    run("move", str(home / "new"))
    assert kept.read_bytes().startswith(other)
    moved = home / "new" / journal_path.name
    assert len(unsaved_file(kept, moved).load()) == 1
    moved.rename(home / "notes.db")
    run("config", "set", "journal", str(home / "notes.db"))
    assert OFFER in run_with_answers(home, answers=[True]).prompts


def test_answers_stay_with_a_journal_that_still_exists(
    home: "Path", run: "Run", kept: "Path", journal_path: "Path"
) -> None:
    run("add", "activity", "x")
    run("--journal", str(home / "notes.db"), "add", "activity", "y")
    content = write_lines(kept, journal_path, {})
    run("config", "set", "journal", str(home / "notes.db"))
    assert kept.read_bytes() == content
