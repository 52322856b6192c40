"""How a ritual talks to a person: what it may ask, whoever draws the question."""

from collections.abc import Callable, Sequence
from typing import Protocol

from valuelog.model.entry import Beneficiary, Effect


class Ask(Protocol):
    """Someone who can be asked. Every method may raise KeyboardInterrupt, and nothing is half-answered then."""

    def title(self, text: str, hint: str = "") -> None:
        """Say what the next answers are about."""

    def line(self, label: str = "", words: Sequence[str] = (), *, check: Callable[[str], object]) -> str:
        """Return one line, empty to go on; `words` complete what is typed.

        A line for which `check` raises BadInput is asked for again, with what is wrong.
        """

    def yes(self, question: str, *, default: bool = True) -> bool:
        """Return whether they agree."""

    def one(self, label: str, options: Sequence[str], default: int = 0) -> int:
        """Return the place of the one option that was chosen."""

    def several(self, label: str, options: Sequence[str], *, chosen: bool = False) -> tuple[int, ...]:
        """Return the places of the options that were chosen, maybe none; all are `chosen` until somebody says no."""


def option(text: str) -> str:
    """Write a text as one of several options, in which a tab would part it from an aside."""
    return text.replace("\t", " ")


def kept(saved: int, what: str) -> str:
    """Say what is saved of a ritual that somebody broke off: of an evening, of the talk about a week."""
    said = {0: "Nothing new was confirmed", 1: "1 answer is saved"}.get(saved, f"{saved} answers are saved")
    return f"Stopped. {said} for {what}."


def ways(ask: Ask) -> tuple[Effect, ...]:
    """Ask in which ways something works better; none is an answer."""
    effects = tuple(Effect)
    chosen = ask.several("in which way?", [effect.label for effect in effects])
    return tuple(effects[place] for place in chosen)


SPELLED = {Beneficiary.COWORKERS: "co-workers"}
"""How a person reads what is kept as one word."""


def whom(ask: Ask) -> tuple[Beneficiary, ...]:
    """Ask for whom; none is an answer."""
    everyone = tuple(Beneficiary)
    return tuple(everyone[place] for place in ask.several("for whom?", [SPELLED.get(one, one) for one in everyone]))
