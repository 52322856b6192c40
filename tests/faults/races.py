"""Two processes write the same file at the same moment: both changes are there, or one is refused in a clear line."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from faults.failures import check_message
from faults.harness import Outcome, Server, Step, journal_path, settings_path, state_folder
from faults.judge import Judge
from faults.report import Report
from faults.scenes import place_home


@dataclass(frozen=True)
class Race:
    """Two runs at once, after others; `find_loss` says what is lost in a home."""

    name: str
    steps: tuple[Step, Step]
    find_loss: Callable[[Server, Path], list[str]]
    before: tuple[Step, ...] = ()


def judge_races(servers: Sequence[Server], home: Path, race: Race, rounds: int, seed: int) -> Report:
    """Run a race in an empty home, again and again."""
    report = Report()
    for number in range(rounds):
        report.add(f"race/{race.name}/{number}", _judge(servers, home, race, seed + 10 * number))
    return report


def _judge(servers: Sequence[Server], home: Path, race: Race, seed: int) -> list[str]:
    Judge(servers[0], home).place({})
    for step in race.before:
        servers[0].run(home, place_home(step, home), seed=seed)
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


def _add(text: str) -> Step:
    return Step(("add", "activity", text))


def _set(name: str, value: str) -> Step:
    return Step(("config", "set", name, value))


EXPORT = Step(("export", "jsonl", "{home}/out.jsonl", "--force"))
BACKUP = Step(("backup",))

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
)  # fmt: skip
"""Every file that the program writes, at least once."""


def find_race(name: str) -> Race:
    """Return a race by its name."""
    return next(race for race in RACES if race.name == name)
