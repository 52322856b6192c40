"""Writes the parts of the docs that come from the code: the reference, and the pictures of screens.

`python3 dev.py docs` writes them; with --check it only says what is stale and exits with 1.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

from documents import demo_review, documents
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from valuelog.analysis.findings import RULES
from valuelog.cli.app import COMMANDS
from valuelog.cli.lazy import Command, as_command
from valuelog.cli.settings import SETTINGS, shown
from valuelog.cli.sourcing import of_sources
from valuelog.prompts.catalogue import PROMISES, catalogue
from valuelog.prompts.catalogue import friday as friday_questions
from valuelog.render.terminal.review import lines

DOCS = Path(__file__).parent
MARGIN = 24

THEME = TerminalTheme(
    (250, 250, 247),
    (36, 41, 46),
    [
        (36, 41, 46),
        (179, 29, 40),
        (17, 99, 41),
        (120, 90, 0),
        (9, 105, 218),
        (130, 40, 160),
        (0, 105, 120),
        (87, 96, 106),
    ],
)
"""Dark on light, with enough contrast for each colour; no colour is only bright."""

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {terminal_width} {terminal_height}"
 role="img" xml:space="preserve">
<title>A Friday review in the terminal</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; white-space: pre; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
<rect fill="#fafaf7" x="-24" y="-24" width="200%" height="200%"/>
<g clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""A picture of a screen without fonts or anything else from elsewhere."""


def reference() -> str:
    """Return the reference: commands, settings, questions, findings and exit codes."""
    return "\n\n".join(
        [
            "# Reference",
            "This page is made from the code by `python3 dev.py docs`.",
            *_commands(),
            "## Settings",
            "All are optional and live in `config.toml`; `valuelog config` shows each with where its value comes from.",
            _table(
                ("setting", "unless set", "what it is"),
                [(f"`{s.name}`", shown(s.default), s.about) for s in (*SETTINGS, *of_sources())],
            ),
            "## Questions",
            "The fixed ones come every evening, of the others one an evening, in turn.",
            _table(
                ("id", "asks", "becomes", "comes"),
                [
                    (f"`{q.id}`", q.ask, _becomes(q.becomes), "in turn" if q.rotates else "every evening")
                    for q in catalogue()
                ],
            ),
            "The Friday talk asks what became of each promise that is due, and then:",
            _table(
                ("id", "asks", "becomes"),
                [
                    (f"`{q.id}`", q.ask, _becomes(q.becomes) if q.becomes else "kept with the week")
                    for q in friday_questions()
                ],
            ),
            "## Findings",
            "What a review points out, in the order in which acting helps most.",
            _table(("id", "when"), [(f"`{rule.id}`", rule.when) for rule in RULES]),
            "## JSON",
            "What `--json` answers, key by key; `[]` stands for each thing in a list. Keys stay as they are.",
            *documents(),
            "## Exit codes",
            _table(("code", "means"), EXIT_CODES),
        ],
    )


EXIT_CODES: list[tuple[str, ...]] = [
    ("0", "done, or nothing found"),
    ("1", "it could not be done; the message says why, the hint what to do"),
    ("2", "wrong usage: an unknown word, a day that has not come, no terminal to ask on"),
    ("130", "broken off with Ctrl-C; what was confirmed before is saved"),
]


def _becomes(what: str | None) -> str:
    return f"a promise to {what}" if what in PROMISES else what or "a value entry"


def _commands() -> Iterator[str]:
    for panel, commands in groupby(COMMANDS, key=lambda command: command.panel):
        yield f"## {panel}"
        for command in commands:
            yield from _command(command.name, _loaded(command))


def _loaded(command: Command) -> Any:  # noqa: ANN401  Typer's vendored types
    module, _, attribute = command.place.partition(":")
    return as_command(getattr(import_module(module), attribute))


def _command(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401  Typer's vendored types
    """Describe one command, then those beneath it."""
    arguments = [p.make_metavar(None) for p in command.params if p.param_type_name == "argument"]
    yield f"### `{' '.join(['valuelog', name, *arguments])}`"
    yield "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    options = [_option(p) for p in command.params if p.param_type_name == "option" and "--help" not in p.opts]
    if options:
        yield _table(("flag", "what it does"), options)
    for below, each in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {below}", each)


def _option(option: Any) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    flags = ", ".join(f"`{flag}`" for flag in option.opts)
    value = f" {option.metavar}" if option.metavar else ""
    return f"{flags}{value}", option.help or ""


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = (head, tuple("---" for _ in head), *rows)
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def picture() -> str:
    """Return the picture of a Friday review: of twelve made-up weeks, drawn by the program itself."""
    console = Console(
        record=True, width=80, file=StringIO(), force_terminal=True, color_system="standard", legacy_windows=False
    )
    for line in lines(demo_review(), 80):
        console.print(line)
    said = console.export_svg(title="", theme=THEME, code_format=SVG, unique_id="screen")
    framed = re.sub(r'viewBox="0 0 (\S+) (\S+)"', _with_margin, said)
    return "\n".join(row.rstrip() for row in framed.splitlines()) + "\n"


def _with_margin(found: re.Match[str]) -> str:
    width, height = (float(number) + 2 * MARGIN for number in found.groups())
    return f'viewBox="-{MARGIN} -{MARGIN} {width:.1f} {height:.1f}"'


PAGES: dict[str, Callable[[], str]] = {
    "reference.md": lambda: reference() + "\n",
    "pictures/review.svg": picture,
}


def stale() -> list[str]:
    """Return the pages that are not what the code says."""
    files = {name: DOCS / name for name in PAGES}
    return [name for name, file in files.items() if not file.exists() or file.read_text("utf-8") != PAGES[name]()]


def main() -> int:
    """Write what is stale, or with --check only say so."""
    names = stale()
    if "--check" in sys.argv[1:]:
        for name in names:
            print(f"docs/{name} is stale: run python3 dev.py docs")
        return bool(names)
    for name in names:
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
