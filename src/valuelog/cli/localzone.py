"""Local time as a tzinfo. The standard library has only the fixed offset of one moment, without clock changes."""

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """The system's time zone, with the offset of each day."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """Return the offset from UTC at a local time."""
        return when.replace(tzinfo=None).astimezone().utcoffset() if when else None

    def dst(self, when: datetime | None) -> timedelta | None:
        """Return None: the DST offset is unknown."""
        _ = when
        return None

    def tzname(self, when: datetime | None) -> str | None:
        """Return the abbreviation of the zone, such as CET."""
        return when.replace(tzinfo=None).astimezone().tzname() if when else None

    def fromutc(self, when: datetime) -> datetime:
        """Convert UTC to local time; `fold` is set in the second of two repeated hours."""
        local = when.replace(tzinfo=UTC).astimezone()
        result = local.replace(tzinfo=self)
        return result if result.utcoffset() == local.utcoffset() else result.replace(fold=1)
