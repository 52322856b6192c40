"""Datasette over a snapshot, with our words about its tables, our questions and our dashboard: data beside this file.

It runs within this process, because the snapshot is in its memory, and never learns where the journal is. Nothing else
imports what the extra brings: it may be missing, and it is slow.
"""

import socket
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.url_builder import Urls
from datasette.utils import parse_metadata

from valuelog.cli.exploring.guard import App

HERE = Path(__file__).parent

SETTINGS = {
    "allow_download": False,
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 2000,
    "sql_time_limit_ms": 3000,
}
"""Somebody looks at their own journal: what takes a moment longer may."""


class Snapshot(Database):  # type: ignore[misc]  # says nothing of its types
    """What is shown. Even what is too long to be sorted at once stays in memory."""

    def connect(self, write: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  as Datasette calls it
        """Return a connection of its own for each thread."""
        connection = super().connect(write=write)
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection


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


def site(snapshot: str, base: str) -> App:
    """Return the program that shows a snapshot below a path."""
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


def serve(program: App, listener: socket.socket) -> None:
    """Answer requests with a program until somebody ends it, and tell nobody what was asked."""
    config = uvicorn.Config(
        program, log_config=None, log_level="critical", access_log=False, ws="none", timeout_graceful_shutdown=1
    )
    uvicorn.Server(config).run(sockets=[listener])


def _metadata() -> dict[str, Any]:
    texts = [(HERE / name).read_text(encoding="utf-8") for name in ("metadata.yaml", "dashboard.yaml")]
    return {key: value for text in texts for key, value in parse_metadata(text).items()}
