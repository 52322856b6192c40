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

from valuelog.cli.exploring.guard import App
from valuelog.exchange.csv import harmless

HERE = Path(__file__).parent

SETTINGS = {
    "allow_download": False,
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 2000,
    "sql_time_limit_ms": 3000,
}
"""Somebody looks at their own journal: what takes a moment longer may."""

LONGEST_VALUE = 10_000_000
LARGEST_ANSWER = 20_000_000
LARGEST_WORKING = 250_000_000
"""So many bytes one value has at most, the rows of one page, and what SQLite works with beside the snapshot."""

TOO_LARGE = "This asks for more than fits into a page: ask for fewer rows, or for less of each."


class Snapshot(Database):  # type: ignore[misc]  # says nothing of its types
    """What is shown. Even what is too long to be sorted at once stays in memory."""

    def connect(self, write: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  as Datasette calls it
        """Return a connection of its own for each thread."""
        connection = super().connect(write=write)
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        (size,) = connection.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()
        connection.execute(f"PRAGMA hard_heap_limit = {size + LARGEST_WORKING}")  # of all connections together
        return connection

    async def execute(self, sql: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401  as Datasette calls it
        """Answer a question. Raises what Datasette takes for a wrong one where the answer would be too large."""
        try:
            return await super().execute(sql, *args, **more)
        except (MemoryError, sqlite3.DataError) as error:
            raise sqlite3.OperationalError(TOO_LARGE) from error


class Rows:
    """Makes the rows of a connection, as long as those of one question are not too large together."""

    def __init__(self) -> None:
        """Begin with no question."""
        self._asked: Callable[[], Any] = lambda: None
        self._left = 0

    def __call__(self, cursor: Any, cells: tuple[Any, ...]) -> Any:  # noqa: ANN401  as SQLite calls it
        """Make one of them."""
        if self._asked() is not cursor:
            self._asked, self._left = ref(cursor), LARGEST_ANSWER
        self._left -= sum(len(cell) for cell in cells if isinstance(cell, str | bytes))
        if self._left < 0:
            raise sqlite3.OperationalError(TOO_LARGE)
        return sqlite3.Row(cursor, cells)


class Table:
    """What writes rows as CSV: a spreadsheet takes none of their texts for a formula."""

    def __init__(self, out: Any) -> None:  # noqa: ANN401  what Datasette writes to, which is awaited
        """Write to something."""
        self._table = csv.writer(out)

    def writerow(self, cells: Iterable[Any]) -> Any:  # noqa: ANN401  what writing gave back
        """Write a row."""
        return self._table.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])


class Paths(Urls):  # type: ignore[misc]  # likewise
    """The paths of pages. By itself Datasette puts the base before some that begin with it already."""

    def path(self, path: str, format: str | None = None) -> Any:  # noqa: A002, ANN401  as Datasette calls it
        """Return where a page is."""
        known = type(path) is not str  # its own kind of text, which begins with the base
        return super().path(path if known else path.removeprefix(self.ds.setting("base_url")), format=format)


class Site(Datasette):  # type: ignore[misc]  # likewise
    """Datasette below a path."""

    @property
    def urls(self) -> Paths:
        """The paths of its pages."""
        return Paths(self)

    def _prepare_connection(self, connection: Any, database: str) -> None:  # noqa: ANN401  as Datasette calls it
        """Make a connection answer as we want it to."""
        super()._prepare_connection(connection, database)
        connection.row_factory = Rows()
        connection.create_function("escape_fts", 1, _sought)


def site(snapshot: str, base: str) -> App:
    """Return the program that shows a snapshot below a path."""
    pages.csv = SimpleNamespace(writer=Table)  # all that it uses of the module
    shown = Site(
        files=[],
        metadata=_metadata(),
        settings={**SETTINGS, "base_url": base},
        static_mounts=[("look", str(HERE / "look"))],
    )
    shown.remove_database("_memory")
    shown.add_database(Snapshot(shown, memory_name=snapshot, is_mutable=False), name="journal")
    program: App = shown.app()
    return program


def serve(program: App, listener: socket.socket, over: Callable[[], bool]) -> None:
    """Answer requests with a program until somebody ends it or it is over, and tell nobody what was asked."""

    async def look() -> None:
        server.should_exit = server.should_exit or over()

    config = uvicorn.Config(
        program, log_config=None, log_level="critical", access_log=False, ws="none", timeout_graceful_shutdown=1,
        callback_notify=look, timeout_notify=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.run(sockets=[listener])


def _sought(words: str) -> str:
    """Return how the index is asked for what somebody typed. By itself Datasette asks it nothing for a lone quote."""
    return escape_fts(words.replace("\0", " ")) or '""'


def _metadata() -> dict[str, Any]:
    texts = [(HERE / name).read_text(encoding="utf-8") for name in ("metadata.yaml", "dashboard.yaml")]
    return {key: value for text in texts for key, value in parse_metadata(text).items()}
