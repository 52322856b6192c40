"""`add`: one thing now."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.editor import words
from valuelog.cli.entry_options import (
    Effects,
    Evidence,
    Minutes,
    New,
    People,
    Project,
    Seen,
    Tags,
    Whom,
    facts,
    noted,
    tell,
)
from valuelog.cli.kinds import kind_of
from valuelog.cli.options import Contradiction, Json, When
from valuelog.cli.world import World
from valuelog.workflows import changing
from valuelog.workflows.writing import Note


def add(
    ctx: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            autocompletion=candidates.kinds,
            help="activity, improvement, outcome, helped, insight, pain.",
        ),
    ],
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="The words; - reads stdin.")] = None,
    *,
    date: When = None,
    minutes: Minutes = None,
    tag: Tags = None,
    person: People = None,
    project: Project = None,
    whom: Whom = None,
    effect: Effects = None,
    evidence: Evidence = None,
    edit: Annotated[bool, typer.Option("--edit", "-e", help="Write the text in your editor.")] = False,
    seen: Seen = None,
    new: New = False,
    json: Json = False,
) -> None:
    """Note one thing now. Without TEXT, in your editor, so that it stays out of the shell's history.

    A pain point that looks like one you know is asked about; --seen or --new say which it is.

    Example: valuelog add helped "@sam runs the release alone now" -d yesterday
    """
    world: World = ctx.obj
    said = facts(minutes, tag, person, whom, effect)
    kind_read, day = kind_of(kind), world.day(date)
    if kind_read and (seen is not None or new):
        raise Contradiction("--seen and --new are for pain points.", "Leave them out, or: valuelog add pain …")
    with words(world, text, edit=edit) as written:
        note = Note(kind=kind_read, day=day, text=written, project=project, evidence=evidence, **said)
        changed = (
            changing.add(world.journal(write=True), note, kind_read, world.now())
            if kind_read
            else noted(world, note, seen=seen, new=new)
        )
    tell(world, changed, json=json)
