"""Doctor: examine the journal and what is around it, and repair what can be derived."""

import shlex
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from valuelog.journal.backup_checks import lock_backups, read_checks, write_checks
from valuelog.journal.backups import Backup, audit_backup, list_backups, own_copies
from valuelog.journal.copies import backups_folder
from valuelog.journal.doctor.examination import FIX, Examination, Finding, Severity, check_modes, examine
from valuelog.journal.doctor.leftovers import find_leftovers, remove_leftovers
from valuelog.journal.doctor.repair import Conflict, find_conflicts, repair_journal
from valuelog.journal.doctor.salvage import Salvage, salvage_journal
from valuelog.journal.errors import JournalError
from valuelog.model.text import first_line

__all__ = ["Checkup", "Conflict", "Finding", "Severity", "Surroundings", "check_everything", "repair_everything"]

MAX_BACKUP_AGE = timedelta(days=7)
"""A newest backup that is older is mentioned if anything was changed since."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What doctor looks at besides the journal.

    `private_paths` are files and folders that only their owner should open. `setting_problems` are sentences about
    config.toml. `last_journal` is the path of the journal that was changed last, if it is known.
    """

    settings_path: Path
    setting_problems: tuple[str, ...] = ()
    private_paths: tuple[Path, ...] = ()
    state_folder: Path | None = None
    config_folder: Path | None = None
    last_journal: Path | None = None
    makes_backups: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkup:
    """The result of all checks: what was found, and what was repaired.

    `kept` has the files with what the journal was before a repair; `salvaged` is what was read of a file that can't be
    repaired. `now` is in the zone in which times are shown.
    """

    path: Path
    findings: tuple[Finding, ...]
    now: datetime
    seconds: float = 0
    entries: int | None = None
    changes: int | None = None
    backups: tuple[Backup, ...] = ()
    repaired: tuple[str, ...] = ()
    kept: tuple[Path, ...] = ()
    salvaged: Path | None = None

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that something has to be done about."""
        return tuple(finding for finding in self.findings if finding.severity is not Severity.NOTE)

    @property
    def is_sound(self) -> bool:
        """Whether nothing has to be done."""
        return not self.problems


def check_everything(
    path: Path,
    surroundings: Surroundings,
    *,
    now: datetime,
    deep: bool = False,
    report: Callable[[int], None] = lambda _: None,
) -> Checkup:
    """Check the journal, the settings, leftovers and the backups. Raises JournalError."""
    started = time.monotonic()
    backups = list_backups(path)
    examined = examine(path, now=now, backups=[each.path for each in backups], report=report)
    findings = [
        *_with_backups(examined, backups),
        *_check_private_paths(path, surroundings),
        *_check_settings(path, surroundings),
        *find_leftovers(path, surroundings.state_folder),
        *_check_backups(path, backups, examined.changes, now=now, deep=deep, wants_any=surroundings.makes_backups),
    ]
    return Checkup(
        path=path, findings=tuple(dict.fromkeys(findings)), now=now, seconds=time.monotonic() - started,
        entries=examined.entries, changes=examined.changes, backups=tuple(each for each in backups if each.head),
    )  # fmt: skip


def _with_backups(examined: Examination, backups: tuple[Backup, ...]) -> Iterator[Finding]:
    """Yield what was found in the journal. That there is none is no problem unless there are backups of one."""
    for finding in examined.findings:
        if finding.id == "missing" and backups:
            text = f"There is no journal at {finding.path}, but {_count_backups(len(backups))} of it."
            yield replace(finding, severity=Severity.DAMAGE, text=text, remedy="valuelog restore")
        else:
            yield finding


def _count_backups(count: int) -> str:
    return "1 backup" if count == 1 else f"{count:,} backups"


def _check_private_paths(path: Path, surroundings: Surroundings) -> Iterator[Finding]:
    folder = backups_folder(path)
    yield from check_modes(*surroundings.private_paths, folder, *own_copies(path))


def _check_settings(path: Path, surroundings: Surroundings) -> Iterator[Finding]:
    for problem in surroundings.setting_problems:
        yield Finding(
            id="settings", severity=Severity.WARNING, text=problem, remedy="valuelog config edit",
            path=surroundings.settings_path,
        )  # fmt: skip
    last = surroundings.last_journal
    if last and last.exists() and last.resolve() != path.resolve():
        yield Finding(
            id="settings", severity=Severity.NOTE, path=last,
            text=f"The journal you changed last is another one: {last}. Your settings name {path}.",
            remedy=f"valuelog config set journal {last}",
        )  # fmt: skip


# Backups


def _check_backups(
    path: Path, backups: tuple[Backup, ...], changes: int | None, *, now: datetime, deep: bool, wants_any: bool
) -> Iterator[Finding]:
    """Compare the backups with what is recorded of them; with `deep`, read each completely."""
    folder, names = backups_folder(path), {each.path.name for each in backups}
    checks = read_checks(folder)
    for name in sorted(checks.keys() - names):
        text = f"A backup is missing: {folder / name}."
        yield Finding(id="backup-missing", severity=Severity.WARNING, text=text, remedy=FIX)
    for backup in backups:
        yield from _check_backup(path, backup, now=now, deep=deep)
    verified = [each for each in backups if each.is_verified]
    if not changes:
        return
    longest = max(verified, key=lambda each: checks[each.path.name].changes, default=None)
    if longest and checks[longest.path.name].changes > changes:
        more = checks[longest.path.name].changes - changes
        text = f"The backup {longest.path.name} has {more:,} more changes than your journal."
        yield Finding(
            id="backup-newer", severity=Severity.WARNING, text=text, remedy=f"valuelog restore {longest.head} -n",
            path=longest.path,
        )  # fmt: skip
    if wants_any and not verified:
        text = "There is no verified backup of your journal."
        yield Finding(id="backup-old", severity=Severity.NOTE, text=text, remedy="valuelog backup")
    elif wants_any and now - verified[-1].made_at > MAX_BACKUP_AGE:
        text = f"The newest backup is {(now - verified[-1].made_at).days} days old."
        yield Finding(id="backup-old", severity=Severity.NOTE, text=text, remedy="valuelog backup")


def _check_backup(path: Path, backup: Backup, *, now: datetime, deep: bool) -> Iterator[Finding]:
    check = read_checks(backup.path.parent).get(backup.path.name)
    if check is None:
        problems: Iterable[str] = audit_backup(backup, path, now=now) if deep and backup.head else ()
    elif check.size != backup.size:
        problems = [f"it has {backup.size:,} bytes instead of {check.size:,}"]
    elif not check.is_sound:
        problems = ["it failed its check when it was made"] if not deep else audit_backup(backup, path, now=now)
    else:
        problems = _audit(backup, path, now) if deep else ()
    for problem in list(problems)[:1]:
        text = f"The backup {backup.path} is damaged: {first_line(problem)}."
        yield Finding(
            id="backup-altered", severity=Severity.WARNING, text=text, remedy="valuelog backup", path=backup.path
        )


def _audit(backup: Backup, path: Path, now: datetime) -> list[str]:
    try:
        return audit_backup(backup, path, now=now)
    except JournalError as error:
        return [error.message]


# Repair

Pick = Callable[[Conflict], str | None]
"""Asks a person which version of an altered change is right: returns its fields (JSON), or None to leave it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Repairs:
    """What was repaired, and the files that were written."""

    done: tuple[str, ...] = ()
    kept: tuple[Path, ...] = ()
    salvaged: Path | None = None
    salvage_text: str = ""
    only_in_tables: tuple[str, ...] = ()

    def apply_to(self, checkup: Checkup) -> Checkup:
        """Return the result of the checks after the repair."""
        findings = checkup.findings
        if self.salvaged:
            text = f"Your journal itself can't be repaired. {self.salvage_text}"
            remedy = f"valuelog restore {shlex.quote(str(self.salvaged))}"
            others = (each for each in findings if each.path != self.salvaged)  # don't suggest removing it
            findings = (
                *(replace(each, remedy="") if each.remedy == FIX else each for each in others),
                Finding(
                    id="salvaged",
                    severity=Severity.DAMAGE,
                    text=text,
                    remedy=remedy,
                    path=self.salvaged,
                    shown=self.only_in_tables,
                ),
            )
        return replace(checkup, findings=findings, repaired=self.done, kept=self.kept, salvaged=self.salvaged)


