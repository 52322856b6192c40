"""Build the help of a command from its docstring and parameters."""

import inspect
from collections.abc import Iterable, Iterator
from itertools import groupby

from valuelog.cli.typer_internals import AnyCommand, AnyContext, AnyParameter
from valuelog.model.trade import trade_words
from valuelog.render.help import CommandHelp, HelpSection

EXAMPLE_PREFIX = "Example: "
"""Starts the paragraph of a docstring that holds the examples, separated by " · "."""


def build_help(command: AnyCommand, ctx: AnyContext) -> CommandHelp:
    """Return the help of a command."""
    paragraphs = split_paragraphs(command.help)
    return CommandHelp(
        usage=" ".join(["Usage:", ctx.command_path, *_usage_pieces(command)]),
        examples=parse_examples(command.help),
        about=tuple(one for one in paragraphs if not one.startswith(EXAMPLE_PREFIX)),
        subcommands=tuple(_command_sections(command)),
        parameters=tuple(section for section in _parameter_sections(command, ctx) if section.rows),
    )


def split_paragraphs(docstring: str | None) -> tuple[str, ...]:
    """Return the paragraphs of a docstring, each on one line."""
    return tuple(" ".join(part.split()) for part in inspect.cleandoc(docstring or "").split("\n\n"))


def parse_examples(docstring: str | None) -> tuple[str, ...]:
    """Return the examples in a docstring."""
    paragraphs = (one for one in split_paragraphs(docstring) if one.startswith(EXAMPLE_PREFIX))
    return tuple(example for one in paragraphs for example in one.removeprefix(EXAMPLE_PREFIX).split(" · "))


def usage_line(command: AnyCommand, path: str) -> str:
    """Return a command's path and its arguments, without options."""
    return " ".join([path, *_argument_metavars(command)])


def first_sentence(docstring: str | None) -> str:
    """Return the first sentence of a docstring."""
    first, dot, _ = split_paragraphs(docstring)[0].partition(". ")
    return first + dot.strip()


def format_metavar(parameter: AnyParameter) -> str:
    """Return the placeholder for the value of a parameter."""
    return str(parameter.metavar or str(parameter.name).upper())


def _argument_metavars(command: AnyCommand) -> Iterator[str]:
    return (format_metavar(one) for one in command.params if one.param_type_name == "argument")


def _usage_pieces(command: AnyCommand) -> Iterator[str]:
    yield "[OPTIONS]"
    yield from _argument_metavars(command)
    if hasattr(command, "commands"):
        yield "COMMAND …"


def _command_sections(command: AnyCommand) -> Iterator[HelpSection]:
    subcommands = getattr(command, "commands", {}).values()
    for panel, commands in groupby(subcommands, key=lambda one: one.rich_help_panel or "Commands"):
        yield HelpSection(title=panel, rows=tuple((one.name, first_sentence(one.help)) for one in commands))


def _parameter_sections(command: AnyCommand, ctx: AnyContext) -> Iterator[HelpSection]:
    shown = [one for one in command.get_params(ctx) if not getattr(one, "hidden", False)]
    yield _parameter_section("Arguments", [one for one in shown if one.param_type_name == "argument"])
    yield _parameter_section("Options", [one for one in shown if one.param_type_name == "option"])


def _parameter_section(title: str, parameters: Iterable[AnyParameter]) -> HelpSection:
    return HelpSection(title=title, rows=tuple((_format_names(one), _format_help(one)) for one in parameters))


def _format_names(parameter: AnyParameter) -> str:
    if parameter.param_type_name == "argument":
        return format_metavar(parameter)
    names = ", ".join(sorted(parameter.opts, key=len))
    negation = f" / {parameter.secondary_opts[0]}" if parameter.secondary_opts else ""
    return f"{names}{negation}" if parameter.is_flag else f"{names} {format_metavar(parameter)}"


def _format_help(parameter: AnyParameter) -> str:
    default = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    is_shown = parameter.show_default and isinstance(default, str | int) and not isinstance(default, bool)
    return f"{trade_words().fill_in(parameter.help or '')}{f' Default: {default}.' if is_shown else ''}"
