"""A Brag as Markdown: two pages to hand to somebody, and below a rule what its writer still has to fill."""

from collections.abc import Iterator

from valuelog.analysis.brag import BeneficiaryGroup, Brag, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup
from valuelog.model.text import format_times
from valuelog.render import brag_words as say
from valuelog.render.markdown.text import escape_markdown
from valuelog.render.words import format_period_heading


def markdown(brag: Brag) -> str:
    """Return a Brag as a Markdown document."""
    return "\n\n".join(filter(None, _blocks(brag))) + "\n"


def _blocks(brag: Brag) -> Iterator[str]:
    yield f"# Impact · {format_period_heading(brag.period, brag.today)}"
    if brag.is_empty:
        said, command = say.empty_brag_hint(brag)
        yield f"{said} `{command}`"
        return
    yield from _outcomes(brag)
    yield from _section(say.HELPED_HEADING, _helped(brag))
    yield from _section(say.IMPROVED_HEADING, _improvements(brag))
    yield from _section(say.INSIGHTS_HEADING, _insights_and_fixes(brag))
    yield f"*{' · '.join(say.key_figures(brag))}*"
    yield from _gaps(brag)


def _section(name: str, lines: Iterator[str]) -> Iterator[str]:
    """Give lines a heading where there are any."""
    if found := "\n".join(lines):
        yield f"## {name}\n\n{found}"


def _outcomes(brag: Brag) -> Iterator[str]:
    if brag.project_sections or brag.outcomes.achievements:
        yield f"## {say.OUTCOMES_HEADING}"
    for chapter in (one for one in brag.project_sections if one.is_detailed):
        yield f"### {escape_markdown(chapter.project.name)} ({say.project_state_text(chapter, brag.today)})"
        yield "\n".join(_detailed_project(brag, chapter))
    some = any(chapter.is_detailed for chapter in brag.project_sections)
    yield _subsection("More projects" if some else "Projects", _outlined_projects(brag))
    yield _subsection("Other results" if brag.project_sections else "", _other_outcomes(brag))


def _subsection(name: str, lines: Iterator[str]) -> str:
    """Give lines a smaller heading, if they need one and there are any."""
    found = "\n".join(lines)
    return f"### {name}\n\n{found}" if name and found else found


def _detailed_project(brag: Brag, section: ProjectSection) -> Iterator[str]:
    """Tell of a project what was asked of it and what came of it, then its outcomes."""
    for label, said in say.project_facts(section):
        yield f"- **{label.capitalize()}:** {escape_markdown(said) if said else f'*{label}?*'}"
    yield from _project_outcomes(brag, section)


def _project_outcomes(brag: Brag, section: ProjectSection) -> Iterator[str]:
    yield from (_achievement_item(brag, deed) for deed in section.outcomes.achievements)
    if section.outcomes.more:
        command = say.list_command(brag, "--kind", "outcome", "--project", section.project.slug)
        yield f"- and {section.outcomes.more} more: `{command}`"


def _outlined_projects(brag: Brag) -> Iterator[str]:
    """Tell of the other projects in a line each, with their outcomes below."""
    for chapter in (one for one in brag.project_sections if not one.is_detailed):
        yield _project_outline(brag, chapter)
        yield from (f"  {line}" for line in _project_outcomes(brag, chapter))
    if brag.more_projects:
        yield f"- {say.omitted_projects_text(brag)}: `valuelog project list --all`"


def _other_outcomes(brag: Brag) -> Iterator[str]:
    """Tell what belongs to no project."""
    yield from (_achievement_item(brag, deed) for deed in brag.outcomes.achievements)
    yield from _more_item(brag, brag.outcomes, "outcome")


def _project_outline(brag: Brag, section: ProjectSection) -> str:
    told = [
        f"{label}: {escape_markdown(said)}" if said else f"*{label}?*" for label, said in say.project_facts(section)
    ]
    return " – ".join(
        [f"- **{escape_markdown(section.project.name)}** ({say.project_state_text(section, brag.today)})", *told]
    )


def _achievement_item(brag: Brag, achievement: Achievement) -> str:
    return f"- {_achievement_text(brag, achievement, achievement.text)}"


def _achievement_text(brag: Brag, achievement: Achievement, text: str) -> str:
    facts = ", ".join(map(escape_markdown, say.achievement_facts(achievement, brag.today)))
    return escape_markdown(say.truncate_text(text)) + (f" – {facts}" if facts else "") + _evidence_suffix(achievement)


def _evidence_suffix(achievement: Achievement) -> str:
    return (
        f" – evidence: {escape_markdown(say.evidence_text(achievement))}" if achievement.evidence else " – *evidence?*"
    )


def _more_item(brag: Brag, group: AchievementGroup, kind: str) -> Iterator[str]:
    if group.more:
        yield f"- and {group.more} more: `{say.list_command(brag, '--kind', kind)}`"


def _helped(brag: Brag) -> Iterator[str]:
    yield from (_person(brag, person) for person in brag.people)
    if brag.other_people:
        yield f"- {escape_markdown(say.other_people_text(brag))}"
    yield from (_achievement_item(brag, deed) for deed in brag.unnamed_help.achievements)
    yield from _more_item(brag, brag.unnamed_help, "helped")


def _person(brag: Brag, person: HelpedPerson) -> str:
    told = "; ".join(_achievement_text(brag, deed, say.text_about_person(deed)) for deed in person.group.achievements)
    more = f"; and {person.group.more} more" if person.group.more else ""
    return f"- **{escape_markdown('@' + person.name)}**, {format_times(person.times)}: {told}{more}"


def _improvements(brag: Brag) -> Iterator[str]:
    for place, audience in enumerate(brag.improvements):
        yield from _beneficiary_group(brag, audience, is_first=not place)
    if brag.more_improvements:
        yield f"\nand {brag.more_improvements} more: `{say.list_command(brag, '--kind', 'improvement')}`"


def _beneficiary_group(brag: Brag, group: BeneficiaryGroup, *, is_first: bool) -> Iterator[str]:
    heading = f"**{say.BENEFICIARY_HEADINGS[group.beneficiary]}** ({say.beneficiary_count_text(group)})"
    yield heading if is_first else f"\n{heading}"
    if group.group.achievements:
        yield ""
    yield from (_achievement_item(brag, deed) for deed in group.group.achievements)


def _insights_and_fixes(brag: Brag) -> Iterator[str]:
    yield from (_achievement_item(brag, deed) for deed in brag.insights.achievements)
    yield from _more_item(brag, brag.insights, "insight")
    yield from (f"- {escape_markdown(say.fixed_pain_text(pain, brag.today))}" for pain in brag.fixed_pains)


def _gaps(brag: Brag) -> Iterator[str]:
    if brag.gaps:
        lines = [f"- {escape_markdown(say.gap_text(gap))}: `{brag.command(gap)}`" for gap in brag.listed_gaps]
        lines += [
            f"- {more}: `{command}` for {escape_markdown(names)}" for more, command, names in say.remaining_gaps(brag)
        ]
        yield "---"
        yield "\n".join([f"**{say.GAPS_HEADING}**\n", *lines])
