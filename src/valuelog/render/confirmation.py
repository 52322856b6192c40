"""One line for each change: what was done, the id, the day, and the command that comes next or takes it back."""

from typing import TYPE_CHECKING

from valuelog.model.period import format_full_day, format_period
from valuelog.model.text import truncate_line
from valuelog.render import Canvas
from valuelog.render.escape import visible
from valuelog.render.style import DIM, STRONG, paint, short_id
from valuelog.render.words import plural

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from valuelog.model.promise import Promise
    from valuelog.workflows.confirmation import Confirmation
    from valuelog.workflows.days_off import DaysOff
    from valuelog.workflows.replies import SavedAnswers
    from valuelog.workflows.undo import UndoResult

ACTS = {
    "add": "add",
    "today": "the evening",
    "gather": "gathering",
    "import": "an import",
    "edit": "an edit",
    "delete": "a deletion",
    "promote": "a promotion",
    "off": "days off",
    "seen": "a sighting",
    "plan": "a plan",
    "fix": "a fix",
    "drop": "a letting go",
    "start": "a start",
    "close": "a close",
    "reopen": "a reopening",
    "promise": "a promise",
    "kept": "a kept promise",
    "broken": "a broken promise",
    "carry": "a carry-over",
    "reflect": "the Friday talk",
    "purge": "words erased for good",
    "undo": "an undo",
    "redo": "a redo",
    "demo": "a demo",
}
"""How each act is called when it is told of."""

MOST = 3
"""How many things an undo names."""

GIST = 60
"""How much of a thing it names."""


def told(changed: "Confirmation", canvas: Canvas) -> str:
    """Tell a change."""
    typed, rest = short_id(changed.entity.id, changed.prefix_length)
    shown = paint(typed, STRONG, color=canvas.color) + (paint(rest, DIM, color=True) if canvas.color else "")
    when = f"by {format_full_day(changed.due)}" if changed.due else format_full_day(changed.day)
    then = f" · next: {changed.next_command}" if changed.next_command else " · valuelog undo takes it back"
    more = f" · {changed.more}" if changed.more else ""
    said = f"{changed.verb} {shown} · {when}{more}"
    return said if changed.next_command is None else said + paint(then, DIM, color=canvas.color)


def replied(one: "SavedAnswers", canvas: Canvas) -> str:
    """Tell which answers of a Friday talk were saved by flags; of a single promise also its id."""
    about = f": {_stands(one.promise, one.prefix_length, canvas)}" if one.promise else ""
    twice = "; what was said twice is kept once" if one.repeated_count else ""
    back = f". valuelog undo takes {'it' if one.saved_count == 1 else 'them'} back"
    return f"Saved {plural(one.saved_count, 'answer')} for {format_period(one.week)}{about}{twice}" + paint(
        back, DIM, color=canvas.color
    )


def _stands(promise: "Promise", letters: int, canvas: Canvas) -> str:
    """Say how a promise stands: until when it is due, or what became of it."""
    typed, _ = short_id(promise.id, letters)
    how = f"by {format_full_day(promise.due)}" if promise.is_open else str(promise.state)
    return f"{paint(typed, STRONG, color=canvas.color)} {how}"


def took(one: "UndoResult", canvas: Canvas) -> str:
    """Tell what was undone or redone."""
    shown = [f"“{visible(truncate_line(said, GIST))}”" for said in one.descriptions[:MOST]]
    more = len(one.descriptions) - MOST + one.more
    if more > 0:
        shown.append(f"and {plural(more, 'more', 'more')}")
    what = f": {', '.join(shown)}" if shown else ""
    return (
        f"{one.verb} {ACTS.get(one.act, one.act)}{what}{paint(f' · back: {one.next_command}', DIM, color=canvas.color)}"
    )


def days(changed: "DaysOff", canvas: Canvas) -> str:
    """Tell which days are off now, or count again."""
    if not changed.days:
        return "Nothing to change: these days are so already."
    first, last = changed.days[0].day, changed.days[-1].day
    which = format_full_day(first) if first == last else f"{format_full_day(first)} – {format_full_day(last)}"
    said = f"{changed.verb}: {plural(len(changed.days), 'day')}, {which}"
    return said + paint(" · valuelog undo takes it back", DIM, color=canvas.color)


def accepted(count: int, day: "date", canvas: Canvas) -> str:
    """Tell how many drafts were taken."""
    said = f"Added {plural(count, 'activity', 'activities')} · {format_full_day(day)}"
    return said + paint(" · next: valuelog today · valuelog undo takes it back", DIM, color=canvas.color)


def left(path: "Path", canvas: Canvas) -> str:
    """Tell where an export is."""
    return f"Written to {visible(str(path))}" + paint(" · only you can read it", DIM, color=canvas.color)


PURGING = "This erases the words from the journal for good; copies of the file made before still have them."
"""What erasing for good means, said before it is asked."""
