"""Read answers of the evening and the weekly talk from a file or stdin, one JSON object per line."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from valuelog.cli.entry_options import parse_impact, parse_kind, parse_names
from valuelog.cli.files import read_text
from valuelog.cli.settings.questions import kinds_by_question
from valuelog.cli.world import World
from valuelog.model.entry import MAX_MINUTES, Kind, clean_text, parse_minutes
from valuelog.model.errors import BadInput, BadMinutes, UnknownChoice
from valuelog.model.question import EVIDENCE, PAIN_POINT
from valuelog.model.trade import trade_words
from valuelog.questions.catalogue import PROMISE_KINDS
from valuelog.workflows.answers import Answer
from valuelog.workflows.entries import build_entry
from valuelog.workflows.pains import build_pain

EVENING_EXAMPLE = '{"kind": "helped", "text": "@sam runs the release"}'
TALK_EXAMPLE = '{"question": "keep", "of": "m7"}'

PAIN_KEYS = ("seen", "new")
"""Keys for pain points only: the id of the known one that was seen again, or true for a new one."""

ANSWER_KEYS = ("question", "text", "target")
"""The id of the question, and of the earlier result that an answer is evidence for."""

EVENING_KEYS = (
    "kind", *ANSWER_KEYS, "minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence", "impact",
    *PAIN_KEYS,
)  # fmt: skip
TALK_KEYS = ("question", "answer", "of")

Record = Mapping[str, Any]


class InvalidAnswer(BadInput):
    """A line of an answers file is not an answer. Nothing was saved."""

    def __init__(self, line: int, reason: str, example: str) -> None:
        """Name the line and the reason, and show a valid line."""
        super().__init__(f"Line {line} of the answers: {reason}", f"Nothing was saved. A line looks like {example}.")


def read_evening_answers(world: World, name: str, day: date) -> list[Answer]:
    """Read the answers of an evening from a file, or from stdin if it is `-`.

    Raises InvalidAnswer for the first invalid line, or BadText or ValuelogError if the file cannot be read.
    """
    text, now = read_text(name, world.stdin), world.now()
    kinds = kinds_by_question(world.settings)
    return _parse_lines(
        text, EVENING_KEYS, EVENING_EXAMPLE, lambda record: _parse_evening_record(record, day, now, kinds)
    )


def read_talk_answers(world: World, name: str) -> list[Answer]:
    """Read the answers of a weekly talk from a file, or from stdin if it is `-`. Raises like read_evening_answers."""
    text, day = read_text(name, world.stdin), world.today()
    return _parse_lines(text, TALK_KEYS, TALK_EXAMPLE, lambda record: _parse_talk_record(record, day))


def _parse_lines(text: str, keys: tuple[str, ...], example: str, parse: Callable[[Record], Answer]) -> list[Answer]:
    answers = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                answers.append(parse(_parse_record(line, keys)))
            except BadInput as error:
                raise InvalidAnswer(number, f"{error.message} {error.hint}".strip(), example) from error
    if not answers:
        raise InvalidAnswer(1, "there are no answers.", example)
    return answers


def _parse_record(line: str, keys: tuple[str, ...]) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput("not valid JSON.", "") from error
    if not isinstance(record, Mapping):
        raise BadInput("expected a JSON object.", "")
    for key in record:
        if key not in keys:
            raise UnknownChoice("key", str(key), keys)
    return record


def _parse_evening_record(record: Record, day: date, now: datetime, kinds: Mapping[str, Kind | str]) -> Answer:
    question, kind = _parse_question(record, kinds)
    if kind == EVIDENCE or kind in PROMISE_KINDS:
        return _parse_plain_answer(record, day, kind, question)
    target_id, is_new_pain = _get_text(record, "seen"), _get_bool(record, "new")
    effects = map(trade_words().effects.parse, _get_strings(record, "effects"))
    beneficiaries = map(trade_words().beneficiaries.parse, _get_strings(record, "beneficiaries"))
    if kind != PAIN_POINT and (is_new_pain or target_id is not None):
        raise BadInput("“seen” and “new” are only for pain points.", "Leave them out.")
    if is_new_pain and target_id is not None:
        raise BadInput("“seen” and “new” exclude each other.", "Choose one.")
    answer = Answer(
        kind=kind,
        text=clean_text(_get_text(record, "text") or ""),
        day=day,
        minutes=_get_minutes(record),
        people=parse_names("person", _get_strings(record, "people")),
        tags=parse_names("tag", _get_strings(record, "tags")),
        project=_get_text(record, "project"),
        effects=tuple(dict.fromkeys(effects)),
        beneficiaries=tuple(dict.fromkeys(beneficiaries)),
        evidence=clean_text(evidence) if (evidence := _get_text(record, "evidence")) else None,
        impact=parse_impact(impact) if (impact := _get_text(record, "impact")) else None,
        question=question,
        target_id=target_id,
        is_new_pain=is_new_pain,
        is_from_file=True,
    )
    if not answer.is_skipped:
        _validate(answer, now)
    return answer


def _parse_question(record: Record, kinds: Mapping[str, Kind | str]) -> tuple[str | None, Kind | str]:
    """Return the id of the question, if there is one, and what the answer becomes: its own kind, or the question's."""
    question, word = _get_text(record, "question"), _get_text(record, "kind")
    if question is not None and question not in kinds:
        raise UnknownChoice("question", question, tuple(kinds))
    kind = parse_kind(word or "") if word is not None or question is None else kinds[question]
    if kind == EVIDENCE and not _get_text(record, "target"):
        kind = Kind.INSIGHT
    if kind != EVIDENCE and record.get("target") is not None:
        raise BadInput("“target” is only for a question about an earlier result.", "Leave it out.")
    return question, kind


