"""Windows for clerks, keypads and supervisors: everything a clerk can press."""

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Person
from server.core import commands as c
from server.core.assistance import ConfirmProof
from server.core.commands import Command
from server.core.events import Event, TicketCalled
from server.core.model import HallState
from server.core.tides import services_in
from server.hall import Answer
from server.web.access import caller
from server.web.api import identity_schemas as i
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import perform, send
from server.web.present.tides import is_tidal
from server.web.present.windows import dressed_window, window_view
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("windows", __name__, url_prefix="/api/v1/windows", abp_tags=[Tag(name="windows")])

#: Furthest end of an assignment; without one it holds for good.
UNTIL_MAX_S = 366 * 86400.0


def require_window(here: Site, window: str) -> None:
    """Refuse a window that is not in the hall file."""
    if window not in here.names.windows:
        raise Problem("window_unknown", window=window)


def _act(window: str, command: Callable[[float], Command]) -> Response:
    here = site()
    require_window(here, window)
    caller().require_window(here, window)
    return perform(
        here,
        command,
        lambda state, _, at: Answer(200, window_view(here, state, window, at)),
        dressing(here),
    )


def dressing(here: Site) -> Callable[[Any], Any]:
    """Adds the person at the window for who may know him."""
    who = caller()
    return lambda view: dressed_window(here, view, who)


@api.get("/<window>", responses={200: s.Window})
def window(path: s.WindowPath) -> Response:
    """The window now, with its waiting list in calling order."""
    here = site()
    require_window(here, path.window)
    with here.hall.reading() as state:
        view = window_view(here, state, path.window, here.hall.now())
    return send(Answer(200, dressing(here)(view)))


