"""Attendees of events: who becomes a person of the draft, and which events were declined."""

from pathlib import Path

import pytest

from support.calendars import FRIDAY, NOON, make_calendar, make_event, read_drafts, run_worker_in_process

pytest.importorskip("recurring_ical_events")

ME, SAM = "me@example.org", "sam@example.org"


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run_worker_in_process(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a calendar."""
    return tmp_path / "work.ics"


@pytest.mark.parametrize(
    ("lines", "there"),
    [
        ([f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ME}"], True),
        ([f"ATTENDEE;PARTSTAT=TENTATIVE:mailto:{ME}"], True),
        ([f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{ME}"], True),
        ([f"ATTENDEE;PARTSTAT=DECLINED:MAILTO:{ME.upper()}"], False),
        ([f"ATTENDEE;PARTSTAT=DECLINED:mailto:{SAM}"], True),
        ([f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}", f"ORGANIZER:mailto:{ME}"], True),
        (["TRANSP:TRANSPARENT"], False),
        (["TRANSP:OPAQUE"], True),
        (["STATUS:CANCELLED"], False),
        (["STATUS:TENTATIVE"], True),
        (["X-MICROSOFT-CDO-BUSYSTATUS:FREE"], False),
        (["X-MICROSOFT-CDO-BUSYSTATUS:BUSY"], True),
    ],
)
def test_declined_free_and_cancelled_events_are_left_out(path: Path, lines: list[str], there: bool) -> None:  # noqa: FBT001
    mine = make_event("DTSTART:20261120T060000Z", "STATUS:CANCELLED", f"ORGANIZER:mailto:{ME}", uid="2")
    path.write_text(make_calendar(make_event(NOON, *lines), mine))
    assert bool(read_drafts(path, FRIDAY, ME)) is there


def test_people_are_the_other_attendees(path: Path) -> None:
    attendees = [
        f"ATTENDEE;CN=Me:mailto:{ME}", f'ATTENDEE;CN="Smith, Sam";PARTSTAT=ACCEPTED:mailto:{SAM}',
        "ATTENDEE:mailto:kim.lee@example.org", "ATTENDEE;CN=lou@example.org:mailto:lou@example.org",
        "ATTENDEE;CN=Room 1;CUTYPE=ROOM:mailto:r1@example.org", "ATTENDEE;CUTYPE=RESOURCE:mailto:tv@example.org",
        "ATTENDEE;PARTSTAT=DECLINED;CN=Away:mailto:away@example.org", "ATTENDEE;CN=Zoë Ångström:mailto:z@example.org",
        "ATTENDEE:urn:uuid:0000",
    ]  # fmt: skip
    path.write_text(make_calendar(make_event(NOON, *attendees)))
    assert read_drafts(path, FRIDAY, ME)[0].people == ("kim.lee", "lou", "smith-sam", "zoë-ångström")


def test_at_most_ten_people_are_named(path: Path) -> None:
    path.write_text(
        make_calendar(make_event(NOON, *(f"ATTENDEE:mailto:p{number}@example.org" for number in range(40))))
    )
    assert len(read_drafts(path)[0].people) == 10
