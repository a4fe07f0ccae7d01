"""What can be followed by the feed: each topic's views, and the messages that events make for it."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.core.case_events import CaseEvent, OriginalsFiled, PaperPrinted, ParcelEvent
from server.core.events import TicketIssued, TicketReprinted
from server.core.model import Call, HallState
from server.hall import ANNOUNCED
from server.log.records import Recorded
from server.papers.model import to_json
from server.papers.wording import papers
from server.web.access import caller
from server.web.api.appointments import day_list
from server.web.api.case_links import case_of
from server.web.api.cases import OVERVIEW_MAX_AGE_S, overview_of
from server.web.api.links import link_view, ticket_of
from server.web.api.ratings import require_evaluator
from server.web.api.reading import STATS_MAX_AGE_S
from server.web.api.tickets import require_printer
from server.web.present.boards import area_view, board_view, call_view, find_board
from server.web.present.citizen_cases import public_case
from server.web.present.hall import hall_view
from server.web.present.help import help_list
from server.web.present.papers import paper_facts, settled
from server.web.present.ratings import evaluator_view
from server.web.present.stats import stats_view
from server.web.present.tickets import guarded, ticket_view
from server.web.present.tides import tides_view
from server.web.present.windows import dressed_window, window_view, zone_view
from server.web.problems import Problem
from server.web.site import Site

VIEW_EVERY_S = 0.25
#: A day's list asks for names and numbers, which lie beside the log.
APPOINTMENTS_MAX_AGE_S = 1.0

#: A view by name, and the changing part of it that tells whether it must be sent again.
View = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a client follows: its views (one for most), and the single messages an event makes for it.

    `views(seq)` shows the log at least up to `seq`: a view kept from before an event would hide the event.
    """

    views: Callable[[int], list[dict[str, Any]]]
    messages: Callable[[Recorded], list[View]] = lambda _: []
    every_s: float = VIEW_EVERY_S


def _cached(
    here: Site, key: str, build: Callable[[HallState, float], dict[str, Any]], age_s: float = VIEW_EVERY_S
) -> Callable[[int], list[dict[str, Any]]]:
    """One view, built once for everybody who follows it."""
    return lambda seq: [here.cache.get(here.hall, key, age_s, build, seq)]


def _announcements(here: Site, shown: Callable[[dict[str, Any]], bool]) -> Callable[[Recorded], list[View]]:
    def messages(recorded: Recorded) -> list[View]:
        if not isinstance(recorded.event, ANNOUNCED):
            return []
        with here.hall.reading() as state:
            call = _call_at(here, state, recorded.seq)
            view = call_view(here, state, call) if call else None
        return [("call", view)] if view and shown(view) else []

    return messages


def _call_at(here: Site, state: HallState, seq: int) -> Call | None:
    """The day's announcement at a place in the log; None if it was of another day."""
    seqs = here.hall.call_seqs
    index = bisect_left(seqs, seq)
    return state.calls[index] if index < len(seqs) and seqs[index] == seq else None


def _board(here: Site, board_id: str) -> Topic:
    board = find_board(here, board_id)
    if board is None:
        raise Problem("board_unknown", board=board_id)
    zones = set(board.zones if board.zones is not None else here.names.zones)
    return Topic(
        views=_cached(here, f"board {board_id}", lambda state, at: board_view(here, state, board, at)),
        messages=_announcements(here, lambda call: call["zone"] in zones or call["ticket_zone"] in zones),
    )


def _windows(here: Site, names: str) -> Topic:
    windows = list(dict.fromkeys(names.split(",")))
    for window in windows:
        if window not in here.names.windows:
            raise Problem("window_unknown", window=window)

    def one(window: str) -> Callable[[int], list[dict[str, Any]]]:
        return _cached(here, f"window {window}", lambda state, at: window_view(here, state, window, at))

    each = [one(window) for window in windows]
    who = caller()
    return Topic(lambda seq: [dressed_window(here, view, who) for views in each for view in views(seq)])


def _ticket(here: Site, token: str) -> Topic:
    found, who = ticket_of(here, token), caller()

    def views(_: int) -> list[dict[str, Any]]:
        with here.hall.reading() as state:
            # At midnight the day's tickets go, but for those that may still be rated; the page then asks once more and
            # is told so.
            is_there = found in state.tickets or found in state.visits
            return [link_view(here, state, found, here.hall.now(), who)] if is_there else []

    return Topic(views)


def _case(here: Site, token: str) -> Topic:
    found = case_of(here, token)

    def views(_: int) -> list[dict[str, Any]]:
        with here.hall.reading() as state:
            case = state.cases.get(found)
            return [public_case(here, state, case, here.hall.now())] if case else []

    return Topic(views)


