"""Wrong usage: what the parser of command lines found, in our words, with the nearest right one."""

from collections.abc import Sequence
from typing import Any

from valuelog.cli.help import format_metavar, usage_line
from valuelog.model.errors import MAX_CHOICES_LISTED, BadInput, UnknownChoice
from valuelog.model.nearest import did_you_mean, nearest_option
from valuelog.model.text import quote, truncate_word

FORMAT_OPTIONS = "--json", "--plain"
"""Options of the program for where no command follows: before one they say nothing."""

MAX_COUNT_DIGITS = 3
"""A longer number was hardly meant to count anything."""


class UnknownCommand(BadInput):
    """A word that is no command."""

    def __init__(self, word: str, above: str, known: tuple[str, ...]) -> None:
        """Name the nearest command below the one `above`."""
        super().__init__(f"There is no command {quote(word)}.", f"{did_you_mean(word, known)}See: {above} --help")


def misplaced_option_error(ctx: Any, option: str) -> BadInput:  # noqa: ANN401  Typer's vendored context
    """Say of an option before a command that it stands behind it, or that the command has none such."""
    name, command, _ = ctx.command.resolve_command(ctx, [ctx.invoked_subcommand])
    path = f"{ctx.command_path} {name}"
    if option not in _long_options(command):
        return BadInput(*_describe_missing_option(option, _long_options(command), path))
    below = " …" if hasattr(command, "commands") else ""
    return BadInput(f"{option} stands behind the command.", f"Write: {path}{below} {option}")


def describe_usage_error(error: Any) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    """Say what the parser found, in one sentence, and what would be right."""
    context = getattr(error, "ctx", None)
    if context and hasattr(error, "possibilities"):
        return _describe_unknown_option(error.option_name, context)
    if context and hasattr(error, "option_name"):
        return _describe_value_count(error.option_name, context)
    if context and hasattr(error, "param_type"):
        said = f"{format_metavar(error.param).strip('[]…')} is missing."
        return said, f"Write: {usage_line(context.command, context.command_path)}"
    if context and (unread := _describe_bad_value(error) or _describe_extra_arguments(error)):
        return unread
    said = str(error.format_message() if hasattr(error, "format_message") else error).rstrip(".")
    return f"{said}.", f"See: {context.command_path if context else 'valuelog'} --help"


def _describe_unknown_option(name: str, context: Any) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    """Name the nearest option; one of the program itself stands elsewhere."""
    own = _long_options(context.command)
    whole = [one for one in _long_options(context.find_root().command) if one not in {*FORMAT_OPTIONS, *own}]
    if name in whole:
        return f"{name} stands before the command.", f"Write: valuelog {name} …"
    near = nearest_option(name, [*own, *whole])
    if near in whole:
        return _describe_missing_option(name)[
            0
        ], f"Did you mean {near}? It stands before the command: valuelog {near} …"
    return _describe_missing_option(name, own, context.command_path)


def _describe_missing_option(name: str, known: Sequence[str] = (), path: str = "") -> tuple[str, str]:
    """Say that a command has no such option; name the nearest one, or each if they are few."""
    near = nearest_option(name, known)
    see = f"Did you mean {near}? See: {path} --help" if near else f"See: {path} --help"
    return f"There is no option {truncate_word(name)}.", see if near or len(
        known
    ) > MAX_CHOICES_LISTED else f"Known: {', '.join(known)}."


def _describe_value_count(name: str, context: Any) -> tuple[str, str]:  # noqa: ANN401  Typer's vendored types
    """Say of an option that it has no value and takes one, or the other way round."""
    option = next(one for one in context.command.params if name in {*one.opts, *one.secondary_opts})
    called = f"Write: {usage_line(context.command, context.command_path)} {name}"
    if option.is_flag:
        return f"{name} takes no value.", called
    return f"{name} lacks its value.", f"{called} {format_metavar(option)}"


def _long_options(command: Any) -> list[str]:  # noqa: ANN401  Typer's vendored types
    every = (name for one in command.params for name in (*one.opts, *one.secondary_opts))
    return [*(name for name in every if name.startswith("--")), "--help"]


def _describe_bad_value(error: Any) -> tuple[str, str] | None:  # noqa: ANN401  Typer's vendored types
    """Say what is wrong with the value of an option: none of its choices, or no number between its bounds."""
    written = _raw_value(error)
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


def _raw_value(error: Any) -> str | None:  # noqa: ANN401  Typer's vendored types
    """Return what was written for the parameter that could not be read; none where nothing was."""
    parameter = getattr(error, "param", None)
    written = _reparse(error)[0].get(parameter.name) if parameter else None
    return written if isinstance(written, str) else None


def _describe_extra_arguments(error: Any) -> tuple[str, str] | None:  # noqa: ANN401  Typer's vendored types
    """Say which words have no place on the command line; a number was probably meant for the option that takes one."""
    words = _reparse(error)[1]
    called = usage_line(error.ctx.command, error.ctx.command_path)
    said = (
        f"There is no place for {quote(' '.join(words))}.",
        f"Write: {called}{_suggest_count_option(error.ctx.command, words)}",
    )
    return said if words else None


def _suggest_count_option(command: Any, words: Sequence[str]) -> str:  # noqa: ANN401  Typer's vendored types
    """Write `3` or `3 weeks` with the one option that counts such things; nothing if there are none or several."""
    number, unit, *_ = (*words, "", "")
    counting = [max(one.opts, key=len) for one in command.params if hasattr(one.type, "min")]
    meant = [name for name in counting if name.lstrip("-").startswith(unit[:1])]
    return f" {meant[0]} {number}" if len(meant) == 1 and number.isdecimal() and len(number) <= MAX_COUNT_DIGITS else ""


def _reparse(error: Any) -> tuple[dict[str, Any], list[str]]:  # noqa: ANN401  Typer's vendored types
    """Return the values and what is left of the words of a command line.

    They are parsed once more: the parser's own sentence has them in quotes of any sort.
    """
    if not hasattr(error, "words"):
        return {}, []
    values, rest, _ = error.ctx.command.make_parser(error.ctx).parse_args(list(error.words))
    return values, rest
