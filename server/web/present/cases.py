"""Settlements and cases as staff see them: with names, what is late and what may be done now. Nothing personal but a
masked tail; name, phone and address come only from `person_of`."""

from collections.abc import Sequence
from typing import Any

from config.schema import HallFile, Position
from config.sections import Choice
from server.core.case_clocks import overdue, working_days_left
from server.core.case_records import ACCEPTANCES, Case, CaseState, Outcome, Overdue, Settlement
from server.core.cases import next_steps
from server.masked_names import masked_name
from server.people import masked_tail
from server.web.present.common import both, moment
from server.web.present.texts import name_in_both
from server.web.site import Site

OUTCOME_NAMES = {
    Outcome.DONE: "Done at once",
    Outcome.ACCEPTED: "Accepted",
    Outcome.ACCEPTED_MISSING: "Accepted, papers to follow",
    Outcome.CORRECTION: "To be corrected",
    Outcome.REFUSED: "Not accepted",
    Outcome.PRE_ACCEPTED: "Online application taken up",
}
STATE_NAMES = {
    CaseState.TRANSIT: "On the way to the departments",
    CaseState.APPROVAL: "Being decided",
    CaseState.PAUSED: "Clock stopped",
    CaseState.DECIDED: "Decided",
    CaseState.READY: "Ready to be fetched",
    CaseState.POSTED: "Posted",
    CaseState.DELIVERED: "Handed out",
    CaseState.WITHDRAWN: "Withdrawn",
}
LATE_NAMES = {
    "transfer": "Papers not signed for",
    "approval": "No answer",
    "promise": "Promised papers missing",
    "result": "Result not handed over",
    "collection": "Result not fetched",
    "post": "Result not posted",
    "delivery": "Delivery not reported",
}
#: Facts about an applicant in `server/people.py`, under `case:<id>`.
PERSON_FACTS = ("name", "phone", "address")


def papers_of(outcome: Outcome) -> list[str]:
    """The kinds of paper an outcome prints."""
    if outcome in ACCEPTANCES:
        return ["voucher"]
    return {Outcome.CORRECTION: ["correction"], Outcome.REFUSED: ["refusal"]}.get(outcome, [])


def pickup_service(hall: HallFile, zone: str) -> str | None:
    """The service whose windows hand out the results of a zone: as the hall file says, else the zone's own pickup
    service, else the first there is."""
    if (named := hall.cases.pickup.get(zone)) is not None:
        return named
    services = [service for service in hall.services if service.position is Position.PICKUP]
    own = [service for service in services if service.zone == zone]
    return next((service.id for service in (*own, *services)), None)


def settlement_view(site: Site, kept: Settlement) -> dict[str, Any]:
    """One settlement."""
    plan, names = site.hall.plan, site.names
    reasons = {choice.id: choice.name for choice in names.hall.cases.refusals}
    reason = None if kept.reason is None else reasons.get(kept.reason, {"zh": kept.reason, "en": kept.reason})
    return {
        "id": kept.id,
        "ticket": kept.ticket,
        "number": kept.number,
        "at": moment(plan, kept.at),
        "outcome": kept.outcome.value,
        **name_in_both(OUTCOME_NAMES[kept.outcome], "outcome_name"),
        "title": kept.title,
        "item": kept.item,
        "department": kept.department,
        "window": kept.window,
        **both(names.windows[kept.window].name, "window_name"),
        "clerk": kept.clerk,
        "lacks": list(kept.lacks),
        "promise_by": moment(plan, kept.promise_by),
        "reason": kept.reason,
        "reason_name": None if reason is None else reason["zh"],
        "reason_name_en": None if reason is None else reason["en"],
        "case": kept.case,
        "platform": kept.platform,
        "filed_at": moment(plan, kept.filed_at),
        "filed_by": kept.filed_by,
        "papers": papers_of(kept.outcome),
    }


def late_view(site: Site, late: Overdue) -> dict[str, Any]:
    """A step that is late."""
    return {
        "step": late.step,
        **name_in_both(LATE_NAMES[late.step], "step_name"),
        "due_at": moment(site.hall.plan, late.due_at),
        "department": late.department,
        "who": late.who,
    }


def _chosen(among: Sequence[Choice], field: str, chosen: str | None) -> dict[str, str | None]:
    """A choice of the hall file in its words (`field`, `field`_name, `field`_name_en); one that has left the file since
    is its own name."""
    found = next((choice.name for choice in among if choice.id == chosen), None)
    return {
        field: chosen,
        f"{field}_name": chosen if found is None else found["zh"],
        f"{field}_name_en": chosen if found is None else found["en"],
    }


