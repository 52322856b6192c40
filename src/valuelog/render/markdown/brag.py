"""A Brag as Markdown: a document to share."""

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
    title = escape_markdown(brag_words.title(brag))
    yield f"# {title} · {format_period_heading(brag.period, brag.today)}"
    if brag.is_empty and brag.expectations is None:
        yield brag_words.EMPTY_BRAG
    elif brag_words.is_in_blocks(brag):
        for block in brag_words.document_blocks(brag):
            yield from _section(escape_markdown(block.heading), _block_items(block))
    else:
        yield from _sections(brag)
    if brag.shows_score:
        yield f"*{' · '.join(brag_words.key_figures(brag))}*"


def _sections(brag: Brag) -> Iterator[str]:
    yield from _outcomes(brag)
    yield from _section(brag_words.HELPED_HEADING, _helped(brag))
    yield from _section(brag_words.IMPROVED_HEADING, _improvements(brag))
    yield from _section(brag_words.INSIGHTS_HEADING, _insights_and_fixes(brag))
    yield from _section(brag_words.LEARNED_HEADING, _lessons(brag))
    yield from _section(brag_words.OTHER_HEADING, _block_items(brag_words.other_block(brag)))


def _block_items(block: brag_words.Block) -> Iterator[str]:
    for item in block.items:
        parts = (
            escape_markdown(item.text),
            ", ".join(map(escape_markdown, item.facts)),
            f"evidence: {escape_markdown(item.evidence)}" if item.evidence else "",
        )
        yield f"- {' – '.join(filter(None, parts))}"
    if block.more:
        yield f"- and {block.more} more"


def _section(name: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield a heading and the lines below it, if there are any."""
    if text := "\n".join(lines):
        yield f"## {name}\n\n{text}"


def _outcomes(brag: Brag) -> Iterator[str]:
    groups = (brag.outcomes, brag.requests, brag.next_level)
    if brag.project_sections or any(group.achievements for group in groups):
        yield f"## {brag_words.OUTCOMES_HEADING}"
    for section in (each for each in brag.project_sections if each.is_detailed):
        yield f"### {escape_markdown(section.project.name)} ({brag_words.project_state_text(section, brag.today)})"
        yield "\n".join(_detailed_project(brag, section))
    has_detailed = any(section.is_detailed for section in brag.project_sections)
    yield _subsection("More projects" if has_detailed else "Projects", _outlined_projects(brag))
    yield _subsection("Other results" if brag.project_sections else "", _group_items(brag, brag.outcomes))
    yield _subsection(brag_words.REQUESTS_HEADING, _group_items(brag, brag.requests))
    yield _subsection(brag_words.NEXT_LEVEL_HEADING, _group_items(brag, brag.next_level))


def _subsection(name: str, lines: Iterator[str]) -> str:
    """Return the lines below a smaller heading, if it has a name and there are any."""
    text = "\n".join(lines)
    return f"### {name}\n\n{text}" if name and text else text


def _detailed_project(brag: Brag, section: ProjectSection) -> Iterator[str]:
    """Yield the answers about a project, then its outcomes."""
    for label, text in brag_words.project_facts(section):
        yield f"- **{label.capitalize()}:** {escape_markdown(text)}"
    yield from _project_outcomes(brag, section)


def _project_outcomes(brag: Brag, section: ProjectSection) -> Iterator[str]:
    return _group_items(brag, section.outcomes)


def _outlined_projects(brag: Brag) -> Iterator[str]:
    """Yield the other projects, a line each, with their outcomes below."""
    for section in (each for each in brag.project_sections if not each.is_detailed):
        yield _project_outline(brag, section)
        yield from (f"  {line}" for line in _project_outcomes(brag, section))
    if brag.more_projects:
        yield f"- {brag_words.omitted_projects_text(brag)}"


def _project_outline(brag: Brag, section: ProjectSection) -> str:
    name, state = escape_markdown(section.project.name), brag_words.project_state_text(section, brag.today)
    facts = [f"{label}: {escape_markdown(text)}" for label, text in brag_words.project_facts(section)]
    return " – ".join([f"- **{name}** ({state})", *facts])


def _group_items(brag: Brag, group: AchievementGroup) -> Iterator[str]:
    """Yield the listed achievements, and how many others there are."""
    yield from (_achievement_item(brag, achievement) for achievement in group.achievements)
    if group.more:
        yield f"- and {group.more} more"


def _achievement_item(brag: Brag, achievement: Achievement) -> str:
    return f"- {_achievement_text(brag, achievement, achievement.text)}"


def _achievement_text(brag: Brag, achievement: Achievement, text: str) -> str:
    facts = ", ".join(map(escape_markdown, brag_words.achievement_facts(achievement, brag.today)))
    evidence = escape_markdown(brag_words.evidence_text(achievement))
    parts = (
        escape_markdown(brag_words.truncate_text(text)),
        facts,
        f"evidence: {evidence}" if evidence else "",
    )
    return " – ".join(filter(None, parts))


def _helped(brag: Brag) -> Iterator[str]:
    yield from (_person(brag, person) for person in brag.people)
    if brag.other_people:
        yield f"- {escape_markdown(brag_words.other_people_text(brag))}"
    yield from _group_items(brag, brag.unnamed_help)


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
        yield f"\nand {brag.more_improvements} more"


def _beneficiary_group(brag: Brag, group: BeneficiaryGroup, *, is_first: bool) -> Iterator[str]:
    name = escape_markdown(brag_words.beneficiary_heading(group.beneficiary))
    heading = f"**{name}** ({brag_words.beneficiary_count_text(group)})"
    yield heading if is_first else f"\n{heading}"
    if group.group.achievements:
        yield ""
    yield from (_achievement_item(brag, achievement) for achievement in group.group.achievements)


def _insights_and_fixes(brag: Brag) -> Iterator[str]:
    yield from _group_items(brag, brag.insights)
    yield from (f"- {escape_markdown(brag_words.fixed_pain_text(pain, brag.today))}" for pain in brag.fixed_pains)


def _lessons(brag: Brag) -> Iterator[str]:
    yield from (f"- {escape_markdown(brag_words.lesson_text(lesson))}" for lesson in brag.lessons)
    if brag.more_lessons:
        yield f"- and {brag.more_lessons} more"
    yield from (f"- {escape_markdown(brag_words.dropped_project_text(ended, brag.today))}" for ended in brag.dropped)
