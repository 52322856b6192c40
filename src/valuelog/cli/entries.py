"""`list`, `search`, `show`, `edit`, `delete` and `promote`: find entries and change them."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.entry_options import (
    BeneficiariesOption,
    EditedImpactOption,
    EffectsOption,
    EvidenceOption,
    ImpactOption,
    MinutesOption,
    PeopleOption,
    ProjectOption,
    TagsOption,
    parse_edited_impact,
    parse_entry_fields,
    parse_entry_kind,
    parse_impact,
    parse_names,
    print_confirmation,
)
from valuelog.cli.options import (
    MAX_LIMIT,
    ConflictingOptions,
    DateOption,
    FromOption,
    JsonOption,
    MonthOption,
    PeriodArgument,
    PlainOption,
    QuarterOption,
    SinceOption,
    ToOption,
    WeekOption,
    YearOption,
    join_words,
    output_format,
    parse_count,
    parse_period,
)
from valuelog.cli.world import World
from valuelog.journal import projects
from valuelog.journal.entries import Selection, list_people_and_tags
from valuelog.journal.store import Journal
from valuelog.model.entry import VALUE_KINDS, Side, clean_text, parse_choice
from valuelog.model.errors import BadText, UnknownChoice
from valuelog.model.period import Period
from valuelog.model.search import is_searchable
from valuelog.render import OutputFormat, views
from valuelog.workflows import lookup

KindFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", metavar="KIND", autocompletion=candidates.entry_kinds, help="Only this kind; repeat for more."
    ),
]
SearchKindFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        autocompletion=candidates.search_kinds,
        help="Only this kind, also pain, promise, project, reflection or off; repeat for more.",
    ),
]
SideFilter = Annotated[
    str | None,
    typer.Option("--side", metavar="work|value|neither", autocompletion=candidates.sides, help="Only this side."),
]
TagFilter = Annotated[
    list[str] | None,
    typer.Option("--tag", "-t", metavar="TAG", autocompletion=candidates.tags, help="Only entries with this tag."),
]
PersonFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--person", "-p", metavar="PERSON", autocompletion=candidates.people, help="Only entries with this person."
    ),
]
ProjectFilter = Annotated[
    str | None,
    typer.Option("--project", metavar="P", autocompletion=candidates.project_names, help="Only this project."),
]
SourceFilter = Annotated[
    str | None,
    typer.Option("--source", metavar="S", autocompletion=candidates.entry_sources, help="Only entries from this tool."),
]
QuestionFilter = Annotated[
    str | None,
    typer.Option(
        "--question", metavar="ID", autocompletion=candidates.questions, help="Only answers to this evening question."
    ),
]
ImpactFilter = Annotated[
    str | None,
    typer.Option(
        "--impact", metavar="small|clear|large", autocompletion=candidates.impacts, help="Only results this big."
    ),
]
ProvenFilter = Annotated[bool, typer.Option("--proven", help="Only value with evidence that counts.")]
ClaimedFilter = Annotated[bool, typer.Option("--claimed", help="Only value without evidence that counts.")]
LimitOption = Annotated[
    int | None, typer.Option("-n", parser=parse_count("-n", MAX_LIMIT), metavar="N", help="Show at most N.")
]

EntryIdArgument = Annotated[
    str, typer.Argument(metavar="ID", autocompletion=candidates.entity_ids, help="The first letters of an id.")
]

DEFAULT_LIST_LIMIT = 30
"""How many entries `list` shows without a period."""

DEFAULT_SEARCH_LIMIT = 50
"""How many matches `search` shows without -n."""


def show_list(
    ctx: typer.Context,
    words: PeriodArgument = None,
    *,
    week: WeekOption = None,
    month: MonthOption = None,
    quarter: QuarterOption = None,
    year: YearOption = None,
    since: SinceOption = None,
    first: FromOption = None,
    last: ToOption = None,
    kind: KindFilter = None,
    side: SideFilter = None,
    tag: TagFilter = None,
    person: PersonFilter = None,
    project: ProjectFilter = None,
    source: SourceFilter = None,
    question: QuestionFilter = None,
    impact: ImpactFilter = None,
    proven: ProvenFilter = False,
    claimed: ClaimedFilter = False,
    most: LimitOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Without a period, it lists the last thirty.

    Example: valuelog list last week · valuelog list @sam "#ops" mon-wed · valuelog list --side value --since monday
    """
    world: World = ctx.obj
    journal = world.open_journal()
    words, person, tag = split_mentions(words or (), person, tag)
    span = since, first, last
    period = parse_period(words, world.today(), span, week=week, month=month, quarter=quarter, year=year)
    selection = parse_selection(
        journal,
        world,
        period,
        kind,
        side,
        tag,
        person,
        project,
        source,
        question,
        impact,
        proven=proven,
        claimed=claimed,
    )
    default = None if most or period else DEFAULT_LIST_LIMIT
    entry_list, has_more = lookup.list_entries(journal, selection, limit=most or default)
    _show_listing(world, journal, selection, entry_list, output_format(json=json, plain=plain))
    if default and has_more:
        world.write_stderr(f"The last {default} entries. For all of a year: valuelog list {world.today().year}")


