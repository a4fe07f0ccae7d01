"""The kiosk's state, what may happen to it and what it asks for: plain values.

Pure: no toolkit, no clock, no network. The rules stand in `flow.py`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.catalogue import Hall, Ticket
from kiosk.errands import Doing, Errand, Wish
from kiosk.items import Guide, Item
from kiosk.people import Holder, RatingForm
from kiosk.theme import Scale
from kiosk.vouchers import VoucherCase


class Screen(StrEnum):
    """The pages."""

    STARTING = "starting"
    HOME = "home"
    SERVICES = "services"
    SEARCH = "search"
    CONFIRM = "confirm"
    GROUPS = "groups"
    ISSUING = "issuing"
    TICKET = "ticket"
    REFUSED = "refused"
    SHUT = "shut"
    CLOSED = "closed"
    LOST = "lost"
    PIN = "pin"
    STAFF = "staff"
    # Items
    GUIDE = "guide"
    ONLINE = "online"
    # The card
    CONSENT = "consent"
    READING = "reading"
    WELCOME = "welcome"
    NO_CARD = "no_card"
    # Appointments, help, rating
    ARRIVAL = "arrival"
    HELP = "help"
    NUMBER = "number"
    RATING_CODE = "rating_code"
    LEVELS = "levels"
    POINTS = "points"
    SENDING = "sending"
    HELPED = "helped"
    THANKS = "thanks"
    # What became of an application
    CASE = "case"


class Target(StrEnum):
    """Everything that can be tapped."""

    # The control bar
    HOME = "home"
    LANGUAGE = "language"
    SCALE = "scale"
    CONTRAST = "contrast"
    LOW = "low"
    VOICE = "voice"
    # The pages
    BACK = "back"
    PREVIOUS = "previous"
    NEXT = "next"
    AGAIN = "again"
    ZONE = "zone"
    SEARCH = "search"
    SERVICE = "service"
    KEY = "key"
    ERASE = "erase"
    PRIORITY = "priority"
    GROUP = "group"
    CONFIRM = "confirm"
    DONE = "done"
    REPRINT = "reprint"
    # The idle warning
    STAY = "stay"
    LEAVE = "leave"
    # Staff
    CORNER = "corner"
    ENTER = "enter"
    EXIT = "exit"
    # Items
    ITEM = "item"
    TAKE = "take"
    ANYWAY = "anyway"
    SLIP = "slip"
    # The card
    AGREE = "agree"
    WITHOUT = "without"
    RETRY = "retry"
    OPTION = "option"
    CARD = "card"
    # Appointments, help, rating
    ARRIVE = "arrive"
    HELP = "help"
    HELP_KIND = "help_kind"
    RATE = "rate"
    NUMBER = "number"
    LEVEL = "level"
    POINT = "point"
    SEND = "send"
    # A voucher
    COLLECT = "collect"


class Paper(StrEnum):
    """What became of the printed ticket, as the citizen needs to know it."""

    NONE = "none"
    PRINTING = "printing"
    PRINTED = "printed"
    #: The printer does not print yet (no paper, open, cut off) and is tried again.
    LATE = "late"
    #: It will not print by itself any more.
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Prefs:
    """What one visitor has chosen for eyes, ears and reach; gone with them."""

    language: str = "zh"
    scale: Scale = Scale.NORMAL
    has_high_contrast: bool = False
    has_low_controls: bool = False
    has_voice: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """The staff exit: taps in the corner, figures typed, failures. Survives a visitor's reset."""

    corner_at: tuple[float, ...] = ()
    typed: str = ""
    is_checking: bool = False
    failures: int = 0
    locked_until: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """Everything the kiosk shows follows from this."""

    screen: Screen = Screen.STARTING
    hall: Hall | None = None
    prefs: Prefs = Prefs()
    zone: str | None = None
    service: str | None = None
    group: str | None = None
    query: str = ""
    page: int = 0
    came_from: Screen = Screen.HOME
    attempt: int = 0
    ticket: Ticket | None = None
    paper: Paper = Paper.NONE
    refusal: str = ""
    refusal_zh: str = ""
    is_online: bool = False
    lost_at: float | None = None
    #: The server does not know this kiosk.
    is_refused: bool = False
    entered_at: float = 0.0
    touched_at: float = 0.0
    warned_at: float | None = None
    last_tap: tuple[str, str] = ("", "")
    last_tap_at: float = float("-inf")
    spoken_again: int = 0
    staff: Staff = Staff()
    doing: Doing = Doing.TICKET
    #: What the server found, and for which letters.
    items: tuple[Item, ...] = ()
    items_for: str = ""
    item: Item | None = None
    guide: Guide | None = None
    is_guide_missing: bool = False
    slip: Paper = Paper.NONE
    holder: Holder | None = None
    #: The visitor goes on without a card.
    is_without_card: bool = False
    card_trouble: str = ""
    #: A booking code or a ticket's number, as typed; a ticket's or voucher's token, as scanned.
    typed: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    #: The rating code of the ticket, as typed.
    code: str = field(default="", repr=False)
    form: RatingForm | None = None
    case: VoucherCase | None = None
    #: Nothing is ever chosen beforehand (A1.2).
    level: int | None = None
    points: tuple[str, ...] = ()


# What may happen


@dataclass(frozen=True, slots=True)
class Tap:
    """A finger was lifted from a target."""

    target: Target
    value: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """The glass was touched anywhere; somebody is there."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class HallSeen:
    """The server gave the hall as it is now."""

    hall: Hall


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The server cannot be heard."""


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """The server answers, but does not know this kiosk: its id or its token is wrong."""


@dataclass(frozen=True, slots=True)
class LinkBack:
    """The server is heard again."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The server gave a ticket for an attempt."""

    attempt: int
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Recovered:
    """A ticket was found whose answer or paper was lost when the kiosk fell over a moment ago."""

    ticket: Ticket
    #: Whether it was surely never handed to the printer.
    needs_paper: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The server refused an attempt, in both languages."""

    attempt: int
    detail: str
    detail_zh: str


@dataclass(frozen=True, slots=True)
class PaperMoved:
    """The printer says how a ticket is getting on."""

    ticket_id: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The figures typed were right or wrong."""

    is_right: bool


Event = (
    Tap
    | Touched
    | Tick
    | HallSeen
    | LinkLost
    | LinkRefused
    | LinkBack
    | Issued
    | Recovered
    | Refused
    | PaperMoved
    | PinChecked
    | Errand
)


# What the flow asks for


@dataclass(frozen=True, slots=True)
class IssueTicket:
    """Take a ticket; once, whatever happens on the way."""

    attempt: int
    service: str
    group: str | None
    language: str
    item: str | None = None
    #: The handle of the person whose card was read.
    holder: str | None = None
    #: The token of a voucher; the server knows the service.
    voucher: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Abandon:
    """Nobody waits for this attempt any more; what comes of it must not stay in the queue."""

    attempt: int


@dataclass(frozen=True, slots=True)
class PrintTicket:
    """Print a ticket that has been issued."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Reprint:
    """Print the same ticket again, marked as a copy."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Taken:
    """The visitor has the ticket; nothing of it need be kept here."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Compare the figures typed with the kiosk's exit PIN."""

    typed: str


@dataclass(frozen=True, slots=True)
class NotePinFailures:
    """Keep the number of failures, so that a restart does not give five new tries."""

    failures: int


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the program."""


Command = IssueTicket | Abandon | PrintTicket | Reprint | Taken | CheckPin | NotePinFailures | Quit | Wish
