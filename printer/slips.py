"""Slips: what a visitor takes home beside a ticket, such as an item's guide or where else to go. Pure, like `layout.py`.

A slip is in one language, that of the visitor, and its words are the caller's. It has no number, so that nobody waits
with it; and it is not kept on disk: after a restart nobody stands there any more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from printer.layout import Block, Both, Follow, Foot, Heading, Name, Section, one_line

#: Guides come from spreadsheets; paper is finite. What is left out is shown by "…".
LINE_MAX = 300
LINES_MAX = 40
SECTIONS_MAX = 16

#: A longer address makes a code wider than the narrow paper.
QR_MAX = 480

MORE = "…"

#: A list written into one cell of a spreadsheet.
_BREAKS = re.compile(r"[\r\n\v\f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Slip:
    """Everything on a slip, already harmless and bounded when made by `of`."""

    title: str
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    qr: str = ""
    qr_caption: str = ""
    footer: str = ""
    hall: str = ""
    below_title: str = ""

    @classmethod
    def of(
        cls,
        title: str,
        sections: Iterable[tuple[str, Sequence[str]]] = (),
        *,
        qr: str = "",
        qr_caption: str = "",
        footer: str = "",
        hall: str = "",
        below_title: str = "",
    ) -> Self:
        """Make a slip of the hall's own texts. Empty lines and sections fall away, a line break begins a new line, and
        there is no code for an address that no phone could read off it."""
        return cls(
            title=one_line(title),
            sections=tuple(_sections(sections)),
            qr=_address(qr),
            qr_caption=one_line(qr_caption),
            footer=one_line(footer),
            hall=one_line(hall),
            below_title=one_line(below_title),
        )

    @property
    def number(self) -> str:
        """What logs and a printer's own queue call it."""
        return self.title

    @property
    def ticket_id(self) -> None:
        """A slip belongs to no ticket; nobody is told what became of it."""

    @property
    def copy(self) -> int:
        """Every slip is a first copy."""
        return 1

    def blocks(self) -> tuple[Block, ...]:
        """Lay the slip out."""
        title = Both(self.title, self.below_title)
        found: list[Block] = [Heading(Both(self.hall)), Name(title)] if self.hall else [Heading(title)]
        found += [Section(heading, lines) for heading, lines in self.sections]
        if self.qr:
            found.append(Follow(self.qr, Both(self.qr_caption), Both(self.footer)))
        elif self.footer:
            found.append(Foot(Both(self.footer)))
        return tuple(found)


def _address(url: str) -> str:
    """An address as a code holds it: Chinese in it as %XX, which every phone reads alike."""
    coded = quote(url.strip(), safe="%/:?#[]@!$&'()*+,;=~")
    return coded if len(coded) <= QR_MAX and url.strip().isprintable() else ""


def _sections(sections: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    told = 0
    for heading, lines in sections:
        tidy = tuple(_lines(lines))
        if not tidy:
            continue
        told += 1
        if told > SECTIONS_MAX:
            yield MORE, ()
            return
        yield one_line(heading), tidy


def _lines(lines: Sequence[str]) -> Iterator[str]:
    found = [tidy for line in lines for part in _BREAKS.split(line) if (tidy := one_line(part, LINE_MAX))]
    yield from found[:LINES_MAX]
    if len(found) > LINES_MAX:
        yield MORE
