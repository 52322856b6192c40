"""Invalid input about pain points, projects and promises: a clear error and an unchanged journal."""

import shlex
from typing import TYPE_CHECKING

import pytest

from support.makers import FRIDAY, make_entry, make_pain, make_project, make_promise, open_test_journal
from support.messages import assert_one_clear_message
from valuelog.journal import entries, pains, projects, promises
from valuelog.journal.log import Change
from valuelog.model.promise import PromiseKind

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

NEVER = "Can't prompt: there is no terminal, or --no-input is set.\nAnswer on the command line instead: "
AHEAD = "Write a future day: tomorrow, fri, next week, 4 dec or 2026-12-04."


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a journal with open, closed and dropped entities: p2 with its step t2, p3, t3, t4, g2, g3, g4 and m7."""
    journal = open_test_journal(tmp_path_factory.mktemp("seed"))
    hurts, gone = make_pain(id="p200000000"), make_pain(id="p300000000", text="two tools want the same hours")
    journal.write("add", pains.creation_changes([hurts, gone]))
    journal.write("drop", [pains.closing_change(gone.mark_dropped(FRIDAY, "one tool left"))])
    step = make_promise("ask for two", id="t200000000", kind=PromiseKind.STEP, pain=hurts.id)
    kept, broken = make_promise("mentoring", id="t300000000"), make_promise("the weekly mail", id="t400000000")
    journal.write("promise", map(promises.creation_change, (step, kept, broken)))
    journal.write("close", [change("promise", kept.id, "kept"), change("promise", broken.id, "broken")])
    begun = [
        make_project("Refund flow", id="g200000000"),
        make_project("Alerts", id="g300000000"),
        make_project("Old", id="g400000000"),
    ]
    journal.write("start", map(projects.creation_change, begun))
    journal.write("close", [change("project", "g300000000", "closed"), change("project", "g400000000", "dropped")])
    entries.add(journal, [make_entry(id="m700000000")])
    journal.close()
    return journal.path.read_bytes()


def change(entity: str, name: str, state: str) -> Change:
    return Change(entity=entity, id=name, fields={"state": state, "closed_on": FRIDAY.isoformat()})


@pytest.fixture
def seeded_journal(journal_path: "Path", seed: bytes) -> "Path":
    """Write the seed to the path of the journal."""
    journal_path.parent.mkdir(parents=True)
    journal_path.write_bytes(seed)
    return journal_path


WORDS = [
    # unknown or wrong entities
    ("pain show zzzzzz", 1, "No pain point has an id that begins with “zzzzzz”.\nList ids with: valuelog pain"),
    ("pain show m7", 1, "No pain point has an id that begins with “m7”."),
    ("pain seen zzzzzz", 1, "No pain point has an id that begins with “zzzzzz”."),
    ("pain edit t2 x", 1, "No pain point has an id that begins with “t2”."),
    ("pain plan g2 x", 1, "No pain point has an id that begins with “g2”."),
    ("pain fix ''", 1, "No pain point has an id that begins with “”."),
    ("pain fix zzzzzz it is gone", 1, "No pain point has an id that begins with “zzzzzz”."),
    ("pain drop '*' x", 1, "No pain point has an id that begins with “*”."),
    ("pain drop p x", 1, "“p” matches 2 ids.\nType more letters:\n  p2  the deploy waits on one approver\n"),
    ("pain add x --seen zzzzzz", 1, "No pain point has an id that begins with “zzzzzz”."),
    ("promise keep zzzzzz", 1, "No promise has an id that begins with “zzzzzz”.\nList ids with: valuelog promise"),
    ("promise break p2", 1, "No promise has an id that begins with “p2”."),
    ("promise carry m7 --by mon", 1, "No promise has an id that begins with “m7”."),
    ("promise keep t", 1, "“t” matches 3 ids.\nType more letters:\n  t2  ask for two\n"),
    ("promise make step x --pain zzzzzz", 1, "No pain point has an id that begins with “zzzzzz”."),
    ("promise make halt x", 2, "There is no kind of promise “halt”.\nChoose from: stop, start, step."),
    ("promise make stpo x", 2, "There is no kind of promise “stpo”.\nDid you mean stop? Choose from: stop, start"),
    ("project show nope", 1, "There is no project “nope”.\nYour projects: refund-flow, alerts, old."),
    ("project show p2", 1, "There is no project “p2”."),
    ("project edit nope --aim x", 1, "There is no project “nope”."),
    ("project close '!!' --result x", 1, "There is no project “!!”."),
    ("project close refunds --result x", 1, "There is no project “refunds”.\nDid you mean refund-flow?"),
    ("project drop '' x", 1, "There is no project “”."),
    ("project drop g x", 1, "“g” matches 3 ids.\nType more letters:\n  g2  Refund flow\n"),
    ("pain heal p2", 2, "There is no command “heal”."),
    ("promise hold t2", 2, "There is no command “hold”."),
    ("project stop refund-flow", 2, "There is no command “stop”."),
    ("promise list extra", 2, "“extra” isn't expected here."),
    ("project list --ended", 2, "There is no option --ended."),
    # closed entities
    ("pain seen p3", 1, "“two tools want the same hours” is already closed.\nIf it came back, log it again:"),
    ("pain add x --seen p3", 1, "“two tools want the same hours” is already closed."),
    ("pain plan p3 'ask again'", 1, "“two tools want the same hours” is already closed."),
    ("pain plan p3", 1, "“two tools want the same hours” is already closed."),
    ("pain fix p3 'it is gone'", 1, "“two tools want the same hours” is already closed."),
    ("pain fix p3", 1, "“two tools want the same hours” is already closed."),
    ("pain drop p3 again", 1, "“two tools want the same hours” is already closed."),
    ("pain drop p3", 1, "“two tools want the same hours” is already closed."),
    ("promise make step 'ask' --pain p3", 1, "“two tools want the same hours” is already closed."),
    ("promise keep t3", 1, "“mentoring” is already kept.\nPromise it again with: valuelog promise make"),
    ("promise break t3", 1, "“mentoring” is already kept."),
    ("promise carry t3 --by 'next week'", 1, "“mentoring” is already kept."),
    ("promise keep t4", 1, "“the weekly mail” is already broken."),
    ("promise break t4 -d today", 1, "“the weekly mail” is already broken."),
    ("project close alerts --result x", 1, "“Alerts” is already closed.\nAdd its result with: valuelog"),
    ("project close alerts", 1, "“Alerts” is already closed."),
    ("project drop alerts x", 1, "“Alerts” is already closed."),
    ("project drop alerts", 1, "“Alerts” is already closed."),
    ("project close old --result x", 1, "“Old” is already dropped."),
    ("project drop g4 x", 1, "“Old” is already dropped.\nReopen it with: valuelog project reopen old"),
    # duplicate names
    (
        "project start 'Refund flow' --aim x",
        1,
        "There is already a project “Refund flow”; it is open.\nSee it with: valuelog project show refund-flow;",
    ),
    ("project start REFUND-flow! --aim x", 1, "There is already a project “Refund flow”; it is open."),
    ("project start refund flow", 1, "There is already a project “Refund flow”; it is open."),
    ("project start alerts --aim x", 1, "There is already a project “Alerts”; it is closed.\nGive the new one another name."),  # noqa: E501  one line each reads best here
    ("project start Old --aim x", 1, "There is already a project “Old”; it is dropped.\nGive the new one another name."),  # noqa: E501  one line each reads best here
    ("project edit alerts --name 'refund flow'", 1, "There is already a project “Refund flow”; it is open."),
    ("project edit refund-flow --name Old --aim x", 1, "There is already a project “Old”; it is dropped."),
    # questions without a terminal
    ("pain add", 2, f"{NEVER}TEXT, or - to read it from stdin"),
    ("pain plan p2", 2, f"{NEVER}STEP in words, and --by WHEN"),
    ("pain plan p2 --by fri", 2, f"{NEVER}STEP in words, and --by WHEN"),
    ("pain fix p2", 2, f"{NEVER}HOW in words, with --effect, --for and --evidence"),
    ("pain fix p2 --effect faster --evidence 'it runs'", 2, f"{NEVER}HOW in words"),
    ("pain drop p2", 2, f"{NEVER}WHY in words"),
    ("project start 'New region'", 2, f"{NEVER}--problem, --measure and --aim"),
    ("project close refund-flow", 2, f"{NEVER}--result, --evidence and --lesson"),
    ("project close refund-flow --result ''", 2, f"{NEVER}--result, --evidence and --lesson"),
    ("project drop refund-flow", 2, f"{NEVER}WHY in words"),
    ("promise make stop", 2, f"{NEVER}TEXT in words, and --by WHEN"),
    ("--no-input pain drop p2", 2, f"{NEVER}WHY in words"),
    (
        "pain add 'the deploy waits for approvers'",
        2,
        ("“the deploy waits for approvers” looks like p2 “the deploy waits on one approver”, seen once."
        " Nothing was saved.\n"
        "Say which it is: --seen p2 if it's the same, --new if it isn't."),
    ),
    ("add pain 'the deploy waits for approvers'", 2, "looks like p2 “the deploy waits on one approver”"),
    # missing arguments
    ("pain show", 2, "Missing argument ID."),
    ("pain plan", 2, "Missing argument ID."),
    ("project show", 2, "Missing argument NAME."),
    ("project start", 2, "Missing argument NAME."),
    ("project close", 2, "Missing argument NAME."),
    ("promise make", 2, "Missing argument stop|start|step."),
    ("promise keep", 2, "Missing argument ID."),
    # days
    ("pain plan p2 ask --by yesterday", 2, f"Thu 19 Nov 2026 is in the past.\n{AHEAD}"),
    ("pain plan p2 ask --by 'last week'", 2, f"Sun 15 Nov 2026 is in the past.\n{AHEAD}"),
    ("pain plan p2 ask --by 3/4", 2, "“3/4” could be 3 April or 4 March."),
    ("pain plan p2 ask --by soon", 2, f"“soon” is not a day.\n{AHEAD}"),
    ("pain plan p2 ask --by ''", 2, "“” is not a day."),
    ("pain add x --step ask --by yesterday", 2, "Thu 19 Nov 2026 is in the past."),
    ("promise make stop x --by 2026-11-19", 2, f"Thu 19 Nov 2026 is in the past.\n{AHEAD}"),
    ("promise make stop x --by 9999-12-31", 2, "“9999-12-31” is not a day."),
    ("promise make stop x --by '99999 weeks'", 2, "“99999 weeks” is not a day."),
    ("promise carry t2 --by yesterday", 2, "Thu 19 Nov 2026 is in the past."),
    (
        "promise carry t2 --by 2026-11-27",
        2,
        "It is already due on Fri 27 Nov 2026.\nChoose a later day: valuelog promise carry ID --by WHEN",
    ),
    ("promise carry t2 --by today", 2, "It is already due on Fri 27 Nov 2026."),
    ("pain seen p2 -d tomorrow", 2, "Sat 21 Nov 2026 is in the future."),
    ("pain fix p2 gone -d 2026-11-21", 2, "Sat 21 Nov 2026 is in the future."),
    ("pain drop p2 x -d tomorrow", 2, "Sat 21 Nov 2026 is in the future."),
    ("promise keep t2 -d tomorrow", 2, "Sat 21 Nov 2026 is in the future."),
    ("project start New --aim x -d tomorrow", 2, "Sat 21 Nov 2026 is in the future."),
    ("project close refund-flow --result x -d tomorrow", 2, "Sat 21 Nov 2026 is in the future."),
    (
        "pain fix p2 gone -d yesterday",
        2,
        "Thu 19 Nov 2026 is too early: it was first seen on Fri 20 Nov 2026.\nWrite that day or a later one.",
    ),
    ("pain drop p2 x -d 2026-11-19", 2, "Thu 19 Nov 2026 is too early: it was first seen on Fri 20 Nov 2026."),
    ("promise keep t2 -d yesterday", 2, "Thu 19 Nov 2026 is too early: it was promised on Fri 20 Nov 2026."),
    ("promise break t2 -d yesterday", 2, "Thu 19 Nov 2026 is too early: it was promised on Fri 20 Nov 2026."),
    ("project close refund-flow --result x -d -1", 2, "Thu 19 Nov 2026 is too early: it was started on Fri 20 Nov 2026."),  # noqa: E501  one line each reads best here
    ("project drop refund-flow x -d yesterday", 2, "Thu 19 Nov 2026 is too early: it was started on Fri 20 Nov 2026."),
    # texts and conflicting options
    ("pain plan p2 ' '", 2, "The text is empty."),
    ("pain fix p2 ' '", 2, "The text is empty."),
    ("pain fix p2 gone --evidence ' '", 2, "The text is empty."),
    ("pain drop p2 ' '", 2, "The text is empty."),
    ("pain seen p2 ' '", 2, "The text is empty."),
    ("pain edit p2 ''", 2, "The text is empty."),
    ("pain edit p2 --hit ' '", 2, "The text is empty."),
    ("pain add x --hit ' '", 2, "The text is empty."),
    ("pain fix p2 'a\x1b[31m'", 2, "can't be saved: U+001B"),
    ("pain plan p2 'a\udcff'", 2, "can't be saved: U+DCFF"),
    ("pain fix p2 gone --effect nicer", 2, "There is no effect “nicer”."),
    ("pain fix p2 gone --for boss", 2, "There is no beneficiary “boss”."),
    ("pain fix p2 gone --project '!!'", 2, "“!!” can't be a project name."),
    ("project start '!!' --aim x", 2, "“!!” can't be a project name."),
    ("project start '' --aim x", 2, "“” can't be a project name."),
    ("project start New --aim ' '", 2, "The text is empty."),
    ("project start New --aim 'a\x07'", 2, "can't be saved: U+0007"),
    ("project start 'N\x1bew' --aim x", 2, "can't be saved: U+001B"),
    ("project edit refund-flow --name '' --aim x", 2, "“” can't be a project name."),
    ("project edit refund-flow --name '!!'", 2, "“!!” can't be a project name."),
    ("project close refund-flow --result 'a\x07'", 2, "can't be saved: U+0007"),
    ("promise make stop ' '", 2, "The text is empty."),
    ("promise make stop 'a\u202eb'", 2, "can't be saved: U+202E"),
    ("promise make stop x --pain p2", 2, "Only a step can be for a pain point.\nTry: valuelog pain plan ID"),
    ("pain add x --seen p2 --new", 2, "--seen and --new exclude each other.\nChoose one."),
    ("pain add x --by fri", 2, "--by is the due day of a --step, which is missing.\nAdd: --step TEXT"),
    ("add helped x --seen p2", 2, "--seen and --new are for pain points."),
    ("pain list --json --plain", 2, "--json and --plain exclude each other."),
    ("promise --json --plain", 2, "--json and --plain exclude each other."),
    # no change
    ("pain edit p2", 2, "Nothing was changed.\nGive a new text or options: valuelog pain edit --help"),
    ("pain edit p2 the deploy waits on one approver", 2, "Nothing was changed."),
    ("pain edit p2 --better ''", 2, "Nothing was changed."),
    (
        "pain plan p2 'ask for two' --by fri",
        2,
        "Nothing was changed.\nGive a new text or options: valuelog pain plan --help",
    ),
    ("promise make step 'ask for two' --pain p2 --by fri", 2, "Nothing was changed."),
    ("project edit refund-flow", 2, "Nothing was changed.\nGive a new text or options: valuelog project edit --help"),
    ("project edit refund-flow --name ' Refund  flow ' --aim ''", 2, "Nothing was changed."),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "piece"), WORDS, ids=[ascii(words) for words, _, _ in WORDS])
def test_invalid_input_is_a_clear_error_and_changes_nothing(
    run: "Run", seeded_journal: "Path", seed: bytes, words: str, code: int, piece: str
) -> None:
    assert_one_clear_message(run(*shlex.split(words), fails=code), piece)
    assert seeded_journal.read_bytes() == seed
    assert list(seeded_journal.parent.iterdir()) == [seeded_journal]


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        ("pain plan p3", "is already closed"),
        ("pain fix p3", "is already closed"),
        ("pain drop p3", "is already closed"),
        ("project close alerts", "is already closed"),
        ("project drop old", "is already dropped"),
        ("project start alerts", "There is already a project “Alerts”"),
    ],
)
def test_closed_entity_is_refused_before_asking(
    run: "Run", seeded_journal: "Path", seed: bytes, words: str, piece: str
) -> None:
    asked: list[object] = ["an answer"] * 5
    assert piece in run(*words.split(), answers=asked, fails=1).err
    assert asked == ["an answer"] * 5
    assert seeded_journal.read_bytes() == seed
