"""The commands import and export: one change or none, no duplicates, files that others can read."""

import gzip
import json
import os
import random
import re
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from support.exchange_samples import CSV, SAMPLES
from support.journal_files import connection_of
from support.makers import open_test_journal
from support.sample_quarter import write_sample_quarter
from valuelog.journal import dump
from valuelog.journal.backups import list_backups
from valuelog.journal.log import LARGE_BATCH_SIZE, Change
from valuelog.journal.verify import find_damage
from valuelog.workflows.importing import MAX_BAD_LISTED

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

OTHER_FORMATS = sorted(set(SAMPLES) - {"csv"})
CSV_FILE = "day,text\n2026-11-19,audit mails\n2026-11-20,planning with @sam #q4 +refunds\n"


@pytest.fixture
def file(home: "Path") -> "Path":
    """Return the path of the file to import."""
    return home / "theirs"


def import_text(run: "Run", name: str, file: "Path", text: str, *more: str, **environ: Any) -> Any:  # noqa: ANN401  JSON
    """Import a text and return the JSON result."""
    file.write_text(text)
    return json.loads(run("import", name, str(file), "--json", *more, **environ).out)


def list_entries(run: "Run") -> list[dict[str, Any]]:
    """Return all entries."""
    listed: list[dict[str, Any]] = json.loads(run("list", "1900..2026", "--json").out)
    return listed


# Import


def test_import_keeps_the_order_of_the_file(run: "Run", file: "Path") -> None:
    texts = [f"task {number} of the day" for number in range(50)]
    random.Random(7).shuffle(texts)  # noqa: S311  made-up data
    rows = [f"2026-11-20{' 09:00' * (text == texts[7])},{text}" for text in texts]
    import_text(run, "csv", file, "\n".join(["day,text", *rows]))
    expected = [texts.pop(7), *texts]
    assert [entry["text"] for entry in list_entries(run)] == expected, "an entry with a time of its own keeps it"
    assert [json.loads(line)["text"] for line in run("export", "jsonl").out.splitlines()[1:]] == expected
    assert [row.split(",")[2] for row in run("export", "csv").out.splitlines()[1:]] == expected


def test_import_on_two_machines_makes_the_same_entries(run: "Run", file: "Path", tmp_path: "Path") -> None:
    file.write_text(CSV_FILE)
    ids = []
    for name in ("laptop", "desktop"):
        data, state = str(tmp_path / name), str(tmp_path / f"{name}-state")
        run("import", "csv", str(file), XDG_DATA_HOME=data, XDG_STATE_HOME=state)
        listed = run("list", "2026", "--json", XDG_DATA_HOME=data, XDG_STATE_HOME=state).out
        ids.append([entry["id"] for entry in json.loads(listed)])
    assert ids[0] == ids[1] != []


def test_import_after_undo_makes_new_entries(run: "Run", file: "Path") -> None:
    import_text(run, "csv", file, CSV_FILE)
    before = {entry["id"] for entry in list_entries(run)}
    run("undo")
    assert import_text(run, "csv", file, CSV_FILE)["new"]["entry"] == 2
    after = {entry["id"] for entry in list_entries(run)}
    assert len(after) == 2
    assert not before & after


def test_import_reports_counts_and_undoes_as_one_change(run: "Run", file: "Path") -> None:
    file.write_text(CSV_FILE)
    assert run("import", "csv", str(file)).out == (
        "Imported 2 entries, 1 project from csv\n"
        "days      Thu 19 Nov 2026 – Fri 20 Nov 2026\n"
        "total     0 → 2 entries\n"
        "total     0 → 1 project\n"
        "Undo: valuelog undo\n"
    )
    first, second = list_entries(run)
    assert (first["text"], first["kind"], first["source"], first["day"]) == (
        "audit mails",
        "activity",
        "csv",
        "2026-11-19",
    )
    assert (second["people"], second["tags"], second["project"]) == (["sam"], ["q4"], "refunds")
    assert (
        run("undo").err
        == "Undone: imported “audit mails”, “refunds”, “planning with @sam #q4 +refunds” · redo with: valuelog redo\n"
    )
    assert list_entries(run) == []
    assert json.loads(run("project", "--json").out) == []
    run("redo")
    assert len(list_entries(run)) == 2


