"""Bad input: one clear message, the right exit code, and an unchanged journal."""

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from support.evenings import run_with_answers
from support.makers import make_entry, make_pain, open_test_journal
from support.messages import assert_one_clear_message
from valuelog.journal import entries, pains
from valuelog.model.entry import Kind

if TYPE_CHECKING:
    from conftest import Run

HELPED, ALSO, MAILS, PAIN = "k3a0000000", "k3b0000000", "m700000000", "p200000000"
"""Ids in the journal: two with a common prefix of two letters, an activity, a pain point."""

KINDS = "Choose from: activity, improvement, outcome, helped, insight, learned, pain."
NO_TERMINAL = "Can't prompt: there is no terminal, or --no-input is set."
EVENING_FLAGS = "--activity, --improvement, --outcome, --helped, --insight, --learned, --pain or --answers FILE"


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a journal with three entries and a pain point."""
    folder = tmp_path_factory.mktemp("seed")
    journal = open_test_journal(folder)
    listed = [make_entry(id=HELPED, kind=Kind.HELPED), make_entry(id=ALSO, kind=Kind.HELPED), make_entry(id=MAILS)]
    entries.add(journal, listed)
    journal.write("add", pains.creation_changes([make_pain(id=PAIN)]))
    journal.close()
    return (folder / "journal.db").read_bytes()


@pytest.fixture
def seeded_journal(journal_path: "Path", seed: bytes) -> "Path":
    """Write the seed to the path of the journal."""
    journal_path.parent.mkdir(parents=True)
    journal_path.write_bytes(seed)
    return journal_path


WORDS = [
    # unknown names
    ("helpd", 2, "There is no command “helpd”.\nSee: valuelog --help"),
    ("toda", 2, "Did you mean today?"),
    ("pain heal", 2, "There is no command “heal”.\nSee: valuelog pain --help"),
    ("add helpd x", 2, f"There is no kind “helpd”.\nDid you mean helped? {KINDS}"),
    ("add pains x", 2, "Did you mean pain?"),
    ("edit m7 --kind pain", 2, "There is no kind “pain”."),
    ("list --kind work", 2, "There is no kind “work”."),
    ("list --side top", 2, "There is no side “top”.\nChoose from: work, value, neither."),
    ("add helped x --effect nicer", 2, "There is no effect “nicer”."),
    ("add helped x --for boss", 2, "There is no beneficiary “boss”.\nChoose from: coworkers, customers, company."),
    ("add helped x --bogus", 2, "There is no option --bogus.\nSee: valuelog add --help"),
    ("--bogus", 2, "There is no option --bogus."),
    ("--color purple list", 2, "There is no --color “purple”.\nChoose from: auto, always, never."),
    ("init tcsh", 2, "There is no shell “tcsh”.\nChoose from: bash, zsh, fish."),
    ("config get remindat", 2, "There is no setting “remindat”.\nDid you mean remind_at?"),
    ("config set nope 1", 2, "There is no setting “nope”."),
    ("calendar --by mood", 2, "There is no color scale “mood”.\nChoose from: share, count."),
    ("list --project nope", 1, "There is no project “nope”.\nThere are no projects yet."),
    ("promote m7 activity", 2, "activity isn't one"),
    ("promote m7 task", 2, "There is no kind “task”."),
    # missing arguments
    ("add", 2, "Answer on the command line instead: KIND TEXT, or - to read it from stdin"),
    ("show", 2, "Missing argument ID."),
    ("delete", 2, "Missing argument ID."),
    ("search", 2, "Missing argument WORDS."),
    ("search '\"\"'", 2, "There is nothing to search for."),
    ("search -- -draft", 2, "There is nothing to search for."),
    ("search '?!'", 2, "There is nothing to search for."),
    ("add helped", 2, f"{NO_TERMINAL}\nAnswer on the command line instead: TEXT, or - to read it from stdin"),
    ("edit m7", 2, f"{NO_TERMINAL}\nAnswer on the command line instead: TEXT"),
    ("today", 2, f"{NO_TERMINAL}\nAnswer on the command line instead: {EVENING_FLAGS}"),
    ("today --catch-up", 2, f"{NO_TERMINAL}\nAnswer on the command line instead: --date WHEN with {EVENING_FLAGS}"),
    ("--no-input today", 2, EVENING_FLAGS),
    ("delete --purge m7", 2, NO_TERMINAL),
    ("config edit", 2, "valuelog config set NAME VALUE"),
    # ids
    (
        "show zzzz",
        1,
        "No entry, pain point, project or promise has an id that begins with “zzzz”.\nList ids with: valuelog list",
    ),
    ("show ''", 1, "begins with “”"),
    ("edit p2 x", 2, "p2 is a pain point, not an entry.\nChange it with: valuelog pain --help"),
    ("pain seen m7", 1, "No pain point has an id that begins with “m7”."),
    ("delete m7 zzzzzz", 1, "begins with “zzzzzz”"),
    ("history zzzzzz", 1, "begins with “zzzzzz”"),
    ("show k3", 1, "“k3” matches 2 ids.\nType more letters:\n  k3a  audit mails\n  k3b  audit mails"),
    ("delete m7 k", 1, "“k” matches 2 ids."),
    ("edit K3 x", 1, "“K3” matches 2 ids."),
    ("delete --purge k3a k3b", 2, "--purge erases one thing at a time."),
    # days and periods
    ("add helped x -d someday", 2, "“someday” is not a day.\nDid you mean today? Write today, yesterday, fri"),
    ("add helped x -d 2026-02-30", 2, "“2026-02-30” is not a day."),
    ("add helped x -d ''", 2, "“” is not a day."),
    ("add helped x -d 3/4", 2, "“3/4” could be 3 April or 4 March.\nWrite 2026-04-03 or 2026-03-04."),
    ("list 3/4", 2, "“3/4” could be 3 April or 4 March."),
    ("review 3/4", 2, "“3/4” could be 3 April or 4 March."),
    ("add helped x -d tomorrow", 2, "Sat 21 Nov 2026 is in the future.\nWrite today or an earlier day."),
    ("edit m7 -d 2026-11-21", 2, "Sat 21 Nov 2026 is in the future."),
    ("today -d 2026-11-21 --activity x", 2, "Sat 21 Nov 2026 is in the future."),
    ("pain add x -d tomorrow", 2, "Sat 21 Nov 2026 is in the future."),
    ("review 2027", 2, "Fri 1 Jan 2027 is in the future."),
    ("review --week 2026-W48", 2, "Mon 23 Nov 2026 is in the future."),
    ("calendar 2027", 2, "Fri 1 Jan 2027 is in the future."),
    ("list nonsense", 2, "“nonsense” is not a day or a period.\nWrite this week, last month, 2026-W47"),
    ("review --week 2026-W54", 2, "“2026-W54” is not a day or a period."),
    ("review --month=13", 2, "“13” is not a day or a period."),
    ("list 2026-11-20..2026-11-01", 2, "is not a day or a period."),
    ("calendar 20x6", 2, "“20x6” is not a day or a period."),
    ("off 2026-01-01..2035-12-31", 2, "more than a year"),
    # numbers
    ("add helped x -m -5", 2, "“-5” is not a duration, or is longer than a day.\nWrite 90, 90m, 2h or 1h30m."),
    ("add helped x -m 0", 2, "“0” is not a duration"),
    ("add helped x -m 1000000000", 2, "“1000000000” is not a duration"),
    ("add helped x -m 1h90m", 2, "“1h90m” is not a duration"),
    ("edit m7 -m ''", 2, "“” is not a duration"),
    ("undo -n 0", 2, "-n takes a number from 1 to 1000, not “0”."),
    ("list -n 0", 2, "-n takes a number from 1 to 1000000, not “0”."),
    ("trend --weeks 0", 2, "--weeks takes a number from 1 to 520, not “0”."),
    ("trend --weeks many", 2, "--weeks takes a number from 1 to 520, not “many”."),
    # texts and names
    ("add helped ''", 2, "The text is empty.\nWrite a few words, or leave it out."),
    ("add helped '  '", 2, "The text is empty."),
    ("edit m7 ''", 2, "The text is empty."),
    ("add helped x --evidence ' '", 2, "The text is empty."),
    ("today --helped ' '", 2, "The text is empty."),
    ("add helped 'a\udcffb'", 2, "a character that can't be saved: U+DCFF, at position 2"),
    ("add helped 'a\x1b[31mb'", 2, "can't be saved: U+001B"),
    ("add helped 'a\u202eb'", 2, "can't be saved: U+202E"),
    ("add helped x --evidence 'a\x07'", 2, "can't be saved: U+0007"),
    ("add helped x --project 'a\x1b[31m'", 2, "can't be saved: U+001B"),
    ("edit m7 --project 'a\udcff'", 2, "can't be saved: U+DCFF"),
    ("add helped x --project '!!'", 2, "“!!” can't be a project name."),
    ("add helped x --tag '!!'", 2, "“!!” can't be the name of a tag."),
    ("add helped x --person '!!'", 2, "“!!” can't be the name of a person."),
    ("list --person '@'", 2, "“@” can't be the name of a person."),
    ("off today --note 'a\x1b'", 2, "can't be saved: U+001B"),
    ("add pain x -m 30", 2, "A pain point has no minutes."),
    ("add pain x --tag a --evidence b", 2, "A pain point has no tags and no evidence."),
    ("add '\x1b[31m' x", 2, "The text has a character that can't be saved: U+001B, at position 1."),
    ("show '\udcff'", 1, "begins with “⟨U+DCFF⟩”"),
    ("list '\udcff'", 2, "“⟨U+DCFF⟩” is not a day or a period."),
    ("search 'a\udcff'", 2, "can't be saved: U+DCFF"),
    ("list --source 'a\udcff'", 2, "can't be saved: U+DCFF"),
    ("config set editor 'a\udcff'", 2, "The text has a character that can't be saved: U+DCFF"),
    # settings
    ("config set remind_at 99", 2, "remind_at: “99” is not a time of day; write it like 17:00"),
    ("config set remind_at 25:00", 2, "remind_at: “25:00” is not a time of day"),
    ("config set workdays mon,someday", 2, "workdays: “someday” is not a weekday"),
    ("config set workdays ''", 2, "workdays: "),
    ("config set accessible maybe", 2, "accessible: expected true or false"),
    ("config set journal '~nosuchuser/j.db'", 2, "journal: “~nosuchuser/j.db”"),
    ("config set evening.own x", 2, "evening.own: write each question as [[evening.own]]"),
    # conflicting options, and no change
    ("list --json --plain", 2, "--json and --plain exclude each other.\nChoose one."),
    ("pain --plain -- list", 2, "--plain goes after the command."),
    ("config --json get editor", 2, "There is no option --json."),
    ("trend --weeks 3 --months 2", 2, "You gave more than one length."),
    ("--json --plain", 2, "--json and --plain exclude each other."),
    ("review --json --markdown", 2, "--json and --markdown exclude each other."),
    ("today --json --plain --activity x", 2, "--json and --plain exclude each other."),
    ("review --week --month", 2, "You gave more than one period."),
    ("list last week --year", 2, "You gave more than one period."),
    ("today --catch-up --date yesterday", 2, "--catch-up finds the days itself."),
    ("today --catch-up --activity x", 2, "--catch-up asks"),
    ("edit m7 audit mails", 2, "Nothing was changed."),
    ("edit m7 --kind activity", 2, "Nothing was changed."),
    ("promote k3a helped", 2, "Answer on the command line instead: --evidence, --effect or --for"),
    ("off --note x", 2, "--note and --back need days."),
    ("off --back", 2, "--note and --back need days."),
    ("off list --back", 2, "--note and --back need days."),
    ("revie", 2, "Did you mean review? See: "),
    ("redo", 1, "Nothing to redo"),
]


@pytest.mark.parametrize(("words", "code", "piece"), WORDS, ids=[ascii(words) for words, _, _ in WORDS])
def test_bad_input_is_one_clear_message_and_changes_nothing(
    run: "Run", seeded_journal: "Path", seed: bytes, words: str, code: int, piece: str
) -> None:
    assert_one_clear_message(run(*shlex.split(words), fails=code), piece)
    assert seeded_journal.read_bytes() == seed
    assert list(seeded_journal.parent.iterdir()) == [seeded_journal]


TEXTS = [
    (b"", "The text is empty."),
    (b" \n\t ", "The text is empty."),
    (b"x" * 1_000_000, "The text has 1,000,000 characters; the limit is 100,000."),
    (b"a\0b", "can't be saved: U+0000, at position 2"),
    (b"a\x1b[2Jb", "can't be saved: U+001B"),
    ("a\u202eb".encode(), "can't be saved: U+202E"),
    (b"a\xffb", "Not valid UTF-8 at byte 2"),
]


@pytest.mark.parametrize("words", ["add helped -", "pain add -", "edit m7 -"])
@pytest.mark.parametrize(("stdin", "piece"), TEXTS, ids=[piece for _, piece in TEXTS])
def test_invalid_text_from_a_pipe_is_refused(
    run: "Run", seeded_journal: "Path", seed: bytes, words: str, stdin: bytes, piece: str
) -> None:
    assert_one_clear_message(run(*words.split(), stdin=stdin, fails=2), piece)
    assert seeded_journal.read_bytes() == seed


@pytest.mark.parametrize("text", ["[/]", "[red]no[/red] [link=/etc]x[/link]", ":boom: **b** <i>&amp;"])
def test_markup_in_text_is_shown_literally(run: "Run", text: str) -> None:
    run("add", "helped", text)
    assert text in run("list").out
    assert text in run("review").out
    assert text in run("history", COLUMNS="120").out


def test_ambiguous_id_lists_every_candidate(run: "Run") -> None:
    lines = "".join(f'{{"kind": "activity", "text": "thing {number}"}}\n' for number in range(33))
    run("today", "--answers", "-", stdin=lines.encode())
    names = re.findall(r"^(\w+)\t", run("list", "2026-11-20", "--plain").out, re.MULTILINE)
    letter = next(name[0] for name in names if sum(other.startswith(name[0]) for other in names) > 1)
    result = run("show", letter, fails=1)
    assert f"“{letter}” matches" in result.err
    listed = re.findall(r"^  (\w+)  thing \d+$", result.err, re.MULTILINE)
    assert sum(name.startswith(letter) for name in names) == len(listed)
    for beginning in listed:
        run("show", beginning)


@pytest.mark.parametrize("words", ["undo", "redo"])
def test_undo_and_redo_without_a_change_fail(run: "Run", words: str) -> None:
    assert_one_clear_message(run(words, fails=1), f"Nothing to {words}")


# Bugs


@pytest.mark.parametrize("words", ["--debug add helpd x", "add helpd x", "show zzzzzz", "list --bogus", "list 3/4"])
@pytest.mark.usefixtures("seeded_journal")
def test_debug_raises_the_exception(run: "Run", words: str) -> None:
    with pytest.raises(Exception, match=r"helpd|zzzzzz|bogus|3/4"):
        run(*words.split(), VALUELOG_DEBUG="" if "--debug" in words else "1")


def test_bug_message_asks_for_a_report(home: "Path") -> None:
    def broken() -> NoReturn:
        message = "somebody's words"
        raise ZeroDivisionError(message)

    result = run_with_answers(home, "add", "helped", "x", now=broken)
    assert result.code == 1
    assert result.err == (
        "valuelog: This is a bug in valuelog (ZeroDivisionError). Everything you confirmed is saved.\n"
        "Please report it: see “Report a bug” in valuelog's README. VALUELOG_DEBUG=1 shows the traceback, which may"
        " contain words of your journal.\n"
    )
    assert "\n## Report a bug\n" in Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        run_with_answers(home, "--debug", "add", "helped", "x", now=broken)
