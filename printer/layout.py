"""What stands on a ticket, in which order, in which words. Pure: no font, no printer, no clock.

A `TicketPrint` is made from the ticket of `docs/api.md`; `blocks` turns it into a short list of blocks, and the two
renderings (`raster.py`, `text.py`) only decide what a block looks like. Both languages always stand on the ticket, the
citizen's own first.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin

from config.texts import Texts

LOCALE = Path(__file__).parent / "locale"

#: A text longer than this is not a name but a mistake; paper is finite.
TEXT_MAX = 120

#: Control, format, surrogate and separator characters. Unassigned ones stay: a new rare character may be a name's.
HARMFUL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})

#: Waits above this are told in hours.
HOURS_FROM_MIN = 120


@dataclass(frozen=True, slots=True)
class Both:
    """One text twice: in the language of the citizen, and in the other one."""

    first: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The hall's name."""

    name: Both


@dataclass(frozen=True, slots=True)
class Mark:
    """A label that must not be overlooked: priority, reprint."""

    text: Both


@dataclass(frozen=True, slots=True)
class Number:
    """The number, as large as the paper allows."""

    caption: Both
    number: str


@dataclass(frozen=True, slots=True)
class Name:
    """The service, or a paper's title; one that `is_whole` stands on one line, smaller if need be."""

    name: Both
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A small label with its value."""

    label: Both
    value: Both


@dataclass(frozen=True, slots=True)
class Figures:
    """People ahead and expected wait, side by side where there is room."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where to go, and other lines of label and value."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Follow:
    """The code that opens the citizen's page; below it the code one rates with at a kiosk, if there is one."""

    url: str
    caption: Both
    hint: Both
    rating: Both = Both("")


@dataclass(frozen=True, slots=True)
class Foot:
    """The hint where there is no QR code."""

    hint: Both
    rating: Both = Both("")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines of running text; of slips. A line's own mark ("1.", "□", "·") stands out on its left."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Facts that are read rather than seen: smaller than places, ruled; an empty value is left for a pen. Of papers."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, each with whose it is. Of papers."""

    labels: tuple[Both, ...]


@dataclass(frozen=True, slots=True)
class Ruler:
    """Shows the printable width; on the test page only."""


Block = Ruler | Heading | Mark | Number | Name | Figures | Places | Table | Section | Signatures | Follow | Foot

#: The mark that a line of a list begins with.
_LIST_MARK = re.compile(r"(?:\d{1,2}(?:[.)](?=\s)|[、．）])|[（(]\d{1,2}[）)]|[□○·※－])\s*")


def list_mark(line: str) -> str:
    """The mark of a list that the line begins with, with the blanks behind it; mostly none."""
    found = _LIST_MARK.match(line)
    return found.group() if found and found.end() < len(line) else ""


