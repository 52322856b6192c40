"""Splitting a JSON file into records, at any chunk boundary and with anything between them."""

import io
import json
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.exchange_samples import JRNL, TIMEWARRIOR, read_all, read_rejected, read_valid
from valuelog.exchange import MAX_NESTING, MAX_RECORD_BYTES, UnreadableFile, json_records
from valuelog.exchange.json_records import JsonFormat, split_records

LIST_FORMAT = JsonFormat(name="it", produced_by="it")
KEY_FORMAT = JsonFormat(name="it", produced_by="it", list_key="x")

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just('\\"]}{['),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class SlowStream(io.BytesIO):
    """A stream that returns three bytes at a time."""

    def read(self, _size: int | None = -1, /) -> bytes:
        """Return up to three bytes."""
        return super().read(3)


@given(st.lists(values), st.sampled_from([None, 1]), st.booleans())
def test_records_are_found_at_any_chunk_boundary(
    expected: list[object],
    indent: int | None,
    ensure_ascii: bool,  # noqa: FBT001
) -> None:
    for list_key in ("", "x"):
        document = {"before": expected, "x": expected, "after": "]"} if list_key else expected
        data = json.dumps(document, indent=indent, ensure_ascii=ensure_ascii).encode("utf-8", "surrogatepass")
        for stream in (io.BytesIO(data), SlowStream(data)):
            raw_records = list(split_records(stream, KEY_FORMAT if list_key else LIST_FORMAT))
            assert [
                json.loads(raw_record.raw.decode("utf-8", "surrogatepass")) for raw_record in raw_records
            ] == expected


@given(st.binary(max_size=60) | st.text('[]{}",:\\ a1\n', max_size=60).map(str.encode))
def test_any_bytes_end_in_records_or_an_error(data: bytes) -> None:
    for start, json_format in ((b"[", LIST_FORMAT), (b'{"x":[', KEY_FORMAT), (b"{", KEY_FORMAT)):
        try:
            assert len(list(split_records(SlowStream(start + data), json_format))) <= 200
        except UnreadableFile as error:
            assert error.hint  # noqa: PT017


NO_COMMA = "A comma is missing."


@pytest.mark.parametrize(
    ("data", "rejected"),
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
def test_invalid_separators_are_rejected(data: str, rejected: list[tuple[str, str]]) -> None:
    assert read_rejected("timewarrior", data) == rejected
    assert len(read_all("timewarrior", data)) == len(rejected) + 2


def test_duplicate_list_and_unclosed_object_are_rejected() -> None:
    assert read_rejected("jrnl", JRNL[:-1] + ', "entries": []}') == [("the end", "It has “entries” twice.")]
    assert read_rejected("jrnl", JRNL[:-1]) == [("the end", "The file ends before its object is closed.")]


def test_keys_after_the_list_are_skipped() -> None:
    assert len(read_valid("jrnl", JRNL[:-1] + ', "more": {"a": "}]"}}')) == 3


@pytest.mark.parametrize(("depth", "is_valid"), [(MAX_NESTING, True), (MAX_NESTING + 1, False)])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_limit_is_exact(depth: int, is_valid: bool, opening: str, closing: str) -> None:  # noqa: FBT001
    document = f"{opening * depth}{1}{closing * depth}"
    for stream in (io.BytesIO(f"[{document}]".encode()), SlowStream(f"[{document}]".encode())):
        (raw_record,) = split_records(stream, LIST_FORMAT)
        assert (raw_record.raw == document.encode()) == is_valid
        assert raw_record.reason == ("" if is_valid else "It is nested 101 levels deep; the limit is 100.")


@pytest.mark.parametrize(("size", "is_valid"), [(MAX_RECORD_BYTES, True), (MAX_RECORD_BYTES + 1, False)])
def test_record_size_limit_is_exact(size: int, is_valid: bool) -> None:  # noqa: FBT001
    document = b'"' + b"a" * (size - 2) + b'"'
    (raw_record,) = split_records(io.BytesIO(b"[" + document + b"]"), LIST_FORMAT)
    assert (raw_record.raw == document) == is_valid


@pytest.mark.parametrize(("size", "is_readable"), [(len(JRNL), True), (len(JRNL) - 1, False)])
def test_file_size_limit_is_exact(monkeypatch: pytest.MonkeyPatch, size: int, is_readable: bool) -> None:  # noqa: FBT001
    monkeypatch.setattr(json_records, "MAX_FILE_BYTES", size)
    with nullcontext() if is_readable else pytest.raises(UnreadableFile, match="larger"):
        assert len(read_all("jrnl", JRNL)) == 3
