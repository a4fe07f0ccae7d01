"""What a board shows and what a voice says. Numbers and windows only, never a name (A3.3)."""

from typing import Any

from config.schema import Board
from server.core.dispatch import waiting
from server.core.model import Call, HallState, TicketState
from server.web.present.common import both, moment, wait_view
from server.web.present.tides import away_views
from server.web.present.waits import zone_waits
from server.web.site import Site

CALLS_MAX = 30
#: How long a call stays on a board after its ticket has gone.
CALL_STAYS_S = 30 * 60


def find_board(site: Site, board_id: str) -> Board | None:
    """The board's entry in the hall file."""
    return next((b for b in site.names.hall.boards if b.id == board_id), None)


def _zones_of(site: Site, board: Board) -> list[str]:
    return list(board.zones) if board.zones is not None else list(site.names.zones)


def call_view(site: Site, state: HallState, call: Call) -> dict[str, Any]:
    """One announcement."""
    names = site.names
    ticket, window = state.tickets[call.ticket], names.windows[call.window]
    # The citizen walks to the window, so the window's own zone is shown, also when it helps another.
    zone = names.zones[window.zone]
    return {
        "call": call.call,
        "seq": site.hall.call_seqs[call.call - 1] if call.call <= len(site.hall.call_seqs) else site.hall.seq,
        "ticket_state": ticket.state.value,
        "number": ticket.number,
        "window": window.id,
        "window_number": window.number,
        **both(window.name, "window_name"),
        "zone": zone.id,
        **both(zone.name, "zone_name"),
        "zone_colour": zone.colour,
        "area": zone.area,
        # Where the citizen waits: a window that helps another zone may stand on another floor.
        "ticket_zone": ticket.zone,
        "ticket_area": names.zones[ticket.zone].area,
        "language": ticket.language,
        "at": moment(site.hall.plan, call.at),
        "kind": call.kind,
    }


def _shown_calls(site: Site, state: HallState, zones: list[str], at: float) -> list[Call]:
    shown: list[Call] = []
    seen: set[str] = set()
    for call in reversed(state.calls):
        ticket = state.tickets[call.ticket]
        here = ticket.state in (TicketState.CALLED, TicketState.SERVING) and ticket.window == call.window
        if not here and at - call.at > CALL_STAYS_S:
            continue
        places = (site.names.windows[call.window].zone, ticket.zone)
        if call.ticket in seen or not any(zone in zones for zone in places):
            continue
        seen.add(call.ticket)
        shown.append(call)
        if len(shown) == CALLS_MAX:
            break
    return shown


def board_view(site: Site, state: HallState, board: Board, at: float) -> dict[str, Any]:
    """The whole board."""
    names = site.names
    zones = _zones_of(site, board)
    counts: dict[str, int] = {}
    for ticket in waiting(state):
        counts[ticket.zone] = counts.get(ticket.zone, 0) + 1
    voice = next((v.id for v in names.hall.voices if v.area == board.area), None)
    waits = zone_waits(site, state)
    return {
        "board": board.id,
        **both(board.name),
        **both(names.hall.name, "hall"),
        "now": moment(site.hall.plan, at),
        "seq": site.hall.seq,
        "languages": list(names.hall.languages),
        "screen": board.screen.model_dump(),
        "distance_m": board.distance_m,
        "sound": board.sound,
        "area": board.area,
        "voice": voice,
        "zones": [
            {
                "id": zone,
                **both(names.zones[zone].name),
                "mark": names.zones[zone].mark,
                "colour": names.zones[zone].colour,
                "waiting": counts.get(zone, 0),
                "wait": wait_view(waits[zone]),
            }
            for zone in zones
        ],
        "tides": away_views(site, state, zones),
        "calls": [call_view(site, state, call) for call in _shown_calls(site, state, zones, at)],
        "notices": [dict(notice) for notice in names.hall.notices],
    }


def area_view(site: Site, state: HallState, area: str, at: float) -> dict[str, Any]:
    """What a voice needs to know: how to speak, and which tickets are still called (nothing stale is spoken)."""
    names = site.names
    voice = next((v for v in names.hall.voices if v.area == area), None)
    called = [
        t.number
        for t in state.tickets.values()
        if t.state is TicketState.CALLED
        and t.window
        and area in (names.zones[names.windows[t.window].zone].area, names.zones[t.zone].area)
    ]
    return {
        "area": area,
        "now": moment(site.hall.plan, at),
        "voice": voice.model_dump() if voice else None,
        "phrases": {"call": dict(names.hall.phrases.call)},
        "called": called,
    }
