"""Wording that a Brag and a Brief share wherever they are drawn."""

import re
from collections.abc import Iterator
from datetime import date

from valuelog.analysis.brag import BeneficiaryGroup, Brag, Gap, ProjectSection
from valuelog.analysis.brief import Brief, Point, PointSource
from valuelog.analysis.grouping import Achievement, without_leading_name
from valuelog.model.entry import Beneficiary, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import SHORT_MONTHS
from valuelog.model.project import Project, ProjectState
from valuelog.model.text import format_times
from valuelog.render.words import BENEFICIARY_NAMES, NO_ENTRIES, format_count, score_parts

MAX_QUOTE_LENGTH = 160
"""Quoted text is truncated to this; `list` and `show` have all of it."""

MAX_EVIDENCE = 2
"""Pieces of evidence shown beside one achievement."""

MISSING_PART_QUESTIONS = {"meaning": "what could it mean?", "proposal": "what do you propose?"}
"""What is asked where a part of a point is missing."""

OUTCOMES_HEADING, HELPED_HEADING, IMPROVED_HEADING, INSIGHTS_HEADING = (
    "Outcomes",
    "Who got further",
    "What works better",
    "Seen early",
)
GAPS_HEADING = "Still to fill, before you hand this on"
"""The parts of a Brag."""

BENEFICIARY_HEADINGS: dict[Beneficiary | None, str] = {
    None: "In general",
    **{whom: f"For {said}" for whom, said in BENEFICIARY_NAMES.items()},
}


def truncate_text(text: str) -> str:
    """Return the beginning of a text as one line; an address is never cut, so that it still leads somewhere."""
    line = _join_lines(text)
    if len(line) <= MAX_QUOTE_LENGTH:
        return line
    kept, _, cut = line[:MAX_QUOTE_LENGTH].rpartition(" ")
    last = (cut + line[MAX_QUOTE_LENGTH:]).partition(" ")[0]
    if "://" in last:
        return f"{kept} {last}".strip() + " …" * (len(kept) + len(last) + 1 < len(line))
    return (kept or line[: MAX_QUOTE_LENGTH - 1]).rstrip(" ,;") + "…"


def _join_lines(text: str) -> str:
    """Put the lines of a text one after the other, each as a sentence or clause of its own."""
    if "\n" not in text:
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    *before, last = lines or [""]
    return " ".join([*(line if line[-1] in ".!?:;," else f"{line};" for line in before), last])


