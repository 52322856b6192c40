"""Wrong usage: what the parser of command lines found, in our words, with the nearest right one."""

from collections.abc import Sequence
from typing import Any

from valuelog.cli.help import call, value
from valuelog.model.errors import MAX_CHOICES_LISTED, BadInput, UnknownChoice
from valuelog.model.nearest import did_you_mean, nearest_option
from valuelog.model.text import quote, truncate_word

FORMS = "--json", "--plain"
"""Options of the program for where no command follows: before one they say nothing."""

DIGITS = 3
"""A longer number was hardly meant to count anything."""


class UnknownCommand(BadInput):
    """A word that is no command."""

    def __init__(self, word: str, above: str, known: tuple[str, ...]) -> None:
        """Name the nearest command below the one `above`."""
        super().__init__(f"There is no command {quote(word)}.", f"{did_you_mean(word, known)}See: {above} --help")


def misplaced(ctx: Any, option: str) -> BadInput:  # noqa: ANN401  Typer's vendored context
    """Say of an option before a command that it stands behind it, or that the command has none such."""
    name, command, _ = ctx.command.resolve_command(ctx, [ctx.invoked_subcommand])
    path = f"{ctx.command_path} {name}"
    if option not in _options(command):
        return BadInput(*_no_option(option, _options(command), path))
    below = " …" if hasattr(command, "commands") else ""
    return BadInput(f"{option} stands behind the command.", f"Write: {path}{below} {option}")


def in_our_words(error: Any) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    """Say what the parser found, in one sentence, and what would be right."""
    context = getattr(error, "ctx", None)
    if context and hasattr(error, "possibilities"):
        return _unknown_option(error.option_name, context)
    if context and hasattr(error, "option_name"):
        return _lacking_or_overfull(error.option_name, context)
    if context and hasattr(error, "param_type"):
        said = f"{value(error.param).strip('[]…')} is missing."
        return said, f"Write: {call(context.command, context.command_path)}"
    if context and (unread := _unread(error) or _left_over(error)):
        return unread
    said = str(error.format_message() if hasattr(error, "format_message") else error).rstrip(".")
    return f"{said}.", f"See: {context.command_path if context else 'valuelog'} --help"


def _unknown_option(name: str, context: Any) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    """Name the nearest option; one of the program itself stands elsewhere."""
    own = _options(context.command)
    whole = [one for one in _options(context.find_root().command) if one not in {*FORMS, *own}]
    if name in whole:
        return f"{name} stands before the command.", f"Write: valuelog {name} …"
    near = nearest_option(name, [*own, *whole])
    if near in whole:
        return _no_option(name)[0], f"Did you mean {near}? It stands before the command: valuelog {near} …"
    return _no_option(name, own, context.command_path)


def _no_option(name: str, known: Sequence[str] = (), path: str = "") -> tuple[str, str]:
    """Say that a command has no such option; name the nearest one, or each if they are few."""
    near = nearest_option(name, known)
    see = f"Did you mean {near}? See: {path} --help" if near else f"See: {path} --help"
    return f"There is no option {truncate_word(name)}.", see if near or len(
        known
    ) > MAX_CHOICES_LISTED else f"Known: {', '.join(known)}."


def _lacking_or_overfull(name: str, context: Any) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    """Say of an option that it has no value and takes one, or the other way round."""
    option = next(one for one in context.command.params if name in {*one.opts, *one.secondary_opts})
    called = f"Write: {call(context.command, context.command_path)} {name}"
    if option.is_flag:
        return f"{name} takes no value.", called
    return f"{name} lacks its value.", f"{called} {value(option)}"


def _options(command: Any) -> list[str]:  # noqa: ANN401  Typer's vendored types
    every = (name for one in command.params for name in (*one.opts, *one.secondary_opts))
    return [*(name for name in every if name.startswith("--")), "--help"]


def _unread(error: Any) -> tuple[str, str] | None:  # noqa: ANN401  Typer's vendored types
    """Say what is wrong with the value of an option: none of its choices, or no number between its bounds."""
    written = _written(error)
    if written is None:
        return None
    kind = error.param.type
    option = max(error.param.opts, key=len)
    if hasattr(kind, "choices"):
        unknown = UnknownChoice(option, written, map(str, kind.choices))
        return unknown.message, unknown.hint
    if hasattr(kind, "min"):
        bounds = f" from {kind.min}" + (f" to {kind.max}" if kind.max is not None else "")
        return f"{option} {quote(written)}: that is no number{bounds}.", f"Write: {option} {kind.min}"
    return None


def _written(error: Any) -> str | None:  # noqa: ANN401  Typer's vendored types
    """Return what was written for the parameter that could not be read; none where nothing was."""
    parameter = getattr(error, "param", None)
    written = _parsed(error)[0].get(parameter.name) if parameter else None
    return written if isinstance(written, str) else None


def _left_over(error: Any) -> tuple[str, str] | None:  # noqa: ANN401  Typer's vendored types
    """Say which words have no place on the command line; a number was probably meant for the option that takes one."""
    words = _parsed(error)[1]
    called = call(error.ctx.command, error.ctx.command_path)
    said = f"There is no place for {quote(' '.join(words))}.", f"Write: {called}{_counted(error.ctx.command, words)}"
    return said if words else None


def _counted(command: Any, words: Sequence[str]) -> str:  # noqa: ANN401  Typer's vendored types
    """Write `3` or `3 weeks` with the one option that counts such things; nothing if there are none or several."""
    number, unit, *_ = (*words, "", "")
    counting = [max(one.opts, key=len) for one in command.params if hasattr(one.type, "min")]
    meant = [name for name in counting if name.lstrip("-").startswith(unit[:1])]
    return f" {meant[0]} {number}" if len(meant) == 1 and number.isdecimal() and len(number) <= DIGITS else ""


def _parsed(error: Any) -> tuple[dict[str, Any], list[str]]:  # noqa: ANN401  Typer's vendored types
    """Return the values and what is left of the words of a command line.

    They are parsed once more: the parser's own sentence has them in quotes of any sort.
    """
    if not hasattr(error, "words"):
        return {}, []
    values, rest, _ = error.ctx.command.make_parser(error.ctx).parse_args(list(error.words))
    return values, rest
