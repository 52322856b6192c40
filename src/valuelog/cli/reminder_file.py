"""Laying out what the login line will say: after every change, of the journal as of the settings."""

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
    """Write the file for settings that have just changed, or because there may be none yet."""
    now = replace(world, open_journals=[])  # one that has read no settings
    with (
        suppress(ValuelogError),
        closing(open_journal(now.configured_journal_path, "", now.now, write=False)) as journal,
    ):
        write_reminders(now, journal)


def write_reminders(world: "World", journal: Journal) -> None:
    """Write the file that the login hook reads. A login line that cannot be written is no reason to fail."""
    today = world.today()
    done = tallies.list_logged_days(journal, Period(start=today, end=today + timedelta(days=DAYS_AHEAD)))
    settings = world.settings
    when = ReminderSettings(
        remind_at=settings["remind_at"],
        day_ends_at=settings["day_ends_at"],
        review_day=settings["review_day"],
        workdays=days.load_workdays(journal, world.schedule.weekdays, since=today),
    )
    with suppress(OSError):
        target = world.paths.reminders
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = target.with_suffix(".new")
        unfinished.write_text(format_reminders(schedule_reminders(today, done, when)), encoding="utf-8")
        unfinished.replace(target)
        # The hook writes here; made now, it has the right mode in every shell, and the first login costs no more.
        world.paths.last_reminded.touch(mode=0o600)
