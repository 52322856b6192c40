"""Cutting a JSON file into its records: wherever a chunk ends, and whatever stands between them."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.exchange_samples import JRNL, TIMEWARRIOR, read_all, read_rejected, read_valid
from valuelog.exchange import UnreadableFile, json_records
from valuelog.exchange.json_records import JsonFormat, split_records

PLAIN = JsonFormat(name="it", produced_by="it")
UNDER = JsonFormat(name="it", produced_by="it", list_key="x")

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just('\\"]}{['),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class Drops(io.BytesIO):
    """A file that gives a few bytes at a time."""

    def read(self, _size: int | None = -1, /) -> bytes:
        """Return three of them."""
        return super().read(3)


@given(st.lists(values), st.sampled_from([None, 1]), st.booleans())
def test_every_value_is_found_wherever_a_chunk_ends(wanted: list[object], indent: int | None, plain: bool) -> None:  # noqa: FBT001
    for under in ("", "x"):
        said = {"before": wanted, "x": wanted, "after": "]"} if under else wanted
        data = json.dumps(said, indent=indent, ensure_ascii=plain).encode("utf-8", "surrogatepass")
        for stream in (io.BytesIO(data), Drops(data)):
            found = list(split_records(stream, UNDER if under else PLAIN))
            assert [json.loads(one.raw.decode("utf-8", "surrogatepass")) for one in found] == wanted


@given(st.binary(max_size=60) | st.text('[]{}",:\\ a1\n', max_size=60).map(str.encode))
def test_any_bytes_end(data: bytes) -> None:
    for start, shape in ((b"[", PLAIN), (b'{"x":[', UNDER), (b"{", UNDER)):
        try:
            assert len(list(split_records(Drops(start + data), shape))) <= 200
        except UnreadableFile as error:
            assert error.hint  # noqa: PT017


NO_COMMA = "A comma is missing."


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (TIMEWARRIOR.replace("},\n{", "}\n{"), [("after record 1", NO_COMMA), ("after record 2", NO_COMMA)]),
        (TIMEWARRIOR.rstrip("]"), [("the end", "The file ends before its list is closed.")]),
        (TIMEWARRIOR[:-6], [("record 3", "The file ends in the middle of this record.")]),
        (TIMEWARRIOR + TIMEWARRIOR, [("the end", "There is more after the end of the JSON document.")]),
        (
            TIMEWARRIOR.replace('{"id":2', '} {"id":2'),
            [("record 2", "Invalid JSON at character 1: Expecting value."), ("after record 2", NO_COMMA)],
        ),
    ],
)
def test_what_stands_between_the_records_is_looked_at(data: str, wrong: list[tuple[str, str]]) -> None:
    assert read_rejected("timewarrior", data) == wrong
    assert len(read_all("timewarrior", data)) == len(wrong) + 2


def test_an_object_that_says_its_list_twice_or_does_not_end_is_bad() -> None:
    assert read_rejected("jrnl", JRNL[:-1] + ', "entries": []}') == [("the end", "It has “entries” twice.")]
    assert read_rejected("jrnl", JRNL[:-1]) == [("the end", "The file ends before its object is closed.")]


def test_what_comes_after_the_list_is_passed_over() -> None:
    assert len(read_valid("jrnl", JRNL[:-1] + ', "more": {"a": "}]"}}')) == 3


def test_a_file_of_utf_16_is_named() -> None:
    with pytest.raises(UnreadableFile, match="UTF-16"):
        read_all("jrnl", JRNL.encode("utf-16"))


def test_a_file_may_not_be_larger_than_any_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MAX_FILE_BYTES", 100)
    with pytest.raises(UnreadableFile, match="larger"):
        read_all("jrnl", JRNL)
