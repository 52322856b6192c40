"""One Promise."""

from collections.abc import Iterator

from valuelog.model.promise import Promise


def document(promise: Promise) -> dict[str, object]:
    """Return a Promise as JSON has it; `pain` is the id of the pain point that a step is for."""
    return {
        "id": promise.id,
        "kind": str(promise.kind),
        "text": promise.text,
        "state": str(promise.state),
        "made_on": promise.made_on.isoformat(),
        "due": promise.due.isoformat(),
        "carried": promise.carried,
        "pain": promise.pain,
        "closed_on": promise.closed_on.isoformat() if promise.closed_on else None,
        "created": promise.created.isoformat(),
    }


def records(promise: Promise) -> Iterator[tuple[object, ...]]:
    """Return a Promise as one record: id, kind, state, due, how often it was carried over, pain point, text."""
    yield (
        promise.id,
        str(promise.kind),
        str(promise.state),
        promise.due,
        promise.carried,
        promise.pain,
        promise.text,
    )
