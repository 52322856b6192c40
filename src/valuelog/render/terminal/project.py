"""One project: what it is for, what it adds up to, its weeks, its value, and what is worth acting on."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import Period, Unit, format_day, format_full_day
from valuelog.model.project import project_in
from valuelog.model.tally import Tally
from valuelog.render.style import DIM, NEEDS, STRONG, VALUE, WORK
from valuelog.render.terminal.entries import described, kind_of
from valuelog.render.terminal.layout import BAR, advice, identifier, line, spread
from valuelog.render.terminal.show import fact
from valuelog.render.words import standing
from valuelog.workflows.projects import ProjectDetails

LABEL = 10
NUMBERS = 22
"""The columns that the numbers behind the bars take."""

ANSWERS = ("problem", "measure", "aim", "result", "evidence", "lesson")
"""What may be said of a project, in the order in which it is shown."""

LATEST = 12
"""So many value entries are shown, the latest ones."""


def lines(shown: ProjectDetails, width: int) -> Iterator[Text]:
    """Show the whole project, its balance last."""
    project, life = shown.project, shown.history
    head = line(identifier(project.id, shown.prefix_lengths[project.id]), "  ", (project.name, STRONG))
    yield spread(head, Text(_when(shown), DIM), width)
    yield Text("")
    yield from _said(shown, width)
    yield from _weeks(shown, width)
    yield from _value(shown, width)
    for found in shown.findings:
        yield advice(found.text, found.command, width)
    if shown.findings:
        yield Text("")
    if not life.score.n:
        yield line(("Nothing belongs to it yet. ", DIM), (f"valuelog add activity {_joining(project.slug)}", STRONG))
        return
    sides, *share = standing(life.score)
    yield line(
        (sides, STRONG),
        *(f" · {part}" for part in share),
        f" · evidence for {life.with_evidence} of {life.score.value}" if life.score.value else "",
    )


def _joining(slug: str) -> str:
    """Say how words join a project: as +name, unless a text cannot name it so."""
    return f'"… +{slug}"' if project_in(f"+{slug}") == slug else f'"…" --project {slug}'


def _when(shown: ProjectDetails) -> str:
    project = shown.project
    ended = f", {project.state} {format_full_day(project.closed_on)}" if project.closed_on else ""
    return f"since {format_day(project.started_on, shown.history.today)}{ended}"


def _said(shown: ProjectDetails, width: int) -> Iterator[Text]:
    """Show the answers of the beginning and of the end; those that are wanted and missing, too."""
    wanted = shown.project.missing_fields(has_evidence=bool(shown.history.with_evidence))
    for label in ANSWERS:
        if said := getattr(shown.project, label):
            yield from fact(label, said, width)
        elif label in wanted:
            yield line((f"{label:<12}", DIM), (f"{label}?", NEEDS))
    yield Text("")


def _weeks(shown: ProjectDetails, width: int) -> Iterator[Text]:
    parts = shown.history.parts
    most = max((tally.n for _, tally in parts), default=0)
    scale = min(1.0, (width - LABEL - NUMBERS) / most) if most else 1.0
    for part, tally in parts:
        yield line((f"{_name(part):<{LABEL}}", DIM), *_bars(tally, scale))
    if parts:
        yield Text("")


def _name(part: Period) -> str:
    return f"W{part.start.isocalendar().week:02}" if part.unit is Unit.WEEK else part.name


def _bars(tally: Tally, scale: float) -> Iterator[tuple[str, str]]:
    """Draw work, then value, each with its number."""
    if not tally.n:
        yield "–", DIM
    for count, style, word in ((tally.work, WORK, "work"), (tally.value, VALUE, "value")):
        if count:
            yield BAR * max(1, round(count * scale)), style
            yield f" {count} {word}  ", ""


def _value(shown: ProjectDetails, width: int) -> Iterator[Text]:
    """Show what it yielded, the latest last."""
    value = shown.history.value
    if len(value) > LATEST:
        yield Text(f"the latest {LATEST} of {len(value)} value entries", DIM)
    latest = value[-LATEST:]
    column = 2 + max((len(format_day(entry.day, shown.history.today)) for entry in latest), default=0)
    for entry in latest:
        day = format_day(entry.day, shown.history.today)
        head = line((f"{day:<{column}}", DIM), kind_of(entry))
        yield from described(head, entry, width, within=shown.project.slug)
    if value:
        yield Text("")
