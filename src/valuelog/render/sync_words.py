"""What a sync did, in sentences. Names of machines are text of other machines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from valuelog.render.escape import escape_line
from valuelog.render.words import format_count

if TYPE_CHECKING:
    from valuelog.workflows.sync_state import Delay
    from valuelog.workflows.syncing import EditedText, SyncResult

MAX_EDITED = 5
"""The most texts named one by one."""

MAX_DELAYED = 5
"""The most machines with changes that wait, named one by one."""

SAME_ID = (
    "Another machine used the same id as this one, as after copying a home folder or putting back an old journal. This"
    " machine has a new id now; nothing is lost. If two machines have the same name, rename one: valuelog sync invite |"
    " valuelog sync join - --name NAME"
)

_ENTITIES = {"pain": "pain point", "day_off": "day off"}
_HAVE_HISTORY = frozenset({"entry", "pain", "promise", "project"})


def describe_sync(result: "SyncResult", shorten_id: Callable[[str], str]) -> Iterator[str]:
    """Yield what was received and sent in one line, then what a person should know or do."""
    yield _describe_counts(result.received, result.sent, result.returned)
    yield from describe_rest(result, shorten_id)


def describe_rest(result: "SyncResult", shorten_id: Callable[[str], str]) -> Iterator[str]:
    """Yield what a person should know or do."""
    if result.erased:
        records = format_count(result.erased, "record")
        yield f"{records} that you erased for good on another machine {_be(result.erased)} now erased here, too."
    if result.unreached:
        listed = escape_line(", ".join(result.unreached))
        yield f"These files may still have text that you erased for good: {listed}. Make them writable, or delete them."
    for slug in result.projects:
        yield f"{escape_line(slug)} was started on two machines; both are one project now. Undo: valuelog undo"
    yield from _describe_edited(result.edited, shorten_id)
    if result.is_renewed:
        yield SAME_ID
    yield from _describe_delays(result.delayed)


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _describe_counts(received: Mapping[str, int], sent: int, returned: int) -> str:
    """Return one line: Received 14 changes from desktop, sent 3."""
    parts = [*_describe_received(received)]
    if sent:
        parts.append(f"sent {sent:,}" if parts else f"Sent {format_count(sent, 'change')}")
    if returned:
        again = "it is" if returned == 1 else "they are"
        lost = f"The remote had lost {format_count(returned, 'change')}; {again} there again."
        return ". ".join(filter(None, [", ".join(parts), lost]))
    return f"{', '.join(parts)}." if parts else "Nothing new."


def _describe_received(received: Mapping[str, int]) -> Iterator[str]:
    if received:
        (first, count), *others = received.items()
        more = [f"{number:,} from {escape_line(machine)}" for machine, number in others]
        listed = [f"{format_count(count, 'change')} from {escape_line(first)}", *more]
        yield f"Received {', '.join(listed[:-1])}{' and ' if more else ''}{listed[-1]}"


def _describe_edited(edited: "Sequence[EditedText]", shorten_id: Callable[[str], str]) -> Iterator[str]:
    named = [each for each in edited if each.entity in _HAVE_HISTORY]
    for each in named[:MAX_EDITED]:
        what = f"{_ENTITIES.get(each.entity, each.entity)} {shorten_id(each.entity_id)}"
        history = f"valuelog history {shorten_id(each.entity_id)}"
        yield f"You edited {what} on two machines; the later edit counts. See both: {history}"
    if more := len(edited) - len(named[:MAX_EDITED]):
        texts = format_count(more, "other text" if named else "text")
        yield f"You edited {texts} on two machines; the later edit counts."


def _describe_delays(delayed: "Mapping[str, Delay]") -> Iterator[str]:
    yield from (describe_delay(machine, delay) for machine, delay in [*delayed.items()][:MAX_DELAYED])
    if len(delayed) > MAX_DELAYED:
        machines = format_count(len(delayed) - MAX_DELAYED, "other machine")
        yield f"Changes from {machines} wait, too. See: valuelog sync status"


def describe_delay(machine: str, delay: "Delay") -> str:
    """Say why changes of a machine can't be used yet, and what to do."""
    name = escape_line(machine)
    changes = f"{format_count(delay.changes, 'change')} from {name}" if delay.changes else f"changes from {name}"
    them = "it" if delay.changes == 1 else "them"
    match delay.reason:
        case "newer":
            why = f"a newer valuelog wrote {them}. Update valuelog here, then run: valuelog sync"
        case "gap":
            why = f"earlier ones haven't arrived. If that lasts, on {name}, run: valuelog sync"
        case "branch":
            why = f"two machines used its id. On {name}, run: valuelog sync"
        case _:
            why = f"a file on the remote is damaged. On {name}, run: valuelog sync rekey --compact"
    return f"Can't read {changes} yet: {why}"


def describe_hiding(count: int, total: int) -> str:
    """Say what a sync would delete."""
    return f"This sync would delete {count:,} of your {total:,} records, because you deleted them on another machine."
