"""People by card or phone number: known by a handle, never by the number; and forgotten when they ask for it (A3)."""

from datetime import date

from flask import Response
from flask_openapi3 import Tag

from server.core.calendar import local
from server.hall import Answer
from server.id_numbers import age_on, read_number
from server.masked_names import masked_name
from server.people import Holder
from server.retention import day_end, kept_until
from server.web.api import identity_schemas as i
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.claims import PROVED
from server.web.commanding import idempotency_key, send
from server.web.present.holders import holder_view
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("holders", __name__, url_prefix="/api/v1/holders", abp_tags=[Tag(name="people")])


@api.post("", responses={200: i.Holder})
def holders(header: s.KeyHeader, body: i.HolderBody) -> Response:
    """Who this is: a handle for tickets and appointments, and what he has today. Asked twice, the answer is the same
    handle; nothing of the card is kept but a keyed hash and the masked tail, and for today the groups it proves."""
    idempotency_key()
    here = site()
    now = here.hall.now()
    today = local(now, here.hall.plan.tz).date()
    if body.card is not None:
        found, groups = _of_card(here, body.card, now, today)
        name = body.card.name or body.name
    else:
        assert body.phone is not None
        found, groups, name = here.people.holder("phone", body.phone, kept_until(here, now)), [], body.name
    if name and any(service.clerk_sees_name for service in here.names.hall.services):
        here.people.pass_on(found.handle, name, now)
    with here.hall.reading() as state:
        view = holder_view(here, state, found, now)
    expired = body.card is not None and body.card.valid_to is not None and body.card.valid_to < today
    told = {**view, "name_masked": masked_name(name) if name else None, "groups": groups, "card_expired": expired}
    return send(Answer(200, told))


def _of_card(here: Site, card: i.Card, now: float, today: date) -> tuple[Holder, list[str]]:
    """The person of a card, and the groups its age proves."""
    read = read_number(card.number, today)
    if read is None:
        raise Problem("card_invalid")
    found = here.people.holder("card", read.number, kept_until(here, now))
    birth = read.birth or _told_birth(read.number, card.birth)
    groups = [] if birth is None else _groups_of_age(here, age_on(birth, today))
    subject = f"holder:{found.handle}"
    if groups:
        here.people.note(subject, PROVED, " ".join(groups), day_end(here.hall.plan, now))
    else:
        here.people.forget(subject)
    return found, groups


def _told_birth(number: str, told: date | None) -> date | None:
    """The birth a reader tells beside a number with a two-figure year, if the two agree."""
    return told if told is not None and f"{told:%y%m%d}" == number[7:13] else None


def _groups_of_age(here: Site, age: int) -> list[str]:
    return [g.id for g in here.names.hall.priority_groups if g.enabled and g.min_age is not None and age >= g.min_age]


@api.post("/<holder>/forget", responses={200: i.Forgotten})
def forget(path: i.HolderPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Forget a person who asks for it (withdrawal of consent, A3.5): his handle means nobody from now on, and names,
    phones and remarks at his tickets, appointments, matters and work orders go. Tickets and appointments stay valid."""
    idempotency_key()
    here = site()
    if not path.holder.startswith("p-"):
        raise Problem("holder_unknown")
    with here.hall.reading() as state:
        tickets = set(state.held_by.get(path.holder, ()))
        subjects = [f"ticket:{one}" for one in tickets]
        subjects += [f"note:{state.tickets[one].remark}" for one in tickets]
        subjects += [f"appointment:{a.id}" for a in state.appointments.values() if a.holder == path.holder]
        for matter in state.matters.values():
            if matter.holder == path.holder:
                subjects += [f"matter:{matter.id}", f"note:{matter.note}", f"note:{matter.result_note}"]
        for order in state.orders.values():
            if order.ticket in tickets:
                subjects += [f"order:{order.id}", f"note:{order.note}"]
    here.people.forget_holder(path.holder)
    for subject in subjects:
        here.people.forget(subject)
    here.people.wipe()
    return send(Answer(200, {"forgotten": True}))
