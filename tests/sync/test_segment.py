"""Segments, markers and invitations: what survives sealing, and that nothing forged is accepted."""

import json
import random
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from support.segments import DEVICE, JOURNAL, make_change, make_segment
from valuelog.sync import marker, padding
from valuelog.sync.errors import BadInvitation, BadSegment, MissingExtra, NewerFormat, WrongKey
from valuelog.sync.invitation import Invitation, format_invitation, parse_invitation
from valuelog.sync.marker import MARKER_NAME, Marker
from valuelog.sync.padding import pack_text
from valuelog.sync.sealing import new_key, seal, unseal
from valuelog.sync.segment import Segment, pack, parse_segment_name, segment_name, unpack

KEY = new_key()
OTHER_KEY = new_key()
NAME = segment_name(DEVICE, 1, 2)


def test_segment_survives_packing_byte_for_byte() -> None:
    fields = '{"b":1.0, "a":"“é”\\u0007\\n","n":null}'
    changes = (
        make_change(1, fields),
        make_change(2, None),
        ("change0003", 0, 2**31, "batch", "", "b", "undo", "batch00001", None, "{}", None, None),
        make_change(4, "null"),
    )
    segment = make_segment(1, 4)._replace(changes=changes)
    assert unpack(segment_name(DEVICE, 1, 4), pack(segment, KEY), KEY) == segment
    assert unpack(segment_name(DEVICE, 1, 4), pack(segment, KEY), KEY, journal=JOURNAL) == segment


def test_segment_opens_with_the_age_format_and_hides_its_text() -> None:
    data = pack(make_segment(), KEY)
    assert data.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert b"deploy" not in data
    assert DEVICE.encode() not in data
    assert pack(make_segment(), KEY) != data


@pytest.mark.parametrize(
    "name",
    [
        "valuelog.age",
        "laptop/1-2.age",
        "laptop/0000000002-0000000001.age",
        "laptop/0000000000-0000000001.age",
        "laptop/0000000001-0000000002.age.tmp",
        "laptop/0000000001-0000000002.sync-conflict-20261120-183000-ABCDEFG.age",
        "laptop/0000000001-0000000002 (conflicted copy).age",
        "laptop/0000000001-000000000\u0662.age",
        "laptop/0000000001-0000000002.age\n",
        "../0000000001-0000000002.age",
        "-x/0000000001-0000000002.age",
        "a/b/0000000001-0000000002.age",
        "Laptop/0000000001-0000000002.age",
        f"{'a' * 65}/0000000001-0000000002.age",
    ],
)
def test_other_names_are_no_segments(name: str) -> None:
    assert parse_segment_name(name) is None


def test_segment_name_has_ten_digits() -> None:
    assert segment_name("laptop", 1, 20) == "laptop/0000000001-0000000020.age"
    assert parse_segment_name("laptop/0000000001-0000000020.age") == ("laptop", 1, 20)


def header(**changed: object) -> dict[str, object]:
    values = {
        "format": 1, "schema": 6, "journal": JOURNAL, "device": DEVICE, "first": 1, "last": 2, "after": {},
        "before": "", "hash": "01" * 32, "by": DEVICE, "at": 5,
    }  # fmt: skip
    return {**values, **changed}


def row(place: int | None = None, value: object = None) -> list[object]:
    values: list[object] = ["c1", 5, 0, "entry", "e1", "b1", "add", None, 5, "{}", None, None]
    if place is not None:
        values[place] = value
    return values


def sealed(*rows: object) -> bytes:
    return seal(pack_text("".join(f"{json.dumps(each)}\n" for each in rows).encode()), KEY)


def test_handmade_segment_is_accepted() -> None:
    assert unpack(NAME, sealed(header(unknown=1), row(), row(10, "AAAA")), KEY).changes[1][10] == b"\0\0\0"


LONG = 10**400

