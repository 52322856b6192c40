"""Turn exceptions into a message on stderr and an exit code. Only this module knows exit codes."""

import sys
from collections.abc import Callable
from contextlib import suppress

import typer

from valuelog.cli.command import StdoutClosed
from valuelog.cli.missing_journal import MissingJournal
from valuelog.cli.world import OutputFailed, World
from valuelog.journal.errors import DamagedJournal, NotAJournal
from valuelog.model.errors import BadInput, Stopped, ValuelogError
from valuelog.model.text import truncate_word
from valuelog.model.trade import use_trade_words
from valuelog.render.escape import escape_line, escape_lines
from valuelog.render.style import ATTENTION, paint

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""

BUG_REPORT_HINT = (
    "Please report it: see “Report a bug” in valuelog's README. VALUELOG_DEBUG=1 shows the traceback, which may contain"
    " words of your journal."
)
"""Follows the message about a bug."""

MAX_PATH_LENGTH = 4096
"""PATH_MAX of Linux; other systems allow less."""


def run(world: World, command: Callable[[], int | None]) -> int:
    """Run a command and return its exit code. Errors become a message; with --debug they are raised."""
    try:
        return _run_with_journal(world, command)
    except (BrokenPipeError, StdoutClosed):
        _discard_stdout()
        return EXIT_OK
    except typer.Abort:  # Typer's translation of EOFError, Ctrl-D
        return EXIT_INTERRUPTED
    except KeyboardInterrupt:
        world.write_stderr("")
        return EXIT_INTERRUPTED
    except ValuelogError as error:
        if _is_debugging(world):
            raise
        return _report_error(world, error)
    except Exception as error:
        if _is_debugging(world):
            raise
        return _report_bug(world, error)


def _run_with_journal(world: World, command: Callable[[], int | None]) -> int:
    """Run a command; if its journal is missing, ask a person what to do, then run it again."""
    try:
        return _run_and_close(world, command)
    except MissingJournal as error:
        if not world.is_interactive:
            raise
        from valuelog.cli.journal_choice import choose_journal  # noqa: PLC0415  only if it is missing

        _print_error(world, error.message, "")
        choose_journal(world, error)
    return _run_and_close(world, command)


def _run_and_close(world: World, command: Callable[[], int | None]) -> int:
    try:
        with use_trade_words(lambda: world.trade_words):
            code = command() or EXIT_OK
    finally:
        world.close()
    if code == EXIT_INTERRUPTED:  # Typer's translation of KeyboardInterrupt
        world.write_stderr("")
    return code


def _is_debugging(world: World) -> bool:
    return world.flags.debug or world.environ.get("VALUELOG_DEBUG") == "1"


def _report_error(world: World, error: ValuelogError) -> int:
    if isinstance(error, OutputFailed):
        _discard_stdout()
    _print_error(world, error.message, _find_remedy(world, error) or error.hint)
    if isinstance(error, Stopped):
        return EXIT_INTERRUPTED
    return EXIT_USAGE if isinstance(error, BadInput) else EXIT_FAILED


def _find_remedy(world: World, error: ValuelogError) -> str:
    """Return how to restore the journal, if this error is about it and there is a backup."""
    if not isinstance(error, DamagedJournal | NotAJournal):
        return ""
    from valuelog.cli.missing_journal import describe_remedy  # noqa: PLC0415  only on error

    with suppress(ValuelogError):
        if error.path.absolute() == world.journal_path.absolute():
            return describe_remedy(error.path, world.now(), is_named=bool(world.flags.journal))
    return ""


def _print_error(world: World, message: str, hint: str) -> None:
    color = world.canvas_for(world.stderr).color
    with suppress(OSError):  # stderr is full or closed, but the exit code tells
        world.write_stderr(f"{paint('valuelog:', ATTENTION, color=color)} {_shorten_words(escape_line(message))}")
        for line in escape_lines(hint) if hint else ():
            world.write_stderr(_shorten_words(line))


def _shorten_words(line: str) -> str:
    """Shorten every word longer than PATH_MAX."""
    return " ".join(word if len(word) <= MAX_PATH_LENGTH else truncate_word(word) for word in line.split(" "))


def _report_bug(world: World, error: Exception) -> int:
    """Report a bug. Only the exception's class is shown: its message might contain private text."""
    _print_error(
        world,
        f"This is a bug in valuelog ({type(error).__name__}). Everything you confirmed is saved.",
        BUG_REPORT_HINT,
    )
    return EXIT_FAILED


def _discard_stdout() -> None:
    """Redirect stdout to /dev/null so that the interpreter's final flush doesn't raise BrokenPipeError."""
    with suppress(OSError):
        sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: PTH123, SIM115  open until the end
