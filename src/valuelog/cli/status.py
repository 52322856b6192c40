"""`valuelog` alone: where one stands. Never asks."""

from valuelog.cli.options import output_format
from valuelog.cli.world import World
from valuelog.workflows.status import stand as stood


def show_status(world: World, *, json: bool, plain: bool) -> None:
    """Show today, the week so far, one finding and the next step."""
    found = stood(world.open_journal(), world.today(), world.schedule)
    world.show("status", found, output_format(json=json, plain=plain))
