"""Pain points: log them, log sightings, plan a step, fix or drop them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from valuelog.journal import entries, pains, promises
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, clean_answer, clean_text
from valuelog.model.errors import AmbiguousId, BadInput, EndBeforeStart, Stopped, UnknownId
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.period import format_full_day
from valuelog.model.promise import Promise, PromiseKind, PromiseState
from valuelog.model.text import first_line, is_no_answer, truncate_line
from valuelog.workflows.answers import Answer
from valuelog.workflows.confirmation import Confirmation, NothingChanged, build_confirmation
from valuelog.workflows.entries import create_entry, describe_project_change
from valuelog.workflows.followed import clean_answers, short_id, stopped_while_open
from valuelog.workflows.lookup import list_completions
from valuelog.workflows.prompter import Prompter, ask_beneficiaries, ask_effects, format_option

MAX_STEP_LENGTH = 60
"""How many characters of a replaced step a confirmation quotes."""

FOLLOW_UP_QUESTIONS = (
    ("shared", "Does it affect others too, or just you?"),
    ("better", "What would better look like?"),
    ("step", "What small thing could you try this week?"),
    ("hit", "Who else would be glad to see it gone?"),
)
"""The questions about a new pain point: pairs of the field that an answer fills and the text; each can be skipped."""

MAX_QUOTE_LENGTH = 60
"""How many characters of a text an error quotes."""

ENTRY_ONLY_FIELDS = ("minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence")
"""Fields of an Answer that a pain point does not have."""


class EntryOnlyFields(BadInput):
    """An answer about a pain point has fields that only entries have."""

    def __init__(self, names: Sequence[str]) -> None:
        """Name the fields."""
        super().__init__(f"A pain point has no {' and no '.join(names)}.", "Put that in the text, or log an entry.")


class SimilarPainExists(BadInput):
    """A new pain point looks like known ones, and there is no terminal to ask whether it is one of them."""

    def __init__(self, candidates: Sequence[tuple[PainPoint, str]], answer: Answer) -> None:
        """Quote the texts, and name the flags or keys that say which it is; a candidate is followed by its short id."""
        seen, new = ('"seen": "{}"', '"new": true') if answer.is_from_file else ("--seen {}", "--new")
        same = " or ".join(seen.format(short) for _, short in candidates)
        known = " or ".join(f"{short} {_quote(pain.text)}, seen {pain.times_seen}" for pain, short in candidates)
        super().__init__(
            f"{_quote(answer.text)} looks like {known}. Nothing was saved.",
            f"Say {'in that line ' * answer.is_from_file}which it is: {same} if it's the same, {new} if it isn't.",
        )


def _quote(text: str) -> str:
    return f"“{truncate_line(first_line(text), MAX_QUOTE_LENGTH)}”"


def build_pain(answer: Answer, now: datetime) -> PainPoint:
    """Build a PainPoint with one sighting, on the day of the answer. Raises EntryOnlyFields, BadText or NoAnswer."""
    if names := [name for name in ENTRY_ONLY_FIELDS if getattr(answer, name) not in {None, ()}]:
        raise EntryOnlyFields(names)
    text = clean_answer(answer.text)
    sighting = Sighting(id=new_id(), day=answer.day, text=text, created=now)
    return PainPoint(id=new_id(), text=text, created=now, sightings=(sighting,))


def pain_changes(journal: Journal, answer: Answer, now: datetime) -> list[Change]:
    """Return the changes that log a pain point, or a sighting of a known one, without asking.

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
        further_changes = _answer_changes(known, answers)
        if step and due and (known.step, known.step_by) != (step, due):
            further_changes += plan_step_changes(journal, known, step, due, answer.day, now)[1]
        return _save_sighting(journal, known, pain.sightings[0], further_changes)
    changes = pains.creation_changes([replace(pain, **answers)])
    if step and due:
        changes.append(promises.creation_change(build_step(pain.id, step, due, answer.day, now)))
    journal.write("add", changes)
    saved = pains.get(journal, pain.id)
    return build_confirmation(journal, "Logged pain point", saved, answer.day, due=saved.step_by)


