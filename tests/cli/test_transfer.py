"""Moving in and out: imports in one change or not at all, nothing twice; exports that others and valuelog read."""

import json
import os
import random
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from support.exchange_samples import CSV, SAMPLES
from support.journal_files import connection_of
from support.makers import open_test_journal
from support.sample_quarter import write_sample_quarter
from valuelog.journal import dump
from valuelog.journal.log import Change
from valuelog.journal.verify import find_damage

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

FOREIGN = sorted(set(SAMPLES) - {"csv"})
WORK = "day,text\n2026-11-19,audit mails\n2026-11-20,planning with @sam #q4 +refunds\n"


@pytest.fixture
def file(home: "Path") -> "Path":
    """Return where a test writes what is imported."""
    return home / "theirs"


def bring(run: "Run", name: str, file: "Path", text: str, *more: str, **wanted: Any) -> Any:  # noqa: ANN401  JSON
    """Import a text, and return what came of it."""
    file.write_text(text)
    return json.loads(run("import", name, str(file), "--json", *more, **wanted).out)


def listed(run: "Run") -> list[dict[str, Any]]:
    """Return all entries."""
    found: list[dict[str, Any]] = json.loads(run("list", "1900..2026", "--json").out)
    return found


# Import


def test_an_import_says_what_came_and_is_one_change(run: "Run", file: "Path") -> None:
    file.write_text(WORK)
    assert run("import", "csv", str(file)).out == (
        "Imported 2 entries, 1 project from csv\n"
        "days      Thu 19 Nov 2026 – Fri 20 Nov 2026\n"
        "total     0 → 2 entries\n"
        "total     0 → 1 project\n"
        "Undo: valuelog undo\n"
    )
    first, second = listed(run)
    assert (first["text"], first["kind"], first["source"], first["day"]) == (
        "audit mails",
        "activity",
        "csv",
        "2026-11-19",
    )
    assert (second["people"], second["tags"], second["project"]) == (["sam"], ["q4"], "refunds")
    assert (
        run("undo").err
        == "Undid an import: “audit mails”, “refunds”, “planning with @sam #q4 +refunds” · back: valuelog redo\n"
    )
    assert listed(run) == []
    assert json.loads(run("project", "--json").out) == []
    run("redo")
    assert len(listed(run)) == 2


def test_a_second_import_adds_only_what_is_new(run: "Run", file: "Path") -> None:
    bring(run, "csv", file, WORK)
    again = bring(run, "csv", file, WORK)
    assert (again["new"]["entry"], again["known"], again["after"]["entry"]) == (0, 2, 2)
    longer = bring(run, "csv", file, WORK + "2026-11-20,one more\n2026-11-19,audit mails\n")
    assert (longer["new"]["entry"], longer["known"]) == (2, 2), "the same words twice in one file are two things"
    assert "nothing new" in run("import", "csv", str(file)).out
    name = listed(run)[0]["id"]
    run("delete", name)
    assert bring(run, "csv", file, WORK)["new"]["entry"] == 0, "what was deleted stays deleted"
    run("undo")
    run("undo")
    run("undo")
    assert listed(run) == []
    assert bring(run, "csv", file, WORK)["new"]["entry"] == 2, "what was taken back can come again"


def test_a_dry_run_only_shows(run: "Run", file: "Path", journal_path: "Path") -> None:
    file.write_text(WORK)
    shown = run("import", "csv", str(file), "-n").out
    assert shown == (
        "Would import 2 entries, 1 project from csv\n"
        "days      Thu 19 Nov 2026 – Fri 20 Nov 2026\n"
        "total     0 → 2 entries\n"
        "total     0 → 1 project\n"
        "2026-11-19  activity     audit mails\n"
        "2026-11-20  activity     planning with @sam #q4 +refunds\n"
        "Nothing was saved. Import it by running this without -n.\n"
    )
    assert not journal_path.exists()
    assert bring(run, "csv", file, WORK, "-n") == {**bring(run, "csv", file, WORK), "dry_run": True}
    assert json.loads(run("import", "csv", str(file), "--dry-run", "--json").out)["known"] == 2


