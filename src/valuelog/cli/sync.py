"""`sync`: one journal on several machines."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Command
from valuelog.cli.group import create_group
from valuelog.cli.leftovers import clear_leftovers
from valuelog.cli.options import JsonOption, PlainOption, output_format
from valuelog.cli.paths import find_home
from valuelog.cli.state_files import list_own_ids, read_former_ids, renew_device_id
from valuelog.cli.world import World
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput, ValuelogError
from valuelog.render import views
from valuelog.render.confirmation import format_backup
from valuelog.render.sync_words import describe_hiding, describe_rest, describe_sync
from valuelog.render.words import format_count
from valuelog.sync.address import display_address, parse_address
from valuelog.sync.errors import BadInvitation
from valuelog.sync.remote import open_remote
from valuelog.workflows import sync_setup
from valuelog.workflows.sync_setup import SyncTools
from valuelog.workflows.sync_state import folder_of
from valuelog.workflows.syncing import MAX_NAME_LENGTH, Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from valuelog.journal.incoming import WouldHide
    from valuelog.journal.store import Journal
    from valuelog.sync.remote import Remote

MAX_INVITATION_LENGTH = 20_000

NETWORK_SECONDS = 3.0
"""How long a command of `sync.with` waits for the network before and after."""

LOCK_SECONDS = 0.5
"""How long it waits for another sync."""

KEEP_INVITATION = "The invitation for your other machines is your spare key, too. Keep it in a password manager:"


class HidingRefused(ValuelogError):
    """One sync would delete many records, and a person said no."""

    def __init__(self) -> None:
        """Say how to change one's mind."""
        super().__init__("Nothing was changed.", "To sync after all: valuelog sync")


class InvitationAsArgument(BadInput):
    """An invitation was given on the command line."""

    def __init__(self) -> None:
        """Say how to give it instead."""
        super().__init__(
            "An invitation doesn't go on the command line: your shell's history would keep it.",
            "Run valuelog sync join and paste it, or: ssh laptop valuelog sync invite | valuelog sync join -",
        )


app = create_group()

NameOption = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="What to call this machine; its host name by default."),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Don't ask.")]


@app.callback(invoke_without_command=True)
def sync(
    ctx: typer.Context,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Sync even if that deletes many records here.")] = False,
) -> None:
    """Without a command, it fetches, merges and publishes. Everything on the remote is encrypted.

    Example: valuelog sync · valuelog sync setup git@example.org:me/journal.git · valuelog sync status
    """
    world: World = ctx.obj
    if ctx.invoked_subcommand is None:
        result = sync_setup.sync(create_tools(world, yes=yes))
        for line in describe_sync(result, _shorten_id(world)):
            world.write_stderr(line)


@app.command("setup", cls=Command)
def setup(
    ctx: typer.Context,
    remote: Annotated[
        str,
        typer.Argument(
            metavar="REMOTE", autocompletion=candidates.files, help="A git URL, a folder, or rclone:REMOTE:PATH."
        ),
    ],
    *,
    name: NameOption = None,
) -> None:
    """Create a key, publish your journal, and show the invitation for your other machines.

    The remote must be empty: a private git repository of your own, or a folder that another program syncs.

    Example: valuelog sync setup git@example.org:me/journal.git · valuelog sync setup ~/journal-sync
    """
    world: World = ctx.obj
    tools, address = create_tools(world), resolve_address(world, remote)
    result = sync_setup.set_up(tools, address, _parse_name(world, name))
    sent = f": sent {format_count(result.sent, 'change')}" if result.sent else ""
    world.write_stderr(f"Your journal now syncs with {display_address(address)}{sent}.")
    _show_invitation(world, tools)
    world.write_stderr("On another machine, run: valuelog sync join")


def _show_invitation(world: World, tools: SyncTools) -> None:
    """Write the invitation to stdout, and what it is for to stderr."""
    invitation = sync_setup.invite(tools)
    world.write_stderr(f"{KEEP_INVITATION}\n")
    world.write_stdout(f"{invitation}\n")
    world.write_stderr("")


