"""Breaks a text into lines the way Chinese and English are broken. Pure; knows widths only through a function."""

import re
from collections.abc import Callable

#: A Latin word, a space, or one Chinese character, which may stand at a line's end or start like any other.
_WORDS = re.compile(r"[^\s\u2e80-\U0003ffff]+|\s|.")

#: Signs that must not start a line, and signs that must not end one.
NOT_FIRST = frozenset("，。、；：？！）】》」』〉〕”’…·,.;:?!)]%")
NOT_LAST = frozenset("（【《「『〈〔“‘([")

Measure = Callable[[str], float]


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Break `text` into lines not wider than `width`."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if not line and piece.isspace():
            continue
        if not line or measure((line + piece).rstrip()) <= width:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
        while line and measure(line) > width:
            head = _longest_head(line, width, measure)
            lines.append(head)
            line = line[len(head) :].lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def wrap_evenly(text: str, width: float, measure: Measure) -> list[str]:
    """Break `text` into as few lines, of lengths as equal, as possible; best before a bracket."""
    lines = wrap(text, width, measure)
    if len(lines) < 2:
        return lines
    if len(lines) == 2 and (bracket := text.find("（")) > 0:
        parts = [text[:bracket].rstrip(), text[bracket:]]
        if all(measure(part) <= width for part in parts):
            return parts
    low, high = width / len(lines), width
    while high - low > 1:
        middle = (low + high) / 2
        if len(wrap(text, middle, measure)) > len(lines):
            low = middle
        else:
            high = middle
    return wrap(text, high, measure)


def _pieces(text: str) -> list[str]:
    """Cut where a line may break: never before a closing sign, never behind an opening one."""
    pieces: list[str] = []
    for word in _WORDS.findall(text):
        glued = pieces and (word[0] in NOT_FIRST or pieces[-1][-1] in NOT_LAST)
        if glued and not pieces[-1].isspace() and not word.isspace():
            pieces[-1] += word
        else:
            pieces.append(word)
    return pieces


def _longest_head(word: str, width: float, measure: Measure) -> str:
    """The part of an over-long word that fits; one character at least."""
    length = 1
    while length < len(word) and measure(word[: length + 1]) <= width:
        length += 1
    return word[:length]
