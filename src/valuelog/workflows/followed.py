"""What pain points, projects and promises have in common."""

from collections.abc import Mapping
from typing import Any

from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import Stopped
from valuelog.model.text import first_line
from valuelog.workflows.prompter import Prompter


def clean_answers(answers: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the fields that answers set: an empty answer clears its field, None leaves it. Raises BadText."""
    return {field: clean_text(text) if text else None for field, text in answers.items() if text is not None}


def short_id(journal: Journal, entity_id: str) -> str:
    """Return the shortest prefix of an id that is unique."""
    return entity_id[: journal.prefix_lengths([entity_id])[entity_id]]


def ask_drop_reason(prompter: Prompter, text: str, command: str) -> str:
    """Ask why something is dropped; `command` drops it later. Raises Stopped."""
    try:
        return prompter.ask_text("why drop it?", validate=clean_text)
    except (KeyboardInterrupt, EOFError):
        raise stopped_while_open(text, f'Drop it with: {command} "…"') from None


def stopped_while_open(text: str, hint: str, *, has_answers: bool = False) -> Stopped:
    """Return the error for a user who stopped before something was closed."""
    saved = "; your answers are saved" if has_answers else ""
    return Stopped(f"Stopped. “{first_line(text)}” is still open{saved}.", hint)
