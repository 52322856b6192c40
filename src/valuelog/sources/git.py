"""Git: your own commits, at most one draft a repository and day; minutes are never guessed.

A repository may be anybody's, so its configuration counts for nothing: git gets an environment of its own, is told of
each way to run a program that it must not take, and is asked only for what runs none. Which folders are repositories is
seen without git. Not plain `git log`, which checks signatures with whatever program the repository names.
"""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

from valuelog.model.draft import Draft
from valuelog.sources import Option, OptionType, SourceFailed, Span
from valuelog.sources.sanitize import sanitize_line
from valuelog.sources.subjects import Commit, summarize_commits
from valuelog.sources.subprocesses import PROGRAM_TIMEOUT_SECONDS, digest, find_program, run_program, search_path

MAX_DEPTH = 4
"""So many folders deep repositories are looked for."""

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
"""What a repository's own configuration could run, switched off, whether or not git would get there."""

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
    "--format=%at%x00%ae%x00%p%x00%s",
    "--encoding=UTF-8",
    "--missing=allow-any",  # what is not there is not fetched either
    "--fixed-strings",
    "--regexp-ignore-case",
    "--exclude=refs/stash",
    "--exclude=refs/notes/*",
    "--all",  # the HEADs of all worktrees too
)
_FIELD_COUNT = 4

_MAX_ERRORS_SHOWN = 3


