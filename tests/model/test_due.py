"""The day by which something is due, as tables."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.makers import FRIDAY
from valuelog.model import dates
from valuelog.model.errors import AmbiguousDay, BadDay, BadInput, PastDay
from valuelog.model.period import LAST_YEAR

AHEAD = "Write a future day: tomorrow, fri, next week, 4 dec or 2026-12-04."


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-11-20"),
        ("tomorrow", "2026-11-21"),
        (" Tomorrow ", "2026-11-21"),
        # a weekday is the next one, never today
        ("fri", "2026-11-27"),
        ("Friday", "2026-11-27"),
        ("next fri", "2026-11-27"),
        ("next  friday", "2026-11-27"),
        ("sat", "2026-11-21"),
        ("mon", "2026-11-23"),
        ("thurs", "2026-11-26"),
        # so far ahead
        ("in 3 days", "2026-11-23"),
        ("3 days", "2026-11-23"),
        ("in 1 day", "2026-11-21"),
        ("in 0 days", "2026-11-20"),
        ("2 weeks", "2026-12-04"),
        ("in 9999 weeks", "2218-07-10"),
        ("in three days", "2026-11-23"),
        ("two weeks", "2026-12-04"),
        ("in 2 months", "2027-01-20"),
        ("a year", "2027-11-20"),
        ("day after tomorrow", "2026-11-22"),
        # part of a period
        ("end of month", "2026-11-30"),
        ("end of next quarter", "2027-03-31"),
        ("end of december", "2026-12-31"),
        ("first monday of december", "2026-12-07"),
        ("last friday of january", "2027-01-29"),
        # a range ends with its last day
        ("this week", "2026-11-20"),
        ("next week", "2026-11-27"),
        ("this month", "2026-11-30"),
        ("next month", "2026-12-31"),
        ("next quarter", "2027-03-31"),
        ("next year", "2027-12-31"),
        ("w48", "2026-11-27"),
        ("2026-W48", "2026-11-27"),
        ("2026-12", "2026-12-31"),
        ("q1", "2027-03-31"),
        ("dec", "2026-12-31"),
        ("jan", "2027-01-31"),
        ("24 dec..31 dec", "2026-12-31"),
        # a day without a year is the next one
        ("20 nov", "2026-11-20"),
        ("4 dec", "2026-12-04"),
        ("4 jan", "2027-01-04"),
        ("19 nov", "2027-11-19"),
        ("24/12", "2026-12-24"),
        ("24.12.", "2026-12-24"),
        ("3.4.", "2027-04-03"),
        ("5th of december", "2026-12-05"),
        ("2026-11-20", "2026-11-20"),
        ("Fri 4 Dec 2026", "2026-12-04"),
        ("9998-12-31", "9998-12-31"),
    ],
)
def test_due_day_is_parsed(words: str, day: str) -> None:
    assert dates.parse_due_day(words, FRIDAY) == date.fromisoformat(day)


@pytest.mark.parametrize("ahead", range(1, 8))
def test_due_weekday_is_the_next_one_after_today(ahead: int) -> None:
    day = FRIDAY + timedelta(days=ahead)
    assert dates.parse_due_day(f"{day:%A}", FRIDAY) == dates.parse_due_day(f"next {day:%a}", FRIDAY) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("yesterday", "Thu 19 Nov 2026"),
        ("2026-11-19", "Thu 19 Nov 2026"),
        ("19 nov 2026", "Thu 19 Nov 2026"),
        ("last fri", "Fri 13 Nov 2026"),
        ("last monday", "Mon 16 Nov 2026"),
        ("next last fri", "Fri 13 Nov 2026"),
        ("last week", "Sun 15 Nov 2026"),
        ("last month", "Sat 31 Oct 2026"),
        ("3 days ago", "Tue 17 Nov 2026"),
        ("-3", "Tue 17 Nov 2026"),
        ("2025", "Wed 31 Dec 2025"),
        ("2026-W46", "Sun 15 Nov 2026"),
        ("1900-01-01", "Mon 1 Jan 1900"),
    ],
)
def test_past_due_day_is_refused(words: str, day: str) -> None:
    with pytest.raises(PastDay) as refused:
        dates.parse_due_day(words, FRIDAY)
    assert (refused.value.message, refused.value.hint) == (f"{day} is in the past.", AHEAD)


@pytest.mark.parametrize(
    ("words", "said", "exact"),
    [
        ("3/4", "“3/4” could be 3 April or 4 March.", "Write 2027-04-03 or 2027-03-04."),
        ("12/1", "“12/1” could be 12 January or 1 December.", "Write 2027-01-12 or 2026-12-01."),
        ("11/12", "“11/12” could be 11 December or 12 November.", "Write 2026-12-11 or 2027-11-12."),
        ("3-4-2027", "“3-4-2027” could be 3 April or 4 March.", "Write 2027-04-03 or 2027-03-04."),
    ],
)
def test_ambiguous_due_day_is_refused_with_coming_readings(words: str, said: str, exact: str) -> None:
    with pytest.raises(AmbiguousDay) as refused:
        dates.parse_due_day(words, FRIDAY)
    assert (refused.value.message, refused.value.hint) == (said, exact)


@pytest.mark.parametrize(
    "words",
    [
        *("", " ", "soon", "next", "by fri", "in x days", "next next fri", "+3", "..", "a..b"),
        *(
            "9999-01-01",
            "999999 days",
            "2026-02-30",
            "31 nov",
            "3 days 3",
            "fri 21 nov 2026",
            "\x1b[31m",
            "fri..2026-11-01",
        ),
    ],
)
def test_invalid_due_day_is_refused(words: str) -> None:
    with pytest.raises(BadDay) as refused:
        dates.parse_due_day(words, FRIDAY)
    assert (refused.value.message, refused.value.hint) == (f"“{words}” is not a day.", AHEAD)


def test_due_day_typo_suggests_the_nearest_day() -> None:
    with pytest.raises(BadDay) as refused:
        dates.parse_due_day("nxt frday", FRIDAY)
    assert refused.value.hint == f"Did you mean next friday? {AHEAD}"


PIECES = (
    "today yesterday fri last this next in 3 20 9999 -3 days weeks ago nov 2026 2028-02-29 3/4 12/1 w47 q4 .. / "
    "end of month months first a two december"
)


@example(words="in 9999 weeks", today=date(9990, 1, 1))
@example(words="fri", today=date(9998, 12, 31))
@example(words="tomorrow", today=date(9998, 12, 31))
@example(words="3/4", today=date(9998, 12, 31))
@given(
    words=st.one_of(st.text(), st.lists(st.sampled_from(PIECES.split()), max_size=5).map(" ".join)),
    today=st.dates(date(1910, 1, 1), date(9998, 12, 31)),
)
def test_any_text_is_parsed_as_due_day_or_refused(words: str, today: date) -> None:
    with suppress(BadInput):
        assert today <= dates.parse_due_day(words, today) <= date(LAST_YEAR, 12, 31)