@api.post("/<window>/open", responses={200: s.Window})
def open(path: s.WindowPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Begin at the window, or end a pause."""
    who = caller().who
    clerk = who.user if isinstance(who, Person) else None
    return _act(path.window, lambda at: c.OpenWindow(at=at, window=path.window, clerk=clerk))


@api.post("/<window>/pause", responses={200: s.Window})
def pause(path: s.WindowPath, header: s.KeyHeader, body: s.PauseBody) -> Response:
    """Take no more tickets for a while; a ticket at the window stays."""
    return _act(path.window, lambda at: c.PauseWindow(at=at, window=path.window, reason=body.reason))


@api.post("/<window>/close", responses={200: s.Window})
def close(path: s.WindowPath, header: s.KeyHeader, body: s.CloseBody) -> Response:
    """Leave the window; the clerk of a tidal one may stand by, so that the tide can open it again."""
    here, who = site(), caller().who
    require_window(here, path.window)
    if body.standby and not is_tidal(here, path.window):
        raise Problem("not_tidal", window=path.window)
    # Closed by somebody else, whoever signed in there is the one at hand.
    clerk = who.user if isinstance(who, Person) and who.window == path.window else None
    return _act(path.window, lambda at: c.CloseWindow(at=at, window=path.window, standby=body.standby, clerk=clerk))


@api.post("/<window>/call-next", responses={200: s.Window, 204: None})
def call_next(path: s.WindowPath, header: s.KeyHeader, body: s.CallNextBody) -> Response:
    """Call whoever comes next; 204 when nobody waits. `finish_current` first finishes the ticket at the window."""
    here = site()
    require_window(here, path.window)
    caller().require_window(here, path.window)

    def answer(state: HallState, events: list[Event], at: float) -> Answer:
        if not any(isinstance(event, TicketCalled) for event in events):
            return Answer(204, None)
        return Answer(200, window_view(here, state, path.window, at))

    return perform(
        here,
        lambda at: c.CallNext(at=at, window=path.window, finish_current=body.finish_current),
        answer,
        dressing(here),
    )


@api.post("/<window>/recall", responses={200: s.Window})
def recall(path: s.WindowPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Announce the called ticket once more."""
    return _act(path.window, lambda at: c.Recall(at=at, window=path.window))


@api.post("/<window>/start", responses={200: s.Window})
def start(path: s.WindowPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """The citizen has come."""
    return _act(path.window, lambda at: c.Start(at=at, window=path.window))


@api.post("/<window>/finish", responses={200: s.Window})
def finish(path: s.WindowPath, header: s.KeyHeader, body: s.FinishBody) -> Response:
    """Done."""
    return _act(path.window, lambda at: c.Finish(at=at, window=path.window, outcome=body.outcome))


@api.post("/<window>/no-show", responses={200: s.Window})
def no_show(path: s.WindowPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Nobody came."""
    return _act(path.window, lambda at: c.MarkNoShow(at=at, window=path.window))


@api.post("/<window>/hold", responses={200: s.Window})
def hold(path: s.WindowPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Set the ticket aside."""
    return _act(path.window, lambda at: c.Hold(at=at, window=path.window))


@api.post("/<window>/call", responses={200: s.Window})
def call(path: s.WindowPath, header: s.KeyHeader, body: s.TicketBody) -> Response:
    """Call one given ticket."""
    return _act(path.window, lambda at: c.CallTicket(at=at, window=path.window, ticket=body.ticket))


@api.post("/<window>/resume", responses={200: s.Window})
def resume(path: s.WindowPath, header: s.KeyHeader, body: s.TicketBody) -> Response:
    """A held ticket comes straight here."""
    return _act(path.window, lambda at: c.Resume(at=at, window=path.window, ticket=body.ticket))


@api.post("/<window>/reinstate", responses={200: s.Window})
def reinstate(path: s.WindowPath, header: s.KeyHeader, body: s.TicketBody) -> Response:
    """A missed ticket waits again."""
    return _act(path.window, lambda at: c.Reinstate(at=at, window=path.window, ticket=body.ticket))


@api.post("/<window>/proof", responses={200: s.Window})
def proof(path: s.WindowPath, header: s.KeyHeader, body: i.ProofBody) -> Response:
    """The clerk has looked at what proves the priority group: yes or no, and nothing else is kept. A refuted one keeps
    its place and is counted."""
    return _act(
        path.window,
        lambda at: ConfirmProof(at=at, window=path.window, ticket=body.ticket, confirmed=body.confirmed),
    )


@api.post("/<window>/transfer", responses={200: s.Window})
def transfer(path: s.WindowPath, header: s.KeyHeader, body: s.TransferBody) -> Response:
    """Send the ticket to another service or window; number and waited time stay."""
    return _act(
        path.window,
        lambda at: c.Transfer(at=at, window=path.window, to_service=body.service, to_window=body.window),
    )


@api.post("/<window>/assign", responses={200: s.Window})
def assign(path: s.WindowPath, header: s.KeyHeader, body: s.AssignBody) -> Response:
    """Change what the window serves: zones as far as it is authorised there, single services, or its own at home again.

    A window that is serving changes when its ticket has gone; `pending` shows it until then.
    """
    here = site()
    require_window(here, path.window)
    zones = tuple(dict.fromkeys(body.zones or ()))
    for zone in zones:
        if zone not in here.names.zones:
            raise Problem("zone_unknown", zone=zone)
    if body.until is not None and body.until > here.hall.now() + UNTIL_MAX_S:
        raise Problem("until_too_far")
    services = tuple(body.services or (x for zone in zones for x in _services_there(here, path.window, zone)))
    place = zones[0] if len(zones) == 1 else None
    return _act(
        path.window,
        lambda at: c.AssignWindow(at=at, window=path.window, services=services, zone=place, until=body.until),
    )


def _services_there(here: Site, window: str, zone: str) -> tuple[str, ...]:
    """What a window takes in a zone; if it is authorised for nothing there, the supervisor decides for all of it."""
    authorised = services_in(here.hall.plan, window, zone)
    return authorised or tuple(service.id for service in here.names.hall.services if service.zone == zone)
