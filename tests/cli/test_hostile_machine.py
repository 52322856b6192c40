"""A machine with the key that publishes what no valuelog writes: the journal stays sound, and the terminal safe."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from support.forger import CREATED, ENTRY, forge, publish
from support.machines import Machine
from valuelog.journal.known_changes import is_known
from valuelog.journal.log import MAX_TICK, MAX_WALL, RawChange
from valuelog.sync import marker
from valuelog.sync.invitation import parse_invitation
from valuelog.sync.marker import Marker

pytest.importorskip("pyrage")

ESCAPES = "\x1b]0;pwned\x07\x1b[31m\x9b31m\u202e"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

PROMISE = {**CREATED, "kind": "stop", "text": "t", "made_on": "2026-11-01", "due": "2026-11-20"}
PROJECT = {**CREATED, "slug": "x", "name": "x", "started_on": "2026-11-01"}


def entry(**fields: Any) -> RawChange:  # noqa: ANN401  anything
    return forge(fields={**ENTRY, **fields})


REFUSED = {
    "day": entry(day="someday"),
    "day in another form": entry(day="20261120"),
    "first year": entry(created="0001-01-01T00:00:00.000Z", utc_offset=-1439),
    "time": entry(created="now"),
    "time without a zone": entry(created="2026-11-20"),
    "offset": entry(utc_offset=1440),
    "no text": entry(text=""),
    "minutes": entry(minutes=2**63 - 1),
    "name twice": entry(people=["Sam", "Sam"]),
    "empty reference": entry(project=""),
    "surrogate": forge(fields=json.dumps(ENTRY).replace("forged", "\\ud800")),
    "field twice": forge(fields=f'{json.dumps(ENTRY)[:-1]},"text":"two"}}'),
    "deep": forge(fields="[" * 500_000),
    "id of escapes": forge(entity_id=ESCAPES, fields=ENTRY),
    "id like an option": forge(entity_id="--help", fields=ENTRY),
    "id with a zero": forge(entity_id="a\0b", fields=ENTRY),
    "day off": forge("day_off", "someday", CREATED),
    "series of days off": forge("day_off", "2026-11-23", {**CREATED, "every": "x"}),
    "recurrence": forge("promise", fields={**PROMISE, "every": "FREQ=SECONDLY"}),
    "slug": forge("project", fields={**PROJECT, "slug": ESCAPES}),
    "start": forge("project", fields={**PROJECT, "started_on": "soon"}),
    "toggle": forge("batch", "x", "garbage", act="undo", undoes="x"),
    "deep toggle": forge("batch", "x", "[" * 500_000, act="undo", undoes="x"),
    "restore": forge("restore", fields="garbage", act="restore"),
    "end of time": forge(fields=ENTRY, wall=MAX_WALL - 1, tick=MAX_TICK),
}
"""Changes that wait for ever."""

ODD = [
    forge(entity_id="0dd0000001", fields={**ENTRY, "text": ESCAPES, "evidence": ESCAPES, "question": ESCAPES}),
    forge(entity_id="0dd0000002", fields={**ENTRY, "people": [ESCAPES, "a\nb", ""], "tags": [ESCAPES]}),
    forge("pain", "0dd0000002", {**CREATED, "text": ESCAPES}),
    forge("sighting", "0dd0000003", {**CREATED, "pain": "0dd0000002", "day": "2026-11-20", "text": ESCAPES}),
    forge("project", "0dd0000004", {**PROJECT, "name": ESCAPES}),
    forge("project", "0dd0000005", {**PROJECT, "name": ESCAPES}),
    forge("finding", f"undefined-project:{ESCAPES}", {**CREATED, "until": "2026-12-24"}),
    forge("batch", "nowhere", {}, act="undo", undoes="nowhere"),
    forge("device", "ev1ldevice", {"name": f"{ESCAPES}\n{'x' * 100_000}"}, act="sync"),
    forge("entry", "0dd0000006", ENTRY, own_wall=-(2**63) + 1),
]
"""Changes that are taken in."""


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    (tmp_path / "remote").mkdir()
    return tmp_path / "remote"


@pytest.fixture
def laptop(tmp_path: Path) -> Machine:
    laptop = Machine(tmp_path, "laptop")
    laptop.add("audit mails")
    return laptop


def require_calm(laptop: Machine) -> None:
    """Run commands that show everything: none fails, and none lets a text act on the terminal."""
    for command in ("list", "history", "review", "pain", "project", "promise", "people", "off", "finding", "brag"):
        shown = laptop(command)
        assert not CONTROL.search(shown.out + shown.err), command
    shown = laptop("sync", "status")
    assert not CONTROL.search(shown.out + shown.err)
    assert len(shown.out) < 10_000
    for words in (("list", "--json"), ("sync", "status", "--json"), ("undo",), ("redo",), ("doctor",)):
        laptop(*words)


def test_changes_that_could_not_be_read_wait_and_stop_no_other_machine(laptop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    for number, change in enumerate(REFUSED.values()):
        publish(remote, invitation, change, device=f"ev1l{number:06}")
    publish(remote, invitation, forge(fields=ENTRY), device="g00d000000")
    said = laptop.sync()
    assert said.startswith("Received 1 change from device g00d.\n")
    waiting = [each for each in json.loads(laptop("sync", "status", "--json").out)["machines"] if each["waiting"]]
    assert {each["name"] for each in waiting} == {"device ev1l"}
    assert sorted(laptop.entries) == ["audit mails", "forged"]
    require_calm(laptop)


@pytest.mark.parametrize("name", REFUSED)
def test_each_change_that_could_not_be_read_waits(name: str) -> None:
    assert not is_known(REFUSED[name])


def test_odd_texts_are_shown_and_do_nothing(laptop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    publish(remote, invitation, *ODD)
    said = laptop.sync()
    assert not CONTROL.search(said)
    assert len(said) < 1_000
    require_calm(laptop)


def test_time_of_publication_that_no_clock_shows_is_ignored(laptop: Machine, remote: Path) -> None:
    publish(remote, laptop.set_up(remote), forge(fields=ENTRY), at=2**63 - 1)
    laptop.sync()
    require_calm(laptop)


def test_machine_names_only_itself(laptop: Machine, tmp_path: Path, remote: Path) -> None:
    invitation, desktop = laptop.set_up(remote), Machine(tmp_path, "desktop")
    desktop.join(invitation)
    desktop.add("reply to mails")
    desktop.sync()
    device = max((path for path in remote.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime_ns).name
    publish(remote, invitation, forge("device", device, {"name": "laptop"}, act="sync"))
    assert laptop.sync().startswith("Received 1 change from desktop.\n")


def test_machine_with_the_name_of_this_one_is_listed(laptop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    publish(
        remote, invitation, forge("device", "ev1ldevice", {"name": "laptop"}, act="sync"), forge("dream", fields={})
    )
    laptop.sync()
    machines = json.loads(laptop("sync", "status", "--json").out)["machines"]
    assert [(each["name"], each["this"]) for each in machines] == [("laptop", True), ("device ev1l", False)]
    publish(remote, invitation, forge("device", "ev1ldevice", {"name": "laptop"}, act="sync"))
    laptop.sync()
    machines = json.loads(laptop("sync", "status", "--json").out)["machines"]
    assert [(each["name"], each["this"]) for each in machines] == [("laptop", True), ("laptop", False)]


def test_change_in_a_batch_of_another_machine_is_no_damage(laptop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    with closing(sqlite3.connect(laptop.journal)) as connection:
        ((batch,),) = connection.execute("SELECT batch FROM change WHERE entity = 'entry'").fetchall()
    publish(remote, invitation, forge(fields=ENTRY, batch=batch, act="close"))
    laptop.sync()
    require_calm(laptop)


def test_more_files_than_the_memory_has_are_not_read(
    laptop: Machine, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = laptop.set_up(remote)
    monkeypatch.setattr("valuelog.workflows.syncing.MAX_DOWNLOAD_BYTES", 20_000)
    for device in ("a0000000", "z0000000"):
        publish(remote, invitation, forge(fields=ENTRY), device=device)
    for number in range(5):
        name = f"{number:08}"
        (remote / name).mkdir()
        (remote / name / "0000000001-0000000001.age").write_bytes(bytes(30_000))
    assert laptop.sync().startswith("Received 1 change from device a000 and 1 from device z000.\n")


# A thief with the key, until the person replaces it


def poison_marker(remote: Path, invitation: bytes, journal: str = "", generation: int = 1) -> None:
    invited = parse_invitation(invitation.decode())
    content = marker.pack(Marker(1, journal or invited.journal, generation), invited.key)
    (remote / "valuelog.age").write_bytes(content)


def test_rekey_can_ignore_what_nobody_can_read(laptop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    publish(remote, invitation, forge("dream", fields=ENTRY))
    assert "valuelog sync rekey --yes" in laptop("sync", "rekey", fails=1).err
    assert "Rebuilt the remote with 1 change" in laptop("sync", "rekey", "--yes").err
    assert laptop.sync() == "Nothing new.\n"


def test_rekey_can_ignore_the_marker_of_another_journal(laptop: Machine, remote: Path) -> None:
    poison_marker(remote, laptop.set_up(remote), journal="other")
    assert "has another journal now" in laptop("sync", "rekey", fails=1).err
    laptop("sync", "rekey", "--yes")
    assert laptop.sync() == "Nothing new.\n"


def test_rekey_works_after_the_last_generation(laptop: Machine, remote: Path) -> None:
    poison_marker(remote, laptop.set_up(remote), generation=2**63 - 1)
    laptop("sync", "rekey")
    assert laptop.sync() == "Nothing new.\n"


def test_rebuilding_keeps_what_a_forged_file_contradicts(laptop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    (device,) = (path.name for path in remote.iterdir() if path.is_dir())
    publish(remote, invitation, forge(fields=ENTRY), device=device)
    assert "On laptop, run: valuelog sync rekey --compact" in laptop.sync()
    assert "Rebuilt the remote with 1 change." in laptop("sync", "rekey", "--compact").err
    assert laptop.sync() == "Nothing new.\n"


def test_many_bad_machines_are_counted(laptop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    for number in range(8):
        publish(remote, invitation, forge("dream", fields=ENTRY), device=f"{number}" * 16)
    said = laptop.sync()
    assert said.count("\n") == 1 + 5 + 1
    assert "Changes from 3 other machines wait, too." in said
