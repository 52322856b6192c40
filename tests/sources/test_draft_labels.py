"""The label of a draft, and the lines of `gather`."""

from datetime import date, time
from typing import Any

import pytest

from valuelog.model.draft import Draft
from valuelog.render import Canvas
from valuelog.render.terminal import render_lines
from valuelog.render.terminal.drafts import lines
from valuelog.workflows.gather import GatherResult

FRIDAY = date(2026, 11, 20)


def a_draft(**facts: Any) -> Draft:  # noqa: ANN401  fields of a Draft
    """Create a Draft with defaults."""
    return Draft(**{"origin": "calendar:1", "day": FRIDAY, "text": "Sprint planning", **facts})


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "Sprint planning\tcalendar"),
        ({"minutes": 45}, "Sprint planning · 45m\tcalendar"),
        ({"at": time(9, 5), "minutes": 60}, "09:05 Sprint planning · 1h\tcalendar"),
        ({"people": ("maya", "sam")}, "Sprint planning · @maya @sam\tcalendar"),
        ({"people": ("a", "b", "c", "d", "e"), "minutes": 5}, "Sprint planning · 5m · @a @b @c +2\tcalendar"),
    ],
)
def test_label_has_time_text_length_and_people(facts: dict[str, Any], told: str) -> None:
    assert a_draft(**facts).label == told


@pytest.mark.parametrize("width", range(20, 121, 10))
def test_gather_lines_fit_the_width(width: int) -> None:
    drafts = (a_draft(), a_draft(text="x" * 200, minutes=90, at=time(10), people=("maya-with-a-long-name",) * 9))
    rows = [row for row in shown_lines(drafts, width) if "calendar" in row]
    assert len(rows) == len(drafts)
    assert all(len(row) <= width for row in rows)
    assert "Sprint planning"[: width - 16] in rows[0]


def test_source_names_are_aligned_in_a_column() -> None:
    drafts = (
        a_draft(origin="timewarrior:1", minutes=90),
        a_draft(origin="git:1", text="x" * 200),
        a_draft(at=time(10), people=("maya",), minutes=45),
    )
    assert shown_lines(drafts, 60)[1:4] == [
        "  timewarrior  Sprint planning                   1h30m",
        f"  git          {'x' * 31}…",
        "  calendar     10:00 Sprint planning             45m · @maya",
    ]


def shown_lines(drafts: tuple[Draft, ...], width: int) -> list[str]:
    """Return what `gather` shows on a terminal of this width."""
    result = GatherResult(day=FRIDAY, today=FRIDAY, drafts=drafts, source_count=1)
    return render_lines(lines(result, width), Canvas(width)).splitlines()
