"""`add`: one entry."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Run


def test_added_entry_is_listed(run: "Run") -> None:
    run("add", "helped", "@sam runs the release alone now", "-m", "1h30m")
    (entry,) = json.loads(run("list", "--json").out)
    assert entry["text"] == "@sam runs the release alone now"
    assert entry["people"] == ["sam"]
    assert entry["minutes"] == 90
    assert entry["day"] == "2026-11-20"
