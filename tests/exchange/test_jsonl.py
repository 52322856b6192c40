"""Our own format: what is written is read again as it was, and what nobody can mean is named with its line."""

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

HEAD = '{"entity":"valuelog","version":1}\n'
BORN = {"created": "2026-11-20T17:30:00.000Z", "utc_offset": 60}
ENTRY: dict[str, Any] = {
    "entity": "entry",
    "id": "a000000000",
    "day": "2026-11-20",
    "kind": "activity",
    "text": "x",
    **BORN,
}
PAIN: dict[str, Any] = {
    "entity": "pain", "id": "p000000000", "text": "slow", **BORN,
    "sightings": [{"id": "s000000000", "day": "2026-11-20", "text": "slow", **BORN}],
}  # fmt: skip


def all_of(raw: bytes) -> list[EntityRecord | Rejected]:
    """Read everything that a file says."""
    return list(jsonl.read(io.BytesIO(raw), BERLIN_CONTEXT))


def lines(*documents: dict[str, Any]) -> bytes:
    """Write a file of some documents."""
    return (HEAD + "".join(json.dumps(document) + "\n" for document in documents)).encode()


def _kept(text: str) -> bool:
    try:
        return clean_text(text) == text
    except BadInput:
        return False


TEXT = st.text(min_size=1).map(str.strip).filter(_kept)
DAY = st.dates(date(1900, 1, 1), date(9997, 12, 31)).map(str)
ID = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=10, max_size=10)
NAMES = (
    st.lists(st.text(min_size=1, max_size=20), max_size=3).map(lambda found: list(normalize_names(found))).filter(bool)
)


def _slugs(text: str) -> bool:
    try:
        return slugify(text) == text
    except BadInput:
        return False


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "closed_on": st.sampled_from(["9998-01-01", "9998-12-31"]), "day": DAY, "started_on": DAY,
    "step_by": DAY, "due": DAY, "made_on": DAY,
    "project": ID, "pain": ID, "fix": ID, "promise": ID,
    "people": NAMES, "tags": NAMES,
    "minutes": st.integers(1, MAX_MINUTES), "carried": st.integers(1, 9), "accepted": st.integers(0, 1),
    "effects": st.lists(st.sampled_from([str(one) for one in Effect]), min_size=1, unique=True),
    "beneficiaries": st.lists(st.sampled_from([str(one) for one in Beneficiary]), min_size=1, unique=True),
    "slug": st.text("abc-", min_size=1).filter(_slugs),
    "created": st.dates(min_value=date(1970, 1, 1), max_value=date(2100, 1, 1)).map(lambda day: f"{day}T17:30:00.123Z"),
    "utc_offset": st.integers(-720, 840),
}  # fmt: skip
STATES = {"project": ProjectState, "pain": PainState, "promise": PromiseState}
KINDS = {"entry": Kind, "promise": PromiseKind}


def field(entity: str, name: str) -> st.SearchStrategy[Any]:
    """Return what a field may be."""
    if name == "state":
        return st.sampled_from([str(one) for one in STATES[entity]])
    if name == "kind":
        return st.sampled_from([str(one) for one in KINDS[entity]])
    return VALUES.get(name, TEXT) if name != "answer" else TEXT | st.just("")


def things(entity: str) -> st.SearchStrategy[EntityRecord]:
    """Return things of a kind: with what they need, and maybe the rest."""
    needed = {name: field(entity, name) for name in ENTITIES[entity].required_fields}
    rest = {name: field(entity, name) for name in FIELDS[entity] if name not in needed}
    ids = {"day_off": DAY, "asked": TEXT.filter(lambda text: len(text) < 300 and "\n" not in text)}
    ids["draft_seen"] = ids["asked"]
    return st.builds(
        lambda name, fields: EntityRecord(entity, name, fields),
        ids.get(entity, ID),
        st.fixed_dictionaries(needed, optional=rest),
    )


