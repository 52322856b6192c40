"""Renderers: turn values into text for people (terminal, Markdown, HTML) and programs (JSON, plain records).

`views.py` lists the views. Renderers neither print nor read the journal.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from rich.console import RenderableType

    from valuelog.render.jsontext import Json

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class OutputFormat(StrEnum):
    """The format of the output."""

    TERMINAL = "terminal"
    JSON = "json"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


class Canvas(NamedTuple):
    """The output device: its width in columns, and whether it shows color."""

    width: int = 80
    color: bool = False


class View(NamedTuple, Generic[T_contra]):
    """The renderers of one type of value, one for each format that it supports.

    Each field is a loader that returns the renderer, so that only the renderer in use is imported.
    """

    lines: "Callable[[], Callable[[T_contra, int], Iterable[RenderableType]]] | None" = None
    document: "Callable[[], Callable[[T_contra], Json]] | None" = None
    records: "Callable[[], Callable[[T_contra], Iterable[tuple[object, ...]]]] | None" = None
    markdown: "Callable[[], Callable[[T_contra], str]] | None" = None
    html: "Callable[[], Callable[[T_contra], str]] | None" = None


class UnsupportedFormat(TypeError):
    """A view has no renderer for a format. Commands only offer the formats of their views."""


def render(view: View[T], value: T, output_format: OutputFormat, canvas: Canvas) -> str:
    """Render a value; the text ends with a newline unless it is empty. Raises UnsupportedFormat."""
    match output_format:
        case OutputFormat.JSON:
            from valuelog.render.jsontext import dumps  # noqa: PLC0415  only the renderer in use is imported

            return dumps(_require(view.document)(value)) + "\n"
        case OutputFormat.PLAIN:
            from valuelog.render.plain import format_record  # noqa: PLC0415

            return "".join(f"{format_record(fields)}\n" for fields in _require(view.records)(value))
        case OutputFormat.MARKDOWN:
            return _require(view.markdown)(value)
        case OutputFormat.HTML:
            return _require(view.html)(value)
        case OutputFormat.TERMINAL:
            from valuelog.render.terminal import render_lines  # noqa: PLC0415

            return render_lines(_require(view.lines)(value, canvas.width), canvas)


def _require(loader: Callable[[], T] | None) -> T:
    if loader is None:
        raise UnsupportedFormat
    return loader()
