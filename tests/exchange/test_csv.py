"""CSV: round trips, escaped formulas, and the tables of other programs."""

import csv
import io
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from support.exchange_samples import BERLIN_CONTEXT, CSV, read_all, read_rejected, read_valid
from support.makers import make_entry
from valuelog.exchange import Record, Rejected, UnreadableFile, records
from valuelog.exchange.csv import COLUMNS, ID_COLUMN, write
from valuelog.model.entry import Beneficiary, Effect, Kind, clean_text, normalize_names, tags_in
from valuelog.model.errors import BadText
from valuelog.model.project import slugify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from valuelog.model.entry import Entry

HEADER = ",".join(COLUMNS)


def clean_or_none(text: str) -> str | None:
    """Return a text as the journal stores it, or None if it is invalid."""
    try:
        return clean_text(text)
    except BadText:
        return None


def is_project_name(text: str | None) -> bool:
    """Return True if a text can be the name of a project."""
    try:
        return slugify(text or "") != ""
    except BadText:
        return False


texts = st.one_of(
    st.text(min_size=1),
    st.text("'=+-@\t\r\n \",;a", min_size=1),
    st.from_regex(r"'{0,3}[=+\-@].*", fullmatch=True),
).map(clean_or_none)
non_blank_texts = texts.filter(lambda text: text is not None)
name_lists = st.lists(st.text(max_size=100), max_size=4).map(normalize_names)
projects = texts.filter(is_project_name)


@st.composite
def entries(draw: st.DrawFn) -> "Entry":
    """Draw any valid entry."""
    return make_entry(
        day=draw(st.dates(date(1900, 1, 1), date(9998, 12, 31))),
        kind=draw(st.sampled_from(Kind)),
        text=draw(non_blank_texts),
        minutes=draw(st.none() | st.integers(1, 1440)),
        people=draw(name_lists),
        tags=draw(name_lists),
        project=draw(st.none() | projects),
        effects=tuple(draw(st.lists(st.sampled_from(Effect), unique=True))),
        beneficiaries=tuple(draw(st.lists(st.sampled_from(Beneficiary), unique=True))),
        evidence=draw(st.none() | texts),
    )


FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\ufe62", "\ufe6b")


def column_values(record: "Entry | Record") -> tuple[object, ...]:
    """Return the fields of an entry that are columns."""
    return tuple(getattr(record, column) for column in COLUMNS if column != ID_COLUMN)


def write_table(rows: "Iterable[Entry | Record]", *, raw: bool = False) -> str:
    """Write a table as one text."""
    return "".join(write(rows, raw=raw))


@given(st.lists(entries(), max_size=5), st.booleans())
@example([make_entry(text="'=1"), make_entry(text="''@x", evidence="-1"), make_entry(text="=1", project="+a")], True)  # noqa: FBT003
@example([make_entry(text="'\uff1d1"), make_entry(text="\uff1d1")], True)  # noqa: FBT003
@example([make_entry(text="#" + "t" * 201, tags=tags_in("#" + "t" * 201), project="p" * 300)], False)  # noqa: FBT003
@example([make_entry(text="many", tags=tuple(sorted(f"t{place}" for place in range(150))))], False)  # noqa: FBT003
@example([make_entry(text="a\u2028b\ufeff\x85".strip("\x85")), make_entry(text='"'), make_entry(text="'")], False)  # noqa: FBT003
def test_csv_round_trip(expected: "list[Entry]", raw: bool) -> None:  # noqa: FBT001
    records = read_valid("csv", write_table(expected, raw=raw))
    assert [column_values(record) for record in records] == [column_values(record) for record in expected]
    assert len({record.origin for record in records}) == len(expected)
    assert read_valid("csv", write_table(records)) == records or any(
        "\n" in record.text + (record.evidence or "") for record in records
    )


@given(st.text())
def test_csv_cells_never_start_a_formula(text: str) -> None:
    cleaned = clean_or_none(text)
    assume(cleaned)
    for formula in (f"{sign}{cleaned}" for sign in FORMULA_SIGNS):
        table = write_table([make_entry(text=formula, evidence=formula)])
        for row in csv.reader(io.StringIO(table, newline="")):
            assert not any(cell.startswith(FORMULA_SIGNS) for cell in row)


def test_csv_raw_keeps_formulas() -> None:
    assert ",activity,=1+1," in write_table([make_entry(text="=1+1")], raw=True)
    assert ",activity,'=1+1," in write_table([make_entry(text="=1+1")])


def test_csv_reads_all_columns() -> None:
    first, second = read_valid("csv", CSV)
    assert column_values(first) == (
        date(2026, 3, 2), Kind.HELPED, "@sam runs the release, alone", 90, ("maya", "sam"), ("release",), "billing",
        (Effect.EASIER, Effect.MORE_RELIABLE), (Beneficiary.COWORKERS,), "=3 of 3", None, None, None, None,
    )  # fmt: skip
    assert (second.text, second.kind, second.location) == ("two\nlines", None, "line 3")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_delimiter_is_detected_and_header_case_is_ignored(delimiter: str, line_end: str) -> None:
    table = line_end.join(
        (
            f'Text{delimiter} "x"{delimiter} DAY {delimiter}Tags',
            "",
            f'"a, b; c"{delimiter}{delimiter}2026-03-02{delimiter}"b,a;c d"',
            "",
        )
    )
    (records,) = read_valid("csv", "\ufeff" + table.replace(' "x"', "x"))
    assert (records.text, records.day, records.tags) == ("a, b; c", date(2026, 3, 2), ("a", "b", "c", "d"))


