"""Whatever one id names."""

from collections.abc import Iterator

from valuelog.model.entry import Entry
from valuelog.model.pain import PainPoint
from valuelog.model.promise import Promise
from valuelog.render.json import entry, pain, promise
from valuelog.render.json.projects import project_document
from valuelog.workflows.lookup import Thing


def document(thing: Thing) -> dict[str, object]:
    """Return it as JSON has it, a pain point with its story and the entry that its fix is, where that is told."""
    match thing.what:
        case Entry():
            return entry.document(thing.what)
        case PainPoint():
            if not thing.story:
                return pain.document(thing.what)
            fix = entry.document(thing.fix) if thing.fix else None
            return {**pain.document(thing.what), "story": pain.story(thing.story), "improvement": fix}
        case Promise():
            return promise.document(thing.what)
        case _:
            return project_document(thing.what)


def records(thing: Thing) -> Iterator[tuple[object, ...]]:
    """Return it as one record."""
    match thing.what:
        case Entry():
            yield from entry.records(thing.what)
        case PainPoint():
            yield from pain.records(thing.what)
        case Promise():
            yield from promise.records(thing.what)
        case _:
            yield thing.what.id, thing.what.slug, str(thing.what.state), thing.what.started_on, thing.what.name
