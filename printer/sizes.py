"""How large things stand on a ticket, in dots, for wide and for narrow paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in dots for one width of paper."""

    margin: int
    hall: int
    hall_second: int
    mark: int
    caption: int
    number: int
    service: int
    service_second: int
    label: int
    label_second: int
    figure: int
    value: int
    value_second: int
    hint: int
    hint_second: int
    qr: int
    side_by_side: bool


WIDE = Sizes(16, 42, 23, 32, 25, 222, 44, 25, 24, 19, 46, 34, 22, 25, 20, 204, side_by_side=True)
NARROW = Sizes(8, 34, 20, 28, 22, 160, 36, 22, 22, 18, 36, 29, 20, 23, 19, 216, side_by_side=False)

#: From this width on two things stand side by side.
WIDE_FROM_PX = 480


def sizes_for(width_px: int) -> Sizes:
    """The sizes for paper of so many dots."""
    return WIDE if width_px >= WIDE_FROM_PX else NARROW
