"""Ratings: the form, rating at a kiosk by number and at a window's evaluator, setting an evaluator up, the figures."""

from collections.abc import Callable

from flask import Response, request
from flask_openapi3 import Tag

from server.accounts import Device, DeviceKind
from server.core import commands as c
from server.core.calendar import business_day
from server.core.events import Event
from server.core.model import HallState
from server.core.orders import OrderOpened
from server.core.ratings import AskRating, RateAtWindow
from server.core.refusals import Rejected
from server.core.verbs import find_ticket
from server.hall import Answer
from server.web.access import COOKIE, DEVICE_COOKIE, caller
from server.web.api import ratings_schemas as r
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.periods import checked_days
from server.web.commanding import idempotency_key, perform, send
from server.web.present.rating_figures import csv_rows, figures_view
from server.web.present.ratings import evaluator_view, form_view
from server.web.present.tickets import public_ticket
from server.web.problems import Problem
from server.web.sheets import csv_file
from server.web.site import Site, site
from server.web.written import perform_written

api = APIBlueprint("ratings", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="ratings")])

#: A browser keeps a cookie no longer; the tablet is then set up again.
DEVICE_COOKIE_S = 400 * 86400
#: Longest stretch of days that figures are made of at once.
DAYS_MAX = 92


def rate(
    here: Site, ticket: str, body: r.RatingBody, channel: str, answer: Callable[[HallState, float], dict[str, object]]
) -> Response:
    """A rating with what the citizen wrote; phone and name are kept only where a work order opens."""

    def contact(events: list[Event]) -> tuple[str, dict[str, str | None]] | None:
        opened = next((event for event in events if isinstance(event, OrderOpened)), None)
        return None if opened is None else (f"order:{opened.order}", {"phone": body.phone, "name": body.name})

    return perform_written(
        here,
        body.comment,
        lambda at, note: c.Rate(
            at=at,
            ticket=ticket,
            level=body.level,
            channel=channel,
            points=tuple(body.points),
            note=note,
            has_contact=bool(body.phone),
        ),
        lambda state, _events, at: Answer(200, answer(state, at)),
        contact,
    )


@api.get("/rating-form", responses={200: r.RatingForm})
def rating_form() -> Response:
    """The five levels with the points that may be ticked."""
    return send(Answer(200, form_view(site())))


@api.post("/ratings", responses={200: s.PublicTicket})
def ratings(header: s.KeyHeader, body: r.NumberRatingBody) -> Response:
    """Rate at any kiosk by the number of today's ticket and the rating code printed on it."""
    here, who = site(), caller()
    ticket = _proved(here, body)
    return rate(
        here,
        ticket,
        body,
        "kiosk",
        lambda state, at: _without_link(public_ticket(here, state, state.tickets[ticket], at, who)),
    )


def _proved(here: Site, body: r.NumberRatingBody) -> str:
    """The id of the ticket, if the code is its own: its number alone stands on every board. Asked before anything else,
    so that nobody learns from a number whether it was rated."""
    key = idempotency_key()
    with here.hall.reading() as state:
        try:
            ticket, day = find_ticket(state, body.number), state.business_day
        except Rejected:
            raise Problem("ticket_unknown", ticket=body.number) from None
    wrong = here.rating_tries.refusal(day, ticket.id, body.code, here.links.rating_code(ticket.id), key)
    if wrong is not None:
        raise Problem(wrong, ticket=ticket.number)
    return ticket.id


def _without_link(view: dict[str, object]) -> dict[str, object]:
    """Who knows only a number and its code must not get the ticket's link for it."""
    return view | {"url": "", "rating_code": None}


# --- the evaluator of a window ------------------------------------------------------------------------------------------


def require_evaluator(here: Site, window: str) -> None:
    """Refuse an unknown window, and an evaluator of another one. A line of evaluators serves those of the hall file."""
    if window not in here.names.windows:
        raise Problem("window_unknown", window=window)
    who = caller().who
    if not isinstance(who, Device) or who.id in (window, "*"):
        return
    if not any(window in line.windows.values() for line in here.names.hall.evaluators if line.id == who.id):
        raise Problem("not_your_window", window=window)


@api.get("/windows/<window>/evaluator", responses={200: r.EvaluatorView})
def evaluator(path: s.WindowPath) -> Response:
    """What the evaluator shows now."""
    here = site()
    require_evaluator(here, path.window)
    with here.hall.reading() as state:
        return send(Answer(200, evaluator_view(here, state, path.window, here.hall.now())))


@api.post("/windows/<window>/rating", responses={200: r.EvaluatorView})
def rating(path: s.WindowPath, header: s.KeyHeader, body: r.WindowRatingBody) -> Response:
    """The citizen presses a face: it counts for the ticket that the evaluator asks about."""
    here = site()
    require_evaluator(here, path.window)
    return perform(
        here,
        lambda at: RateAtWindow(
            at=at, window=path.window, level=body.level, points=tuple(body.points), number=body.number
        ),
        lambda state, _, at: Answer(200, evaluator_view(here, state, path.window, at)),
    )


@api.post("/windows/<window>/rating/ask", responses={200: r.Asked})
def ask(path: s.WindowPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """The clerk lets the evaluator ask once more. The answer is the same whether the ticket is rated or not."""
    here = site()
    if path.window not in here.names.windows:
        raise Problem("window_unknown", window=path.window)
    caller().require_window(here, path.window)
    return perform(
        here,
        lambda at: AskRating(at=at, window=path.window),
        lambda *_: Answer(200, {"window": path.window}),
    )


@api.post("/windows/<window>/evaluator/pair", responses={200: r.EvaluatorView})
def pair(path: s.WindowPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """A leader makes this browser the window's evaluator, and is signed out of it."""
    here = site()
    if path.window not in here.names.windows:
        raise Problem("window_unknown", window=path.window)
    token = here.accounts.add_device(path.window, DeviceKind.EVALUATOR)
    with here.hall.reading() as state:
        response = send(Answer(200, evaluator_view(here, state, path.window, here.hall.now())))
    secure = request.is_secure
    response.set_cookie(DEVICE_COOKIE, token, max_age=DEVICE_COOKIE_S, httponly=True, samesite="Strict", secure=secure)
    response.delete_cookie(COOKIE, samesite="Strict", httponly=True, secure=secure)
    return response


# --- figures ------------------------------------------------------------------------------------------------------------


def _days(here: Site, query: r.RatingsQuery) -> tuple[str, str]:
    """First and last day asked for."""
    today = business_day(here.hall.now(), here.hall.plan.tz)
    first, last = query.from_ or query.to or today, query.to or today
    return checked_days(first, last, DAYS_MAX)


@api.get("/stats/ratings", responses={200: r.RatingStats})
def stats(query: r.RatingsQuery) -> Response:
    """Satisfaction with the share of those who rated beside it, with and without excluded ratings; the work orders."""
    here = site()
    return send(Answer(200, figures_view(here, *_days(here, query), here.hall.now())))


@api.get("/stats/ratings.csv")
def stats_csv(query: r.RatingsQuery) -> Response:
    """The same for a spreadsheet, both totals in it."""
    here = site()
    first, last = _days(here, query)
    rows = csv_rows(figures_view(here, first, last, here.hall.now()))
    return csv_file(rows, f"chaoxi-ratings-{first}-{last}")
