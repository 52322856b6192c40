"""What the files of other tools say: days, zones, stars, tags, people, minutes, and by what a record is known again."""

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


def test_jrnl_brings_titles_bodies_people_tags_and_stars() -> None:
    first, second, third = read_valid("jrnl", JRNL)
    assert first.text.split("\n")[1] == "Second line: cut 3h to 20m."
    assert (first.people, first.tags, first.day, first.kind) == (("sam",), ("starred",), date(2026, 3, 2), None)
    assert (second.text, second.location) == ("Only title no body", "record 2")
    assert (third.people, third.tags) == (("maya",), ("painpoint",))


@pytest.mark.parametrize(("clock", "day"), [("01:30", 1), ("04:00", 2), ("00:00", 2), ("", 2)])
def test_what_was_written_at_night_belongs_to_the_day_before(clock: str, day: int) -> None:
    entry = {"title": "late", "body": "", "date": "2026-03-02", "time": clock, "tags": [], "starred": False}
    (found,) = read_valid("jrnl", json.dumps({"entries": [entry]}))
    assert found.day == date(2026, 3, day)


def test_what_has_no_id_is_known_by_what_it_says_and_how_often_that_came_before() -> None:
    entries = json.loads(JRNL)["entries"]
    once = [one.origin for one in read_valid("jrnl", json.dumps({"entries": [entries[0], entries[1]]}))]
    more = [one.origin for one in read_valid("jrnl", json.dumps({"entries": [entries[2], *entries[:2], entries[0]]}))]
    assert more[1:3] == once
    assert more[3] == f"{once[0]}-2"
    assert all(one.startswith("jrnl:") for one in more)
    assert len(set(more)) == 4


def test_both_files_of_watson_say_the_same() -> None:
    assert read_valid("watson", FRAMES) == read_valid("watson", WATSON)
    first, second = read_valid("watson", FRAMES)
    assert (first.text, first.project, first.minutes) == ("billing: runbook, docs writing", "billing", 90)
    assert first.tags == ("docs-writing", "runbook")
    assert first.origin == "watson:c77b967ea07c4b53af985a12e4dfb62b"
    assert second.text == "meetings"


def test_timewarrior_brings_what_has_ended_and_knows_it_by_its_start() -> None:
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
def test_an_interval_takes_a_minute_to_a_day_also_when_clocks_change(start: str, end: str, minutes: int) -> None:
    (found,) = read_valid("timewarrior", json.dumps([{"start": start, "end": end, "tags": ["a"]}]))
    assert found.minutes == minutes


def test_taskwarrior_brings_completed_tasks_with_their_notes() -> None:
    (found,) = read_valid("taskwarrior", TASKWARRIOR)
    assert (found.text, found.project, found.tags) == ("Refund runbook\nhelped Sam", "billing", ("value",))
    assert found.day == date(2026, 11, 22)
    assert found.origin == "taskwarrior:d20c3ffd-bc40-4d18-848a-9c25b4d6405e"


def test_the_readers_zone_decides_on_the_day() -> None:
    there = replace(BERLIN_CONTEXT, zone=UTC, day_ends_at=time())
    task = [{"status": "completed", "description": "a", "end": "20261122T233000Z", "uuid": "a"}]
    assert read_valid("taskwarrior", json.dumps(task), there)[0].day == date(2026, 11, 22)
    assert read_valid("taskwarrior", json.dumps(task), replace(BERLIN_CONTEXT, day_ends_at=time()))[0].day == date(
        2026, 11, 23
    )


def test_a_day_of_day_one_is_the_day_where_it_was_written() -> None:
    tokyo, berlin = read_valid("dayone", DAYONE)
    assert (tokyo.day, berlin.day) == (date(2026, 3, 3), date(2026, 3, 2))
    assert tokyo.text == "Refunds go out by themselves."
    assert tokyo.tags == ("refund-flow", "starred")
    assert (berlin.text, berlin.origin) == ("Late\nnote", "dayone:A2")


