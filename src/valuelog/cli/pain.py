"""`pain`: list, log, plan, fix, drop and merge pain points."""

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
    parse_names,
    print_confirmation,
    raise_missing_text,
    require_reason,
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
from valuelog.render import OutputFormat, views
from valuelog.workflows import lookup, pains
from valuelog.workflows.answers import Answer
from valuelog.workflows.followed import short_id

if TYPE_CHECKING:
    from valuelog.workflows.prompter import Prompter

app = create_group()

DEFAULT_LIMIT = 30
"""How many pain points are listed without -n."""

PainIdArgument = Annotated[
    str, typer.Argument(metavar="ID", autocompletion=candidates.pains, help="The first letters of its id.")
]
PainIdsArgument = Annotated[
    list[str],
    typer.Argument(metavar="ID… [HOW…]", autocompletion=candidates.pains, help="Their ids, then what is better now."),
]
PersonOption = Annotated[
    str | None,
    typer.Option(
        "--person", "-p", metavar="NAME", autocompletion=candidates.people, help="Only those that mention @NAME."
    ),
]
LimitOption = Annotated[
    int, typer.Option("-n", parser=parse_count("-n", MAX_LIMIT), metavar="N", help="Show at most N.")
]


@app.callback(invoke_without_command=True)
def pain(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Friction is a signal, neither work nor value. Without a command, it lists pain points.

    Example: valuelog pain · valuelog pain add "the deploy waits on one approver"
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Command)
def show_list(
    ctx: typer.Context,
    *,
    closed: Annotated[bool, typer.Option("--all", help="Also show the latest fixed and dropped ones.")] = False,
    person: PersonOption = None,
    limit: LimitOption = DEFAULT_LIMIT,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List open pain points, most pressing first: by days seen in 12 weeks, plus one if others are affected.

    Example: valuelog pain list --all · valuelog pain list --person sam
    """
    world: World = ctx.obj
    names = [
        name for word in parse_names("person", [person] if person else []) for name in world.schedule.names_of(word)
    ]
    pain_list = lookup.list_pains(world.open_journal(), world.today(), limit=limit, include_closed=closed, names=names)
    world.show(views.PAINS, pain_list, output_format(json=json, plain=plain))


@app.command("add", cls=Command)
def add(
    ctx: typer.Context,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT…", help="What is clumsy, slow or pointless; - reads stdin.")
    ] = None,
    *,
    date: DateOption = None,
    shared: SharedOption = None,
    better: BetterOption = None,
    step: Annotated[str | None, typer.Option(metavar="TEXT", help="A small thing to try, promised by --by.")] = None,
    by: DueOption = None,
    hit: HitOption = None,
    seen: SeenOption = None,
    new: NewOption = False,
    json: JsonOption = False,
) -> None:
    """Log a pain point. If it looks like an open one, it asks; --seen or --new answer in advance.

    Example: valuelog pain add "the deploy waits on one approver" --hit "the support team"
    """
    world: World = ctx.obj
    if by is not None and not step:
        raise ConflictingOptions("--by is the due day of a --step, which is missing.", "Add: --step TEXT")
    day, due = world.parse_day(date), world.parse_due(by)
    answers = {"shared": shared, "better": better, "step": step, "hit": hit}
    with text_input(world, text) as words:
        answer = Answer(kind=PAIN_POINT, day=day, text=words, target_id=seen, is_new_pain=new)
        details = {name: answer_text for name, answer_text in answers.items() if answer_text}
        confirmation = log_pain(world, answer, details=details, due=due)
    print_confirmation(world, confirmation, json=json)


@app.command("show", cls=Command)
def show(ctx: typer.Context, pain_id: PainIdArgument, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Show a pain point and its history, day by day.

    Example: valuelog pain show k3
    """
    world: World = ctx.obj
    details = lookup.find_entity(world.open_journal(), pain_id, "pain", today=world.today())
    world.show(views.ENTITY, details, output_format(json=json, plain=plain))


@app.command("seen", cls=Command)
def seen(
    ctx: typer.Context,
    pain_id: PainIdArgument,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="What happened this time.")] = None,
    *,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Log that it happened again.

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
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="The new text.")] = None,
    *,
    shared: SharedOption = None,
    better: BetterOption = None,
    hit: HitOption = None,
    json: JsonOption = False,
) -> None:
    """Change its text or answers; an empty answer clears it.

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
    step: Annotated[list[str] | None, typer.Argument(metavar="[STEP…]", help="A small thing to try.")] = None,
    *,
    by: DueOption = None,
    json: JsonOption = False,
) -> None:
    """Promise a small step toward fixing it; you'll be reminded when it's due. Without STEP it asks.

    Example: valuelog pain plan k3 "ask for a second approver" --by fri
    """
    world: World = ctx.obj
    today, due = world.today(), world.parse_due(by)
    journal = world.open_journal(write=True)
    current = pains.find(journal, pain_id)
    current.require_open()
    words = join_words(step)
    if not words:
        prompter = world.require_prompter("STEP in words, and --by WHEN")
        words = prompter.ask_text("what small step?", validate=clean_text) or raise_missing_text()
        due = due if by else _ask_due_day(world, prompter)
    print_confirmation(world, pains.plan_step(journal, current, words, due, today, world.now()), json=json)


def _ask_due_day(world: World, prompter: "Prompter") -> Date:
    """Ask for the due day of a step; Enter takes the next review day."""
    return world.parse_due(
        prompter.ask_text(f"by when? Enter for {format_day(world.parse_due(None))}", validate=world.parse_due) or None
    )


@app.command("fix", cls=Command)
def fix(
    ctx: typer.Context,
    words: PainIdsArgument,
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
    """Mark it as fixed and log the improvement. Without HOW it asks.

    Several can be fixed by the same improvement; put HOW in quotes then.

    Example: valuelog pain fix k3 "two approvers since today" --effect faster · valuelog pain fix k3 p2 "one form"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    fields = parse_entry_fields(tags=tag, people=person, beneficiaries=beneficiary, effects=effect)
    journal = world.open_journal(write=True)
    fixed, how = pains.split_ids(journal, words)
    answer = Answer(kind=Kind.IMPROVEMENT, text=how, day=day, project=project, evidence=evidence, **fields)
    if how:
        confirmations = pains.fix_pains(journal, fixed, answer, world.now())
    else:
        for each in fixed:
            pains.require_closable(journal, each, day)
        prompter = world.require_prompter("HOW in words, with --effect, --for and --evidence")
        confirmations = pains.ask_fix(journal, prompter, fixed, answer, world.now()) or raise_missing_text()
    for confirmation in confirmations:
        print_confirmation(world, confirmation, json=json and confirmation.entity.id == fixed[0].id and len(fixed) == 1)
    if json and len(fixed) > 1:
        world.show(views.PAINS, lookup.load_pain_list(journal, [each.id for each in fixed], day), OutputFormat.JSON)


