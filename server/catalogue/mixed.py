"""Names typed in a mix of characters, full pinyin and initials: `社会bx`, `shehuibx`, `shebao卡` (Y3). Pure.

Every word an item is found by is spelled out, each sign followed by its letters: `社She会Hui保Bao险Xian`. What people
typed becomes a pattern over all of these lines at once: after a letter comes the next of the same syllable, or, where
the syllable or its initial (one letter, or zh, ch, sh) is said, the next sign. One pass over 5,000 items takes a few
milliseconds; the full text finds all that is not mixed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from server.catalogue.spelling import is_chinese, spelled_signs

#: Longer than anybody types; bounds the work that a strange question can make.
LETTERS_MAX = 32
_OTHER = r"[^A-Za-z0-9\n]"
#: From the end of what was said of a syllable to the next sign.
_ON = r"(?:(?<=[A-Z])[a-z0-9]*|(?<=[ZCS]h)[a-z0-9]*)?"


def spelled(words: Iterable[str]) -> str:
    """Each word on a line of its own, every sign followed by its letters, the first of them large."""
    return "\n".join("".join(sign + letters.capitalize() for sign, letters in spelled_signs(word)) for word in words)


def pattern_of(word: str) -> re.Pattern[str] | None:
    """What was typed as a pattern; None if the full text finds all there is: characters only, or two letters."""
    signs = [sign for sign in word.lower().replace("ü", "v") if is_chinese(sign) or (sign.isascii() and sign.isalnum())]
    chinese = sum(map(is_chinese, signs))
    if len(signs) > LETTERS_MAX or chinese == len(signs) or (not chinese and len(signs) < 3):
        return None
    parts: list[str] = []
    before = ""
    for sign in signs:
        parts.append(_step(before, sign))
        before = sign
    return re.compile("".join(parts))


def _step(before: str, sign: str) -> str:
    large = sign.upper()
    if is_chinese(sign):
        return sign if not before else (f"[A-Za-z0-9]*{sign}" if is_chinese(before) else f"{_ON}{sign}")
    if not before:
        return large
    if is_chinese(before):
        return f"[A-Za-z0-9]*{_OTHER}{large}"
    return f"(?:{sign}|{_ON}{_OTHER}{large})"


@dataclass(frozen=True, slots=True)
class Spelled:
    """The spelled words of all items in one text, with the item of each line."""

    text: str
    starts: tuple[int, ...]
    items: tuple[int, ...]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str]]) -> "Spelled":
        """From each item's id and lines."""
        lines: list[str] = []
        starts: list[int] = []
        items: list[int] = []
        at = 0
        for item, text in rows:
            for line in text.split("\n"):
                lines.append(line)
                starts.append(at)
                items.append(item)
                at += len(line) + 1
        return cls("\n".join(lines), tuple(starts), tuple(items))

    def find(self, word: str) -> dict[int, bool]:
        """The items that are spelled so, and of each whether one of its words begins so."""
        pattern = pattern_of(word)
        found: dict[int, bool] = {}
        if pattern is None:
            return found
        for match in pattern.finditer(self.text):
            line = bisect_right(self.starts, match.start()) - 1
            item = self.items[line]
            found[item] = found.get(item, False) or match.start() - self.starts[line] <= 1
        return found
