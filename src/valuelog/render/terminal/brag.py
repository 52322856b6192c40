"""A Brag on the terminal: the impact first."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.text import Text

from valuelog.analysis.brag import Brag, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup
from valuelog.model.text import format_times
from valuelog.render import brag_words
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, STRONG, VALUE
from valuelog.render.terminal.layout import justify, truncate, wrap_words
from valuelog.render.words import format_period_heading

INDENT = 4
LABEL_WIDTH = 10


def lines(brag: Brag, width: int) -> Iterator[Text]:
    """Yield the blocks of a Brag."""
    yield from _heading(brag, width)
    yield Text("")
    content = [*_content(brag, width)]
    yield from content[:-1] if content and not content[-1].plain else content
    if brag.shows_score:
        yield Text("")
        yield from (Text(piece, DIM) for piece in _pack_parts(brag_words.key_figures(brag), width))


def _heading(brag: Brag, width: int) -> Iterator[Text]:
    title, period = brag_words.title(brag), format_period_heading(brag.period, brag.today)
    for piece in _wrap(title, width) if cell_len(title) > width // 2 else ():
        yield Text(piece, STRONG)
    if cell_len(title) > width // 2:
        yield Text(period, DIM)
    else:
        yield justify(Text(title, STRONG), Text(period, DIM), width)


def _content(brag: Brag, width: int) -> Iterator[Text]:
    if brag.is_empty and brag.expectations is None:
        yield Text(brag_words.EMPTY_BRAG)
    elif brag_words.is_in_blocks(brag):
        for block in brag_words.document_blocks(brag):
            yield from _item_block(block, width)
    else:
        yield from _block(brag_words.OUTCOMES_HEADING, _outcomes(brag, width))
        yield from _block(brag_words.HELPED_HEADING, _helped(brag, width))
        yield from _block(brag_words.IMPROVED_HEADING, _improvements(brag, width))
        yield from _block(brag_words.INSIGHTS_HEADING, _insights_and_fixes(brag, width))
        yield from _block(brag_words.LEARNED_HEADING, _lessons(brag, width))
        yield from _item_block(brag_words.other_block(brag), width)


def _item_block(block: brag_words.Block, width: int) -> Iterator[Text]:
    """Yield a heading and its items, or nothing if there are none."""
    if not block.items:
        return
    yield from (Text(piece, STRONG) for piece in _wrap(block.heading, width))
    for item in block.items:
        yield from _item(item.text, item.facts, item.evidence, width)
    if block.more:
        yield from _more_line(block.more)
    yield Text("")


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
    yield from _group(brag, "Other results" if brag.project_sections else "", brag.outcomes, width)
    yield from _group(brag, brag_words.REQUESTS_HEADING, brag.requests, width)
    yield from _group(brag, brag_words.NEXT_LEVEL_HEADING, brag.next_level, width)


def _group(brag: Brag, name: str, group: AchievementGroup, width: int) -> Iterator[Text]:
    """Yield a smaller heading, if it has a name, and the achievements below it, if there are any."""
    if name and group.achievements:
        yield from (Text.assemble("  ", (piece, VALUE)) for piece in _wrap(name, width - 2))
    yield from _achievements(brag, group, width)
    yield from _more_line(group.more)


def _outlined_projects(brag: Brag, width: int) -> Iterator[Text]:
    """Yield the projects shown in outline, and how many are left out."""
    for section in (each for each in brag.project_sections if not each.is_detailed):
        yield from _project(brag, section, width)
    if brag.more_projects:
        yield from (
            Text(" " * INDENT + piece, DIM) for piece in _wrap(brag_words.omitted_projects_text(brag), width - INDENT)
        )
    if brag.more_projects or not all(section.is_detailed for section in brag.project_sections):
        yield Text("")


def _project(brag: Brag, section: ProjectSection, width: int) -> Iterator[Text]:
    """Yield a project with its answers, then its outcomes."""
    yield from _project_heading(brag, section, width)
    for label, text in brag_words.project_facts(section):
        for number, piece in enumerate(_wrap(text, width - INDENT - LABEL_WIDTH)):
            yield Text.assemble(" " * INDENT, (f"{'' if number else label:<{LABEL_WIDTH}}", DIM), piece)
    yield from _achievements(brag, section.outcomes, width)
    yield from _more_line(section.outcomes.more)


def _project_heading(brag: Brag, section: ProjectSection, width: int) -> Iterator[Text]:
    name = truncate(brag_words.truncate_text(section.project.name), width - 2)
    yield justify(
        Text.assemble("  ", (name, VALUE)), Text(brag_words.project_state_text(section, brag.today), DIM), width
    )


def _achievements(brag: Brag, group: AchievementGroup, width: int) -> Iterator[Text]:
    for achievement in group.achievements:
        yield from _achievement(brag, achievement, achievement.text, width)


def _achievement(brag: Brag, achievement: Achievement, text: str, width: int) -> Iterator[Text]:
    """Yield an achievement with its facts and its evidence."""
    facts = tuple(brag_words.achievement_facts(achievement, brag.today))
    yield from _item(brag_words.truncate_text(text), facts, brag_words.evidence_text(achievement), width)


def _item(text: str, facts: Iterable[str], evidence: str, width: int) -> Iterator[Text]:
    """Yield a sentence, with its facts and its evidence beside it or below it."""
    notes = [*facts, *([f"◆ {evidence}"] if evidence else [])]
    shown = [*_bullet(text, width)]
    if notes and cell_len(beside := escape_line(" · ".join(notes))) + shown[-1].cell_len + 2 <= width:
        shown[-1] = Text.assemble(shown[-1], ("  " + beside, DIM))
    else:
        shown += [Text.assemble(" " * INDENT, (piece, DIM)) for piece in _pack_parts(notes, width - INDENT)]
    yield from shown


def _bullet(text: str, width: int) -> Iterator[Text]:
    for number, piece in enumerate(_wrap(text, width - INDENT)):
        yield Text.assemble(" " * INDENT if number else "  · ", piece)


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


def _more_line(count: int) -> Iterator[Text]:
    if count:
        yield Text(f"{' ' * INDENT}and {count} more", DIM)


def _helped(brag: Brag, width: int) -> Iterator[Text]:
    for person in brag.people:
        yield from _person(brag, person, width)
    if brag.other_people:
        yield from (Text(f"  {piece}", DIM) for piece in _wrap(brag_words.other_people_text(brag), width - 2))
    if brag.people and brag.unnamed_help.achievements:
        yield Text("  Others", VALUE)
    yield from _achievements(brag, brag.unnamed_help, width)
    yield from _more_line(brag.unnamed_help.more)


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
    yield from _more_line(brag.more_improvements)


def _insights_and_fixes(brag: Brag, width: int) -> Iterator[Text]:
    yield from _achievements(brag, brag.insights, width)
    yield from _more_line(brag.insights.more)
    for pain in brag.fixed_pains:
        yield from _bullet(brag_words.fixed_pain_text(pain, brag.today), width)


def _lessons(brag: Brag, width: int) -> Iterator[Text]:
    for lesson in brag.lessons:
        yield from _bullet(brag_words.lesson_text(lesson), width)
    yield from _more_line(brag.more_lessons)
    for ended in brag.dropped:
        yield from _bullet(brag_words.dropped_project_text(ended, brag.today), width)
