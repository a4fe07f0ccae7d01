"""What the kiosk knows of the hall and of a ticket: the server's JSON turned into typed, frozen values.

Pure: no network, no toolkit, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and English."""

    zh: str
    en: str

    def to(self, language: str) -> str:
        """Give the text in a language; Chinese where there is no other."""
        return self.en if language == "en" and self.en else self.zh

    def is_only_chinese(self, language: str) -> bool:
        """Tell whether somebody who reads another language is given the Chinese text."""
        return language != "zh" and not self.en and bool(self.zh)


def words(body: Json, key: str) -> Words:
    """Read `key` and `key_en` of an API object."""
    return Words(body.get(key) or "", body.get(f"{key}_en") or "")


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a ticket may take until it is called, as a range."""

    low_s: float
    high_s: float

    @staticmethod
    def read(body: Json | None) -> "Wait | None":
        """Read `{low_s, high_s}`; nothing stays nothing."""
        return Wait(body["low_s"], body["high_s"]) if body else None


@dataclass(frozen=True, slots=True)
class FirstStep:
    """Where papers are looked through before the service itself, with the same number (材料预审)."""

    name: Words
    area_name: Words
    windows: Words


@dataclass(frozen=True, slots=True)
class Service:
    """A choice of the citizen."""

    id: str
    zone: str
    name: Words
    department: Words
    windows: Words
    keywords: tuple[str, ...]
    is_open: bool
    opens_at: str | None
    waiting: int
    wait: Wait | None
    series: str = ""
    kind: str = "ordinary"
    #: Whether its ticket is in somebody's name: none, optional, required (A2.10).
    card: str = "none"
    first: FirstStep | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the hall with a letter, a mark and a colour of its own."""

    id: str
    name: Words
    mark: str
    letter: str
    colour: str
    floor: int
    area_name: Words
    is_open: bool
    opens_at: str | None
    waiting: int
    wait: Wait | None
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """People who are served earlier, and what proves it."""

    id: str
    name: Words
    proof: Words


@dataclass(frozen=True, slots=True)
class Help:
    """One kind of help that guides give (C8)."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Hall:
    """The hall as `GET /hall` gives it."""

    id: str
    name: Words
    now: str
    is_open: bool
    opens_at: str | None
    languages: tuple[str, ...]
    public_url: str
    notices: tuple[Words, ...]
    groups: tuple[Group, ...]
    zones: tuple[Zone, ...]
    #: What guides can be asked for; empty: the hall has none.
    help: tuple[Help, ...] = ()
    #: What is told before a card is read (A3.5).
    consent: Words = Words("", "")
    has_booking: bool = False
    #: Extended hours: shut to everybody but those with an appointment.
    is_by_appointment: bool = False
    has_catalogue: bool = False
    raw: Json = field(compare=False, repr=False, default_factory=dict)

    def zone(self, zone_id: str | None) -> Zone | None:
        """Find a zone."""
        return next((zone for zone in self.zones if zone.id == zone_id), None)

    def service(self, service_id: str | None) -> Service | None:
        """Find a service in any zone."""
        return next((s for zone in self.zones for s in zone.services if s.id == service_id), None)

    @property
    def letters(self) -> str:
        """Every letter that a ticket of this hall may begin with."""
        series = (service.series for zone in self.zones for service in zone.services)
        return "".join(sorted({letter for letter in (*series, *(zone.letter for zone in self.zones)) if letter}))

    def group(self, group_id: str | None) -> Group | None:
        """Find a priority group."""
        return next((group for group in self.groups if group.id == group_id), None)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket this kiosk took for somebody."""

    id: str
    number: str
    zone: str
    zone_name: Words
    service_name: Words
    area_name: Words
    ahead: int | None
    wait: Wait | None
    windows: Words
    url: str
    #: What follows, with the same number.
    then: tuple[Words, ...] = ()
    raw: Json = field(compare=False, repr=False, default_factory=dict)


def read_hall(body: Json, only_zones: tuple[str, ...] | None = None) -> Hall:
    """Read `GET /hall`; a kiosk that offers certain zones keeps these, in its own order."""
    zones = [_read_zone(zone) for zone in body["zones"]]
    if only_zones is not None:
        by_id = {zone.id: zone for zone in zones}
        zones = [by_id[zone_id] for zone_id in only_zones if zone_id in by_id]
    return Hall(
        id=body["id"],
        name=words(body, "name"),
        now=body["now"],
        is_open=body["open"],
        opens_at=body.get("opens_at"),
        languages=tuple(body.get("languages") or ("zh", "en")),
        public_url=body.get("public_url") or "",
        notices=tuple(Words(n.get("zh", ""), n.get("en", "")) for n in body.get("notices", ())),
        groups=tuple(Group(g["id"], words(g, "name"), words(g, "proof")) for g in body.get("groups", ())),
        zones=tuple(zones),
        help=tuple(Help(h["id"], words(h, "name")) for h in body.get("assistance") or ()),
        consent=words(body, "consent"),
        has_booking=bool(body.get("booking")),
        is_by_appointment=bool(body.get("by_appointment")),
        # A server that does not say is asked; with no items it finds none.
        has_catalogue=bool(body.get("catalogue", True)),
        raw=body,
    )


def _read_zone(body: Json) -> Zone:
    return Zone(
        id=body["id"],
        name=words(body, "name"),
        mark=body["mark"],
        letter=body["letter"],
        colour=body["colour"],
        floor=body["floor"],
        area_name=words(body, "area_name"),
        is_open=body["open"],
        opens_at=body.get("opens_at"),
        waiting=body["waiting"],
        wait=Wait.read(body.get("wait")),
        services=tuple(_read_service(service, body["id"]) for service in body["services"]),
    )


def _read_service(body: Json, zone: str) -> Service:
    return Service(
        id=body["id"],
        zone=zone,
        name=words(body, "name"),
        department=words(body, "department"),
        windows=words(body, "windows_text"),
        keywords=tuple(body.get("keywords") or ()),
        is_open=body["open"],
        opens_at=body.get("opens_at"),
        # Before whom a citizen would really stand: windows that serve several services have one line.
        waiting=body.get("ahead", body["waiting"]),
        wait=Wait.read(body.get("wait")),
        series=body.get("series") or "",
        kind=body.get("kind") or "ordinary",
        card=body.get("id_card") or "none",
        first=_read_first_step(body.get("precheck")),
    )


def _read_first_step(body: Json | None) -> FirstStep | None:
    if not body:
        return None
    return FirstStep(words(body, "name"), words(body, "area_name"), words(body, "windows_text"))


def read_ticket(body: Json) -> Ticket:
    """Read a ticket."""
    return Ticket(
        id=body["id"],
        number=body["number"],
        zone=body["zone"],
        zone_name=words(body, "zone_name"),
        service_name=words(body, "service_name"),
        area_name=words(body, "area_name"),
        ahead=body.get("ahead"),
        wait=Wait.read(body.get("wait")),
        windows=words(body, "windows_text"),
        url=body["url"],
        then=tuple(words(step, "name") for step in body.get("then") or ()),
        raw=body,
    )
