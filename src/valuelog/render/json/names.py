"""People and tags as JSON and as plain records."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from valuelog.render.json import plain_attributes

if TYPE_CHECKING:
    from valuelog.workflows.names import NameCount, NameList, NamesChange


def names_document(name_list: "NameList") -> list[object]:
    """Return people or tags as a JSON list, the most frequent first."""
    return [_document(each, is_person=name_list.names.sign == "@") for each in name_list.counts]


def _document(count: "NameCount", *, is_person: bool) -> dict[str, object]:
    with_whom = (
        {"pains": count.pains}
        if is_person
        else {"people": [{"name": name, "entries": times} for name, times in count.people]}
    )
    return {
        **plain_attributes(count, "name", "entries", "value", "helped"),
        **with_whom,
        **plain_attributes(count, "first", "last", "aliases"),
    }


def names_records(name_list: "NameList") -> Iterator[tuple[object, ...]]:
    """Yield one record per name: name, entries, value, helped, pain points or people, last day, aliases."""
    for each in name_list.counts:
        with_whom = each.pains if name_list.names.sign == "@" else tuple(name for name, _ in each.people)
        yield each.name, each.entries, each.value, each.helped, with_whom, each.last, each.aliases


def change_document(change: "NamesChange") -> dict[str, object]:
    """Return the name that a change is about with its aliases as a JSON object."""
    return {"name": change.name, "aliases": list(change.aliases.get(change.name, ()))}
