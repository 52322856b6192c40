"""A sample quarter: two hundred entries, many of them repeated, projects, and pain points, one of them fixed."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from support.makers import FRIDAY, NOON, close_after_test, make_entry
from valuelog.journal import entries, pains, projects
from valuelog.journal.ids import ALPHABET
from valuelog.journal.store import Journal, open_journal
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.project import Project, ProjectState, slugify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTRY_COUNT = 200

WORK_TEXTS = (
    "weekly planning", "answered the audit mails", "reviewed four merge requests", "support rota", "budget numbers",
    "prepared the steering slides", "on-call handover", "call with the vendor",
)  # fmt: skip

VALUE_ENTRIES: tuple[tuple[Kind, str, dict[str, Any]], ...] = (
    (
        Kind.OUTCOME,
        "refunds arrive in one day instead of three",
        {"project": "refund-flow", "evidence": "214 cases, median"},
    ),
    (Kind.OUTCOME, "Refunds arrive in one day instead of three. +refund-flow", {"project": "refund-flow"}),
    (Kind.OUTCOME, "partial refunds need no second signature", {"project": "refund-flow"}),
    (Kind.OUTCOME, "a price change is one file now", {"project": "tariff-2027", "evidence": "no rollback"}),
    (Kind.OUTCOME, "three reports read from the new warehouse", {"project": "new-warehouse"}),
    (Kind.OUTCOME, "the vendor contract costs a fifth less", {"beneficiaries": (Beneficiary.COMPANY,)}),
    (Kind.OUTCOME, "hired the second data engineer", {}),
    (Kind.HELPED, "@sam runs the release alone now", {"people": ("sam",), "evidence": "he did, twice"}),
    (Kind.HELPED, "@Sam runs the release alone now!", {"people": ("sam",)}),
    (Kind.HELPED, "@maya debugged the queue herself", {"people": ("maya",)}),
    (Kind.HELPED, "@lee got the contract template instead of a meeting", {"people": ("lee",)}),
    (Kind.HELPED, "@maya and @sam gave the incident talk alone", {"people": ("maya", "sam"), "evidence": "40 came"}),
    (Kind.HELPED, "the interns write a test that fails first", {}),
    (Kind.IMPROVEMENT, "the deploy checklist is one page", {"effects": (Effect.CLEARER,)}),
    (
        Kind.IMPROVEMENT,
        "nightly report in two minutes instead of forty",
        {"effects": (Effect.FASTER,), "beneficiaries": (Beneficiary.COMPANY,), "evidence": "job log, 12 nights"},
    ),
    (
        Kind.IMPROVEMENT,
        "alerts name their owner #ops",
        {"effects": (Effect.CLEARER,), "beneficiaries": (Beneficiary.COWORKERS,), "tags": ("ops",)},
    ),
    (
        Kind.IMPROVEMENT,
        "a refund survives a slow bank",
        {"effects": (Effect.MORE_RELIABLE,), "beneficiaries": (Beneficiary.CUSTOMERS,), "evidence": "two tickets less"},
    ),
    (Kind.IMPROVEMENT, "the form says which field is wrong", {"beneficiaries": (Beneficiary.CUSTOMERS,)}),
    (
        Kind.INSIGHT,
        "half of the tickets come from one field. A list would save support an hour a day. Try it in one country.",
        {"evidence": "412 of 800"},
    ),
    (Kind.INSIGHT, "nobody reads the Monday report; three teams write it", {}),
    (
        Kind.INSIGHT,
        "we quote prices that finance has not seen\nsales may promise too much\nlet finance sign the list",
        {"beneficiaries": (Beneficiary.COMPANY,)},
    ),
)


def fixed_ids() -> "Iterator[str]":
    """Yield the same ids in every run."""
    chance = Random(11)  # noqa: S311  ids of a test
    while True:
        yield "".join(chance.choice(ALPHABET) for _ in range(10))


def open_sample_journal(path: "Path") -> Journal:
    """Open a journal with a fixed clock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return close_after_test(open_journal(path, "a-laptop", lambda: NOON, write=True))


def make_sample_project(name: str = "Refund flow", **facts: Any) -> Project:  # noqa: ANN401  fields of a Project
    """Make a Project, closed if `closed_on` is given."""
    state = ProjectState.CLOSED if facts.get("closed_on") else ProjectState.OPEN
    defaults = {"id": slugify(name), "started_on": date(2026, 9, 7), "created": NOON, "state": state}
    return Project(**{**defaults, "slug": slugify(name), "name": name, **facts})


