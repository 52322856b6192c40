"""`delete --purge`: erase the text of one entity for good, from the journal and every other file of valuelog."""

from functools import partial

from valuelog.cli.leftovers import clear_leftovers
from valuelog.cli.world import World
from valuelog.journal import ids
from valuelog.model.errors import AmbiguousId, BadInput, BadText
from valuelog.render.confirmation import PURGE_WARNING, describe_purge
from valuelog.workflows import purging
from valuelog.workflows.sync_state import folder_of

ERASE_ON_REMOTE = (
    "Your other machines erase it when they sync. On the remote it stays, encrypted, until you run: valuelog sync rekey"
    " --compact"
)


class AmbiguousInScript(BadInput):
    """The beginning of an id, with --confirm, that several ids have."""

    def __init__(self, id_prefix: str) -> None:
        """Name no candidates: their text must not get into the log of a script."""
        super().__init__(
            f"Several ids begin with {id_prefix}. Nothing was erased.", "Give more of it, or the whole id."
        )


def purge_entity(world: World, entity_ids: list[str], *, is_confirmed: bool) -> None:
    """Purge one entity after its id was typed again, or at once if it is confirmed.

    Raises NoTerminal, NotErasedEverywhere or PurgeIncomplete.
    """
    words, *more = dict.fromkeys(entity_ids)
    if more:
        raise BadInput("--purge erases one thing at a time.", "Name one id.")
    if not is_confirmed:
        is_id = words.isascii() and " " not in words  # anything else may be the text itself
        world.require_terminal(f"valuelog delete --purge --confirm {words if is_id else 'ID'}")
    journal = world.open_journal(write=True)
    try:
        entity, entity_id, shown_id = purging.resolve_purgeable(journal, words)
    except AmbiguousId as error:
        raise AmbiguousInScript(words) if is_confirmed else error from None
    if not (is_confirmed or _ask_to_type(world, entity_id, shown_id)):
        world.write_stderr("Nothing was erased.")
        return
    with world.progress_bar("erasing", purging.count_copies(journal)) as report:
        result = purging.purge(journal, entity, entity_id, shown_id, partial(clear_leftovers, world.paths), report)
    for line in describe_purge(result):
        world.write_stderr(line)
    if folder_of(world.paths.sync, world.journal_path).load():
        world.write_stderr(ERASE_ON_REMOTE)
    if result.unreached:
        raise purging.NotErasedEverywhere(shown_id, result.unreached)


def _ask_to_type(world: World, entity_id: str, shown_id: str) -> bool:
    """Return True if the person types the id again."""
    prompter = world.require_prompter("")
    prompter.show_heading(PURGE_WARNING)

    def require_same_id(typed: str) -> None:
        typed_id = typed.strip() if entity_id == shown_id else ids.normalize_id(typed)
        if len(typed_id) < len(shown_id) or not entity_id.startswith(typed_id):
            raise BadText(f"That is not {shown_id}.", "Type it again, or press Enter to keep everything.")

    return bool(prompter.ask_text(f"type {shown_id} to erase it", validate=require_same_id))
