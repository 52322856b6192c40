"""`brag` and `brief`."""

import typer

from valuelog.cli.options import (
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
    output_format,
    parse_period,
    require_started,
)
from valuelog.cli.pages import page_request, write_page
from valuelog.cli.world import World
from valuelog.model.period import Unit, period_containing
from valuelog.render import OutputFormat, views
from valuelog.workflows.brag import load_brag
from valuelog.workflows.brief import default_brief_period, load_brief


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
) -> None:
    """Without a period, it covers this quarter. In a pipe, it prints Markdown.

    Example: valuelog brag > quarter.md · valuelog brag 2026-Q3 · valuelog brag --year --html year.html
    """
    world: World = ctx.obj
    today = world.today()
    period = parse_period(
        words, today, (since, first, last), week=week, month=month, quarter=quarter, year=year
    ) or period_containing(today, Unit.QUARTER)
    page = page_request(world, f"brag-{period.name}", html, open_in_browser=open_in_browser, force=force)
    form = _output_format(world, json=json, plain=plain, markdown=markdown, page_flag=page and page.flag)
    loaded = load_brag(world.open_journal(), require_started(period, today), today, world.schedule)
    if page:
        write_page(world, views.BRAG, loaded, page)
    else:
        world.show(views.BRAG, loaded, form)


def brief(
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
) -> None:
    """At most seven. Without a period, it covers the last four weeks. In a pipe, it prints Markdown.

    If you log an insight as three lines or sentences, one for each of these, its point is complete.

    Example: valuelog brief · valuelog brief --month last
    """
    world: World = ctx.obj
    today = world.today()
    period = parse_period(words, today, (since, first, last), week=week, month=month, quarter=quarter, year=year)
    period = require_started(period or default_brief_period(today), today)
    loaded = load_brief(world.open_journal(), period, today, world.schedule)
    world.show(views.BRIEF, loaded, _output_format(world, json=json, plain=plain, markdown=markdown))


def _output_format(
    world: World, *, json: bool, plain: bool, markdown: bool, page_flag: str | None = None
) -> OutputFormat:
    """Return the format that the options ask for; in a pipe, the default is Markdown."""
    form = output_format(json=json, plain=plain, markdown=markdown, page_flag=page_flag)
    if form is not OutputFormat.TERMINAL or world.stdout.isatty() or world.flags.color == "always":
        return form
    return OutputFormat.MARKDOWN
