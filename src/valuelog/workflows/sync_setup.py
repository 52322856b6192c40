"""Set up syncing, join from another machine, replace the key, leave; and what a person sees of it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from valuelog.journal.ids import new_id
from valuelog.journal.incoming import Waiting, WouldHide
from valuelog.journal.purge import ClearFiles
from valuelog.journal.replication import device_names, list_heads
from valuelog.journal.store import Journal
from valuelog.model.errors import BadInput, ValuelogError
from valuelog.sync import marker
from valuelog.sync.address import display_address
from valuelog.sync.errors import BadRemote, BadSegment, NewerFormat, RemoteMoved, WrongKey
from valuelog.sync.invitation import Invitation, format_invitation, parse_invitation
from valuelog.sync.marker import MARKER_NAME
from valuelog.sync.remote import Remote
from valuelog.sync.sealing import new_key, recipient_of
from valuelog.sync.segment import parse_segment_name
from valuelog.workflows.sync_state import KEY_NAME, NEXT_KEY_NAME, Delay, Problem, SyncFolder, SyncState
from valuelog.workflows.syncing import (
    Machine,
    OtherJournal,
    Session,
    SyncResult,
    count_unsent,
    machine_name,
    pack_marker,
    pack_missing,
    retry_if_moved,
)

if TYPE_CHECKING:
    from valuelog.journal.backups import Backup


MAX_GENERATION = 2**53
"""After this many, generations start again; only a forged marker has a number like that."""


class NotSetUp(ValuelogError):
    """Syncing isn't set up for this journal."""

    def __init__(self) -> None:
        """Name both ways to start."""
        super().__init__(
            "This journal doesn't sync yet.",
            "Set it up: valuelog sync setup REMOTE; or join another machine: valuelog sync join",
        )


class AlreadySetUp(ValuelogError):
    """Syncing is set up already."""

    def __init__(self, address: str) -> None:
        """Name the remote."""
        super().__init__(
            f"This journal already syncs with {display_address(address)}.",
            "Invite another machine: valuelog sync invite; or leave this remote first: valuelog sync leave",
        )


class KeyLost(ValuelogError):
    """The file with the key is gone or unreadable."""

    def __init__(self) -> None:
        """Say where the key is, too."""
        super().__init__(
            "The key for syncing is missing on this machine.",
            "Run valuelog sync join with the invitation from your password manager or another machine.",
        )


class RemoteInUse(ValuelogError):
    """A new journal can't be set up on a remote that has one."""

    def __init__(self, address: str) -> None:
        """Name the remote."""
        super().__init__(
            f"{display_address(address)} already has a journal.",
            "Join it: valuelog sync join; or set up another, empty remote.",
        )


class RemoteEmpty(ValuelogError):
    """A remote without a journal can't be joined."""

    def __init__(self, address: str) -> None:
        """Name the remote."""
        super().__init__(
            f"There is no journal on {display_address(address)}.",
            "Run valuelog sync on the machine that you were invited from, then join again.",
        )


class InvitationOutdated(BadInput):
    """An invitation has a key that was replaced since, or another journal than the remote."""

    def __init__(self) -> None:
        """Say how to get a new one."""
        super().__init__(
            "This invitation is out of date: the remote has a new key now.",
            "Get a new one on a machine that syncs: valuelog sync invite",
        )


class UpdateFirst(ValuelogError):
    """Rebuilding the remote would remove changes that this version can't read."""

    def __init__(self, machine: str) -> None:
        """Name the machine that wrote them."""
        super().__init__(
            f"A newer valuelog on {machine} wrote changes that this one can't read; rebuilding would remove them.",
            "Update valuelog, then try again. If that machine isn't yours any more: valuelog sync rekey --yes",
        )


