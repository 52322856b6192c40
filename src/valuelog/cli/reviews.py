"""`review`, `trend` and `calendar`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from valuelog.analysis.review import LAST_DAY_FOR_REVIEW, FormerValue, is_long_over
from valuelog.cli import candidates
from valuelog.cli.options import (
    MAX_MONTHS,
    MAX_WEEKS,
    ConflictingOptions,
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
    parse_count,
    parse_period,
    parse_trend_length,
    require_started,
)
from valuelog.cli.pages import page_request, write_page
from valuelog.cli.showings import read_showings, was_former_value_shown, write_former_value_shown, write_showings
from valuelog.cli.sync_with import sync_around
from valuelog.cli.weekly_talk import (
    AnswersOption,
    BreakOption,
    CarryOption,
    KeepOption,
    LevelOption,
    ReflectOption,
    StartOption,
    StepOption,
    StopOption,
    has_questions,
    offer_last_week,
    offer_talk,
    parse_answers,
    save_answers,
)
from valuelog.cli.world import World
from valuelog.model.errors import UnknownChoice
from valuelog.model.period import Period, Unit, period_containing, week_of
from valuelog.render import OutputFormat, views
from valuelog.workflows import reviews


def review(
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
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Add value by kind, shares of the last weeks, people and habit.")
    ] = False,
    reflect: ReflectOption = None,
    stop: StopOption = None,
    start: StartOption = None,
    step: StepOption = None,
    level: LevelOption = None,
    keep: KeepOption = None,
    broken: BreakOption = None,
    carry: CarryOption = None,
    answers_file: AnswersOption = None,
    json: JsonOption = False,
    plain: PlainOption = False,
    markdown: MarkdownOption = False,
    html: HtmlOption = None,
    open_in_browser: OpenOption = False,
    force: ForceOption = False,
) -> None:
    """Without a period, it shows this week. On a terminal, a few questions about next week follow.

    Example: valuelog review --week · valuelog review last month · valuelog review --week --stop "the status mail" ·
    valuelog review --quarter --html quarter.html
    """
    world: World = ctx.obj
    today = world.today()
    span = since, first, last
    named = parse_period(words, today, span, week=week, month=month, quarter=quarter, year=year)
    period = require_started(named or week_of(today), today)
    page = page_request(world, f"review-{period.name}", html, open_in_browser=open_in_browser, force=force)
    form = output_format(json=json, plain=plain, markdown=markdown, page_flag=page and page.flag)
    answers = parse_answers(
        world, answers_file, stop=stop, start=start, step=step, level=level, keep=keep, broken=broken, carry=carry
    )
    with sync_around(world, "review"):
        if answers:
            save_answers(world, period, answers)
        if page:
            report = reviews.load_report(world.open_journal(), period, today, world.schedule)
            write_page(world, views.REPORT, report, page)
            return
        if form is OutputFormat.TERMINAL and not answers and named is None and reflect is not False:
            period = _choose_week(world, period)
        asks = form is OutputFormat.TERMINAL and not answers
        _show_review(
            world, period, form, numbers=numbers, asks=lambda: asks and has_questions(world, period, reflect=reflect)
        )
        if asks:
            offer_talk(world, period, reflect=reflect)


def show_week(world: World, week: Period) -> None:
    """Show the review of a week on a terminal, and offer its questions."""
    _show_review(
        world, week, OutputFormat.TERMINAL, numbers=False, asks=lambda: has_questions(world, week, reflect=None)
    )
    offer_talk(world, week, reflect=None)


def _choose_week(world: World, week: Period) -> Period:
    """Return last week if its review was missed and a person wants to review it now; else this week."""
    if not world.is_interactive or world.today().weekday() > LAST_DAY_FOR_REVIEW:
        return week
    missed = reviews.load_review(world.open_journal(), week, world.today(), world.schedule).unreviewed_week
    return missed if missed and offer_last_week(world) else week


def _show_review(world: World, period: Period, form: OutputFormat, *, numbers: bool, asks: Callable[[], bool]) -> None:
    """Show a review. The findings of recent weeks depend on which ones a terminal showed before."""
    today = world.today()
    is_recent_week = period.unit is Unit.WEEK and not is_long_over(period, today)
    file = world.showings_file(form) if is_recent_week else None
    loaded = reviews.load_review(world.open_journal(), period, today, world.schedule, read_showings(file))
    former_value = _find_unshown_former_value(world, form)
    world.show(
        views.REVIEW_WITH_NUMBERS if numbers else views.REVIEW,
        replace(loaded, former_value=former_value),
        form,
        closing=views.REVIEW_CLOSING,
        stays_on_screen=asks,
    )
    write_showings(file, loaded.listed_findings, loaded.place)
    if former_value and (file := world.showings_file(form)):
        write_former_value_shown(file, today)


def _find_unshown_former_value(world: World, form: OutputFormat) -> FormerValue | None:
    """Return what no longer counts as value, unless a review on a terminal said so before."""
    file = world.showings_file(form)
    if file is None or was_former_value_shown(file):
        return None
    return reviews.count_former_value(world.open_journal())


def trend(
    ctx: typer.Context,
    length: Annotated[
        list[str] | None, typer.Argument(metavar="[N]", help="Number of weeks, or 6 months.", show_default=False)
    ] = None,
    *,
    weeks: Annotated[
        int | None,
        typer.Option(metavar="N", parser=parse_count("--weeks", MAX_WEEKS), help="Number of weeks.", show_default="12"),
    ] = None,
    months: Annotated[
        int | None,
        typer.Option(
            metavar="N", parser=parse_count("--months", MAX_MONTHS), help="Number of months, instead of weeks."
        ),
    ] = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Compare the last four weeks with those before.

    Example: valuelog trend · valuelog trend 26 · valuelog trend --months 12
    """
    world: World = ctx.obj
    if sum(map(bool, (length, weeks, months))) > 1:
        raise ConflictingOptions("You gave more than one length.", "Choose one: N, --weeks or --months.")
    if length:
        weeks, months = parse_trend_length(" ".join(length))
    unit, count = (Unit.MONTH, months) if months else (Unit.WEEK, weeks or 12)
    loaded = reviews.load_trend(world.open_journal(), unit, count, world.today(), world.schedule)
    world.show(views.TREND, loaded, output_format(json=json, plain=plain))


