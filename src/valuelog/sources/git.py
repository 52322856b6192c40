"""Git source: your own commits, at most one draft per repository and day; durations are never guessed.

Repositories are untrusted. Git runs in a clean environment with hooks, fsmonitor, pagers and signing programs disabled,
and only as `rev-list`: plain `git log` checks signatures with the program that the repository's config names.
Repositories are discovered without running git.
"""

import os
import re
import shlex
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple

from valuelog.model.commit_keys import commit_key, commit_origin
from valuelog.model.draft import Draft
from valuelog.sources import Option, OptionType, SourceFailed, Span
from valuelog.sources.sanitize import MAX_LINE_LENGTH, sanitize_line
from valuelog.sources.subjects import did_subject_key, git_subject_key
from valuelog.sources.subprocesses import PROGRAM_TIMEOUT_SECONDS, digest, find_program, run_program, search_path

MAX_DEPTH = 4
"""How many folders deep repositories are searched for."""

_MAX_THREADS = 8
_DAY_SECONDS = 24 * 60 * 60

_SAFE_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    *chain.from_iterable(
        ("-c", setting)
        for setting in (
            "core.alternateRefsCommand=",
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "core.pager=cat",
            "core.sshCommand=false",
            "credential.helper=",
            "gpg.program=false",
            "gpg.ssh.program=false",
            "gpg.x509.program=false",
            "log.showSignature=false",
            "protocol.allow=never",
        )
    ),
)
"""Overrides every setting with which a repository's config can run a program, whether or not rev-list would use it."""

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C.UTF-8",
}

_REV_LIST = (
    "rev-list",
    "--no-commit-header",
    "--format=%at%x00%H%x00%ae%x00%p%x00%s",
    "--encoding=UTF-8",
    "--missing=allow-any",  # never fetch missing objects
    "--fixed-strings",
    "--regexp-ignore-case",
    "--exclude=refs/stash",
    "--exclude=refs/notes/*",
    "--all",  # includes the HEAD of every worktree
)
_FIELD_COUNT = 5

_MAX_ERRORS_SHOWN = 3

_MAX_SUBJECTS = 3

_FIXUP = re.compile(r"(?:fixup|squash|amend)!")


class Commit(NamedTuple):
    """A commit: when it was authored (POSIX seconds), its sanitized subject and its hash."""

    authored_at: int
    subject: str
    is_merge: bool = False
    hash: str = ""


class RepositoryResult(NamedTuple):
    """The commits of a repository, or why they could not be read.

    `addresses` are those of the user; `other_addresses` made commits in this clone on that day, but are not among them.
    """

    git_dir: Path
    commits: Sequence[Commit] = ()
    error: str = ""
    addresses: frozenset[str] = frozenset()
    other_addresses: frozenset[str] = frozenset()


class _Addresses(NamedTuple):
    """The addresses of the user; with `is_conditional`, git's own config has others for some repositories."""

    emails: frozenset[str]
    is_conditional: bool = False


