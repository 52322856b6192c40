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
from valuelog.sources import Option, Reads, SourceFailed, Span
from valuelog.sources.sanitize import line
from valuelog.sources.subjects import Commit, text
from valuelog.sources.subprocesses import SHORT_OF_PATIENCE, digest, found, output, search_path

DEEPEST = 4
"""So many folders deep repositories are looked for."""

_AT_ONCE = 8
_DAY = 24 * 60 * 60

_SAFE = (
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

_ROWS = (
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
_FIELDS = 4

_MOST_TOLD = 3


class Git:
    """The commits in the repositories beneath some folders."""

    name = "git"
    about = "your own commits in the repositories beneath some folders"
    options: Sequence[Option] = (
        Option(name="paths", reads=Reads.PATHS, about="the folders; up to four levels down repositories are found"),
        Option(name="emails", reads=Reads.WORDS, about="your addresses, if not the one of git config --global"),
    )

    def __init__(self, patience: float = SHORT_OF_PATIENCE) -> None:
        """Remember how many seconds there are for all repositories together."""
        self._patience = patience

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft for each repository with commits of that day.

        Raises SourceFailed if no folders are set, and, after all that could be read, if there was what could not.
        """
        paths: Sequence[Path] = options.get("paths", ())
        if not paths:
            hint = "Set them with: valuelog config set sources.git.paths ~/code"
            raise SourceFailed(self.name, "no folders are set.", hint)
        git = _Git.found(environ, monotonic() + self._patience)
        mine = frozenset(word.strip().casefold() for word in options.get("emails", ()) or git.emails(environ))
        unread = [f"{line(os.fspath(path))} is no folder" for path in paths if not _is_folder(path)]
        yield from _told(git.read_all(repositories(paths, git.deadline), mine, span), span.day, unread)
        if unread:
            raise _unread(unread)


SOURCE = Git()

Read = tuple[Path, "list[Commit] | str"]
"""A repository, and its commits or why there are none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Git:
    """The git program, in an environment in which it runs nothing else."""

    program: str
    environ: Mapping[str, str]
    deadline: float

    @classmethod
    def found(cls, environ: Mapping[str, str], deadline: float) -> "_Git":
        """Look for git. Raises SourceFailed."""
        program = found("git", environ)
        if not program:
            raise SourceFailed("git", "git is not installed.", "Install it, or take paths out of [sources.git].")
        kept = {"HOME": environ.get("HOME", "/"), "PATH": search_path(environ)}
        return cls(program=program, environ={**_ENVIRONMENT, **kept}, deadline=deadline)

    def emails(self, environ: Mapping[str, str]) -> list[str]:
        """Return the addresses in the user's own configuration. Raises SourceFailed if there is none."""
        own = {name: environ[name] for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL") if name in environ}
        asked = {name: value for name, value in self.environ.items() if name != "GIT_CONFIG_GLOBAL"}
        said = ""
        with suppress(SourceFailed):  # git says nothing and fails if the address is not set
            said = self._say({**asked, **own}, "config", "--global", "--includes", "--get-all", "user.email")
        if not said.strip():
            raise SourceFailed(
                "git", "it does not know which commits are yours.", "Set your emails under [sources.git]."
            )
        return said.split()

    def read_all(self, common: Iterable[Path], mine: frozenset[str], span: Span) -> list[Read]:
        """Read repositories, several at once."""
        return _at_once(lambda place: (place, self._tried(place, mine, span)), list(common))

    def _tried(self, common: Path, mine: frozenset[str], span: Span) -> "list[Commit] | str":
        try:
            return list(self._commits(common, mine, span))
        except SourceFailed as error:
            return error.message.removeprefix("git: ").rstrip(".")

    def _commits(self, common: Path, mine: frozenset[str], span: Span) -> Iterator[Commit]:
        """Yield the commits authored within a day; rebasing moves when they were committed, but not before that."""
        first, last = span.start.timestamp(), span.end.timestamp()
        authors = (f"--author=<{email}>" for email in sorted(mine))
        since = f"--max-age={int(first) - _DAY}"  # a day more, for clocks that differ
        rows = self._say(self.environ, *_SAFE, f"--git-dir={common}", *_ROWS, *authors, since)
        for fields in (row.split("\0") for row in rows.split("\n")):
            if len(fields) == _FIELDS and fields[1].casefold() in mine and first <= _moment(fields[0]) < last:
                yield Commit(at=_moment(fields[0]), subject=line(fields[3]), merge=" " in fields[2])

    def _say(self, environ: Mapping[str, str], *words: str) -> str:
        return output("git", [self.program, *words], environ, self.deadline - monotonic())


def _at_once(read: "Callable[[Path], Read]", places: Sequence[Path]) -> list[Read]:
    """Read several places at once, in threads for which nobody waits when the program ends."""
    found: dict[int, Read] = {}
    left = iter(enumerate(places))

    def work() -> None:
        for number, place in left:
            found[number] = read(place)

    threads = [Thread(target=work, daemon=True) for _ in places[:_AT_ONCE]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(len(places))]


def _moment(seconds: str) -> int:
    return int(seconds) if seconds.isdecimal() else 0


def repositories(roots: Iterable[Path], deadline: float) -> list[Path]:
    """Return the repositories beneath folders, each once however many worktrees it has. Raises SourceFailed."""
    return list(dict.fromkeys(chain.from_iterable(_beneath(root, DEEPEST, deadline) for root in roots)))


def _beneath(folder: Path, depth: int, deadline: float) -> Iterator[Path]:
    """Yield repositories: this folder, or those in it. Hidden folders and links are not gone into."""
    if monotonic() > deadline:
        raise SourceFailed("git", "looking for repositories took too long.", "Name smaller folders as paths.")
    if found_here := _repository(folder):
        yield found_here
    elif depth:
        for name in _folders(folder):
            yield from _beneath(folder / name, depth - 1, deadline)


def _folders(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as inside:
            return sorted(one.name for one in inside if one.name[0] != "." and one.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _repository(folder: Path) -> Path | None:
    """Return what all worktrees of the repository in a folder have in common; none if there is no repository."""
    with suppress(OSError, RuntimeError, ValueError):  # nobody may look, links in a circle, no path at all
        if git_dir := _git_dir(folder):
            link = git_dir / "commondir"
            return (git_dir / _first_line(link) if link.is_file() else git_dir).resolve()
    return None


def _git_dir(folder: Path) -> Path | None:
    """Return where git keeps what it knows of a folder: beneath it, in it if it is bare, or where a file says."""
    inner = folder / ".git"
    if inner.is_file():
        linked = folder / _first_line(inner).removeprefix("gitdir:").strip()
        return linked if (linked / "HEAD").is_file() else None
    for place in (inner, folder):
        if (place / "HEAD").is_file() and (place / "objects").is_dir() and (place / "refs").is_dir():
            return place
    return None


def _first_line(file: Path) -> str:
    with file.open("rb") as content:
        return os.fsdecode(content.read(4096).partition(b"\n")[0].rstrip(b"\r"))


def _is_folder(path: Path) -> bool:
    with suppress(OSError, ValueError):
        return path.is_dir()
    return False


def _unread(whys: Sequence[str]) -> SourceFailed:
    more = f" and {len(whys) - _MOST_TOLD} more" if len(whys) > _MOST_TOLD else ""
    why = f"not everything could be read: {'; '.join(whys[:_MOST_TOLD])}{more}."
    return SourceFailed("git", why, "Mend it, or leave it out of paths under [sources.git].")


def _told(read: Iterable[Read], day: date, unread: list[str]) -> Iterator[Draft]:
    """Yield a draft for each repository; what two clones share counts in the first. Notes what could not be read."""
    seen: set[tuple[int, str]] = set()
    for common, commits in read:
        if isinstance(commits, str):
            unread.append(f"{_name(common)} ({commits})")
            continue
        once = {(commit.at, commit.subject): commit for commit in reversed(commits)}
        marks = dict(zip(once, _marks(common, once), strict=True))
        told = [(commit, marks[key]) for key, commit in once.items() if key not in seen]
        seen.update(once)
        if told:
            yield _draft(common, day, told)


def _marks(common: Path, commits: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Yield how each commit is known again: reworded, by its place and moment; cloned or moved, by moment and words."""
    times: Counter[int] = Counter()
    for at, subject in commits:
        times[at] += 1
        here = f"git:{digest(os.fspath(common))}:{at}" + f".{times[at]}" * (times[at] > 1)
        yield here, f"git:{at}:{digest(subject)}"


def _draft(common: Path, day: date, told: Sequence[tuple[Commit, tuple[str, str]]], *, later: bool = False) -> Draft:
    """Say what some commits were; those of a day of which others were proposed before are named by the last of them."""
    commits = [commit for commit, _ in told]
    last = max(told, key=lambda one: one[0].at)[1][0]

    def rest(seen: Collection[str]) -> Draft | None:
        left = [one for one in told if not set(one[1]) & set(seen)]
        return None if all(commit.merge for commit, _ in left) else _draft(common, day, left, later=True)

    origin = last if later else f"git:{digest(os.fspath(common))}:{day}"
    parts = tuple(chain.from_iterable(marks for _, marks in told))
    return Draft(origin=origin, day=day, text=text(_name(common), commits), parts=parts, remainder=rest)


def _name(common: Path) -> str:
    """Return what a repository is called: its folder's name."""
    name = common.name.removesuffix(".git")
    return line(common.parent.name if not name or name.startswith(".") else name, 60) or "repository"
