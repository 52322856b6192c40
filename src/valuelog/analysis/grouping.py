"""Deeds: what several entries say alike, told once, and which of them say most."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, Side
from valuelog.model.pain import PainPoint
from valuelog.model.schedule import Schedule

REACH = {Beneficiary.CUSTOMERS: 2, Beneficiary.COMPANY: 2, Beneficiary.COWORKERS: 1}
"""How far something reaches: the world outside and the whole firm count more than the desk beside."""

MARKERS = "#+"
"""What marks a tag or a project."""

CONNECTING_WORDS = frozenset(
    {"a", "about", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "via", "with"}
)
"""Words after which a sentence goes on."""

SENTENCE_ENDINGS = (".", "!", "?", "…", ")", "。")
"""What ends a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Achievement:
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
    fixed_pain: PainPoint | None = None

    @property
    def times(self) -> int:
        """How often it was said."""
        return len(self.entries)

    @property
    def reach(self) -> int:
        """How far it reaches, by whom it is for; friction that others felt reaches at least co-workers."""
        shared = self.fixed_pain is not None and bool(self.fixed_pain.hit or self.fixed_pain.shared)
        return max((REACH[one] for one in self.beneficiaries), default=int(shared))

    @property
    def rank(self) -> tuple[bool, int, int, int, date]:
        """What says more is greater: evidence, then reach (the end of friction adds to it), how often, how lately."""
        reach = self.reach + (self.fixed_pain is not None)
        return bool(self.evidence), reach, len(self.people), self.times, self.days[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class AchievementGroup:
    """Some deeds, those that say most first; `more` are left out."""

    achievements: tuple[Achievement, ...] = ()
    more: int = 0


def limit_achievements(achievements: Sequence[Achievement], limit: int) -> AchievementGroup:
    """Return the first deeds, and how many more there are; a single one more is no reason to leave it out."""
    kept = len(achievements) if len(achievements) == limit + 1 else limit
    return AchievementGroup(achievements=tuple(achievements[:kept]), more=max(0, len(achievements) - kept))


def group_achievements(
    entries: Iterable[Entry], schedule: Schedule, fixed_pains: Mapping[str, PainPoint] | None = None
) -> tuple[Achievement, ...]:
    """Return what was left behind, each thing once, what says most first.

    `ended` are the pain points that are gone, by the entry that the fix is.
    """
    alike: dict[object, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.day, entry.created))[::-1]:
        if entry.side is Side.VALUE:
            alike.setdefault(_grouping_key(entry, schedule), []).append(entry)
    found = (_merge_entries(same, schedule, fixed_pains or {}) for same in alike.values())
    return tuple(sorted(found, key=lambda deed: deed.rank, reverse=True))


def _grouping_key(entry: Entry, schedule: Schedule) -> object:
    """Return what entries share that say the same: the kind, the words, and of some kinds what they belong to.

    Outcomes are the same within their project, improvements within whom they are for, one person's getting further
    within that person; help and insights are, whatever project they were noted under.
    """
    text = without_trailing_markers(entry.text)
    people = schedule.canonical_names(entry.people)
    if entry.kind is Kind.HELPED and len(people) == 1:
        return entry.kind, people, normalized_words(without_leading_name(text), schedule)
    within = {Kind.OUTCOME: entry.project, Kind.IMPROVEMENT: main_beneficiary(entry.beneficiaries)}
    return entry.kind, within.get(entry.kind), normalized_words(text, schedule)


def main_beneficiary(beneficiaries: Sequence[Beneficiary]) -> Beneficiary | None:
    """Return the one of some beneficiaries under whom a thing is told."""
    return next((one for one in REACH if one in beneficiaries), None)


def without_leading_name(text: str) -> str:
    """Return a text that begins with an @name without it, unless it says nothing else."""
    name, _, rest = text.partition(" ")
    return rest if name.startswith("@") and rest else text


def _merge_entries(entries: Sequence[Entry], schedule: Schedule, fixed_pains: Mapping[str, PainPoint]) -> Achievement:
    """Make one deed of entries that say the same, the newest first."""
    effects = {effect for entry in entries for effect in entry.effects}
    whom = {one for entry in entries for one in entry.beneficiaries}
    projects = {entry.project for entry in entries}
    return Achievement(
        kind=entries[0].kind,
        text=without_trailing_markers(entries[0].text),
        days=tuple(sorted({entry.day for entry in entries})),
        entries=tuple(entry.id for entry in entries),
        people=schedule.canonical_names(name for entry in entries for name in entry.people),
        effects=tuple(effect for effect in Effect if effect in effects),
        beneficiaries=tuple(one for one in REACH if one in whom),
        evidence=tuple(dict.fromkeys(entry.evidence for entry in entries if entry.evidence)),
        project=entries[0].project if len(projects) == 1 else None,
        fixed_pain=next((fixed_pains[entry.id] for entry in entries if entry.id in fixed_pains), None),
    )


def normalized_words(text: str, schedule: Schedule) -> tuple[str, ...]:
    """Return what a text says: its words, whatever their case and the marks around them; whoever is named, by one name.

    Texts are the same if these are. A +project at the end says where it belongs, not what it is. A text without any
    word stands for itself.
    """
    named = [schedule.aliases.get(word.strip("@.,;:!?()"), word) for word in text.casefold().split()]
    while len(named) > 1 and _has_marker(named[-1], "+"):
        named.pop()
    said = "".join(map(_punctuation_to_space, " ".join(named))).split()
    return tuple(said) or (text,)


@cache
def _punctuation_to_space(character: str) -> str:
    return " " if character == "+" or unicodedata.category(character)[0] == "P" else character


def _has_marker(word: str, markers: str) -> bool:
    return word[0] in markers and word[1:2].isalpha()


def without_trailing_markers(text: str) -> str:
    """Return a text without the +project at its end, and without the #tags behind its last sentence: an address there.

    Behind a word that leads on (“read from +warehouse”) a +project is a word of it; #tags may be, behind anything else.
    """
    kept = _strip_trailing_markers(text, "+")
    if kept.rpartition(" ")[2].casefold() in CONNECTING_WORDS:
        kept = text
    bare = _strip_trailing_markers(kept, MARKERS)
    return bare if bare.endswith(SENTENCE_ENDINGS) else kept


def _strip_trailing_markers(text: str, markers: str) -> str:
    """Return a text without the marked words at its end; one of nothing else stays."""
    end = len(text)
    for word in reversed(text.split()):
        if not _has_marker(word, markers):
            return text[:end].rstrip()
        end = text.rindex(word, 0, end)
    return text
