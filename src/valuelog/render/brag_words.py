"""Wording that a Brag and a Brief share wherever they are drawn."""

import re
from collections.abc import Iterator
from datetime import date

from valuelog.analysis.brag import BeneficiaryGroup, Brag, Gap, ProjectSection
from valuelog.analysis.brief import Brief, Point, PointSource
from valuelog.analysis.grouping import Achievement, without_leading_name
from valuelog.analysis.pages import MAX_EVIDENCE, MAX_QUOTE_LENGTH
from valuelog.model.entry import Beneficiary, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import SHORT_MONTHS
from valuelog.model.project import Project, ProjectState
from valuelog.model.text import format_times
from valuelog.render.words import BENEFICIARIES, NOTHING, plural, standing

ASKED = {"meaning": "what could it mean?", "proposal": "what do you propose?"}
"""What is asked where a part of a point is missing."""

OUTCOMES, HELPED, IMPROVED, SEEN = "Outcomes", "Who got further", "What works better", "Seen early"
GAPS = "Still to fill, before you hand this on"
"""The parts of a Brag."""

FOR: dict[Beneficiary | None, str] = {
    None: "In general",
    **{whom: f"For {said}" for whom, said in BENEFICIARIES.items()},
}


def gist(text: str) -> str:
    """Return the beginning of a text as one line; an address is never cut, so that it still leads somewhere."""
    line = _on_one_line(text)
    if len(line) <= MAX_QUOTE_LENGTH:
        return line
    kept, _, cut = line[:MAX_QUOTE_LENGTH].rpartition(" ")
    last = (cut + line[MAX_QUOTE_LENGTH:]).partition(" ")[0]
    if "://" in last:
        return f"{kept} {last}".strip() + " …" * (len(kept) + len(last) + 1 < len(line))
    return (kept or line[: MAX_QUOTE_LENGTH - 1]).rstrip(" ,;") + "…"


def _on_one_line(text: str) -> str:
    """Put the lines of a text one after the other, each as a sentence or clause of its own."""
    if "\n" not in text:
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    *before, last = lines or [""]
    return " ".join([*(line if line[-1] in ".!?:;," else f"{line};" for line in before), last])


def day(said: date, today: date) -> str:
    """Spell a day without its weekday: 20 Nov, and the year where it is another than today's."""
    return f"{said.day} {SHORT_MONTHS[said.month - 1]}" + f" {said.year}" * (said.year != today.year)


def facts(deed: Achievement, today: date) -> Iterator[str]:
    """Say in which way and how often, and what it ended."""
    yield from (effect.label for effect in deed.effects)
    beside = deed.kind is Kind.IMPROVEMENT  # the first stands above
    yield from (f"{'also ' * beside}for {BENEFICIARIES[one]}" for one in deed.beneficiaries[beside:])
    if deed.times > 1:
        yield f"{format_times(deed.times)}{since(deed, today)}"
    if deed.fixed_pain:
        yield f"ended “{gist(deed.fixed_pain.text)}”, {noticed(deed.fixed_pain, today)}"


def since(deed: Achievement, today: date) -> str:
    """Say since when something was said more than once, or on which single day."""
    return f" since {day(deed.days[0], today)}" if len(deed.days) > 1 else f" on {day(deed.days[0], today)}"


def of_person(deed: Achievement) -> str:
    """Say how somebody got further who is already named: a text that begins with their @name goes on without it."""
    return without_leading_name(deed.text) if len(deed.people) == 1 else deed.text


def proof(deed: Achievement) -> str:
    """Say how one knows."""
    return "; ".join(map(gist, deed.evidence[:MAX_EVIDENCE]))


def noticed(pain: PainPoint, today: date) -> str:
    """Say since when friction was seen, how often, and when it was gone."""
    ended = f", gone {day(pain.closed_on, today)}" if pain.closed_on else ""
    return f"noticed {day(pain.first_seen, today)}" + f", seen {pain.times_seen}" * (pain.days_seen > 1) + ended


def fixed_pain_text(pain: PainPoint, today: date) -> str:
    """Tell of friction from the day it was noticed to the day it was gone."""
    how = f": {gist(pain.how)}" if pain.how else ""
    return f"{gist(pain.text)} ({noticed(pain, today)}){how}"


def state(chapter: ProjectSection, today: date) -> str:
    """Say where a project stands."""
    ended = chapter.project.closed_on
    return f"{chapter.project.state} {day(ended, today)}" if ended else f"since {day(chapter.began_on, today)}"


OUTLINE = ("measure", "result", "evidence")
"""What is told of a project of which not everything is."""


