"""The keys of what `--json` answers, as seen on twelve made-up weeks."""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import TypeVar

from valuelog.analysis.review import Review
from valuelog.analysis.year import year as year_of
from valuelog.exchange import Where
from valuelog.journal.store import Journal, open_journal
from valuelog.model.customs import Customs
from valuelog.model.draft import Draft
from valuelog.model.period import Unit, containing, week_of
from valuelog.model.workdays import Workdays
from valuelog.render.data import (
    arrived,
    brag,
    brief,
    calendar,
    close,
    drafts,
    entry,
    history,
    pain,
    project,
    projects,
    promise,
    review,
    stand,
    thing,
    trend,
)
from valuelog.workflows import evening, evidence, friday, lookup, past, transfer
from valuelog.workflows import projects as owned
from valuelog.workflows import stand as standing
from valuelog.workflows.arrived import Wish
from valuelog.workflows.demo import fill
from valuelog.workflows.gather import Gathered

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
QUARTER = containing(TODAY, Unit.QUARTER)
SEED = 47
A_DRAFT = Draft(origin="git:1", day=TODAY, text="refunds: Retry on timeout")
A_TABLE = b"day,text\n2026-11-20,audit mails\n"

Read = TypeVar("Read")


def documents() -> Iterator[str]:
    """List the keys of what each command answers."""
    for name, document in of_demo(_documents):
        yield f"**{name}**: " + ", ".join(f"`{key}`" for key in dict.fromkeys(_keys(document)))


def _documents(journal: Journal) -> list[tuple[str, object]]:
    found, who = _review(journal), Customs()
    an_entry = next(each for each in found.entries if each.effects)
    a_year = year_of(found.period, dict(found.days), Workdays(), today=TODAY, begun=None, by_count=False)
    seen = lookup.thing(journal, found.pains[0].id)
    wish = Wish(format="csv", only_look=True)
    came = transfer.bring(journal, BytesIO(A_TABLE), Where(zone=UTC), wish, TODAY, NOW)
    return [
        ("valuelog", stand.document(standing.stand(journal, TODAY, who))),
        ("today", close.document(evening.close(journal, TODAY, TODAY, 1, who))),
        ("list, search, show, add, gather --accept", entry.document(an_entry)),
        ("history", history.document(past.history(journal, None, 1, NOW))),
        ("review, demo", review.document(found)),
        ("trend", trend.document(found.trend)),
        ("calendar", calendar.document(a_year)),
        ("pain", pain.document(found.pains[0])),
        ("pain show", thing.document(seen)),
        ("project", projects.document(owned.listing(journal, TODAY, ended=False))),
        ("project show", project.document(owned.show(journal, "refund-flow", TODAY))),
        ("promise", [promise.document(each) for each in found.promises]),
        ("brag", brag.document(evidence.brag(journal, QUARTER, TODAY, who))),
        ("brief", brief.document(evidence.brief(journal, QUARTER, TODAY, who))),
        ("gather", drafts.document(Gathered(day=TODAY, today=TODAY, drafts=(A_DRAFT,)))),
        ("import", arrived.document(came)),
    ]


def _keys(document: object, before: str = "") -> Iterator[str]:
    """Return the keys of a document, those inside of others after a dot; a list says it with []."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from _keys(value, f"{before}.{name}" if before else name)
    elif isinstance(document, list) and document and isinstance(document[0], dict):
        for each in document:
            yield from _keys(each, f"{before}[]")
    else:
        yield before


def demo_review() -> Review:
    """Return the review of the made-up weeks."""
    return of_demo(_review)


def _review(journal: Journal) -> Review:
    return friday.review(journal, week_of(TODAY), TODAY, Customs())


def of_demo(read: Callable[[Journal], Read]) -> Read:
    """Return what is read from the made-up weeks, in which all ids are the same each time."""
    usual, os.urandom = os.urandom, Random(SEED).randbytes  # noqa: S311  so that the ids are always the same
    try:
        with tempfile.TemporaryDirectory() as folder:
            journal = open_journal(Path(folder) / "journal.db", "docs", lambda: datetime.now(UTC), write=True)
            fill(journal, TODAY, datetime.now(UTC))
            found = read(journal)
            journal.close()
    finally:
        os.urandom = usual
    return found
