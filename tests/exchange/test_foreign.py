"""Reading the files of other tools: days, zones, stars, tags, people, minutes and origins."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, time
from typing import Any

import pytest

from support.exchange_samples import (
    BERLIN_CONTEXT,
    BRAGFILE,
    DAYONE,
    FRAMES,
    JRNL,
    KLOG,
    SAMPLES,
    TASKWARRIOR,
    TIMEWARRIOR,
    WATSON,
    load_reader,
    make_zip,
    read_all,
    read_rejected,
    read_valid,
)
from valuelog.exchange import Record, Rejected, UnreadableFile

JSON_FORMATS = sorted(set(SAMPLES) - {"csv"})


def test_jrnl_reads_titles_bodies_people_tags_and_stars() -> None:
    first, second, third = read_valid("jrnl", JRNL)
    assert first.text.split("\n")[1] == "Second line: cut 3h to 20m."
    assert (first.people, first.tags, first.day, first.kind) == (("sam",), ("starred",), date(2026, 3, 2), None)
    assert (second.text, second.location) == ("Only title no body", "record 2")
    assert (third.people, third.tags) == (("maya",), ("painpoint",))


@pytest.mark.parametrize(("clock", "day"), [("01:30", 1), ("04:00", 2), ("00:00", 2), ("", 2)])
def test_entry_of_the_night_belongs_to_the_day_before(clock: str, day: int) -> None:
    entry = {"title": "late", "body": "", "date": "2026-03-02", "time": clock, "tags": [], "starred": False}
    (records,) = read_valid("jrnl", json.dumps({"entries": [entry]}))
    assert records.day == date(2026, 3, day)


def test_origins_without_ids_are_numbered_hashes() -> None:
    entries = json.loads(JRNL)["entries"]
    origins = [record.origin for record in read_valid("jrnl", json.dumps({"entries": [entries[0], entries[1]]}))]
    more_origins = [
        record.origin for record in read_valid("jrnl", json.dumps({"entries": [entries[2], *entries[:2], entries[0]]}))
    ]
    assert more_origins[1:3] == origins
    assert more_origins[3] == f"{origins[0]}-2"
    assert all(record.startswith("jrnl:") for record in more_origins)
    assert len(set(more_origins)) == 4


def test_watson_reads_both_its_formats_alike() -> None:
    assert read_valid("watson", FRAMES) == read_valid("watson", WATSON)
    first, second = read_valid("watson", FRAMES)
    assert (first.text, first.project, first.minutes) == ("billing: runbook, docs writing", "billing", 90)
    assert first.tags == ("docs-writing", "runbook")
    assert first.origin == "watson:c77b967ea07c4b53af985a12e4dfb62b"
    assert second.text == "meetings"


def test_timewarrior_reads_ended_intervals() -> None:
    first, second = read_valid("timewarrior", TIMEWARRIOR)
    assert (first.text, first.minutes) == ('Wrote "runbook" for refunds', 90)
    assert first.tags == ("billing", "on-call", "review")
    assert second.origin == "timewarrior:20260302T100000Z"


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("20260302T080000Z", "20260302T080001Z", 1),
        ("20260302T080000Z", "20260305T080000Z", 1440),
        ("20260329T000000Z", "20260329T020000Z", 120),
    ],
)
def test_interval_takes_a_minute_to_a_day_across_dst(start: str, end: str, minutes: int) -> None:
    (records,) = read_valid("timewarrior", json.dumps([{"start": start, "end": end, "tags": ["a"]}]))
    assert records.minutes == minutes


def test_taskwarrior_reads_completed_tasks_with_annotations() -> None:
    (records,) = read_valid("taskwarrior", TASKWARRIOR)
    assert (records.text, records.project, records.tags) == ("Refund runbook\nhelped Sam", "billing", ("value",))
    assert records.day == date(2026, 11, 22)
    assert records.origin == "taskwarrior:d20c3ffd-bc40-4d18-848a-9c25b4d6405e"


def test_zone_of_the_context_decides_the_day() -> None:
    context = replace(BERLIN_CONTEXT, zone=UTC, day_ends_at=time())
    task = [{"status": "completed", "description": "a", "end": "20261122T233000Z", "uuid": "a"}]
    assert read_valid("taskwarrior", json.dumps(task), context)[0].day == date(2026, 11, 22)
    assert read_valid("taskwarrior", json.dumps(task), replace(BERLIN_CONTEXT, day_ends_at=time()))[0].day == date(
        2026, 11, 23
    )


def test_dayone_day_is_in_the_zone_of_the_entry() -> None:
    tokyo, berlin = read_valid("dayone", DAYONE)
    assert (tokyo.day, berlin.day) == (date(2026, 3, 3), date(2026, 3, 2))
    assert tokyo.text == "Refunds go out by themselves."
    assert tokyo.tags == ("refund-flow", "starred")
    assert (berlin.text, berlin.origin) == ("Late\nnote", "dayone:A2")


def test_dayone_unknown_zone_is_ignored() -> None:
    for zone in ("../../etc/passwd", "Nowhere/City", "Europe", "\0", "a" * 500, ""):
        entry = {"creationDate": "2026-03-02T12:30:00Z", "timeZone": zone, "text": "a"}
        (records,) = read_valid("dayone", json.dumps({"entries": [entry]}))
        assert records.created
        assert records.created.tzinfo == BERLIN_CONTEXT.zone


def test_dayone_reads_only_top_level_journals_of_a_zip() -> None:
    empty = '{"entries": [{"text": "never", "creationDate": "2026-03-02T12:30:00Z"}]}'
    names = {"Journal": DAYONE, "More": DAYONE, "photos__x": empty, "..__..__evil": empty, "__abs": empty, "._x": empty}
    records = read_valid("dayone", make_zip(**names))
    assert [record.location for record in records] == [
        "Journal.json, record 1", "Journal.json, record 2", "More.json, record 1", "More.json, record 2",
    ]  # fmt: skip


class Pipe(io.BytesIO):
    """A stream that cannot seek."""

    def seekable(self) -> bool:
        """Return False."""
        return False


def test_dayone_reads_json_but_no_zip_from_a_pipe() -> None:
    assert len(list(load_reader("dayone")(Pipe(DAYONE.encode()), BERLIN_CONTEXT))) == 2
    with pytest.raises(UnreadableFile, match="pipe"):
        list(load_reader("dayone")(Pipe(make_zip(Journal=DAYONE)), BERLIN_CONTEXT))


def test_klog_reads_entries_and_summaries() -> None:
    runbook, rest, sick = read_valid("klog", KLOG)
    assert (runbook.text, runbook.minutes) == ("Refund runbook #ticket=891", 90)
    assert runbook.tags == ("office", "ticket-891")
    assert (rest.text, rest.minutes, rest.location) == ("A calm day #office", 45, "record 1, entry 2")
    assert (sick.text, sick.minutes, sick.day, sick.location) == ("Off sick", None, date(2026, 3, 3), "record 2")


def test_klog_summary_of_a_day_becomes_an_entry() -> None:
    entry = {"type": "duration", "summary": "a", "total_mins": 5, "tags": []}
    records = read_valid(
        "klog", json.dumps({"records": [{"date": "2026-03-02", "summary": "day", "entries": [entry]}]})
    )
    assert [(record.text, record.minutes) for record in records] == [("a", 5), ("day", None)]


def test_klog_errors_are_unreadable() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all("klog", '{"records": null, "warnings": null, "errors": [{"line": 1}]}')
    assert "klog finds errors" in caught.value.hint


def test_bragfile_reads_impact_as_evidence_and_type_as_tag() -> None:
    first, second = read_valid("bragfile", BRAGFILE)
    assert (first.text, first.evidence) == ("shipped FTS5\nmigration 0002 landed", "unblocked search")
    assert (first.tags, first.project) == (("full-text", "shipped", "sqlite"), "bragfile")
    assert (second.tags, second.project, second.evidence) == ((), None, None)
    assert second.day == date(2026, 4, 21)


def test_bragfile_origin_depends_on_creation_time() -> None:
    other = BRAGFILE.replace("2026-04-22T06", "2026-05-22T06")
    assert read_valid("bragfile", BRAGFILE)[0].origin != read_valid("bragfile", other)[0].origin


@pytest.mark.parametrize("name", SAMPLES)
def test_reading_twice_gives_equal_records(name: str) -> None:
    assert read_valid(name, SAMPLES[name]) == read_valid(name, SAMPLES[name])
    assert read_valid(name, b"\xef\xbb\xbf" + SAMPLES[name].encode()) == read_valid(name, SAMPLES[name])
    assert all(record.origin.startswith(f"{name}:") for record in read_valid(name, SAMPLES[name]))


@pytest.mark.parametrize("name", JSON_FORMATS)
@pytest.mark.parametrize("data", ["", " \n", "no", "17", '"x"', "null", "\0", "day,text\n", "{}", "{]", '{"a": [{}]}'])
def test_other_content_is_unreadable(name: str, data: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all(name, data)
    assert caught.value.hint


def make_jrnl(**fields: Any) -> str:  # noqa: ANN401  values of JSON
    """Write a jrnl file of a valid entry, one with other fields, and a valid one."""
    entry = {"title": "good", "body": "", "date": "2026-03-02", "time": "09:30", "tags": [], "starred": False}
    return json.dumps({"entries": [entry, {**entry, **fields}, entry]})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (make_jrnl(title="", body=" \n"), "The text is empty."),
        (make_jrnl(title="x" * 100_001), "The text has 100,001 characters; the limit is 100,000."),
        (make_jrnl(title=5), "Its “title” must be text."),
        (make_jrnl(tags="a"), "Its “tags” must be a list of words."),
        (make_jrnl(tags=[1]), "Its “tags” must be a list of words."),
        (make_jrnl(tags=["#" + "x" * 201]), "One of its tags has 201 characters; the limit is 200."),
        (make_jrnl(tags=[f"#{n}" for n in range(50_001)]), "It has 50,001 tags; the limit is 50,000."),
        (make_jrnl(date="2026-02-30", time=""), "“2026-02-30” is not a valid date."),
        (make_jrnl(date="friday\x1b[2J"), "“friday␛[2J 09:30” is not a date and time."),
        (make_jrnl(date="1899-12-31"), "The year 1899 is out of range (1900 to 9998)."),
        (make_jrnl(date="9999-01-01", time=""), "The year 9999 is out of range (1900 to 9998)."),
        (make_jrnl(date="0001-01-01", time="01:00"), "The year 1 is out of range (1900 to 9998)."),
        (make_jrnl(starred=float("nan")), "NaN is not a number."),
        (make_jrnl(starred=float("-inf")), "-Infinity is not a number."),
        (make_jrnl(x=1).replace('"x"', '"date"'), "It has “date” twice."),
        (make_jrnl(x={"y": 1, "z": 2}).replace('"z"', '"y"'), "It has “y” twice."),
        (make_jrnl(x=1).replace('"x": 1', '"x": ' + "9" * 5_000), "A number has too many digits."),
        (make_jrnl(x=1).replace('"x": 1', '"x"'), "Invalid JSON at character "),
        (make_jrnl(x=1).replace('"x": 1', '"x": ' + "[" * 100_000 + "]" * 100_000), "It is nested 100,0"),
        (make_jrnl(x="y" * 1_000_000), "It has 1,000,107 bytes; the limit is 1,000,000."),
        (make_jrnl(x=1).replace('"x"', '"\udc80"').encode("utf-8", "surrogateescape"), "Not valid UTF-8 at byte 101."),
    ],
)
def test_invalid_record_is_rejected_with_its_location(data: str | bytes, reason: str) -> None:
    first, second, third = read_all("jrnl", data)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert isinstance(second, Rejected)
    assert second.location == "record 2"
    assert second.reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\x00b", "a␀b"),
        ("a\x7fb", "a␡b"),
        ("a\x85b\u202eb", "a�b�b"),
        ("a\ud800b", "a�b"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\ufeff[/red] **b** =1", "\ufeff[/red] **b** =1"),
    ],
)
def test_control_characters_are_made_visible(text: str, expected: str) -> None:
    assert read_valid("jrnl", make_jrnl(title=text))[1].text == expected
    assert read_valid("jrnl", make_jrnl(title=text).encode("utf-8", "surrogatepass"))[1].text == expected


@pytest.mark.parametrize(
    ("name", "record", "reason"),
    [
        ("watson", '[1772443800, 1772438400, "a", "b", []]', "It ends before it starts."),
        ("watson", '[1e999, 5, "a", "b", []]', "Its “start” must be a number."),
        ("watson", '[1e30, 5, "a", "b", []]', "1e+30 is not a valid timestamp."),
        ("watson", '[true, 5, "a", "b", []]', "Its “start” must be a number."),
        ("watson", '[1772438400, 1772443800, "", "b", []]', "The text is empty."),
        ("watson", '[1772438400, 1772443800, "?!", "b", []]', "“?!” can't be a project name."),
        ("watson", "[]", "Its “start” must be a number."),
        ("watson", "5", "It is not a JSON object."),
        (
            "timewarrior",
            '{"start": "2026-03-02T08:00:00+00:00", "stop": "x"}',
            "“2026-03-02T08:00:00+00:00” is not a Timewarrior",
        ),
        ("timewarrior", "{}", "Its date is missing."),
        ("timewarrior", "[]", "It is not a JSON object."),
        ("taskwarrior", "{}", "“” is not a task status."),
        ("taskwarrior", '{"status": "completed", "end": "20260302T080000Z", "annotations": [1]}', "Its “annotations”"),
        ("bragfile", '{"title": "a", "created_at": "0001-01-01T00:00:00Z"}', "The year 1 is out of range"),
        ("bragfile", '{"title": "a", "created_at": "2026-01-01T00:00:00+99:00"}', "“2026-01-01T00:00:00+99:00” is not"),
        ("bragfile", "{} {}", "“” is not a date like 2026-11-20."),
    ],
)
def test_invalid_record_of_each_tool_is_rejected(name: str, record: str, reason: str) -> None:
    location, text = read_rejected(name, f"[{record}]")[0]
    assert location == "record 1"
    assert text.startswith(reason)


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("timewarrior", '[{"start": "20260302T080000Z", "end": "20260302T090000Z"}]', "Time without a name"),
        ("klog", '{"records": [{"date": "2026-03-02", "entries": [{"total_mins": 20}]}]}', "Time without a name"),
        (
            "dayone",
            '{"entries": [{"uuid": "P1", "creationDate": "2026-03-02T08:00:00Z", "photos": [{}]}]}',
            "Entry without text (photo or other media)",
        ),
    ],
)
def test_record_without_text_gets_a_placeholder(name: str, data: str, text: str) -> None:
    assert [record.text for record in read_valid(name, data)] == [text]


def test_klog_invalid_entry_does_not_hide_others() -> None:
    entries = [{"summary": "a", "total_mins": "5"}, {"summary": "b", "total_mins": 9_000}]
    first, second = read_all("klog", json.dumps({"records": [{"date": "2026-03-02", "entries": entries}]}))
    assert first == Rejected(location="record 1, entry 1", reason="Its “total_mins” must be a number.")
    assert isinstance(second, Record)
    assert second.minutes == 1440
