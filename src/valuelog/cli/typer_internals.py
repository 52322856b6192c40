"""The parts of Typer that it uses but doesn't export. Only this module knows them, for Typer 0.26 to 0.29.

Typer vendors Click and exports neither the classes of its contexts and parameters, nor those of its usage errors, nor
the search for completions. Its own completion scripts can't complete file names or show the texts of ids in bash.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import typer

AnyContext: TypeAlias = Any
AnyCommand: TypeAlias = Any
AnyParameter: TypeAlias = Any
CompletionItem: TypeAlias = Any


class UsageProblem(NamedTuple):
    """A usage error of Typer: its message, the option that it is about (as typed), the parameter without a value."""

    message: str
    option: str | None
    is_unknown_option: bool
    missing: AnyParameter | None


def read_usage_error(error: typer.TyperException) -> UsageProblem:
    """Return what Typer knows about a usage error; its unexported classes differ in their attributes."""
    return UsageProblem(
        message=error.format_message(),
        option=getattr(error, "option_name", None),
        is_unknown_option=hasattr(error, "possibilities"),
        missing=getattr(error, "param", None) if hasattr(error, "param_type") else None,
    )


def find_completions(command: AnyCommand, world: object, args: Sequence[str], incomplete: str) -> list[CompletionItem]:
    """Return Typer's completions of a word that follows some arguments."""
    from typer.completion import shell_completion  # type: ignore[attr-defined]  # noqa: PLC0415  only for completion

    class Search(shell_completion.ShellComplete):
        """Typer's search; the abstract methods, which talk to a shell, are not used."""

        def source_vars(self) -> dict[str, Any]:
            raise NotImplementedError

        def get_completion_args(self) -> tuple[list[str], str]:
            raise NotImplementedError

        def format_completion(self, item: CompletionItem) -> str:
            raise NotImplementedError

    return list(Search(command, {"obj": world}, "valuelog", "").get_completions(list(args), incomplete))
