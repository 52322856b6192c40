"""The help of commands: read from their docstrings and parameters, opened by an example."""

import inspect
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from valuelog.render.help import CommandHelp, HelpSection

EXAMPLE_PREFIX = "Example: "
"""What the paragraph of a docstring that shows how it is done begins with; several stand with a dot between them."""


def build_help(command: Any, ctx: Any) -> CommandHelp:  # noqa: ANN401  Typer's vendored types
    """Return what the help of a command says."""
    paragraphs = split_paragraphs(command.help)
    return CommandHelp(
        usage=" ".join(["Usage:", ctx.command_path, *_usage_pieces(command)]),
        examples=parse_examples(command.help),
        about=tuple(one for one in paragraphs if not one.startswith(EXAMPLE_PREFIX)),
        subcommands=tuple(_command_blocks(command)),
        parameters=tuple(block for block in _parameter_blocks(command, ctx) if block.rows),
    )


def split_paragraphs(docstring: str | None) -> tuple[str, ...]:
    """Return the paragraphs of a docstring, each on one line."""
    return tuple(" ".join(part.split()) for part in inspect.cleandoc(docstring or "").split("\n\n"))


def parse_examples(docstring: str | None) -> tuple[str, ...]:
    """Return the examples that a docstring gives."""
    found = [one.removeprefix(EXAMPLE_PREFIX) for one in split_paragraphs(docstring) if one.startswith(EXAMPLE_PREFIX)]
    return tuple(example for one in found for example in one.split(" · "))


def usage_line(command: Any, path: str) -> str:  # noqa: ANN401  Typer's vendored types
    """Return how a command that is found at a path is written, without any option."""
    return " ".join([path, *_argument_metavars(command)])


def _argument_metavars(command: Any) -> Iterator[str]:  # noqa: ANN401  Typer's vendored types
    return (format_metavar(one) for one in command.params if one.param_type_name == "argument")


def _usage_pieces(command: Any) -> Iterator[str]:  # noqa: ANN401  Typer's vendored types
    yield "[OPTIONS]"
    yield from _argument_metavars(command)
    if hasattr(command, "commands"):
        yield "COMMAND …"


def _command_blocks(command: Any) -> Iterator[HelpSection]:  # noqa: ANN401  Typer's vendored types
    below = getattr(command, "commands", {}).values()
    for panel, commands in groupby(below, key=lambda one: one.rich_help_panel or "Commands"):
        yield HelpSection(title=panel, rows=tuple((one.name, first_sentence(one.help)) for one in commands))


def _parameter_blocks(command: Any, ctx: Any) -> Iterator[HelpSection]:  # noqa: ANN401  Typer's vendored types
    shown = [one for one in command.get_params(ctx) if not getattr(one, "hidden", False)]
    yield _parameter_block("Arguments", [one for one in shown if one.param_type_name == "argument"])
    yield _parameter_block("Options", [one for one in shown if one.param_type_name == "option"])


def _parameter_block(title: str, parameters: Iterable[Any]) -> HelpSection:
    return HelpSection(title=title, rows=tuple((_format_names(one), _format_help(one)) for one in parameters))


def first_sentence(docstring: str | None) -> str:
    """Return the first sentence of a docstring."""
    first, dot, _ = split_paragraphs(docstring)[0].partition(". ")
    return first + dot.strip()


def _format_names(parameter: Any) -> str:  # noqa: ANN401  Typer's vendored types
    if parameter.param_type_name == "argument":
        return format_metavar(parameter)
    names = ", ".join(sorted(parameter.opts, key=len))
    other = f" / {parameter.secondary_opts[0]}" if parameter.secondary_opts else ""
    return f"{names}{other}" if parameter.is_flag else f"{names} {format_metavar(parameter)}"


def format_metavar(parameter: Any) -> str:  # noqa: ANN401  Typer's vendored types
    """Return what stands for the value of a parameter."""
    if parameter.metavar:
        return str(parameter.metavar)
    if choices := getattr(parameter.type, "choices", None):
        return "|".join(map(str, choices))
    return "N" if parameter.type.name.startswith("int") else str(parameter.name).upper()


def _format_help(parameter: Any) -> str:  # noqa: ANN401  Typer's vendored types
    usual = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    told = parameter.show_default and isinstance(usual, str | int) and not isinstance(usual, bool)
    return f"{parameter.help or ''}{f' Usually {usual}.' if told else ''}"
