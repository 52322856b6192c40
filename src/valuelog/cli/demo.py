"""`demo`: show the review of a made-up journal."""

import tempfile
from pathlib import Path

import typer

from valuelog.cli.options import JsonOption, PlainOption, output_format
from valuelog.cli.world import World
from valuelog.journal.store import open_journal
from valuelog.model.period import week_of
from valuelog.render import views
from valuelog.workflows import reviews
from valuelog.workflows.demo import fill_journal


def demo(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Your own journal isn't touched.

    Example: valuelog demo
    """
    world: World = ctx.obj
    today = world.today()
    with tempfile.TemporaryDirectory(prefix="valuelog-demo-") as folder:
        journal = open_journal(Path(folder) / "journal.db", "demo", world.now, write=True)
        fill_journal(journal, today, world.now())
        review = reviews.load_review(journal, week_of(today), today, world.schedule)
        journal.close()
    world.show(views.REVIEW, review, output_format(json=json, plain=plain), closing=views.REVIEW_CLOSING)
    world.write_stderr("\nThis was made-up data, already deleted. Start your own journal: valuelog today")
