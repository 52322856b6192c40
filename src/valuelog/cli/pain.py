"""Friction: list it, note it, see it again, plan a small step, fix it or let it go."""

from datetime import date as Date  # noqa: N812  `date` is a flag
from typing import TYPE_CHECKING, Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Command, has_no_subcommand
from valuelog.cli.entry_options import (
    BeneficiariesOption,
    BetterOption,
    EffectsOption,
    EvidenceOption,
    HitOption,
    NewOption,
    PeopleOption,
    ProjectOption,
    SeenOption,
    SharedOption,
    TagsOption,
    log_pain,
    parse_entry_fields,
    print_confirmation,
    raise_missing_reason,
    raise_missing_text,
)
from valuelog.cli.group import create_group
from valuelog.cli.options import (
    MAX_LIMIT,
    ConflictingOptions,
    DateOption,
    DueOption,
    JsonOption,
    PlainOption,
    join_words,
    output_format,
    parse_count,
)
from valuelog.cli.text_input import text_input
from valuelog.cli.world import World
from valuelog.model.entry import Kind, clean_text
from valuelog.model.period import format_day
from valuelog.model.question import PAIN_POINT
from valuelog.render import views
from valuelog.workflows import lookup, pains
from valuelog.workflows.answers import Answer

if TYPE_CHECKING:
    from valuelog.workflows.prompter import Prompter

app = create_group()

DEFAULT_LIMIT = 30
"""So many pain points are listed unless more are wanted."""

PainIdArgument = Annotated[
    str, typer.Argument(metavar="ID", autocompletion=candidates.pains, help="The beginning of its id.")
]
LimitOption = Annotated[
    int, typer.Option("-n", parser=parse_count("-n", MAX_LIMIT), metavar="N", help="Show at most N.")
]


@app.callback(invoke_without_command=True)
def pain(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Friction you noticed: a signal, neither work nor value. Alone: the list.

    Example: valuelog pain · valuelog pain add "the deploy waits on one approver"
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Command)
def show_list(
    ctx: typer.Context,
    *,
    closed: Annotated[bool, typer.Option("--all", help="Also the latest that were fixed or let go.")] = False,
    limit: LimitOption = DEFAULT_LIMIT,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List what still hurts, what presses most first: felt on the most days of 12 weeks, one more if others are hit.

    Example: valuelog pain list · valuelog pain list --all
    """
    world: World = ctx.obj
    found = lookup.list_pains(world.open_journal(), world.today(), limit=limit, include_closed=closed)
    world.show(views.PAINS, found, output_format(json=json, plain=plain))


@app.command("add", cls=Command)
def add(
    ctx: typer.Context,
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="The text; - reads stdin.")] = None,
    *,
    date: DateOption = None,
    shared: SharedOption = None,
    better: BetterOption = None,
    step: Annotated[str | None, typer.Option(metavar="TEXT", help="A small thing to try, promised until --by.")] = None,
    by: DueOption = None,
    hit: HitOption = None,
    seen: SeenOption = None,
    new: NewOption = False,
    json: JsonOption = False,
) -> None:
    """Note friction. What looks like an open pain point is asked about; --seen or --new say which it is.

    Example: valuelog pain add "the deploy waits on one approver" --hit "the support team"
    """
    world: World = ctx.obj
    if by is not None and not step:
        raise ConflictingOptions("--by says until when a --step is promised, and there is none.", "Add: --step TEXT")
    day, due = world.parse_day(date), world.parse_due(by)
    answers = {"shared": shared, "better": better, "step": step, "hit": hit}
    with text_input(world, text) as said:
        answer = Answer(kind=PAIN_POINT, day=day, text=said, target_id=seen, is_new_pain=new)
        answered = {name: said for name, said in answers.items() if said}
        changed = log_pain(world, answer, details=answered, due=due)
    print_confirmation(world, changed, json=json)


@app.command("show", cls=Command)
def show(ctx: typer.Context, pain_id: PainIdArgument, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Show one pain point with its whole story, day by day.

    Example: valuelog pain show k3
    """
    world: World = ctx.obj
    found = lookup.find_entity(world.open_journal(), pain_id, "pain")
    world.show(views.ENTITY, found, output_format(json=json, plain=plain))


@app.command("seen", cls=Command)
def seen(
    ctx: typer.Context,
    pain_id: PainIdArgument,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="How it showed this time.")] = None,
    *,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Write down that it was felt again.

    Example: valuelog pain seen k3 · valuelog pain seen k3 "it took a whole afternoon" -d yesterday
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    print_confirmation(
        world,
        pains.log_sighting(world.open_journal(write=True), pain_id, join_words(text), day, world.now()),
        json=json,
    )


