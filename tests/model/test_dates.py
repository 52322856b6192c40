"""WHEN and PERIOD: everything the parser of days and ranges of days understands and rejects."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from support.makers import FRIDAY
from valuelog.model import dates
from valuelog.model.errors import AmbiguousDay, BadDay, BadInput, BadPeriod, FutureDay
from valuelog.model.period import FIRST_YEAR, LAST_YEAR, Period, Unit, period_containing


def _day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-11-20"),
        ("yesterday", "2026-11-19"),
        ("  Yesterday ", "2026-11-19"),
        ("fri", "2026-11-20"),
        ("Friday", "2026-11-20"),
        ("last friday", "2026-11-13"),
        ("last  FRI", "2026-11-13"),
        ("sat", "2026-11-14"),
        ("last sat", "2026-11-14"),
        ("mon", "2026-11-16"),
        ("last mon", "2026-11-16"),
        ("tues", "2026-11-17"),
        ("thurs", "2026-11-19"),
        ("3 days ago", "2026-11-17"),
        ("1 day ago", "2026-11-19"),
        ("0 days ago", "2026-11-20"),
        ("2 weeks ago", "2026-11-06"),
        ("400 days ago", "2025-10-16"),
        ("-3", "2026-11-17"),
        ("-0", "2026-11-20"),
        ("2026-11-20", "2026-11-20"),
        ("2026-1-2", "2026-01-02"),
        ("2026/11/05", "2026-11-05"),
        ("1900-01-01", "1900-01-01"),
        ("20 nov", "2026-11-20"),
        ("20. November", "2026-11-20"),
        ("Nov 20th", "2026-11-20"),
        ("22 dec", "2025-12-22"),
        ("1 jan", "2026-01-01"),
        ("20 nov 2025", "2025-11-20"),
        ("Fri 20 Nov 2026", "2026-11-20"),
        ("20/11", "2026-11-20"),
        ("11/20", "2026-11-20"),
        ("22.12.", "2025-12-22"),
        ("20.11.2025", "2025-11-20"),
        ("4/4", "2026-04-04"),
        # dots put the day first
        ("5.11.2026", "2026-11-05"),
        ("3.4.", "2026-04-03"),
        ("11.20.2026", "2026-11-20"),
        # counts in words, months, quarters and years
        ("two days ago", "2026-11-18"),
        ("day before yesterday", "2026-11-18"),
        ("the day before yesterday", "2026-11-18"),
        ("a week ago", "2026-11-13"),
        ("1 month ago", "2026-10-20"),
        ("two quarters ago", "2026-05-20"),
        ("a year ago", "2025-11-20"),
        # parts of a period
        ("first monday of november", "2026-11-02"),
        ("last friday of october", "2026-10-30"),
        ("second tue of march 2024", "2024-03-12"),
        ("the third friday of this month", "2026-11-20"),
        ("first monday of this quarter", "2026-10-05"),
        ("first monday of january", "2026-01-05"),
        ("end of last month", "2026-10-31"),
        ("start of the year", "2026-01-01"),
        ("beginning of 2026-Q3", "2026-07-01"),
        ("end of w46", "2026-11-15"),
        # what only dateutil knows
        ("5th of november", "2026-11-05"),
        ("the 5th of november 2026", "2026-11-05"),
        ("november the 5th", "2026-11-05"),
        ("2026 nov 5", "2026-11-05"),
        ("5-nov-2026", "2026-11-05"),
        ("5nov2026", "2026-11-05"),
        ("thursday 5 of november", "2026-11-05"),
        ("24th of december", "2025-12-24"),
    ],
)
def test_day_is_parsed(words: str, day: str) -> None:
    assert dates.parse_past_day(words, FRIDAY) == _day(day)


@pytest.mark.parametrize(
    ("today", "words", "day"),
    [
        ("2026-01-01", "yesterday", "2025-12-31"),
        ("2026-01-01", "31 dec", "2025-12-31"),
        ("2026-01-01", "fri", "2025-12-26"),
        ("2026-12-31", "1 jan", "2026-01-01"),
        ("2026-03-01", "yesterday", "2026-02-28"),
        ("2028-03-01", "yesterday", "2028-02-29"),
        ("2028-03-01", "29 feb", "2028-02-29"),
        ("2028-02-29", "29/2", "2028-02-29"),
        ("2026-03-01", "2024-02-29", "2024-02-29"),
        ("2026-11-16", "last mon", "2026-11-09"),
        ("2026-11-22", "sunday", "2026-11-22"),
        ("2026-11-22", "last sunday", "2026-11-15"),
        ("2026-11-23", "last friday", "2026-11-20"),
        ("2026-12-31", "1 month ago", "2026-11-30"),
        ("2028-02-29", "a year ago", "2027-02-28"),
        ("2026-01-01", "last friday of last month", "2025-12-26"),
    ],
)
def test_day_is_parsed_at_ends_of_months_and_years(today: str, words: str, day: str) -> None:
    assert dates.parse_past_day(words, _day(today)) == _day(day)


@pytest.mark.parametrize("ago", range(7))
def test_weekday_is_the_latest_and_last_excludes_today(ago: int) -> None:
    names = ("friday", "thursday", "wednesday", "tuesday", "monday", "sunday", "saturday")
    day = _day(f"2026-11-{20 - ago}")
    assert dates.parse_past_day(names[ago], FRIDAY) == dates.parse_past_day(names[ago][:3], FRIDAY) == day
    assert dates.parse_past_day(f"last {names[ago]}", FRIDAY) == (day if ago else _day("2026-11-13"))


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("3/4", "“3/4” could be 3 April or 4 March.", "Write 2026-04-03 or 2026-03-04."),
        ("4/3", "“4/3” could be 4 March or 3 April.", "Write 2026-03-04 or 2026-04-03."),
        ("3-4-2025", "“3-4-2025” could be 3 April or 4 March.", "Write 2025-04-03 or 2025-03-04."),
        ("12/1", "“12/1” could be 12 January or 1 December.", "Write 2026-01-12 or 2026-12-01."),
        (
            "5 nov 26",
            "“5 nov 26” could be 26 November 2005 or 5 November 2026.",
            "Write 2005-11-26 or 2026-11-05.",
        ),
    ],
)
def test_ambiguous_day_is_refused_with_both_readings(words: str, message: str, hint: str) -> None:
    for parse in (dates.parse_past_day, dates.parse_day, dates.parse_period):
        with pytest.raises(AmbiguousDay) as error:
            parse(words, FRIDAY)
        assert (error.value.message, error.value.hint) == (message, hint)


@pytest.mark.parametrize(
    "words", ["tomorrow", "2026-11-21", "21 nov", "21.11.", "21 nov 2026", "21/11/2026", "2027-01-01"]
)
def test_future_day_is_refused_as_a_past_day(words: str) -> None:
    with pytest.raises(FutureDay, match="is in the future"):
        dates.parse_past_day(words, FRIDAY)
    assert dates.parse_day(words, FRIDAY) > FRIDAY


def test_future_day_message_spells_it_out() -> None:
    with pytest.raises(FutureDay, match=r"^Sat 21 Nov 2026 is in the future\.$"):
        dates.parse_past_day("tomorrow", FRIDAY)


def test_years_from_1900_to_9998_are_parsed() -> None:
    for year in (1900, 9998):
        assert dates.parse_day(f"{year}-12-31", FRIDAY) == date(year, 12, 31)
        assert dates.parse_period(str(year), FRIDAY) == period_containing(date(year, 1, 1), Unit.YEAR)


NONSENSE = (
    *("", " ", "x", "fr", "friyay", "last last friday", "next friday", "ago", "3 days", "days ago", "-", "--3"),
    *("- 3", "+3", "2026-02-30", "2027-02-29", "2026-13-01", "2026-00-10", "2026-11-00", "2026-11-20-1", "0/5", "31/2"),
    *(
        "13/13",
        "3/4/26",
        "29 feb",
        "29/2",
        "31 nov",
        "32 nov",
        "nov 0",
        "20 smarch",
        "1 may 2 jun",
        "20:15",
        "noon",
        "nov 20 12:30",
    ),
    *(
        "monday 5 of november",
        "5th november 12:30",
        "november 5 at 3",
        "5 of 11",
        "nov 5 pm",
        "5 nov utc",
        "of november",
    ),
    *("fifth monday of november", "first monday of", "first day of november", "end of time", "end of end of month"),
    *("0 months", "last friday of", "99999 years ago", "in 99999 months", "5th of november or so", "nov the"),
    *("1899-12-31", "9999-01-01", "0000-01-01", "-99999", "99999 weeks ago", "1 nov 99999", "\x1b[31m", "@sam", "[/]"),
)


@pytest.mark.parametrize(
    "words", [*NONSENSE, "last", "2026", "2026-11", "2026-W47", "nov", "november 2026", "this week"]
)
def test_invalid_day_is_refused(words: str) -> None:
    with pytest.raises(BadDay) as error:
        dates.parse_day(words, FRIDAY)
    assert f"“{words}”" in error.value.message
    assert "2026-11-20" in error.value.hint


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("today", "2026-11-20"),
        ("last friday", "2026-11-13"),
        ("tomorrow", "2026-11-21"),
        ("20 nov", "2026-11-20"),
        ("this week", "2026-W47"),
        ("this", "2026-W47"),
        ("Last Week", "2026-W46"),
        ("this month", "2026-11"),
        ("last month", "2026-10"),
        ("this quarter", "2026-Q4"),
        ("last quarter", "2026-Q3"),
        ("this year", "2026"),
        ("last year", "2025"),
        ("last 3 days", "2026-11-18..2026-11-20"),
        ("last 2 weeks", "2026-11-07..2026-11-20"),
        ("last 3 months", "2026-08-21..2026-11-20"),
        ("last two quarters", "2026-05-21..2026-11-20"),
        ("last 2 years", "2024-11-21..2026-11-20"),
        ("since monday", "2026-11-16..2026-11-20"),
        ("since last month", "2026-10-01..2026-11-20"),
        ("since 2 months ago", "2026-09-20..2026-11-20"),
        ("two weeks ago", "2026-11-06"),
        ("2026-W47", "2026-W47"),
        ("2026w47", "2026-W47"),
        ("w5", "2026-W05"),
        ("2020-W53", "2020-W53"),
        ("2026-W53", "2026-W53"),
        ("2027-W01", "2027-W01"),
        ("2026-11", "2026-11"),
        ("2024-02", "2024-02"),
        ("2026-Q4", "2026-Q4"),
        ("q1", "2026-Q1"),
        ("2026", "2026"),
        ("nov", "2026-11"),
        ("dec", "2025-12"),
        ("march 2024", "2024-03"),
        ("2026-11-02..2026-11-20", "2026-11-02..2026-11-20"),
        ("2026-11-20 .. 2026-11-20", "2026-11-20..2026-11-20"),
        ("2026-W40..2026-W47", "2026-09-28..2026-11-22"),
        ("2026-10..last week", "2026-10-01..2026-11-15"),
        ("mon..", "2026-11-16..2026-11-20"),
        ("week", "2026-W47"),
        ("month", "2026-11"),
        ("week 45", "2026-W45"),
        ("past 2 weeks", "2026-11-07..2026-11-20"),
        ("previous month", "2026-10"),
        ("mon-wed", "2026-11-16..2026-11-18"),
        ("mon to wed", "2026-11-16..2026-11-18"),
        ("monday through wednesday", "2026-11-16..2026-11-18"),
        ("from mon until wed", "2026-11-16..2026-11-18"),
        ("between mon and wed", "2026-11-16..2026-11-18"),
        ("fri-mon", "2026-11-20..2026-11-23"),
        ("sep - oct", "2026-09-01..2026-10-31"),
        ("nov-dec", "2026-11-01..2026-12-31"),
        ("2-5 nov", "2026-11-02..2026-11-05"),
        ("2-5 nov 2024", "2024-11-02..2024-11-05"),
        ("2 nov - 5 nov", "2026-11-02..2026-11-05"),
        ("28 dec - 3 jan", "2025-12-28..2026-01-03"),
        ("2025-2026", "2025-01-01..2026-12-31"),
        ("2026-11-16 2026-11-18", "2026-11-16..2026-11-18"),
        ("2026-11-16 to 2026-11-18", "2026-11-16..2026-11-18"),
        ("from 2026-11-16", "2026-11-16..2026-11-20"),
    ],
)
def test_period_is_parsed(words: str, name: str) -> None:
    assert dates.parse_period(words, FRIDAY).name == name


@pytest.mark.parametrize(
    ("today", "words", "name"),
    [
        ("2026-01-05", "q4", "2025-Q4"),
        ("2026-01-05", "q1", "2026-Q1"),
        ("2026-01-05", "w52", "2025-W52"),
        ("2026-01-05", "w2", "2026-W02"),
        ("2026-01-04", "w2", "2025-W02"),
        ("2026-01-05", "w53", "2020-W53"),
        ("2027-01-03", "w53", "2026-W53"),
        ("2027-01-04", "w53", "2026-W53"),
        ("2026-12-28", "w53", "2026-W53"),
        ("2025-12-29", "w1", "2026-W01"),
        ("2026-01-05", "dec", "2025-12"),
        ("2026-03-31", "q2", "2025-Q2"),
        ("2026-04-01", "q2", "2026-Q2"),
        ("2026-11-20", "w48", "2025-W48"),
        ("2026-01-05", "q3..q4", "2025-07-01..2025-12-31"),
    ],
)
def test_period_without_a_year_is_the_latest_that_has_begun(today: str, words: str, name: str) -> None:
    assert dates.parse_period(words, date.fromisoformat(today)).name == name


@pytest.mark.parametrize(
    ("today", "words", "name"),
    [
        ("2026-01-05", "q4", "2026-Q4"),
        ("2026-01-05", "w3", "2026-W03"),
        ("2026-12-01", "w52", "2026-W52"),
        ("2026-12-30", "q1", "2027-Q1"),
        ("2026-12-30", "w1", "2027-W01"),
        ("2026-11-20", "q4", "2026-Q4"),
    ],
)
def test_coming_period_without_a_year_is_the_next(today: str, words: str, name: str) -> None:
    assert dates.parse_coming_period(words, date.fromisoformat(today)).name == name


def test_week_that_no_year_has_is_refused() -> None:
    with pytest.raises(BadPeriod):
        dates.parse_period("w54", FRIDAY)


@pytest.mark.parametrize(
    ("words", "unit", "start", "end"),
    [
        ("2020-W53", Unit.WEEK, "2020-12-28", "2021-01-03"),
        ("2026-W53", Unit.WEEK, "2026-12-28", "2027-01-03"),
        ("2027-W01", Unit.WEEK, "2027-01-04", "2027-01-10"),
        ("2025-W01", Unit.WEEK, "2024-12-30", "2025-01-05"),
        ("2026-02", Unit.MONTH, "2026-02-01", "2026-02-28"),
        ("2028-02", Unit.MONTH, "2028-02-01", "2028-02-29"),
        ("2026-12", Unit.MONTH, "2026-12-01", "2026-12-31"),
        ("2026-Q1", Unit.QUARTER, "2026-01-01", "2026-03-31"),
        ("2026-Q4", Unit.QUARTER, "2026-10-01", "2026-12-31"),
        ("2028", Unit.YEAR, "2028-01-01", "2028-12-31"),
        ("2026-11-20", Unit.DAY, "2026-11-20", "2026-11-20"),
        ("2026-W53..2027", Unit.SPAN, "2026-12-28", "2027-12-31"),
    ],
)
def test_period_has_its_unit_and_ends(words: str, unit: Unit, start: str, end: str) -> None:
    assert dates.parse_period(words, FRIDAY) == Period(start=_day(start), end=_day(end), unit=unit)


@pytest.mark.parametrize(
    ("today", "words", "name"),
    [
        ("2027-01-01", "this week", "2026-W53"),
        ("2027-01-01", "w1", "2026-W01"),
        ("2027-01-04", "last week", "2026-W53"),
        ("2021-01-03", "this week", "2020-W53"),
        ("2024-12-30", "this week", "2025-W01"),
        ("2027-01-31", "last month", "2026-12"),
        ("2026-03-31", "last month", "2026-02"),
        ("2027-02-01", "last quarter", "2026-Q4"),
        ("2028-02-29", "last year", "2027"),
    ],
)
def test_relative_period_is_parsed_across_years(today: str, words: str, name: str) -> None:
    assert dates.parse_period(words, _day(today)).name == name


@pytest.mark.parametrize(
    "words",
    [
        *NONSENSE,
        *("2027-W53", "2026-W00", "2026-W54", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "1899", "9999", "0000"),
        *("ma", "next", "last 0 days", "last 9999 weeks", "tomorrow..", "13 2026"),
        *(
            "2026-11-20..2026-11-02",
            "..",
            "..2026",
            "a..b",
            "since",
            "since since monday",
            "since tomorrow",
            "since mon..fri",
            "2026..x",
            "mon..tue..wed",
            "2026-11-02...2026-11-20",
            "today to yesterday",
            "2026-11-20 2026-11-02",
            "mon - tue - wed",
            "monkey-wed",
            "from mon..wed",
        ),
    ],
)
def test_invalid_period_is_refused(words: str) -> None:
    with pytest.raises(BadPeriod) as error:
        dates.parse_period(words, FRIDAY)
    assert "2026-W47" in error.value.hint


@pytest.mark.parametrize(("words", "invalid"), [("..2026", "..2026"), ("1..2..3", "1..2..3"), ("2026..x", "x")])
def test_invalid_range_names_the_invalid_part(words: str, invalid: str) -> None:
    with pytest.raises(BadPeriod, match=f"^“{invalid}” is not a day or a period"):
        dates.parse_period(words, FRIDAY)


PIECES = (
    "today yesterday fri last this next 3 20 99999 -3 days weeks ago nov november may 2026 2026-11-20 3/4 20/11 W47 "
    "2026-W53 Q4 week month months since end first of a two .. . / - , th st of pm am utc z T 1e5 12:30 +5 ½ ４ ı ﬁ 0"
)
_pieces = st.lists(st.sampled_from(PIECES.split()), max_size=7)
TEXTS = st.one_of(st.text(), _pieces.map(" ".join), _pieces.map("".join))


@settings(deadline=None, max_examples=400)
@given(words=TEXTS, today=st.dates(date(1910, 1, 1), date(9900, 1, 1)))
@example(words="today.." * 2000, today=FRIDAY)
@example(words="nov 1 " * 2000, today=FRIDAY)
@example(words="99999 weeks ago", today=date(1910, 1, 1))
def test_any_text_is_parsed_or_refused(words: str, today: date) -> None:
    with suppress(BadInput):
        assert FIRST_YEAR <= dates.parse_day(words, today).year <= LAST_YEAR
    with suppress(BadInput):
        assert dates.parse_past_day(words, today) <= today
    with suppress(BadInput):
        period = dates.parse_period(words, today)
        assert dates.parse_period(period.name, today) == period


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("24 dec", "2026-12-24"),
        ("24 dec..31 dec", "2026-12-24..2026-12-31"),
        ("24-31 dec", "2026-12-24..2026-12-31"),
        ("24 dec to 4 jan", "2026-12-24..2027-01-04"),
        ("2026-12-24 2026-12-31", "2026-12-24..2026-12-31"),
        ("mon..wed", "2026-11-23..2026-11-25"),
        ("fri-mon", "2026-11-20..2026-11-23"),
        ("21 nov", "2026-11-21"),
        ("mon", "2026-11-23"),
        ("fri", "2026-11-20"),
        ("next week", "2026-W48"),
        ("w10", "2027-W10"),
        ("jan", "2027-01"),
        ("this week", "2026-W47"),
        ("last week", "2026-W46"),
        ("first monday of march", "2027-03-01"),
        ("last friday of october", "2027-10-29"),
        ("end of month", "2026-11-30"),
        ("3 days ago", "2026-11-17"),
        ("24 dec 2025", "2025-12-24"),
    ],
)
def test_coming_period_is_parsed(words: str, name: str) -> None:
    assert dates.parse_coming_period(words, FRIDAY).name == name
