"""People and tags: how often each appears, and which names mean the same."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from valuelog.journal import names
from valuelog.journal.entries import list_people_and_tags
from valuelog.journal.store import Journal
from valuelog.model.entry import people_in
from valuelog.model.errors import BadInput
from valuelog.model.schedule import Schedule
from valuelog.model.text import quote

Aliases = Mapping[str, tuple[str, ...]]
"""The other names of each person or tag, as in the settings."""


class Names(NamedTuple):
    """What is named: `noun` for messages, the sign before a name, and the command."""

    noun: str
    sign: str
    command: str


PEOPLE = Names("person", "@", "people")
TAGS = Names("tag", "#", "tags")


class NameCount(NamedTuple):
    """How often a name appears: entries, value entries, entries of help; pain points for people, people for tags."""

    name: str
    entries: int
    value: int
    helped: int
    first: date
    last: date
    aliases: tuple[str, ...] = ()
    pains: int = 0
    people: tuple[tuple[str, int], ...] = ()


class NameList(NamedTuple):
    """All people or tags, the most frequent first."""

    names: Names
    counts: tuple[NameCount, ...]
    today: date


@dataclass(frozen=True, kw_only=True, slots=True)
class NamesChange:
    """The new aliases after a change, the message about it, and the command that takes it back."""

    names: Names
    aliases: Aliases
    name: str
    message: str
    undo: str


class SameName(BadInput):
    """Names that already mean the same, or that can't be told apart."""


class UnknownName(BadInput):
    """No person or tag has this name."""

    def __init__(self, which: Names, name: str, known: Collection[str]) -> None:
        """Suggest the most similar name."""
        from valuelog.model.nearest import nearest  # noqa: PLC0415  only on error

        near = nearest(name, sorted(known))
        hint = f"Did you mean {near}?" if near else f"See all names with: valuelog {which.command}"
        super().__init__(f"There is no {which.noun} {quote(name)}.", hint)


def list_people(journal: Journal, schedule: Schedule, today: date) -> NameList:
    """Return everyone who appears in entries or pain points."""
    pains: dict[str, set[str]] = defaultdict(set)
    days: dict[str, set[str]] = defaultdict(set)
    for pain_id, day, text in names.iter_pain_mentions(journal):
        for name in schedule.canonical_names(people_in(text)):
            pains[name].add(pain_id)
            days[name].add(day)
    rows = {row[0]: row for row in names.count_names(journal, names.PEOPLE, schedule.aliases)}
    counts = [
        NameCount(
            name=name,
            entries=entries,
            value=value,
            helped=helped,
            first=date.fromisoformat(min(filter(None, (first, *days[name])))),
            last=date.fromisoformat(max(last, *days[name], "")),
            aliases=schedule.names_of(name)[1:],
            pains=len(pains[name]),
        )
        for name in {**rows, **pains}
        for _, entries, value, helped, first, last in [rows.get(name, (name, 0, 0, 0, "", ""))]
    ]
    return NameList(PEOPLE, _sorted(counts), today)


def list_tags(journal: Journal, schedule: Schedule, today: date) -> NameList:
    """Return every tag of entries, with the people of these entries."""
    people: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for tag, person, times in names.count_people_by_tag(journal, schedule.aliases, schedule.tag_aliases):
        people[tag].append((person, times))
    counts = [
        NameCount(
            name=name,
            entries=entries,
            value=value,
            helped=helped,
            first=date.fromisoformat(first),
            last=date.fromisoformat(last),
            aliases=schedule.names_of_tag(name)[1:],
            people=tuple(people[name]),
        )
        for name, entries, value, helped, first, last in names.count_names(journal, names.TAGS, schedule.tag_aliases)
    ]
    return NameList(TAGS, _sorted(counts), today)


def _sorted(counts: list[NameCount]) -> tuple[NameCount, ...]:
    return tuple(sorted(counts, key=lambda each: (-each.entries, -each.pains, each.name)))


