"""What can go wrong with a remote: each is one line that says what, and one that says what to do."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from support.homes import Home, open_homes
from support.makers import close_after_test
from support.remotes import Place, git
from support.requirements import requires_program
from support.subprocesses import with_tiny_disk
from valuelog.journal.log import RawChange
from valuelog.journal.replication import chain_hash_of, list_heads
from valuelog.journal.store import open_journal
from valuelog.sync import marker, segment
from valuelog.sync.errors import WrongKey
from valuelog.sync.sealing import new_key, unseal

pytest.importorskip("pyrage")

BRANCH = "refs/heads/valuelog"


class Pair(NamedTuple):
    """Two homes in sync, each with an entry, and their remote: a folder, or a repository by its path."""

    place: Place
    laptop: Home
    desktop: Home

    @property
    def is_git(self) -> bool:
        """Whether the remote is a repository."""
        return (self.place.folder / "HEAD").exists()

    def read_state(self) -> str:
        """Return the state of the remote, to go back to it."""
        if self.is_git:
            return git(self.place.folder, "rev-parse", BRANCH).strip()
        return "\n".join(self.names())

    def names(self) -> list[str]:
        """List the files of a folder."""
        return [str(path.relative_to(self.place.folder)) for path in self.place.folder.rglob("*.age")]

    def rewind(self, state: str) -> None:
        """Go back to a state; to nothing at all if it is empty."""
        if self.is_git:
            git(self.place.folder, "update-ref", *(["-d", BRANCH] if not state else [BRANCH, state]))
        else:
            for name in {*self.names()} - {*state.split("\n")}:
                (self.place.folder / name).unlink()

    def require_equal(self) -> None:
        """Check that both have the same after both have synced."""
        for home in (self.laptop, self.desktop, self.laptop):
            home.sync()
        assert self.laptop("export", "jsonl").out == self.desktop("export", "jsonl").out


@pytest.fixture(params=["folder", pytest.param("path", marks=requires_program("git"))])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    with open_homes(request.param, tmp_path, "laptop", "desktop") as (place, (laptop, desktop)):
        laptop.add("on the laptop")
        desktop.add("on the desktop")
        desktop.join(laptop.set_up(laptop.address))
        laptop.sync()
        yield Pair(place, laptop, desktop)


def fail(home: Home, *words: str) -> tuple[str, str]:
    """Run a command that fails and changes nothing in the journal; return both lines of its message."""
    before = home.journal.read_bytes()
    output = home(*(words or ["sync"]), fails=1)
    assert output.out == ""
    assert home.journal.read_bytes() == before
    message, hint = output.err.splitlines()
    assert message.startswith("valuelog: ")
    assert message.endswith(".")
    return message.removeprefix("valuelog: "), hint


def sync_unchanged(home: Home) -> str:
    """Sync, and check that this changes nothing in the journal; return what it says."""
    before = home.journal.read_bytes()
    said = home.sync()
    assert home.journal.read_bytes() == before
    return said


# Keys


def test_lost_machine_is_locked_out(pair: Pair, tmp_path: Path) -> None:
    lost = Home(tmp_path, "lost", pair.place)
    lost.join(pair.laptop("sync", "invite").out.encode())
    lost.sync()
    old_key = (lost.sync_folder / "key").read_text().splitlines()[-1]
    pair.laptop.sync()
    invitation = pair.laptop("sync", "rekey").out.encode()
    pair.desktop.join(invitation)
    pair.desktop.add("written after the loss")
    pair.require_equal()
    message, hint = fail(lost)
    assert message == "The key of this machine doesn't open what is on the remote. Nothing was changed."
    assert "valuelog sync join" in hint
    opened = pair.place.open("thief")
    for _, content in opened.get(sorted(opened.list())):
        with pytest.raises(WrongKey):
            unseal(content, old_key)
    assert "written after the loss" not in lost.entries
    assert fail(lost, "sync", "rekey") == (message, hint)
    pair.require_equal()


def test_lost_key_says_join_and_the_invitation_brings_it_back(pair: Pair) -> None:
    invitation = pair.laptop("sync", "invite").out.encode()
    (pair.desktop.sync_folder / "key").unlink()
    for words in (["sync"], ["sync", "invite"], ["sync", "rekey"]):
        assert fail(pair.desktop, *words) == (
            "The key for syncing is missing on this machine.",
            "Run valuelog sync join with the invitation from your password manager or another machine.",
        )
    pair.desktop.join(invitation)
    pair.desktop.add("with the key again")
    pair.require_equal()


def test_wrong_key_is_named(pair: Pair) -> None:
    path = pair.desktop.sync_folder / "key"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:-1], new_key()]))
    message, hint = fail(pair.desktop)
    assert "key of this machine doesn't open" in message
    assert "valuelog sync invite" in hint
    path.write_text("\n".join(lines))
    assert sync_unchanged(pair.desktop) == "Nothing new.\n"


# A newer version on another machine


def forge_newer_change(pair: Pair) -> None:
    """Publish a change of the desktop with a field that this version doesn't know, as a newer version would."""
    key = (pair.laptop.sync_folder / "key").read_text().splitlines()[-1]
    device = (pair.desktop.state / "device").read_text().split()[0]
    journal = close_after_test(open_journal(pair.desktop.journal, device, pair.desktop.now, write=False))
    head = list_heads(journal)[device]
    number = head.counter + 1
    change = RawChange(
        id="n3wchange0", wall=1795997340210, tick=0, entity="entry", entity_id="n3wentry00", batch="n3wbatch00",
        act="add", undoes=None, own_wall=None, fields=json.dumps({"mood": "calm"}), salt=None, erased=None,
    )  # fmt: skip
    remote = pair.place.open("newer")
    (name,) = (name for name in remote.list() if name.startswith(device) and name.endswith(f"{head.counter:010}.age"))
    ((_, content),) = remote.get([name])
    published = segment.unpack(name, content, key)
    newer = published._replace(
        first=number, last=number, before=head.hash, hash=chain_hash_of(head.hash, device, number, change), schema=7,
        changes=(tuple(change),),
    )  # fmt: skip
    remote.put({segment.segment_name(device, number, number): segment.pack(newer, key)})


