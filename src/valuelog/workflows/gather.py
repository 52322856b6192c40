"""Gathering: asks the sources what they saw on a day, all at once, and puts down what a person takes of it.

No source can hold the others up: one that is broken or slow is told of and left behind.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple

from valuelog.journal import entries
from valuelog.journal import seen_drafts as proposals
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.draft import Draft
from valuelog.model.entry import Entry, Kind, clean_text, normalize_names
from valuelog.model.errors import Stopped
from valuelog.sources import TIMEOUT_SECONDS, Source, SourceFailed, Span
from valuelog.sources.sanitize import MAX_LINE_LENGTH, sanitize_text
from valuelog.sources.subprocesses import kill_processes_on_interrupt

MAX_DRAFTS = 200
"""So many drafts of one source for one day are more than anybody wants to choose among."""

POLL_INTERVAL = 0.1
"""So many seconds lie at most between two looks at who has answered."""


class ConfiguredSource(NamedTuple):
    """A source and its settings."""

    source: Source
    options: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class GatherResult:
    """What the sources propose for a day and nobody has seen yet, and what went wrong."""

    day: date
    today: date
    drafts: tuple[Draft, ...] = ()
    failures: tuple[SourceFailed, ...] = ()
    source_count: int = 0


class _SourceResult(NamedTuple):
    """What one source said: its drafts, and what went wrong, maybe after some of them."""

    drafts: tuple[Draft, ...] = ()
    failure: SourceFailed | None = None


def gather(
    journal: Journal,
    sources: Sequence[ConfiguredSource],
    span: Span,
    today: date,
    environ: Mapping[str, str],
    *,
    on_progress: Callable[[int], None] = lambda _: None,
    timeout: float | None = None,
) -> GatherResult:
    """Ask all sources at once. `beat` is called again and again with how many have answered by then.

    Raises Stopped when a person breaks off; no program that a source runs is left behind.
    """
    allowed = TIMEOUT_SECONDS if timeout is None else timeout
    try:
        with kill_processes_on_interrupt():
            heard = _run_sources(sources, span, environ, on_progress, monotonic() + allowed)
    except KeyboardInterrupt:
        raise Stopped("Stopped. Nothing was taken.") from None
    answers = [heard.get(place) or _build_timeout_result(one.source.name, allowed) for place, one in enumerate(sources)]
    return GatherResult(
        day=span.day,
        today=today,
        drafts=_find_new_drafts(journal, (draft for answer in answers for draft in answer.drafts)),
        failures=tuple(answer.failure for answer in answers if answer.failure),
        source_count=len(sources),
    )


def _find_new_drafts(journal: Journal, drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Return what nobody took or declined yet; of a draft that grew since then, the rest."""
    once = {draft.origin: draft for draft in drafts}.values()
    return proposals.filter_unseen(journal, filter(None, (_without_seen_parts(journal, draft) for draft in once)))


def _without_seen_parts(journal: Journal, draft: Draft) -> Draft | None:
    """Return a draft without those of its parts that were proposed before; nothing if nothing is left."""
    parts = {part: replace(draft, origin=part) for part in draft.parts}
    seen = parts.keys() - {fresh.origin for fresh in proposals.filter_unseen(journal, parts.values())}
    return draft.remainder(seen) if draft.remainder and seen else draft


def _run_sources(
    sources: Sequence[ConfiguredSource],
    span: Span,
    environ: Mapping[str, str],
    on_progress: Callable[[int], None],
    deadline: float,
) -> dict[int, _SourceResult]:
    """Return what each source said in time, by its place."""
    heard: SimpleQueue[tuple[int, _SourceResult]] = SimpleQueue()
    for place, one in enumerate(sources):
        ask = lambda place=place, one=one: heard.put((place, _run_source(one, span, environ)))  # noqa: E731
        Thread(target=ask, daemon=True, name=one.source.name).start()
    answers: dict[int, _SourceResult] = {}
    while len(answers) < len(sources) and monotonic() < deadline:
        on_progress(len(answers))
        try:
            place, answer = heard.get(timeout=POLL_INTERVAL)
        except Empty:
            continue
        answers[place] = answer
    return answers


