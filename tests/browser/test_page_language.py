"""Which language a page takes, and the sentences scripts get."""

from pathlib import Path

import pytest
from werkzeug.datastructures import LanguageAccept

from config.pages import page_language, script_texts, sentences_of_scripts
from config.texts import Texts

NOTHING = LanguageAccept([])
ENGLISH = LanguageAccept([("en-GB", 1.0), ("zh", 0.5)])
FRENCH_THEN_ENGLISH = LanguageAccept([("fr", 1.0), ("en", 0.5)])


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "language"),
    [
        (None, None, NOTHING, "zh"),
        (None, None, ENGLISH, "en"),
        (None, None, FRENCH_THEN_ENGLISH, "en"),
        (None, None, LanguageAccept([("fr", 1.0)]), "zh"),
        (None, "zh", ENGLISH, "zh"),
        ("en", "zh", NOTHING, "en"),
        ("xx", "yy", NOTHING, "zh"),
    ],
)
def test_asked_then_remembered_then_the_browsers_then_the_halls(
    asked: str | None, remembered: str | None, accepted: LanguageAccept, language: str
) -> None:
    """The address wins over the cookie, the cookie over the browser, and the hall's first language is the default."""
    assert page_language(asked, remembered, accepted, ["zh", "en"]) == language


def test_scripts_get_their_sentences_with_open_fields(tmp_path: Path) -> None:
    """A script's sentences are found in it, translated, and their fields are left for the script to fill."""
    (tmp_path / "a.js").write_text('t("{n} ahead", { n }); t("Say \\"no\\""); nott("other");', encoding="utf-8")
    sentences = sentences_of_scripts(tmp_path)
    assert sentences == {"{n} ahead", 'Say "no"'}
    assert script_texts(sentences, Texts(tmp_path, "en")) == {"{n} ahead": "{n} ahead", 'Say "no"': 'Say "no"'}
