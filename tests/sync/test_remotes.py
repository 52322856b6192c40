"""What all remotes have in common: folders, git by path, from its daemon and over ssh, and rclone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from support.remotes import FILES, KINDS, Place, git, open_place
from support.requirements import requires_program
from valuelog.sync import folder as folder_module
from valuelog.sync import git as git_module
from valuelog.sync import rclone as rclone_module
from valuelog.sync.address import display_address
from valuelog.sync.errors import BadAddress, RemoteMoved
from valuelog.sync.remote import Remote, open_remote

MARKER = "valuelog.age"
NEW = {"server/0000000001-0000000001.age": b"new"}


_PROGRAMS = {"ssh": "sshd", "rclone": "rclone"}
_SLOW = {"ssh": [pytest.mark.slow]}


@pytest.fixture(
    params=[
        pytest.param(kind, marks=[requires_program(_PROGRAMS.get(kind, "git")), *_SLOW.get(kind, [])]) for kind in KINDS
    ]
)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Provide an empty remote of each kind."""
    with open_place(request.param, tmp_path / "home") as opened:
        yield opened


def contents(remote: Remote) -> dict[str, bytes]:
    return dict(remote.get(sorted(remote.list())))


def test_files_reach_another_machine(place: Place) -> None:
    laptop = place.open()
    assert laptop.list() == frozenset()
    assert dict(laptop.get([])) == {}
    laptop.put({})
    laptop.put(FILES)
    assert contents(laptop) == FILES
    desktop = place.open("desktop")
    assert contents(desktop) == FILES
    desktop.put(NEW)
    assert contents(laptop) == FILES | NEW
    assert dict(laptop.get(NEW)) == NEW


def test_nothing_is_overwritten(place: Place) -> None:
    laptop, desktop = place.open(), place.open("desktop")
    laptop.list()
    desktop.list()
    laptop.put(FILES)
    for name in FILES:
        with pytest.raises(RemoteMoved):
            desktop.put({name: b"other"})
        desktop.list()
        with pytest.raises(RemoteMoved):
            desktop.put({name: b"other"})
    assert contents(desktop) == FILES


def test_replace_leaves_exactly_the_new_files(place: Place) -> None:
    laptop = place.open()
    laptop.put(FILES)
    new = {MARKER: b"new marker", "laptop/0000000001-0000000012.age": b"all"}
    for _ in range(2):
        laptop.replace(new)
        assert contents(laptop) == new
        assert contents(place.open("desktop")) == new
    laptop.put(NEW)
    assert contents(place.open("desktop")) == new | NEW


def test_replace_refuses_if_there_are_files_that_were_not_listed(place: Place) -> None:
    laptop, desktop = place.open(), place.open("desktop")
    laptop.put(FILES)
    assert laptop.list() == desktop.list() == frozenset(FILES)
    desktop.put(NEW)
    with pytest.raises(RemoteMoved):
        laptop.replace({MARKER: b"new marker"})
    assert contents(desktop) == FILES | NEW
    laptop.list()
    laptop.replace({MARKER: b"new marker"})
    assert contents(desktop) == {MARKER: b"new marker"}


def test_file_that_is_gone_means_that_the_remote_moved(place: Place) -> None:
    laptop, desktop = place.open(), place.open("desktop")
    laptop.put(FILES)
    desktop.list()
    laptop.replace({MARKER: b"new marker"})
    desktop.list()
    with pytest.raises(RemoteMoved):
        list(desktop.get(["laptop/0000000001-0000000002.age"]))


