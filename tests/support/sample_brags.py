"""Factories for a Brag and its entries."""

from typing import Any

from support.makers import FRIDAY, make_entry
from valuelog.analysis.brag import Brag, BragInput, build_brag
from valuelog.analysis.habit import Coverage
from valuelog.model.entry import Entry, Kind
from valuelog.model.period import Unit, period_containing
from valuelog.model.tally import Tally

QUARTER = period_containing(FRIDAY, Unit.QUARTER)


def make_brag(*entries: Entry, **facts: Any) -> Brag:  # noqa: ANN401  fields of BragInput
    counts = {kind: sum(entry.kind is kind for entry in entries) for kind in Kind}
    tally = Tally(counts=counts, with_evidence=sum(bool(entry.evidence) for entry in entries))
    defaults = {"period": QUARTER, "today": FRIDAY, "tally": tally, "coverage": Coverage(workdays=37, logged=30)}
    return build_brag(BragInput(**{**defaults, "entries": entries, **facts}))


def make_outcome(text: str = "refunds take a day", **facts: Any) -> Entry:  # noqa: ANN401  fields of an Entry
    return make_entry(kind=Kind.OUTCOME, text=text, **facts)


def make_help_entry(text: str, *people: str, **facts: Any) -> Entry:  # noqa: ANN401  fields of an Entry
    return make_entry(kind=Kind.HELPED, text=text, people=people, **facts)


def make_entries(kind: Kind, count: int, **facts: Any) -> list[Entry]:  # noqa: ANN401  fields of an Entry
    return [make_entry(kind=kind, text=f"{kind} {place}", **facts) for place in range(count)]
