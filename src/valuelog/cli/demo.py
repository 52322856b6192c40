"""`demo`: what a full journal looks like, without touching yours."""

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
    """Make up twelve weeks in a throwaway journal and show their Friday review. Touches nothing of yours.

    Example: valuelog demo
    """
    world: World = ctx.obj
    today = world.today()
    with tempfile.TemporaryDirectory(prefix="valuelog-demo-") as folder:
        journal = open_journal(Path(folder) / "journal.db", "demo", world.now, write=True)
        fill_journal(journal, today, world.now())
        found = reviews.load_review(journal, week_of(today), today, world.schedule)
        journal.close()
    world.show(views.REVIEW, found, output_format(json=json, plain=plain))
    world.write_stderr("\nThis was made-up data, already deleted. Start your own journal: valuelog today")
