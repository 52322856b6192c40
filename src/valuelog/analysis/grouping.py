"""Group value entries with the same wording into achievements, the most significant first."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from valuelog.model.entry import NEITHER_KINDS, Beneficiary, Entry, Impact, Kind, Side, is_evidence
from valuelog.model.pain import PainPoint
from valuelog.model.schedule import Schedule
from valuelog.model.trade import DEFAULT_WORDS

REACH: Mapping[str, int] = {Beneficiary.CUSTOMERS: 2, Beneficiary.COMPANY: 2, Beneficiary.COWORKERS: 1}
"""How widely each beneficiary counts, the main one first: customers and the company outweigh co-workers."""

OWN_REACH = 2
"""How widely a beneficiary counts that only the settings know: it was worth a name beside those of valuelog."""

MARKERS = "#+"
"""The first characters of a #tag and a +project."""

CONNECTING_WORDS = frozenset(
    {"a", "about", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "via", "with"}
)
"""Words that never end a sentence."""

SENTENCE_ENDINGS = (".", "!", "?", "…", ")", "。")


@dataclass(frozen=True, kw_only=True, slots=True)
class Achievement:
    """One or several entries of a kind with the same wording; `text` is the newest one's.

    `entries` are their ids and `evidence` their distinct pieces of evidence, both newest first; `days` are their
    distinct days, oldest first. `project` is the slug of the project that all of them belong to, or None.
    `fixed_pain` is the pain point that one of them fixed. `questions` are the ids of the questions that they answer.
    `raised_outcome` is what came of raising an insight.
    """

    kind: Kind
    text: str
    days: tuple[date, ...]
    entries: tuple[str, ...]
    people: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    impact: Impact | None = None
    project: str | None = None
    fixed_pain: PainPoint | None = None
    tags: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    raised_outcome: str | None = None

    @property
    def proof(self) -> tuple[str, ...]:
        """The pieces of evidence that say something: all but a bare yes."""
        return tuple(each for each in self.evidence if is_evidence(each) or " " in each)

    @property
    def times(self) -> int:
        """The number of entries."""
        return len(self.entries)

    @property
    def reach(self) -> int:
        """The widest reach of its beneficiaries; at least 1 if others were affected by the pain point it fixed."""
        affects_others = self.fixed_pain is not None and bool(self.fixed_pain.hit or self.fixed_pain.shared)
        return max(map(reach_of, self.beneficiaries), default=int(affects_others))

    @property
    def rank(self) -> tuple[bool, int, int, int, int, date]:
        """A sort key, greater for what is more significant.

        Evidence comes first, then impact, then reach (fixing a pain point adds 1), then the numbers of people and
        entries, then the last day.
        """
        reach = self.reach + (self.fixed_pain is not None)
        impact = self.impact.rank if self.impact else 0
        return bool(self.evidence), impact, reach, len(self.people), self.times, self.days[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class AchievementGroup:
    """The most significant achievements of a group, and the number of those that are left out."""

    achievements: tuple[Achievement, ...] = ()
    more: int = 0


def limit_achievements(achievements: Sequence[Achievement], limit: int) -> AchievementGroup:
    """Keep the first `limit` achievements, or one more if it is the last: saying “1 more” would take as much room."""
    count = len(achievements) if len(achievements) == limit + 1 else limit
    return AchievementGroup(achievements=tuple(achievements[:count]), more=max(0, len(achievements) - count))


def group_achievements(
    entries: Iterable[Entry], schedule: Schedule, fixed_pains: Mapping[str, PainPoint] | None = None
) -> tuple[Achievement, ...]:
    """Group the entries with the same wording; return the most significant achievements first.

    Work and results that didn't hold are left out.
    `fixed_pains` are pain points by the id of the entry that fixed them.
    """
    groups: dict[object, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.day, entry.created))[::-1]:
        if entry.side is Side.VALUE or entry.kind in NEITHER_KINDS:
            groups.setdefault(_grouping_key(entry, schedule), []).append(entry)
    achievements = (_merge_entries(group, schedule, fixed_pains or {}) for group in groups.values())
    return tuple(sorted(achievements, key=lambda achievement: achievement.rank, reverse=True))


