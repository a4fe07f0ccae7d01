"""Things that could not be done, things for another region, words to 12345: reason, deadline, result (A2.16, C7). Pure."""

from dataclasses import dataclass, replace

from server.core.affairs import Matter, MatterKind
from server.core.calendar import add_working_days
from server.core.commands import Command
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected
from server.core.verbs import find_ticket

#: Working days of a kind that the plan does not name.
USUAL_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMatter(Command):
    """Somebody at a desk writes down what a citizen brought. `matter` is made by the sender, so that it may come twice;
    `note` is a handle of `server/people.py`, where name and phone lie too."""

    matter: str
    kind: MatterKind
    by: str
    reason: str | None = None
    ticket: str | None = None
    department: str | None = None
    region: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleMatter(Command):
    """What came of it."""

    matter: str
    by: str
    result: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterEvent(Event):
    """Something happened to a matter."""

    matter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRecorded(MatterEvent):
    """Written down, with the time by which it must be settled."""

    kind: MatterKind
    by: str
    deadline_at: float
    reason: str | None = None
    ticket: str | None = None
    number: str | None = None
    service: str | None = None
    department: str | None = None
    region: str | None = None
    note: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSettled(MatterEvent):
    """It has its result."""

    by: str
    result: str
    note: str | None = None


EVENTS: tuple[type[Event], ...] = (MatterRecorded, MatterSettled)


@judge.register
def _(command: RecordMatter, plan: Plan, state: HallState) -> list[Event]:
    known = state.matters.get(command.matter)
    if known is not None:
        if (known.kind, known.opened_by) == (command.kind, command.by):
            return []
        raise Rejected(Reason.MATTER_EXISTS)
    days = plan.redress.matter_days.get(command.kind.value, USUAL_DAYS)
    recorded = MatterRecorded(
        at=command.at,
        matter=command.matter,
        kind=command.kind,
        by=command.by,
        deadline_at=add_working_days(plan, command.at, days),
        reason=command.reason,
        department=command.department,
        region=command.region,
        note=command.note,
    )
    if command.ticket is None:
        return [recorded]
    ticket = find_ticket(state, command.ticket)
    return [replace(recorded, ticket=ticket.id, number=ticket.number, service=ticket.service, holder=ticket.holder)]


@judge.register
def _(command: SettleMatter, plan: Plan, state: HallState) -> list[Event]:
    matter = state.matters.get(command.matter)
    if matter is None:
        raise Rejected(Reason.MATTER_UNKNOWN, matter=command.matter)
    if matter.settled_at is not None:
        raise Rejected(Reason.MATTER_SETTLED)
    return [MatterSettled(at=command.at, matter=matter.id, by=command.by, result=command.result, note=command.note)]


@follow.register
def _(event: MatterRecorded, state: HallState) -> None:
    state.matters[event.matter] = Matter(
        id=event.matter,
        kind=event.kind,
        opened_at=event.at,
        opened_by=event.by,
        deadline_at=event.deadline_at,
        reason=event.reason,
        ticket=event.ticket,
        number=event.number,
        service=event.service,
        department=event.department,
        region=event.region,
        note=event.note,
        holder=event.holder,
    )


@follow.register
def _(event: MatterSettled, state: HallState) -> None:
    state.matters[event.matter] = replace(
        state.matters[event.matter],
        settled_at=event.at,
        settled_by=event.by,
        result=event.result,
        result_note=event.note,
    )
