"""Finding entries: list, search, show."""

import re
from collections.abc import Iterable
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.entry_options import parse_names
from valuelog.cli.kinds import parse_entry_kind
from valuelog.cli.options import (
    MAX_LIMIT,
    JsonOption,
    MonthOption,
    PeriodArgument,
    PlainOption,
    QuarterOption,
    WeekOption,
    YearOption,
    join_words,
    output_format,
    parse_count,
    parse_period,
)
from valuelog.cli.world import World
from valuelog.journal import entries, projects
from valuelog.journal.store import Journal
from valuelog.model.entry import Side, clean_text, parse_choice
from valuelog.model.errors import BadText
from valuelog.model.period import Period
from valuelog.model.schedule import Schedule
from valuelog.render import OutputFormat, views
from valuelog.workflows import lookup

KindFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", metavar="KIND", autocompletion=candidates.entry_kinds, help="Only this kind; several with several."
    ),
]
SideFilter = Annotated[
    str | None, typer.Option("--side", metavar="work|value", autocompletion=candidates.sides, help="Only this side.")
]
TagFilter = Annotated[
    list[str] | None,
    typer.Option("--tag", "-t", metavar="TAG", autocompletion=candidates.tags, help="Only with this tag."),
]
PersonFilter = Annotated[
    list[str] | None,
    typer.Option("--person", "-p", metavar="PERSON", autocompletion=candidates.people, help="Only with this person."),
]
ProjectFilter = Annotated[
    str | None,
    typer.Option("--project", metavar="P", autocompletion=candidates.project_names, help="Only of this project."),
]
SourceFilter = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="S", autocompletion=candidates.entry_sources, help="Only what this tool proposed."
    ),
]
LimitOption = Annotated[
    int | None, typer.Option("-n", parser=parse_count("-n", MAX_LIMIT), metavar="N", help="Show at most N.")
]


DEFAULT_LIST_LIMIT = 30
"""So many entries are listed where no period is named."""

DEFAULT_SEARCH_LIMIT = 50
"""So many are found at most, unless more are wanted."""


def show_list(
    ctx: typer.Context,
    words: PeriodArgument = None,
    *,
    week: WeekOption = None,
    month: MonthOption = None,
    quarter: QuarterOption = None,
    year: YearOption = None,
    kind: KindFilter = None,
    side: SideFilter = None,
    tag: TagFilter = None,
    person: PersonFilter = None,
    project: ProjectFilter = None,
    source: SourceFilter = None,
    most: LimitOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List entries, the newest day last: the last thirty, or all of a period.

    Example: valuelog list last week · valuelog list --side value --person sam 2026-Q4
    """
    world: World = ctx.obj
    journal = world.open_journal()
    days = parse_period(words, world.today(), week=week, month=month, quarter=quarter, year=year)
    wanted = parse_selection(journal, world.schedule, days, kind, side, tag, person, project, source)
    usual = None if most or days else DEFAULT_LIST_LIMIT
    found = entries.select(journal, wanted, limit=usual + 1 if usual else most)
    shown = lookup.list_entries(journal, found[-usual:] if usual else found)
    _show_listing(world, journal, wanted, shown, output_format(json=json, plain=plain))
    if usual and len(found) > usual:
        world.write_stderr(f"the last {usual}; all of a period: valuelog list {world.today().year}")


def search(
    ctx: typer.Context,
    query: Annotated[
        list[str], typer.Argument(metavar="WORDS", help='PeriodArgument; "a phrase" in quotes, -word for none.')
    ],
    *,
    week: WeekOption = None,
    month: MonthOption = None,
    quarter: QuarterOption = None,
    year: YearOption = None,
    kind: KindFilter = None,
    side: SideFilter = None,
    tag: TagFilter = None,
    person: PersonFilter = None,
    project: ProjectFilter = None,
    source: SourceFilter = None,
    most: LimitOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Find entries by the words in their text and evidence, the best match first.

    Example: valuelog search deploy checklist · valuelog search '"release train"' --person sam -draft
    """
    world: World = ctx.obj
    journal = world.open_journal()
    days = parse_period(None, world.today(), week=week, month=month, quarter=quarter, year=year)
    wanted = parse_selection(
        journal, world.schedule, days, kind, side, tag, person, project, source, parse_search_words(query)
    )
    found = entries.search(journal, wanted, limit=most or DEFAULT_SEARCH_LIMIT + 1)
    shown = found if most else found[:DEFAULT_SEARCH_LIMIT]
    _show_listing(
        world,
        journal,
        wanted,
        lookup.list_entries(journal, shown, is_ranked=True),
        output_format(json=json, plain=plain),
    )
    if len(found) > len(shown):
        world.write_stderr(f"the best {DEFAULT_SEARCH_LIMIT}; more with -n, or of a period with --month, --year …")


def _show_listing(
    world: World, journal: Journal, wanted: entries.Selection, found: lookup.EntryList, drawn: OutputFormat
) -> None:
    """Show what was found; where that is nothing, say what was probably meant. Raises UnknownWord for a source."""
    mistyped = not found.entries and (wanted.people or wanted.tags or wanted.source is not None)
    hints = _suggestions_for(journal, wanted) if mistyped else ()
    world.show(views.ENTRY_LIST, found, drawn)
    for hint in hints:
        world.write_stderr(hint)


def _suggestions_for(journal: Journal, wanted: entries.Selection) -> Iterable[str]:
    from valuelog.cli.suggestions import suggest_filters  # noqa: PLC0415  only where nothing is found

    return suggest_filters(journal, wanted)


def parse_search_words(words: list[str]) -> str:
    """Return the words to search for; one argument with a blank in it is a phrase only if it is quoted. BadText."""
    said = join_words(words) or ""
    wanted = re.sub(r"(?<!\S)-\S+", "", said)
    if not any(letter.isalnum() for letter in wanted):
        raise BadText("There is no word to search for.", "Write at least one word: valuelog search deploy")
    return clean_text(said)


def parse_selection(
    journal: Journal,
    schedule: Schedule,
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
        kinds=tuple(map(parse_entry_kind, kinds or ())),
        side=parse_choice(Side, "side", side) if side is not None else None,
        tags=parse_names("tag", tags or ()),
        people=tuple(map(schedule.names_of, parse_names("person", people or ()))),
        project=projects.resolve_id(journal, project) if project is not None else None,
        source=clean_text(source) if source is not None else None,
        query=words,
    )


def show(
    ctx: typer.Context,
    entity_id: Annotated[
        str, typer.Argument(metavar="ID", autocompletion=candidates.entity_ids, help="The beginning of an id.")
    ],
    *,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Show one entry or pain point with all that is known of it.

    Example: valuelog show k3
    """
    world: World = ctx.obj
    world.show(views.ENTITY, lookup.find_entity(world.open_journal(), entity_id), output_format(json=json, plain=plain))
