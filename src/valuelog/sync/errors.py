"""Errors of syncing: each is something that a caller treats differently."""

from valuelog.model.errors import BadInput, ValuelogError


class SyncError(ValuelogError):
    """Syncing failed; the journal is unchanged."""


class RemoteMoved(SyncError):
    """Another machine published since the remote was listed: list it again, then publish what is missing."""

    def __init__(self) -> None:
        """Say that trying again helps."""
        super().__init__("Another machine is syncing right now.", "Try again: valuelog sync")


class RemoteUnreachable(SyncError):
    """The remote can't be reached now: no network, a server that doesn't answer, a disk that isn't connected."""


class BadRemote(SyncError):
    """The remote refuses, or isn't one: no permission, no such repository, a program that isn't installed."""


class BadAddress(BadRemote, BadInput):
    """An address that is no remote, whatever the network says (exit code 2)."""


class RemoteFull(SyncError):
    """The remote has no space left; nothing was published, or only whole files, or not all of a rebuild."""

    def __init__(self, address: str) -> None:
        """Name the remote."""
        super().__init__(
            f"There is no space left on {address}. Your journal here is fine.",
            "Free some space there, then: valuelog sync",
        )


class CacheFailed(SyncError):
    """The files that valuelog caches on this machine can't be written: a full disk or missing permissions."""


class WrongKey(SyncError):
    """The key of this machine doesn't open the files of the remote."""

    def __init__(self) -> None:
        """Say where to get the right one."""
        super().__init__(
            "The key of this machine doesn't open what is on the remote. Nothing was changed.",
            "If you ran rekey on another machine, run there: valuelog sync invite; then here: valuelog sync join",
        )


class NewerFormat(SyncError):
    """A newer valuelog wrote the file."""

    def __init__(self, file_format: int, supported_format: int) -> None:
        """Name both formats."""
        super().__init__(
            f"A newer valuelog wrote what is on the remote (format {file_format}, this one knows {supported_format}).",
            "Update valuelog.",
        )


class BadSegment(SyncError):
    """A file on the remote isn't what its name says: damaged, incomplete, or not written by valuelog."""

    def __init__(self, name: str, reason: str) -> None:
        """Name the file, and what is wrong with it."""
        self.name, self.reason = name, reason
        super().__init__(
            f"{name} on the remote can't be used: {reason}.",
            "Once every machine has synced, rebuild the remote with: valuelog sync rekey --compact",
        )


class BadInvitation(SyncError, BadInput):
    """A text that is no invitation, or only a part of one."""

    def __init__(self) -> None:
        """Quote nothing: it may contain the key."""
        super().__init__(
            "That is not an invitation, or not all of it.",
            "Copy the whole line that valuelog sync invite prints on your other machine.",
        )


class MissingExtra(SyncError):
    """The library that encrypts isn't installed."""

    def __init__(self) -> None:
        """Give both commands that install it."""
        super().__init__(
            "Syncing needs pyrage, which is not installed.",
            "Install it with: pipx inject valuelog pyrage   or, in your clone: uv tool install '.[sync]'",
        )
