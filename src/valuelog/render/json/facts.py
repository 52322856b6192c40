"""Named facts."""

from collections.abc import Iterator, Sequence

from valuelog.render.facts import Fact


def document(facts: Sequence[Fact]) -> dict[str, object]:
    """Return the facts as JSON has them, by their names."""
    return {fact.name: {"value": fact.value, **_origin_or_existence(fact)} for fact in facts}


def _origin_or_existence(fact: Fact) -> dict[str, object]:
    return {"origin": fact.origin} if fact.exists is None else {"exists": fact.exists}


def records(facts: Sequence[Fact]) -> Iterator[tuple[object, ...]]:
    """Return a record a fact: name, value, origin."""
    for fact in facts:
        yield fact.name, fact.text, fact.origin
