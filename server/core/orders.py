"""What must follow a bad rating (A1.6–A1.8): call back, mend, review by another person; or exclude it, by two. Pure.

Whoever was rated has no hand in it. Deadlines are fixed when the order opens; that one has passed is a matter of the
clock, not an event.
"""

from dataclasses import dataclass, replace

from server.core import commands as c
from server.core.affairs import Callback, Exclusion, OrderState, Visit, WorkOrder
from server.core.calendar import add_working_days
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected

OVER = (OrderState.CLOSED, OrderState.EXCLUDED)
#: What a refusal calls an order whose exclusion waits for the second person.
JUDGEMENT_PENDING = "judgement_pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutOrder(c.Command):
    """Something done with a work order, by somebody; `note` is a handle of `server/people.py`."""

    order: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCallback(AboutOrder):
    """Somebody tried to speak with the citizen, and did or did not."""

    reached: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MendOrder(AboutOrder):
    """What was wrong has been put right."""

    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOrder(AboutOrder):
    """Another person has looked at it and agrees that it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeExclusion(AboutOrder):
    """The rating is said to be false or meant for somebody else."""

    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeExclusion(AboutOrder):
    """A second person agrees, or not."""

    accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent(Event):
    """Something happened to a work order."""

    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOpened(OrderEvent):
    """A bad rating must be followed up. The order has the id of its ticket: one rating, one order."""

    ticket: str
    number: str
    business_day: str
    service: str
    window: str | None
    clerk: str | None
    level: int
    points: tuple[str, ...] = ()
    note: str | None = None
    has_contact: bool = False
    contact_by: float
    mend_by: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRecorded(OrderEvent):
    """The citizen was called, and reached or not."""

    by: str
    reached: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMended(OrderEvent):
    """Put right."""

    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderClosed(OrderEvent):
    """Reviewed and over."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionProposed(OrderEvent):
    """Somebody holds the rating to be false."""

    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionJudged(OrderEvent):
    """The second person's verdict. The rating stays as it is; only figures may leave it out."""

    by: str
    accepted: bool


EVENTS: tuple[type[Event], ...] = (
    OrderOpened,
    CallbackRecorded,
    OrderMended,
    OrderClosed,
    ExclusionProposed,
    ExclusionJudged,
)


def opened(plan: Plan, visit: Visit, rate: c.Rate, points: tuple[str, ...]) -> OrderOpened:
    """The order of a bad rating, with its deadlines by working days."""
    return OrderOpened(
        at=rate.at,
        order=visit.id,
        ticket=visit.id,
        number=visit.number,
        business_day=visit.business_day,
        service=visit.service,
        window=visit.window,
        clerk=visit.clerk,
        level=rate.level,
        points=points,
        note=rate.note,
        has_contact=rate.has_contact,
        contact_by=add_working_days(plan, rate.at, plan.redress.contact_days),
        mend_by=add_working_days(plan, rate.at, plan.redress.mend_days),
    )


def next_steps(order: WorkOrder, by: str) -> tuple[str, ...]:
    """What this person may do with an order now, in the words of the API: the one place that says so."""
    if order.state in OVER or by == order.clerk:
        return ()
    if _is_pending(order):
        judge_ = () if order.exclusion is None or order.exclusion.by == by else ("judge",)
        return ("callback", *(() if order.state is OrderState.MENDED else ("mend",)), *judge_)
    steps = ["callback"]
    if order.state is not OrderState.MENDED:
        steps.append("mend")
    elif order.callbacks and order.mended_by != by:
        steps.append("close")
    if order.exclusion is None:
        steps.append("exclude")
    return tuple(steps)


def _is_pending(order: WorkOrder) -> bool:
    return order.exclusion is not None and order.exclusion.verdict is None


# --- Rules ------------------------------------------------------------------------------------------------------------


def _find(state: HallState, command: AboutOrder) -> WorkOrder:
    """The order, if it is not over and this is none of whom it is about."""
    order = state.orders.get(command.order)
    if order is None:
        raise Rejected(Reason.ORDER_UNKNOWN, order=command.order)
    if order.state in OVER:
        raise Rejected(Reason.ORDER_STATE, state=order.state.value)
    _require_other(command.by, order.clerk)
    return order