def test_second_import_adds_only_new_entries(run: "Run", file: "Path") -> None:
    import_text(run, "csv", file, CSV_FILE)
    again = import_text(run, "csv", file, CSV_FILE)
    assert (again["new"]["entry"], again["known"], again["after"]["entry"]) == (0, 2, 2)
    longer = import_text(run, "csv", file, CSV_FILE + "2026-11-20,one more\n2026-11-19,audit mails\n")
    assert (longer["new"]["entry"], longer["known"]) == (2, 2), "equal rows of one file are two entries"
    assert "nothing new" in run("import", "csv", str(file)).out
    name = list_entries(run)[0]["id"]
    run("delete", name)
    assert import_text(run, "csv", file, CSV_FILE)["new"]["entry"] == 0, "what was deleted stays deleted"
    run("undo")
    run("undo")
    run("undo")
    assert list_entries(run) == []
    assert import_text(run, "csv", file, CSV_FILE)["new"]["entry"] == 2, "what was taken back can come again"


def test_dry_run_shows_the_result_without_writing(run: "Run", file: "Path", journal_path: "Path") -> None:
    file.write_text(CSV_FILE)
    shown = run("import", "csv", str(file), "-n").out
    assert shown == (
        "Would import 2 entries, 1 project from csv\n"
        "days      Thu 19 Nov 2026 – Fri 20 Nov 2026\n"
        "total     0 → 2 entries\n"
        "total     0 → 1 project\n"
        "2026-11-19  activity  audit mails\n"
        "2026-11-20  activity  planning with @sam #q4 +refunds\n"
        "Nothing was saved. Import it by running this without -n.\n"
    )
    assert not journal_path.exists()
    assert import_text(run, "csv", file, CSV_FILE, "-n") == {**import_text(run, "csv", file, CSV_FILE), "dry_run": True}
    assert json.loads(run("import", "csv", str(file), "--dry-run", "--json").out)["known"] == 2


@pytest.mark.parametrize("name", OTHER_FORMATS)
def test_import_of_other_tools_uses_the_given_kind(run: "Run", file: "Path", name: str) -> None:
    later = {"VALUELOG_TODAY": "2026-11-23"}
    result = import_text(run, name, file, SAMPLES[name], "--skip-bad", **later)
    assert result["new"]["entry"] > 0
    assert {entry["kind"] for entry in list_entries(run)} == {"outcome" if name == "bragfile" else "activity"}
    assert {entry["source"] for entry in list_entries(run)} == {name}
    assert import_text(run, name, file, SAMPLES[name], "--skip-bad", **later)["new"]["entry"] == 0
    run("undo")
    import_text(run, name, file, SAMPLES[name], "--skip-bad", "--kind", "Insight", **later)
    assert {entry["kind"] for entry in list_entries(run)} == {"insight"}


@pytest.mark.parametrize(
    ("name", "text", "passed_over"),
    [
        ("klog", SAMPLES["klog"], [("negative duration", 1), ("open range", 1)]),
        ("taskwarrior", SAMPLES["taskwarrior"], [("pending task", 1)]),
        ("timewarrior", SAMPLES["timewarrior"], [("running interval", 1)]),
        ("watson", '[[1772438400, null, "billing", "c7", []]]', [("running frame", 1)]),
    ],
)
def test_records_that_are_passed_over_are_counted(
    run: "Run", file: "Path", name: str, text: str, passed_over: list[tuple[str, int]]
) -> None:
    result = import_text(run, name, file, text, "-n", VALUELOG_TODAY="2026-11-23")
    assert sorted((each["reason"], each["count"]) for each in result["passed_over"]) == passed_over
    named = ", ".join(f"{count} {reason}" for reason, count in passed_over)
    assert f"ignored   {named}\n" in run("import", name, str(file), VALUELOG_TODAY="2026-11-23").out
    records = run("import", name, str(file), "--plain", VALUELOG_TODAY="2026-11-23").out.splitlines()
    assert [f"passed_over\t{reason}\t{count}" for reason, count in passed_over] == records[-len(passed_over) :]


