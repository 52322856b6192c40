"""Shell completion: the scripts for bash, zsh and fish, and the answers to them.

A script sets _VALUELOG_COMPLETE to its shell's name and calls valuelog with the words up to the cursor. The first line
of the answer is `words`, followed by one candidate a line, or `files` for the shell to complete a file name.
`valuelog.cli.candidates` knows the candidates.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from valuelog.cli.candidates import FILES_MARKER, SHELLS
from valuelog.cli.typer_internals import AnyCommand, CompletionItem, find_completions
from valuelog.model.trade import trade_words
from valuelog.render.escape import escape_line


class Candidate(NamedTuple):
    """A completion of the word at the cursor, and its description."""

    word: str
    about: str


def read_script(shell: str) -> str:
    """Return the completion script of a shell."""
    return Path(__file__).with_name(f"complete.{shell}").read_text(encoding="utf-8")


def complete(command: AnyCommand, world: object, shell: str, words: Sequence[str]) -> str:
    """Return the completions of the last word, in the form that a shell's script reads."""
    if shell not in SHELLS:  # an unknown shell might execute the answer
        return ""
    *before, typed = _rejoin_words(words) or [""]
    option, mark, _ = typed.partition("=") if typed.startswith("--") else ("", "", "")
    items = find_completions(command, world, before, typed.lstrip("'\""))
    if any(str(item.value).endswith(FILES_MARKER) for item in items):
        return "files\n"
    candidates = [_to_candidate(item) for item in items]
    if mark and shell == "fish":  # fish replaces the whole word, the others only what follows the =
        candidates = [Candidate(f"{option}={word}", about) for word, about in candidates]
    return "".join(f"{line}\n" for line in ("words", *_format_candidates(shell, candidates)))


def _rejoin_words(words: Sequence[str]) -> list[str]:
    """Join --option, = and value again, which bash splits."""
    whole: list[str] = []
    for word in words:
        if whole and whole[-1].startswith("--") and (word == "=" or whole[-1].endswith("=")):
            whole[-1] += word
        else:
            whole.append(word)
    return whole


def _to_candidate(item: CompletionItem) -> Candidate:
    return Candidate(escape_line(str(item.value)), escape_line(trade_words().fill_in(item.help or "")))


def _format_candidates(shell: str, candidates: Sequence[Candidate]) -> Iterator[str]:
    match shell:
        case "zsh":
            for word, about in candidates:
                yield re.sub(r"([\\:])", r"\\\1", word) + (":" + about.replace("\\", r"\\") if about else "")
        case "fish":
            yield from (f"{word}\t{about}" if about else word for word, about in candidates)
        case _:
            yield from _format_for_bash(candidates)


def _format_for_bash(candidates: Sequence[Candidate]) -> Iterator[str]:
    """Yield words for bash, which inserts what it shows: ids have their text only while there are several."""
    from valuelog.journal.ids import ID_LENGTH, is_id_prefix  # noqa: PLC0415  only for bash

    ids = len(candidates) > 1 and all(len(word) == ID_LENGTH and is_id_prefix(word) for word, _ in candidates)
    yield from (f"{word}  {about}" if ids and about else word for word, about in candidates)