def _calls(here: Site, area: str) -> Topic:
    if area not in here.names.areas:
        raise Problem("area_unknown", area=area)

    return Topic(
        _cached(here, f"area {area}", lambda state, at: area_view(here, state, area, at)),
        _announcements(here, lambda call: area in (call["area"], call["ticket_area"])),
    )


def _papers(here: Site, event: PaperPrinted, seq: int) -> list[View]:
    """The copies of a settlement's paper, worded; none if it has been taken back since."""
    with here.hall.reading() as state:
        found = settled(here, state, event.settlement)
    if found is None or found.paper is not event.paper:
        return []
    made = papers(paper_facts(here, found, here.public_url or "", event.copy))
    return [("print", {"job": seq, "papers": [to_json(paper) for paper in made], "copy": event.copy})]


def _prints(here: Site, printer: str) -> Topic:
    require_printer(here, printer)
    who = caller()

    def messages(recorded: Recorded) -> list[View]:
        event = recorded.event
        if isinstance(event, PaperPrinted):
            return _papers(here, event, recorded.seq) if event.printer == printer else []
        if not isinstance(event, TicketIssued | TicketReprinted) or event.printer != printer:
            return []
        with here.hall.reading() as state:
            ticket = state.tickets.get(event.ticket)
            if ticket is None:
                return []
            view = guarded(here, ticket_view(here, state, ticket, here.hall.now()), who)
        reprint = isinstance(event, TicketReprinted)
        return [("print", {"job": recorded.seq, "ticket": view, "copy": ticket.copies, "reprint": reprint})]

    def views(_: int) -> list[dict[str, Any]]:
        hall = here.names.hall
        return [
            {"printer": printer, "hall": hall.name["zh"], "hall_en": hall.name["en"], "public_url": here.public_url}
        ]

    return Topic(views, messages)


def _zone(here: Site, zone: str) -> Topic:
    if zone not in here.names.zones:
        raise Problem("zone_unknown", zone=zone)
    return Topic(_cached(here, f"zone {zone}", lambda state, at: zone_view(here, state, zone, at)))


def _evaluators(here: Site, names: str) -> Topic:
    windows = list(dict.fromkeys(names.split(",")))
    for window in windows:
        require_evaluator(here, window)

    def one(window: str) -> Callable[[int], list[dict[str, Any]]]:
        return _cached(here, f"evaluator {window}", lambda state, at: evaluator_view(here, state, window, at))

    each = [one(window) for window in windows]
    return Topic(lambda seq: [view for views in each for view in views(seq)])


def _hall(here: Site, _: str) -> Topic:
    return Topic(_cached(here, "hall", lambda state, at: hall_view(here, state, at), 1.0), every_s=1.0)


def _stats(here: Site, _: str) -> Topic:
    return Topic(
        _cached(here, "stats", lambda state, at: stats_view(here, state, at), STATS_MAX_AGE_S),
        every_s=STATS_MAX_AGE_S,
    )


def _tides(here: Site, _: str) -> Topic:
    return Topic(_cached(here, "tides", lambda state, at: tides_view(here, state, at)))


def _help(here: Site, _: str) -> Topic:
    return Topic(_cached(here, "help", lambda state, at: help_list(here, state)))


def _appointments(here: Site, day: str) -> Topic:
    asked = date.fromisoformat(day)
    return Topic(
        _cached(
            here, f"appointments {day}", lambda state, at: day_list(here, state, asked, at), APPOINTMENTS_MAX_AGE_S
        ),
        every_s=APPOINTMENTS_MAX_AGE_S,
    )


def _cases(here: Site, _: str) -> Topic:
    """The figures over all cases; each change is told, so that lists are asked for anew."""

    def messages(recorded: Recorded) -> list[View]:
        if isinstance(recorded.event, CaseEvent | ParcelEvent | OriginalsFiled):
            return [("case", {"case": getattr(recorded.event, "case", None)})]
        return []

    return Topic(lambda seq: [overview_of(here, seq)], messages, OVERVIEW_MAX_AGE_S)


TOPICS: dict[str, Callable[[Site, str], Topic]] = {
    "board": _board,
    "window": _windows,
    "ticket": _ticket,
    "calls": _calls,
    "prints": _prints,
    "zone": _zone,
    "hall": _hall,
    "stats": _stats,
    "tides": _tides,
    "help": _help,
    "appointments": _appointments,
    "cases": _cases,
    "evaluator": _evaluators,
    "case": _case,
}
