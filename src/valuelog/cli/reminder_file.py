"""Write the file that the login hook reads, after every change of the journal or the settings."""

from contextlib import suppress
from datetime import date, timedelta

from valuelog.cli.paths import Paths
from valuelog.cli.settings import Settings
from valuelog.journal import days, tallies
from valuelog.journal.store import Journal
from valuelog.model.period import Period
from valuelog.workflows.reminders import DAYS_AHEAD, ReminderSettings, format_reminders, schedule_reminders


def write_reminders(journal: Journal, today: date, settings: Settings, paths: Paths) -> None:
    """Write the file that the login hook reads. If that fails, the command still succeeds."""
    logged_days = tallies.list_logged_days(journal, Period(start=today, end=today + timedelta(days=DAYS_AHEAD)))
    reminder_settings = ReminderSettings(
        remind_at=settings["remind_at"],
        day_ends_at=settings["day_ends_at"],
        review_day=settings["review_day"],
        workdays=days.load_workdays(journal, settings["workdays"], since=today),
    )
    with suppress(OSError):
        target = paths.reminders
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = target.with_suffix(".new")
        unfinished.write_text(
            format_reminders(schedule_reminders(today, logged_days, reminder_settings)), encoding="utf-8"
        )
        unfinished.replace(target)
        # The hook writes to this file. Creating it here sets the right mode in every shell.
        paths.last_reminded.touch(mode=0o600)
