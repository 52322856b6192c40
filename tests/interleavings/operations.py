"""What a person does with a journal on one machine, drawn at random. Each text is unique, to be searched for."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any, Final, Protocol

from valuelog.journal import days, findings
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.recurrence import parse_recurrence
from valuelog.model.schedule import DayOff

MONDAY: Final = date(2026, 11, 16)
SLUGS: Final = ("refunds", "alerts", "onboarding")
ORIGINS: Final = ("git:one", "git:two", "calendar:three")
FINDINGS: Final = ("no-evidence", "little-help")
EFFECTS: Final = ("faster", "clearer", "safer")
NAMES: Final = ("sam", "maya", "kim", "ops")


class Person(Protocol):
    """What an operation works with: the journal of a machine, and its evening, a batch that stays open."""

    @property
    def journal(self) -> Journal:
        """The open journal."""

    evening: str
    device: str

    @property
    def former_ids(self) -> Mapping[str, int | None]:
        """The ids that the device had before, each with its last counter that is this machine's own."""

    def text(self) -> str:
        """Return a text that no one else wrote."""

    def day(self, random: Random) -> str:
        """Return a day."""


Operation = Callable[[Person, Random], object]

Fields = dict[str, Any]


LATEST: Final = 3
"""In half of the cases, one of so many records that were changed last is picked, so that machines meet at the same."""


def pick(person: Person, random: Random, entity: str) -> str | None:
    """Return the id of a row of a table, deleted or not, often one that was changed lately; None if it has none."""
    key = "day" if entity == "day_off" else "id"
    return _pick_one(person, random, f"SELECT {key} FROM {entity} r ORDER BY {_LAST_CHANGE.format(f'r.{key}')}", ())


def pick_known(person: Person, random: Random, entity: str) -> str | None:
    """Return the id of a record in the log, even of one without a row, often one that was changed lately."""
    sql = f"SELECT DISTINCT entity_id FROM change r WHERE entity = ? ORDER BY {_LAST_CHANGE.format('r.entity_id')}"
    return _pick_one(person, random, sql, (entity,))


_LAST_CHANGE: Final = "(SELECT max(seq) FROM change WHERE entity_id = {}) DESC"


def _pick_one(person: Person, random: Random, sql: str, values: tuple[str, ...]) -> str | None:
    ids = [str(name) for (name,) in person.journal.rows(sql, values)]
    return random.choice(ids[:LATEST] if random.random() < 0.5 else ids) if ids else None


def maybe(random: Random, value: object, chance: float = 0.4) -> Any:  # noqa: ANN401  the value
    """Return a value, or None."""
    return value if random.random() < chance else None


def without_none(fields: Mapping[str, Any]) -> Fields:
    """Return the fields that are set."""
    return {name: value for name, value in fields.items() if value is not None}


def created(person: Person) -> Fields:
    """Return the timestamp fields of a new record."""
    return dict(person.journal.timestamp_fields())


def write(person: Person, random: Random, act: str, *changes: Change) -> None:
    """Write changes in a batch of their own, or in the evening."""
    batch = person.evening if random.random() < 0.3 else None
    person.journal.write("today" if batch else act, changes, batch=batch)


# Fields


def entry_fields(person: Person, random: Random) -> Fields:
    """Return what an entry may have besides its text."""
    return {
        "day": person.day(random),
        "kind": random.choice(["activity", "improvement", "outcome", "helped", "insight", "learned"]),
        "minutes": maybe(random, random.randrange(1, 90)),
        "people": maybe(random, sorted(random.sample(NAMES, random.randrange(3)))),
        "tags": maybe(random, sorted(random.sample(NAMES, random.randrange(3)))),
        "effects": maybe(random, random.sample(EFFECTS, random.randrange(3))),
        "evidence": maybe(random, person.text()),
        "impact": maybe(random, "large"),
        "held": maybe(random, random.choice(["yes", "no"]), 0.1),
        "project": maybe(random, pick(person, random, "project"), 0.5),
    }


