"""The simulator's sentences for people, in the hall's two languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from config.texts import Texts

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("zh", "en")


@cache
def texts(language: str) -> Texts:
    """The sentences of this package in one language."""
    return Texts(LOCALE, language)


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English message with its fields, not yet put into a language."""

    message: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """Put it into a language."""
        return texts(language)(self.message, **self.fields)


def sentence(message: str, /, **fields: object) -> Sentence:
    """Note down a message: `sentence("no service '{name}'", name=...)`."""
    return Sentence(message, fields)
