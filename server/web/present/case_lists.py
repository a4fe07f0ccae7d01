"""Lists of cases for those who work on them: what is asked for, in the order of what is due, and the figures over all."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from server.core.calendar import local
from server.core.case_clocks import overdue, result_due
from server.core.case_records import (
    WITH_ORIGINALS,
    Case,
    CaseState,
    DeliveryWay,
    Parcel,
    ParcelState,
    Settlement,
)
from server.core.model import HallState, Plan
from server.web.present.cases import case_view, late_view
from server.web.present.common import both, moment
from server.web.present.texts import name_in_both
from server.web.site import Site

LATE_MAX = 50
PARCEL_NAMES = {
    ParcelState.SIGNED: "Signed for",
    ParcelState.SORTED: "Sorted to a department",
    ParcelState.REGISTERED: "Registered",
}


def is_to_be_filed(settlement: Settlement) -> bool:
    """Whether originals stayed here and are not in the archive yet."""
    return settlement.outcome in WITH_ORIGINALS and settlement.filed_at is None


def due_at(plan: Plan, case: Case) -> float | None:
    """By when the next step of a case must be done; None where no clock runs."""
    carried = [leg.due_at for leg in case.legs if leg.signed_at is None]
    match case.state:
        case CaseState.TRANSIT:
            return min((*carried, case.deadline_at))
        case CaseState.APPROVAL:
            return case.deadline_at
        case CaseState.PAUSED:
            return min(carried, default=None)
        case CaseState.DECIDED:
            return result_due(plan, case)
        case CaseState.READY if case.ready_at is not None:
            by_post = case.delivery is DeliveryWay.POST
            return case.ready_at + (plan.cases.post_s if by_post else plan.cases.collect_s)
        case CaseState.POSTED if case.posted_at is not None:
            return case.posted_at + plan.cases.post_s
        case _:
            return None


def in_order(plan: Plan, cases: Iterable[Case]) -> list[Case]:
    """What is due soonest first; what is over last, newest first."""
    keyed = [
        (case.is_over, due if due is not None else -(case.ended_at or 0.0) if case.is_over else float("inf"), case)
        for case in cases
        for due in [due_at(plan, case)]
    ]
    return [case for *_, case in sorted(keyed, key=lambda each: (each[0], each[1], each[2].number))]


def is_meant(case: Case, words: str) -> bool:
    """Whether somebody who types this may mean the case."""
    wanted = words.strip().casefold()
    known = (case.number, case.title, case.ticket_number, case.platform or "", case.tracking or "")
    return any(wanted in each.casefold() for each in known)


def row_view(site: Site, case: Case, at: float, steps: list[str], *, personal: bool) -> dict[str, Any]:
    """One case in a list, with what the asker may do now."""
    view = case_view(site, case, at)
    masked = view["masked"] if personal else None
    return {
        **view,
        "masked": masked,
        "steps": steps,
        "due_at": moment(site.hall.plan, due_at(site.hall.plan, case)),
        **both(site.names.windows[case.window].name, "window_name"),
    }


def departments(site: Site, state: HallState) -> list[dict[str, str]]:
    """Every department that may have papers, by both names; those that only cases know by their own."""
    named = {service.department["zh"]: service.department["en"] for service in site.names.hall.services}
    in_cases = {leg.department for case in state.cases.values() for leg in case.legs} - set(named)
    return [{"name": name, "name_en": named.get(name, name)} for name in (*named, *sorted(in_cases))]


def _transfer(plan: Plan, state: HallState, at: float) -> dict[str, Any]:
    """Papers signed for today, and those that should have been by now."""
    midnight = local(at, plan.tz).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    in_time = late = 0
    for case in state.cases.values():
        for leg in case.legs:
            if leg.signed_at is None:
                late += case.state in (CaseState.TRANSIT, CaseState.PAUSED) and leg.due_at < at
            elif leg.signed_at >= midnight:
                in_time += leg.signed_at <= leg.due_at
                late += leg.signed_at > leg.due_at
    due = in_time + late
    return {"due": due, "in_time": in_time, "late": late, "share": round(in_time / due, 4) if due else None}


def overview(site: Site, state: HallState, at: float) -> dict[str, Any]:
    """All cases in figures, and the steps that have been late longest."""
    plan, names = site.hall.plan, site.names
    late = sorted(
        ((step, case) for case in state.cases.values() for step in overdue(plan, case, at)),
        key=lambda each: (each[0].due_at, each[1].number, each[0].key),
    )
    is_open = [case for case in state.cases.values() if not case.is_over]
    open_in, late_in = (
        Counter(case.zone for case in is_open),
        Counter({case.id: case.zone for _, case in late}.values()),
    )
    return {
        "now": moment(plan, at),
        "states": dict(Counter(case.state.value for case in state.cases.values())),
        "open": len(is_open),
        "overdue": len({case.id for _, case in late}),
        "late": [
            {
                **late_view(site, step),
                "case": case.id,
                "number": case.number,
                "title": case.title,
                "zone": case.zone,
                "window": case.window,
                **both(names.windows[case.window].name, "window_name"),
            }
            for step, case in late[:LATE_MAX]
        ],
        "zones": [{"zone": zone, "open": open_in[zone], "overdue": late_in[zone]} for zone in sorted(open_in)],
        "departments": dict(Counter(leg.department for case in is_open for leg in case.legs)),
        "transfer": _transfer(plan, state, at),
        "parcels": dict(Counter(parcel.state.value for parcel in state.parcels.values())),
        "unfiled": sum(map(is_to_be_filed, state.settlements.values())),
    }


def parcel_view(site: Site, state: HallState, parcel: Parcel, *, written: bool) -> dict[str, Any]:
    """Papers that came by courier; with what was written at the desk only where they are looked at."""
    plan = site.hall.plan
    case = None if parcel.case is None else state.cases.get(parcel.case)
    return {
        "id": parcel.id,
        "carrier": parcel.carrier,
        "tracking": parcel.tracking,
        "state": parcel.state.value,
        **name_in_both(PARCEL_NAMES[parcel.state], "state_name"),
        "department": parcel.department,
        "case": None if case is None else case.number,
        "note": site.people.text(parcel.note) if written else None,
        "signed_at": moment(plan, parcel.signed_at),
        "signed_by": parcel.signed_by,
        "sorted_at": moment(plan, parcel.sorted_at),
        "sorted_by": parcel.sorted_by,
        "registered_at": moment(plan, parcel.registered_at),
        "registered_by": parcel.registered_by,
    }
