"""`off`: adding and listing days off, and what leaves them out."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Run


def test_off_list_shows_days_and_notes(run: "Run") -> None:
    assert run("off").out.startswith("No days off. Add some with: valuelog off")
    run("off", "2026-12-24..2026-12-25", "--note", "holi\tdays")
    run("off", "last", "friday")
    assert json.loads(run("off", "list", "--json").out) == [
        {"day": day, "note": note, "every": None, "until": None, "working": False}
        for day, note in (("2026-11-13", None), ("2026-12-24", "holi\tdays"), ("2026-12-25", "holi\tdays"))
    ]
    assert run("off", "list", "--plain").out == "2026-11-13\t\n2026-12-24\tholi days\n2026-12-25\tholi days\n"
    assert "Thu 24 Dec 2026  holi days\n" in run("off", "list").out
    assert run("off", "-7").err == "Nothing to change: those days are already off.\n"
    assert run("off", "tomorrow").err.startswith("Off: 1 day, Sat 21 Nov 2026")
    run("undo")
    assert len(run("off", "list", "--plain").out.splitlines()) == 3


def test_day_off_is_left_out_of_coverage_and_streak(run: "Run") -> None:
    for day in ("mon", "tue", "thu", "fri"):
        run("add", "activity", "x", "-d", day)
    assert json.loads(run("review", "--json").out)["coverage"] == {"workdays": 5, "written": 4}
    run("off", "2026-11-18")
    review = json.loads(run("review", "--json").out)
    assert review["coverage"] == {"workdays": 4, "written": 4}
    assert review["streak"] == 4