class ColorBy(StrEnum):
    """What the color of a day shows."""

    SHARE = "share"
    COUNT = "count"


def _parse_color_by(value: str) -> ColorBy:
    if value not in set(ColorBy):
        raise UnknownChoice("color scale", value, ColorBy)
    return ColorBy(value)


def calendar(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="[YEAR]", help="The year; this year by default.")] = None,
    *,
    by: Annotated[
        ColorBy,
        typer.Option(
            metavar="share|count",
            parser=_parse_color_by,
            autocompletion=candidates.color_scales,
            help="What a cell shows: the share of value or the number of entries.",
        ),
    ] = ColorBy.SHARE,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Color it by the share of value or, with --by count, by the number of entries.

    Example: valuelog calendar · valuelog calendar 2025 --by count
    """
    world: World = ctx.obj
    today = world.today()
    year = _parse_year(words, today)
    loaded = reviews.load_year(world.open_journal(), year, today, world.schedule, by_count=by is ColorBy.COUNT)
    world.show(views.CALENDAR, loaded, output_format(json=json, plain=plain))


def _parse_year(words: list[str] | None, today: date) -> Period:
    """Parse a year, or a period of which most days are in that year. Raises FutureDay."""
    period = parse_period(words, today) or period_containing(today, Unit.YEAR)
    middle = period.start + timedelta(days=period.length // 2)  # the first week of a year may start in the one before
    return require_started(period_containing(middle, Unit.YEAR), today)