def _build_timeout_result(name: str, timeout: float) -> _SourceResult:
    why = f"it did not answer within {timeout:g} seconds."
    return _SourceResult(
        failure=SourceFailed(name, why, f"Leave it out with: valuelog config set sources.{name}.enabled no")
    )


def _run_source(configured: ConfiguredSource, span: Span, environ: Mapping[str, str]) -> _SourceResult:
    """Return all that a source says before it ends or breaks."""
    found: list[Draft] = []
    name = configured.source.name
    try:
        for draft in _limit_drafts(configured.source.drafts(span, configured.options, environ), name):
            found.append(_validate_draft(draft, name, span.day))  # noqa: PERF401  what came before a failure counts
    except SourceFailed as error:
        return _SourceResult(tuple(found), error)
    except Exception as error:  # noqa: BLE001  a source of somebody else may raise anything
        return _SourceResult(tuple(found), _build_unexpected_failure(name, error))
    return _SourceResult(tuple(found))


def _limit_drafts(drafts: Iterable[Draft], name: str) -> Iterator[Draft]:
    """Yield drafts as long as they are not too many. Raises SourceFailed."""
    for number, draft in enumerate(drafts):
        if number == MAX_DRAFTS:
            raise SourceFailed(name, f"it saw more than {MAX_DRAFTS} things on that day; the others were left out.")
        yield draft


def _build_unexpected_failure(name: str, error: Exception) -> SourceFailed:
    said = sanitize_text(str(error), MAX_LINE_LENGTH).rstrip(".")
    why = ": ".join(filter(None, ("it broke", type(error).__name__, said)))
    return SourceFailed(name, f"{why}.", f"Update the package it is from, or {_disable_hint(name)}")


def _disable_hint(name: str) -> str:
    return f"leave it out: valuelog config set sources.{name}.enabled no"


def _validate_draft(draft: object, name: str, day: date) -> Draft:
    """Return a draft that can be one of this source and day. Raises SourceFailed."""
    if not (isinstance(draft, Draft) and draft.source == name and draft.day == day):
        raise SourceFailed(name, "it proposed something that is no draft of its own for that day.")
    clean_text(draft.text)
    clean_text(draft.label)
    return draft


def build_entry(draft: Draft, now: datetime) -> Entry:
    """Make an activity of a draft. What its text mentions with @ or # was written by a tool, and means nobody."""
    return Entry(
        id=new_id(),
        day=draft.day,
        kind=Kind.ACTIVITY,
        text=clean_text(draft.text),
        created=now,
        minutes=draft.minutes,
        people=normalize_names(draft.people),
        tags=normalize_names(draft.tags),
        origin=draft.origin,
    )


def build_draft_changes(
    journal: Journal, drafts: Sequence[Draft], chosen_indexes: Collection[int], now: datetime
) -> tuple[list[Change], list[Entry]]:
    """Return the entries that the drafts at some places become, and the changes for them and for what was declined.

    Another terminal may have been asked about the same drafts meanwhile: what it settled stays so.
    """
    left = proposals.filter_unseen(journal, drafts)
    mine = [draft for place, draft in enumerate(drafts) if place in chosen_indexes and draft in left]
    written = [build_entry(draft, now) for draft in mine]
    marks = (mark for draft in left for mark in _build_seen_changes(journal, draft, accepted=draft in mine))
    return [*entries.creation_changes(journal, written), *marks], written


def _build_seen_changes(journal: Journal, draft: Draft, *, accepted: bool) -> Iterator[Change]:
    """Yield the changes that remember a draft, and all that it sums up, as taken or declined."""
    for origin in dict.fromkeys((draft.origin, *draft.parts)):
        yield proposals.seen_change(journal, replace(draft, origin=origin), accepted=accepted)


def accept_all(journal: Journal, result: GatherResult, now: datetime) -> tuple[Entry, ...]:
    """Write all drafts down, in one change to undo."""
    with journal.transaction():
        changes, written = build_draft_changes(journal, result.drafts, range(len(result.drafts)), now)
        if changes:
            journal.write("gather", changes)
    return tuple(written)
