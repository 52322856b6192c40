"""When it counts: gathers from the journal what a Brag and a Brief are made of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from valuelog.analysis import brief as briefing
from valuelog.analysis import telling
from valuelog.analysis.brag import Brag, BragInput, ProjectSection
from valuelog.analysis.brief import GROWTH_WEEKS, Brief, PointSource, ProjectProgress
from valuelog.analysis.habit import compute_coverage
from valuelog.journal import days, entries, pains, projects, tallies
from valuelog.journal.store import Journal
from valuelog.model.entry import Kind, Side
from valuelog.model.period import Period
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally, WorkSinceValue

COMPARISON_WEEKS = 26
"""A project is compared with so many weeks before the last ones."""


def load_brag(journal: Journal, period: Period, today: date, schedule: Schedule) -> Brag:
    """Make the Brag of a Period."""
    found = telling.build_brag(
        BragInput(
            period=period,
            today=today,
            entries=entries.select(journal, entries.Selection(period=period, side=Side.VALUE)),
            tally=tallies.tally_period(journal, period),
            coverage=compute_coverage(
                period,
                tallies.list_logged_days(journal, period),
                days.load_workdays(journal, schedule.weekdays, since=period.start),
                today,
            ),
            schedule=schedule,
            projects=projects.list_projects(journal, only_open=False),
            pains=pains.list_closed_pains(journal, period),
        ),
    )
    return replace(
        found,
        project_sections=tuple(_since_first_entry(journal, chapter) for chapter in found.project_sections),
        prefix_lengths=journal.prefix_lengths(gap.entry_id for gap in found.gaps if gap.entry_id),
    )


def _since_first_entry(journal: Journal, section: ProjectSection) -> ProjectSection:
    """Return what is told of a project, from the day of its first entry if that is before its start."""
    return replace(
        section, began_on=min([section.began_on, *tallies.tally_project_by_day(journal, section.project.id)])
    )


def default_brief_period(day: date) -> Period:
    """Return the last weeks up to a day: what a talk is about unless something else is said."""
    return Period(start=day - timedelta(days=7 * GROWTH_WEEKS - 1), end=day)


def load_brief(journal: Journal, period: Period, today: date, schedule: Schedule) -> Brief:
    """Make the Brief of a Period."""
    found = briefing.build_brief(
        briefing.BriefInput(
            period=period,
            today=today,
            entries=entries.select(journal, entries.Selection(period=period, kinds=(Kind.INSIGHT,))),
            pains=tuple(pain for pain in pains.list_seen_pains(journal, period) if pain.is_open),
            projects=tuple(_load_project_progress(journal, period, today)),
            schedule=schedule,
        ),
    )
    named = (point.id for point in found.points if point.source is not PointSource.PROJECT)
    return replace(found, prefix_lengths=journal.prefix_lengths(named))


def _load_project_progress(journal: Journal, period: Period, today: date) -> Iterator[ProjectProgress]:
    """Return the projects that go on, with what each came to up to the end of a Period, and whether it moved since."""
    day = min(period.end, today)
    last = default_brief_period(day)
    before = Period(start=last.start - timedelta(weeks=COMPARISON_WEEKS), end=last.start - timedelta(days=1))
    dry, now, earlier, during, since = (
        tallies.work_since_value_by_project(journal, day),
        *(tallies.tally_by_project(journal, part) for part in (last, before, period, Period(start=day, end=today))),
    )
    for project in projects.list_projects(journal, only_open=True):
        named = project.id
        yield ProjectProgress(
            project=project,
            work_since_value=dry.get(named, WorkSinceValue()),
            recent=now.get(named, Tally()),
            earlier=earlier.get(named, Tally()),
            work=during.get(named, Tally()).work,
            has_value_since=since.get(named, Tally()).value > 0,
        )