def test_changes_of_a_newer_version_wait_and_say_update(pair: Pair) -> None:
    forge_newer_change(pair)
    line = (
        "Can't read 1 change from desktop yet: a newer valuelog wrote it. Update valuelog here, then run: valuelog sync"
    )
    for _ in range(2):
        assert sync_unchanged(pair.laptop) == f"Nothing new.\n{line}\n"
    status = pair.laptop("sync", "status").out
    assert line in " ".join(status.split())
    assert "to receive  1 change, as of the last sync" in status
    pair.laptop.add("still syncs")
    assert pair.laptop.sync() == f"Sent 1 change.\n{line}\n"
    message, hint = fail(pair.laptop, "sync", "rekey")
    assert "newer valuelog on desktop" in message
    assert hint.startswith("Update valuelog, then try again.")


def test_newer_format_of_the_remote_says_update(pair: Pair) -> None:
    key = (pair.laptop.sync_folder / "key").read_text().splitlines()[-1]
    journal = pair.laptop("sync", "invite").out.split(":")[1]
    remote = pair.place.open("newer")
    contents = dict(remote.get(sorted(remote.list())))
    remote.replace({**contents, marker.MARKER_NAME: marker.pack(marker.Marker(2, journal, 1), key)})
    message, hint = fail(pair.laptop)
    assert message == "A newer valuelog wrote what is on the remote (format 2, this one knows 1)."
    assert hint == "Update valuelog."


# Remotes that lost something


