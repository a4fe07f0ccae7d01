"""The sentences of the notices, ready to be sent, in both languages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from config.texts import Texts

LOCALE = Path(__file__).parent / "locale"
ZH, EN = "zh", "en"

#: The five levels, in the wording of the State Council's 51 of 2019.
LEVELS = {
    5: "Very satisfied",
    4: "Satisfied",
    3: "Fairly satisfied",
    2: "Dissatisfied",
    1: "Very dissatisfied",
}
STEPS = {
    "transfer": "papers not signed for",
    "approval": "no answer",
    "promise": "promised papers missing",
    "result": "result not handed over",
    "collection": "result not fetched",
    "post": "result not posted",
    "delivery": "delivery not reported",
}


@cache
def texts(language: str) -> Texts:
    """The sentences of this package in a language."""
    return Texts(LOCALE, language)


class Both:
    """Words in both languages; what is said once of both is the same in each."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en

    @classmethod
    def of(cls, name: Mapping[str, str]) -> "Both":
        """A name of the hall file."""
        return cls(name[ZH], name[EN])

    @classmethod
    def said(cls, message: str, /, **fields: Any) -> "Both":
        """A sentence with its fields, of which each may be words in both languages."""
        return cls(*(texts(language)(message, **_in(language, fields)) for language in (ZH, EN)))

    @classmethod
    def said_of(cls, n: int, one: str, many: str, /, **fields: Any) -> "Both":
        """A sentence by count."""
        return cls(*(texts(language).plural(one, many, n, **_in(language, fields)) for language in (ZH, EN)))

    def pair(self, key: str) -> dict[str, str]:
        """As the fields `{key}` and `{key}_en`, like everywhere in the API."""
        return {key: self.zh, f"{key}_en": self.en}

    def then(self, more: "Both | None") -> "Both":
        """Followed by another sentence."""
        return self if more is None else Both(f"{self.zh}{more.zh}", f"{self.en} {more.en}")


def listed(names: tuple[str, ...]) -> Both:
    """Several names that are the same in both languages."""
    return Both("、".join(names), ", ".join(names))


def _in(language: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: (value.zh if language == ZH else value.en) if isinstance(value, Both) else value
        for name, value in fields.items()
    }
