"""`gather`: show or accept what your tools recorded."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.options import DateOption, DayArgument, JsonOption, PlainOption, choose_day, output_format
from valuelog.cli.sources import query_sources
from valuelog.cli.world import World
from valuelog.render import OutputFormat, views
from valuelog.render.confirmation import format_accepted_drafts
from valuelog.workflows.gather import accept_all


def gather(
    ctx: typer.Context,
    words: DayArgument = None,
    *,
    date: DateOption = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source", metavar="S", autocompletion=candidates.sources, help="Only this source; repeat for more."
        ),
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Add everything as activities.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Nothing is added without --accept.

    Example: valuelog gather · valuelog gather yesterday --accept · valuelog gather --source git
    """
    world: World = ctx.obj
    shape, day = output_format(json=json, plain=plain), world.parse_day(choose_day(words, date))
    journal = world.open_journal(write=accept)
    result = query_sources(world, journal, day, source or ())
    if not accept or (shape is OutputFormat.TERMINAL and not result.drafts):
        world.show(views.DRAFTS, result, shape)
        return
    accepted = accept_all(journal, result, world.now())
    if result.drafts:
        world.write_stderr(format_accepted_drafts(len(accepted), day, world.canvas_for(world.stderr)))
    if shape is not OutputFormat.TERMINAL:
        world.show(views.ENTRIES, accepted, shape)
