"""Reminders: the texts of the login line and when to show them.

Rescheduled after each write; must therefore not depend on analysis.review (import time).
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from valuelog.model.period import Period
from valuelog.model.schedule import Workdays

DAYS_AHEAD = 21
"""How many days ahead reminders are scheduled."""


class ReminderSettings(NamedTuple):
    """When to remind: at `remind_at` on workdays and on the review day (0 is Monday), until the day ends."""

    remind_at: time
    day_ends_at: time
    review_day: int
    workdays: Workdays


def schedule_reminders(
    today: date, logged_days: Collection[date], settings: ReminderSettings
) -> Iterator[tuple[datetime, str]]:
    """Yield the local times from which the login line shows a text, in order; an empty text shows nothing."""
    for day in Period(start=today, end=today + timedelta(days=DAYS_AHEAD)).days():
        if text := _reminder_text(day, settings, is_logged=day in logged_days):
            yield _reminder_time(day, settings), text
            yield datetime.combine(day + timedelta(days=1), settings.day_ends_at), ""
    absent_since = _reminder_time(today + timedelta(days=DAYS_AHEAD + 1), settings)
    yield absent_since, "valuelog: three weeks without an entry; start again: valuelog today"


def _reminder_time(day: date, settings: ReminderSettings) -> datetime:
    """Return when to remind of a day; a time before the day ends is in the night after it."""
    is_next_night = settings.remind_at < settings.day_ends_at
    return datetime.combine(day + timedelta(days=is_next_night), settings.remind_at)


def _reminder_text(day: date, settings: ReminderSettings, *, is_logged: bool) -> str:
    is_review_day = day.weekday() == settings.review_day
    if not is_logged and day in settings.workdays:
        review = ", then: valuelog review --week" if is_review_day else ""
        return f"valuelog: two minutes for today? valuelog today{review}"
    return "valuelog: your week is ready: valuelog review --week" if is_review_day else ""


def format_reminders(reminders: Iterator[tuple[datetime, str]]) -> str:
    """Format reminders for the shell hooks, one a line: Unix time, tab, text."""
    return "".join(f"{int(at.astimezone().timestamp())}\t{text}\n" for at, text in reminders)
