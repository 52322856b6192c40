"""A Brag on the screen: outcomes first, the numbers small, and what is still to fill with the command that fills it."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from valuelog.analysis.brag import Brag, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup
from valuelog.model.text import format_times
from valuelog.render import brag_words as say
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE
from valuelog.render.terminal.layout import join_unwrapped_line, justify, render_advice, truncate, wrap_words
from valuelog.render.words import format_period_heading
from valuelog.render.wrap import wrap_text

INDENT = 4
LABEL_WIDTH = 10
MISSING_EVIDENCE = "evidence?"


def lines(brag: Brag, width: int) -> Iterator[Text]:
    """Show a whole Brag, block by block; of an empty one, what to do."""
    yield justify(Text("Impact", STRONG), Text(format_period_heading(brag.period, brag.today), DIM), width)
    yield Text("")
    if brag.is_empty:
        said, command = say.empty_brag_hint(brag)
        yield render_advice(said, command, width)
        return
    yield from _block(say.OUTCOMES_HEADING, _outcomes(brag, width))
    yield from _block(say.HELPED_HEADING, _helped(brag, width))
    yield from _block(say.IMPROVED_HEADING, _improvements(brag, width))
    yield from _block(say.INSIGHTS_HEADING, _insights_and_fixes(brag, width))
    yield from (Text(piece, DIM) for piece in _pack_parts(say.key_figures(brag), width))
    yield from _gaps(brag, width)


def _block(name: str, content: Iterable[Text]) -> Iterator[Text]:
    """Give lines a heading where there are any, and an empty line after them."""
    shown = list(content)
    if shown:
        yield Text(name, STRONG)
        yield from shown
        if shown[-1].plain:
            yield Text("")


def _outcomes(brag: Brag, width: int) -> Iterator[Text]:
    for chapter in (one for one in brag.project_sections if one.is_detailed):
        yield from _project(brag, chapter, width)
        yield Text("")
    yield from _outlined_projects(brag, width)
    if brag.project_sections and (brag.outcomes.achievements or brag.outcomes.more):
        yield Text.assemble("  ", ("Other results", VALUE))
    yield from _achievements(brag, brag.outcomes, width)
    if brag.outcomes.more:
        yield from _more_line(brag.outcomes.more, say.list_command(brag, "--kind", "outcome"), width)


def _outlined_projects(brag: Brag, width: int) -> Iterator[Text]:
    """Show the projects of which not everything is told, and how many are left out."""
    for chapter in (one for one in brag.project_sections if not one.is_detailed):
        yield from _project(brag, chapter, width)
    if brag.more_projects:
        yield from _note_below(f"{say.omitted_projects_text(brag)}: valuelog project list --all", width)
    if brag.more_projects or not all(chapter.is_detailed for chapter in brag.project_sections):
        yield Text("")


def _project(brag: Brag, section: ProjectSection, width: int) -> Iterator[Text]:
    """Show a project with what is told of it, and what is missing, then its outcomes."""
    yield from _project_heading(brag, section, width)
    for label, said in say.project_facts(section):
        for place, piece in enumerate(_wrap(said, width - INDENT - LABEL_WIDTH)):
            yield Text.assemble(" " * INDENT, (f"{'' if place else label:<{LABEL_WIDTH}}", DIM), piece)
        if not said:
            yield Text.assemble(" " * INDENT, (f"{label:<{LABEL_WIDTH}}", DIM), (f"{label}?", ATTENTION))
    yield from _achievements(brag, section.outcomes, width)
    if section.outcomes.more:
        command = say.list_command(brag, "--kind", "outcome", "--project", section.project.slug)
        yield from _more_line(section.outcomes.more, command, width)


def _project_heading(brag: Brag, section: ProjectSection, width: int) -> Iterator[Text]:
    name = truncate(say.truncate_text(section.project.name), width - 2)
    yield justify(Text.assemble("  ", (name, VALUE)), Text(say.project_state_text(section, brag.today), DIM), width)


def _achievements(brag: Brag, group: AchievementGroup, width: int) -> Iterator[Text]:
    for deed in group.achievements:
        yield from _achievement(brag, deed, deed.text, width)


def _achievement(brag: Brag, achievement: Achievement, text: str, width: int) -> Iterator[Text]:
    """Show a deed with what else is known of it: how one knows that it is so, or that nobody said."""
    facts = [
        *say.achievement_facts(achievement, brag.today),
        *([f"◆ {say.evidence_text(achievement)}"] if achievement.evidence else []),
    ]
    shown = [*_bullet(say.truncate_text(text), width)]
    if facts and cell_len(beside := escape_line(" · ".join(facts))) + shown[-1].cell_len + 2 <= width:
        shown[-1] = Text.assemble(shown[-1], ("  " + beside, DIM))
    else:
        shown += [Text.assemble(" " * INDENT, (piece, DIM)) for piece in _pack_parts(facts, width - INDENT)]
    yield from shown if achievement.evidence else _with_missing_evidence(shown, width)


def _bullet(text: str, width: int) -> Iterator[Text]:
    for place, piece in enumerate(_wrap(text, width - INDENT)):
        yield Text.assemble(" " * INDENT if place else "  · ", piece)


def _with_missing_evidence(rendered: Sequence[Text], width: int) -> Iterator[Text]:
    """Ask for evidence behind the last line, or on a line of its own where there is no room."""
    yield from rendered[:-1]
    beside = rendered[-1].cell_len + len(MISSING_EVIDENCE) + 2 <= width
    yield Text.assemble(rendered[-1], "  " if beside else "\n" + " " * INDENT, (MISSING_EVIDENCE, ATTENTION))


def _pack_parts(parts: Iterable[str], room: int) -> list[str]:
    """Put as many parts on each line as fit; one that is too long for a line goes on below."""
    packed: list[str] = []
    for part in parts:
        joined = f"{packed[-1]} · {escape_line(part)}" if packed else ""
        if joined and cell_len(joined) <= room:
            packed[-1] = joined
        else:
            packed += _wrap(part, room)
    return packed


def _wrap(text: str, room: int) -> list[str]:
    return wrap_words(escape_line(text), max(12, room)) if text else []


def _more_line(count: int, command: str, width: int) -> Iterator[Text]:
    yield from _note_below(f"and {count} more: {command}", width)


def _note_below(text: str, width: int) -> Iterator[Text]:
    """Say more, with a command that can be copied."""
    yield from (
        join_unwrapped_line((" " * INDENT + piece, DIM)) for piece in wrap_text(text, width - INDENT).split("\n")
    )


def _helped(brag: Brag, width: int) -> Iterator[Text]:
    for person in brag.people:
        yield from _person(brag, person, width)
    if brag.other_people:
        yield from (Text(f"  {piece}", DIM) for piece in _wrap(say.other_people_text(brag), width - 2))
    yield from _achievements(brag, brag.unnamed_help, width)
    if brag.unnamed_help.more:
        yield from _more_line(brag.unnamed_help.more, say.list_command(brag, "--kind", "helped"), width)


def _person(brag: Brag, person: HelpedPerson, width: int) -> Iterator[Text]:
    name = truncate(f"@{person.name}", width - 2)
    yield justify(Text.assemble("  ", (name, VALUE)), Text(format_times(person.times), DIM), width)
    for deed in person.group.achievements:
        yield from _achievement(brag, deed, say.text_about_person(deed), width)
    if person.group.more:
        yield Text(f"    and {person.group.more} more", DIM)


def _improvements(brag: Brag, width: int) -> Iterator[Text]:
    for audience in brag.improvements:
        yield justify(
            Text.assemble("  ", (say.BENEFICIARY_HEADINGS[audience.beneficiary], VALUE)),
            Text(say.beneficiary_count_text(audience), DIM),
            width,
        )
        yield from _achievements(brag, audience.group, width)
    if brag.more_improvements:
        yield from _more_line(brag.more_improvements, say.list_command(brag, "--kind", "improvement"), width)


def _insights_and_fixes(brag: Brag, width: int) -> Iterator[Text]:
    yield from _achievements(brag, brag.insights, width)
    if brag.insights.more:
        yield from _more_line(brag.insights.more, say.list_command(brag, "--kind", "insight"), width)
    for pain in brag.fixed_pains:
        yield from _bullet(say.fixed_pain_text(pain, brag.today), width)


def _gaps(brag: Brag, width: int) -> Iterator[Text]:
    if brag.gaps:
        yield Text("")
        yield Text(say.GAPS_HEADING, STRONG)
    for gap in brag.listed_gaps:
        yield render_advice(truncate(say.gap_text(gap), max(12, width - 4)), brag.command(gap), width)
    for more, command, names in say.remaining_gaps(brag):
        yield from _note_below(f"{more} – {names}: {command}", width)
