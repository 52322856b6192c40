"""What could stand somewhere on a command line: kinds, ids with their text, people, tags, projects and periods.

How shells ask for it and what they are answered, `valuelog.cli.completion` knows.

A completion that fails offers nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import typer

from valuelog.model.entry import VALUE_KINDS, Beneficiary, Effect, Kind, Side
from valuelog.model.errors import ValuelogError
from valuelog.model.period import WEEKDAY_NAMES
from valuelog.model.question import KINDS
from valuelog.model.text import first_line
from valuelog.render.escape import escape_line

if TYPE_CHECKING:
    from valuelog.cli.world import World
    from valuelog.journal.store import Journal
    from valuelog.workflows.confirmation import Entity

MAX_IDS = 200
"""Of so many entries the ids are offered."""

MAX_DESCRIPTION = 60
"""How much of a text explains an id."""

UNITS = ("week", "month", "quarter", "year")
"""The options that name a period of theirs."""

DAY_WORDS = ("today", "yesterday")

PERIOD_WORDS = (*DAY_WORDS, *(f"{which} {unit}" for unit in UNITS for which in ("this", "last")))

DUE_WORDS = ("tomorrow", "today", *WEEKDAY_NAMES, *(f"{which} {unit}" for unit in UNITS for which in ("this", "next")))
"""Until when something can be due."""

FILES_MARKER = "\0files"
"""Ends what is offered where the name of a file is wanted: the shell knows those best."""

COLORS = ("auto", "always", "never")

Candidates = Iterable[str | tuple[str, str]]


def _matching(offer: Candidates, incomplete: str) -> Iterator[str | tuple[str, str]]:
    wanted = incomplete.lower()
    for one in offer:
        name = one if isinstance(one, str) else one[0]
        if name.startswith(wanted):
            yield one


def _from_journal(ctx: typer.Context, incomplete: str, found: "Callable[[Journal], Candidates]") -> Candidates:
    world: World = ctx.obj
    world.flags = world.flags._replace(journal=ctx.find_root().params.get("journal"))
    try:
        return list(_matching(found(world.open_journal()), incomplete))
    except ValuelogError:
        return []


def files(incomplete: str) -> Candidates:
    """Offer the files of this folder, which the shell knows."""
    return [f"{incomplete}{FILES_MARKER}"]


def _from_list(words: Iterable[str]) -> Callable[[str], Candidates]:
    """Offer words out of a list that is known from the start."""
    every = tuple(map(str, words))
    return lambda incomplete: list(_matching(every, incomplete))


colors = _from_list(COLORS)
color_scales = _from_list(("share", "count"))
kinds = _from_list(KINDS)
entry_kinds = _from_list(Kind)
value_kinds = _from_list(kind for kind in Kind if kind in VALUE_KINDS)
sides = _from_list(Side)
effects = _from_list(Effect)
beneficiaries = _from_list(Beneficiary)
days = _from_list((*DAY_WORDS, *WEEKDAY_NAMES))
due_days = _from_list(DUE_WORDS)
weeks, months, quarters, years = (
    _from_list(name for name in PERIOD_WORDS if name.endswith(f" {unit}")) for unit in UNITS
)


def periods(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer ranges of days; of one that was begun with some words, the words that are left."""
    words, named = ctx.params.get("words") or [], [unit for unit in UNITS if ctx.params.get(unit)]
    begun = " ".join([*(words or (ctx.params[unit] for unit in named)), ""])
    possible = [name for name in PERIOD_WORDS if words or not named or name.endswith(f" {named[0]}")]
    return list(_matching((name.removeprefix(begun) for name in possible if name.startswith(begun)), incomplete))


def sources(incomplete: str) -> Candidates:
    """Offer sources of drafts."""
    from valuelog.sources import list_source_names  # noqa: PLC0415  only TAB pays for it

    return list(_matching(list_source_names(), incomplete))


def entry_sources(incomplete: str) -> Candidates:
    """Offer where entries can come from."""
    return list(_matching(list_entry_sources(), incomplete))


