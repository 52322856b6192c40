"""How a ritual talks to a person: what it may ask, whoever draws the question."""

from collections.abc import Callable, Sequence
from typing import Protocol

from valuelog.model.entry import Beneficiary, Effect


class Prompter(Protocol):
    """Someone who can be asked. Every method may raise KeyboardInterrupt, and nothing is half-answered then."""

    def show_heading(self, text: str, hint: str = "") -> None:
        """Say what the next answers are about."""

    def ask_text(self, label: str = "", words: Sequence[str] = (), *, check: Callable[[str], object]) -> str:
        """Return one line, empty to go on; `words` complete what is typed.

        A line for which `check` raises BadInput is asked for again, with what is wrong.
        """

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Return whether they agree."""

    def select_one(self, label: str, options: Sequence[str], default: int = 0) -> int:
        """Return the place of the one option that was chosen."""

    def select_many(self, label: str, options: Sequence[str], *, chosen: bool = False) -> tuple[int, ...]:
        """Return the places of the options that were chosen, maybe none; all are `chosen` until somebody says no."""


def format_option(text: str) -> str:
    """Write a text as one of several options, in which a tab would part it from an aside."""
    return text.replace("\t", " ")


def format_stopped_message(saved_count: int, subject: str) -> str:
    """Say what is saved of a ritual that somebody broke off: of an evening, of the talk about a week."""
    said = {0: "Nothing new was confirmed", 1: "1 answer is saved"}.get(saved_count, f"{saved_count} answers are saved")
    return f"Stopped. {said} for {subject}."


def ask_effects(prompter: Prompter) -> tuple[Effect, ...]:
    """Ask in which ways something works better; none is an answer."""
    effects = tuple(Effect)
    chosen = prompter.select_many("in which way?", [effect.label for effect in effects])
    return tuple(effects[place] for place in chosen)


BENEFICIARY_LABELS = {Beneficiary.COWORKERS: "co-workers"}
"""How a person reads what is kept as one word."""


def ask_beneficiaries(prompter: Prompter) -> tuple[Beneficiary, ...]:
    """Ask for whom; none is an answer."""
    everyone = tuple(Beneficiary)
    return tuple(
        everyone[place]
        for place in prompter.select_many("for whom?", [BENEFICIARY_LABELS.get(one, one) for one in everyone])
    )