def test_brags_become_outcomes_with_their_impact_as_evidence(run: "Run", file: "Path") -> None:
    import_text(run, "bragfile", file, SAMPLES["bragfile"])
    brag = next(entry for entry in list_entries(run) if entry["evidence"])
    assert (brag["kind"], brag["evidence"]) == ("outcome", "unblocked search")


def test_csv_import_keeps_kinds(run: "Run", file: "Path") -> None:
    import_text(run, "csv", file, CSV, "--kind", "outcome")
    assert [entry["kind"] for entry in list_entries(run)] == ["helped", "outcome"]
    assert list_entries(run)[0]["effects"] == ["easier", "more-reliable"]
    assert list_entries(run)[0]["evidence"] == "=3 of 3"


def test_csv_columns_can_be_mapped(run: "Run", file: "Path") -> None:
    file.write_text("Date;Description;Client\n2026-11-20;audit mails;Refunds\n")
    words = ("--map", "day=Date", "--map", "text=description", "--map", "Project=Client")
    run("import", "csv", str(file), *words)
    assert [(entry["text"], entry["project"]) for entry in list_entries(run)] == [("audit mails", "refunds")]


def test_undo_and_redo_of_a_large_import_are_one_change_each(run: "Run", file: "Path") -> None:
    rows = "".join(f"2026-11-20,number {number},Refunds\n" for number in range(LARGE_BATCH_SIZE + 1))
    import_text(run, "csv", file, f"day,text,project\n{rows}")
    run("edit", list_entries(run)[0]["id"], "edited")
    before = list_entries(run)
    run("undo", "-n", "2")
    assert list_entries(run) == []
    assert json.loads(run("project", "--json").out) == []
    assert [batch["act"] for batch in json.loads(run("history", "--json").out)] == ["import", "edit", "undo", "undo"]
    run("redo")
    assert len(list_entries(run)) == LARGE_BATCH_SIZE + 1
    run("redo")
    assert list_entries(run) == before


def test_import_lists_at_most_a_hundred_of_the_skipped_records(run: "Run", file: "Path") -> None:
    rows = "2026-11-20,fine\n" + "yesterday,bad\n" * (MAX_BAD_LISTED + 1)
    result = import_text(run, "csv", file, f"day,text\n{rows}", "--skip-bad")
    assert (result["bad"], len(result["left_out"])) == (MAX_BAD_LISTED + 1, MAX_BAD_LISTED)


def test_started_project_begins_on_the_day_of_its_first_entry(run: "Run", file: "Path") -> None:
    import_text(run, "csv", file, "day,text,project\n2026-11-20,b,Refunds\n2026-03-02,a,refunds\n")
    (project,) = json.loads(run("project", "--json").out)
    assert (project["name"], project["started_on"]) == ("Refunds", "2026-03-02")
    assert run("undo").err.startswith("Undone: imported “Refunds”, “b”, “a” · ")
    assert json.loads(run("project", "--json").out) == []


ORPHAN = (
    '{"entity":"entry","id":"a000000000","day":"2026-11-20","kind":"activity","text":"x","project":"p000000000",'
    '"created":"2026-11-20T17:30:00.000Z","utc_offset":60}\n'
)

ENTRY = ORPHAN.replace('"project":"p000000000",', "").replace('"x"', '"fine"').replace("a0", "b0")
TIMESTAMPS = '"created":"2026-11-20T17:30:00.000Z","utc_offset":60'
PAIN = (
    f'{{"entity":"pain","id":"p000000000","text":"slow",{TIMESTAMPS},'
    f'"sightings":[{{"id":"s000000000","day":"2026-11-20","text":"slow",{TIMESTAMPS}}}]}}\n'
)

