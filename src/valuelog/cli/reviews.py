"""Looking back: review, trend, calendar."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from valuelog.cli.options import (
    Contradiction,
    Force,
    Html,
    Json,
    Markdown,
    Month,
    Open,
    Plain,
    Quarter,
    Week,
    Words,
    Year,
    begun,
    form,
    page_of,
    period,
)
from valuelog.cli.weekly_talk import (
    Answers,
    Break,
    Carry,
    Keep,
    Level,
    Reflect,
    Start,
    Step,
    Stop,
    answered,
    given,
    offer,
    write_down,
)
from valuelog.cli.world import World
from valuelog.model.period import Unit, period_containing, week_of
from valuelog.render import Form
from valuelog.workflows import reviews


def review(
    ctx: typer.Context,
    words: Words = None,
    *,
    week: Week = None,
    month: Month = None,
    quarter: Quarter = None,
    year: Year = None,
    reflect: Reflect = None,
    stop: Stop = None,
    start: Start = None,
    step: Step = None,
    level: Level = None,
    keep: Keep = None,
    broken: Break = None,
    carry: Carry = None,
    answers_in: Answers = None,
    json: Json = False,
    plain: Plain = False,
    markdown: Markdown = False,
    html: Html = None,
    opened: Open = False,
    force: Force = False,
) -> None:
    """Set value against work: this week, or any other period. After a week, on a terminal, a few questions ahead.

    Example: valuelog review --week · valuelog review last month · valuelog review --week --stop "the status mail" ·
    valuelog review --quarter --html quarter.html
    """
    world: World = ctx.obj
    today = world.today()
    found = period(words, today, week=week, month=month, quarter=quarter, year=year) or week_of(today)
    wanted = begun(found, today)
    page = page_of(world, f"review-{wanted.name}", html, opened=opened, force=force)
    shape = form(json=json, plain=plain, markdown=markdown, page=page)
    said = given(stop=stop, start=start, step=step, level=level, keep=keep, broken=broken, carry=carry)
    if said or answers_in:
        write_down(world, wanted, [*said, *(answered(world.read(answers_in)) if answers_in else ())])
    if page:
        from valuelog.cli.pages import leave_page  # noqa: PLC0415  few want a page

        leave_page(world, "report", reviews.report(world.journal(), wanted, today, world.schedule), page)
        return
    world.show("review", reviews.review(world.journal(), wanted, today, world.schedule), shape)
    if shape is Form.TERMINAL and not (said or answers_in):
        offer(world, wanted, reflect=reflect)


def trend(
    ctx: typer.Context,
    *,
    weeks: Annotated[int | None, typer.Option(min=1, max=520, help="So many weeks.", show_default="12")] = None,
    months: Annotated[int | None, typer.Option(min=1, max=120, help="So many months instead.")] = None,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Show the share of value over time, and whether the last four weeks differ from those before.

    Example: valuelog trend · valuelog trend --weeks 26 · valuelog trend --months 12
    """
    world: World = ctx.obj
    if weeks and months:
        raise Contradiction("--weeks and --months exclude each other.", "Choose one.")
    unit, count = (Unit.MONTH, months) if months else (Unit.WEEK, weeks or 12)
    found = reviews.course(world.journal(), unit, count, world.today())
    world.show("trend", found, form(json=json, plain=plain))


class By(StrEnum):
    """What the colour of a day stands for."""

    SHARE = "share"
    COUNT = "count"


def calendar(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="[YEAR]", help="The year, this one if left out.")] = None,
    *,
    by: Annotated[By, typer.Option(help="What a cell shows: the share of value, or how many entries.")] = By.SHARE,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Show a year as a heat map, a cell a day.

    Example: valuelog calendar · valuelog calendar 2025 --by count
    """
    world: World = ctx.obj
    today = world.today()
    named = period(words, today) or period_containing(today, Unit.YEAR)
    year = period_containing(
        named.start + timedelta(days=named.length // 2), Unit.YEAR
    )  # the first week may begin in another
    found = reviews.year(world.journal(), begun(year, today), today, world.schedule, by_count=by is By.COUNT)
    world.show("calendar", found, form(json=json, plain=plain))
