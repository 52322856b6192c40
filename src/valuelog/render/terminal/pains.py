"""A list of pain points: what presses most first."""

from collections.abc import Iterator
from datetime import date, timedelta

from rich.text import Text

from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day, week_of
from valuelog.render.followed import felt, latest
from valuelog.render.style import DIM, NEEDS, STRONG
from valuelog.render.terminal.layout import SPARKS, beside, fit, identifier, line, with_facts
from valuelog.render.words import plural
from valuelog.workflows.lookup import PainList

WEEKS = 12
"""So many weeks of sightings are drawn, this one last."""

INDENT = 6


def lines(found: PainList, width: int) -> Iterator[Text]:
    """Show each pain point with its sightings over the weeks, its age, and its step."""
    if not found.pains:
        yield Text("No open pain points. Note one with: valuelog pain add", DIM)
        return
    for pain in found.pains:
        yield from _head(pain, found, width)
        yield from _below(pain, found.today, width)
    yield Text(f"\n{plural(found.open_count, 'open pain point')}", DIM)
    shown = sum(pain.is_open for pain in found.pains)
    if found.open_count > shown:
        yield line((f"the {shown} that press most; all of them: ", DIM), (_all(found), STRONG))


def _all(found: PainList) -> str:
    return f"valuelog pain list -n {found.open_count}"


def _head(pain: PainPoint, found: PainList, width: int) -> Iterator[Text]:
    weeks = Text(sparkline(pain, found.today), NEEDS)
    return with_facts(_named(pain, found.prefix_lengths[pain.id]), pain.headline, weeks, width)


def _named(pain: PainPoint, letters: int) -> Text:
    shown = identifier(pain.id, letters)
    return line(shown, beside(shown, INDENT))


def _below(pain: PainPoint, today: date, width: int) -> Iterator[Text]:
    room = max(12, width - INDENT)
    yield line(" " * INDENT, (fit(" · ".join(_facts(pain, today)), room), DIM))
    if not pain.is_open:
        how = f": {pain.how.partition(chr(10))[0]}" if pain.how else ""
        yield line(" " * INDENT, fit(f"{latest(pain, today)}{how}", room))
        return
    if pain.step:
        by = f" by {format_day(pain.step_by, today)}" if pain.step_by else ""
        yield line(" " * INDENT, fit(f"step{by}: {pain.step.partition(chr(10))[0]}", room))


def _facts(pain: PainPoint, today: date) -> Iterator[str]:
    yield felt(pain, today)
    if pain.hit:
        yield f"hits {pain.hit.partition(chr(10))[0]}"


def sparkline(pain: PainPoint, today: date) -> str:
    """Draw on how many days of each of the last weeks it was seen, a sign a week; none is a gap."""
    monday = week_of(today).start
    days = {sighting.day for sighting in pain.sightings}
    counts = [
        sum(monday - timedelta(weeks=back) <= day < monday - timedelta(weeks=back - 1) for day in days)
        for back in reversed(range(WEEKS))
    ]
    return "".join(SPARKS[min(len(SPARKS), 2 * count) - 1] if count else " " for count in counts)


def pain_lines(pain: PainPoint, letters: int, today: date, width: int) -> Iterator[Text]:
    """Show one pain point on one line, or on two where there is little room."""
    facts = Text(f"seen {pain.times_seen}, {latest(pain, today)}", DIM)
    yield from with_facts(_named(pain, letters), pain.headline, facts, width)
