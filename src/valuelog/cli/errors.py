"""The one place where errors end: what is wrong and what to do, in words, and the exit code. It alone knows those."""

import sys
from collections.abc import Callable
from contextlib import suppress

import typer

from valuelog.cli.command import StdoutClosed
from valuelog.cli.world import OutputFailed, World
from valuelog.model.errors import BadInput, Stopped, ValuelogError
from valuelog.model.text import truncate_word
from valuelog.render.escape import escape_line, escape_lines
from valuelog.render.style import ATTENTION, paint

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130
"""What a command ends with."""

BUG_REPORT_URL = "https://pypi.org/project/valuelog"
"""Where a bug can be told."""

MAX_PATH_LENGTH = 4096
"""So long is a path on Linux at most; other systems allow less."""

_ParserError: type[Exception] = typer.BadParameter.__mro__[2]
"""What the parser of command lines raises; Typer keeps the class itself to itself."""


def run(world: World, command: Callable[[], int | None]) -> int:
    """Run a command and return its exit code; say what went wrong, without a traceback unless one is wanted."""
    try:
        return _run_and_close(world, command)
    except (BrokenPipeError, StdoutClosed):
        _discard_stdout()
        return EXIT_OK
    except typer.Abort:  # what Typer makes of Ctrl-D
        return EXIT_INTERRUPTED
    except KeyboardInterrupt:
        world.write_stderr("")
        return EXIT_INTERRUPTED
    except (ValuelogError, _ParserError) as error:
        if _is_debugging(world):
            raise
        return _report_error(world, error)
    except Exception as error:
        if _is_debugging(world):
            raise
        return _report_bug(world, error)


def _run_and_close(world: World, command: Callable[[], int | None]) -> int:
    try:
        code = command() or EXIT_OK
    finally:
        world.close()
    if code == EXIT_INTERRUPTED:  # what Typer makes of Ctrl-C
        world.write_stderr("")
    return code


def _is_debugging(world: World) -> bool:
    return world.flags.debug or world.environ.get("VALUELOG_DEBUG") == "1"


def _report_error(world: World, error: Exception) -> int:
    if isinstance(error, OutputFailed):
        _discard_stdout()
    if isinstance(error, ValuelogError):
        _print_error(world, error.message, error.hint)
        if isinstance(error, Stopped):
            return EXIT_INTERRUPTED
        return EXIT_USAGE if isinstance(error, BadInput) else EXIT_FAILED
    from valuelog.cli.usage import describe_usage_error  # noqa: PLC0415  only wrong usage pays for it

    _print_error(world, *describe_usage_error(error))
    return EXIT_USAGE


def _print_error(world: World, message: str, hint: str) -> None:
    color = world.canvas_for(world.stderr).color
    world.write_stderr(f"{paint('valuelog:', ATTENTION, color=color)} {_shorten_words(escape_line(message))}")
    for line in escape_lines(hint) if hint else ():
        world.write_stderr(_shorten_words(line))


def _shorten_words(line: str) -> str:
    """Return a line in which whatever is too long to be the path of a file is shortened."""
    return " ".join(word if len(word) <= MAX_PATH_LENGTH else truncate_word(word) for word in line.split(" "))


def _report_bug(world: World, error: Exception) -> int:
    """Say that this is our mistake. Only the kind of error is named: its words might be somebody's."""
    _print_error(
        world,
        f"This is a mistake in valuelog itself ({type(error).__name__}); what was confirmed before is saved.",
        f"See all of it with VALUELOG_DEBUG=1, and please report it: {BUG_REPORT_URL}",
    )
    return EXIT_FAILED


def _discard_stdout() -> None:
    """Keep Python from complaining at exit that nobody reads any more."""
    with suppress(OSError):
        sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: PTH123, SIM115  open until the end
