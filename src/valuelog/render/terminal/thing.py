"""Whatever one id names, with all that is known of it."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.entry import Entry, duration
from valuelog.model.pain import PainPoint
from valuelog.model.period import spelled
from valuelog.render.style import DIM
from valuelog.render.terminal.entries import kind_of
from valuelog.render.terminal.layout import identifier, line
from valuelog.render.visible import visible, visible_lines
from valuelog.render.words import BENEFICIARIES
from valuelog.workflows.lookup import Thing

LABEL = 12


def lines(thing: Thing, width: int) -> Iterator[Text]:
    """Show the head, the whole text, and each fact on a line of its own."""
    del width
    shown = identifier(thing.what.id, thing.letters)
    if isinstance(thing.what, Entry):
        yield line(shown, "  ", kind_of(thing.what), spelled(thing.what.day))
    else:
        yield line(shown, "  pain point   ", str(thing.what.state))
    yield Text("")
    for said in visible_lines(thing.what.text):
        yield Text(said)
    facts = _entry_facts(thing.what) if isinstance(thing.what, Entry) else _pain_facts(thing.what)
    known = [(label, said) for label, said in facts if said]
    if known:
        yield Text("")
    for label, said in known:
        yield line((f"{label:<{LABEL}}", DIM), visible(said))


def _entry_facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "evidence", entry.evidence or ""
    yield "effects", ", ".join(effect.replace("-", " ") for effect in entry.effects)
    yield "for", ", ".join(BENEFICIARIES[one] for one in entry.beneficiaries)
    yield "project", entry.project or ""
    yield "people", ", ".join(f"@{name}" for name in entry.people)
    yield "tags", ", ".join(f"#{tag}" for tag in entry.tags)
    yield "took", duration(entry.minutes) if entry.minutes else ""
    yield "source", entry.source or ""
    yield "written", f"{spelled(entry.created.date())}, {entry.created:%H:%M}"


def _pain_facts(pain: PainPoint) -> Iterator[tuple[str, str]]:
    yield "others", pain.shared or ""
    yield "better", pain.better or ""
    yield "step", pain.step or ""
    yield "who cares", pain.hit or ""
    for sighting in pain.sightings:
        yield "seen", f"{spelled(sighting.day)}  {sighting.text.partition(chr(10))[0]}"
