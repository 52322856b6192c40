"""The one place where errors end: what is wrong and what to do, in words, and the exit code. It alone knows those."""

import sys
from collections.abc import Callable
from contextlib import suppress

import typer

from valuelog.cli.command import Unread
from valuelog.cli.world import Unwritten, World
from valuelog.model.errors import BadInput, Stopped, ValuelogError
from valuelog.model.text import truncate_word
from valuelog.render.escape import visible, visible_lines
from valuelog.render.style import NEEDS, paint

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
"""What a command ends with."""

REPORTS = "https://pypi.org/project/valuelog"
"""Where a bug can be told."""

LONGEST_PATH = 4096
"""So long is a path on Linux at most; other systems allow less."""

_ParserError: type[Exception] = typer.BadParameter.__mro__[2]
"""What the parser of command lines raises; Typer keeps the class itself to itself."""


def run(world: World, command: Callable[[], int | None]) -> int:
    """Run a command and return its exit code; say what went wrong, without a traceback unless one is wanted."""
    try:
        return _ended(world, command)
    except (BrokenPipeError, Unread):
        _quiet_stdout()
        return DONE
    except typer.Abort:  # what Typer makes of Ctrl-D
        return INTERRUPTED
    except KeyboardInterrupt:
        world.say("")
        return INTERRUPTED
    except (ValuelogError, _ParserError) as error:
        if _debugging(world):
            raise
        return _told(world, error)
    except Exception as error:
        if _debugging(world):
            raise
        return _bug(world, error)


def _ended(world: World, command: Callable[[], int | None]) -> int:
    try:
        code = command() or DONE
    finally:
        world.close()
    if code == INTERRUPTED:  # what Typer makes of Ctrl-C
        world.say("")
    return code


def _debugging(world: World) -> bool:
    return world.flags.debug or world.environ.get("VALUELOG_DEBUG") == "1"


def _told(world: World, error: Exception) -> int:
    if isinstance(error, Unwritten):
        _quiet_stdout()
    if isinstance(error, ValuelogError):
        _say(world, error.message, error.hint)
        if isinstance(error, Stopped):
            return INTERRUPTED
        return USAGE if isinstance(error, BadInput) else FAILED
    from valuelog.cli.usage import in_our_words  # noqa: PLC0415  only wrong usage pays for it

    _say(world, *in_our_words(error))
    return USAGE


def _say(world: World, message: str, hint: str) -> None:
    color = world.canvas(world.stderr).color
    world.say(f"{paint('valuelog:', NEEDS, color=color)} {_bearable(visible(message))}")
    for line in visible_lines(hint) if hint else ():
        world.say(_bearable(line))


def _bearable(line: str) -> str:
    """Return a line in which whatever is too long to be the path of a file is shortened."""
    return " ".join(word if len(word) <= LONGEST_PATH else truncate_word(word) for word in line.split(" "))


def _bug(world: World, error: Exception) -> int:
    """Say that this is our mistake. Only the kind of error is named: its words might be somebody's."""
    _say(
        world,
        f"This is a mistake in valuelog itself ({type(error).__name__}); what was confirmed before is saved.",
        f"See all of it with VALUELOG_DEBUG=1, and please report it: {REPORTS}",
    )
    return FAILED


def _quiet_stdout() -> None:
    """Keep Python from complaining at exit that nobody reads any more."""
    with suppress(OSError):
        sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: PTH123, SIM115  open until the end
