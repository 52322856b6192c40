"""`finding`, and which findings a terminal shows when: through the program, as somebody at a terminal and in a pipe."""

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from repeats import Habits, Person

from support.makers import FRIDAY

MONDAY = FRIDAY - timedelta(days=4)


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Return somebody with an empty home."""
    return Person(tmp_path, Habits(), Random(1))  # noqa: S311  no dice are thrown


@pytest.fixture
def busy(person: Person) -> Person:
    """Return somebody with two weeks of work, and value without evidence."""
    for back in (11, 10, 9, 8, 7, 4, 3, 2, 1, 0):
        day = FRIDAY - timedelta(days=back)
        log(person, day, *[f"mails {number}" for number in range(5)])
        person.run(day, "add", "outcome", f"shipped part {back}")
    return person


def log(person: Person, day: date, *texts: str) -> None:
    """Log activities from a pipe."""
    answers = "\n".join(json.dumps({"kind": "activity", "text": text}) for text in texts)
    person.run(day, "today", "--answers", "-", stdin=answers, terminal=False)


def read_json(person: Person, *args: str, day: date = FRIDAY) -> Any:  # noqa: ANN401  a JSON document
    return json.loads(person.run(day, *args, "--json"))


def review_ids(person: Person, day: date) -> list[str]:
    """Return the rules whose findings a review shows on a terminal."""
    person.run(day, "review", "--week", "--no-reflect")
    return sorted(key.partition(":")[0] for key in person.shown_findings("review", day))


def test_finding_lists_each_with_what_it_is_about_and_when_it_is_next(busy: Person) -> None:
    listed = read_json(busy, "finding")
    assert listed == read_json(busy, "finding", "list")
    assert [(each["id"], each["about"], each["next"]) for each in listed["findings"]] == [
        ("no-evidence", None, "2026-11-20"),
        ("little-help", None, "2026-11-20"),
    ]
    assert listed["findings"][0]["command"] == "valuelog evidence"
    assert listed["muted"] == []


def test_findings_in_json_say_what_they_are_about(busy: Person) -> None:
    for back in (2, 1, 0):
        seen = ["--seen", read_json(busy, "pain", "list")[0]["id"]] if back < 2 else []
        busy.run(FRIDAY - timedelta(days=back), "today", "--pain", "the deploy waits", *seen, terminal=False)
    (finding,) = [each for each in read_json(busy, "review", "--week")["findings"] if each["id"] == "recurring-pain"]
    assert list(finding) == ["id", "about", "text", "command"]
    assert finding["about"] == read_json(busy, "pain", "list")[0]["id"]


def test_snoozed_finding_is_gone_until_its_day_and_undo_brings_it_back(busy: Person) -> None:
    result = read_json(busy, "finding", "snooze", "little-help")
    assert result == {"id": "little-help", "about": None, "until": "2026-12-04", "shown": False}
    assert [each["id"] for each in read_json(busy, "review")["findings"]] == ["no-evidence"]
    assert read_json(busy, "finding")["findings"][1]["next"] == "2026-12-04"
    assert "snoozed until Fri 4 Dec" in busy.run(FRIDAY, "finding")
    busy.run(FRIDAY, "undo")
    assert [each["id"] for each in read_json(busy, "review")["findings"]] == ["no-evidence", "little-help"]
    assert read_json(busy, "finding", "snooze", "little-help", "--until", "tomorrow")["until"] == "2026-11-21"


def test_rule_can_be_turned_off_and_on(busy: Person) -> None:
    assert read_json(busy, "finding", "off", "no-evidence")["until"] is None
    listed = read_json(busy, "finding")
    assert listed["findings"][0]["next"] is None
    assert listed["muted"] == [{"id": "no-evidence", "about": None, "until": None}]
    assert "no-evidence · off" in busy.run(FRIDAY, "finding")
    assert read_json(busy, "finding", "on", "no-evidence")["shown"] is True
    assert read_json(busy, "finding")["muted"] == []
    assert read_json(busy, "finding", "on", "no-evidence")["shown"] is True
    assert "turned on" in busy.run(FRIDAY, "history")


def test_one_subject_of_a_rule_can_be_snoozed_by_its_beginning(busy: Person) -> None:
    busy.run(FRIDAY, "project", "start", "Atlas", "--problem", "p", "--measure", "m")
    busy.run(FRIDAY, "project", "start", "Refunds", "--problem", "p", "--measure", "m")
    for number in range(12):
        busy.run(FRIDAY, "add", "activity", f"plan {number}", "--project", ("atlas", "refunds")[number % 2])
    assert read_json(busy, "finding", "snooze", "stalled-project", "atl")["about"] == "atlas"
    (finding,) = [each for each in read_json(busy, "review")["findings"] if each["id"] == "stalled-project"]
    assert finding["about"] == "refunds"
    with pytest.raises(RuntimeError, match="It has findings about: atlas, refunds"):
        busy.run(FRIDAY, "finding", "snooze", "stalled-project", "zebra")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["snooze", "no-evidenc"], "Did you mean no-evidence"),
        (["snooze", "no-evidence", "--until", "today"], "is today"),
        (["snooze", "no-evidence", "--until", "yesterday"], "yesterday|past"),
    ],
)
def test_mistakes_are_explained(busy: Person, args: list[str], message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        busy.run(FRIDAY, "finding", *args)


def test_mutes_survive_an_export_and_an_import(busy: Person, tmp_path: Path) -> None:
    busy.run(FRIDAY, "finding", "snooze", "little-help")
    busy.run(FRIDAY, "finding", "off", "no-evidence")
    exported = busy.run(FRIDAY, "export", "jsonl", terminal=False)
    other = Person(tmp_path / "other", Habits(), Random(1))  # noqa: S311
    other.run(FRIDAY, "import", "jsonl", "-", stdin=exported)
    assert read_json(other, "finding")["muted"] == read_json(busy, "finding")["muted"] != []
    assert other.run(FRIDAY, "export", "jsonl", terminal=False) == exported


def test_history_and_undo_name_the_finding(busy: Person) -> None:
    busy.run(FRIDAY, "finding", "snooze", "little-help")
    assert "snoozed" in busy.run(FRIDAY, "history")
    assert "little-help" in busy.run(FRIDAY, "history")


def test_terminal_shows_a_finding_every_second_friday(busy: Person) -> None:
    assert review_ids(busy, FRIDAY) == ["little-help", "no-evidence"]
    assert review_ids(busy, FRIDAY) == ["little-help", "no-evidence"]
    shown = []
    for week in (1, 2):
        day = FRIDAY + timedelta(weeks=week)
        for back in range(5):
            log(busy, day - timedelta(days=back), *[f"calls {number}" for number in range(2)])
            busy.run(day - timedelta(days=back), "add", "outcome", f"shipped part {week}.{back}")
        shown.append(review_ids(busy, day))
    assert "no-evidence" not in shown[0]
    assert "no-evidence" in shown[1]


def test_pipes_json_and_plain_neither_read_nor_write_what_was_shown(busy: Person) -> None:
    file = busy.home / "STATE" / "valuelog" / "findings.json"
    before = file.read_bytes() if file.exists() else b""
    piped = busy.run(FRIDAY, "review", "--week", terminal=False)
    for args in (["--json"], ["--plain"], ["--markdown"]):
        busy.run(FRIDAY, "review", "--week", *args)
        if args != ["--markdown"]:
            busy.run(FRIDAY, *args)
    assert (file.read_bytes() if file.exists() else b"") == before
    busy.run(FRIDAY, "review", "--week", "--no-reflect")
    after = file.read_bytes()
    assert after != before
    assert file.stat().st_mode & 0o777 == 0o600
    next_friday = FRIDAY + timedelta(weeks=1)
    assert "evidence" in piped
    assert busy.run(FRIDAY, "review", "--week", terminal=False) == piped
    busy.run(next_friday, terminal=False)
    assert file.read_bytes() == after


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"x": 1}', b"\xff", b'{"J": {"review": {"a": [1]}}}'])
def test_broken_file_of_what_was_shown_is_like_none(busy: Person, content: bytes) -> None:
    file = busy.home / "STATE" / "valuelog" / "findings.json"
    journal = str(busy.home / "DATA" / "valuelog" / "journal.db")
    file.write_bytes(content.replace(b"J", journal.encode()))
    assert review_ids(busy, FRIDAY) == ["little-help", "no-evidence"]


def test_evening_and_bare_command_share_one_finding_a_day(busy: Person) -> None:
    busy.run(FRIDAY, "today", "--helped", "@sam runs the release alone now")
    (shown,) = busy.shown_findings("evening", FRIDAY)
    busy.run(FRIDAY)
    assert busy.shown_findings("evening", FRIDAY) == {shown}
    monday = FRIDAY + timedelta(days=3)
    busy.run(monday)
    assert shown not in busy.shown_findings("evening", monday)


def test_first_evening_is_greeted_and_not_blamed(person: Person) -> None:
    helped = [word for number in range(5) for word in ("--helped", f"@sam with part {number}")]
    shown = person.run(FRIDAY, "today", *helped)
    assert "Welcome!" in shown
    assert "▸" not in shown
    assert read_json(person, "today", "--helped", "@ann with it all")["findings"] == []
    assert "Welcome!" not in person.run(FRIDAY + timedelta(days=3), "today", "--activity", "mails")


def test_coverage_begins_with_the_first_entry_of_the_journal(person: Person) -> None:
    log(person, FRIDAY - timedelta(days=1), "mails")
    review = read_json(person, "review", "--week")
    assert review["coverage"] == {"workdays": 2, "written": 1}
    assert read_json(person, "review", "last week")["coverage"] == {"workdays": 0, "written": 0}


def test_last_week_without_review_is_named_until_wednesday(busy: Person) -> None:
    def ids(days: int) -> set[str]:
        return {each["id"] for each in read_json(busy, "review", day=FRIDAY + timedelta(days=days))["findings"]}

    assert "unreviewed-week" in ids(3)
    assert "unreviewed-week" in ids(5)
    assert "unreviewed-week" not in ids(6)
    busy.run(FRIDAY, "review", "--week", "--level", "own the roadmap")
    assert "unreviewed-week" not in ids(3)


def test_kept_promise_is_named_in_the_next_review(busy: Person) -> None:
    busy.run(FRIDAY, "promise", "make", "stop", "the Monday report")
    busy.run(FRIDAY, "promise", "keep", read_json(busy, "promise")[0]["id"])
    next_friday = FRIDAY + timedelta(weeks=1)
    log(busy, next_friday, "mails", "calls", "tickets", "plans", "mails again")
    (finding,) = [each for each in read_json(busy, "review", day=next_friday)["findings"] if each["id"] == "came-of-it"]
    assert "You stopped “the Monday report”" in finding["text"]
    assert "came-of-it" in review_ids(busy, next_friday)
    assert "came-of-it" not in review_ids(busy, next_friday + timedelta(weeks=1))


def test_stalled_project_is_named_with_its_hours(busy: Person) -> None:
    busy.run(MONDAY, "project", "start", "Atlas", "--problem", "p", "--measure", "m")
    for _ in range(5):
        busy.run(FRIDAY, "add", "activity", "plan atlas", "--project", "atlas", "-m", "90")
    (finding,) = [each for each in read_json(busy, "review")["findings"] if each["id"] == "stalled-project"]
    assert finding["text"].startswith("Atlas: 5 activities in 7h30m, no value since ")


def test_repeated_words_are_named(busy: Person) -> None:
    for _ in range(3):
        busy.run(FRIDAY, "add", "improvement", "fixed the build")
    assert "“fixed the build” is logged 3 times" in str(read_json(busy, "review")["findings"])
    busy.run(FRIDAY, "undo")
    assert "is logged" not in str(read_json(busy, "review")["findings"])
