"""Following friction: noting it, seeing it again, planning a small step, fixing it or letting it go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from valuelog.journal import entries, pains, promises
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, Kind, clean_text
from valuelog.model.errors import EndBeforeStart, Stopped
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.period import format_full_day
from valuelog.model.promise import Promise, PromiseKind, PromiseState
from valuelog.model.text import truncate_line
from valuelog.workflows.confirmation import Confirmation, NothingChanged, build_confirmation
from valuelog.workflows.joining import build_entry_with_project, describe_project_change
from valuelog.workflows.lookup import list_completions
from valuelog.workflows.noting import SimilarPainExists, build_pain
from valuelog.workflows.prompter import Prompter, ask_beneficiaries, ask_effects
from valuelog.workflows.writing import Note

MAX_STEP_LENGTH = 60
"""How much is told of a step that another one replaced."""

FOLLOW_UP_QUESTIONS = (
    ("shared", "Does it hit others too, or only you?"),
    ("better", "What would better look like?"),
    ("step", "Which small thing could you try this week?"),
    ("hit", "Who else would care if it were gone?"),
)
"""The four questions of friction that is new, each to be skipped: the field it fills, and its words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PainInput:
    """Friction as somebody tells it: what hurt on which day, and answers to the four questions.

    `again` is the id of the pain point that it is, `new` that it is none of those known; neither lets them be compared.
    """

    note: Note
    answers: Mapping[str, str] = field(default_factory=dict)
    by: date | None = None
    pain_id: str | None = None
    is_new_pain: bool = False


def log_pain(
    journal: Journal, pain_input: PainInput, now: datetime, get_prompter: Callable[[], Prompter | None]
) -> Confirmation:
    """Note friction, or see it again where it is some that is known. Raises LooksKnown, UnknownId or PainClosed."""
    said = pain_input.note
    pain = build_pain(said, now)
    answers: dict[str, Any] = {name: clean_text(words) for name, words in pain_input.answers.items() if words}
    step = answers.pop("step", None)
    if known := _find_known_pain(journal, pain_input, pain.text, get_prompter):
        more = _answer_changes(known, answers)
        if step and pain_input.by and (known.step, known.step_by) != (step, pain_input.by):
            more += plan_step_changes(journal, known, step, pain_input.by, said.day, now)[1]
        return _save_sighting(journal, known, pain.sightings[0], more)
    changes = pains.creation_changes([replace(pain, **answers)])
    if step and pain_input.by:
        changes.append(promises.creation_change(build_step(pain.id, step, pain_input.by, said.day, now)))
    journal.write("add", changes)
    noted = pains.get(journal, pain.id)
    return build_confirmation(journal, "Noted pain point", noted, said.day, due=noted.step_by)


def _find_known_pain(
    journal: Journal, pain_input: PainInput, text: str, get_prompter: Callable[[], Prompter | None]
) -> PainPoint | None:
    """Return the pain point that friction is, if it is one that is known. Raises LooksKnown or UnknownId."""
    if pain_input.pain_id is not None:
        return find(journal, pain_input.pain_id)
    known = None if pain_input.is_new_pain else pains.find_similar_pain(journal, text)
    return known if known and _is_same_pain(journal, known, text, get_prompter) else None


def _is_same_pain(journal: Journal, known: PainPoint, text: str, get_prompter: Callable[[], Prompter | None]) -> bool:
    """Tell whether friction is one that is known; where the words differ, a person says so. Raises LooksKnown."""
    if known.text.casefold() == text.casefold():
        return True
    person = get_prompter()
    if person is None:
        raise SimilarPainExists(known, _short_id(journal, known.id))
    return person.confirm(format_same_pain_question(known))


def format_same_pain_question(known: PainPoint) -> str:
    """Ask whether friction is one that is known."""
    return f"Like “{known.text}”, seen {known.times_seen}: the same?"


def log_sighting(journal: Journal, id_prefix: str, text: str | None, day: date, now: datetime) -> Confirmation:
    """Write down that a pain point was felt again. Raises UnknownId, AmbiguousId or PainClosed."""
    pain = find(journal, id_prefix)
    return _save_sighting(
        journal, pain, Sighting(id=new_id(), day=day, text=clean_text(text) if text else pain.text, created=now)
    )


def _save_sighting(
    journal: Journal, pain: PainPoint, sighting: Sighting, further_changes: Sequence[Change] = ()
) -> Confirmation:
    """Write a sighting down, and what else was said with it. Raises PainClosed."""
    with journal.transaction():
        pains.reload(journal, pain).add_sighting(sighting)
        journal.write("seen", [pains.sighting_change(pain.id, sighting), *further_changes])
    again = pains.get(journal, pain.id)
    twice = sum(one.day == sighting.day for one in again.sightings) > 1
    return build_confirmation(
        journal, "Seen again that day" if twice else f"Seen {again.times_seen}", again, sighting.day
    )