BAD = [
    ("csv", "day,text\n2026-11-20,fine\nyesterday,x\n", "line 3: “yesterday” is not a date like 2026-11-20."),
    ("csv", "day,text\n2026-11-20,fine\n2026-11-21,x\n", "line 3: Sat 21 Nov 2026 is in the future."),
    ("csv", "day,text\n2026-11-20,fine\n2026-11-20,\n", "line 3: The text is empty."),
    ("jsonl", f'{ENTRY}{{"entity":"entry"}}\n', "line 2: “day” is missing."),
    (
        "jsonl",
        ENTRY + ENTRY.replace("b000000000", "c000000000").replace("2026-11-20", "2029-11-20").replace("fine", "x"),
        "line 2: Tue 20 Nov 2029 is in the future.",
    ),
    (
        "jsonl",
        ENTRY + PAIN.replace("p000000000", "b000000000"),
        "line 2: Its id belongs to another type: entry.",
    ),
    (
        "jsonl",
        ORPHAN,
        "line 1: The project it refers to is neither in the journal nor earlier in the file.",
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), BAD, ids=[expected for *_, expected in BAD])
def test_invalid_record_stops_the_import_or_is_skipped(
    run: "Run", file: "Path", journal_path: "Path", name: str, text: str, expected: str
) -> None:
    file.write_text(text)
    error = run("import", name, str(file), fails=1).err
    assert error.startswith(f"valuelog: {expected} Nothing was imported.\n")
    assert error.endswith("Fix it, or skip invalid records with --skip-bad.\n")
    assert not journal_path.exists() or list_entries(run) == []
    result = import_text(run, name, file, text, "--skip-bad")
    assert (result["bad"], result["new"]["entry"]) == (1, text.count("fine"))
    assert f"{result['left_out'][0]['place']}: {result['left_out'][0]['why']}" == expected


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


@pytest.mark.parametrize(
    ("words", "raw", "code", "expected"), UNREADABLE, ids=[" ".join(entry[0]) for entry in UNREADABLE]
)
def test_unreadable_input_changes_nothing(
    run: "Run",
    home: "Path",
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    raw: bytes,
    code: int,
    expected: str,
) -> None:
    monkeypatch.chdir(home)
    (home / "theirs").write_bytes(raw)
    run("add", "activity", "before")
    error = run("import", *words, fails=code).err
    assert error.startswith(f"valuelog: {expected}")
    assert len(list_entries(run)) == 1
    assert "Undone: added" in run("undo").err


@pytest.mark.parametrize("options", [(), ("-n",)])
def test_import_names_a_journal_with_a_damaged_index(
    run: "Run", file: "Path", journal_path: "Path", options: tuple[str, ...]
) -> None:
    import_text(run, "csv", file, CSV_FILE)
    with closing(sqlite3.connect(journal_path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entry_origin'").fetchone()
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    with journal_path.open("r+b") as journal:
        journal.seek((page - 1) * page_size)
        journal.write(b"\xff" * page_size)
    error = run("import", "csv", str(file), *options, fails=1).err
    assert "journal.db is damaged" in " ".join(error.split())


def test_file_without_valid_records_is_an_error(run: "Run", file: "Path") -> None:
    file.write_text("hello\nworld\n")
    error = run("import", "jsonl", str(file), "--skip-bad", fails=1).err
    assert error.startswith("valuelog: No valid records (2 invalid). line 1: ")
    assert error.endswith("Is this the right file and format?\n")


def test_own_csv_adds_nothing_twice(run: "Run", home: "Path") -> None:
    run("add", "outcome", "refunds in a day", "--evidence", "=3 of 3")
    run("add", "activity", "mails")
    out = home / "all.csv"
    run("export", "csv", str(out))
    assert out.read_text().splitlines()[0].endswith(",held_on,id")
    out.write_text(out.read_text().replace("mails", "all mails") + "2026-11-20,activity,a new row\n")
    result = json.loads(run("import", "csv", str(out), "--json").out)
    assert (result["known"], result["differ"], result["new"]["entry"]) == (2, 1, 1)
    run("--journal", str(home / "other.db"), "import", "csv", str(out))
    again = json.loads(run("--journal", str(home / "other.db"), "import", "csv", str(out), "--json").out)
    assert (again["known"], again["new"]["entry"]) == (3, 0)


@pytest.mark.parametrize("name", sorted({*SAMPLES, "jsonl"} - {"dayone"}))
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            gzip.compress(b"day,text\n"),
            "It is compressed with gzip. Nothing was imported.\nUnpack it first: gunzip FILE\n",
        ),
        (b"PK\x03\x04", "It is a zip or a spreadsheet, not a text file. Nothing was imported."),
        (b"SQLite format 3\0", "It is a database, not a text file. Nothing was imported.\nIf it is a valuelog journal"),
    ],
    ids=["gzip", "zip", "database"],
)
def test_file_of_another_kind_is_named(run: "Run", file: "Path", name: str, raw: bytes, expected: str) -> None:
    file.write_bytes(raw)
    assert run("import", name, str(file), fails=1).err.startswith(f"valuelog: {expected}")


