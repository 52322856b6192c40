"""A machine that holds the key and publishes what no valuelog writes."""

import json
from itertools import count
from pathlib import Path
from typing import Any

from valuelog.journal.connection import SCHEMA_VERSION
from valuelog.journal.log import RawChange
from valuelog.journal.replication import chain_hash_of
from valuelog.sync import segment
from valuelog.sync.invitation import parse_invitation
from valuelog.sync.segment import Segment, segment_name

_numbers = count(1)

NOW = 1_795_195_000_000
"""A time on 20 November 2026, in milliseconds since 1970."""

CREATED = {"created": "2026-11-20T16:00:00.000Z", "utc_offset": 60}
"""What every creation has."""

ENTRY = {**CREATED, "day": "2026-11-20", "kind": "activity", "text": "forged"}
"""The fields of a good entry."""


def forge(entity: str = "entry", entity_id: str = "f0rged0001", fields: Any = None, **more: Any) -> RawChange:  # noqa: ANN401  anything
    """Return a change; `fields` is JSON text, or what is encoded."""
    number = next(_numbers)
    text = fields if isinstance(fields, str) else json.dumps(fields)
    values: dict[str, Any] = {
        "id": f"change{number}", "wall": NOW, "tick": 0, "entity": entity, "entity_id": entity_id,
        "batch": f"batch{number}", "act": "add", "undoes": None, "own_wall": NOW, "fields": text, "salt": b"s" * 16,
        "erased": None,
    }  # fmt: skip
    return RawChange(**{**values, **more})


def publish(
    remote: Path,
    invitation: bytes,
    *changes: RawChange,
    device: str = "ev1ldevice",
    first: int = 1,
    before: bytes = b"",
    **header: Any,  # noqa: ANN401  anything
) -> Path:
    """Seal changes with the real key, with hashes that fit, and put them into a folder."""
    invited = parse_invitation(invitation.decode())
    last = first + len(changes) - 1
    digest = before
    for counter, change in enumerate(changes, first):
        digest = chain_hash_of(digest, device, counter, change)
    values: dict[str, Any] = {
        "device": device, "first": first, "last": last, "schema": SCHEMA_VERSION, "journal": invited.journal,
        "after": {}, "before": before, "hash": digest, "by": device, "at": NOW, "changes": tuple(map(tuple, changes)),
    }  # fmt: skip
    sealed = segment.pack(Segment(**{**values, **header}), invited.key)
    path = remote / segment_name(device, first, last)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(sealed)
    return path
