"""Erase text from what valuelog keeps outside the journal: drafts of the editor, and answers that weren't saved."""

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from shutil import rmtree

from valuelog.cli.files import SQLITE_MAGIC
from valuelog.cli.paths import Paths
from valuelog.cli.unsaved_answers import remove_answers

MIN_LENGTH = 8
"""A shorter text is not looked for within other files: it would be found anywhere."""

MAX_SIZE = 10_000_000
"""How much of a file is searched."""

_EDITOR_FILE = re.compile(r"(?:\.|#|\.#)?(?P<draft>draft(?:-\w+)?(?:-\d)?)\.md(?:~|#|\.sw[a-p]|\.bak)?")
"""Drafts of version 0.1.0 in the state folder, draft.md or draft-ID-2.md, and what editors name after them."""


def clear_leftovers(paths: Paths, ids: frozenset[str], texts: frozenset[str]) -> Iterator[str]:
    """Remove drafts and unsaved answers about some ids, or with one of some texts; yield files that may have more."""
    if not paths.state_dir.is_dir():
        return
    needles = frozenset(spelling for text in texts if len(text) >= MIN_LENGTH for spelling in _spellings(text))
    if paths.unsaved_answers.exists():
        yield from _describe_failure(paths.unsaved_answers, lambda: remove_answers(paths.unsaved_answers, ids, texts))
    for draft in sorted(paths.editor_drafts.glob("*.*/")):
        if draft.name.partition(".")[0] in ids or _holds(draft, needles):
            yield from _describe_failure(draft, partial(_remove_draft, draft))
    for file in sorted(paths.state_dir.iterdir()):
        if _is_draft_of(file, ids) or _holds(file, needles):
            yield from _describe_failure(file, partial(_remove_file, file))


def _describe_failure(path: Path, clear: Callable[[], None]) -> Iterator[str]:
    """Clear a file; yield its path and the reason if that fails."""
    try:
        clear()
    except BlockingIOError:
        yield f"{path} (open in an editor)"
    except OSError as error:
        yield f"{path} ({error.strerror})"


def _remove_draft(folder: Path) -> None:
    """Remove a draft with its lock and what an editor left beside it. Raises BlockingIOError while it is edited."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        rmtree(folder)
    finally:
        os.close(lock)


def _is_draft_of(file: Path, ids: frozenset[str]) -> bool:
    match = _EDITOR_FILE.fullmatch(file.name)
    return match is not None and any(re.fullmatch(rf"draft-{each}(-\d)?", match["draft"]) for each in ids)


def _remove_file(file: Path) -> None:
    """Remove a draft of version 0.1.0, or what an editor or a killed process left; keep any other file."""
    if not _EDITOR_FILE.fullmatch(file.name) and not file.name.startswith("unsaved-answers.jsonl."):
        raise OSError(0, "it has the same words")
    file.unlink(missing_ok=True)


def _holds(path: Path, needles: frozenset[bytes]) -> bool:
    """Return True if a file, or a file in a folder, contains one of some texts."""
    files = path.rglob("*") if path.is_dir() and path.name != "drafts" else [path]
    return bool(needles) and any(
        needle in content for file in files if file.is_file() for content in [_read(file)] for needle in needles
    )


def _read(file: Path) -> bytes:
    """Return the content of a file; nothing of a database, such as a journal in the same folder."""
    try:
        with file.open("rb") as opened:
            start = opened.read(len(SQLITE_MAGIC))
            return b"" if start == SQLITE_MAGIC else start + opened.read(MAX_SIZE)
    except OSError:
        return b""


def _spellings(text: str) -> tuple[bytes, ...]:
    """Return a text in UTF-8 and as it is in JSON."""
    return text.encode("utf-8", "surrogatepass"), json.dumps(text)[1:-1].encode()
