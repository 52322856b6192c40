"""The command sync: two machines with one journal, over a folder."""

import json
import os
import shutil
import stat
import sys
from collections.abc import Mapping
from datetime import timedelta
from errno import ENOSPC
from pathlib import Path

import pytest

from support.machines import Machine
from valuelog.journal import files
from valuelog.journal.files import lock_folder
from valuelog.sync.errors import BadRemote, RemoteMoved
from valuelog.sync.folder import FolderRemote
from valuelog.sync.sealing import new_key
from valuelog.workflows import sync_segments, sync_setup, sync_state, syncing

pytest.importorskip("pyrage")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Don't pause before trying again."""
    monkeypatch.setattr("valuelog.workflows.syncing.time.sleep", lambda _: None)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    folder = tmp_path / "remote"
    folder.mkdir()
    return folder


@pytest.fixture
def laptop(tmp_path: Path) -> Machine:
    return Machine(tmp_path, "laptop")


@pytest.fixture
def desktop(tmp_path: Path) -> Machine:
    return Machine(tmp_path, "desktop")


@pytest.fixture
def pair(laptop: Machine, desktop: Machine, remote: Path) -> tuple[Machine, Machine]:
    """Return a laptop with one entry and a desktop that joined it, both in sync."""
    laptop.add("audit mails")
    desktop.join(laptop.set_up(remote))
    return laptop, desktop


def segments(remote: Path) -> list[Path]:
    return sorted(remote.glob("*/*.age"))


# setup


def test_setup_publishes_and_shows_the_invitation_on_stdout(laptop: Machine, remote: Path) -> None:
    laptop.add("audit mails")
    shown = laptop("sync", "setup", str(remote), "--name", "laptop")
    assert shown.err.startswith(f"Your journal now syncs with {remote}: sent 1 change.\n")
    assert "Keep it in a password manager:\n" in shown.err
    assert shown.err.endswith("\nOn another machine, run: valuelog sync join\n")
    assert shown.out.startswith("valuelog1:")
    assert shown.out.count("\n") == 1
    assert (remote / "valuelog.age").exists()
    assert len(segments(remote)) == 1
    assert laptop.sync() == "Nothing new.\n"


def test_setup_of_an_empty_journal_works(laptop: Machine, remote: Path) -> None:
    assert f"now syncs with {remote}.\n" in laptop("sync", "setup", str(remote)).err
    assert "to send     nothing" in laptop("sync", "status").out