@app.command("edit", cls=Command)
def edit(
    ctx: typer.Context,
    pain_id: PainIdArgument,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="New text.")] = None,
    *,
    shared: SharedOption = None,
    better: BetterOption = None,
    hit: HitOption = None,
    json: JsonOption = False,
) -> None:
    """Change its words or the answers to its questions; an empty answer takes it away.

    Example: valuelog pain edit k3 --better "two approvers" --hit "the support team"
    """
    world: World = ctx.obj
    journal = world.open_journal(write=True)
    answers = {"shared": shared, "better": better, "hit": hit}
    print_confirmation(
        world,
        pains.edit_pain(journal, pains.find(journal, pain_id), join_words(text), answers, world.today()),
        json=json,
    )


@app.command("plan", cls=Command)
def plan(
    ctx: typer.Context,
    pain_id: PainIdArgument,
    step: Annotated[list[str] | None, typer.Argument(metavar="[STEP…]", help="A small thing to do.")] = None,
    *,
    by: DueOption = None,
    json: JsonOption = False,
) -> None:
    """Promise a small step for it until a day: it comes up again then. Asks where no STEP is given.

    Example: valuelog pain plan k3 "ask for a second approver" --by fri
    """
    world: World = ctx.obj
    today, due = world.today(), world.parse_due(by)
    journal = world.open_journal(write=True)
    found = pains.find(journal, pain_id)
    found.require_open()
    said = join_words(step)
    if not said:
        ask = world.require_prompter("the STEP in words, and --by WHEN")
        said = ask.ask_text("which small step?", validate=clean_text) or raise_missing_text()
        due = due if by else _ask_due_day(world, ask)
    print_confirmation(world, pains.plan_step(journal, found, said, due, today, world.now()), json=json)


def _ask_due_day(world: World, ask: "Prompter") -> Date:
    """Ask until when a step is promised; Enter takes the usual day."""
    return world.parse_due(
        ask.ask_text(f"until when? Enter for {format_day(world.parse_due(None))}", validate=world.parse_due) or None
    )


@app.command("fix", cls=Command)
def fix(
    ctx: typer.Context,
    pain_id: PainIdArgument,
    how: Annotated[list[str] | None, typer.Argument(metavar="[HOW…]", help="What is better now.")] = None,
    *,
    date: DateOption = None,
    effect: EffectsOption = None,
    beneficiary: BeneficiariesOption = None,
    evidence: EvidenceOption = None,
    tag: TagsOption = None,
    person: PeopleOption = None,
    project: ProjectOption = None,
    json: JsonOption = False,
) -> None:
    """Close it as fixed, and write down the improvement that the fix is. Asks where HOW is not given.

    Example: valuelog pain fix k3 "two approvers since today" --effect faster --for coworkers
    """
    world: World = ctx.obj
    day, said = (
        world.parse_day(date),
        parse_entry_fields(tags=tag, people=person, beneficiaries=beneficiary, effects=effect),
    )
    journal = world.open_journal(write=True)
    found = pains.find(journal, pain_id)
    answer = Answer(
        kind=Kind.IMPROVEMENT, text=join_words(how) or "", day=day, project=project, evidence=evidence, **said
    )
    if how:
        done = pains.fix_pain(journal, found, answer, world.now())
    else:
        pains.require_closable(journal, found, day)
        ask = world.require_prompter("HOW in words, with --effect, --for and --evidence")
        done = pains.ask_fix(journal, ask, found, answer, world.now()) or raise_missing_text()
    first, second = pains.build_fix_confirmations(journal, found.id, done)
    print_confirmation(world, first, json=json)
    print_confirmation(world, second)


@app.command("drop", cls=Command)
def drop(
    ctx: typer.Context,
    pain_id: PainIdArgument,
    why: Annotated[list[str] | None, typer.Argument(metavar="[WHY…]", help="Why you let it go.")] = None,
    *,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Let it go, and say why; what was promised for it is promised no longer. Asks where WHY is not given.

    Example: valuelog pain drop k3 "the whole tool goes away in March"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    journal = world.open_journal(write=True)
    found = pains.find(journal, pain_id)
    pains.require_closable(journal, found, day)
    said = (
        join_words(why)
        or pains.ask_drop_reason(journal, world.require_prompter("WHY in words"), found)
        or raise_missing_reason()
    )
    print_confirmation(world, pains.drop_pain(journal, found, said, day), json=json)
