"""`valuelog` alone: where one stands. Never asks."""

from valuelog.cli.options import form
from valuelog.cli.world import World
from valuelog.workflows.status import stand as stood


def stand(world: World, *, json: bool, plain: bool) -> None:
    """Show today, the week so far, one finding and the next step."""
    found = stood(world.journal(), world.today(), world.schedule)
    world.show("status", found, form(json=json, plain=plain))
