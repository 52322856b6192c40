"""The zone of this machine: Python has none that knows when clocks change here, only the offset of one moment."""

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """Local time, as the system has it on any day."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """Return how far clocks here are from UTC at some local time."""
        return when.replace(tzinfo=None).astimezone().utcoffset() if when else None

    def dst(self, when: datetime | None) -> timedelta | None:
        """Say nothing of why that is."""
        _ = when
        return None

    def tzname(self, when: datetime | None) -> str | None:
        """Return what it is called then."""
        return when.replace(tzinfo=None).astimezone().tzname() if when else None

    def fromutc(self, when: datetime) -> datetime:
        """Return local time; in the hour that comes twice, the right one of both."""
        found = when.replace(tzinfo=UTC).astimezone()
        here = found.replace(tzinfo=self)
        return here if here.utcoffset() == found.utcoffset() else here.replace(fold=1)
