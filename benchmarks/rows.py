"""The commands to time, and their budgets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from journals import RARE

PLAIN, RICH, ASKING = 1.5, 2.2, 3.5
"""Budgets as multiples of T0: for plain output, for output with Rich, and until the first question."""

GROWTH = 1.25
"""The budget on a larger journal, as a multiple of the time on the small one."""

LIST_GROWTH = 1.5
"""The same for lists that are nearly empty on the small journal and full on a larger one."""

BYTES = 1024
"""The budget of bytes per entry on disk, including the log and the full-text index."""

FIRST_QUESTION = "What kept you busy"

TAB = {"_VALUELOG_COMPLETE": "complete_bash", "COMP_WORDS": "valuelog rev", "COMP_CWORD": "1"}
DRAWN = ("--color", "always")
"""Arguments to draw as on a terminal."""


@dataclass(frozen=True)
class Row:
    """A command and its budgets: relative to T0, and to itself on the small journal."""

    name: str
    words: tuple[str, ...] = ()
    budget: float | None = None
    growth: float = GROWTH
    environ: Mapping[str, str] = field(default_factory=dict)
    asks: bool = False


ROWS = (
    Row("--version", ("--version",), PLAIN),
    Row("add", ("add", "helped", "@sam reads the dashboard without me now"), PLAIN),
    Row("undo", ("undo",), PLAIN),
    Row("valuelog --plain", ("--plain",), PLAIN),
    Row("list --plain", ("list", "--plain"), PLAIN),
    Row("review --week --json", ("review", "--week", "--json"), PLAIN),
    Row("pain --plain", ("pain", "--plain"), PLAIN, growth=LIST_GROWTH),
    Row("TAB", (), PLAIN, environ=TAB),
    Row("review --week", (*DRAWN, "review", "--week"), RICH),
    Row("list", (*DRAWN, "list"), RICH),
    Row("pain", (*DRAWN, "pain"), RICH, growth=LIST_GROWTH),
    Row("trend", (*DRAWN, "trend"), RICH),
    Row("calendar", (*DRAWN, "calendar"), RICH),
    Row("today, first question", ("today",), ASKING, asks=True),
    Row("search, a rare word", ("search", RARE, "--plain"), growth=1.5),
    Row("review --year --json", ("review", "--year", "--json"), growth=3.0),
)
"""All rows, in order: `undo` undoes `add`."""
