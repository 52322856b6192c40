"""The wording of a Brag and a Brief, shared by all formats."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from valuelog.analysis.brag import Audience, BeneficiaryGroup, Brag, ProjectSection
from valuelog.analysis.brief import Brief, Point, PointSource
from valuelog.analysis.grouping import Achievement, without_leading_name, without_trailing_markers
from valuelog.analysis.projects import EndedProject, Lesson
from valuelog.model.entry import Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import SHORT_MONTHS
from valuelog.model.project import Project, ProjectState
from valuelog.model.promise import Promise
from valuelog.model.text import format_times, spell_out, truncate_line
from valuelog.model.trade import trade_words
from valuelog.render.escape import escape_line
from valuelog.render.words import NO_ENTRIES, format_count, format_effort, score_parts

MAX_QUOTE_LENGTH = 160
"""Quoted text is truncated to this; `list` and `show` have all of it."""

MAX_EVIDENCE = 2
"""Pieces of evidence shown beside one achievement."""

MISSING_PART_QUESTIONS = {"meaning": "what could it mean?", "proposal": "what do you propose?"}
"""The questions about missing parts of a point."""

OUTCOMES_HEADING, HELPED_HEADING, IMPROVED_HEADING, INSIGHTS_HEADING, LEARNED_HEADING, OTHER_HEADING = (
    "Impact",
    "People I helped",
    "Improvements",
    "Spotted early",
    "What I learned",
    "Other",
)
"""The headings of a Brag."""

REQUESTS_HEADING, NEXT_LEVEL_HEADING = "Requests I turned into better ones", "Work at the next level"
"""Headings within the impact."""

UNMET_HEADING = "No evidence yet"


def truncate_text(text: str) -> str:
    """Return the beginning of a text as one line. A URL is never cut, so that it still works."""
    line = _join_lines(text)
    if len(line) <= MAX_QUOTE_LENGTH:
        return line
    kept, _, cut = line[:MAX_QUOTE_LENGTH].rpartition(" ")
    last = (cut + line[MAX_QUOTE_LENGTH:]).partition(" ")[0]
    if "://" in last:
        return f"{kept} {last}".strip() + " …" * (len(kept) + len(last) + 1 < len(line))
    return (kept or line[: MAX_QUOTE_LENGTH - 1]).rstrip(" ,;") + "…"


def _join_lines(text: str) -> str:
    """Join the lines of a text, each as its own sentence or clause."""
    if "\n" not in text:
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    *before, last = lines or [""]
    return " ".join([*(line if line[-1] in ".!?:;," else f"{line};" for line in before), last])


def format_date(day: date, today: date) -> str:
    """Format a day without its weekday: 20 Nov, with the year if it isn't this year."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}" + f" {day.year}" * (day.year != today.year)


def achievement_facts(achievement: Achievement, today: date) -> Iterator[str]:
    """Return its effects, other beneficiaries, how often it was logged, what came of it, and what it fixed."""
    words = trade_words()
    yield from map(words.effects.word, achievement.effects)
    beside = achievement.kind is Kind.IMPROVEMENT  # the heading names the first one
    yield from (f"{'also ' * beside}for {words.beneficiaries.word(one)}" for one in achievement.beneficiaries[beside:])
    if achievement.times > 1:
        yield f"{format_times(achievement.times)}{format_repetition(achievement, today)}"
    if achievement.raised_outcome:
        yield f"what came of it: {truncate_text(achievement.raised_outcome)}"
    if achievement.fixed_pain:
        yield f"fixed “{truncate_text(achievement.fixed_pain.text)}”, {pain_dates_text(achievement.fixed_pain, today)}"


def format_repetition(achievement: Achievement, today: date) -> str:
    """Return the first day of an achievement that was logged more than once, or its only day."""
    return (
        f" since {format_date(achievement.days[0], today)}"
        if len(achievement.days) > 1
        else f" on {format_date(achievement.days[0], today)}"
    )


def text_about_person(achievement: Achievement) -> str:
    """Return the text without the @name of the person it is listed under."""
    return without_leading_name(achievement.text) if len(achievement.people) == 1 else achievement.text


_BARE_YES = re.compile(r"^(?:yes|yep|ok|sure)\s*;\s*(?=\S)", re.IGNORECASE)
"""A first answer that more was added to, because it didn't count."""


def evidence_text(achievement: Achievement) -> str:
    """Return the evidence that counts as one line."""
    return "; ".join(truncate_text(_BARE_YES.sub("", each)) for each in achievement.proof[:MAX_EVIDENCE])


def pain_dates_text(pain: PainPoint, today: date) -> str:
    """Return when a pain point was noticed, and how often it was seen."""
    return f"noticed {format_date(pain.first_seen, today)}" + f", seen {pain.times_seen}" * (pain.days_seen > 1)


