"""Options and parsing for the fields of entries and pain points, and the confirmation of a change."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from valuelog.cli import candidates
from valuelog.cli.options import ConflictingOptions, join_words
from valuelog.cli.world import World
from valuelog.model.entry import (
    EMPTY_TEXT_ERROR,
    MAX_NAME_LENGTH,
    Impact,
    Kind,
    normalize_names,
    parse_choice,
    parse_minutes,
)
from valuelog.model.errors import BadText, UnknownChoice
from valuelog.model.question import KINDS, PAIN_POINT
from valuelog.model.text import quote
from valuelog.model.trade import trade_words
from valuelog.render import OutputFormat, views

if TYPE_CHECKING:
    from valuelog.workflows.answers import Answer
    from valuelog.workflows.confirmation import Confirmation

MinutesOption = Annotated[str | None, typer.Option("--minutes", "-m", metavar="90|1h30m", help="How long it took.")]
TagsOption = Annotated[
    list[str] | None,
    typer.Option("--tag", "-t", metavar="TAG", autocompletion=candidates.tags, help="Same as #tag in the text."),
]
PeopleOption = Annotated[
    list[str] | None,
    typer.Option("--person", "-p", metavar="PERSON", autocompletion=candidates.people, help="Same as @name."),
]
ProjectOption = Annotated[
    str | None,
    typer.Option(
        metavar="P", autocompletion=candidates.project_names, help="The project it belongs to; a new name starts one."
    ),
]
BeneficiariesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--for",
        metavar="WHOM",
        autocompletion=candidates.beneficiaries,
        help="Who benefits: {beneficiaries}.",
    ),
]
EffectsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--effect",
        metavar="E",
        autocompletion=candidates.effects,
        help="How it is better: {effects}.",
    ),
]
SharedOption = Annotated[str | None, typer.Option(metavar="TEXT", help="Whether it affects others too.")]
BetterOption = Annotated[str | None, typer.Option(metavar="TEXT", help="What better would look like.")]
HitOption = Annotated[str | None, typer.Option(metavar="TEXT", help="Who else would be glad to see it gone.")]
SeenOption = Annotated[
    str | None,
    typer.Option("--seen", metavar="ID", autocompletion=candidates.pains, help="It's this pain point, seen again."),
]
NewOption = Annotated[bool, typer.Option("--new", help="It's a new pain point, even if it looks like another one.")]
EvidenceOption = Annotated[str | None, typer.Option(metavar="TEXT", help="How you know: a sentence, a number, a link.")]

ImpactOption = Annotated[
    str | None,
    typer.Option(
        metavar="small|clear|large", autocompletion=candidates.impacts, help="How big the result is; it never counts."
    ),
]
EditedImpactOption = Annotated[
    str | None,
    typer.Option(
        "--impact",
        metavar="small|clear|large|none",
        autocompletion=candidates.edited_impacts,
        help="How big the result is; none clears it.",
    ),
]


def parse_kind(word: str) -> Kind | str:
    """Parse the kind of an entry, or PAIN_POINT. Raises UnknownChoice."""
    name = word.strip().casefold()
    if name not in KINDS:
        raise UnknownChoice("kind", word, KINDS)
    return PAIN_POINT if name == PAIN_POINT else Kind(name)


def parse_entry_kind(word: str) -> Kind:
    """Parse the kind of an entry. Raises UnknownChoice."""
    return parse_choice(Kind, "kind", word)


def parse_impact(word: str) -> Impact:
    """Parse an impact. Raises UnknownChoice."""
    return parse_choice(Impact, "impact", word)


def parse_edited_impact(word: str) -> Impact | None:
    """Parse an impact, or `none`, which clears it. Raises UnknownChoice."""
    choices = (*map(str, Impact), candidates.NO_IMPACT)
    chosen = parse_choice(choices, "impact", word)
    return None if chosen == candidates.NO_IMPACT else Impact(chosen)


def parse_names(what: str, words: Sequence[str]) -> tuple[str, ...]:
    """Parse people or tags. Raises BadText for a word without a letter or digit."""
    for word in words:
        names = normalize_names([word])
        if not names:
            raise BadText(f"{quote(word)} can't be the name of a {what}.", "Use at least one letter or digit.")
        if len(names[0]) > MAX_NAME_LENGTH:
            raise BadText(f"A {what} has {len(names[0]):,} characters; the limit is {MAX_NAME_LENGTH}.", "Shorten it.")
    return normalize_names(words)


def parse_entry_fields(
    *,
    minutes: str | None = None,
    tags: Sequence[str] | None = None,
    people: Sequence[str] | None = None,
    beneficiaries: Sequence[str] | None = None,
    effects: Sequence[str] | None = None,
    **texts: str | None,
) -> dict[str, Any]:
    """Parse the options for the fields of an entry; leave out those that were not given. Raises BadInput.

    `texts` are fields that need no parsing, such as the project and evidence.
    """
    fields: dict[str, Any] = {name: text for name, text in texts.items() if text is not None}
    if minutes is not None:
        fields["minutes"] = parse_minutes(minutes)
    if tags:
        fields["tags"] = parse_names("tag", tags)
    if people:
        fields["people"] = parse_names("person", people)
    if beneficiaries:
        fields["beneficiaries"] = tuple(dict.fromkeys(map(trade_words().beneficiaries.parse, beneficiaries)))
    if effects:
        fields["effects"] = tuple(dict.fromkeys(map(trade_words().effects.parse, effects)))
    return fields


def raise_missing_text() -> NoReturn:
    """Raise BadText for an answer without words."""
    raise BadText(*EMPTY_TEXT_ERROR)


def require_reason(world: World, words: Sequence[str] | None, text: str, command: str) -> str:
    """Return the reason for dropping `text`, asking for it if it isn't given. Raises BadText or Stopped.

    If the user stops, `command` is the one to continue with.
    """
    from valuelog.workflows.followed import ask_drop_reason  # noqa: PLC0415  only to drop

    if reason := join_words(words) or ask_drop_reason(world.require_prompter("WHY in words"), text, command):
        return reason
    raise BadText("A reason is needed.", "Say why in a few words.")


def log_pain(world: World, answer: "Answer", **details: Any) -> "Confirmation":  # noqa: ANN401  passed on
    """Log a pain point or a sighting; `details` as in `workflows.pains.log_pain`. Raises SimilarPainExists."""
    from valuelog.workflows import pains  # noqa: PLC0415  only for pain points

    if answer.target_id is not None and answer.is_new_pain:
        raise ConflictingOptions("--seen and --new exclude each other.", "Choose one.")
    return pains.log_pain(world.open_journal(write=True), answer, world.now(), world.find_prompter, **details)


def print_confirmation(world: World, confirmation: "Confirmation", *, json: bool = False) -> None:
    """Confirm a change in one line on stderr; with `json`, print the changed entity on stdout."""
    from valuelog.render.confirmation import format_confirmation  # noqa: PLC0415  only after a change

    world.write_stderr(format_confirmation(confirmation, world.canvas_for(world.stderr)))
    if json:
        from valuelog.workflows.lookup import EntityDetails  # noqa: PLC0415  only for JSON

        details = EntityDetails(entity=confirmation.entity, prefix_length=confirmation.prefix_length)
        world.show(views.ENTITY, details, OutputFormat.JSON)