@pytest.mark.parametrize("entity", [entity for entity in FIELDS if entity not in {"sighting", "pain"}])
@given(data=st.data())
@settings(max_examples=150)
def test_a_thing_is_read_as_it_was_written(entity: str, data: st.DataObject) -> None:
    thing = data.draw(things(entity))
    (found,) = all_of("".join(jsonl.write([thing])).encode())
    assert isinstance(found, EntityRecord)
    assert found._replace(location="") == thing
    assert found.location == "line 2"


@given(pain=things("pain"), seen=st.lists(things("sighting"), min_size=1, max_size=3), after=things("promise"))
@settings(max_examples=150)
def test_sightings_stand_with_their_pain_point(
    pain: EntityRecord, seen: list[EntityRecord], after: EntityRecord
) -> None:
    seen = [one._replace(fields={**one.fields, "pain": pain.id}) for one in seen]
    raw = "".join(jsonl.write([pain, *seen, after]))
    assert raw.count("\n") == 3
    found = [one._replace(location="") for one in all_of(raw.encode()) if isinstance(one, EntityRecord)]
    assert found == [pain, *seen, after]


def test_a_pain_point_may_come_without_its_sightings() -> None:
    """Another terminal may have taken them back: what was written must be read again."""
    (found,) = all_of(lines({**PAIN, "sightings": []}))
    assert isinstance(found, EntityRecord)
    assert found.id == PAIN["id"]


def test_a_field_of_each_kind_of_thing_is_read_if_the_journal_keeps_it() -> None:
    """Both say what a thing has, each on its own floor: a new column has to be known in both places."""
    kept = {entity: {*table.initial_fields} - {"deleted"} for entity, table in projection.TABLES.items()}
    assert {entity: {*fields} for entity, fields in FIELDS.items()} == kept


def test_the_heading_may_be_missing_or_come_again() -> None:
    one = json.dumps(ENTRY).encode() + b"\n"
    assert [thing.id for thing in all_of(one) if isinstance(thing, EntityRecord)] == ["a000000000"]
    twice = all_of(b"\xef\xbb\xbf" + one + HEAD.encode() + b"\n\n" + one)
    assert [thing.id for thing in twice if isinstance(thing, EntityRecord)] == [
        "a000000000", "a000000000",
    ]  # fmt: skip


@pytest.mark.parametrize("raw", [b"", b"\n\n  \n"])
def test_nothing_is_no_journal(raw: bytes) -> None:
    with pytest.raises(UnreadableFile, match="The file is empty"):
        all_of(raw)


def test_a_later_version_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="The file has version 2; this valuelog reads 1"):
        all_of(b'{"entity":"valuelog","version":2}\n')


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


@pytest.mark.parametrize(("raw", "why"), BAD, ids=[why for _, why in BAD])
def test_what_cannot_be_meant_is_named_with_its_line(raw: bytes, why: str) -> None:
    found = all_of(HEAD.encode() + raw + b"\n" + json.dumps(ENTRY).encode())
    assert isinstance(found[0], Rejected)
    assert found[0].location == "line 2"
    assert found[0].reason.startswith(why)
    assert len(found) == 2
    assert isinstance(found[1], EntityRecord)


def test_a_line_without_end_is_not_read() -> None:
    with pytest.raises(UnreadableFile, match="Line 2 has more than"):
        all_of(HEAD.encode() + b"x" * (2 * MAX_RECORD_BYTES))


def test_whatever_comes_is_read_or_refused() -> None:
    chance = random.Random(11)  # noqa: S311  the same each time
    seed = lines(ENTRY, PAIN, {**ENTRY, "people": ["sam"], "minutes": 5, "effects": ["faster"]})
    for _ in range(5_000):
        raw = bytearray(seed)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(raw))
            what = chance.choice(
                [b"", b"\x00", b"\xff", b'"', b"{", b"}", b"\\u0000", b"null", b"1e999", b"\n", b"\xed\xa0\x80"]
            )
            raw[at : at + chance.randint(0, 5)] = what
        try:
            all_of(bytes(raw))
        except UnreadableFile:
            continue
