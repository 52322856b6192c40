"""Files as other programs leave them: encodings, line ends, first lines, midnight and lengths of time."""

import json
import zipfile
from datetime import date
from io import BytesIO

import pytest

from support.exchange_samples import SAMPLES, read_all, read_rejected, read_valid
from valuelog.exchange import UnreadableFile

TABLE = "day,text\n2026-03-02,Kürzer\n2026-03-03,b\n"
JSON_FORMATS = sorted(set(SAMPLES) - {"csv"})


@pytest.mark.parametrize("format_", sorted(SAMPLES))
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_file_with_byte_order_mark_reads_as_without(format_: str, encoding: str) -> None:
    assert read_all(format_, SAMPLES[format_].encode(encoding)) == read_all(format_, SAMPLES[format_])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("line_end", ["\r", "\r\n", "\n"])
def test_csv_reads_any_line_ends(encoding: str, line_end: str) -> None:
    records = read_valid("csv", TABLE.replace("\n", line_end).encode(encoding))
    assert [(record.day.day, record.text) for record in records] == [(2, "Kürzer"), (3, "b")]


def test_long_file_with_old_line_ends_reads_in_chunks() -> None:
    rows = "".join(f"2026-03-02,{'é' * 90}{number}\r" for number in range(2_000))
    assert len(read_valid("csv", f"day,text\r{rows}")) == 2_000


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("format_", sorted(SAMPLES))
def test_utf_16_without_a_byte_order_mark_is_recognized(format_: str, encoding: str) -> None:
    assert read_all(format_, SAMPLES[format_].encode(encoding)) == read_all(format_, SAMPLES[format_])


@pytest.mark.parametrize("cell", ["2026-3-2", "2026/3/2", "20260302", "2026.03.02", "2026-03-02Z", "2026-03-02+01:00"])
def test_csv_reads_dates_that_have_one_reading(cell: str) -> None:
    assert [record.day for record in read_valid("csv", f"day,text\n{cell},a\n")] == [date(2026, 3, 2)]


@pytest.mark.parametrize(
    "cell", ["202632", "2026-0302", "2026-032", "202603021", "2026-13-01", "2026-00-01", "2.3.2026"]
)
def test_csv_refuses_other_dates(cell: str) -> None:
    assert len(read_rejected("csv", f"day,text\n{cell},a\n2026-03-02,b\n")) == 1


def test_csv_with_bars_is_recognized() -> None:
    assert [record.text for record in read_valid("csv", "day|text\n2026-03-02|a, b\n")] == ["a, b"]


def test_watson_frame_that_is_still_running_is_left_out() -> None:
    frames = [[1772406000, None, "a", "f1", []], [1772406000, 1772409600, "b", "f2", []]]
    assert [record.text for record in read_valid("watson", json.dumps(frames))] == ["b"]


def test_bragfile_tags_may_be_a_list() -> None:
    (record,) = read_valid("bragfile", json.dumps([{"title": "a", "created_at": "2026-03-02", "tags": ["x", "y z"]}]))
    assert record.tags == ("x", "y-z")


def test_truncated_utf_16_is_named() -> None:
    with pytest.raises(UnreadableFile, match="not valid UTF-16"):
        read_all("csv", TABLE.encode("utf-16")[:-1])


@pytest.mark.parametrize(
    "first_line", ["sep=;\r\n", "sep=;\n\n", "SEP=;\n", '"sep=;"\n', "sep=;;;\n", "\ufeffsep=;\n", "\nsep=;\n"]
)
def test_csv_takes_the_delimiter_that_excel_names(first_line: str) -> None:
    (record,) = read_valid("csv", f"{first_line}day;text;minutes\n2026-03-02;a, b;5\n")
    assert (record.text, record.minutes) == ("a, b", 5)


def test_csv_takes_an_unusual_delimiter() -> None:
    assert [record.text for record in read_valid("csv", "sep=|\nday|text\n2026-03-02|a;b\n")] == ["a;b"]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-02 00:00:00", "2026-03-02T00:00:00", "2026-03-02 00:00", "2026-03-02T00:00+02:00",
        "2026-03-02T00:00:00Z", "2026-03-02 00:00:00.000", "2026-03-02 00:00:00 UTC", "2026-03-02 0:00",
        "2026/03/02 00:00:00", "2026-03-02 12:00:00 AM", "2026-03-02T00:00:00-0500", "2026-03-02 00:00:00 +0000",
        "2026-03-02T23:30:00-05:00", "2026-03-02T04:30:00+09:00", "2026-03-02 9:30", "2026-03-02 09:30 PM",
    ],
)  # fmt: skip
@pytest.mark.parametrize("format_", ["csv", "bragfile"])
def test_day_is_the_day_that_is_written(format_: str, cell: str) -> None:
    text = f"day,text\n{cell},a\n" if format_ == "csv" else json.dumps([{"id": 1, "title": "a", "created_at": cell}])
    (record,) = read_valid(format_, text)
    assert record.day == date(2026, 3, 2)


@pytest.mark.parametrize("cell", ["2026-03-02 00:00:00 XYZ", "02/03/2026 10:00", "2026-03-02 99:00", "2026-03-02 noon"])
def test_day_with_two_readings_or_none_is_refused(cell: str) -> None:
    assert len(read_rejected("csv", f"day,text\n{cell},a\n2026-03-02,b\n")) == 1


