"""Creates segments of changes that no journal has."""

from valuelog.sync.segment import Segment

DEVICE = "0123456789abcdef"
JOURNAL = "j0urna1000"


def make_change(number: int = 1, fields: str | None = '{"text":"Cut deploy wait"}') -> tuple[object, ...]:
    """Return a change; without fields it is an erased one."""
    change_id = f"change{number:04}"
    salt, erased = (bytes(16), None) if fields is not None else (None, bytes(32))
    return (change_id, 1_800_000_000_000, 0, "entry", "entry00001", "batch00001", "add", None, 5, fields, salt, erased)


def make_segment(first: int = 1, last: int = 2, device: str = DEVICE, journal: str = JOURNAL) -> Segment:
    """Return a segment with changes of these counters."""
    return Segment(
        device=device,
        first=first,
        last=last,
        schema=6,
        journal=journal,
        after={device: last, "desktop": 7},
        before=b"" if first == 1 else bytes(32),
        hash=b"\1" * 32,
        by=device,
        at=1_800_000_000_123,
        changes=tuple(make_change(number) for number in range(first, last + 1)),
    )