def case_view(site: Site, case: Case, at: float) -> dict[str, Any]:
    """One case."""
    plan, names = site.hall.plan, site.names
    holder = None if case.holder is None else site.people.known(case.holder)
    phone = site.people.fact(f"case:{case.id}", "phone")
    runs = case.state in (CaseState.TRANSIT, CaseState.APPROVAL)
    return {
        "id": case.id,
        "number": case.number,
        "ticket": case.ticket,
        "ticket_number": case.ticket_number,
        "business_day": case.business_day,
        "opened_at": moment(plan, case.opened_at),
        "title": case.title,
        "item": case.item,
        "service": case.service,
        **both(names.services[case.service].name, "service_name"),
        "zone": case.zone,
        **both(names.zones[case.zone].name, "zone_name"),
        "window": case.window,
        "clerk": case.clerk,
        "outcome": case.outcome.value,
        "urgent": case.urgent,
        "state": case.state.value,
        **name_in_both(STATE_NAMES[case.state], "state_name"),
        "deadline_at": moment(plan, case.deadline_at),
        "days": case.days,
        "days_left": working_days_left(plan, at, case.deadline_at) if runs else None,
        "delivery": case.delivery.value,
        "lacks": list(case.lacks),
        "promise_by": moment(plan, case.promise_by),
        "platform": case.platform,
        "legs": [
            {
                "department": leg.department,
                "due_at": moment(plan, leg.due_at),
                "taken_at": moment(plan, leg.taken_at),
                "taken_by": leg.taken_by,
                "signed_at": moment(plan, leg.signed_at),
                "signed_by": leg.signed_by,
                "answer": None if leg.answer is None else leg.answer.value,
                "answered_at": moment(plan, leg.answered_at),
                "answered_by": leg.answered_by,
                **_chosen(site.names.hall.cases.mismatches, "returned_for", leg.returned_for),
            }
            for leg in case.legs
        ],
        "pauses": [
            {
                "kind": pause.kind.value,
                "at": moment(plan, pause.at),
                "by": pause.by,
                "fee": pause.fee,
                "lacks": list(pause.lacks),
                "ended_at": moment(plan, pause.ended_at),
            }
            for pause in case.pauses
        ],
        "result": None
        if case.result is None
        else {
            "title": case.result.title,
            "copies": case.result.copies,
            "at": moment(plan, case.result.at),
            "by": case.result.by,
        },
        "granted": case.is_granted,
        "returned": case.returned,
        "ready_at": moment(plan, case.ready_at),
        "carrier": case.carrier,
        "tracking": case.tracking,
        "posted_at": moment(plan, case.posted_at),
        "ended_at": moment(plan, case.ended_at),
        "ended_by": case.ended_by,
        "handed_to": case.handed_to,
        "proof": case.proof,
        **_chosen(site.names.hall.cases.authorities, "authority", case.authority),
        "overdue": [late_view(site, late) for late in overdue(plan, case, at)],
        "steps": list(next_steps(case)),
        "masked": holder.masked if holder else masked_tail(phone) if phone else None,
        "pickup_service": pickup_service(names.hall, case.zone),
    }


def person_of(site: Site, case: str) -> dict[str, str | None]:
    """Name, phone and address of who applied, while they are kept."""
    return {kind: site.people.fact(f"case:{case}", kind) for kind in PERSON_FACTS}


def agent_of(site: Site, case: str) -> dict[str, str | None]:
    """Who fetched a result for the applicant, with the name masked, and what he is to him, while it is kept."""
    name = site.people.fact(f"case:{case}", "agent")
    return {
        "agent": None if name is None else masked_name(name),
        "relation": site.people.fact(f"case:{case}", "relation"),
    }


def notes_of(site: Site, case: Case, settled: Settlement | None) -> list[dict[str, str | None]]:
    """What windows, departments and desks wrote for each other, in the order of the case's way."""
    written: list[tuple[str, str | None, str | None, str | None]] = [
        ("acceptance", None, case.clerk, None if settled is None else settled.note),
        *(("answer", leg.department, leg.answered_by, leg.note) for leg in case.legs if leg.answer is not None),
        *(("return", leg.department, None, leg.returned_note) for leg in case.legs),
        ("end", None, case.ended_by, case.end_note),
    ]
    return [
        {"kind": kind, "department": department, "by": by, "text": text}
        for kind, department, by, note in written
        if (text := site.people.text(note)) is not None
    ]
