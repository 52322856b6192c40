"""rclone's services as remotes: errors, and that rclone gets nothing but sealed files."""

from pathlib import Path

import pytest

from support.fake_programs import install_fake_program
from support.remotes import FILES, Place, open_place
from support.requirements import requires_program
from valuelog.sync.errors import BadRemote, RemoteFull, RemoteMoved, RemoteUnreachable, SyncError
from valuelog.sync.remote import open_remote

NAME = "laptop/0000000001-0000000002.age"


@requires_program("rclone")
def test_local_paths_and_missing_folders_work(tmp_path: Path) -> None:
    for address in (f"rclone::local:{tmp_path}/a/b", f"rclone:{tmp_path}/c d"):
        place = Place(address, tmp_path, tmp_path)
        remote = place.open()
        assert remote.list() == frozenset()
        remote.put(FILES)
        other = place.open("desktop")
        assert dict(other.get(other.list())) == FILES


@requires_program("rclone")
def test_other_files_are_ignored_and_kept(tmp_path: Path) -> None:
    with open_place("rclone", tmp_path / "home") as place:
        for name in ("notes.txt", "laptop/0000000001-0000000002.sync-conflict.age", "a/b/c/x.age", "#x", "é\n.age"):
            (place.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (place.folder / name).write_text("other")
        remote = place.open()
        assert remote.list() == frozenset()
        remote.put(FILES)
        remote.replace({"valuelog.age": b"new"})
        assert remote.list() == {"valuelog.age"}
        assert len([path for path in place.folder.rglob("*") if path.is_file()]) == 6


@requires_program("rclone")
def test_file_published_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with open_place("rclone", tmp_path / "home") as place:
        remote = place.open()
        remote.list()
        (place.folder / "laptop").mkdir()
        (place.folder / NAME).write_text("from another machine")
        with pytest.raises(RemoteMoved):
            remote.put({NAME: b"mine"})
        assert (place.folder / NAME).read_text() == "from another machine"


@requires_program("rclone")
def test_unknown_remote_is_refused(tmp_path: Path) -> None:
    place = Place("rclone:drive:x", tmp_path, tmp_path, {"RCLONE_CONFIG": str(tmp_path / "none.conf")})
    with pytest.raises(BadRemote, match=r"denied you access: .*didn't find section in config file") as failed:
        place.open().list()
    assert failed.value.hint == "Try: rclone lsf drive:x"


@requires_program("rclone")
def test_no_temporary_files_are_left_in_the_cache(tmp_path: Path) -> None:
    with open_place("rclone", tmp_path / "home") as place:
        remote = place.open()
        remote.put(FILES)
        dict(remote.get(FILES))
        remote.replace(FILES)
        assert not [path for path in (place.home / "cache").rglob("*") if path.is_file()]


def test_missing_rclone_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRemote, match="needs rclone, which is not installed"):
        open_remote("rclone:drive:x", tmp_path, environ={"PATH": str(tmp_path)})


_LOG = "echo '2026/11/20 18:30:00"


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        (
            f"{_LOG} ERROR : x: googleapi: Error 403: quota has been exceeded' >&2; exit 1",
            RemoteFull,
            "no space",
        ),
        (
            f"{_LOG} Failed to lsf: dial tcp: no such host' >&2; exit 1",
            RemoteUnreachable,
            "no such host",
        ),
        (f"{_LOG} ERROR : : error listing: AccessDenied: no' >&2; exit 1", BadRemote, "AccessDenied"),
        ("exit 7", RemoteUnreachable, "rclone exited with code 7"),
        ("sleep 30 & sleep 30", RemoteUnreachable, "within 0.5 seconds"),
    ],
)
def test_failures_are_one_line(tmp_path: Path, script: str, error: type[SyncError], message: str) -> None:
    environ = install_fake_program(tmp_path, "rclone", script)
    remote = open_remote("rclone:drive:x", tmp_path / "cache", environ=environ, timeout=0.5, interactive=False)
    with pytest.raises(error, match=message) as failed:
        remote.list()
    assert "\n" not in failed.value.message
    assert failed.value.hint


def test_rclone_is_told_not_to_ask_unless_interactive(tmp_path: Path) -> None:
    environ = install_fake_program(tmp_path, "rclone", f'echo "$@" >>{tmp_path}/words')
    for interactive in (True, False):
        open_remote("rclone:drive:x", tmp_path / "cache", environ=environ, interactive=interactive).list()
    first, second = (tmp_path / "words").read_text().splitlines()
    assert "--ask-password=false" not in first
    assert "--ask-password=false" in second
