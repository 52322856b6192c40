"""The pictures of a page: what they show, what they leave out, and where there is nothing to show."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from support.makers import FRIDAY
from valuelog.analysis.review import Review, ReviewInput, build_review
from valuelog.analysis.trend import Trend, compute_trend
from valuelog.analysis.year import Year, build_year
from valuelog.model.entry import Kind
from valuelog.model.period import SHORT_MONTHS, Period, Unit, period_containing, week_of
from valuelog.model.schedule import Workdays
from valuelog.model.tally import Tally
from valuelog.render.html.charts import draw_balance, draw_kinds, draw_trend
from valuelog.render.html.heat import draw_heat_map


def weeks(counts: Sequence[tuple[int, int]]) -> Trend:
    """Make the Trend of some weeks up to now: value and work of each."""
    last = week_of(FRIDAY)
    periods = (*last.previous_periods(len(counts) - 1), last)
    tallies = [Tally(counts={Kind.OUTCOME: value, Kind.ACTIVITY: work}) for value, work in counts]
    return compute_trend(list(zip(periods, tallies, strict=True)), latest=1, max_scores=len(counts))


def series(drawn: str, name: str) -> list[str]:
    """Return the paths of a series."""
    return re.findall(rf'<g class="series {name}"><path class="[^"]*" d="([^"]+)"', drawn)


@pytest.mark.parametrize(
    ("counts", "runs"),
    [
        ([(1, 4), (2, 3), (3, 3)], 1),
        ([(1, 4), (0, 0), (3, 3)], 2),
        ([(0, 0), (0, 0), (3, 3)], 1),
        ([(1, 4), (0, 0), (0, 0), (2, 2), (0, 0), (3, 3)], 3),
    ],
    ids=["no gap", "a gap", "a beginning", "two gaps"],
)
def test_weeks_that_nobody_wrote_are_gaps_in_the_band_and_in_the_line(counts: list[tuple[int, int]], runs: int) -> None:
    drawn = str(draw_trend(weeks(counts)))
    assert len(series(drawn, "band")) == runs
    assert drawn.count("<circle") == sum(1 for value, work in counts if value + work)


def test_a_picture_begins_with_the_first_week_that_was_written() -> None:
    drawn = str(draw_trend(weeks([(0, 0), (0, 0), (0, 0), (1, 4), (2, 3)])))
    assert re.findall(r">(W\d+)<", drawn) == ["W46", "W47"]


def test_a_band_goes_from_the_lower_to_the_upper_edge_of_the_interval() -> None:
    drawn = str(draw_trend(weeks([(8, 25)])))
    heights = {float(y) for y in re.findall(r"[ML ]-?[\d.]+ (-?[\d.]+)", series(drawn, "band")[0])}
    zero, quarter = (
        float(re.findall(rf'd="M0 ([\d.]+) h[\d.]+"></path><text[^>]*>{name}<', drawn)[0]) for name in ("0 %", "25 %")
    )
    shares = sorted((zero - height) / (zero - quarter) / 4 for height in heights - {zero})  # it is closed at the foot
    assert shares[0] == pytest.approx(0.1283, abs=0.005)
    assert shares[-1] == pytest.approx(0.4102, abs=0.005)


def test_nothing_that_runs_or_dresses_is_left_of_a_chart() -> None:
    drawn = str(draw_trend(weeks([(1, 4), (2, 3)])))
    assert not re.search(r"<(script|style|title|desc|defs)|style=|href|pygal|<!--", drawn)
    assert 'role="img" aria-label="' in drawn


def a_review(**facts: Any) -> Review:  # noqa: ANN401  parts of the material
    """Make the Review of a week with 3 value and 8 work, after six weeks of 2 value and 90 work each."""
    week, now, usual = week_of(FRIDAY), Tally(counts={Kind.OUTCOME: 3, Kind.ACTIVITY: 8}), Tally(counts=USUAL)
    tallies = (*((one, usual) for one in week.previous_periods(6)), (week, now))
    material = {
        "period": week, "today": FRIDAY, "workdays": Workdays(), "entries": (), "days": {FRIDAY: now},
        "tallies": tallies, "weeks": (now,), "written": [FRIDAY],
    }  # fmt: skip
    return build_review(ReviewInput(**{**material, **facts}))


USUAL = {Kind.OUTCOME: 2, Kind.ACTIVITY: 90}


def test_a_kind_of_value_has_its_number_however_much_work_is_usual() -> None:
    drawn = str(draw_kinds(a_review()))
    assert re.findall(r'class="value">([^<]+)</text>', drawn).count("3") == 1


@pytest.mark.parametrize("most", [1, 2, 3, 5, 11, 250])
def test_counts_are_measured_in_whole_entries(most: int) -> None:
    day = Tally(counts={Kind.ACTIVITY: most})
    drawn = str(draw_balance(a_review(days={FRIDAY: day})))
    axis = drawn[: drawn.index('class="axis x"')]
    ticks = re.findall(r"<text[^>]*>([^<]+)</text>", axis)
    assert ticks
    assert all(tick.isdecimal() for tick in ticks)


# The heat map


def a_year(days: dict[date, Tally], period: Period, begun: date | None = None) -> Year:
    return build_year(
        period, days, Workdays(), today=FRIDAY, first_day=begun or min(days, default=None), by_count=False
    )


class Cell(NamedTuple):
    """A day on a picture."""

    x: int
    y: int
    shade: str
    said: str


CELL = re.compile(r'<rect x="(\d+)" y="(\d+)" class="(\w+)"><title>([^<]*)</title></rect>')


def maps(found: Year) -> list[str]:
    return str(draw_heat_map(found)).split("\n")


def cells(drawn: str) -> list[Cell]:
    return [Cell(int(x), int(y), shade, said) for x, y, shade, said in CELL.findall(drawn)]


@pytest.mark.parametrize(
    ("value", "work", "shade"),
    [(0, 3, "work"), (1, 9, "v0"), (1, 3, "v0"), (1, 1, "v1"), (3, 1, "v2"), (4, 1, "v3"), (2, 0, "v3")],
)
def test_a_day_is_as_strong_as_its_share_of_value(value: int, work: int, shade: str) -> None:
    day = {FRIDAY: Tally(counts={Kind.HELPED: value, Kind.ACTIVITY: work})}
    (cell,) = cells(str(draw_heat_map(a_year(day, period_containing(FRIDAY, Unit.YEAR)))))
    assert cell.shade == shade
    assert cell.said == f"Fri 20 Nov: {value} of {value + work}"


def test_only_workdays_since_the_beginning_are_missing() -> None:
    tally = Tally(counts={Kind.ACTIVITY: 1})
    days = {FRIDAY - timedelta(days=8): tally, FRIDAY: tally}
    found = cells(str(draw_heat_map(a_year(days, period_containing(FRIDAY, Unit.YEAR)))))
    assert [cell.shade for cell in found] == ["work", "none", "none", "none", "none", "none", "work"]
    assert found[1].said == "Fri 13 Nov: not logged"


@pytest.mark.parametrize("number", [2026, 2024, 2028, 2000])
def test_every_day_of_a_year_has_a_place_of_its_own(number: int) -> None:
    period = Period(start=date(number, 1, 1), end=date(number, 12, 31), unit=Unit.YEAR)
    days = {day: Tally(counts={Kind.ACTIVITY: 1}) for day in period.days()}
    found = maps(build_year(period, days, Workdays(), today=period.end, first_day=period.start, by_count=False))
    assert sum(len(cells(drawn)) for drawn in found) == period.length
    for drawn in found:
        width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawn)[0])
        places = {(cell.x, cell.y) for cell in cells(drawn)}
        assert len(places) == len(cells(drawn))
        assert all(x + 10 <= width and y + 10 <= height for x, y in places)
    assert [name for drawn in found for name in re.findall(r">(\w{3})</text>", drawn) if name in SHORT_MONTHS] == list(
        SHORT_MONTHS
    )
