"""Other programs to compare with, if installed: they get the same entries and run the command nearest to ours."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from valuelog.journal.entries import Selection, select
from valuelog.journal.store import open_journal
from valuelog.model.entry import Entry
from valuelog.model.period import Period, week_of

HALF_AN_HOUR = timedelta(minutes=30)

JRNL_SETTINGS = """\
colors: {{body: none, date: none, tags: none, title: none}}
default_hour: 9
default_minute: 0
editor: ''
encrypt: false
highlight: false
indent_character: '|'
journals:
  default:
    journal: {journal}
linewrap: 79
tagsymbols: '@'
template: false
timeformat: '%F %T'
version: {version}
"""


@dataclass(frozen=True)
class Peer:
    """Another program, the row to compare it with, its arguments, and a function that writes its data files."""

    name: str
    row: str
    arguments: Callable[[Period], tuple[str, ...]]
    write_data: Callable[[Sequence[Entry], Path], None]

    def command(self, last: Period) -> list[str]:
        """Return the command line, for a period if it takes one."""
        return [self.name, *self.arguments(last)]


def _jrnl(entries: Sequence[Entry], home: Path) -> None:
    journal, config = home / "jrnl.txt", home / ".config" / "jrnl"
    config.mkdir(parents=True)
    journal.write_text("".join(f"[{entry.day} 18:30:00] {entry.text}\n\n" for entry in entries), encoding="utf-8")
    settings = JRNL_SETTINGS.format(journal=journal, version="v4.2")
    (config / "jrnl.yaml").write_text(settings, encoding="utf-8")


def _watson(entries: Sequence[Entry], home: Path) -> None:
    config = home / ".config" / "watson"
    config.mkdir(parents=True)
    (config / "frames").write_text(json.dumps([_frame(entry) for entry in entries]), encoding="utf-8")


def _frame(entry: Entry) -> list[object]:
    begun = datetime.combine(entry.day, time(9), tzinfo=UTC)
    ended = begun + (timedelta(minutes=entry.minutes) if entry.minutes else HALF_AN_HOUR)
    name = entry.id.ljust(32, "0")
    return [
        int(begun.timestamp()),
        int(ended.timestamp()),
        str(entry.kind),
        name,
        list(entry.tags),
        int(ended.timestamp()),
    ]


PEERS = (
    Peer("jrnl", "list --plain", lambda _: ("-n", "3"), _jrnl),
    Peer(
        "watson",
        "review --week --json",
        lambda week: ("report", "--from", week.start.isoformat(), "--to", week.end.isoformat()),
        _watson,
    ),
)


def prepare_peers(journal: Path, home: Path) -> tuple[tuple[Peer, list[str]], ...]:
    """Write the entries of a journal into the data files of each installed peer; return each with its command."""
    installed = [peer for peer in PEERS if shutil.which(peer.name)]
    if not installed:
        return ()
    opened = open_journal(journal, "", lambda: datetime.now(UTC), write=False)
    found = select(opened, Selection())
    opened.close()
    for peer in installed:
        peer.write_data(found, home)
    return tuple((peer, peer.command(week_of(found[-1].day))) for peer in installed) if found else ()


def missing() -> str:
    """Return the names of the peers that aren't installed."""
    return ", ".join(peer.name for peer in PEERS if not shutil.which(peer.name))
