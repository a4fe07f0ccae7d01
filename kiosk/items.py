"""What the kiosk knows of a service item: its line in the search, and its guide; the server's JSON as frozen values.

Pure: no network, no toolkit, no clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.catalogue import Json, Words, words


@dataclass(frozen=True, slots=True)
class Online:
    """Where an item can be done without coming here (M5)."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where an item of the negative list is done, and why not here (M8)."""

    place: str
    contact: str
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """One service item as the search finds it."""

    code: str
    name: Words
    department: Words
    kind: str
    service: str | None
    service_name: Words
    online: Online | None
    elsewhere: Elsewhere | None
    is_package: bool


@dataclass(frozen=True, slots=True)
class Material:
    """One paper to be brought."""

    name: str
    form: str
    copies: str
    note: str
    sample: str


@dataclass(frozen=True, slots=True)
class Guide:
    """An item's guide (Y3): everything a citizen must know before coming to the window."""

    item: Item
    conditions: str
    materials: tuple[Material, ...]
    fee: str
    time_limit: str
    legal_basis: str
    forms: tuple[str, ...]
    where: str
    by: str
    steps: str
    members: tuple[Item, ...]


def read_item(body: Json) -> Item:
    """Read one line of `GET /items`."""
    online, elsewhere = body.get("online"), body.get("elsewhere")
    return Item(
        code=body["code"],
        name=words(body, "name"),
        department=words(body, "department"),
        kind=body.get("kind") or "",
        service=body.get("service"),
        service_name=words(body, "service_name"),
        online=Online(online.get("url") or "", online.get("name") or "") if online else None,
        elsewhere=Elsewhere(*(elsewhere.get(part) or "" for part in ("place", "contact", "reason")))
        if elsewhere
        else None,
        is_package=bool(body.get("package")),
    )


def read_items(body: Json) -> tuple[Item, ...]:
    """Read the lines of `GET /items`."""
    return tuple(read_item(item) for item in body.get("items") or ())


def read_guide(body: Json) -> Guide:
    """Read `GET /items/{code}`; a guide that the lists do not give is empty, not an error."""
    guide = body.get("guide") or body
    return Guide(
        item=read_item(body),
        conditions=_text(guide.get("conditions")),
        materials=tuple(_material(material) for material in guide.get("materials") or ()),
        fee=_text(guide.get("fee")),
        time_limit=_text(guide.get("time_limit")),
        legal_basis=_text(guide.get("legal_basis")),
        forms=tuple(form for form in map(_name, guide.get("forms") or ()) if form),
        where=_text(guide.get("where")),
        by=_text(guide.get("by")),
        steps=_text(guide.get("steps")),
        members=tuple(read_item(member) for member in body.get("members") or ()),
    )


def _material(body: Json) -> Material:
    return Material(*(_text(body.get(part)) for part in ("name", "form", "copies", "note", "sample")))


def _text(value: object) -> str:
    """Lists of lines and figures are as good as text."""
    if value is None:
        return ""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "\n".join(_name(part) for part in value)
    return str(value).strip()


def _name(value: object) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)
