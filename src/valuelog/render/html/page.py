"""The HTML page: templates, style sheet, and a content security policy that allows nothing else."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import urlize
from markupsafe import Markup

from valuelog.model.period import format_day
from valuelog.model.recurrence import format_recurrence
from valuelog.render import words
from valuelog.render.escape import escape_lines

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
"""Nothing is loaded, run or sent; only the embedded style sheet applies, identified by its hash."""


def render_page(template: str, **values: Any) -> str:  # noqa: ANN401  any value of a template
    """Return a whole page."""
    style = _read_style_sheet()
    policy = CONTENT_SECURITY_POLICY.format(digest=b64encode(sha256(style.encode()).digest()).decode())
    text = _template_environment().get_template(template).render(style=Markup(style), policy=policy, **values)  # noqa: S704  ours
    return f"{text.strip()}\n"


@cache
def _read_style_sheet() -> str:
    return (files(__package__) / "templates" / "style.css").read_text("utf-8")


@cache
def _template_environment() -> Environment:
    """Return the environment: everything is escaped, and an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_escape_value,
    )
    environment.filters.update(linkify=_linkify, keep_together=_keep_together, short=format_day)
    environment.globals.update(
        format_balance=words.format_balance,
        list_benefits=words.list_benefits,
        format_failure=words.format_failure,
        format_promise=words.format_promise,
        format_recurrence=format_recurrence,
    )
    return environment


def _escape_value(value: Any) -> Any:  # noqa: ANN401  any value of a template
    """Escape control and bidi characters; autoescape takes care of HTML."""
    return "\n".join(escape_lines(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


def _linkify(text: str) -> Markup:
    """Return escaped text with web and mail addresses as links."""
    return Markup(urlize(_escape_value(text)))  # noqa: S704  urlize escapes


def _keep_together(text: str) -> str:
    """Prevent a line break between a number and its percent sign."""
    return text.replace(" %", "\u00a0%")
