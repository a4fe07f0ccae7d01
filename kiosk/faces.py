"""Icons of the ways beyond the plain ticket: five faces, a helping hand, a card, a box to tick.

Drawn like those of `art.py`; the faces differ by mouth and brows, not by colour.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.art import Pen


def _head(pen: "Pen") -> None:
    pen.ring(50, 50, 42, 7)
    pen.disc(35, 41, 5.5)
    pen.disc(65, 41, 5.5)


def very_happy(pen: "Pen") -> None:
    """Very satisfied."""
    _head(pen)
    pen.draw.pieslice(pen.at(28, 38, 72, 82), 0, 180, fill=255)


def happy(pen: "Pen") -> None:
    """Satisfied."""
    _head(pen)
    pen.arc(50, 50, 22, 20, 160, 7)


def even(pen: "Pen") -> None:
    """Neither."""
    _head(pen)
    pen.line((33, 66), (67, 66), width=7)


def sad(pen: "Pen") -> None:
    """Dissatisfied."""
    _head(pen)
    pen.arc(50, 84, 22, 205, 335, 7)


def very_sad(pen: "Pen") -> None:
    """Very dissatisfied: brows drawn together, mouth far down."""
    pen.ring(50, 50, 42, 7)
    pen.disc(36, 46, 5.5)
    pen.disc(64, 46, 5.5)
    pen.line((26, 29), (43, 37), width=6)
    pen.line((74, 29), (57, 37), width=6)
    pen.arc(50, 88, 26, 205, 335, 8)


def hand(pen: "Pen") -> None:
    """A person with a raised hand: a guide."""
    pen.disc(44, 26, 14)
    pen.draw.pieslice(pen.at(14, 46, 74, 126), 180, 360, fill=255)
    pen.line((70, 56), (88, 22), width=11)


def card(pen: "Pen") -> None:
    """An ID card with its portrait and lines."""
    pen.box(8, 22, 92, 78, 8, 7)
    pen.disc(31, 43, 8)
    pen.draw.pieslice(pen.at(18, 53, 44, 85), 180, 360, fill=255)
    pen.line((56, 40), (80, 40), width=6)
    pen.line((56, 54), (80, 54), width=6)
    pen.draw.rectangle(pen.at(18, 70, 44, 85), fill=0)
    pen.box(8, 22, 92, 78, 8, 7)


def box_empty(pen: "Pen") -> None:
    """Not ticked."""
    pen.box(14, 14, 86, 86, 12, 8)


def box_ticked(pen: "Pen") -> None:
    """Ticked."""
    pen.box(14, 14, 86, 86, 12, 8)
    pen.line((30, 52), (45, 68), (72, 32), width=11)


def calendar(pen: "Pen") -> None:
    """An appointment."""
    pen.box(12, 20, 88, 88, 8, 8)
    pen.line((14, 42), (86, 42), width=7)
    pen.line((32, 10), (32, 28), width=8)
    pen.line((68, 10), (68, 28), width=8)
    pen.line((34, 64), (46, 76), (68, 54), width=8)


def screen(pen: "Pen") -> None:
    """A telephone: done online."""
    pen.box(28, 8, 72, 92, 9, 8)
    pen.line((43, 80), (57, 80), width=6)
