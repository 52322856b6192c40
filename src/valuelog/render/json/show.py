"""Whatever one id names."""

from collections.abc import Iterator

from valuelog.model.entry import Entry
from valuelog.model.pain import PainPoint
from valuelog.model.promise import Promise
from valuelog.render.json import entry, pain, promise
from valuelog.render.json.projects import project_document
from valuelog.workflows.lookup import EntityDetails


def document(thing: EntityDetails) -> dict[str, object]:
    """Return it as JSON has it, a pain point with its story and the entry that its fix is, where that is told."""
    match thing.entity:
        case Entry():
            return entry.document(thing.entity)
        case PainPoint():
            if not thing.story:
                return pain.document(thing.entity)
            fix = entry.document(thing.fix) if thing.fix else None
            return {**pain.document(thing.entity), "story": pain.story(thing.story), "improvement": fix}
        case Promise():
            return promise.document(thing.entity)
        case _:
            return project_document(thing.entity)


def records(thing: EntityDetails) -> Iterator[tuple[object, ...]]:
    """Return it as one record."""
    match thing.entity:
        case Entry():
            yield from entry.records(thing.entity)
        case PainPoint():
            yield from pain.records(thing.entity)
        case Promise():
            yield from promise.records(thing.entity)
        case _:
            yield (
                thing.entity.id,
                thing.entity.slug,
                str(thing.entity.state),
                thing.entity.started_on,
                thing.entity.name,
            )
