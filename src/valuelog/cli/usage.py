"""Usage errors: what is wrong with a command line, and the nearest command line that works."""

from collections.abc import Sequence

import typer

from valuelog.cli.help import format_metavar, usage_line
from valuelog.cli.typer_internals import AnyCommand, AnyContext, read_usage_error
from valuelog.model.errors import MAX_CHOICES_LISTED, BadInput
from valuelog.model.nearest import nearest_option, nearest_typo
from valuelog.model.text import quote, truncate_word

FORMAT_OPTIONS = "--json", "--plain"
"""Global options that apply to the bare command only; other commands have their own."""

NO_TYPOS = frozenset({"exit", "quit"})
"""Words that only look like a mistyped command."""


class UnknownCommand(BadInput):
    """A word that isn't a command."""

    def __init__(self, word: str, parent: str, known: tuple[str, ...]) -> None:
        """Suggest the nearest command below `parent`."""
        near = None if word in NO_TYPOS else nearest_typo(word, known)
        suggestion = f"Did you mean {near}? " if near else ""
        super().__init__(f"There is no command {quote(word)}.", f"{suggestion}See: {parent} --help")


class WrongUsage(BadInput):
    """A command line that Typer rejects: an unknown option, a missing argument, a missing or unexpected value."""

    def __init__(self, error: typer.TyperException, ctx: AnyContext) -> None:
        """Describe what Typer found while parsing the command of a context."""
        problem = read_usage_error(error)
        if problem.is_unknown_option:
            super().__init__(*_describe_unknown_option(str(problem.option), ctx))
        elif problem.option is not None:
            super().__init__(*_describe_value_count(problem.option, ctx))
        elif problem.missing is not None:
            super().__init__(f"Missing argument {format_metavar(problem.missing).strip('[]…')}.", _usage_hint(ctx))
        else:
            super().__init__(f"{problem.message.rstrip('.')}.", f"See: {ctx.command_path} --help")


class UnexpectedArguments(BadInput):
    """More arguments than the command takes."""

    def __init__(self, args: Sequence[str], ctx: AnyContext) -> None:
        """Quote them, and show the usage."""
        super().__init__(f"{quote(' '.join(args))} isn't expected here.", _usage_hint(ctx))


def misplaced_option_error(ctx: AnyContext, option: str) -> BadInput:
    """Return the error for --json or --plain before a subcommand."""
    name, command, _ = ctx.command.resolve_command(ctx, [ctx.invoked_subcommand])
    path = f"{ctx.command_path} {name}"
    options = _long_options(command)
    if option not in options:
        return BadInput(_no_option(option), _suggest_option(option, options, path))
    subcommand = " …" if hasattr(command, "commands") else ""
    return BadInput(f"{option} goes after the command.", f"Try: {path}{subcommand} {option}")


def _describe_unknown_option(name: str, ctx: AnyContext) -> tuple[str, str]:
    """Return the message and the hint, which also knows the options of the program."""
    root = ctx.find_root()
    options = _long_options(ctx.command)
    global_options = [each for each in _long_options(root.command) if each not in {*FORMAT_OPTIONS, *options}]
    if name in global_options:
        option = next(each for each in root.command.params if name in each.opts)
        return f"{name} needs a value.", f"{_usage_hint(ctx)} {name} {format_metavar(option)}"
    near = nearest_option(name, [*options, *global_options])
    if near in global_options:
        return _no_option(name), f"Did you mean {near}? See: {root.command_path} --help"
    return _no_option(name), _suggest_option(name, options, ctx.command_path)


def _no_option(name: str) -> str:
    return f"There is no option {truncate_word(name)}."


def _suggest_option(name: str, options: Sequence[str], path: str) -> str:
    """Return a hint with the nearest option, or with all of them if there are few."""
    if near := nearest_option(name, options):
        return f"Did you mean {near}? See: {path} --help"
    return f"See: {path} --help" if len(options) > MAX_CHOICES_LISTED else f"Choose from: {', '.join(options)}."


def _describe_value_count(name: str, ctx: AnyContext) -> tuple[str, str]:
    """Return the message and the hint for an option without its value, or a flag with one."""
    option = next(each for each in ctx.command.params if name in {*each.opts, *each.secondary_opts})
    hint = f"{_usage_hint(ctx)} {name}"
    if option.is_flag:
        return f"{name} doesn't take a value.", hint
    return f"{name} needs a value.", f"{hint} {format_metavar(option)}"


def _usage_hint(ctx: AnyContext) -> str:
    return f"Usage: {usage_line(ctx.command, ctx.command_path)}"


def _long_options(command: AnyCommand) -> list[str]:
    names = (name for option in command.params for name in (*option.opts, *option.secondary_opts))
    return [*(name for name in names if name.startswith("--")), "--help"]
