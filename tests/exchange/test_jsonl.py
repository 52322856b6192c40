"""The jsonl format: round trips, and invalid lines."""

import io
import json
import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.exchange_samples import BERLIN_CONTEXT
from valuelog.exchange import MAX_RECORD_BYTES, Rejected, UnreadableFile, jsonl
from valuelog.exchange.jsonl import FIELDS, EntityRecord
from valuelog.journal import projection
from valuelog.model.entry import MAX_MINUTES, Beneficiary, Effect, Kind, clean_text, normalize_names
from valuelog.model.errors import BadInput
from valuelog.model.fields import ENTITIES
from valuelog.model.pain import PainState
from valuelog.model.project import ProjectState, slugify
from valuelog.model.promise import PromiseKind, PromiseState

HEADER = '{"entity":"valuelog","version":1}\n'
TIMESTAMPS = {"created": "2026-11-20T17:30:00.000Z", "utc_offset": 60}
ENTRY: dict[str, Any] = {
    "entity": "entry",
    "id": "a000000000",
    "day": "2026-11-20",
    "kind": "activity",
    "text": "x",
    **TIMESTAMPS,
}
PAIN: dict[str, Any] = {
    "entity": "pain", "id": "p000000000", "text": "slow", **TIMESTAMPS,
    "sightings": [{"id": "s000000000", "day": "2026-11-20", "text": "slow", **TIMESTAMPS}],
}  # fmt: skip


def read_jsonl(raw: bytes) -> list[EntityRecord | Rejected]:
    """Read all records of a file."""
    return list(jsonl.read(io.BytesIO(raw), BERLIN_CONTEXT))


def make_jsonl(*documents: dict[str, Any]) -> bytes:
    """Write a file of these documents."""
    return (HEADER + "".join(json.dumps(document) + "\n" for document in documents)).encode()


def _is_clean(text: str) -> bool:
    try:
        return clean_text(text) == text
    except BadInput:
        return False


TEXT = st.text(min_size=1).map(str.strip).filter(_is_clean)
DAY = st.dates(date(1900, 1, 1), date(9997, 12, 31)).map(str)
ID = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=10, max_size=10)
NAMES = (
    st.lists(st.text(min_size=1, max_size=20), max_size=3)
    .map(lambda records: list(normalize_names(records)))
    .filter(bool)
)


def _is_slug(text: str) -> bool:
    try:
        return slugify(text) == text
    except BadInput:
        return False


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "closed_on": st.sampled_from(["9998-01-01", "9998-12-31"]), "day": DAY, "started_on": DAY,
    "step_by": DAY, "due": DAY, "made_on": DAY, "held_on": DAY, "raised_on": DAY, "until": DAY,
    "since": DAY, "planned": DAY, "working": st.just(1),
    "every": st.sampled_from(["friday", "other friday", "2 weeks"]),
    "impact": st.sampled_from(["small", "clear", "large"]), "held": st.sampled_from(["yes", "no"]),
    "ask_again": st.just(0),
    "project": ID, "pain": ID, "fix": ID, "promise": ID,
    "people": NAMES, "tags": NAMES,
    "minutes": st.integers(1, MAX_MINUTES), "carried": st.integers(1, 9), "accepted": st.integers(0, 1),
    "effects": st.lists(st.sampled_from([str(item) for item in Effect]), min_size=1, unique=True),
    "beneficiaries": st.lists(st.sampled_from([str(item) for item in Beneficiary]), min_size=1, unique=True),
    "slug": st.text("abc-", min_size=1).filter(_is_slug),
    "created": st.dates(min_value=date(1970, 1, 1), max_value=date(2100, 1, 1)).map(lambda day: f"{day}T17:30:00.123Z"),
    "utc_offset": st.integers(-720, 840),
}  # fmt: skip
STATES = {"project": ProjectState, "pain": PainState, "promise": PromiseState}
KINDS = {"entry": Kind, "promise": PromiseKind}


