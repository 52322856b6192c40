"""`project`: start, list, show, edit, measure, close, drop and reopen projects."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Command, has_no_subcommand
from valuelog.cli.entry_options import print_confirmation, require_reason
from valuelog.cli.group import create_group
from valuelog.cli.options import DateOption, JsonOption, PlainOption, join_words, output_format
from valuelog.cli.world import World
from valuelog.render import OutputFormat, views
from valuelog.workflows import projects

app = create_group()


def _name_argument(complete: Callable[[typer.Context, str], candidates.Candidates]) -> Any:  # noqa: ANN401  typer.Argument's
    return typer.Argument(metavar="NAME", autocompletion=complete, help="Its name, or the first letters of its id.")


ProjectArgument = Annotated[list[str], _name_argument(candidates.project_names)]
OpenProjectArgument = Annotated[list[str], _name_argument(candidates.open_projects)]
EndedProjectArgument = Annotated[list[str], _name_argument(candidates.ended_projects)]
ProblemOption = Annotated[str | None, typer.Option(metavar="TEXT", help="What problem it solves, and for whom.")]
MeasureOption = Annotated[str | None, typer.Option(metavar="TEXT", help="How you will know that it worked.")]
AimOption = Annotated[str | None, typer.Option(metavar="TEXT", help="What will be true when it's done.")]
ResultOption = Annotated[
    str | None, typer.Option(metavar="TEXT", help="The result, by that measure; of a dropped project, why.")
]
EvidenceOption = Annotated[
    str | None, typer.Option("--evidence", metavar="TEXT", help="How you know: a number, a link.")
]
LessonOption = Annotated[str | None, typer.Option(metavar="TEXT", help="What you learned.")]


@app.callback(invoke_without_command=True)
def project(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Without a command, it lists projects.

    Example: valuelog project · valuelog project start "Refund flow" --measure "days until the money is back"
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Command)
def show_list(
    ctx: typer.Context,
    *,
    ended: Annotated[bool, typer.Option("--all", help="Also show closed and dropped projects.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List open projects with their value and work, the busiest lately first.

    Example: valuelog project list · valuelog project list --all
    """
    world: World = ctx.obj
    project_list = projects.list_projects(world.open_journal(), world.today(), include_ended=ended)
    world.show(views.PROJECTS, project_list, output_format(json=json, plain=plain))


@app.command("start", cls=Command)
def start(
    ctx: typer.Context,
    name: Annotated[list[str], typer.Argument(metavar="NAME", help="The name of the project.")],
    *,
    problem: ProblemOption = None,
    measure: MeasureOption = None,
    aim: AimOption = None,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Start a project. Without --problem, --measure and --aim, it asks for them; you can skip each.

    Example: valuelog project start "Refund flow" --problem "refunds take three days" --measure "days" --aim "one day"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    answers = {"problem": problem, "measure": measure, "aim": aim}
    journal = world.open_journal(write=True)
    new_name = projects.require_new_name(journal, join_words(name) or "")
    if any(answers.values()):
        new = projects.start_project(journal, new_name, answers, day, world.now())
    else:
        prompter = world.require_prompter("--problem, --measure and --aim")
        new = projects.ask_and_start(journal, prompter, new_name, day, world.now())
    print_confirmation(world, projects.build_project_confirmation(journal, "Started", new, day), json=json)


@app.command("show", cls=Command)
def show(ctx: typer.Context, name: ProjectArgument, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Show a project: its tally and ratio, its weeks, its value, and what to act on.

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
    new_name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="The new name.")] = None,
    problem: ProblemOption = None,
    measure: MeasureOption = None,
    aim: AimOption = None,
    result: ResultOption = None,
    evidence: EvidenceOption = None,
    lesson: LessonOption = None,
    json: JsonOption = False,
) -> None:
    """Change a project; an empty text clears an answer.

    Example: valuelog project edit refund-flow --measure "days until the money is back"
    """
    world: World = ctx.obj
    answers = {
        "name": new_name, "problem": problem, "measure": measure, "aim": aim,
        "result": result, "evidence": evidence, "lesson": lesson,
    }  # fmt: skip
    journal = world.open_journal(write=True)
    current = projects.find(journal, join_words(name) or "")
    print_confirmation(world, projects.edit_project(journal, current, answers, world.today()), json=json)


@app.command("measure", cls=Command)
def measure(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", autocompletion=candidates.project_names, help="Its slug or id.")
    ],
    value: Annotated[
        list[str] | None, typer.Argument(metavar="[VALUE…]", help="The reading: a number, or a few words.")
    ] = None,
    *,
    date: DateOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Note a reading of a project's measure. Without VALUE it lists the readings.

    Example: valuelog project measure refund-flow 2 days -d yesterday · valuelog project measure refund-flow
    """
    world: World = ctx.obj
    day, shown_as = world.parse_day(date), output_format(json=json, plain=plain)
    if not value:
        world.show(views.READINGS, projects.load_readings(world.open_journal(), name, day), shown_as)
        return
    journal = world.open_journal(write=True)
    confirmation, readings = projects.measure_project(journal, name, join_words(value) or "", day, world.now())
    print_confirmation(world, confirmation)
    if shown_as is not OutputFormat.TERMINAL:
        world.show(views.READINGS, readings, shown_as)


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
    """Close a project. Without --result, --evidence and --lesson, it asks for them.

    Example: valuelog project close refund-flow --result "one day instead of three" --evidence "median of 214 cases"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    answers = {"result": result, "evidence": evidence, "lesson": lesson}
    journal = world.open_journal(write=True)
    current = projects.find(journal, join_words(name) or "")
    if any(answers.values()):
        closed = projects.close_project(journal, current, answers, day)
    else:
        current.require_closable(day)
        prompter = world.require_prompter("--result, --evidence and --lesson")
        closed = projects.ask_and_close(journal, prompter, current, day)
    print_confirmation(world, projects.build_project_confirmation(journal, "Closed", closed, day), json=json)


@app.command("drop", cls=Command)
def drop(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", autocompletion=candidates.open_projects, help="Its slug or id."),
    ],
    why: Annotated[list[str] | None, typer.Argument(metavar="[WHY…]", help="Why you drop it.")] = None,
    *,
    lesson: Annotated[str | None, typer.Option(metavar="TEXT", help="What it taught you.")] = None,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Drop a project, with the reason and what it taught you. Without WHY it asks for both.

    Example: valuelog project drop new-region "nobody would have used it" --lesson "ask who needs it first"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    journal = world.open_journal(write=True)
    current = projects.find(journal, name)
    current.require_closable(day)
    reason = require_reason(world, why, current.name, f"valuelog project drop {current.slug}")
    if why or lesson:
        dropped = projects.drop_project(journal, current, reason, day, lesson=lesson)
    else:
        dropped = projects.drop_and_ask_lesson(journal, world.require_prompter("--lesson"), current, reason, day)
    print_confirmation(world, projects.build_project_confirmation(journal, "Dropped", dropped, day), json=json)


@app.command("reopen", cls=Command)
def reopen(ctx: typer.Context, name: EndedProjectArgument, *, json: JsonOption = False) -> None:
    """Reopen a closed or dropped project; its answers stay.

    Example: valuelog project reopen refund-flow
    """
    world: World = ctx.obj
    journal = world.open_journal(write=True)
    reopened = projects.reopen_project(journal, projects.find(journal, join_words(name) or ""))
    print_confirmation(
        world, projects.build_project_confirmation(journal, "Reopened", reopened, world.today()), json=json
    )
