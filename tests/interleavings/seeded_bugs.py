"""Mistakes that the interleavings must find, each put into the shipped code by a small patch."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from interleavings.run import failure_of, make_plan
from valuelog.journal import incoming, log, merge, replication
from valuelog.journal.database import Database
from valuelog.journal.log import Change
from valuelog.journal.replication import Head

Patch = pytest.MonkeyPatch


class Bug(NamedTuple):
    """A mistake: its name, and the function that makes it."""

    name: str
    seed: Callable[[Patch], None]


BUGS: list[Bug] = []


def bug(seed: Callable[[Patch], None]) -> Callable[[Patch], None]:
    """List a mistake under the name of its function."""
    BUGS.append(Bug(seed.__name__, seed))
    return seed


def find_failing_seed(mistake: Bug, runs: int) -> int | None:
    """Return the first interleaving that fails because of a mistake; None if none of so many does."""
    with pytest.MonkeyPatch.context() as patch:
        mistake.seed(patch)
        return next((seed for seed in range(1, runs + 1) if failure_of(make_plan(seed))), None)


# The fold


@bug
def order_of_arrival(patch: Patch) -> None:
    """Fold changes in the order in which they arrived."""
    original = merge.read_histories

    def read_histories(*arguments: Any) -> dict[str, Any]:  # noqa: ANN401  of the original
        histories = original(*arguments)
        return {name: sorted(changes, key=lambda change: change.seq) for name, changes in histories.items()}

    patch.setattr(merge, "read_histories", read_histories)


@bug
def lists_merged_by_element(patch: Patch) -> None:
    """Add the elements of a list to those that were there."""

    def fold(field_sets: Iterable[Any]) -> dict[str, Any] | None:
        listed: dict[str, list[str]] = {}
        sets = [*field_sets]
        for fields in sets:
            for name, value in (fields if isinstance(fields, dict) else {}).items():
                if isinstance(value, list):
                    listed[name] = sorted({*listed.get(name, []), *value})
        state = log.fold(sets)
        return state and {**state, **{name: value for name, value in listed.items() if name in state}}

    patch.setattr(merge, "fold", fold)


@bug
def creation_of_a_referenced_record_does_not_count(patch: Patch) -> None:
    """Let a record go whose creation was undone, though a row refers to it."""
    patch.setattr(merge, "is_referenced", lambda *_: False)


@bug
def references_not_recomputed(patch: Patch) -> None:
    """Don't look again at what a record refers to now, or referred to before."""
    patch.setattr(merge, "references", lambda *_: iter(()))


@bug
def waiting_records_forgotten(patch: Patch) -> None:
    """Don't look again at records whose reference was unknown, when it arrives."""
    patch.setattr(merge._Recomputation, "_waiting_for", lambda *_: [])  # noqa: SLF001  the bug is inside


# Undo


def refresh_ordered_by(patch: Patch, order: str) -> None:
    """Let another toggle than the last one decide."""
    original = merge.refresh_batches
    sql = (
        "UPDATE batch SET undone = coalesce((SELECT act = 'undo' FROM change c WHERE c.undoes = batch.id"
        f" ORDER BY {order} LIMIT 1), 0) WHERE id IN (SELECT value FROM json_each(?))"
    )

    def refresh_batches(connection: Any, batches: Iterable[str]) -> None:  # noqa: ANN401  a connection
        listed = [*batches]
        original(connection, listed)
        connection.execute(sql, (json.dumps(listed),))

    for module in (merge, incoming):
        patch.setattr(module, "refresh_batches", refresh_batches)


@bug
def first_toggle_decides(patch: Patch) -> None:
    """Ignore all toggles of a batch but the first one."""
    refresh_ordered_by(patch, "wall, tick, id")


@bug
def last_toggle_to_arrive_decides(patch: Patch) -> None:
    """Order the toggles of a batch by their arrival."""
    refresh_ordered_by(patch, "seq DESC")


@bug
def batches_of_other_machines_undone(patch: Patch) -> None:
    """Undo the latest batch of any device."""
    patch.setattr(Database, "other_devices", lambda _: "[]")


@bug
def undo_writes_values(patch: Patch) -> None:
    """Let an undo write the values to which it leads, as schema 5 did: they override edits that it never saw."""
    original = Database.toggle

    def toggle(database: Database, act: str, batch: str) -> None:
        original(database, act, batch)
        sql = "SELECT id, text FROM entry WHERE id IN (SELECT entity_id FROM change WHERE batch = ?)"
        values = [Change("entry", entry, {"text": text}) for entry, text in database.rows(sql, (batch,))]
        if values:
            database.write(act, values)

    patch.setattr(Database, "toggle", toggle)


# Purge


@bug
def purge_loses_to_a_later_clock(patch: Patch) -> None:
    """Let what is later than a purge count again."""

    def is_purged(_: merge.Rule, __: str, changes: Sequence[merge.RuleChange]) -> bool:
        return bool(changes) and merge._erases(changes[-1])  # noqa: SLF001  the bug is inside

    patch.setattr(merge.Rule, "_is_purged", is_purged)


@bug
def parts_of_a_purged_record_stay(patch: Patch) -> None:
    """Keep the sightings of a purged pain point."""
    patch.setattr(merge, "_PARENT_FIELDS", {})


@bug
def purged_text_stays_in_the_log(patch: Patch) -> None:
    """Don't erase on arrival."""
    patch.setattr(incoming, "erase_arrived", lambda *_: frozenset())


@bug
def purged_text_stays_in_backups(patch: Patch) -> None:
    """Don't erase in copies what a purge elsewhere erased."""
    patch.setattr(incoming, "_purge_files", lambda *_: ())


# Taking in


@bug
def branch_taken_for_a_repetition(patch: Patch) -> None:
    """Drop other changes under counters that the log has."""
    patch.setattr(incoming, "_stop", lambda _plan, _run, head, _counter: head)


@bug
def unknown_devices_ignored(patch: Patch) -> None:
    """Take in only changes of devices that the log has."""
    original = incoming._plan  # noqa: SLF001  the bug is inside

    def plan(journal: Any, runs: Iterable[replication.Run], heads: Mapping[str, Head]) -> Any:  # noqa: ANN401
        return original(journal, [run for run in runs if run.device in heads], heads)

    patch.setattr(incoming, "_plan", plan)


@bug
def gap_accepted(patch: Patch) -> None:
    """Take in changes though those before them are missing."""
    original = incoming._plan_run  # noqa: SLF001  the bug is inside

    def plan_run(journal: Any, run: replication.Run, head: Head, plan: Any) -> Head:  # noqa: ANN401  a journal, a plan
        is_gap = run.first > head.counter + 1
        return original(journal, run, Head(run.first - 1, run.before) if is_gap else head, plan)

    def known_hashes(journal: Any, run: replication.Run, head: Head, plan: Any) -> Mapping[int, bytes]:  # noqa: ANN401
        return {run.first - 1: run.before, **original_hashes(journal, run, head, plan)}

    original_hashes = incoming._known_hashes  # noqa: SLF001  the bug is inside
    patch.setattr(incoming, "_plan_run", plan_run)
    patch.setattr(incoming, "_known_hashes", known_hashes)
