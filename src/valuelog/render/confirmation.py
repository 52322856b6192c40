"""One line for each confirmed change: what was done, the id, the day, and the next command."""

from typing import TYPE_CHECKING

from valuelog.model.period import format_full_day, format_period
from valuelog.model.recurrence import format_recurrence
from valuelog.model.text import truncate_line
from valuelog.render import Canvas
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, STRONG, paint, split_id
from valuelog.render.words import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from valuelog.model.promise import Promise
    from valuelog.workflows.backups import Backup
    from valuelog.workflows.confirmation import Confirmation
    from valuelog.workflows.days_off import DaysOff, ImportedDaysOff
    from valuelog.workflows.findings import MuteResult
    from valuelog.workflows.purging import Erasure
    from valuelog.workflows.undo import UndoResult
    from valuelog.workflows.weekly_talk import SavedAnswers

ACT_LABELS = {
    "add": "added",
    "today": "evening",
    "gather": "gathered",
    "import": "imported",
    "edit": "edited",
    "delete": "deleted",
    "promote": "promoted",
    "evidence": "evidence",
    "off": "days off",
    "seen": "seen again",
    "plan": "planned",
    "fix": "fixed",
    "raise": "raised",
    "fill": "answers for brag",
    "drop": "dropped",
    "merge": "merged",
    "start": "started",
    "measure": "measured",
    "close": "closed",
    "reopen": "reopened",
    "promise": "promised",
    "kept": "kept",
    "broken": "broken",
    "carry": "carried over",
    "reflect": "weekly talk",
    "snooze": "snoozed",
    "turn-off": "turned off",
    "turn-on": "turned on",
    "purge": "purged",
    "restore": "restored",
    "repair": "repaired",
    "undo": "undo",
    "redo": "redo",
    "demo": "demo",
}
"""The label of each act in the history and after an undo."""

UNDO_HINT = " · undo with: valuelog undo"

MAX_DESCRIPTIONS = 3
"""Maximum number of texts that an undo quotes."""

MAX_DESCRIPTION_LENGTH = 60
"""Maximum length of each, in characters."""


MAX_LEFT_OUT = 5
"""Maximum number of events of a calendar that are listed as left out."""


def format_confirmation(confirmation: "Confirmation", canvas: Canvas) -> str:
    """Format the confirmation of a change."""
    typed, rest = split_id(confirmation.entity.id, confirmation.prefix_length)
    shown = paint(typed, STRONG, color=canvas.color) + (paint(rest, DIM, color=True) if canvas.color else "")
    when = f"by {format_full_day(confirmation.due)}" if confirmation.due else format_full_day(confirmation.day)
    then = f" · next: {confirmation.next_command}" if confirmation.next_command else UNDO_HINT
    note = f" · {confirmation.note}" if confirmation.note else ""
    line = f"{confirmation.verb} {shown} · {when}{note}"
    return line if confirmation.next_command is None else line + paint(then, DIM, color=canvas.color)


def format_saved_answers(saved_answers: "SavedAnswers", canvas: Canvas) -> str:
    """Format how many answers of the weekly talk were saved by options; for a single promise also its id."""
    about = (
        f": {_format_promise(saved_answers.promise, saved_answers.prefix_length, canvas)}"
        if saved_answers.promise
        else ""
    )
    duplicates = "; duplicates were saved once" if saved_answers.repeated_count else ""
    undo = ". Undo: valuelog undo"
    saved = f"Saved {format_count(saved_answers.saved_count, 'answer')} for {format_period(saved_answers.week)}"
    return f"{saved}{about}{duplicates}{paint(undo, DIM, color=canvas.color)}"


def _format_promise(promise: "Promise", prefix_length: int, canvas: Canvas) -> str:
    """Format the due day of an open promise, or the state of another one."""
    typed, _ = split_id(promise.id, prefix_length)
    status = f"by {format_full_day(promise.due)}" if promise.is_open else str(promise.state)
    return f"{paint(typed, STRONG, color=canvas.color)} {status}"


def format_undo_result(result: "UndoResult", canvas: Canvas) -> str:
    """Format what was undone or redone."""
    shown = [
        f"“{escape_line(truncate_line(text, MAX_DESCRIPTION_LENGTH))}”"
        for text in result.descriptions[:MAX_DESCRIPTIONS]
    ]
    more = len(result.descriptions) - MAX_DESCRIPTIONS + result.more
    if more > 0:
        shown.append(f"and {format_count(more, 'more', 'more')}")
    what = f" {', '.join(shown)}" if shown else ""
    inverse = result.next_command.removeprefix("valuelog ")
    hint = paint(f" · {inverse} with: {result.next_command}", DIM, color=canvas.color)
    return f"{result.verb}: {ACT_LABELS.get(result.act, result.act)}{what}{hint}"