def field_values(entity: str, name: str) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a field."""
    if name == "state":
        return st.sampled_from([str(item) for item in STATES[entity]])
    if name == "kind":
        return st.sampled_from([str(item) for item in KINDS[entity]])
    return VALUES.get(name, TEXT) if name != "answer" else TEXT | st.just("")


def entity_records(entity: str) -> st.SearchStrategy[EntityRecord]:
    """Return a strategy for entities with their required and perhaps some optional fields."""
    required = {name: field_values(entity, name) for name in ENTITIES[entity].required_fields}
    optional = {name: field_values(entity, name) for name in FIELDS[entity] if name not in required}
    ids = {"day_off": DAY, "asked": TEXT.filter(lambda text: len(text) < 300 and "\n" not in text)}
    ids["draft_seen"] = ids["finding"] = ids["asked"]
    return st.builds(
        lambda name, fields: EntityRecord(entity, name, fields),
        ids.get(entity, ID),
        st.fixed_dictionaries(required, optional=optional),
    )


@pytest.mark.parametrize("entity", [entity for entity in FIELDS if entity not in {"sighting", "pain"}])
@given(data=st.data())
@settings(max_examples=150)
def test_jsonl_round_trip(entity: str, data: st.DataObject) -> None:
    record = data.draw(entity_records(entity))
    (records,) = read_jsonl("".join(jsonl.write([record])).encode())
    assert isinstance(records, EntityRecord)
    assert records._replace(location="") == record
    assert records.location == "line 2"


@given(
    pain=entity_records("pain"),
    sightings=st.lists(entity_records("sighting"), min_size=1, max_size=3),
    promise=entity_records("promise"),
)
@settings(max_examples=150)
def test_jsonl_sightings_are_part_of_their_pain_point(
    pain: EntityRecord, sightings: list[EntityRecord], promise: EntityRecord
) -> None:
    sightings = [item._replace(fields={**item.fields, "pain": pain.id}) for item in sightings]
    raw = "".join(jsonl.write([pain, *sightings, promise]))
    assert raw.count("\n") == 3
    records = [item._replace(location="") for item in read_jsonl(raw.encode()) if isinstance(item, EntityRecord)]
    assert records == [pain, *sightings, promise]


def test_jsonl_pain_point_without_sightings_is_read() -> None:
    """They may have been undone, and an export must be importable."""
    (records,) = read_jsonl(make_jsonl({**PAIN, "sightings": []}))
    assert isinstance(records, EntityRecord)
    assert records.id == PAIN["id"]


def test_jsonl_reads_every_stored_field() -> None:
    """Tables and jsonl derive from the same list of fields."""
    kept = {entity: {*table.initial_fields} - {"deleted"} for entity, table in projection.TABLES.items()}
    assert {entity: {*fields} for entity, fields in FIELDS.items()} == kept


def test_jsonl_header_is_optional_and_may_repeat() -> None:
    item = json.dumps(ENTRY).encode() + b"\n"
    assert [record.id for record in read_jsonl(item) if isinstance(record, EntityRecord)] == ["a000000000"]
    twice = read_jsonl(b"\xef\xbb\xbf" + item + HEADER.encode() + b"\n\n" + item)
    assert [record.id for record in twice if isinstance(record, EntityRecord)] == [
        "a000000000", "a000000000",
    ]  # fmt: skip


@pytest.mark.parametrize("raw", [b"", b"\n\n  \n"])
def test_jsonl_empty_file_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableFile, match="The file is empty"):
        read_jsonl(raw)


def test_jsonl_later_version_is_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="The file has version 2; this valuelog reads 1"):
        read_jsonl(b'{"entity":"valuelog","version":2}\n')


BAD = [
    (b"no json", "Invalid JSON at character 1: Expecting value."),
    (b"[1]", "It is not a JSON object."),
    (b"{}", "“entity” is missing."),
    (b'{"entity":"entri"}', "“entri” is not a type of entity."),
    (b'{"entity":"sighting"}', "“sighting” is not a type of entity."),
    (b'{"entity":7}', "Its “entity” must be text."),
    (json.dumps({**ENTRY, "id": "a"}).encode(), "“a” is not a valid id."),
    (json.dumps({**ENTRY, "id": "a00000000l"}).encode(), "“a00000000l” is not a valid id."),
    (json.dumps({**ENTRY, "text": " "}).encode(), "Its “text”: The text is empty."),
    (json.dumps({**ENTRY, "text": "\x1b[31m"}).encode(), "Its “text”: "),
    (json.dumps({**ENTRY, "text": "\ud800"}).encode(), "Its “text”: "),
    (json.dumps({**ENTRY, "day": "2026-02-30"}).encode(), "Its “day”: “2026-02-30” is not a valid date."),
    (json.dumps({**ENTRY, "day": 7}).encode(), "Its “day” must be text."),
    (json.dumps({**ENTRY, "kind": "helpd"}).encode(), "Its “kind”: There is no kind “helpd”."),
    (json.dumps({**ENTRY, "minutes": 0}).encode(), "Its “minutes” must be a whole number from 1 to 1,440."),
    (json.dumps({**ENTRY, "minutes": True}).encode(), "Its “minutes” must be a whole number from 1 to 1,440."),
    (json.dumps({**ENTRY, "minutes": 1.5}).encode(), "Its “minutes” must be a whole number from 1 to 1,440."),
    (json.dumps({**ENTRY, "people": "sam"}).encode(), "Its “people” must be a list of words."),
    (json.dumps({**ENTRY, "project": "refunds"}).encode(), "Its “project”: “refunds” is not a valid id."),
    (json.dumps({**ENTRY, "mood": "x"}).encode(), "“mood” is not a field of entry."),
    (json.dumps({**ENTRY, "created": "2026-11-20"}).encode(), "Its “created”: “2026-11-20” is not a UTC time like"),
    (json.dumps({**ENTRY, "created": "2026-13-20T17:30:00.000Z"}).encode(), "Its “created”: "),
    (json.dumps({**ENTRY, "utc_offset": 9999}).encode(), "Its “utc_offset” must be a whole number"),
    (json.dumps({key: ENTRY[key] for key in ENTRY if key != "created"}).encode(), "“created” is missing."),
    (json.dumps({**PAIN, "state": "fixed", "closed_on": "2026-01-07"}).encode(), "It ends on 2026-01-07, before"),
    (json.dumps({**PAIN, "sightings": 7}).encode(), "Its “sightings” must be a list of objects."),
    (json.dumps({**PAIN, "sightings": [{}]}).encode(), "“day” is missing."),
    (b'{"entity":"entry","entity":"pain"}', "It has “entity” twice."),
    (b'{"entity":"entry","minutes":NaN}', "NaN is not a number."),
    (b'{"entity":"entry","text":"\xff"}', "Not valid UTF-8"),
    (b'{"entity":"entry","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "The JSON is nested too deeply"),
]


@pytest.mark.parametrize(("raw", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_jsonl_invalid_line_is_rejected(raw: bytes, reason: str) -> None:
    records = read_jsonl(HEADER.encode() + raw + b"\n" + json.dumps(ENTRY).encode())
    assert isinstance(records[0], Rejected)
    assert records[0].location == "line 2"
    assert records[0].reason.startswith(reason)
    assert len(records) == 2
    assert isinstance(records[1], EntityRecord)


def test_jsonl_endless_line_is_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="Line 2 has more than"):
        read_jsonl(HEADER.encode() + b"x" * (2 * MAX_RECORD_BYTES))


def test_jsonl_fuzz() -> None:
    rng = random.Random(11)  # noqa: S311  the same each time
    seed = make_jsonl(ENTRY, PAIN, {**ENTRY, "people": ["sam"], "minutes": 5, "effects": ["faster"]})
    for _ in range(5_000):
        raw = bytearray(seed)
        for _ in range(rng.randint(1, 8)):
            at = rng.randrange(len(raw))
            token = rng.choice(
                [b"", b"\x00", b"\xff", b'"', b"{", b"}", b"\\u0000", b"null", b"1e999", b"\n", b"\xed\xa0\x80"]
            )
            raw[at : at + rng.randint(0, 5)] = token
        try:
            read_jsonl(bytes(raw))
        except UnreadableFile:
            continue
