"""Completion candidates: kinds, ids with their text, people, tags, projects, periods and other words.

`valuelog.cli.completion` asks for them and formats them for each shell. If the journal can't be read, there are none.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import typer

from valuelog.model.entry import VALUE_KINDS, Impact, Kind, Side
from valuelog.model.errors import ValuelogError
from valuelog.model.period import WEEKDAY_NAMES
from valuelog.model.question import KINDS
from valuelog.model.text import first_line
from valuelog.model.trade import Vocabulary, trade_words
from valuelog.render.escape import escape_line

if TYPE_CHECKING:
    from valuelog.cli.world import World
    from valuelog.journal.store import Journal
    from valuelog.workflows.confirmation import Entity

MAX_IDS = 200
"""How many ids are offered, the latest first."""

MAX_DESCRIPTION_LENGTH = 60
"""How many characters of its text describe an id."""

UNITS = ("week", "month", "quarter", "year")
"""Options whose value is a period."""

DAY_WORDS = ("today", "yesterday")

PERIOD_WORDS = (*DAY_WORDS, *(f"{which} {unit}" for unit in UNITS for which in ("this", "last")))

DUE_WORDS = ("tomorrow", "today", *WEEKDAY_NAMES, *(f"{which} {unit}" for unit in UNITS for which in ("this", "next")))

OTHER_SEARCH_KINDS = ("pain", "promise", "project", "reflection", "off")
"""What can be searched, apart from the kinds of entries."""

COLORS = ("auto", "always", "never")

NO_IMPACT = "none"
"""The word that clears the impact of an entry."""

SHELLS = ("bash", "zsh", "fish")
"""Shells with a login hook and a completion script."""

FILES_MARKER = "\0files"
"""Suffix of the only candidate if the shell should complete a file name itself."""

Candidates: TypeAlias = Iterable[str | tuple[str, str]]
"""Words, or pairs of a word and its description."""


def _matching(candidates: Candidates, incomplete: str) -> Iterator[str | tuple[str, str]]:
    prefix = incomplete.lower()
    for candidate in candidates:
        word = candidate if isinstance(candidate, str) else candidate[0]
        if word.startswith(prefix):
            yield candidate


def _from_list(words: Iterable[str]) -> Callable[[str], Candidates]:
    """Return a function that offers words from a fixed list."""
    fixed = tuple(map(str, words))
    return lambda incomplete: list(_matching(fixed, incomplete))


def _from_journal(ctx: typer.Context, incomplete: str, load: "Callable[[Journal], Candidates]") -> Candidates:
    """Offer what `load` reads from the journal that --journal names."""
    world: World = ctx.obj
    world.flags = world.flags._replace(journal=ctx.find_root().params.get("journal"))
    try:
        return list(_matching(load(world.open_journal()), incomplete))
    except ValuelogError:
        return []


def files(incomplete: str) -> Candidates:
    """Let the shell complete a file name."""
    return [f"{incomplete}{FILES_MARKER}"]


colors = _from_list(COLORS)
color_scales = _from_list(("share", "count"))
shells = _from_list(SHELLS)
kinds = _from_list(KINDS)
entry_kinds = _from_list(Kind)
search_kinds = _from_list((*Kind, *OTHER_SEARCH_KINDS))
value_kinds = _from_list(kind for kind in Kind if kind in VALUE_KINDS)
sides = _from_list(Side)
impacts = _from_list(Impact)
audiences = _from_list(("manager", "exec", "self"))
edited_impacts = _from_list((*Impact, NO_IMPACT))
days = _from_list((*DAY_WORDS, *WEEKDAY_NAMES))
due_days = _from_list(DUE_WORDS)
weeks, months, quarters, years = (
    _from_list(name for name in PERIOD_WORDS if name.endswith(f" {unit}")) for unit in UNITS
)


def effects(incomplete: str) -> Candidates:
    """Offer the ways in which something is better."""
    return _from_vocabulary(trade_words().effects, incomplete)


def beneficiaries(incomplete: str) -> Candidates:
    """Offer those who may benefit."""
    return _from_vocabulary(trade_words().beneficiaries, incomplete)


def _from_vocabulary(vocabulary: Vocabulary, incomplete: str) -> Candidates:
    """Offer the user's words; keys that have such a word only if the beginning of one is typed."""
    words = list(_matching(map(vocabulary.choice, vocabulary.keys), incomplete))
    return words or list(_matching(vocabulary.keys, incomplete))