def split_mentions(
    words: Iterable[str], people: list[str] | None, tags: list[str] | None
) -> tuple[list[str], list[str], list[str]]:
    """Return the words of a period, and the people and tags with those that are written as @name and #tag."""
    split: dict[str, list[str]] = {"": [], "@": [*(people or ())], "#": [*(tags or ())]}
    for word in words:
        split[word[0] if word[:1] in {"@", "#"} else ""].append(word)
    return split[""], split["@"], split["#"]


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="WORDS", help='Words; "a phrase" in quotes; -word excludes.')],
    *,
    week: WeekOption = None,
    month: MonthOption = None,
    quarter: QuarterOption = None,
    year: YearOption = None,
    since: SinceOption = None,
    first: FromOption = None,
    last: ToOption = None,
    kind: SearchKindFilter = None,
    side: SideFilter = None,
    tag: TagFilter = None,
    person: PersonFilter = None,
    project: ProjectFilter = None,
    source: SourceFilter = None,
    question: QuestionFilter = None,
    impact: ImpactFilter = None,
    proven: ProvenFilter = False,
    claimed: ClaimedFilter = False,
    most: LimitOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Entries and their evidence, pain points, promises, projects, reflections and notes of days off are searched.

    Words match the beginnings of words.

    Example: valuelog search deploy checklist · valuelog search '"release train"' --person sam -draft
    """
    from valuelog.workflows.search import search_all  # noqa: PLC0415  `list` needs none

    world: World = ctx.obj
    journal = world.open_journal()
    span = since, first, last
    period = parse_period(None, world.today(), span, week=week, month=month, quarter=quarter, year=year)
    words = parse_search_words(query)
    other_kinds = [each for each in kind or () if each in candidates.OTHER_SEARCH_KINDS]
    selection = parse_selection(
        journal,
        world,
        period,
        [each for each in kind or () if each not in other_kinds],
        side,
        tag,
        person,
        project,
        source,
        question,
        impact,
        proven=proven,
        claimed=claimed,
    )
    results, has_more = search_all(
        journal, words, selection, world.today(), kinds=other_kinds, limit=most or DEFAULT_SEARCH_LIMIT
    )
    suggestions = [] if results.found else _suggest_filters(world, journal, selection)
    world.show(views.SEARCH_RESULTS, results, output_format(json=json, plain=plain))
    for suggestion in suggestions:
        world.write_stderr(suggestion)
    if has_more and not most:
        world.write_stderr(
            f"The best {DEFAULT_SEARCH_LIMIT} matches. Show more with -n, or search a period: --month, --year …"
        )


def _show_listing(
    world: World, journal: Journal, selection: Selection, entry_list: lookup.EntryList, form: OutputFormat
) -> None:
    """Show entries; if there are none, suggest known people and tags. Raises UnknownChoice for other filters."""
    suggestions = [] if entry_list.entries else _suggest_filters(world, journal, selection)
    world.show(views.ENTRY_LIST, entry_list, form)
    for suggestion in suggestions:
        world.write_stderr(suggestion)


def _suggest_filters(world: World, journal: Journal, selection: Selection) -> list[str]:
    """Return a suggestion for each filter with an unknown person or tag. Raises UnknownChoice for others."""
    if selection.source is not None and selection.source not in (sources := candidates.list_entry_sources()):
        raise UnknownChoice("source", selection.source, sources)
    if selection.question is not None:
        _require_known_question(world, selection.question)
    if not (selection.people or selection.tags):
        return []
    people, tags = list_people_and_tags(journal)
    return [
        *_suggest_names("Nobody is called @", selection.people, people),
        *_suggest_names("There is no tag #", selection.tags, tags),
    ]


def _require_known_question(world: World, question_id: str) -> None:
    """Raise UnknownChoice unless an evening can ask a question with this id."""
    from valuelog.cli.settings.questions import known_question_ids  # noqa: PLC0415  only for an empty list

    if question_id not in (known := known_question_ids(world.settings)):
        raise UnknownChoice("question", question_id, known)


def _suggest_names(message: str, filters: Iterable[tuple[str, ...]], known: tuple[str, ...]) -> Iterator[str]:
    """Yield a suggestion for each filter of which no name is known; a person may have several names."""
    from valuelog.model.nearest import nearest  # noqa: PLC0415  only for an empty list

    for name, *others in filters:
        if not {name, *others} & set(known) and (near := nearest(name, known)):
            yield f"{message}{name}. Did you mean {message[-1]}{near}?"


def parse_search_words(words: list[str]) -> str:
    """Return the search query. An argument with a space is a phrase only if it has quotes. Raises BadText."""
    query = join_words(words) or ""
    included = re.sub(r"(?<!\S)-\S+", "", query)
    if not is_searchable(included):
        raise BadText("There is nothing to search for.", "Add at least one word: valuelog search deploy")
    return clean_text(query)


def parse_selection(
    journal: Journal,
    world: World,
    period: Period | None,
    kinds: list[str] | None,
    side: str | None,
    tags: list[str] | None,
    people: list[str] | None,
    project: str | None,
    source: str | None,
    question: str | None,
    impact: str | None,
    *,
    proven: bool,
    claimed: bool,
) -> Selection:
    """Parse the filters of `list` and `search`.

    Raises UnknownChoice, UnknownProject, AmbiguousId, BadText or ConflictingOptions.
    """
    if proven and claimed:
        raise ConflictingOptions("--proven and --claimed exclude each other.", "Choose one; --side value shows both.")
    return Selection(
        period=period,
        kinds=tuple(map(parse_entry_kind, kinds or ())),
        side=parse_choice(Side, "side", side) if side is not None else None,
        tags=tuple(map(world.schedule.names_of_tag, parse_names("tag", tags or ()))),
        people=tuple(map(world.schedule.names_of, parse_names("person", people or ()))),
        project=projects.resolve_id(journal, project) if project is not None else None,
        source=clean_text(source) if source is not None else None,
        question=clean_text(question) if question is not None else None,
        impact=parse_impact(impact) if impact is not None else None,
        is_proven=proven if proven or claimed else None,
    )


def show(
    ctx: typer.Context, entity_id: EntryIdArgument, *, json: JsonOption = False, plain: PlainOption = False
) -> None:
    """Give the first letters of its id.

    Example: valuelog show k3
    """
    world: World = ctx.obj
    world.show(
        views.ENTITY,
        lookup.find_entity(world.open_journal(), entity_id, today=world.today()),
        output_format(json=json, plain=plain),
    )


def edit(
    ctx: typer.Context,
    entry_id: EntryIdArgument,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="The new text; - reads stdin.")] = None,
    *,
    date: DateOption = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", autocompletion=candidates.entry_kinds, help="The new kind.")
    ] = None,
    minutes: MinutesOption = None,
    tag: TagsOption = None,
    person: PeopleOption = None,
    project: ProjectOption = None,
    beneficiary: BeneficiariesOption = None,
    effect: EffectsOption = None,
    evidence: EvidenceOption = None,
    impact: EditedImpactOption = None,
    json: JsonOption = False,
) -> None:
    """Without options or new text, it opens your editor.

    --tag, --person, --for and --effect replace what was there; an empty --project or --evidence clears it.

    Example: valuelog edit k3 --evidence "two tickets less a day" -m 45
    """
    from valuelog.cli.text_input import text_input  # noqa: PLC0415  `list` needs none
    from valuelog.workflows import entries  # noqa: PLC0415

    world: World = ctx.obj
    edits = parse_entry_fields(
        minutes=minutes,
        tags=tag,
        people=person,
        project=project,
        beneficiaries=beneficiary,
        effects=effect,
        evidence=evidence,
    )
    if date is not None:
        edits["day"] = world.parse_day(date)
    if impact is not None:
        edits["impact"] = parse_edited_impact(impact)
    if kind is not None:
        edits["kind"] = parse_entry_kind(kind)
    journal = world.open_journal(write=True)
    entry = entries.find(journal, entry_id)
    if edits and not text:
        confirmation = entries.edit(journal, entry, edits)
    else:
        with text_input(world, text or [entry.text], edit=not text, entity_id=entry.id) as words:
            confirmation = entries.edit(journal, entry, {**edits, "text": words})
    print_confirmation(world, confirmation, json=json)


def delete(
    ctx: typer.Context,
    entity_ids: Annotated[
        list[str],
        typer.Argument(metavar="ID…", autocompletion=candidates.entity_ids, help="The first letters of each id."),
    ],
    *,
    purge: Annotated[bool, typer.Option("--purge", help="Erase the text for good; asks you to type the id.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="With --purge: don't ask. For scripts.")] = False,
) -> None:
    """Pain points, promises and empty projects can be deleted, too. What you --purge is gone for good.

    --purge also takes the day of a day off, and erases its note.

    Example: valuelog delete k3 m7
    """
    from valuelog.workflows import entries  # noqa: PLC0415  `list` needs none

    world: World = ctx.obj
    if purge:
        from valuelog.cli.purge import purge_entity  # noqa: PLC0415  only to purge

        purge_entity(world, entity_ids, is_confirmed=confirm)
        return
    if confirm:
        raise ConflictingOptions("--confirm is for --purge.", "Leave it out: undo restores what you delete.")
    for confirmation in entries.delete(world.open_journal(write=True), entity_ids):
        print_confirmation(world, confirmation)


def promote(
    ctx: typer.Context,
    entry_id: EntryIdArgument,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", autocompletion=candidates.value_kinds, help="improvement, outcome, helped or insight."
        ),
    ],
    *,
    evidence: EvidenceOption = None,
    effect: EffectsOption = None,
    beneficiary: BeneficiariesOption = None,
    impact: ImpactOption = None,
    json: JsonOption = False,
) -> None:
    """Without --evidence, --effect or --for it asks for them.

    Example: valuelog promote k3 improvement --effect faster --evidence "the report takes a minute now"
    """
    from valuelog.workflows import entries  # noqa: PLC0415  `list` needs none

    world: World = ctx.obj
    value_kind = parse_entry_kind(kind)
    edits = parse_entry_fields(beneficiaries=beneficiary, effects=effect, evidence=evidence)
    if impact is not None:
        edits["impact"] = parse_impact(impact)
    journal = world.open_journal(write=True)
    entry = entries.find(journal, entry_id)
    if not edits and value_kind in VALUE_KINDS:
        edits |= entries.ask_promotion_details(world.require_prompter("--evidence, --effect or --for"))
    print_confirmation(world, entries.promote(journal, entry, value_kind, edits), json=json)
