"""Files that valuelog left: unfinished ones of killed processes, and copies that a restore or a repair kept."""

import os
import re
import shlex
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from valuelog.journal.copies import backups_folder, list_files
from valuelog.journal.doctor.examination import FIX, Finding, Severity
from valuelog.journal.files import list_leftovers, name_stem

_UNLOCKED_AGE_SECONDS = 3600
"""Version 0.1.0 didn't lock its unfinished files: one that is older than this is a leftover."""


def find_leftovers(journal: Path, *folders: Path | None) -> Iterator[Finding]:
    """Find unfinished files that no process is writing, and copies that a restore, a repair or 0.1.0 kept."""
    for path in list_unfinished(journal, *folders):
        text = f"{path} is an unfinished file of a command that was stopped."
        yield Finding(id="leftover", severity=Severity.WARNING, text=text, remedy=FIX, path=path)
    real = journal.resolve()
    kept = re.compile(rf"{re.escape(real.name)}\.before-.+|{re.escape(name_stem(real))}\.(replaced|salvaged)-.+\.db")
    for path in list_files(real.parent):
        if kept.fullmatch(path.name):
            text = "valuelog kept a copy of your journal before it replaced or repaired it. When you no longer need it:"
            remedy = f"rm {shlex.quote(str(path))}"
            yield Finding(id="kept-copy", severity=Severity.NOTE, text=text, remedy=remedy, path=path)


def list_unfinished(journal: Path, *folders: Path | None) -> list[Path]:
    """Return the unfinished files beside a journal, among its backups and in other folders that nobody has locked."""
    real = journal.resolve()
    names = "|".join(map(re.escape, {real.name, name_stem(real)}))
    copy = re.compile(rf"\.({names})\.\w+(\.unfinished)?(-journal)?")
    copies = [
        path for folder in (real.parent, backups_folder(journal)) for path in list_files(folder)
        if copy.fullmatch(path.name) and is_abandoned(path.with_name(path.name.removesuffix("-journal")))
    ]  # fmt: skip
    others = [path for folder in {real.parent, *filter(None, folders)} for path in list_leftovers(folder)]
    return sorted({*copies, *others})


def is_abandoned(path: Path) -> bool:
    """Return True if no process has locked a file; files that were never locked count when they are old."""
    from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415  rarely needed

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:  # the file of a rollback journal
        return True
    except OSError:
        return False
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
        is_old = time.time() - os.fstat(descriptor).st_mtime > _UNLOCKED_AGE_SECONDS
        return is_old or path.name.endswith((".unfinished", ".new"))
    except OSError:
        return False
    finally:
        os.close(descriptor)


def remove_leftovers(journal: Path, *folders: Path | None) -> list[Path]:
    """Remove unfinished files that no process is writing, and return them."""
    removed = []
    for path in list_unfinished(journal, *folders):
        with suppress(OSError):
            path.unlink()
            removed.append(path)
    return removed
