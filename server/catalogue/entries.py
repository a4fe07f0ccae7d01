"""What the lists together say of an item: one entry per code, as people look for it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from server.catalogue.records import Absent, Course, Flag, Guide, Listed, Material, OnlineEntry
from server.catalogue.terms import working_days


@dataclass(frozen=True, slots=True)
class Routes:
    """How the hall file spreads items over services: single codes come before whole departments.

    `departments_en`: the English names of those departments that the hall file names.
    """

    by_code: Mapping[str, str] = field(default_factory=dict)
    by_department: Mapping[str, str] = field(default_factory=dict)
    services: frozenset[str] = frozenset()
    departments_en: Mapping[str, str] = field(default_factory=dict)
    #: Where an online item leads whose guide names no address; `{code}` is its code.
    online_url: str = ""
    #: Service → the words people say for it; its items are found by them too.
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def service_of(self, code: str, department: str, chosen: str) -> str:
        """The service of an item: the administrator's choice, the hall file's for its code, for its department."""
        if chosen in self.services:
            return chosen
        return self.by_code.get(code) or self.by_department.get(department, "")


@dataclass(frozen=True, slots=True)
class OnlineLink:
    """Where an item can be done without coming; no address is known if `url` is empty."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where an item is done that is not in the hall."""

    place: str
    contact: str
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item as the kiosk and the phone show it. Without a `service` there is no number for it."""

    code: str
    name: str
    name_en: str
    department: str
    department_en: str
    kind: str
    handling: str
    audience: str
    service: str
    online: OnlineLink | None
    elsewhere: Elsewhere | None
    flags: tuple[Flag, ...]
    guide: Guide
    online_names: tuple[str, ...] = ()
    service_words: tuple[str, ...] = ()

    @property
    def is_package(self) -> bool:
        """Whether it joins items of several departments."""
        return bool(self.guide.members)

    @property
    def keys(self) -> str:
        """Other words it is found by."""
        words = (self.code, self.name_en, *self.guide.keywords, *self.online_names, *self.service_words)
        return " ".join(word for word in words if word)


def merge(
    code: str,
    listed: Listed | None,
    online: Iterable[OnlineEntry],
    absent: Absent | None,
    guide: Guide | None,
    routes: Routes,
) -> Item:
    """One entry from its rows; the comprehensive list's words come first."""
    pieces = tuple(online)
    known = guide or Guide(code)
    first = pieces[0] if pieces else None
    sources = [row for row in (listed, absent, first, known) if row is not None]
    department = next((row.department for row in sources if row.department), "")
    main = first.main_name if first else ""
    name = (listed.name if listed else absent.name if absent else main) or known.name or code
    flags = set(known.flags) | ({Flag.ONLINE} if pieces or known.url else set())
    service = "" if absent else routes.service_of(code, department, known.service)
    link = None
    if pieces or known.url:
        label = pieces[0].name if len(pieces) == 1 else name
        link = OnlineLink(label, known.url or routes.online_url.replace("{code}", code))
    return Item(
        code=code,
        name=name,
        name_en=known.name_en or name,
        department=department,
        department_en=routes.departments_en.get(department, department),
        kind=next((row.kind for row in (listed, absent, first) if row is not None), ""),
        handling=listed.handling if listed else "",
        audience=listed.audience if listed else first.audience if first else "",
        service=service,
        online=link,
        elsewhere=Elsewhere(absent.place, absent.contact, absent.reason) if absent else None,
        flags=tuple(flag for flag in Flag if flag in flags),
        guide=known,
        online_names=tuple(dict.fromkeys(piece.name for piece in pieces)),
        service_words=routes.keywords.get(service, ()),
    )


def merged_materials(guides: Iterable[Guide]) -> tuple[Material, ...]:
    """One list of materials for a whole package: nothing already given is asked for again (C1).

    The same paper is asked for once, in the largest number of copies; notes that differ stand side by side.
    """
    found: dict[str, Material] = {}
    for guide in guides:
        for material in guide.materials:
            same = "".join(material.name.split()) + "|" + material.form
            before = found.get(same)
            if before is None:
                found[same] = material
                continue
            notes = [note for note in dict.fromkeys((before.note, material.note)) if note]
            found[same] = Material(
                before.name,
                before.form,
                max(before.copies, material.copies),
                "；".join(notes),
                before.sample or material.sample,
            )
    return tuple(found.values())


#: What is left at most of the sum where a package's items follow each other (C1: cut by at least 70 %).
SEQUENCE_SHARE = 0.3


def package_days(course: Course, limits: Iterable[str]) -> int | None:
    """The longest a package may take in working days: its longest item, or 30 % of the sum if they follow each other.

    None while an item's limit is not known in working days.
    """
    days = [working_days(limit) for limit in limits]
    known = [day for day in days if day is not None]
    if not days or len(known) < len(days):
        return None
    if course is Course.PARALLEL:
        return max(known)
    # Whole days, rounded down: more would be less than the 70 % promised. A package that takes time takes a day.
    return max(int(sum(known) * SEQUENCE_SHARE + 1e-9), 1 if sum(known) else 0)
