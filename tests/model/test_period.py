"""Periods: names, previous periods and formatting."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.makers import FRIDAY
from valuelog.model import dates
from valuelog.model.period import (
    FIRST_YEAR,
    LAST_YEAR,
    Period,
    Unit,
    format_day,
    format_full_day,
    format_period,
    period_containing,
    week_of,
)

NAMED = [unit for unit in Unit if unit is not Unit.SPAN]
DAYS = st.dates(date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31))
UNITS = st.sampled_from(NAMED)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _span(start: str, end: str) -> Period:
    return Period(start=_day(start), end=_day(end))


@pytest.mark.parametrize(
    ("day", "unit", "name", "start", "end"),
    [
        ("2026-11-20", Unit.DAY, "2026-11-20", "2026-11-20", "2026-11-20"),
        ("2026-11-16", Unit.WEEK, "2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-11-22", Unit.WEEK, "2026-W47", "2026-11-16", "2026-11-22"),
        ("2027-01-03", Unit.WEEK, "2026-W53", "2026-12-28", "2027-01-03"),
        ("2020-12-31", Unit.WEEK, "2020-W53", "2020-12-28", "2021-01-03"),
        ("2027-01-04", Unit.WEEK, "2027-W01", "2027-01-04", "2027-01-10"),
        ("2024-12-30", Unit.WEEK, "2025-W01", "2024-12-30", "2025-01-05"),
        ("2026-12-31", Unit.MONTH, "2026-12", "2026-12-01", "2026-12-31"),
        ("2028-02-29", Unit.MONTH, "2028-02", "2028-02-01", "2028-02-29"),
        ("2026-03-31", Unit.QUARTER, "2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-04-01", Unit.QUARTER, "2026-Q2", "2026-04-01", "2026-06-30"),
        ("2026-12-01", Unit.QUARTER, "2026-Q4", "2026-10-01", "2026-12-31"),
        ("2028-02-29", Unit.YEAR, "2028", "2028-01-01", "2028-12-31"),
    ],
)
def test_period_containing_a_day_has_name_and_bounds(day: str, unit: Unit, name: str, start: str, end: str) -> None:
    period = period_containing(_day(day), unit)
    assert (period.name, period.start, period.end) == (name, _day(start), _day(end))


@settings(deadline=None)
@given(DAYS, UNITS)
def test_period_name_can_be_parsed(day: date, unit: Unit) -> None:
    period = period_containing(day, unit)
    assert day in period
    assert dates.parse_period(period.name, FRIDAY) == period


@given(DAYS, st.integers(0, 400))
def test_span_name_can_be_parsed(day: date, more: int) -> None:
    period = Period(start=day, end=day + timedelta(days=more))
    assert dates.parse_period(period.name, FRIDAY) == period


@given(DAYS, UNITS)
def test_previous_period_ends_the_day_before(day: date, unit: Unit) -> None:
    now = period_containing(day, unit)
    before = now.previous()
    assert before.end == now.start - timedelta(days=1)
    assert before == period_containing(before.end, unit)


@given(DAYS.filter(lambda day: day.year > FIRST_YEAR + 50), UNITS, st.integers(0, 30))
def test_previous_by_count_equals_single_steps(day: date, unit: Unit, count: int) -> None:
    now = period_containing(day, unit)
    steps = [now]
    for _ in range(count):
        steps.insert(0, steps[0].previous())
    assert (*now.previous_periods(count), now) == tuple(steps)
    assert now.previous(count) == steps[0]


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("2027-W02", ["2026-W52", "2026-W53", "2027-W01"]),
        ("2021-W01", ["2020-W51", "2020-W52", "2020-W53"]),
        ("2026-02", ["2025-11", "2025-12", "2026-01"]),
        ("2026-Q2", ["2025-Q3", "2025-Q4", "2026-Q1"]),
        ("2026", ["2023", "2024", "2025"]),
        ("2026-01-02", ["2025-12-30", "2025-12-31", "2026-01-01"]),
        ("2028-03-01", ["2028-02-27", "2028-02-28", "2028-02-29"]),
        (
            "2026-01-05..2026-01-14",
            ["2025-12-06..2025-12-15", "2025-12-16..2025-12-25", "2025-12-26..2026-01-04"],
        ),
    ],
)
def test_previous_periods_have_the_same_unit_oldest_first(name: str, names: list[str]) -> None:
    assert [period.name for period in dates.parse_period(name, FRIDAY).previous_periods(3)] == names


def test_previous_periods_stop_at_year_two() -> None:
    assert period_containing(date(2, 1, 16), Unit.WEEK).previous_periods(26) == (
        period_containing(date(2, 1, 9), Unit.WEEK),
    )
    assert not period_containing(date(1, 3, 1), Unit.DAY).previous_periods(5)


@pytest.mark.parametrize("clocks_change", ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01"])
def test_week_with_a_clock_change_has_seven_days(clocks_change: str) -> None:
    week = week_of(_day(clocks_change))
    assert week.length == len(list(week.days())) == len(set(week.days())) == 7
    assert week.end - week.previous().end == timedelta(days=7)


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("2026-W47", "2026-11-15", None),
        ("2026-W47", "2026-11-16", "2026-11-16..2026-11-16"),
        ("2026-W47", "2026-11-21", "2026-11-16..2026-11-21"),
        ("2026-W47", "2026-11-22", "2026-W47"),
        ("2026-W47", "2027-01-01", "2026-W47"),
    ],
)
def test_up_to_cuts_the_period_at_a_day(name: str, day: str, expected: str | None) -> None:
    period = dates.parse_period(name, FRIDAY).up_to(_day(day))
    assert (period and period.name) == expected


def test_period_includes_first_and_last_day() -> None:
    span = _span("2026-11-18", "2026-11-20")
    assert [_day(f"2026-11-{day}") in span for day in (17, 18, 20, 21)] == [False, True, True, False]
    assert list(span.days()) == [_day(f"2026-11-{day}") for day in (18, 19, 20)]
    assert span.length == 3


def test_period_rejects_end_before_start() -> None:
    with pytest.raises(ValueError, match="2026-11-19 is before 2026-11-20"):
        _span("2026-11-20", "2026-11-19")


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (period_containing(FRIDAY, Unit.DAY), "Fri 20 Nov 2026"),
        (period_containing(FRIDAY, Unit.WEEK), "Week 47 · 16 – 22 Nov 2026"),
        (period_containing(date(2026, 12, 2), Unit.WEEK), "Week 49 · 30 Nov – 6 Dec 2026"),
        (period_containing(date(2027, 1, 1), Unit.WEEK), "Week 53 · 28 Dec 2026 – 3 Jan 2027"),
        (period_containing(FRIDAY, Unit.MONTH), "November 2026"),
        (period_containing(FRIDAY, Unit.QUARTER), "Quarter 4 · Oct – Dec 2026"),
        (period_containing(FRIDAY, Unit.YEAR), "2026"),
        (_span("2026-11-02", "2026-11-20"), "2 – 20 Nov 2026"),
        (_span("2026-10-02", "2026-11-20"), "2 Oct – 20 Nov 2026"),
        (_span("2025-11-20", "2026-11-20"), "20 Nov 2025 – 20 Nov 2026"),
        (_span("2026-11-20", "2026-11-20"), "20 Nov 2026"),
    ],
)
def test_format_period_repeats_no_month_or_year(period: Period, expected: str) -> None:
    assert format_period(period) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-20", "Fri 20 Nov"),
        ("2026-11-22", "Sun 22 Nov"),
        ("2026-01-05", "Mon 5 Jan"),
        ("2028-02-29", "Tue 29 Feb"),
    ],
)
def test_format_day_has_weekday_and_month(day: str, expected: str) -> None:
    assert format_day(_day(day)) == expected
    assert format_full_day(_day(day)) == f"{expected} {day[:4]}"


@settings(deadline=None)
@given(st.dates(date(FIRST_YEAR, 1, 1), FRIDAY))
def test_formatted_day_can_be_parsed(day: date) -> None:
    assert dates.parse_past_day(format_full_day(day), FRIDAY) == day
