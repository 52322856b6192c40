"""A folder as a remote: late, conflicting and temporary files, full disks, missing folders, interruptions."""

import errno
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.remote_children import kill_after, start_child
from support.remotes import FILES
from support.subprocesses import with_tiny_disk
from valuelog.sync.errors import BadRemote, RemoteFull, RemoteMoved, RemoteUnreachable, SyncError
from valuelog.sync.folder import FolderRemote

MARKER = "valuelog.age"
NAME = "laptop/0000000001-0000000002.age"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an existing folder."""
    path = tmp_path / "Drive"
    path.mkdir()
    return path


def all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_folder_holds_the_files_and_nothing_else(folder: Path) -> None:
    FolderRemote(folder).put(FILES)
    assert all_files(folder) == FILES


def test_late_conflicting_and_temporary_files_are_ignored_and_kept(folder: Path) -> None:
    remote = FolderRemote(folder)
    remote.put(FILES)
    (folder / "phone").mkdir()
    others = [
        ".stfolder/x", ".valuelog-0123456789abcdef.tmp", "laptop/.valuelog-0123456789abcdef.tmp", "notes.txt",
        "laptop/0000000001-0000000002.sync-conflict-20261120-183000-ABCDEFG.age",
        "laptop/0000000001-0000000002 (Me's conflicted copy 2026-11-20).age", "laptop/.syncthing.0000000003.age.tmp",
        "laptop/~0000000003-0000000004.age.partial", "valuelog.sync-conflict-20261120-183000-ABCDEFG.age",
        "Laptop/0000000001-0000000002.age", "phone/deeper/0000000001-0000000002.age", "deeper/valuelog.age",
    ]  # fmt: skip
    for name in others:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"something else")
    (folder / "phone" / "0000000001-0000000002.age").symlink_to(folder / "valuelog.age")
    (folder / "tablet").symlink_to(folder / "laptop")
    (folder / "phone" / "0000000003-0000000004.age").mkdir()
    assert remote.list() == frozenset(FILES)
    remote.replace({MARKER: b"new"})
    assert remote.list() == {MARKER}
    assert all((folder / name).read_bytes() == b"something else" for name in others)


def test_symbolic_link_in_place_of_a_file_is_not_followed(folder: Path) -> None:
    secret = folder.parent / "secret"
    secret.write_text("secret")
    (folder / "laptop").mkdir()
    (folder / NAME).symlink_to(secret)
    with pytest.raises(SyncError):
        list(FolderRemote(folder).get([NAME]))


def test_missing_folder_is_unreachable_and_never_created(tmp_path: Path) -> None:
    remote = FolderRemote(tmp_path / "stick" / "valuelog")
    for action in (
        remote.list,
        lambda: list(remote.get([NAME])),
        lambda: remote.put(FILES),
        lambda: remote.replace(FILES),
    ):
        with pytest.raises(RemoteUnreachable, match="There is no folder") as failed:
            action()
        assert "Connect the disk" in failed.value.hint
    assert list(tmp_path.iterdir()) == []


def test_setup_creates_only_the_last_part_when_it_publishes(tmp_path: Path) -> None:
    remote = FolderRemote(tmp_path / "valuelog", create=True)
    assert remote.list() == frozenset()
    assert list(tmp_path.iterdir()) == []
    remote.put(FILES)
    assert all_files(tmp_path / "valuelog") == FILES
    deeper = FolderRemote(tmp_path / "a" / "b", create=True)
    with pytest.raises(RemoteUnreachable):
        deeper.list()
    with pytest.raises(RemoteUnreachable):
        deeper.put(FILES)


def test_file_in_place_of_the_folder_is_a_bad_remote(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    for create in (False, True):
        remote = FolderRemote(tmp_path / "file", create=create)
        for action in (remote.list, lambda remote=remote: remote.put(FILES)):
            with pytest.raises(BadRemote, match="is not a folder"):
                action()


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.EACCES, BadRemote),
        (errno.EROFS, BadRemote),
        (errno.EIO, RemoteUnreachable),
        (errno.ESTALE, RemoteUnreachable),
        (errno.ENOSPC, RemoteFull),
        (errno.EDQUOT, RemoteFull),
    ],
)
def test_errors_of_the_system_are_translated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[SyncError]
) -> None:
    monkeypatch.setattr(os, "fsync", raising(number))
    with pytest.raises(error) as failed:
        FolderRemote(folder).put({NAME: b"x"})
    assert failed.value.hint
    assert str(folder) in failed.value.message
    assert all_files(folder) == {}


def raising(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK])
def test_file_system_without_hard_links_works(folder: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "link", raising(number))
    remote = FolderRemote(folder)
    remote.put(FILES)
    assert all_files(folder) == FILES
    with pytest.raises(RemoteMoved):
        remote.put({NAME: b"other"})
    assert all_files(folder) == FILES


def test_without_hard_links_a_file_gets_its_name_after_its_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, flushed = os.fsync, []

    def flush(descriptor: int) -> None:
        flushed.append(os.fstat(descriptor).st_ino)
        assert not any(path.stat().st_ino == flushed[-1] for path in (folder / MARKER, folder / NAME) if path.exists())
        fsync(descriptor)

    monkeypatch.setattr(os, "link", raising(errno.EPERM))
    monkeypatch.setattr(os, "fsync", flush)
    FolderRemote(folder).put(FILES)
    assert all_files(folder) == FILES
    assert {path.stat().st_ino for path in folder.rglob("*.age")} <= {*flushed}


def test_nothing_is_added_if_another_machine_has_written_the_marker(folder: Path) -> None:
    (folder / MARKER).write_bytes(b"of another machine")
    with pytest.raises(RemoteMoved):
        FolderRemote(folder).put(FILES)
    assert all_files(folder) == {MARKER: b"of another machine"}


def test_full_disk_leaves_no_partial_file(tmp_path: Path) -> None:
    command = with_tiny_disk(tmp_path)
    if not shutil.which("unshare") or subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a tiny disk, and not everywhere")
    child = start_child("fill_folder", tmp_path, prefix=command)
    assert child.communicate()[0] == f"{sorted(FILES)} 3 RemoteFull"


class _Killed(BaseException):
    """Stands for a kill."""


def test_interrupted_replace_is_completed_by_doing_it_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = {MARKER: b"new", "laptop/0000000001-0000000004.age": b"a", "server/0000000001-0000000001.age": b"b"}
    calls = ("link", "open", "unlink", "replace", "mkdir", "fsync")
    for number in range(40):
        shutil.rmtree(folder)
        folder.mkdir()
        FolderRemote(folder).put(FILES)
        with monkeypatch.context() as patch:
            count_down = iter(range(number, -1, -1))
            for name in calls:
                patch.setattr(os, name, _dying(getattr(os, name), count_down))
            try:
                FolderRemote(folder).replace(new)
            except _Killed:
                pass
            else:
                break
        names = FolderRemote(folder).list()
        assert MARKER in names
        FolderRemote(folder).replace(new)
        assert dict(FolderRemote(folder).get(FolderRemote(folder).list())) == new
    assert number > 10


def _dying(function: Callable[..., Any], count_down: Any) -> Callable[..., Any]:  # noqa: ANN401  an iterator
    def call(*words: Any, **options: Any) -> Any:  # noqa: ANN401  as the function
        if next(count_down, 0) == 0:
            raise _Killed
        return function(*words, **options)

    return call


def test_leftovers_of_killed_programs_are_removed_after_a_day(folder: Path) -> None:
    remote = FolderRemote(folder)
    remote.put(FILES)
    names = (".valuelog-0123456789abcdef.tmp", "laptop/.valuelog-0123456789abcdef.tmp")
    for name in names:
        (folder / name).write_bytes(b"part")
    remote.put({"laptop/0000000003-0000000004.age": b"x"})
    assert all((folder / name).exists() for name in names)
    for name in names:
        os.utime(folder / name, (1, 1))
    remote.put({"laptop/0000000005-0000000006.age": b"x"})
    assert not any((folder / name).exists() for name in names)


def test_killed_publishers_lose_nothing(folder: Path) -> None:
    for number in range(15):
        kill_after(start_child("put_each", folder, folder.parent / "cache", "laptop"), number / 200)
    remote = FolderRemote(folder)
    assert all(data == bytes(5_000) for _, data in remote.get(remote.list()))
    assert len(remote.list()) > 10


@pytest.mark.parametrize("kind", ["folder", "link", "pipe", "dangling link"])
@pytest.mark.parametrize("name", ["valuelog.age", "server/0000000001-0000000001.age"])
def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "remote" / "server").mkdir(parents=True)
    path = tmp_path / "remote" / name
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case _:
            (tmp_path / "link").write_text("")
            path.symlink_to(tmp_path / kind)
    remote = FolderRemote(tmp_path / "remote")
    assert remote.list() == frozenset()
    with pytest.raises(BadRemote, match="isn't from valuelog"):
        remote.put({name: b"new"})


def test_link_in_place_of_a_device_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "remote").mkdir()
    (tmp_path / "private").mkdir()
    (tmp_path / "remote" / "server").symlink_to(tmp_path / "private")
    remote = FolderRemote(tmp_path / "remote")
    assert remote.list() == frozenset()
    with pytest.raises(BadRemote, match=r"server in .* isn't from valuelog"):
        remote.put({"server/0000000001-0000000001.age": b"new"})
    assert not list((tmp_path / "private").iterdir())
