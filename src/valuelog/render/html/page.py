"""The page that all HTML stands in: its templates, its style sheet, and the policy that lets nothing else in."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import urlize
from markupsafe import Markup

from valuelog.model.period import format_day
from valuelog.render import words
from valuelog.render.escape import escape_lines

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
"""Nothing is loaded, nothing is run and nothing is sent; this very style sheet is all that applies."""


def render_page(template: str, **values: Any) -> str:  # noqa: ANN401  whatever the template draws
    """Return a whole page."""
    style = _read_style_sheet()
    policy = CONTENT_SECURITY_POLICY.format(digest=b64encode(sha256(style.encode()).digest()).decode())
    drawn = _template_environment().get_template(template).render(style=Markup(style), policy=policy, **values)  # noqa: S704  ours
    return f"{drawn.strip()}\n"


@cache
def _read_style_sheet() -> str:
    return (files(__package__) / "templates" / "style.css").read_text("utf-8")


@cache
def _template_environment() -> Environment:
    """Return where templates are drawn: everything is escaped, and a name that is not there is an error."""
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
        format_balance=words.format_balance, list_benefits=words.list_benefits, format_promise=words.format_promise
    )
    return environment


def _escape_value(value: Any) -> Any:  # noqa: ANN401  whatever a template writes
    """Make visible what would act in a text, whoever wrote it."""
    return "\n".join(escape_lines(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


def _linkify(text: str) -> Markup:
    """Write somebody's words, with addresses of the web and of mail as links."""
    return Markup(urlize(_escape_value(text)))  # noqa: S704  which escapes


def _keep_together(text: str) -> str:
    """Keep a number and its sign on one line."""
    return text.replace(" %", "\u00a0%")
