"""How a message must look, whatever went wrong, and the id in one about a change."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Result


def assert_one_clear_message(said: "Result", piece: str) -> None:
    """Check a message: one line of ours, at most a hint (whose own list is indented), and nothing as an answer."""
    assert said.out == ""
    first, *hint = said.err.splitlines()
    assert first.startswith("valuelog: ")
    assert piece in said.err
    assert len(hint) <= 1 or all(line.startswith("  ") for line in hint[1:]), said.err
    assert not any(line.startswith("valuelog:") for line in hint)
    assert "Traceback" not in said.err
    assert "bug in valuelog" not in said.err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", said.err)


def id_in_message(said: str) -> str:
    """Return the id in what is said of a change."""
    return said.partition(" · ")[0].split()[-1]
