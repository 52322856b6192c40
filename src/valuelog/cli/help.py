"""The help of commands: read from their docstrings and parameters, opened by an example."""

import inspect
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from valuelog.render.help import Block, Help

EXAMPLE = "Example: "
"""What the paragraph of a docstring that shows how it is done begins with; several stand with a dot between them."""


def help_of(command: Any, ctx: Any) -> Help:  # noqa: ANN401  Typer's vendored types
    """Return what the help of a command says."""
    paragraphs = paragraphs_of(command.help)
    return Help(
        usage=" ".join(["Usage:", ctx.command_path, *_pieces(command)]),
        examples=examples_of(command.help),
        about=tuple(one for one in paragraphs if not one.startswith(EXAMPLE)),
        commands=tuple(_commands(command)),
        words=tuple(block for block in _words(command, ctx) if block.rows),
    )


def paragraphs_of(said: str | None) -> tuple[str, ...]:
    """Return the paragraphs of a docstring, each on one line."""
    return tuple(" ".join(part.split()) for part in inspect.cleandoc(said or "").split("\n\n"))


def examples_of(said: str | None) -> tuple[str, ...]:
    """Return the examples that a docstring gives."""
    found = [one.removeprefix(EXAMPLE) for one in paragraphs_of(said) if one.startswith(EXAMPLE)]
    return tuple(example for one in found for example in one.split(" · "))


def call(command: Any, path: str) -> str:  # noqa: ANN401  Typer's vendored types
    """Return how a command that is found at a path is written, without any option."""
    return " ".join([path, *_arguments(command)])


def _arguments(command: Any) -> Iterator[str]:  # noqa: ANN401  Typer's vendored types
    return (value(one) for one in command.params if one.param_type_name == "argument")


def _pieces(command: Any) -> Iterator[str]:  # noqa: ANN401  Typer's vendored types
    yield "[OPTIONS]"
    yield from _arguments(command)
    if hasattr(command, "commands"):
        yield "COMMAND …"


def _commands(command: Any) -> Iterator[Block]:  # noqa: ANN401  Typer's vendored types
    below = getattr(command, "commands", {}).values()
    for panel, commands in groupby(below, key=lambda one: one.rich_help_panel or "Commands"):
        yield Block(title=panel, rows=tuple((one.name, sentence(one.help)) for one in commands))


def _words(command: Any, ctx: Any) -> Iterator[Block]:  # noqa: ANN401  Typer's vendored types
    shown = [one for one in command.get_params(ctx) if not getattr(one, "hidden", False)]
    yield _block("Arguments", [one for one in shown if one.param_type_name == "argument"])
    yield _block("Options", [one for one in shown if one.param_type_name == "option"])


def _block(title: str, parameters: Iterable[Any]) -> Block:
    return Block(title=title, rows=tuple((_named(one), _meaning(one)) for one in parameters))


def sentence(said: str | None) -> str:
    """Return the first sentence of a docstring."""
    first, dot, _ = paragraphs_of(said)[0].partition(". ")
    return first + dot.strip()


def _named(parameter: Any) -> str:  # noqa: ANN401  Typer's vendored types
    if parameter.param_type_name == "argument":
        return value(parameter)
    names = ", ".join(sorted(parameter.opts, key=len))
    other = f" / {parameter.secondary_opts[0]}" if parameter.secondary_opts else ""
    return f"{names}{other}" if parameter.is_flag else f"{names} {value(parameter)}"


def value(parameter: Any) -> str:  # noqa: ANN401  Typer's vendored types
    """Return what stands for the value of a parameter."""
    if parameter.metavar:
        return str(parameter.metavar)
    if choices := getattr(parameter.type, "choices", None):
        return "|".join(map(str, choices))
    return "N" if parameter.type.name.startswith("int") else str(parameter.name).upper()


def _meaning(parameter: Any) -> str:  # noqa: ANN401  Typer's vendored types
    usual = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    told = parameter.show_default and isinstance(usual, str | int) and not isinstance(usual, bool)
    return f"{parameter.help or ''}{f' Usually {usual}.' if told else ''}"
