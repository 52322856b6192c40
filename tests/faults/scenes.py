"""What is done while a fault happens: the table of scenes, and what is in the home before."""

import json
import re
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from faults.harness import Step, journal_path
from support.env import xdg_variables
from valuelog.sync.invitation import Invitation, format_invitation

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


@dataclass(frozen=True)
class SyncScene(Scene):
    """One command of the laptop; the home has those of both machines, and what they sync with.

    `rejoins` means that the desktop must join afterwards.
    """

    rejoins: bool = False
    is_git: bool = False
    """A repository instead of a folder. There is no model of its disk, since git makes calls that the shim misses."""


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

# Syncing: two machines in one home

LAPTOP, DESKTOP = "laptop", "desktop"
"""The folders of both machines; faults happen on the laptop."""

REMOTE = "remote"
"""The folder or the repository that they sync with."""


def on(machine: str, *argv: str, stdin: str = "") -> Step:
    """Return a step on one of the machines."""
    home = Path("{home}", machine)
    return Step(argv, stdin, {"HOME": str(home), **xdg_variables(home)})


def join_step(machine: str, inviting: str) -> Step:
    """Return the step in which a machine joins another one."""
    return on(machine, "sync", "join", "-", "--name", machine, stdin=f"{{invitation of {inviting}}}")


def setup_step(machine: str) -> Step:
    """Return the step in which a machine sets up the remote."""
    return on(machine, "sync", "setup", f"{{home}}/{REMOTE}", "--name", machine)


def init_repository(home: Path) -> None:
    """Create the repository to sync with."""
    command = ["git", "init", "--bare", "--quiet", "--template=", str(home / REMOTE)]
    subprocess.run(command, check=True)


def _no_repository(_home: Path) -> None:
    """Leave it to the setup to create the folder."""


SYNC = on(LAPTOP, "sync")
SYNC_DESKTOP = on(DESKTOP, "sync")
_LAPTOP_USED = (
    on(LAPTOP, "add", "outcome", "the first result", "--project", "Refunds"),
    on(LAPTOP, "add", "activity", "audit mails"),
)
_DESKTOP_USED = (on(DESKTOP, "add", "activity", "reads the alerts", "--project", "Refunds"),)
BOTH_SYNC = (
    *_LAPTOP_USED, setup_step(LAPTOP), *_DESKTOP_USED, join_step(DESKTOP, LAPTOP), SYNC,
)  # fmt: skip
"""What is done before both machines have the same."""

LAPTOP_ADDS = (
    on(LAPTOP, "add", "improvement", "a shorter form"), on(LAPTOP, "edit", "{id}", "a better result"),
    on(LAPTOP, "add", "activity", "more audit mails"), on(LAPTOP, "undo"),
)  # fmt: skip
DESKTOP_CHANGES = (
    on(DESKTOP, "undo"), on(DESKTOP, "edit", "{id}", "not the first"),
    on(DESKTOP, "delete", "{id}", "--purge", "--confirm"), on(DESKTOP, "add", "outcome", "a purge elsewhere"),
)  # fmt: skip
SYNC_STEPS = {
    "sends": (SYNC, (*BOTH_SYNC, *LAPTOP_ADDS)),
    "receives": (SYNC, (*BOTH_SYNC, on(LAPTOP, "backup"), *DESKTOP_CHANGES, SYNC_DESKTOP)),
    "setup": (setup_step(LAPTOP), (*_LAPTOP_USED, *_DESKTOP_USED)),
    "join": (join_step(LAPTOP, DESKTOP), (*_LAPTOP_USED, *_DESKTOP_USED, setup_step(DESKTOP))),
    "rekey": (on(LAPTOP, "sync", "rekey"), (*BOTH_SYNC, *LAPTOP_ADDS[:1], *DESKTOP_CHANGES[:2], SYNC_DESKTOP)),
}
"""The step of each scene, and what is done before."""


def _sync_scenes(kind: str, prepare: Callable[[Path], None], *, is_git: bool) -> tuple[SyncScene, ...]:
    return tuple(
        SyncScene(f"{kind} {name}", (step,), before, prepare, rejoins=name in {"setup", "rekey"}, is_git=is_git)
        for name, (step, before) in SYNC_STEPS.items()
    )


FOLDER_SCENES = _sync_scenes("sync", _no_repository, is_git=False)
GIT_SCENES = _sync_scenes("git sync", init_repository, is_git=True)


def find_scene(name: str) -> Scene:
    """Return a scene by its name."""
    return next(scene for scene in (*SCENES, *FOLDER_SCENES, *GIT_SCENES) if scene.name == name)


# What is only known in a home


def place_home(step: Step, home: Path) -> Step:
    """Return a step with the path of the home, the id of its first entry and invitations in its words."""
    values = {"{home}": str(home)}
    environ = {name: _replace_all(value, values) for name, value in step.environ.items()}
    if "{id}" in step.argv:
        journal = Path(environ.get("XDG_DATA_HOME", home / "data"), "valuelog", "journal.db")
        values["{id}"] = _first_entry(journal)
    for machine in re.findall(r"\{invitation of (\w+)\}", step.stdin):
        values[f"{{invitation of {machine}}}"] = read_invitation(home / machine)
    argv = tuple(_replace_all(word, values) for word in step.argv)
    return Step(argv, _replace_all(step.stdin, values), environ, step.keep_answer)


def _first_entry(journal: Path) -> str:
    with closing(sqlite3.connect(journal)) as connection:
        sql = "SELECT entity_id FROM change WHERE entity = 'entry'"
        return str(connection.execute(sql).fetchone()[0])


KEY_COMMENTS = re.compile(r"^# (remote|journal): (.*)$", re.MULTILINE)
KEY_LINE = re.compile(r"^AGE-SECRET-KEY-1[0-9A-Z]{58}$", re.MULTILINE)


def read_invitation(home: Path) -> str:
    """Return the invitation of the machine in a folder, from the file of its key."""
    (path,) = home.glob("state/valuelog/sync/*/key")
    text = path.read_text(encoding="utf-8")
    known = dict(KEY_COMMENTS.findall(text))
    return format_invitation(Invitation(known["remote"], known["journal"], KEY_LINE.findall(text)[0]))


def _replace_all(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(name, value)
    return word
