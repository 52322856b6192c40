"""Taking in changes of other machines: what happens to each record, and what is refused or waits."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.journal_files import connection_of, entry_texts
from support.makers import FRIDAY, close_after_test, make_entry, make_pain, make_project, make_promise
from valuelog.journal import days, entries, pains, projects, promises
from valuelog.journal.backups import make_backup
from valuelog.journal.errors import AlteredChange, NothingToUndo
from valuelog.journal.incoming import TakenIn, Waiting, WouldHide, take_in
from valuelog.journal.log import Change, RawChange, canonical_json
from valuelog.journal.replication import (
    Head,
    Run,
    chain_hash_of,
    device_names,
    list_heads,
    name_device,
    read_run,
    rename_branch,
)
from valuelog.journal.same_projects import join_same_projects
from valuelog.journal.store import Journal, open_journal
from valuelog.journal.verify import find_damage

Open = Callable[..., Journal]

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


@pytest.fixture
def machine(tmp_path: Path) -> Open:
    """Return a function that opens the journal of a machine; all machines share one clock, which moves on."""
    now = [datetime(2026, 11, 20, 18, tzinfo=UTC)]

    def clock() -> datetime:
        now[0] += timedelta(seconds=1)
        return now[0]

    def open_machine(name: str, *, device: str = "", folder: str = "") -> Journal:
        path = tmp_path / (folder or name)
        path.mkdir(exist_ok=True)
        journal = close_after_test(open_journal(path / "journal.db", device or name, clock, write=True))
        name_device(journal, name)
        return journal

    return open_machine


def missing_runs(source: Journal, target: Journal) -> list[Run]:
    heads = list_heads(target)
    return [
        read_run(source, device, heads.get(device, Head()).counter + 1, head.counter)
        for device, head in list_heads(source).items()
        if head.counter > heads.get(device, Head()).counter
    ]


def send(source: Journal, target: Journal, *, allow_hiding: bool = False) -> TakenIn:
    """Take in on one machine what another one has."""
    taken_in = take_in(target, missing_runs(source, target), allow_hiding=allow_hiding)
    assert find_damage(connection_of(target)) == []
    return taken_in


def exchange(first: Journal, second: Journal) -> None:
    """Exchange all changes, and compare."""
    send(first, second)
    send(second, first)
    assert sorted(entry_texts(first)) == sorted(entry_texts(second))


def set_text(journal: Journal, entry_id: str, text: str) -> None:
    entry = entries.get(journal, entry_id)
    entries.update(journal, entry, replace(entry, text=text))


def test_later_edit_counts_on_both_machines_and_is_named(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    entry = make_entry()
    entries.add(laptop, [entry])
    exchange(laptop, desktop)
    set_text(laptop, entry.id, "on the laptop")
    set_text(desktop, entry.id, "on the desktop")
    assert send(laptop, desktop).edited_on_both == (("entry", entry.id),)
    exchange(laptop, desktop)
    assert entry_texts(laptop) == ["on the desktop"]


def test_edits_one_after_the_other_are_not_named(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    entry = make_entry()
    entries.add(laptop, [entry])
    exchange(laptop, desktop)
    set_text(laptop, entry.id, "on the laptop")
    exchange(laptop, desktop)
    set_text(desktop, entry.id, "on the desktop")
    assert send(desktop, laptop).edited_on_both == ()


def test_undo_leaves_what_other_machines_did(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    entries.add(laptop, [make_entry(text="mine")])
    entries.add(desktop, [make_entry(text="theirs")])
    exchange(laptop, desktop)
    laptop.undo()
    assert entry_texts(laptop) == ["theirs"]
    with pytest.raises(NothingToUndo):
        laptop.undo()
    exchange(laptop, desktop)


def test_project_whose_start_is_undone_stays_while_an_entry_elsewhere_names_it(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    laptop.write("start", [projects.creation_change(make_project())])
    exchange(laptop, desktop)
    entries.add(desktop, [make_entry(text="built on it", project="refund-flow")])
    laptop.undo()
    exchange(laptop, desktop)
    assert [each.slug for each in projects.list_projects(laptop, only_open=True)] == ["refund-flow"]
    desktop.undo()
    exchange(laptop, desktop)
    assert projects.list_projects(laptop, only_open=True) == ()


def test_purge_wins_over_a_later_edit_and_a_later_sighting(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    pain = make_pain(text="the wombat waits")
    laptop.write("add", pains.creation_changes([pain]))
    exchange(laptop, desktop)
    laptop.purge("pain", pain.id)
    desktop.write("edit", [Change("pain", pain.id, {"text": "the wombat waits longer"})])
    desktop.write("add", [pains.sighting_change(pain.id, replace(pain.sightings[0], id="sight00001", text="a wombat"))])
    exchange(laptop, desktop)
    for journal in (laptop, desktop):
        assert journal.rows("SELECT id FROM pain UNION SELECT id FROM sighting") == []
        assert b"wombat" not in journal.path.read_bytes()


def test_note_of_a_day_off_after_its_purge_counts(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    days.add_days_off(laptop, [FRIDAY], "wombat day")
    exchange(laptop, desktop)
    laptop.purge("day_off", FRIDAY.isoformat())
    exchange(laptop, desktop)
    assert desktop.rows("SELECT note FROM day_off") == [(None,)]
    days.add_days_off(desktop, [FRIDAY], "dentist")
    exchange(laptop, desktop)
    assert laptop.rows("SELECT note FROM day_off") == [("dentist",)]


def test_same_project_started_twice_becomes_one(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    for journal in (laptop, desktop):
        entries.add(journal, [make_entry(project="Refunds")])
    taken_in = send(laptop, desktop)
    assert join_same_projects(desktop, taken_in.new_projects) == ("refunds",)
    exchange(laptop, desktop)
    for journal in (laptop, desktop):
        assert len(projects.list_projects(journal, only_open=True)) == 1
        assert len({project for (project,) in journal.rows("SELECT project FROM entry")}) == 1
    desktop.undo()
    assert len(projects.list_projects(desktop, only_open=True)) == 2
    assert join_same_projects(desktop, ()) == ()


def test_same_projects_are_joined_in_the_transaction_that_takes_them_in(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    for journal in (laptop, desktop):
        entries.add(journal, [make_entry(project="Refunds")])
    runs = missing_runs(laptop, desktop)
    assert take_in(desktop, runs, joins_projects=True).joined == ("refunds",)
    assert len(projects.list_projects(desktop, only_open=True)) == 1
    desktop.undo()
    assert take_in(desktop, runs, joins_projects=True).joined == ()
    assert len(projects.list_projects(desktop, only_open=True)) == 2


def test_repeats_and_overlaps_change_nothing(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    entries.add(laptop, [make_entry() for _ in range(5)])
    runs = [read_run(laptop, "laptop", 1, 6), read_run(laptop, "laptop", 3, 4), read_run(laptop, "laptop", 1, 3)]
    assert take_in(desktop, runs).counts == {"laptop": 5}
    before = desktop.path.read_bytes()
    assert take_in(desktop, runs) == TakenIn({})
    assert desktop.path.read_bytes() == before


def test_changes_wait_for_those_before_them(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    entries.add(laptop, [make_entry() for _ in range(3)])
    assert take_in(desktop, [read_run(laptop, "laptop", 3, 4)]).waiting == {"laptop": Waiting.GAP}
    assert entry_texts(desktop) == []


@pytest.mark.parametrize(
    ("fields", "entity"),
    [
        ({"mood": "calm"}, "entry"),
        ({"kind": "dream"}, "entry"),
        ({"text": "\ud800"}, "entry"),
        ({"created": "x"}, "dream"),
    ],
    ids=["field", "choice", "half-character", "entity"],
)
def test_changes_of_a_newer_version_wait(machine: Open, fields: dict[str, str], entity: str) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    run = read_run(laptop, "laptop", 1, 1)
    newer = run.changes[0]._replace(entity=entity, entity_id="x", fields=json.dumps(fields))
    assert take_in(desktop, [_rehash(run, newer)]).waiting == {"laptop": Waiting.NEWER}
    assert "laptop" not in list_heads(desktop)


def _rehash(run: Run, *changes: RawChange) -> Run:
    """Return a run of other changes whose hashes fit, as only another machine could write it."""
    before = run.before
    for counter, change in enumerate(changes, run.first):
        before = chain_hash_of(before, run.device, counter, change)
    return run._replace(changes=changes, hash=before)


def test_altered_changes_are_not_taken_in(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    entries.add(laptop, [make_entry(text="audit mails")])
    run = read_run(laptop, "laptop", 1, 2)
    altered = run.changes[1]._replace(fields=str(run.changes[1].fields).replace("audit", "eat"))
    assert take_in(desktop, [run._replace(changes=(run.changes[0], altered))]).waiting == {"laptop": Waiting.ALTERED}
    assert entry_texts(desktop) == []


def test_copied_home_goes_on_under_a_new_id(machine: Open) -> None:
    laptop = machine("laptop")
    entries.add(laptop, [make_entry(text="before")])
    copy = machine("copy", device="laptop")
    send(laptop, copy)
    entries.add(laptop, [make_entry(text="on the laptop")])
    entries.add(copy, [make_entry(text="on the copy")])
    last = list_heads(laptop)["laptop"].counter
    taken_in = take_in(copy, [read_run(laptop, "laptop", 1, last)])
    assert taken_in.waiting == {"laptop": Waiting.BRANCH}
    rename_branch(copy, "laptop", taken_in.branches["laptop"], "copied")
    assert find_damage(connection_of(copy)) == []
    copy = machine("copy", device="copied")
    exchange(laptop, copy)
    assert sorted(entry_texts(laptop)) == ["before", "on the copy", "on the laptop"]


def test_reference_to_what_has_not_arrived_is_empty_until_it_does(machine: Open) -> None:
    laptop, desktop, server = machine("laptop"), machine("desktop"), machine("server")
    laptop.write("start", [projects.creation_change(make_project())])
    pain = make_pain()
    laptop.write("add", pains.creation_changes([pain])[:1])
    exchange(laptop, desktop)
    entries.add(desktop, [make_entry(project="refund-flow")])
    desktop.write("add", [pains.sighting_change(pain.id, pain.sightings[0])])
    heads = list_heads(desktop)
    take_in(server, [read_run(desktop, "desktop", 1, heads["desktop"].counter)])
    assert find_damage(connection_of(server)) == []
    assert server.rows("SELECT project FROM entry") == [(None,)]
    assert server.rows("SELECT id FROM sighting") == []
    exchange(desktop, server)
    assert server.rows("SELECT project IS NOT NULL FROM entry") == [(1,)]
    assert server.rows("SELECT count(*) FROM sighting") == [(1,)]
    assert server.rows("SELECT count(*) FROM waiting") == [(0,)]


def test_merge_that_would_hide_much_asks_first(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    entries.add(laptop, [make_entry() for _ in range(21)], act="import")
    exchange(laptop, desktop)
    laptop.undo()
    before = desktop.path.read_bytes()
    with pytest.raises(WouldHide, match="21 of 21"):
        send(laptop, desktop)
    assert desktop.path.read_bytes() == before
    send(laptop, desktop, allow_hiding=True)
    assert entry_texts(desktop) == []


def test_purge_of_much_asks_before_copies_are_erased(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    added = [make_entry(text="wombat") for _ in range(21)]
    entries.add(laptop, added)
    exchange(laptop, desktop)
    backup = desktop.make_backup()
    for entry in added:
        laptop.purge("entry", entry.id)
    with pytest.raises(WouldHide, match="21 of 21"):
        send(laptop, desktop)
    assert b"wombat" in backup.path.read_bytes()
    assert len(entry_texts(desktop)) == 21
    send(laptop, desktop, allow_hiding=True)
    assert not any(b"wombat" in path.read_bytes() for path in backup.path.parent.iterdir() if path.is_file())


def test_merge_that_hides_20_asks_nothing(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    entries.add(laptop, [make_entry() for _ in range(20)], act="import")
    exchange(laptop, desktop)
    laptop.undo()
    send(laptop, desktop)
    assert entry_texts(desktop) == []


def test_names_of_machines_are_known_everywhere(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    exchange(laptop, desktop)
    name_device(laptop, "old laptop")
    send(laptop, desktop)
    assert device_names(desktop) == {"laptop": "old laptop", "desktop": "desktop"}


# The rule, where writing could differ from it


def _receive(journal: Journal, device: str, *changes: Change, hour: int = 18) -> TakenIn:
    """Take in changes that a machine wrote at a full hour; at 18:00, that is before all that others have."""
    head = list_heads(journal).get(device, Head())
    raw = [_raw(device, counter, change, hour) for counter, change in enumerate(changes, head.counter + 1)]
    taken_in = take_in(journal, [_rehash(Run(device, head.counter + 1, head.hash, (), b"", {}), *raw)])
    assert find_damage(connection_of(journal)) == []
    return taken_in


def _raw(device: str, counter: int, change: Change, hour: int) -> RawChange:
    wall = int(datetime(2026, 11, 20, hour, tzinfo=UTC).timestamp() * 1000)
    return RawChange(
        f"{device}{counter}", wall, counter, change.entity, change.id, f"batch-{device}", "edit", None, wall,
        canonical_json(change.fields), b"salt", None,
    )  # fmt: skip


def test_record_that_others_wait_for_can_be_created_here(machine: Open) -> None:
    laptop = machine("laptop")
    laptop.write("add", pains.creation_changes([pain := make_pain()]))
    _receive(laptop, "desktop", Change("pain", pain.id, {"fix": "0r1g1n0001"}), hour=19)
    entries.add(laptop, [make_entry(id="0r1g1n0001")])
    assert find_damage(connection_of(laptop)) == []
    assert laptop.rows("SELECT fix FROM pain") == [("0r1g1n0001",)]


def test_words_of_a_day_off_from_before_its_purge_are_erased_on_arrival(machine: Open) -> None:
    laptop = machine("laptop")
    days.add_days_off(laptop, [FRIDAY], "wombat day")
    laptop.purge("day_off", FRIDAY.isoformat())
    _receive(laptop, "desktop", Change("day_off", FRIDAY.isoformat(), {"note": "wombat holiday"}))
    assert laptop.rows("SELECT note FROM day_off") == [(None,)]
    assert b"wombat" not in laptop.path.read_bytes()


def test_promise_that_turns_out_to_be_part_of_a_purged_pain_point_is_gone(machine: Open) -> None:
    laptop = machine("laptop")
    laptop.write("add", pains.creation_changes([pain := make_pain()]))
    promise = make_promise()
    laptop.write("promise", [promises.creation_change(promise)])
    reflection = {"period": "2026-W47", "question": "what", "answer": "yes", "promise": promise.id}
    laptop.write("reflect", [Change("reflection", "reflect001", {**reflection, **laptop.timestamp_fields()})])
    laptop.purge("pain", pain.id)
    _receive(laptop, "desktop", Change("promise", promise.id, {"pain": pain.id}))
    assert laptop.rows("SELECT id FROM promise") == []
    assert laptop.rows("SELECT promise FROM reflection") == [(None,)]


def test_order_of_effects_that_arrive_counts(machine: Open) -> None:
    laptop = machine("laptop")
    entries.add(laptop, [entry := make_entry(effects=("faster", "safer"))])
    _receive(laptop, "desktop", Change("entry", entry.id, {"effects": ["safer", "faster"]}), hour=19)
    assert laptop.rows("SELECT effects FROM entry") == [('["safer", "faster"]',)]


def test_backups_keep_what_a_refused_merge_would_purge(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    listed = [make_entry() for _ in range(21)]
    entries.add(laptop, listed)
    exchange(laptop, desktop)
    for entry in listed:
        laptop.purge("entry", entry.id)
    with pytest.raises(WouldHide):
        take_in(desktop, missing_runs(laptop, desktop), clear_files=lambda _ids, _texts: pytest.fail("erased"))


def test_record_removed_without_a_purge_waits_for_a_newer_version(machine: Open) -> None:
    laptop = machine("laptop")
    entries.add(laptop, [make_entry(project="Refunds")])
    ((project,),) = laptop.rows("SELECT id FROM project")
    run = Run("desktop", 1, b"", (_raw("desktop", 1, Change("project", project, None), 19),), b"", {})
    assert take_in(laptop, [_rehash(run, *run.changes)]).waiting == {"desktop": Waiting.NEWER}


def test_edit_of_what_is_damaged_here_is_refused_by_name(machine: Open) -> None:
    laptop = machine("laptop")
    entries.add(laptop, [entry := make_entry()])
    set_text(laptop, entry.id, "audit letters")
    sql = "UPDATE change SET fields = CAST(fields || x'ff' AS TEXT) WHERE entity_id = ? AND act = 'edit'"
    connection_of(laptop).execute(sql, (entry.id,))
    with pytest.raises(AlteredChange):
        _receive(laptop, "desktop", Change("entry", entry.id, {"text": "audit parcels"}), hour=19)


@pytest.mark.parametrize("altered", ["replace(fields, 'audit', 'avoid')", "CAST(fields || x'ff' AS TEXT)"])
def test_altered_change_is_neither_published_nor_given_to_another_device(machine: Open, altered: str) -> None:
    laptop = machine("laptop")
    entries.add(laptop, [make_entry()])
    connection_of(laptop).execute(f"UPDATE change SET fields = {altered} WHERE entity = 'entry'")
    with pytest.raises(AlteredChange, match="entry"):
        read_run(laptop, "laptop", 1, 2)
    with pytest.raises(AlteredChange, match="entry"):
        rename_branch(laptop, "laptop", 2, "other")


def test_sighting_moved_to_a_purged_pain_point_is_erased_from_backups(machine: Open) -> None:
    laptop, desktop = machine("laptop"), machine("desktop")
    kept, other = make_pain(text="the deploy waits"), make_pain(text="the approver is away")
    laptop.write("add", pains.creation_changes([kept, other]))
    sighting = other.sightings[0].id
    laptop.write("edit", [Change("sighting", sighting, {"text": "the wombat is away"})])
    exchange(laptop, desktop)
    make_backup(laptop.path, now=NOW)
    laptop.purge("pain", kept.id)
    desktop.write("merge", [Change("sighting", sighting, {"pain": kept.id})])
    send(desktop, laptop)
    for path in (laptop.path, *(laptop.path.parent / "backups").glob("*.db")):
        assert b"wombat" not in path.read_bytes(), path.name