def pain_fields(person: Person, random: Random) -> Fields:
    """Return what a pain point may have besides its text."""
    return {
        "state": maybe(random, random.choice(["open", "planned", "fixed", "dropped"])),
        "shared": maybe(random, person.text()),
        "step": maybe(random, person.text()),
        "fix": maybe(random, pick(person, random, "entry"), 0.3),
    }


def promise_fields(person: Person, random: Random) -> Fields:
    """Return what a promise may have besides its text."""
    return {
        "state": maybe(random, random.choice(["open", "kept", "broken"])),
        "carried": maybe(random, random.randrange(4)),
        "due": person.day(random),
        "pain": maybe(random, pick(person, random, "pain"), 0.5),
    }


def project_fields(person: Person, random: Random) -> Fields:
    """Return what a project may have besides its name."""
    return {
        "state": maybe(random, random.choice(["open", "closed"])),
        "aim": maybe(random, person.text()),
        "result": maybe(random, person.text()),
    }


EDITS: Mapping[str, tuple[str, Callable[[Person, Random], Fields]]] = {
    "entry": ("text", entry_fields),
    "pain": ("text", pain_fields),
    "promise": ("text", promise_fields),
    "project": ("name", project_fields),
}
"""The types that are edited: the field with their text, and what else they may have."""


# Creating


def new_entry(person: Person, random: Random, **fields: Any) -> Change:  # noqa: ANN401  fields of an entry
    """Return the change that creates an entry."""
    values = {**entry_fields(person, random), "text": person.text(), **created(person), **fields}
    return Change("entry", new_id(), without_none(values))


def add_entries(person: Person, random: Random) -> None:
    """Add some entries in one batch."""
    write(person, random, "add", *(new_entry(person, random) for _ in range(random.choice([1, 1, 1, 3]))))


def new_project(person: Person, random: Random) -> Change:
    """Return the change that creates a project, perhaps one whose name another machine has used."""
    values = {**project_fields(person, random), "slug": random.choice(SLUGS), "name": person.text(), **created(person)}
    return Change("project", new_id(), without_none({**values, "state": None, "started_on": MONDAY.isoformat()}))


def start_project(person: Person, random: Random) -> None:
    """Start a project, perhaps with its first entry."""
    project = new_project(person, random)
    entries = [new_entry(person, random, project=project.id)] if random.random() < 0.5 else []
    write(person, random, "start", project, *entries)


def add_pain(person: Person, random: Random) -> None:
    """Add a pain point that was seen on some days."""
    pain = Change(
        "pain", new_id(), without_none({**pain_fields(person, random), "text": person.text(), **created(person)})
    )
    write(person, random, "add", pain, *(new_sighting(person, random, pain.id) for _ in range(random.randrange(3))))


def new_sighting(person: Person, random: Random, pain: str) -> Change:
    """Return the change that creates a sighting."""
    return Change(
        "sighting",
        new_id(),
        {"pain": pain, "day": person.day(random), "text": person.text(), **created(person)},
    )


def see_pain_again(person: Person, random: Random) -> None:
    """Add a sighting."""
    if pain := pick(person, random, "pain"):
        write(person, random, "add", new_sighting(person, random, pain))


def measure(person: Person, random: Random) -> None:
    """Read the measure of a project."""
    if project := pick(person, random, "project"):
        fields = {"project": project, "day": person.day(random), "value": person.text(), **created(person)}
        write(person, random, "measure", Change("measurement", new_id(), fields))


def new_promise(person: Person, random: Random) -> Change:
    """Return the change that creates a promise."""
    required = {"kind": "step", "text": person.text(), "made_on": MONDAY.isoformat(), **created(person)}
    return Change("promise", new_id(), without_none({**promise_fields(person, random), **required}))