def _parse_plain_answer(record: Record, day: date, kind: str, question: str | None) -> Answer:
    """Return an answer that becomes a promise or evidence, which have a text and no other fields."""
    if others := [key for key in record if key not in ANSWER_KEYS]:
        raise BadInput(f"“{others[0]}” is only for entries.", "Leave it out.")
    text = clean_text(_get_text(record, "text") or "")
    target_id = _get_text(record, "target")
    return Answer(kind=kind, text=text, day=day, question=question, target_id=target_id, is_from_file=True)


def _validate(answer: Answer, now: datetime) -> None:
    """Raise BadInput if an answer cannot become an entry or a pain point, while its line number is still known."""
    if answer.kind == PAIN_POINT:
        build_pain(answer, now)
    else:
        build_entry(answer, now)


def _parse_talk_record(record: Record, day: date) -> Answer:
    from valuelog.workflows.weekly_talk import ANSWERABLE_QUESTIONS, STATE_BY_OUTCOME  # noqa: PLC0415  not for an evening

    texts = {key: _get_text(record, key) or "" for key in TALK_KEYS}
    if texts["question"] not in ANSWERABLE_QUESTIONS:
        raise UnknownChoice("question", texts["question"], ANSWERABLE_QUESTIONS)
    answer = Answer(
        kind=texts["question"], text=texts["answer"], day=day, target_id=texts["of"] or None, is_from_file=True
    )
    if answer.kind not in STATE_BY_OUTCOME:
        clean_text(answer.text)
    elif not answer.target_id:
        raise BadInput(f"add “of” with the id of the promise to {answer.kind}.", "")
    return answer


def _get_text(record: Record, key: str) -> str | None:
    value = record.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"“{key}” must be text.", "")
    return value


def _get_bool(record: Record, key: str) -> bool:
    value = record.get(key) or False
    if not isinstance(value, bool):
        raise BadInput(f"“{key}” must be true or false.", "")
    return value


def _get_strings(record: Record, key: str) -> list[str]:
    value = record.get(key) or []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise BadInput(f"“{key}” must be a list of words.", "")
    return value


def _get_minutes(record: Record) -> int | None:
    value = record.get("minutes")
    if value is None:
        return None
    if isinstance(value, str):
        return parse_minutes(value)
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_MINUTES:
        raise BadMinutes(str(record["minutes"]))
    return value
