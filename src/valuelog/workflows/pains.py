"""Following friction: noting it, seeing it again, planning a small step, fixing it or letting it go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from valuelog.journal import entries, pains, promises
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, clean_text
from valuelog.model.errors import BadInput, EndBeforeStart, Stopped
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.period import format_full_day
from valuelog.model.promise import Promise, PromiseKind, PromiseState
from valuelog.model.text import first_line, truncate_line
from valuelog.workflows.answers import Answer
from valuelog.workflows.confirmation import Confirmation, NothingChanged, build_confirmation
from valuelog.workflows.entries import create_entry, describe_project_change
from valuelog.workflows.lookup import list_completions
from valuelog.workflows.prompter import Prompter, ask_beneficiaries, ask_effects

MAX_STEP_LENGTH = 60
"""How much is told of a step that another one replaced."""

FOLLOW_UP_QUESTIONS = (
    ("shared", "Does it affect others too, or just you?"),
    ("better", "What would better look like?"),
    ("step", "What small thing could you try this week?"),
    ("hit", "Who else would be glad to see it gone?"),
)
"""The four questions of friction that is new, each to be skipped: the field it fills, and its words."""


MAX_QUOTE_LENGTH = 60
"""How many characters of a text an error quotes."""

ENTRY_ONLY_FIELDS = ("minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence")
"""Fields of an Answer that a pain point does not have."""


class EntryOnlyFields(BadInput):
    """An answer about a pain point has fields that only entries have."""

    def __init__(self, names: Sequence[str]) -> None:
        """Name the fields."""
        super().__init__(f"A pain point has no {' and no '.join(names)}.", "Put it in the text, or log an entry.")


class SimilarPainExists(BadInput):
    """A new pain point looks like a known one, and there is no terminal to ask whether it is the same."""

    def __init__(self, known: PainPoint, short_id: str, answer: Answer) -> None:
        """Quote both texts, and name the flags or keys that say which it is."""
        same, other = f"--seen {short_id}", "--new"
        if answer.is_from_file:
            same, other = f'"seen": "{short_id}"', '"new": true'
        text, known_text = (truncate_line(first_line(one), MAX_QUOTE_LENGTH) for one in (answer.text, known.text))
        super().__init__(
            f"“{text}” looks like {short_id} “{known_text}”, seen {known.times_seen}. Nothing was saved.",
            f"Say {'in its line ' * answer.is_from_file}which it is: {same} if it's the same, {other} if it's another.",
        )


def build_pain(answer: Answer, now: datetime) -> PainPoint:
    """Build a PainPoint with one sighting, on the day of the answer. Raises EntryOnlyFields or BadText."""
    if names := [name for name in ENTRY_ONLY_FIELDS if getattr(answer, name) not in {None, ()}]:
        raise EntryOnlyFields(names)
    text = clean_text(answer.text)
    sighting = Sighting(id=new_id(), day=answer.day, text=text, created=now)
    return PainPoint(id=new_id(), text=text, created=now, sightings=(sighting,))


def pain_changes(journal: Journal, answer: Answer, now: datetime) -> list[Change]:
    """Return the changes that log a pain point, or a sighting of a known one, where nobody can be asked.

    Raises SimilarPainExists, UnknownId, AmbiguousId or PainClosed.
    """
    pain = build_pain(answer, now)
    known = _find_known_pain(journal, answer, pain.text, lambda: None)
    if known is None:
        return pains.creation_changes([pain])
    known.add_sighting(pain.sightings[0])
    return [pains.sighting_change(known.id, pain.sightings[0])]


def log_pain(
    journal: Journal,
    answer: Answer,
    now: datetime,
    get_prompter: Callable[[], Prompter | None],
    *,
    details: Mapping[str, str] | None = None,
    due: date | None = None,
) -> Confirmation:
    """Log a pain point, or a sighting if it is a known one. Raises SimilarPainExists, UnknownId or PainClosed.

    `details` are answers to FOLLOW_UP_QUESTIONS by field; a step among them is promised by the due day.
    """
    pain = build_pain(answer, now)
    answers: dict[str, Any] = {name: clean_text(text) for name, text in (details or {}).items() if text}
    step = answers.pop("step", None)
    if known := _find_known_pain(journal, answer, pain.text, get_prompter):
        more = _answer_changes(known, answers)
        if step and due and (known.step, known.step_by) != (step, due):
            more += plan_step_changes(journal, known, step, due, answer.day, now)[1]
        return _save_sighting(journal, known, pain.sightings[0], more)
    changes = pains.creation_changes([replace(pain, **answers)])
    if step and due:
        changes.append(promises.creation_change(build_step(pain.id, step, due, answer.day, now)))
    journal.write("add", changes)
    saved = pains.get(journal, pain.id)
    return build_confirmation(journal, "Noted pain point", saved, answer.day, due=saved.step_by)


def _find_known_pain(
    journal: Journal, answer: Answer, text: str, get_prompter: Callable[[], Prompter | None]
) -> PainPoint | None:
    """Return the pain point that an answer is about, if it is a known one. Raises SimilarPainExists or UnknownId."""
    if answer.target_id is not None:
        return find(journal, answer.target_id)
    known = None if answer.is_new_pain else pains.find_similar_pain(journal, text)
    if known is None or known.text.casefold() == text.casefold():
        return known
    prompter = get_prompter()
    if prompter is None:
        raise SimilarPainExists(known, _short_id(journal, known.id), answer)
    return known if prompter.confirm(format_same_pain_question(known)) else None


def format_same_pain_question(known: PainPoint) -> str:
    """Ask whether friction is one that is known."""
    return f"Same as “{known.text}” (seen {known.times_seen})?"


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


def build_fix_changes(journal: Journal, pain: PainPoint, answer: Answer, now: datetime) -> tuple[Entry, list[Change]]:
    """Return the improvement that a fix is, and the changes that write it down and close the pain point.

    A step that was still to be taken counts as kept. Raises PainClosed or TooEarly.
    """
    require_closable(journal, pain, answer.day)
    entry, entry_changes = create_entry(journal, answer, now)
    gone = pain.mark_fixed(answer.day, entry.text, entry.id)
    changes = [
        *entry_changes,
        pains.closing_change(gone),
        *_settle_steps(journal, pain, answer.day, is_kept=True),
    ]
    return entry, changes


def fix_pain(journal: Journal, pain: PainPoint, answer: Answer, now: datetime) -> FixResult:
    """Close a pain point and write down the improvement that the fix is. Raises PainClosed or TooEarly."""
    with journal.transaction():
        entry, changes = build_fix_changes(journal, pains.reload(journal, pain), answer, now)
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
        return prompter.ask_text("why let it go?", validate=clean_text)
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


def ask_fix(journal: Journal, prompter: Prompter, pain: PainPoint, answer: Answer, now: datetime) -> FixResult | None:
    """Ask how a pain point was fixed, outside any ritual. Raises PainClosed, TooEarly or Stopped."""
    try:
        return ask_fix_details(journal, prompter, pain, answer, now)
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
    answer: Answer,
    now: datetime,
    act_and_batch: tuple[str, str] | None = None,
) -> FixResult | None:
    """Ask how a pain point was fixed, in which way that is better, for whom and how one knows.

    Each answer is written down when it is confirmed, as part of the act and the batch that it happens `within`. Nothing
    if the first one is skipped. Raises PainClosed or TooEarly.
    """
    require_closable(journal, pain, answer.day)
    words = list_completions(journal)
    prompter.show_heading(pain.headline)
    how = prompter.ask_text("how was it fixed?", words, validate=clean_text)
    if not how:
        return None
    act, batch = act_and_batch or ("fix", new_id())
    with journal.transaction():
        entry, changes = build_fix_changes(journal, pains.reload(journal, pain), replace(answer, text=how), now)
        journal.write(act, changes, batch=batch)
        more = describe_project_change(journal, entry, changes)
    asked = (
        lambda: {"effects": ask_effects(prompter)},
        lambda: {"beneficiaries": ask_beneficiaries(prompter)},
        lambda: {"evidence": prompter.ask_text("how do you know?", words, validate=clean_text) or None},
    )
    for question in asked:
        new = replace(entry, **question())
        entries.update(journal, entry, new, act=act, batch=batch)
        entry = new
    return FixResult(entry=entry, project_note=more)