def format_days_off(days_off: "DaysOff", canvas: Canvas) -> str:
    """Format which days were marked or unmarked as days off."""
    if not days_off.days:
        state = "are already off" if days_off.verb == "Off" else "aren't off"
        return f"Nothing to change: those days {state}."
    if days_off.days[0].every:
        return _format_series_off(days_off) + paint(UNDO_HINT, DIM, color=canvas.color)
    first, last = days_off.days[0].day, days_off.days[-1].day
    which = format_full_day(first) if first == last else f"{format_full_day(first)} – {format_full_day(last)}"
    line = f"{days_off.verb}: {format_count(len(days_off.days), 'day')}, {which}"
    return line + paint(UNDO_HINT, DIM, color=canvas.color)


def format_imported_days_off(imported: "ImportedDaysOff", canvas: Canvas) -> str:
    """Format how many days a calendar brought, and which events were left out."""
    first, last = imported.period.start, imported.period.end
    known = f" · {imported.known_count} already off" if imported.known_count else ""
    undo = paint(UNDO_HINT, DIM, color=canvas.color) if imported.days else ""
    span = f"{format_full_day(first)} – {format_full_day(last)}"
    lines = [f"Off: {format_count(len(imported.days), 'new day')} from {span}{known}{undo}"]
    for event in imported.left_out[:MAX_LEFT_OUT]:
        title = f"“{escape_line(truncate_line(event.title, MAX_DESCRIPTION_LENGTH))}”: " if event.title else ""
        lines.append(f"  left out: {title}{escape_line(event.reason)}")
    if (more := len(imported.left_out) - MAX_LEFT_OUT) > 0:
        lines.append(f"  and {format_count(more, 'more', 'more')} left out: add --json to see all")
    return "\n".join(lines)


def _format_series_off(days_off: "DaysOff") -> str:
    """Format which recurring days were marked, with the first and last day, or which ended and when."""
    first, count = days_off.days[0], len(days_off.days)
    every = format_recurrence(first.every) if first.every else ""
    what = every if count == 1 else f"{format_count(count, 'day')} {every}"
    until = f" to {format_full_day(first.until)}" if first.until and days_off.since is None else ""
    return f"{days_off.verb}: {what}, from {format_full_day(days_off.since or first.day)}{until}"


def format_mute_result(result: "MuteResult", canvas: Canvas) -> str:
    """Format which finding was snoozed, turned off or turned on."""
    about = f" about {result.about}" if result.about else ""
    if result.verb is None:
        return f"Nothing to change: {result.rule}{about} is neither snoozed nor off."
    until = f" · until {format_full_day(result.until)}" if result.until else ""
    return f"{result.verb} {result.rule}{about}{until}" + paint(UNDO_HINT, DIM, color=canvas.color)


def format_accepted_drafts(count: int, day: "date", canvas: Canvas) -> str:
    """Format how many drafts were accepted."""
    line = f"Added {format_count(count, 'activity', 'activities')} · {format_full_day(day)}"
    return line + paint(f" · next: valuelog today{UNDO_HINT}", DIM, color=canvas.color)


def format_export_path(path: "Path", canvas: Canvas) -> str:
    """Format where an export was written."""
    return f"Written to {escape_line(str(path))}" + paint(" · only you can read it", DIM, color=canvas.color)


def format_backup(backup: "Backup", canvas: Canvas) -> str:
    """Format a backup that was made."""
    what = f"Backed up {format_count(backup.entry_count or 0, 'entry', 'entries')} as {backup.head}"
    return what + paint(" · verified · list backups with: valuelog backup list", DIM, color=canvas.color)


def format_copy(entry_count: int, path: "Path", canvas: Canvas) -> str:
    """Format where a verified copy of the journal was written."""
    what = f"Copied {format_count(entry_count, 'entry', 'entries')} to {escape_line(str(path))}"
    return what + paint(" · verified, only you can read it", DIM, color=canvas.color)


PURGE_WARNING = (
    "This erases the text for good: from the journal, its backups, and your drafts. Files that you exported keep it."
)
"""Shown before asking to confirm a purge."""


def describe_purge(erasure: "Erasure") -> "Iterator[str]":
    """Yield what a purge did, without any of the text."""
    copies = f", also from {format_count(erasure.copy_count, 'backup')}" if erasure.copy_count else ""
    yield f"Erased for good: {erasure.shown_id}{copies}"
    if erasure.is_guessable:
        yield "Version 0.1.0 wrote it and kept a checksum of it: a short text could be guessed from that."
    if erasure.repeats:
        first, *more = erasure.repeats
        others = f" ({len(more)} more: {', '.join(more)})" if more else ""
        yield f"The same words are in {first}, too: valuelog show {first}{others}"
