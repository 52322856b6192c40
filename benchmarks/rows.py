"""What is timed, and what performance.md allows each row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from journals import RARE

PLAIN, RICH, ASKING = 1.5, 2.2, 3.5
"""So many times T0 a command may take that draws nothing, that draws with Rich, and until it asks."""

GROWTH = 1.25
"""So many times what it takes on a small journal a command may take on any."""

SHOWN = 1.5
"""The same where a small journal has hardly anything to show, and a large one fills the list."""

BYTES = 1024
"""So many bytes an entry may take on disk, log and full text included."""

FIRST_QUESTION = "What kept you busy"

TAB = {"_VALUELOG_COMPLETE": "complete_bash", "COMP_WORDS": "valuelog rev", "COMP_CWORD": "1"}
DRAWN = ("--color", "always")
"""What a terminal gets."""


@dataclass(frozen=True)
class Row:
    """A command, and how much time it may take: against T0, and against itself on a small journal."""

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
    Row("pain --plain", ("pain", "--plain"), PLAIN, growth=SHOWN),
    Row("TAB", (), PLAIN, environ=TAB),
    Row("review --week", (*DRAWN, "review", "--week"), RICH),
    Row("list", (*DRAWN, "list"), RICH),
    Row("pain", (*DRAWN, "pain"), RICH, growth=SHOWN),
    Row("trend", (*DRAWN, "trend"), RICH),
    Row("calendar", (*DRAWN, "calendar"), RICH),
    Row("today, first question", ("today",), ASKING, asks=True),
    Row("search, a rare word", ("search", RARE, "--plain"), growth=1.5),
    Row("review --year --json", ("review", "--year", "--json"), growth=3.0),
)
"""Every row, in an order in which `undo` finds the `add` to take back."""
