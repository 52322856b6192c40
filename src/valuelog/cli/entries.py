"""Finding entries: list, search, show."""

import re
from collections.abc import Iterable
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.entry_options import named
from valuelog.cli.kinds import entry_kind
from valuelog.cli.options import MANY, Json, Month, Plain, Quarter, Week, Words, Year, form, period, spoken
from valuelog.cli.world import World
from valuelog.journal import entries, projects
from valuelog.journal.store import Journal
from valuelog.model.entry import Side, clean_text, parse_choice
from valuelog.model.errors import BadText
from valuelog.model.period import Period
from valuelog.model.schedule import Schedule
from valuelog.render import Form
from valuelog.workflows import lookup

Kinds = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", metavar="KIND", autocompletion=candidates.entry_kinds, help="Only this kind; several with several."
    ),
]
OnSide = Annotated[
    str | None, typer.Option("--side", metavar="work|value", autocompletion=candidates.sides, help="Only this side.")
]
Tagged = Annotated[
    list[str] | None,
    typer.Option("--tag", "-t", metavar="TAG", autocompletion=candidates.tags, help="Only with this tag."),
]
With = Annotated[
    list[str] | None,
    typer.Option("--person", "-p", metavar="PERSON", autocompletion=candidates.people, help="Only with this person."),
]
Within = Annotated[
    str | None,
    typer.Option("--project", metavar="P", autocompletion=candidates.project_names, help="Only of this project."),
]
From = Annotated[
    str | None,
    typer.Option("--source", metavar="S", autocompletion=candidates.origins, help="Only what this tool proposed."),
]
Most = Annotated[int | None, typer.Option("-n", min=1, max=MANY, metavar="N", help="At most so many.")]


LATEST = 30
"""So many entries are listed where no period is named."""

BEST = 50
"""So many are found at most, unless more are wanted."""


def show_list(
    ctx: typer.Context,
    words: Words = None,
    *,
    week: Week = None,
    month: Month = None,
    quarter: Quarter = None,
    year: Year = None,
    kind: Kinds = None,
    side: OnSide = None,
    tag: Tagged = None,
    person: With = None,
    project: Within = None,
    source: From = None,
    most: Most = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """List entries, the newest day last: the last thirty, or all of a period.

    Example: valuelog list last week · valuelog list --side value --person sam 2026-Q4
    """
    world: World = ctx.obj
    journal = world.journal()
    days = period(words, world.today(), week=week, month=month, quarter=quarter, year=year)
    wanted = selection(journal, world.schedule, days, kind, side, tag, person, project, source)
    usual = None if most or days else LATEST
    found = entries.select(journal, wanted, limit=usual + 1 if usual else most)
    shown = lookup.listing(journal, found[-usual:] if usual else found)
    _show(world, journal, wanted, shown, form(json=json, plain=plain))
    if usual and len(found) > usual:
        world.say(f"the last {usual}; all of a period: valuelog list {world.today().year}")


def search(
    ctx: typer.Context,
    sought: Annotated[list[str], typer.Argument(metavar="WORDS", help='Words; "a phrase" in quotes, -word for none.')],
    *,
    week: Week = None,
    month: Month = None,
    quarter: Quarter = None,
    year: Year = None,
    kind: Kinds = None,
    side: OnSide = None,
    tag: Tagged = None,
    person: With = None,
    project: Within = None,
    source: From = None,
    most: Most = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Find entries by the words in their text and evidence, the best match first.

    Example: valuelog search deploy checklist · valuelog search '"release train"' --person sam -draft
    """
    world: World = ctx.obj
    journal = world.journal()
    days = period(None, world.today(), week=week, month=month, quarter=quarter, year=year)
    wanted = selection(journal, world.schedule, days, kind, side, tag, person, project, source, searched(sought))
    found = entries.search(journal, wanted, limit=most or BEST + 1)
    shown = found if most else found[:BEST]
    _show(world, journal, wanted, lookup.listing(journal, shown, ranked=True), form(json=json, plain=plain))
    if len(found) > len(shown):
        world.say(f"the best {BEST}; more with -n, or of a period with --month, --year …")


def _show(world: World, journal: Journal, wanted: entries.Selection, found: lookup.Listing, drawn: Form) -> None:
    """Show what was found; where that is nothing, say what was probably meant. Raises UnknownWord for a source."""
    mistyped = not found.entries and (wanted.people or wanted.tags or wanted.source is not None)
    hints = _meant(journal, wanted) if mistyped else ()
    world.show("listing", found, drawn)
    for hint in hints:
        world.say(hint)


def _meant(journal: Journal, wanted: entries.Selection) -> Iterable[str]:
    from valuelog.cli.suggestions import meant  # noqa: PLC0415  only where nothing is found

    return meant(journal, wanted)


def searched(words: list[str]) -> str:
    """Return the words to search for; one argument with a blank in it is a phrase only if it is quoted. BadText."""
    said = spoken(words) or ""
    wanted = re.sub(r"(?<!\S)-\S+", "", said)
    if not any(letter.isalnum() for letter in wanted):
        raise BadText("There is no word to search for.", "Write at least one word: valuelog search deploy")
    return clean_text(said)


def selection(
    journal: Journal,
    customs: Schedule,
    days: Period | None,
    kinds: list[str] | None,
    side: str | None,
    tags: list[str] | None,
    people: list[str] | None,
    project: str | None,
    source: str | None,
    words: str | None = None,
) -> entries.Selection:
    """Read the filters. Raises UnknownWord, UnknownId or BadText."""
    return entries.Selection(
        period=days,
        kinds=tuple(map(entry_kind, kinds or ())),
        side=parse_choice(Side, "side", side) if side is not None else None,
        tags=named("tag", tags or ()),
        people=tuple(map(customs.names_of, named("person", people or ()))),
        project=projects.resolve_id(journal, project) if project is not None else None,
        source=clean_text(source) if source is not None else None,
        query=words,
    )


def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", autocompletion=candidates.ids, help="The beginning of an id.")],
    *,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Show one entry or pain point with all that is known of it.

    Example: valuelog show k3
    """
    world: World = ctx.obj
    world.show("show", lookup.thing(world.journal(), name), form(json=json, plain=plain))
