"""Gather drafts from all sources in parallel, and log those that the user accepts.

A source that fails or is too slow is reported and does not affect the others.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple

from valuelog.journal import entries, seen_drafts
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import iter_moments
from valuelog.model.draft import Draft
from valuelog.model.entry import Entry, Kind, clean_text, normalize_names
from valuelog.model.errors import Stopped
from valuelog.sources import TIMEOUT_SECONDS, Source, SourceFailed, Span
from valuelog.sources.sanitize import MAX_LINE_LENGTH, sanitize_text
from valuelog.sources.subprocesses import kill_processes_on_interrupt

MAX_DRAFTS = 200
"""Limit for the drafts of one source and day."""

POLL_INTERVAL = 0.1
"""Seconds between two updates of the progress."""


class ConfiguredSource(NamedTuple):
    """A source and its settings."""

    source: Source
    options: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class GatherResult:
    """The new drafts of a day, and the sources that failed."""

    day: date
    today: date
    drafts: tuple[Draft, ...] = ()
    failures: tuple[SourceFailed, ...] = ()
    source_count: int = 0


class _SourceResult(NamedTuple):
    """The drafts of one source, and its failure, which may have happened after some of them."""

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
    """Run all sources; `on_progress` gets the number of finished ones several times a second.

    Raises Stopped on Ctrl-C, after all child processes are killed.
    """
    seconds = TIMEOUT_SECONDS if timeout is None else timeout
    try:
        with kill_processes_on_interrupt():
            finished = _run_sources(sources, span, environ, on_progress, monotonic() + seconds)
    except KeyboardInterrupt:
        raise Stopped("Stopped. Nothing was added.") from None
    results = [
        finished.get(index) or _build_timeout_result(configured.source.name, seconds)
        for index, configured in enumerate(sources)
    ]
    return GatherResult(
        day=span.day,
        today=today,
        drafts=_find_new_drafts(journal, (draft for result in results for draft in result.drafts)),
        failures=tuple(result.failure for result in results if result.failure),
        source_count=len(sources),
    )


def _find_new_drafts(journal: Journal, drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Return the drafts that were neither accepted nor declined; of one that grew since, the remainder."""
    proposed: dict[str, str] = {}
    new = []
    for draft in {draft.origin: draft for draft in drafts}.values():
        remaining = _without_seen_parts(journal, draft, proposed)
        if remaining and seen_drafts.filter_unseen(journal, [remaining]):
            new.append(remaining)
            proposed |= dict.fromkeys(remaining.parts, remaining.source)
    return tuple({draft.origin: draft for draft in new}.values())


def _without_seen_parts(journal: Journal, draft: Draft, proposed: Mapping[str, str]) -> Draft | None:
    """Return a draft without the parts that were proposed before; None if none is left.

    `proposed` maps the parts of the drafts so far to their source: another one has found the same.
    """
    parts = {part: replace(draft, origin=part) for part in (*draft.parts, *draft.known_as)}
    seen = parts.keys() - {part.origin for part in seen_drafts.filter_unseen(journal, parts.values())}
    seen |= {part for part in parts if proposed.get(part, draft.source) != draft.source}
    return draft.remainder(seen) if draft.remainder and seen else draft


def _run_sources(
    sources: Sequence[ConfiguredSource],
    span: Span,
    environ: Mapping[str, str],
    on_progress: Callable[[int], None],
    deadline: float,
) -> dict[int, _SourceResult]:
    """Return the results of the sources that finished in time, by index."""
    queue: SimpleQueue[tuple[int, _SourceResult]] = SimpleQueue()

    def run(index: int, configured: ConfiguredSource) -> None:
        queue.put((index, _run_source(configured, span, environ)))

    for index, configured in enumerate(sources):
        Thread(target=run, args=(index, configured), daemon=True, name=configured.source.name).start()
    results: dict[int, _SourceResult] = {}
    while len(results) < len(sources) and monotonic() < deadline:
        on_progress(len(results))
        with suppress(Empty):
            index, result = queue.get(timeout=POLL_INTERVAL)
            results[index] = result
    return results


