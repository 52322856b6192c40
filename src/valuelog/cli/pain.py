"""Friction: list it, note it, see it again, plan a small step, fix it or let it go."""

from datetime import date as Date  # noqa: N812  `date` is a flag
from typing import TYPE_CHECKING, Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Spoken, alone
from valuelog.cli.editor import words
from valuelog.cli.entry_options import (
    Better,
    Effects,
    Evidence,
    Hit,
    New,
    People,
    Project,
    Seen,
    Shared,
    Tags,
    Whom,
    facts,
    no_reason,
    noted,
    nothing_said,
    tell,
)
from valuelog.cli.group import group
from valuelog.cli.options import MANY, By, Contradiction, Json, Plain, When, form, spoken
from valuelog.cli.world import World
from valuelog.model.entry import Kind, clean_text
from valuelog.model.period import format_day
from valuelog.workflows import lookup, pains
from valuelog.workflows.writing import Note

if TYPE_CHECKING:
    from valuelog.workflows.prompter import Ask

app = group()

MOST = 30
"""So many pain points are listed unless more are wanted."""

Name = Annotated[str, typer.Argument(metavar="ID", autocompletion=candidates.pains, help="The beginning of its id.")]
Count = Annotated[int, typer.Option("-n", min=1, max=MANY, metavar="N", help="At most so many.")]


@app.callback(invoke_without_command=True)
def pain(ctx: typer.Context, *, json: Json = False, plain: Plain = False) -> None:
    """Friction you noticed: a signal, neither work nor value. Alone: the list.

    Example: valuelog pain · valuelog pain add "the deploy waits on one approver"
    """
    if alone(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Spoken)
def show_list(
    ctx: typer.Context,
    *,
    closed: Annotated[bool, typer.Option("--all", help="Also the latest that were fixed or let go.")] = False,
    count: Count = MOST,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """List what still hurts, what presses most first: felt on the most days of 12 weeks, one more if others are hit.

    Example: valuelog pain list · valuelog pain list --all
    """
    world: World = ctx.obj
    found = lookup.pains_listed(world.journal(), world.today(), most=count, closed=closed)
    world.show("pains", found, form(json=json, plain=plain))


@app.command("add", cls=Spoken)
def add(
    ctx: typer.Context,
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="The words; - reads stdin.")] = None,
    *,
    date: When = None,
    shared: Shared = None,
    better: Better = None,
    step: Annotated[str | None, typer.Option(metavar="TEXT", help="A small thing to try, promised until --by.")] = None,
    by: By = None,
    hit: Hit = None,
    seen: Seen = None,
    new: New = False,
    json: Json = False,
) -> None:
    """Note friction. What looks like an open pain point is asked about; --seen or --new say which it is.

    Example: valuelog pain add "the deploy waits on one approver" --hit "the support team"
    """
    world: World = ctx.obj
    if by is not None and not step:
        raise Contradiction("--by says until when a --step is promised, and there is none.", "Add: --step TEXT")
    day, due = world.day(date), world.due(by)
    answers = {"shared": shared, "better": better, "step": step, "hit": hit}
    with words(world, text) as said:
        note = Note(kind=None, day=day, text=said)
        answered = {name: said for name, said in answers.items() if said}
        changed = noted(world, note, seen=seen, new=new, answers=answered, by=due)
    tell(world, changed, json=json)


@app.command("show", cls=Spoken)
def show(ctx: typer.Context, name: Name, *, json: Json = False, plain: Plain = False) -> None:
    """Show one pain point with its whole story, day by day.

    Example: valuelog pain show k3
    """
    world: World = ctx.obj
    world.show("show", lookup.thing(world.journal(), name, "pain"), form(json=json, plain=plain))


@app.command("seen", cls=Spoken)
def seen(
    ctx: typer.Context,
    name: Name,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="How it showed this time.")] = None,
    *,
    date: When = None,
    json: Json = False,
) -> None:
    """Write down that it was felt again.

    Example: valuelog pain seen k3 · valuelog pain seen k3 "it took a whole afternoon" -d yesterday
    """
    world: World = ctx.obj
    day = world.day(date)
    tell(world, pains.see(world.journal(write=True), name, spoken(text), day, world.now()), json=json)


