"""Days and moments between the model and the columns that hold them."""

from datetime import UTC, date, datetime, timedelta, timezone

from valuelog.journal.log import Fields


def parse_timestamp(utc: str, offset: int) -> datetime:
    """Read a moment as the clock on the wall showed it; `offset` in minutes."""
    return datetime.fromisoformat(utc).astimezone(timezone(timedelta(minutes=offset)))


def timestamp_fields(moment: datetime) -> Fields:
    """Write a moment: in UTC, with the local offset in minutes."""
    offset = moment.utcoffset()
    return {
        "created": moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z",
        "utc_offset": int(offset.total_seconds()) // 60 if offset else 0,
    }


def parse_optional_day(text: str | None) -> date | None:
    """Read a day, if one is said."""
    return date.fromisoformat(text) if text else None
