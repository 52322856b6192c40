"""Encrypts and authenticates files with age (https://age-encryption.org/v1), through pyrage.

A journal has one X25519 identity, and its recipient is never published: only holders of the key can create a file that
decrypts. Keys and files are age's own, so the `age` program opens them too.
"""

from typing import TYPE_CHECKING

from valuelog.sync.errors import MissingExtra, WrongKey

if TYPE_CHECKING:
    from types import ModuleType


def new_key() -> str:
    """Return a new random key, as age writes it: AGE-SECRET-KEY-1…. Raises MissingExtra."""
    return str(_load_pyrage().x25519.Identity.generate())


def recipient_of(key: str) -> str:
    """Return the public half of a key, for the comment in its file. Raises WrongKey if it isn't a key, MissingExtra."""
    pyrage = _load_pyrage()
    try:
        return str(pyrage.x25519.Identity.from_str(key).to_public())
    except pyrage.IdentityError as error:
        raise WrongKey from error


def seal(data: bytes, key: str) -> bytes:
    """Encrypt data so that only holders of the key can read it. Raises WrongKey if it isn't a key, MissingExtra."""
    pyrage = _load_pyrage()
    try:
        return bytes(pyrage.encrypt(data, [pyrage.x25519.Identity.from_str(key).to_public()]))
    except pyrage.IdentityError as error:
        raise WrongKey from error


def unseal(data: bytes, key: str) -> bytes:
    """Decrypt data and check that a holder of the key wrote it. Raises WrongKey if not, MissingExtra.

    A damaged file raises WrongKey too: it can't be told from one that another key wrote.
    """
    pyrage = _load_pyrage()
    try:
        return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(key)]))
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise WrongKey from error


def _load_pyrage() -> "ModuleType":
    """Return pyrage. Raises MissingExtra."""
    try:
        import pyrage  # noqa: PLC0415  optional and slow to load
    except ImportError as error:
        raise MissingExtra from error
    module: ModuleType = pyrage
    return module
