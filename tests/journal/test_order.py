"""Order of records: by day, time of creation and id, whatever the order in which a machine got to know them."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from sqlite3 import connect

import pytest

from support.makers import FRIDAY, NOON, make_entry, open_test_journal
from valuelog.journal import days, dump, entries, pains, projects, promises, references, search
from valuelog.journal.ids import ALPHABET, ID_LENGTH, id_from_origin, is_id
from valuelog.journal.log import Change
from valuelog.journal.seen_drafts import new_entry_id
from valuelog.journal.snapshot import open_snapshot
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import timestamp_fields
from valuelog.model.period import week_of
from valuelog.model.schedule import Schedule
from valuelog.model.search import parse_query
from valuelog.workflows import names

WEEK = week_of(FRIDAY)
LONG_AGO = FRIDAY - timedelta(days=60)
MOMENTS = [timestamp_fields(NOON + timedelta(milliseconds=number)) for number in range(2)]
"""Two times of creation, which all records share."""


def build_changes() -> list[Change]:
    """Return the changes that create records of every type, in the order of their references."""
    random = Random(7)  # noqa: S311  made-up data
    made: list[Change] = []

    def make(entity: str, count: int, *keys: Callable[[int], str], **fields: object) -> list[str]:
        ids = [keys[0](number) if keys else "".join(random.choices(ALPHABET, k=ID_LENGTH)) for number in range(count)]
        for number, name in enumerate(ids):
            values = {field: value(number) if callable(value) else value for field, value in fields.items()}
            made.append(Change(entity=entity, id=name, fields={**values, **random.choice(MOMENTS)}))
        return ids

    day = FRIDAY.isoformat()
    project_ids = make(
        "project", 4, slug="refunds", name="Refunds", state="closed", started_on=day, closed_on=day, problem="mails"
    )
    make("measurement", 4, project=project_ids[0], day=day, value=lambda number: f"{number} mails")
    people = {"people": ["sam"], "tags": lambda number: [f"tag-{number}"]}
    make("entry", 12, day=day, kind="improvement", text=lambda number: f"mails {number:03}", **people)
    make("entry", 3, day=day, kind="activity", text="mails", origin="insight:0000000000")
    pain_ids = make("pain", 6, text=lambda number: f"mails wait on one person {number}")
    for pain in pain_ids:
        make("sighting", 3, pain=pain, day=day, text="mails again")
    make("pain", 6, text="mails", state="fixed", closed_on=day)
    promise = {"kind": "step", "made_on": day, "due": day, "pain": pain_ids[0]}
    make("promise", 4, text=lambda number: f"mails {number}", **promise)
    make("promise", 4, text=lambda number: f"sorted mails {number}", state="kept", closed_on=day, **promise)
    make("reflection", 5, period=WEEK.name, question="level-up", answer=lambda number: f"mails {number}")
    make("day_off", 3, lambda number: (FRIDAY - timedelta(days=20 + number)).isoformat(), note="mails")
    make("asked", 3, lambda number: f"{day}:question-{number}")
    make("draft_seen", 5, lambda number: f"git:{number}", day=day, accepted=0)
    make("finding", 2, lambda number: f"finding-{number}")
    return made


@pytest.fixture(params=range(3))
def machines(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Journal, Journal]:
    """Return two journals that got the same records in different orders."""
    changes, journals = build_changes(), []
    for name in ("laptop", "desktop"):
        (tmp_path / name).mkdir()
        journal = open_test_journal(tmp_path / name, device=name)
        journal.write("import", changes, keeps_created=True)
        journals.append(journal)
        Random(request.param).shuffle(changes)  # noqa: S311  made-up data
    return journals[0], journals[1]


def read_snapshot(journal: Journal) -> list[tuple[object, ...]]:
    """Return the rows of all tables of a snapshot, as another tool would list them."""
    with (
        open_snapshot(journal, Schedule(), str) as name,
        closing(connect(f"file:{name}?mode=memory&cache=shared", uri=True)) as connection,
    ):
        tables = ("project", "entry", "measurement", "pain", "sighting", "promise", "reflection", "day_off")
        return [row for table in tables for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]


def describe_ambiguous(journal: Journal) -> str:
    """Return the message about words that several texts contain."""
    with pytest.raises(references.AmbiguousWords) as caught:
        references.find_by_words(journal, "mails")
    return f"{caught.value.message} {caught.value.hint}"


LISTS: dict[str, Callable[[Journal], object]] = {
    "export": lambda journal: [*dump.iter_creation_changes(journal, None)],
    "export of a week": lambda journal: [*dump.iter_creation_changes(journal, WEEK)],
    "entries": lambda journal: entries.select(journal, entries.Selection()),
    "newest entries": lambda journal: entries.select(journal, entries.Selection(), limit=5),
    "all entries": lambda journal: [*entries.iter_entries(journal, None)],
    "entry of an origin": lambda journal: dump.find_entry_by_origin(journal, "insight:0000000000"),
    "found entries": lambda journal: search.search_entries(journal, parse_query("mails"), entries.Selection(), limit=9),
    "other matches": lambda journal: search.search_others(journal, parse_query("mails")),
    "words": describe_ambiguous,
    "open pains": lambda journal: pains.list_open_pains(journal, limit=4),
    "pressing pains": lambda journal: pains.list_pressing_pains(journal, since=LONG_AGO, limit=4),
    "unplanned pains": lambda journal: pains.list_unplanned_pains(journal, min_days=1, limit=4),
    "closed pains": lambda journal: pains.list_recently_closed_pains(journal, limit=4),
    "pains of a week": lambda journal: pains.list_seen_pains(journal, WEEK),
    "fixed pains": lambda journal: pains.list_fixed_pains(journal, WEEK),
    "similar pains": lambda journal: pains.find_similar_pains(journal, "mails wait on one person"),
    "open promises": lambda journal: promises.list_open_promises(journal, limit=3),
    "kept promises": lambda journal: promises.list_kept_promises(journal, WEEK),
    "latest promises": lambda journal: promises.list_latest_promises(journal, 3),
    "reflections": lambda journal: promises.list_reflections(journal, [WEEK.name]),
    "projects": lambda journal: projects.list_projects(journal, only_open=False),
    "project of a name": lambda journal: projects.find_id_by_any_name(journal, "refunds"),
    "ended projects": lambda journal: projects.list_ended_projects(journal, WEEK),
    "readings": lambda journal: [
        projects.list_measurements(journal, project.id) for project in projects.list_projects(journal, only_open=False)
    ],
    "days off": days.list_days_off,
    "tags": lambda journal: names.list_tags(journal, Schedule(), FRIDAY),
    "people": lambda journal: names.list_people(journal, Schedule(), FRIDAY),
    "snapshot": read_snapshot,
}
"""Everything that lists records."""


def test_machines_with_the_same_records_list_them_alike(machines: tuple[Journal, Journal]) -> None:
    first, second = machines
    assert first.rows("SELECT id FROM entry ORDER BY place") != second.rows("SELECT id FROM entry ORDER BY place")
    differing = [name for name, read in LISTS.items() if read(first) != read(second)]
    assert differing == []


def test_entries_are_ordered_by_day_creation_and_id(journal: Journal) -> None:
    later = NOON + timedelta(milliseconds=1)
    for name, day, created in (
        ("d000000000", FRIDAY, later), ("c000000000", FRIDAY, NOON), ("b000000000", FRIDAY, later),
        ("a000000000", LONG_AGO, later + timedelta(days=1)),
    ):  # fmt: skip
        entry = make_entry(id=name, day=day, created=created)
        journal.write("import", [entries.creation_change(entry)], keeps_created=True)
    expected = ["a000000000", "c000000000", "b000000000", "d000000000"]
    assert [entry.id for entry in entries.select(journal, entries.Selection())] == expected
    assert [entry.id for entry in entries.iter_entries(journal, None)] == expected
    exported = [change.id for change in dump.iter_creation_changes(journal, None)]
    assert exported == ["c000000000", "b000000000", "d000000000", "a000000000"]


# Records that are created at once


def read_milliseconds(journal: Journal) -> list[int]:
    """Return when the entries were created, in milliseconds after NOON, by id."""
    return [
        (entry.created - NOON) // timedelta(milliseconds=1)
        for entry in sorted(entries.select(journal, entries.Selection()), key=lambda entry: entry.id)
    ]


def test_entries_of_one_command_are_a_millisecond_apart(journal: Journal) -> None:
    entries.add(journal, [make_entry() for _ in range(3)])
    entries.add(journal, [make_entry(), make_entry(created=NOON + timedelta(milliseconds=2))], batch="a-batch")
    entries.add(journal, [make_entry(created=NOON + timedelta(seconds=1)), make_entry(created=NOON)])
    assert read_milliseconds(journal) == [0, 1, 2, 3, 4, 1000, 0]


def test_each_type_has_its_own_order_of_creation(journal: Journal) -> None:
    entries.add(journal, [make_entry(project="Refunds")])
    journal.write("pain", [Change(entity="pain", id="0" * 10, fields={"text": "slow", **timestamp_fields(NOON)})])
    assert pains.get(journal, "0" * 10).created == NOON
    assert read_milliseconds(journal) == [0]


def test_import_keeps_the_times_that_it_brings(journal: Journal) -> None:
    changes = [entries.creation_change(make_entry()) for _ in range(3)]
    journal.write("import", changes, keeps_created=True)
    assert read_milliseconds(journal) == [0, 0, 0]


# Ids from origins


@pytest.mark.parametrize(
    ("origin", "entry_id"),
    [
        ("git:commit:2026-11-20:0123456", "dmprya40dt"),
        ("calendar:ä:20261120T090000", "mp6x8g828m"),
        ("", "werc8gmrzg"),
    ],
)
def test_id_from_origin_never_changes(origin: str, entry_id: str) -> None:
    assert id_from_origin(origin) == entry_id
    assert is_id(entry_id)


def test_id_from_origin_is_taken_once(journal: Journal) -> None:
    origin = "git:commit:2026-11-20:0123456"
    first = new_entry_id(journal, origin)
    assert first == id_from_origin(origin)
    entries.add(journal, [make_entry(id=first, origin=origin)])
    assert new_entry_id(journal, origin) != first
    journal.undo()
    assert new_entry_id(journal, origin) != first, "undone"
    journal.redo()
    journal.purge("entry", first)
    assert new_entry_id(journal, origin) != first, "purged"
    assert is_id(new_entry_id(journal, origin))
