"""Sentences for people, from gettext catalogues: English in the code, other languages in `<package>/locale/<lang>.po`.

The `.po` files are read as they are, so adding a language is adding one file; nothing is compiled at set-up.
"""

import gettext
from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"


class Texts:
    """The sentences of one package in one language: `texts("{n} people ahead", n=3)`."""

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        self._folder = folder

    @cached_property
    def _catalogue(self) -> gettext.NullTranslations:
        """Read at the first sentence: a start makes a dozen of these and says little."""
        if self.language == SOURCE_LANGUAGE:
            catalogue = gettext.NullTranslations()
        else:
            compiled = BytesIO()
            with (self._folder / f"{self.language}.po").open("rb") as source:
                write_mo(compiled, read_po(source, locale=self.language))
            compiled.seek(0)
            catalogue = gettext.GNUTranslations(compiled)
        return catalogue

    def fall_back_on(self, other: "Texts") -> None:
        """Take sentences that are not in this catalogue from another one."""
        self._catalogue.add_fallback(other._catalogue)

    def __call__(self, message: str, /, **fields: object) -> str:
        """Translate `message` and fill in its fields; an untranslated message stays English."""
        return self._catalogue.gettext(message).format(**fields)

    def plural(self, one: str, many: str, n: int, /, **fields: object) -> str:
        """Translate by count: `texts.plural("{n} person", "{n} people", 3)`."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **fields)
