"""What doctor found, worst first, each with the command that helps; one line if all is well."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.backups import format_moment
from valuelog.render.terminal.layout import join_unwrapped_line, wrap_words
from valuelog.render.words import format_count

if TYPE_CHECKING:
    from valuelog.workflows.doctor import Checkup, Finding

MAX_OF_A_KIND = 10
"""How many findings of one kind are shown."""

SLOW_SECONDS = 2
"""From here on, it says how long it took."""


def lines(checkup: "Checkup", width: int) -> Iterator[Text]:
    """Yield what was repaired, what was found, and the counts."""
    for repair in checkup.repaired[:MAX_OF_A_KIND]:
        yield Text(escape_line(repair))
    if (more := len(checkup.repaired) - MAX_OF_A_KIND) > 0:
        yield Text(f"and {format_count(more, 'more repair')} (list them with --json)", DIM)
    for path in checkup.kept:
        yield join_unwrapped_line(("The file as it was before: ", DIM), escape_line(str(path)))
    counts: Counter[str] = Counter()
    for finding in checkup.findings:
        counts[finding.id] += 1
        if counts[finding.id] <= MAX_OF_A_KIND:
            yield from _finding_lines(checkup, finding, width)
    for kind, count in counts.items():
        if count > MAX_OF_A_KIND:
            yield Text(f"  and {count - MAX_OF_A_KIND:,} more like this: {kind} (list them with --json)", DIM)
    yield _closing_line(checkup)


def _finding_lines(checkup: "Checkup", finding: "Finding", width: int) -> Iterator[Text]:
    is_note = finding.severity == "note"
    first, *rest = wrap_words(escape_line(finding.text), max(20, width - 2))
    yield Text.assemble(("· " if is_note else "▸ ", DIM if is_note else ATTENTION), first)
    for line in rest:
        yield Text(f"  {line}")
    for shown in finding.shown:
        yield Text(f"  “{escape_line(shown)}”", DIM)
    if finding.last_good:
        good = next((each for each in checkup.backups if each.path == finding.last_good), None)
        name = f"backup {good.head} of {format_moment(good.made_at, checkup.now)}" if good else str(finding.last_good)
        yield join_unwrapped_line(("  Undamaged in ", DIM), escape_line(name))
    if finding.remedy:
        yield join_unwrapped_line("  ", (escape_line(finding.remedy), STRONG))


def _closing_line(checkup: "Checkup") -> Text:
    if checkup.entries is None and checkup.is_sound:
        return Text("Nothing to check yet.", DIM)
    if not checkup.is_sound:
        return Text(f"{format_count(len(checkup.problems), 'problem')} found.", STRONG)
    counts = [format_count(checkup.entries or 0, "entry", "entries"), format_count(checkup.changes or 0, "change")]
    counts.append(_describe_backups(checkup))
    took = f" ({checkup.seconds:.0f} s)" if checkup.seconds >= SLOW_SECONDS else ""
    return Text(f"{'Repaired' if checkup.repaired else 'Sound'}: {', '.join(counts)}{took}.", STRONG)


def _describe_backups(checkup: "Checkup") -> str:
    if not checkup.backups:
        return "no backups yet"
    made_at = checkup.backups[-1].made_at.astimezone(checkup.now.tzinfo)
    day = "today" if made_at.date() == checkup.now.date() else format_full_day(made_at.date())
    return f"{format_count(len(checkup.backups), 'backup')}, the newest from {day} {made_at:%H:%M}"