def _require_other(by: str, first: str | None) -> None:
    if by == first:
        raise Rejected(Reason.SECOND_PERSON_WANTED, user=by)


@judge.register
def _(command: RecordCallback, plan: Plan, state: HallState) -> list[Event]:
    order = _find(state, command)
    return [CallbackRecorded(at=command.at, order=order.id, by=command.by, reached=command.reached, note=command.note)]


@judge.register
def _(command: MendOrder, plan: Plan, state: HallState) -> list[Event]:
    order = _find(state, command)
    if order.state is OrderState.MENDED:
        raise Rejected(Reason.ORDER_STATE, state=order.state.value)
    return [OrderMended(at=command.at, order=order.id, by=command.by, note=command.note)]


@judge.register
def _(command: CloseOrder, plan: Plan, state: HallState) -> list[Event]:
    order = _find(state, command)
    if _is_pending(order):
        raise Rejected(Reason.ORDER_STATE, state=JUDGEMENT_PENDING)
    if not order.callbacks:
        raise Rejected(Reason.CALLBACK_WANTED)
    if order.state is not OrderState.MENDED:
        raise Rejected(Reason.ORDER_STATE, state=order.state.value)
    _require_other(command.by, order.mended_by)
    return [OrderClosed(at=command.at, order=order.id, by=command.by)]


@judge.register
def _(command: ProposeExclusion, plan: Plan, state: HallState) -> list[Event]:
    order = _find(state, command)
    if order.exclusion is not None:
        # Once: a rating is not put before one judge after the other until one agrees.
        raise Rejected(Reason.ORDER_STATE, state=JUDGEMENT_PENDING if _is_pending(order) else order.state.value)
    return [ExclusionProposed(at=command.at, order=order.id, by=command.by, note=command.note)]


@judge.register
def _(command: JudgeExclusion, plan: Plan, state: HallState) -> list[Event]:
    order = _find(state, command)
    if order.exclusion is None or not _is_pending(order):
        raise Rejected(Reason.ORDER_STATE, state=order.state.value)
    _require_other(command.by, order.exclusion.by)
    return [ExclusionJudged(at=command.at, order=order.id, by=command.by, accepted=command.accept)]


# --- Steps ------------------------------------------------------------------------------------------------------------


@follow.register
def _(event: OrderOpened, state: HallState) -> None:
    state.orders[event.order] = WorkOrder(
        id=event.order,
        ticket=event.ticket,
        number=event.number,
        business_day=event.business_day,
        service=event.service,
        window=event.window,
        clerk=event.clerk,
        level=event.level,
        opened_at=event.at,
        contact_by=event.contact_by,
        mend_by=event.mend_by,
        points=event.points,
        note=event.note,
        has_contact=event.has_contact,
    )


@follow.register
def _(event: CallbackRecorded, state: HallState) -> None:
    order = state.orders[event.order]
    contacted = OrderState.CONTACTED if order.state is OrderState.OPEN else order.state
    callback = Callback(event.at, event.by, event.reached, event.note)
    state.orders[order.id] = replace(order, state=contacted, callbacks=(*order.callbacks, callback))


@follow.register
def _(event: OrderMended, state: HallState) -> None:
    state.orders[event.order] = replace(
        state.orders[event.order],
        state=OrderState.MENDED,
        mended_at=event.at,
        mended_by=event.by,
        mend_note=event.note,
    )


@follow.register
def _(event: OrderClosed, state: HallState) -> None:
    state.orders[event.order] = replace(
        state.orders[event.order], state=OrderState.CLOSED, closed_at=event.at, closed_by=event.by
    )


@follow.register
def _(event: ExclusionProposed, state: HallState) -> None:
    order = state.orders[event.order]
    state.orders[order.id] = replace(order, exclusion=Exclusion(event.at, event.by, event.note))


@follow.register
def _(event: ExclusionJudged, state: HallState) -> None:
    order = state.orders[event.order]
    assert order.exclusion is not None
    verdict = replace(order.exclusion, verdict=event.accepted, judged_by=event.by, judged_at=event.at)
    judged = replace(order, exclusion=verdict)
    if event.accepted:
        judged = replace(judged, state=OrderState.EXCLUDED, closed_at=event.at, closed_by=event.by)
    state.orders[order.id] = judged
