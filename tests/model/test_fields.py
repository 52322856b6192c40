"""The table of fields, compared with everything that is not derived from it."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, get_args

import pytest

from valuelog.exchange import csv, jsonl
from valuelog.journal.projection import TABLES
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind
from valuelog.model.fields import ENTITIES, FieldType, changed_fields, plain_fields, set_fields, to_plain
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.project import Project
from valuelog.model.promise import Promise, Reflection

MODELS = {
    "entry": Entry, "pain": PainPoint, "sighting": Sighting, "project": Project, "promise": Promise,
    "reflection": Reflection,
}  # fmt: skip

COMPUTED = {"pain": {"sightings", "tried", "tried_on"}}
"""Fields of model classes that the journal computes."""

CREATED = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
ENTRY = Entry(
    id="a000000000", day=date(2026, 11, 20), kind=Kind.IMPROVEMENT, text="one approver less", created=CREATED,
    people=("sam",), effects=(Effect.FASTER,), project="refund-flow", deleted=CREATED,
)  # fmt: skip


def annotation_of(entity: str, name: str) -> Any:  # noqa: ANN401  a type expression
    return next(field.type for field in fields(MODELS[entity]) if field.name == name)


@pytest.mark.parametrize("entity", MODELS)
def test_model_class_has_the_fields_of_the_table(entity: str) -> None:
    in_model = {field.name for field in fields(MODELS[entity])} - {"id"} - COMPUTED.get(entity, set())
    in_table = {*ENTITIES[entity].fields} - {"utc_offset"}
    if entity in {"sighting", "reflection"}:
        in_table -= {"deleted", "pain"}
    assert in_model == in_table


@pytest.mark.parametrize(
    ("entity", "name"),
    [
        (entity.name, field.name)
        for entity in ENTITIES.values()
        for field in entity.fields.values()
        if field.type is FieldType.CHOICE
    ],
)
def test_choices_are_the_members_of_the_models_enum(entity: str, name: str) -> None:
    annotation = annotation_of(entity, name)
    choices = get_args(annotation)[0] if get_args(annotation) else annotation
    assert issubclass(choices, StrEnum)
    assert ENTITIES[entity].fields[name].choices == tuple(map(str, choices))


@pytest.mark.parametrize("entity", ENTITIES)
def test_tables_have_every_field_with_its_initial_value(entity: str) -> None:
    expected = {name: field.initial_value for name, field in ENTITIES[entity].fields.items()}
    assert TABLES[entity].initial_fields == expected
    assert TABLES[entity].key == ENTITIES[entity].key


@pytest.mark.parametrize("entity", ENTITIES)
def test_jsonl_reads_every_field_but_deleted(entity: str) -> None:
    assert {*jsonl.FIELDS[entity]} == {*ENTITIES[entity].fields} - {"deleted"}


def test_csv_has_a_column_for_every_field_marked_so() -> None:
    assert tuple(field.name for field in ENTITIES["entry"].fields.values() if field.in_csv) == csv.COLUMNS[:-1]
    assert csv.COLUMNS[-1] == "id"


def test_references_name_an_entity() -> None:
    for entity in ENTITIES.values():
        for field in entity.fields.values():
            assert (field.references in ENTITIES) == (field.type is FieldType.REFERENCE)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (date(2026, 11, 20), "2026-11-20"),
        (Kind.HELPED, "helped"),
        ((Beneficiary.COMPANY, Beneficiary.CUSTOMERS), ["company", "customers"]),
        (("sam",), ["sam"]),
        ((), []),
        (45, 45),
        ("text", "text"),
        (None, None),
    ],
)
def test_to_plain_converts_values_to_json(value: object, plain: object) -> None:
    assert to_plain(value) == plain
    assert type(to_plain(value)) is type(plain)


def test_plain_fields_leave_timestamps_out() -> None:
    plain = plain_fields("entry", ENTRY, without=["project"])
    assert {*plain} == {*ENTITIES["entry"].fields} - {"created", "utc_offset", "deleted", "project"}


def test_set_fields_leave_initial_values_out() -> None:
    assert set_fields("entry", ENTRY, without=["project"]) == {
        "day": "2026-11-20", "kind": "improvement", "text": "one approver less", "people": ["sam"],
        "effects": ["faster"],
    }  # fmt: skip


def test_changed_fields_are_those_that_differ() -> None:
    edited = replace(ENTRY, minutes=30, people=(), text="two approvers less")
    assert changed_fields("entry", ENTRY, edited) == {"minutes": 30, "people": [], "text": "two approvers less"}