class GitSource:
    """The commits in the repositories beneath some folders."""

    name = "git"
    about = "your own commits in the repositories beneath some folders"
    options: Sequence[Option] = (
        Option(
            name="paths",
            value_type=OptionType.PATHS,
            about="the folders; up to four levels down repositories are found",
        ),
        Option(
            name="emails", value_type=OptionType.WORDS, about="your addresses, if not the one of git config --global"
        ),
    )

    def __init__(self, timeout: float = PROGRAM_TIMEOUT_SECONDS) -> None:
        """Remember how many seconds there are for all repositories together."""
        self._timeout = timeout

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft for each repository with commits of that day.

        Raises SourceFailed if no folders are set, and, after all that could be read, if there was what could not.
        """
        paths: Sequence[Path] = options.get("paths", ())
        if not paths:
            hint = "Set them with: valuelog config set sources.git.paths ~/code"
            raise SourceFailed(self.name, "no folders are set.", hint)
        git = _GitProgram.locate(environ, monotonic() + self._timeout)
        mine = frozenset(word.strip().casefold() for word in options.get("emails", ()) or git.read_emails(environ))
        unread = [f"{sanitize_line(os.fspath(path))} is no folder" for path in paths if not _is_folder(path)]
        yield from _create_drafts(git.read_all(find_repositories(paths, git.deadline), mine, span), span.day, unread)
        if unread:
            raise _unreadable_error(unread)


SOURCE = GitSource()

RepositoryResult = tuple[Path, "list[Commit] | str"]
"""A repository, and its commits or why there are none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _GitProgram:
    """The git program, in an environment in which it runs nothing else."""

    program: str
    environ: Mapping[str, str]
    deadline: float

    @classmethod
    def locate(cls, environ: Mapping[str, str], deadline: float) -> "_GitProgram":
        """Look for git. Raises SourceFailed."""
        program = find_program("git", environ)
        if not program:
            raise SourceFailed("git", "git is not installed.", "Install it, or take paths out of [sources.git].")
        kept = {"HOME": environ.get("HOME", "/"), "PATH": search_path(environ)}
        return cls(program=program, environ={**_ENVIRONMENT, **kept}, deadline=deadline)

    def read_emails(self, environ: Mapping[str, str]) -> list[str]:
        """Return the addresses in the user's own configuration. Raises SourceFailed if there is none."""
        own = {name: environ[name] for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL") if name in environ}
        asked = {name: value for name, value in self.environ.items() if name != "GIT_CONFIG_GLOBAL"}
        said = ""
        with suppress(SourceFailed):  # git says nothing and fails if the address is not set
            said = self._run({**asked, **own}, "config", "--global", "--includes", "--get-all", "user.email")
        if not said.strip():
            raise SourceFailed(
                "git", "it does not know which commits are yours.", "Set your emails under [sources.git]."
            )
        return said.split()

    def read_all(self, common: Iterable[Path], emails: frozenset[str], span: Span) -> list[RepositoryResult]:
        """Read repositories, several at once."""
        return _read_in_threads(lambda place: (place, self._read_commits_or_error(place, emails, span)), list(common))

    def _read_commits_or_error(self, common: Path, emails: frozenset[str], span: Span) -> "list[Commit] | str":
        try:
            return list(self._read_commits(common, emails, span))
        except SourceFailed as error:
            return error.message.removeprefix("git: ").rstrip(".")

    def _read_commits(self, common: Path, emails: frozenset[str], span: Span) -> Iterator[Commit]:
        """Yield the commits authored within a day; rebasing moves when they were committed, but not before that."""
        first, last = span.start.timestamp(), span.end.timestamp()
        authors = (f"--author=<{email}>" for email in sorted(emails))
        since = f"--max-age={int(first) - _DAY_SECONDS}"  # a day more, for clocks that differ
        rows = self._run(self.environ, *_SAFE_OPTIONS, f"--git-dir={common}", *_REV_LIST, *authors, since)
        for fields in (row.split("\0") for row in rows.split("\n")):
            if (
                len(fields) == _FIELD_COUNT
                and fields[1].casefold() in emails
                and first <= _parse_timestamp(fields[0]) < last
            ):
                yield Commit(at=_parse_timestamp(fields[0]), subject=sanitize_line(fields[3]), merge=" " in fields[2])

    def _run(self, environ: Mapping[str, str], *arguments: str) -> str:
        return run_program("git", [self.program, *arguments], environ, self.deadline - monotonic())


def _read_in_threads(
    read: "Callable[[Path], RepositoryResult]", repositories: Sequence[Path]
) -> list[RepositoryResult]:
    """Read several places at once, in threads for which nobody waits when the program ends."""
    found: dict[int, RepositoryResult] = {}
    left = iter(enumerate(repositories))

    def work() -> None:
        for number, place in left:
            found[number] = read(place)

    threads = [Thread(target=work, daemon=True) for _ in repositories[:_MAX_THREADS]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(len(repositories))]


def _parse_timestamp(digits: str) -> int:
    return int(digits) if digits.isdecimal() else 0


def find_repositories(roots: Iterable[Path], deadline: float) -> list[Path]:
    """Return the repositories beneath folders, each once however many worktrees it has. Raises SourceFailed."""
    return list(dict.fromkeys(chain.from_iterable(_find_beneath(root, MAX_DEPTH, deadline) for root in roots)))


def _find_beneath(folder: Path, depth: int, deadline: float) -> Iterator[Path]:
    """Yield repositories: this folder, or those in it. Hidden folders and links are not gone into."""
    if monotonic() > deadline:
        raise SourceFailed("git", "looking for repositories took too long.", "Name smaller folders as paths.")
    if found_here := _common_git_dir(folder):
        yield found_here
    elif depth:
        for name in _list_subfolders(folder):
            yield from _find_beneath(folder / name, depth - 1, deadline)


def _list_subfolders(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as inside:
            return sorted(one.name for one in inside if one.name[0] != "." and one.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _common_git_dir(folder: Path) -> Path | None:
    """Return what all worktrees of the repository in a folder have in common; none if there is no repository."""
    with suppress(OSError, RuntimeError, ValueError):  # nobody may look, links in a circle, no path at all
        if git_dir := _find_git_dir(folder):
            link = git_dir / "commondir"
            return (git_dir / _read_first_line(link) if link.is_file() else git_dir).resolve()
    return None


def _find_git_dir(folder: Path) -> Path | None:
    """Return where git keeps what it knows of a folder: beneath it, in it if it is bare, or where a file says."""
    inner = folder / ".git"
    if inner.is_file():
        linked = folder / _read_first_line(inner).removeprefix("gitdir:").strip()
        return linked if (linked / "HEAD").is_file() else None
    for place in (inner, folder):
        if (place / "HEAD").is_file() and (place / "objects").is_dir() and (place / "refs").is_dir():
            return place
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
    why = f"not everything could be read: {'; '.join(errors[:_MAX_ERRORS_SHOWN])}{more}."
    return SourceFailed("git", why, "Mend it, or leave it out of paths under [sources.git].")


def _create_drafts(results: Iterable[RepositoryResult], day: date, errors: list[str]) -> Iterator[Draft]:
    """Yield a draft for each repository; what two clones share counts in the first. Notes what could not be read."""
    seen: set[tuple[int, str]] = set()
    for common, commits in results:
        if isinstance(commits, str):
            errors.append(f"{_repository_name(common)} ({commits})")
            continue
        once = {(commit.at, commit.subject): commit for commit in reversed(commits)}
        marks = dict(zip(once, _commit_origins(common, once), strict=True))
        told = [(commit, marks[key]) for key, commit in once.items() if key not in seen]
        seen.update(once)
        if told:
            yield _create_draft(common, day, told)


def _commit_origins(common: Path, commits: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Yield how each commit is known again: reworded, by its place and moment; cloned or moved, by moment and words."""
    times: Counter[int] = Counter()
    for at, subject in commits:
        times[at] += 1
        here = f"git:{digest(os.fspath(common))}:{at}" + f".{times[at]}" * (times[at] > 1)
        yield here, f"git:{at}:{digest(subject)}"


def _create_draft(
    common: Path, day: date, told: Sequence[tuple[Commit, tuple[str, str]]], *, later: bool = False
) -> Draft:
    """Say what some commits were; those of a day of which others were proposed before are named by the last of them."""
    commits = [commit for commit, _ in told]
    last = max(told, key=lambda one: one[0].at)[1][0]

    def rest(seen: Collection[str]) -> Draft | None:
        left = [one for one in told if not set(one[1]) & set(seen)]
        return None if all(commit.merge for commit, _ in left) else _create_draft(common, day, left, later=True)

    origin = last if later else f"git:{digest(os.fspath(common))}:{day}"
    parts = tuple(chain.from_iterable(marks for _, marks in told))
    return Draft(
        origin=origin, day=day, text=summarize_commits(_repository_name(common), commits), parts=parts, remainder=rest
    )


def _repository_name(common: Path) -> str:
    """Return what a repository is called: its folder's name."""
    name = common.name.removesuffix(".git")
    return sanitize_line(common.parent.name if not name or name.startswith(".") else name, 60) or "repository"
