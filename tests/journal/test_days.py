"""Days: which are off, and what was asked on them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from support.makers import FRIDAY
from valuelog.journal import days
from valuelog.model.schedule import DayOff

if TYPE_CHECKING:
    from valuelog.journal.store import Journal

THURSDAY = FRIDAY - timedelta(days=1)


def test_days_are_taken_off_and_back(journal: "Journal") -> None:
    assert days.add_days_off(journal, [FRIDAY, THURSDAY], "holidays") == (FRIDAY, THURSDAY)
    assert days.list_days_off(journal) == (DayOff(day=THURSDAY, note="holidays"), DayOff(day=FRIDAY, note="holidays"))
    assert days.remove_days_off(journal, [FRIDAY]) == (FRIDAY,)
    assert days.list_days_off(journal) == (DayOff(day=THURSDAY, note="holidays"),)


def test_only_what_changes_is_written(journal: "Journal") -> None:
    days.add_days_off(journal, [FRIDAY], "holidays")
    assert days.add_days_off(journal, [FRIDAY], "holidays") == ()
    assert days.add_days_off(journal, [FRIDAY], None) == ()
    assert days.remove_days_off(journal, [THURSDAY]) == ()
    assert journal.rows("SELECT count(*) FROM change") == [(1,)]
    assert days.add_days_off(journal, [FRIDAY], "dentist") == (FRIDAY,)
    assert days.list_days_off(journal) == (DayOff(day=FRIDAY, note="dentist"),)


def test_a_day_that_was_taken_back_can_be_taken_off_again(journal: "Journal") -> None:
    days.add_days_off(journal, [FRIDAY], "holidays")
    days.remove_days_off(journal, [FRIDAY])
    assert days.add_days_off(journal, [FRIDAY], None) == (FRIDAY,)
    assert days.list_days_off(journal) == (DayOff(day=FRIDAY),)


def test_old_days_off_need_not_be_read(journal: "Journal") -> None:
    days.add_days_off(journal, [FRIDAY, THURSDAY], None)
    assert [off.day for off in days.list_days_off(journal, since=FRIDAY)] == [FRIDAY]
    assert days.load_workdays(journal, frozenset({4}), since=FRIDAY).off == {FRIDAY}


def test_what_was_asked_belongs_to_its_day(journal: "Journal") -> None:
    asked = [
        days.asked_change(journal, FRIDAY, "activity"),
        days.asked_change(journal, FRIDAY, "my:own"),
        days.asked_change(journal, THURSDAY, "pain"),
    ]
    journal.write("today", asked)
    assert days.list_asked_questions(journal, FRIDAY) == {"activity", "my:own"}
    assert days.list_asked_questions(journal, THURSDAY) == {"pain"}
    assert days.list_asked_questions(journal, THURSDAY - timedelta(days=1)) == frozenset()
