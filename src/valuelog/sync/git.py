"""A branch of a git repository as a remote: any host, any server with ssh.

Only plumbing is used, on a bare mirror in the cache: no work tree, no merge, and no force except to rebuild the remote.
The mirror is not shallow: nothing in the history is missing from the latest tree, so depth 1 would save about a
kilobyte a sync, while some hosts refuse pushes from shallow clones and dumb servers can't serve them.
"""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from subprocess import Popen
from typing import IO, Final, NamedTuple

from valuelog.sync.address import MIRROR_NAME, display_address
from valuelog.sync.errors import BadRemote, CacheFailed, RemoteFull, RemoteMoved, SyncError
from valuelog.sync.git_program import (
    LOCAL_SERVER,
    Git,
    full_cache_error,
    translate_failure,
    unknown_error,
    unreachable_error,
)
from valuelog.sync.marker import MARKER_NAME
from valuelog.sync.programs import Finished, Programs
from valuelog.sync.segment import MAX_FILE_BYTES, is_device, parse_segment_name

BRANCH: Final = "refs/heads/valuelog"
"""The branch on the remote."""

_SEEN: Final = "refs/seen/valuelog"
_NEXT: Final = "refs/next/valuelog"
_REFSPEC: Final = "+refs/heads/valuelog*:refs/seen/valuelog*"
"""A pattern, so that a branch that isn't there yet is no error, and one that was removed is pruned."""

_TIDY: Final = (
    "-c", "gc.auto=1000", "-c", "gc.autoDetach=false", "-c", "gc.pruneExpire=now", "gc", "--auto", "--quiet",
)  # fmt: skip
_MAX_DEVICES: Final = 1_000
"""The most folders of devices that are opened."""

_USER_IN_MESSAGE = re.compile(r"(https?://)[^/\s']*@", re.IGNORECASE)
"""Git shows what follows the first @ of an address, which may be a part of the password."""

_LOCK_SECONDS: Final = 30.0
_CHUNK_BYTES: Final = 1_000_000


class _MirrorDamaged(Exception):
    """A command on the mirror failed: it is removed and fetched anew."""


class _Seen(NamedTuple):
    """The commit of the branch when it was last fetched, "" if there is none, and its files with their object ids."""

    commit: str
    objects: Mapping[str, str]


