"""Wrong usage: what the parser of command lines found, in our words, with the nearest right one."""

from typing import Any

from valuelog.model.errors import BadInput, UnknownWord
from valuelog.model.nearest import guess


class UnknownCommand(BadInput):
    """A word that is no command."""

    def __init__(self, word: str, above: str, known: tuple[str, ...]) -> None:
        """Name the nearest command below the one `above`."""
        super().__init__(f"There is no command “{word}”.", f"{guess(word, known)}See: {above} --help")


def in_our_words(error: Any) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    """Say what the parser found, in one sentence, and what would be right."""
    context = getattr(error, "ctx", None)
    see = f"See: {context.command_path if context else 'valuelog'} --help"
    said = str(error.format_message() if hasattr(error, "format_message") else error).rstrip(".")
    if hasattr(error, "possibilities"):
        return _unknown_option(error.option_name, context, see)
    if kind := getattr(getattr(error, "param", None), "type", None):
        return _unread(error, kind) or (f"{said}.", see)
    return said if said.endswith("?") else f"{said}.", see


def _unknown_option(name: str, context: Any, see: str) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    """Name the nearest option; one of the program itself stands elsewhere."""
    own, whole = (_options(one.command) if one else [] for one in (context, context and context.find_root()))
    if name in whole:
        return f"{name} stands before the command.", f"Write: valuelog {name} …"
    return f"There is no option {name}.", f"{guess(name, own)}{see}"


def _options(command: Any) -> list[str]:  # noqa: ANN401  Typer's vendored types
    every = (name for one in command.params for name in (*one.opts, *one.secondary_opts))
    return [*(name for name in every if name.startswith("--")), "--help"]


def _unread(error: Any, kind: Any) -> tuple[str, str] | None:  # noqa: ANN401  Typer's vendored types
    """Say what is wrong with the value of an option: none of its choices, or no number between its bounds."""
    option = max(error.param.opts, key=len)
    value = _written(error)
    if value is not None and hasattr(kind, "choices"):
        unknown = UnknownWord(option, value, map(str, kind.choices))
        return unknown.message, unknown.hint
    if value is not None and hasattr(kind, "min"):
        bounds = f" from {kind.min}" + (f" to {kind.max}" if kind.max is not None else "")
        return f"{option} “{value}”: that is no number{bounds}.", f"Write: {option} {kind.min}"
    return None


def _written(error: Any) -> str | None:  # noqa: ANN401  Typer's vendored types
    """Return what was written for the parameter that could not be read; none where nothing was.

    The words of the command line are parsed once more: the parser's own sentence has it in quotes of any sort.
    """
    if not hasattr(error, "words"):
        return None
    values, *_ = error.ctx.command.make_parser(error.ctx).parse_args(list(error.words))
    value = values.get(error.param.name)
    return value if isinstance(value, str) else None
