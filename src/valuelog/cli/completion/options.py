"""`--install-completion`, `--uninstall-completion` and `--show-completion`: show, ask, then change files."""

from collections.abc import Sequence

from valuelog.cli.completion import read_script
from valuelog.cli.completion.install import (
    Change,
    apply_changes,
    describe_changes,
    kept_line,
    parse_shell,
    plan_installation,
    plan_removal,
)
from valuelog.cli.world import World
from valuelog.model.errors import BadInput
from valuelog.render.escape import escape_line


class CannotAsk(BadInput):
    """Files that aren't valuelog's own would be changed without a question."""

    def __init__(self, by_hand: str) -> None:
        """Say how to do it by hand."""
        super().__init__("Can't prompt: there is no terminal, or --no-input is set. Nothing was changed.", by_hand)


def show_completion(world: World, word: str) -> None:
    """Print the script of a shell. Raises UnknownChoice."""
    world.write_stdout(read_script(parse_shell(word, world.environ)))


def install_completion(world: World, word: str) -> None:
    """Set up completion for a shell, after asking. Raises ValuelogError."""
    shell = parse_shell(word, world.environ)
    changes = plan_installation(shell, world.environ, world.today())
    if not changes:
        world.write_stderr(f"Completion for {shell} is already installed. Remove it: valuelog --uninstall-completion")
        return
    by_hand = f"Do it by hand: valuelog --show-completion {shell} > FILE, and load FILE when {shell} starts."
    if _confirm(world, f"Complete valuelog with Tab in {shell}:", changes, by_hand):
        apply_changes(changes)
        world.write_stderr(f"Installed. Open a new {shell} to use it. Undo: valuelog --uninstall-completion")


def uninstall_completion(world: World) -> None:
    """Remove completion from all shells, after asking. Raises ValuelogError."""
    changes = plan_removal(world.environ)
    if line := kept_line(world.environ):
        world.write_stderr(f"This line stays, because other programs need it, too: {line}")
    if not changes:
        world.write_stderr("Completion isn't installed. Nothing was changed.")
    elif _confirm(world, "Remove completion:", changes, "Remove by hand what is listed above."):
        apply_changes(changes)
        world.write_stderr("Removed. Shells that are open keep it until they end.")


def _confirm(world: World, heading: str, changes: Sequence[Change], by_hand: str) -> bool:
    """Show changes and ask whether to make them; say so if the answer is no. Raises CannotAsk."""
    world.write_stderr(heading)
    for line in describe_changes(changes):
        world.stderr.write(f"  {escape_line(line)}\n")  # never wrapped, so that it can be copied
    if not world.can_prompt:
        raise CannotAsk(by_hand)
    is_confirmed = world.require_prompter("").confirm("Go ahead?", default=False)
    if not is_confirmed:
        world.write_stderr("Nothing was changed.")
    return is_confirmed
