"""What the login line says, and from when on. After every change it is laid out anew, so it knows of no Review."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from valuelog.model.period import Period
from valuelog.model.schedule import Workdays

DAYS_AHEAD = 21
"""For how many days reminders are laid out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReminderSettings:
    """When the login line speaks: from `at` on workdays, until `night`; `review_day` (0 is Monday) has its own line."""

    remind_at: time
    day_ends_at: time
    review_day: int
    workdays: Workdays


def schedule_reminders(
    today: date, logged_days: Collection[date], settings: ReminderSettings
) -> Iterator[tuple[datetime, str]]:
    """Return from which local moment the login line says what, in order; no words mean silence."""
    for day in Period(start=today, end=today + timedelta(days=DAYS_AHEAD)).days():
        if said := _reminder_text(day, day in logged_days, settings):
            yield _reminder_time(day, settings), said
            yield datetime.combine(day + timedelta(days=1), settings.day_ends_at), ""
    gone = _reminder_time(today + timedelta(days=DAYS_AHEAD + 1), settings)
    yield gone, "valuelog: three weeks without a word; begin again with: valuelog today"


def _reminder_time(day: date, settings: ReminderSettings) -> datetime:
    """Return when the login line speaks of a day; an hour before the day ends is one of the night after it."""
    return datetime.combine(day + timedelta(days=settings.remind_at < settings.day_ends_at), settings.remind_at)


def _reminder_text(day: date, is_logged: bool, settings: ReminderSettings) -> str:  # noqa: FBT001  a private pair of facts
    friday_too = day.weekday() == settings.review_day
    if day not in settings.workdays and not friday_too:
        return ""
    if not is_logged and day in settings.workdays:
        more = ", then: valuelog review --week" if friday_too else ""
        return f"valuelog: two minutes for today? valuelog today{more}"
    return "valuelog: look at your week: valuelog review --week" if friday_too else ""


def format_reminders(reminders: Iterator[tuple[datetime, str]]) -> str:
    """Write reminders as the shell reads them: EPOCH, a tab, the words."""
    return "".join(f"{int(moment.astimezone().timestamp())}\t{said}\n" for moment, said in reminders)
