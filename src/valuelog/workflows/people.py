"""Ask whether an unknown capitalized word in an answer about helping is a person, once for each word."""

from collections.abc import Callable, Collection

from valuelog.journal import days
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import MAX_NAME_LENGTH, normalize_names
from valuelog.model.people import find_capitalized_names
from valuelog.workflows.prompter import Prompter

PERSON_KEY = "person"
"""The key under which the words that were asked about are remembered."""

MAX_QUESTIONS = 2
"""How many words of one answer are asked about."""


def ask_people(
    journal: Journal, find_prompter: Callable[[], Prompter | None], text: str, people: Collection[str]
) -> tuple[tuple[str, ...], list[Change]]:
    """Return the names that are people according to the user, and the changes that remember what was asked.

    If a person is known already, nothing is asked.
    """
    if people:
        return (), []
    asked_names = days.list_asked_questions(journal, PERSON_KEY)
    unknown = {name: word for word in find_capitalized_names(text) for name in normalize_names([word])}
    names = [name for name in unknown if name not in asked_names and len(name) <= MAX_NAME_LENGTH][:MAX_QUESTIONS]
    prompter = find_prompter() if names else None
    if prompter is None:
        return (), []
    answers = {name: prompter.confirm(f"Is “{unknown[name]}” a person?", default=False) for name in names}
    marks = [days.asked_change(journal, PERSON_KEY, name) for name in answers]
    return tuple(name for name, is_person in answers.items() if is_person), marks
