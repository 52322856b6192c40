"""Write the file that the login hook reads, after every change of the journal or the settings."""

from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from valuelog.journal import days, tallies
from valuelog.journal.store import Journal, open_journal
from valuelog.model.errors import ValuelogError
from valuelog.model.period import Period
from valuelog.workflows.reminders import DAYS_AHEAD, ReminderSettings, format_reminders, schedule_reminders

if TYPE_CHECKING:
    from valuelog.cli.world import World


def refresh_reminders(world: "World") -> None:
    """Write the file after the settings changed, or if it may be missing."""
    fresh = replace(world, open_journals=[])  # has not read the settings yet
    with (
        suppress(ValuelogError),
        closing(open_journal(fresh.configured_journal_path, "", fresh.now, write=False)) as journal,
    ):
        write_reminders(fresh, journal)


def write_reminders(world: "World", journal: Journal) -> None:
    """Write the file that the login hook reads. If that fails, the command still succeeds."""
    today = world.today()
    logged_days = tallies.list_logged_days(journal, Period(start=today, end=today + timedelta(days=DAYS_AHEAD)))
    settings = world.settings
    reminder_settings = ReminderSettings(
        remind_at=settings["remind_at"],
        day_ends_at=settings["day_ends_at"],
        review_day=settings["review_day"],
        workdays=days.load_workdays(journal, world.schedule.weekdays, since=today),
    )
    with suppress(OSError):
        target = world.paths.reminders
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = target.with_suffix(".new")
        unfinished.write_text(
            format_reminders(schedule_reminders(today, logged_days, reminder_settings)), encoding="utf-8"
        )
        unfinished.replace(target)
        # The hook writes to this file. Creating it here sets the right mode in every shell.
        world.paths.last_reminded.touch(mode=0o600)
