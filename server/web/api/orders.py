"""Work orders of bad ratings, for leaders: what is due, calling back, mending, closing, excluding."""

from collections.abc import Callable

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Person
from server.core import orders as o
from server.core.affairs import WorkOrder
from server.core.commands import Command
from server.core.model import HallState
from server.core.refusals import Reason, Rejected
from server.hall import Answer
from server.web.access import caller
from server.web.api import ratings_schemas as r
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import send
from server.web.present.ratings import is_overdue, order_view
from server.web.problems import Problem
from server.web.site import Site, site
from server.web.written import keep_contact_until, perform_written

api = APIBlueprint("orders", __name__, url_prefix="/api/v1/orders", abp_tags=[Tag(name="work orders")])

DAY_S = 86400.0


def _user() -> str:
    """Who asks, by user name, as clerks are named in the log."""
    who = caller().who
    assert isinstance(who, Person)
    return who.user


def _seen(state: HallState, user: str) -> list[WorkOrder]:
    """The orders somebody may see: none about the own work (P6)."""
    return [order for order in state.orders.values() if order.clerk != user]


def _is_asked(order: WorkOrder, wanted: str | None, at: float) -> bool:
    match wanted:
        case None:
            return True
        case "unfinished":
            return order.state not in o.OVER
        case "overdue":
            return is_overdue(order, at)
        case _:
            return order.state.value == wanted


@api.get("", responses={200: r.Orders})
def orders(query: r.OrdersQuery) -> Response:
    """Orders that are not over, those due soonest first, then those of the last weeks. Without what people wrote."""
    here, user = site(), _user()
    with here.hall.reading() as state:
        at, seen = here.hall.now(), _seen(state, user)
    # What is still to be called about comes before what is still to be mended.
    seen.sort(key=lambda x: (x.state in o.OVER, x.mend_by if x.callbacks else x.contact_by, x.opened_at))
    counts = {
        name: sum(_is_asked(x, name, at) for x in seen) for name in ("unfinished", "overdue", "closed", "excluded")
    }
    shown = [order_view(here, x, at, user, personal=False) for x in seen if _is_asked(x, query.state, at)]
    return send(Answer(200, {"orders": shown, "counts": counts}))


@api.get("/<order>", responses={200: r.Order})
def order(path: r.OrderPath) -> Response:
    """One order with everything."""
    here, user = site(), _user()
    with here.hall.reading() as state:
        at, found = here.hall.now(), state.orders.get(path.order)
    if found is None:
        raise Rejected(Reason.ORDER_UNKNOWN, order=path.order)
    if found.clerk == user:
        raise Problem("forbidden")
    return send(Answer(200, order_view(here, found, at, user, personal=True)))


def _act(order: str, text: str | None, command: Callable[[float, str | None], Command]) -> Response:
    here, user = site(), _user()
    return perform_written(
        here, text, command, lambda state, _, at: Answer(200, _kept(here, state.orders[order], at, user))
    )


def _kept(here: Site, order: WorkOrder, at: float, user: str) -> dict[str, object]:
    if order.state in o.OVER:
        # Nobody needs to call any more (A3): the number goes as soon as other personal marks of the hall do.
        keep_contact_until(here, f"order:{order.id}", at + here.names.hall.identity.kept_days * DAY_S)
    return order_view(here, order, at, user, personal=False)


@api.post("/<order>/callback", responses={200: r.Order})
def callback(path: r.OrderPath, header: s.KeyHeader, body: r.CallbackBody) -> Response:
    """Somebody called the citizen, and reached them or not."""
    user = _user()
    return _act(
        path.order,
        body.note,
        lambda at, note: o.RecordCallback(at=at, order=path.order, by=user, reached=body.reached, note=note),
    )


@api.post("/<order>/mend", responses={200: r.Order})
def mend(path: r.OrderPath, header: s.KeyHeader, body: r.NoteBody) -> Response:
    """What was wrong has been put right; the note says how."""
    user = _user()
    return _act(path.order, body.note, lambda at, note: o.MendOrder(at=at, order=path.order, by=user, note=note))


@api.post("/<order>/close", responses={200: r.Order})
def close(path: r.OrderPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Another person than the one who mended agrees that it is done."""
    user = _user()
    return _act(path.order, None, lambda at, _: o.CloseOrder(at=at, order=path.order, by=user))


@api.post("/<order>/exclude", responses={200: r.Order})
def exclude(path: r.OrderPath, header: s.KeyHeader, body: r.NoteBody) -> Response:
    """Propose to leave the rating out of the figures; the note says why. Once for an order."""
    user = _user()
    return _act(path.order, body.note, lambda at, note: o.ProposeExclusion(at=at, order=path.order, by=user, note=note))


@api.post("/<order>/judge", responses={200: r.Order})
def judge(path: r.OrderPath, header: s.KeyHeader, body: r.JudgeBody) -> Response:
    """A second person agrees to the exclusion, or not."""
    user = _user()
    return _act(path.order, None, lambda at, _: o.JudgeExclusion(at=at, order=path.order, by=user, accept=body.accept))
