"""A Brag: what a Period has to show, as a value. It does not know how much fits on two pages, nor who draws it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from valuelog.analysis.grouping import Group
from valuelog.analysis.habit import Coverage
from valuelog.analysis.score import Score
from valuelog.model.entry import Beneficiary, Entry
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period
from valuelog.model.project import Project
from valuelog.model.schedule import Customs
from valuelog.model.tally import Tally

GAPS = 15
"""So many gaps are named on a line each; of more, the ids stand on one line for each command that fills them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """All that a Brag is made of: the entries of a Period, every project, the pains that were closed in it."""

    period: Period
    today: date
    entries: tuple[Entry, ...]
    tally: Tally
    coverage: Coverage
    customs: Customs = field(default_factory=Customs)
    projects: tuple[Project, ...] = ()
    pains: tuple[PainPoint, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A project and what it came to in the Period. `proven` says whether there is any evidence for it.

    `outcomes` hold entries of this project only. `full` is whether all that is known of it is told, or only what it was
    measured by and what came of it. `since` is the day on which it began: that of its first entry, if somebody wrote
    one down of a day before its start.
    """

    project: Project
    outcomes: Group
    proven: bool
    full: bool
    since: date

    @property
    def wants(self) -> tuple[str, ...]:
        """What should be said of it and is not."""
        return self.project.wants(proven=self.proven)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who got further, how often, and the best of how."""

    name: str
    times: int
    told: Group


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Whom improvements are for, none if nobody said; `count` is how many entries name them.

    An improvement for several is told once, under the first of them, and counts for each: `above` is how many of these
    entries are told under somebody before.
    """

    whom: Beneficiary | None
    count: int
    told: Group
    above: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What should be said of something and is not. It is named by the id of an entry, or by the slug of a project.

    Where the same words lack evidence in two places, `within` is the name of the project that an outcome is told under,
    `whom` the audience of an improvement.
    """

    wants: tuple[str, ...]
    text: str
    entry: str = ""
    project: str = ""
    within: str = ""
    whom: Beneficiary | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Brag:
    """What a Period has to show. `also` are people whose part is told beside somebody else.

    `more_chapters` projects with `more_outcomes` are left out. `gone` is friction that went without an improvement that
    tells of it. `gaps` are all those that are marked where something is told, each once; `letters` says how many
    letters of an id are enough.
    """

    period: Period
    today: date
    chapters: tuple[Chapter, ...]
    more_chapters: int
    more_outcomes: int
    outcomes: Group
    people: tuple[Person, ...]
    also: tuple[tuple[str, int], ...]
    more_people: int
    unnamed: Group
    improved: tuple[Audience, ...]
    seen: Group
    gone: tuple[PainPoint, ...]
    tally: Tally
    score: Score
    coverage: Coverage
    gaps: tuple[Gap, ...]
    letters: Mapping[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.tally.value or self.chapters or self.gone)

    @property
    def more_improved(self) -> int:
        """How many improvements are left out."""
        return sum(audience.told.more for audience in self.improved)

    @property
    def named(self) -> tuple[Gap, ...]:
        """The gaps that get a line each."""
        return self.gaps if len(self.gaps) == GAPS + 1 else self.gaps[:GAPS]

    def command(self, gap: Gap) -> str:
        """Return the command that fills a gap."""
        return _filling(gap, gap.project or self._short(gap.entry))

    def rest(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Return the gaps that get no line of their own: each command that fills some, and what to put for its ID."""
        alike: dict[str, list[str]] = {}
        for gap in self.gaps[len(self.named) :]:
            alike.setdefault(_filling(gap, "ID"), []).append(gap.project or self._short(gap.entry))
        yield from ((command, tuple(names)) for command, names in alike.items())

    def _short(self, entry: str) -> str:
        return entry[: self.letters.get(entry, len(entry))]


def _filling(gap: Gap, name: str) -> str:
    flags = " ".join(f'--{flag} "…"' for flag in gap.wants)
    return f"valuelog {'project edit' if gap.project else 'edit'} {name} {flags}"
