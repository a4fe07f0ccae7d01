"""A call → the sentences to speak, by language.

Pure: no clock, no sound, no network. The wording is the hall file's (`phrases.call`); here stands only how numbers
are read: a ticket's digits one by one, a window's number as people count.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: How the digit 1 may be read in Chinese: 一, or 幺 as on the telephone.
ONE = "一"
ONE_ON_THE_TELEPHONE = "幺"

_ZH_DIGITS = "零一二三四五六七八九"
_EN_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EN_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What to say in which language."""

    language: str
    text: str


def call_sentences(
    call: Mapping[str, object], templates: Mapping[str, str], languages: Iterable[str], one: str = ONE
) -> tuple[Sentence, ...]:
    """The sentences of one call of the feed, Chinese first, in the languages the voice speaks.

    A template without a language is left out; `{number}` and `{window}` are filled in as they are read aloud.
    """
    wanted = [language for language in dict.fromkeys(languages) if templates.get(language)]
    wanted.sort(key=lambda language: language != "zh")
    return tuple(Sentence(language, _fill(templates[language], call, language, one)) for language in wanted)


def _fill(template: str, call: Mapping[str, object], language: str, one: str) -> str:
    name = call.get("window_name_en") if language == "en" else None
    window = str(name or call.get("window_name") or call.get("window") or "")
    # Not str.format: a brace in a window's name is a character, and one mistyped in the hall file must not mute a hall.
    spoken = {
        "number": spoken_number(str(call.get("number", "")), language, one),
        "window": spoken_name(window, language),
    }
    return re.sub(r"\{(number|window)\}", lambda field: spoken[field[1]], template)


def spoken_number(number: str, language: str, one: str = ONE) -> str:
    """A ticket's number as it is read: `A012` → `A零一二` (or `A零幺二`), `A zero one two`."""
    if language == "zh":
        return "".join(_zh_digit(sign, one) for sign in number.upper())
    if language == "en":
        return " ".join(_EN_DIGITS[int(sign)] if _is_digit(sign) else sign for sign in number.upper())
    return " ".join(number.upper())


def spoken_name(name: str, language: str) -> str:
    """A window's name as it is read: `3号窗口` → `三号窗口`, `Window 12` → `window twelve`."""
    if language == "zh":
        return re.sub(r"[0-9]+", lambda digits: _zh_count_or_digits(digits[0]), name)
    if language == "en":
        # In the middle of a sentence: "please go to window twelve".
        name = re.sub(r"^[A-Z](?=[a-z])", lambda letter: letter[0].lower(), name)
        return re.sub(r"[0-9]+", lambda digits: _en_count_or_digits(digits[0]), name)
    return name


def chinese_count(n: int) -> str:
    """0–9999 as people count: 12 → 十二, 102 → 一百零二, 110 → 一百一十."""
    if not 0 <= n <= 9999:
        raise ValueError(f"not a window's number: {n}")
    if n < 10:
        return _ZH_DIGITS[n]
    words, gap = "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // value % 10
        if digit:
            words += ("零" if gap else "") + _ZH_DIGITS[digit] + unit
            gap = False
        elif words:
            gap = True
    return words.removeprefix("一") if 10 <= n < 20 else words


def english_count(n: int) -> str:
    """0–9999 as people count: 12 → twelve, 102 → one hundred and two."""
    if not 0 <= n <= 9999:
        raise ValueError(f"not a window's number: {n}")
    if n < 10:
        return _EN_DIGITS[n]
    if n < 20:
        return _EN_TEENS[n - 10]
    if n < 100:
        return _EN_TENS[n // 10] + (f"-{_EN_DIGITS[n % 10]}" if n % 10 else "")
    value, unit = (1000, "thousand") if n >= 1000 else (100, "hundred")
    rest = n % value
    if not rest:
        return f"{english_count(n // value)} {unit}"
    return f"{english_count(n // value)} {unit} {'and ' if rest < 100 else ''}{english_count(rest)}"


def _is_digit(sign: str) -> bool:
    return sign in "0123456789"


def _zh_digit(sign: str, one: str) -> str:
    if sign == "1":
        return one
    return _ZH_DIGITS[int(sign)] if _is_digit(sign) else sign


def _zh_count_or_digits(digits: str) -> str:
    if len(digits) > 4 or (len(digits) > 1 and digits.startswith("0")):
        return "".join(_zh_digit(sign, ONE) for sign in digits)
    return chinese_count(int(digits))


def _en_count_or_digits(digits: str) -> str:
    if len(digits) > 4 or (len(digits) > 1 and digits.startswith("0")):
        return " ".join(_EN_DIGITS[int(sign)] for sign in digits)
    return english_count(int(digits))