@app.command("join", cls=Command)
def join(
    ctx: typer.Context,
    source: Annotated[
        str | None, typer.Argument(metavar="[-]", help="Read the invitation from stdin.", show_default=False)
    ] = None,
    *,
    name: NameOption = None,
    remote: Annotated[
        str | None,
        typer.Option(
            "--remote",
            metavar="REMOTE",
            autocompletion=candidates.files,
            help="Where the remote is for this machine, if that differs.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Sync even if that deletes many records here.")] = False,
) -> None:
    """Join with an invitation, which you paste or pipe. What is in your journal here stays, after a backup.

    Example: valuelog sync join · ssh laptop valuelog sync invite | valuelog sync join -
    """
    world: World = ctx.obj
    tools = create_tools(world, yes=yes)
    result = sync_setup.join(
        tools, _read_invitation(world, source), _parse_name(world, name), is_renamed=name is not None,
        address=remote and resolve_address(world, remote),
        on_backup=lambda made: world.write_stderr(format_backup(made, world.canvas_for(world.stderr))),
    )  # fmt: skip
    joined = tools.load()
    world.write_stderr(f"Joined {display_address(joined.remote)} as {joined.machine}.")
    for line in describe_sync(result, _shorten_id(world)):
        world.write_stderr(line)


def _read_invitation(world: World, source: str | None) -> str:
    """Return the invitation from stdin, or from a hidden prompt. Raises InvitationAsArgument, BadInvitation."""
    if source not in {None, "-"}:
        raise InvitationAsArgument
    if source == "-" or world.has_pipe:
        try:
            return world.stdin.read(MAX_INVITATION_LENGTH)
        except UnicodeDecodeError as error:
            raise BadInvitation from error
    return world.ask_secret("Paste the invitation (it isn't shown):")