@pytest.mark.parametrize("name", FOREIGN)
def test_other_tools_bring_activities_unless_a_kind_is_named(run: "Run", file: "Path", name: str) -> None:
    later = {"VALUELOG_TODAY": "2026-11-23"}
    came = bring(run, name, file, SAMPLES[name], "--skip-bad", **later)
    assert came["new"]["entry"] > 0
    assert {one["kind"] for one in listed(run)} == {"activity"}
    assert {one["source"] for one in listed(run)} == {name}
    assert bring(run, name, file, SAMPLES[name], "--skip-bad", **later)["new"]["entry"] == 0
    run("undo")
    bring(run, name, file, SAMPLES[name], "--skip-bad", "--kind", "Insight", **later)
    assert {one["kind"] for one in listed(run)} == {"insight"}


def test_a_table_keeps_its_kinds(run: "Run", file: "Path") -> None:
    bring(run, "csv", file, CSV, "--kind", "outcome")
    assert [one["kind"] for one in listed(run)] == ["helped", "outcome"]
    assert listed(run)[0]["effects"] == ["easier", "more-reliable"]
    assert listed(run)[0]["evidence"] == "=3 of 3"


def test_columns_can_be_mapped(run: "Run", file: "Path") -> None:
    file.write_text("Date;Description;Client\n2026-11-20;audit mails;Refunds\n")
    words = ("--map", "day=Date", "--map", "text=description", "--map", "Project=Client")
    run("import", "csv", str(file), *words)
    assert [(one["text"], one["project"]) for one in listed(run)] == [("audit mails", "refunds")]


def test_a_project_began_with_its_first_entry(run: "Run", file: "Path") -> None:
    bring(run, "csv", file, "day,text,project\n2026-11-20,b,Refunds\n2026-03-02,a,refunds\n")
    (project,) = json.loads(run("project", "--json").out)
    assert (project["name"], project["started_on"]) == ("Refunds", "2026-03-02")
    assert "2 · valuelog" not in run("undo").err
    assert json.loads(run("project", "--json").out) == []


ORPHAN = (
    '{"entity":"entry","id":"a000000000","day":"2026-11-20","kind":"activity","text":"x","project":"p000000000",'
    '"created":"2026-11-20T17:30:00.000Z","utc_offset":60}\n'
)

FINE = ORPHAN.replace('"project":"p000000000",', "").replace('"x"', '"fine"').replace("a0", "b0")
BORN = '"created":"2026-11-20T17:30:00.000Z","utc_offset":60'
HURT = (
    f'{{"entity":"pain","id":"p000000000","text":"slow",{BORN},'
    f'"sightings":[{{"id":"s000000000","day":"2026-11-20","text":"slow",{BORN}}}]}}\n'
)

BAD = [
    ("csv", "day,text\n2026-11-20,fine\nyesterday,x\n", "line 3: “yesterday” is not a date like 2026-11-20."),
    ("csv", "day,text\n2026-11-20,fine\n2026-11-21,x\n", "line 3: Sat 21 Nov 2026 is in the future."),
    ("csv", "day,text\n2026-11-20,fine\n2026-11-20,\n", "line 3: The text is empty."),
    ("jsonl", f'{FINE}{{"entity":"entry"}}\n', "line 2: “day” is missing."),
    (
        "jsonl",
        FINE + FINE.replace("b000000000", "c000000000").replace("2026-11-20", "2029-11-20").replace("fine", "x"),
        "line 2: Tue 20 Nov 2029 is in the future.",
    ),
    (
        "jsonl",
        FINE + HURT.replace("p000000000", "b000000000"),
        "line 2: Its id belongs to another type: entry.",
    ),
    (
        "jsonl",
        ORPHAN,
        "line 1: The project it refers to is neither in the journal nor earlier in the file.",
    ),
]


@pytest.mark.parametrize(("name", "text", "said"), BAD, ids=[said for *_, said in BAD])
def test_a_bad_record_stops_it_all_or_is_left_out(
    run: "Run", file: "Path", journal_path: "Path", name: str, text: str, said: str
) -> None:
    file.write_text(text)
    error = run("import", name, str(file), fails=1).err
    assert error.startswith(f"valuelog: {said} Nothing was imported.\n")
    assert error.endswith("Fix it, or skip invalid records with --skip-bad.\n")
    assert not journal_path.exists() or listed(run) == []
    came = bring(run, name, file, text, "--skip-bad")
    assert (came["bad"], came["new"]["entry"]) == (1, text.count("fine"))
    assert f"{came['left_out'][0]['place']}: {came['left_out'][0]['why']}" == said


