"""The man page in roff. It has no date, so that it changes only when the code does."""

from collections.abc import Iterable, Iterator

from making.command_docs import (
    EXIT_CODES,
    CommandDocs,
    environment_variables,
    panel_docs,
    root_docs,
)
from valuelog.cli.settings.sources import all_settings

FILES = (
    ("$XDG_DATA_HOME/valuelog/journal.db", "the journal; valuelog paths shows where it is"),
    ("$XDG_CONFIG_HOME/valuelog/config.toml", "the settings; valuelog config edit opens them"),
    ("$XDG_STATE_HOME/valuelog", "files for the line at login, and unfinished text from the editor"),
)
NAME = "a journal for the terminal that tells work from value"


def man_page() -> str:
    """Return the man page."""
    root = root_docs()
    return "\n".join(
        [
            '.TH VALUELOG 1 "" valuelog "User Commands"',
            ".SH NAME",
            rf"valuelog \- {_escape(NAME)}",
            ".SH SYNOPSIS",
            _usage(f"valuelog [OPTIONS] {root.usage.removeprefix('valuelog ')}"),
            ".SH DESCRIPTION",
            *_paragraphs(root.about),
            *_examples(root.examples),
            ".SH OPTIONS",
            *_parameters(root),
            ".SH COMMANDS",
            *(line for title, commands in panel_docs() for line in _panel(title, commands)),
            ".SH SETTINGS",
            *_terms((each.name, f"{each.about}; default: {each.to_text(each.default)}") for each in all_settings()),
            ".SH ENVIRONMENT",
            *_terms(environment_variables()),
            ".SH FILES",
            *_terms(FILES),
            ".SH EXIT STATUS",
            *_terms((str(number), meaning) for number, meaning in EXIT_CODES),
            "",
        ]
    )


def _panel(title: str, commands: Iterable[CommandDocs]) -> Iterator[str]:
    yield f".SS {_escape(title)}"
    for index, command in enumerate(commands):
        if index:
            yield ".PP"
        yield _usage(command.usage, len(command.name.split()))
        yield ".RS 4"
        yield from _paragraphs(command.about)
        yield from _examples(command.examples)
        yield from _parameters(command)
        yield ".RE"


def _parameters(command: CommandDocs) -> Iterator[str]:
    return (line for section in command.parameters for line in _terms(section.rows))


def _paragraphs(paragraphs: Iterable[str]) -> Iterator[str]:
    for index, paragraph in enumerate(paragraphs):
        if index:
            yield ".PP"
        yield _line(paragraph)


def _examples(examples: Iterable[str]) -> Iterator[str]:
    """Yield examples without filling, so that each stays on its line."""
    yield from (".PP", ".RS 4", ".nf", *map(_line, examples), ".fi", ".RE")


def _terms(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, description in rows:
        yield from (".TP", rf"\fB{_escape(term)}\fR", _line(description))


def _usage(usage: str, name_length: int = 1) -> str:
    """Return a usage line with the name of the command, its first words, in bold."""
    words = usage.split()
    name, arguments = " ".join(words[:name_length]), " ".join(words[name_length:])
    return rf"\fB{_escape(name)}\fR {_escape(arguments)}".rstrip()


def _line(text: str) -> str:
    """Return a line of text; a leading dot or quote is escaped, since roff would take the line for a request."""
    return rf"\&{_escape(text)}" if text.startswith((".", "'")) else _escape(text)


def _escape(text: str) -> str:
    r"""Escape backslashes, and hyphens, which roff would print as a typographic hyphen."""
    return text.replace("\\", r"\e").replace("-", r"\-")
