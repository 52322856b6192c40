"""Drawing: a value in, a text out. Renders for people (terminal, Markdown, HTML) and for programs (JSON, plain).

Each view is a module of the same name in `json`, `terminal` and, where it has one, `markdown` or `html`; only the
module that is needed is imported. Nothing here prints, and nothing here knows the journal.
"""

from enum import StrEnum
from importlib import import_module
from typing import Any, NamedTuple


class Form(StrEnum):
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


def render(view: str, value: Any, form: Form, canvas: Canvas) -> str:  # noqa: ANN401  each view knows its own values
    """Draw a value, ending with a line end unless there is nothing to say."""
    if form is Form.JSON:
        from valuelog.render.jsontext import dumps  # noqa: PLC0415  only what is needed

        return dumps(_part("json", view).document(value)) + "\n"
    if form is Form.PLAIN:
        from valuelog.render.plain import record  # noqa: PLC0415

        return "".join(f"{record(fields)}\n" for fields in _part("json", view).records(value))
    if form is Form.MARKDOWN:
        return str(_part("markdown", view).markdown(value))
    if form is Form.HTML:
        return str(_part("html", view).html(value))
    from valuelog.render.terminal import drawn  # noqa: PLC0415

    return drawn(_part("terminal", view).lines(value, canvas.width), canvas)


def _part(package: str, view: str) -> Any:  # noqa: ANN401  a module
    return import_module(f"valuelog.render.{package}.{view}")