def test_import_counts_days_off(run: "Run", file: "Path") -> None:
    text = f'{{"entity":"day_off","id":"2026-11-23","note":"sea",{TIMESTAMPS}}}\n'
    assert "Would import 1 day off from jsonl" in run("import", "jsonl", "-", "-n", stdin=text.encode()).out
    result = import_text(run, "jsonl", file, text)
    assert (result["new"]["day_off"], result["before"]["day_off"], result["after"]["day_off"]) == (1, 0, 1)
    run("undo")
    assert run("off", "list", "--json").out == "[]\n"


def test_differing_entities_stay_unchanged_and_are_counted(run: "Run", home: "Path") -> None:
    out, other = home / "all.jsonl", ("--journal", str(home / "other.db"))
    run("promise", "make", "stop", "the Monday report")
    run("project", "start", "Refund flow", "--problem", "slow", "--measure", "days", "--aim", "one")
    run("export", "jsonl", str(out))
    run(*other, "import", "jsonl", str(out))
    run("promise", "keep", json.loads(run("promise", "--json").out)[0]["id"])
    run("export", "jsonl", str(out), "--force")
    result = json.loads(run(*other, "import", "jsonl", str(out), "--json").out)
    assert (result["known"], result["differ"]) == (2, 1)
    assert "1 of them differs here and stayed unchanged" in run(*other, "import", "jsonl", str(out)).out


def test_open_projects_of_the_same_name_are_merged(run: "Run", file: "Path") -> None:
    """Two open projects are one; an open and a closed one are two."""
    project = (
        f'{{"entity":"project","id":"%s","slug":"refunds","name":"Refunds","started_on":"2026-11-02"%s,{TIMESTAMPS}}}\n'
    )
    ended = ',"state":"closed","closed_on":"2026-11-10"'
    joining = ENTRY.replace('"text"', '"project":"q000000000","text"')
    text = project % ("p000000000", "") + project % ("q000000000", "") + joining + project % ("r000000000", ended)
    assert import_text(run, "jsonl", file, text)["new"]["project"] == 2
    assert [entry["project"] for entry in list_entries(run)] == ["refunds"]
    going_on = json.loads(run("project", "--json").out)
    assert [entry["slug"] for entry in going_on] == ["refunds"]


def test_draft_accepted_on_two_machines_is_one_entry(run: "Run", file: "Path") -> None:
    taken = ENTRY.replace('"text"', '"origin":"git:1:2026-11-20","text"')
    fixed = PAIN.replace(
        '"text":"slow"', '"state":"fixed","closed_on":"2026-11-20","fix":"c000000000","text":"slow"', 1
    )
    import_text(run, "jsonl", file, taken)
    result = import_text(run, "jsonl", file, taken.replace("b000000000", "c000000000") + fixed)
    assert (result["new"]["entry"], result["new"]["pain"], result["known"]) == (0, 1, 1)
    assert json.loads(run("pain", "list", "--all", "--json").out)[0]["fix"] == "b000000000"


