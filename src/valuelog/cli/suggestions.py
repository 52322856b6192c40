"""What somebody meant whose filters found nothing: a tag, a person or a source that was mistyped."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from valuelog.cli.candidates import list_entry_sources
from valuelog.journal.entries import Selection, list_people_and_tags
from valuelog.model.errors import UnknownChoice
from valuelog.model.nearest import nearest

if TYPE_CHECKING:
    from valuelog.journal.store import Journal


def suggest_filters(journal: "Journal", wanted: Selection) -> list[str]:
    """Say of each name in a filter that nobody ever wrote which one it is like. Raises UnknownWord for a source."""
    if wanted.source is not None:
        _require_known_source(wanted.source)
    people, tags = list_people_and_tags(journal)
    tagged = [(tag,) for tag in wanted.tags]
    return [
        *_suggest_names("Nobody is called @", wanted.people, people),
        *_suggest_names("There is no tag #", tagged, tags),
    ]


def _suggest_names(what: str, wanted: Sequence[tuple[str, ...]], known: tuple[str, ...]) -> Iterator[str]:
    """Yield a line for each thing of which none of its names is known."""
    for name, *others in wanted:
        if not {name, *others} & set(known) and (near := nearest(name, known)):
            yield f"{what}{name}. Did you mean {what[-1]}{near}?"


def _require_known_source(name: str) -> None:
    if name not in (known := list_entry_sources()):
        raise UnknownChoice("source", name, known)