def list_entry_sources() -> tuple[str, ...]:
    """Return where entries can come from: sources, and formats that are imported."""
    from valuelog.exchange import READABLE_FORMATS  # noqa: PLC0415  only TAB pays for it, and a filter that finds nothing
    from valuelog.sources import list_source_names  # noqa: PLC0415

    return tuple(dict.fromkeys((*list_source_names(), *READABLE_FORMATS)))


def import_formats(incomplete: str) -> Candidates:
    """Offer formats that can be imported."""
    from valuelog.exchange import READABLE_FORMATS  # noqa: PLC0415  only TAB pays for it

    return list(_matching(READABLE_FORMATS, incomplete))


def export_formats(incomplete: str) -> Candidates:
    """Offer formats that can be exported."""
    from valuelog.exchange import WRITABLE_FORMATS  # noqa: PLC0415  only TAB pays for it

    return list(_matching((*WRITABLE_FORMATS, "markdown"), incomplete))


def settings(incomplete: str) -> Candidates:
    """Offer the names of settings."""
    from valuelog.cli.settings.sources import all_settings  # noqa: PLC0415  only TAB pays for it

    return list(_matching((setting.name for setting in all_settings()), incomplete))


def shells(incomplete: str) -> Candidates:
    """Offer the shells that have a hook."""
    from valuelog.cli.hooks import SHELLS  # noqa: PLC0415

    return list(_matching(SHELLS, incomplete))


def entity_ids(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the ids of the latest entries and of open pain points, each with its text."""
    from valuelog.workflows.lookup import list_latest_entities  # noqa: PLC0415  only TAB pays for it

    return _from_journal(ctx, incomplete, lambda journal: _with_descriptions(list_latest_entities(journal, MAX_IDS)))


def pains(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the ids of what hurts, each with its text."""
    from valuelog.journal.pains import list_open_pains  # noqa: PLC0415

    return _from_journal(ctx, incomplete, lambda journal: _with_descriptions(list_open_pains(journal, limit=MAX_IDS)))


def promises(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the ids of the promises to keep, each with its text."""
    from valuelog.journal.promises import list_open_promises  # noqa: PLC0415

    return _from_journal(ctx, incomplete, lambda journal: _with_descriptions(list_open_promises(journal)))


def promise_kinds(incomplete: str) -> Candidates:
    """Offer what can be promised."""
    from valuelog.model.promise import PromiseKind  # noqa: PLC0415  only TAB pays for it

    return list(_matching(map(str, PromiseKind), incomplete))


def people(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer everyone the journal knows."""
    from valuelog.journal.entries import list_people_and_tags  # noqa: PLC0415

    world: World = ctx.obj

    def found(journal: "Journal") -> Candidates:
        return dict.fromkeys(world.schedule.aliases.get(name, name) for name in list_people_and_tags(journal)[0])

    return _from_journal(ctx, incomplete.lstrip("@"), found)


def tags(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer every tag the journal knows."""
    from valuelog.journal.entries import list_people_and_tags  # noqa: PLC0415

    return _from_journal(ctx, incomplete.lstrip("#"), lambda journal: list_people_and_tags(journal)[1])


def project_names(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer every project."""
    from valuelog.journal.projects import list_slugs  # noqa: PLC0415

    return _from_journal(ctx, incomplete, list_slugs)


def open_projects(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the projects that go on."""
    from valuelog.journal.projects import list_projects  # noqa: PLC0415

    return _from_journal(ctx, incomplete, lambda journal: [one.slug for one in list_projects(journal, only_open=True)])


def ended_projects(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the projects that were closed or given up."""
    from valuelog.journal.projects import list_projects  # noqa: PLC0415

    def found(journal: "Journal") -> Candidates:
        return [one.slug for one in list_projects(journal, only_open=False) if one.state != "open"]

    return _from_journal(ctx, incomplete, found)


def _with_descriptions(things: "Iterable[Entity]") -> Candidates:
    return [(one.id, short_description(one.text)) for one in things]


def short_description(text: str) -> str:
    """Return the beginning of a text; nothing in it acts on a terminal, and no shell reads it as anything but text."""
    return escape_line(first_line(text))[:MAX_DESCRIPTION].strip()
