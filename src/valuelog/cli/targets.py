"""What a command is about if no id names it: an entity with some words in its text, or one picked from a list."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import typer

from valuelog.cli.candidates import MAX_IDS
from valuelog.cli.typer_internals import AnyContext, read_usage_error
from valuelog.journal import entries, pains, projects, promises
from valuelog.journal.entries import Selection
from valuelog.journal.references import find_by_words, is_known_id
from valuelog.journal.store import ADDRESSABLE_ENTITIES, Journal
from valuelog.model.entry import VALUE_KINDS, Entry, Kind, Side
from valuelog.model.errors import ValuelogError
from valuelog.model.kind_words import KIND_NOTES
from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day
from valuelog.model.project import Project
from valuelog.model.promise import Promise
from valuelog.workflows.prompter import format_option

if TYPE_CHECKING:
    from datetime import date

    from valuelog.cli.world import World

    Entity = Entry | PainPoint | Project | Promise


class NothingToPick(ValuelogError):
    """There is nothing that a command could be about."""

    def __init__(self, what: str) -> None:
        """Name what there is none of."""
        super().__init__(f"There is no {what} to choose.", "See: valuelog list")


def _latest_entries(journal: Journal) -> "Sequence[Entity]":
    return entries.select(journal, Selection(), limit=MAX_IDS)[::-1]


def _promotable_entries(journal: Journal) -> "Sequence[Entity]":
    kinds = tuple(kind for kind in Kind if kind.side is not Side.VALUE)
    return entries.select(journal, Selection(kinds=kinds), limit=MAX_IDS)[::-1]


def _open_pains(journal: Journal) -> "Sequence[Entity]":
    return pains.list_open_pains(journal, limit=MAX_IDS)


def _all_pains(journal: Journal) -> "Sequence[Entity]":
    return (*_open_pains(journal), *pains.list_recently_closed_pains(journal, limit=MAX_IDS))


def _open_promises(journal: Journal) -> "Sequence[Entity]":
    return promises.list_open_promises(journal)


def _open_projects(journal: Journal) -> "Sequence[Entity]":
    return projects.list_projects(journal, only_open=True)


def _all_projects(journal: Journal) -> "Sequence[Entity]":
    return sorted(projects.list_projects(journal, only_open=False), key=lambda project: project.state != "open")


def _ended_projects(journal: Journal) -> "Sequence[Entity]":
    return [project for project in projects.list_projects(journal, only_open=False) if project.state != "open"]


def _everything(journal: Journal) -> "Sequence[Entity]":
    return (*_latest_entries(journal), *_all_pains(journal), *_open_promises(journal), *_all_projects(journal))


class Target(NamedTuple):
    """What a command is about.

    `parameter` holds the id, or ids and more words; `what` names it, and `load` returns what to pick from. Words may
    name one of `entities`. `rest` is the parameter with the words behind the id. `is_plural` allows several.
    """

    parameter: str
    what: str
    load: "Callable[[Journal], Sequence[Entity]]"
    entities: tuple[str, ...]
    rest: str = ""
    is_plural: bool = False


def _value_entries(journal: Journal) -> "Sequence[Entity]":
    return entries.select(journal, Selection(side=Side.VALUE), limit=MAX_IDS)[::-1]


_ENTRY, _PAIN, _PROJECT, _PROMISE = ("entry",), ("pain",), ("project",), ("promise",)

_RESULT = Target("target", "result", _value_entries, _ENTRY, "text")

TARGETS = {
    "show": Target("entity_id", "entry", _everything, ADDRESSABLE_ENTITIES),
    "edit": Target("entry_id", "entry", _latest_entries, _ENTRY, "text"),
    "delete": Target("entity_ids", "entry", _everything, ADDRESSABLE_ENTITIES, is_plural=True),
    "promote": Target("entry_id", "entry", _promotable_entries, _ENTRY),
    "pain show": Target("pain_id", "pain point", _all_pains, _PAIN),
    "pain seen": Target("pain_id", "open pain point", _open_pains, _PAIN, "text"),
    "pain edit": Target("pain_id", "pain point", _all_pains, _PAIN, "text"),
    "pain plan": Target("pain_id", "open pain point", _open_pains, _PAIN, "step"),
    "pain fix": Target("words", "open pain point", _open_pains, _PAIN, is_plural=True),
    "pain drop": Target("pain_id", "open pain point", _open_pains, _PAIN, "why"),
    "pain merge": Target("pain_id", "pain point", _open_pains, _PAIN),
    "project show": Target("name", "project", _all_projects, _PROJECT),
    "project edit": Target("name", "project", _all_projects, _PROJECT),
    "project measure": Target("name", "project", _all_projects, _PROJECT, "value"),
    "project close": Target("name", "open project", _open_projects, _PROJECT),
    "project drop": Target("name", "open project", _open_projects, _PROJECT, "why"),
    "project reopen": Target("name", "project that ended", _ended_projects, _PROJECT),
    "promise keep": Target("promise_id", "open promise", _open_promises, _PROMISE),
    "promise break": Target("promise_id", "open promise", _open_promises, _PROMISE),
    "promise carry": Target("promise_id", "open promise", _open_promises, _PROMISE),
    "promise drop": Target("promise_id", "open promise", _open_promises, _PROMISE),
}
"""What each command is about, by its words."""


def _find_target(ctx: AnyContext) -> Target | None:
    return TARGETS.get(ctx.command_path.partition(" ")[2])


# Words of its text


def accept_words(ctx: AnyContext) -> None:
    """Replace words that name one entity with its id, in the parameters of a command. Raises AmbiguousWords."""
    target = _find_target(ctx)
    if target is None or ctx.params.get("purge"):
        return
    value = ctx.params[target.parameter]
    words = (value,) if isinstance(value, str) else tuple(value)
    behind = tuple(ctx.params.get(target.rest) or ()) if target.rest else tuple(ctx.args)
    journal = ctx.obj.open_journal()
    if words and not _is_known(journal, target, words[0]):
        words, behind = _replace_words(journal, target, words, behind)
    ctx.params[target.parameter] = words[0] if isinstance(value, str) else words
    if target.rest:
        ctx.params[target.rest] = behind
    else:
        ctx.args[:] = behind


def _is_known(journal: Journal, target: Target, word: str) -> bool:
    is_name = target.entities == _PROJECT and projects.find_id_by_any_name(journal, word)
    return bool(is_name) or is_known_id(journal, word)


def _replace_words(
    journal: Journal, target: Target, words: tuple[str, ...], behind: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words and those behind them, with an id for all of them, or for those before a quoted text.

    Of several things, each is quoted.
    """
    find = partial(find_by_words, journal)
    if target.is_plural and len(words) > 1 and " " in words[0]:
        return tuple((" " in word and find(word, *target.entities)) or word for word in words), behind
    *named, text = every = (*words, *behind)
    if entity_id := find(" ".join(every), *target.entities):
        return (entity_id,), ()
    is_text = " " in text or text[:1].isdecimal()
    if named and is_text and (entity_id := find(" ".join(named), *target.entities)):
        return ((entity_id,), (text,)) if target.rest else ((entity_id, text), ())
    return words, behind


