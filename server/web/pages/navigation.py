"""The pages of staff in one table, for the bar of pages, the start page's doors and the way home after signing in.

Who may open a page is not said again here: it is whoever may make the call that the page is for (`server/web/access.py`).
"""

from dataclasses import dataclass
from enum import StrEnum

from config.texts import Texts
from server.accounts import Person
from server.web.access import ACCESS, TOPIC_ACCESS, Caller

HOME = "/"


class Part(StrEnum):
    """What pages are for; the bar keeps those of a part together."""

    HALL = "hall"
    CASES = "cases"
    LEADING = "leading"
    SETTING_UP = "setting up"


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page: its name in the bar, its title and use on the start page, and the call it is for."""

    path: str
    part: Part
    short: str
    title: str
    use: str
    call: str
    #: Pages that are reached from this one and count as part of it.
    beneath: tuple[str, ...] = ()

    def is_for(self, who: Caller) -> bool:
        """Whether somebody may do there what the page is for."""
        return who.may(ACCESS[self.call])


#: In the order of the bar. Whoever signs in begins at the first page of the order that is for them.
PAGES = (
    StaffPage(
        "/manage",
        Part.HALL,
        "Whole hall",
        "Manager",
        "The whole hall live, figures of the day",
        "stats.today",
        beneath=("/zone/",),
    ),
    StaffPage("/window", Part.HALL, "Window", "Window console", "Call tickets at a window", "windows.call_next"),
    StaffPage(
        "/guide",
        Part.HALL,
        "Guides",
        "Guides' tablet",
        "Requests for help, and tickets for whoever cannot use the kiosk",
        "help.take",
    ),
    StaffPage(
        "/appointments",
        Part.HALL,
        "Appointments",
        "Appointments",
        "Who comes today, and booking for whoever phones",
        "appointments.appointments",
    ),
    StaffPage(
        "/runner",
        Part.CASES,
        "Runners",
        "Papers to be carried",
        "For runners: what lies at the windows, minutes left",
        "cases.take",
    ),
    StaffPage(
        "/department",
        Part.CASES,
        "Departments",
        "Back office of a department",
        "Sign for papers, decide, see what was handed out",
        "cases.sign",
    ),
    StaffPage(
        "/pickup",
        Part.CASES,
        "Pickup",
        "Pickup desk",
        "Scan the voucher, hand out or post results",
        "cases.hand_out",
    ),
    StaffPage(
        "/supervision",
        Part.LEADING,
        "Supervision",
        "Supervision of cases",
        "What is late and with whom, archive, couriers",
        "parcels.archive",
    ),
    StaffPage(
        "/thread",
        Part.LEADING,
        "Threads",
        "Thread of a ticket",
        "Everything that happened to one citizen, of any day",
        "threads.threads",
        beneath=("/thread/",),
    ),
    StaffPage(
        "/ledger",
        Part.LEADING,
        "Ledger",
        "Ledger of acceptances",
        "What was settled, monthly bulletin, items at one window",
        "ledger.ledger",
    ),
    StaffPage(
        "/orders",
        Part.LEADING,
        "Work orders",
        "Work orders",
        "Bad ratings: call back, mend, review",
        "orders.orders",
    ),
    StaffPage(
        "/matters",
        Part.LEADING,
        "Matters",
        "Matters and 12345",
        "What could not be done, complaints, suggestions",
        "matters.matters",
    ),
    StaffPage(
        "/hooks",
        Part.SETTING_UP,
        "Notices",
        "Notices and platform",
        "SMS and WeChat gateways, the provincial platform",
        "hooks.hooks",
    ),
    StaffPage(
        "/catalogue",
        Part.SETTING_UP,
        "Catalogue",
        "Catalogue",
        "Item lists, guides, authorisation letters",
        "catalogue.edit",
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the bar. `current` is the value of aria-current: of this page itself, or of one beneath it."""

    path: str
    text: str
    current: str | None
    begins_part: bool


def is_signed_in(who: Caller) -> bool:
    """Whether a person sits there; a tablet set up as a device is no person."""
    return isinstance(who.who, Person)


def doors(who: Caller) -> list[StaffPage]:
    """The pages for somebody; before signing in all of them, since each asks for it itself."""
    return [page for page in PAGES if not is_signed_in(who) or page.is_for(who)]


def sees_zones(who: Caller) -> bool:
    """Whether the zones' pages are for somebody, as `doors` says it."""
    return not is_signed_in(who) or who.may(TOPIC_ACCESS["zone"])


def bar(who: Caller, here: str, texts: Texts) -> list[Link]:
    """The bar of pages for whoever is signed in; a visitor has none."""
    if not is_signed_in(who):
        return []
    links = [Link(HOME, texts("Start"), _current(here, HOME), False)]
    part: Part | None = None
    for page in doors(who):
        links.append(Link(page.path, texts(page.short), _current(here, page.path, page.beneath), page.part is not part))
        part = page.part
    return links


def _current(here: str, path: str, beneath: tuple[str, ...] = ()) -> str | None:
    if here == path:
        return "page"
    return "true" if here.startswith(beneath) and beneath else None


def home_of(who: Caller) -> str:
    """Where somebody works."""
    return doors(who)[0].path if is_signed_in(who) and doors(who) else HOME
