"""How shells ask what could stand at the cursor, how each wants its answer, and how it is told to ask.

Knows the three scripts and how each shell wants its answers; what there is to offer, `valuelog.cli.candidates` knows.
A script calls valuelog with the words before the cursor and the one at it. The first line of the answer says whether
`words` follow, one a line, or whether the name of a file is wanted.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from typer.completion import shell_completion  # type: ignore[attr-defined]  # Typer does not mean to hand it on

from valuelog.cli.candidates import FILES_MARKER
from valuelog.cli.hooks import SHELLS
from valuelog.render.escape import escape_line

COMPLETE_VARIABLE = "_VALUELOG_COMPLETE"
"""The variable in which a script names its shell."""


class Candidate(NamedTuple):
    """A word that could stand at the cursor, and what explains it."""

    word: str
    about: str


class _CompletionSearch(shell_completion.ShellComplete):
    """Typer's own search for what could stand somewhere. How it reads a shell's words and writes to it stays unused."""

    def source_vars(self) -> dict[str, Any]:
        return {}

    def get_completion_args(self) -> tuple[list[str], str]:
        return [], ""

    def format_completion(self, item: Any) -> str:  # noqa: ANN401  Typer's vendored types
        return str(item.value)


def read_script(shell: str) -> str:
    """Return what a shell has to read to complete valuelog."""
    return Path(__file__).with_name(f"complete.{shell}").read_text(encoding="utf-8")


def complete(command: Any, world: Any, shell: str, words: Sequence[str]) -> str:  # noqa: ANN401  Typer's vendored types
    """Answer a shell: what could stand in the place of the last word. One that is not known might run what it reads."""
    if shell not in SHELLS:
        return ""
    *before, typed = _rejoin_words(words) or [""]
    option, mark, _ = typed.partition("=") if typed.startswith("--") else ("", "", "")
    asked = _CompletionSearch(command, {"obj": world}, "valuelog", COMPLETE_VARIABLE)
    items = asked.get_completions(before, typed.lstrip("'\""))
    if any(str(item.value).endswith(FILES_MARKER) for item in items):
        return "files\n"
    found = [_to_candidate(item) for item in items]
    if mark and shell == "fish":  # it puts the whole word in, and the others what stands behind the =
        found = [Candidate(f"{option}={one.word}", one.about) for one in found]
    return "".join(f"{line}\n" for line in ("words", *_format_candidates(shell, found)))


def _rejoin_words(words: Sequence[str]) -> list[str]:
    """Return words as they were typed: bash makes three of one with an = in it."""
    whole: list[str] = []
    for word in words:
        if whole and whole[-1].startswith("--") and (word == "=" or whole[-1].endswith("=")):
            whole[-1] += word
        else:
            whole.append(word)
    return whole


def _to_candidate(item: Any) -> Candidate:  # noqa: ANN401  Typer's vendored types
    return Candidate(escape_line(str(item.value)), escape_line(item.help or ""))


def _format_candidates(shell: str, found: Sequence[Candidate]) -> Iterator[str]:
    match shell:
        case "zsh":
            for word, about in found:
                yield re.sub(r"([\\:])", r"\\\1", word) + (":" + about.replace("\\", r"\\") if about else "")
        case "fish":
            yield from (f"{word}\t{about}" if about else word for word, about in found)
        case _:
            yield from _format_for_bash(found)


def _format_for_bash(found: Sequence[Candidate]) -> Iterator[str]:
    """Write words for bash, which shows what it would put in: ids with their text as long as there are several."""
    from valuelog.journal.ids import ID_LENGTH, is_id_prefix  # noqa: PLC0415  only bash asks

    ids = len(found) > 1 and all(len(one.word) == ID_LENGTH and is_id_prefix(one.word) for one in found)
    yield from (f"{word}  {about}" if ids and about else word for word, about in found)
