"""`add`: log one entry or pain point now."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    raise_missing_text,
)
from valuelog.cli.options import ConflictingOptions, DateOption, JsonOption
from valuelog.cli.text_input import text_input
from valuelog.cli.world import World
from valuelog.model.entry import Kind, clean_answer, people_in
from valuelog.model.errors import UnknownChoice
from valuelog.model.question import KINDS, PAIN_POINT
from valuelog.workflows import entries
from valuelog.workflows.answers import Answer
from valuelog.workflows.confirmation import Confirmation

KindArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[KIND]",
        autocompletion=candidates.kinds,
        help="activity, improvement, outcome, helped, insight, learned, pain; or a beginning such as imp.",
        show_default=False,
    ),
]
TextArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[TEXT…]", help='What happened; put a "#tag" in quotes. - reads stdin, as a pipe does.'),
]
EditOption = Annotated[bool, typer.Option("--edit", "-e", help="Write the text in your editor.")]


def add(
    ctx: typer.Context,
    kind: KindArgument = None,
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
    """Without KIND, it asks what it is; without a terminal, it's an activity.

    With KIND but without TEXT, it opens your editor, which keeps the text out of your shell
    history.

    If a pain point looks like one you already logged, it asks; --seen or --new answer in advance.

    Example: valuelog add "paired with anna" · valuelog add helped "@sam runs the release alone now" -d yesterday
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
    named_kind, words = split_kind([kind, *(text or ())] if kind is not None else [])
    day = world.parse_day(date)
    if seen is not None or new:
        named_kind = _require_pain(named_kind)
    with _complete_input(world, named_kind, words, edit=edit) as (chosen_kind, text_to_add):
        answer = Answer(kind=chosen_kind, day=day, text=text_to_add, target_id=seen, is_new_pain=new, **fields)
        confirmation = _log(world, answer)
    if named_kind is None and not world.can_prompt:
        confirmation = _explain_kind(world, confirmation, answer.text)
    print_confirmation(world, confirmation, json=json)


def split_kind(words: Sequence[str]) -> tuple[Kind | str | None, list[str]]:
    """Split the words of a command line into the kind, None if they don't begin with one, and the text.

    A synonym or a beginning is a kind only before one text, or alone. Raises UnknownChoice for a mistyped kind.
    """
    first, *rest = words or [""]
    if first.strip().casefold() in KINDS:
        return parse_kind(first), rest
    if len(rest) > 1 or not first:
        return None, list(words)
    from valuelog.model.kind_words import ORDINARY_WORDS, find_kind, find_mistyped_kind  # noqa: PLC0415  rarely needed

    is_sentence = bool(rest) and rest[0] != "-" and " " not in rest[0] and first.casefold() in ORDINARY_WORDS
    if not is_sentence and (named := find_kind(first)):
        return named, rest
    if rest and find_mistyped_kind(first):
        raise UnknownChoice("kind", first, KINDS)
    return None, list(words)


def _require_pain(kind: Kind | str | None) -> str:
    """Return the kind of a pain point, unless another one was named. Raises ConflictingOptions."""
    if kind not in {None, PAIN_POINT}:
        raise ConflictingOptions("--seen and --new are for pain points.", "Leave them out, or: valuelog add pain …")
    return PAIN_POINT


@contextmanager
def _complete_input(
    world: World, kind: Kind | str | None, words: list[str], *, edit: bool
) -> Iterator[tuple[Kind | str, str]]:
    """Yield the kind and the text, asking for what is missing; without a terminal, the kind is activity."""
    if kind is None and not words and not edit and world.can_prompt:
        kind = _ask_kind(world, "")
        words = [_ask_text(world)]
    alternative = f"{'TEXT' if kind else 'KIND TEXT'}, or - to read it from stdin"
    with text_input(world, words, edit=edit, alternative=alternative) as text:
        yield kind or (_ask_kind(world, text) if world.can_prompt else Kind.ACTIVITY), text


def _ask_text(world: World) -> str:
    from valuelog.workflows.lookup import list_completions  # noqa: PLC0415  only to ask

    completions = list_completions(world.open_journal())
    return world.require_prompter("").ask_text("", completions, validate=clean_answer) or raise_missing_text()


def _ask_kind(world: World, text: str) -> Kind | str:
    """Ask for the kind of a text; the one that its words suggest is preselected."""
    from valuelog.model.kind_words import KIND_NOTES  # noqa: PLC0415  only without a kind

    prompter = world.require_prompter("")
    if text:
        clean_answer(text)
        prompter.show_heading(text.partition("\n")[0])
    chosen = prompter.choose("what is it?", KINDS, _guess(world, text), tuple(KIND_NOTES.values()))
    return parse_kind(chosen)


def _guess(world: World, text: str) -> Kind:
    """Return the kind that the words of a text and the people in it suggest."""
    from valuelog.model.kind_words import guess_kind  # noqa: PLC0415  only without a kind

    known = entries.recognize_people(world.open_journal(), text, people_in(text), world.schedule.known_names)
    return guess_kind(text, known)


def _explain_kind(world: World, confirmation: Confirmation, text: str) -> Confirmation:
    """Add to a confirmation how to change the kind, which nobody named."""
    guess = _guess(world, text)
    other = Kind.IMPROVEMENT if guess is Kind.ACTIVITY else guess
    prefix = confirmation.entity.id[: confirmation.prefix_length]
    note = f"change its kind: valuelog edit {prefix} --kind {other}"
    return confirmation._replace(note=" · ".join(filter(None, (confirmation.note, note))))


def _log(world: World, answer: Answer) -> Confirmation:
    """Save an answer as an entry or a pain point."""
    if answer.kind == PAIN_POINT:
        return log_pain(world, answer)
    ask = world.find_prompter if world.can_prompt else None
    return entries.add(world.open_journal(write=True), answer, world.now(), world.schedule.known_names, ask)
