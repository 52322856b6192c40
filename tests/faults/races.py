"""Two processes write the same file at the same moment: both changes are there, or one is refused in a clear line."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from faults.failures import check_message
from faults.harness import Outcome, Server, Step, environment, journal_path, settings_path, state_folder
from faults.images import read_disk
from faults.judge import Judge
from faults.report import Report
from faults.scenes import (
    BOTH_SYNC,
    DESKTOP,
    DESKTOP_CHANGES,
    LAPTOP,
    LAPTOP_ADDS,
    SYNC,
    SYNC_DESKTOP,
    init_repository,
    on,
    place_home,
    setup_step,
)
from faults.sync_judge import MACHINES, SyncJudge, read_rows


@dataclass(frozen=True)
class Race:
    """Two runs at once, after others; `find_loss` says what is lost in a home."""

    name: str
    steps: tuple[Step, Step]
    find_loss: Callable[[Server, Path], list[str]]
    before: tuple[Step, ...] = ()
    prepare: Callable[[Path], None] = lambda _home: None


def judge_races(servers: Sequence[Server], home: Path, race: Race, rounds: int, seed: int) -> Report:
    """Run a race in the same home, again and again."""
    report = Report()
    Judge(servers[0], home).place({})
    race.prepare(home)
    for number, step in enumerate(race.before, 1000):
        done = servers[0].run(home, place_home(step, home), seed=seed + number)
        assert not done.code, done.err
    before = read_disk(home)
    for number in range(rounds):
        Judge(servers[0], home).place(*before)
        report.add(f"race/{race.name}/{number}", _judge(servers, home, race, seed + 10 * number))
    return report


def _judge(servers: Sequence[Server], home: Path, race: Race, seed: int) -> list[str]:
    with ThreadPoolExecutor(len(servers)) as pool:
        jobs = [
            pool.submit(server.run, home, place_home(step, home), seed=seed + number)
            for number, (server, step) in enumerate(zip(servers, race.steps, strict=True), 1)
        ]
        outcomes = [job.result() for job in jobs]
    return [*_find_errors(outcomes), *race.find_loss(servers[0], home)]


def _find_errors(outcomes: Sequence[Outcome]) -> list[str]:
    unclear = [problem for outcome in outcomes for problem in check_message(outcome)]
    if all(outcome.code for outcome in outcomes):
        return [*unclear, f"neither succeeded: {outcomes[0].err.strip()}"]
    return unclear


# What must be there afterwards


def _find_lost_changes(count: int) -> Callable[[Server, Path], list[str]]:
    """Expect so many batches in the journal."""

    def find(server: Server, home: Path) -> list[str]:
        found = server.call("inspect", journal=str(journal_path(home)), copies=[], command=[], environ={})
        batches = {row[2] for row in found.get("log") or []}
        lost = [] if len(batches) == count else [f"{len(batches)} changes instead of {count}"]
        return [*lost, *found.get("damage", []), *found.get("error", "").splitlines()[-1:]]

    return find


def _find_lost_settings(_server: Server, home: Path) -> list[str]:
    text = settings_path(home).read_text(encoding="utf-8")
    return [f"{name} is lost" for name in ("remind_at", "workdays", "day_ends_at") if name not in text]


def _find_torn_export(_server: Server, home: Path) -> list[str]:
    lines = (home / "out.jsonl").read_text(encoding="utf-8").splitlines()
    try:
        return [] if all(map(json.loads, lines)) and lines else ["the export is empty"]
    except ValueError:
        return ["the export is torn"]


def _find_lost_answers(_server: Server, home: Path) -> list[str]:
    text = (state_folder(home) / "unsaved-answers.jsonl").read_text(encoding="utf-8")
    return [f"{answer} is lost" for answer in ("answer one", "answer two") if answer not in text]


def _find_torn_state(_server: Server, home: Path) -> list[str]:
    """Expect a whole device id and a whole reminder file, and nothing unfinished."""
    folder = state_folder(home)
    device = (folder / "device").read_text(encoding="utf-8")
    reminders = (folder / "reminders").read_text(encoding="utf-8")
    left = [path.name for path in folder.iterdir() if path.suffix == ".new" or path.suffix[1:].isdigit()]
    whole = len(device.strip()) == DEVICE_ID_LENGTH and reminders.endswith("\n")
    return [*([] if whole else ["the device id or the reminder file is torn"]), *(f"{name} is left" for name in left)]


DEVICE_ID_LENGTH = 16


def _find_lost_sync(server: Server, home: Path) -> list[str]:
    """Expect each change that either machine had on both of them, once."""
    before = _list_hashes(home)
    problems = SyncJudge(server, home).find_differences()
    return [*problems, *(f"change {name} is lost" for name in before - _list_hashes(home))]


def _list_hashes(home: Path) -> set[str]:
    """Return the hashes of the changes that either machine has."""
    return {row.hash for machine in MACHINES for row in read_rows(home / machine)}


def _find_two_journals(server: Server, home: Path) -> list[str]:
    """Expect exactly one of both machines to have set up the remote."""
    environs = [environment(home, place_home(step, home)) for step in (SYNC, SYNC_DESKTOP)]
    runs = [{"command": SYNC.argv, "environ": environ} for environ in environs]
    outcomes = server.call("run_each", runs=runs, until_success=False)["outcomes"]
    problems = [printed for code, printed in outcomes if code and "doesn't sync yet" not in printed]
    return [*problems, *([] if sum(not code for code, _ in outcomes) == 1 else ["not one machine is set up"])]


def _add(text: str) -> Step:
    return Step(("add", "activity", text))


def _set(name: str, value: str) -> Step:
    return Step(("config", "set", name, value))


EXPORT = Step(("export", "jsonl", "{home}/out.jsonl", "--force"))
BACKUP = Step(("backup",))
BOTH_CHANGED = (*BOTH_SYNC, *LAPTOP_ADDS, *DESKTOP_CHANGES)

RACES = (
    Race("first use", (_add("one"), _add("two")), _find_lost_changes(2)),
    Race("state", (_add("one"), _add("two")), _find_torn_state),
    Race("settings", (_set("remind_at", "18:30"), _set("workdays", "mon-thu")), _find_lost_settings,
         (_set("day_ends_at", "03:00"),)),
    Race("export", (EXPORT, EXPORT), _find_torn_export, (_add("one"),)),
    Race("unsaved answers", (Step(keep_answer="answer one"), Step(keep_answer="answer two")), _find_lost_answers,
         (_add("one"),)),
    Race("undo", (Step(("undo",)), _add("three")), _find_lost_changes(4), (_add("one"), _add("two"))),
    Race("backup", (BACKUP, _add("two")), _find_lost_changes(2), (_add("one"),)),
    Race("two backups", (BACKUP, BACKUP), _find_lost_changes(1), (_add("one"),)),
    Race("two syncs of one home", (SYNC, SYNC), _find_lost_sync, BOTH_CHANGED),
    Race("sync and add", (SYNC, on(LAPTOP, "add", "activity", "at the same moment")), _find_lost_sync, BOTH_CHANGED),
    Race("two homes, one folder", (SYNC, SYNC_DESKTOP), _find_lost_sync, BOTH_CHANGED),
    Race("two syncs of one home, git", (SYNC, SYNC), _find_lost_sync, BOTH_CHANGED, init_repository),
    Race("two homes, one repository", (SYNC, SYNC_DESKTOP), _find_lost_sync, BOTH_CHANGED, init_repository),
    Race("rekey and sync", (on(LAPTOP, "sync", "rekey", "--compact"), SYNC_DESKTOP), _find_lost_sync, BOTH_CHANGED),
    Race("rekey and sync, git", (on(LAPTOP, "sync", "rekey", "--compact"), SYNC_DESKTOP), _find_lost_sync,
         BOTH_CHANGED, init_repository),
    Race("two setups", (setup_step(LAPTOP), setup_step(DESKTOP)), _find_two_journals),
    Race("two setups, git", (setup_step(LAPTOP), setup_step(DESKTOP)), _find_two_journals, (), init_repository),
)  # fmt: skip
"""Every file that the program writes, at least once."""


def find_race(name: str) -> Race:
    """Return a race by its name."""
    return next(race for race in RACES if race.name == name)