def test_a_zone_that_does_not_exist_is_the_readers() -> None:
    for zone in ("../../etc/passwd", "Nowhere/City", "Europe", "\0", "a" * 500, ""):
        entry = {"creationDate": "2026-03-02T12:30:00Z", "timeZone": zone, "text": "a"}
        (found,) = read_valid("dayone", json.dumps({"entries": [entry]}))
        assert found.created
        assert found.created.tzinfo == BERLIN_CONTEXT.zone


def test_only_the_journals_at_the_top_of_a_zip_are_read() -> None:
    empty = '{"entries": [{"text": "never", "creationDate": "2026-03-02T12:30:00Z"}]}'
    names = {"Journal": DAYONE, "More": DAYONE, "photos__x": empty, "..__..__evil": empty, "__abs": empty, "._x": empty}
    found = read_valid("dayone", make_zip(**names))
    assert [one.location for one in found] == [
        "Journal.json, record 1", "Journal.json, record 2", "More.json, record 1", "More.json, record 2",
    ]  # fmt: skip


class Pipe(io.BytesIO):
    """What cannot be read twice."""

    def seekable(self) -> bool:
        """Say so."""
        return False


def test_day_one_reads_json_from_a_pipe_but_no_zip() -> None:
    assert len(list(load_reader("dayone")(Pipe(DAYONE.encode()), BERLIN_CONTEXT))) == 2
    with pytest.raises(UnreadableFile, match="pipe"):
        list(load_reader("dayone")(Pipe(make_zip(Journal=DAYONE)), BERLIN_CONTEXT))


def test_klog_brings_entries_and_loses_no_summary() -> None:
    runbook, rest, sick = read_valid("klog", KLOG)
    assert (runbook.text, runbook.minutes) == ("Refund runbook #ticket=891", 90)
    assert runbook.tags == ("office", "ticket-891")
    assert (rest.text, rest.minutes, rest.location) == ("A calm day #office", 45, "record 1, entry 2")
    assert (sick.text, sick.minutes, sick.day, sick.location) == ("Off sick", None, date(2026, 3, 3), "record 2")


def test_a_summary_of_a_day_whose_entries_speak_for_themselves_is_kept() -> None:
    entry = {"type": "duration", "summary": "a", "total_mins": 5, "tags": []}
    found = read_valid("klog", json.dumps({"records": [{"date": "2026-03-02", "summary": "day", "entries": [entry]}]}))
    assert [(one.text, one.minutes) for one in found] == [("a", 5), ("day", None)]


def test_klog_that_found_errors_brings_nothing() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all("klog", '{"records": null, "warnings": null, "errors": [{"line": 1}]}')
    assert "klog finds errors" in caught.value.hint


def test_bragfile_brings_impact_as_evidence_and_type_as_tag() -> None:
    first, second = read_valid("bragfile", BRAGFILE)
    assert (first.text, first.evidence) == ("shipped FTS5\nmigration 0002 landed", "unblocked search")
    assert (first.tags, first.project) == (("full-text", "shipped", "sqlite"), "bragfile")
    assert (second.tags, second.project, second.evidence) == ((), None, None)
    assert second.day == date(2026, 4, 21)


def test_two_files_of_bragfile_whose_ids_are_the_same_are_told_apart() -> None:
    other = BRAGFILE.replace("2026-04-22T06", "2026-05-22T06")
    assert read_valid("bragfile", BRAGFILE)[0].origin != read_valid("bragfile", other)[0].origin


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_file_says_the_same_each_time(name: str) -> None:
    assert read_valid(name, SAMPLES[name]) == read_valid(name, SAMPLES[name])
    assert read_valid(name, b"\xef\xbb\xbf" + SAMPLES[name].encode()) == read_valid(name, SAMPLES[name])
    assert all(one.origin.startswith(f"{name}:") for one in read_valid(name, SAMPLES[name]))


