"""`add`: log one entry or pain point now."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.entry_options import (
    BeneficiariesOption,
    EffectsOption,
    EvidenceOption,
    ImpactOption,
    MinutesOption,
    NewOption,
    PeopleOption,
    ProjectOption,
    SeenOption,
    TagsOption,
    log_pain,
    parse_entry_fields,
    parse_impact,
    parse_kind,
    print_confirmation,
)
from valuelog.cli.options import ConflictingOptions, DateOption, JsonOption
from valuelog.cli.text_input import text_input
from valuelog.cli.world import World
from valuelog.model.question import PAIN_POINT
from valuelog.workflows import entries
from valuelog.workflows.answers import Answer
from valuelog.workflows.confirmation import Confirmation

KindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND",
        autocompletion=candidates.kinds,
        help="activity, improvement, outcome, helped, insight, learned, pain.",
    ),
]
TextArgument = Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="What happened; - reads stdin.")]
EditOption = Annotated[bool, typer.Option("--edit", "-e", help="Write the text in your editor.")]


def add(
    ctx: typer.Context,
    kind: KindArgument,
    text: TextArgument = None,
    *,
    date: DateOption = None,
    minutes: MinutesOption = None,
    tag: TagsOption = None,
    person: PeopleOption = None,
    project: ProjectOption = None,
    beneficiary: BeneficiariesOption = None,
    effect: EffectsOption = None,
    evidence: EvidenceOption = None,
    impact: ImpactOption = None,
    edit: EditOption = False,
    seen: SeenOption = None,
    new: NewOption = False,
    json: JsonOption = False,
) -> None:
    """Without TEXT, it opens your editor, which keeps the text out of your shell history.

    If a pain point looks like one you already logged, it asks; --seen or --new answer in advance.

    Example: valuelog add helped "@sam runs the release alone now" -d yesterday
    """
    world: World = ctx.obj
    fields = parse_entry_fields(
        minutes=minutes,
        tags=tag,
        people=person,
        project=project,
        beneficiaries=beneficiary,
        effects=effect,
        evidence=evidence,
    )
    if impact is not None:
        fields["impact"] = parse_impact(impact)
    parsed_kind, day = parse_kind(kind), world.parse_day(date)
    if parsed_kind != PAIN_POINT and (seen is not None or new):
        raise ConflictingOptions("--seen and --new are for pain points.", "Leave them out, or: valuelog add pain …")
    with text_input(world, text, edit=edit) as words:
        answer = Answer(kind=parsed_kind, day=day, text=words, target_id=seen, is_new_pain=new, **fields)
        confirmation = _log(world, answer)
    print_confirmation(world, confirmation, json=json)


def _log(world: World, answer: Answer) -> Confirmation:
    """Save an answer as an entry or a pain point."""
    if answer.kind == PAIN_POINT:
        return log_pain(world, answer)
    return entries.add(world.open_journal(write=True), answer, world.now())