def known_names(journal: Journal, which: Names) -> frozenset[str]:
    """Return the names of all people or tags that appear in the journal."""
    if which is PEOPLE:
        return frozenset(
            (
                *list_people_and_tags(journal)[0],
                *(name for _, _, text in names.iter_pain_mentions(journal) for name in people_in(text)),
            )
        )
    return frozenset(list_people_and_tags(journal)[1])


def merge(which: Names, aliases: Aliases, known: Collection[str], name: str, into: str) -> NamesChange:
    """Make a name, with its aliases, an alias of another one. Raises SameName or UnknownName."""
    owners = _owners(aliases)
    for each in (name, into):
        if each not in known and each not in owners:
            raise UnknownName(which, each, {*known, *owners})
    source, target = owners.get(name, name), owners.get(into, into)
    if source == target:
        raise SameName(
            f"{which.sign}{name} and {which.sign}{into} are already the same {which.noun}.",
            f"See who is who with: valuelog {which.command}",
        )
    merged = {**aliases, target: (*aliases.get(target, ()), source, *aliases.get(source, ()))}
    return NamesChange(
        names=which,
        aliases={key: value for key, value in merged.items() if key != source},
        name=target,
        message=f"{which.sign}{source} counts as {which.sign}{target} from now on; no text was changed.",
        undo=_merge_undo(which, source, aliases.get(source, ())),
    )


def _merge_undo(which: Names, source: str, others: tuple[str, ...]) -> str:
    """Return the commands that give a merged name, and its own aliases, back what they were."""
    command = f"valuelog {which.command}"
    back = (f"{command} split {other} && {command} merge {other} {source}" for other in others)
    return " && ".join((f"{command} split {source}", *back))


def rename(which: Names, aliases: Aliases, known: Collection[str], name: str, new: str) -> NamesChange:
    """Give a person or tag another main name; the old one becomes an alias. Raises SameName or UnknownName."""
    owners = _owners(aliases)
    if name not in known and name not in owners:
        raise UnknownName(which, name, {*known, *owners})
    old = owners.get(name, name)
    if new == old:
        raise SameName(f"{which.sign}{new} is already the main name.", f"See all names: valuelog {which.command}")
    if owners.get(new, new if new in known else old) != old:
        raise SameName(
            f"There is already a {which.noun} {which.sign}{new}.",
            f"Make them one with: valuelog {which.command} merge {old} {new}",
        )
    others = [alias for alias in (*aliases.get(old, ()), old) if alias != new and (alias != old or old in known)]
    renamed = {(new if key == old else key): (tuple(others) if key == old else value) for key, value in aliases.items()}
    renamed.setdefault(new, tuple(others))
    return NamesChange(
        names=which,
        aliases={key: value for key, value in renamed.items() if value},
        name=new,
        message=f"{which.sign}{old} is called {which.sign}{new} from now on; no text was changed.",
        undo=f"valuelog {which.command} rename {new} {old}",
    )


def split(which: Names, aliases: Aliases, name: str) -> NamesChange:
    """Let an alias count on its own again. Raises UnknownName, or SameName for a main name."""
    owners = _owners(aliases)
    if name in aliases:
        raise SameName(
            f"{which.sign}{name} is a main name, with the aliases {', '.join(aliases[name])}.",
            f"Split one of them off: valuelog {which.command} split {next(iter(aliases[name]), name)}",
        )
    if name not in owners:
        raise UnknownName(which, name, set(owners) - set(aliases))
    owner = owners[name]
    rest = tuple(alias for alias in aliases[owner] if alias != name)
    return NamesChange(
        names=which,
        aliases={key: rest if key == owner else value for key, value in aliases.items() if key != owner or rest},
        name=name,
        message=f"{which.sign}{name} counts on its own again.",
        undo=f"valuelog {which.command} merge {name} {owner}",
    )


def _owners(aliases: Aliases) -> dict[str, str]:
    """Return the main name of each name in the settings."""
    return {name: owner for owner, others in aliases.items() for name in (owner, *others)}