@pytest.mark.parametrize("name", JSON_FORMATS)
@pytest.mark.parametrize("data", ["", " \n", "no", "17", '"x"', "null", "\0", "day,text\n", "{}", "{]", '{"a": [{}]}'])
def test_what_is_something_else_cannot_be_read(name: str, data: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all(name, data)
    assert caught.value.hint


def jrnl(**facts: Any) -> str:  # noqa: ANN401  values of JSON
    """Write a jrnl file of a good entry, one that says something else, and a good one."""
    plain = {"title": "good", "body": "", "date": "2026-03-02", "time": "09:30", "tags": [], "starred": False}
    return json.dumps({"entries": [plain, {**plain, **facts}, plain]})


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (jrnl(title="", body=" \n"), "The text is empty."),
        (jrnl(title="x" * 100_001), "The text has 100,001 characters; at most 100,000 fit."),
        (jrnl(title=5), "Its “title” must be text."),
        (jrnl(tags="a"), "Its “tags” must be a list of words."),
        (jrnl(tags=[1]), "Its “tags” must be a list of words."),
        (jrnl(tags=["#" + "x" * 201]), "One of its tags has 201 characters; the limit is 200."),
        (jrnl(tags=[f"#{n}" for n in range(50_001)]), "It has 50,001 tags; the limit is 50,000."),
        (jrnl(date="2026-02-30", time=""), "“2026-02-30” is not a valid date."),
        (jrnl(date="friday\x1b[2J"), "“friday␛[2J 09:30” is not a date and time."),
        (jrnl(date="1899-12-31"), "The year 1899 is out of range (1900 to 9998)."),
        (jrnl(date="9999-01-01", time=""), "The year 9999 is out of range (1900 to 9998)."),
        (jrnl(date="0001-01-01", time="01:00"), "The year 1 is out of range (1900 to 9998)."),
        (jrnl(starred=float("nan")), "NaN is not a number."),
        (jrnl(starred=float("-inf")), "-Infinity is not a number."),
        (jrnl(x=1).replace('"x"', '"date"'), "It has “date” twice."),
        (jrnl(x={"y": 1, "z": 2}).replace('"z"', '"y"'), "It has “y” twice."),
        (jrnl(x=1).replace('"x": 1', '"x": ' + "9" * 5_000), "A number has too many digits."),
        (jrnl(x=1).replace('"x": 1', '"x"'), "Invalid JSON at character "),
        (jrnl(x=1).replace('"x": 1', '"x": ' + "[" * 100_000 + "]" * 100_000), "It is nested 100,0"),
        (jrnl(x="y" * 1_000_000), "It has 1,000,107 bytes; the limit is 1,000,000."),
        (jrnl(x=1).replace('"x"', '"\udc80"').encode("utf-8", "surrogateescape"), "Not valid UTF-8 at byte 101."),
    ],
)
def test_a_bad_record_names_its_place_and_the_others_come(data: str | bytes, why: str) -> None:
    first, second, third = read_all("jrnl", data)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert isinstance(second, Rejected)
    assert second.location == "record 2"
    assert second.reason.startswith(why)


@pytest.mark.parametrize(
    ("said", "kept"),
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
def test_what_acts_is_made_visible(said: str, kept: str) -> None:
    assert read_valid("jrnl", jrnl(title=said))[1].text == kept
    assert read_valid("jrnl", jrnl(title=said).encode("utf-8", "surrogatepass"))[1].text == kept


@pytest.mark.parametrize(
    ("name", "record", "why"),
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
def test_each_tool_has_its_own_ways_to_be_wrong(name: str, record: str, why: str) -> None:
    place, said = read_rejected(name, f"[{record}]")[0]
    assert place == "record 1"
    assert said.startswith(why)


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
def test_what_has_no_words_comes_in_all_the_same(name: str, data: str, text: str) -> None:
    assert [record.text for record in read_valid(name, data)] == [text]


def test_an_entry_of_klog_that_is_bad_leaves_the_others() -> None:
    entries = [{"summary": "a", "total_mins": "5"}, {"summary": "b", "total_mins": 9_000}]
    first, second = read_all("klog", json.dumps({"records": [{"date": "2026-03-02", "entries": entries}]}))
    assert first == Rejected(location="record 1, entry 1", reason="Its “total_mins” must be a number.")
    assert isinstance(second, Record)
    assert second.minutes == 1440
