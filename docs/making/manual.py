"""The man page, as roff: the same words as the reference, without a date or anything else that changes by itself."""

from collections.abc import Iterable, Iterator

from making.described import EXIT_CODES, Described, everywhere, panels, variables
from valuelog.cli.settings.sources import all_settings

FILES = (
    ("$XDG_DATA_HOME/valuelog/journal.db", "the journal; valuelog paths shows where it is"),
    ("$XDG_CONFIG_HOME/valuelog/config.toml", "the settings; valuelog config edit opens them"),
    ("$XDG_STATE_HOME/valuelog", "what the line at login says, and text that was half written"),
)
NAME = "a journal for the terminal that tells work from value"


def manual() -> str:
    """Return the man page."""
    whole = everywhere()
    return "\n".join(
        [
            '.TH VALUELOG 1 "" valuelog "User Commands"',
            ".SH NAME",
            rf"valuelog \- {_text(NAME)}",
            ".SH SYNOPSIS",
            _bold_name(f"valuelog [OPTIONS] {whole.usage.removeprefix('valuelog ')}"),
            ".SH DESCRIPTION",
            *_paragraphs(whole.about),
            *_examples(whole.examples),
            ".SH OPTIONS",
            *(line for block in whole.parameters for line in _terms(block.rows)),
            ".SH COMMANDS",
            *(line for panel, those in panels() for line in _panel(panel, those)),
            ".SH SETTINGS",
            *_terms((each.name, f"{each.about}; unless set: {each.to_text(each.default)}") for each in all_settings()),
            ".SH ENVIRONMENT",
            *_terms(variables()),
            ".SH FILES",
            *_terms(FILES),
            ".SH EXIT STATUS",
            *_terms((str(number), means) for number, means in EXIT_CODES),
            "",
        ]
    )


def _panel(title: str, those: Iterable[Described]) -> Iterator[str]:
    yield f".SS {_text(title)}"
    for place, each in enumerate(those):
        if place:
            yield ".PP"
        yield _bold_name(each.usage, len(each.name.split()))
        yield ".RS 4"
        yield from _paragraphs(each.about)
        yield from _examples(each.examples)
        yield from (line for block in each.parameters for line in _terms(block.rows))
        yield ".RE"


def _paragraphs(said: Iterable[str]) -> Iterator[str]:
    for place, paragraph in enumerate(said):
        if place:
            yield ".PP"
        yield _line(paragraph)


def _examples(examples: Iterable[str]) -> Iterator[str]:
    """Yield examples as they would be typed; nothing in them is filled or broken."""
    yield from (".PP", ".RS 4", ".nf", *map(_line, examples), ".fi", ".RE")


def _terms(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, said in rows:
        yield from (".TP", rf"\fB{_text(term)}\fR", _line(said))


def _bold_name(usage: str, words: int = 1) -> str:
    """Set the name of a command in bold, its arguments not."""
    name, rest = usage.split()[:words], usage.split()[words:]
    return " ".join([rf"\fB{_text(' '.join(name))}\fR", _text(" ".join(rest))]).rstrip()


def _line(said: str) -> str:
    """Return a line of text: one that begins like a request is none."""
    return rf"\&{_text(said)}" if said.startswith((".", "'")) else _text(said)


def _text(said: str) -> str:
    r"""Return text in which a backslash stays one, and a - is what is typed, no hyphen."""
    return said.replace("\\", r"\e").replace("-", r"\-")
