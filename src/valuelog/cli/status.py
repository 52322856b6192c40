"""`valuelog` without a command: the status. It never asks."""

from valuelog.analysis.freshness import evening_place
from valuelog.cli.options import output_format
from valuelog.cli.showings import read_showings, write_showings
from valuelog.cli.world import World
from valuelog.render import views
from valuelog.workflows.status import load_status


def show_status(world: World, *, json: bool, plain: bool) -> None:
    """Show today, the week so far, one finding and the next step."""
    world.flags = world.flags._replace(no_input=True)
    form, today = output_format(json=json, plain=plain), world.today()
    file = world.showings_file(form)
    journal = world.open_journal()
    world.mention_newer_backup(journal)
    status = load_status(journal, today, world.schedule, read_showings(file))
    world.show(views.STATUS, status, form)
    write_showings(file, [status.finding] if status.finding else [], evening_place(today))
