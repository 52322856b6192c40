"""Converts days and timestamps between the model and columns."""

from datetime import UTC, date, datetime, timedelta, timezone

from valuelog.journal.errors import DamagedRecord
from valuelog.journal.log import Fields
from valuelog.model.text import quote


def parse_timestamp(utc: str, offset: int) -> datetime:
    """Return a timestamp in its local time zone; `offset` is in minutes."""
    return datetime.fromisoformat(utc).astimezone(timezone(timedelta(minutes=offset)))


def timestamp_fields(moment: datetime) -> Fields:
    """Return the `created` (UTC, milliseconds) and `utc_offset` (minutes) of a timestamp."""
    offset = moment.utcoffset()
    return {
        "created": moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z",
        "utc_offset": int(offset / timedelta(minutes=1)) if offset else 0,  # towards 0: -24:00 is no offset
    }


def parse_day(text: str) -> date:
    """Return the date of an ISO day. Raises DamagedRecord."""
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise DamagedRecord(f"the day {quote(str(text))}") from error


def parse_optional_day(text: str | None) -> date | None:
    """Return the date of an ISO day, if any. Raises DamagedRecord."""
    return parse_day(text) if text else None