class GitRemote:
    """The branch `valuelog` of a repository."""

    def __init__(
        self,
        address: str,
        cache: Path,
        environ: Mapping[str, str],
        *,
        timeout: float | None = None,
        interactive: bool = True,
    ) -> None:
        """Use a URL or an absolute path. Raises BadRemote if git isn't installed."""
        self.address = address
        self._shown = display_address(address)
        self._cache, self._mirror = cache, cache / MIRROR_NAME
        self._programs = Programs(self._shown, environ, interactive=interactive, timeout=timeout)
        self._git = Git(self._programs, self._mirror)
        self._is_local = address.startswith(("/", "file://"))
        self._is_unhurried = timeout is None
        self._seen: _Seen | None = None

    def list(self) -> frozenset[str]:
        """Fetch the branch and return the names of its files. Raises SyncError."""
        with self._lock():
            self._seen = self._fetch_and_repair()
        return frozenset(self._seen.objects)

    def get(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the files of these names. Raises RemoteMoved, SyncError."""
        objects = self._list_once().objects
        with self._programs.pipe(self._git.command("cat-file", "--batch"), self._git.environ) as process:
            for name in names:
                if name not in objects:
                    raise RemoteMoved
                yield name, self._read_object(process, objects[name])

    def put(self, files: Mapping[str, bytes]) -> None:
        """Publish files in one commit, without force. Raises RemoteMoved, SyncError."""
        seen = self._list_once()
        if not files:
            return
        if files.keys() & seen.objects.keys():
            raise RemoteMoved
        with self._lock(), self._discard_if_damaged():
            commit = self._commit(files, seen.commit)
            self._push(f"{commit}:{BRANCH}")
            self._remember(commit)

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Push a commit without history, unless the branch has moved, and remove what was there from the mirror."""
        seen = self._list_once()
        with self._lock(), self._discard_if_damaged():
            commit = self._commit(files, "")
            self._push(f"--force-with-lease={BRANCH}:{seen.commit}", f"{commit}:{BRANCH}")
            self._remember(commit)
            self._collect_garbage()

    # The mirror

    def _list_once(self) -> _Seen:
        if self._seen is None:
            self.list()
        if self._seen is None:
            raise RemoteMoved
        return self._seen

    def _fetch_and_repair(self) -> _Seen:
        """Fetch; if the mirror is damaged, by a power cut for example, fetch everything again."""
        try:
            return self._fetch()
        except _MirrorDamaged:
            self._remove_mirror()
        try:
            return self._fetch()
        except _MirrorDamaged as error:
            raise CacheFailed(
                f"git can't use its files in {self._mirror}.",
                "Check the disk, or remove that folder, then: valuelog sync",
            ) from error

    def _fetch(self) -> _Seen:
        is_new = self._prepare_mirror()
        _, before = self._resolve(_SEEN)
        server = (f"--upload-pack={LOCAL_SERVER} upload-pack",) if self._is_local else ()
        options = ("--quiet", "--no-tags", "--prune", "--no-write-fetch-head", "--refmap=", *server)
        finished = self._run_remote("fetch", *options, "--", self.address, _REFSPEC)
        if finished.code:
            raise self._fetch_error(finished, is_new=is_new)
        kind, commit = self._resolve(_SEEN)
        if commit and kind != "commit":
            raise _foreign_branch_error(self._shown)
        if before and commit != before and not self._is_ancestor(before, commit):
            self._local("update-ref", "-d", _NEXT)
            self._collect_garbage()
        return _Seen(commit, self._list_objects(commit))

    def _fetch_error(self, finished: Finished, *, is_new: bool) -> Exception:
        if self._is_local and not os.path.exists(self.address.removeprefix("file://")):  # noqa: PTH110  maybe a URL
            return unreachable_error(self._shown, "there is no such folder")
        error = translate_failure(self._shown, finished)
        if error or is_new:
            return error or unknown_error(self._shown, finished)
        return _MirrorDamaged()

    def _resolve(self, ref: str) -> tuple[str, str]:
        """Return the type and id of the object of a ref, or empty texts. Raises _MirrorDamaged."""
        words = self._local("for-each-ref", "--format=%(objecttype) %(objectname)", ref).decode().split()
        return (words[0], words[1]) if words else ("", "")

    def _is_ancestor(self, before: str, commit: str) -> bool:
        return bool(commit) and not self._git.run("merge-base", "--is-ancestor", before, commit).code

    def _list_objects(self, commit: str) -> dict[str, str]:
        """Return the files and their object ids. Deeper folders aren't opened: a few small trees can have 10^10."""
        if not commit:
            return {}
        objects, folders = {}, []
        for mode, name, digest in self._list_tree(commit):
            if mode.startswith("100") and name == MARKER_NAME:
                objects[name] = digest
            elif mode == "040000" and is_device(name):
                folders.append(f"{name}/")
        if len(folders) > _MAX_DEVICES:
            raise _foreign_branch_error(self._shown)
        segments = self._list_tree(commit, *folders) if folders else ()
        return objects | {
            name: digest for mode, name, digest in segments if mode.startswith("100") and parse_segment_name(name)
        }

    def _list_tree(self, *words: str) -> Iterator[tuple[str, str, str]]:
        """Yield the mode, the name and the object id of all that is in the root, or in some folders."""
        for row in self._local("ls-tree", "-z", "--full-tree", *words).split(b"\0"):
            metadata, _, path = row.partition(b"\t")
            if path:
                mode, _, digest = metadata.decode().split()
                yield mode, path.decode(errors="replace"), digest

    def _read_object(self, process: Popen[bytes], name: str) -> bytes:
        """Return an object; an empty one if it is too large. Raises RemoteMoved if it was removed meanwhile."""
        if not process.stdin or not process.stdout:
            raise RemoteMoved
        try:
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            words = process.stdout.readline().split()
            size = int(words[2]) if len(words) == 3 and words[1] == b"blob" else -1  # noqa: PLR2004  id, type, size
            data = _read_exactly(process.stdout, size) if size >= 0 else None
        except (OSError, ValueError):
            data = None
        if data is None:
            self._programs.remaining()
            with self._lock():
                self._remove_mirror()
            raise RemoteMoved
        return data

    def _commit(self, files: Mapping[str, bytes], parent: str) -> str:
        """Write a commit with files beside those of its parent, and return it. It says nothing but when it was made."""
        author = f"valuelog <> {int(time.time())} +0000"
        head = f"commit {_NEXT}\nmark :1\nauthor {author}\ncommitter {author}\ndata 0\n"
        stream = [head.encode(), f"from {parent}\n".encode() if parent else b""]
        for name, data in sorted(files.items()):
            stream += [f"M 100644 inline {name}\ndata {len(data)}\n".encode(), data, b"\n"]
        stream.append(b"get-mark :1\ndone\n")
        return self._local("fast-import", "--quiet", "--force", "--done", stdin=b"".join(stream)).decode().strip()

    def _push(self, *words: str) -> None:
        server = (f"--receive-pack={LOCAL_SERVER} receive-pack",) if self._is_local else ()
        *options, refspec = words
        command = ("push", "--porcelain", "--no-verify", "--quiet", *server, *options, "--", self.address, refspec)
        finished = self._run_remote(*command)
        if not finished.code:
            return
        error = translate_failure(self._shown, finished, is_push=True)
        if _is_rejected(finished) and not isinstance(error, BadRemote | RemoteFull):
            raise RemoteMoved
        raise error or _refusal(self._shown, finished)

    def _remember(self, commit: str) -> None:
        """Note what was pushed: the next fetch has nothing to transfer."""
        self._local("update-ref", _SEEN, commit)
        self._seen = _Seen(commit, self._list_objects(commit))
        if self._is_unhurried:
            self._git.run(*_TIDY)

    def _collect_garbage(self) -> None:
        """Remove what no commit refers to any more: after a rebuild, everything that was there before."""
        self._git.run("gc", "--prune=now", "--quiet")

    def _run_remote(self, *words: str) -> Finished:
        """Run a command that talks to the remote; a password in the address is removed from its messages."""
        finished = self._git.run_remote(*words)
        stderr = finished.stderr.replace(self.address, self._shown)
        return finished._replace(stderr=_USER_IN_MESSAGE.sub(r"\1", stderr))

    def _local(self, *words: str, stdin: bytes = b"") -> bytes:
        """Run a command on the mirror. Raises _MirrorDamaged, CacheFailed if the disk is full."""
        finished = self._git.run(*words, stdin=stdin)
        if not finished.code:
            return finished.stdout
        error = translate_failure(self._shown, finished)
        raise error if isinstance(error, CacheFailed) else _MirrorDamaged

    @contextmanager
    def _discard_if_damaged(self) -> Iterator[None]:
        """Remove a damaged mirror; the caller lists again, and everything is fetched anew."""
        try:
            yield
        except _MirrorDamaged as error:
            self._remove_mirror()
            raise RemoteMoved from error

    def _remove_mirror(self) -> None:
        """Remove the mirror. What was seen stays, so that nothing is published on top of what nobody has listed."""
        shutil.rmtree(self._mirror, ignore_errors=True)

    def _prepare_mirror(self) -> bool:
        """Create the mirror if there is none, and return whether it is new; remove what killed programs left in it."""
        for path in (*self._mirror.glob("objects/pack/tmp_*"), *self._mirror.glob("fast_import_crash_*")):
            path.unlink(missing_ok=True)
        if (self._mirror / "info" / "attributes").is_file():
            return False
        self._remove_mirror()
        self._local("init", "--bare", "--quiet", "--template=", str(self._mirror))
        attributes = self._mirror / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text("*.age -delta\n")  # looking for what sealed files have in common is in vain
        return True

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Create the cache and hold its lock. Raises CacheFailed."""
        try:
            self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._cache / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise _cache_error(self._cache, error) from error
        try:
            self._wait_for_lock(descriptor)
            yield
        except OSError as error:
            raise _cache_error(self._cache, error) from error
        finally:
            os.close(descriptor)

    def _wait_for_lock(self, descriptor: int) -> None:
        end = time.monotonic() + min(_LOCK_SECONDS, self._programs.remaining() or _LOCK_SECONDS)
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise CacheFailed("Another valuelog is syncing right now.", "Try again when it is done.") from None
                time.sleep(0.01)
            except OSError:  # a file system without locks
                return
            else:
                return


def _read_exactly(stdout: IO[bytes], size: int) -> bytes | None:
    """Read an object and the line break after it; None if there is less, an empty object if it is too large."""
    if size <= MAX_FILE_BYTES:
        data = stdout.read(size + 1)
        return data[:-1] if len(data) == size + 1 else None
    left = size + 1
    while left and (data := stdout.read(min(left, _CHUNK_BYTES))):
        left -= len(data)
    return None if left else b""


_MOVED = (
    "cannot lock ref",
    "failed to update ref",
    "incorrect old value",
    "already exists",
    "fetch first",
    "stale info",
)


def _is_rejected(finished: Finished) -> bool:
    """Return True if the push was refused because the branch isn't where it was."""
    rows = [row for row in finished.stdout.decode(errors="replace").splitlines() if row.startswith("!")]
    return any("[rejected]" in row or any(reason in row for reason in _MOVED) for row in rows)


def _refusal(address: str, finished: Finished) -> SyncError:
    """Return the error for a push that the host refuses, with the reason in parentheses that git shows."""
    rows = [row for row in finished.stdout.decode(errors="replace").splitlines() if row.startswith("!")]
    reason = rows[0].rpartition("(")[2].rstrip(")") if rows else ""
    if not reason:
        return unknown_error(address, finished)
    return BadRemote(f"{address} rejected the push: {reason}.", "Check that you may push to the branch valuelog there.")


def _foreign_branch_error(address: str) -> BadRemote:
    return BadRemote(f"The branch valuelog of {address} isn't from valuelog.", "Use another repository.")


def _cache_error(cache: Path, error: OSError) -> CacheFailed:
    if error.errno in {ENOSPC, EDQUOT}:
        return full_cache_error()
    return CacheFailed(f"{cache} can't be written: {error.strerror}.", "Check its permissions.")
