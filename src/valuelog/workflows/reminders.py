"""What the login line says, and from when on. After every change it is laid out anew, so it knows of no Review."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from valuelog.model.period import Period
from valuelog.model.workdays import Workdays

AHEAD = 21
"""For how many days reminders are laid out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminding:
    """When the login line speaks: from `at` on workdays, until `night`; `review_day` (0 is Monday) has its own line."""

    at: time
    night: time
    review_day: int
    workdays: Workdays


def reminders(today: date, written: Collection[date], when: Reminding) -> Iterator[tuple[datetime, str]]:
    """Return from which local moment the login line says what, in order; no words mean silence."""
    for day in Period(start=today, end=today + timedelta(days=AHEAD)).days():
        if said := _reminder(day, day in written, when):
            yield _moment(day, when), said
            yield datetime.combine(day + timedelta(days=1), when.night), ""
    gone = _moment(today + timedelta(days=AHEAD + 1), when)
    yield gone, "valuelog: three weeks without a word; begin again with: valuelog today"


def _moment(day: date, when: Reminding) -> datetime:
    """Return when the login line speaks of a day; an hour before the day ends is one of the night after it."""
    return datetime.combine(day + timedelta(days=when.at < when.night), when.at)


def _reminder(day: date, written: bool, when: Reminding) -> str:  # noqa: FBT001  a private pair of facts
    friday_too = day.weekday() == when.review_day
    if day not in when.workdays and not friday_too:
        return ""
    if not written and day in when.workdays:
        more = ", then: valuelog review --week" if friday_too else ""
        return f"valuelog: two minutes for today? valuelog today{more}"
    return "valuelog: look at your week: valuelog review --week" if friday_too else ""


def lines(found: Iterator[tuple[datetime, str]]) -> str:
    """Write reminders as the shell reads them: EPOCH, a tab, the words."""
    return "".join(f"{int(moment.astimezone().timestamp())}\t{said}\n" for moment, said in found)
