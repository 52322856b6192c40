"""Who was asked to a meeting, who came, and whether whoever asks was among them. Knows no file and no day."""

import re
from collections.abc import Iterator, Mapping
from typing import Any


def is_attended(event: Mapping[str, Any], me: frozenset[str]) -> bool:
    """Whether a meeting takes place, takes time, and was not declined by whoever asks."""
    off = {"STATUS": "CANCELLED", "TRANSP": "TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"}
    if any(event.get(name, "").strip().upper() == word for name, word in off.items()):
        return False
    own = any(_addresses(person) & me for person in event["ORGANIZER"])
    return own or not any(_has_declined(person) and _addresses(person) & me for person in event["ATTENDEE"])


def _addresses(person: Mapping[str, str]) -> set[str]:
    return {_address(person), person["EMAIL"].casefold()} - {""}


def _address(person: Mapping[str, str]) -> str:
    return re.sub("^mailto:", "", person["address"].strip().casefold())


def _has_declined(person: Mapping[str, str]) -> bool:
    return person["PARTSTAT"].upper() == "DECLINED"


def list_other_attendees(event: Mapping[str, Any], me: frozenset[str]) -> Iterator[str]:
    """Yield who else was asked and did not decline; rooms, things and groups are no people."""
    for person in event["ATTENDEE"]:
        kind = person["CUTYPE"].upper() or "INDIVIDUAL"
        thing = kind in {"ROOM", "RESOURCE", "GROUP"} or _address(person).endswith("@resource.calendar.google.com")
        if not thing and not _has_declined(person) and not _addresses(person) & me:
            yield _display_name(person)


def _display_name(person: Mapping[str, str]) -> str:
    """Return a name, or the local part of an address, also where the address is given as the name."""
    called = person["CN"].strip()[:60]
    local, at, _ = (called if "@" in called or not called else "").partition("@")
    return local if at else called or _address(person).rpartition("@")[0]