def test_import_skips_drafts_that_were_accepted(run: "Run", file: "Path", journal_path: "Path") -> None:
    journal = open_test_journal(journal_path.parent)
    fields = {"day": "2026-03-02", "accepted": 1, **journal.timestamp_fields()}
    taken = f"watson:{json.loads(SAMPLES['watson'])[0]['id']}"
    journal.write("gather", [Change(entity="draft_seen", id=taken, fields=fields)])
    journal.close()
    result = import_text(run, "watson", file, SAMPLES["watson"])
    assert result["known"] == 1, "what came with the draft"
    assert result["new"]["entry"] == len(list_entries(run)) > 0, "what was tracked later that day"


def test_backup_is_made_before_an_import(run: "Run", file: "Path", journal_path: "Path") -> None:
    run("import", "csv", "-", stdin=CSV_FILE.encode())
    assert list_backups(journal_path) == (), "there was nothing to lose"
    import_text(run, "csv", file, "day,text\n2026-11-20,one more\n")
    (backup,) = list_backups(journal_path)
    copy = backup.path
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert len(json.loads(run("--journal", str(copy), "list", "2026", "--json").out)) == 2


def test_slow_pipe_does_not_block_other_writers(journal_path: "Path", run: "Run") -> None:
    """The journal is not locked while a file is read."""
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
    assert {entry["text"] for entry in list_entries(run)} == {"before", "meanwhile", "fine"}


def test_import_reads_stdin(run: "Run") -> None:
    run("import", "csv", "-", stdin=CSV_FILE.encode())
    assert len(list_entries(run)) == 2


@pytest.mark.parametrize("name", [*SAMPLES, "jsonl"])
def test_random_bytes_are_rejected(run: "Run", file: "Path", name: str) -> None:
    rng = random.Random(5)  # noqa: S311  the same each time
    run("add", "activity", "before")
    for _ in range(40):
        file.write_bytes(rng.randbytes(rng.randint(1, 400)))
        assert run("import", name, str(file), fails=1).err.count("\n") <= 2
    assert len(list_entries(run)) == 1


# Export


def dump_journal(path: "Path") -> list[object]:
    """Return all entities of a journal."""
    journal = open_test_journal(path.parent, write=False) if path.name == "journal.db" else None
    assert journal is not None
    changes = list(dump.iter_creation_changes(journal, None))
    journal.close()
    return sorted(changes, key=str)


@pytest.fixture
def filled_journal(journal_path: "Path") -> "Path":
    """Fill the journal with a quarter of entries, pain points, projects and promises."""
    journal_path.parent.mkdir(parents=True, exist_ok=True)
    write_sample_quarter(journal_path)
    return journal_path


@pytest.mark.usefixtures("filled_journal")
def test_jsonl_export_and_import_lose_nothing(run: "Run", home: "Path", journal_path: "Path") -> None:
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
    result = json.loads(run("--journal", str(other), "import", "jsonl", str(out), "--json").out)
    assert result["known"] == result["bad"] == 0
    assert dump_journal(other) == dump_journal(journal_path)
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
    assert dump_journal(other) == []


@pytest.mark.usefixtures("filled_journal")
def test_imported_project_joins_the_one_of_the_same_name(run: "Run", home: "Path") -> None:
    out = home / "all.jsonl"
    run("export", "jsonl", str(out))
    other = ("--journal", str(home / "other.db"))
    run(*other, "project", "start", "Refund flow", "--problem", "slow", "--measure", "days", "--aim", "one")
    run(*other, "import", "jsonl", str(out))
    names = [entry["slug"] for entry in json.loads(run(*other, "project", "list", "--all", "--json").out)]
    assert sorted(names) == sorted(set(names))
    mine = json.loads(run("list", "2026", "--project", "refund-flow", "--json").out)
    assert mine
    assert json.loads(run(*other, "list", "2026", "--project", "refund-flow", "--json").out) == mine


