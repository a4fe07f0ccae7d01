"""What the outcome panel offers: outcomes with their fields, reasons, departments, experts, and what an item suggests."""

from typing import Any

from server.catalogue.entries import Item, merged_materials, package_days
from server.catalogue.present import limit_of
from server.catalogue.records import Material
from server.catalogue.terms import working_days
from server.core.calendar import add_working_days, local
from server.core.case_records import ACCEPTANCES, Outcome
from server.core.model import HallState
from server.core.settling import WITH_LACKS
from server.web.present.cases import OUTCOME_NAMES, papers_of
from server.web.present.common import both
from server.web.present.experts import department_en, expert_view
from server.web.present.texts import name_in_both
from server.web.site import Site

#: Said only with an outcome that makes a case.
CASE_FIELDS = ("days", "urgent", "delivery", "phone", "address")

#: The reason of a refusal that says nothing by itself: the clerk's own words must stand on the notice.
REASON_IN_WORDS = "other"
#: Working days that are suggested for papers that are missing.
PROMISE_DAYS = 5


def fields_of(outcome: Outcome) -> list[str]:
    """What may be said with an outcome, beside the item, a note and the platform's number."""
    fields = ["departments"] if outcome is Outcome.DONE else ["departments", "name"]
    if outcome in WITH_LACKS:
        fields.append("lacks")
    if outcome is Outcome.ACCEPTED_MISSING:
        fields.append("promise_on")
    if outcome is Outcome.REFUSED:
        fields.append("reason")
    return [*fields, *(CASE_FIELDS if outcome in ACCEPTANCES else ())]


def wanted_of(outcome: Outcome) -> list[str]:
    """What must be said with an outcome."""
    wanted = [name for name in fields_of(outcome) if name in ("lacks", "promise_on", "reason")]
    return [*wanted, *(("departments",) if outcome in ACCEPTANCES else ())]


def known_departments(site: Site) -> list[str]:
    """Departments by the names that the catalogue, the services and the experts write."""
    hall = site.names.hall
    listed = [name for name, _ in site.catalogue.departments()]
    of_services = [service.department["zh"] for service in hall.services]
    return list(dict.fromkeys([*listed, *of_services, *(expert.department for expert in hall.experts)]))


def departments_of(site: Site, item: Item) -> tuple[str, ...]:
    """Who decides an item: its department; of a package those of its members as well, without naming one twice."""
    items = site.catalogue.all_items()
    members = [items[code].department for code in item.guide.members if code in items]
    return tuple(dict.fromkeys(name for name in (item.department, *members) if name))


def days_of(site: Site, item: Item) -> int | None:
    """Working days an item's guide gives, at least one; None where it says none."""
    items = site.catalogue.all_items()
    members = [items[code] for code in item.guide.members if code in items]
    if members:
        days = package_days(item.guide.course, (limit_of(member) for member in members))
    else:
        days = working_days(limit_of(item))
    # What is done at once and yet accepted takes a day.
    return None if days is None else max(1, days)


def suggestion(site: Site, item: Item) -> dict[str, Any]:
    """What the catalogue says of an item."""
    return {
        "item": item.code,
        "title": item.name,
        "departments": list(departments_of(site, item)),
        "days": days_of(site, item),
        "materials": [material.name for material in materials_of(site, item)],
    }


def materials_of(site: Site, item: Item) -> tuple[Material, ...]:
    """What must be brought for an item; for a package nothing twice."""
    items = site.catalogue.all_items()
    return merged_materials((item.guide, *(items[code].guide for code in item.guide.members if code in items)))


def outcomes_view(site: Site, state: HallState, item: Item | None) -> dict[str, Any]:
    """The whole form."""
    hall, plan = site.names.hall, site.hall.plan
    promised = local(add_working_days(plan, site.hall.now(), PROMISE_DAYS), plan.tz).date()
    return {
        "outcomes": [
            {
                "id": outcome.value,
                **name_in_both(OUTCOME_NAMES[outcome]),
                "fields": fields_of(outcome),
                "wanted": wanted_of(outcome),
                "papers": papers_of(outcome),
            }
            for outcome in Outcome
        ],
        "refusals": [
            {"id": choice.id, **both(choice.name), "wants_note": choice.id == REASON_IN_WORDS}
            for choice in hall.cases.refusals
        ],
        "carriers": list(hall.cases.carriers),
        # Who is at his desk comes first; the others stay in the hall's order.
        "experts": sorted(
            (expert_view(site, state, expert) for expert in hall.experts), key=lambda view: not view["open"]
        ),
        "departments": [{"name": name, "name_en": department_en(site, name)} for name in known_departments(site)],
        "default_days": hall.cases.default_days,
        "default_promise_on": promised.isoformat(),
        "suggested": None if item is None else suggestion(site, item),
    }
