"""Numbers of ID cards: whether one can be right, and what it says of its holder's birth. Pure; nothing is kept here.

Resident cards and the residence permits of people from Hong Kong, Macau and Taiwan (their numbers begin with 81, 82,
83) have 18 signs with a check sign by ISO 7064 MOD 11-2 (GB 11643-1999); so has the foreigner's permanent residence
card of 2023, which begins with 9. The one before it has 15: nationality, place, birth with a two-figure year, and two.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_EIGHTEEN = re.compile(r"[1-9]\d{16}[\dX]")
_FIFTEEN = re.compile(r"[A-Z]{3}\d{12}")
_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
_CHECK_SIGNS = "10X98765432"
#: Nobody older stands in a hall.
_OLDEST_YEARS = 130


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A number that can be right. `birth` is None where the number does not tell the century."""

    number: str
    birth: date | None


def tidy(text: str) -> str:
    """A number as machines and people write it → as it is: plain figures, a capital X, no blanks."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def check_sign(first_17: str) -> str:
    """The 18th sign of a number."""
    return _CHECK_SIGNS[sum(int(figure) * weight for figure, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def read_number(text: str, today: date) -> CardNumber | None:
    """The card number in a text, or None if it cannot be one: wrong check sign, a birth that never was or is to come."""
    number = tidy(text)
    if _EIGHTEEN.fullmatch(number) and check_sign(number[:17]) == number[17]:
        birth = _date(number[6:14])
        if birth is not None and birth <= today and today.year - birth.year <= _OLDEST_YEARS:
            return CardNumber(number, birth)
    if _FIFTEEN.fullmatch(number) and any(_date(century + number[7:13]) for century in ("19", "20")):
        return CardNumber(number, None)
    return None


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def age_on(birth: date, today: date) -> int:
    """Full years; who was born on 29 February is a year older from 1 March on in a year without that day."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
