"""What sync says and does when both machines changed the same things, over a git repository."""

import json
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import pytest

from support.env import process_environment
from support.machines import Machine, Network
from support.pseudo_terminal import PseudoTerminal
from support.remotes import git
from valuelog.sync import marker, segment

pytest.importorskip("pyrage")

CANARY = "zebra-quartz"
DAY = "2026-11-17"


class Pair:
    """A laptop and a desktop that sync over git and ssh."""

    def __init__(self, folder: Path) -> None:
        """Set up the laptop, with one entry, and let the desktop join."""
        self.network = Network(folder / "network")
        self.address = self.network.add_repository("example.org", "me/journal.git")
        self.repository = self.network.hosts / "example.org" / "me" / "journal.git"
        self.laptop, self.desktop = (Machine(self.network.hosts, name) for name in ("laptop", "desktop"))
        self.laptop.add("audit mails")
        for machine in (self.laptop, self.desktop):
            machine.variables["PATH"] = self.network.path
        self.desktop.join(self.laptop.set_up(self.address))

    def require_equal(self) -> None:
        """Check that both have the same, and nothing damaged, after both have synced."""
        for machine in (self.laptop, self.desktop, self.laptop):
            machine.sync()
        assert self.laptop.export() == self.desktop.export()
        for machine in (self.laptop, self.desktop):
            machine("doctor")


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def test_git_over_ssh_carries_changes_both_ways(pair: Pair) -> None:
    pair.desktop.add("from the desktop")
    assert pair.desktop.sync() == "Sent 1 change.\n"
    pair.laptop.add("from the laptop")
    assert pair.laptop.sync() == "Received 1 change from desktop, sent 1.\n"
    pair.require_equal()


def test_text_edited_on_both_machines_is_named_with_its_history(pair: Pair) -> None:
    name = pair.laptop.find_id("audit mails")
    pair.laptop("edit", name, "audited the mails")
    pair.desktop("edit", name, "audit all mails")
    pair.laptop.sync()
    said = pair.desktop.sync()
    short = re.search(r"You edited entry (\w+) on two machines", said)
    assert short
    assert name.startswith(short[1])
    assert f"See both: valuelog history {short[1]}\n" in said
    history = pair.desktop("history", short[1]).out
    assert "audited the mails" in history
    assert "audit all mails" in history
    assert list(pair.desktop.entries) == ["audit all mails"]
    assert pair.laptop.sync() == "Received 1 change from desktop.\n"  # saying it once is enough
    pair.require_equal()


def test_project_started_on_both_machines_becomes_one(pair: Pair) -> None:
    for machine in (pair.laptop, pair.desktop):
        machine("project", "start", "Refund flow", "--problem", "slow", "--measure", "days", "--aim", "1")
        machine("add", "activity", f"on the {machine.name}", "--project", "refund-flow")
    pair.laptop.sync()
    said = pair.desktop.sync()
    assert "refund-flow was started on two machines; both are one project now." in said
    assert "id" not in said.split()  # it keeps its own
    pair.require_equal()
    assert len(json.loads(pair.laptop("project", "--json").out)) == 1


def test_purge_erases_on_the_other_machine(pair: Pair) -> None:
    pair.laptop("backup")
    pair.laptop.add(CANARY)
    pair.laptop.sync()
    pair.desktop.sync()
    pair.desktop("backup")
    said = pair.laptop("delete", "--purge", "--confirm", pair.laptop.find_id(CANARY)).err
    assert "On the remote it stays, encrypted, until you run: valuelog sync rekey --compact\n" in said
    pair.laptop.sync()
    assert "1 record that you erased for good on another machine is now erased here, too.\n" in pair.desktop.sync()
    for path in pair.desktop.home.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path
    pair.require_equal()


def test_rebuilding_removes_erased_text_from_the_remote(pair: Pair) -> None:
    pair.laptop.add(CANARY)
    pair.laptop.sync()
    key = (pair.laptop.sync_folder / "key").read_text(encoding="utf-8").splitlines()[-1]
    assert CANARY in _read_texts(pair, key)
    pair.laptop("delete", "--purge", "--confirm", pair.laptop.find_id(CANARY))
    pair.laptop("sync", "rekey", "--compact")
    assert CANARY not in _read_texts(pair, key)
    pair.require_equal()