@app.command("status", cls=Command)
def status(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Show the remote, each machine, what is still to send, and what is wrong, without using the network.

    Example: valuelog sync status
    """
    world: World = ctx.obj
    loaded = sync_setup.load_status(create_tools(world), world.open_journal())
    world.show(views.SYNC_STATUS, loaded, output_format(json=json, plain=plain))


@app.command("invite", cls=Command)
def invite(ctx: typer.Context) -> None:
    """Print the invitation for another machine: the remote and the key in one line.

    Example: valuelog sync invite · ssh laptop valuelog sync invite | valuelog sync join -
    """
    world: World = ctx.obj
    if world.stdout.isatty():
        _show_invitation(world, create_tools(world))
    else:
        world.write_stdout(f"{sync_setup.invite(create_tools(world))}\n")


@app.command("rekey", cls=Command)
def rekey(
    ctx: typer.Context,
    *,
    compact: Annotated[bool, typer.Option("--compact", help="Keep the key; only rebuild the files.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Rebuild even if something on the remote can't be read, and is lost.")
    ] = False,
) -> None:
    """Rebuild the remote from this journal under a new key, after a machine was lost or text was erased for good.

    Your other machines must join again with the new invitation; with --compact, they need not.

    Example: valuelog sync rekey
    """
    world: World = ctx.obj
    tools = create_tools(world)
    count = format_count(sync_setup.rekey(tools, compact=compact, forced=yes), "change")
    if compact:
        world.write_stderr(f"Rebuilt the remote with {count}. The key is still the same.")
        return
    world.write_stderr(f"Rebuilt the remote with {count} under a new key. The old invitation no longer works.")
    _show_invitation(world, tools)
    world.write_stderr("On each of your other machines, run: valuelog sync join")


@app.command("leave", cls=Command)
def leave(ctx: typer.Context, *, yes: YesOption = False) -> None:
    """Forget the remote and the key on this machine; your journal stays.

    Example: valuelog sync leave
    """
    world: World = ctx.obj
    tools = create_tools(world)
    loaded = sync_setup.load_status(tools, world.open_journal())
    if not yes:
        prompter = world.require_prompter("--yes")
        if loaded.to_send:
            verb, them = ("hasn't", "it") if loaded.to_send == 1 else ("haven't", "them")
            changes = format_count(loaded.to_send, "change")
            world.write_stderr(f"{changes} {verb} been sent yet. Send {them} first: valuelog sync")
        if not prompter.confirm("Stop syncing on this machine? Your journal stays.", default=False):
            world.write_stderr("Nothing was changed.")
            return
    sync_setup.leave(tools)
    world.write_stderr(f"This machine no longer syncs with {loaded.remote}. Your journal stays.")


def sync_for_command(world: World, *, publishes: bool) -> "Iterator[str]":
    """Sync before or after another command, waiting for nothing; yield what came and what a person should know.

    Afterwards, it only uses the network if there is something to send.
    """
    tools = create_tools(world, timeout=NETWORK_SECONDS)
    if publishes and not sync_setup.load_status(tools, world.open_journal()).to_send:
        return
    result = sync_setup.sync(tools, publishes=publishes)
    if result.received or result.sent or result.returned:
        yield from describe_sync(result, _shorten_id(world))
    elif publishes:
        yield from describe_rest(result, _shorten_id(world))


# The World as syncing needs it


def create_tools(world: World, *, yes: bool = False, timeout: float | None = None) -> SyncTools:
    """Return what syncing needs; with a timeout, it never asks and waits for nothing."""
    folder, device = folder_of(world.paths.sync, world.journal_path), world.paths.device
    environ = {**world.environ, "HOME": str(find_home(world.environ))}

    def open_at(address: str, *, create: bool = False) -> "Remote":
        interactive = timeout is None and world.can_prompt
        return open_remote(
            address, folder.cache, timeout=timeout, interactive=interactive, create=create, environ=environ
        )

    return SyncTools(
        folder=folder,
        machine=Machine(
            list_devices=lambda: list_own_ids(device),
            is_shared=lambda each: read_former_ids(device).get(each) is not None,
            renew_device=lambda last: renew_device_id(device, last=last),
        ),
        open_journal=lambda: world.open_journal(write=True),
        open_remote=open_at,
        now=world.now,
        clear_files=partial(clear_leftovers, world.paths),
        accept_hiding=_ask_before_hiding(world, yes=yes, asks=timeout is None),
        lock_seconds=None if timeout is None else LOCK_SECONDS,
    )


def _ask_before_hiding(world: World, *, yes: bool, asks: bool) -> "Callable[[WouldHide], None]":
    """Return what asks a person. It raises WouldHide without a terminal, and HidingRefused if the answer is no."""

    def accept(question: "WouldHide") -> None:
        if yes:
            return
        if not (asks and world.can_prompt):
            raise question
        world.write_stderr(describe_hiding(question.count, question.total))
        if not world.require_prompter("").confirm("Continue?", default=False):
            raise HidingRefused

    return accept


def _shorten_id(world: World) -> "Callable[[str], str]":
    """Return what shortens an id as the journal shows it."""

    def shorten(entity_id: str) -> str:
        journal: Journal = world.open_journals[-1]
        return entity_id[: journal.prefix_lengths([entity_id])[entity_id]]

    return shorten


def _parse_name(world: World, name: str | None) -> str:
    """Return the name of this machine. Raises BadInput."""
    text = clean_text(name if name is not None else world.host_name)
    if len(text) > MAX_NAME_LENGTH or "\n" in text:
        raise BadInput("That is too long for the name of a machine.", f"Use up to {MAX_NAME_LENGTH} characters.")
    return text


def resolve_address(world: World, address: str) -> str:
    """Return an address that other machines can use, too: a folder in the home begins with ~.

    Raises BadAddress, or InvitationAsArgument: as an address, it would be shown, and git would look for its host.
    """
    if "AGE-SECRET-KEY-" in address.upper() or address.lower().lstrip(" '\"`").startswith("valuelog1:"):
        raise InvitationAsArgument
    home = find_home(world.environ)
    path = None if address.startswith("rclone:") else parse_address(address, {"HOME": str(home)})
    if path is None:
        return address
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) and path != home else str(path)