def reflect(person: Person, random: Random) -> None:
    """Answer a question about a week, perhaps with a promise."""
    promise = new_promise(person, random)
    is_promise = random.random() < 0.5
    answer = {"promise": promise.id, "answer": ""} if is_promise else {"answer": person.text()}
    fields = {"period": "2026-W47", "question": "level-up", **answer, **created(person)}
    write(person, random, "reflect", *[promise] * is_promise, Change("reflection", new_id(), fields))


def make_promise(person: Person, random: Random) -> None:
    """Promise something."""
    write(person, random, "make", new_promise(person, random))


def accept_draft(person: Person, random: Random) -> None:
    """Accept or decline a draft that other machines propose too; its entry has the same id there."""
    origin = random.choice(ORIGINS)
    seen = Change("draft_seen", origin, {"day": person.day(random), "accepted": random.randrange(2), **created(person)})
    entry = new_entry(person, random, origin=origin)._replace(id=f"from-{origin.partition(':')[2]}")
    write(person, random, "gather", entry, seen)


# Days and findings


def day_off(person: Person, random: Random) -> None:
    """Mark days as off, alone or as a series, or end that."""
    day = date.fromisoformat(person.day(random))
    weekly = parse_recurrence("other friday")
    match random.randrange(5):
        case 0 | 1:
            days.add_days_off(person.journal, [day, day + timedelta(days=1)], person.text())
        case 2:
            days.remove_days_off(person.journal, [day])
        case 3:
            days.add_series_off(person.journal, [DayOff(day=day, every=weekly, note=person.text())])
        case _:
            days.end_series_off(person.journal, weekly, day, date.max)


def mute_finding(person: Person, random: Random) -> None:
    """Snooze a finding, or show all again."""
    if random.random() < 0.7:
        findings.mute(person.journal, random.choice(FINDINGS), maybe(random, MONDAY), "snooze")
    else:
        findings.unmute(person.journal, findings.list_mutes(person.journal, MONDAY), "turn-on")


def mark_asked(person: Person, random: Random) -> None:
    """Mark a question as asked."""
    person.journal.write("today", [days.asked_change(person.journal, MONDAY, random.choice(FINDINGS))])


# Changing what is there


def edit(person: Person, random: Random) -> None:
    """Set some fields of a record."""
    entity = random.choice([*EDITS])
    text, fields = EDITS[entity]
    if entity_id := pick(person, random, entity):
        values = {**fields(person, random), text: maybe(random, person.text())}
        few = dict(random.sample(sorted(values.items()), random.randrange(1, 4)))
        is_list = {"people", "tags", "effects"}
        cleared: Fields = {
            name: ([] if name in is_list else None)
            for name, value in few.items()
            if value is None and name in {*is_list, "minutes", "evidence", "project", "fix", "pain", "aim", "step"}
        }
        write(person, random, "edit", Change(entity, entity_id, {**without_none(few), **cleared}))


def write_evidence_twice(person: Person, random: Random) -> None:
    """Set one field of a record several times in one batch: the last one counts."""
    if entity_id := pick(person, random, "entry"):
        texts = [person.text() for _ in range(3)]
        write(person, random, "edit", *(Change("entry", entity_id, {"evidence": text}) for text in texts))


def delete(person: Person, random: Random) -> None:
    """Delete a record, or bring a deleted one back."""
    entity = random.choice(["entry", "pain", "project", "promise", "sighting", "reflection", "measurement"])
    if entity_id := pick(person, random, entity):
        deleted = created(person)["created"] if random.random() < 0.7 else None
        write(person, random, "delete", Change(entity, entity_id, {"deleted": deleted}))


def move_sighting(person: Person, random: Random) -> None:
    """Move a sighting to another pain point."""
    sighting, pain = pick(person, random, "sighting"), pick(person, random, "pain")
    if sighting and pain:
        fields = without_none({"pain": pain, "text": maybe(random, person.text())})
        write(person, random, "merge", Change("sighting", sighting, fields))


def fix_pain(person: Person, random: Random) -> None:
    """Fix a pain point by a new entry."""
    if pain := pick(person, random, "pain"):
        entry = new_entry(person, random)
        write(person, random, "fix", entry, Change("pain", pain, {"state": "fixed", "fix": entry.id}))


