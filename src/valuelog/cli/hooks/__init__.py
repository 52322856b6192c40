"""The login hook of each shell.

Knows the three templates and how each shell quotes a path.
Not what a reminder says nor when it is due: those are lines in the file that the hook reads.
"""

import re
import shlex
from pathlib import Path

SHELLS = ("bash", "zsh", "fish")


def render_hook(shell: str, reminders: Path, last_reminded: Path) -> str:
    """Text for the shell to evaluate at login."""
    quote = _fish_quote if shell == "fish" else shlex.quote
    paths = {"@REMINDERS@": reminders, "@SAID@": last_reminded}
    template = Path(__file__).with_name(f"hook.{shell}").read_text(encoding="utf-8")
    # One pass, so that a path which holds the other's mark stays what it is.
    return re.sub("|".join(paths), lambda mark: quote(str(paths[mark[0]].absolute())), template)


def _fish_quote(text: str) -> str:
    # Unlike in sh, a backslash escapes inside fish's single quotes.
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
