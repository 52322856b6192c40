"""A Brag on the screen: outcomes first, the numbers small, and what is still to fill with the command that fills it."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from valuelog.analysis.brag import Brag, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup
from valuelog.model.text import format_times
from valuelog.render import brag_words as say
from valuelog.render.escape import visible
from valuelog.render.style import DIM, NEEDS, STRONG, VALUE
from valuelog.render.terminal.layout import advice, fit, line, spread, whole, wrapped
from valuelog.render.words import heading
from valuelog.render.wrap import flowed

INDENT = 4
LABEL = 10
EVIDENCE = "evidence?"


def lines(brag: Brag, width: int) -> Iterator[Text]:
    """Show a whole Brag, block by block; of an empty one, what to do."""
    yield spread(Text("What moved", STRONG), Text(heading(brag.period, brag.today), DIM), width)
    yield Text("")
    if brag.is_empty:
        said, command = say.nothing(brag)
        yield advice(said, command, width)
        return
    yield from _block(say.OUTCOMES, _outcomes(brag, width))
    yield from _block(say.HELPED, _helped(brag, width))
    yield from _block(say.IMPROVED, _improved(brag, width))
    yield from _block(say.SEEN, _seen(brag, width))
    yield from (Text(piece, DIM) for piece in _packed(say.numbers(brag), width))
    yield from _gaps(brag, width)


def _block(name: str, found: Iterable[Text]) -> Iterator[Text]:
    """Give lines a heading where there are any, and an empty line after them."""
    shown = list(found)
    if shown:
        yield Text(name, STRONG)
        yield from shown
        if shown[-1].plain:
            yield Text("")


def _outcomes(brag: Brag, width: int) -> Iterator[Text]:
    for chapter in (one for one in brag.project_sections if one.is_detailed):
        yield from _chapter(brag, chapter, width)
        yield Text("")
    yield from _outlines(brag, width)
    if brag.project_sections and (brag.outcomes.achievements or brag.outcomes.more):
        yield line("  ", ("Other results", VALUE))
    yield from _group(brag, brag.outcomes, width)
    if brag.outcomes.more:
        yield from _more(brag.outcomes.more, say.listing(brag, "--kind", "outcome"), width)


def _outlines(brag: Brag, width: int) -> Iterator[Text]:
    """Show the projects of which not everything is told, and how many are left out."""
    for chapter in (one for one in brag.project_sections if not one.is_detailed):
        yield from _chapter(brag, chapter, width)
    if brag.more_projects:
        yield from _beneath(f"{say.projects_left(brag)}: valuelog project list --all", width)
    if brag.more_projects or not all(chapter.is_detailed for chapter in brag.project_sections):
        yield Text("")


def _chapter(brag: Brag, chapter: ProjectSection, width: int) -> Iterator[Text]:
    """Show a project with what is told of it, and what is missing, then its outcomes."""
    yield from _title(brag, chapter, width)
    for label, said in say.project_facts(chapter):
        for place, piece in enumerate(_pieces(said, width - INDENT - LABEL)):
            yield line(" " * INDENT, (f"{'' if place else label:<{LABEL}}", DIM), piece)
        if not said:
            yield line(" " * INDENT, (f"{label:<{LABEL}}", DIM), (f"{label}?", NEEDS))
    yield from _group(brag, chapter.outcomes, width)
    if chapter.outcomes.more:
        command = say.listing(brag, "--kind", "outcome", "--project", chapter.project.slug)
        yield from _more(chapter.outcomes.more, command, width)


def _title(brag: Brag, chapter: ProjectSection, width: int) -> Iterator[Text]:
    name = fit(say.gist(chapter.project.name), width - 2)
    yield spread(line("  ", (name, VALUE)), Text(say.state(chapter, brag.today), DIM), width)


def _group(brag: Brag, group: AchievementGroup, width: int) -> Iterator[Text]:
    for deed in group.achievements:
        yield from _deed(brag, deed, deed.text, width)


def _deed(brag: Brag, deed: Achievement, text: str, width: int) -> Iterator[Text]:
    """Show a deed with what else is known of it: how one knows that it is so, or that nobody said."""
    facts = [*say.facts(deed, brag.today), *([f"◆ {say.proof(deed)}"] if deed.evidence else [])]
    shown = [*_said(say.gist(text), width)]
    if facts and cell_len(beside := visible(" · ".join(facts))) + shown[-1].cell_len + 2 <= width:
        shown[-1] = line(shown[-1], ("  " + beside, DIM))
    else:
        shown += [line(" " * INDENT, (piece, DIM)) for piece in _packed(facts, width - INDENT)]
    yield from shown if deed.evidence else _wanting(shown, width)


def _said(text: str, width: int) -> Iterator[Text]:
    for place, piece in enumerate(_pieces(text, width - INDENT)):
        yield line(" " * INDENT if place else "  · ", piece)


def _wanting(shown: Sequence[Text], width: int) -> Iterator[Text]:
    """Ask for evidence behind the last line, or on a line of its own where there is no room."""
    yield from shown[:-1]
    beside = shown[-1].cell_len + len(EVIDENCE) + 2 <= width
    yield line(shown[-1], "  " if beside else "\n" + " " * INDENT, (EVIDENCE, NEEDS))


def _packed(parts: Iterable[str], room: int) -> list[str]:
    """Put as many parts on each line as fit; one that is too long for a line goes on below."""
    packed: list[str] = []
    for part in parts:
        joined = f"{packed[-1]} · {visible(part)}" if packed else ""
        if joined and cell_len(joined) <= room:
            packed[-1] = joined
        else:
            packed += _pieces(part, room)
    return packed


def _pieces(text: str, room: int) -> list[str]:
    return wrapped(visible(text), max(12, room)) if text else []


def _more(count: int, command: str, width: int) -> Iterator[Text]:
    yield from _beneath(f"and {count} more: {command}", width)


def _beneath(said: str, width: int) -> Iterator[Text]:
    """Say more, with a command that can be copied."""
    yield from (whole((" " * INDENT + piece, DIM)) for piece in flowed(said, width - INDENT).split("\n"))


def _helped(brag: Brag, width: int) -> Iterator[Text]:
    for person in brag.people:
        yield from _person(brag, person, width)
    if brag.other_people:
        yield from (Text(f"  {piece}", DIM) for piece in _pieces(say.other_people_text(brag), width - 2))
    yield from _group(brag, brag.unnamed_help, width)
    if brag.unnamed_help.more:
        yield from _more(brag.unnamed_help.more, say.listing(brag, "--kind", "helped"), width)


def _person(brag: Brag, person: HelpedPerson, width: int) -> Iterator[Text]:
    name = fit(f"@{person.name}", width - 2)
    yield spread(line("  ", (name, VALUE)), Text(format_times(person.times), DIM), width)
    for deed in person.group.achievements:
        yield from _deed(brag, deed, say.of_person(deed), width)
    if person.group.more:
        yield Text(f"    and {person.group.more} more", DIM)


def _improved(brag: Brag, width: int) -> Iterator[Text]:
    for audience in brag.improvements:
        yield spread(line("  ", (say.FOR[audience.beneficiary], VALUE)), Text(say.counted(audience), DIM), width)
        yield from _group(brag, audience.group, width)
    if brag.more_improvements:
        yield from _more(brag.more_improvements, say.listing(brag, "--kind", "improvement"), width)


def _seen(brag: Brag, width: int) -> Iterator[Text]:
    yield from _group(brag, brag.insights, width)
    if brag.insights.more:
        yield from _more(brag.insights.more, say.listing(brag, "--kind", "insight"), width)
    for pain in brag.fixed_pains:
        yield from _said(say.fixed_pain_text(pain, brag.today), width)


def _gaps(brag: Brag, width: int) -> Iterator[Text]:
    if brag.gaps:
        yield Text("")
        yield Text(say.GAPS, STRONG)
    for gap in brag.listed_gaps:
        yield advice(fit(say.filling(gap), max(12, width - 4)), brag.command(gap), width)
    for more, command, names in say.unfilled(brag):
        yield from _beneath(f"{more} – {names}: {command}", width)
