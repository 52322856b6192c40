"""A git repository as a remote: what is in its commits, races, rebuilding, errors, and that it runs no program."""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from support.fake_programs import install_fake_program
from support.remote_children import kill_after, start_child
from support.remotes import FILES, Place, free_port, git, make_bare_repository, open_place, run_git_daemon, run_sshd
from support.requirements import requires_program
from support.subprocesses import with_tiny_disk
from valuelog.sync.errors import (
    BadRemote,
    CacheFailed,
    RemoteMoved,
    RemoteUnreachable,
    SyncError,
)
from valuelog.sync.remote import Remote, open_remote

BRANCH = "refs/heads/valuelog"
NAME = "laptop/0000000001-0000000002.age"
NEW = {"server/0000000001-0000000001.age": b"new"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return an empty repository, by its path."""
    return Place(str(make_bare_repository(tmp_path / "remote")), tmp_path / "remote", tmp_path)


def contents(remote: Remote) -> dict[str, bytes]:
    return dict(remote.get(sorted(remote.list())))


def failure(action: Callable[[], object]) -> SyncError:
    with pytest.raises(SyncError) as failed:
        action()
    assert "\n" not in failed.value.message
    assert failed.value.hint
    return failed.value


# What is stored


def test_commit_tells_when_and_nothing_else(place: Place) -> None:
    before = int(time.time())
    remote = place.open()
    remote.put(FILES)
    remote.put(NEW)
    assert git(place.folder, "for-each-ref", "--format=%(refname)").split() == [BRANCH]
    for text in git(place.folder, "log", "--format=%an|%ae|%cn|%ce|%B|%ad|%cd", "--date=raw", BRANCH).split("\n\n"):
        author, email, committer, committer_email, message, dates, _ = [*text.strip().split("|"), ""][:7]
        assert (author, email, committer, committer_email, message.strip()) == ("valuelog", "", "valuelog", "", "")
        seconds, zone = dates.split()
        assert before <= int(seconds) <= time.time()
        assert zone == "+0000"
    assert len(git(place.folder, "rev-list", BRANCH).split()) == 2
    assert set(git(place.folder, "ls-tree", "-r", "--name-only", BRANCH).split()) == {*FILES, *NEW}
    git(place.folder, "fsck", "--strict")


def test_other_files_and_branches_are_ignored_and_kept(place: Place) -> None:
    tree = git(place.folder, "mktree", "--missing", stdin=_rows(place)).strip()
    commit = git(place.folder, "commit-tree", tree, "-m", "by hand").strip()
    for branch in ("valuelog", "valuelog-old", "main", "valuelogs/deeper"):
        git(place.folder, "update-ref", f"refs/heads/{branch}", commit)
    remote = place.open()
    assert remote.list() == {"valuelog.age"}
    remote.put({NAME: b"x"})
    assert contents(remote) == {"valuelog.age": b"text\n", NAME: b"x"}
    names = git(place.folder, "ls-tree", "-r", "--name-only", BRANCH).split()
    assert names == [".gitattributes", "README", NAME, "link.age", "phone/0000000001-0000000002.age", "valuelog.age"]
    assert git(place.folder, "rev-parse", "main", "valuelog-old").split() == [commit, commit]


def _rows(place: Place) -> bytes:
    blob = git(place.folder, "hash-object", "-w", "--stdin", stdin=b"text\n").strip()
    link = git(place.folder, "mktree", stdin=f"120000 blob {blob}\t0000000001-0000000002.age\n".encode()).strip()
    names = (("100644", ".gitattributes"), ("100644", "README"), ("120000", "link.age"), ("100755", "valuelog.age"))
    rows = [f"{mode} blob {blob}\t{name}\n" for mode, name in names] + [f"040000 tree {link}\tphone\n"]
    return "".join(rows).encode()


def test_branch_that_is_no_commit_is_a_bad_remote(place: Place) -> None:
    blob = git(place.folder, "hash-object", "-w", "--stdin", stdin=b"text\n").strip()
    (place.folder / "refs" / "heads" / "valuelog").write_text(f"{blob}\n")
    for _ in range(2):
        assert "isn't from valuelog" in failure(place.open().list).message
    git(place.folder, "update-ref", "-d", BRANCH)
    place.open().put(FILES)
    assert contents(place.open("desktop")) == FILES


# Races, rebuilding, rewinding


def test_trees_within_trees_are_not_opened(place: Place) -> None:
    folder = place.folder
    blob = git(folder, "hash-object", "-w", "--stdin", stdin=b"x").strip()
    tree = git(folder, "mktree", stdin=f"100644 blob {blob}\t0000000001-0000000001.age\n".encode()).strip()
    for _ in range(12):
        rows = "".join(f"040000 tree {tree}\t{name}\n" for name in range(10))
        tree = git(folder, "mktree", stdin=rows.encode()).strip()
    git(folder, "update-ref", BRANCH, git(folder, "commit-tree", "-m", "x", tree).strip())
    assert place.open(timeout=10).list() == frozenset()


def test_more_devices_than_a_person_has_are_refused(place: Place) -> None:
    empty = git(place.folder, "mktree").strip()
    rows = "".join(f"040000 tree {empty}\td{number:04}\n" for number in range(1_001))
    tree = git(place.folder, "mktree", stdin=rows.encode()).strip()
    git(place.folder, "update-ref", BRANCH, git(place.folder, "commit-tree", "-m", "x", tree).strip())
    assert "isn't from valuelog" in failure(place.open().list).message


def test_replace_refuses_if_another_machine_published_meanwhile(place: Place) -> None:
    laptop, desktop = place.open(), place.open("desktop")
    laptop.put(FILES)
    assert desktop.list() == frozenset(FILES)
    laptop.put(NEW)
    with pytest.raises(RemoteMoved):
        desktop.replace({"valuelog.age": b"other"})
    assert contents(desktop) == FILES | NEW
    desktop.replace({"valuelog.age": b"other"})
    assert contents(laptop) == {"valuelog.age": b"other"}


def test_two_first_publishers_dont_overwrite_each_other(place: Place) -> None:
    laptop, desktop = place.open(), place.open("desktop")
    assert laptop.list() == desktop.list() == frozenset()
    laptop.put(FILES)
    for action in (desktop.put, desktop.replace, desktop.put):
        with pytest.raises(RemoteMoved):
            action(NEW)
    assert contents(place.open("server")) == FILES
    assert desktop.list() == frozenset(FILES)
    desktop.put(NEW)
    assert contents(laptop) == FILES | NEW


def test_rebuilding_removes_the_old_objects_from_every_mirror(place: Place) -> None:
    laptop, desktop = place.open(), place.open("desktop")
    laptop.put(FILES)
    laptop.put({f"laptop/{number:010}-{number:010}.age": b"%d" % number for number in range(3, 300)})
    desktop.put(NEW)
    laptop.list()
    old = git(place.folder, "rev-parse", f"{BRANCH}:{NAME}", f"{BRANCH}", f"{BRANCH}^{{tree}}").split()
    mirrors = [place.home / "cache" / machine / "mirror.git" for machine in ("laptop", "desktop")]
    assert all(has_object(mirror, name) for mirror in mirrors for name in old)
    laptop.replace({"valuelog.age": b"new"})
    assert not any(has_object(mirrors[0], name) for name in old)
    assert has_object(mirrors[1], old[0])
    assert desktop.list() == {"valuelog.age"}
    assert not any(has_object(mirrors[1], name) for name in old)
    assert len(git(place.folder, "rev-list", BRANCH).split()) == 1


def has_object(repository: Path, name: str) -> bool:
    command = ["git", f"--git-dir={repository}", "cat-file", "-e", name]
    return not subprocess.run(command, check=False, capture_output=True).returncode


def test_rewound_remote_shows_what_it_has_and_takes_the_rest_again(place: Place) -> None:
    laptop = place.open()
    laptop.put(FILES)
    laptop.put(NEW)
    git(place.folder, "update-ref", BRANCH, f"{BRANCH}~1")
    git(place.folder, "reflog", "expire", "--expire=now", "--all")
    git(place.folder, "gc", "--quiet", "--prune=now")
    assert contents(laptop) == FILES
    laptop.put(NEW)
    assert contents(place.open("desktop")) == FILES | NEW


def test_remote_that_was_created_anew_is_empty(place: Place) -> None:
    laptop = place.open()
    laptop.put(FILES)
    shutil.rmtree(place.folder)
    make_bare_repository(place.folder)
    assert laptop.list() == frozenset()
    laptop.put(FILES)
    assert contents(place.open("desktop")) == FILES


@pytest.mark.slow
def test_mirror_stays_small_after_hundreds_of_syncs(place: Place) -> None:
    laptop = place.open()
    laptop.list()
    for number in range(1, 60):
        laptop.put({f"laptop/{number:010}-{number:010}.age": random.Random(number).randbytes(500)})  # noqa: S311  no secret
    mirror = place.home / "cache" / "laptop" / "mirror.git"
    assert sum(path.stat().st_size for path in mirror.rglob("*") if path.is_file()) < 300_000


# Damage


@pytest.mark.parametrize("damage", ["objects", "lock", "packed", "head", "config", "ref", "empty", "tmp"])
def test_damaged_mirror_is_fetched_anew(place: Place, damage: str) -> None:
    laptop = place.open()
    laptop.put(FILES)
    laptop.put(NEW)
    mirror = place.home / "cache" / "laptop" / "mirror.git"
    damage_mirror(mirror, damage)
    place.open("desktop").put({"desktop/0000000011-0000000012.age": b"more"})
    expected = FILES | NEW | {"desktop/0000000011-0000000012.age": b"more"}
    again = place.open()
    for _ in range(5):
        try:
            assert contents(again) == expected
            again.put({"laptop/0000000003-0000000003.age": b"3"})
            break
        except RemoteMoved:
            continue
    assert contents(place.open("server")) == expected | {"laptop/0000000003-0000000003.age": b"3"}
    assert not list(mirror.glob("objects/pack/tmp_*"))


def damage_mirror(mirror: Path, damage: str) -> None:
    if damage == "objects":
        for path in (path for path in (mirror / "objects").rglob("*") if path.is_file()):
            path.chmod(0o600)
            path.write_bytes(b"")
    elif damage == "lock":
        (mirror / "refs" / "seen" / "valuelog.lock").write_text("")
        (mirror / "packed-refs.lock").write_text("")
    elif damage == "packed":
        (mirror / "packed-refs").write_text("no refs\n")
    elif damage == "ref":
        (mirror / "refs" / "seen" / "valuelog").write_text("")
    elif damage == "empty":
        shutil.rmtree(mirror)
        mirror.mkdir()
    elif damage == "tmp":
        (mirror / "objects" / "pack").mkdir(exist_ok=True)
        (mirror / "objects" / "pack" / "tmp_pack_x").write_bytes(b"part")
    else:
        (mirror / {"head": "HEAD", "config": "config"}[damage]).write_text("[broken")


@pytest.mark.slow
def test_killed_publishers_lose_nothing(place: Place) -> None:
    cache = place.home / "cache" / "laptop"
    chance = random.Random(3)  # noqa: S311  not for secrets
    for _ in range(15):
        kill_after(start_child("put_each", place.address, cache, "laptop"), chance.random() / 3)
    remote = place.open()
    names = remote.list()
    assert len(names) > 3
    assert {f"laptop/{number:010}-{number:010}.age" for number in range(1, len(names) + 1)} == names
    assert all(data == bytes(5_000) for _, data in remote.get(names))
    git(place.folder, "fsck", "--strict")


@pytest.mark.slow
def test_killed_rebuilders_leave_old_or_new_files(place: Place) -> None:
    place.open().put(FILES)
    chance = random.Random(4)  # noqa: S311  not for secrets
    for number in range(10):
        child = start_child("replace_repeatedly", place.address, place.home / "cache" / "laptop", number)
        kill_after(child, chance.random() / 3)
        now = contents(place.open("desktop"))
        assert now.keys() == FILES.keys()
        assert len(set(now.values())) == 1 or now == FILES


@pytest.mark.slow
def test_two_processes_share_a_cache(place: Place) -> None:
    children = [start_child("put_each", place.address, place.home / "cache" / "laptop", f"d{n}") for n in range(2)]
    for child in children:
        kill_after(child, 0.7)
    assert all(data == bytes(5_000) for data in contents(place.open()).values())


# Errors


def test_missing_repository_by_path_is_unreachable(place: Place) -> None:
    remote = place.open()
    remote.list()
    shutil.rmtree(place.folder)
    assert isinstance(failure(remote.list), RemoteUnreachable)
    assert isinstance(failure(place.open().list), RemoteUnreachable)
    place.folder.mkdir()
    error = failure(place.open().list)
    assert isinstance(error, BadRemote)
    assert "There is no git repository at" in error.message


@requires_program("sshd")
def test_errors_of_ssh_are_told_apart(tmp_path: Path) -> None:
    with open_place("ssh", tmp_path / "home") as place:
        place.open().put(FILES)
        host, _, path = place.address.removeprefix("ssh://").partition("/")
        absent = Place(f"ssh://{host}/{path}x", place.folder, place.home, place.more)
        assert "There is no git repository at" in failure(absent.open().list).message
        ssh = place.more["GIT_SSH_COMMAND"]
        stranger = Place(place.address, place.folder, place.home, {"GIT_SSH_COMMAND": ssh.replace("/user", "/host")})
        error = failure(stranger.open("stranger").list)
        assert isinstance(error, BadRemote)
        assert "denied you access: " in error.message
        assert "Permission denied" in error.message
        unknown = {"GIT_SSH_COMMAND": ssh.replace("/known", "/unknown")}
        error = failure(Place(place.address, place.folder, place.home, unknown).open("stranger").list)
        assert "ssh doesn't know the host" in error.message
    error = failure(place.open().list)
    assert isinstance(error, RemoteUnreachable)
    assert "Connection refused" in error.message


def test_errors_of_the_daemon_are_told_apart(tmp_path: Path) -> None:
    with open_place("daemon", tmp_path / "home") as place:
        absent = Place(f"{place.address}x", place.folder, place.home)
        assert "There is no git repository at" in failure(absent.open().list).message
    assert isinstance(failure(place.open().list), RemoteUnreachable)
    readable = make_bare_repository(tmp_path / "base" / "remote")
    git(readable, "config", "daemon.receivepack", "false")
    with run_git_daemon(tmp_path / "base") as port:
        readonly = Place(f"git://127.0.0.1:{port}/remote", readable, tmp_path)
        assert readonly.open().list() == frozenset()
        error = failure(lambda: readonly.open().put(FILES))
        assert isinstance(error, BadRemote), error.message


def test_unknown_host_is_unreachable(tmp_path: Path) -> None:
    place = Place("git://host.invalid/x", tmp_path, tmp_path)
    assert isinstance(failure(place.open().list), RemoteUnreachable)
    web = Place(f"http://127.0.0.1:{free_port()}/x", tmp_path, tmp_path)
    assert isinstance(failure(web.open().list), RemoteUnreachable)


def test_password_of_an_address_is_never_shown(tmp_path: Path) -> None:
    place = Place(f"http://me:secret@127.0.0.1:{free_port()}/x", tmp_path, tmp_path)
    error = failure(place.open().list)
    assert "secret" not in error.message + error.hint


def test_host_that_asks_for_a_password_is_refused_without_a_prompt(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        subprocess_answer(server, b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n')
        install_fake_program(tmp_path, "ask", f"touch {tmp_path}/asked")
        windows = dict.fromkeys(("GIT_ASKPASS", "SSH_ASKPASS"), str(tmp_path / "bin" / "ask"))
        place = Place(f"http://127.0.0.1:{server.getsockname()[1]}/x", tmp_path, tmp_path, windows)
        error = failure(place.open().list)
        assert isinstance(error, BadRemote)
        assert "denied you access" in error.message
        assert not (tmp_path / "asked").exists()


def subprocess_answer(server: socket.socket, answer: bytes) -> None:
    """Give each client the same answer, in a thread that ends with the server."""
    from threading import Thread  # noqa: PLC0415  only here

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                client.recv(10_000)
                client.sendall(answer)

    Thread(target=serve, daemon=True).start()


@pytest.mark.slow
def test_silent_host_is_unreachable_after_the_timeout_and_leaves_no_process(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for address in (f"git://127.0.0.1:{port}/x", f"http://127.0.0.1:{port}/x", f"ssh://127.0.0.1:{port}/x"):
            began = time.monotonic()
            remote = Place(address, tmp_path, tmp_path).open(timeout=0.7)
            error = failure(remote.list)
            assert isinstance(error, RemoteUnreachable)
            assert "within 0.7 seconds" in error.message
            assert time.monotonic() - began < 3
            assert isinstance(failure(remote.list), RemoteUnreachable)
            while str(port) in running_commands() and time.monotonic() - began < 10:
                time.sleep(0.02)  # until the system has removed what was killed
            assert str(port) not in running_commands()


def running_commands() -> str:
    texts = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            texts.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(texts)


def test_missing_git_is_named(tmp_path: Path) -> None:
    error = failure(lambda: open_remote("git://x/y", tmp_path, environ={"PATH": str(tmp_path)}))
    assert "needs git, which is not installed" in error.message


def test_refusing_host_is_quoted(place: Place) -> None:
    git(place.folder, "config", "receive.denyNonFastForwards", "true")
    remote = place.open()
    remote.put(FILES)
    error = failure(lambda: remote.replace(NEW))
    assert isinstance(error, BadRemote)
    assert "non-fast-forward" in error.message
    assert contents(remote) == FILES


def test_full_disk_on_the_remote_and_here(place: Place, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = with_tiny_disk(disk)
    if not shutil.which("unshare") or subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a tiny disk, and not everywhere")
    child = start_child("fill_repository", disk, tmp_path / "cache", prefix=command)
    assert child.communicate()[0] == "3 RemoteFull"
    place.open("desktop").put(FILES)
    child = start_child("fill_cache", disk, place.address, prefix=command)
    assert child.communicate()[0] == "CacheFailed"
    assert contents(place.open()) == FILES


def test_cache_that_cannot_be_written_is_named(place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = failure(open_remote(place.address, tmp_path / "file", environ=place.environ).list)
    assert isinstance(error, CacheFailed)
    assert str(tmp_path / "file") in error.message


# No program of others runs


def test_neither_hooks_nor_config_of_others_run_a_program(place: Place, tmp_path: Path) -> None:
    spy = f"touch {tmp_path}/ran"
    hooks = tmp_path / "hooks"
    for folder in (hooks, place.folder / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in (
            "pre-push", "reference-transaction", "pre-receive", "update", "post-receive", "post-update", "pre-auto-gc",
            "proc-receive", "push-to-checkout", "post-checkout", "fsmonitor-watchman",
        ):  # fmt: skip
            (folder / name).write_text(f"#!/bin/sh\n{spy}\n")
            (folder / name).chmod(0o755)
    settings = {
        "core.hooksPath": str(hooks), "core.fsmonitor": spy, "core.alternateRefsCommand": spy, "gpg.program": spy,
        "commit.gpgSign": "true", "push.gpgSign": "true", "filter.lfs.clean": spy, "filter.lfs.smudge": spy,
        "filter.lfs.process": spy, "core.pager": spy, "core.editor": spy, "diff.external": spy,
        "core.attributesFile": str(tmp_path / "attributes"), "push.pushOption": "x", "fetch.recurseSubmodules": "yes",
        "uploadpack.packObjectsHook": spy,
    }  # fmt: skip
    (tmp_path / "attributes").write_text("* filter=lfs diff=lfs\n")
    for name, value in settings.items():
        git(place.folder, "config", name, value)
        if name != "uploadpack.packObjectsHook":  # the user's own
            git(tmp_path, "config", "-f", str(tmp_path / ".gitconfig"), name, value)
    (place.folder / "objects" / "info").mkdir(exist_ok=True)
    other = make_bare_repository(tmp_path / "other")
    (place.folder / "objects" / "info" / "alternates").write_text(f"{other}/objects\n")
    laptop, desktop = place.open(), place.open("desktop")
    laptop.put(FILES)
    assert contents(desktop) == FILES
    desktop.put(NEW)
    laptop.list()
    laptop.replace(FILES)
    assert contents(desktop) == FILES
    assert not (tmp_path / "ran").exists()


def test_repository_that_claims_to_be_a_partial_clone_runs_no_program(place: Place, tmp_path: Path) -> None:
    laptop = place.open()
    laptop.put({f"laptop/{number:010}-{number:010}.age": os.urandom(50) for number in range(20, 60)})
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    spy.chmod(0o700)
    settings = {
        "core.repositoryFormatVersion": "1", "extensions.partialClone": "other", "remote.other.promisor": "true",
        "remote.other.url": str(make_bare_repository(tmp_path / "other")), "remote.other.uploadpack": str(spy),
    }  # fmt: skip
    for name, value in settings.items():
        git(place.folder, "config", name, value)
    tree = git(place.folder, "rev-parse", f"{BRANCH}:laptop").strip()  # what is pushed is a delta to it
    (place.folder / "objects" / tree[:2] / tree[2:]).unlink()
    failure(lambda: laptop.put({"laptop/0000000070-0000000071.age": b"new"}))
    failure(place.open("desktop").list)
    assert not (tmp_path / "ran").exists()


def test_no_garbage_is_collected_by_the_config_of_a_repository(place: Place) -> None:
    for name, value in {"gc.auto": "1", "gc.autoDetach": "false", "receive.autogc": "true"}.items():
        git(place.folder, "config", name, value)
    laptop = place.open()
    for text in ("32", "119", "334"):  # git looks into the folder 17 to guess how many loose objects there are
        assert git(place.folder, "hash-object", "-w", "--stdin", stdin=text.encode()).startswith("17")
    laptop.put(FILES)
    assert not list((place.folder / "objects" / "pack").glob("*.pack"))


def test_transport_helpers_are_refused_even_by_the_users_config(place: Place, tmp_path: Path) -> None:
    address = "ssh://example.org/x"
    git(tmp_path, "config", "-f", str(tmp_path / ".gitconfig"), f"url.ext::touch {tmp_path}/ran.insteadOf", address)
    git(tmp_path, "config", "-f", str(tmp_path / ".gitconfig"), "protocol.ext.allow", "always")
    error = failure(Place(address, place.folder, tmp_path).open().list)
    assert "transport that valuelog doesn't allow" in error.message
    assert not (tmp_path / "ran").exists()


def test_variables_of_another_repository_dont_count(place: Place, tmp_path: Path) -> None:
    other = make_bare_repository(tmp_path / "other")
    more = {
        "GIT_DIR": str(other), "GIT_OBJECT_DIRECTORY": str(other / "objects"), "GIT_TRACE": str(tmp_path / "trace"),
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.bare", "GIT_CONFIG_VALUE_0": "false", "GIT_INDEX_FILE": "/x",
        "GIT_ALLOW_PROTOCOL": "none", "GIT_NAMESPACE": "x",
    }  # fmt: skip
    remote = Place(place.address, place.folder, tmp_path, more).open()
    remote.put(FILES)
    assert contents(place.open("desktop")) == FILES
    assert not (tmp_path / "trace").exists()
    assert not git(other, "for-each-ref")


@pytest.mark.parametrize(
    ("variables", "config", "interactive", "expected"),
    [
        ({}, "", False, "-o BatchMode=yes"),
        ({}, "", True, ""),
        ({"GIT_SSH_COMMAND": "ssh -x"}, "", False, "-x"),
        ({}, "ssh -y", False, "-y"),
        ({"GIT_SSH": "ssh"}, "", False, ""),
    ],
)
def test_ssh_asks_only_if_interactive(
    tmp_path: Path, variables: dict[str, str], config: str, expected: str, *, interactive: bool
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ssh").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/words\nexit 1\n')
    (tmp_path / "bin" / "ssh").chmod(0o755)
    if config:
        git(tmp_path, "config", "-f", str(tmp_path / ".gitconfig"), "core.sshCommand", config)
    environ = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "HOME": str(tmp_path), **variables}
    failure(open_remote("me@example.org:x", tmp_path, environ=environ, interactive=interactive).list)
    words = (tmp_path / "words").read_text().splitlines()[-1].partition(" git-upload-pack")[0]
    assert words.replace("-o SendEnv=GIT_PROTOCOL ", "") == f"{expected} me@example.org".strip()


@requires_program("sshd")
def test_sealed_files_travel_over_ssh_with_a_relative_path(tmp_path: Path) -> None:
    with run_sshd(tmp_path) as (port, ssh):
        make_bare_repository(tmp_path / "remote")
        place = Place(
            f"127.0.0.1:{tmp_path}/remote", tmp_path / "remote", tmp_path, {"GIT_SSH_COMMAND": f"{ssh} -p {port}"}
        )
        place.open().put(FILES)
        assert contents(place.open("desktop")) == FILES


def test_interactive_git_asks_on_the_terminal(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        subprocess_answer(server, b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n')
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        program = (
            f"from support.remote_children import *; print(main('fill_cache', {str(tmp_path)!r}, {address!r}, 'ask'))"
        )
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "HOME": str(tmp_path)}
        terminal = pexpect.spawn(sys.executable, ["-c", program], env=environ, encoding="utf-8", timeout=30)
        terminal.expect("Username for")
        terminal.sendline("me")
        terminal.expect("Password for")
        terminal.sendline("secret")
        terminal.expect("BadRemote")
        terminal.close()
