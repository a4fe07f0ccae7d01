"""What stands on the paper of a settlement: gathered from the settlement, its case, the catalogue and who applied."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from server.core.calendar import local
from server.core.case_records import Case, DeliveryWay, HandedTo, PaperKind, Settlement
from server.core.model import HallState, Plan
from server.core.settling import PAPERS
from server.papers.facts import Handed, PaperFacts, Said, Taken
from server.web.present.cases import person_of, pickup_service
from server.web.present.common import windows_text
from server.web.present.settling import materials_of
from server.web.site import Site


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement with its case, of today or of a past day, and the language its citizen speaks."""

    kept: Settlement
    case: Case | None
    language: str

    @property
    def paper(self) -> PaperKind | None:
        """The kind of paper there is of it."""
        return PAPERS.get(self.kept.outcome)

    @property
    def is_fetched(self) -> bool:
        """Whether somebody took its result home at the desk, and may sign a receipt."""
        return self.case is not None and self.case.handed_to is not None


def settled(here: Site, state: HallState, name: str) -> Settled | None:
    """What is known of a settlement, however long ago; None of one that never was or was taken back."""
    history = here.hall.history
    kept = state.settlements.get(name) or history.settlement(name)
    if kept is None:
        return None
    case = None if kept.case is None else state.cases.get(kept.id) or history.case(kept.id)
    ticket = state.tickets.get(kept.ticket)
    language = ticket.language if ticket is not None else (history.ticket_row(kept.ticket) or {}).get("language")
    return Settled(kept, case, str(language or "zh"))


def receipt_facts(here: Site, found: Settled) -> PaperFacts:
    """The facts of the receipt of a result that was fetched: those of the case, with who took it, when and from whom."""
    case, plan = found.case, here.hall.plan
    assert case is not None
    assert case.result is not None
    assert case.ended_at is not None
    authorities = {choice.id: choice.name for choice in here.names.hall.cases.authorities}
    authority = case.authority or ""
    subject = f"case:{case.id}"
    taken = Taken(
        result=case.result.title,
        copies=case.result.copies,
        is_agent=case.handed_to == HandedTo.AGENT,
        proof=case.proof or "other",
        agent=here.people.fact(subject, "agent"),
        relation=here.people.fact(subject, "relation"),
        authority=_said(authorities.get(authority, {"zh": authority, "en": authority})),
        note=here.people.text(case.end_note) or "",
    )
    return replace(
        paper_facts(here, found, ""),
        kind=PaperKind.RECEIPT,
        at=local(case.ended_at, plan.tz),
        clerk=here.accounts.called(case.ended_by),
        taken=taken,
    )


def paper_facts(here: Site, found: Settled, public_url: str, again: int = 1) -> PaperFacts:
    """The facts of its paper. `public_url` is where phones reach the hall."""
    kept, case = found.kept, found.case
    plan, names = here.hall.plan, here.names
    kind = found.paper
    assert kind is not None
    item = None if kept.item is None else here.catalogue.item(kept.item)
    service = names.services[kept.service]
    reasons = {choice.id: choice.name for choice in names.hall.cases.refusals}
    reason = reasons.get(kept.reason or "", {"zh": kept.reason or "", "en": kept.reason or ""})
    is_voucher = case is not None
    fetched = pickup_service(names.hall, kept.zone) if is_voucher else kept.service
    before = service.precheck
    missing = set(kept.lacks)
    return PaperFacts(
        kind=kind,
        outcome=kept.outcome,
        hall=_said(names.hall.name),
        number=kept.number if case is None else case.number,
        title=Said(kept.title, item.name_en if item is not None and item.name == kept.title else ""),
        ticket=kept.number,
        at=local(kept.at, plan.tz),
        window=_said(names.windows[kept.window].name),
        clerk=here.accounts.called(kept.clerk),
        code=kept.item or "",
        departments=tuple(leg.department for leg in case.legs)
        if case is not None
        else ((kept.department,) if kept.department else ()),
        applicant=person_of(here, kept.id)["name"],
        handed=tuple(
            Handed(material.name, material.form, material.copies)
            for material in (() if item is None else materials_of(here, item))
            if material.name not in missing
        ),
        # What a case lacked when it was accepted stands in its settlement, also once it has been brought.
        lacks=kept.lacks,
        promise_on=None if kept.promise_by is None else local(kept.promise_by, plan.tz).date(),
        deadline_on=None if case is None else local(case.deadline_at, plan.tz).date(),
        days=0 if case is None else case.days,
        urgent=case is not None and case.urgent,
        delivery=DeliveryWay.WINDOW if case is None else case.delivery,
        carriers=tuple(names.hall.cases.carriers),
        place=Said("") if fetched is None else _place(here, plan, fetched),
        precheck=None if before is None else _place(here, plan, before),
        platform=(kept.platform if case is None else case.platform) or "",
        reason=_said(reason),
        # Only a refusal gives its reasons in words; any other note is for colleagues.
        note=(here.people.text(kept.note) or "") if kind is PaperKind.REFUSAL else "",
        basis="" if item is None else item.guide.legal_basis,
        url="" if case is None else f"{public_url.rstrip('/')}/c/{here.links.case_token(case.id)}",
        again=again,
        english=found.language.startswith("en"),
    )


def _said(text: Mapping[str, str]) -> Said:
    return Said(text["zh"], text["en"])


def _place(here: Site, plan: Plan, service: str) -> Said:
    """Where a service is, for the weeks to come: its area, zone and the windows that are its own, not today's."""
    names = here.names
    zone = names.zones[names.services[service].zone]
    area = names.areas[zone.area].name
    own = [window for window, planned in plan.windows.items() if service in planned.services]
    where = windows_text(names, own)
    return Said(
        " ".join(filter(None, (area["zh"], zone.name["zh"], where["windows_text"]))),
        ", ".join(filter(None, (area["en"], zone.name["en"], where["windows_text_en"]))),
    )
