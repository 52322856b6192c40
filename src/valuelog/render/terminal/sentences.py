"""Value in your own words: each sentence with its facts to the right or below, and its evidence."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.analysis.review import MAX_SENTENCES, Review
from valuelog.analysis.sentences import Sentence
from valuelog.model.entry import Side
from valuelog.model.text import format_times
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, STRONG, VALUE
from valuelog.render.terminal.layout import COLUMN_GAP, justify, wrap_words
from valuelog.render.words import format_proven, list_facts

PROVEN_SIGN, CLAIMED_SIGN = "◆", "◇"
"""The signs of value with evidence that counts and without."""

SENTENCE_INDENT, EVIDENCE_INDENT = 4, 6
"""Indentation of a sentence, and of its evidence and facts below."""

MIN_TEXT_WIDTH = 12

MAX_LENGTH = 600
"""How many characters of a text are shown; `show` has all of them."""


def render_sentences(review: Review, width: int) -> Iterator[Text]:
    """Show how much is proven and the sentences: all of a week, and the first ones of a longer period."""
    if not review.sentences:
        return
    yield justify(Text("Better because of you", STRONG), Text(format_proven(review.score), DIM), width)
    shown = review.sentences if review.is_short else review.sentences[:MAX_SENTENCES]
    for sentence in shown:
        yield from _render_sentence(sentence, width)
    if more := len(review.sentences) - len(shown):
        command = f"valuelog list --side {Side.VALUE} {review.period.name}"
        yield Text(f"  and {more} more: {command}", DIM, overflow="fold")
    yield Text("")


def _render_sentence(sentence: Sentence, width: int) -> Iterator[Text]:
    """Show a sentence with its facts on the first line that has room for them, or below its evidence."""
    lines = [*_text_lines(sentence, width), *_evidence_lines(sentence, width)]
    facts = _format_facts(sentence)
    place = next((place for place, line in enumerate(lines) if _has_room(line, facts, width)), None)
    for number, line in enumerate(lines):
        yield justify(line, Text(facts, DIM), width) if number == place else line
    if place is None:
        yield from _below(facts, width)


def _has_room(line: Text, facts: str, width: int) -> bool:
    return line.cell_len + COLUMN_GAP + Text(facts).cell_len <= width


def _text_lines(sentence: Sentence, width: int) -> Iterator[Text]:
    sign = (PROVEN_SIGN if sentence.is_proven else CLAIMED_SIGN, VALUE)
    words = wrap_words(_shorten(sentence.entry.text), max(MIN_TEXT_WIDTH, width - SENTENCE_INDENT))
    for number, line in enumerate(words):
        yield Text.assemble(" " * SENTENCE_INDENT, line) if number else Text.assemble("  ", sign, " ", line)


def _evidence_lines(sentence: Sentence, width: int) -> Iterator[Text]:
    for evidence in sentence.evidence:
        yield from _below(evidence, width)


def _below(text: str, width: int) -> Iterator[Text]:
    for line in wrap_words(_shorten(text), max(MIN_TEXT_WIDTH, width - EVIDENCE_INDENT)):
        yield Text(" " * EVIDENCE_INDENT + line, DIM)


def _shorten(text: str) -> str:
    return escape_line(text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH].rstrip()}…")


def _format_facts(sentence: Sentence) -> str:
    times = [format_times(sentence.times)] if sentence.times > 1 else []
    return escape_line(" · ".join((*list_facts(sentence.entry), *times)))
