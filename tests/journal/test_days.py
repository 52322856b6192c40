"""Days off, and the questions asked on a day."""

from datetime import timedelta
from typing import TYPE_CHECKING

from support.makers import FRIDAY
from valuelog.journal import days
from valuelog.model.schedule import DayOff

if TYPE_CHECKING:
    from valuelog.journal.store import Journal

THURSDAY = FRIDAY - timedelta(days=1)


def test_days_off_are_added_and_removed(journal: "Journal") -> None:
    assert days.add_days_off(journal, [FRIDAY, THURSDAY], "holidays") == (FRIDAY, THURSDAY)
    assert days.list_days_off(journal) == (DayOff(day=THURSDAY, note="holidays"), DayOff(day=FRIDAY, note="holidays"))
    assert days.remove_days_off(journal, [FRIDAY]) == (FRIDAY,)
    assert days.list_days_off(journal) == (DayOff(day=THURSDAY, note="holidays"),)


def test_unchanged_days_off_write_nothing(journal: "Journal") -> None:
    days.add_days_off(journal, [FRIDAY], "holidays")
    assert days.add_days_off(journal, [FRIDAY], "holidays") == ()
    assert days.add_days_off(journal, [FRIDAY], None) == ()
    assert days.remove_days_off(journal, [THURSDAY]) == ()
    assert journal.rows("SELECT count(*) FROM change") == [(1,)]
    assert days.add_days_off(journal, [FRIDAY], "dentist") == (FRIDAY,)
    assert days.list_days_off(journal) == (DayOff(day=FRIDAY, note="dentist"),)


def test_removed_day_off_can_be_added_again(journal: "Journal") -> None:
    days.add_days_off(journal, [FRIDAY], "holidays")
    days.remove_days_off(journal, [FRIDAY])
    assert days.add_days_off(journal, [FRIDAY], None) == (FRIDAY,)
    assert days.list_days_off(journal) == (DayOff(day=FRIDAY),)


def test_days_off_are_loaded_since_a_day(journal: "Journal") -> None:
    days.add_days_off(journal, [FRIDAY, THURSDAY], None)
    assert [day_off.day for day_off in days.list_days_off(journal, since=FRIDAY)] == [FRIDAY]
    assert days.load_workdays(journal, frozenset({4}), since=FRIDAY).off == {FRIDAY}


def test_asked_questions_belong_to_their_day(journal: "Journal") -> None:
    changes = [
        days.asked_change(journal, FRIDAY, "activity"),
        days.asked_change(journal, FRIDAY, "my:own"),
        days.asked_change(journal, THURSDAY, "pain"),
    ]
    journal.write("today", changes)
    assert days.list_asked_questions(journal, FRIDAY) == {"activity", "my:own"}
    assert days.list_asked_questions(journal, THURSDAY) == {"pain"}
    assert days.list_asked_questions(journal, THURSDAY - timedelta(days=1)) == frozenset()
