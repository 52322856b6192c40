"""Which findings were shown: a file in the state folder.

Only a terminal reads and writes it, so that the output of a script doesn't depend on it.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from valuelog.analysis.findings import Finding
from valuelog.analysis.freshness import NEVER_SHOWN, Place, Showing, Showings, Surface, add_showings
from valuelog.cli.paths import ShowingsFile
from valuelog.journal.files import lock_folder, write_file


def read_showings(file: ShowingsFile | None) -> Showings:
    """Return which findings were shown; none without a file, or if it can't be read."""
    try:
        return _parse_showings(json.loads(file.path.read_bytes())[file.journal]) if file else NEVER_SHOWN
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return NEVER_SHOWN


def _parse_showings(document: Mapping[str, Mapping[str, tuple[str, str, int]]]) -> Showings:
    return {
        Surface(surface): {
            key: Showing(date.fromisoformat(slot), date.fromisoformat(day), int(occurrences))
            for key, (slot, day, occurrences) in by_key.items()
        }
        for surface, by_key in document.items()
    }


def write_showings(file: ShowingsFile | None, findings: Iterable[Finding], place: Place) -> None:
    """Add some findings to those that were shown. If that fails, the command still succeeds."""
    shown = tuple(findings)
    if not file or not shown:
        return
    with suppress(OSError), lock_folder(file.path.parent):
        document = {
            **_read_document(file.path),
            file.journal: _to_document(add_showings(read_showings(file), shown, place)),
        }
        write_file(file.path, json.dumps(document, indent=1).encode())


def _to_document(showings: Showings) -> dict[str, dict[str, list[object]]]:
    """Return showings as they are stored."""
    return {
        str(surface): {key: [str(each.slot), str(each.day), each.occurrences] for key, each in by_key.items()}
        for surface, by_key in showings.items()
    }


_FORMER_VALUE = "insights-no-longer-count"
"""The key of the notice that insights no longer count as value."""


def was_former_value_shown(file: ShowingsFile) -> bool:
    """Return whether a review said that insights no longer count as value."""
    return _FORMER_VALUE in read_showings(file).get(Surface.NOTICE, {})


def write_former_value_shown(file: ShowingsFile, day: date) -> None:
    """Remember that a review said that insights no longer count as value."""
    write_showings(file, [Finding(id=_FORMER_VALUE, text="", command="")], Place(Surface.NOTICE, day, day))


def _read_document(path: Path) -> dict[str, object]:
    """Return the showings of all journals that still exist, as they are stored."""
    try:
        document = json.loads(path.read_bytes())
        return {journal: showings for journal, showings in document.items() if Path(journal).exists()}
    except (OSError, ValueError, AttributeError):
        return {}
