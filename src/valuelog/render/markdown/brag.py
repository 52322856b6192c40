"""A Brag as Markdown: two pages to share, and below a rule what is left to fill in."""

from collections.abc import Iterator

from valuelog.analysis.brag import BeneficiaryGroup, Brag, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup
from valuelog.model.text import format_times
from valuelog.render import brag_words
from valuelog.render.markdown.text import escape_markdown
from valuelog.render.words import format_period_heading


def markdown(brag: Brag) -> str:
    """Return a Brag as a Markdown document."""
    return "\n\n".join(filter(None, _blocks(brag))) + "\n"


def _blocks(brag: Brag) -> Iterator[str]:
    yield f"# Impact · {format_period_heading(brag.period, brag.today)}"
    if brag.is_empty:
        hint, command = brag_words.empty_brag_hint(brag)
        yield f"{hint} `{command}`"
        return
    yield from _outcomes(brag)
    yield from _section(brag_words.HELPED_HEADING, _helped(brag))
    yield from _section(brag_words.IMPROVED_HEADING, _improvements(brag))
    yield from _section(brag_words.INSIGHTS_HEADING, _insights_and_fixes(brag))
    yield from _section(brag_words.LEARNED_HEADING, _lessons(brag))
    yield from _section(brag_words.DROPPED_HEADING, _dropped_projects(brag))
    yield f"*{' · '.join(brag_words.key_figures(brag))}*"
    yield from _gaps(brag)


def _section(name: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield a heading and the lines below it, if there are any."""
    if text := "\n".join(lines):
        yield f"## {name}\n\n{text}"


def _outcomes(brag: Brag) -> Iterator[str]:
    if brag.project_sections or brag.outcomes.achievements:
        yield f"## {brag_words.OUTCOMES_HEADING}"
    for section in (each for each in brag.project_sections if each.is_detailed):
        yield f"### {escape_markdown(section.project.name)} ({brag_words.project_state_text(section, brag.today)})"
        yield "\n".join(_detailed_project(brag, section))
    has_detailed = any(section.is_detailed for section in brag.project_sections)
    yield _subsection("More projects" if has_detailed else "Projects", _outlined_projects(brag))
    yield _subsection(
        "Other results" if brag.project_sections else "", _group_items(brag, brag.outcomes, "--kind", "outcome")
    )


def _subsection(name: str, lines: Iterator[str]) -> str:
    """Return the lines below a smaller heading, if it has a name and there are any."""
    text = "\n".join(lines)
    return f"### {name}\n\n{text}" if name and text else text


def _detailed_project(brag: Brag, section: ProjectSection) -> Iterator[str]:
    """Yield the answers about a project, then its outcomes."""
    for label, text in brag_words.project_facts(section):
        yield f"- **{label.capitalize()}:** {escape_markdown(text) if text else '*missing*'}"
    yield from _project_outcomes(brag, section)


def _project_outcomes(brag: Brag, section: ProjectSection) -> Iterator[str]:
    return _group_items(brag, section.outcomes, "--kind", "outcome", "--project", section.project.slug)


def _outlined_projects(brag: Brag) -> Iterator[str]:
    """Yield the other projects, a line each, with their outcomes below."""
    for section in (each for each in brag.project_sections if not each.is_detailed):
        yield _project_outline(brag, section)
        yield from (f"  {line}" for line in _project_outcomes(brag, section))
    if brag.more_projects:
        yield f"- {brag_words.omitted_projects_text(brag)}: `valuelog project list --all`"


def _project_outline(brag: Brag, section: ProjectSection) -> str:
    name, state = escape_markdown(section.project.name), brag_words.project_state_text(section, brag.today)
    facts = [
        f"{label}: {escape_markdown(text)}" if text else f"*{label}?*"
        for label, text in brag_words.project_facts(section)
    ]
    return " – ".join([f"- **{name}** ({state})", *facts])


def _group_items(brag: Brag, group: AchievementGroup, *flags: str) -> Iterator[str]:
    """Yield the listed achievements, and the command that lists the others."""
    yield from (_achievement_item(brag, achievement) for achievement in group.achievements)
    if group.more:
        yield f"- and {group.more} more: `{brag_words.list_command(brag, *flags)}`"


def _achievement_item(brag: Brag, achievement: Achievement) -> str:
    return f"- {_achievement_text(brag, achievement, achievement.text)}"


def _achievement_text(brag: Brag, achievement: Achievement, text: str) -> str:
    facts = ", ".join(map(escape_markdown, brag_words.achievement_facts(achievement, brag.today)))
    evidence = escape_markdown(brag_words.evidence_text(achievement))
    parts = (
        escape_markdown(brag_words.truncate_text(text)),
        facts,
        f"evidence: {evidence}" if evidence else "*evidence?*",
    )
    return " – ".join(filter(None, parts))


def _helped(brag: Brag) -> Iterator[str]:
    yield from (_person(brag, person) for person in brag.people)
    if brag.other_people:
        yield f"- {escape_markdown(brag_words.other_people_text(brag))}"
    yield from _group_items(brag, brag.unnamed_help, "--kind", "helped")


def _person(brag: Brag, person: HelpedPerson) -> str:
    texts = "; ".join(
        _achievement_text(brag, achievement, brag_words.text_about_person(achievement))
        for achievement in person.group.achievements
    )
    more = f"; and {person.group.more} more" if person.group.more else ""
    return f"- **{escape_markdown('@' + person.name)}**, {format_times(person.times)}: {texts}{more}"


def _improvements(brag: Brag) -> Iterator[str]:
    for place, group in enumerate(brag.improvements):
        yield from _beneficiary_group(brag, group, is_first=not place)
    if brag.more_improvements:
        yield f"\nand {brag.more_improvements} more: `{brag_words.list_command(brag, '--kind', 'improvement')}`"


def _beneficiary_group(brag: Brag, group: BeneficiaryGroup, *, is_first: bool) -> Iterator[str]:
    name = escape_markdown(brag_words.beneficiary_heading(group.beneficiary))
    heading = f"**{name}** ({brag_words.beneficiary_count_text(group)})"
    yield heading if is_first else f"\n{heading}"
    if group.group.achievements:
        yield ""
    yield from (_achievement_item(brag, achievement) for achievement in group.group.achievements)


def _insights_and_fixes(brag: Brag) -> Iterator[str]:
    yield from _group_items(brag, brag.insights, "--kind", "insight")
    yield from (f"- {escape_markdown(brag_words.fixed_pain_text(pain, brag.today))}" for pain in brag.fixed_pains)


def _lessons(brag: Brag) -> Iterator[str]:
    yield from (f"- {escape_markdown(brag_words.lesson_text(lesson))}" for lesson in brag.lessons)
    if brag.more_lessons:
        yield f"- and {brag.more_lessons} more: `{brag_words.list_command(brag, '--kind', 'learned')}`"


def _dropped_projects(brag: Brag) -> Iterator[str]:
    yield from (f"- {escape_markdown(brag_words.dropped_project_text(ended, brag.today))}" for ended in brag.dropped)


def _gaps(brag: Brag) -> Iterator[str]:
    if brag.gaps:
        lines = [f"- {escape_markdown(brag_words.gap_text(gap))}: `{brag.command(gap)}`" for gap in brag.listed_gaps]
        lines += [
            f"- {count}: `{command}` for {escape_markdown(ids)}"
            for count, command, ids in brag_words.remaining_gaps(brag)
        ]
        yield "---"
        yield "\n".join([f"**{brag_words.GAPS_HEADING}**\n", *lines])
