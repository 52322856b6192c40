"""Run a command such as `valuelog today` with scripted answers and record its prompts."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

from support.env import xdg_variables
from support.makers import ScriptedPrompter
from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENING_TIME = datetime(2026, 11, 20, 18, 30, tzinfo=timezone(timedelta(hours=1)))
"""The time of most evenings, the same as in conftest's `run`."""


@dataclass(frozen=True)
class EveningResult:
    """Exit code, prompts in order, notes on what answers became, stdout and stderr."""

    code: int
    prompts: list[str]
    notes: list[str]
    out: str
    err: str


def run_with_answers(
    home: "Path",
    *args: str,
    answers: "list[Any] | None" = None,
    now: "Callable[[], datetime]" = lambda: EVENING_TIME,
    **environ: str,
) -> EveningResult:
    """Run a command with scripted answers in the home of conftest's `run`; the clock decides the day."""
    prompter = ScriptedPrompter(list(answers or ()))
    world = World(
        environ={**xdg_variables(home), **environ},
        stdin=TextIOWrapper(BytesIO(), encoding="utf-8"),
        stdout=StringIO(),
        stderr=StringIO(),
        now=now,
        prompter=prompter,
    )
    words = list(args or ("today",))
    code = errors.run(world, lambda: app().main(args=words, prog_name="valuelog", standalone_mode=False, obj=world))
    return EveningResult(
        code=code,
        prompts=prompter.prompts,
        notes=prompter.notes,
        out=_read_stream(world.stdout),
        err=_read_stream(world.stderr),
    )


def _read_stream(stream: object) -> str:
    assert isinstance(stream, StringIO)
    return stream.getvalue()
