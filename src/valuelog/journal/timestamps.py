"""Converts days and timestamps between the model and columns."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone

from valuelog.journal.errors import DamagedRecord
from valuelog.journal.log import Change, Fields
from valuelog.model.text import quote

MILLISECOND = timedelta(milliseconds=1)
"""The precision of timestamps."""


def parse_timestamp(utc: str, offset: int) -> datetime:
    """Return a timestamp in its local time zone; `offset` is in minutes."""
    return datetime.fromisoformat(utc).astimezone(timezone(timedelta(minutes=offset)))


def timestamp_fields(moment: datetime) -> Fields:
    """Return the `created` (UTC, milliseconds) and `utc_offset` (minutes) of a timestamp."""
    offset = moment.utcoffset()
    return {
        "created": _format_timestamp(moment),
        "utc_offset": int(offset / timedelta(minutes=1)) if offset else 0,  # towards 0: -24:00 is no offset
    }


def _format_timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def iter_moments(first: datetime) -> Iterator[datetime]:
    """Yield a time, then always the next millisecond: when records that are made at once are created, in order."""
    while True:
        yield first
        first += MILLISECOND


class CreationOrder:
    """Keeps records of one type in the order in which they are written, even within one millisecond.

    Records are ordered by their time of creation, so each one that has the time of the one before gets the next
    millisecond. Their ids are random, and their position in the log differs between machines.
    """

    def __init__(self) -> None:
        """Start without any records."""
        self._given: dict[str, tuple[str, str]] = {}
        """Entity type to the time that its latest records had, and the time that the last of them got."""

    def apply(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Yield changes; those that create a record have a time of their own."""
        for change in changes:
            if change.fields and "created" in change.fields:
                created = self._next(change.entity, change.fields["created"])
                yield change._replace(fields={**change.fields, "created": created})
            else:
                yield change

    def _next(self, entity: str, created: str) -> str:
        first, last = self._given.get(entity, ("", ""))
        if first <= created <= last:
            created = _format_timestamp(datetime.fromisoformat(last) + MILLISECOND)
        else:
            first = created
        self._given[entity] = first, created
        return created


def parse_day(text: str) -> date:
    """Return the date of an ISO day. Raises DamagedRecord."""
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise DamagedRecord(f"the day {quote(str(text))}") from error


def parse_optional_day(text: str | None) -> date | None:
    """Return the date of an ISO day, if any. Raises DamagedRecord."""
    return parse_day(text) if text else None
