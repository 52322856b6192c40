"""What tests of commands share: a journal of a whole quarter."""

from typing import TYPE_CHECKING

import pytest
from quarters import fill

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


@pytest.fixture
def quarter(run: "Run", journal_path: "Path") -> "Run":
    """Write the quarter down."""
    fill(journal_path)
    return run
