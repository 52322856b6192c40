"""A Brag on the terminal: outcomes first, then gaps with the commands that fill them."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from valuelog.analysis.brag import Brag, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup
from valuelog.model.text import format_times
from valuelog.render import brag_words
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE
from valuelog.render.terminal.layout import join_unwrapped_line, justify, render_advice, truncate, wrap_words
from valuelog.render.words import format_period_heading
from valuelog.render.wrap import wrap_text

INDENT = 4
LABEL_WIDTH = 10
MISSING_EVIDENCE = "evidence?"


def lines(brag: Brag, width: int) -> Iterator[Text]:
    """Yield the blocks of a Brag; for an empty one, what to do."""
    yield justify(Text("Impact", STRONG), Text(format_period_heading(brag.period, brag.today), DIM), width)
    yield Text("")
    if brag.is_empty:
        text, command = brag_words.empty_brag_hint(brag)
        yield render_advice(text, command, width)
        return
    yield from _block(brag_words.OUTCOMES_HEADING, _outcomes(brag, width))
    yield from _block(brag_words.HELPED_HEADING, _helped(brag, width))
    yield from _block(brag_words.IMPROVED_HEADING, _improvements(brag, width))
    yield from _block(brag_words.INSIGHTS_HEADING, _insights_and_fixes(brag, width))
    yield from _block(brag_words.LEARNED_HEADING, _lessons(brag, width))
    yield from _block(brag_words.DROPPED_HEADING, _dropped_projects(brag, width))
    yield from (Text(piece, DIM) for piece in _pack_parts(brag_words.key_figures(brag), width))
    yield from _gaps(brag, width)


def _block(name: str, content: Iterable[Text]) -> Iterator[Text]:
    """Yield a heading, the content and an empty line, or nothing if there is no content."""
    shown = list(content)
    if shown:
        yield Text(name, STRONG)
        yield from shown
        if shown[-1].plain:
            yield Text("")


def _outcomes(brag: Brag, width: int) -> Iterator[Text]:
    for section in (each for each in brag.project_sections if each.is_detailed):
        yield from _project(brag, section, width)
        yield Text("")
    yield from _outlined_projects(brag, width)
    if brag.project_sections and (brag.outcomes.achievements or brag.outcomes.more):
        yield Text.assemble("  ", ("Other results", VALUE))
    yield from _achievements(brag, brag.outcomes, width)
    if brag.outcomes.more:
        yield from _more_line(brag.outcomes.more, brag_words.list_command(brag, "--kind", "outcome"), width)


def _outlined_projects(brag: Brag, width: int) -> Iterator[Text]:
    """Yield the projects shown in outline, and how many are left out."""
    for section in (each for each in brag.project_sections if not each.is_detailed):
        yield from _project(brag, section, width)
    if brag.more_projects:
        yield from _note_below(f"{brag_words.omitted_projects_text(brag)}: valuelog project list --all", width)
    if brag.more_projects or not all(section.is_detailed for section in brag.project_sections):
        yield Text("")


def _project(brag: Brag, section: ProjectSection, width: int) -> Iterator[Text]:
    """Yield a project with its answers, missing ones included, then its outcomes."""
    yield from _project_heading(brag, section, width)
    for label, text in brag_words.project_facts(section):
        for number, piece in enumerate(_wrap(text, width - INDENT - LABEL_WIDTH)):
            yield Text.assemble(" " * INDENT, (f"{'' if number else label:<{LABEL_WIDTH}}", DIM), piece)
        if not text:
            yield Text.assemble(" " * INDENT, (f"{label:<{LABEL_WIDTH}}", DIM), ("missing", ATTENTION))
    yield from _achievements(brag, section.outcomes, width)
    if section.outcomes.more:
        command = brag_words.list_command(brag, "--kind", "outcome", "--project", section.project.slug)
        yield from _more_line(section.outcomes.more, command, width)


def _project_heading(brag: Brag, section: ProjectSection, width: int) -> Iterator[Text]:
    name = truncate(brag_words.truncate_text(section.project.name), width - 2)
    yield justify(
        Text.assemble("  ", (name, VALUE)), Text(brag_words.project_state_text(section, brag.today), DIM), width
    )


def _achievements(brag: Brag, group: AchievementGroup, width: int) -> Iterator[Text]:
    for achievement in group.achievements:
        yield from _achievement(brag, achievement, achievement.text, width)


def _achievement(brag: Brag, achievement: Achievement, text: str, width: int) -> Iterator[Text]:
    """Yield an achievement with its facts, and its evidence or a note that it is missing."""
    facts = [
        *brag_words.achievement_facts(achievement, brag.today),
        *([f"◆ {brag_words.evidence_text(achievement)}"] if achievement.evidence else []),
    ]
    shown = [*_bullet(brag_words.truncate_text(text), width)]
    if facts and cell_len(beside := escape_line(" · ".join(facts))) + shown[-1].cell_len + 2 <= width:
        shown[-1] = Text.assemble(shown[-1], ("  " + beside, DIM))
    else:
        shown += [Text.assemble(" " * INDENT, (piece, DIM)) for piece in _pack_parts(facts, width - INDENT)]
    yield from shown if achievement.evidence else _with_missing_evidence(shown, width)


def _bullet(text: str, width: int) -> Iterator[Text]:
    for number, piece in enumerate(_wrap(text, width - INDENT)):
        yield Text.assemble(" " * INDENT if number else "  · ", piece)


def _with_missing_evidence(rendered: Sequence[Text], width: int) -> Iterator[Text]:
    """Ask for evidence after the last line, or below it if there is no room."""
    yield from rendered[:-1]
    beside = rendered[-1].cell_len + len(MISSING_EVIDENCE) + 2 <= width
    yield Text.assemble(rendered[-1], "  " if beside else "\n" + " " * INDENT, (MISSING_EVIDENCE, ATTENTION))


def _pack_parts(parts: Iterable[str], room: int) -> list[str]:
    """Join as many parts on each line as fit; wrap a part that is too long."""
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
    """Yield a note whose command can be copied."""
    yield from (
        join_unwrapped_line((" " * INDENT + piece, DIM)) for piece in wrap_text(text, width - INDENT).split("\n")
    )


def _helped(brag: Brag, width: int) -> Iterator[Text]:
    for person in brag.people:
        yield from _person(brag, person, width)
    if brag.other_people:
        yield from (Text(f"  {piece}", DIM) for piece in _wrap(brag_words.other_people_text(brag), width - 2))
    yield from _achievements(brag, brag.unnamed_help, width)
    if brag.unnamed_help.more:
        yield from _more_line(brag.unnamed_help.more, brag_words.list_command(brag, "--kind", "helped"), width)


def _person(brag: Brag, person: HelpedPerson, width: int) -> Iterator[Text]:
    name = truncate(f"@{person.name}", width - 2)
    yield justify(Text.assemble("  ", (name, VALUE)), Text(format_times(person.times), DIM), width)
    for achievement in person.group.achievements:
        yield from _achievement(brag, achievement, brag_words.text_about_person(achievement), width)
    if person.group.more:
        yield Text(f"    and {person.group.more} more", DIM)


def _improvements(brag: Brag, width: int) -> Iterator[Text]:
    for audience in brag.improvements:
        yield justify(
            Text.assemble("  ", (brag_words.beneficiary_heading(audience.beneficiary), VALUE)),
            Text(brag_words.beneficiary_count_text(audience), DIM),
            width,
        )
        yield from _achievements(brag, audience.group, width)
    if brag.more_improvements:
        yield from _more_line(brag.more_improvements, brag_words.list_command(brag, "--kind", "improvement"), width)


def _insights_and_fixes(brag: Brag, width: int) -> Iterator[Text]:
    yield from _achievements(brag, brag.insights, width)
    if brag.insights.more:
        yield from _more_line(brag.insights.more, brag_words.list_command(brag, "--kind", "insight"), width)
    for pain in brag.fixed_pains:
        yield from _bullet(brag_words.fixed_pain_text(pain, brag.today), width)


def _lessons(brag: Brag, width: int) -> Iterator[Text]:
    for lesson in brag.lessons:
        yield from _bullet(brag_words.lesson_text(lesson), width)
    if brag.more_lessons:
        yield from _more_line(brag.more_lessons, brag_words.list_command(brag, "--kind", "learned"), width)


def _dropped_projects(brag: Brag, width: int) -> Iterator[Text]:
    for ended in brag.dropped:
        yield from _bullet(brag_words.dropped_project_text(ended, brag.today), width)


def _gaps(brag: Brag, width: int) -> Iterator[Text]:
    if brag.gaps:
        yield Text("")
        yield Text(brag_words.GAPS_HEADING, STRONG)
    for gap in brag.listed_gaps:
        yield render_advice(truncate(brag_words.gap_text(gap), max(12, width - 4)), brag.command(gap), width)
    for more, command, names in brag_words.remaining_gaps(brag):
        yield from _note_below(f"{more} – {names}: {command}", width)
