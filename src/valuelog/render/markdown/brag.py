"""A Brag as Markdown: two pages to hand to somebody, and below a rule what its writer still has to fill."""

from collections.abc import Iterator

from valuelog.analysis.brag import IN_FULL, Audience, Brag, Chapter, Person
from valuelog.analysis.deeds import Deed, Group
from valuelog.model.saying import often
from valuelog.render import deeds as say
from valuelog.render.markdown.text import literal


def markdown(brag: Brag) -> str:
    """Return a Brag as a Markdown document."""
    return "\n\n".join(filter(None, _blocks(brag))) + "\n"


def _blocks(brag: Brag) -> Iterator[str]:
    yield f"# What moved · {say.heading(brag)}"
    if brag.empty:
        said, command = say.nothing(brag)
        yield f"{said} `{command}`"
        return
    yield from _outcomes(brag)
    yield from _section("Who got further", _helped(brag))
    yield from _section("What works better", _improved(brag))
    yield from _section("Seen early", _seen(brag))
    yield f"*{' · '.join(say.numbers(brag))}*"
    yield from _gaps(brag)


def _section(name: str, lines: Iterator[str]) -> Iterator[str]:
    """Give lines a heading where there are any."""
    if found := "\n".join(lines):
        yield f"## {name}\n\n{found}"


def _outcomes(brag: Brag) -> Iterator[str]:
    if brag.chapters or brag.outcomes.deeds:
        yield "## Outcomes"
    for chapter in brag.chapters[:IN_FULL]:
        yield f"### {literal(chapter.project.name)} ({say.state(chapter, brag.today)})"
        yield "\n".join(_chapter(brag, chapter))
    yield "\n".join(_other_outcomes(brag))


def _chapter(brag: Brag, chapter: Chapter) -> Iterator[str]:
    """Tell of a project what was asked of it and what came of it, then its outcomes."""
    for label, said in say.answers(chapter.project):
        if said:
            yield f"- **{label.capitalize()}:** {literal(say.gist(said))}"
        elif label in chapter.wants:
            yield f"- **{label.capitalize()}:** *{label}?*"
    yield from (_deed(brag, deed) for deed in chapter.outcomes.deeds)
    if chapter.outcomes.more:
        command = say.listing(brag, "--kind", "outcome", "--project", chapter.project.slug)
        yield f"- and {chapter.outcomes.more} more: `{command}`"


def _other_outcomes(brag: Brag) -> Iterator[str]:
    """Tell of the other projects in a line each, then what belongs to no project."""
    if brag.chapters and (brag.chapters[IN_FULL:] or brag.outcomes.deeds):
        yield "### Other results\n"
    for chapter in brag.chapters[IN_FULL:]:
        yield _outline(brag, chapter)
    if brag.more_chapters:
        yield f"- and {brag.more_chapters} more projects: `valuelog project list --all`"
    yield from (_deed(brag, deed) for deed in brag.outcomes.deeds)
    yield from _more(brag, brag.outcomes, "outcome")


def _outline(brag: Brag, chapter: Chapter) -> str:
    project = chapter.project
    wants = "".join(f" *{name}?*" for name in chapter.wants)
    proof = f" – evidence: {literal(say.proven(chapter))}" if chapter.proven else ""
    said = f": {literal(say.outline(chapter))}" if say.outline(chapter) else ""
    return f"- **{literal(project.name)}** ({say.state(chapter, brag.today)}){said}{proof}{wants}"


def _deed(brag: Brag, deed: Deed) -> str:
    return f"- {_told(brag, deed, deed.text)}"


def _told(brag: Brag, deed: Deed, text: str) -> str:
    facts = ", ".join(map(literal, say.facts(deed, brag.today)))
    return literal(say.gist(text)) + (f" – {facts}" if facts else "") + _proof(deed)


def _proof(deed: Deed) -> str:
    return f" – evidence: {literal(say.proof(deed))}" if deed.evidence else " – *evidence?*"


def _more(brag: Brag, group: Group, kind: str) -> Iterator[str]:
    if group.more:
        yield f"- and {group.more} more: `{say.listing(brag, '--kind', kind)}`"


def _helped(brag: Brag) -> Iterator[str]:
    yield from (_person(brag, person) for person in brag.people)
    if brag.also:
        yield f"- {literal(say.also(brag))}"
    yield from (_deed(brag, deed) for deed in brag.unnamed.deeds)
    yield from _more(brag, brag.unnamed, "helped")


def _person(brag: Brag, person: Person) -> str:
    told = "; ".join(_told(brag, deed, say.of_person(deed)) for deed in person.told.deeds)
    more = f"; and {person.told.more} more" if person.told.more else ""
    return f"- **{literal('@' + person.name)}**, {often(person.times)}: {told}{more}"


def _improved(brag: Brag) -> Iterator[str]:
    for place, audience in enumerate(brag.improved):
        yield from _audience(brag, audience, first=not place)
    if more := sum(audience.told.more for audience in brag.improved):
        yield f"\nand {more} more: `{say.listing(brag, '--kind', 'improvement')}`"


def _audience(brag: Brag, audience: Audience, *, first: bool) -> Iterator[str]:
    yield f"{'' if first else chr(10)}**{say.FOR[audience.whom]}** ({audience.count})\n"
    yield from (_deed(brag, deed) for deed in audience.told.deeds)


def _seen(brag: Brag) -> Iterator[str]:
    yield from (_deed(brag, deed) for deed in brag.seen.deeds)
    yield from _more(brag, brag.seen, "insight")
    yield from (f"- {literal(say.gone(pain, brag.today))}" for pain in brag.gone)


def _gaps(brag: Brag) -> Iterator[str]:
    if brag.gaps:
        lines = [f"- {literal(say.filling(gap))}: `{brag.command(gap)}`" for gap in brag.gaps]
        if brag.unfilled:
            lines.append(f"- and {brag.unfilled} more: `{say.listing(brag, '--side', 'value')}`")
        yield "---"
        yield "\n".join(["**Still to fill, before you hand this on**\n", *lines])