def import_many(person: Person, random: Random) -> None:
    """Write a batch that is larger than what is undone change by change."""
    project = new_project(person, random)
    many = [new_entry(person, random, project=maybe(random, project.id)) for _ in range(random.randrange(12, 30))]
    person.journal.write("import", [project, *many])


def start_evening(person: Person, _: Random) -> None:
    """Start another evening."""
    person.evening = new_id()


# Undo, redo, purge


class NotOneToggle(AssertionError):
    """An undo or redo wrote something else than one change about a batch of this machine."""


@contextmanager
def require_toggle(person: Person) -> Iterator[None]:
    """Require that the block appends one change, which undoes or redoes a batch of this machine."""
    ((last,),) = person.journal.rows("SELECT max(seq) FROM change")
    yield
    appended = person.journal.rows("SELECT entity, fields, undoes FROM change WHERE seq > ?", (last,))
    if len(appended) != 1 or appended[0][:2] != ("batch", "{}"):
        raise NotOneToggle(appended)
    if knows_others(person) and not is_own(person, appended[0][2]):
        raise NotOneToggle(f"another machine's batch {appended[0][2]}")


def knows_others(person: Person) -> bool:
    """Return whether another machine has told its name."""
    names = {name for (name,) in person.journal.rows("SELECT entity_id FROM change WHERE entity = 'device'")}
    return bool(names - {person.device, *person.former_ids})


def is_own(person: Person, batch: str) -> bool:
    """Return whether this machine wrote something in a batch, or a device did whose name hasn't arrived yet."""
    sql = (
        "SELECT d.name, c.counter, d.name IN (SELECT entity_id FROM change WHERE entity = 'device')"
        " FROM change c JOIN device d ON d.id = c.device WHERE c.batch = ?"
    )
    last_counters = {**person.former_ids, person.device: None}
    return any(
        not is_named or (device in last_counters and ((last := last_counters[device]) is None or counter <= last))
        for device, counter, is_named in person.journal.rows(sql, (batch,))
    )


def undo(person: Person, random: Random) -> None:
    """Undo a few batches."""
    for _ in range(random.choice([1, 1, 1, 3])):
        with require_toggle(person):
            person.journal.undo()


def undo_record(person: Person, random: Random) -> None:
    """Undo the last batch of a record."""
    if entity_id := pick_known(person, random, random.choice([*EDITS])):
        with require_toggle(person):
            person.journal.undo(entity_id)


def redo(person: Person, random: Random) -> None:
    """Redo a few batches."""
    for _ in range(random.choice([1, 1, 2])):
        with require_toggle(person):
            person.journal.redo()


def undo_and_redo(person: Person, _: Random) -> None:
    """Undo a batch, redo it and undo it again."""
    for toggle in (person.journal.undo, person.journal.redo, person.journal.undo):
        with require_toggle(person):
            toggle()


def purge(person: Person, random: Random) -> None:
    """Purge a record, even one that is undone."""
    entity = random.choice(
        ["entry", "entry", "pain", "pain", "project", "promise", "sighting", "sighting", "day_off", "reflection"]
    )
    if entity_id := pick_known(person, random, entity):
        person.journal.purge(entity, entity_id)


OPERATIONS: Mapping[Operation, int] = {
    add_entries: 12,
    start_project: 4,
    add_pain: 6,
    see_pain_again: 6,
    measure: 3,
    reflect: 3,
    make_promise: 4,
    accept_draft: 3,
    day_off: 5,
    mute_finding: 2,
    mark_asked: 2,
    edit: 14,
    write_evidence_twice: 2,
    delete: 4,
    move_sighting: 4,
    fix_pain: 3,
    import_many: 1,
    start_evening: 1,
    undo: 9,
    undo_record: 4,
    redo: 5,
    undo_and_redo: 2,
    purge: 4,
}
"""Each operation, with how often it is drawn."""
