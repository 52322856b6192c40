"""Projects: start them with three questions, look at what they yield, end them with what came of them."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Spoken, alone
from valuelog.cli.entry_options import no_reason, tell
from valuelog.cli.group import group
from valuelog.cli.options import Json, Plain, When, form, spoken
from valuelog.cli.world import World
from valuelog.workflows import projects

app = group()

Name = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME", autocompletion=candidates.project_names, help="Its name, or the beginning of its id."
    ),
]
Open = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME", autocompletion=candidates.open_projects, help="Its name, or the beginning of its id."
    ),
]
Ended = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME", autocompletion=candidates.ended_projects, help="Its name, or the beginning of its id."
    ),
]
Problem = Annotated[str | None, typer.Option(metavar="TEXT", help="Which problem it is about, and whose.")]
Measure = Annotated[str | None, typer.Option(metavar="TEXT", help="By what you will know that it worked.")]
Aim = Annotated[str | None, typer.Option(metavar="TEXT", help="What shall be true at the end.")]
Result = Annotated[str | None, typer.Option(metavar="TEXT", help="What came of it, by that measure.")]
Proof = Annotated[str | None, typer.Option("--evidence", metavar="TEXT", help="How you know: a number, a link.")]
Lesson = Annotated[str | None, typer.Option(metavar="TEXT", help="What you learned.")]


@app.callback(invoke_without_command=True)
def project(ctx: typer.Context, *, json: Json = False, plain: Plain = False) -> None:
    """Follow what you own over weeks, and what it yields. Alone: the list.

    Example: valuelog project · valuelog project start "Refund flow" --measure "days until the money is back"
    """
    if alone(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Spoken)
def show_list(
    ctx: typer.Context,
    *,
    ended: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """List what goes on, with value and work of each, the busiest lately first.

    Example: valuelog project list · valuelog project list --all
    """
    world: World = ctx.obj
    found = projects.listing(world.journal(), world.today(), ended=ended)
    world.show("projects", found, form(json=json, plain=plain))


@app.command("start", cls=Spoken)
def start(
    ctx: typer.Context,
    name: Annotated[list[str], typer.Argument(metavar="NAME", help="What it is called.")],
    *,
    problem: Problem = None,
    measure: Measure = None,
    aim: Aim = None,
    date: When = None,
    json: Json = False,
) -> None:
    """Start a project. Asks for problem, measure and aim where none is given; each may be skipped.

    Example: valuelog project start "Refund flow" --problem "refunds take three days" --measure "days" --aim "one day"
    """
    world: World = ctx.obj
    day = world.day(date)
    answers = {"problem": problem, "measure": measure, "aim": aim}
    journal = world.journal(write=True)
    said = projects.new_name(journal, spoken(name) or "")
    if any(answers.values()):
        begun = projects.start(journal, said, answers, day, world.now())
    else:
        ask = world.ask("--problem, --measure and --aim")
        begun = projects.start_asked(journal, ask, said, day, world.now())
    tell(world, projects.tell(journal, "Started", begun, day), json=json)


@app.command("show", cls=Spoken)
def show(ctx: typer.Context, name: Name, *, json: Json = False, plain: Plain = False) -> None:
    """Show one project: its own tally and ratio, its weeks, its value, and what is worth acting on.

    Example: valuelog project show refund-flow
    """
    world: World = ctx.obj
    world.show(
        "project", projects.show(world.journal(), spoken(name) or "", world.today()), form(json=json, plain=plain)
    )


@app.command("edit", cls=Spoken)
def edit(
    ctx: typer.Context,
    name: Name,
    *,
    called: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="Another name.")] = None,
    problem: Problem = None,
    measure: Measure = None,
    aim: Aim = None,
    result: Result = None,
    evidence: Proof = None,
    lesson: Lesson = None,
    json: Json = False,
) -> None:
    """Change what is said of a project; an empty text takes an answer away.

    Example: valuelog project edit refund-flow --measure "days until the money is back"
    """
    world: World = ctx.obj
    wanted = {
        "name": called, "problem": problem, "measure": measure, "aim": aim,
        "result": result, "evidence": evidence, "lesson": lesson,
    }  # fmt: skip
    journal = world.journal(write=True)
    found = projects.find(journal, spoken(name) or "")
    tell(world, projects.edit(journal, found, wanted, world.today()), json=json)


@app.command("close", cls=Spoken)
def close(
    ctx: typer.Context,
    name: Open,
    *,
    result: Result = None,
    evidence: Proof = None,
    lesson: Lesson = None,
    date: When = None,
    json: Json = False,
) -> None:
    """End a project. Asks what came of it, how you know and what you learned where none is given.

    Example: valuelog project close refund-flow --result "one day instead of three" --evidence "median of 214 cases"
    """
    world: World = ctx.obj
    day = world.day(date)
    answers = {"result": result, "evidence": evidence, "lesson": lesson}
    journal = world.journal(write=True)
    found = projects.find(journal, spoken(name) or "")
    if any(answers.values()):
        done = projects.close(journal, found, answers, day)
    else:
        found.require_closable(day)
        done = projects.close_asked(journal, world.ask("--result, --evidence and --lesson"), found, day)
    tell(world, projects.tell(journal, "Closed", done, day), json=json)


@app.command("drop", cls=Spoken)
def drop(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", autocompletion=candidates.open_projects, help="Its slug or id."),
    ],
    why: Annotated[list[str] | None, typer.Argument(metavar="[WHY…]", help="Why, and what that taught.")] = None,
    *,
    date: When = None,
    json: Json = False,
) -> None:
    """Give a project up, and say why. Asks where WHY is not given.

    Example: valuelog project drop new-region "nobody would have used it; ask that first"
    """
    world: World = ctx.obj
    day = world.day(date)
    journal = world.journal(write=True)
    found = projects.find(journal, name)
    found.require_closable(day)
    said = spoken(why) or projects.why_asked(world.ask("WHY in words"), found) or no_reason()
    tell(world, projects.tell(journal, "Gave up", projects.drop(journal, found, said, day), day), json=json)


@app.command("reopen", cls=Spoken)
def reopen(ctx: typer.Context, name: Ended, *, json: Json = False) -> None:
    """Let a project go on that was closed or given up; all that was said of it stays.

    Example: valuelog project reopen refund-flow
    """
    world: World = ctx.obj
    journal = world.journal(write=True)
    again = projects.reopen(journal, projects.find(journal, spoken(name) or ""))
    tell(world, projects.tell(journal, "Reopened", again, world.today()), json=json)
