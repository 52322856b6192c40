"""CSV: what is written is read again, whatever it says; formulas stay texts; tables of others come by their names."""

import csv
import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from support.exchange_samples import BERLIN_CONTEXT, CSV, read_all, read_rejected, read_valid
from support.makers import make_entry
from valuelog.exchange import Record, Rejected, UnreadableFile
from valuelog.exchange.csv import COLUMNS, write
from valuelog.model.entry import Beneficiary, Effect, Kind, clean_text, normalize_names, tags_in
from valuelog.model.errors import BadText
from valuelog.model.project import slugify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from valuelog.model.entry import Entry

HEADING = ",".join(COLUMNS)


def cleaned(text: str) -> str | None:
    """Return a text as a journal keeps it; none if it keeps none like it."""
    try:
        return clean_text(text)
    except BadText:
        return None


def can_name(text: str | None) -> bool:
    """Whether a project can be called so."""
    try:
        return slugify(text or "") != ""
    except BadText:
        return False


texts = st.one_of(
    st.text(min_size=1),
    st.text("'=+-@\t\r\n \",;a", min_size=1),
    st.from_regex(r"'{0,3}[=+\-@].*", fullmatch=True),
).map(cleaned)
some_texts = texts.filter(lambda text: text is not None)
some_names = st.lists(st.text(max_size=100), max_size=4).map(normalize_names)
projects = texts.filter(can_name)


@st.composite
def entries(draw: st.DrawFn) -> "Entry":
    """Draw whatever a journal can hold."""
    return make_entry(
        day=draw(st.dates(date(1900, 1, 1), date(9998, 12, 31))),
        kind=draw(st.sampled_from(Kind)),
        text=draw(some_texts),
        minutes=draw(st.none() | st.integers(1, 1440)),
        people=draw(some_names),
        tags=draw(some_names),
        project=draw(st.none() | projects),
        effects=tuple(draw(st.lists(st.sampled_from(Effect), unique=True))),
        beneficiaries=tuple(draw(st.lists(st.sampled_from(Beneficiary), unique=True))),
        evidence=draw(st.none() | texts),
    )


def told(one: "Entry | Record") -> tuple[object, ...]:
    """Return all that a table says of an entry."""
    return tuple(getattr(one, column) for column in COLUMNS)


def dumped(rows: "Iterable[Entry | Record]", *, raw: bool = False) -> str:
    """Write a whole table."""
    return "".join(write(rows, raw=raw))