def test_rewound_remote_is_repaired_in_one_line(pair: Pair) -> None:
    state = pair.read_state()
    pair.laptop.add("lost on the remote")
    pair.laptop.sync()
    pair.rewind(state)
    assert sync_unchanged(pair.laptop) == "The remote had lost 1 change; it is there again.\n"
    assert sync_unchanged(pair.laptop) == "Nothing new.\n"
    assert pair.desktop.sync() == "Received 1 change from laptop.\n"
    pair.require_equal()


def test_rewound_remote_on_which_another_machine_went_on_is_repaired(pair: Pair) -> None:
    state = pair.read_state()
    pair.laptop.add("lost on the remote")
    pair.laptop.sync()
    pair.rewind(state)
    pair.desktop.add("meanwhile")
    assert pair.desktop.sync() == "Sent 1 change.\n"
    said = pair.laptop.sync()
    assert said == "Received 1 change from desktop. The remote had lost 1 change; it is there again.\n"
    assert pair.desktop.sync() == "Received 1 change from laptop.\n"
    pair.require_equal()


@pytest.mark.parametrize("is_removed", [False, True])
def test_emptied_remote_is_filled_again(pair: Pair, *, is_removed: bool) -> None:
    pair.rewind("")
    if is_removed:
        shutil.rmtree(pair.place.folder)
        message, hint = fail(pair.desktop)
        assert "no such folder" in message or "There is no folder" in message
        assert "valuelog sync" in hint
        pair.place.folder.mkdir()
        if pair.laptop.sync_folder.joinpath("remote").exists():
            git(pair.place.folder, "init", "--bare", "--quiet")
    assert sync_unchanged(pair.desktop) == "The remote had lost 2 changes; they are there again.\n"
    assert sync_unchanged(pair.laptop) == "Nothing new.\n"
    pair.require_equal()


# Remotes that can't be reached or written


@requires_program("git")
def test_no_network_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    with open_homes("daemon", tmp_path, "laptop") as (_, (laptop,)):
        laptop.add("before")
        laptop.set_up(laptop.address)
        laptop.go_offline()
        laptop.add("offline")
        for _ in range(2):
            message, hint = fail(laptop)
            assert message == f"{laptop.address} can't be reached: unable to connect to 127.0.0.1."
            assert hint == "Your entries are safe here. Try again later: valuelog sync"
        laptop.come_online()
        assert sync_unchanged(laptop) == "Sent 1 change.\n"


FILL = """\
set -e
{init}
valuelog sync setup "$0/remote" --name laptop 2>/dev/null >&2
valuelog add activity "no space for this" 2>/dev/null >&2
cp "$JOURNAL" "$JOURNAL.before"
cat /dev/zero >"$0/ballast" 2>/dev/null || true
valuelog sync || echo "exit code $?" >&2
cmp "$JOURNAL" "$JOURNAL.before"
rm "$0/ballast"
valuelog sync
"""


@pytest.mark.parametrize(
    "init", ["true", pytest.param('git init --bare --quiet "$0/remote"', marks=requires_program("git"))]
)
def test_full_remote_is_named(tmp_path: Path, init: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = with_tiny_disk(disk)
    if not shutil.which("unshare") or subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a tiny disk, and not everywhere")
    place = Place("", disk, tmp_path, {})
    home = Home(tmp_path, "laptop", place)
    environ = {**home.environ("2026-11-20"), "JOURNAL": str(home.journal)}
    environ["PATH"] = f"{Path(sys.executable).parent}:{environ['PATH']}"
    script = ["sh", "-c", FILL.format(init=init), str(disk)]
    done = subprocess.run([*command, *script], env=environ, capture_output=True, text=True, check=True)
    assert done.stderr == (
        f"valuelog: There is no space left on {disk}/remote. Your journal here is fine.\n"
        "Free some space there, then: valuelog sync\n"
        "exit code 1\n"
        "Sent 1 change.\n"
    )
