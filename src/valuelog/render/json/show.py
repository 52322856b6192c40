"""Whatever one id names."""

from collections.abc import Iterator

from valuelog.model.entry import Entry
from valuelog.model.pain import PainPoint
from valuelog.model.promise import Promise
from valuelog.render.json import entry, pain, promise
from valuelog.render.json.projects import project_document
from valuelog.workflows.lookup import EntityDetails


def document(details: EntityDetails) -> dict[str, object]:
    """Return it as JSON has it, a pain point with its story and the entry that its fix is, where that is told."""
    match details.entity:
        case Entry():
            return entry.document(details.entity)
        case PainPoint():
            if not details.story:
                return pain.document(details.entity)
            fix = entry.document(details.fix) if details.fix else None
            return {**pain.document(details.entity), "story": pain.timeline_document(details.story), "improvement": fix}
        case Promise():
            return promise.document(details.entity)
        case _:
            return project_document(details.entity)


def records(details: EntityDetails) -> Iterator[tuple[object, ...]]:
    """Return it as one record."""
    match details.entity:
        case Entry():
            yield from entry.records(details.entity)
        case PainPoint():
            yield from pain.records(details.entity)
        case Promise():
            yield from promise.records(details.entity)
        case _:
            yield (
                details.entity.id,
                details.entity.slug,
                str(details.entity.state),
                details.entity.started_on,
                details.entity.name,
            )