@given(st.lists(entries(), max_size=5), st.booleans())
@example([make_entry(text="'=1"), make_entry(text="''@x", evidence="-1"), make_entry(text="=1", project="+a")], True)  # noqa: FBT003
@example([make_entry(text="#" + "t" * 201, tags=tags_in("#" + "t" * 201), project="p" * 300)], False)  # noqa: FBT003
@example([make_entry(text="many", tags=tuple(sorted(f"t{place}" for place in range(150))))], False)  # noqa: FBT003
@example([make_entry(text="a\u2028b\ufeff\x85".strip("\x85")), make_entry(text='"'), make_entry(text="'")], False)  # noqa: FBT003
def test_what_is_written_is_read_again(wanted: "list[Entry]", raw: bool) -> None:  # noqa: FBT001
    found = read_valid("csv", dumped(wanted, raw=raw))
    assert [told(one) for one in found] == [told(one) for one in wanted]
    assert len({one.origin for one in found}) == len(wanted)
    assert read_valid("csv", dumped(found)) == found or any("\n" in one.text + (one.evidence or "") for one in found)


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    kept = cleaned(text)
    assume(kept)
    for evil in (f"={kept}", f"+{kept}", f"-{kept}", f"@{kept}", f"\t{kept}", f"\r{kept}"):
        table = dumped([make_entry(text=evil, evidence=evil)])
        for row in csv.reader(io.StringIO(table, newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_who_wants_them_gets_formulas() -> None:
    assert ",activity,=1+1," in dumped([make_entry(text="=1+1")], raw=True)
    assert ",activity,'=1+1," in dumped([make_entry(text="=1+1")])


def test_a_table_brings_all_columns() -> None:
    first, second = read_valid("csv", CSV)
    assert told(first) == (
        date(2026, 3, 2), Kind.HELPED, "@sam runs the release, alone", 90, ("maya", "sam"), ("release",), "billing",
        (Effect.EASIER, Effect.MORE_RELIABLE), (Beneficiary.COWORKERS,), "=3 of 3",
    )  # fmt: skip
    assert (second.text, second.kind, second.location) == ("two\nlines", None, "line 3")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_delimiter_is_found_and_headings_may_be_written_in_capitals(mark: str, end: str) -> None:
    table = end.join(
        (f'Text{mark} "x"{mark} DAY {mark}Tags', "", f'"a, b; c"{mark}{mark}2026-03-02{mark}"b,a;c d"', "")
    )
    (found,) = read_valid("csv", "\ufeff" + table.replace(' "x"', "x"))
    assert (found.text, found.day, found.tags) == ("a, b; c", date(2026, 3, 2), ("a", "b", "c", "d"))


def test_columns_of_others_are_mapped() -> None:
    where = replace(BERLIN_CONTEXT, columns={"day": "Started at", "text": "Description"})
    (found,) = read_valid("csv", "description,started at,text\nsaid,2026-03-02T23:30:00Z,unsaid\n", where)
    assert (found.text, found.day) == ("said", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("table", "columns", "said"),
    [
        ("", {}, "The file is empty."),
        ("\0\0", {}, "There is no column “day”."),
        ("day\n2026-03-02", {}, "There is no column “text”."),
        ("day,text,Text\n", {}, "There are two columns “text”."),
        ("day,text\n", {"people": "Who"}, "There is no column “who”."),
        ("day,text\n", {"folk": "text"}, "There is no column “folk” to map to."),
        ("day,text\n" + "a" * 1_000_001, {}, "Line 2 has more than 1,000,000 bytes."),
        (
            HEADING.encode("utf-16"),
            {},
            "This is not a text file: Not valid UTF-8 at byte 1. Convert it first: iconv -f latin1 -t utf8.",
        ),
    ],
)
def test_a_table_without_its_columns_cannot_be_read(table: str | bytes, columns: dict[str, str], said: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all("csv", table, replace(BERLIN_CONTEXT, columns=columns))
    assert caught.value.message == said
    assert caught.value.hint


def test_a_heading_that_is_not_ours_is_still_told_apart_by_its_separator() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_all("csv", "date;description;dur\n")
    assert "The file has: date, description, dur." in caught.value.hint


def test_a_missing_column_names_the_nearest() -> None:
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
        (f"2026-11-20,{'a' * 100_001}", "The text has 100,001 characters; at most 100,000 fit."),
    ],
)
def test_a_bad_row_names_its_line_and_the_others_come(row: str, why: str) -> None:
    table = f"day,text\n2026-11-20,good\n{row}\n2026-11-20,good\n".encode("utf-8", "surrogateescape")
    assert read_rejected("csv", table) == [("line 3", why)]
    assert len(read_all("csv", table)) == 3


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("kind", "helpd", "There is no kind “helpd”."),
        ("minutes", "2000", "“2000” is not a length of time within a day."),
        ("effects", "easier x\x1b", "There is no effect “x␛”."),
        ("beneficiaries", "me", "There is no beneficiary “me”."),
        ("project", "?!", "“?!” can't be a project name."),
        ("people", "a" * 201, "One of its people has 201 characters; the limit is 200."),
    ],
)
def test_a_cell_says_what_its_column_knows(column: str, cell: str, why: str) -> None:
    assert read_rejected("csv", f"day,text,{column}\n2026-11-20,a,{cell}\n") == [("line 2", why)]


def test_a_quote_that_is_never_closed_takes_only_so_much() -> None:
    table = 'day,text\n2026-11-20,"open\n' + "2026-11-20,lost\n" * 70_000 + "2026-11-20,kept\n"
    first, *rest = read_all("csv", table)
    assert first == Rejected(location="line 2", reason="A quote is never closed.")
    assert isinstance(rest[-1], Record)
    assert rest[-1].text == "kept"
    assert read_rejected("csv", 'day,text\n2026-11-20,"open\n') == [("line 2", "Invalid CSV: unexpected end of data.")]


def test_rows_that_say_the_same_are_told_apart_and_a_longer_table_adds_only_what_is_new() -> None:
    row = "2026-11-20,a\n"
    once = [one.origin for one in read_valid("csv", f"day,text\n{row}{row}")]
    more = [
        one.origin for one in read_valid("csv", f"text,day\na,2026-11-20\n\nb,2026-11-20\n{'a,2026-11-20' + chr(10)}")
    ]
    assert [more[0], more[2]] == once
    assert len({*once, *more}) == 3
