"""How an item is found by what people type: single characters, full pinyin, initials, Latin words. Pure.

The index has, for every place in a text where a word may begin, the letters from there on: `shenfenzheng fenzheng
zheng` and `sfz fz z` for 身份证. A prefix of one of these is then a hit in the middle of a long official name too.
"""

import re
from functools import lru_cache
from typing import Any

#: Letters kept from each place on; nobody types more.
DEPTH = 24
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]+|[A-Za-z0-9üÜ]+")


def spaced(text: str) -> str:
    """The text with every Chinese character a word of its own, so that any piece of it can be found."""
    return " ".join(_CHINESE.sub(lambda sign: f" {sign[0]} ", text.lower()).split())


def _syllables(text: str) -> tuple[str, ...]:
    return tuple(letters for _, letters in spelled_signs(text) if letters)


def _apart(rest: str) -> Any:
    """Signs that have no letters, one by one, so that each sign of a text keeps its place."""
    return list(rest)


def full_pinyin(text: str) -> str:
    """Every beginning in full letters; the first is the whole text's."""
    said = _syllables(text)
    return " ".join("".join(said[at : at + DEPTH])[:DEPTH] for at in range(len(said)))


def initials(text: str) -> str:
    """Every beginning in first letters."""
    first = "".join(syllable[0] for syllable in _syllables(text))
    return " ".join(first[at : at + DEPTH] for at in range(len(first)))


def is_chinese(sign: str) -> bool:
    """Whether it is a Chinese character."""
    return bool(_CHINESE.match(sign))


@lru_cache(maxsize=32_768)
def spelled_signs(text: str) -> tuple[tuple[str, str], ...]:
    """Every Chinese character with its letters, and every Latin word with itself behind a dot; other signs are left out.

    A character that nobody can spell has no letters.
    """
    # Here and not above: its dictionaries take half a second, and a start that finds its index made needs none.
    from pypinyin import Style, lazy_pinyin

    said = lazy_pinyin(text, style=Style.NORMAL, errors=_apart, v_to_u=False)
    if len(said) != len(text):  # never seen; better found by characters only than by another's letters
        said = [""] * len(text)
    found: list[tuple[str, str]] = []
    for at, sign in enumerate(text):
        if is_chinese(sign):
            found.append((sign, said[at].lower() if said[at] != sign else ""))
        elif sign.isascii() and sign.isalnum():
            if at and text[at - 1].isascii() and text[at - 1].isalnum():
                found[-1] = (found[-1][0], found[-1][1] + sign.lower())
            else:
                found.append(("·", sign.lower()))
    return tuple(found)


def match_of(query: str) -> str:
    """What people typed as an FTS5 question: all words must be there. Empty if nothing can be looked for."""
    asked = []
    for word in query.split():
        runs = _RUN.findall(word)
        if runs and all(run.isascii() or "ü" in run.lower() for run in runs):
            # "she bao", "she-bao" and a code with dashes.
            runs = ["".join(runs), *([] if len(runs) == 1 else [" ".join(runs)])]
            asked.append("(" + " OR ".join(_letters(run) for run in runs) + ")")
        else:
            asked += [_characters(run) if _CHINESE.match(run) else _letters(run) for run in runs]
    if len(asked) > 1 and all(part.startswith("(") for part in asked):
        together = "".join(_RUN.findall(query))
        return f"({' AND '.join(asked)}) OR {_letters(together)}"
    return " AND ".join(asked)


def _characters(run: str) -> str:
    return f'{{chars keys department_chars}} : "{" ".join(run)}"'


def _letters(run: str) -> str:
    plain = run.lower().replace("ü", "v")
    return f'{{pinyin initials chars keys department_chars}} : "{plain}" *'
