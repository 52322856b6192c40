"""Projects in the journal: the names that entries are gathered under."""

import re
import unicodedata
from datetime import date

from valuelog.journal.changes import Change
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.journal.tallies import tally_where
from valuelog.model.errors import BadText, UnknownId, UnknownProject
from valuelog.model.period import Period
from valuelog.model.tally import Tally

SHOWN = 20
"""How many projects are named to somebody who asks for one that does not exist."""


def slug_of(name: str) -> str:
    """Write the name of a project as one word: Refund flow → refund-flow. Raises BadText where nothing is left."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    slug = re.sub(r"[^\w]+", "-", plain).strip("-_")
    if not slug:
        raise BadText(f"“{name}” cannot name a project.", "Use at least one letter or digit.")
    return slug


def find(journal: Journal, name: str) -> str:
    """Return the id of a project named by its slug, its name or the beginning of its id. Raises UnknownProject."""
    if found := _by_slug(journal, name):
        return found
    try:
        return journal.find(name, "project")[1]
    except UnknownId:
        raise UnknownProject(name, slugs(journal)[:SHOWN]) from None


def joined(journal: Journal, name: str | None, day: date, started: dict[str, str]) -> tuple[str | None, list[Change]]:
    """Return the id of the project that an entry joins, and the change that starts it if it is new.

    `started` remembers the slugs that began within the same batch.
    """
    if name is None:
        return None, []
    slug = slug_of(name)
    if found := started.get(slug) or _by_slug(journal, name):
        return found, []
    started[slug] = new_id()
    fields = {"slug": slug, "name": name.strip(), "started_on": day.isoformat(), **journal.moment()}
    return started[slug], [Change(entity="project", id=started[slug], fields=fields)]


def _by_slug(journal: Journal, name: str) -> str | None:
    sql = "SELECT id FROM project WHERE slug = ? AND deleted IS NULL ORDER BY state <> 'open', created DESC LIMIT 1"
    found = journal.rows(sql, (slug_of(name),))
    return str(found[0][0]) if found else None


def slugs(journal: Journal) -> tuple[str, ...]:
    """Return the names of all projects, for completion."""
    rows = journal.rows("SELECT DISTINCT slug FROM project WHERE deleted IS NULL ORDER BY slug LIMIT 1000")
    return tuple(row[0] for row in rows)


def shares(journal: Journal, period: Period) -> tuple[tuple[str, str, str, Tally], ...]:
    """Return the id, slug, name and Tally of each project that has entries in a Period."""
    days = (period.start.isoformat(), period.end.isoformat())
    rows = journal.rows(
        "SELECT id, slug, name FROM project WHERE deleted IS NULL AND id IN"
        " (SELECT project FROM entry WHERE day BETWEEN ? AND ? AND deleted IS NULL) ORDER BY slug",
        days,
    )
    condition = "project = ? AND day BETWEEN ? AND ?"
    return tuple((name, slug, said, tally_where(journal, condition, (name, *days))) for name, slug, said in rows)