def test_too_large_file_is_empty(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    laptop = place.open()
    large = {"laptop/0000000001-0000000002.age": b"x" * 3_000_001}
    small = {"laptop/0000000003-0000000004.age": b"y" * 3_000_000}
    laptop.put(large | small)
    for module in (folder_module, git_module, rclone_module):
        monkeypatch.setattr(module, "MAX_FILE_BYTES", 3_000_000)
    assert contents(laptop) == dict.fromkeys(large, b"") | small


def test_publishers_at_once_lose_nothing(place: Place) -> None:
    place.open().put({MARKER: b"marker"})
    machines = [f"machine{number}" for number in range(3)]
    threads = [Thread(target=publish_thrice, args=(place, machine)) for machine in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {own_file(machine, number): machine.encode() for machine in machines for number in range(3)}
    assert contents(place.open("another")) == expected | {MARKER: b"marker"}


def own_file(machine: str, number: int) -> str:
    return f"{machine}/{number + 1:010}-{number + 1:010}.age"


def publish_thrice(place: Place, machine: str) -> None:
    remote = place.open(machine)
    for number in range(3):
        for _ in range(20):
            remote.list()
            try:
                remote.put({own_file(machine, number): machine.encode()})
            except RemoteMoved:
                continue
            break


def test_emptied_remote_is_empty_and_can_be_filled_again(place: Place) -> None:
    laptop = place.open()
    laptop.put(FILES)
    empty(place)
    assert laptop.list() == frozenset()
    laptop.put(FILES)
    assert contents(place.open("desktop")) == FILES


def empty(place: Place) -> None:
    if (place.folder / "HEAD").exists():
        git(place.folder, "update-ref", "-d", "refs/heads/valuelog")
        return
    for path in place.folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "-x",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=x:y",
        "ssh://-oProxyCommand=x/y",
        "me@-oProxyCommand=x:y",
        "ext::sh -c touch% /tmp/x",
        "EXT::sh",
        "fd::3",
        "ftp://example.org/x",
        "s3://bucket",
        "a\nb",
        "a\0b",
        "/folder\x1b[2J",
        " /folder",
        "rclone:",
        "rclone:-x:y",
        "rclone:drive",
        "rclone:drive,command=x:y",
        "rclone::sftp,ssh=x:y",
        "rclone::s3:x",
        "rclone:a:b\nc",
    ],
)
def test_dangerous_or_unknown_address_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadAddress) as failed:
        open_remote(address, tmp_path / "cache", environ={"PATH": "/usr/bin"})
    assert failed.value.hint
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "address",
    [
        "git@github.com:me/journal.git",
        "github.com:me/journal",
        "host:/srv/journal",
        "me@[::1]:journal",
        "ssh://git@host:2222/~/journal",
        "https://me:secret@example.org/x.git",
        "HTTPS://example.org/x",
        "git://host/x",
        "file:///srv/x",
    ],
)
def test_git_urls_are_git_remotes(address: str, tmp_path: Path) -> None:
    remote = open_remote(address, tmp_path)
    assert type(remote).__name__ == "GitRemote"
    assert remote.address == address


def test_paths_are_folders_unless_they_are_bare_repositories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    home = {"HOME": str(tmp_path / "me"), "PATH": "/usr/bin:/bin"}
    for address, path in (
        ("sub/../journal", tmp_path / "journal"),
        ("./a:b", tmp_path / "a:b"),
        ("~/Drive x", tmp_path / "me" / "Drive x"),
        ("/x", Path("/x")),
    ):
        remote = open_remote(address, tmp_path, environ=home)
        assert type(remote).__name__ == "FolderRemote"
        assert remote.address == str(path)
    (tmp_path / "bare").mkdir()
    git(tmp_path / "bare", "init", "--bare", "-q")
    assert type(open_remote("bare", tmp_path, environ=home)).__name__ == "GitRemote"
    git(tmp_path, "init", "-q", "work")
    assert type(open_remote("work", tmp_path, environ=home)).__name__ == "FolderRemote"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:p@ss@host/x", "https://host/x"),
        ("HTTPS://token@host/x", "HTTPS://host/x"),
        ("https://me:se/cret@host/x", "https://host/x"),
        ("ssh://git:secret@host:22/x", "ssh://git@host:22/x"),
        ("https://host:8080/a@b", "https://host:8080/a@b"),
        ("ssh://git@host:22/~me@x", "ssh://git@host:22/~me@x"),
        ("git@host:a@b", "git@host:a@b"),
        ("/a:b@c", "/a:b@c"),
    ],
)
def test_only_a_password_is_hidden(address: str, shown: str) -> None:
    assert display_address(address) == shown
