"""Datasette over a snapshot: our settings, limits, table descriptions, queries and dashboard (YAML beside this file).

It runs in this process, because the snapshot is an in-memory database, and never learns the path of the journal. Only
this module imports the packages of the extra: they may be missing, and they are slow.
"""

import re
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from weakref import ref

import uvicorn
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.url_builder import Urls
from datasette.utils import escape_fts, parse_metadata, sqlite3

from valuelog.cli.explore.auth import AsgiApp, Receive, Scope, Send
from valuelog.exchange.csv import escape_formula

DATABASE_NAME = "journal"

DATASETTE_SETTINGS = {
    "allow_download": False,
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 2000,
    "sql_time_limit_ms": 3000,
}
"""Longer time limits than Datasette's: the only users are the owners of the data."""

MAX_VALUE_BYTES = 10_000_000
"""Size of one value."""

MAX_PAGE_BYTES = 20_000_000
"""Size of the rows of one query."""

MAX_WORKING_BYTES = 250_000_000
"""Memory of SQLite for all connections together, beside the snapshot."""

TOO_LARGE_MESSAGE = "This result is too large for a page: ask for fewer rows or shorter values."


def create_app(snapshot: str, base_url: str) -> AsgiApp:
    """Return an ASGI app that shows a snapshot below `base_url`."""
    here = Path(__file__).parent
    if not pm.has_plugin(__name__):
        pm.register(sys.modules[__name__], __name__)
    datasette = SnapshotDatasette(
        files=[],
        metadata={
            **_load_yaml(here / "metadata.yaml"),
            **replace_empty_charts(_load_yaml(here / "dashboard.yaml"), snapshot),
        },
        settings={**DATASETTE_SETTINGS, "base_url": base_url},
        static_mounts=[("static", str(here / "static"))],
    )
    datasette.remove_database("_memory")
    datasette.add_database(SnapshotDatabase(datasette, memory_name=snapshot, is_mutable=False), name=DATABASE_NAME)
    return escape_csv_formulas(datasette.app())


def _load_yaml(path: Path) -> dict[str, Any]:
    contents: dict[str, Any] = parse_metadata(path.read_text(encoding="utf-8"))
    return contents


def replace_empty_charts(metadata: dict[str, Any], snapshot: str) -> dict[str, Any]:
    """Return the metadata of the dashboards, with a text in place of each chart that has nothing to show."""
    with closing(sqlite3.connect(f"file:{snapshot}?mode=memory&cache=shared", uri=True)) as connection:
        for dashboard in metadata["plugins"]["datasette-dashboards"].values():
            for name, chart in dashboard["charts"].items():
                empty = chart.pop("empty")
                if not connection.execute(chart["query"]).fetchone():
                    text = {"title": chart["title"], "library": "markdown", "display": empty}
                    dashboard["charts"][name] = text
    return metadata


