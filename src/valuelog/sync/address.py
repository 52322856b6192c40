"""Addresses of remotes: git URLs and paths; what would make git or ssh run a program is refused."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from valuelog.model.text import quote
from valuelog.sync.errors import BadAddress

MIRROR_NAME = "mirror.git"
"""The folder in the cache for the mirror of a git repository."""

_GIT_SCHEMES = frozenset({"file", "ssh", "git", "https", "http", "git+ssh", "ssh+git"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HELPER = re.compile(r"[A-Za-z0-9+.-]+::")
_SCP = re.compile(r"[^/:]+:[^/]|[^/:]+:/|[^/:]*@?\[[^/]*\]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CREDENTIALS = r"(?:[^/]*@|[^/:@]*:(?!\d*(?:/|$)).*@)"  # also with a / or @ that should have been escaped
_USER_OF_WEB_ADDRESS = re.compile(rf"(https?://){_CREDENTIALS}", re.IGNORECASE)
_PASSWORD = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^/:@]*):(?!\d*(?:/|$)).*@")
_DASHED_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/@:]*@)?-")


def parse_address(address: str, environ: Mapping[str, str]) -> Path | None:
    """Return the absolute path that an address is, or None for a git URL. Raises BadAddress.

    Refused is what would make git run a program (`ext::`), and what git or ssh would read as an option.
    """
    if not address or _CONTROL.search(address) or address != address.strip():
        raise _bad_address(address)
    if _DASHED_HOST.match(address) or _HELPER.match(address):
        raise _bad_address(address)
    if scheme := _SCHEME.match(address):
        if scheme[1].lower() not in _GIT_SCHEMES:
            raise _bad_address(address)
        return None
    if _SCP.match(address):
        return None
    home = environ.get("HOME", "")
    expanded = home + address[1:] if home and (address == "~" or address.startswith("~/")) else address
    return Path(os.path.abspath(expanded))  # noqa: PTH100  without ..; a symbolic link stays one


def display_address(address: str) -> str:
    """Return an address without the user and password of a web address, and the password of any other."""
    return _PASSWORD.sub(r"\1@", _USER_OF_WEB_ADDRESS.sub(r"\1", address))


def _bad_address(address: str) -> BadAddress:
    shown = quote(display_address(_CONTROL.sub("�", address)))
    return BadAddress(
        f"{shown} is not a remote.", "Give a git URL (git@HOST:PATH, https://…), a folder, or rclone:REMOTE:PATH."
    )