def test_csv_column_mapping() -> None:
    context = replace(BERLIN_CONTEXT, columns={"day": "Started at", "text": "Description"})
    (records,) = read_valid("csv", "description,started at,text\nsaid,2026-03-02T23:30:00Z,unsaid\n", context)
    assert (records.text, records.day) == ("said", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("table", "columns", "message"),
    [
        ("", {}, "The file is empty."),
        ("\0\0", {}, "There is no column “day”."),
        ("day\n2026-03-02", {}, "There is no column “text”."),
        ("day,text,Text\n", {}, "There are two columns “text”."),
        ("day,text\n", {"people": "Who"}, "There is no column “who”."),
        ("day,text\n", {"folk": "text"}, "There is no column “folk” to map to."),
        ("day,text\n" + "a" * 1_000_001, {}, "Line 2 has more than 1,000,000 bytes."),
        (
            "tag,täxt\n".encode("latin-1"),
            {},
            "This is not a text file: Not valid UTF-8 at byte 6. Convert it first: iconv -f latin1 -t utf8.",
        ),
    ],
)
def test_csv_without_required_columns_is_unreadable(table: str | bytes, columns: dict[str, str], message: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all("csv", table, replace(BERLIN_CONTEXT, columns=columns))
    assert caught.value.message == message
    assert caught.value.hint


def test_csv_delimiter_of_an_unknown_header_is_detected() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all("csv", "date;description;dur\n")
    assert "The file has: date, description, dur." in caught.value.hint


def test_csv_missing_column_suggests_the_closest() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all("csv", "days,text\n")
    assert caught.value.hint.startswith("Did you mean “days”? The file has: days, text.")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("20.11.2026,a", "“20.11.2026” is not a date like 2026-11-20."),
        (",a", "“” is not a date like 2026-11-20."),
        ("2026-11-20,", "The text is empty."),
        ("2026-11-20,a,b", "It has 3 cells, but the header has 2. Are quotes missing around a text?"),
        ('2026-11-20,"a"b', "Invalid CSV: ',' expected after '\"'."),
        ("2026-11-20,\udcff", "Not valid UTF-8 at byte 12. Convert it first: iconv -f latin1 -t utf8."),
        (f"2026-11-20,{'a' * 100_001}", "The text has 100,001 characters; the limit is 100,000."),
    ],
)
def test_csv_invalid_row_is_rejected_with_its_line(row: str, why: str) -> None:
    table = f"day,text\n2026-11-20,good\n{row}\n2026-11-20,good\n".encode("utf-8", "surrogateescape")
    assert read_rejected("csv", table) == [("line 3", why)]
    assert len(read_all("csv", table)) == 3


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("kind", "helpd", "There is no kind “helpd”."),
        ("minutes", "2000", "“2000” is not a duration, or is longer than a day."),
        ("effects", "easier x\x1b", "“x␛” can't be one of its effects."),
        ("beneficiaries", "to_me", "“to_me” can't be one of its beneficiaries."),
        ("project", "?!", "“?!” can't be a project name."),
        ("people", "a" * 201, "One of its people has 201 characters; the limit is 200."),
    ],
)
def test_csv_invalid_cell_is_rejected(column: str, cell: str, why: str) -> None:
    assert read_rejected("csv", f"day,text,{column}\n2026-11-20,a,{cell}\n") == [("line 2", why)]


def test_csv_unclosed_quote_is_bounded() -> None:
    table = 'day,text\n2026-11-20,"open\n' + "2026-11-20,lost\n" * 70_000 + "2026-11-20,kept\n"
    first, *rest = read_all("csv", table)
    assert first == Rejected(location="line 2", reason="A quote is never closed.")
    assert isinstance(rest[-1], Record)
    assert rest[-1].text == "kept"
    assert read_rejected("csv", 'day,text\n2026-11-20,"open\n') == [("line 2", "Invalid CSV: unexpected end of data.")]


@pytest.mark.parametrize(("size", "is_readable"), [(len(CSV.encode()), True), (len(CSV.encode()) - 1, False)])
def test_csv_file_size_limit_is_exact(monkeypatch: pytest.MonkeyPatch, size: int, is_readable: bool) -> None:  # noqa: FBT001
    monkeypatch.setattr(records, "MAX_FILE_BYTES", size)
    with nullcontext() if is_readable else pytest.raises(UnreadableFile, match="larger"):
        assert read_valid("csv", CSV)


def test_csv_origins_of_equal_rows_are_numbered() -> None:
    row = "2026-11-20,a\n"
    origins = [record.origin for record in read_valid("csv", f"day,text\n{row}{row}")]
    more_origins = [
        record.origin
        for record in read_valid("csv", f"text,day\na,2026-11-20\n\nb,2026-11-20\n{'a,2026-11-20' + chr(10)}")
    ]
    assert [more_origins[0], more_origins[2]] == origins
    assert len({*origins, *more_origins}) == 3
