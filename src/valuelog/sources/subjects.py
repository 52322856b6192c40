"""What some commits were, in one line: of their subjects those that say most. Knows no repository."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from valuelog.sources.sanitize import MAX_LINE_LENGTH, sanitize_line

_BEFORE = re.compile(r"(?:\W*(?::\w+:|\[[^\]]*\]|[A-Z]{2,}-\d+:?|#\d+:?)\s+)*(?:(\w+)(?:\([^)]*\))?!?:\s+)?")
"""What may stand before a subject: a picture, a ticket, and of which sort it is: `feat(refunds): `."""

_DULL = re.compile(
    r"(?:wip|merge|bump|revert|chore|typos?|minor|fix\w*\s.*\btypos?|address\w*\s.*\b(?:review|comments?|feedback))\b"
    r"|(?:fixup|squash|amend)!",
    re.IGNORECASE,
)
"""Subjects that say nothing, whatever else they say."""

_LESSER = {"build", "ci", "docs", "refactor", "style", "test", "tests"}
"""Sorts of which a subject says half as much."""

_ANYWHERE = """
    a about add added adds an and are as at be broken bug bugs but by change changed changes ci clean cleanup
    code commit debug dependencies deps doc docs done error errors failing feat file files final fix fixed fixes
    for format formatting from have if improve in initial into is it its lint linter linting lock make md misc
    more new not now of on oops or out pr readme refactor refactoring release remove rename small some so stuff
    style test tests than that the their them then this to tweak tweaks up update updated updates use version
    was with without work
"""
_EMPTY = frozenset(_ANYWHERE.split())
"""Words that stand in any subject."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,2}|[^\W_]{2,}")
"""A word; where none are parted, two signs are about as much as one."""

_VERSION = re.compile(r"\bv?\d+(?:\.\d+)+\b")

_MOST_WORDS = 6
"""Beyond so many words a subject says no more."""

_MAX_SUBJECTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """A commit: when it was authored (seconds of POSIX), its subject, and whether it only merges."""

    at: int
    subject: str
    merge: bool

    @property
    def significance(self) -> int:
        """How much it says: so many words that do not stand in any subject, and nothing for a merge or a fixup."""
        found = _BEFORE.match(self.subject)
        sort, rest = (found[1] or "", self.subject[found.end() :]) if found else ("", self.subject)
        if self.merge or _DULL.match(rest) or _DULL.match(f"{sort} "):
            return 0
        words = set(_WORD.findall(_VERSION.sub("", self.subject.casefold()))) - _EMPTY
        weight = min(len(words), _MOST_WORDS) // (2 if sort.casefold() in _LESSER else 1)
        return weight if weight > 1 or " " in rest.strip() else 0


def summarize_commits(name: str, commits: Sequence[Commit]) -> str:
    """Say what some commits were: how many, and as many of those that say most as fit."""
    subjects = _pick_subjects(commits)
    begin = name if len(commits) == 1 else f"{name}: {len(commits)} commits"
    if not subjects:
        return f"{name}: {len(commits)} commit{'s' * (len(commits) > 1)}"
    said = f"{begin}: {subjects[0]}"
    for subject in subjects[1:]:
        said = f"{said}, {subject}" if len(said) + len(subject) + 2 <= MAX_LINE_LENGTH else said
    return sanitize_line(said)


def _pick_subjects(commits: Sequence[Commit]) -> list[str]:
    """Return the subjects that say most, those first, or else in the order of time; dull ones only if all are."""
    subjects = {commit.subject: commit for commit in sorted(commits, key=lambda commit: -commit.at) if commit.subject}
    best = sorted(subjects.values(), key=lambda commit: (-commit.significance, commit.at))
    lively = [commit for commit in best if commit.significance] or best
    return [commit.subject for commit in islice(lively, _MAX_SUBJECTS)]