def _read_texts(pair: Pair, key: str) -> str:
    """Return what the key opens in the files of the remote."""
    names = git(pair.repository, "ls-tree", "-r", "--name-only", "valuelog").split()
    opened = [segment.unpack(name, git_show(pair.repository, name), key) for name in names if "/" in name]
    return "\n".join(str(change) for each in opened for change in each.changes)


def test_many_deletions_need_a_yes(pair: Pair) -> None:
    pair.laptop("import", "csv", "-", stdin=b"day,text\n" + b"".join(b"2026-11-18,entry %d\n" % n for n in range(30)))
    pair.laptop.sync()
    pair.desktop.sync()
    pair.laptop("undo")
    pair.laptop.sync()
    error = pair.desktop("sync", fails=1).err
    assert "delete 30 of 31 records here. Nothing was changed." in error
    assert "valuelog sync --yes" in error
    assert "Nothing was changed." in pair.desktop("sync", answers=[False], fails=1).err
    assert len(list(pair.desktop.entries)) == 31
    assert "Received 1 change from laptop." in pair.desktop("sync", answers=[True]).err
    assert len(list(pair.desktop.entries)) == 1
    pair.laptop("redo")
    pair.laptop.sync()
    pair.desktop.sync()
    pair.laptop("undo")
    pair.laptop.sync()
    pair.desktop("sync", "--yes")
    pair.require_equal()


def test_undo_concerns_only_changes_of_this_machine(pair: Pair) -> None:
    pair.desktop.add("from the desktop")
    pair.laptop.add("from the laptop")
    pair.laptop.sync()
    pair.desktop.sync()
    pair.laptop.sync()
    pair.laptop("undo")
    assert "from the laptop" not in pair.laptop.entries
    assert "from the desktop" in pair.laptop.entries
    pair.require_equal()
    assert "from the laptop" not in pair.desktop.entries


def test_nothing_readable_reaches_the_remote_or_the_mirror(pair: Pair) -> None:
    pair.laptop("add", "helped", f"@{CANARY} runs it", "-d", DAY)
    name = pair.laptop.find_id(f"@{CANARY} runs it")
    pair.laptop.sync()
    key = (pair.laptop.sync_folder / "key").read_text(encoding="utf-8").splitlines()[-1]
    secrets = [each.encode() for each in (CANARY, DAY, name, "laptop", "helped", "AGE-SECRET-KEY", key)]
    found = [*_list_objects(pair.repository), *_list_objects(pair.laptop.sync_folder / "remote" / "mirror.git")]
    assert found
    for content in found:
        assert not [secret for secret in secrets if secret in content]