@pytest.mark.usefixtures("filled_journal")
def test_export_of_a_period_has_its_entries(run: "Run", home: "Path") -> None:
    out = home / "some.jsonl"
    run("export", "jsonl", str(out), "2026-11")
    other = ("--journal", str(home / "other.db"))
    run(*other, "import", "jsonl", str(out))
    assert run(*other, "list", "2026", "--json").out == run("list", "2026-11", "--json").out
    assert json.loads(run(*other, "list", "2026", "--json").out)


@pytest.mark.usefixtures("filled_journal")
def test_csv_export_and_import_keep_entries(run: "Run", home: "Path") -> None:
    out, other = home / "all.csv", ("--journal", str(home / "other.db"))
    run("export", "csv", str(out), "2026")
    run(*other, "import", "csv", str(out))
    keys = ("day", "kind", "text", "minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence")

    def rows(document: str) -> list[list[Any]]:
        return [[entry[key] for key in keys] for entry in json.loads(document)]

    assert rows(run(*other, "list", "2026", "--json").out) == rows(run("list", "2026", "--json").out)


def test_csv_export_escapes_formulas_unless_raw(run: "Run", home: "Path") -> None:
    run("add", "activity", "=1+1")
    assert ",'=1+1," in run("export", "csv").out
    assert ",=1+1," in run("export", "csv", "--raw").out
    (home / "a.csv").write_text(run("export", "csv").out)
    run("--journal", str(home / "o.db"), "import", "csv", str(home / "a.csv"))
    assert "=1+1" in run("--journal", str(home / "o.db"), "list").out


def test_markdown_export_groups_entries_by_week_and_day(run: "Run") -> None:
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


def test_export_of_an_empty_journal_is_empty(run: "Run", journal_path: "Path") -> None:
    assert run("export", "jsonl").out == '{"entity":"valuelog","version":1}\n'
    assert run("export", "csv").out.startswith("day,kind,text")
    assert run("export", "jrnl").out == ""
    assert run("export", "markdown").out == "# Journal\n"
    assert not journal_path.exists()


def test_exported_markdown_shows_texts_literally(run: "Run") -> None:
    run("add", "activity", "-", stdin=b"a | b\n:-- | :--\n~~gone~~ *x* <b>y</b>")
    html = MarkdownIt().enable(["table", "strikethrough"]).render(run("export", "markdown").out)
    assert not re.search("<(?:table|s|em|b)>", html)


def test_export_is_private_and_never_overwrites(run: "Run", home: "Path") -> None:
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


def test_export_never_replaces_files_of_valuelog(run: "Run", home: "Path", journal_path: "Path") -> None:
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
    assert [entry["text"] for entry in list_entries(run)] == ["precious"]
    assert "18:00" in settings.read_text()


@pytest.mark.parametrize("name", ["journal.db-journal", "journal.db-wal", "journal.db.before-import"])
def test_export_never_uses_names_beside_the_journal(run: "Run", journal_path: "Path", name: str) -> None:
    run("add", "activity", "precious")
    path = journal_path.with_name(name)
    assert "belongs to valuelog itself. Nothing was written." in run("export", "csv", str(path), fails=2).err
    assert not path.exists()


def test_export_never_replaces_pipes_links_or_folders(run: "Run", home: "Path") -> None:
    run("add", "activity", "x")
    os.mkfifo(home / "pipe")
    (home / "theirs").write_text("theirs")
    (home / "link").symlink_to(home / "theirs")
    for name in ("pipe", "link", "."):
        for force in ((), ("--force",)):
            expected = run("export", "csv", str(home / name), *force, fails=1).err
            assert "is not a regular file. Nothing was written." in expected
    assert stat.S_ISFIFO((home / "pipe").stat().st_mode)
    assert (home / "theirs").read_text() == "theirs"


