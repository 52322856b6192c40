"""Ways to fool oneself, each through the program: none may end in praise.

An honest person logs 20 weeks; what they say to themselves in the four weeks after that is the trick.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from repeats import Habits, Person

from valuelog.analysis.findings import WARNINGS

FIRST_MONDAY = date(2026, 5, 4)
HONEST_WEEKS = 20
TRICK_WEEKS = 4
MONDAY = FIRST_MONDAY + timedelta(weeks=HONEST_WEEKS)
"""The Monday of the first week of a trick."""

FRIDAY = MONDAY + timedelta(weeks=TRICK_WEEKS - 1, days=4)
"""The Friday on which a trick is judged."""

KINDS = ("improvement", "outcome", "helped")
VALUE_BY_DAY = (1, 2, 1, 0, 3)
WORK_BY_DAY = (4, 3, 4, 5, 2)
"""How many entries an honest person logs from Monday to Friday, give or take one: about 7 of 25 are value."""

Answer = dict[str, Any]
Day = Callable[[date], list[Answer]]
"""What is logged on a day."""


def honest_work(day: date) -> list[Answer]:
    """Return the work of a day."""
    count = WORK_BY_DAY[day.weekday()] + Random(day.toordinal()).choice((-1, 0, 1))  # noqa: S311  no secret
    return [{"kind": "activity", "text": f"ticket {day:%j} {number}"} for number in range(count)]


def honest_value(day: date) -> list[Answer]:
    """Return the value of a day, most of it with evidence."""
    count = VALUE_BY_DAY[day.weekday()] + Random(-day.toordinal()).choice((0, 0, 1, -1))  # noqa: S311  no secret
    return [make_value(day, number, is_proven=number < 2) for number in range(count)]


def make_value(day: date, number: int, *, is_proven: bool = False) -> Answer:
    """Return a value entry with words of its own."""
    answer = {"kind": KINDS[(day.weekday() + number) % 3], "text": f"result {day:%j} {number}"}
    return answer | ({"evidence": f"{number + 2} tickets less"} if is_proven else {})


def honest(day: date) -> list[Answer]:
    """Return what an honest person logs on a day."""
    return honest_work(day) + honest_value(day)


def log(person: Person, day: date, answers: Iterable[Answer], *, on: date | None = None) -> None:
    """Log the answers of a day, on that day or on a later one."""
    lines = "\n".join(map(json.dumps, answers))
    if lines:
        person.run(on or day, "today", "--date", day.isoformat(), "--answers", "-", stdin=lines, terminal=False)


def weekdays(monday: date, weeks: int) -> Iterator[date]:
    """Yield the days from Monday to Friday of some weeks."""
    for number in range(5 * weeks):
        yield monday + timedelta(weeks=number // 5, days=number % 5)


@pytest.fixture(scope="module")
def honest_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home of somebody with HONEST_WEEKS behind them."""
    home = tmp_path_factory.mktemp("honest")
    for day in weekdays(FIRST_MONDAY, HONEST_WEEKS):
        log(make_person(home), day, honest(day))
    return home


def make_person(home: Path) -> Person:
    return Person(home, Habits(), Random(1))  # noqa: S311  no dice are thrown


@pytest.fixture
def person(honest_home: Path, tmp_path: Path) -> Person:
    """Return somebody with HONEST_WEEKS behind them."""
    return make_person(Path(shutil.copytree(honest_home, tmp_path / "home")))


# What is logged from MONDAY on


def half_of_the_work(day: date) -> list[Answer]:
    return honest_work(day)[::2] + honest_value(day)


def no_work(day: date) -> list[Answer]:
    return honest_value(day)


def value_split_in_three(day: date) -> list[Answer]:
    parts = [{**each, "text": f"{each['text']}, part {part}"} for each in honest_value(day) for part in range(3)]
    return honest_work(day) + [
        {key: each[key] for key in each if key != "evidence" or number % 3 == 0} for number, each in enumerate(parts)
    ]


def one_sentence_eighteen_times(day: date) -> list[Answer]:
    again = {"kind": "improvement", "text": "the build is faster", "evidence": "9 minutes less"}
    return honest(day) + [again] * (4 if day.weekday() else 2)


def a_third_of_the_work_as_value(day: date) -> list[Answer]:
    work = [{**each, "kind": "improvement"} if n % 3 == 1 else each for n, each in enumerate(honest_work(day))]
    return work + honest_value(day)


def three_opinions_a_day(day: date) -> list[Answer]:
    return honest(day) + [{"kind": "insight", "text": f"opinion {day:%j} {number}"} for number in range(3)]


def all_work_in_one_line(day: date) -> list[Answer]:
    return [{"kind": "activity", "text": ", ".join(each["text"] for each in honest_work(day))}, *honest_value(day)]


