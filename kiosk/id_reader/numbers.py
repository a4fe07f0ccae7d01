"""Numbers of identity cards: the check digit, and what kind and birthday they tell. Pure.

GB 11643: seventeen digits and a check character (ISO 7064 MOD 11-2). 81, 82 and 83 in front are 港澳台居民居住证, 9 is the
foreigner's card of 2023; that of 2017 has three letters and twelve digits.
"""

import re
from datetime import date

from kiosk.id_reader.card import CardKind
from server.id_numbers import check_sign

EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
FOREIGN_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
HMT_PREFIXES = ("81", "82", "83")
FOREIGN_PREFIX = "9"


def is_number(number: str) -> bool:
    """Whether this is a card's number, the check digit right."""
    if EIGHTEEN.fullmatch(number):
        return check_sign(number[:17]) == number[17]
    return FOREIGN_2017.fullmatch(number) is not None


def kind_of(number: str) -> CardKind:
    """The kind that a number tells."""
    if number.startswith(HMT_PREFIXES):
        return CardKind.HMT
    if number.startswith(FOREIGN_PREFIX) or number[0].isalpha():
        return CardKind.FOREIGN
    return CardKind.RESIDENT


def day(text: str) -> date | None:
    """Read `YYYYMMDD`; nothing when it is none."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def birth_of(number: str) -> date | None:
    """The birthday in an eighteen-digit number. The cards of 2017 tell only two digits of the year."""
    return day(number[6:14]) if len(number) == 18 else None
