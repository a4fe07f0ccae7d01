"""An administrator's edit of one item: which rows of which lists it makes or changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from server.catalogue.records import Absent, Form, Guide, Listed, ListName, Material, OnlineEntry, Record

#: What the official lists say of an item; everything else is its guide's.
OFFICIAL = ("name", "department", "kind", "handling", "audience", "remark")
#: What must be said of a new item, by what it is.
WANTED_OF_PACKAGE = ("name", "department")
WANTED_OF_ABSENT = ("name", "department", "kind")
WANTED_OF_LISTED = ("name", "department", "kind", "handling", "audience")


@dataclass(frozen=True, slots=True)
class ItemRows:
    """Every row that speaks of one item."""

    listed: Listed | None = None
    online: tuple[OnlineEntry, ...] = ()
    absent: Absent | None = None
    guide: Guide | None = None

    @property
    def lists(self) -> tuple[ListName, ...]:
        """The lists it stands in."""
        found = {
            ListName.COMPREHENSIVE: self.listed,
            ListName.ONLINE: self.online,
            ListName.NEGATIVE: self.absent,
            ListName.GUIDES: self.guide,
        }
        return tuple(name for name, row in found.items() if row)


def lacking(wanted: Mapping[str, Any]) -> list[str]:
    """What a new item still needs: a package its name, an item of the negative list where it is done, others all."""
    needed: tuple[str, ...] = WANTED_OF_LISTED
    if wanted.get("members"):
        needed = WANTED_OF_PACKAGE
    elif "elsewhere" in wanted:
        needed = WANTED_OF_ABSENT
    return [field for field in needed if not wanted.get(field)]


def begun(code: str, wanted: Mapping[str, Any]) -> ItemRows:
    """The rows a new item begins with, before the edit fills them."""
    if wanted.get("members"):
        return ItemRows(guide=Guide(code))
    if "elsewhere" in wanted:
        return ItemRows(absent=Absent("", code, "", "", "", "", ""))
    return ItemRows(listed=Listed("", code, "", "", "", ""))


def edited(code: str, wanted: Mapping[str, Any], rows: ItemRows) -> list[tuple[ListName, Record]]:
    """The rows as the edit wants them: an item is called the same in every list that has it.

    An item of no official list keeps its name and department with its guide.
    """
    official = {field: wanted[field] for field in OFFICIAL if field in wanted}
    found: list[tuple[ListName, Record]] = []
    if rows.listed is not None:
        found.append((ListName.COMPREHENSIVE, _with(rows.listed, official)))
    of_online = official | ({"main_name": official["name"]} if "name" in official else {})
    of_online.pop("name", None)  # the name of the piece of business, which is not the item's
    found += [(ListName.ONLINE, _with(row, of_online)) for row in rows.online]
    if rows.absent is not None:
        found.append((ListName.NEGATIVE, _with(rows.absent, official | wanted.get("elsewhere", {}))))
    of_guide = {field: _value(field, value) for field, value in wanted.items() if field not in (*OFFICIAL, "elsewhere")}
    if not found:
        of_guide |= {field: official[field] for field in ("name", "department") if field in official}
    if of_guide:
        found.append((ListName.GUIDES, replace(rows.guide or Guide(code), **of_guide)))
    return found


def _with(row: Any, values: Mapping[str, Any]) -> Any:
    known = {field.name for field in fields(row)}
    return replace(row, **{name: value for name, value in values.items() if name in known})


def _value(field: str, value: Any) -> Any:
    if field == "materials":
        return tuple(Material(**material) for material in value)
    if field == "forms":
        return tuple(Form(**form) for form in value)
    return tuple(dict.fromkeys(value)) if isinstance(value, list) else value