def find(journal: Journal, id_prefix: str) -> PainPoint:
    """Return the pain point that an id or its beginning names. Raises UnknownId or AmbiguousId."""
    return pains.get(journal, journal.resolve_id(id_prefix, "pain")[1])


def edit_pain(
    journal: Journal, pain: PainPoint, text: str | None, answers: Mapping[str, str | None], day: date
) -> Confirmation:
    """Give a pain point other words or answers; an empty answer takes it away. Raises NothingChanged."""
    wanted = {name: clean_text(said) if said else None for name, said in answers.items() if said is not None}
    if text is not None:
        wanted["text"] = clean_text(text)
    changes = _answer_changes(pain, wanted)
    if not changes:
        edit = "valuelog pain edit"
        raise NothingChanged(edit)
    journal.write("edit", changes)
    return build_confirmation(journal, "Changed", pains.get(journal, pain.id), day)


def _answer_changes(pain: PainPoint, answers: Mapping[str, str | None]) -> list[Change]:
    """Return the changes that give a pain point other words or answers, where they differ."""
    return [pains.answer_change(pain.id, name, said) for name, said in answers.items() if getattr(pain, name) != said]


def build_step(pain_id: str, step: str, by: date, day: date, now: datetime) -> Promise:
    """Make the promise of a small step for a pain point."""
    return Promise(
        id=new_id(), kind=PromiseKind.STEP, text=clean_text(step), made_on=day, due=by, created=now, pain=pain_id
    )


def plan_step_changes(
    journal: Journal, pain: PainPoint, step: str, by: date, day: date, now: datetime
) -> tuple[Promise, list[Change]]:
    """Return a small step for a pain point, maybe in the place of one to be taken, and the changes that promise it.

    The same step until a later day is carried over. Raises PainClosed or NothingChanged.
    """
    step = clean_text(step)
    pain.plan(step, by)
    made = build_step(pain.id, step, by, day, now)
    known = _open_steps(journal, pain)
    if not known:
        return made, [
            *([pains.answer_change(pain.id, "step", None)] if pain.step else []),
            promises.creation_change(made),
        ]
    if known[0].text != step or by < known[0].due:
        return made, [*_settle_steps(journal, pain, day, is_kept=False), promises.creation_change(made)]
    if by == known[0].due:
        replan = "valuelog pain plan"
        raise NothingChanged(replan)
    later = known[0].carry_over(by)
    return later, [promises.update_change(known[0], later)]


def plan_step(journal: Journal, pain: PainPoint, step: str, by: date, day: date, now: datetime) -> Confirmation:
    """Give a pain point a small step until a day. Raises PainClosed or NothingChanged."""
    with journal.transaction():
        before = pains.reload(journal, pain)
        journal.write("plan", plan_step_changes(journal, before, step, by, day, now)[1])
    other = before.step and before.step != clean_text(step)
    more = f"instead of “{truncate_line(before.step or '', MAX_STEP_LENGTH)}”" if other else ""
    return build_confirmation(journal, "Planned", pains.get(journal, pain.id), day, due=by, more=more)


def _open_steps(journal: Journal, pain: PainPoint) -> tuple[Promise, ...]:
    """Return the steps for a pain point that are still to be taken."""
    return tuple(promise for promise in promises.list_promises_for_pain(journal, pain.id) if promise.is_open)


@dataclass(frozen=True, kw_only=True, slots=True)
class FixResult:
    """The improvement that a fix is, and what that does to its project, if nobody may have meant it."""

    entry: Entry
    project_note: str


def require_closable(journal: Journal, pain: PainPoint, day: date) -> None:
    """Go on only if a pain point can end on a day, its step promised by then. Raises PainClosed or TooEarly."""
    pain.require_closable(day)
    for step in _open_steps(journal, pain):
        if day < step.made_on:
            raise EndBeforeStart(format_full_day(day), "promised", format_full_day(step.made_on))


def build_fix_changes(journal: Journal, pain: PainPoint, note: Note, now: datetime) -> tuple[Entry, list[Change]]:
    """Return the improvement that a fix is, and the changes that write it down and close the pain point.

    A step that was still to be taken counts as kept. Raises PainClosed or TooEarly.
    """
    require_closable(journal, pain, note.day)
    entry = build_entry_with_project(journal, note, Kind.IMPROVEMENT, now)
    gone = pain.mark_fixed(note.day, entry.text, entry.id)
    changes = [
        *entries.creation_changes(journal, [entry]),
        pains.closing_change(gone),
        *_settle_steps(journal, pain, note.day, is_kept=True),
    ]
    return entry, changes