def only_good_days(day: date) -> list[Answer]:
    return [*honest(day), make_value(day, 9, is_proven=True)] if day.weekday() in {1, 2, 4} else []


def evidence_yes(day: date) -> list[Answer]:
    return honest_work(day) + [{**each, "evidence": "yes"} for each in honest_value(day)]


def more_value_with_evidence_yes(day: date) -> list[Answer]:
    more = [make_value(day, number) for number in (7, 8)]
    return honest_work(day) + [{**each, "evidence": "yes"} for each in (*honest_value(day), *more)]


def value_of_five_percent_of_the_minutes(day: date) -> list[Answer]:
    return [{**each, "minutes": 60 if each["kind"] == "activity" else 8} for each in honest(day)]


def only_the_rotating_question(day: date) -> list[Answer]:
    return [{"kind": "helped", "text": f"@sam does it alone {day:%j}", "question": "without-you"}]


def more_proven_value(day: date) -> list[Answer]:
    return honest(day) + [make_value(day, number, is_proven=True) for number in (7, 8)]


def only_good_fridays(day: date) -> list[Answer]:
    more = [make_value(day, number, is_proven=True) for number in (7, 8, 9)]
    return [*honest(day), *more, *honest_work(day)] if day.weekday() == FRIDAY.weekday() else []


class Seen(NamedTuple):
    """What a Friday shows: the verdict and the first finding for programs, and what a terminal shows."""

    verdict: str
    finding: str | None
    ids: frozenset[str]
    screen: str


def look(person: Person, day: date) -> Seen:
    """Look at the week: by `review` and `trend` as JSON and on a terminal, and by the bare command."""
    report = json.loads(person.run(day, "review", "--week", "--json", terminal=False))
    trend = json.loads(person.run(day, "trend", "--json", terminal=False))
    assert trend["verdict"] == report["trend"]["verdict"]
    ids = [each["id"] for each in report["findings"]]
    commands = (("review", "--week", "--no-reflect"), ("trend",), ())
    screen = "".join(person.run(day, *words) for words in commands)
    return Seen(report["trend"]["verdict"], next(iter(ids), None), frozenset(ids), screen)


def assert_no_praise(seen: Seen) -> None:
    """Check that nothing calls the trick a success, and that a rise of the share says what to doubt."""
    assert "growing" not in seen.ids
    assert "Value is up" not in seen.screen
    assert "rising" not in seen.screen
    if seen.verdict == "rising":
        assert re.search(r"share up since W\d\d, (on fewer days|from memory|little of it proven)", seen.screen)


def live(person: Person, what: Day) -> list[Seen]:
    """Log TRICK_WEEKS, and look at each Friday."""
    seen = []
    for day in weekdays(MONDAY, TRICK_WEEKS):
        log(person, day, what(day))
        if day.weekday() == FRIDAY.weekday():
            seen.append(look(person, day))
    return seen


# People who fool nobody


def test_honest_weeks_are_steady(person: Person) -> None:
    for seen in live(person, honest):
        assert seen.verdict == "steady"
        assert not seen.ids & WARNINGS
        assert_no_praise(seen)


def test_more_proven_value_is_praised(person: Person) -> None:
    seen = live(person, more_proven_value)[-1]
    assert (seen.verdict, seen.finding) == ("rising", "growing")
    assert "rising since W37, usually" in seen.screen
    assert "Value is up since W37" in seen.screen


# The tricks


TRICKS = [
    (half_of_the_work, "steady", "less-work-logged"),
    (no_work, "less-work-logged", "less-work-logged"),
    (value_split_in_three, "rising", "unproven-rise"),
    (one_sentence_eighteen_times, "steady", "repeated-words"),
    (a_third_of_the_work_as_value, "less-work-logged", "less-work-logged"),
    (three_opinions_a_day, "steady", None),
    (all_work_in_one_line, "less-work-logged", "less-work-logged"),
    (only_good_days, "rising", "fewer-days-logged"),
    (evidence_yes, "steady", "no-evidence"),
    (more_value_with_evidence_yes, "rising", "unproven-rise"),
    (value_of_five_percent_of_the_minutes, "steady", "minutes-disagree"),
    (only_the_rotating_question, "less-work-logged", "less-work-logged"),
]
"""What is logged, and after four weeks the verdict and the first finding."""


@pytest.mark.parametrize(("trick", "verdict", "finding"), TRICKS, ids=[trick.__name__ for trick, *_ in TRICKS])
def test_trick_is_answered_by_the_verdict_or_the_first_finding(
    person: Person, trick: Day, verdict: str, finding: str | None
) -> None:
    fridays = live(person, trick)
    for seen in fridays:
        assert_no_praise(seen)
    assert (fridays[-1].verdict, fridays[-1].finding) == (verdict, finding)


