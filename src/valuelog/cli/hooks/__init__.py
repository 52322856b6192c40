"""Login hooks: shell templates that read the reminder file, with the paths quoted for each shell."""

import re
import shlex
from pathlib import Path

SHELLS = ("bash", "zsh", "fish")


def render_hook(shell: str, reminders: Path, last_reminded: Path) -> str:
    """Return the code that the shell evaluates at login."""
    quote = _fish_quote if shell == "fish" else shlex.quote
    paths = {"@REMINDERS@": reminders, "@SAID@": last_reminded}
    template = Path(__file__).with_name(f"hook.{shell}").read_text(encoding="utf-8")
    # One pass, so that a path that contains the other placeholder is not replaced again.
    return re.sub("|".join(paths), lambda match: quote(str(paths[match[0]].absolute())), template)


def _fish_quote(text: str) -> str:
    # Unlike in sh, a backslash escapes inside fish's single quotes.
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