@dataclass(frozen=True, kw_only=True)
class SyncTools:
    """What syncing one journal needs from outside. See `Session`.

    `open_remote` takes an address, and `create` if a folder may be created.
    """

    folder: SyncFolder
    machine: Machine
    open_journal: Callable[[], Journal]
    open_remote: Callable[..., Remote]
    now: Callable[[], datetime]
    accept_hiding: Callable[[WouldHide], None]
    clear_files: ClearFiles
    lock_seconds: float | None = None

    def load(self) -> SyncState:
        """Return what is known of the remote. Raises NotSetUp."""
        state = self.folder.load()
        if state is None:
            raise NotSetUp
        return state

    def load_key(self) -> str:
        """Return the key. Raises KeyLost."""
        key = self.folder.read_key()
        if key is None:
            raise KeyLost
        return key

    def start_session(self, state: SyncState, key: str, remote: Remote | None = None) -> Session:
        """Open the remote and the journal."""
        return Session(
            folder=self.folder, state=state, key=key, remote=remote or self.open_remote(state.remote),
            machine=self.machine, open_journal=self.open_journal, now=self.now,
            accept_hiding=self.accept_hiding, clear_files=self.clear_files,
        )  # fmt: skip

    def write_key(self, key: str, state: SyncState, name: str = KEY_NAME) -> None:
        """Write the key to its file."""
        self.folder.write_key(key, recipient_of(key), state, self.now(), name)


def sync(tools: SyncTools, *, publishes: bool = True) -> SyncResult:
    """Fetch, merge, and publish. Raises ValuelogError."""
    tools.load()
    with tools.folder.lock(tools.lock_seconds):
        return tools.start_session(tools.load(), tools.load_key()).run(publishes=publishes)


def set_up(tools: SyncTools, address: str, machine: str) -> SyncResult:
    """Create a key, and publish the journal to an empty remote. Raises AlreadySetUp or RemoteInUse.

    A setup that was interrupted continues with its key: some files may be on the remote already.
    """
    with tools.folder.lock():
        present = tools.folder.load()
        if present and (present.remote != address or present.synced_at):
            raise AlreadySetUp(present.remote)
        remote = tools.open_remote(address, create=True)
        if not present and any(map(_is_ours, remote.list())):
            raise RemoteInUse(address)
        state = present or SyncState(remote=address, journal=new_id(), machine=machine)
        key = tools.load_key() if present else new_key()
        if not present:
            tools.write_key(key, state)
        try:
            return tools.start_session(state, key, remote).run()
        except (WrongKey, OtherJournal) as error:  # another machine was faster
            tools.folder.forget()
            raise RemoteInUse(address) from error
        except BadRemote:  # it can be read, but not written
            if _is_empty(remote):  # or what was published could never be read again
                tools.folder.forget()
            raise


def _is_empty(remote: Remote) -> bool:
    """Return whether a remote certainly has nothing of valuelog."""
    with suppress(ValuelogError):
        return not any(map(_is_ours, remote.list()))
    return False


def _is_ours(name: str) -> bool:
    return name == MARKER_NAME or parse_segment_name(name) is not None


def join(
    tools: SyncTools,
    text: str,
    machine: str,
    *,
    is_renamed: bool = False,
    address: str | None = None,
    on_backup: "Callable[[Backup], object]" = lambda _: None,
) -> SyncResult:
    """Take the key and the remote from an invitation, and sync; the entries of both stay, after a backup.

    `machine` is the name of this machine, unless it has one and isn't renamed. `address` is the remote as this machine
    reaches it, if that differs. Raises AlreadySetUp, RemoteEmpty, BadInput.
    """
    invitation = parse_invitation(text)
    address = address or invitation.remote
    with tools.folder.lock():
        present = tools.folder.load()
        if present and present.journal != invitation.journal:
            raise AlreadySetUp(present.remote)
        remote = tools.open_remote(address)
        _require_open(remote, invitation, address)
        if not present:
            _back_up(tools.open_journal(), on_backup)
        state = SyncState(remote=address, journal=invitation.journal, machine=machine, generation=0)
        if present:
            state = replace(state, seen=present.seen, machine=machine if is_renamed else present.machine)
        tools.write_key(invitation.key, state)
        tools.folder.discard_next_key()
        tools.folder.save(state)
        return tools.start_session(state, invitation.key, remote).run()


def _require_open(remote: Remote, invitation: Invitation, address: str) -> None:
    """Raise RemoteEmpty or InvitationOutdated if an invitation doesn't open a remote."""
    if MARKER_NAME not in remote.list():
        raise RemoteEmpty(address)
    (content,) = dict(remote.get([MARKER_NAME])).values()
    try:
        found = marker.unpack(content, invitation.key)
    except WrongKey as error:
        raise InvitationOutdated from error
    if found.journal != invitation.journal:
        raise InvitationOutdated


def _back_up(journal: Journal, on_backup: "Callable[[Backup], object]") -> None:
    """Make a verified backup unless the journal is empty."""
    if list_heads(journal):
        on_backup(journal.make_backup())


