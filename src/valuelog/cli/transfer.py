"""`import` and `export`: moving in and out."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from valuelog.cli import candidates
from valuelog.cli.files import open_existing, translate_read_errors
from valuelog.cli.localzone import LocalZone
from valuelog.cli.options import ConflictingOptions, ForceOption, JsonOption, PlainOption, join_words, output_format
from valuelog.cli.pages import write_file
from valuelog.cli.world import World
from valuelog.exchange import READABLE_FORMATS, WRITABLE_FORMATS, ImportContext
from valuelog.exchange import csv as table
from valuelog.model import dates
from valuelog.model.entry import Kind, parse_choice
from valuelog.model.errors import BadInput, UnknownChoice
from valuelog.model.period import Period
from valuelog.model.text import quote
from valuelog.render import views
from valuelog.render.markdown.journal import render_journal
from valuelog.workflows import transfer
from valuelog.workflows.arrived import ImportOptions

MARKDOWN = "markdown"
"""The format that is no other tool's: for people, so that it is drawn."""


def bring(
    ctx: typer.Context,
    format: Annotated[  # noqa: A002  the name that people see
        str, typer.Argument(metavar="FORMAT", autocompletion=candidates.import_formats, help="What wrote the file.")
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
    column_mappings: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OURS=THEIRS", help="csv: under which heading a column of ours stands."),
    ] = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Bring in what another tool wrote: all of it in one change, or nothing. What came in before does not come twice.

    Formats: jsonl (our own), csv, jrnl, dayone, watson, timewarrior, taskwarrior, klog, bragfile. Entries of other
    tools arrive as activities, unless --kind says otherwise.

    Example: valuelog import jrnl journal.json -n · valuelog import csv work.csv --map day=Date --map text=Description
    """
    world: World = ctx.obj
    wish = ImportOptions(
        format=parse_choice(READABLE_FORMATS, "format", format),
        kind=parse_choice(Kind, "kind", kind) if kind else Kind.ACTIVITY,
        skip_bad=skip_bad,
        dry_run=dry_run,
    )
    if column_mappings and wish.format != "csv":
        raise ConflictingOptions("--map is for csv.", "Leave it out.")
    where = ImportContext(
        zone=LocalZone(),
        day_ends_at=world.settings["day_ends_at"],
        columns=dict(map(_parse_column_mapping, column_mappings or ())),
    )
    with _open_input(world, file) as stream:
        journal = world.open_journal(write=not dry_run)
        arrived = transfer.import_file(journal, stream, where, wish, world.today(), world.now())
    world.show(views.IMPORT_RESULT, arrived, output_format(json=json, plain=plain))


def _parse_column_mapping(words: str) -> tuple[str, str]:
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
def _open_input(world: World, name: str) -> Iterator[BinaryIO]:
    """Open what is to be read, with a bar that shows how much of it was."""
    if name == "-":
        world.require_piped_stdin("FILE")
        with world.progress_bar("reading", None) as tell:
            yield _ProgressReader(world.stdin.buffer, "Stdin", tell)  # type: ignore[misc]  # all that readers use
        return
    with open_existing(Path(name)) as file:
        about = os.fstat(file.fileno())
        with world.progress_bar("reading", about.st_size if stat.S_ISREG(about.st_mode) else None) as tell:
            yield _ProgressReader(file, name, tell)  # type: ignore[misc]  # all that readers use


class _ProgressReader:
    """A file that tells how far it has been read."""

    def __init__(self, file: BinaryIO, name: str, tell: Callable[[int], None]) -> None:
        self._file = file
        self._name = name
        self._bytes_read = 0
        self._report = tell
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1, /) -> bytes:
        """Read some bytes."""
        with translate_read_errors(self._name):
            return self._count(self._file.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        """Read a line, or some bytes of it."""
        with translate_read_errors(self._name):
            return self._count(self._file.readline(size))

    def _count(self, raw: bytes) -> bytes:
        self._bytes_read += len(raw)
        self._report(self._bytes_read)
        return raw


def export(
    ctx: typer.Context,
    format: Annotated[  # noqa: A002  the name that people see
        str, typer.Argument(metavar="FORMAT", autocompletion=candidates.export_formats, help="Who shall read it.")
    ],
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", autocompletion=candidates.files, help="The file; - or nothing is stdout.")
    ] = "-",
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[PERIOD]", autocompletion=candidates.periods, help="Only these days.")
    ] = None,
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help="csv only: don't escape what a spreadsheet would read as a formula.")
    ] = False,
    force: ForceOption = False,
) -> None:
    """Write the journal to a file. jsonl loses nothing and can be imported again; the others hold the entries.

    Formats: jsonl, csv, markdown, jrnl.

    Example: valuelog export jsonl journal.jsonl · valuelog export csv - last month
    """
    world: World = ctx.obj
    wanted = parse_choice((*WRITABLE_FORMATS, MARKDOWN), "format", format)
    if raw and wanted != "csv":
        raise ConflictingOptions("--raw is for csv.", "Leave it out.")
    period = _parse_export_period(world, file, join_words(words))
    journal = world.open_journal()
    pieces = (
        render_journal(transfer.iter_entries(journal, period))
        if wanted == MARKDOWN
        else transfer.export_journal(journal, wanted, period, raw=raw)
    )
    if file == "-":
        world.write_stdout(*pieces)
        return
    write_file(world, Path(file), pieces, force=force)


def _parse_export_period(world: World, file: str, said: str | None) -> Period | None:
    """Return the Period that is meant. Raises ConflictingOptions where the name of a file looks like one."""
    try:
        named = dates.parse_period(" ".join(filter(None, (file, said))), world.today())
    except BadInput:
        return dates.parse_period(said, world.today()) if said else None
    raise ConflictingOptions(
        f"“{named.name}” is a period, and the file comes first.",
        f"Write - for stdout: valuelog export … - {named.name}; or ./{file} for a file of this name.",
    )