def test_key_is_private_and_in_the_format_of_age(laptop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    key = laptop.sync_folder / "key"
    lines = key.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# created: 2026-11-20T")
    assert lines[1].startswith("# public key: age1")
    assert lines[-1].startswith("AGE-SECRET-KEY-1")
    assert lines[-1].encode() in invitation
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(laptop.sync_folder.stat().st_mode) == 0o700


def test_open_modes_of_the_key_are_tightened(laptop: Machine, remote: Path) -> None:
    laptop.set_up(remote)
    key = laptop.sync_folder / "key"
    key.chmod(0o644)
    assert "key" in laptop("doctor", fails=1).out
    assert "only you can now" in (said := laptop("add", "activity", "audit mails").err) or "0600 now" in said
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_setup_twice_is_refused(laptop: Machine, remote: Path, tmp_path: Path) -> None:
    laptop.set_up(remote)
    assert "already syncs with" in laptop("sync", "setup", str(tmp_path), fails=1).err


@pytest.mark.parametrize(
    ("where", "method"), [(sync_setup.SyncTools, "start_session"), (syncing.Session, "_record_published")]
)
def test_interrupted_setup_continues_with_its_key(
    laptop: Machine, tmp_path: Path, where: type, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    laptop.add("audit mails")
    folder = str(tmp_path / "created by setup")
    with monkeypatch.context() as patched:
        patched.setattr(where, method, interrupt)
        laptop("sync", "setup", folder, fails=130)
    key = (laptop.sync_folder / "key").read_text(encoding="utf-8")
    assert "already syncs with" in laptop("sync", "setup", str(tmp_path), fails=1).err
    assert f"Your journal now syncs with {folder}" in laptop("sync", "setup", folder).err
    assert (laptop.sync_folder / "key").read_text(encoding="utf-8") == key
    assert laptop.sync() == "Nothing new.\n"


def test_setup_that_fails_after_it_has_published_keeps_the_key(
    laptop: Machine, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = FolderRemote.put

    def put_and_fail(folder: FolderRemote, files: Mapping[str, bytes]) -> None:
        original(folder, files)
        raise BadRemote("The program that publishes was killed.", "Try again.")

    laptop.add("audit mails")
    with monkeypatch.context() as patched:
        patched.setattr(FolderRemote, "put", put_and_fail)
        laptop("sync", "setup", str(remote), fails=1)
    assert laptop.sync() == "Nothing new.\n"


def test_setup_that_can_publish_nothing_leaves_no_key(
    laptop: Machine, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BadRemote("It may not be written.", "Check its permissions.")

    with monkeypatch.context() as patched:
        patched.setattr(FolderRemote, "put", refuse)
        laptop("sync", "setup", str(remote), fails=1)
    assert "doesn't sync yet" in laptop("sync", fails=1).err


@pytest.mark.usefixtures("pair")
def test_setup_into_a_used_remote_says_join(remote: Path, tmp_path: Path) -> None:
    other = Machine(tmp_path, "other")
    error = other("sync", "setup", str(remote), fails=1).err
    assert "already has a journal" in error
    assert "valuelog sync join" in error
    assert other("sync", fails=1).err.startswith("valuelog: This journal doesn't sync yet.")


def test_folder_in_the_home_is_shared_as_a_path_from_the_home(
    laptop: Machine, desktop: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for machine in (laptop, desktop):
        (machine.home / "Sync").mkdir()
    monkeypatch.chdir(laptop.home)
    invitation = laptop.set_up("./Sync")
    assert invitation.endswith(b":~/Sync\n")
    shutil.copytree(laptop.home / "Sync", desktop.home / "Sync", dirs_exist_ok=True)  # by another program
    assert "Joined ~/Sync as desktop." in desktop.join(invitation)


def test_machine_is_named_after_its_host_by_default(laptop: Machine, remote: Path) -> None:
    laptop("sync", "setup", str(remote))
    (machine,) = json.loads(laptop("sync", "status", "--json").out)["machines"]
    assert machine["name"]
    assert "." not in machine["name"]


def test_too_long_name_of_a_machine_is_refused(laptop: Machine, remote: Path) -> None:
    assert "too long" in laptop("sync", "setup", str(remote), "--name", "x" * 41, fails=2).err


# join


def test_join_reads_the_invitation_from_stdin(pair: tuple[Machine, Machine]) -> None:
    _, desktop = pair
    assert list(desktop.entries) == ["audit mails"]


def test_join_prompts_for_the_invitation(laptop: Machine, desktop: Machine, remote: Path) -> None:
    laptop.add("audit mails")
    invitation = laptop.set_up(remote).decode().strip()
    said = desktop("sync", "join", "--name", "desktop", answers=[invitation]).err
    assert said == f"Joined {remote} as desktop.\nReceived 1 change from laptop.\n"


def test_join_refuses_an_invitation_as_an_argument(pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = pair
    invitation = laptop("sync", "invite").out.strip()
    error = desktop("sync", "join", invitation, fails=2).err
    assert "doesn't go on the command line" in error
    assert "AGE-SECRET" not in error


@pytest.mark.parametrize("form", ["{}", "'{}'", " {} "])
def test_invitation_as_an_address_is_refused_and_not_shown(laptop: Machine, form: str) -> None:
    key = new_key()
    error = laptop("sync", "setup", form.format(f"valuelog1:journal:12345678:{key}:/x"), fails=2).err
    assert "doesn't go on the command line" in error
    assert key[:20] not in error
    assert laptop("sync", "join", "-", "--remote", key, stdin=b"", fails=2).err == error


def test_join_into_a_journal_with_entries_is_a_union_after_a_backup(
    laptop: Machine, desktop: Machine, remote: Path
) -> None:
    laptop.add("audit mails")
    desktop.add("on the desktop")
    said = desktop.join(laptop.set_up(remote))
    assert "Backed up 1 entry as" in said
    assert said.endswith("Received 1 change from laptop, sent 1.\n")
    assert laptop.sync() == "Received 1 change from desktop.\n"
    assert laptop.export() == desktop.export()


def test_join_into_an_empty_remote_says_what_to_do(laptop: Machine, desktop: Machine, remote: Path) -> None:
    invitation = laptop.set_up(remote)
    shutil.rmtree(remote)
    remote.mkdir()
    error = desktop("sync", "join", "-", stdin=invitation, fails=1).err
    assert f"There is no journal on {remote}." in error
    assert "Run valuelog sync on the machine that you were invited from" in error
    assert desktop("sync", fails=1).err.startswith("valuelog: This journal doesn't sync yet.")


@pytest.mark.parametrize("text", [b"", b"hello", b"valuelog1:a:b", b"\xff\xfev\0a\0l\0"])
def test_bad_invitation_is_refused(desktop: Machine, text: bytes) -> None:
    assert "not an invitation" in desktop("sync", "join", "-", stdin=text, fails=2).err


def test_outdated_invitation_is_refused(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    laptop, _ = pair
    old = laptop("sync", "invite").out.encode()
    laptop("sync", "rekey")
    other = Machine(tmp_path, "other")
    assert "out of date" in other("sync", "join", "-", stdin=old, fails=2).err
    assert not (other.state / "sync").exists() or not list(other.sync_folder.iterdir())


def test_machine_that_syncs_another_journal_leaves_first(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    _, desktop = pair
    other = Machine(tmp_path, "other")
    (tmp_path / "second").mkdir()
    invitation = other.set_up(tmp_path / "second")
    assert "leave this remote first" in desktop("sync", "join", "-", stdin=invitation, fails=1).err


def test_joining_again_renames_the_machine_or_keeps_its_name(pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = pair
    invitation = laptop("sync", "invite").out.encode()
    assert "as desktop." in desktop("sync", "join", "-", stdin=invitation).err
    assert "as tower." in desktop("sync", "join", "-", "--name", "tower", stdin=invitation).err
    laptop.sync()
    assert [each["name"] for each in json.loads(laptop("sync", "status", "--json").out)["machines"]] == [
        "laptop", "tower",
    ]  # fmt: skip


# sync


def test_changes_go_both_ways(pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = pair
    laptop.sync()
    desktop.add("from the desktop")
    assert desktop.sync() == "Sent 1 change.\n"
    laptop.add("from the laptop")
    assert laptop.sync() == "Received 1 change from desktop, sent 1.\n"
    assert desktop.sync() == "Received 1 change from laptop.\n"
    assert desktop.sync() == "Nothing new.\n"
    assert laptop.export() == desktop.export()


def test_changes_of_a_third_machine_are_named(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    laptop, desktop = pair
    server = Machine(tmp_path, "server")
    server.join(laptop("sync", "invite").out.encode())
    server.add("from the server")
    server.add("and again")
    server.sync()
    desktop.add("from the desktop")
    desktop.sync()
    said = laptop.sync()
    assert "from server" in said
    assert "1 from desktop" in said or "1 change from desktop" in said


def test_edit_and_deletion_reach_the_other_machine(pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = pair
    desktop.add("a second one")
    desktop("edit", desktop.find_id("audit mails"), "audited mails")
    desktop.sync()
    laptop.sync()
    assert sorted(laptop.entries) == ["a second one", "audited mails"]
    laptop("delete", laptop.find_id("a second one"))
    laptop.sync()
    desktop.sync()
    assert list(desktop.entries) == ["audited mails"]


def test_sync_without_setup_says_how_to_start(laptop: Machine) -> None:
    for command in ("", "status", "invite", "rekey", "leave"):
        error = laptop("sync", *filter(None, [command]), fails=1).err
        assert error == (
            "valuelog: This journal doesn't sync yet.\n"
            "Set it up: valuelog sync setup REMOTE; or join another machine: valuelog sync join\n"
        )


def test_each_journal_syncs_on_its_own(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    laptop, _ = pair
    other = str(tmp_path / "other.db")
    laptop("--journal", other, "add", "activity", "elsewhere")
    assert "doesn't sync yet" in laptop("--journal", other, "sync", fails=1).err


def test_moved_journal_still_syncs(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    laptop, _ = pair
    laptop.sync()
    laptop("move", str(tmp_path / "notes"))
    assert laptop.sync() == "Nothing new.\n"


def test_journal_moved_by_hand_still_syncs(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    laptop, _ = pair
    laptop.sync()
    laptop.journal.rename(tmp_path / "moved.db")
    laptop("config", "set", "journal", str(tmp_path / "moved.db"))
    assert laptop.sync() == "Nothing new.\n"


def test_full_disk_is_one_line_and_the_next_sync_carries_on(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, desktop = pair
    desktop.add("from the desktop")
    desktop.sync()
    with monkeypatch.context() as patched:

        def refuse(path: Path, _content: bytes) -> None:
            raise OSError(ENOSPC, os.strerror(ENOSPC), str(path))

        patched.setattr(sync_state, "write_file", refuse)
        error = laptop("sync", fails=1).err
        assert "state.json can't be used: No space left on device." in error
    assert laptop.sync() == "Nothing new.\n"
    assert "from the desktop" in laptop.entries


def test_many_changes_go_into_several_files(
    laptop: Machine, desktop: Machine, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_segments, "MAX_CHANGES", 3)
    for number in range(7):
        laptop.add(f"entry {number}")
    desktop.join(laptop.set_up(remote))
    assert len(list(desktop.entries)) == 7
    assert len(segments(remote)) >= 3


def test_projects_are_joined_even_if_the_sync_was_interrupted(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, desktop = pair
    for machine in pair:
        machine("add", "activity", f"on the {machine.name}", "--project", "Refunds")
    laptop.sync()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(syncing.Session, "_record", interrupt)
        desktop("sync", fails=130)
    desktop.sync()
    assert len(json.loads(desktop("project", "--json").out)) == 1


def test_another_sync_is_waited_for_then_named(pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    laptop, _ = pair
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.05)
    with lock_folder(laptop.sync_folder):
        assert "Another sync of this journal is running." in laptop("sync", fails=1).err
    assert laptop.sync() == "Nothing new.\n"


# status


def test_status_lists_machines_and_what_is_pending(pair: tuple[Machine, Machine], remote: Path) -> None:
    laptop, desktop = pair
    desktop.add("from the desktop")
    desktop.sync()
    laptop.sync()
    laptop.add("not sent yet")
    shown = laptop("sync", "status").out.splitlines()
    assert shown[0] == f"remote      {remote}"
    assert shown[1].startswith("last sync   Fri 20 Nov 2026 ")
    assert shown[2:5] == ["to send     1 change", "to receive  nothing, as of the last sync", ""]
    assert shown[5] == "laptop   this machine"
    assert shown[6].startswith("desktop  last sent something Fri 20 Nov 2026 ")


def test_status_as_json_and_plain(pair: tuple[Machine, Machine], remote: Path) -> None:
    _, desktop = pair
    document = json.loads(desktop("sync", "status", "--json").out)
    assert list(document) == ["remote", "synced", "to_send", "to_receive", "machines", "problem"]
    assert [(each["name"], each["this"], each["waiting"]) for each in document["machines"]] == [
        ("desktop", True, None), ("laptop", False, None),
    ]  # fmt: skip
    assert (document["to_send"], document["to_receive"], document["problem"]) == (0, 0, None)
    records = [line.split("\t") for line in desktop("sync", "status", "--plain").out.splitlines()]
    assert records[0][:2] == ["remote", str(remote)]
    assert [record[:3] for record in records[1:]] == [["machine", "desktop", "True"], ["machine", "laptop", "False"]]


def test_password_in_an_address_is_not_shown(laptop: Machine) -> None:
    for password in ("secret", "a@secret", "a/secret"):
        address = f"https://me:{password}@127.0.0.1:1/a.git"
        error = laptop("sync", "setup", address, fails=1, PATH=os.environ["PATH"]).err
        assert "https://127.0.0.1:1/a.git" in error
        assert "secret" not in error


def test_bad_address_is_refused(laptop: Machine) -> None:
    assert "is not a remote" in laptop("sync", "setup", "ext::sh -c id", fails=2).err
    assert "doesn't sync yet" in laptop("sync", fails=1).err


# Offline, and remotes that lost something


def test_unreachable_remote_is_one_line_and_noted_in_the_status(pair: tuple[Machine, Machine], remote: Path) -> None:
    laptop, desktop = pair
    remote.rename(remote.with_name("gone"))
    laptop.add("offline")
    assert laptop("sync", fails=1).err.count("\n") == 2
    assert "There is no folder" in laptop("sync", "status").out
    assert json.loads(laptop("sync", "status", "--json").out)["problem"]["message"]
    remote.with_name("gone").rename(remote)
    assert "sent 1" in laptop.sync().casefold()
    assert "There is no folder" not in laptop("sync", "status").out
    desktop.sync()
    assert "offline" in desktop.entries


def test_emptied_remote_is_filled_again(pair: tuple[Machine, Machine], remote: Path) -> None:
    laptop, desktop = pair
    laptop.sync()
    for path in (*segments(remote), remote / "valuelog.age"):
        path.unlink()
    assert laptop.sync() == "The remote had lost 1 change; it is there again.\n"
    desktop.add("one more")
    assert desktop.sync() == "Sent 1 change.\n"
    laptop.sync()
    assert laptop.export() == desktop.export()


def test_rewound_remote_is_repaired(pair: tuple[Machine, Machine], remote: Path) -> None:
    laptop, desktop = pair
    before = {path.name for path in segments(remote)}
    laptop.add("lost on the remote")
    laptop.sync()
    for path in segments(remote):
        if path.name not in before:
            path.unlink()
    laptop.add("new")
    assert laptop.sync() == "Sent 1 change. The remote had lost 1 change; it is there again.\n"
    desktop.sync()
    assert laptop.export() == desktop.export()


def test_unknown_files_on_the_remote_are_ignored(pair: tuple[Machine, Machine], remote: Path) -> None:
    laptop, _ = pair
    (remote / "notes.sync-conflict-1.txt").write_text("x", encoding="utf-8")
    laptop.sync()
    assert laptop.sync() == "Nothing new.\n"


def test_damaged_file_stops_only_its_machine_and_rekey_compact_repairs_it(
    pair: tuple[Machine, Machine], remote: Path, tmp_path: Path
) -> None:
    laptop, desktop = pair
    server = Machine(tmp_path, "server")
    server.join(laptop("sync", "invite").out.encode())
    laptop.sync()
    before = set(segments(remote))
    desktop.add("damaged on the way")
    desktop.sync()
    (damaged,) = set(segments(remote)) - before
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\0")
    server.add("arrives")
    server.sync()
    said = laptop.sync()
    assert "Received 1 change from server.\n" in said
    assert "Can't read 1 change from desktop yet: a file on the remote is damaged." in said
    assert "On desktop, run: valuelog sync rekey --compact" in said
    assert "to receive  1 change, as of the last sync" in laptop("sync", "status").out
    desktop("sync", "rekey", "--compact")
    assert "Received 1 change from desktop." in laptop.sync()
    assert "to receive  nothing" in laptop("sync", "status").out


def test_newer_file_says_update(pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    laptop, desktop = pair
    desktop.add("from the future")
    with monkeypatch.context() as patched:
        patched.setattr("valuelog.sync.segment.FORMAT", 2)
        desktop.sync()
    said = laptop.sync()
    assert "Can't read 1 change from desktop yet: a newer valuelog wrote it. Update valuelog here" in said
    assert "Update valuelog" in laptop("sync", "rekey", fails=1).err


def test_faster_machine_is_waited_for(pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    laptop, desktop = pair
    desktop.add("faster")
    laptop.add("slower")
    original, calls = syncing.Session._publish, []  # noqa: SLF001  to let another machine publish in between

    def publish_late(session: syncing.Session, names: frozenset[str]) -> tuple[int, int]:
        calls.append(1)
        if len(calls) == 1:
            monkeypatch.setattr(syncing.Session, "_publish", original)
            desktop.sync()
            raise RemoteMoved
        return original(session, names)

    monkeypatch.setattr(syncing.Session, "_publish", publish_late)
    assert laptop.sync() == "Received 1 change from desktop, sent 1.\n"


def test_remote_that_always_moves_is_given_up(pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    laptop, _ = pair
    laptop.add("slower")
    calls = []

    def move(*_: object) -> None:
        calls.append(1)
        raise RemoteMoved

    monkeypatch.setattr(syncing.Session, "_publish", move)
    laptop("sync", fails=1)
    assert len(calls) == 1 + syncing.MAX_RETRIES


# Keys


def test_rekey_makes_other_machines_join_again(pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = pair
    desktop.add("from the desktop")
    desktop.sync()
    old = (laptop.sync_folder / "key").read_text(encoding="utf-8").splitlines()[-1]
    shown = laptop("sync", "rekey")
    assert "Rebuilt the remote with 2 changes under a new key." in shown.err
    assert old not in shown.out
    desktop.add("written meanwhile")
    error = desktop("sync", fails=1).err
    assert "The key of this machine doesn't open" in error
    assert "valuelog sync join" in error
    assert "Received" not in desktop.join(shown.out.encode())
    laptop.sync()
    assert laptop.export() == desktop.export()
    assert "written meanwhile" in laptop.entries


def test_compact_keeps_the_key(pair: tuple[Machine, Machine], remote: Path) -> None:
    laptop, desktop = pair
    for number in range(3):
        laptop.add(f"entry {number}")
        laptop.sync()
    key = (laptop.sync_folder / "key").read_bytes()
    shown = laptop("sync", "rekey", "--compact")
    assert shown.out == ""
    assert (laptop.sync_folder / "key").read_bytes() == key
    assert len(segments(remote)) == 2
    assert desktop.sync() == "Received 3 changes from laptop.\n"
    assert laptop.sync() == "Nothing new.\n"


@pytest.mark.parametrize("step", ["replace", "promote", "save"])
def test_interrupted_rekey_is_finished_by_the_next_sync(
    pair: tuple[Machine, Machine], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, desktop = pair

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if step == "replace":
            patched.setattr(sync_setup, "pack_marker", interrupt)
        elif step == "promote":
            patched.setattr(sync_state.SyncFolder, "promote_next_key", interrupt)
        else:
            original = sync_state.SyncFolder.promote_next_key

            def promote_and_stop(folder: sync_state.SyncFolder) -> None:
                original(folder)
                raise KeyboardInterrupt

            patched.setattr(sync_state.SyncFolder, "promote_next_key", promote_and_stop)
        laptop("sync", "rekey", fails=130)
    assert laptop.sync() == "Nothing new.\n"
    assert not (laptop.sync_folder / "next-key").exists()
    desktop.join(laptop("sync", "invite").out.encode())
    desktop.add("afterwards")
    desktop.sync()
    assert "afterwards" in list(laptop.entries) or laptop.sync()
    assert laptop.export() == desktop.export()


def test_lost_key_comes_back_with_the_invitation(pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = pair
    invitation = laptop("sync", "invite").out.encode()
    (desktop.sync_folder / "key").unlink()
    assert "key for syncing is missing" in desktop("sync", fails=1).err
    desktop.join(invitation)
    assert desktop.sync() == "Nothing new.\n"


def test_wrong_key_changes_nothing(pair: tuple[Machine, Machine], remote: Path) -> None:
    laptop, desktop = pair
    laptop.add("unread")
    laptop.sync()
    key = desktop.sync_folder / "key"
    lines = key.read_text(encoding="utf-8").splitlines()
    key.write_text("\n".join([*lines[:-1], new_key()]) + "\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in (desktop.journal, *segments(remote))}
    assert "The key of this machine doesn't open" in desktop("sync", fails=1).err
    assert {path: path.read_bytes() for path in before} == before


def test_long_texts_go_into_several_files(
    laptop: Machine, desktop: Machine, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_segments, "MAX_BYTES", 5_000)
    for number in range(4):
        laptop.add(f"{number} {'long ' * 800}")
    desktop.join(laptop.set_up(remote))
    assert len(segments(remote)) == 5
    assert len(list(desktop.entries)) == 4


def test_missing_file_makes_later_ones_wait(pair: tuple[Machine, Machine], remote: Path) -> None:
    laptop, desktop = pair
    laptop.sync()
    before = set(segments(remote))
    desktop.add("first")
    desktop.sync()
    (first,) = set(segments(remote)) - before
    desktop.add("second")
    desktop.sync()
    content = first.read_bytes()
    first.unlink()
    assert "Can't read 2 changes from desktop yet: earlier ones haven't arrived." in laptop.sync()
    first.write_bytes(content)
    assert laptop.sync() == "Received 2 changes from desktop.\n"


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"remote": 1}'])
def test_lost_state_is_read_again_from_the_key(pair: tuple[Machine, Machine], content: bytes | None) -> None:
    laptop, desktop = pair
    desktop.add("one more")
    desktop.sync()
    state = laptop.sync_folder / "state.json"
    state.unlink()
    if content is not None:
        state.write_bytes(content)
    assert laptop.sync() == "Received 1 change from desktop.\n"
    assert laptop.sync() == "Nothing new.\n"


def test_rekey_starts_again_if_another_machine_publishes(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, desktop = pair
    desktop.add("in between")
    original, calls = FolderRemote.replace, []

    def replace_late(remote: FolderRemote, files: dict[str, bytes]) -> None:
        calls.append(1)
        if len(calls) == 1:
            desktop.sync()
            raise RemoteMoved
        original(remote, files)

    monkeypatch.setattr(FolderRemote, "replace", replace_late)
    desktop.join(laptop("sync", "rekey").out.encode())
    assert "in between" in laptop.entries
    assert laptop.sync() == "Nothing new.\n"


def test_missing_pyrage_says_how_to_install_it(laptop: Machine, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    error = laptop("sync", "setup", str(remote), fails=1).err
    assert "pipx inject valuelog pyrage" in error
    assert "doesn't sync yet" in laptop("sync", fails=1).err


def test_status_needs_no_key(pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    laptop, _ = pair
    monkeypatch.setitem(sys.modules, "pyrage", None)
    (laptop.sync_folder / "key").unlink()
    assert "this machine" in laptop("sync", "status").out


# A device id that was used twice


def test_copied_home_gets_an_id_of_its_own(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    laptop, desktop = pair
    laptop.sync()
    copy = Machine(tmp_path, "copy")
    shutil.copytree(laptop.home, copy.home, dirs_exist_ok=True)
    sync_state.follow_moved_journal(copy.state / "sync", str(laptop.journal), copy.journal)  # elsewhere: the same path
    for machine in (laptop, copy):
        machine.add(f"on the {machine.name}")
        machine.sync()
    ids = [(machine.state / "device").read_text(encoding="utf-8").split()[0] for machine in (laptop, copy)]
    assert ids[0] != ids[1]
    laptop.sync()
    desktop.sync()
    assert laptop.export() == copy.export() == desktop.export()
    assert sorted(laptop.entries) == ["audit mails", "on the copy", "on the laptop"]


@pytest.mark.parametrize("count", [1, 3], ids=["as long", "longer"])
def test_journal_put_back_by_hand_loses_nothing(pair: tuple[Machine, Machine], tmp_path: Path, count: int) -> None:
    laptop, desktop = pair
    old = tmp_path / "old.db"
    shutil.copy(laptop.journal, old)
    laptop.add("published, then lost here")
    laptop.sync()
    shutil.copy(old, laptop.journal)
    written = [f"on the old copy {number}" for number in range(count)]
    for text in written:
        laptop.add(text)
    laptop.sync()
    desktop.sync()
    assert laptop.export() == desktop.export()
    assert sorted(desktop.entries) == ["audit mails", *written, "published, then lost here"]


def test_restored_backup_gets_back_what_was_published(pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = pair
    laptop("backup")
    laptop.add("after the backup")
    laptop.sync()
    laptop("restore", "latest", "--yes")
    assert list(laptop.entries) == ["audit mails"]
    laptop.add("after the restore")
    laptop.sync()
    desktop.sync()
    assert laptop.export() == desktop.export()
    assert len(list(laptop.entries)) == 3
    assert [each["name"] for each in json.loads(laptop("sync", "status", "--json").out)["machines"]] == [
        "laptop", "desktop",
    ]  # fmt: skip


def test_purge_reaches_others_even_if_a_backup_is_restored_first(pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = pair
    laptop.add("zebra-quartz")
    laptop.sync()
    desktop.sync()
    laptop("backup")
    laptop("delete", "--purge", "--confirm", laptop.find_id("zebra-quartz"))
    laptop("restore", "latest", "--yes")  # from before the purge, which has rewritten it
    laptop.sync()
    desktop.sync()
    assert list(laptop.entries) == list(desktop.entries) == ["audit mails"]
    assert laptop.export() == desktop.export()
    for machine in pair:
        machine("doctor")


# leave


def test_leave_forgets_the_key_and_keeps_the_journal(pair: tuple[Machine, Machine], remote: Path) -> None:
    _, desktop = pair
    assert "Nothing was changed." in desktop("sync", "leave", answers=[False]).err
    desktop.add("unsent")
    said = desktop("sync", "leave", answers=[True]).err
    assert "1 change hasn't been sent yet. Send it first: valuelog sync\n" in said
    assert f"no longer syncs with {remote}" in said
    assert list(desktop.sync_folder.iterdir()) == []
    assert len(list(desktop.entries)) == 2
    assert "doesn't sync yet" in desktop("sync", fails=1).err


def test_leave_needs_a_yes_without_a_terminal(pair: tuple[Machine, Machine]) -> None:
    _, desktop = pair
    assert "--yes" in desktop("sync", "leave", fails=2).err
    desktop("sync", "leave", "--yes")


# sync.with


@pytest.fixture
def syncing_pair(pair: tuple[Machine, Machine]) -> tuple[Machine, Machine]:
    for machine in pair:
        machine("config", "set", "sync.with", "today, review")
    return pair


def test_today_fetches_before_and_publishes_after(syncing_pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = syncing_pair
    desktop.sync()
    laptop("today", "--helped", "sam runs the release")
    said = desktop("today", "--activity", "wrote the mail").err
    assert "Received 1 change from laptop.\n" in said
    assert "Sent 1 change.\n" in said
    assert "wrote the mail" in laptop("review", "--json").out


@pytest.mark.parametrize("words", [("today", "--activity", "x"), ("review",)])
def test_unreachable_remote_is_not_mentioned_by_other_commands(
    syncing_pair: tuple[Machine, Machine], remote: Path, words: tuple[str, ...]
) -> None:
    laptop, _ = syncing_pair
    with_remote = laptop(*words).err
    remote.rename(remote.with_name("gone"))
    assert "gone" not in with_remote
    assert "There is no folder" not in laptop(*words).err


def test_question_is_left_to_sync(syncing_pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = syncing_pair
    laptop("import", "csv", "-", stdin=b"day,text\n" + b"".join(b"2026-11-18,entry %d\n" % n for n in range(30)))
    laptop.sync()
    desktop.sync()
    laptop("undo")
    laptop.sync()
    said = desktop("today", "--activity", "x", answers=[]).err
    assert "Not synced. This would delete 30 of" in said
    assert "valuelog sync --yes" in said


def test_unreachable_remote_is_tried_once_by_a_short_command(
    syncing_pair: tuple[Machine, Machine], remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, _ = syncing_pair
    remote.rename(remote.with_name("gone"))
    original, calls = FolderRemote.list, []

    def count_and_list(remote: FolderRemote) -> frozenset[str]:
        calls.append(1)
        return original(remote)

    monkeypatch.setattr(FolderRemote, "list", count_and_list)
    laptop("today", "--activity", "x")
    assert len(calls) == 1
    monkeypatch.setattr("valuelog.cli.sync_with.PAUSE", timedelta(-1))
    laptop("today", "--activity", "y")
    assert len(calls) == 3


def test_wrong_key_is_a_warning_of_other_commands(syncing_pair: tuple[Machine, Machine]) -> None:
    laptop, desktop = syncing_pair
    laptop("sync", "rekey")
    said = desktop("today", "--activity", "x").err
    assert said.count("Not synced. The key of this machine doesn't open what is on the remote.") == 1
    assert "x" in desktop.entries


def test_other_commands_do_not_sync_unless_set_up(laptop: Machine) -> None:
    laptop("config", "set", "sync.with", "today")
    assert "sync" not in laptop("today", "--activity", "x").err


def test_setting_names_only_commands_that_can_sync(laptop: Machine) -> None:
    assert "Choose from: today, review" in laptop("config", "set", "sync.with", "add", fails=2).err
    laptop("config", "set", "sync.with", "Today")
    assert laptop("config", "get", "sync.with").out == "today\n"
