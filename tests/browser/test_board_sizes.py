"""How large a board draws things (standards B3.1)."""

import pytest

from display_board.sizes import DIGIT_HEIGHT, HAN_HEIGHT, Layout, Wall, lay_out

YANGXIN_BOARDS = [
    Wall(1920, 1080, 55, 10, zones=9),
    Wall(1080, 1920, 55, 6, zones=3),
    Wall(1920, 1080, 43, 6, zones=1),
    Wall(1920, 1080, 55, 8, zones=3, window_digits=3),
    Wall(1080, 1920, 55, 6, zones=1, window_digits=3),
    Wall(1920, 1080, 32, 4, zones=1, window_digits=3),
]


def heights_mm(layout: Layout, wall: Wall) -> tuple[float, float, float]:
    """Character heights on the wall, worked out from the font sizes and not from what the layout says of itself."""
    return (
        layout.number_px * DIGIT_HEIGHT * wall.mm_per_px,
        layout.text_px * HAN_HEIGHT * wall.mm_per_px,
        layout.small_px * HAN_HEIGHT * wall.mm_per_px,
    )


def height_used_px(layout: Layout, wall: Wall) -> float:
    """Header, list, on a tall board the zones below it, notices, and the gaps between them."""
    calls = layout.rows * layout.row_px + (layout.rows - 1) * layout.gap_px
    below = 0.0 if layout.is_wide else layout.zone_rows * (layout.zone_row_px + layout.gap_px)
    return layout.header_px + calls + below + layout.footer_px + 2 * layout.gap_px


def test_a_millimetre_is_a_millimetre() -> None:
    """A 55 inch full HD screen has pixels of 0.634 mm."""
    assert Wall(1920, 1080, 55, 10).mm_per_px == pytest.approx(0.634, abs=0.0005)


@pytest.mark.parametrize("wall", YANGXIN_BOARDS, ids=str)
def test_numbers_and_texts_can_be_read_from_the_farthest_seat(wall: Wall) -> None:
    """On every board of the default hall numbers are at least 0.010·D and no text is under 0.004·D."""
    layout = lay_out(wall)
    number, text, small = heights_mm(layout, wall)
    assert layout.fits
    assert number >= 10.0 * wall.distance_m - 1e-6
    assert text >= (6.0 if layout.text_is_preferred else 4.0) * wall.distance_m - 1e-6
    assert small >= 4.0 * wall.distance_m - 1e-6


@pytest.mark.parametrize("wall", [*YANGXIN_BOARDS, Wall(1920, 1080, 32, 15, zones=6)], ids=str)
def test_everything_stays_on_the_screen(wall: Wall) -> None:
    """Rows, zones, head and notices together are never taller than the screen, nor the list wider."""
    layout = lay_out(wall)
    assert height_used_px(layout, wall) <= wall.height_px + 0.5
    assert layout.calls_width_px <= wall.width_px
    assert layout.rows >= 3
    assert 1 <= layout.zone_rows <= wall.zones


def test_the_reference_board_shows_four_rows_of_100_mm_numbers() -> None:
    """55 inch at 10 m: four calls at once with numbers of 100 mm and texts of 60 mm."""
    layout = lay_out(Wall(1920, 1080, 55, 10, zones=9))
    assert (layout.rows, round(layout.number_mm), round(layout.text_mm)) == (4, 100, 60)


def test_a_near_board_uses_the_room_it_has() -> None:
    """At 4 m the same screen shows six rows and larger type than the least, not a crowd of small ones."""
    near, far = lay_out(Wall(1920, 1080, 55, 4)), lay_out(Wall(1920, 1080, 55, 10))
    assert near.rows == 6
    assert near.number_mm > 10.0 * 4
    assert near.readable_m < far.readable_m


def test_a_screen_that_is_too_small_says_so() -> None:
    """32 inch for 15 m does not fit: the layout says that, and from how far the numbers can be read."""
    layout = lay_out(Wall(1920, 1080, 32, 15))
    assert not layout.fits
    assert layout.readable_m < 15
    assert layout.readable_m == pytest.approx(layout.number_mm / 10.0)


def test_three_digits_of_a_window_need_more_room() -> None:
    """A list with three-digit windows is laid out wider or smaller, never over the edge."""
    two, three = (lay_out(Wall(1080, 1920, 55, 8, zones=2, window_digits=n)) for n in (2, 3))
    assert three.number_px <= two.number_px
    assert three.window_px / three.number_px > two.window_px / two.number_px


def test_resolution_does_not_change_what_is_seen() -> None:
    """The same wall in 4K gives the same millimetres."""
    full, ultra = lay_out(Wall(1920, 1080, 55, 10, zones=9)), lay_out(Wall(3840, 2160, 55, 10, zones=9))
    assert ultra.rows == full.rows
    assert ultra.number_mm == pytest.approx(full.number_mm, rel=0.03)
