"""One line for each change: what was done, the id, the day, and the command that comes next or takes it back."""

from typing import TYPE_CHECKING

from valuelog.model.period import format_full_day, format_period
from valuelog.model.text import truncate_line
from valuelog.render import Canvas
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, STRONG, paint, split_id
from valuelog.render.words import format_count

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from valuelog.model.promise import Promise
    from valuelog.workflows.confirmation import Confirmation
    from valuelog.workflows.days_off import DaysOff
    from valuelog.workflows.undo import UndoResult
    from valuelog.workflows.weekly_talk import SavedAnswers

ACT_LABELS = {
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

MAX_DESCRIPTIONS = 3
"""How many things an undo names."""

MAX_DESCRIPTION_LENGTH = 60
"""How much of a thing it names."""


def format_confirmation(confirmation: "Confirmation", canvas: Canvas) -> str:
    """Tell a change."""
    typed, rest = split_id(confirmation.entity.id, confirmation.prefix_length)
    shown = paint(typed, STRONG, color=canvas.color) + (paint(rest, DIM, color=True) if canvas.color else "")
    when = f"by {format_full_day(confirmation.due)}" if confirmation.due else format_full_day(confirmation.day)
    then = f" · next: {confirmation.next_command}" if confirmation.next_command else " · valuelog undo takes it back"
    more = f" · {confirmation.more}" if confirmation.more else ""
    said = f"{confirmation.verb} {shown} · {when}{more}"
    return said if confirmation.next_command is None else said + paint(then, DIM, color=canvas.color)


def format_saved_answers(saved_answers: "SavedAnswers", canvas: Canvas) -> str:
    """Tell which answers of a Friday talk were saved by flags; of a single promise also its id."""
    about = (
        f": {_format_promise(saved_answers.promise, saved_answers.prefix_length, canvas)}"
        if saved_answers.promise
        else ""
    )
    twice = "; what was said twice is kept once" if saved_answers.repeated_count else ""
    back = f". valuelog undo takes {'it' if saved_answers.saved_count == 1 else 'them'} back"
    saved = f"Saved {format_count(saved_answers.saved_count, 'answer')} for {format_period(saved_answers.week)}"
    return f"{saved}{about}{twice}{paint(back, DIM, color=canvas.color)}"


def _format_promise(promise: "Promise", prefix_length: int, canvas: Canvas) -> str:
    """Say how a promise stands: until when it is due, or what became of it."""
    typed, _ = split_id(promise.id, prefix_length)
    how = f"by {format_full_day(promise.due)}" if promise.is_open else str(promise.state)
    return f"{paint(typed, STRONG, color=canvas.color)} {how}"


def format_undo_result(result: "UndoResult", canvas: Canvas) -> str:
    """Tell what was undone or redone."""
    shown = [
        f"“{escape_line(truncate_line(said, MAX_DESCRIPTION_LENGTH))}”"
        for said in result.descriptions[:MAX_DESCRIPTIONS]
    ]
    more = len(result.descriptions) - MAX_DESCRIPTIONS + result.more
    if more > 0:
        shown.append(f"and {format_count(more, 'more', 'more')}")
    what = f": {', '.join(shown)}" if shown else ""
    back = paint(f" · back: {result.next_command}", DIM, color=canvas.color)
    return f"{result.verb} {ACT_LABELS.get(result.act, result.act)}{what}{back}"


def format_days_off(days_off: "DaysOff", canvas: Canvas) -> str:
    """Tell which days are off now, or count again."""
    if not days_off.days:
        return "Nothing to change: these days are so already."
    first, last = days_off.days[0].day, days_off.days[-1].day
    which = format_full_day(first) if first == last else f"{format_full_day(first)} – {format_full_day(last)}"
    said = f"{days_off.verb}: {format_count(len(days_off.days), 'day')}, {which}"
    return said + paint(" · valuelog undo takes it back", DIM, color=canvas.color)


def format_accepted_drafts(count: int, day: "date", canvas: Canvas) -> str:
    """Tell how many drafts were taken."""
    said = f"Added {format_count(count, 'activity', 'activities')} · {format_full_day(day)}"
    return said + paint(" · next: valuelog today · valuelog undo takes it back", DIM, color=canvas.color)


def format_export_path(path: "Path", canvas: Canvas) -> str:
    """Tell where an export is."""
    return f"Written to {escape_line(str(path))}" + paint(" · only you can read it", DIM, color=canvas.color)


PURGE_WARNING = "This erases the words from the journal for good; copies of the file made before still have them."
"""What erasing for good means, said before it is asked."""
