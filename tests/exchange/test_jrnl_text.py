"""The text files of jrnl: brackets or none, both clocks, stars, bodies, and the same entries as in JSON."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exchange.test_real_tools import BERLIN, run_jrnl
from support.exchange_samples import JRNL, read_all, read_rejected, read_valid
from support.requirements import requires_program
from valuelog.exchange import UnreadableFile

if TYPE_CHECKING:
    from valuelog.exchange import Record

TEXT = """[2026-03-02 09:30:00 AM] Unblocked @sam on billing! Wrote the runbook so next time nobody waits. *
Second line: cut 3h to 20m.

[2026-11-17 09:00:00 AM] Only title no body

[2026-11-21 06:00:00 PM] Noticed deploys wait on one approver.
Asked @maya about a rota. #painpoint
"""


def test_text_gives_the_same_records_as_json() -> None:
    def key(record: "Record") -> tuple[object, ...]:
        return record.origin, record.day, record.text, record.created, "starred" in record.tags

    assert [key(record) for record in read_valid("jrnl", TEXT)] == [key(record) for record in read_valid("jrnl", JRNL)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\n\n"])
def test_text_with_any_line_ends_is_read(line_end: str, mark: str) -> None:
    text = (mark + TEXT).replace("\n", line_end).encode()
    assert [record.text for record in read_valid("jrnl", text)] == [record.text for record in read_valid("jrnl", TEXT)]


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("[2026-11-05 09:30] ", 9),
        ("2026-11-05 09:30 ", 9),
        ("[2026-11-05 09:30 PM] ", 21),
        ("[2026/11/05 9:30 a.m.] ", 9),
        ("2026-11-05 12:30 PM ", 12),
        ("[2026-11-05 12:30:00 AM] ", 0),
    ],
)
def test_both_clocks_are_read_with_and_without_brackets(written: str, hour: int) -> None:
    (record,) = read_valid("jrnl", f"{written}Title. Body\nmore\n")
    assert record.created
    assert (record.created.hour, record.created.minute) == (hour, 30)
    assert record.text == "Title. Body\nmore"
    assert record.day == date(2026, 11, 5 if hour else 4)


def test_dates_inside_an_entry_begin_no_other() -> None:
    body = "see [2026-11-04 10:00] there\n  [2026-11-04 10:00] indented\n2026-11-04 10:00 bare\n[later] not a date\n"
    (record,) = read_valid("jrnl", f"[2026-11-05 09:30] Title\n{body}\n")
    assert record.text == f"Title\n{body.strip()}"


def test_invalid_text_entries_are_rejected_alone() -> None:
    good = b"[2026-11-05 09:30] Good\n"
    for bad, reason in (
        (b"[2026-13-05 09:30] Bad\n", "“2026-13-05 09:30” is not a date and time."),
        (b"[2026-11-05 09:30] \n\n", "The text is empty."),
        (b"[2026-11-05 09:30] \xff\n", "Not valid UTF-8"),
        (b"[2026-11-05 09:30] x\n" + b"y" * 999_999 + b"\nz\n", "It has 1,000,002 bytes; the limit is 1,000,000."),
    ):
        ((location, found),) = read_rejected("jrnl", good + bad + good)
        assert location == "line 2"
        assert found.startswith(reason)
        assert len(read_all("jrnl", good + bad + good)) == 3


def test_other_dates_are_named() -> None:
    with pytest.raises(UnreadableFile, match=r"not written like 2026-11-20 09:30") as caught:
        read_all("jrnl", "[05.11.2026 09:30] Title\n")
    assert caught.value.hint.endswith("jrnl --format json > FILE")


@requires_program("jrnl")
def test_file_of_jrnl_is_read_like_its_json(tmp_path: Path) -> None:
    run_jrnl(tmp_path, "2026-03-02 at 9:30: Unblocked @sam, with “quotes” and 日本語. Then #deploy went out. *")
    run_jrnl(tmp_path, "2026-03-29 at 13:30: Late, before. Something else [2026-01-01 10:00] inside.")
    run_jrnl(tmp_path, "2026-03-30 at 23:30: Title\nBody one.\n\nBody two.")
    from_json = read_valid("jrnl", run_jrnl(tmp_path, "--format", "json"), BERLIN)
    from_text = read_valid("jrnl", (tmp_path / "journal.txt").read_bytes(), BERLIN)
    assert [(each.origin, each.text, each.created) for each in from_text] == [
        (each.origin, each.text, each.created) for each in from_json
    ]
    assert from_text[0].created == datetime(2026, 3, 2, 9, 30, tzinfo=BERLIN.zone)