def answers(project: Project) -> Iterator[tuple[str, str | None]]:
    """Return what was said of a project, in the order in which it is told; its aim only as long as it goes on."""
    yield "problem", project.problem
    yield "measure", project.measure
    if project.state is ProjectState.OPEN:
        yield "aim", project.aim
    yield "result", project.result
    yield "evidence", project.evidence
    yield "lesson", project.lesson


def project_facts(chapter: ProjectSection) -> Iterator[tuple[str, str]]:
    """Return what is told of a project, and nothing for what is missing; of one that is outlined, what it came to."""
    for label, said in answers(chapter.project):
        if label in chapter.missing_fields:
            yield label, ""
        elif said and (chapter.is_detailed or label in OUTLINE):
            yield label, gist(said)


def numbers(brag: Brag) -> tuple[str, ...]:
    """Write the numbers: both sides, their share if there is enough, how much has evidence, which days are written."""
    evidence = f"evidence {brag.tally.with_evidence} of {brag.tally.value}"
    written = f"written {brag.coverage.logged} of {plural(brag.coverage.workdays, 'workday')}"
    return *standing(brag.score), evidence, written


def filling(gap: Gap) -> str:
    """Ask for what is missing."""
    where = gap.project_name or (f"for {BENEFICIARIES[gap.beneficiary]}" if gap.beneficiary else "")
    return f"{' '.join(f'{name}?' for name in gap.missing_fields)} {gist(gap.text)}" + f" ({gist(where)})" * bool(where)


def unfilled(brag: Brag) -> Iterator[tuple[str, str, str]]:
    """Return the gaps that get no line of their own: how many more, the command that fills them, and its IDs."""
    for command, names in brag.remaining_gap_commands():
        yield f"and {len(names)} more", command, ", ".join(names)


def counted(audience: BeneficiaryGroup) -> str:
    """Say how many improvements name an audience, and how many of them are told above, with another."""
    above = f", {audience.listed_above} of them above" if audience.group.achievements else ", above"
    return f"{audience.count}" + above * bool(audience.listed_above)


def projects_left(brag: Brag) -> str:
    """Say how many projects are left out, and how many results with them."""
    results = f" with {plural(brag.more_outcomes, 'result')}" if brag.more_outcomes else ""
    return f"and {plural(brag.more_projects, 'more project', 'more projects')}{results}"


def listing(brag: Brag, *flags: str) -> str:
    """Return the command that lists what is left out."""
    return " ".join(["valuelog list", *flags, brag.period.name])


def other_people_text(brag: Brag) -> str:
    """Name those whose part is told beside somebody else."""
    named = ", ".join(f"@{name} ({format_times(times)})" for name, times in brag.other_people)
    return f"also {named}" + (f", and {plural(brag.more_people, 'other')}" if brag.more_people else "")


def nothing(brag: Brag) -> tuple[str, str]:
    """Say that there is nothing to show yet, and the command that helps."""
    if brag.tally.work:
        said = f"{plural(brag.tally.work, 'activity', 'activities')} and nothing left behind yet, as far as you wrote."
        return f"{said} Which of them did more?", listing(brag, "--side", "work")
    return f"{NOTHING} Begin with one result:", "valuelog add outcome"


def weighed(point: Point) -> str:
    """Say how often it was seen, or what shows it."""
    return "; ".join(map(gist, point.facts[:MAX_EVIDENCE]))


HOW = "An insight says all three in a line or a sentence each."


def short_of_words(brief: Brief) -> bool:
    """Tell whether an insight lacks a part, which only its own words can fill."""
    return any(point.missing_parts for point in brief.points if point.source is PointSource.INSIGHT)


NO_POINTS = "Nothing to bring up from these days yet. Begin with something you noticed:", "valuelog add insight"


_MEANS = re.compile(r"^(?:it|this|that)?\s*(?:could|can|may|might)\s+mean(?:\s+that|:)?\s+(?=\S)", re.IGNORECASE)
"""What says again that something is a meaning."""


def parts(point: Point) -> Iterator[tuple[str, str, str | None]]:
    """Return what a point says besides what was noticed: the label of each part, its name, and the words if any."""
    yield "could mean", "meaning", point.meaning and _MEANS.sub("", point.meaning)
    yield "proposal", "proposal", point.proposal


def asking(place: int, point: Point) -> str:
    """Ask for the parts that are missing of a point, named by its place."""
    return f"{place}: {' '.join(ASKED[name] for name in point.missing_parts)}"


def left(brief: Brief) -> str:
    """Say how many points are left out, and where they come from."""
    return f"and {brief.more} more: valuelog pain list · valuelog list --kind insight {brief.period.name}"
