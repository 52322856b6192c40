"""`brag` and `brief`."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

import typer

from valuelog.analysis.brag import Audience, Brag
from valuelog.analysis.expectations import parse_expectations
from valuelog.cli import candidates
from valuelog.cli.entry_options import print_confirmation
from valuelog.cli.files import read_text
from valuelog.cli.options import (
    ConflictingOptions,
    DateOption,
    ForceOption,
    FromOption,
    HtmlOption,
    JsonOption,
    MarkdownOption,
    MonthOption,
    OpenOption,
    PeriodArgument,
    PlainOption,
    QuarterOption,
    SinceOption,
    ToOption,
    WeekOption,
    YearOption,
    join_words,
    output_format,
    parse_period,
    require_started,
)
from valuelog.cli.pages import page_request, write_page
from valuelog.cli.world import World
from valuelog.model.entry import VALUE_KINDS, parse_choice
from valuelog.model.period import Unit, period_containing
from valuelog.render import OutputFormat, views
from valuelog.render.brag_words import brag_hints, brief_hints
from valuelog.render.words import format_count
from valuelog.workflows.brag import BragFill, BragOptions, load_brag
from valuelog.workflows.brief import default_brief_period, load_brief
from valuelog.workflows.raising import Raising, raise_point

DATA_FORMATS = (OutputFormat.JSON, OutputFormat.PLAIN)
"""For programs: they have the gaps in them, so nothing about gaps is said beside them."""

RAISED = "raised"
"""The first word of `brief raised ID [OUTCOME]`."""

RAISED_EXAMPLE = 'Example: valuelog brief raised k3 "they agreed"'

AudienceOption = Annotated[
    str | None,
    typer.Option(
        metavar="manager|exec|self", autocompletion=candidates.audiences, help="Who reads it; manager by default."
    ),
]
ExpectationsOption = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|-",
        autocompletion=candidates.files,
        help="Group the evidence by the headings and bullets of a Markdown file, by their #tags. For yourself.",
    ),
]
WithNumbersOption = Annotated[bool, typer.Option("--with-numbers", help="Add the score.")]
FillOption = Annotated[bool, typer.Option("--fill", help="First ask for evidence, results and measures it lacks.")]
BriefArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PERIOD | raised ID [OUTCOME…]]",
        autocompletion=candidates.periods,
        help="Days: last week, 2026-11 …; or what you raised.",
    ),
]
RaisedKindOption = Annotated[
    str | None,
    typer.Option(metavar="outcome|improvement|helped", help="With raised: also log what came of it as value."),
]


def brag(
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
    json: JsonOption = False,
    plain: PlainOption = False,
    markdown: MarkdownOption = False,
    html: HtmlOption = None,
    open_in_browser: OpenOption = False,
    force: ForceOption = False,
    audience: AudienceOption = None,
    expectations: ExpectationsOption = None,
    with_numbers: WithNumbersOption = False,
    fill: FillOption = False,
) -> None:
    """Without a period, it covers this quarter. In a pipe, it prints Markdown.

    What it lacks is only listed on stderr; --fill asks for it.

    A manager gets two pages, exec the five results with the largest impact, self everything.

    Example: valuelog brag > quarter.md · valuelog brag --fill · valuelog brag --year --html year.html
    """
    world: World = ctx.obj
    today = world.today()
    quarter_of_today = period_containing(today, Unit.QUARTER)
    span = since, first, last
    period = parse_period(words, today, span, week=week, month=month, quarter=quarter, year=year) or quarter_of_today
    options = _parse_brag_options(world, audience, expectations, shows_score=with_numbers)
    page = page_request(world, f"brag-{period.name}", html, open_in_browser=open_in_browser, force=force)
    form = _output_format(world, json=json, plain=plain, markdown=markdown, page_flag=page and page.flag)
    load = partial(load_brag, period=require_started(period, today), today=today, schedule=world.schedule)
    command = "valuelog brag --fill" + f" {period.name}" * (period != quarter_of_today)
    if fill:
        _fill(world, load, options, command)
    loaded = load(world.open_journal(), options=options)
    if page:
        write_page(world, views.BRAG, loaded, page)
    else:
        world.show(views.BRAG, loaded, form)
    if form not in DATA_FORMATS:
        for hint in brag_hints(loaded, command):
            world.write_stderr(hint)


def _parse_brag_options(
    world: World, audience: str | None, expectations: str | None, *, shows_score: bool
) -> BragOptions:
    """Return what the document shows. Raises UnknownChoice, NoExpectations or ConflictingOptions."""
    reader = parse_choice(Audience, "audience", audience) if audience is not None else None
    expected = None
    if expectations is not None:
        if reader not in {None, Audience.SELF}:
            raise ConflictingOptions(
                "--expectations is only for yourself: it shows what you have no evidence for yet.",
                f"Leave out --expectations, or --audience {reader}.",
            )
        expected = parse_expectations(read_text(expectations, world.stdin), expectations)
        reader = Audience.SELF
    return BragOptions(
        audience=reader or Audience.MANAGER,
        name=world.settings["name"],
        shows_score=shows_score,
        expectations=expected,
    )


def _fill(world: World, load: Callable[..., Brag], options: BragOptions, command: str) -> None:
    """Ask for what the document lacks."""
    prompter = world.require_prompter("valuelog edit ID --evidence TEXT, or valuelog project edit NAME --result TEXT")
    journal = world.open_journal(write=True)
    brag = load(journal, options=options)
    if not brag.gaps:
        world.write_stderr("Nothing is missing.")
        return
    session = BragFill(journal, prompter, world.now, today=world.today(), resume=command)
    session.ask_all(brag)
    undo = " Undo: valuelog undo" if session.saved_count else ""
    world.write_stderr(f"Saved {format_count(session.saved_count, 'answer')}.{undo}")


def brief(
    ctx: typer.Context,
    words: BriefArgument = None,
    *,
    week: WeekOption = None,
    month: MonthOption = None,
    quarter: QuarterOption = None,
    year: YearOption = None,
    since: SinceOption = None,
    first: FromOption = None,
    last: ToOption = None,
    date: DateOption = None,
    kind: RaisedKindOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """At most seven. Without a period, it covers the last four weeks. In a pipe, it prints Markdown.

    If you log an insight as three lines or sentences, one for each of these, its point is complete.

    `brief raised ID [OUTCOME]` notes that you raised an insight or a pain point, and what came of
    it. With --kind, that is also logged as value.

    Example: valuelog brief · valuelog brief raised k3 "both teams share one report now" --kind outcome
    """
    world: World = ctx.obj
    if words and words[0] == RAISED:
        _raise_point(world, words[1:], date, kind, json=json)
        return
    if date is not None or kind is not None:
        raise ConflictingOptions("--date and --kind are for what you raised.", RAISED_EXAMPLE)
    today = world.today()
    period = parse_period(words, today, (since, first, last), week=week, month=month, quarter=quarter, year=year)
    period = require_started(period or default_brief_period(today), today)
    loaded = load_brief(world.open_journal(), period, today, world.schedule)
    form = _output_format(world, json=json, plain=plain, markdown=markdown)
    world.show(views.BRIEF, loaded, form)
    if form not in DATA_FORMATS:
        for hint in brief_hints(loaded):
            world.write_stderr(hint)


def _raise_point(world: World, words: Sequence[str], date: str | None, kind: str | None, *, json: bool) -> None:
    """Save that a point was raised, and what came of it; ask on a terminal."""
    if not words:
        raise ConflictingOptions("raised needs an ID.", RAISED_EXAMPLE)
    raising = Raising(
        id_prefix=words[0],
        outcome=join_words(words[1:]) or "",
        kind=parse_choice(VALUE_KINDS, "kind", kind) if kind is not None else None,
        day=world.parse_day(date) if date is not None else None,
    )
    journal = world.open_journal(write=True)
    confirmations = raise_point(journal, raising, world.today(), world.now, world.find_prompter)
    for number, confirmation in enumerate(confirmations):
        print_confirmation(world, confirmation, json=json and not number)


def _output_format(
    world: World, *, json: bool, plain: bool, markdown: bool, page_flag: str | None = None
) -> OutputFormat:
    """Return the format that the options ask for; in a pipe, the default is Markdown."""
    form = output_format(json=json, plain=plain, markdown=markdown, page_flag=page_flag)
    if form is not OutputFormat.TERMINAL or world.stdout.isatty() or world.flags.color == "always":
        return form
    return OutputFormat.MARKDOWN
