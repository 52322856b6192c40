"""How often findings repeat: made-up people who log every evening and review every Friday, through the real program.

    .venv/bin/python benchmarks/repeats.py [PEOPLE] [WEEKS]

Printed are the share of a Friday's findings that were there the Friday before, and of an evening's finding that was
there the evening before.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from valuelog.cli import errors
from valuelog.cli.app import app
from valuelog.cli.world import World

SEED = 2026
PEOPLE, WEEKS = 10, 26
FIRST_MONDAY = date(2026, 1, 5)
FRIDAY = 4

WORK = ["mails", "calls", "tickets", "meetings", "planning", "reviews", "support", "reports", "invoices", "travel"]
VALUE = [
    "runbook",
    "onboarding",
    "checklist",
    "search",
    "deploys",
    "alerts",
    "forms",
    "handover",
    "training",
    "pricing",
]
PAINS = (
    "the deploy waits on one approver",
    "expense forms ask everything twice",
    "nobody answers the support queue",
    "meetings start late without agenda",
    "laptops freeze during video calls",
)


class Habits(NamedTuple):
    """How a person logs: entries a day, and the probability of each thing."""

    work: float = 3.5
    value: float = 1.2
    coverage: float = 0.9
    proven: float = 0.5
    kinds: tuple[float, float, float] = (1, 1, 1)
    project: float = 0.3
    project_value: float = 0.2
    pain: float = 0.25
    repeated: float = 0.1
    minutes: float = 0.0
    reflects: float = 0.8
    keeps: float = 0.5
    acts: float = 0.3
    """How often a pain point is fixed on a Friday, or a project closed."""


PEOPLE_HABITS = (
    Habits(),
    Habits(coverage=0.5),
    Habits(proven=0.1, reflects=0.3),
    Habits(kinds=(1, 0, 1)),
    Habits(work=6, value=0.5),
    Habits(work=0.5, value=2.5, proven=0.2),
    Habits(project=0.8, project_value=0.05),
    Habits(pain=0.7, acts=0.1),
    Habits(repeated=0.7, minutes=0.9),
    Habits(work=2, value=0.7, coverage=0.7, kinds=(0, 1, 1), reflects=0.1, keeps=0.1),
)
"""Ten people, each weak at something else."""


class _Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass
class Person:
    """One person with a home of their own."""

    home: Path
    habits: Habits
    dice: Random
    pains: dict[str, str] = field(default_factory=dict)

    def run(self, day: date, *args: str, stdin: str = "", terminal: bool = True) -> str:
        """Run a command on a day; return what it shows."""
        xdg = {f"XDG_{name}_HOME": str(self.home / name) for name in ("DATA", "CONFIG", "STATE")}
        moment = datetime.combine(day, time(18), UTC)
        world = World(
            environ={**xdg, "VALUELOG_TODAY": day.isoformat(), "NO_COLOR": "1"},
            stdin=TextIOWrapper(BytesIO(stdin.encode()), encoding="utf-8"),
            stdout=_Terminal() if terminal else StringIO(),
            stderr=StringIO(),
            now=lambda: moment,
        )
        words = list(args)
        code = errors.run(world, lambda: app().main(args=words, prog_name="valuelog", standalone_mode=False, obj=world))
        shown, said = (stream.getvalue() for stream in (world.stdout, world.stderr) if isinstance(stream, StringIO))
        if code:
            raise RuntimeError(f"{words} on {day}: {said}")
        return shown

    def shown_findings(self, surface: str, day: date) -> frozenset[str]:
        """Return the findings that a terminal showed on a day."""
        try:
            (document,) = json.loads((self.home / "STATE" / "valuelog" / "findings.json").read_text()).values()
        except FileNotFoundError:
            return frozenset()
        return frozenset(key for key, (_, on, _) in document.get(surface, {}).items() if on == day.isoformat())

    def spend_evening(self, day: date) -> None:
        """Log the entries of a day."""
        answers = [*self._answers("activity", self.habits.work), *self._value_answers(), *self._pain_answers()]
        if answers:
            self.run(day, "today", "--answers", "-", stdin="\n".join(map(json.dumps, answers)))
        for pain in json.loads(self.run(day, "pain", "list", "--json", terminal=False)):
            self.pains[pain["text"]] = pain["id"]

    def _answers(self, kind: str, mean: float) -> Iterator[dict[str, Any]]:
        for _ in range(round(self.dice.gauss(mean, mean / 2))):
            words = self.dice.choice(WORK if kind == "activity" else VALUE)
            number = "" if self.dice.random() < self.habits.repeated else f" {self.dice.randrange(1000)}"
            answer: dict[str, Any] = {"kind": kind, "text": f"{words}{number}"}
            if self.dice.random() < self.habits.minutes:
                answer["minutes"] = self.dice.randrange(10, 90) if kind == "activity" else 10
            is_for_project = self.dice.random() < self.habits.project
            if is_for_project and (kind == "activity" or self.dice.random() < self.habits.project_value):
                answer["project"] = self.dice.choice(("refunds", "atlas"))
            if kind != "activity" and self.dice.random() < self.habits.proven:
                answer["evidence"] = "half the calls since 3 May"
            yield answer

    def _value_answers(self) -> Iterator[dict[str, Any]]:
        for answer in self._answers("improvement", self.habits.value):
            (kind,) = self.dice.choices(("improvement", "outcome", "helped"), self.habits.kinds)
            yield {**answer, "kind": kind}

    def _pain_answers(self) -> Iterator[dict[str, Any]]:
        if self.dice.random() < self.habits.pain:
            text = self.dice.choice(PAINS)
            yield {
                "kind": "pain",
                "text": text,
                **({"seen": self.pains[text]} if text in self.pains else {"new": True}),
            }

    def review_week(self, day: date) -> None:
        """Settle what is due, act on something now and then, and review the week."""
        for promise in json.loads(self.run(day, "promise", "list", "--json", terminal=False)):
            if promise["due"] <= day.isoformat() and self.dice.random() < self.habits.keeps:
                self.run(day, "promise", "keep", promise["id"])
        reflection = ["--level", "own the roadmap"] if self.dice.random() < self.habits.reflects else ["--no-reflect"]
        self.run(day, "review", "--week", *reflection)
        if self.pains and self.dice.random() < self.habits.acts:
            text = self.dice.choice(sorted(self.pains))
            pain_id = self.pains[text]
            if self.dice.choice((True, False)):
                self.run(day, "pain", "fix", pain_id, "agreed on a new rule")
                del self.pains[text]
            else:
                self.run(day, "pain", "plan", pain_id, "ask for a change", "--by", "next friday")


class Shown(NamedTuple):
    """What was shown on each Friday, and on each evening."""

    fridays: list[frozenset[str]]
    evenings: list[frozenset[str]]


def live(number: int, weeks: int = WEEKS) -> Shown:
    """Return what one of the people is shown in some weeks."""
    shown = Shown([], [])
    with tempfile.TemporaryDirectory() as folder:
        habits = PEOPLE_HABITS[number % len(PEOPLE_HABITS)]
        person = Person(Path(folder), habits, Random(SEED + number))  # noqa: S311  the same people each time
        for week in range(weeks):
            for weekday in range(5):
                day = FIRST_MONDAY + timedelta(weeks=week, days=weekday)
                if person.dice.random() < habits.coverage:
                    person.spend_evening(day)
                    shown.evenings.append(person.shown_findings("evening", day))
                if weekday == FRIDAY:
                    person.review_week(day)
                    shown.fridays.append(person.shown_findings("review", day))
    return shown


def repeat_share(sequences: list[list[frozenset[str]]]) -> float:
    """Return the share of findings that were there the time before."""
    pairs = [pair for sequence in sequences for pair in pairwise(sequence)]
    total = sum(len(now) for _, now in pairs)
    return sum(len(now & before) for before, now in pairs) / total if total else 0.0


def main(people: int, weeks: int) -> None:
    """Print both shares, and how many findings there are."""
    with ProcessPoolExecutor() as pool:
        lives = list(pool.map(live, range(people), [weeks] * people))
    for name, sequences, goal in (
        ("Friday", [each.fridays for each in lives], 0.35),
        ("evening", [each.evenings for each in lives], 0.25),
    ):
        times = [shown for sequence in sequences for shown in sequence]
        mean = sum(map(len, times)) / len(times)
        print(f"{name:8} {repeat_share(sequences):6.1%} repeated (goal: at most {goal:.0%}), {mean:.1f} findings each")


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:3]]
    main(*counts, *(PEOPLE, WEEKS)[len(counts) :])
