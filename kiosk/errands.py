"""What may happen and what is asked for on the ways beyond the plain ticket: items, card, check-in, help, rating.

Pure values; the rules stand in `kiosk/journeys/`. Nothing here ever holds a card's number or name.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.items import Guide, Item
from kiosk.people import Holder, RatingForm
from kiosk.scanner import Scanned
from kiosk.vouchers import VoucherCase


class Doing(StrEnum):
    """What a visitor is about, where pages are shared."""

    TICKET = "ticket"
    CHECK_IN = "check_in"
    HELP = "help"
    RATING = "rating"
    VOUCHER = "voucher"


# What may happen


@dataclass(frozen=True, slots=True)
class ItemsFound:
    """The server's answer to letters."""

    query: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class GuideSeen:
    """An item's guide came."""

    guide: Guide


@dataclass(frozen=True, slots=True)
class GuideMissing:
    """The guide cannot be had."""

    code: str


@dataclass(frozen=True, slots=True)
class HolderSeen:
    """A card was read, and the server says whose hand it is."""

    attempt: int
    holder: Holder


@dataclass(frozen=True, slots=True)
class CardTrouble:
    """No card was read: unplugged, timeout, unreadable, not_a_card; or server."""

    attempt: int
    kind: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took what an attempt sent it: a request for help, a rating."""

    attempt: int


@dataclass(frozen=True, slots=True)
class FormSeen:
    """The rating form came."""

    form: RatingForm


@dataclass(frozen=True, slots=True)
class FormMissing:
    """The rating form cannot be had, in both languages."""

    detail: str
    detail_zh: str


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """What became of the application whose voucher was scanned."""

    attempt: int
    case: VoucherCase


@dataclass(frozen=True, slots=True)
class SlipMoved:
    """The printer says how the slip is getting on, as a value of `Paper`."""

    paper: str


Errand = (
    ItemsFound
    | GuideSeen
    | GuideMissing
    | HolderSeen
    | CardTrouble
    | Scanned
    | Sent
    | FormSeen
    | FormMissing
    | CaseSeen
    | SlipMoved
)


# What the flow asks for


@dataclass(frozen=True, slots=True)
class FindItems:
    """Ask the server which items the letters mean."""

    query: str


@dataclass(frozen=True, slots=True)
class LoadGuide:
    """Ask for an item's guide."""

    code: str


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Wake the reader, read one card, and ask the server whose it is."""

    attempt: int


@dataclass(frozen=True, slots=True)
class StopReading:
    """Let the reader sleep."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Turn an appointment into a ticket; once, whatever happens on the way."""

    attempt: int
    language: str
    code: str | None = None
    token: str | None = field(default=None, repr=False)
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class AskHelp:
    """Call a guide."""

    attempt: int
    kind: str
    language: str
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class LoadForm:
    """Ask for the rating form."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Give a rating, once."""

    attempt: int
    number: str | None
    token: str | None = field(repr=False)
    level: int = 0
    points: tuple[str, ...] = ()
    #: Shows with the number that one holds the ticket; None with a token.
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SeeCase:
    """Ask what became of an application."""

    attempt: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Print an item's guide, or where it is done."""

    guide: Guide
    language: str


@dataclass(frozen=True, slots=True)
class CopyHeld:
    """Print a ticket again that this person already has."""

    attempt: int
    ticket: str


Wish = (
    FindItems
    | LoadGuide
    | ReadCard
    | StopReading
    | CheckIn
    | AskHelp
    | LoadForm
    | Rate
    | SeeCase
    | PrintSlip
    | CopyHeld
)