HOSTILE_HEADERS: list[Mapping[str, Any]] = [
    {"format": "1"}, {"format": True}, {"format": 1.0}, {"format": -1}, {"format": None}, {"schema": None},
    {"journal": ""}, {"journal": 5}, {"journal": "a b"}, {"device": "../x"}, {"device": None}, {"device": "other"},
    {"first": 2}, {"first": 0}, {"first": "1"}, {"first": 1.0}, {"last": 3}, {"last": 1}, {"last": LONG},
    {"after": []}, {"after": None}, {"after": {"x": -1}}, {"after": {"x": True}}, {"after": {"../x": 1}},
    {"after": {"x": 2**63}}, {"before": "0"}, {"before": "00"}, {"before": None}, {"hash": ""}, {"hash": "zz" * 32},
    {"hash": "00" * 33}, {"by": ""}, {"by": "A B"}, {"by": []}, {"at": -1}, {"at": 2**63}, {"at": float("nan")},
]  # fmt: skip

HOSTILE_VALUES: list[tuple[int, object]] = [
    (0, ""), (0, 5), (0, "a b"), (0, "x" * 65), (0, None), (1, -1), (1, "5"), (1, 1.0), (1, True), (1, 2**63),
    (1, LONG), (2, None), (2, float("inf")), (3, ""), (3, "Entry"), (3, "x;y"), (3, []), (4, None), (4, "x" * 1001),
    (4, "\ud800"), (5, ""), (5, None), (6, ""), (6, {}), (7, ""), (7, 5), (8, "5"), (8, 1.5), (8, -(2**63)), (9, None),
    (9, {}), (9, "\udc00"), (10, 5), (10, "A"), (10, "é"), (10, "AA" * 60), (11, "AAAA"), (11, "A" * 43 + "="),
]  # fmt: skip


@pytest.mark.parametrize("changed", HOSTILE_HEADERS)
def test_hostile_header_is_a_bad_segment(changed: Mapping[str, Any]) -> None:
    with pytest.raises(BadSegment):
        unpack(NAME, sealed(header(**changed), row(), row()), KEY)


@pytest.mark.parametrize(("place", "value"), HOSTILE_VALUES)
def test_hostile_change_is_a_bad_segment(place: int, value: object) -> None:
    with pytest.raises(BadSegment):
        unpack(NAME, sealed(header(), row(), row(place, value)), KEY)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [header()],
        [header(), row()],
        [header(), row(), row(), row()],
        [row(), header()],
        [header(), row(), row()[:-1]],
        [header(), row(), [*row(), 1]],
        [header(), row(), {}],
        [header(), row(), "text"],
        [[], row(), row()],
        [header(), row(), [row()]],
    ],
)
def test_segment_of_other_lines_is_a_bad_segment(rows: list[object]) -> None:
    with pytest.raises(BadSegment):
        unpack(NAME, sealed(*rows), KEY)


@pytest.mark.parametrize(
    "text",
    [b"", b"\n\n\n", b"\xff\n", b"[" * 200_000 + b"\n", b'{"format":1' + b"\n", b"9" * 100_000 + b"\n", b"null\n"],
)
def test_unreadable_text_is_a_bad_segment(text: bytes) -> None:
    good = json.dumps(header()).encode() + b"\n" + json.dumps(row()).encode() + b"\n"
    for data in (text, good + text):
        with pytest.raises(BadSegment) as failed:
            unpack(NAME, seal(pack_text(data), KEY), KEY)
        assert "valuelog" in failed.value.hint


