"""Items as the API shows them. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from server.catalogue.entries import Item, merged_materials, package_days
from server.catalogue.records import Guide

#: Service id → its Chinese and English name.
ServiceNames = Callable[[str], tuple[str, str]]


def brief(item: Item, named: ServiceNames) -> dict[str, Any]:
    """What a list of hits shows of an item."""
    service_name, service_name_en = named(item.service) if item.service else ("", "")
    online, elsewhere = item.online, item.elsewhere
    return {
        "code": item.code,
        "name": item.name,
        "name_en": item.name_en,
        "department": item.department,
        "department_en": item.department_en,
        "kind": item.kind,
        "handling": item.handling,
        "audience": item.audience,
        "service": item.service or None,
        "service_name": service_name or None,
        "service_name_en": service_name_en or None,
        "online": {"url": online.url or None, "name": online.name} if online else None,
        "elsewhere": {"place": elsewhere.place, "contact": elsewhere.contact, "reason": elsewhere.reason}
        if elsewhere
        else None,
        "package": item.is_package,
        "flags": [flag.value for flag in item.flags],
    }


def whole(item: Item, items: Mapping[str, Item], named: ServiceNames) -> dict[str, Any]:
    """An item with its guide; a package with its members and one list of materials."""
    members = [items[code] for code in item.guide.members if code in items]
    return {**brief(item, named), "guide": _guide(item, members), "members": [brief(each, named) for each in members]}


def _guide(item: Item, members: list[Item]) -> dict[str, Any]:
    guide = item.guide
    days = package_days(guide.course, (limit_of(member) for member in members)) if members else None
    return {
        "conditions": guide.conditions,
        "materials": [
            {
                "name": material.name,
                "form": material.form,
                "copies": material.copies,
                "note": material.note,
                "sample": material.sample or None,
            }
            for material in merged_materials(_in_order(guide, members))
        ],
        "fee": guide.fee,
        "time_limit": guide.time_limit,
        "time_limit_days": days,
        "legal_basis": guide.legal_basis,
        "forms": [{"name": form.name, "url": form.url or None} for form in guide.forms],
        "where": guide.where,
        "by": guide.by or item.department,
        "steps": guide.steps,
    }


def limit_of(item: Item) -> str:
    """An item's time limit in words; an instant item without one is done at once."""
    return item.guide.time_limit or ("即时办结" if item.handling == "即办件" else "")


def _in_order(guide: Guide, members: list[Item]) -> Iterable[Guide]:
    return (guide, *(member.guide for member in members))