@app.command("merge", cls=Command)
def merge(
    ctx: typer.Context,
    pain_id: PainIdArgument,
    into: Annotated[str, typer.Argument(metavar="INTO", autocompletion=candidates.pains, help="The one that stays.")],
    *,
    json: JsonOption = False,
) -> None:
    """Merge it into another one that is the same: its days, steps and people move there.

    Example: valuelog pain merge p2 k3
    """
    world: World = ctx.obj
    journal = world.open_journal(write=True)
    confirmation = pains.merge_pains(journal, pains.find(journal, pain_id), pains.find(journal, into), world.today())
    print_confirmation(world, confirmation, json=json)


@app.command("drop", cls=Command)
def drop(
    ctx: typer.Context,
    pain_id: PainIdArgument,
    why: Annotated[list[str] | None, typer.Argument(metavar="[WHY…]", help="Why you drop it.")] = None,
    *,
    date: DateOption = None,
    json: JsonOption = False,
) -> None:
    """Drop it, with a reason; its open step is dropped too. Without WHY it asks.

    Example: valuelog pain drop k3 "the whole tool goes away in March"
    """
    world: World = ctx.obj
    day = world.parse_day(date)
    journal = world.open_journal(write=True)
    current = pains.find(journal, pain_id)
    pains.require_closable(journal, current, day)
    command = f"valuelog pain drop {short_id(journal, current.id)}"
    reason = require_reason(world, why, current.text, command)
    print_confirmation(world, pains.drop_pain(journal, current, reason, day), json=json)
