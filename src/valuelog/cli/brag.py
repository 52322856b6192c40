"""When it counts: brag, brief."""

import typer

from valuelog.cli.options import (
    Force,
    Html,
    Json,
    Markdown,
    Month,
    Open,
    Page,
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
from valuelog.cli.world import World
from valuelog.model.period import Unit, period_containing
from valuelog.render import Form
from valuelog.workflows import evidence


def brag(
    ctx: typer.Context,
    words: Words = None,
    *,
    week: Week = None,
    month: Month = None,
    quarter: Quarter = None,
    year: Year = None,
    json: Json = False,
    plain: Plain = False,
    markdown: Markdown = False,
    html: Html = None,
    opened: Open = False,
    force: Force = False,
) -> None:
    """Collect the evidence for a review or a promotion: this quarter, or any other period. Markdown in a pipe.

    Example: valuelog brag > quarter.md · valuelog brag 2026-Q3 · valuelog brag --year --html year.html
    """
    world: World = ctx.obj
    today = world.today()
    found = period(words, today, week=week, month=month, quarter=quarter, year=year) or period_containing(
        today, Unit.QUARTER
    )
    page = page_of(world, f"brag-{found.name}", html, opened=opened, force=force)
    shape = _form(world, json=json, plain=plain, markdown=markdown, page=page)
    shown = evidence.brag(world.journal(), begun(found, today), today, world.schedule)
    if page:
        from valuelog.cli.pages import leave_page  # noqa: PLC0415  few want a page

        leave_page(world, "brag", shown, page)
    else:
        world.show("brag", shown, shape)


def brief(
    ctx: typer.Context,
    words: Words = None,
    *,
    week: Week = None,
    month: Month = None,
    quarter: Quarter = None,
    year: Year = None,
    json: Json = False,
    plain: Plain = False,
    markdown: Markdown = False,
) -> None:
    """Find talking points for a one-to-one or a meeting: what was noticed, what it could mean, what you propose.

    Of the last four weeks, or of any other period; at most seven. Markdown in a pipe. An insight that you write in
    three lines or sentences says all three.

    Example: valuelog brief · valuelog brief --month last
    """
    world: World = ctx.obj
    today = world.today()
    found = period(words, today, week=week, month=month, quarter=quarter, year=year) or evidence.lately_until(today)
    shown = evidence.brief(world.journal(), begun(found, today), today, world.schedule)
    world.show("brief", shown, _form(world, json=json, plain=plain, markdown=markdown))


def _form(world: World, *, json: bool, plain: bool, markdown: bool, page: Page | None = None) -> Form:
    """Return how an answer is wanted: unless that is said, Markdown where it leaves the terminal."""
    wanted = form(json=json, plain=plain, markdown=markdown, page=page)
    stays = world.stdout.isatty() or world.flags.color == "always"
    return wanted if stays or wanted is not Form.TERMINAL else Form.MARKDOWN
