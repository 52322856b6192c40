"""A Brag as Markdown: two pages to hand to somebody, and below a rule what its writer still has to fill."""

from collections.abc import Iterator

from valuelog.analysis.brag import BeneficiaryGroup, Brag, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup
from valuelog.model.text import format_times
from valuelog.render import brag_words as say
from valuelog.render.markdown.text import literal
from valuelog.render.words import heading


def markdown(brag: Brag) -> str:
    """Return a Brag as a Markdown document."""
    return "\n\n".join(filter(None, _blocks(brag))) + "\n"


def _blocks(brag: Brag) -> Iterator[str]:
    yield f"# What moved · {heading(brag.period, brag.today)}"
    if brag.is_empty:
        said, command = say.nothing(brag)
        yield f"{said} `{command}`"
        return
    yield from _outcomes(brag)
    yield from _section(say.HELPED, _helped(brag))
    yield from _section(say.IMPROVED, _improved(brag))
    yield from _section(say.SEEN, _seen(brag))
    yield f"*{' · '.join(say.numbers(brag))}*"
    yield from _gaps(brag)


def _section(name: str, lines: Iterator[str]) -> Iterator[str]:
    """Give lines a heading where there are any."""
    if found := "\n".join(lines):
        yield f"## {name}\n\n{found}"


def _outcomes(brag: Brag) -> Iterator[str]:
    if brag.project_sections or brag.outcomes.achievements:
        yield f"## {say.OUTCOMES}"
    for chapter in (one for one in brag.project_sections if one.is_detailed):
        yield f"### {literal(chapter.project.name)} ({say.state(chapter, brag.today)})"
        yield "\n".join(_chapter(brag, chapter))
    some = any(chapter.is_detailed for chapter in brag.project_sections)
    yield _part("More projects" if some else "Projects", _outlines(brag))
    yield _part("Other results" if brag.project_sections else "", _others(brag))


def _part(name: str, lines: Iterator[str]) -> str:
    """Give lines a smaller heading, if they need one and there are any."""
    found = "\n".join(lines)
    return f"### {name}\n\n{found}" if name and found else found


def _chapter(brag: Brag, chapter: ProjectSection) -> Iterator[str]:
    """Tell of a project what was asked of it and what came of it, then its outcomes."""
    for label, said in say.project_facts(chapter):
        yield f"- **{label.capitalize()}:** {literal(said) if said else f'*{label}?*'}"
    yield from _results(brag, chapter)


def _results(brag: Brag, chapter: ProjectSection) -> Iterator[str]:
    yield from (_deed(brag, deed) for deed in chapter.outcomes.achievements)
    if chapter.outcomes.more:
        command = say.listing(brag, "--kind", "outcome", "--project", chapter.project.slug)
        yield f"- and {chapter.outcomes.more} more: `{command}`"


def _outlines(brag: Brag) -> Iterator[str]:
    """Tell of the other projects in a line each, with their outcomes below."""
    for chapter in (one for one in brag.project_sections if not one.is_detailed):
        yield _outline(brag, chapter)
        yield from (f"  {line}" for line in _results(brag, chapter))
    if brag.more_projects:
        yield f"- {say.projects_left(brag)}: `valuelog project list --all`"


def _others(brag: Brag) -> Iterator[str]:
    """Tell what belongs to no project."""
    yield from (_deed(brag, deed) for deed in brag.outcomes.achievements)
    yield from _more(brag, brag.outcomes, "outcome")


def _outline(brag: Brag, chapter: ProjectSection) -> str:
    told = [f"{label}: {literal(said)}" if said else f"*{label}?*" for label, said in say.project_facts(chapter)]
    return " – ".join([f"- **{literal(chapter.project.name)}** ({say.state(chapter, brag.today)})", *told])


def _deed(brag: Brag, deed: Achievement) -> str:
    return f"- {_told(brag, deed, deed.text)}"


def _told(brag: Brag, deed: Achievement, text: str) -> str:
    facts = ", ".join(map(literal, say.facts(deed, brag.today)))
    return literal(say.gist(text)) + (f" – {facts}" if facts else "") + _proof(deed)


def _proof(deed: Achievement) -> str:
    return f" – evidence: {literal(say.proof(deed))}" if deed.evidence else " – *evidence?*"


def _more(brag: Brag, group: AchievementGroup, kind: str) -> Iterator[str]:
    if group.more:
        yield f"- and {group.more} more: `{say.listing(brag, '--kind', kind)}`"


def _helped(brag: Brag) -> Iterator[str]:
    yield from (_person(brag, person) for person in brag.people)
    if brag.other_people:
        yield f"- {literal(say.other_people_text(brag))}"
    yield from (_deed(brag, deed) for deed in brag.unnamed_help.achievements)
    yield from _more(brag, brag.unnamed_help, "helped")


def _person(brag: Brag, person: HelpedPerson) -> str:
    told = "; ".join(_told(brag, deed, say.of_person(deed)) for deed in person.group.achievements)
    more = f"; and {person.group.more} more" if person.group.more else ""
    return f"- **{literal('@' + person.name)}**, {format_times(person.times)}: {told}{more}"


def _improved(brag: Brag) -> Iterator[str]:
    for place, audience in enumerate(brag.improvements):
        yield from _audience(brag, audience, first=not place)
    if brag.more_improvements:
        yield f"\nand {brag.more_improvements} more: `{say.listing(brag, '--kind', 'improvement')}`"


def _audience(brag: Brag, audience: BeneficiaryGroup, *, first: bool) -> Iterator[str]:
    yield f"{'' if first else chr(10)}**{say.FOR[audience.beneficiary]}** ({say.counted(audience)})"
    if audience.group.achievements:
        yield ""
    yield from (_deed(brag, deed) for deed in audience.group.achievements)


def _seen(brag: Brag) -> Iterator[str]:
    yield from (_deed(brag, deed) for deed in brag.insights.achievements)
    yield from _more(brag, brag.insights, "insight")
    yield from (f"- {literal(say.fixed_pain_text(pain, brag.today))}" for pain in brag.fixed_pains)


def _gaps(brag: Brag) -> Iterator[str]:
    if brag.gaps:
        lines = [f"- {literal(say.filling(gap))}: `{brag.command(gap)}`" for gap in brag.listed_gaps]
        lines += [f"- {more}: `{command}` for {literal(names)}" for more, command, names in say.unfilled(brag)]
        yield "---"
        yield "\n".join([f"**{say.GAPS}**\n", *lines])
