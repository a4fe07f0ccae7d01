"""Who may call what: one table, deny by default. A view that is not in it refuses everybody.

Also the proof of identity: `Authorization: Bearer` for programs and devices, a cookie for browsers.
"""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import Request, g, request

from server.accounts import Device, DeviceKind, Person, Role
from server.web.problems import Problem
from server.web.site import Site

COOKIE = "chaoxi"
#: Of a browser that is a device: a tablet set up as evaluator.
DEVICE_COOKIE = "chaoxi_device"

CLERK, SUPERVISOR, MANAGER, ADMIN, GUIDE = Role.CLERK, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN, Role.GUIDE
RUNNER, DEPARTMENT = Role.RUNNER, Role.DEPARTMENT
KIOSK, BOARD, KEYPAD, PRINTER = DeviceKind.KIOSK, DeviceKind.BOARD, DeviceKind.KEYPAD, DeviceKind.PRINTER
EVALUATOR, PLATFORM = DeviceKind.EVALUATOR, DeviceKind.PLATFORM
#: Who works in the hall itself.
STAFF: frozenset[Role | DeviceKind] = frozenset({CLERK, SUPERVISOR, MANAGER, ADMIN, GUIDE})
#: Who has to do with cases: also those who carry papers and those who decide.
OFFICE: frozenset[Role | DeviceKind] = STAFF | {RUNNER, DEPARTMENT}
LEADERS: frozenset[Role | DeviceKind] = frozenset({SUPERVISOR, MANAGER, ADMIN})
#: Anyone, signed in or not.
ANYONE: None = None

#: A guide has no window.
AT_WINDOW = (STAFF - {GUIDE}) | {KEYPAD}

