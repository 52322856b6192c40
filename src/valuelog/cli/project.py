"""Projects: start them with three questions, look at what they yield, end them with what came of them."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Command, has_no_subcommand
from valuelog.cli.entry_options import print_confirmation, raise_missing_reason
from valuelog.cli.group import create_group
from valuelog.cli.options import DateOption, JsonOption, PlainOption, join_words, output_format
from valuelog.cli.world import World
from valuelog.render import views
from valuelog.workflows import projects

app = create_group()

ProjectArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME", autocompletion=candidates.project_names, help="Its name, or the beginning of its id."
    ),
]
OpenProjectArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME", autocompletion=candidates.open_projects, help="Its name, or the beginning of its id."
    ),
]
EndedProjectArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME", autocompletion=candidates.ended_projects, help="Its name, or the beginning of its id."
    ),
]
ProblemOption = Annotated[str | None, typer.Option(metavar="TEXT", help="Which problem it is about, and whose.")]
MeasureOption = Annotated[str | None, typer.Option(metavar="TEXT", help="By what you will know that it worked.")]
AimOption = Annotated[str | None, typer.Option(metavar="TEXT", help="What shall be true at the end.")]
ResultOption = Annotated[str | None, typer.Option(metavar="TEXT", help="What came of it, by that measure.")]
EvidenceOption = Annotated[
    str | None, typer.Option("--evidence", metavar="TEXT", help="How you know: a number, a link.")
]
LessonOption = Annotated[str | None, typer.Option(metavar="TEXT", help="What you learned.")]


@app.callback(invoke_without_command=True)
def project(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Follow what you own over weeks, and what it yields. Alone: the list.

    Example: valuelog project · valuelog project start "Refund flow" --measure "days until the money is back"
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Command)
def show_list(
    ctx: typer.Context,
    *,
    ended: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List what goes on, with value and work of each, the busiest lately first.

    Example: valuelog project list · valuelog project list --all
    """
    world: World = ctx.obj
    found = projects.list_projects(world.open_journal(), world.today(), include_ended=ended)
    world.show(views.PROJECTS, found, output_format(json=json, plain=plain))


@app.command("start", cls=Command)
def start(
    ctx: typer.Context,
    name: Annotated[list[str], typer.Argument(metavar="NAME", help="What it is called.")],
    *,
    problem: ProblemOption = None,
    measure: MeasureOption = None,
    aim: AimOption = None,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Start a project. Asks for problem, measure and aim where none is given; each may be skipped.

    Example: valuelog project start "Refund flow" --problem "refunds take three days" --measure "days" --aim "one day"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    answers = {"problem": problem, "measure": measure, "aim": aim}
    journal = world.open_journal(write=True)
    said = projects.require_new_name(journal, join_words(name) or "")
    if any(answers.values()):
        begun = projects.start_project(journal, said, answers, day, world.now())
    else:
        ask = world.require_prompter("--problem, --measure and --aim")
        begun = projects.ask_and_start(journal, ask, said, day, world.now())
    print_confirmation(world, projects.build_project_confirmation(journal, "Started", begun, day), json=json)


@app.command("show", cls=Command)
def show(ctx: typer.Context, name: ProjectArgument, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Show one project: its own tally and ratio, its weeks, its value, and what is worth acting on.

    Example: valuelog project show refund-flow
    """
    world: World = ctx.obj
    world.show(
        views.PROJECT,
        projects.load_project_details(world.open_journal(), join_words(name) or "", world.today()),
        output_format(json=json, plain=plain),
    )


@app.command("edit", cls=Command)
def edit(
    ctx: typer.Context,
    name: ProjectArgument,
    *,
    new_name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="Another name.")] = None,
    problem: ProblemOption = None,
    measure: MeasureOption = None,
    aim: AimOption = None,
    result: ResultOption = None,
    evidence: EvidenceOption = None,
    lesson: LessonOption = None,
    json: JsonOption = False,
) -> None:
    """Change what is said of a project; an empty text takes an answer away.

    Example: valuelog project edit refund-flow --measure "days until the money is back"
    """
    world: World = ctx.obj
    wanted = {
        "name": new_name, "problem": problem, "measure": measure, "aim": aim,
        "result": result, "evidence": evidence, "lesson": lesson,
    }  # fmt: skip
    journal = world.open_journal(write=True)
    found = projects.find(journal, join_words(name) or "")
    print_confirmation(world, projects.edit_project(journal, found, wanted, world.today()), json=json)


@app.command("close", cls=Command)
def close(
    ctx: typer.Context,
    name: OpenProjectArgument,
    *,
    result: ResultOption = None,
    evidence: EvidenceOption = None,
    lesson: LessonOption = None,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """End a project. Asks what came of it, how you know and what you learned where none is given.

    Example: valuelog project close refund-flow --result "one day instead of three" --evidence "median of 214 cases"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    answers = {"result": result, "evidence": evidence, "lesson": lesson}
    journal = world.open_journal(write=True)
    found = projects.find(journal, join_words(name) or "")
    if any(answers.values()):
        done = projects.close_project(journal, found, answers, day)
    else:
        found.require_closable(day)
        done = projects.ask_and_close(journal, world.require_prompter("--result, --evidence and --lesson"), found, day)
    print_confirmation(world, projects.build_project_confirmation(journal, "Closed", done, day), json=json)


@app.command("drop", cls=Command)
def drop(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", autocompletion=candidates.open_projects, help="Its slug or id."),
    ],
    why: Annotated[list[str] | None, typer.Argument(metavar="[WHY…]", help="Why, and what that taught.")] = None,
    *,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Give a project up, and say why. Asks where WHY is not given.

    Example: valuelog project drop new-region "nobody would have used it; ask that first"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    journal = world.open_journal(write=True)
    found = projects.find(journal, name)
    found.require_closable(day)
    said = (
        join_words(why)
        or projects.ask_drop_reason(world.require_prompter("WHY in words"), found)
        or raise_missing_reason()
    )
    print_confirmation(
        world,
        projects.build_project_confirmation(journal, "Gave up", projects.drop_project(journal, found, said, day), day),
        json=json,
    )


@app.command("reopen", cls=Command)
def reopen(ctx: typer.Context, name: EndedProjectArgument, *, json: JsonOption = False) -> None:
    """Let a project go on that was closed or given up; all that was said of it stays.

    Example: valuelog project reopen refund-flow
    """
    world: World = ctx.obj
    journal = world.open_journal(write=True)
    again = projects.reopen_project(journal, projects.find(journal, join_words(name) or ""))
    print_confirmation(world, projects.build_project_confirmation(journal, "Reopened", again, world.today()), json=json)