def test_bomb_is_refused_at_its_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    expanded = []
    expand = padding._expand  # noqa: SLF001  counts how much is expanded

    def count(compressed: memoryview) -> Any:  # noqa: ANN401  an iterator
        for text in expand(compressed):
            expanded.append(len(text))
            yield text

    monkeypatch.setattr(padding, "_expand", count)
    start = json.dumps(header()).encode() + b"\n"
    for line in (b"\n", b"[]\n", b"0", json.dumps(row()).encode() + b"\n"):
        expanded.clear()
        with pytest.raises(BadSegment):
            unpack(NAME, seal(pack_text(start + line * (40_000_000 // len(line))), KEY), KEY)
        assert sum(expanded) < 20_000_000


def test_newer_format_says_to_update() -> None:
    with pytest.raises(NewerFormat, match="format 2, this one knows 1"):
        unpack(NAME, sealed(header(format=2), {"anything": 1}), KEY)


def test_segment_of_another_journal_is_refused() -> None:
    data = pack(make_segment(), KEY)
    with pytest.raises(BadSegment, match="another journal"):
        unpack(NAME, data, KEY, journal="another000")


def test_what_others_would_refuse_is_not_packed() -> None:
    for segment in (
        make_segment()._replace(changes=()),
        make_segment()._replace(device="../x"),
        make_segment()._replace(first=2),
        make_segment()._replace(changes=(make_change(), (*make_change()[:-2], None, b"x"))),
        make_segment()._replace(changes=(make_change(), make_change(2, "\ud800"))),
    ):
        with pytest.raises(BadSegment):
            pack(segment, KEY)


def test_thousand_forged_segments_are_refused() -> None:
    """Forged, truncated, swapped, renamed, replayed: each variant that isn't the original under its own name."""
    chance = random.Random(7)  # noqa: S311  not for secrets
    segments = [make_segment(first, first + chance.randrange(20)) for first in range(1, 60, 3)]
    names = [segment_name(*segment[:3]) for segment in segments]
    files = [pack(segment, KEY) for segment in segments]
    accepted, tried = 0, 0
    for number in range(1_000):
        place = chance.randrange(len(files))
        name, data = _FORGERIES[number % len(_FORGERIES)](chance, place, names, files)
        tried += 1
        try:
            segment = unpack(name, data, KEY, journal=JOURNAL)
        except BadSegment:
            continue
        accepted += 1
        assert segment in segments
    assert (accepted, tried) == (0, 1_000)


Forgery = Callable[[random.Random, int, list[str], list[bytes]], tuple[str, bytes]]


def _truncate(chance: random.Random, place: int, names: list[str], files: list[bytes]) -> tuple[str, bytes]:
    return names[place], files[place][: chance.randrange(len(files[place]))]


def _flip(chance: random.Random, place: int, names: list[str], files: list[bytes]) -> tuple[str, bytes]:
    data = bytearray(files[place])
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return names[place], bytes(data)


def _swap(_: random.Random, place: int, names: list[str], files: list[bytes]) -> tuple[str, bytes]:
    return names[place], files[place - 1]


def _rename(chance: random.Random, place: int, _: list[str], files: list[bytes]) -> tuple[str, bytes]:
    device = chance.choice(["another", "0123456789abcdee"])
    return segment_name(device, *(parse_segment_name(_[place]) or ("", 1, 1))[1:]), files[place]


def _renumber(chance: random.Random, place: int, names: list[str], files: list[bytes]) -> tuple[str, bytes]:
    device, first, last = parse_segment_name(names[place]) or ("", 1, 1)
    return segment_name(device, first + 1000, last + 1000 + chance.randrange(2)), files[place]


def _append(chance: random.Random, place: int, names: list[str], files: list[bytes]) -> tuple[str, bytes]:
    return names[place], files[place] + chance.randbytes(chance.randrange(1, 100))


def _mix(chance: random.Random, place: int, names: list[str], files: list[bytes]) -> tuple[str, bytes]:
    cut = chance.randrange(1, 200)
    return names[place], files[place][:cut] + files[place - 1][cut:]


def _use_other_key(_: random.Random, place: int, names: list[str], __: list[bytes]) -> tuple[str, bytes]:
    device, first, last = parse_segment_name(names[place]) or ("", 1, 1)
    return names[place], pack(make_segment(first, last, device), OTHER_KEY)


def _replay_other_journal(_: random.Random, place: int, names: list[str], __: list[bytes]) -> tuple[str, bytes]:
    device, first, last = parse_segment_name(names[place]) or ("", 1, 1)
    return names[place], pack(make_segment(first, last, device, journal="another000"), KEY)


def _drop_changes(_: random.Random, place: int, names: list[str], files: list[bytes]) -> tuple[str, bytes]:
    lines = list(padding.unpack_lines(unseal(files[place], KEY)))
    return names[place], seal(pack_text(b"".join(line + b"\n" for line in lines[:-1])), KEY)


_FORGERIES: list[Forgery] = [
    _truncate, _flip, _swap, _rename, _renumber, _append, _mix, _use_other_key, _replay_other_journal, _drop_changes,
]  # fmt: skip


def test_random_text_inside_a_segment_never_raises_anything_else() -> None:
    chance = random.Random(9)  # noqa: S311  not for secrets
    good = list(padding.unpack_lines(unseal(pack(make_segment(), KEY), KEY)))
    text = b"".join(line + b"\n" for line in good)
    for _ in range(500):
        changed = bytearray(text)
        for _ in range(chance.randrange(1, 4)):
            changed[chance.randrange(len(changed))] = chance.choice(b'"[]{},:\\\n0-9eE.u\xff\0 ')
        try:
            segment = unpack(NAME, seal(pack_text(bytes(changed)), KEY), KEY)
        except (BadSegment, NewerFormat):
            continue
        assert isinstance(segment, Segment)  # the change of a letter in a text is for the hash chain to find


def test_marker_survives_packing() -> None:
    for mark in (Marker(1, JOURNAL, 0), Marker(1, "0b5e8d7c-1f2a-4b3c-8d4e-5f6a7b8c9d0e", 12)):
        assert marker.unpack(marker.pack(mark, KEY), KEY) == mark


def test_marker_with_another_key_is_a_wrong_key() -> None:
    with pytest.raises(WrongKey):
        marker.unpack(marker.pack(Marker(1, JOURNAL, 0), OTHER_KEY), KEY)
    with pytest.raises(WrongKey):
        marker.unpack(marker.pack(Marker(1, JOURNAL, 0), KEY), "AGE-SECRET-KEY-1BAD")


def test_marker_of_a_newer_format_says_to_update() -> None:
    with pytest.raises(NewerFormat):
        marker.unpack(marker.pack(Marker(2, JOURNAL, 0), KEY), KEY)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"age",
        b"other text",
        seal(b"", KEY),
        seal(pack_text(b"[]\n"), KEY),
        seal(pack_text(b'{"format":1}\n'), KEY),
        seal(pack_text(b'{"format":1,"journal":"a b","generation":0}\n'), KEY),
        seal(pack_text(b'{"format":1,"journal":"ab","generation":-1}\n'), KEY),
        seal(pack_text(b'{"format":1,"journal":"ab","generation":0}\n{}\n'), KEY),
        seal(zlib.compress(b"x"), KEY),
    ],
)
def test_damaged_marker_is_refused(data: bytes) -> None:
    with pytest.raises(BadSegment, match=MARKER_NAME):
        marker.unpack(data, KEY)


@pytest.mark.parametrize(
    "remote",
    [
        "git@github.com:me/journal.git",
        "ssh://git@[::1]:2222/srv/journal",
        "/home/me/My Drive/réseau:x%20",
        "rclone:drive:valuelog folder",
        "/bytes/\udcff",
    ],
)
def test_invitation_is_one_line_that_survives_wrapping(remote: str) -> None:
    invitation = Invitation(remote, JOURNAL, KEY)
    line = format_invitation(invitation)
    assert line.isascii()
    assert not set(line) & set(" \n\t")
    assert parse_invitation(line) == invitation
    assert parse_invitation(f"\n {line[:40]}\r\n  {line[40:]}\n") == invitation
    assert parse_invitation(f" “{line}”\n") == invitation


def test_damaged_invitation_is_refused_without_showing_it() -> None:
    line = format_invitation(Invitation("git@example.org:journal", JOURNAL, KEY))
    for text in ("", "hello", KEY, line[:-1], line + "x", line[1:], line.replace("example", "exampie"), line.lower()):
        with pytest.raises(BadInvitation) as failed:
            parse_invitation(text)
        assert KEY[-20:] not in f"{failed.value.message}{failed.value.hint}"


def test_missing_library_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyrage", None)
    with pytest.raises(MissingExtra) as failed:
        new_key()
    assert "pipx inject valuelog pyrage" in failed.value.hint
