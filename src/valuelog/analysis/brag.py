"""A Brag: what a Period has to show, as a value. It does not know how much fits on two pages, nor who draws it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from valuelog.analysis.grouping import AchievementGroup
from valuelog.analysis.habit import Coverage
from valuelog.analysis.score import Score
from valuelog.model.entry import Beneficiary, Entry
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period
from valuelog.model.project import Project
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally

MAX_GAPS_LISTED = 15
"""So many gaps are named on a line each; of more, the ids stand on one line for each command that fills them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BragInput:
    """All that a Brag is made of: the entries of a Period, every project, the pains that were closed in it."""

    period: Period
    today: date
    entries: tuple[Entry, ...]
    tally: Tally
    coverage: Coverage
    schedule: Schedule = field(default_factory=Schedule)
    projects: tuple[Project, ...] = ()
    pains: tuple[PainPoint, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectSection:
    """A project and what it came to in the Period. `proven` says whether there is any evidence for it.

    `outcomes` hold entries of this project only. `full` is whether all that is known of it is told, or only what it was
    measured by and what came of it. `since` is the day on which it began: that of its first entry, if somebody wrote
    one down of a day before its start.
    """

    project: Project
    outcomes: AchievementGroup
    has_evidence: bool
    is_detailed: bool
    began_on: date

    @property
    def missing_fields(self) -> tuple[str, ...]:
        """What should be said of it and is not."""
        return self.project.missing_fields(has_evidence=self.has_evidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpedPerson:
    """Somebody who got further, how often, and the best of how."""

    name: str
    times: int
    group: AchievementGroup


@dataclass(frozen=True, kw_only=True, slots=True)
class BeneficiaryGroup:
    """Whom improvements are for, none if nobody said; `count` is how many entries name them.

    An improvement for several is told once, under the first of them, and counts for each: `above` is how many of these
    entries are told under somebody before.
    """

    beneficiary: Beneficiary | None
    count: int
    group: AchievementGroup
    listed_above: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What should be said of something and is not. It is named by the id of an entry, or by the slug of a project.

    Where the same words lack evidence in two places, `within` is the name of the project that an outcome is told under,
    `whom` the audience of an improvement.
    """

    missing_fields: tuple[str, ...]
    text: str
    entry_id: str = ""
    project: str = ""
    project_name: str = ""
    beneficiary: Beneficiary | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Brag:
    """What a Period has to show. `also` are people whose part is told beside somebody else.

    `more_chapters` projects with `more_outcomes` are left out. `gone` is friction that went without an improvement that
    tells of it. `gaps` are all those that are marked where something is told, each once; `prefix_lengths` says how many
    letters of an id are enough.
    """

    period: Period
    today: date
    project_sections: tuple[ProjectSection, ...]
    more_projects: int
    more_outcomes: int
    outcomes: AchievementGroup
    people: tuple[HelpedPerson, ...]
    other_people: tuple[tuple[str, int], ...]
    more_people: int
    unnamed_help: AchievementGroup
    improvements: tuple[BeneficiaryGroup, ...]
    insights: AchievementGroup
    fixed_pains: tuple[PainPoint, ...]
    tally: Tally
    score: Score
    coverage: Coverage
    gaps: tuple[Gap, ...]
    prefix_lengths: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.tally.value or self.project_sections or self.fixed_pains)

    @property
    def more_improvements(self) -> int:
        """How many improvements are left out."""
        return sum(audience.group.more for audience in self.improvements)

    @property
    def listed_gaps(self) -> tuple[Gap, ...]:
        """The gaps that get a line each."""
        return self.gaps if len(self.gaps) == MAX_GAPS_LISTED + 1 else self.gaps[:MAX_GAPS_LISTED]

    def command(self, gap: Gap) -> str:
        """Return the command that fills a gap."""
        return _fill_command(gap, gap.project or self._short_id(gap.entry_id))

    def remaining_gap_commands(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Return the gaps that get no line of their own: each command that fills some, and what to put for its ID."""
        alike: dict[str, list[str]] = {}
        for gap in self.gaps[len(self.listed_gaps) :]:
            alike.setdefault(_fill_command(gap, "ID"), []).append(gap.project or self._short_id(gap.entry_id))
        yield from ((command, tuple(names)) for command, names in alike.items())

    def _short_id(self, entry_id: str) -> str:
        return entry_id[: self.prefix_lengths.get(entry_id, len(entry_id))]


def _fill_command(gap: Gap, reference: str) -> str:
    flags = " ".join(f'--{flag} "…"' for flag in gap.missing_fields)
    return f"valuelog {'project edit' if gap.project else 'edit'} {reference} {flags}"