class GitSource:
    """Proposes the user's commits in the repositories under some folders."""

    name = "git"
    about = "your own commits in your git repositories"
    options: Sequence[Option] = (
        Option(
            name="paths",
            value_type=OptionType.PATHS,
            about="where to look for repositories, up to four folders deep",
        ),
        Option(
            name="emails",
            value_type=OptionType.ADDRESSES,
            about="your addresses, if not the one in git config --global",
        ),
    )

    def __init__(self, timeout: float = PROGRAM_TIMEOUT_SECONDS) -> None:
        """Set the time limit for all repositories together, in seconds."""
        self._timeout = timeout

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft for each repository with commits on that day.

        Raises SourceFailed if no folders are set, and after the last draft if something could not be read.
        """
        paths: Sequence[Path] = options.get("paths", ())
        if not paths:
            hint = "Set them with: valuelog config set sources.git.paths ~/code"
            raise SourceFailed(self.name, "no folders are set.", hint)
        git = _GitProgram.locate(environ, monotonic() + self._timeout)
        addresses = _choose_addresses(options.get("emails", ()), git)
        errors = [f"{sanitize_line(os.fspath(path))} is not a folder" for path in paths if not _is_folder(path)]
        found = {path: find_repositories([path], git.deadline) for path in paths if _is_folder(path)}
        errors += [f"{sanitize_line(os.fspath(path))} has no repositories" for path in found if not found[path]]
        results = git.read_all(list(dict.fromkeys(chain.from_iterable(found.values()))), addresses, span)
        errors += [f"{_repository_name(result.git_dir)} ({result.error})" for result in results if result.error]
        yield from _create_drafts(results, span.day)
        if errors:
            raise _unreadable_error(errors)
        _require_known_addresses(results)


SOURCE = GitSource()


@dataclass(frozen=True, kw_only=True, slots=True)
class _GitProgram:
    """The git program and an environment in which it runs no other program."""

    program: str
    environ: Mapping[str, str]
    user_environ: Mapping[str, str]
    """The environment in which git also reads the user's own config."""
    deadline: float

    @classmethod
    def locate(cls, environ: Mapping[str, str], deadline: float) -> "_GitProgram":
        """Find git. Raises SourceFailed."""
        program = find_program("git", environ)
        if not program:
            raise SourceFailed("git", "git is not installed.", "Install it, or remove paths from [sources.git].")
        clean = {**_ENVIRONMENT, "HOME": environ.get("HOME", "/"), "PATH": search_path(environ)}
        config = {name: environ[name] for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL") if name in environ}
        user_environ = {**{name: value for name, value in clean.items() if name != "GIT_CONFIG_GLOBAL"}, **config}
        return cls(program=program, environ=clean, user_environ=user_environ, deadline=deadline)

    def read_addresses(self) -> _Addresses:
        """Return the addresses in the user's global configuration. Raises SourceFailed if there are none."""
        emails = self._read_config("--get-all", "user.email")
        is_conditional = bool(self._read_config("--name-only", "--get-regexp", r"^includeif\."))
        if not emails and not is_conditional:
            hint = "Set your addresses with: valuelog config set sources.git.emails YOU@EXAMPLE.ORG"
            raise SourceFailed("git", "it does not know which commits are yours.", hint)
        return _Addresses(frozenset(emails), is_conditional)

    def _read_config(self, *arguments: str, git_dir: Path | None = None) -> list[str]:
        """Return words from the user's global configuration, with what it includes for a repository."""
        repository = [] if git_dir is None else [*_SAFE_OPTIONS, f"--git-dir={git_dir}"]
        with suppress(SourceFailed):  # git config exits with 1 if a value is not set
            command = (*repository, "config", "--global", "--includes", *arguments)
            return self._run(self.user_environ, *command).casefold().split()
        return []

    def read_all(self, git_dirs: Sequence[Path], addresses: _Addresses, span: Span) -> list[RepositoryResult]:
        """Read repositories in parallel."""
        return _map_in_threads(lambda git_dir: self._read(git_dir, addresses, span), git_dirs)

    def _read(self, git_dir: Path, addresses: _Addresses, span: Span) -> RepositoryResult:
        emails = addresses.emails
        if addresses.is_conditional:
            emails |= frozenset(self._read_config("--get-all", "user.email", git_dir=git_dir))
        try:
            commits = tuple(self._read_commits(git_dir, emails, span)) if emails else ()
        except SourceFailed as error:
            return RepositoryResult(git_dir, error=error.message.removeprefix("git: ").rstrip("."))
        others = frozenset(_read_committers(git_dir, span)) - emails
        return RepositoryResult(git_dir, commits, addresses=emails, other_addresses=others)

    def _read_commits(self, git_dir: Path, emails: frozenset[str], span: Span) -> Iterator[Commit]:
        """Yield the commits authored within a day, newest first; a rebase only moves the commit date, and to later."""
        first, end = span.start.timestamp(), span.end.timestamp()
        authors = (f"--author=<{email}>" for email in sorted(emails))
        since = f"--max-age={int(first) - _DAY_SECONDS}"  # a day more, in case clocks differ
        output = self._run(self.environ, *_SAFE_OPTIONS, f"--git-dir={git_dir}", *_REV_LIST, *authors, since)
        for fields in (row.split("\0") for row in output.split("\n")):
            if len(fields) != _FIELD_COUNT:
                continue
            authored_at, commit_hash, email, parents, subject = fields
            if email.casefold() in emails and first <= _parse_timestamp(authored_at) < end:
                yield Commit(_parse_timestamp(authored_at), sanitize_line(subject), " " in parents, commit_hash)

    def _run(self, environ: Mapping[str, str], *arguments: str) -> str:
        return run_program("git", [self.program, *arguments], environ, self.deadline - monotonic())


def _choose_addresses(emails: Iterable[str], git: _GitProgram) -> _Addresses:
    """Return the addresses in the settings, or else those in git's own config. Raises SourceFailed."""
    chosen = frozenset(word.strip().casefold() for word in emails)
    return _Addresses(chosen) if chosen else git.read_addresses()


_REFLOG_COMMIT = re.compile(rb"^[0-9a-f]+ [0-9a-f]+ [^<\n]*<([^>\n]*)> (\d{1,12}) [-+]\d{4}\tcommit\b", re.MULTILINE)
_MAX_REFLOG_BYTES = 100_000


def _read_committers(git_dir: Path, span: Span) -> Iterator[str]:
    """Yield the addresses that committed in this clone on a day, by its reflog: colleagues' commits are not in it."""
    first, end = span.start.timestamp(), span.end.timestamp()
    with suppress(OSError):
        log = git_dir / "logs" / "HEAD"
        if log.is_file():
            with log.open("rb") as content:
                content.seek(max(0, log.stat().st_size - _MAX_REFLOG_BYTES))
                for address, seconds in _REFLOG_COMMIT.findall(content.read(_MAX_REFLOG_BYTES)):
                    if first <= int(seconds) < end:
                        yield sanitize_line(address.decode("utf-8", "replace").casefold())


def _require_known_addresses(results: Iterable[RepositoryResult]) -> None:
    """Raise SourceFailed if commits were made on that day with an address that is not among the user's."""
    result = next((result for result in results if result.other_addresses), None)
    if result:
        others = sorted(result.other_addresses)
        reason = f"{_repository_name(result.git_dir)} has commits of that day by {', '.join(others)}, not among yours."
        known = ",".join((*sorted(result.addresses), *others))
        raise SourceFailed("git", reason, f"Add them with: valuelog config set sources.git.emails {shlex.quote(known)}")


def _map_in_threads(read: Callable[[Path], RepositoryResult], git_dirs: Sequence[Path]) -> list[RepositoryResult]:
    """Call `read` for each repository in daemon threads, which do not delay the exit of the process."""
    results: dict[int, RepositoryResult] = {}
    remaining = iter(enumerate(git_dirs))

    def work() -> None:
        for index, git_dir in remaining:
            results[index] = read(git_dir)

    threads = [Thread(target=work, daemon=True) for _ in git_dirs[:_MAX_THREADS]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[index] for index in range(len(git_dirs))]


def _parse_timestamp(digits: str) -> int:
    return int(digits) if digits.isdecimal() else 0


def find_repositories(roots: Iterable[Path], deadline: float) -> list[Path]:
    """Return the git directories under some folders, without duplicates for worktrees. Raises SourceFailed."""
    return list(dict.fromkeys(chain.from_iterable(_find_beneath(root, MAX_DEPTH, deadline) for root in roots)))


def _find_beneath(folder: Path, depth: int, deadline: float) -> Iterator[Path]:
    """Yield the git directory of this folder, or of those in it; hidden folders and symlinks are skipped."""
    if monotonic() > deadline:
        raise SourceFailed(
            "git", "searching for repositories took too long.", "Set sources.git.paths to smaller folders."
        )
    if git_dir := _common_git_dir(folder):
        yield git_dir
    elif depth:
        for name in _list_subfolders(folder):
            yield from _find_beneath(folder / name, depth - 1, deadline)


def _list_subfolders(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(e.name for e in entries if e.name[0] != "." and e.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _common_git_dir(folder: Path) -> Path | None:
    """Return the git directory that all worktrees of a repository share; None if the folder is no repository."""
    with suppress(OSError, RuntimeError, ValueError):  # no permission, a symlink loop, an invalid path
        if git_dir := _find_git_dir(folder):
            link = git_dir / "commondir"
            return (git_dir / _read_first_line(link) if link.is_file() else git_dir).resolve()
    return None


def _find_git_dir(folder: Path) -> Path | None:
    """Return the git directory of a folder: its .git folder, where its .git file points, or itself if it is bare."""
    inner = folder / ".git"
    if inner.is_file():
        linked = folder / _read_first_line(inner).removeprefix("gitdir:").strip()
        return linked if (linked / "HEAD").is_file() else None
    for path in (inner, folder):
        if (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir():
            return path
    return None


def _read_first_line(file: Path) -> str:
    with file.open("rb") as content:
        return os.fsdecode(content.read(4096).partition(b"\n")[0].rstrip(b"\r"))


def _is_folder(path: Path) -> bool:
    with suppress(OSError, ValueError):
        return path.is_dir()
    return False


def _unreadable_error(errors: Sequence[str]) -> SourceFailed:
    more = f" and {len(errors) - _MAX_ERRORS_SHOWN} more" if len(errors) > _MAX_ERRORS_SHOWN else ""
    reason = f"could not read everything: {'; '.join(errors[:_MAX_ERRORS_SHOWN])}{more}."
    return SourceFailed("git", reason, "Fix it, or remove it from paths under [sources.git].")


def _create_drafts(results: Iterable[RepositoryResult], day: date) -> Iterator[Draft]:
    """Yield a draft for each repository; a commit in several clones counts in the first."""
    seen: set[tuple[int, str]] = set()
    for result in results:
        unique = {(commit.authored_at, commit.subject): commit for commit in reversed(result.commits)}
        origins = dict(zip(unique, _commit_origins(result.git_dir, day, unique.values()), strict=True))
        new = [(commit, origins[key]) for key, commit in unique.items() if key not in seen]
        seen.update(unique)
        if new:
            yield _create_draft(result.git_dir, day, new)


class _Origins(NamedTuple):
    """The origins of a commit.

    By path and time it survives rewording, by time and subject copying to another clone, by its hash other sources.
    """

    place: str
    copy: str
    key: str


def _commit_origins(git_dir: Path, day: date, commits: Iterable[Commit]) -> Iterator[_Origins]:
    """Yield the origins of each commit."""
    times: Counter[int] = Counter()
    for commit in commits:
        authored_at = commit.authored_at
        times[authored_at] += 1
        suffix = f".{times[authored_at]}" * (times[authored_at] > 1)
        yield _Origins(
            place=f"git:{digest(os.fspath(git_dir))}:{authored_at}{suffix}",
            copy=f"git:{authored_at}:{digest(commit.subject)}",
            key=commit_key(day, commit.hash),
        )


def _find_unseen(
    commits: Sequence[tuple[Commit, _Origins]], day: date, seen: Collection[str]
) -> list[tuple[Commit, _Origins]]:
    """Return the commits that were not seen: neither here, nor by their hash or only by their subject in did.

    Two commits may have one subject, which then says nothing if another one of them was seen here.
    """
    new = [pair for pair in commits if not {*pair[1]} & {*seen}]
    own = {commit.subject for commit, origins in commits if {*origins} & {*seen}}
    return [pair for pair in new if pair[0].subject in own or did_subject_key(day, pair[0].subject) not in seen]


def _create_draft(git_dir: Path, day: date, commits: Sequence[tuple[Commit, _Origins]]) -> Draft:
    """Create a draft of commits with their origins; its own is that of its first commit."""
    first = min(commits, key=lambda pair: pair[0].authored_at)[0]

    def remainder(seen: Collection[str]) -> Draft | None:
        new = _find_unseen(commits, day, seen)
        return None if all(commit.is_merge for commit, _ in new) else _create_draft(git_dir, day, new)

    subjects = dict.fromkeys(commit.subject for commit, _ in commits)
    return Draft(
        origin=commit_origin("git", day, first.hash),
        day=day,
        text=summarize_commits(_repository_name(git_dir), [commit for commit, _ in commits]),
        parts=(
            *chain.from_iterable(origins for _, origins in commits),
            *(git_subject_key(day, subject) for subject in subjects),
        ),
        known_as=tuple(did_subject_key(day, subject) for subject in subjects),
        remainder=remainder,
    )


def summarize_commits(name: str, commits: Sequence[Commit]) -> str:
    """Return one line: the number of commits, and the first subjects that are neither merges nor fixups."""
    subjects = _pick_subjects(commits)
    heading = name if subjects and len(commits) == 1 else f"{name}: {len(commits)} commit{'s' * (len(commits) > 1)}"
    if not subjects:
        return heading
    available = MAX_LINE_LENGTH - len(f"{heading}:  and {len(subjects)} more")
    listed = subjects[:1]
    for subject in subjects[1:_MAX_SUBJECTS]:
        if len(", ".join((*listed, subject))) <= available:
            listed.append(subject)
    more = f" and {len(subjects) - len(listed)} more" if len(subjects) > len(listed) else ""
    return sanitize_line(f"{heading}: {', '.join(listed)}", MAX_LINE_LENGTH - len(more)) + more


def _pick_subjects(commits: Sequence[Commit]) -> list[str]:
    """Return the distinct subjects, oldest first, without merges and fixups unless there is nothing else."""
    ordered = sorted((commit for commit in commits if commit.subject), key=lambda commit: commit.authored_at)
    informative = [commit for commit in ordered if not (commit.is_merge or _FIXUP.match(commit.subject))]
    return list(dict.fromkeys(commit.subject for commit in informative or ordered))


def _repository_name(git_dir: Path) -> str:
    """Return the name of the repository's folder."""
    name = git_dir.name.removesuffix(".git")
    return sanitize_line(git_dir.parent.name if not name or name.startswith(".") else name, 60) or "repository"