@dataclass(frozen=True, slots=True)
class TicketPrint:
    """All that a printed ticket needs; kept as JSON in the spool's folder."""

    number: str
    hall: str
    hall_en: str
    service: str
    service_en: str
    zone: str
    zone_en: str
    area: str
    area_en: str
    windows: str
    windows_en: str
    issued_at: str
    url: str
    hint: str
    hint_en: str
    ahead: int | None = None
    wait_low_s: int | None = None
    wait_high_s: int | None = None
    priority: bool = False
    language: str = "zh"
    copy: int = 1
    ticket_id: str | None = None
    #: What follows with the same number, after a pre-check.
    then: str = ""
    then_en: str = ""
    #: Four figures that rate this ticket at a kiosk; none on tickets of before there were any.
    rating_code: str = ""

    @classmethod
    def from_ticket(cls, ticket: Mapping[str, Any], hall: Mapping[str, Any], copy: int = 1) -> Self:
        """Take what is printed from a ticket and its hall, both as the API gives them."""

        def text(key: str, source: Mapping[str, Any] = ticket) -> str:
            return one_line(str(source.get(key) or ""))

        wait = ticket.get("wait") or {}
        path = str(ticket.get("url") or "")
        return cls(
            number=text("number"),
            hall=text("hall") or text("name", hall),
            hall_en=text("hall_en") or text("name_en", hall),
            service=text("service_name"),
            service_en=text("service_name_en"),
            zone=text("zone_name"),
            zone_en=text("zone_name_en"),
            area=text("area_name"),
            area_en=text("area_name_en"),
            windows=text("windows_text"),
            windows_en=text("windows_text_en"),
            issued_at=text("issued_at"),
            url=urljoin(str(hall.get("public_url") or "").rstrip("/") + "/", path) if path else "",
            hint=text("hint") or text("hint", hall),
            hint_en=text("hint_en") or text("hint_en", hall),
            ahead=ticket.get("ahead"),
            wait_low_s=wait.get("low_s"),
            wait_high_s=wait.get("high_s"),
            priority=ticket.get("group") is not None,
            language=str(ticket.get("language") or "zh"),
            copy=copy,
            ticket_id=ticket.get("id"),
            then=one_line("、".join(str(step.get("name") or "") for step in ticket.get("then") or ())),
            rating_code=text("rating_code"),
            then_en=one_line(", ".join(str(step.get("name_en") or "") for step in ticket.get("then") or ())),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        return cls(**data)

    def to_json(self) -> dict[str, Any]:
        """The ticket as plain values."""
        return asdict(self)


def one_line(text: str, longest: int = TEXT_MAX) -> str:
    """Make a text of the hall harmless: one line, no control character (a printer would obey it), bounded."""
    visible = "".join(" " if unicodedata.category(character) in HARMFUL else character for character in text)
    tidy = " ".join(visible.split())
    return tidy if len(tidy) <= longest else tidy[: longest - 1] + "…"


@cache
def texts(language: str) -> Texts:
    """The printer's sentences in Chinese or English."""
    return Texts(LOCALE, language)


def blocks(ticket: TicketPrint) -> tuple[Block, ...]:
    """Lay the ticket out."""
    return tuple(_Layout(ticket).blocks())


class _Layout:
    """Says every sentence in both languages, the citizen's first."""

    def __init__(self, ticket: TicketPrint) -> None:
        self.ticket = ticket
        self.english_first = ticket.language.startswith("en")

    def both(self, zh: str, en: str) -> Both:
        first, second = (en, zh) if self.english_first else (zh, en)
        if not first:
            first, second = second, ""
        return Both(first, "" if second == first else second)

    def say(self, message: str, /, **fields: object) -> Both:
        return self.both(texts("zh")(message, **fields), texts("en")(message, **fields))

    def blocks(self) -> list[Block]:
        ticket = self.ticket
        found: list[Block] = [Heading(self.both(ticket.hall, ticket.hall_en))]
        if ticket.copy > 1:
            found.append(Mark(self.say("REPRINT · copy {copy}", copy=ticket.copy)))
        if ticket.priority:
            found.append(Mark(self.say("PRIORITY")))
        found.append(Number(self.say("Your number"), ticket.number))
        if ticket.service or ticket.service_en:
            found.append(Name(self.errand()))
        if figures := [fact for fact in (self.ahead(), self.wait()) if fact]:
            found.append(Figures(tuple(figures)))
        if places := [fact for fact in (self.windows(), self.zone(), self.issued()) if fact]:
            found.append(Places(tuple(places)))
        hint = self.both(ticket.hint, ticket.hint_en)
        rating = self.say("Rating code {code}", code=ticket.rating_code) if ticket.rating_code else Both("")
        if ticket.url:
            found.append(Follow(ticket.url, self.say("Scan to follow your turn"), hint, rating))
        elif hint.first or rating.first:
            found.append(Foot(hint, rating))
        return found

    def errand(self) -> Both:
        """The service; after a pre-check what follows with the same number."""
        ticket = self.ticket
        if not ticket.then:
            return self.both(ticket.service, ticket.service_en)
        return self.both(
            texts("zh")("First: {first}. Then: {then}", first=ticket.service, then=ticket.then),
            texts("en")("First: {first}. Then: {then}", first=ticket.service_en, then=ticket.then_en or ticket.then),
        )

    def ahead(self) -> Fact | None:
        n = self.ticket.ahead
        if n is None:
            return None
        value = (
            self.both(*(texts(lang).plural("{n} person", "{n} people", n) for lang in ("zh", "en")))
            if n
            else self.say("You are next")
        )
        return Fact(self.say("Ahead of you"), value)

    def wait(self) -> Fact | None:
        low_s, high_s = self.ticket.wait_low_s, self.ticket.wait_high_s
        if low_s is None or high_s is None:
            return None
        low, high = low_s // 60, max(1, -(-high_s // 60))
        if low == 0:
            value = self.say("within {high} min", high=high)
        elif low >= high:
            value = self.say("about {low} min", low=low)
        elif low >= HOURS_FROM_MIN:
            value = self.say("about {low}–{high} h", low=low // 60, high=-(-high // 60))
        else:
            value = self.say("about {low}–{high} min", low=low, high=high)
        return Fact(self.say("Expected wait"), value)

    def windows(self) -> Fact | None:
        if not self.ticket.windows and not self.ticket.windows_en:
            return None
        return Fact(self.say("Where"), self.both(self.ticket.windows, self.ticket.windows_en))

    def zone(self) -> Fact | None:
        ticket = self.ticket
        zh = " ".join(filter(None, (ticket.zone, ticket.area)))
        en = ", ".join(filter(None, (ticket.zone_en, ticket.area_en)))
        return Fact(self.say("Zone"), self.both(zh, en)) if zh or en else None

    def issued(self) -> Fact | None:
        """The hall's own time of issue, as the server wrote it: the printer's machine may stand in another zone."""
        if not self.ticket.issued_at:
            return None
        return Fact(self.say("Issued"), Both(f"{datetime.fromisoformat(self.ticket.issued_at):%Y-%m-%d %H:%M}"))
