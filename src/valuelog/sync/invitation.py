"""Invitations: what another machine needs to join, in one line of ASCII without spaces.

`valuelog1:<journal>:<checksum>:<key>:<remote>`. The key in it is a spare one: `age -d -i` opens the files with it.
"""

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, unquote

from valuelog.sync.errors import BadInvitation

_FORM = re.compile(r"valuelog1:([0-9A-Za-z_-]{1,64}):([0-9a-f]{8}):(AGE-SECRET-KEY-1[0-9A-Z]+):([!-~]+)")
_UNQUOTED = "/:@~+=,"
_AROUND = "'\"`<>“”‘’\ufeff"


class Invitation(NamedTuple):
    """The address of a remote, the id of the journal there, and its key."""

    remote: str
    journal: str
    key: str


def format_invitation(invitation: Invitation) -> str:
    """Return the line that `parse_invitation` reads."""
    remote = quote(invitation.remote, safe=_UNQUOTED, errors="surrogateescape")
    return f"valuelog1:{invitation.journal}:{_checksum(invitation)}:{invitation.key}:{remote}"


def parse_invitation(text: str) -> Invitation:
    """Read an invitation. Raises BadInvitation.

    White space is ignored, since a terminal may have wrapped it, and so are quotation marks around it.
    """
    match = _FORM.fullmatch("".join(text.split()).strip(_AROUND))
    if not match:
        raise BadInvitation
    journal, checksum, key, remote = match.groups()
    invitation = Invitation(unquote(remote, errors="surrogateescape"), journal, key)
    if _checksum(invitation) != checksum:
        raise BadInvitation
    return invitation


def _checksum(invitation: Invitation) -> str:
    """Return a checksum that finds a missing end or a wrong letter."""
    return sha256("\0".join(invitation).encode(errors="surrogateescape")).hexdigest()[:8]