@pytest.mark.parametrize(
    ("format_", "document"),
    [
        ("taskwarrior", [{"status": "completed", "description": "a", "end": "20260301T230000Z"}]),
        ("timewarrior", [{"id": 1, "start": "20260301T230000Z", "end": "20260302T010000Z", "tags": ["a"]}]),
        ("watson", [{"start": "2026-03-02T00:00:00+01:00", "stop": "2026-03-02T01:00:00+01:00", "project": "a"}]),
        ("watson", [[1772406000, 1772409600, "a", "f1", []]]),
        ("watson", [{"start": "2026-03-02T22:00:00-08:00", "stop": "2026-03-02T23:00:00-08:00", "project": "a"}]),
        ("jrnl", {"entries": [{"title": "a", "body": "", "date": "2026-03-02", "time": "00:00"}]}),
        ("dayone", {"entries": [{"creationDate": "2026-03-01T23:00:00Z", "timeZone": "Europe/Berlin", "text": "a"}]}),
        (
            "dayone",
            {
                "entries": [
                    {
                        "creationDate": "2026-03-02T00:30:00Z",
                        "isAllDay": True,
                        "timeZone": "Europe/Berlin",
                        "text": "a",
                    }
                ]
            },
        ),
    ],
)
def test_midnight_and_whole_days_keep_their_date(format_: str, document: object) -> None:
    (record,) = read_valid(format_, json.dumps(document))
    assert record.day == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("00:45:00", 45), ("0:45:00", 45), ("1:30", 90), ("90.0", 90), ('"90,0"', 90), ("1h 30m", 90), ("90 min", 90),
        ("1.5h", 90), ("PT1H30M", 90), ("1 hour 30 minutes", 90), ("0:00:20", 1), ("0:29:30", 30), ("45 mins.", 45),
        ("0", None), ("0.0", None), ("00:00:00", None), ("24:00", 1440), ("2 hrs", 120), ("PT5400S", 90),
    ],
)  # fmt: skip
def test_csv_reads_lengths_of_time_as_people_write_them(cell: str, minutes: int | None) -> None:
    (record,) = read_valid("csv", f"day,text,minutes\n2026-03-02,a,{cell}\n")
    assert record.minutes == minutes


@pytest.mark.parametrize("cell", ["1.5", "90.5", "1:75", "25:00", "18:25 min", "12 34", "1h2h", "-5", "5 apples"])
def test_csv_refuses_lengths_with_two_readings(cell: str) -> None:
    assert read_rejected("csv", f"day,text,minutes\n2026-03-02,a,{cell}\n2026-03-02,b,5\n")[0][0] == "line 2"


@pytest.mark.parametrize("format_", JSON_FORMATS)
@pytest.mark.parametrize(
    "printed",
    [
        "Tags database does not exist. Recreating …\n",
        "\n\nwarning: “x”\r\n",
        "[warning] no color\n",
        "{hint} -v\n",
        "1\n",
    ],
)
def test_lines_printed_before_json_are_skipped(format_: str, printed: str) -> None:
    assert read_all(format_, printed + SAMPLES[format_]) == read_all(format_, SAMPLES[format_])


def make_export(text: str = "hello") -> str:
    """Return a Day One journal with one entry."""
    return json.dumps({"entries": [{"uuid": "A1", "creationDate": "2024-03-01T10:00:00Z", "text": text}]})


def pack(files: dict[str, str]) -> bytes:
    """Return a zip."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "name",
    ["Export/Journal.json", "./Journal.json", "a/b/Journal.JSON", "Export\\Journal.json", "Мой журнал/Дневник.json"],
)
def test_dayone_reads_a_zip_that_was_packed_again(name: str) -> None:
    packed = pack({f"__MACOSX/{name}": "x", f"__MACOSX/Export/._{name[-12:]}": "x", name: make_export()})
    assert [record.text for record in read_valid("dayone", packed)] == ["hello"]


def test_dayone_prefers_the_topmost_journals() -> None:
    packed = pack({"extra/settings.json": "{}", "Journal.json": make_export(), "Travel.json": make_export("trip")})
    assert [record.text for record in read_valid("dayone", packed)] == ["hello", "trip"]


@pytest.mark.parametrize("name", ["../Journal.json", "/Journal.json", "C:/Journal.json", ".hidden/Journal.json"])
def test_dayone_reads_nothing_out_of_the_zip(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"has no \.json file"):
        read_all("dayone", pack({name: make_export()}))


def test_dayone_names_a_broken_journal_and_reads_the_others() -> None:
    packed = pack({"A.json": make_export(), "B.json": "[]", "C.json": make_export("trip")})
    assert [record.location for record in read_all("dayone", packed)] == [
        "A.json, record 1",
        "B.json",
        "C.json, record 1",
    ]
    assert [location for location, _ in read_rejected("dayone", packed)] == ["B.json"]


def rich(*parts: object) -> str:
    """Return a rich text as Day One stores it."""
    return json.dumps({"contents": parts, "meta": {"version": 1}})


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"richText": rich({"text": "only rich text\n"})}, "only rich text"),
        ({"richText": rich({"text": "two "}, {"embeddedObjects": []}, {"text": "parts"})}, "two parts"),
        ({"richText": rich({"text": "rich"}), "text": "plain"}, "plain"),
        ({"richText": rich({"embeddedObjects": []})}, "Entry without text (photo or other media)"),
        ({"richText": ""}, "Entry without text (photo or other media)"),
    ],
)
def test_dayone_keeps_words_that_are_only_in_rich_text(entry: dict[str, str], text: str) -> None:
    document = {"entries": [{"creationDate": "2024-03-01T10:00:00Z", **entry}]}
    assert [record.text for record in read_valid("dayone", json.dumps(document))] == [text]


def test_dayone_names_rich_text_that_is_broken() -> None:
    document = {"entries": [{"creationDate": "2024-03-01T10:00:00Z", "richText": "{", "uuid": "A"}]}
    assert len(read_rejected("dayone", json.dumps(document))) == 1