def split_result(world: "World", words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the id of the entry that some words begin with or name, and the words behind it. Raises AmbiguousWords."""
    journal = world.open_journal()
    named, behind = tuple(words[:1]), tuple(words[1:])
    if not is_known_id(journal, words[0]):
        named, behind = _replace_words(journal, _RESULT, named, behind)
    return named[0], list(behind)


# Picked from a list


def pick_missing(ctx: AnyContext, error: typer.TyperException) -> str | None:
    """Ask for the argument that a usage error misses; None if it is about something else or nobody can answer."""
    world, missing, target = ctx.obj, read_usage_error(error).missing, _find_target(ctx)
    if missing is None or target is None or not world.can_prompt:
        return None
    if missing.name == "kind":
        return _ask_value_kind(world)
    if missing.name not in {target.parameter, "into"}:
        return None
    first = ctx.params.get(target.parameter)
    listed = target.load(world.open_journal())
    known = first if missing.name == "into" and isinstance(first, str) else ""
    return pick(world, target.what, [each for each in listed if not known or not each.id.startswith(known)])


def _ask_value_kind(world: "World") -> str:
    notes = [KIND_NOTES[kind] for kind in VALUE_KINDS]
    kinds = tuple(map(str, VALUE_KINDS))
    return str(world.require_prompter("").choose("what is it?", kinds, str(Kind.IMPROVEMENT), notes))


def pick_result(world: "World") -> str:
    """Ask for a value entry; return its id. Raises NothingToPick."""
    return pick(world, _RESULT.what, _RESULT.load(world.open_journal()))


def pick(world: "World", what: str, listed: "Iterable[Entity]") -> str:
    """Ask for one of some entities; return its id. Raises NothingToPick."""
    offered = list(listed)
    if not offered:
        raise NothingToPick(what)
    today = world.today()
    options = [f"{format_option(_title(each))}\t{_describe(each, today)}" for each in offered]
    return offered[world.require_prompter("").pick(f"Which {what}?", options)].id


def _title(entity: "Entity") -> str:
    return entity.name if isinstance(entity, Project) else entity.headline if isinstance(entity, Entry) else entity.text


def _describe(entity: "Entity", today: "date") -> str:
    """Return what tells an entity from others with a similar text."""
    match entity:
        case Entry():
            return f"{entity.kind} · {format_day(entity.day, today)}"
        case PainPoint():
            return f"pain point · {format_day(entity.last_seen, today)}"
        case Promise():
            return f"{entity.kind} · by {format_day(entity.due, today)}"
        case _:
            return f"project · {entity.state}"
