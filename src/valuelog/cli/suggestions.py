"""What somebody meant whose filters found nothing: a tag, a person or a source that was mistyped."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from valuelog.cli.candidates import every_origin
from valuelog.journal.entries import Selection, list_people_and_tags
from valuelog.model.errors import UnknownChoice
from valuelog.model.nearest import nearest

if TYPE_CHECKING:
    from valuelog.journal.store import Journal


def meant(journal: "Journal", wanted: Selection) -> list[str]:
    """Say of each name in a filter that nobody ever wrote which one it is like. Raises UnknownWord for a source."""
    if wanted.source is not None:
        _insist_on_source(wanted.source)
    people, tags = list_people_and_tags(journal)
    tagged = [(tag,) for tag in wanted.tags]
    return [*_unknown("Nobody is called @", wanted.people, people), *_unknown("There is no tag #", tagged, tags)]


def _unknown(what: str, wanted: Sequence[tuple[str, ...]], known: tuple[str, ...]) -> Iterator[str]:
    """Yield a line for each thing of which none of its names is known."""
    for name, *others in wanted:
        if not {name, *others} & set(known) and (near := nearest(name, known)):
            yield f"{what}{name}. Did you mean {what[-1]}{near}?"


def _insist_on_source(name: str) -> None:
    if name not in (known := every_origin()):
        raise UnknownChoice("source", name, known)