UNREADABLE = [
    (("csv", "theirs"), b"", 1, "The file is empty. Nothing was imported."),
    (("jrnl", "theirs"), b"[]", 1, "This is not a jrnl file: it is not a JSON object. Nothing was imported."),
    (("dayone", "theirs"), b"PK\x03\x04rubbish", 1, "The zip is corrupt: "),
    (("jsonl", "theirs"), b"", 1, "The file is empty. Nothing was imported."),
    (("jsonl", "nowhere"), b"", 1, "nowhere cannot be read: No such file or directory."),
    (("jsonl", "."), b"", 1, ". cannot be read: Is a directory."),
    (("jsno", "theirs"), b"", 2, "There is no format “jsno”.\nDid you mean jsonl?"),
    (("csv", "theirs", "--map", "text"), b"", 2, "“text” isn't a column mapping."),
    (("csv", "theirs", "--map", "txt=a"), b"", 2, "There is no column “txt”.\nDid you mean text?"),
    (("csv", "theirs", "--map", "text=Wt"), b"day,Words\n", 1, "There is no column “wt”. Nothing was imported.\n"),
    (("jrnl", "theirs", "--map", "text=a"), b"", 2, "--map only works with csv."),
    (("jrnl", "theirs", "--kind", "pain"), b"", 2, "There is no kind “pain”."),
]


@pytest.mark.parametrize(("words", "raw", "code", "said"), UNREADABLE, ids=[" ".join(one[0]) for one in UNREADABLE])
def test_what_cannot_be_read_changes_nothing(
    run: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], raw: bytes, code: int, said: str
) -> None:
    monkeypatch.chdir(home)
    (home / "theirs").write_bytes(raw)
    run("add", "activity", "before")
    error = run("import", *words, fails=code).err
    assert error.startswith(f"valuelog: {said}")
    assert len(listed(run)) == 1
    assert "Undid add" in run("undo").err


