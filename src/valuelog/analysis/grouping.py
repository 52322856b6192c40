"""Deeds: what several entries say alike, told once, and which of them say most."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, Side
from valuelog.model.pain import PainPoint
from valuelog.model.schedule import Customs

REACH = {Beneficiary.CUSTOMERS: 2, Beneficiary.COMPANY: 2, Beneficiary.COWORKERS: 1}
"""How far something reaches: the world outside and the whole firm count more than the desk beside."""

MARKS = "#+"
"""What marks a tag or a project."""

LEADING = frozenset(
    {"a", "about", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "via", "with"}
)
"""Words after which a sentence goes on."""

ENDS = (".", "!", "?", "…", ")", "。")
"""What ends a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """What an entry says, or several of one kind alike, in the words of the newest.

    `entries` are their ids and `evidence` what any of them gave, the newest first; `days` the days they were said of,
    the first one first. `project` is the one that all of them belong to, none if they differ. `ended` is the friction
    that it was the end of.
    """

    kind: Kind
    text: str
    days: tuple[date, ...]
    entries: tuple[str, ...]
    people: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    beneficiaries: tuple[Beneficiary, ...] = ()
    evidence: tuple[str, ...] = ()
    project: str | None = None
    ended: PainPoint | None = None

    @property
    def times(self) -> int:
        """How often it was said."""
        return len(self.entries)

    @property
    def reach(self) -> int:
        """How far it reaches, by whom it is for; friction that others felt reaches at least co-workers."""
        shared = self.ended is not None and bool(self.ended.hit or self.ended.shared)
        return max((REACH[one] for one in self.beneficiaries), default=int(shared))

    @property
    def rank(self) -> tuple[bool, int, int, int, date]:
        """What says more is greater: evidence, then reach (the end of friction adds to it), how often, how lately."""
        reach = self.reach + (self.ended is not None)
        return bool(self.evidence), reach, len(self.people), self.times, self.days[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Some deeds, those that say most first; `more` are left out."""

    deeds: tuple[Deed, ...] = ()
    more: int = 0


def best(found: Sequence[Deed], most: int) -> Group:
    """Return the first deeds, and how many more there are; a single one more is no reason to leave it out."""
    kept = len(found) if len(found) == most + 1 else most
    return Group(deeds=tuple(found[:kept]), more=max(0, len(found) - kept))


def deeds(entries: Iterable[Entry], customs: Customs, ended: Mapping[str, PainPoint] | None = None) -> tuple[Deed, ...]:
    """Return what was left behind, each thing once, what says most first.

    `ended` are the pain points that are gone, by the entry that the fix is.
    """
    alike: dict[object, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.day, entry.created))[::-1]:
        if entry.side is Side.VALUE:
            alike.setdefault(_said(entry, customs), []).append(entry)
    found = (_deed(same, customs, ended or {}) for same in alike.values())
    return tuple(sorted(found, key=lambda deed: deed.rank, reverse=True))


def _said(entry: Entry, customs: Customs) -> object:
    """Return what entries share that say the same: the kind, the words, and of some kinds what they belong to.

    Outcomes are the same within their project, improvements within whom they are for, one person's getting further
    within that person; help and insights are, whatever project they were noted under.
    """
    text = unmarked(entry.text)
    people = customs.who(entry.people)
    if entry.kind is Kind.HELPED and len(people) == 1:
        return entry.kind, people, words(nameless(text), customs)
    within = {Kind.OUTCOME: entry.project, Kind.IMPROVEMENT: furthest(entry.beneficiaries)}
    return entry.kind, within.get(entry.kind), words(text, customs)


def furthest(beneficiaries: Sequence[Beneficiary]) -> Beneficiary | None:
    """Return the one of some beneficiaries under whom a thing is told."""
    return next((one for one in REACH if one in beneficiaries), None)


def nameless(text: str) -> str:
    """Return a text that begins with an @name without it, unless it says nothing else."""
    name, _, rest = text.partition(" ")
    return rest if name.startswith("@") and rest else text


def _deed(same: Sequence[Entry], customs: Customs, ended: Mapping[str, PainPoint]) -> Deed:
    """Make one deed of entries that say the same, the newest first."""
    effects = {effect for entry in same for effect in entry.effects}
    whom = {one for entry in same for one in entry.beneficiaries}
    projects = {entry.project for entry in same}
    return Deed(
        kind=same[0].kind,
        text=unmarked(same[0].text),
        days=tuple(sorted({entry.day for entry in same})),
        entries=tuple(entry.id for entry in same),
        people=customs.who(name for entry in same for name in entry.people),
        effects=tuple(effect for effect in Effect if effect in effects),
        beneficiaries=tuple(one for one in REACH if one in whom),
        evidence=tuple(dict.fromkeys(entry.evidence for entry in same if entry.evidence)),
        project=same[0].project if len(projects) == 1 else None,
        ended=next((ended[entry.id] for entry in same if entry.id in ended), None),
    )


def words(text: str, customs: Customs) -> tuple[str, ...]:
    """Return what a text says: its words, whatever their case and the marks around them; whoever is named, by one name.

    Texts are the same if these are. A +project at the end says where it belongs, not what it is. A text without any
    word stands for itself.
    """
    named = [customs.aliases.get(word.strip("@.,;:!?()"), word) for word in text.casefold().split()]
    while len(named) > 1 and _marked(named[-1], "+"):
        named.pop()
    said = "".join(map(_bare, " ".join(named))).split()
    return tuple(said) or (text,)


@cache
def _bare(letter: str) -> str:
    return " " if letter == "+" or unicodedata.category(letter)[0] == "P" else letter


def _marked(word: str, marks: str) -> bool:
    return word[0] in marks and word[1:2].isalpha()


def unmarked(text: str) -> str:
    """Return a text without the +project at its end, and without the #tags behind its last sentence: an address there.

    Behind a word that leads on (“read from +warehouse”) a +project is a word of it; #tags may be, behind anything else.
    """
    kept = _shortened(text, "+")
    if kept.rpartition(" ")[2].casefold() in LEADING:
        kept = text
    bare = _shortened(kept, MARKS)
    return bare if bare.endswith(ENDS) else kept


def _shortened(text: str, marks: str) -> str:
    """Return a text without the marked words at its end; one of nothing else stays."""
    end = len(text)
    for word in reversed(text.split()):
        if not _marked(word, marks):
            return text[:end].rstrip()
        end = text.rindex(word, 0, end)
    return text