def write_project(journal: Journal, project: Project) -> None:
    """Write a project in any state."""
    begun = replace(project, state=ProjectState.OPEN, closed_on=None)
    journal.write("start", [projects.creation_change(begun)])
    if project != begun:
        journal.write("close", [projects.update_change(begun, project)])


def write_pain(journal: Journal, pain: PainPoint) -> None:
    """Write a pain point in any state."""
    journal.write("add", pains.creation_changes([pain]))
    if not pain.is_open:
        journal.write("fix", [pains.closing_change(pain)])


def make_sample_pain(names: "Iterator[str]", text: str, *days: date, **facts: Any) -> PainPoint:  # noqa: ANN401  of a PainPoint
    """Make a PainPoint with ids from an iterator."""
    sightings = tuple(Sighting(id=next(names), day=day, text=text, created=NOON) for day in days)
    return PainPoint(**{"id": next(names), "text": text, "created": NOON, "sightings": sightings, **facts})


def make_quarter_entries(names: "Iterator[str]") -> list[Entry]:
    """Make the entries: about a third are value, and many are repeated."""
    chance = Random(5)  # noqa: S311  sample data
    days = [day for number in range(51) if (day := date(2026, 10, 1) + timedelta(days=number)).weekday() < 5]
    made = []
    for place in range(ENTRY_COUNT):
        facts: dict[str, Any] = {"text": chance.choice(WORK_TEXTS)}
        if chance.random() < 0.1:
            facts["project"] = "new-warehouse"
        if chance.random() < 0.33:
            kind, text, more = chance.choice(VALUE_ENTRIES)
            facts = {"kind": kind, "text": text, **more}
        created = NOON + timedelta(seconds=place)
        made.append(make_entry(id=next(names), day=days[place * len(days) // ENTRY_COUNT], created=created, **facts))
    return made


def write_sample_quarter(path: "Path") -> None:
    """Write the sample quarter to a new journal."""
    journal, names = open_sample_journal(path), fixed_ids()
    for project in (
        make_sample_project(
            "Refund flow",
            problem="refunds take three days and each becomes a call",
            measure="days until the money is back",
            result="one day instead of three",
            evidence="median of 214 cases",
            lesson="ask finance in the first week",
            closed_on=date(2026, 11, 12),
        ),
        make_sample_project(
            "Tariff 2027",
            problem="a price stands in eleven files",
            measure="files that a change touches",
            closed_on=date(2026, 11, 13),
        ),
        make_sample_project(
            "On-call handbook", problem="every night begins at zero", aim="nobody is called twice for the same"
        ),
        make_sample_project(
            "New warehouse", problem="the old one ends in March", aim="all reports read from the new one"
        ),
    ):
        write_project(journal, replace(project, id=next(names)))
    entries.add(journal, make_quarter_entries(names), act="today")
    handbook = [FRIDAY - timedelta(days=place) for place in range(8, 14)]
    work = [
        make_entry(id=next(names), day=day, text="on-call handbook", project="on-call-handbook") for day in handbook
    ]
    entries.add(journal, work, act="today")
    better = {"effects": (Effect.FASTER,), "beneficiaries": (Beneficiary.COWORKERS,)}
    fix = make_entry(
        id=next(names), day=date(2026, 11, 10), kind=Kind.IMPROVEMENT, text="every team has two approvers", **better
    )
    entries.add(journal, [fix], act="fix")
    waits = make_sample_pain(
        names, "The deploy waits on one approver", date(2026, 10, 16), date(2026, 10, 20), date(2026, 11, 3),
        hit="the support team",
    )  # fmt: skip
    write_pain(journal, waits.mark_fixed(fix.day, fix.text, fix.id))
    write_pain(
        journal,
        make_sample_pain(
            names, "Two tools want the same hours typed in", date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 17),
            hit="everyone in delivery", better="one tool reads from the other", step="ask the vendor for the export",
        ),
    )  # fmt: skip
    write_pain(
        journal, make_sample_pain(names, "Nobody owns the old import", date(2026, 11, 4), date(2026, 11, 12), FRIDAY)
    )
    journal.close()
