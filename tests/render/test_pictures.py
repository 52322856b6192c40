"""The charts of an HTML page: lines, bars, numbers, labels, and the cells of the heat map."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from support.makers import FRIDAY
from valuelog.analysis.review import Review
from valuelog.analysis.trend import Trend, compute_trend, judge_periods
from valuelog.analysis.year import Year, build_year
from valuelog.model.entry import Kind
from valuelog.model.period import SHORT_MONTHS, Period, Unit, period_containing, week_of
from valuelog.model.schedule import Workdays
from valuelog.model.tally import Tally
from valuelog.render.html.charts import draw_balance, draw_kinds, draw_trend, round_ticks
from valuelog.render.html.heat import draw_heat_map


def make_weekly_trend(counts: Sequence[tuple[int, int]]) -> Trend:
    """Return the Trend of the weeks up to now, given the value and work of each."""
    last = week_of(FRIDAY)
    periods = (*last.previous_periods(len(counts) - 1), last)
    tallies = [Tally(counts={Kind.OUTCOME: value, Kind.ACTIVITY: work}) for value, work in counts]
    return compute_trend(judge_periods(tallies), list(zip(periods, tallies, strict=True)), len(counts))


def paths(svg: str, class_: str) -> list[str]:
    """Return the lines of a class."""
    return re.findall(rf'<path d="([^"]+)" class="{class_}"/>', svg)


def labels(svg: str, class_: str) -> list[str]:
    """Return the texts of a class."""
    return re.findall(rf'<text [^>]*class="{class_}">([^<]+)</text>', svg)


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
def test_weeks_without_entries_are_gaps_in_band_and_line(counts: list[tuple[int, int]], runs: int) -> None:
    svg = str(draw_trend(make_weekly_trend(counts)))
    assert len(paths(svg, "band")) == len(paths(svg, "share")) == runs
    assert svg.count("<circle") == sum(1 for value, work in counts if value + work)


def test_trend_starts_with_the_first_week_with_entries() -> None:
    svg = str(draw_trend(make_weekly_trend([(0, 0), (0, 0), (0, 0), (1, 4), (2, 3)])))
    assert labels(svg, "below") == ["W46", "W47"]


def test_band_spans_the_interval() -> None:
    svg = str(draw_trend(make_weekly_trend([(8, 25)])))
    heights = {float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", paths(svg, "band")[0])}
    zero, twenty = (
        float(re.findall(rf'd="M[\d.]+ ([\d.]+)L[^"]*" class="grid"/><text[^>]*>{name}<', svg)[0])
        for name in ("0 %", "20 %")
    )
    low, high = sorted((zero - height) / (zero - twenty) / 5 for height in heights)
    assert low == pytest.approx(0.1283, abs=0.005)
    assert high == pytest.approx(0.4102, abs=0.005)


def test_usual_share_above_every_interval_stays_inside_the_chart() -> None:
    trend = make_weekly_trend([*[(27, 3)] * 8, (1, 59)])
    svg = str(draw_trend(replace(trend, scores=trend.scores[-1:])))
    (usual,) = paths(svg, "usual")
    assert all(float(y) > 0 for y in re.findall(r"[ML][\d.]+ (-?[\d.]+)", usual))
    assert labels(svg, "left")[-1] == "100 %"


def test_chart_has_a_label_and_nothing_but_elements_with_classes() -> None:
    for svg in map(
        str, (draw_trend(make_weekly_trend([(1, 4), (2, 3)])), draw_balance(make_review()), draw_kinds(make_review()))
    ):
        assert not re.search(r"<(script|style|title|desc|defs)|style=|href|<!--", svg)
        assert 'role="img" aria-label="A ' in svg


@pytest.mark.parametrize(
    ("maximum", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (7, [0, 2, 4, 6, 8]),
        (30, [0, 10, 20, 30]),
        (41.02, [0, 10, 20, 30, 40, 50]),
        (52, [0, 20, 40, 60]),
        (100, [0, 20, 40, 60, 80, 100]),
        (1234, [0, 500, 1000, 1500]),
    ],
)
def test_ticks_are_round_numbers_up_to_the_maximum(maximum: float, ticks: list[int]) -> None:
    assert list(round_ticks(maximum)) == ticks


def make_review(**facts: Any) -> Review:  # noqa: ANN401  fields of ReviewInput
    """Return the Review of a week with 3 value and 8 work, after six weeks of 2 value and 90 work each."""
    week, now, usual = week_of(FRIDAY), Tally(counts={Kind.OUTCOME: 3, Kind.ACTIVITY: 8}), Tally(counts=USUAL)
    tallies = (*((one, usual) for one in week.previous_periods(6)), (week, now))
    material = {
        "period": week, "today": FRIDAY, "workdays": Workdays(), "entries": (), "tally_by_day": {FRIDAY: now},
        "tallies": tallies, "weeks": (now,), "logged_days": [FRIDAY],
    }  # fmt: skip
    return Review(**{**material, **facts})


USUAL = {Kind.OUTCOME: 2, Kind.ACTIVITY: 90}


def test_each_kind_of_value_has_its_number_and_the_usual_one() -> None:
    svg = str(draw_kinds(make_review()))
    assert labels(svg, "number value") == ["3", "0", "0"]
    assert labels(svg, "number usual") == ["2", "0", "0"]


@pytest.mark.parametrize("most", [1, 2, 3, 5, 11, 250])
def test_ticks_of_counts_are_whole_numbers(most: int) -> None:
    day = Tally(counts={Kind.ACTIVITY: most})
    ticks = labels(str(draw_balance(make_review(tally_by_day={FRIDAY: day}))), "left")
    assert len(ticks) > 1
    assert all(tick.isdecimal() for tick in ticks)


def test_segments_of_a_bar_have_their_numbers() -> None:
    svg = str(draw_balance(make_review()))
    assert (labels(svg, "inside value"), labels(svg, "inside work")) == (["3"], ["8"])


def test_periods_of_several_years_have_the_year_below() -> None:
    period = Period(start=FRIDAY - timedelta(days=400), end=FRIDAY)
    svg = str(draw_balance(make_review(period=period, tally_by_day={FRIDAY: Tally(counts=USUAL)})))
    assert labels(svg, "below") == ["Nov", "2025", "Jan", "2026", "Mar", "May", "Jul", "Sep", "Nov"]
    assert labels(str(draw_balance(make_review())), "below") == ["Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20"]


# The heat map


def make_year(days: dict[date, Tally], period: Period, begun: date | None = None) -> Year:
    return build_year(
        period, days, Workdays(), today=FRIDAY, first_day=begun or min(days, default=None), by_count=False
    )


class Cell(NamedTuple):
    """A day of the heat map."""

    x: int
    y: int
    shade: str
    title: str


CELL = re.compile(r'<rect x="(\d+)" y="(\d+)" class="(\w+)"><title>([^<]*)</title></rect>')


def cells(svg: str) -> list[Cell]:
    return [Cell(int(x), int(y), shade, title) for x, y, shade, title in CELL.findall(svg)]


@pytest.mark.parametrize(
    ("value", "work", "shade"),
    [(0, 3, "work"), (1, 9, "v0"), (1, 3, "v0"), (1, 1, "v1"), (3, 1, "v2"), (4, 1, "v3"), (2, 0, "v3")],
)
def test_cell_is_darker_the_larger_its_share_of_value(value: int, work: int, shade: str) -> None:
    day = {FRIDAY: Tally(counts={Kind.HELPED: value, Kind.ACTIVITY: work})}
    (cell,) = cells(str(draw_heat_map(make_year(day, period_containing(FRIDAY, Unit.YEAR)))))
    assert cell.shade == shade
    assert cell.title == f"Fri 20 Nov: {value} of {value + work}"


def test_only_workdays_since_the_first_entry_are_missing() -> None:
    tally = Tally(counts={Kind.ACTIVITY: 1})
    days = {FRIDAY - timedelta(days=8): tally, FRIDAY: tally}
    drawn = cells(str(draw_heat_map(make_year(days, period_containing(FRIDAY, Unit.YEAR)))))
    assert [cell.shade for cell in drawn] == ["work", "none", "none", "none", "none", "none", "work"]
    assert drawn[1].title == "Fri 13 Nov: not logged"


@pytest.mark.parametrize("number", [2026, 2024, 2028, 2000])
def test_every_day_of_a_year_has_its_own_cell(number: int) -> None:
    period = Period(start=date(number, 1, 1), end=date(number, 12, 31), unit=Unit.YEAR)
    days = {day: Tally(counts={Kind.ACTIVITY: 1}) for day in period.days()}
    year = build_year(period, days, Workdays(), today=period.end, first_day=period.start, by_count=False)
    maps = str(draw_heat_map(year)).split("\n")
    assert sum(len(cells(svg)) for svg in maps) == period.length
    for svg in maps:
        width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])
        corners = {(cell.x, cell.y) for cell in cells(svg)}
        assert len(corners) == len(cells(svg))
        assert all(x + 10 <= width and y + 10 <= height for x, y in corners)
    months = [name for svg in maps for name in re.findall(r">(\w{3})</text>", svg) if name in SHORT_MONTHS]
    assert list(dict.fromkeys(months)) == list(SHORT_MONTHS)  # the second map names its first month again


def test_young_heat_map_starts_with_its_first_week_and_fills_its_card() -> None:
    week = week_of(FRIDAY)
    period = Period(start=week.previous(2).start, end=week.end)
    days = {period.start: Tally(counts={Kind.ACTIVITY: 1})}
    svg = str(draw_heat_map(make_year(days, period)))
    assert len(svg.split("\n")) == 1
    assert re.findall(r'viewBox="0 0 (\d+) ', svg) == [str(26 + 13 * 12 + 12)]
    drawn = cells(svg)
    assert (drawn[0].x, drawn[0].title) == (26, "Mon 2 Nov: 0 of 1")
    later = [int(x) for x in re.findall(r'<rect x="(\d+)" y="\d+" class="later"/>', svg)]
    assert (len(later), min(later), max(later)) == (50, 26 + 3 * 12, 26 + 12 * 12)  # ten weeks of workdays
    assert re.findall(r">(\w{3})</text>", svg) == ["Mon", "Wed", "Fri", "Nov"]


@pytest.mark.parametrize(
    ("weeks", "columns"), [(3, [13]), (13, [13]), (14, [14]), (27, [27]), (28, [14, 14]), (53, [27, 27])]
)
def test_maps_of_many_weeks_are_equally_wide(weeks: int, columns: list[int]) -> None:
    week = week_of(FRIDAY)
    period = Period(start=week.previous(weeks - 1).start, end=week.end)
    svg = str(draw_heat_map(make_year({period.start: Tally(counts={Kind.ACTIVITY: 1})}, period)))
    assert [int(width) for width in re.findall(r'viewBox="0 0 (\d+) ', svg)] == [38 + 12 * each for each in columns]