def _grouping_key(entry: Entry, schedule: Schedule) -> object:
    """Return the kind and the normalized words, for some kinds with another field that must be the same.

    That is the project of an outcome, the main beneficiary of an improvement and the person of help for one person.
    Insights and help for several people are grouped across projects.
    """
    text = without_trailing_markers(entry.text)
    people = schedule.canonical_names(entry.people)
    if entry.kind is Kind.HELPED and len(people) == 1:
        return entry.kind, people, normalized_words(without_leading_name(text), schedule)
    context = {Kind.OUTCOME: entry.project, Kind.IMPROVEMENT: main_beneficiary(entry.beneficiaries)}
    return entry.kind, context.get(entry.kind), normalized_words(text, schedule)


def reach_of(beneficiary: str) -> int:
    """Return how widely a beneficiary counts."""
    return REACH.get(beneficiary, OWN_REACH)


def widest_first(beneficiaries: Iterable[str]) -> tuple[str, ...]:
    """Return beneficiaries, each once, with the widest reach first: those of REACH in its order, then others."""
    known = list(REACH)
    places = {each: known.index(each) if each in known else len(known) for each in beneficiaries}
    return tuple(sorted(places, key=lambda each: (-reach_of(each), places[each], each)))


def main_beneficiary(beneficiaries: Iterable[str]) -> str | None:
    """Return the one of some beneficiaries with the widest reach."""
    return next(iter(widest_first(beneficiaries)), None)


def without_leading_name(text: str) -> str:
    """Remove an @name from the start of a text, unless the text is nothing else."""
    name, _, rest = text.partition(" ")
    return rest if name.startswith("@") and rest else text


def _merge_entries(entries: Sequence[Entry], schedule: Schedule, fixed_pains: Mapping[str, PainPoint]) -> Achievement:
    """Merge entries with the same grouping key, the newest first, into an achievement."""
    effects = {effect for entry in entries for effect in entry.effects}
    beneficiaries = {beneficiary for entry in entries for beneficiary in entry.beneficiaries}
    projects = {entry.project for entry in entries}
    return Achievement(
        kind=entries[0].kind,
        text=without_trailing_markers(entries[0].text),
        days=tuple(sorted({entry.day for entry in entries})),
        entries=tuple(entry.id for entry in entries),
        people=schedule.canonical_names(name for entry in entries for name in entry.people),
        effects=DEFAULT_WORDS.effects.sort(effects),
        beneficiaries=widest_first(beneficiaries),
        evidence=tuple(dict.fromkeys(entry.evidence for entry in entries if entry.evidence)),
        impact=max(filter(None, (entry.impact for entry in entries)), key=lambda impact: impact.rank, default=None),
        project=entries[0].project if len(projects) == 1 else None,
        tags=tuple(sorted({tag for entry in entries for tag in entry.tags})),
        questions=tuple(dict.fromkeys(entry.question for entry in entries if entry.question)),
        raised_outcome=next((entry.raised_outcome for entry in entries if entry.raised_outcome), None),
        fixed_pain=next((fixed_pains[entry.id] for entry in entries if entry.id in fixed_pains), None),
    )


def normalized_words(text: str, schedule: Schedule) -> tuple[str, ...]:
    """Return the words of a text in lower case, without punctuation, with aliases of people resolved.

    Two texts have the same wording if these are equal. A +project at the end is ignored. A text of nothing but
    punctuation is returned as it is, as the only word.
    """
    words = [schedule.aliases.get(word.strip("@.,;:!?()"), word) for word in text.casefold().split()]
    while len(words) > 1 and _has_marker(words[-1], "+"):
        words.pop()
    normalized = "".join(map(_punctuation_to_space, " ".join(words))).split()
    return tuple(normalized) or (text,)


@cache
def _punctuation_to_space(character: str) -> str:
    return " " if character == "+" or unicodedata.category(character)[0] == "P" else character


def _has_marker(word: str, markers: str) -> bool:
    return word[0] in markers and word[1:2].isalpha()


def without_trailing_markers(text: str) -> str:
    """Remove a +project at the end of a text, and #tags after its last sentence.

    After a connecting word (“read from +warehouse”), a +project is part of the sentence and stays. So do #tags unless
    they follow the end of a sentence.
    """
    without_project = _strip_trailing_markers(text, "+")
    if without_project.rpartition(" ")[2].casefold() in CONNECTING_WORDS:
        without_project = text
    without_tags = _strip_trailing_markers(without_project, MARKERS)
    return without_tags if without_tags.endswith(SENTENCE_ENDINGS) else without_project


def _strip_trailing_markers(text: str, markers: str) -> str:
    """Remove the marked words from the end of a text, unless it has no other words."""
    end = len(text)
    for word in reversed(text.split()):
        if not _has_marker(word, markers):
            return text[:end].rstrip()
        end = text.rindex(word, 0, end)
    return text
