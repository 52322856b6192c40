"""`import` and `export`."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from valuelog.cli import candidates
from valuelog.cli.files import open_existing, translate_read_errors
from valuelog.cli.localzone import LocalZone
from valuelog.cli.options import ConflictingOptions, ForceOption, JsonOption, PlainOption, join_words, output_format
from valuelog.cli.pages import write_file
from valuelog.cli.world import World
from valuelog.exchange import JOURNAL_FORMAT, READABLE_FORMATS, WRITABLE_FORMATS, ImportContext
from valuelog.exchange.csv import COLUMNS
from valuelog.model import dates
from valuelog.model.entry import Kind, parse_choice
from valuelog.model.errors import BadInput, UnknownChoice
from valuelog.model.period import Period
from valuelog.model.text import quote
from valuelog.render import views
from valuelog.render.escape import escape_lines
from valuelog.render.markdown.journal import render_journal
from valuelog.workflows import exporting, importing

MARKDOWN = "markdown"
"""The export format for people, which is rendered rather than serialized."""


ImportFormatArgument = Annotated[
    str, typer.Argument(metavar="FORMAT", autocompletion=candidates.import_formats, help="Format of the file.")
]
ExportFormatArgument = Annotated[
    str, typer.Argument(metavar="FORMAT", autocompletion=candidates.export_formats, help="Output format.")
]
SourceFileArgument = Annotated[
    str, typer.Argument(metavar="FILE|-", autocompletion=candidates.files, help="File to import; - for stdin.")
]
TargetFileArgument = Annotated[
    str, typer.Argument(metavar="[FILE]", autocompletion=candidates.files, help="File to write; - for stdout.")
]
ExportPeriodArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PERIOD]", autocompletion=candidates.periods, help="Export only this period."),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be imported; save nothing.")]
SkipBadOption = Annotated[bool, typer.Option("--skip-bad", help="Skip invalid records.")]
KindOption = Annotated[
    str | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        autocompletion=candidates.entry_kinds,
        help="Kind for records without one (default: activity; for bragfile, outcome).",
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="OURS=THEIRS", help="csv only: source column for one of ours, e.g. day=Date."),
]
RawOption = Annotated[
    bool, typer.Option("--raw", help="csv only: don't escape what a spreadsheet would read as a formula.")
]


def import_(
    ctx: typer.Context,
    format: ImportFormatArgument,  # noqa: A002  the name shown in help
    file: SourceFileArgument,
    *,
    dry_run: DryRunOption = False,
    skip_bad: SkipBadOption = False,
    kind: KindOption = None,
    column_mappings: MapOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """If a file has an error, nothing is imported.

    Formats: jsonl (valuelog's own), journal (a journal file, such as a backup), csv, jrnl, dayone, watson, timewarrior,
    taskwarrior, klog, bragfile. Entries of other tools become activities, and brags outcomes, unless you set --kind.

    Example: valuelog import jrnl journal.json -n · valuelog import csv work.csv --map day=Date --map text=Description
    """
    world: World = ctx.obj
    options = importing.ImportOptions(
        format=parse_choice(READABLE_FORMATS, "format", format),
        kind=parse_choice(Kind, "kind", kind) if kind else None,
        skip_bad=skip_bad,
        dry_run=dry_run,
    )
    if column_mappings and options.format != "csv":
        raise ConflictingOptions("--map only works with csv.", "Leave it out.")
    context = ImportContext(
        zone=LocalZone(),
        day_ends_at=world.settings["day_ends_at"],
        columns=dict(map(_parse_column_mapping, column_mappings or ())),
    )
    result = (
        _import_journal(world, file, options)
        if options.format == JOURNAL_FORMAT
        else _import(world, file, context, options)
    )
    world.show(views.IMPORT_RESULT, result, output_format(json=json, plain=plain))


def _import(
    world: World, file: str, context: ImportContext, options: importing.ImportOptions
) -> importing.ImportResult:
    with _open_input(world, file) as stream:
        return importing.import_file(world.open_journal, stream, context, options, world.today(), world.now())


def _import_journal(world: World, file: str, options: importing.ImportOptions) -> importing.ImportResult:
    if file == "-":
        raise BadInput("A journal cannot be read from a pipe.", "Name its file.")
    with open_existing(Path(file)):
        pass  # its error names the file
    return importing.import_journal(world.open_journal, Path(file), options, world.today(), world.now())


def _parse_column_mapping(words: str) -> tuple[str, str]:
    """Parse OURS=THEIRS into the names of two columns."""
    ours, separator, theirs = (part.strip() for part in words.partition("="))
    if not (ours and separator and theirs):
        raise BadInput(f"{quote(words)} isn't a column mapping.", "Write it like this: --map text=Description")
    column = ours.casefold()
    if column not in COLUMNS:
        raise UnknownChoice("column", ours, COLUMNS)
    return column, theirs


@contextmanager
def _open_input(world: World, name: str) -> Iterator[BinaryIO]:
    """Open a file, or stdin if the name is `-`, and show a progress bar. Raises BadInput or ValuelogError."""
    if name == "-":
        if world.stdin.isatty():
            raise BadInput("There is nothing to read: stdin is a terminal.", "Pipe it in, or name a FILE.")
        with world.progress_bar("reading", None) as report:
            yield cast("BinaryIO", _ProgressReader(world.stdin.buffer, "Stdin", report))
        return
    with open_existing(Path(name)) as file:
        status = os.fstat(file.fileno())
        with world.progress_bar("reading", status.st_size if stat.S_ISREG(status.st_mode) else None) as report:
            yield cast("BinaryIO", _ProgressReader(file, name, report))


class _ProgressReader:
    """The methods of a binary file that importers need, reporting how many bytes were read."""

    def __init__(self, file: BinaryIO, name: str, report: Callable[[int], None]) -> None:
        self._file = file
        self._name = name
        self._bytes_read = 0
        self._report = report
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1, /) -> bytes:
        with translate_read_errors(self._name):
            return self._count(self._file.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        with translate_read_errors(self._name):
            return self._count(self._file.readline(size))

    def _count(self, raw: bytes) -> bytes:
        self._bytes_read += len(raw)
        self._report(self._bytes_read)
        return raw


def export(
    ctx: typer.Context,
    format: ExportFormatArgument,  # noqa: A002  the name shown in help
    file: TargetFileArgument = "-",
    words: ExportPeriodArgument = None,
    *,
    raw: RawOption = False,
    force: ForceOption = False,
) -> None:
    """Only jsonl is lossless; the other formats contain just the entries.

    Formats: jsonl, csv, markdown, jrnl.

    Example: valuelog export jsonl journal.jsonl · valuelog export csv - last month
    """
    world: World = ctx.obj
    format_ = parse_choice((*WRITABLE_FORMATS, MARKDOWN), "format", format)
    if raw and format_ != "csv":
        raise ConflictingOptions("--raw only works with csv.", "Leave it out.")
    period = _parse_export_period(world, file, join_words(words))
    journal = world.open_journal()
    pieces = (
        render_journal(exporting.iter_entries(journal, period))
        if format_ == MARKDOWN
        else exporting.export_journal(journal, format_, period, raw=raw)
    )
    if file == "-":
        if world.stdout.isatty():
            pieces = map(_escape_piece, pieces)
        world.stream_stdout(pieces)
        return
    write_file(world, Path(file), pieces, force=force)


def _escape_piece(piece: str) -> str:
    """Make control characters visible, for a terminal: a journal that another program wrote to may have some."""
    return "\n".join(escape_lines(piece.replace("\r\n", "\n")))


def _parse_export_period(world: World, file: str, words: str | None) -> Period | None:
    """Parse the period of an export. Raises ConflictingOptions if a period was given in place of the file."""
    try:
        period = dates.parse_period(" ".join(filter(None, (file, words))), world.today())
    except BadInput:
        return dates.parse_period(words, world.today()) if words else None
    raise ConflictingOptions(
        f"“{period.name}” is a period, but the file comes first.",
        f"Use - for stdout: valuelog export … - {period.name}; or ./{file} for a file of that name.",
    )
