"""Datasette over a snapshot, with our words about its tables, our questions and our dashboard: data beside this file.

It runs within this process, because the snapshot is in its memory, and never learns where the journal is. Nothing else
imports what the extra brings: it may be missing, and it is slow.
"""

import csv
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from weakref import ref

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.url_builder import Urls
from datasette.utils import escape_fts, parse_metadata, sqlite3
from datasette.views import base as pages

from valuelog.cli.exploring.guard import AsgiApp
from valuelog.exchange.csv import escape_formula

HERE = Path(__file__).parent

DATASETTE_SETTINGS = {
    "allow_download": False,
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 2000,
    "sql_time_limit_ms": 3000,
}
"""Somebody looks at their own journal: what takes a moment longer may."""

MAX_VALUE_BYTES = 10_000_000
MAX_PAGE_BYTES = 20_000_000
MAX_WORKING_BYTES = 250_000_000
"""So many bytes one value has at most, the rows of one page, and what SQLite works with beside the snapshot."""

TOO_LARGE_MESSAGE = "This asks for more than fits into a page: ask for fewer rows, or for less of each."


class SnapshotDatabase(Database):  # type: ignore[misc]  # says nothing of its types
    """What is shown. Even what is too long to be sorted at once stays in memory."""

    def connect(self, write: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  as Datasette calls it
        """Return a connection of its own for each thread."""
        connection = super().connect(write=write)
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        (size,) = connection.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()
        connection.execute(f"PRAGMA hard_heap_limit = {size + MAX_WORKING_BYTES}")  # of all connections together
        return connection

    async def execute(self, sql: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401  as Datasette calls it
        """Answer a question. Raises what Datasette takes for a wrong one where the answer would be too large."""
        try:
            return await super().execute(sql, *args, **more)
        except (MemoryError, sqlite3.DataError) as error:
            raise sqlite3.OperationalError(TOO_LARGE_MESSAGE) from error


class LimitedRowFactory:
    """Makes the rows of a connection, as long as those of one question are not too large together."""

    def __init__(self) -> None:
        """Begin with no question."""
        self._cursor_ref: Callable[[], Any] = lambda: None
        self._bytes_left = 0

    def __call__(self, cursor: Any, cells: tuple[Any, ...]) -> Any:  # noqa: ANN401  as SQLite calls it
        """Make one of them."""
        if self._cursor_ref() is not cursor:
            self._cursor_ref, self._bytes_left = ref(cursor), MAX_PAGE_BYTES
        self._bytes_left -= sum(len(cell) for cell in cells if isinstance(cell, str | bytes))
        if self._bytes_left < 0:
            raise sqlite3.OperationalError(TOO_LARGE_MESSAGE)
        return sqlite3.Row(cursor, cells)


class SafeCsvWriter:
    """What writes rows as CSV: a spreadsheet takes none of their texts for a formula."""

    def __init__(self, out: Any) -> None:  # noqa: ANN401  what Datasette writes to, which is awaited
        """Write to something."""
        self._writer = csv.writer(out)

    def writerow(self, cells: Iterable[Any]) -> Any:  # noqa: ANN401  what writing gave back
        """Write a row."""
        return self._writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in cells])


class SiteUrls(Urls):  # type: ignore[misc]  # likewise
    """The paths of pages. By itself Datasette puts the base before some that begin with it already."""

    def path(self, path: str, format: str | None = None) -> Any:  # noqa: A002, ANN401  as Datasette calls it
        """Return where a page is."""
        known = type(path) is not str  # its own kind of text, which begins with the base
        return super().path(path if known else path.removeprefix(self.ds.setting("base_url")), format=format)


class SnapshotDatasette(Datasette):  # type: ignore[misc]  # likewise
    """Datasette below a path."""

    @property
    def urls(self) -> SiteUrls:
        """The paths of its pages."""
        return SiteUrls(self)

    def _prepare_connection(self, connection: Any, database: str) -> None:  # noqa: ANN401  as Datasette calls it
        """Make a connection answer as we want it to."""
        super()._prepare_connection(connection, database)
        connection.row_factory = LimitedRowFactory()
        connection.create_function("escape_fts", 1, _escape_search)


def create_app(snapshot: str, base: str) -> AsgiApp:
    """Return the program that shows a snapshot below a path."""
    pages.csv = SimpleNamespace(writer=SafeCsvWriter)  # all that it uses of the module
    shown = SnapshotDatasette(
        files=[],
        metadata=_load_metadata(),
        settings={**DATASETTE_SETTINGS, "base_url": base},
        static_mounts=[("look", str(HERE / "look"))],
    )
    shown.remove_database("_memory")
    shown.add_database(SnapshotDatabase(shown, memory_name=snapshot, is_mutable=False), name="journal")
    program: AsgiApp = shown.app()
    return program


def serve(program: AsgiApp, listener: socket.socket, should_stop: Callable[[], bool]) -> None:
    """Answer requests with a program until somebody ends it or it is over, and tell nobody what was asked."""

    async def look() -> None:
        server.should_exit = server.should_exit or should_stop()

    config = uvicorn.Config(
        program, log_config=None, log_level="critical", access_log=False, ws="none", timeout_graceful_shutdown=1,
        callback_notify=look, timeout_notify=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.run(sockets=[listener])


def _escape_search(query: str) -> str:
    """Return how the index is asked for what somebody typed. By itself Datasette asks it nothing for a lone quote."""
    return escape_fts(query.replace("\0", " ")) or '""'


def _load_metadata() -> dict[str, Any]:
    texts = [(HERE / name).read_text(encoding="utf-8") for name in ("metadata.yaml", "dashboard.yaml")]
    return {key: value for text in texts for key, value in parse_metadata(text).items()}