ACCESS: dict[str, frozenset[Role | DeviceKind] | None] = {
    "hall.hall": ANYONE,
    "catalogue.items": ANYONE,
    "catalogue.item": ANYONE,
    "catalogue.departments": ANYONE,
    "catalogue.edit": frozenset({ADMIN}),
    "catalogue.remove": frozenset({ADMIN}),
    "lists.catalogue": frozenset({ADMIN}),
    "lists.preview": frozenset({ADMIN}),
    "lists.import": frozenset({ADMIN}),
    "lists.export": frozenset({ADMIN}),
    "lists.template": frozenset({ADMIN}),
    "lists.changes": frozenset({ADMIN}),
    "lists.rows": frozenset({ADMIN}),
    "letters.letters": frozenset({ADMIN}),
    "letters.enter": frozenset({ADMIN}),
    "letters.remove": frozenset({ADMIN}),
    "platform.platform": LEADERS | {PLATFORM},
    "platform.milestones": frozenset({PLATFORM}),
    "platform.retry": frozenset({ADMIN}),
    "platform.resend": frozenset({ADMIN}),
    "hooks.hooks": frozenset({ADMIN}),
    "hooks.test": frozenset({ADMIN}),
    "hooks.failed": frozenset({ADMIN}),
    "hooks.resend": frozenset({ADMIN}),
    "tickets.issue": STAFF | {KIOSK},
    "tickets.ticket": STAFF | {KIOSK},
    "tickets.cancel": STAFF | {KIOSK},
    "tickets.reprint": STAFF | {KIOSK},
    "tickets.print_state": frozenset({KIOSK, PRINTER}),
    # Nobody rates the work of his own hall (P6): staff have no way in.
    "tickets.rating": frozenset({KIOSK}),
    "holders.holders": STAFF | {KIOSK},
    "holders.forget": STAFF | {KIOSK},
    "ratings.rating_form": ANYONE,
    "ratings.ratings": frozenset({KIOSK}),
    "ratings.evaluator": frozenset({EVALUATOR}),
    "ratings.rating": frozenset({EVALUATOR}),
    "ratings.ask": AT_WINDOW,
    "ratings.pair": LEADERS,
    "ratings.stats": LEADERS,
    "ratings.stats_csv": LEADERS,
    "orders.orders": LEADERS,
    "orders.order": LEADERS,
    "orders.callback": LEADERS,
    "orders.mend": LEADERS,
    "orders.close": LEADERS,
    "orders.exclude": LEADERS,
    "orders.judge": LEADERS,
    "matters.matters": STAFF,
    "matters.form": STAFF,
    "matters.matter": STAFF,
    "matters.record": STAFF,
    "matters.settle": STAFF,
    # A whole list of names and phone numbers is not for every desk (A3).
    "matters.export": LEADERS,
    "help.ask": STAFF | {KIOSK},
    "help.requests": STAFF,
    "help.take": STAFF,
    "help.end": STAFF,
    "ledger.ledger": LEADERS,
    "ledger.acceptance": LEADERS,
    "threads.threads": LEADERS,
    "threads.thread": LEADERS,
    "threads.thread_xlsx": LEADERS,
    "cases.cases": OFFICE,
    "cases.cases_overview": OFFICE,
    "cases.form": OFFICE,
    "cases.case": OFFICE,
    "cases.voucher": OFFICE,
    # Whose department and which window, the call itself looks at (server/web/api/case_rights.py).
    "cases.take": LEADERS | {RUNNER},
    "cases.sign": LEADERS | {DEPARTMENT},
    "cases.papers": LEADERS | {CLERK, DEPARTMENT},
    "cases.pause": LEADERS | {DEPARTMENT},
    "cases.go_on": LEADERS | {DEPARTMENT},
    "cases.answer": LEADERS | {DEPARTMENT},
    "cases.result": LEADERS | {CLERK},
    "cases.give_back": LEADERS | {CLERK},
    "cases.post": LEADERS | {CLERK},
    "cases.delivered": LEADERS | {CLERK},
    "cases.hand_out": LEADERS | {CLERK},
    "cases.withdraw": LEADERS | {CLERK},
    "parcels.parcels": LEADERS | {CLERK, DEPARTMENT},
    "parcels.receive": LEADERS | {CLERK},
    "parcels.sort": LEADERS | {CLERK},
    "parcels.register": LEADERS | {CLERK, DEPARTMENT},
    "parcels.archive": LEADERS,
    "parcels.file_originals": LEADERS,
    "links.ticket": ANYONE,
    "links.cancel": ANYONE,
    "links.rating": ANYONE,
    "case_links.case": ANYONE,
    "appointments.slots": ANYONE,
    # Whoever books by himself leaves a phone number; the limits hold for each number.
    "appointments.book": ANYONE,
    "appointments.appointments": STAFF,
    "appointments.appointment": STAFF,
    "appointments.move": STAFF,
    "appointments.cancel": STAFF,
    "appointment_links.appointment": ANYONE,
    "appointment_links.move": ANYONE,
    "appointment_links.cancel": ANYONE,
    "check_ins.check_in": STAFF | {KIOSK},
    "windows.window": STAFF | {KEYPAD, BOARD},
    "windows.open": AT_WINDOW,
    "windows.pause": AT_WINDOW,
    "windows.close": AT_WINDOW,
    "windows.call_next": AT_WINDOW,
    "windows.recall": AT_WINDOW,
    "windows.start": AT_WINDOW,
    "windows.finish": AT_WINDOW,
    "windows.no_show": AT_WINDOW,
    "windows.hold": AT_WINDOW,
    "windows.call": AT_WINDOW,
    "windows.resume": AT_WINDOW,
    "windows.reinstate": AT_WINDOW,
    "windows.transfer": AT_WINDOW,
    # Who looks at a proof is a person.
    "windows.proof": AT_WINDOW - {KEYPAD},
    "settle.outcomes": STAFF,
    "settle.settle": AT_WINDOW - {KEYPAD},
    "settle.retract": AT_WINDOW - {KEYPAD},
    "settle.expert": AT_WINDOW - {KEYPAD},
    # Whose window, the call itself looks at: names stand on the papers.
    "papers.sheets": LEADERS | {CLERK},
    "papers.print_paper": LEADERS | {CLERK},
    "windows.assign": LEADERS,
    "zones.zone": STAFF,
    "tides.tides": LEADERS,
    "tides.accept": LEADERS,
    "tides.dismiss": LEADERS,
    "boards.board": ANYONE,
    "devices.device": STAFF | {KIOSK, BOARD, KEYPAD, PRINTER, EVALUATOR},
    "devices.status": frozenset({KIOSK, PRINTER}),
    "feed.feed": ANYONE,
    "stats.today": LEADERS,
    "stats.today_csv": LEADERS,
    "auth.sign_in": ANYONE,
    "auth.sign_out": ANYONE,
    "auth.me": OFFICE,
    "auth.staff": OFFICE,
    "health.healthz": ANYONE,
    "health.readyz": ANYONE,
    "health.metrics": ANYONE,
    "openapi": ANYONE,
    "static": ANYONE,
}