def fix_pain(journal: Journal, pain: PainPoint, note: Note, now: datetime) -> FixResult:
    """Close a pain point and write down the improvement that the fix is. Raises PainClosed or TooEarly."""
    with journal.transaction():
        entry, changes = build_fix_changes(journal, pains.reload(journal, pain), note, now)
        journal.write("fix", changes)
        return FixResult(entry=entry, project_note=describe_project_change(journal, entry, changes))


def build_fix_confirmations(journal: Journal, pain_id: str, result: FixResult) -> tuple[Confirmation, Confirmation]:
    """Return what to tell of a pain point that was fixed, and of the improvement that the fix is."""
    gone = pains.get(journal, pain_id)
    day = gone.closed_on or result.entry.day
    added = build_confirmation(journal, f"Added {result.entry.kind}", result.entry, day, more=result.project_note)
    return build_confirmation(journal, "Fixed", gone, day, next_command=None), added


def drop_pain(journal: Journal, pain: PainPoint, why: str, day: date) -> Confirmation:
    """Let a pain point go; a step for it is no longer promised. Raises PainClosed or TooEarly."""
    with journal.transaction():
        pain = pains.reload(journal, pain)
        require_closable(journal, pain, day)
        gone = pain.mark_dropped(day, clean_text(why))
        steps = _settle_steps(journal, pain, day, is_kept=False)
        journal.write("drop", [pains.closing_change(gone), *steps])
    return build_confirmation(
        journal, "Let go", pains.get(journal, pain.id), day, more="its step is let go too" if steps else ""
    )


def ask_drop_reason(journal: Journal, prompter: Prompter, pain: PainPoint) -> str:
    """Ask why a pain point is let go. Raises Stopped."""
    try:
        return prompter.ask_text("why let it go?", check=clean_text)
    except (KeyboardInterrupt, EOFError):
        raise _build_still_open_error(
            pain, f'Let it go with: valuelog pain drop {_short_id(journal, pain.id)} "…"'
        ) from None


def _short_id(journal: Journal, entity_id: str) -> str:
    """Return as much of an id as has to be typed."""
    return entity_id[: journal.prefix_lengths([entity_id])[entity_id]]


def _build_still_open_error(pain: PainPoint, hint: str) -> Stopped:
    return Stopped(f"Stopped. “{pain.text.partition(chr(10))[0]}” is still open.", hint)


def _settle_steps(journal: Journal, pain: PainPoint, day: date, *, is_kept: bool) -> list[Change]:
    state = PromiseState.KEPT if is_kept else PromiseState.DROPPED
    return [promises.update_change(one, one.settle(state, max(day, one.made_on))) for one in _open_steps(journal, pain)]


def ask_fix(journal: Journal, prompter: Prompter, pain: PainPoint, note: Note, now: datetime) -> FixResult | None:
    """Ask how a pain point was fixed, outside any ritual. Raises PainClosed, TooEarly or Stopped."""
    try:
        return ask_fix_details(journal, prompter, pain, note, now)
    except (KeyboardInterrupt, EOFError):
        fix = pains.reload(journal, pain).fix
        if not fix:
            raise _build_still_open_error(
                pain, f"Go on with: valuelog pain fix {_short_id(journal, pain.id)}"
            ) from None
        message = f"Stopped. “{pain.text.partition(chr(10))[0]}” is fixed, with what you answered."
        raise Stopped(message, f"Say the rest with: valuelog edit {_short_id(journal, fix)} --help") from None


def ask_fix_details(
    journal: Journal,
    prompter: Prompter,
    pain: PainPoint,
    note: Note,
    now: datetime,
    act_and_batch: tuple[str, str] | None = None,
) -> FixResult | None:
    """Ask how a pain point was fixed, in which way that is better, for whom and how one knows.

    Each answer is written down when it is confirmed, as part of the act and the batch that it happens `within`. Nothing
    if the first one is skipped. Raises PainClosed or TooEarly.
    """
    require_closable(journal, pain, note.day)
    words = list_completions(journal)
    prompter.show_heading(pain.headline)
    how = prompter.ask_text("how was it fixed?", words, check=clean_text)
    if not how:
        return None
    act, batch = act_and_batch or ("fix", new_id())
    with journal.transaction():
        entry, changes = build_fix_changes(journal, pains.reload(journal, pain), replace(note, text=how), now)
        journal.write(act, changes, batch=batch)
        more = describe_project_change(journal, entry, changes)
    asked = (
        lambda: {"effects": ask_effects(prompter)},
        lambda: {"beneficiaries": ask_beneficiaries(prompter)},
        lambda: {"evidence": prompter.ask_text("how do you know?", words, check=clean_text) or None},
    )
    for question in asked:
        new = replace(entry, **question())
        entries.update(journal, entry, new, act=act, batch=batch)
        entry = new
    return FixResult(entry=entry, project_note=more)