def format_date(day: date, today: date) -> str:
    """Spell a day without its weekday: 20 Nov, and the year where it is another than today's."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}" + f" {day.year}" * (day.year != today.year)


def achievement_facts(achievement: Achievement, today: date) -> Iterator[str]:
    """Say in which way and how often, and what it ended."""
    yield from (effect.label for effect in achievement.effects)
    beside = achievement.kind is Kind.IMPROVEMENT  # the first stands above
    yield from (f"{'also ' * beside}for {BENEFICIARY_NAMES[one]}" for one in achievement.beneficiaries[beside:])
    if achievement.times > 1:
        yield f"{format_times(achievement.times)}{format_repetition(achievement, today)}"
    if achievement.fixed_pain:
        yield f"ended “{truncate_text(achievement.fixed_pain.text)}”, {pain_dates_text(achievement.fixed_pain, today)}"


def format_repetition(achievement: Achievement, today: date) -> str:
    """Say since when something was said more than once, or on which single day."""
    return (
        f" since {format_date(achievement.days[0], today)}"
        if len(achievement.days) > 1
        else f" on {format_date(achievement.days[0], today)}"
    )


def text_about_person(achievement: Achievement) -> str:
    """Say how somebody got further who is already named: a text that begins with their @name goes on without it."""
    return without_leading_name(achievement.text) if len(achievement.people) == 1 else achievement.text


def evidence_text(achievement: Achievement) -> str:
    """Say how one knows."""
    return "; ".join(map(truncate_text, achievement.evidence[:MAX_EVIDENCE]))


def pain_dates_text(pain: PainPoint, today: date) -> str:
    """Say since when friction was seen, how often, and when it was gone."""
    ended = f", gone {format_date(pain.closed_on, today)}" if pain.closed_on else ""
    return f"noticed {format_date(pain.first_seen, today)}" + f", seen {pain.times_seen}" * (pain.days_seen > 1) + ended


def fixed_pain_text(pain: PainPoint, today: date) -> str:
    """Tell of friction from the day it was noticed to the day it was gone."""
    how = f": {truncate_text(pain.how)}" if pain.how else ""
    return f"{truncate_text(pain.text)} ({pain_dates_text(pain, today)}){how}"


def project_state_text(section: ProjectSection, today: date) -> str:
    """Say where a project stands."""
    ended = section.project.closed_on
    return (
        f"{section.project.state} {format_date(ended, today)}"
        if ended
        else f"since {format_date(section.began_on, today)}"
    )


OUTLINE_FIELDS = ("measure", "result", "evidence")
"""What is told of a project of which not everything is."""


def project_answers(project: Project) -> Iterator[tuple[str, str | None]]:
    """Return what was said of a project, in the order in which it is told; its aim only as long as it goes on."""
    yield "problem", project.problem
    yield "measure", project.measure
    if project.state is ProjectState.OPEN:
        yield "aim", project.aim
    yield "result", project.result
    yield "evidence", project.evidence
    yield "lesson", project.lesson


def project_facts(section: ProjectSection) -> Iterator[tuple[str, str]]:
    """Return what is told of a project, and nothing for what is missing; of one that is outlined, what it came to."""
    for label, said in project_answers(section.project):
        if label in section.missing_fields:
            yield label, ""
        elif said and (section.is_detailed or label in OUTLINE_FIELDS):
            yield label, truncate_text(said)


def key_figures(brag: Brag) -> tuple[str, ...]:
    """Write the numbers: both sides, their share if there is enough, how much has evidence, which days are written."""
    evidence = f"evidence {brag.tally.with_evidence} of {brag.tally.value}"
    written = f"written {brag.coverage.logged} of {format_count(brag.coverage.workdays, 'workday')}"
    return *score_parts(brag.score), evidence, written


def gap_text(gap: Gap) -> str:
    """Ask for what is missing."""
    where = gap.project_name or (f"for {BENEFICIARY_NAMES[gap.beneficiary]}" if gap.beneficiary else "")
    return (
        f"{' '.join(f'{name}?' for name in gap.missing_fields)} {truncate_text(gap.text)}"
        + f" ({truncate_text(where)})" * bool(where)
    )


def remaining_gaps(brag: Brag) -> Iterator[tuple[str, str, str]]:
    """Return the gaps that get no line of their own: how many more, the command that fills them, and its IDs."""
    for command, names in brag.remaining_gap_commands():
        yield f"and {len(names)} more", command, ", ".join(names)


def beneficiary_count_text(group: BeneficiaryGroup) -> str:
    """Say how many improvements name an audience, and how many of them are told above, with another."""
    above = f", {group.listed_above} of them above" if group.group.achievements else ", above"
    return f"{group.count}" + above * bool(group.listed_above)


def omitted_projects_text(brag: Brag) -> str:
    """Say how many projects are left out, and how many results with them."""
    results = f" with {format_count(brag.more_outcomes, 'result')}" if brag.more_outcomes else ""
    return f"and {format_count(brag.more_projects, 'more project', 'more projects')}{results}"


def list_command(brag: Brag, *flags: str) -> str:
    """Return the command that lists what is left out."""
    return " ".join(["valuelog list", *flags, brag.period.name])


def other_people_text(brag: Brag) -> str:
    """Name those whose part is told beside somebody else."""
    named = ", ".join(f"@{name} ({format_times(times)})" for name, times in brag.other_people)
    return f"also {named}" + (f", and {format_count(brag.more_people, 'other')}" if brag.more_people else "")


def empty_brag_hint(brag: Brag) -> tuple[str, str]:
    """Say that there is nothing to show yet, and the command that helps."""
    if brag.tally.work:
        activities = format_count(brag.tally.work, "activity", "activities")
        said = f"{activities} and nothing left behind yet, as far as you wrote."
        return f"{said} Which of them did more?", list_command(brag, "--side", "work")
    return f"{NO_ENTRIES} Begin with one result:", "valuelog add outcome"


def point_facts_text(point: Point) -> str:
    """Say how often it was seen, or what shows it."""
    return "; ".join(map(truncate_text, point.facts[:MAX_EVIDENCE]))


INSIGHT_HINT = "An insight says all three in a line or a sentence each."


def has_incomplete_insight(brief: Brief) -> bool:
    """Tell whether an insight lacks a part, which only its own words can fill."""
    return any(point.missing_parts for point in brief.points if point.source is PointSource.INSIGHT)


EMPTY_BRIEF_HINT = "Nothing to bring up from these days yet. Begin with something you noticed:", "valuelog add insight"


_MEANING_PREFIX = re.compile(
    r"^(?:it|this|that)?\s*(?:could|can|may|might)\s+mean(?:\s+that|:)?\s+(?=\S)", re.IGNORECASE
)
"""What says again that something is a meaning."""


def point_parts(point: Point) -> Iterator[tuple[str, str, str | None]]:
    """Return what a point says besides what was noticed: the label of each part, its name, and the words if any."""
    yield "could mean", "meaning", point.meaning and _MEANING_PREFIX.sub("", point.meaning)
    yield "proposal", "proposal", point.proposal


def missing_parts_question(position: int, point: Point) -> str:
    """Ask for the parts that are missing of a point, named by its place."""
    return f"{position}: {' '.join(MISSING_PART_QUESTIONS[name] for name in point.missing_parts)}"


def omitted_points_text(brief: Brief) -> str:
    """Say how many points are left out, and where they come from."""
    return f"and {brief.more} more: valuelog pain list · valuelog list --kind insight {brief.period.name}"
