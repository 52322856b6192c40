"""The fields of every entity, listed once.

Tables, row readers, CSV, JSONL, JSON and detail views derive from `ENTITIES`. To add a field, add it here, to the
entity's class in this package, to `journal.schema` (with a migration) and as an option of the commands that set it.

A *plain* value is what JSON can hold: days as `2026-11-20`, enum members as their text, tuples as lists.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from valuelog.model.entry import MAX_MINUTES
from valuelog.model.recurrence import Recurrence


class FieldType(StrEnum):
    """What a field holds. `KEYS` and `NAMES` are lists; keys are words such as more-reliable, of no fixed set."""

    TEXT = "text"
    SLUG = "slug"
    DAY = "day"
    INTEGER = "integer"
    CHOICE = "choice"
    KEYS = "keys"
    NAMES = "names"
    REFERENCE = "reference"
    RECURRENCE = "recurrence"
    TIMESTAMP = "timestamp"


LIST_TYPES = frozenset({FieldType.KEYS, FieldType.NAMES})


class Field(NamedTuple):
    """One field of an entity.

    `default` is its plain value until a change sets it. `choices` are the plain values of a CHOICE, `range` the
    smallest and largest INTEGER, `references` the type of the entity whose id a REFERENCE holds. `label` is its heading
    in detail views, empty where it is not shown there. `in_csv` and `in_json` tell whether it is a column of exported
    tables and a key of `--json` under its own name.
    """

    name: str
    type: FieldType = FieldType.TEXT
    default: Any = None
    is_required: bool = False
    allows_empty: bool = False
    choices: tuple[str, ...] = ()
    range: tuple[int, int] = (0, 0)
    references: str = ""
    label: str = ""
    in_csv: bool = False
    in_json: bool = True

    @property
    def initial_value(self) -> Any:  # noqa: ANN401  a plain value
        """The plain value until a change sets the field."""
        return [] if self.type in LIST_TYPES else self.default


class Entity(NamedTuple):
    """A type of thing that changes are about. `key` is the column that holds its id."""

    name: str
    fields: Mapping[str, Field]
    key: str = "id"

    @property
    def required_fields(self) -> tuple[str, ...]:
        """The fields that an entity cannot be without."""
        return tuple(field.name for field in self.fields.values() if field.is_required)


_TIMESTAMP_FIELDS = (
    Field("created", FieldType.TIMESTAMP, is_required=True),
    Field("utc_offset", FieldType.INTEGER, is_required=True, range=(-1439, 1439), in_json=False),
    Field("deleted", FieldType.TIMESTAMP, in_json=False),
)
"""When it was created and deleted, in UTC, and the local offset in minutes."""

TIMESTAMP_FIELDS = frozenset(field.name for field in _TIMESTAMP_FIELDS)


def _entity(name: str, *fields: Field, key: str = "id") -> Entity:
    return Entity(name, {field.name: field for field in (*fields, *_TIMESTAMP_FIELDS)}, key)


_ENTITIES = (
    _entity(
        "project",
        Field("slug", FieldType.SLUG, is_required=True, label="slug"),
        Field("name", is_required=True),
        Field("problem", label="problem"),
        Field("measure", label="measure"),
        Field("aim", label="aim"),
        Field("state", FieldType.CHOICE, "open", choices=("open", "closed", "dropped")),
        Field("closed_on", FieldType.DAY),
        Field("result", label="result"),
        Field("evidence", label="evidence"),
        Field("lesson", label="lesson"),
        Field("started_on", FieldType.DAY, is_required=True, label="since"),
    ),
    _entity(
        "entry",
        Field("day", FieldType.DAY, is_required=True, in_csv=True),
        Field(
            "kind", FieldType.CHOICE, is_required=True, in_csv=True,
            choices=("activity", "improvement", "outcome", "helped", "insight", "learned"),
        ),
        Field("text", is_required=True, in_csv=True),
        Field("minutes", FieldType.INTEGER, range=(1, MAX_MINUTES), label="took", in_csv=True),
        Field("people", FieldType.NAMES, label="people", in_csv=True),
        Field("tags", FieldType.NAMES, label="tags", in_csv=True),
        Field("project", FieldType.REFERENCE, references="project", label="project", in_csv=True),
        Field("effects", FieldType.KEYS, label="effects", in_csv=True),
        Field("beneficiaries", FieldType.KEYS, label="for", in_csv=True),
        Field("evidence", label="evidence", in_csv=True),
        Field("impact", FieldType.CHOICE, choices=("small", "clear", "large"), label="impact", in_csv=True),
        Field("question", label="question", in_csv=True),
        Field("held", FieldType.CHOICE, choices=("yes", "no"), label="held", in_csv=True),
        Field("held_on", FieldType.DAY, in_csv=True),
        Field("ask_again", FieldType.INTEGER, 1, range=(0, 1), in_json=False),
        Field("raised_on", FieldType.DAY),
        Field("raised_outcome"),
        Field("origin", in_json=False),
    ),
    _entity(
        "pain",
        Field("text", is_required=True),
        Field("state", FieldType.CHOICE, "open", choices=("open", "planned", "fixed", "dropped")),
        Field("shared", label="others"),
        Field("better", label="better"),
        Field("step", label="step"),
        Field("step_by", FieldType.DAY),
        Field("hit", label="who cares"),
        Field("closed_on", FieldType.DAY),
        Field("how"),
        Field("fix", FieldType.REFERENCE, references="entry"),
        Field("raised_on", FieldType.DAY),
        Field("raised_outcome"),
    ),
    _entity(
        "sighting",
        Field("pain", FieldType.REFERENCE, is_required=True, references="pain", in_json=False),
        Field("day", FieldType.DAY, is_required=True),
        Field("text", is_required=True),
    ),
    _entity(
        "promise",
        Field("kind", FieldType.CHOICE, is_required=True, choices=("stop", "start", "step"), label="kind"),
        Field("text", is_required=True),
        Field("made_on", FieldType.DAY, is_required=True, label="made"),
        Field("due", FieldType.DAY, is_required=True, label="due"),
        Field("state", FieldType.CHOICE, "open", choices=("open", "kept", "broken", "dropped")),
        Field("carried", FieldType.INTEGER, 0, range=(0, 10_000), label="carried"),
        Field("pain", FieldType.REFERENCE, references="pain"),
        Field("closed_on", FieldType.DAY, label="settled"),
        Field("every", FieldType.RECURRENCE, label="every"),
        Field("since", FieldType.DAY),
        Field("planned", FieldType.DAY),
    ),
    _entity(
        "reflection",
        Field("period", is_required=True),
        Field("question", is_required=True),
        Field("answer", is_required=True, allows_empty=True),
        Field("promise", FieldType.REFERENCE, references="promise"),
    ),
    _entity(
        "measurement",
        Field("project", FieldType.REFERENCE, is_required=True, references="project", in_json=False),
        Field("day", FieldType.DAY, is_required=True),
        Field("value", is_required=True),
    ),
    _entity("finding", Field("until", FieldType.DAY), key="id"),
    _entity(
        "day_off",
        Field("note"),
        Field("every", FieldType.RECURRENCE),
        Field("until", FieldType.DAY),
        Field("working", FieldType.INTEGER, 0, range=(0, 1)),
        key="day",
    ),
    _entity("asked"),
    _entity(
        "draft_seen",
        Field("day", FieldType.DAY, is_required=True),
        Field("accepted", FieldType.INTEGER, is_required=True, range=(0, 1)),
    ),
)  # fmt: skip

ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in _ENTITIES}
"""Every type of entity that a change can be about."""


def to_plain(value: object) -> Any:  # noqa: ANN401  what JSON can hold
    """Convert a field of a model class to its plain value."""
    match value:
        case StrEnum():
            return str(value)
        case date():
            return value.isoformat()
        case Recurrence():
            return str(value)
        case tuple():
            return [to_plain(item) for item in value]
        case _:
            return value


def plain_fields(entity: str, value: object, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the fields of a model instance as plain values, apart from its timestamps and those named."""
    omitted = {*without} | TIMESTAMP_FIELDS
    return {name: to_plain(getattr(value, name)) for name in ENTITIES[entity].fields if name not in omitted}


def set_fields(entity: str, value: object, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return those `plain_fields` that differ from their initial value: what has to be stored of a new entity."""
    known = ENTITIES[entity].fields
    plain = plain_fields(entity, value, without=without)
    return {name: plain_value for name, plain_value in plain.items() if plain_value != known[name].initial_value}


def changed_fields(entity: str, old: object, new: object, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return those `plain_fields` of a new state of an entity that differ from the old one."""
    before = plain_fields(entity, old, without=without)
    after = plain_fields(entity, new, without=without)
    return {name: value for name, value in after.items() if value != before[name]}


def labeled_texts(entity: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield the label and text of each TEXT field with a label that is set."""
    for field in ENTITIES[entity].fields.values():
        if field.type is FieldType.TEXT and field.label and (text := getattr(value, field.name)):
            yield field.label, text
