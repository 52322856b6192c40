"""What the rules of findings look at, and what they return."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, Protocol

from valuelog.analysis.habit import Coverage
from valuelog.analysis.projects import ProjectActivity
from valuelog.analysis.trend import Comparison
from valuelog.model.entry import Entry, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period
from valuelog.model.promise import Promise
from valuelog.model.tally import Tally
from valuelog.model.text import truncate_line

MAX_QUOTE_LENGTH = 60
"""Maximum length of a user's text quoted in a finding, in characters."""


def quote_text(text: str) -> str:
    """Return the first line of a text in quotes, truncated."""
    return f"“{truncate_line(text, MAX_QUOTE_LENGTH)}”"


class RepeatedWords(NamedTuple):
    """Value entries of a period with the same words: the id and text of the first, and how many there are."""

    id: str
    text: str
    times: int


class KeptPromise(NamedTuple):
    """A promise that was kept, and the pain point that it is a step for, if any."""

    promise: Promise
    pain: PainPoint | None = None


class MovedProject(NamedTuple):
    """A project that was stalled at the last review, its work up to then, and its first value entry since."""

    activity: ProjectActivity
    value: Entry


class PlannedStep(NamedTuple):
    """An open step planned since the last review, and its pain point."""

    promise: Promise
    pain: PainPoint


class AddedEvidence(NamedTuple):
    """A week reviewed last, its tally as of now, and how many of its value entries got evidence since the review."""

    week: Period
    tally: Tally
    added: int


class ActedOn(NamedTuple):
    """What was done since the last review about things that findings name."""

    moved: tuple[MovedProject, ...] = ()
    planned: tuple[PlannedStep, ...] = ()
    evidence: AddedEvidence | None = None


class RuleInput(NamedTuple):
    """What the rules look at.

    `days` are the tallies of the days with entries, `weeks` those of the weeks up to the end of the period, oldest
    first; `usual` is the mean count of each kind in the periods before, `earlier` are the tallies of these periods, as
    far as the period can be compared with them. `coverage` leaves out today as long as nothing is logged. `first_day`
    is the first day of the journal. `recent` is whether the end of the period is close enough to catch up.
    `unreviewed` is last week if its review is missing and not too late.

    `pains`, `promises` (due by the end of the week) and `projects` (open, or closed without a result) are as of
    `today`, whatever the period; they are empty for a period that is long over. `kept` are the promises kept lately,
    `fixed` the pain points fixed since `reviewed_on`, the day of the last review; `acted_on` is what else was done
    since then. `muted` are the keys of the findings that are snoozed or turned off. `prefix_lengths` has the length of
    the shortest unique prefix of each id.
    """

    period: Period
    today: date
    tally: Tally
    days: Sequence[Tally]
    weeks: Sequence[Tally]
    coverage: Coverage
    comparison: Comparison
    usual: Mapping[Kind, float]
    earlier: Sequence[Tally] = ()
    repeated: Sequence[RepeatedWords] = ()
    first_day: date | None = None
    recent: bool = True
    unreviewed: Period | None = None
    reviewed_on: date | None = None
    pains: Sequence[PainPoint] = ()
    promises: Sequence[Promise] = ()
    projects: Sequence[ProjectActivity] = ()
    kept: Sequence[KeptPromise] = ()
    fixed: Sequence[PainPoint] = ()
    acted_on: ActedOn = ActedOn()
    muted: frozenset[str] = frozenset()
    prefix_lengths: Mapping[str, int] = MappingProxyType({})

    def short_id(self, entity_id: str) -> str:
        """Return the shortest unique prefix of an id."""
        return entity_id[: self.prefix_lengths.get(entity_id, len(entity_id))]


class Match(NamedTuple):
    """One thing that a rule applies to: what it says, and the command that acts on it.

    The text is `statement` and `ending`; between them, a finding says how many others there are,
    unless `has_others` is false. `about` is the id of a
    pain point, entry or promise, the slug of a project, or a kind. `occurrences` that grow are news.
    """

    statement: str
    command: str
    about: str | None = None
    ending: str = "."
    has_others: bool = True
    occurrences: int = 0


class Check(Protocol):
    """Finds what a rule applies to, the most important first."""

    def __call__(self, facts: RuleInput, /) -> Iterator[Match]:
        """Yield the matches."""