def invite(tools: SyncTools) -> str:
    """Return the invitation. Raises NotSetUp or KeyLost."""
    state = tools.load()
    return format_invitation(Invitation(state.remote, state.journal, tools.load_key()))


def rekey(tools: SyncTools, *, compact: bool, forced: bool = False) -> int:
    """Rebuild the remote from this journal, under a new key unless `compact`. Return how many changes it has.

    The new key is saved before the remote is replaced, and used from then on if the marker says so: whenever this is
    interrupted, the next sync finds the right one. Raises UpdateFirst, unless `forced`: then nothing on the remote
    matters, since a thief with the old key can write anything.
    """
    with tools.folder.lock():
        session = tools.start_session(tools.load(), tools.load_key())
        return retry_if_moved(lambda: _rebuild(tools, session, compact=compact, forced=forced))


def _rebuild(tools: SyncTools, session: Session, *, compact: bool, forced: bool) -> int:
    useless = (BadSegment, *((WrongKey, OtherJournal, NewerFormat) if forced else ()))
    with suppress(*useless):  # of the marker, which is written anew
        session.run()
    if not forced:
        _require_readable(session)
    session.forked -= {*session.machine.list_devices()}  # or the remote would lack what this machine wrote
    old_state, old_key = session.state, session.key
    session.state = old_state.with_generation(old_state.generation % MAX_GENERATION + 1)
    if not compact:
        session.key = new_key()
        tools.write_key(session.key, session.state, NEXT_KEY_NAME)
    packed = pack_missing(session, {}, ())
    try:
        session.remote.replace({MARKER_NAME: pack_marker(session.state, session.key), **packed.files})
    except RemoteMoved:
        session.state, session.key = old_state, old_key
        raise
    if not compact:
        tools.folder.promote_next_key()
    session.save_published(packed)
    return sum(map(len, packed.counted.values()))


def _require_readable(session: Session) -> None:
    names = device_names(session.journal)
    for device, delay in session.state.delayed.items():
        if delay.reason == Waiting.NEWER:
            raise UpdateFirst(machine_name(names, device))


def leave(tools: SyncTools) -> None:
    """Forget the remote and the key. Raises NotSetUp."""
    tools.load()
    with tools.folder.lock():
        tools.folder.forget()


# The status


class MachineStatus(NamedTuple):
    """A machine: its name, whether it is this one, and when it published last, if that is known."""

    name: str
    is_this: bool
    last_sent_at: datetime | None
    delay: Delay | None


class SyncStatus(NamedTuple):
    """What this machine knows, without asking the remote; `to_receive` is as of the last contact."""

    remote: str
    machines: Sequence[MachineStatus]
    synced_at: datetime | None
    to_send: int
    to_receive: int
    problem: Problem | None
    now: datetime


def load_status(tools: SyncTools, journal: Journal) -> SyncStatus:
    """Return what is known of the remote and of each machine. Raises NotSetUp."""
    state = tools.load()
    own = [each for each in tools.machine.list_devices() if not tools.machine.is_shared(each)]
    machines = _list_machines(state, device_names(journal), own)
    return SyncStatus(
        remote=display_address(state.remote), machines=machines, synced_at=state.synced_at,
        to_send=count_unsent(journal, state), to_receive=sum(delay.changes for delay in state.delayed.values()),
        problem=state.problem, now=tools.now(),
    )  # fmt: skip


def _list_machines(state: SyncState, names: Mapping[str, str], own: Sequence[str]) -> list[MachineStatus]:
    """Return the machines, this one first; one that was given a new device id is listed once."""
    this = MachineStatus(state.machine, True, None, None)  # noqa: FBT003  a field
    machines = {(True, state.machine): this}  # another one may have the same name
    for device in dict.fromkeys([*names, *state.seen, *state.delayed]):
        is_this = device in own
        name = state.machine if is_this else machine_name(names, device)
        known = machines.get((is_this, name), MachineStatus(name, is_this, None, None))
        sent_at = _later(known.last_sent_at, state.seen.get(device))
        machines[is_this, name] = known._replace(last_sent_at=sent_at, delay=state.delayed.get(device, known.delay))
    first, *others = machines.values()
    return [first, *sorted(others)]


def _later(moment: datetime | None, milliseconds: int | None) -> datetime | None:
    if milliseconds is None:
        return moment
    other = datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
    return max(moment, other) if moment else other
