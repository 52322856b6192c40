"""The list of findings: each with its id, when a review shows it next, and its command."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import render_advice
from valuelog.workflows.findings import FindingList, ListedFinding


def lines(listed: FindingList, width: int) -> Iterator[Text]:
    """Yield each finding with its id, then what is snoozed or turned off."""
    if not listed.findings:
        yield Text("Nothing to act on right now.", DIM)
    for each in listed.findings:
        yield render_advice(each.finding.text, each.finding.command, width)
        yield Text.assemble("    ", (_name(each.finding.id, each.finding.about), STRONG), (_when(each, listed), DIM))
    if listed.mutes:
        yield Text("")
    for mute in listed.mutes:
        state = f"snoozed until {format_day(mute.until, listed.today)}" if mute.until else "off"
        yield Text.assemble((_name(mute.rule, mute.about), STRONG), (f" · {state}", DIM))


def _name(rule: str, about: str | None) -> str:
    return escape_line(f"{rule} {about}" if about else rule)


def _when(each: ListedFinding, listed: FindingList) -> str:
    return f" · next review: {format_day(each.next_on, listed.today)}" if each.next_on else " · off"