#: What a feed topic needs beyond the view itself.
TOPIC_ACCESS: dict[str, frozenset[Role | DeviceKind] | None] = {
    "help": STAFF,
    "appointments": STAFF,
    "cases": OFFICE,
    "board": ANYONE,
    "hall": ANYONE,
    "ticket": ANYONE,
    "case": ANYONE,
    "calls": STAFF | {BOARD},
    "window": STAFF | {KEYPAD, BOARD},
    "prints": STAFF | {PRINTER},
    "zone": STAFF,
    "stats": LEADERS,
    "tides": LEADERS,
    "evaluator": frozenset({EVALUATOR}),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent this request; nobody if `who` is None."""

    who: Person | Device | None
    by_cookie: bool = False

    @property
    def name(self) -> str:
        """As the log names them."""
        return self.who.name if self.who else "anyone"

    def may(self, allowed: frozenset[Role | DeviceKind] | None) -> bool:
        """Whether they hold one of the roles."""
        if allowed is None:
            return True
        if isinstance(self.who, Device):
            return self.who.kind in allowed
        return isinstance(self.who, Person) and not self.who.roles.isdisjoint(allowed)

    def require(self, allowed: frozenset[Role | DeviceKind] | None) -> None:
        """Refuse those who may not."""
        if not self.may(allowed):
            raise Problem("unauthorized" if self.who is None else "forbidden")

    def require_window(self, site: Site, window: str) -> None:
        """A clerk acts for the window of the sign-in, a keypad for those of its line in the hall file, leaders for any."""
        match self.who:
            case Device(id=device) if device != "*":
                lines = (keypad.windows.values() for keypad in site.names.hall.keypads if keypad.id == device)
                allowed = any(window in line for line in lines)
            case Person(roles=roles, window=own) if roles.isdisjoint(LEADERS):
                allowed = window == own
            case _:
                allowed = True
        if not allowed:
            raise Problem("not_your_window", window=window)


def identify(site: Site, incoming: Request) -> Caller:
    """Find out who sends a request."""
    header = incoming.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer":
        token = token.strip()
        return Caller(site.accounts.device(token) or site.accounts.person(token))
    if (cookie := incoming.cookies.get(COOKIE)) and (person := site.accounts.person(cookie)) is not None:
        return Caller(person, by_cookie=True)
    if cookie := incoming.cookies.get(DEVICE_COOKIE):
        return Caller(site.accounts.device(cookie), by_cookie=True)
    return Caller(None)


def caller() -> Caller:
    """Who sent the request being handled."""
    return cast(Caller, g.caller)


def check(site: Site) -> None:
    """Before every view: identify the caller and look in the table."""
    g.caller = identify(site, request)
    if request.endpoint is None:
        return
    # A page only shows; whatever changes something stands in the table.
    if request.endpoint.split(".")[0] in current_pages() and request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.endpoint not in ACCESS:
        raise Problem("forbidden")
    g.caller.require(ACCESS[request.endpoint])
    if request.method == "POST" and g.caller.by_cookie:
        _require_same_site()


def _require_same_site() -> None:
    """A browser's cookie only counts for requests from our own pages (CSRF)."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None and fetch_site != "same-origin":
        raise Problem("cross_site")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Problem("cross_site")


def current_pages() -> frozenset[str]:
    """Blueprints that only show pages (no data but wording); they ask the API for the rest."""
    from flask import current_app

    return cast("frozenset[str]", current_app.config["PAGES"])