def _find_known_pain(
    journal: Journal, answer: Answer, text: str, get_prompter: Callable[[], Prompter | None]
) -> PainPoint | None:
    """Return the pain point that an answer is about, if it is a known one. Raises SimilarPainExists or UnknownId."""
    if answer.target_id is not None:
        return find(journal, answer.target_id)
    candidates = () if answer.is_new_pain else pains.find_similar_pains(journal, text)
    if not candidates or is_same_text(candidates[0], text):
        return next(iter(candidates), None)
    if prompter := get_prompter():
        return ask_same_pain(prompter, candidates)
    raise SimilarPainExists([(pain, short_id(journal, pain.id)) for pain in candidates], answer)


def is_same_text(pain: PainPoint, text: str) -> bool:
    """Return True for the text of a pain point, in any case."""
    return pain.text.casefold() == text.casefold()


def ask_same_pain(prompter: Prompter, candidates: Sequence[PainPoint]) -> PainPoint | None:
    """Ask which of some similar pain points a new one is; none of them is the default."""
    options = [format_pain_option(pain) for pain in candidates]
    index = prompter.select_one("Is it one of these?", [*options, "a new one"], len(options))
    return candidates[index] if index < len(candidates) else None


def format_pain_option(pain: PainPoint) -> str:
    """Return a pain point as an option, with how often it was seen as its side note."""
    return f"{format_option(pain.headline)}\tseen {pain.times_seen}"


def log_sighting(journal: Journal, id_prefix: str, text: str | None, day: date, now: datetime) -> Confirmation:
    """Log that a pain point was seen again. Raises UnknownId, AmbiguousId or PainClosed."""
    pain = find(journal, id_prefix)
    sighting = Sighting(id=new_id(), day=day, text=clean_text(text) if text else pain.text, created=now)
    return _save_sighting(journal, pain, sighting)


def _save_sighting(
    journal: Journal, pain: PainPoint, sighting: Sighting, further_changes: Sequence[Change] = ()
) -> Confirmation:
    """Write a sighting and further changes. Raises PainClosed."""
    with journal.transaction():
        pains.reload(journal, pain).add_sighting(sighting)
        journal.write("seen", [pains.sighting_change(pain.id, sighting), *further_changes])
    saved = pains.get(journal, pain.id)
    is_repeated = sum(known.day == sighting.day for known in saved.sightings) > 1
    note = "already seen that day" if is_repeated else f"{saved.times_seen} so far"
    return build_confirmation(journal, "Seen again", saved, sighting.day, note=note)


def find(journal: Journal, id_prefix: str) -> PainPoint:
    """Return the pain point with an id. Raises UnknownId or AmbiguousId."""
    return pains.get(journal, journal.resolve_id(id_prefix, "pain")[1])


def split_ids(journal: Journal, words: Sequence[str]) -> tuple[tuple[PainPoint, ...], str]:
    """Split the words of `pain fix ID… [HOW…]` into pain points and how they were fixed.

    The first word is an id, and so is all before a quoted HOW or if there are only ids. Otherwise words are ids up to
    the first that isn't one or has no digit, so that HOW may begin with a word that some id begins with.
    Raises UnknownId or AmbiguousId.
    """
    *ids, how = words if " " in words[-1] and len(words) > 1 else (*words, "")
    known = [find(journal, ids[0])]
    rest = ids[1:]
    are_all_ids = bool(how) or all(_is_id(journal, word) for word in rest)
    while rest and (are_all_ids or (_is_mixed(rest[0]) and _is_id(journal, rest[0]))):
        known.append(find(journal, rest.pop(0)))
    return tuple({pain.id: pain for pain in known}.values()), how or " ".join(rest)


def _is_id(journal: Journal, word: str) -> bool:
    try:
        find(journal, word)
    except AmbiguousId:
        return True
    except UnknownId:
        return False
    return True


def _is_mixed(word: str) -> bool:
    """Return True for a word of letters and digits, as most ids are."""
    return word.isalnum() and not word.isalpha() and not word.isdecimal()


def merge_pains(journal: Journal, pain: PainPoint, target: PainPoint, day: date) -> Confirmation:
    """Merge a pain point into another one, with its days and steps. Raises PainClosed or NotTwoPains."""
    with journal.transaction():
        before, into = pains.reload(journal, pain), pains.reload(journal, target)
        changes = pains.merge_changes(journal, before, into)
        short = short_id(journal, pain.id)
        journal.write("merge", changes)
    steps = sum(change.entity == "promise" for change in changes)
    counts = {"day": before.days_seen, "step": steps}
    moved = " and ".join(f"{count} {what}{'s' * (count > 1)}" for what, count in counts.items() if count)
    merged = pains.get(journal, target.id)
    note = f"{moved} moved, seen {merged.times_seen}"
    return build_confirmation(journal, f"Merged {short} into", merged, day, note=note)


