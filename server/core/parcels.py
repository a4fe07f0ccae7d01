"""Papers that come by courier (P7): signed for at the desk, sorted to a department, registered there. Pure."""

from dataclasses import replace

from server.core import case_events as e
from server.core.case_records import Parcel, ParcelState
from server.core.cases import find_case
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected


def _find(state: HallState, name: str) -> Parcel:
    parcel = state.parcels.get(name)
    if parcel is None:
        raise Rejected(Reason.PARCEL_UNKNOWN, parcel=name)
    return parcel


@judge.register
def _(command: e.SignParcel, plan: Plan, state: HallState) -> list[Event]:
    if (known := state.parcels.get(command.parcel)) is not None:
        if (known.carrier, known.tracking) == (command.carrier, command.tracking):
            return []
        raise Rejected(Reason.PARCEL_EXISTS)
    before = [x for x in state.parcels.values() if (x.carrier, x.tracking) == (command.carrier, command.tracking)]
    if before and not command.again:
        raise Rejected(Reason.PARCEL_SIGNED)
    return [
        e.ParcelSigned(
            at=command.at,
            parcel=command.parcel,
            carrier=command.carrier,
            tracking=command.tracking,
            by=command.by,
            note=command.note,
        )
    ]


@judge.register
def _(command: e.SortParcel, plan: Plan, state: HallState) -> list[Event]:
    parcel = _find(state, command.parcel)
    if parcel.state is ParcelState.REGISTERED:
        raise Rejected(Reason.PARCEL_STATE, state=parcel.state.value)
    if parcel.department == command.department:
        return []
    return [e.ParcelSorted(at=command.at, parcel=parcel.id, department=command.department, by=command.by)]


@judge.register
def _(command: e.RegisterParcel, plan: Plan, state: HallState) -> list[Event]:
    parcel = _find(state, command.parcel)
    if parcel.state is not ParcelState.SORTED:
        raise Rejected(Reason.PARCEL_STATE, state=parcel.state.value)
    case = None if command.case is None else find_case(state, command.case).id
    return [e.ParcelRegistered(at=command.at, parcel=parcel.id, by=command.by, case=case)]


@follow.register
def _(event: e.ParcelSigned, state: HallState) -> None:
    state.parcels[event.parcel] = Parcel(
        event.parcel, event.carrier, event.tracking, event.at, event.by, note=event.note
    )


@follow.register
def _(event: e.ParcelSorted, state: HallState) -> None:
    state.parcels[event.parcel] = replace(
        state.parcels[event.parcel],
        state=ParcelState.SORTED,
        department=event.department,
        sorted_at=event.at,
        sorted_by=event.by,
    )


@follow.register
def _(event: e.ParcelRegistered, state: HallState) -> None:
    state.parcels[event.parcel] = replace(
        state.parcels[event.parcel],
        state=ParcelState.REGISTERED,
        registered_at=event.at,
        registered_by=event.by,
        case=event.case,
    )