def _list_objects(repository: Path) -> list[bytes]:
    """Return the content of every object and of every other file of a repository."""
    names = git(repository, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").split("\n")
    command = ["git", "cat-file", "--batch-all-objects", "--batch"]
    objects = subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout
    assert names
    return [objects, *(path.read_bytes() for path in repository.rglob("*") if path.is_file())]


def test_age_opens_the_files_with_the_key(pair: Pair) -> None:
    content = git_show(pair.repository, marker.MARKER_NAME)
    key = (pair.laptop.sync_folder / "key").read_text(encoding="utf-8").splitlines()[-1]
    assert content.startswith(b"age-encryption.org/v1\n")
    assert marker.unpack(content, key).generation == 1


def git_show(repository: Path, name: str) -> bytes:
    command = ["git", "show", f"refs/heads/valuelog:{name}"]
    return subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout


def test_offline_day_is_one_line_and_syncs_later(pair: Pair) -> None:
    host = pair.network.hosts / "example.org"
    host.rename(host.with_name("away"))
    pair.laptop.add("offline")
    error = pair.laptop("sync", fails=1).err
    assert error.count("\n") == 2
    assert "can't be reached: ssh: Could not resolve hostname example.org" in error
    assert "to send     1 change" in pair.laptop("sync", "status").out
    host.with_name("away").rename(host)
    assert pair.laptop.sync() == "Sent 1 change.\n"
    pair.require_equal()


def test_rekey_leaves_nothing_of_the_old_key_on_the_branch(pair: Pair) -> None:
    before = git(pair.repository, "rev-parse", "valuelog").strip()
    invitation = pair.laptop("sync", "rekey").out.encode()
    assert git(pair.repository, "rev-list", "--count", "valuelog").strip() == "1"
    assert before not in git(pair.repository, "rev-list", "valuelog")
    pair.desktop.join(invitation)
    pair.require_equal()


# Programs at once, and killed


def start(pair: Pair, machine: Machine, *words: str) -> "subprocess.Popen[bytes]":
    environ = process_environment(machine.home, PATH=pair.network.path)
    command = [sys.executable, "-m", "valuelog", *words]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_syncs_of_both_machines_at_once_lose_nothing(pair: Pair) -> None:
    for number in range(3):
        for machine in (pair.laptop, pair.desktop):
            machine.add(f"{machine.name} {number}")
        running = [start(pair, machine, "sync") for machine in (pair.laptop, pair.desktop)]
        outputs = [process.communicate() for process in running]
        assert [process.returncode for process in running] == [0, 0], outputs
    pair.require_equal()
    assert len(list(pair.laptop.entries)) == 7


@pytest.mark.slow
def test_two_syncs_of_one_machine_at_once(pair: Pair) -> None:
    pair.laptop.add("once")
    running = [start(pair, pair.laptop, "sync") for _ in range(2)]
    said = sorted(process.communicate()[1].decode() for process in running)
    assert said == ["Nothing new.\n", "Sent 1 change.\n"]
    pair.require_equal()


@pytest.mark.slow
def test_killed_sync_loses_nothing(pair: Pair) -> None:
    random = Random(20)  # noqa: S311  not for secrets
    for number in range(8):
        for machine in (pair.laptop, pair.desktop):
            machine.add(f"{machine.name} {number}")
            process = start(pair, machine, *random.choice([("sync",), ("sync", "rekey", "--compact")]))
            time.sleep(random.uniform(0.15, 0.9))
            process.send_signal(signal.SIGKILL)
            process.communicate()
    pair.require_equal()
    assert len(list(pair.laptop.entries)) == 17


def test_key_is_not_in_the_process_list(pair: Pair) -> None:
    invitation = pair.laptop("sync", "invite").out
    key = invitation.split(":")[3]
    seen: set[str] = set()
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.is_set():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(path.read_bytes().decode(errors="replace"))
                except OSError:
                    continue

    if not Path("/proc/self/cmdline").exists():
        pytest.skip("there is no /proc")
    watcher = threading.Thread(target=watch)
    watcher.start()
    pair.laptop.add("audit more mails")
    pair.laptop.sync()
    stopped.set()
    watcher.join()
    assert seen
    assert not [line for line in seen if key in line]


# At a terminal


def test_invitation_is_hidden_while_it_is_pasted(pair: Pair) -> None:
    invitation = pair.laptop("sync", "invite").out.strip()
    server = Machine(pair.network.hosts, "server")
    environ = process_environment(server.home, PATH=pair.network.path)
    terminal = PseudoTerminal(
        [sys.executable, "-m", "valuelog", "sync", "join", "--name", "server"], environ, wide=80, home=server.home
    )
    while "isn't shown):" not in terminal.screen_text:
        assert terminal.read() is not None, terminal.screen_text
    terminal.child.send(f"{invitation}\n")
    while terminal.read() is not None:
        pass
    terminal.child.close()
    assert "Joined git@example.org:me/journal.git as server." in terminal.screen_text
    assert "AGE-SECRET" not in terminal.output


def test_invitation_is_explained_on_a_terminal(pair: Pair) -> None:
    environ = process_environment(pair.laptop.home, PATH=pair.network.path)
    command = [sys.executable, "-m", "valuelog", "sync", "invite"]
    terminal = PseudoTerminal(command, environ, wide=80, home=pair.laptop.home)
    while terminal.read() is not None:
        pass
    terminal.child.close()
    assert "password manager" in terminal.screen_text
    assert "valuelog1:" in terminal.screen_text