def fixed_pain_text(pain: PainPoint, today: date) -> str:
    """Return a fixed pain point with its dates and how it was fixed."""
    how = f": {truncate_text(pain.how)}" if pain.how else ""
    fixed_on = f", fixed {format_date(pain.closed_on, today)}" if pain.closed_on else ""
    return f"{truncate_text(pain.text)} ({pain_dates_text(pain, today)}{fixed_on}){how}"


def project_state_text(section: ProjectSection, today: date) -> str:
    """Return the state of a project and since when."""
    ended = section.project.closed_on
    return (
        f"{section.project.state} {format_date(ended, today)}"
        if ended
        else f"since {format_date(section.began_on, today)}"
    )


OUTLINE_FIELDS = ("measure", "result", "evidence")
"""The fields of a project that isn't shown in full."""


def project_answers(project: Project) -> Iterator[tuple[str, str | None]]:
    """Yield the answers about a project in the order shown; the aim only while it is open."""
    yield "problem", project.problem
    yield "measure", project.measure
    if project.state is ProjectState.OPEN:
        yield "aim", project.aim
    if project.state is not ProjectState.DROPPED:  # a block of its own tells why, and what it taught
        yield "result", project.result
        yield "evidence", project.evidence
        yield "lesson", project.lesson


def project_facts(section: ProjectSection) -> Iterator[tuple[str, str]]:
    """Yield label and text of the fields shown."""
    for label, text in project_answers(section.project):
        if text and (section.is_detailed or label in OUTLINE_FIELDS):
            yield label, truncate_text(text)


def dropped_project_text(ended: EndedProject, today: date) -> str:
    """Return a dropped project with its day and what it took, why it was dropped and what it taught."""
    project, effort = ended
    dropped = f"dropped {format_date(project.closed_on, today)}" if project.closed_on else "dropped"
    after = f" after {format_effort(effort)}" if effort.entries else ""
    why = f": {truncate_text(project.result)}" if project.result else ""
    taught = f" – it taught: {truncate_text(project.lesson)}" if project.lesson else ""
    return f"{truncate_text(project.name)} ({dropped}{after}){why}{taught}"


def lesson_text(lesson: Lesson) -> str:
    """Return something learned, with the project that taught it."""
    project = f" ({truncate_text(lesson.project.name)})" if lesson.project else ""
    return f"{truncate_text(without_trailing_markers(lesson.text))}{project}"


def key_figures(brag: Brag) -> tuple[str, ...]:
    """Return both sides, the share if there are enough entries, and the coverage."""
    logged = f"{brag.coverage.logged} of {format_count(brag.coverage.workdays, 'workday')} logged"
    return *score_parts(brag.score), logged


class Item(NamedTuple):
    """One line of a block: a sentence, further facts, and its evidence."""

    text: str
    facts: tuple[str, ...] = ()
    evidence: str = ""


class Block(NamedTuple):
    """A heading and its items; `more` counts those left out."""

    heading: str
    items: tuple[Item, ...]
    more: int = 0


def title(brag: Brag) -> str:
    """Return whose results these are. The period is shown next to it."""
    return brag.name or "Results"


EMPTY_BRAG = "No results are logged for these days yet."


def is_in_blocks(brag: Brag) -> bool:
    """Return whether the document consists of blocks alone: the highlights, or the evidence by expectation."""
    return brag.expectations is not None or brag.audience is Audience.EXEC


def document_blocks(brag: Brag) -> Iterator[Block]:
    """Yield the blocks of a document that consists of blocks alone."""
    if brag.expectations is None:
        yield Block(OUTCOMES_HEADING, _items(brag, brag.highlights))
        return
    for met in brag.expectations:
        if met.is_met:
            stops = tuple(_stop_item(stop, brag.today) for stop in met.stops)
            yield Block(met.expectation.text, (*_items(brag, met.achievements), *stops))
    unmet = tuple(Item(met.expectation.text) for met in brag.expectations if not met.is_met)
    yield Block(UNMET_HEADING, unmet)
    yield Block(OTHER_HEADING, (*_items(brag, brag.unmatched), *_other_items(brag)))


def other_block(brag: Brag) -> Block:
    """Return what belongs under no other heading: promises to stop something that were kept, for one."""
    stops = tuple(_stop_item(stop, brag.today) for stop in brag.stops)
    return Block(OTHER_HEADING, (*stops, *_other_items(brag)), brag.more_stops)


def _other_items(brag: Brag) -> Iterator[Item]:
    """Yield the answers about the next level, which are only for yourself."""
    if brag.audience is Audience.SELF:
        for each in brag.level_answers:
            yield Item(f"What someone one level up would have done in {each.period}: {truncate_text(each.answer)}")


def _stop_item(stop: Promise, today: date) -> Item:
    kept = f"since {format_date(stop.closed_on, today)}" if stop.closed_on else ""
    return Item(f"Stopped: {truncate_text(stop.text)}", tuple(filter(None, (kept,))))


