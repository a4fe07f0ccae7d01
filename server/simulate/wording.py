"""The simulator's sentences for people, in the hall's two languages."""

import argparse
from collections.abc import Mapping, Sequence
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


def language_wished(arguments: Sequence[str]) -> str:
    """The language asked for, before the command line is read: its own help speaks it too."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", default=LANGUAGES[0])
    known, _rest = early.parse_known_args(list(arguments))
    return known.language if known.language in LANGUAGES else LANGUAGES[0]
