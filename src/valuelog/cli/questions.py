"""Which questions the evening asks, as the settings want it."""

from datetime import date

from valuelog.cli.settings import BadSetting, Settings
from valuelog.model.errors import UnknownChoice
from valuelog.model.question import Question
from valuelog.model.text import quote
from valuelog.questions.catalogue import ROTATING, Wishes, catalogue, evening, fixed_ids


def questions_for(day: date, settings: Settings) -> tuple[Question, ...]:
    """Return the questions of an evening. Raises BadSetting for a question that does not exist."""
    wishes = Wishes(
        questions=settings["evening.questions"],
        off=frozenset(settings["evening.off"]),
        wording=settings["evening.ask"],
        own=settings["evening.own"],
    )
    _validate(settings, wishes)
    return evening(day, wishes)


def enabled_question_ids(settings: Settings) -> tuple[str, ...]:
    """Return the ids of the questions that evenings ask: all, unless some were chosen."""
    chosen: tuple[str, ...] | None = settings["evening.questions"]
    return fixed_ids() if chosen is None else chosen


def _validate(settings: Settings, wishes: Wishes) -> None:
    own = tuple(prompt.id for prompt in wishes.own)
    every = (*(prompt.id for prompt in catalogue()), *own)
    for name, said, known in (
        ("evening.questions", wishes.questions or (), (*fixed_ids(), *own)),
        ("evening.off", wishes.off, tuple(dict.fromkeys((*fixed_ids(), *every)))),
        ("evening.ask", wishes.wording, every),
    ):
        for word in said:
            if word not in known:
                unknown = UnknownChoice("question", word, known)
                raise BadSetting(settings.resolved[name].origin, f"{name}: {unknown.message} {unknown.hint}")
    for word in own:
        if own.count(word) > 1 or word in {ROTATING, *(prompt.id for prompt in catalogue())}:
            where = settings.resolved["evening.own"].origin
            raise BadSetting(where, f"evening.own: there is a question {quote(word)} already; choose another id")
