"""`import` and `export`: moving in and out."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from valuelog.cli import candidates
from valuelog.cli.files import existing, reading
from valuelog.cli.localzone import Local
from valuelog.cli.options import Contradiction, Force, Json, Plain, form, spoken
from valuelog.cli.pages import leave
from valuelog.cli.world import World
from valuelog.exchange import READ, WRITTEN, Where
from valuelog.exchange import csv as table
from valuelog.model import dates
from valuelog.model.entry import Kind, parse_choice
from valuelog.model.errors import BadInput, UnknownChoice
from valuelog.model.period import Period
from valuelog.model.text import quote
from valuelog.render.markdown.journal import pages
from valuelog.workflows import transfer
from valuelog.workflows.arrived import Wish

MARKDOWN = "markdown"
"""The format that is no other tool's: for people, so that it is drawn."""


def bring(
    ctx: typer.Context,
    format: Annotated[  # noqa: A002  the name that people see
        str, typer.Argument(metavar="FORMAT", autocompletion=candidates.readable, help="What wrote the file.")
    ],
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", autocompletion=candidates.files, help="The file; - reads stdin.")
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Only show what would happen.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out what cannot be understood.")] = False,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="KIND", autocompletion=candidates.entry_kinds, help="What knows no kind is this."
        ),
    ] = None,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OURS=THEIRS", help="csv: under which heading a column of ours stands."),
    ] = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Bring in what another tool wrote: all of it in one change, or nothing. What came in before does not come twice.

    Formats: jsonl (our own), csv, jrnl, dayone, watson, timewarrior, taskwarrior, klog, bragfile. Entries of other
    tools arrive as activities, unless --kind says otherwise.

    Example: valuelog import jrnl journal.json -n · valuelog import csv work.csv --map day=Date --map text=Description
    """
    world: World = ctx.obj
    wish = Wish(
        format=parse_choice(READ, "format", format),
        kind=parse_choice(Kind, "kind", kind) if kind else Kind.ACTIVITY,
        skip_bad=skip_bad,
        only_look=dry_run,
    )
    if mapped and wish.format != "csv":
        raise Contradiction("--map is for csv.", "Leave it out.")
    where = Where(
        zone=Local(),
        day_ends_at=world.settings["day_ends_at"],
        columns=dict(map(_pair, mapped or ())),
    )
    with _opened(world, file) as stream:
        journal = world.journal(write=not dry_run)
        arrived = transfer.bring(journal, stream, where, wish, world.today(), world.now())
    world.show("import_result", arrived, form(json=json, plain=plain))


def _pair(words: str) -> tuple[str, str]:
    """Read OURS=THEIRS."""
    ours, mark, theirs = words.partition("=")
    if not (ours.strip() and mark and theirs.strip()):
        raise BadInput(
            f"{quote(words)} maps nothing.", "Write the name of our column, = and theirs: --map text=Description"
        )
    name = ours.strip().casefold()
    if name not in table.COLUMNS:
        raise UnknownChoice("column", ours.strip(), table.COLUMNS)
    return name, theirs.strip()


@contextmanager
def _opened(world: World, name: str) -> Iterator[BinaryIO]:
    """Open what is to be read, with a bar that shows how much of it was."""
    if name == "-":
        world.insist_piped("FILE")
        with world.bar("reading", None) as tell:
            yield _Watched(world.stdin.buffer, "Stdin", tell)  # type: ignore[misc]  # all that readers use
        return
    with existing(Path(name)) as file:
        about = os.fstat(file.fileno())
        with world.bar("reading", about.st_size if stat.S_ISREG(about.st_mode) else None) as tell:
            yield _Watched(file, name, tell)  # type: ignore[misc]  # all that readers use


class _Watched:
    """A file that tells how far it has been read."""

    def __init__(self, file: BinaryIO, name: str, tell: Callable[[int], None]) -> None:
        self._file = file
        self._name = name
        self._done = 0
        self._tell = tell
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1, /) -> bytes:
        """Read some bytes."""
        with reading(self._name):
            return self._told(self._file.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        """Read a line, or some bytes of it."""
        with reading(self._name):
            return self._told(self._file.readline(size))

    def _told(self, raw: bytes) -> bytes:
        self._done += len(raw)
        self._tell(self._done)
        return raw


def export(
    ctx: typer.Context,
    format: Annotated[  # noqa: A002  the name that people see
        str, typer.Argument(metavar="FORMAT", autocompletion=candidates.writable, help="Who shall read it.")
    ],
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", autocompletion=candidates.files, help="The file; - or nothing is stdout.")
    ] = "-",
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[PERIOD]", autocompletion=candidates.periods, help="Only these days.")
    ] = None,
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help="csv: leave what a spreadsheet would take for a formula as it is.")
    ] = False,
    force: Force = False,
) -> None:
    """Write the journal to a file. jsonl loses nothing and can be imported again; the others hold the entries.

    Formats: jsonl, csv, markdown, jrnl.

    Example: valuelog export jsonl journal.jsonl · valuelog export csv - last month
    """
    world: World = ctx.obj
    wanted = parse_choice((*WRITTEN, MARKDOWN), "format", format)
    if raw and wanted != "csv":
        raise Contradiction("--raw is for csv.", "Leave it out.")
    period = _period(world, file, spoken(words))
    journal = world.journal()
    pieces = (
        pages(transfer.entries_of(journal, period))
        if wanted == MARKDOWN
        else transfer.leave(journal, wanted, period, raw=raw)
    )
    if file == "-":
        world.answer(*pieces)
        return
    leave(world, Path(file), pieces, force=force)


def _period(world: World, file: str, said: str | None) -> Period | None:
    """Return the Period that is meant. Raises Contradiction where the name of a file looks like one."""
    try:
        named = dates.parse_period(" ".join(filter(None, (file, said))), world.today())
    except BadInput:
        return dates.parse_period(said, world.today()) if said else None
    raise Contradiction(
        f"“{named.name}” is a period, and the file comes first.",
        f"Write - for stdout: valuelog export … - {named.name}; or ./{file} for a file of this name.",
    )
