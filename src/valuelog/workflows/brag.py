"""Load a Brag from the journal."""

from dataclasses import replace
from datetime import date

from valuelog.analysis.brag import Brag, BragInput, ProjectSection, build_brag
from valuelog.analysis.habit import compute_coverage
from valuelog.analysis.projects import EndedProject
from valuelog.journal import days, entries, pains, projects, tallies
from valuelog.journal.store import Journal
from valuelog.model.entry import NEITHER_KINDS, VALUE_KINDS
from valuelog.model.period import Period
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Effort


def load_brag(journal: Journal, period: Period, today: date, schedule: Schedule) -> Brag:
    """Load the Brag of a period."""
    brag = build_brag(
        BragInput(
            period=period,
            today=today,
            entries=entries.select(journal, entries.Selection(period=period, kinds=(*VALUE_KINDS, *NEITHER_KINDS))),
            tally=tallies.tally_period(journal, period),
            coverage=compute_coverage(
                period,
                days.list_logged_days(journal, period),
                days.load_workdays(journal, schedule.weekdays, since=period.start),
                today,
                days.first_logged_day(journal),
            ),
            schedule=schedule,
            projects=projects.list_projects(journal, only_open=False),
            pains=pains.list_fixed_pains(journal, period),
            ended=_load_ended_projects(journal, period),
        ),
    )
    return replace(
        brag,
        project_sections=tuple(_with_first_entry(journal, section) for section in brag.project_sections),
        prefix_lengths=journal.prefix_lengths(gap.entry_id for gap in brag.gaps if gap.entry_id),
    )


def _load_ended_projects(journal: Journal, period: Period) -> tuple[EndedProject, ...]:
    """Return the projects that were closed or dropped in a Period, with what they took."""
    ended = projects.list_ended_projects(journal, period)
    effort = tallies.effort_by_project(journal, (project.id for project in ended))
    return tuple(EndedProject(project, effort.get(project.id, Effort())) for project in ended)


def _with_first_entry(journal: Journal, section: ProjectSection) -> ProjectSection:
    """Move the start of a section back to the first entry of its project, if that is earlier."""
    return replace(
        section, began_on=min([section.began_on, *tallies.tally_project_by_day(journal, section.project.id)])
    )
