"""Somebody's evening: `valuelog today` with answers from a list, and what was asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

from support.env import places
from support.makers import Answers
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENING = datetime(2026, 11, 20, 18, 30, tzinfo=timezone(timedelta(hours=1)))
"""When most evenings take place: the moment of conftest's `run`."""


@dataclass(frozen=True)
class Sat:
    """What an evening came to: its exit code, what was asked and said in order, and both streams."""

    code: int
    asked: list[str]
    out: str
    err: str


def sit(
    home: "Path",
    *args: str,
    answers: "list[Any] | None" = None,
    now: "Callable[[], datetime]" = lambda: EVENING,
    **environ: str,
) -> Sat:
    """Run a command with somebody at the terminal, in the home of conftest's `run`; the day is the clock's."""
    asking = Answers(list(answers or ()))
    world = World(
        environ={**places(home), **environ},
        stdin=TextIOWrapper(BytesIO(), encoding="utf-8"),
        stdout=StringIO(),
        stderr=StringIO(),
        now=now,
        prompter=asking,
    )
    words = list(args or ("today",))
    code = errors.run(world, lambda: app().main(args=words, prog_name="valuelog", standalone_mode=False, obj=world))
    return Sat(code=code, asked=asking.asked, out=_said(world.stdout), err=_said(world.stderr))


def _said(stream: object) -> str:
    assert isinstance(stream, StringIO)
    return stream.getvalue()
