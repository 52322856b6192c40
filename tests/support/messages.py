"""Checks of error messages, and the id in a confirmation."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Result


def assert_one_clear_message(result: "Result", piece: str) -> None:
    """Check an error: stdout is empty; stderr has one message and at most one hint, whose list is indented."""
    assert result.out == ""
    first, *hint = result.err.splitlines()
    assert first.startswith("valuelog: ")
    assert piece in result.err
    assert len(hint) <= 1 or all(line.startswith("  ") for line in hint[1:]), result.err
    assert not any(line.startswith("valuelog:") for line in hint)
    assert "Traceback" not in result.err
    assert "bug in valuelog" not in result.err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", result.err)


def id_in_message(message: str) -> str:
    """Return the id in a confirmation."""
    return message.partition(" · ")[0].split()[-1]
