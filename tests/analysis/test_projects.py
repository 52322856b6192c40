"""Project history by week or month, and work since the last value."""

from datetime import date, timedelta

import pytest

from support.makers import FRIDAY, make_entry, make_project, make_tally
from valuelog.analysis.projects import ProjectActivity, build_project_history, compute_work_since_value
from valuelog.model.entry import VALUE_KINDS, Kind
from valuelog.model.tally import Tally, WorkSinceValue

MONDAY = date(2026, 8, 3)


def parts(*days: date) -> list[tuple[str, int]]:
    """Return the parts of a project with one activity on each day: their names and numbers of entries."""
    found = build_project_history(make_project(), {day: make_tally(work=1) for day in days}, (), FRIDAY)
    return [(part.name, tally.n) for part, tally in found.parts]


def test_project_without_entries_has_no_parts_and_no_share() -> None:
    found = build_project_history(make_project(), {}, (), FRIDAY)
    assert (found.parts, found.value, found.score.n, found.score.share, found.with_evidence) == ((), (), 0, None, 0)


def test_project_history_sums_all_days() -> None:
    with_evidence = Tally(counts={Kind.OUTCOME: 2}, with_evidence=1)
    found = build_project_history(
        make_project(), {MONDAY: make_tally(work=3), MONDAY + timedelta(days=1): with_evidence}, (), FRIDAY
    )
    assert (found.score.value, found.score.work, found.score.share, found.with_evidence) == (2, 3, 0.4, 1)
    assert (found.today, found.project.name) == (FRIDAY, "Refund flow")


def test_weeks_between_entries_are_included() -> None:
    assert parts(MONDAY) == [("2026-W32", 1)]
    assert parts(MONDAY, MONDAY + timedelta(days=6)) == [("2026-W32", 2)]
    assert parts(MONDAY + timedelta(days=21), MONDAY + timedelta(days=6)) == [
        ("2026-W32", 1),
        ("2026-W33", 0),
        ("2026-W34", 0),
        ("2026-W35", 1),
    ]


@pytest.mark.parametrize(("days", "first", "count"), [(112, "2026-W32", 17), (113, "2026-08", 4)])
def test_project_over_sixteen_weeks_is_split_by_month(days: int, first: str, count: int) -> None:
    found = parts(MONDAY, MONDAY + timedelta(days=days))
    assert (found[0], len(found)) == ((first, 1), count)
    assert sum(number for _, number in found) == 2


def test_months_continue_across_years() -> None:
    found = [name for name, _ in parts(date(2025, 11, 30), date(2026, 4, 1))]
    assert found == ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]


def test_weeks_continue_across_years() -> None:
    assert [name for name, _ in parts(date(2026, 12, 28), date(2027, 1, 4))] == ["2026-W53", "2027-W01"]


def test_project_history_lists_value_entries_in_order() -> None:
    written = [make_entry(), *(make_entry(kind=kind) for kind in VALUE_KINDS), make_entry()]
    assert build_project_history(make_project(), {}, written, FRIDAY).value == tuple(written[1:-1])


def back(days: int) -> date:
    return FRIDAY - timedelta(days=days)


def test_work_since_value_starts_after_the_last_value_day() -> None:
    days = {
        back(40): make_tally(work=3),
        back(30): make_tally(work=2, value=1),
        back(9): make_tally(work=1),
        FRIDAY: make_tally(work=4),
        back(-1): make_tally(work=8, value=1),
    }
    assert compute_work_since_value(days, FRIDAY) == WorkSinceValue(
        work=5, last_value_on=back(30), first_work_on=back(9)
    )
    assert compute_work_since_value(days, back(31)) == WorkSinceValue(
        work=3, last_value_on=None, first_work_on=back(40)
    )
    assert compute_work_since_value({}, FRIDAY) == WorkSinceValue()


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (WorkSinceValue(work=12, last_value_on=date(2026, 8, 31)), "12 activities, no value since Mon 31 Aug"),
        (WorkSinceValue(work=5, first_work_on=back(4)), "5 activities, no value since Mon 16 Nov"),
        (WorkSinceValue(work=5, first_work_on=back(0)), "5 activities, no value since Wed 18 Nov"),
    ],
    ids=["its last value", "its first entry, written before it was started", "its beginning"],
)
def test_project_activity_summary_names_the_last_value_day(work: WorkSinceValue, expected: str) -> None:
    assert ProjectActivity(project=make_project(started_on=back(2)), work_since_value=work).summary(FRIDAY) == expected