def serve(app: AsgiApp, listener: socket.socket, should_stop: Callable[[], bool]) -> None:
    """Answer requests without logging them, until interrupted or `should_stop` returns True."""

    async def check() -> None:
        server.should_exit = server.should_exit or should_stop()

    config = uvicorn.Config(
        app, log_config=None, log_level="critical", access_log=False, ws="none", timeout_graceful_shutdown=1,
        callback_notify=check, timeout_notify=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.run(sockets=[listener])


class SnapshotUrls(Urls):  # type: ignore[misc]  # Datasette has no type annotations
    """URLs below the base, which Datasette 0.65 prepends to paths of requests a second time (facets, CSV, paging)."""

    def path(self, path: str, format: str | None = None) -> Any:  # noqa: A002, ANN401  Datasette's signature
        """Return the URL of a page."""
        is_finished = type(path) is not str  # a PrefixedUrlString
        return super().path(path if is_finished else path.removeprefix(self.ds.setting("base_url")), format=format)


class SnapshotDatasette(Datasette):  # type: ignore[misc]  # Datasette has no type annotations
    """Datasette with correct URLs below a base."""

    @property
    def urls(self) -> SnapshotUrls:
        """The builder of URLs that views and templates use."""
        return SnapshotUrls(self)


class SnapshotDatabase(Database):  # type: ignore[misc]  # Datasette has no type annotations
    """The snapshot."""

    async def execute(self, sql: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401  Datasette's signature
        """Run a query; if its result is too large, fail as for invalid SQL, so that Datasette answers 400, not 500."""
        try:
            return await super().execute(sql, *args, **options)
        except (MemoryError, sqlite3.DataError) as error:
            raise sqlite3.OperationalError(TOO_LARGE_MESSAGE) from error


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]  # Datasette has no type annotations
def prepare_connection(conn: Any, database: str) -> None:  # noqa: ANN401  a connection of either sqlite3 module
    """Limit what queries may use; called last, to replace Datasette's own `escape_fts` and row factory."""
    if database != DATABASE_NAME:
        return
    conn.execute("PRAGMA temp_store = MEMORY")  # sorting writes nothing to disk
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    (size,) = conn.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    conn.execute(f"PRAGMA hard_heap_limit = {size + MAX_WORKING_BYTES}")  # shared by all connections of the process
    conn.row_factory = LimitedRowFactory()
    conn.create_function("escape_fts", 1, _escape_search)


def _escape_search(query: str) -> str:
    """Return an FTS query for typed words; Datasette's own function returns an invalid one for a lone quote."""
    return escape_fts(query.replace("\0", " ")) or '""'


class LimitedRowFactory:
    """Creates the rows of a connection while those of the current query are within MAX_PAGE_BYTES."""

    def __init__(self) -> None:
        """Start without a query."""
        self._cursor_ref: Callable[[], Any] = lambda: None
        self._bytes_left = 0

    def __call__(self, cursor: Any, values: tuple[Any, ...]) -> Any:  # noqa: ANN401  SQLite's signature
        """Create a row. Raises OperationalError if the rows of this query are too large."""
        if self._cursor_ref() is not cursor:
            self._cursor_ref, self._bytes_left = ref(cursor), MAX_PAGE_BYTES
        self._bytes_left -= sum(len(value) for value in values if isinstance(value, str | bytes))
        if self._bytes_left < 0:
            raise sqlite3.OperationalError(TOO_LARGE_MESSAGE)
        return sqlite3.Row(cursor, values)


_CSV_CELL = re.compile(r'"[^"]*(?:""[^"]*)*"|[^",\r\n]+')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def escape_csv_formulas(app: AsgiApp) -> AsgiApp:
    """Wrap an app so that a spreadsheet takes no text in its CSV (text/csv, or text/plain to view) for a formula."""

    async def escaping_app(scope: Scope, receive: Receive, send: Send) -> None:
        is_csv, pending = False, b""

        async def send_escaped(message: Scope) -> None:
            nonlocal is_csv, pending
            if message["type"] == "http.response.start":
                types = [value for name, value in message["headers"] if name.lower() == b"content-type"]
                is_csv = any(value.startswith((b"text/csv", b"text/plain")) for value in types)
                if is_csv:  # escaping changes the length
                    headers = [header for header in message["headers"] if header[0].lower() != b"content-length"]
                    message = {**message, "headers": headers}
            elif is_csv:
                pending += message.get("body", b"")
                is_complete = pending.endswith(b"\n") and pending.count(b'"') % 2 == 0
                body, pending = (pending, b"") if is_complete or not message.get("more_body") else (b"", pending)
                message = {**message, "body": escape_csv(body.decode()).encode()}
            await send(message)

        await app(scope, receive, send_escaped)

    return escaping_app


def escape_csv(rows: str) -> str:
    """Return whole rows of CSV in which every cell that begins like a formula, numbers aside, is escaped."""
    return _CSV_CELL.sub(_escape_cell, rows)


def _escape_cell(match: re.Match[str]) -> str:
    cell = match[0]
    if cell.startswith('"'):
        return f'"{escape_formula(cell[1:-1])}"'
    return cell if _NUMBER.fullmatch(cell) else escape_formula(cell)