_FILE_FINDINGS = frozenset({"mode", "leftover", "backup-missing", "backup-altered", "backup-newer", "settings"})
"""Findings that are not about the content of the journal."""

_UNREADABLE = frozenset({"truncated", "unreadable-page"})


def repair_everything(checkup: Checkup, surroundings: Surroundings, *, device: str, pick: Pick | None) -> Repairs:
    """Repair what can be derived: the journal's content, modes, leftovers and the list of backups."""
    path, now = checkup.path, checkup.now
    done = [*_tighten_modes(checkup), *_remove_leftovers(path, surroundings), *_forget_backups(checkup)]
    inside = {each.id for each in checkup.problems} - _FILE_FINDINGS - {"missing", "not-a-journal"}
    if not inside:
        return Repairs(done=tuple(done))
    backups = [each.path for each in list_backups(path)]
    failed, kept = True, None
    if "truncated" not in inside:
        choices = _ask(path, backups, pick)
        repair = repair_journal(path, device=device, now=now, backups=backups, choices=choices)
        done += repair.done
        failed, kept = repair.failed, repair.copy
    if not failed:
        return Repairs(done=tuple(done), kept=(kept,) if kept else ())
    salvage = salvage_journal(path, device=device, now=now, backups=backups)
    if salvage is None:
        return Repairs(done=tuple(done), kept=(kept,) if kept else ())
    return Repairs(
        done=tuple(done), kept=(kept,) if kept else (), salvaged=salvage.path,
        salvage_text=_describe_salvage(salvage), only_in_tables=salvage.only_in_tables,
    )  # fmt: skip