def periods(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer periods; after the first word of one, the words that may follow it."""
    words, units = ctx.params.get("words") or [], [unit for unit in UNITS if ctx.params.get(unit)]
    typed = " ".join([*(words or (ctx.params[unit] for unit in units)), ""])
    possible = [name for name in PERIOD_WORDS if words or not units or name.endswith(f" {units[0]}")]
    return list(_matching((name.removeprefix(typed) for name in possible if name.startswith(typed)), incomplete))


def sources(incomplete: str) -> Candidates:
    """Offer the sources of drafts."""
    from valuelog.sources import list_source_names  # noqa: PLC0415  only for completion

    return list(_matching(list_source_names(), incomplete))


def entry_sources(incomplete: str) -> Candidates:
    """Offer the sources of entries."""
    return list(_matching(list_entry_sources(), incomplete))


def list_entry_sources() -> tuple[str, ...]:
    """Return the sources that entries can have: sources of drafts, and formats that can be imported."""
    from valuelog.exchange import READABLE_FORMATS  # noqa: PLC0415  only for completion and an empty list
    from valuelog.sources import list_source_names  # noqa: PLC0415

    return tuple(dict.fromkeys((*list_source_names(), *READABLE_FORMATS)))


def questions(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the ids of the questions that an evening can ask."""
    from valuelog.cli.settings.questions import known_question_ids  # noqa: PLC0415  only for completion

    world: World = ctx.obj
    try:
        return list(_matching(known_question_ids(world.settings), incomplete))
    except ValuelogError:
        return []


def import_formats(incomplete: str) -> Candidates:
    """Offer the formats that can be imported."""
    from valuelog.exchange import READABLE_FORMATS  # noqa: PLC0415  only for completion

    return list(_matching(READABLE_FORMATS, incomplete))


def export_formats(incomplete: str) -> Candidates:
    """Offer the formats that can be exported."""
    from valuelog.exchange import WRITABLE_FORMATS  # noqa: PLC0415  only for completion

    return list(_matching((*WRITABLE_FORMATS, "markdown"), incomplete))


def settings(incomplete: str) -> Candidates:
    """Offer the names of settings."""
    from valuelog.cli.settings.sources import all_settings  # noqa: PLC0415  only TAB pays for it

    return list(_matching((setting.name for setting in all_settings()), incomplete))


def entity_ids(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the ids of the latest entries and of open pain points and promises."""
    from valuelog.workflows.lookup import list_latest_entities  # noqa: PLC0415  only for completion

    return _from_journal(ctx, incomplete, lambda journal: _with_descriptions(list_latest_entities(journal, MAX_IDS)))


def claims(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the ids of value entries without evidence, the largest first."""
    from valuelog.workflows.evidence import default_period, list_claims  # noqa: PLC0415  only for completion

    if ctx.params.get("target"):
        return []
    period = default_period(ctx.obj.today())
    return _from_journal(ctx, incomplete, lambda journal: _with_descriptions(list_claims(journal, period)[:MAX_IDS]))


def pains(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the ids of open pain points."""
    from valuelog.journal.pains import list_open_pains  # noqa: PLC0415  only for completion

    return _from_journal(ctx, incomplete, lambda journal: _with_descriptions(list_open_pains(journal, limit=MAX_IDS)))


def promises(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the ids of open promises."""
    from valuelog.journal.promises import list_open_promises  # noqa: PLC0415  only for completion

    return _from_journal(ctx, incomplete, lambda journal: _with_descriptions(list_open_promises(journal)))


def finding_rules(incomplete: str) -> Candidates:
    """Offer the ids of the rules of findings."""
    from valuelog.analysis.findings import RULES  # noqa: PLC0415  only for completion

    return list(_matching((rule.id for rule in RULES), incomplete))


def recurrences(incomplete: str) -> Candidates:
    """Offer how often something can repeat."""
    words = ("week", "month", "year", "2 weeks", "last day of the month", *WEEKDAY_NAMES)
    return list(_matching((*words, *(f"other {name}" for name in WEEKDAY_NAMES)), incomplete))


def promise_kinds(incomplete: str) -> Candidates:
    """Offer the kinds of promises."""
    from valuelog.model.promise import PromiseKind  # noqa: PLC0415  only for completion

    return list(_matching(map(str, PromiseKind), incomplete))


def people(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the people in the journal, by their main name."""
    from valuelog.journal.entries import list_people_and_tags  # noqa: PLC0415  only for completion

    world: World = ctx.obj

    def load(journal: "Journal") -> Candidates:
        return dict.fromkeys(world.schedule.aliases.get(name, name) for name in list_people_and_tags(journal)[0])

    return _from_journal(ctx, incomplete.lstrip("@"), load)


def tags(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the tags in the journal, by their main name."""
    from valuelog.journal.entries import list_people_and_tags  # noqa: PLC0415  only for completion

    world: World = ctx.obj

    def load(journal: "Journal") -> Candidates:
        return dict.fromkeys(world.schedule.tag_aliases.get(name, name) for name in list_people_and_tags(journal)[1])

    return _from_journal(ctx, incomplete.lstrip("#"), load)


def aliases(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the aliases of people, or of tags for `tags`."""
    world: World = ctx.obj
    is_tag = ctx.parent is not None and ctx.parent.info_name == "tags"
    try:
        return list(
            _matching(world.schedule.tag_aliases if is_tag else world.schedule.aliases, incomplete.lstrip("@#"))
        )
    except ValuelogError:
        return []


def project_names(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the slugs of all projects."""
    from valuelog.journal.projects import list_slugs  # noqa: PLC0415  only for completion

    return _from_journal(ctx, incomplete, list_slugs)


def open_projects(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the slugs of open projects."""
    from valuelog.journal.projects import list_projects  # noqa: PLC0415  only for completion

    return _from_journal(
        ctx, incomplete, lambda journal: [project.slug for project in list_projects(journal, only_open=True)]
    )


def ended_projects(ctx: typer.Context, incomplete: str) -> Candidates:
    """Offer the slugs of closed and dropped projects."""
    from valuelog.journal.projects import list_projects  # noqa: PLC0415  only for completion

    def load(journal: "Journal") -> Candidates:
        return [project.slug for project in list_projects(journal, only_open=False) if project.state != "open"]

    return _from_journal(ctx, incomplete, load)


def _with_descriptions(entities: "Iterable[Entity]") -> Candidates:
    return [(entity.id, _describe(entity.text)) for entity in entities]


def _describe(text: str) -> str:
    """Return the start of a text on one line, without control characters."""
    return escape_line(first_line(text))[:MAX_DESCRIPTION_LENGTH].strip()
