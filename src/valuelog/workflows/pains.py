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
from valuelog.workflows.confirmation import Changed, NothingChanged, told
from valuelog.workflows.joining import entered, joining
from valuelog.workflows.lookup import known_words
from valuelog.workflows.noting import LooksKnown, pain_of
from valuelog.workflows.prompter import Ask, ways, whom
from valuelog.workflows.writing import Note

GIST = 60
"""How much is told of a step that another one replaced."""

QUESTIONS = (
    ("shared", "Does it hit others too, or only you?"),
    ("better", "What would better look like?"),
    ("step", "Which small thing could you try this week?"),
    ("hit", "Who else would care if it were gone?"),
)
"""The four questions of friction that is new, each to be skipped: the field it fills, and its words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Friction:
    """Friction as somebody tells it: what hurt on which day, and answers to the four questions.

    `again` is the id of the pain point that it is, `new` that it is none of those known; neither lets them be compared.
    """

    note: Note
    answers: Mapping[str, str] = field(default_factory=dict)
    by: date | None = None
    again: str | None = None
    new: bool = False


def note(journal: Journal, friction: Friction, now: datetime, ask: Callable[[], Ask | None]) -> Changed:
    """Note friction, or see it again where it is some that is known. Raises LooksKnown, UnknownId or PainClosed."""
    said = friction.note
    pain = pain_of(said, now)
    answers: dict[str, Any] = {name: clean_text(words) for name, words in friction.answers.items() if words}
    step = answers.pop("step", None)
    if known := _known(journal, friction, pain.text, ask):
        more = _answers(known, answers)
        if step and friction.by and (known.step, known.step_by) != (step, friction.by):
            more += planned(journal, known, step, friction.by, said.day, now)[1]
        return _again(journal, known, pain.sightings[0], more)
    changes = pains.creation_changes([replace(pain, **answers)])
    if step and friction.by:
        changes.append(promises.creation_change(step_for(pain.id, step, friction.by, said.day, now)))
    journal.write("add", changes)
    noted = pains.get(journal, pain.id)
    return told(journal, "Noted pain point", noted, said.day, until=noted.step_by)


def _known(journal: Journal, friction: Friction, text: str, ask: Callable[[], Ask | None]) -> PainPoint | None:
    """Return the pain point that friction is, if it is one that is known. Raises LooksKnown or UnknownId."""
    if friction.again is not None:
        return find(journal, friction.again)
    known = None if friction.new else pains.find_similar_pain(journal, text)
    return known if known and _the_same(journal, known, text, ask) else None


def _the_same(journal: Journal, known: PainPoint, text: str, ask: Callable[[], Ask | None]) -> bool:
    """Tell whether friction is one that is known; where the words differ, a person says so. Raises LooksKnown."""
    if known.text.casefold() == text.casefold():
        return True
    person = ask()
    if person is None:
        raise LooksKnown(known, _typed(journal, known.id))
    return person.yes(same_as(known))


def same_as(known: PainPoint) -> str:
    """Ask whether friction is one that is known."""
    return f"Like “{known.text}”, seen {known.times_seen}: the same?"


def see(journal: Journal, words: str, said: str | None, day: date, now: datetime) -> Changed:
    """Write down that a pain point was felt again. Raises UnknownId, AmbiguousId or PainClosed."""
    pain = find(journal, words)
    return _again(
        journal, pain, Sighting(id=new_id(), day=day, text=clean_text(said) if said else pain.text, created=now)
    )


def _again(journal: Journal, pain: PainPoint, sighting: Sighting, more: Sequence[Change] = ()) -> Changed:
    """Write a sighting down, and what else was said with it. Raises PainClosed."""
    with journal.transaction():
        pains.reload(journal, pain).add_sighting(sighting)
        journal.write("seen", [pains.sighting_change(pain.id, sighting), *more])
    again = pains.get(journal, pain.id)
    twice = sum(one.day == sighting.day for one in again.sightings) > 1
    return told(journal, "Seen again that day" if twice else f"Seen {again.times_seen}", again, sighting.day)


def find(journal: Journal, words: str) -> PainPoint:
    """Return the pain point that an id or its beginning names. Raises UnknownId or AmbiguousId."""
    return pains.get(journal, journal.resolve_id(words, "pain")[1])


def amend(journal: Journal, pain: PainPoint, text: str | None, answers: Mapping[str, str | None], day: date) -> Changed:
    """Give a pain point other words or answers; an empty answer takes it away. Raises NothingChanged."""
    wanted = {name: clean_text(said) if said else None for name, said in answers.items() if said is not None}
    if text is not None:
        wanted["text"] = clean_text(text)
    changes = _answers(pain, wanted)
    if not changes:
        edit = "valuelog pain edit"
        raise NothingChanged(edit)
    journal.write("edit", changes)
    return told(journal, "Changed", pains.get(journal, pain.id), day)


def _answers(pain: PainPoint, wanted: Mapping[str, str | None]) -> list[Change]:
    """Return the changes that give a pain point other words or answers, where they differ."""
    return [pains.answer_change(pain.id, name, said) for name, said in wanted.items() if getattr(pain, name) != said]


def step_for(pain: str, step: str, by: date, day: date, now: datetime) -> Promise:
    """Make the promise of a small step for a pain point."""
    return Promise(
        id=new_id(), kind=PromiseKind.STEP, text=clean_text(step), made_on=day, due=by, created=now, pain=pain
    )


def planned(
    journal: Journal, pain: PainPoint, step: str, by: date, day: date, now: datetime
) -> tuple[Promise, list[Change]]:
    """Return a small step for a pain point, maybe in the place of one to be taken, and the changes that promise it.

    The same step until a later day is carried over. Raises PainClosed or NothingChanged.
    """
    step = clean_text(step)
    pain.plan(step, by)
    made = step_for(pain.id, step, by, day, now)
    known = _promised(journal, pain)
    if not known:
        return made, [
            *([pains.answer_change(pain.id, "step", None)] if pain.step else []),
            promises.creation_change(made),
        ]
    if known[0].text != step or by < known[0].due:
        return made, [*_settled(journal, pain, day, kept=False), promises.creation_change(made)]
    if by == known[0].due:
        replan = "valuelog pain plan"
        raise NothingChanged(replan)
    later = known[0].carry_over(by)
    return later, [promises.update_change(known[0], later)]


def plan(journal: Journal, pain: PainPoint, step: str, by: date, day: date, now: datetime) -> Changed:
    """Give a pain point a small step until a day. Raises PainClosed or NothingChanged."""
    with journal.transaction():
        before = pains.reload(journal, pain)
        journal.write("plan", planned(journal, before, step, by, day, now)[1])
    other = before.step and before.step != clean_text(step)
    more = f"instead of “{truncate_line(before.step or '', GIST)}”" if other else ""
    return told(journal, "Planned", pains.get(journal, pain.id), day, until=by, more=more)


def _promised(journal: Journal, pain: PainPoint) -> tuple[Promise, ...]:
    """Return the steps for a pain point that are still to be taken."""
    return tuple(promise for promise in promises.list_promises_for_pain(journal, pain.id) if promise.is_open)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """The improvement that a fix is, and what that does to its project, if nobody may have meant it."""

    entry: Entry
    joining: str


def insist_closable(journal: Journal, pain: PainPoint, day: date) -> None:
    """Go on only if a pain point can end on a day, its step promised by then. Raises PainClosed or TooEarly."""
    pain.require_closable(day)
    for step in _promised(journal, pain):
        if day < step.made_on:
            raise EndBeforeStart(format_full_day(day), "promised", format_full_day(step.made_on))


def fixed(journal: Journal, pain: PainPoint, said: Note, now: datetime) -> tuple[Entry, list[Change]]:
    """Return the improvement that a fix is, and the changes that write it down and close the pain point.

    A step that was still to be taken counts as kept. Raises PainClosed or TooEarly.
    """
    insist_closable(journal, pain, said.day)
    entry = entered(journal, said, Kind.IMPROVEMENT, now)
    gone = pain.mark_fixed(said.day, entry.text, entry.id)
    changes = [
        *entries.creation_changes(journal, [entry]),
        pains.closing_change(gone),
        *_settled(journal, pain, said.day, kept=True),
    ]
    return entry, changes


def fix(journal: Journal, pain: PainPoint, said: Note, now: datetime) -> Fix:
    """Close a pain point and write down the improvement that the fix is. Raises PainClosed or TooEarly."""
    with journal.transaction():
        entry, changes = fixed(journal, pains.reload(journal, pain), said, now)
        journal.write("fix", changes)
        return Fix(entry=entry, joining=joining(journal, entry, changes))


def tell_fix(journal: Journal, name: str, fix: Fix) -> tuple[Changed, Changed]:
    """Return what to tell of a pain point that was fixed, and of the improvement that the fix is."""
    gone = pains.get(journal, name)
    day = gone.closed_on or fix.entry.day
    added = told(journal, f"Added {fix.entry.kind}", fix.entry, day, more=fix.joining)
    return told(journal, "Fixed", gone, day, then=None), added


def drop(journal: Journal, pain: PainPoint, why: str, day: date) -> Changed:
    """Let a pain point go; a step for it is no longer promised. Raises PainClosed or TooEarly."""
    with journal.transaction():
        pain = pains.reload(journal, pain)
        insist_closable(journal, pain, day)
        gone = pain.mark_dropped(day, clean_text(why))
        steps = _settled(journal, pain, day, kept=False)
        journal.write("drop", [pains.closing_change(gone), *steps])
    return told(journal, "Let go", pains.get(journal, pain.id), day, more="its step is let go too" if steps else "")


def why_asked(journal: Journal, ask: Ask, pain: PainPoint) -> str:
    """Ask why a pain point is let go. Raises Stopped."""
    try:
        return ask.line("why let it go?", check=clean_text)
    except (KeyboardInterrupt, EOFError):
        raise _still_open(pain, f'Let it go with: valuelog pain drop {_typed(journal, pain.id)} "…"') from None


def _typed(journal: Journal, name: str) -> str:
    """Return as much of an id as has to be typed."""
    return name[: journal.prefix_lengths([name])[name]]


def _still_open(pain: PainPoint, again: str) -> Stopped:
    return Stopped(f"Stopped. “{pain.text.partition(chr(10))[0]}” is still open.", again)


def _settled(journal: Journal, pain: PainPoint, day: date, *, kept: bool) -> list[Change]:
    state = PromiseState.KEPT if kept else PromiseState.DROPPED
    return [promises.update_change(one, one.settle(state, max(day, one.made_on))) for one in _promised(journal, pain)]


def fix_alone(journal: Journal, ask: Ask, pain: PainPoint, said: Note, now: datetime) -> Fix | None:
    """Ask how a pain point was fixed, outside any ritual. Raises PainClosed, TooEarly or Stopped."""
    try:
        return fix_asked(journal, ask, pain, said, now)
    except (KeyboardInterrupt, EOFError):
        fix = pains.reload(journal, pain).fix
        if not fix:
            raise _still_open(pain, f"Go on with: valuelog pain fix {_typed(journal, pain.id)}") from None
        message = f"Stopped. “{pain.text.partition(chr(10))[0]}” is fixed, with what you answered."
        raise Stopped(message, f"Say the rest with: valuelog edit {_typed(journal, fix)} --help") from None


def fix_asked(
    journal: Journal, ask: Ask, pain: PainPoint, said: Note, now: datetime, within: tuple[str, str] | None = None
) -> Fix | None:
    """Ask how a pain point was fixed, in which way that is better, for whom and how one knows.

    Each answer is written down when it is confirmed, as part of the act and the batch that it happens `within`. Nothing
    if the first one is skipped. Raises PainClosed or TooEarly.
    """
    insist_closable(journal, pain, said.day)
    words = known_words(journal)
    ask.title(pain.headline)
    how = ask.line("how was it fixed?", words, check=clean_text)
    if not how:
        return None
    act, batch = within or ("fix", new_id())
    with journal.transaction():
        entry, changes = fixed(journal, pains.reload(journal, pain), replace(said, text=how), now)
        journal.write(act, changes, batch=batch)
        more = joining(journal, entry, changes)
    asked = (
        lambda: {"effects": ways(ask)},
        lambda: {"beneficiaries": whom(ask)},
        lambda: {"evidence": ask.line("how do you know?", words, check=clean_text) or None},
    )
    for question in asked:
        new = replace(entry, **question())
        entries.update(journal, entry, new, act=act, batch=batch)
        entry = new
    return Fix(entry=entry, joining=more)