def edit_pain(
    journal: Journal, pain: PainPoint, text: str | None, answers: Mapping[str, str | None], day: date
) -> Confirmation:
    """Change the text or the answers of a pain point; an empty answer clears it. Raises NothingChanged."""
    fields = clean_answers(answers)
    if text is not None:
        fields["text"] = clean_text(text)
    changes = _answer_changes(pain, fields)
    if not changes:
        raise NothingChanged(command="valuelog pain edit")
    journal.write("edit", changes)
    return build_confirmation(journal, "Changed", pains.get(journal, pain.id), day)


def _answer_changes(pain: PainPoint, answers: Mapping[str, str | None]) -> list[Change]:
    """Return the changes for the answers that differ."""
    return [
        pains.answer_change(pain.id, name, answer) for name, answer in answers.items() if getattr(pain, name) != answer
    ]


def build_step(pain_id: str, step: str, due: date, day: date, now: datetime) -> Promise:
    """Build the promise of a small step for a pain point, made on a day."""
    return Promise(
        id=new_id(), kind=PromiseKind.STEP, text=clean_text(step), made_on=day, due=due, created=now, pain=pain_id
    )


def plan_step_changes(
    journal: Journal, pain: PainPoint, step: str, due: date, day: date, now: datetime
) -> tuple[Promise, list[Change]]:
    """Return the promise of a step for a pain point, and its changes.

    It replaces an open step; the same step with a later due day is carried over. Raises PainClosed or NothingChanged.
    """
    step = clean_text(step)
    pain.plan(step, due)
    promise = build_step(pain.id, step, due, day, now)
    open_steps = _open_steps(journal, pain)
    if not open_steps:
        clearing = [pains.answer_change(pain.id, "step", None)] if pain.step else []  # a step without a due day
        return promise, [*clearing, promises.creation_change(promise)]
    current = open_steps[0]
    if current.text != step or due < current.due:
        return promise, [*_settle_steps(journal, pain, day, is_kept=False), promises.creation_change(promise)]
    if due == current.due:
        raise NothingChanged(command="valuelog pain plan")
    carried = current.carry_over(due)
    return carried, [promises.update_change(current, carried)]


def plan_step(journal: Journal, pain: PainPoint, step: str, due: date, day: date, now: datetime) -> Confirmation:
    """Plan a small step for a pain point. Raises PainClosed or NothingChanged."""
    with journal.transaction():
        before = pains.reload(journal, pain)
        journal.write("plan", plan_step_changes(journal, before, step, due, day, now)[1])
    note = ""
    if before.step and before.step != clean_text(step):
        note = f"instead of “{truncate_line(before.step, MAX_STEP_LENGTH)}”"
    return build_confirmation(journal, "Planned", pains.get(journal, pain.id), day, due=due, note=note)


def _open_steps(journal: Journal, pain: PainPoint) -> tuple[Promise, ...]:
    return tuple(promise for promise in promises.list_promises_for_pain(journal, pain.id) if promise.is_open)


def _settle_steps(journal: Journal, pain: PainPoint, day: date, *, is_kept: bool) -> list[Change]:
    """Return the changes that settle the open steps, each not before the day it was promised."""
    state = PromiseState.KEPT if is_kept else PromiseState.DROPPED
    return [
        promises.update_change(step, step.settle(state, max(day, step.made_on))) for step in _open_steps(journal, pain)
    ]


def require_closable(journal: Journal, pain: PainPoint, day: date) -> None:
    """Raise PainClosed, or EndBeforeStart if the pain point was seen or its step promised after a day."""
    pain.require_closable(day)
    for step in _open_steps(journal, pain):
        if day < step.made_on:
            raise EndBeforeStart(format_full_day(day), "promised", format_full_day(step.made_on))


def drop_pain(journal: Journal, pain: PainPoint, reason: str, day: date) -> Confirmation:
    """Drop a pain point and its open step. Raises PainClosed or EndBeforeStart."""
    with journal.transaction():
        pain = pains.reload(journal, pain)
        require_closable(journal, pain, day)
        dropped = pain.mark_dropped(day, clean_text(reason))
        step_changes = _settle_steps(journal, pain, day, is_kept=False)
        journal.write("drop", [pains.closing_change(dropped), *step_changes])
    note = "its step is dropped too" if step_changes else ""
    return build_confirmation(journal, "Dropped", pains.get(journal, pain.id), day, note=note)


