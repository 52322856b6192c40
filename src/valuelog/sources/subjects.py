"""What some commits were, in one line: of their subjects those that say most. Knows no repository."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from valuelog.sources.lines import LONGEST_LINE, line

_DULL = re.compile(r"(wip|merge|bump|revert|chore|typo)\b|(fixup|squash|amend)!|\W*\w*\W*$", re.IGNORECASE)
"""Subjects that say least: those that begin like this, and single words."""

_SAYING = 72
"""Beyond so many characters a subject says no more."""

_MOST_TOLD = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """A commit: when it was authored (seconds of POSIX), its subject, and whether it only merges."""

    at: int
    subject: str
    merge: bool

    @property
    def says(self) -> tuple[bool, int]:
        """How much it says: merges, fixups and single words least, longer subjects more."""
        return (not self.merge and not _DULL.match(self.subject), min(len(self.subject), _SAYING))


def text(name: str, commits: Sequence[Commit]) -> str:
    """Say what some commits were: how many, and as many of those that say most as fit."""
    subjects = _telling(commits)
    begin = name if len(commits) == 1 else f"{name}: {len(commits)} commits"
    if not subjects:
        return f"{name}: {len(commits)} commit{'s' * (len(commits) > 1)}"
    said = f"{begin}: {subjects[0]}"
    for subject in subjects[1:]:
        said = f"{said}, {subject}" if len(said) + len(subject) + 2 <= LONGEST_LINE else said
    return line(said)


def _telling(commits: Sequence[Commit]) -> list[str]:
    """Return the subjects that say most, in the order in which they were written; dull ones only if all are."""
    subjects = {commit.subject: commit for commit in commits if commit.subject}
    best = sorted(subjects.values(), key=lambda commit: commit.says, reverse=True)
    lively = [commit for commit in best if commit.says[0]] or best
    return [commit.subject for commit in sorted(islice(lively, _MOST_TOLD), key=lambda commit: commit.at)]