def _ask(path: Path, backups: list[Path], pick: Pick | None) -> dict[str, str]:
    """Ask about each altered change whose original is nowhere; no transaction is open meanwhile."""
    if pick is None:
        return {}
    conflicts = find_conflicts(path, backups)
    answers = {conflict.change: pick(conflict) for conflict in conflicts if conflict.versions}
    return {change: fields for change, fields in answers.items() if fields is not None}


def _describe_salvage(salvage: Salvage) -> str:
    """Say what is in the new journal, and what isn't."""
    words = [f"A new one has the {salvage.changes:,} changes that could be read or are in a backup"]
    if salvage.lost:
        words.append(f"{salvage.lost:,} are lost")
    if salvage.unproved:
        words.append(f"{salvage.unproved:,} don't fit their hashes")
    text = "; ".join(words) + "."
    return f"{text} These texts are only in the damaged file:" if salvage.only_in_tables else text


def _tighten_modes(checkup: Checkup) -> Iterator[str]:
    for finding in checkup.findings:
        if finding.id == "mode" and finding.path:
            with suppress(OSError):
                mode = 0o700 if finding.path.is_dir() else 0o600
                finding.path.chmod(mode)
                yield f"Only you can open {finding.path} now."


def _remove_leftovers(path: Path, surroundings: Surroundings) -> Iterator[str]:
    for removed in remove_leftovers(path, surroundings.state_folder, surroundings.config_folder):
        yield f"Removed {removed}."


def _forget_backups(checkup: Checkup) -> Iterator[str]:
    """Remove what is recorded of backups that are gone."""
    if not any(finding.id == "backup-missing" for finding in checkup.findings):
        return
    folder = backups_folder(checkup.path)
    with suppress(OSError), lock_backups(folder):
        checks = read_checks(folder)
        gone = {name for name in checks if not (folder / name).exists()}
        write_checks(folder, {name: check for name, check in checks.items() if name not in gone})
        for name in sorted(gone):
            yield f"Forgot the missing backup {name}."