@dataclass(frozen=True, kw_only=True, slots=True)
class FixResult:
    """The improvement that fixed a pain point, and a note about its project if that may be unexpected."""

    entry: Entry
    project_note: str


def fix_pains(journal: Journal, fixed: Sequence[PainPoint], answer: Answer, now: datetime) -> tuple[Confirmation, ...]:
    """Close pain points as fixed by one improvement and log that; confirm each. Raises PainClosed or EndBeforeStart."""
    return _confirm_fix(journal, fixed, _write_fix(journal, fixed, answer, now, act="fix", batch=None))


def _write_fix(
    journal: Journal, fixed: Sequence[PainPoint], answer: Answer, now: datetime, *, act: str, batch: str | None
) -> FixResult:
    """Close pain points, log the improvement and settle their open steps as kept, all or none."""
    with journal.transaction():
        entry, changes = create_entry(journal, answer, now)
        note = describe_project_change(journal, entry, changes)
        for known in fixed:
            pain = pains.reload(journal, known)
            require_closable(journal, pain, answer.day)
            changes.append(pains.closing_change(pain.mark_fixed(answer.day, entry.text, entry.id)))
            changes += _settle_steps(journal, pain, answer.day, is_kept=True)
        journal.write(act, changes, batch=batch)
        return FixResult(entry=entry, project_note=note)


def _confirm_fix(journal: Journal, fixed: Sequence[PainPoint], fix: FixResult) -> tuple[Confirmation, ...]:
    saved = pains.get_many(journal, [pain.id for pain in fixed])
    return (
        *(
            build_confirmation(journal, "Fixed", pain, pain.closed_on or fix.entry.day, next_command=None)
            for pain in saved
        ),
        build_confirmation(journal, f"Added {fix.entry.kind}", fix.entry, fix.entry.day, note=fix.project_note),
    )


def ask_fix(
    journal: Journal, prompter: Prompter, fixed: Sequence[PainPoint], answer: Answer, now: datetime
) -> tuple[Confirmation, ...] | None:
    """Ask how pain points were fixed; return None without an answer. Raises PainClosed, EndBeforeStart or Stopped."""
    try:
        fix = ask_fix_details(journal, prompter, fixed, answer, now)
    except (KeyboardInterrupt, EOFError):
        entry_id = pains.reload(journal, fixed[0]).fix
        if not entry_id:
            ids = " ".join(short_id(journal, pain.id) for pain in fixed)
            raise stopped_while_open(fixed[0].text, f"Fix it with: valuelog pain fix {ids}") from None
        message = f"Stopped. “{fixed[0].headline}” is fixed; your answers are saved."
        raise Stopped(message, f"Add the rest with: valuelog edit {short_id(journal, entry_id)} --help") from None
    return _confirm_fix(journal, fixed, fix) if fix else None


def ask_fix_details(
    journal: Journal,
    prompter: Prompter,
    fixed: Sequence[PainPoint],
    answer: Answer,
    now: datetime,
    act_and_batch: tuple[str, str] | None = None,
) -> FixResult | None:
    """Ask how pain points were fixed, then for effects, beneficiaries and evidence of the improvement.

    Each answer is saved when it is confirmed, in the given act and batch, or else in its own batch.
    Returns None if the first question is skipped. Raises PainClosed or EndBeforeStart.
    """
    completions = list_completions(journal)
    for pain in fixed:
        require_closable(journal, pain, answer.day)
    for pain in fixed:
        prompter.show_heading(pain.headline)
    text = prompter.ask_text("how was it fixed?", completions, validate=clean_text)
    if is_no_answer(text):
        return None
    act, batch = act_and_batch or ("fix", new_id())
    fix = _write_fix(journal, fixed, replace(answer, text=text), now, act=act, batch=batch)
    questions = (
        lambda: {"effects": ask_effects(prompter)},
        lambda: {"beneficiaries": ask_beneficiaries(prompter)},
        lambda: {"evidence": _ask_evidence(prompter, completions)},
    )
    for ask in questions:
        changed = replace(fix.entry, **ask())
        entries.update(journal, fix.entry, changed, act=act, batch=batch)
        fix = replace(fix, entry=changed)
    return fix


def _ask_evidence(prompter: Prompter, completions: Sequence[str]) -> str | None:
    text = prompter.ask_text("how do you know?", completions, validate=clean_text)
    return None if is_no_answer(text) else text