def test_pages_name_the_doubt_too(person: Person) -> None:
    live(person, value_split_in_three)
    page = person.run(FRIDAY, "review", "--week", "--html", "-", terminal=False)
    assert "; little of it proven" in page
    assert "rising" not in page
    assert "share up since W37, little of it proven" in person.run(FRIDAY, "review", "--week", "--markdown")


def test_opinions_move_no_number(person: Person) -> None:
    live(person, three_opinions_a_day)
    report = read_json(person, "review", "--week")
    assert report["kinds"]["insight"] == 15
    assert report["score"]["value"] + report["score"]["work"] == sum(
        len(honest(day)) for day in weekdays(FRIDAY - timedelta(days=4), 1)
    )


def test_promoted_activities_need_evidence_too(person: Person) -> None:
    for day in weekdays(MONDAY, TRICK_WEEKS):
        log(person, day, honest(day))
        work = [each["id"] for each in read_json(person, "list", day.isoformat(), "--side", "work", day=day)]
        person.run(day, "promote", work[0], "improvement", "--for", "coworkers")
        if day.weekday() == FRIDAY.weekday():
            assert_no_praise(look(person, day))
    seen = look(person, FRIDAY)
    assert (seen.verdict, seen.finding) == ("rising", "unproven-rise")


def test_weeks_written_at_once_are_from_memory(person: Person) -> None:
    for day in weekdays(MONDAY, TRICK_WEEKS):
        log(person, day, more_proven_value(day), on=FRIDAY)
    seen = look(person, FRIDAY)
    assert_no_praise(seen)
    assert (seen.verdict, seen.finding) == ("rising", "written-late")
    assert "share up since W37, from memory" in seen.screen


def test_deleted_work_is_work_not_logged(person: Person) -> None:
    for day in weekdays(MONDAY, TRICK_WEEKS):
        log(person, day, honest(day))
    assert read_json(person, "trend")["verdict"] == "steady"
    work = read_json(person, "list", f"{MONDAY}..{FRIDAY}", "--side", "work", "-n", "1000")
    person.run(FRIDAY, "delete", *[each["id"] for each in work[::2]])
    seen = look(person, FRIDAY)
    assert_no_praise(seen)
    assert seen.finding == "less-work-logged"


def test_bad_week_marked_as_off_still_counts(person: Person) -> None:
    live(person, lambda day: honest_work(day) * 2 if day > FRIDAY - timedelta(days=7) else honest(day))
    before, trend = look(person, FRIDAY), read_json(person, "trend")
    person.run(FRIDAY, "off", f"{FRIDAY - timedelta(days=4)}..{FRIDAY}")
    after = look(person, FRIDAY)
    assert_no_praise(after)
    assert read_json(person, "trend") == trend
    assert (after.finding, after.ids) == (before.finding, before.ids)


def test_bad_days_marked_as_off_are_fewer_logged_days(person: Person) -> None:
    live(person, only_good_days)
    bad = [day for day in weekdays(MONDAY, TRICK_WEEKS) if not only_good_days(day)]
    for day in bad:
        person.run(FRIDAY, "off", day.isoformat())
    seen = look(person, FRIDAY)
    assert_no_praise(seen)
    assert read_json(person, "review", "--week")["coverage"] == {"workdays": 3, "written": 3}
    assert (seen.verdict, seen.finding) == ("rising", "fewer-days-logged")


def test_workdays_reduced_to_one_are_fewer_logged_days(person: Person) -> None:
    person.run(MONDAY, "config", "set", "workdays", "fri")
    for seen in (fridays := live(person, only_good_fridays)):
        assert_no_praise(seen)
    assert read_json(person, "review", "--week")["coverage"] == {"workdays": 1, "written": 1}
    assert (fridays[-1].verdict, fridays[-1].finding) == ("rising", "fewer-days-logged")


def test_kept_stop_promise_is_no_praise_for_half_of_the_work(person: Person) -> None:
    person.run(MONDAY, "promise", "make", "stop", "the Monday report", "--by", FRIDAY.isoformat())
    live(person, half_of_the_work)
    (promise,) = read_json(person, "promise", "list")
    person.run(FRIDAY, "promise", "keep", promise["id"])
    first, *others = read_json(person, "review", "--week")["findings"]
    assert first["text"].endswith("You stopped: “the Monday report”.")
    assert [each["text"] for each in others if each["id"] == "came-of-it"] == ["You stopped “the Monday report”."]


def read_json(person: Person, *words: str, day: date = FRIDAY) -> Any:  # noqa: ANN401  a JSON document
    return json.loads(person.run(day, *words, "--json", terminal=False))
