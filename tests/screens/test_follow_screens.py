"""Screens of pain points, projects and promises at 40, 80 and 120 columns, and with awkward texts."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from support.makers import FRIDAY, make_entry, make_project, make_promise
from support.sample_quarter import fixed_ids, make_sample_pain, open_sample_journal
from support.snapshots import AWKWARD_TEXTS, ScreenSnapshot
from valuelog.journal import entries, pains, projects, promises
from valuelog.model.entry import Kind
from valuelog.model.project import ProjectState, slugify
from valuelog.model.promise import PromiseKind, PromiseState

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from conftest import Run


@pytest.fixture
def screen(snapshot: "SnapshotAssertion") -> "SnapshotAssertion":
    """Return the snapshot of a screen."""
    return snapshot.use_extension(ScreenSnapshot)


@pytest.fixture
def filled_journal(journal_path: "Path") -> None:
    """Fill a journal with pain points, projects and promises."""
    journal_path.parent.mkdir(parents=True)
    journal, names = open_sample_journal(journal_path), fixed_ids()
    often = make_sample_pain(
        names, "The deploy waits on one approver", *[FRIDAY - timedelta(days=9 * n) for n in range(7)]
    )
    journal.write(
        "add", pains.creation_changes([often, make_sample_pain(names, "Two tools want the same hours", FRIDAY)])
    )
    journal.write("edit", [pains.answer_change(often.id, "hit", "the support team")])
    step = make_promise("ask for a second approver", id=next(names), kind=PromiseKind.STEP, pain=often.id)
    stop = make_promise(
        "the weekly status mail that eleven people get each Monday and nobody reads to its end",
        id=next(names),
        due=FRIDAY,
        carried=2,
    )
    kept = make_promise("pairing", id=next(names), kind=PromiseKind.START, due=FRIDAY)
    journal.write("promise", map(promises.creation_change, (step, stop, kept)))
    journal.write("kept", [promises.update_change(kept, kept.settle(PromiseState.KEPT, FRIDAY))])
    facts = {"problem": "refunds take three days", "measure": "days until the money is back"}
    begun = make_project("Refund flow", id=next(names), started_on=FRIDAY - timedelta(weeks=14), **facts)
    region = make_project("New region", id=next(names), started_on=FRIDAY - timedelta(weeks=14))
    journal.write("start", map(projects.creation_change, (begun, region)))
    log = [
        make_entry(id=next(names), day=FRIDAY - timedelta(days=4 * n), text=f"meeting {n}", project="new-region")
        for n in range(24)
    ]
    proof = {"evidence": "median of 214 cases", "project": "refund-flow"}
    log.append(make_entry(id=next(names), kind=Kind.OUTCOME, text="refunds arrive the next day", **proof))
    entries.add(journal, log, act="today")
    done = begun.mark_closed(FRIDAY, result="one day instead of three", evidence=None, lesson="ask finance first")
    journal.write("close", [projects.update_change(begun, done)])
    journal.close()


SCREENS = {
    "pain": "pain",
    "project": "project",
    "projects": "project list --all",
    "stalled": "project show new region",
    "closed": "project show refund-flow",
    "promises": "promise list --all",
    "review": "review --week",
    "stand": "",
}


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.usefixtures("filled_journal")
def test_screen_of_pains_projects_and_promises(
    run: "Run", screen: "SnapshotAssertion", name: str, columns: int
) -> None:
    shown = run(*SCREENS[name].split(), COLUMNS=str(columns)).out
    assert all(cell_len(line) <= columns for line in shown.splitlines())
    assert shown == screen


@pytest.mark.usefixtures("filled_journal")
def test_pain_timeline_screen(run: "Run", screen: "SnapshotAssertion") -> None:
    name = run("pain", "list", "-n", "1", "--plain").out.split("\t")[0]
    assert run("pain", "show", name).out == screen


@pytest.mark.parametrize("words", ["pain", "project", "promise"])
def test_empty_list_screen(run: "Run", screen: "SnapshotAssertion", words: str) -> None:
    assert run(words).out == screen


@pytest.mark.parametrize("columns", [20, 40, 79, 80, 120])
def test_pains_projects_and_promises_fit_the_terminal(run: "Run", journal_path: "Path", columns: int) -> None:
    journal, names = open_sample_journal(journal_path), fixed_ids()
    for place, text in enumerate(AWKWARD_TEXTS):
        pain = make_sample_pain(names, text, FRIDAY)
        step = make_promise(text, id=next(names), kind=PromiseKind.STEP, pain=pain.id)
        journal.write("add", [*pains.creation_changes([pain]), promises.creation_change(step)])
        journal.write("edit", [pains.answer_change(pain.id, "hit", text)])
        name = " ".join(text.split())
        fields = dict.fromkeys(("problem", "measure", "aim", "result", "evidence", "lesson"), text)
        state = ProjectState.CLOSED if place % 2 else ProjectState.OPEN
        owned = make_project(name, id=next(names), slug=slugify(name), state=state, **fields)
        journal.write("start", [projects.creation_change(owned)])
        entries.add(journal, [make_entry(id=next(names), text=text, kind=Kind.OUTCOME, project=name)])
    journal.close()
    listed = [line.split("\t")[0] for word in ("pain", "promise", "project") for line in _listed(run, word)]
    shows = [f"show {name}" for name in listed] + [
        f"project show {line.split()[0]}" for line in _listed(run, "project")
    ]
    for words in ("", "pain", "project list --all", "promise", "review --week", "brag --markdown", *shows):
        lines = run(*words.split(), COLUMNS=str(columns)).out.splitlines()
        wide = [line.removesuffix(" \\") for line in lines if cell_len(line) > columns]
        assert [line for line in wide if len(line.split()) > 1] == [] or "--markdown" in words, words


def _listed(run: "Run", word: str) -> list[str]:
    return run(word, "--plain").out.splitlines()
