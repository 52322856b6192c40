"""Read the expectations of a level from Markdown, and find the evidence for each."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from valuelog.analysis.grouping import Achievement
from valuelog.model.entry import tags_in
from valuelog.model.errors import BadInput
from valuelog.model.promise import Promise

_HEADING_OR_BULLET = re.compile(r"\s*(?:#{1,6}|[-*+]|\d+[.)])\s+(?:\[.\]\s+)?(.+)")
_TAG = re.compile(r"(?<!\S)#\w\S*")


class NoExpectations(BadInput):
    """A file without a heading or bullet that has a #tag."""

    def __init__(self, name: str) -> None:
        """Show what one looks like."""
        super().__init__(
            f"{name} has no expectations.", "Write each as a heading or bullet with #tags: - Leads projects #leadership"
        )


class Expectation(NamedTuple):
    """One expectation: its words and its tags."""

    text: str
    tags: tuple[str, ...]


class MetExpectation(NamedTuple):
    """An expectation with its evidence: what has one of its tags. Both are empty if there is none."""

    expectation: Expectation
    achievements: tuple[Achievement, ...]
    stops: tuple[Promise, ...]

    @property
    def is_met(self) -> bool:
        """Whether there is any evidence."""
        return bool(self.achievements or self.stops)


def parse_expectations(text: str, name: str) -> tuple[Expectation, ...]:
    """Return the headings and bullets with #tags of a Markdown file. Raises NoExpectations."""
    expectations = tuple(_iter_expectations(text))
    if not expectations:
        raise NoExpectations(name)
    return expectations


def _iter_expectations(text: str) -> Iterator[Expectation]:
    for line in text.splitlines():
        match = _HEADING_OR_BULLET.fullmatch(line)
        if match and (tags := tags_in(match[1])):
            words = " ".join(_TAG.sub("", match[1]).split()).rstrip(" :-–")
            yield Expectation(words or " ".join(f"#{tag}" for tag in tags), tags)


def match_expectations(
    expectations: Iterable[Expectation], achievements: Iterable[Achievement], stops: Iterable[Promise]
) -> tuple[tuple[MetExpectation, ...], tuple[Achievement, ...]]:
    """Return each expectation with its evidence, and the achievements that are evidence for none."""
    every = tuple(achievements)
    kept = tuple(stops)
    met = tuple(
        MetExpectation(
            each,
            tuple(one for one in every if not set(each.tags).isdisjoint(one.tags)),
            tuple(stop for stop in kept if not set(each.tags).isdisjoint(tags_in(stop.text))),
        )
        for each in expectations
    )
    used = {id(one) for each in met for one in each.achievements}
    return met, tuple(one for one in every if id(one) not in used)