def _items(brag: Brag, achievements: Iterable[Achievement]) -> tuple[Item, ...]:
    return tuple(
        Item(
            truncate_text(each.text),
            tuple(achievement_facts(each, brag.today)),
            evidence_text(each),
        )
        for each in achievements
    )


def brag_hints(brag: Brag, fill_command: str) -> Iterator[str]:
    """Yield what is missing in a Brag, and the commands for that; it is no part of the document."""
    if brag.is_empty:
        yield empty_brag_hint(brag)
    if not brag.gaps:
        return
    answers = format_count(sum(len(gap.missing_fields) for gap in brag.gaps), "answer")
    yield f"Left out, because you haven't said it yet: {answers}. Add what you know: {fill_command}"
    for gap in brag.listed_gaps:
        yield f"  {' and '.join(gap.missing_fields)} of “{truncate_line(escape_line(truncate_text(gap.text)), 50)}”"
        yield f"      {escape_line(brag.command(gap))}"
    if more := len(brag.gaps) - len(brag.listed_gaps):
        yield f"  and {more} more"


def beneficiary_heading(beneficiary: str | None) -> str:
    """Return the heading of the improvements for a beneficiary, or for none in particular."""
    return f"For {trade_words().beneficiaries.word(beneficiary)}" if beneficiary else "Other"


def beneficiary_count_text(group: BeneficiaryGroup) -> str:
    """Return how many improvements benefit a group, and how many of them are listed above."""
    above = f", {spell_out(group.listed_above)} listed above" if group.group.achievements else ", listed above"
    return f"{group.count}" + above * bool(group.listed_above)


def omitted_projects_text(brag: Brag) -> str:
    """Return how many projects are left out, with their results."""
    results = f" with {format_count(brag.more_outcomes, 'result')}" if brag.more_outcomes else ""
    return f"and {format_count(brag.more_projects, 'more project', 'more projects')}{results}"


def other_people_text(brag: Brag) -> str:
    """Name the people who share an entry with someone listed."""
    named = ", ".join(f"@{name} ({format_times(times)})" for name, times in brag.other_people)
    return f"also {named}" + (f", and {format_count(brag.more_people, 'other')}" if brag.more_people else "")


def empty_brag_hint(brag: Brag) -> str:
    """Return what to do about an empty Brag."""
    if brag.tally.work:
        activities = format_count(brag.tally.work, "activity", "activities")
        command = f"valuelog list --side work {brag.period.name}"
        return f"{activities}, no value logged yet. Which of them made something better?  {command}"
    return f"{NO_ENTRIES} Start with one result:  valuelog add outcome"


def point_facts_text(point: Point, today: date) -> str:
    """Return how often it was seen, or what shows it, and when it was raised."""
    raised = [f"raised {format_date(point.raised_on, today)}"] if point.raised_on else []
    return "; ".join([*map(truncate_text, point.facts[:MAX_EVIDENCE]), *raised])


INSIGHT_HINT = "Write an insight in three lines: what you saw, what it means, what you propose."

EMPTY_BRIEF = "Nothing to bring up from these days yet."
EMPTY_BRIEF_HINT = "Start with something you noticed: valuelog add insight"


def brief_hints(brief: Brief) -> Iterator[str]:
    """Yield what could be added to a Brief, and the commands for that; it is no part of the document."""
    if not brief.points:
        yield EMPTY_BRIEF_HINT
    incomplete = [(place, point) for place, point in enumerate(brief.points, 1) if point.missing_parts]
    if any(point.source is PointSource.INSIGHT for _, point in incomplete):
        yield INSIGHT_HINT
    for place, point in incomplete:
        yield f"{missing_parts_question(place, point)}  {brief.command(point)}"
    if brief.more:
        yield f"All of them: valuelog pain list · valuelog list --kind insight {brief.period.name}"


_MEANING_PREFIX = re.compile(
    r"^(?:it|this|that)?\s*(?:could|can|may|might)\s+mean(?:\s+that|:)?\s+(?=\S)", re.IGNORECASE
)
"""A beginning that repeats the label."""


def point_parts(point: Point) -> Iterator[tuple[str, str]]:
    """Yield label and text of each part of a point besides what you noticed, if it has them."""
    if point.meaning:
        yield "could mean", _MEANING_PREFIX.sub("", point.meaning)
    if point.proposal:
        yield "proposal", point.proposal


def missing_parts_question(position: int, point: Point) -> str:
    """Return the questions about the missing parts of a point, after its number."""
    return f"{position}: {' '.join(MISSING_PART_QUESTIONS[name] for name in point.missing_parts)}"


def omitted_points_text(brief: Brief) -> str:
    """Say how many points are left out."""
    return f"and {brief.more} more"
