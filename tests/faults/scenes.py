"""What is done while a fault happens: the table of scenes, and what is in the home before."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from faults.harness import Step, journal_path

SCHEMAS = Path(__file__).parents[1] / "journal"


@dataclass(frozen=True)
class Scene:
    """A few runs of the program. `before` are runs that no fault disturbs; `prepare` writes files into the home."""

    name: str
    steps: tuple[Step, ...]
    before: tuple[Step, ...] = ()
    prepare: Callable[[Path], None] = lambda _home: None
    weight: int = 40
    """Its share of the budgets: scenes with few calls have fewer different disks."""
    damage: Callable[[Path], None] = lambda _home: None
    """Alters the home after `before`."""
    code: int = 0
    """The exit code of its steps if all is well."""


def _step(*argv: str, stdin: str = "") -> Step:
    return Step(argv=argv, stdin=stdin)


def _lines(*records: dict[str, str]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def _write_import(home: Path) -> None:
    """Write a file to import: enough entries for several pages."""
    folder = home / "given"
    folder.mkdir()
    rows = [f"2026-11-19,activity,imported line {number}\n" for number in range(40)]
    (folder / "in.csv").write_text("".join(["day,kind,text\n", *rows]), encoding="utf-8")


def write_schema_1(home: Path) -> None:
    """Write a journal as it was before the first migration."""
    path = journal_path(home)
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for script in ("schema_1.sql", "rows_of_0_1_0.sql"):
            connection.executescript((SCHEMAS / script).read_text(encoding="utf-8"))
    path.chmod(0o600)


def _alter_row(home: Path) -> None:
    """Change a text behind valuelog's back, so that it differs from the log."""
    with closing(sqlite3.connect(journal_path(home))) as connection, connection:
        connection.execute("UPDATE entry SET text = 'altered' WHERE kind = 'activity'")


ADD = _step("add", "outcome", "the first result", "--project", "Refunds")
ADD_MORE = _step("add", "activity", "audit mails")
ANSWERS = _lines(
    {"kind": "helped", "text": "@sam runs the release alone"},
    {"kind": "outcome", "text": "no more duplicate refunds", "project": "Refunds"},
    {"kind": "pain", "text": "the deploy waits on one approver"},
    {"kind": "activity", "text": "interviews"},
)
USED = (ADD, ADD_MORE)
BACKUP = _step("backup")
RESTORE = _step("restore", "latest", "--keep-newer", "--yes")

SCENES = (
    Scene("first add", (ADD,), weight=50),
    Scene("add", (_step("add", "improvement", "a shorter form"), ADD_MORE), USED),
    Scene("undo", (_step("undo"), _step("redo"), _step("undo")), USED),
    Scene("evening", (_step("today", "--answers", "-", stdin=ANSWERS),), USED),
    Scene("import", (_step("import", "csv", "{home}/given/in.csv"),), USED, _write_import, weight=60),
    Scene("first import", (_step("import", "csv", "{home}/given/in.csv"),), (), _write_import, weight=50),
    Scene("settings", (
        _step("config", "set", "remind_at", "18:30"), _step("config", "set", "workdays", "mon-thu"),
        _step("config", "unset", "remind_at"),
    ), (*USED, _step("config", "set", "day_ends_at", "03:00")), weight=10),
    Scene("backup", (BACKUP, _step("backup", "{home}/copy.db")), USED, weight=60),
    Scene("background backup", (Step(ADD_MORE.argv, environ={"VALUELOG_BACKUPS": "true"}),), USED, weight=20),
    Scene("export", (
        _step("export", "jsonl", "{home}/out.jsonl"), ADD_MORE, _step("export", "jsonl", "{home}/out.jsonl", "--force"),
    ), USED, weight=10),
    Scene("migration", (ADD_MORE,), (), write_schema_1, weight=30),
    Scene("unsaved answer", (Step(keep_answer="a kept answer"), Step(keep_answer="another one")), USED, weight=3),
    Scene("pain", (_step("pain", "add", "builds are slow"), _step("add", "fixed", "builds take a minute")), USED),
    Scene("purge", (_step("delete", "{id}", "--purge", "--confirm"),), (*USED, BACKUP)),
    Scene("restore", (RESTORE,), (*USED, BACKUP, ADD_MORE)),
    Scene("doctor", (_step("doctor", "--fix"),), (*USED, BACKUP), damage=_alter_row, code=3),
)  # fmt: skip
"""Every command that writes, at least once."""


def find_scene(name: str) -> Scene:
    """Return a scene by its name."""
    return next(scene for scene in SCENES if scene.name == name)


def place_home(step: Step, home: Path) -> Step:
    """Return a step with the path of the home, and the id of its first entry, in its words."""
    values = {"{home}": str(home)}
    if "{id}" in step.argv:
        with closing(sqlite3.connect(journal_path(home))) as journal:
            values["{id}"] = journal.execute("SELECT entity_id FROM change WHERE entity = 'entry'").fetchone()[0]
    return Step(tuple(_replace_all(word, values) for word in step.argv), step.stdin, step.environ, step.keep_answer)


def _replace_all(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(name, value)
    return word
