"""Whatever one id names, with all that is known of it."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.analysis.timeline import Event, EventKind
from valuelog.model.entry import Entry, format_minutes
from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day, format_full_day
from valuelog.model.project import Project
from valuelog.model.promise import Promise
from valuelog.render.escape import visible, visible_lines
from valuelog.render.style import DIM
from valuelog.render.terminal.entries import details, kind_of
from valuelog.render.terminal.layout import LEAST_ROOM, identifier, line, whole, wrapped
from valuelog.render.words import BENEFICIARIES
from valuelog.render.wrap import continued
from valuelog.workflows.lookup import EntityDetails

LABEL = 12

MORE = "more"
"""Stands before the command that shows more."""

TURNS = {
    EventKind.NOTICED: "noticed",
    EventKind.SEEN: "seen again",
    EventKind.PROMISED: "a step",
    EventKind.CARRIED: "carried over",
    EventKind.KEPT: "step taken",
    EventKind.BROKEN: "step not taken",
    EventKind.ENDED: "step let go",
    EventKind.FIXED: "fixed",
    EventKind.DROPPED: "let go",
}
"""What is said of each turn in the story of a pain point."""


def lines(thing: EntityDetails, width: int) -> Iterator[Text]:
    """Show the head, the whole text, and each fact on a line of its own; of a pain point also its story."""
    what = thing.entity
    shown = identifier(what.id, thing.prefix_length)
    yield line(shown, "  ", *_head(thing))
    yield Text("")
    for said in visible_lines(what.text):
        yield from map(Text, wrapped(said, width))
    known = [(label, said) for label, said in _facts(thing) if said]
    if known:
        yield Text("")
    for label, said in known:
        yield from fact(label, said, width)
    if thing.story:
        yield Text("")
    days = [format_day(happening.day, thing.story[-1].day) for happening in thing.story]
    column = max(LABEL, 2 + max(map(len, days), default=0))
    for day, happening in zip(days, thing.story, strict=True):
        yield from fact(day, _turn(happening, what.text), width, column=column)
        if happening.entry_id and thing.fix:
            yield from _fix(thing.fix, thing.fix_prefix_length, column, width)


def _head(thing: EntityDetails) -> Iterator[str | Text]:
    match thing.entity:
        case Entry() as entry:
            yield kind_of(entry)
            yield format_full_day(entry.day)
        case PainPoint() as pain:
            yield f"pain point   {pain.state}"
        case Promise() as promise:
            yield f"promise   {promise.state}"
        case Project() as project:
            yield f"project   {project.state}"


def fact(label: str, said: str, width: int, *, column: int = LABEL) -> Iterator[Text]:
    """Show a fact beside its label; one of several lines, or a long one, keeps to its column."""
    room = max(12, width - column)
    if label == MORE:
        yield from _command(label, said, width, column)
        return
    pieces = [piece for part in visible_lines(said) for piece in wrapped(part, room)]
    for place, piece in enumerate(pieces):
        yield line((f"{'' if place else label:<{column}}", DIM), piece)


def _command(label: str, said: str, width: int, column: int) -> Iterator[Text]:
    """Show a command beside its label, below it where there is little room."""
    beside = width - column >= LEAST_ROOM
    if not beside:
        yield Text(label, DIM)
    for place, piece in enumerate(continued(said, width - column if beside else width, 0 if beside else 2)):
        yield whole((f"{'' if place else label:<{column}}" if beside else "", DIM), piece)


def _fix(entry: Entry, letters: int, column: int, width: int) -> Iterator[Text]:
    """Show below a fix the id of the entry that it is, in which way that is better, for whom and how one knows."""
    shown = identifier(entry.id, letters)
    margin = column + shown.cell_len + 2
    known = visible(" · ".join(details(entry)))
    first, *rest = wrapped(known, max(12, width - margin))
    yield line(" " * column, shown, "  ", (first, DIM))
    yield from (line(" " * margin, (piece, DIM)) for piece in rest)


def _turn(happening: Event, text: str) -> str:
    said = TURNS[happening.kind]
    if happening.due:
        said += (
            f" {'to' if happening.kind is EventKind.CARRIED else 'until'} {format_day(happening.due, happening.day)}"
        )
    if happening.text and happening.text != text:
        said += f": {happening.text.partition(chr(10))[0]}"
    return said


def _facts(thing: EntityDetails) -> Iterator[tuple[str, str]]:
    match thing.entity:
        case Entry() as entry:
            yield from _entry_facts(entry)
        case PainPoint() as pain:
            yield from _pain_facts(pain)
        case Promise() as promise:
            yield from _promise_facts(promise)
        case Project() as project:
            yield from _project_facts(project)


def _entry_facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "evidence", entry.evidence or ""
    yield "effects", ", ".join(effect.label for effect in entry.effects)
    yield "for", ", ".join(BENEFICIARIES[one] for one in entry.beneficiaries)
    yield "project", entry.project or ""
    yield "people", ", ".join(f"@{name}" for name in entry.people)
    yield "tags", ", ".join(f"#{tag}" for tag in entry.tags)
    yield "took", format_minutes(entry.minutes) if entry.minutes else ""
    yield "source", entry.source or ""
    yield "written", f"{format_full_day(entry.created.date())}, {entry.created:%H:%M}"


def _pain_facts(pain: PainPoint) -> Iterator[tuple[str, str]]:
    yield "others", pain.shared or ""
    yield "better", pain.better or ""
    yield "step", (pain.step or "") + (f", until {format_full_day(pain.step_by)}" if pain.step_by else "")
    yield "who cares", pain.hit or ""


def _promise_facts(promise: Promise) -> Iterator[tuple[str, str]]:
    yield "kind", str(promise.kind)
    yield "due", format_full_day(promise.due)
    yield "made", format_full_day(promise.made_on)
    yield "carried", str(promise.carried or "")
    yield "settled", format_full_day(promise.closed_on) if promise.closed_on else ""


def _project_facts(project: Project) -> Iterator[tuple[str, str]]:
    yield "slug", project.slug
    yield "since", format_full_day(project.started_on)
    for label in ("problem", "measure", "aim", "result", "evidence", "lesson"):
        yield label, getattr(project, label) or ""
    yield MORE, f"valuelog project show {project.slug}"
