"""What the browser pages of several programs share: choosing a language, and giving scripts their sentences.

Knows no server and no hall; the pages themselves belong to the programs.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Formatter

from werkzeug.datastructures import LanguageAccept

from config.texts import Texts

_SENTENCE_IN_SCRIPT = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')


def page_language(asked: str | None, remembered: str | None, accepted: LanguageAccept, languages: Sequence[str]) -> str:
    """Choose a page's language: the one asked for, the one remembered, the browser's; the hall's first otherwise."""
    for wish in (asked, remembered):
        if wish is not None and wish in languages:
            return wish
    for wish, _quality in accepted:
        primary = wish.split("-")[0].lower()
        if primary in languages:
            return primary
    return languages[0]


def sentences_of_scripts(scripts: Path) -> set[str]:
    """The English sentences that the scripts of a folder translate with `t("…")`."""
    return {
        sentence.replace('\\"', '"')
        for script in sorted(scripts.glob("*.js"))
        for sentence in _SENTENCE_IN_SCRIPT.findall(script.read_text(encoding="utf-8"))
    }


def script_texts(sentences: set[str], texts: Texts) -> Mapping[str, str]:
    """Those sentences in one language, fields left open: `{"{n} ahead": "前面{n}人"}`."""
    return {
        sentence: texts(sentence, **{name: "{" + name + "}" for _, name, _, _ in Formatter().parse(sentence) if name})
        for sentence in sorted(sentences)
    }
