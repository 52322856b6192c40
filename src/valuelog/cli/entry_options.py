"""Reading what is said of an entry on a command line, and telling what became of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from valuelog.cli import candidates
from valuelog.cli.options import ConflictingOptions
from valuelog.cli.world import World
from valuelog.model.entry import (
    EMPTY_TEXT_ERROR,
    MAX_NAME_LENGTH,
    Beneficiary,
    Effect,
    normalize_names,
    parse_choice,
    parse_minutes,
)
from valuelog.model.errors import BadText
from valuelog.model.text import quote
from valuelog.render import OutputFormat, views

if TYPE_CHECKING:
    from valuelog.workflows.answers import Answer
    from valuelog.workflows.confirmation import Confirmation

MinutesOption = Annotated[str | None, typer.Option("--minutes", "-m", metavar="90|1h30m", help="How long it took.")]
TagsOption = Annotated[
    list[str] | None,
    typer.Option("--tag", "-t", metavar="TAG", autocompletion=candidates.tags, help="As #word in the text would."),
]
PeopleOption = Annotated[
    list[str] | None,
    typer.Option("--person", "-p", metavar="PERSON", autocompletion=candidates.people, help="As @name would."),
]
ProjectOption = Annotated[
    str | None,
    typer.Option(
        metavar="P", autocompletion=candidates.project_names, help="The project it belongs to; a new name begins one."
    ),
]
BeneficiariesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--for", metavar="WHOM", autocompletion=candidates.beneficiaries, help="coworkers, customers or company."
    ),
]
EffectsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--effect",
        metavar="E",
        autocompletion=candidates.effects,
        help="clearer, easier, faster, safer, more-reliable.",
    ),
]
SharedOption = Annotated[str | None, typer.Option(metavar="TEXT", help="Whether it hits others too.")]
BetterOption = Annotated[str | None, typer.Option(metavar="TEXT", help="What better would look like.")]
HitOption = Annotated[str | None, typer.Option(metavar="TEXT", help="Who else would care if it were gone.")]
SeenOption = Annotated[
    str | None,
    typer.Option("--seen", metavar="ID", autocompletion=candidates.pains, help="It is this pain point, seen again."),
]
NewOption = Annotated[bool, typer.Option("--new", help="It is a new pain point, whatever it looks like.")]
EvidenceOption = Annotated[str | None, typer.Option(metavar="TEXT", help="How you know: a sentence, a number, a link.")]


def parse_names(what: str, words: Sequence[str]) -> tuple[str, ...]:
    """Read people or tags. Raises BadText for a word of which no name is left."""
    for word in words:
        found = normalize_names([word])
        if not found:
            raise BadText(f"{quote(word)} cannot name a {what}.", "Use at least one letter or digit.")
        if len(found[0]) > MAX_NAME_LENGTH:
            raise BadText(f"A {what} has {len(found[0]):,} characters; at most {MAX_NAME_LENGTH} fit.", "Shorten it.")
    return normalize_names(words)


def parse_entry_fields(
    duration: str | None,
    tag: Sequence[str] | None,
    person: Sequence[str] | None,
    beneficiary: Sequence[str] | None,
    effect: Sequence[str] | None,
) -> dict[str, Any]:
    """Read what is said of an entry besides its text; what was not said is left out. Raises BadInput."""
    read: dict[str, Any] = {}
    if duration is not None:
        read["minutes"] = parse_minutes(duration)
    if tag:
        read["tags"] = parse_names("tag", tag)
    if person:
        read["people"] = parse_names("person", person)
    if beneficiary:
        read["beneficiaries"] = tuple(parse_choice(Beneficiary, "beneficiary", word) for word in beneficiary)
    if effect:
        read["effects"] = tuple(parse_choice(Effect, "effect", word) for word in effect)
    return read


def raise_missing_text() -> NoReturn:
    """Refuse to go on without words. Raises BadText."""
    raise BadText(*EMPTY_TEXT_ERROR)


def raise_missing_reason() -> NoReturn:
    """Refuse to let something go without a word. Raises BadText."""
    raise BadText("Nobody said why.", "Say in a few words why.")


def log_pain(world: World, answer: "Answer", **details: Any) -> "Confirmation":  # noqa: ANN401
    """Log a pain point or a sighting; `details` as in `workflows.pains.log_pain`. Raises SimilarPainExists."""
    from valuelog.workflows import pains  # noqa: PLC0415  only for pain points

    if answer.target_id is not None and answer.is_new_pain:
        raise ConflictingOptions("--seen and --new exclude each other.", "Choose one.")
    return pains.log_pain(world.open_journal(write=True), answer, world.now(), world.find_prompter, **details)


def print_confirmation(world: World, changed: "Confirmation", *, json: bool = False) -> None:
    """Confirm a change in one line on stderr, and give the thing itself where JSON is wanted."""
    from valuelog.render.confirmation import format_confirmation  # noqa: PLC0415  the wording, only after a change

    world.write_stderr(format_confirmation(changed, world.canvas_for(world.stderr)))
    if json:
        from valuelog.workflows.lookup import EntityDetails  # noqa: PLC0415

        details = EntityDetails(entity=changed.entity, prefix_length=changed.prefix_length)
        world.show(views.ENTITY, details, OutputFormat.JSON)
