"""Drawing: a value in, a text out. Renders for people (terminal, Markdown, HTML) and for programs (JSON, plain).

Each view is a module of the same name in `json`, `terminal` and, where it has one, `markdown` or `html`; only the
module that is needed is imported. Nothing here prints, and nothing here knows the journal.
"""

from enum import StrEnum
from importlib import import_module
from typing import Any, NamedTuple


class OutputFormat(StrEnum):
    """How an answer is drawn."""

    TERMINAL = "terminal"
    JSON = "json"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


class Canvas(NamedTuple):
    """What is drawn on: how many columns there are, and whether they have colour."""

    width: int = 80
    color: bool = False


def render(view: str, value: Any, form: OutputFormat, canvas: Canvas) -> str:  # noqa: ANN401  each view knows its own values
    """Draw a value, ending with a line end unless there is nothing to say."""
    if form is OutputFormat.JSON:
        from valuelog.render.jsontext import dumps  # noqa: PLC0415  only what is needed

        return dumps(_import_view("json", view).document(value)) + "\n"
    if form is OutputFormat.PLAIN:
        from valuelog.render.plain import format_record  # noqa: PLC0415

        return "".join(f"{format_record(fields)}\n" for fields in _import_view("json", view).records(value))
    if form is OutputFormat.MARKDOWN:
        return str(_import_view("markdown", view).markdown(value))
    if form is OutputFormat.HTML:
        return str(_import_view("html", view).html(value))
    from valuelog.render.terminal import render_lines  # noqa: PLC0415

    return render_lines(_import_view("terminal", view).lines(value, canvas.width), canvas)


def _import_view(package: str, view: str) -> Any:  # noqa: ANN401  a module
    return import_module(f"valuelog.render.{package}.{view}")