@pytest.mark.parametrize("options", [(), ("-n",)])
def test_import_names_a_journal_with_a_damaged_index(
    run: "Run", file: "Path", journal_path: "Path", options: tuple[str, ...]
) -> None:
    bring(run, "csv", file, WORK)
    with closing(sqlite3.connect(journal_path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entry_origin'").fetchone()
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    with journal_path.open("r+b") as journal:
        journal.seek((page - 1) * page_size)
        journal.write(b"\xff" * page_size)
    error = run("import", "csv", str(file), *options, fails=1).err
    assert "journal.db is damaged" in " ".join(error.split())


def test_a_file_of_which_nothing_can_be_understood_is_no_import(run: "Run", file: "Path") -> None:
    file.write_text("hello\nworld\n")
    error = run("import", "jsonl", str(file), "--skip-bad", fails=1).err
    assert error.startswith("valuelog: No valid records (2 invalid). line 1: ")
    assert error.endswith("Is this the right file and format?\n")


def test_all_that_comes_in_is_counted(run: "Run", file: "Path") -> None:
    text = f'{{"entity":"day_off","id":"2026-11-23","note":"sea",{BORN}}}\n'
    assert "Would import 1 day off from jsonl" in run("import", "jsonl", "-", "-n", stdin=text.encode()).out
    came = bring(run, "jsonl", file, text)
    assert (came["new"]["day_off"], came["before"]["day_off"], came["after"]["day_off"]) == (1, 0, 1)
    run("undo")
    assert run("off", "list", "--json").out == "[]\n"


def test_what_differs_by_now_stays_and_is_counted(run: "Run", home: "Path") -> None:
    out, other = home / "all.jsonl", ("--journal", str(home / "other.db"))
    run("promise", "make", "stop", "the Monday report")
    run("project", "start", "Refund flow", "--problem", "slow", "--measure", "days", "--aim", "one")
    run("export", "jsonl", str(out))
    run(*other, "import", "jsonl", str(out))
    run("promise", "keep", json.loads(run("promise", "--json").out)[0]["id"])
    run("export", "jsonl", str(out), "--force")
    came = json.loads(run(*other, "import", "jsonl", str(out), "--json").out)
    assert (came["known"], came["differ"]) == (2, 1)
    assert "1 of them differs here and stayed unchanged" in run(*other, "import", "jsonl", str(out)).out


def test_projects_of_one_name_in_one_file(run: "Run", file: "Path") -> None:
    """Two that go on are one; one that is over and one that goes on are two."""
    project = f'{{"entity":"project","id":"%s","slug":"refunds","name":"Refunds","started_on":"2026-11-02"%s,{BORN}}}\n'
    ended = ',"state":"closed","closed_on":"2026-11-10"'
    joining = FINE.replace('"text"', '"project":"q000000000","text"')
    text = project % ("p000000000", "") + project % ("q000000000", "") + joining + project % ("r000000000", ended)
    assert bring(run, "jsonl", file, text)["new"]["project"] == 2
    assert [one["project"] for one in listed(run)] == ["refunds"]
    going_on = json.loads(run("project", "--json").out)
    assert [one["slug"] for one in going_on] == ["refunds"]


def test_the_same_draft_taken_on_two_machines_is_one_entry(run: "Run", file: "Path") -> None:
    taken = FINE.replace('"text"', '"origin":"git:1:2026-11-20","text"')
    fixed = HURT.replace(
        '"text":"slow"', '"state":"fixed","closed_on":"2026-11-20","fix":"c000000000","text":"slow"', 1
    )
    bring(run, "jsonl", file, taken)
    came = bring(run, "jsonl", file, taken.replace("b000000000", "c000000000") + fixed)
    assert (came["new"]["entry"], came["new"]["pain"], came["known"]) == (0, 1, 1)
    assert json.loads(run("pain", "list", "--all", "--json").out)[0]["fix"] == "b000000000"


def test_what_drafts_brought_does_not_come_again_with_the_file_of_the_same_tool(
    run: "Run", file: "Path", journal_path: "Path"
) -> None:
    journal = open_test_journal(journal_path.parent)
    fields = {"day": "2026-03-02", "accepted": 1, **journal.timestamp_fields()}
    taken = f"watson:{json.loads(SAMPLES['watson'])[0]['id']}"
    journal.write("gather", [Change(entity="draft_seen", id=taken, fields=fields)])
    journal.close()
    came = bring(run, "watson", file, SAMPLES["watson"])
    assert came["known"] == 1, "what came with the draft"
    assert came["new"]["entry"] == len(listed(run)) > 0, "what was tracked later that day"


def test_a_checked_copy_is_made_before_anything_comes_in(run: "Run", file: "Path", journal_path: "Path") -> None:
    run("import", "csv", "-", stdin=WORK.encode())
    copy = journal_path.with_name("journal.db.before-import")
    assert not copy.exists(), "there was nothing to lose"
    bring(run, "csv", file, "day,text\n2026-11-20,one more\n")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert len(json.loads(run("--journal", str(copy), "list", "2026", "--json").out)) == 2


def test_others_write_while_a_pipe_is_slow(journal_path: "Path", run: "Run") -> None:
    """The journal is not held while a file is read: what another terminal writes meanwhile is written at once."""
    run("add", "activity", "before")
    program = [sys.executable, "-m", "valuelog", "--journal", str(journal_path), "import", "csv", "-"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, env={**os.environ, "VALUELOG_TODAY": "2026-11-20"}) as slow:
        assert slow.stdin
        slow.stdin.write(b"day,text\n2026-11-20,fine\n" * 1)
        slow.stdin.flush()
        start = time.monotonic()
        run("add", "activity", "meanwhile")
        assert time.monotonic() - start < 5
        slow.stdin.close()
    assert slow.returncode == 0
    assert {one["text"] for one in listed(run)} == {"before", "meanwhile", "fine"}


def test_a_pipe_is_read_as_a_file(run: "Run") -> None:
    run("import", "csv", "-", stdin=WORK.encode())
    assert len(listed(run)) == 2


@pytest.mark.parametrize("name", [*SAMPLES, "jsonl"])
def test_no_rubbish_does_harm(run: "Run", file: "Path", name: str) -> None:
    chance = random.Random(5)  # noqa: S311  the same each time
    run("add", "activity", "before")
    for _ in range(40):
        file.write_bytes(chance.randbytes(chance.randint(1, 400)))
        assert run("import", name, str(file), fails=1).err.count("\n") <= 2
    assert len(listed(run)) == 1


# Export


def contents(path: "Path") -> list[object]:
    """Return everything that a journal holds."""
    journal = open_test_journal(path.parent, write=False) if path.name == "journal.db" else None
    assert journal is not None
    found = list(dump.iter_creation_changes(journal, None))
    journal.close()
    return sorted(found, key=str)


@pytest.fixture
def rich(journal_path: "Path") -> "Path":
    """Fill the journal with a quarter: entries, pain points, projects, promises."""
    journal_path.parent.mkdir(parents=True, exist_ok=True)
    write_sample_quarter(journal_path)
    return journal_path


@pytest.mark.usefixtures("rich")
def test_nothing_is_lost_between_two_journals(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("promise", "make", "stop", "the Monday report")
    run("off", "2026-12-24", "--note", "holidays")
    run("review", "--week", "--stop", "the daily mail", "--level", "ask why")
    run("add", "pain", "waits for keys")
    run("pain", "plan", json.loads(run("pain", "--json").out)[0]["id"], "ask once", "--by", "fri")
    run("today", "--activity", "asked")
    out = home / "all.jsonl"
    assert run("export", "jsonl", str(out)).err == f"Written to {out} · only you can read it\n"
    other = home / "other" / "journal.db"
    other.parent.mkdir()
    came = json.loads(run("--journal", str(other), "import", "jsonl", str(out), "--json").out)
    assert came["known"] == came["bad"] == 0
    assert contents(other) == contents(journal_path)
    for words in (
        ("list", "2026"), ("pain", "list", "--all"), ("project", "list", "--all"), ("promise", "list", "--all"),
        ("review", "--quarter"), ("brag", "--quarter"), ("brief", "--quarter"),
    ):  # fmt: skip
        assert run("--journal", str(other), *words, "--json").out == run(*words, "--json").out
    assert run("--journal", str(other), "export", "jsonl").out == out.read_text()
    again = json.loads(run("--journal", str(other), "import", "jsonl", str(out), "--json").out)
    assert sum(again["new"].values()) == 0
    journal = open_test_journal(other.parent)
    assert not find_damage(connection_of(journal))
    journal.close()
    run("--journal", str(other), "undo")
    assert contents(other) == []


@pytest.mark.usefixtures("rich")
def test_a_journal_joins_another_and_its_project_that_of_the_same_name(run: "Run", home: "Path") -> None:
    out = home / "all.jsonl"
    run("export", "jsonl", str(out))
    other = ("--journal", str(home / "other.db"))
    run(*other, "project", "start", "Refund flow", "--problem", "slow", "--measure", "days", "--aim", "one")
    run(*other, "import", "jsonl", str(out))
    names = [one["slug"] for one in json.loads(run(*other, "project", "list", "--all", "--json").out)]
    assert sorted(names) == sorted(set(names))
    mine = json.loads(run("list", "2026", "--project", "refund-flow", "--json").out)
    assert mine
    assert json.loads(run(*other, "list", "2026", "--project", "refund-flow", "--json").out) == mine


@pytest.mark.usefixtures("rich")
def test_a_period_leaves_with_what_belongs_to_it(run: "Run", home: "Path") -> None:
    out = home / "some.jsonl"
    run("export", "jsonl", str(out), "2026-11")
    other = ("--journal", str(home / "other.db"))
    run(*other, "import", "jsonl", str(out))
    assert run(*other, "list", "2026", "--json").out == run("list", "2026-11", "--json").out
    assert json.loads(run(*other, "list", "2026", "--json").out)


@pytest.mark.usefixtures("rich")
def test_a_table_brings_the_entries_back(run: "Run", home: "Path") -> None:
    out, other = home / "all.csv", ("--journal", str(home / "other.db"))
    run("export", "csv", str(out), "2026")
    run(*other, "import", "csv", str(out))
    keys = ("day", "kind", "text", "minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence")

    def told(found: str) -> list[list[Any]]:
        return [[one[key] for key in keys] for one in json.loads(found)]

    assert told(run(*other, "list", "2026", "--json").out) == told(run("list", "2026", "--json").out)


def test_formulas_are_harmless_unless_somebody_wants_them(run: "Run", home: "Path") -> None:
    run("add", "activity", "=1+1")
    assert ",'=1+1," in run("export", "csv").out
    assert ",=1+1," in run("export", "csv", "--raw").out
    (home / "a.csv").write_text(run("export", "csv").out)
    run("--journal", str(home / "o.db"), "import", "csv", str(home / "a.csv"))
    assert "=1+1" in run("--journal", str(home / "o.db"), "list").out


def test_markdown_is_for_people(run: "Run") -> None:
    run(
        "add",
        "helped",
        "@sam runs *it* alone\nsecond # line",
        "-m",
        "90",
        "-p",
        "maya",
        "--for",
        "coworkers",
        "--evidence",
        "a log",
        "--project",
        "Refund flow",
        "--effect",
        "faster",
    )
    run("add", "activity", "audit mails", "-d", "2026-11-13")
    assert run("export", "markdown").out == (
        "# Journal\n"
        "\n## 2026-W46\n"
        "\n### Fri 13 Nov 2026\n\n"
        "- **activity** audit mails\n"
        "\n## 2026-W47\n"
        "\n### Fri 20 Nov 2026\n\n"
        "- **helped** @sam runs \\*it\\* alone  \n"
        "  second \\# line  \n"
        "  _1h30m · faster · for co-workers · +refund-flow · @maya · evidence: a log_\n"
    )


def test_an_empty_journal_leaves_empty(run: "Run", journal_path: "Path") -> None:
    assert run("export", "jsonl").out == '{"entity":"valuelog","version":1}\n'
    assert run("export", "csv").out.startswith("day,kind,text")
    assert run("export", "jrnl").out == ""
    assert run("export", "markdown").out == "# Journal\n"
    assert not journal_path.exists()


def test_a_file_is_for_its_owner_and_replaces_nothing(run: "Run", home: "Path") -> None:
    run("add", "activity", "one")
    out = home / "out.csv"
    old = os.umask(0)
    try:
        run("export", "csv", str(out))
    finally:
        os.umask(old)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    out.write_text("mine")
    error = run("export", "csv", str(out), fails=1).err
    assert error == f"valuelog: {out} already exists. Nothing was written.\nChoose another name, or add --force.\n"
    assert out.read_text() == "mine"
    run("export", "csv", str(out), "--force")
    assert "one" in out.read_text()
    assert sorted(path.name for path in home.iterdir() if path.is_file()) == ["out.csv"]
    (home / "link").symlink_to(home / "gone")
    run("export", "csv", str(home / "link"), fails=1)
    error = run("export", "csv", str(home / "no" / "where.csv"), fails=1).err
    assert error == (
        f"valuelog: {home}/no/where.csv cannot be written: No such file or directory.\n"
        "Create its directory first, or choose another one.\n"
    )


def test_no_export_goes_over_what_valuelog_lives_by(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("add", "activity", "precious")
    run("config", "set", "remind_at", "18:00")
    (home / "link").symlink_to(journal_path)
    (home / "hard").hardlink_to(journal_path)
    other = home / "other.db"
    run("--journal", str(other), "add", "activity", "also precious")
    settings = home / "config" / "valuelog" / "config.toml"
    for path in (journal_path, home / "link", home / "hard", other, settings):
        assert (
            "belongs to valuelog itself. Nothing was written."
            in run("export", "jsonl", str(path), "--force", fails=2).err
        )
    assert [one["text"] for one in listed(run)] == ["precious"]
    assert "18:00" in settings.read_text()


@pytest.mark.parametrize("name", ["journal.db-journal", "journal.db-wal", "journal.db.before-import"])
def test_no_export_takes_a_name_that_the_journal_may_need(run: "Run", journal_path: "Path", name: str) -> None:
    run("add", "activity", "precious")
    path = journal_path.with_name(name)
    assert "belongs to valuelog itself. Nothing was written." in run("export", "csv", str(path), fails=2).err
    assert not path.exists()


def test_no_export_takes_the_place_of_what_is_no_plain_file(run: "Run", home: "Path") -> None:
    run("add", "activity", "x")
    os.mkfifo(home / "pipe")
    (home / "theirs").write_text("theirs")
    (home / "link").symlink_to(home / "theirs")
    for name in ("pipe", "link", "."):
        for force in ((), ("--force",)):
            said = run("export", "csv", str(home / name), *force, fails=1).err
            assert "is not a regular file. Nothing was written." in said
    assert stat.S_ISFIFO((home / "pipe").stat().st_mode)
    assert (home / "theirs").read_text() == "theirs"


def test_what_cannot_be_put_aside_changes_nothing(
    run: "Run", file: "Path", home: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(WORK)
    monkeypatch.setattr("tempfile.tempdir", str(home / "nowhere"))
    error = run("import", "csv", str(file), fails=1).err
    assert error.startswith("valuelog: Cannot write temporary data to ")
    assert error.endswith("Free some space there, or set TMPDIR to another directory.\n")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a file that can be opened and never read")
@pytest.mark.parametrize("name", ["csv", "jsonl", "jrnl"])
def test_what_breaks_off_while_it_is_read_is_what_is_named(run: "Run", name: str) -> None:
    error = run("import", name, "/proc/self/mem", fails=1).err
    assert error.startswith("valuelog: /proc/self/mem cannot be read: Input/output error.")


def test_the_copy_before_an_import_replaces_only_the_last_such_copy(
    run: "Run", file: "Path", journal_path: "Path"
) -> None:
    run("add", "activity", "precious")
    copy = journal_path.with_name("journal.db.before-import")
    bring(run, "csv", file, WORK)
    before = copy.read_bytes()
    bring(run, "csv", file, WORK)
    assert copy.read_bytes() == before, "an import that brings nothing makes no copy"
    copy.write_text("precious notes")
    file.write_text("day,text\n2026-11-20,new\n")
    assert "journal.db.before-import is another kind of file" in run("import", "csv", str(file), fails=1).err
    assert copy.read_text() == "precious notes"
    assert "new" not in {one["text"] for one in listed(run)}


def test_a_project_that_another_joins_says_what_only_that_one_said(run: "Run", home: "Path") -> None:
    other, out = ("--journal", str(home / "other.db")), home / "all.jsonl"
    run(*other, "project", "start", "Refunds", "--problem", "theirs", "--measure", "days")
    run(*other, "project", "close", "refunds", "--result", "three days to one", "--lesson", "ask early")
    run(*other, "export", "jsonl", str(out))
    run("project", "start", "Refunds", "--problem", "ours")
    came = json.loads(run("import", "jsonl", str(out), "--json").out)
    assert (came["known"], came["differ"]) == (1, 1)
    (project,) = json.loads(run("project", "--json").out)
    assert [project[name] for name in ("state", "problem", "measure", "result", "lesson")] == [
        "open", "ours", "days", "three days to one", "ask early",
    ]  # fmt: skip
    run("undo")
    assert json.loads(run("project", "--json").out)[0]["result"] is None


def test_a_heading_in_somebodys_words_is_none_in_markdown(run: "Run") -> None:
    run("add", "outcome", "Heading trick\n===\n - nested item\n\n      code")
    page = run("export", "markdown").out
    assert "\n  \\===" in page
    assert "\n  \\- nested item" in page
    assert "\n  code" in page


def test_a_talk_leaves_with_the_week_that_it_was_about(run: "Run") -> None:
    run("review", "--week", "last", "--stop", "the daily mail", "--level", "ask why")
    kinds = [json.loads(line)["entity"] for line in run("export", "jsonl", "-", "2026-W46").out.splitlines()]
    assert kinds.count("reflection") == 2
    assert kinds.count("asked") == 2
    assert "reflection" not in run("export", "jsonl", "-", "2026-W47").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("xml",), "There is no format “xml”."),
        (("csv", "2026-11"), "“2026-11” is a period, but the file comes first."),
        (("csv", "last", "month"), "“2026-10” is a period, but the file comes first."),
        (("csv", "-", "someday"), "“someday” is not a day or a period."),
        (("jsonl", "--raw"), "--raw only works with csv."),
    ],
)
def test_a_mistake_writes_nothing(
    run: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(home)
    assert run("export", *words, fails=2).err.startswith(f"valuelog: {said}")
    assert list(home.iterdir()) == []