@app.command("edit", cls=Spoken)
def edit(
    ctx: typer.Context,
    name: Name,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="New words for it.")] = None,
    *,
    shared: Shared = None,
    better: Better = None,
    hit: Hit = None,
    json: Json = False,
) -> None:
    """Change its words or the answers to its questions; an empty answer takes it away.

    Example: valuelog pain edit k3 --better "two approvers" --hit "the support team"
    """
    world: World = ctx.obj
    journal = world.journal(write=True)
    answers = {"shared": shared, "better": better, "hit": hit}
    tell(world, pains.amend(journal, pains.find(journal, name), spoken(text), answers, world.today()), json=json)


@app.command("plan", cls=Spoken)
def plan(
    ctx: typer.Context,
    name: Name,
    step: Annotated[list[str] | None, typer.Argument(metavar="[STEP…]", help="A small thing to do.")] = None,
    *,
    by: By = None,
    json: Json = False,
) -> None:
    """Promise a small step for it until a day: it comes up again then. Asks where no STEP is given.

    Example: valuelog pain plan k3 "ask for a second approver" --by fri
    """
    world: World = ctx.obj
    today, due = world.today(), world.due(by)
    journal = world.journal(write=True)
    found = pains.find(journal, name)
    found.require_open()
    said = spoken(step)
    if not said:
        ask = world.ask("the STEP in words, and --by WHEN")
        said = ask.line("which small step?", check=clean_text) or nothing_said()
        due = due if by else _until(world, ask)
    tell(world, pains.plan(journal, found, said, due, today, world.now()), json=json)


def _until(world: World, ask: "Ask") -> Date:
    """Ask until when a step is promised; Enter takes the usual day."""
    return world.due(ask.line(f"until when? Enter for {format_day(world.due(None))}", check=world.due) or None)


@app.command("fix", cls=Spoken)
def fix(
    ctx: typer.Context,
    name: Name,
    how: Annotated[list[str] | None, typer.Argument(metavar="[HOW…]", help="What is better now.")] = None,
    *,
    date: When = None,
    effect: Effects = None,
    whom: Whom = None,
    evidence: Evidence = None,
    tag: Tags = None,
    person: People = None,
    project: Project = None,
    json: Json = False,
) -> None:
    """Close it as fixed, and write down the improvement that the fix is. Asks where HOW is not given.

    Example: valuelog pain fix k3 "two approvers since today" --effect faster --for coworkers
    """
    world: World = ctx.obj
    day, said = world.day(date), facts(None, tag, person, whom, effect)
    journal = world.journal(write=True)
    found = pains.find(journal, name)
    note = Note(kind=Kind.IMPROVEMENT, text=spoken(how) or "", day=day, project=project, evidence=evidence, **said)
    if how:
        done = pains.fix(journal, found, note, world.now())
    else:
        pains.insist_closable(journal, found, day)
        ask = world.ask("HOW in words, with --effect, --for and --evidence")
        done = pains.fix_alone(journal, ask, found, note, world.now()) or nothing_said()
    first, second = pains.tell_fix(journal, found.id, done)
    tell(world, first, json=json)
    tell(world, second)


@app.command("drop", cls=Spoken)
def drop(
    ctx: typer.Context,
    name: Name,
    why: Annotated[list[str] | None, typer.Argument(metavar="[WHY…]", help="Why you let it go.")] = None,
    *,
    date: When = None,
    json: Json = False,
) -> None:
    """Let it go, and say why; what was promised for it is promised no longer. Asks where WHY is not given.

    Example: valuelog pain drop k3 "the whole tool goes away in March"
    """
    world: World = ctx.obj
    day = world.day(date)
    journal = world.journal(write=True)
    found = pains.find(journal, name)
    pains.insist_closable(journal, found, day)
    said = spoken(why) or pains.why_asked(journal, world.ask("WHY in words"), found) or no_reason()
    tell(world, pains.drop(journal, found, said, day), json=json)
