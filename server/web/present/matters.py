"""A matter as staff see it, the choices of the form, and the sheet for 12345."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from config.sections import Choice
from server.accounts import Person
from server.core.affairs import Matter, MatterKind
from server.core.calendar import local
from server.core.model import Plan
from server.people import masked_tail
from server.web.access import LEADERS
from server.web.present.common import both, moment
from server.web.present.texts import name_in_both
from server.web.sheets import Cell
from server.web.site import Site

KIND_NAMES = {
    MatterKind.UNRESOLVED: "Could not be done",
    MatterKind.CROSS_REGION: "For another region",
    MatterKind.ENQUIRY: "Enquiry",
    MatterKind.COMPLAINT: "Complaint",
    MatterKind.REPORT: "Report of a wrong",
    MatterKind.SUGGESTION: "Suggestion",
}
#: Against somebody of this house perhaps: only leaders and who wrote them down see and settle these.
CONFIDENTIAL = frozenset({MatterKind.COMPLAINT, MatterKind.REPORT})


def reference_of(matter: Matter, plan: Plan) -> str:
    """What people call a matter by: its day and the end of its id, `20261122-3F9A1C`."""
    return f"{local(matter.opened_at, plan.tz):%Y%m%d}-{re.sub('[^A-Za-z0-9]', '', matter.id)[-6:].upper()}"


def kind_name(kind: MatterKind, key: str = "name") -> dict[str, str]:
    """A kind's name in both languages."""
    return name_in_both(KIND_NAMES[kind], key)


def _choices(choices: Iterable[Choice]) -> list[dict[str, str]]:
    return [{"id": choice.id, **both(choice.name)} for choice in choices]


def form_view(site: Site) -> dict[str, Any]:
    """What the form offers: kinds with their working days, reasons, results, regions, departments."""
    matters, days = site.names.hall.matters, site.hall.plan.redress.matter_days
    return {
        "kinds": [{"id": kind.value, **kind_name(kind), "days": days[kind.value]} for kind in MatterKind],
        "reasons": _choices(matters.reasons),
        "results": _choices(matters.results),
        "regions": _choices(matters.regions),
        "departments": sorted({service.department["zh"] for service in site.names.hall.services}),
    }


def may_see(person: Person, matter: Matter) -> bool:
    """Whether somebody may see a matter."""
    is_leader = not person.roles.isdisjoint(LEADERS)
    return is_leader or matter.kind not in CONFIDENTIAL or matter.opened_by == person.user


def may_settle(person: Person, matter: Matter) -> bool:
    """Whether somebody may settle a matter: complaints and reports only leaders."""
    is_leader = not person.roles.isdisjoint(LEADERS)
    return matter.settled_at is None and (is_leader or matter.kind not in CONFIDENTIAL)


def _named(choices: Iterable[Choice], wanted: str | None, key: str) -> dict[str, str | None]:
    """A choice's name; free text, or an entry that left the hall file, is its own name."""
    found = next((choice.name for choice in choices if choice.id == wanted), None)
    return {key: found["zh"] if found else wanted, f"{key}_en": found["en"] if found else wanted}


def is_overdue(matter: Matter, at: float) -> bool:
    """Settled too late, or still open after the deadline."""
    return (matter.settled_at or at) > matter.deadline_at


def matter_view(site: Site, matter: Matter, at: float, person: Person, *, personal: bool) -> dict[str, Any]:
    """A matter; what the citizen said and left comes only where `personal`, in lists the phone's tail."""
    plan, names, people = site.hall.plan, site.names, site.people
    choices = names.hall.matters
    phone = people.fact(f"matter:{matter.id}", "phone")
    service = names.services[matter.service] if matter.service else None
    return {
        "id": matter.id,
        "reference": reference_of(matter, plan),
        "kind": matter.kind.value,
        **kind_name(matter.kind, "kind_name"),
        "number": matter.number,
        "service": matter.service,
        "service_name": service.name["zh"] if service else None,
        "service_name_en": service.name["en"] if service else None,
        "reason": matter.reason,
        **_named(choices.reasons, matter.reason, "reason_name"),
        "department": matter.department,
        "region": matter.region,
        **_named(choices.regions, matter.region, "region_name"),
        "opened_at": moment(plan, matter.opened_at),
        "opened_by": matter.opened_by,
        "deadline_at": moment(plan, matter.deadline_at),
        "overdue": is_overdue(matter, at),
        "result": matter.result,
        **_named(choices.results, matter.result, "result_name"),
        "settled_at": moment(plan, matter.settled_at),
        "settled_by": matter.settled_by,
        "may_settle": may_settle(person, matter),
        "text": people.text(matter.note) if personal else None,
        "result_text": people.text(matter.result_note) if personal else None,
        "name": people.fact(f"matter:{matter.id}", "name") if personal else None,
        "phone": (phone if personal else masked_tail(phone)) if phone else None,
    }


#: The sheet for 12345: heading, and the field of a view.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("编号", "reference"),
    ("类型", "kind_name"),
    ("登记时间", "opened_at"),
    ("反映人", "name"),
    ("联系电话", "phone"),
    ("诉求内容", "text"),
    ("原因", "reason_name"),
    ("涉及部门", "department"),
    ("涉及业务", "service_name"),
    ("涉及地区", "region_name"),
    ("排队号", "number"),
    ("登记人", "opened_by"),
    ("办理期限", "deadline_at"),
    ("办理结果", "result_name"),
    ("答复内容", "result_text"),
    ("办结时间", "settled_at"),
    ("办结人", "settled_by"),
    ("是否超期", "overdue"),
)


def sheet_rows(views: Iterable[Mapping[str, Any]]) -> list[list[Cell]]:
    """Headings and one row a matter; moments as such, in the hall's time to the minute."""
    rows: list[list[Cell]] = [[heading for heading, _ in COLUMNS]]
    return rows + [[_cell(field, view[field]) for _, field in COLUMNS] for view in views]


def _cell(field: str, value: object) -> Cell:
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.endswith("_at") and isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=None, second=0, microsecond=0)
    return "" if value is None else str(value)
