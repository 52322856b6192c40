"""Completion is set up in a home of any name, in real shells on a real terminal."""

from typing import TYPE_CHECKING

import pytest

from support.completion_shells import READY, Shell
from valuelog.cli.hooks import SHELLS

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["o'brien", 'a "b" c', "$HOME", "back\\slash", "`touch owned`;&#*?[a]{b}~", "'\\''"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_set_up_in_a_home_of_any_name(tmp_path: "Path", shell: str, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    before = Shell(shell, home)
    before.child.send("valuelog --install-completion\r")
    before.wait_for(lambda shown: "TAB completes valuelog there." in shown and shown.endswith(READY.strip()))
    before.child.close(force=True)
    after = Shell(shell, home)
    assert " line 1" not in after.screen_text  # what a shell says of a file that it cannot read
    after.tab("valuelog un", "valuelog undo")
    assert not list(tmp_path.rglob("owned"))
