"""The words of the user's trade for who benefits, and for how something is better.

Entries, exports and `--json` have keys, such as `customers`. A `Vocabulary` knows the word that people read for each.
The words of the settings are in use while a command runs, like a language; nothing has to pass them on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import NamedTuple

from valuelog.model.entry import Beneficiary, Effect
from valuelog.model.errors import BadInput, UnknownChoice
from valuelog.model.text import quote

ARTICLE = "the "
"""Left out where a word is an option: the company is “company” in a list of options."""


class AmbiguousWord(BadInput):
    """The beginning of several words."""

    def __init__(self, word: str, choices: Iterable[str]) -> None:
        """Name the words that it could be."""
        super().__init__(f"{quote(word)} could be {_join_with_or(choices)}.", "Write more of it.")


def _join_with_or(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


class Vocabulary(NamedTuple):
    """The keys of a field with their words: those of valuelog, and the user's, which win.

    `what` names a key in errors.
    """

    what: str
    defaults: Mapping[str, str]
    own: Mapping[str, str] = MappingProxyType({})

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key to choose from: those of valuelog first, then new ones in the order of the settings."""
        return tuple(dict.fromkeys((*self.defaults, *self.own)))

    def word(self, key: str) -> str:
        """Return the word for a key in a sentence; for a key without one, the key: more reliable."""
        return self.own.get(key) or self.defaults.get(key) or key.replace("-", " ")

    def option(self, key: str) -> str:
        """Return the word for a key in a list of options."""
        return self.word(key).removeprefix(ARTICLE)

    def choice(self, key: str) -> str:
        """Return what to type for a key: the user's word as one word, or the key."""
        return "-".join(self.option(key).split()) if key in self.own else key

    def parse(self, text: str) -> str:
        """Return the key that a word, a key or the beginning of one names. Raises AmbiguousWord or UnknownChoice.

        The beginning of a word wins over that of a key, because words are what is shown.
        """
        typed = _fold(text)
        words, keys = ({key: _fold(name(key)) for key in self.keys} for name in (self.word, str))
        exact = [key for key in self.keys if typed in {words[key], keys[key]}]
        by_beginning = ([key for key, name in names.items() if name.startswith(typed)] for names in (words, keys))
        found = exact or next(filter(None, by_beginning), []) if typed else []
        if not found:
            raise UnknownChoice(self.what, text, map(self.choice, self.keys))
        if len(found) > 1:
            raise AmbiguousWord(text, map(self.choice, found))
        return found[0]

    def sort(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return keys in the order of `keys`, each once; unknown ones follow in alphabetical order."""
        used = set(keys)
        return (*(key for key in self.keys if key in used), *sorted(used.difference(self.keys)))

    def with_own(self, own: Mapping[str, str]) -> "Vocabulary":
        """Return the vocabulary with the user's words. Raises ValueError if a word could mean two keys."""
        vocabulary = Vocabulary(self.what, self.defaults, own)
        taken: dict[str, str] = {}
        for key in vocabulary.keys:
            for name in {_fold(key), _fold(vocabulary.word(key))}:
                if (other := taken.setdefault(name, key)) != key:
                    raise ValueError(f"{quote(vocabulary.word(key))} could be {other} or {key}; use another word")
        return vocabulary


def _fold(text: str) -> str:
    """Return a text without case, article, spaces and hyphens, so that coworkers and Co-Workers are equal."""
    words = text.casefold().replace("-", " ").split()
    return "".join(words[1:] if words[:1] == [ARTICLE.strip()] and words[1:] else words)


class TradeWords(NamedTuple):
    """Both vocabularies."""

    beneficiaries: Vocabulary
    effects: Vocabulary

    def fill_in(self, text: str) -> str:
        """Return a help text with what can be chosen in place of {beneficiaries} and {effects}."""
        for name, vocabulary in self._asdict().items():
            text = text.replace(f"{{{name}}}", ", ".join(map(vocabulary.choice, vocabulary.keys)))
        return text


_BENEFICIARIES: Mapping[str, str] = {
    Beneficiary.COWORKERS: "co-workers",
    Beneficiary.CUSTOMERS: "customers",
    Beneficiary.COMPANY: "the company",
}

_EFFECTS: Mapping[str, str] = {effect: effect.replace("-", " ") for effect in Effect}

DEFAULT_WORDS = TradeWords(Vocabulary("beneficiary", _BENEFICIARIES), Vocabulary("effect", _EFFECTS))

_load: ContextVar[Callable[[], TradeWords]] = ContextVar("trade_words", default=lambda: DEFAULT_WORDS)


def trade_words() -> TradeWords:
    """Return the words in use."""
    return _load.get()()


@contextmanager
def use_trade_words(load: Callable[[], TradeWords]) -> Iterator[None]:
    """Use the words that `load` returns; it is called when a word is needed, which many commands never do."""
    token = _load.set(load)
    try:
        yield
    finally:
        _load.reset(token)
