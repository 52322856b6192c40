"""What commits were, in a line: which subjects are told, and in which order."""

import pytest

from valuelog.model.entry import clean_text
from valuelog.sources.subjects import Commit, summarize_commits


def subjects(*said: str) -> list[Commit]:
    """Make commits, one after the other."""
    return [Commit(at=number, subject=one, merge=False) for number, one in enumerate(said)]


DULL = [
    "wip", "WIP: refunds", "fix typo", "Fix a typo in the refund mail", "typo", "fix lint", "fix linting errors",
    "fix tests", "Fix failing tests", "fix ci", "Update README", "Update README.md", "Updated the docs",
    "address review comments", "Address Sam's review feedback", "cleanup", "clean up", "Minor changes to refunds",
    "minor", "Bump requests from 2.31 to 2.32", "bump version", "build(deps): bump rich to 14", "release 1.4.0",
    "Release v2.0", "v1.4.0", "1.4.0", "Merge branch 'main' into refunds", "Merge pull request #12 from sam/refunds",
    "fixup! Retry refunds", "squash! Retry refunds", "chore: update dependencies", "chore(deps): lock file",
    "docs: fix typo", "PAY-12: fix typo", "[PAY-12] wip", "small fixes", "more tests", "formatting", "oops", ".", "x",
    "Initial commit", 'Revert "Retry refunds"', ":art: cleanup", "style: format code", "refactor", "misc",
]  # fmt: skip

LIVELY = [
    "Retry refunds on timeout", "Cut deploy wait to 20 min", "Fix rounding of partial refunds", "Add refund runbook",
    "New colours", "feat(refunds): retry on timeout", "[PAY-7] Refund in one click", "Clean up stale refund locks",
    "Update the price table of Norway", "Test refunds that time out twice", "docs: say how refunds are retried",
    "Rückerstattungen am selben Tag", "修复退款舍入错误", "返金を再試行する", "Release refunds to all shops",
]  # fmt: skip


@pytest.mark.parametrize("dull", DULL)
def test_what_says_nothing_is_left_out_where_something_is_said(dull: str) -> None:
    assert summarize_commits("app", subjects(dull, "Say it", dull)) == "app: 3 commits: Say it"


@pytest.mark.parametrize("lively", LIVELY)
def test_what_says_something_is_told(lively: str) -> None:
    assert summarize_commits("app", subjects("wip", lively, "wip")) == f"app: 3 commits: {lively}"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["wip", "wip"], "wip"),
        (["cleanup", "minor tweaks", "wip", "fix tests"], "cleanup, minor tweaks, wip"),
        (["A first", "B second", "C third", "D longest of all"], "D longest of all, A first, B second"),
        (["Read calendars", "Ask @sam about #4"], "Read calendars, Ask @sam about #4"),
        (
            ["wip", "Add runbook", "fix typo", "Cut deploy wait from 40 to 20 minutes", "Update README"],
            "Cut deploy wait from 40 to 20 minutes, Add runbook",
        ),
        (
            [
                "feat(refunds): retry on timeout", "test: refuse a third timeout", "docs: fix typo",
                "chore(deps): bump rich", "fix(refunds): round partial refunds in yen", "Merge branch 'main'",
            ],
            "fix(refunds): round partial refunds in yen, feat(refunds): retry on timeout, test: refuse a third timeout",
        ),
        (
            ["Tippfehler", "Rückerstattungen laufen jetzt am selben Tag", "wip", "Preise für Norwegen"],
            "Rückerstattungen laufen jetzt am selben Tag, Preise für Norwegen",
        ),
        (["Retry refunds", "Retry refunds", "Retry payouts"], "Retry refunds, Retry payouts"),
        (["x " + "x" * 250, "short one"], "short one"),
        (["y y" * 50, "z z" * 50, "short one"], f"short one, {'y y' * 50}"),
    ],
)  # fmt: skip
def test_the_subject_that_says_most_comes_first(said: list[str], expected: str) -> None:
    told = summarize_commits("demo", subjects(*said))
    assert told == f"demo: {len(said)} commits: {expected}"
    assert clean_text(told) == told
    assert len(told) <= 200


def test_merges_say_least_whatever_they_are_called() -> None:
    merge = Commit(at=0, subject="Everything that refunds need", merge=True)
    assert summarize_commits("demo", [merge, *subjects("Retry refunds")]) == "demo: 2 commits: Retry refunds"
    assert summarize_commits("demo", [merge]) == "demo: Everything that refunds need"
