"""How often something repeats: words, occurrences, and ends of months and years."""

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelog.model.period import Unit
from valuelog.model.recurrence import BadRecurrence, Recurrence, parse_recurrence

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("words", "canonical"),
    [
        ("day", "day"),
        ("daily", "day"),
        ("every other day", "2 days"),
        ("week", "week"),
        ("Weekly", "week"),
        ("2 weeks", "2 weeks"),
        ("three months", "3 months"),
        ("1 month", "month"),
        ("month", "month"),
        ("quarter", "3 months"),
        ("other quarter", "6 months"),
        ("annually", "year"),
        ("12 years", "12 years"),
        ("every monday", "monday"),
        ("fri", "friday"),
        ("thurs", "thursday"),
        ("mondays", "monday"),
        ("other friday", "other friday"),
        ("friday and monday", "monday and friday"),
        ("mon, wed, and fri", "monday and wednesday and friday"),
        ("each other mon and thu", "other monday and thursday"),
        ("first monday of the month", "first monday of the month"),
        ("last fri in each month", "last friday of the month"),
        ("last day of every month", "last day of the month"),
    ],
)
def test_words_are_parsed_and_written_in_one_form(words: str, canonical: str) -> None:
    rule = parse_recurrence(words)
    assert str(rule) == canonical
    assert parse_recurrence(str(rule)) == rule


@pytest.mark.parametrize(
    "words",
    [
        "", "every", "fr", "0 weeks", "100 days", "weeks", "other weeks", "two weekly", "-1 day",
        "fifth friday of the month", "first day of the month", "31st", "fri and", "monkey", "mon friday", "last friday",
        "hour", "2 mondays", "²  weeks",
    ],
)  # fmt: skip
def test_other_words_are_rejected(words: str) -> None:
    with pytest.raises(BadRecurrence, match="how often"):
        parse_recurrence(words)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("third friday", "Write third friday of the month, or 3 weeks."),
        ("every second mon", "Write second monday of the month, or 2 weeks."),
        ("last fri", "Write last friday of the month."),
    ],
)
def test_words_with_two_readings_show_both(words: str, hint: str) -> None:
    with pytest.raises(BadRecurrence) as raised:
        parse_recurrence(words)
    assert raised.value.hint == hint


@pytest.mark.parametrize(
    ("words", "since", "expected"),
    [
        ("day", "2026-12-30", "2026-12-30 2026-12-31 2027-01-01"),
        ("week", "2026-12-18", "2026-12-18 2026-12-25 2027-01-01"),
        ("other friday", "2026-12-16", "2026-12-18 2027-01-01 2027-01-15"),
        ("other friday", "2026-12-19", "2027-01-01 2027-01-15 2027-01-29"),
        ("monday and friday", "2026-12-25", "2026-12-25 2026-12-28 2027-01-01"),
        ("month", "2027-01-31", "2027-01-31 2027-02-28 2027-03-31 2027-04-30"),
        ("month", "2028-01-31", "2028-01-31 2028-02-29 2028-03-31"),
        ("month", "2027-01-30", "2027-01-30 2027-02-28 2027-03-30"),
        ("month", "2027-02-28", "2027-02-28 2027-03-28"),
        ("3 months", "2026-11-30", "2026-11-30 2027-02-28 2027-05-30"),
        ("year", "2028-02-29", "2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-29"),
        ("4 years", "2028-02-29", "2028-02-29 2032-02-29"),
        ("first monday of the month", "2026-12-08", "2027-01-04 2027-02-01"),
        ("last friday of the month", "2026-11-20", "2026-11-27 2026-12-25 2027-01-29"),
        ("last day of the month", "2027-01-15", "2027-01-31 2027-02-28 2027-03-31"),
    ],
)
def test_occurrences_at_ends_of_months_and_years(words: str, since: str, expected: str) -> None:
    days = expected.split()
    rule, start = parse_recurrence(words), date.fromisoformat(since)
    assert [str(day) for day in islice(rule.iterate(start), len(days))] == days
    last = date.fromisoformat(days[-1])
    span = (start + timedelta(days=ahead) for ahead in range((last - start).days + 1))
    assert [str(day) for day in span if rule.occurs_on(day, start)] == days


UNITS = [Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR]
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
RULES = st.one_of(
    st.tuples(st.sampled_from(UNITS), st.integers(1, 99)).map(lambda pair: Recurrence(*pair)),
    st.tuples(st.integers(1, 2), WEEKDAYS).map(lambda pair: Recurrence(Unit.WEEK, *pair)),
    st.tuples(st.integers(0, 6), st.sampled_from([1, 2, 3, 4, -1])).map(
        lambda pair: Recurrence(Unit.MONTH, weekdays=(pair[0],), ordinal=pair[1])
    ),
    st.just(Recurrence(Unit.MONTH, ordinal=-1)),
)
DAYS = st.dates(date(1999, 1, 1), date(2060, 1, 1))


@given(RULES)
def test_every_rule_can_be_typed(rule: Recurrence) -> None:
    assert parse_recurrence(str(rule)) == rule


@given(RULES, DAYS)
def test_arithmetic_agrees_with_dateutil(rule: Recurrence, since: date) -> None:
    end = since + timedelta(days=800)
    expected = set()
    for day in rule.iterate(since):
        if day > end:
            break
        expected.add(day)
    days = (since + timedelta(days=ahead) for ahead in range(801))
    assert {day for day in days if rule.occurs_on(day, since)} == expected


@given(RULES, DAYS, st.integers(-40, 800))
def test_next_occurrence_is_the_first_one_after_a_day(rule: Recurrence, since: date, ahead: int) -> None:
    day = since + timedelta(days=ahead)
    later = rule.next_after(day, since)
    assert later
    assert later > day
    assert rule.occurs_on(later, since)
    between = (day + timedelta(days=number) for number in range(1, min((later - day).days, 400)))
    assert not any(rule.occurs_on(each, since) for each in between)


def test_series_ends_with_the_last_year() -> None:
    assert Recurrence(Unit.YEAR, 99).next_after(date(9998, 12, 31), date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("friday", "2026-11-20"),
        ("other monday", "2026-11-23"),
        ("month", "2026-11-20"),
        ("last day of the month", "2026-11-30"),
        ("first friday of the month", "2026-12-04"),
    ],
)
def test_series_begins_on_the_first_such_day(words: str, first: str) -> None:
    assert str(parse_recurrence(words).first_on_or_after(FRIDAY)) == first
