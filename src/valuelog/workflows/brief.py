"""Load a Brief from the journal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from valuelog.analysis.brief import GROWTH_WEEKS, Brief, BriefInput, PointSource, ProjectProgress, build_brief
from valuelog.journal import entries, pains, projects, tallies
from valuelog.journal.store import Journal
from valuelog.model.entry import VALUE_KINDS, Kind
from valuelog.model.period import Period
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally, WorkSinceValue

COMPARISON_WEEKS = 26
"""The recent weeks of a project are compared with this many weeks before them."""


def default_brief_period(day: date) -> Period:
    """Return the four weeks up to and including a day."""
    return Period(start=day - timedelta(days=7 * GROWTH_WEEKS - 1), end=day)


def load_brief(journal: Journal, period: Period, today: date, schedule: Schedule) -> Brief:
    """Load the Brief of a period."""
    brief = build_brief(
        BriefInput(
            period=period,
            today=today,
            entries=entries.select(journal, entries.Selection(period=period, kinds=(*VALUE_KINDS, Kind.INSIGHT))),
            pains=tuple(pain for pain in pains.list_seen_pains(journal, period) if pain.is_open),
            projects=tuple(_load_project_progress(journal, period, today)),
            schedule=schedule,
        ),
    )
    ids = (point.id for point in brief.points if point.source is not PointSource.PROJECT)
    return replace(brief, prefix_lengths=journal.prefix_lengths(ids))


def _load_project_progress(journal: Journal, period: Period, today: date) -> Iterator[ProjectProgress]:
    """Yield the progress of each open project as of the end of a period, and whether it produced value since."""
    last_day = min(period.end, today)
    recent = default_brief_period(last_day)
    earlier = Period(start=recent.start - timedelta(weeks=COMPARISON_WEEKS), end=recent.start - timedelta(days=1))
    work_since_value = tallies.work_since_value_by_project(journal, last_day)
    in_recent, in_earlier, in_period, since = (
        tallies.tally_by_project(journal, part) for part in (recent, earlier, period, Period(start=last_day, end=today))
    )
    for project in projects.list_projects(journal, only_open=True):
        yield ProjectProgress(
            project=project,
            work_since_value=work_since_value.get(project.id, WorkSinceValue()),
            recent=in_recent.get(project.id, Tally()),
            earlier=in_earlier.get(project.id, Tally()),
            work=in_period.get(project.id, Tally()).work,
            has_value_since=since.get(project.id, Tally()).value > 0,
        )