def test_unwritable_temporary_directory_stops_the_import(
    run: "Run", file: "Path", home: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(CSV_FILE)
    monkeypatch.setattr("tempfile.tempdir", str(home / "nowhere"))
    error = run("import", "csv", str(file), fails=1).err
    assert error.startswith("valuelog: Cannot write temporary data to ")
    assert error.endswith("Free some space there, or set TMPDIR to another directory.\n")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a file that can be opened and never read")
@pytest.mark.parametrize("name", ["csv", "jsonl", "jrnl"])
def test_read_error_names_the_file(run: "Run", name: str) -> None:
    error = run("import", name, "/proc/self/mem", fails=1).err
    assert error.startswith("valuelog: The disk reports an error reading /proc/self/mem. Nothing was changed.")


def test_backup_that_has_everything_is_not_made_again(run: "Run", file: "Path", journal_path: "Path") -> None:
    run("add", "activity", "precious")
    import_text(run, "csv", file, CSV_FILE)
    (before,) = list_backups(journal_path)
    import_text(run, "csv", file, CSV_FILE)
    assert list_backups(journal_path) == (before,), "an import that brings nothing makes none"
    import_text(run, "csv", file, "day,text\n2026-11-20,new\n")
    assert [backup.entry_count for backup in list_backups(journal_path)] == [1, 3]
    run("undo")
    run("redo")


def test_import_does_not_start_without_a_backup(run: "Run", file: "Path", journal_path: "Path") -> None:
    run("add", "activity", "precious")
    journal_path.with_name("backups").write_text("my notes")
    file.write_text("day,text\n2026-11-20,new\n")
    assert "/backups: Not a directory" in run("import", "csv", str(file), fails=1).err
    assert journal_path.with_name("backups").read_text() == "my notes"
    assert [entry["text"] for entry in list_entries(run)] == ["precious"]


def test_joined_project_fills_in_missing_answers(run: "Run", home: "Path") -> None:
    other, out = ("--journal", str(home / "other.db")), home / "all.jsonl"
    run(*other, "project", "start", "Refunds", "--problem", "theirs", "--measure", "days")
    run(*other, "project", "close", "refunds", "--result", "three days to one", "--lesson", "ask early")
    run(*other, "export", "jsonl", str(out))
    run("project", "start", "Refunds", "--problem", "ours")
    result = json.loads(run("import", "jsonl", str(out), "--json").out)
    assert (result["known"], result["differ"]) == (1, 1)
    (project,) = json.loads(run("project", "--json").out)
    assert [project[name] for name in ("state", "problem", "measure", "result", "lesson")] == [
        "open", "ours", "days", "three days to one", "ask early",
    ]  # fmt: skip
    run("undo")
    assert json.loads(run("project", "--json").out)[0]["result"] is None


def test_markdown_export_escapes_markup(run: "Run") -> None:
    run("add", "outcome", "Heading trick\n===\n - nested item\n\n      code")
    page = run("export", "markdown").out
    assert "\n  \\===" in page
    assert "\n  \\- nested item" in page
    assert "\n  code" in page


def test_export_of_a_week_has_its_reflections(run: "Run") -> None:
    run("review", "--week", "last", "--stop", "the daily mail", "--level", "ask why")
    kinds = [json.loads(line)["entity"] for line in run("export", "jsonl", "-", "2026-W46").out.splitlines()]
    assert kinds.count("reflection") == 2
    assert kinds.count("asked") == 2
    assert "reflection" not in run("export", "jsonl", "-", "2026-W47").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("xml",), "There is no format “xml”."),
        (("csv", "2026-11"), "“2026-11” is a period, but the file comes first."),
        (("csv", "last", "month"), "“2026-10” is a period, but the file comes first."),
        (("csv", "-", "someday"), "“someday” is not a day or a period."),
        (("jsonl", "--raw"), "--raw only works with csv."),
    ],
)
def test_export_usage_error_writes_nothing(
    run: "Run", home: "Path", monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], expected: str
) -> None:
    monkeypatch.chdir(home)
    assert run("export", *words, fails=2).err.startswith(f"valuelog: {expected}")
    assert list(home.iterdir()) == []
