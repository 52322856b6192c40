"""Login hooks: shell templates that read the reminder file, with the paths quoted for each shell."""

import re
import shlex
from pathlib import Path

SHELLS = ("bash", "zsh", "fish")


def render_hook(shell: str, reminders: Path, last_reminded: Path) -> str:
    """Return the hook for a shell, with the paths of its two files."""
    quote = _fish_quote if shell == "fish" else shlex.quote
    paths = {"@REMINDERS@": reminders, "@LAST_REMINDED@": last_reminded}
    template = Path(__file__).with_name(f"hook.{shell}").read_text(encoding="utf-8")
    # In one pass, so that a placeholder within a path is not replaced.
    return re.sub("|".join(paths), lambda match: quote(str(paths[match[0]].absolute())), template)


def _fish_quote(text: str) -> str:
    # Unlike in sh, a backslash is an escape inside fish's single quotes.
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