def _build_timeout_result(name: str, timeout: float) -> _SourceResult:
    reason = f"it did not finish within {timeout:g} seconds."
    return _SourceResult(failure=SourceFailed(name, reason, f"Turn it off with: {_disable_command(name)}"))


def _run_source(configured: ConfiguredSource, span: Span, environ: Mapping[str, str]) -> _SourceResult:
    """Return the drafts of a source until it finishes or fails."""
    drafts: list[Draft] = []
    name = configured.source.name
    try:
        for draft in _limit_drafts(configured.source.drafts(span, configured.options, environ), name):
            drafts.append(_validate_draft(draft, name, span.day))  # noqa: PERF401  keeps the drafts before a failure
    except SourceFailed as error:
        return _SourceResult(tuple(drafts), error)
    except Exception as error:  # noqa: BLE001  sources of other packages may raise anything
        return _SourceResult(tuple(drafts), _build_unexpected_failure(name, error))
    return _SourceResult(tuple(drafts))


def _limit_drafts(drafts: Iterable[Draft], name: str) -> Iterator[Draft]:
    """Yield drafts up to the limit. Raises SourceFailed."""
    for number, draft in enumerate(drafts):
        if number == MAX_DRAFTS:
            raise SourceFailed(name, f"it found more than {MAX_DRAFTS} drafts for that day; the rest was left out.")
        yield draft


def _build_unexpected_failure(name: str, error: Exception) -> SourceFailed:
    message = sanitize_text(str(error), MAX_LINE_LENGTH).rstrip(".")
    reason = ": ".join(filter(None, ("it crashed", type(error).__name__, message)))
    hint = f"Update the package that provides it, or turn it off: {_disable_command(name)}"
    return SourceFailed(name, f"{reason}.", hint)


def _disable_command(name: str) -> str:
    return f"valuelog config set sources.{name}.enabled no"


def _validate_draft(draft: object, name: str, day: date) -> Draft:
    """Return a draft that belongs to this source and day. Raises SourceFailed."""
    if not (isinstance(draft, Draft) and draft.source == name and draft.day == day):
        raise SourceFailed(name, "it returned something that isn't one of its drafts for that day.")
    clean_text(draft.text)
    clean_text(draft.label)
    return draft


def build_entry(journal: Journal, draft: Draft, now: datetime) -> Entry:
    """Create an activity; @ and # in its text are not parsed, because a tool wrote it."""
    return Entry(
        id=seen_drafts.new_entry_id(journal, draft.origin),
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
    """Return the changes that log the chosen drafts and mark all as seen, and the new entries.

    Drafts that another terminal accepted or declined in the meantime are left out.
    """
    unseen = seen_drafts.filter_unseen(journal, drafts)
    chosen = [draft for index, draft in enumerate(drafts) if index in chosen_indexes and draft in unseen]
    new_entries = [build_entry(journal, draft, at) for draft, at in zip(chosen, iter_moments(now), strict=False)]
    marks = (mark for draft in unseen for mark in _build_seen_changes(journal, draft, accepted=draft in chosen))
    return [*entries.creation_changes(journal, new_entries), *marks], new_entries


def _build_seen_changes(journal: Journal, draft: Draft, *, accepted: bool) -> Iterator[Change]:
    """Yield the changes that mark a draft and its parts as accepted or declined."""
    for origin in dict.fromkeys((draft.origin, *draft.parts)):
        yield seen_drafts.seen_change(journal, replace(draft, origin=origin), accepted=accepted)


def accept_all(journal: Journal, result: GatherResult, now: datetime) -> tuple[Entry, ...]:
    """Log all drafts in one batch."""
    with journal.transaction():
        changes, new_entries = build_draft_changes(journal, result.drafts, range(len(result.drafts)), now)
        if changes:
            journal.write("gather", changes)
    return tuple(new_entries)
