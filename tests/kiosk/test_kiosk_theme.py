"""Colours, millimetres and rectangles, without a window."""

from itertools import combinations, pairwise, product

import pytest

from kiosk.frame import CHOICES_MAX, LOW_REACH_MM, Box, Frame, Grid
from kiosk.sample import sample_hall
from kiosk.theme import (
    CALM,
    EDGE_PAIRS,
    STRONG,
    TARGET_MIN_MM,
    TEXT_MIN_MM,
    TEXT_PAIRS,
    Colour,
    Look,
    Scale,
    Stage,
    Style,
    contrast,
    darkened_for_white,
)

STAGES = [
    Stage(1080, 1920, 21.5),
    Stage(1920, 1080, 21.5),
    Stage(540, 960, 21.5),
    Stage(1280, 1024, 17),
    Stage(1080, 1920, 15.6),
    Stage(1080, 1920, 32),
    Stage(3840, 2160, 43),
]
LOOKS = [
    Look(stage, language, scale, False, is_low)
    for stage in STAGES
    for language in ("zh", "en")
    for scale in Scale
    for is_low in (False, True)
]


@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(ink: Colour, ground: Colour) -> None:
    """4.5 to 1 in the calm colours, 7 to 1 in high contrast."""
    assert contrast(CALM[ink], CALM[ground]) >= 4.5
    assert contrast(STRONG[ink], STRONG[ground]) >= 7


@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_of_controls_are_seen(edge: Colour, ground: Colour) -> None:
    """3 to 1 (WCAG 1.4.11)."""
    assert contrast(CALM[edge], CALM[ground]) >= 3
    assert contrast(STRONG[edge], STRONG[ground]) >= 3


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white is 21; the grey of WCAG's own example is 4.54."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colour", [zone["colour"] for zone in sample_hall()["zones"]] + ["#FFD400", "#8FD3F4"])
def test_a_zones_colour_always_carries_white(colour: str) -> None:
    """Whatever an official chose, the mark on it can be read; a dark one stays as it is."""
    shown = darkened_for_white(colour)

    assert contrast(shown, "#FFFFFF") >= 4.5
    assert shown == colour.upper() or contrast(colour, "#FFFFFF") < 4.6


def test_a_millimetre_is_a_millimetre() -> None:
    """A 21.5 inch screen of 1080 by 1920 has 4.03 pixels to the millimetre, lying or upright; a half window half."""
    assert Stage(1080, 1920, 21.5).px_per_mm == pytest.approx(4.034, abs=0.001)
    assert Stage(1920, 1080, 21.5).px_per_mm == pytest.approx(4.034, abs=0.001)
    assert Stage(540, 960, 21.5).px_per_mm == pytest.approx(2.017, abs=0.001)
    assert Stage(1080, 1920, 21.5).width_mm == pytest.approx(267.7, abs=0.1)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("style", list(Style))
def test_every_style_is_tall_enough_and_grows(stage: Stage, style: Style) -> None:
    """Capitals are 6.1 mm or more from an arm's length (4.8 on a small screen), and large type is larger."""
    sizes = [Look(stage, scale=scale).type_px(style) / stage.px_per_mm for scale in Scale]

    # The number is the largest thing in any case.
    assert sizes == sorted(sizes) or style is Style.NUMBER
    assert sizes[0] * 0.733 >= (6.1 if stage.inches > 20 else 4.8)
    if style in (Style.SMALL, Style.BODY):
        # A glass so small that ordinary type stands on B1.2's floor grows by the part of it that fits.
        shares = [Look(stage, scale=scale).growth / Look(stage).growth for scale in Scale]
        assert sizes[1:] == pytest.approx([sizes[0] * 1.5 * shares[1], sizes[0] * 2.0 * shares[2]])
        assert min(shares) > 0.88


def test_type_never_shrinks_below_the_least() -> None:
    """Where a text must give way it stops at 0.7 degrees."""
    look = Look(STAGES[0])

    assert look.type_min_px / look.stage.px_per_mm == pytest.approx(TEXT_MIN_MM)


def boxes(frame: Frame) -> dict[str, Box]:
    """What stands on a page of cards, from bottom to top."""
    return {"bar": frame.bar, "nav": frame.nav, "content": frame.content, "title": frame.title, "header": frame.header}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_on_a_page_lies_over_another(look: Look) -> None:
    """Bar, navigation, cards, title and header stand above each other inside the glass."""
    frame = Frame(look)
    stack = list(boxes(frame).values())

    for lower, upper in pairwise(stack):
        assert lower.top <= upper.y + 0.5
    for box in stack:
        assert box.height > 0
        assert -0.5 <= box.x <= box.right <= look.stage.width_px + 0.5
        assert box.top <= look.stage.height_px + 0.5


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_cards_are_targets_and_at_most_eight(look: Look) -> None:
    """Cards stay inside their region, apart from each other, and large enough for any finger."""
    frame = Frame(look)
    for grid, count in product(Grid, (1, 2, 3, 5, 8, 9, 33)):
        region, cards = frame.grid_box(grid), frame.card_boxes(grid, count)
        assert 1 <= len(cards) <= min(count, CHOICES_MAX)
        for card in cards:
            assert min(card.width, card.height) >= look.stage.px_per_mm * TARGET_MIN_MM
            assert card.x >= region.x - 0.5
            assert card.right <= region.right + 0.5
            assert card.y >= region.y - 0.5
        for one, other in combinations(cards, 2):
            gap = max(other.x - one.right, one.x - other.right, other.y - one.top, one.y - other.top)
            assert gap >= 2.95 * look.stage.px_per_mm


@pytest.mark.parametrize("look", [look for look in LOOKS if look.has_low_controls], ids=str)
def test_low_controls_leave_the_upper_half(look: Look) -> None:
    """From a wheelchair everything is reached: on an upright screen all targets lie in the lower half."""
    part = 0.5 if look.stage.is_portrait else 0.66
    reach = max(look.stage.height_px * part, LOW_REACH_MM * look.stage.px_per_mm)

    assert Frame(look).content.top <= reach + 0.5


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_keyboard_has_every_letter(look: Look) -> None:
    """Twenty-six letters, once each, in every look."""
    assert sorted("".join(Frame(look).key_rows)) == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_what_is_switched_on_is_seen_in_grey() -> None:
    """A control that is on is dark where others are light, and a pressed key has another shade (B1.5)."""
    for palette in (CALM, STRONG):
        assert contrast(palette[Colour.CHOSEN], palette[Colour.BUTTON]) >= 3
        assert contrast(palette[Colour.ACTION], palette[Colour.BUTTON]) >= 3
        assert contrast(palette[Colour.BUTTON_DOWN], palette[Colour.BUTTON]) >= 1.2
        assert contrast(palette[Colour.CARD_DOWN], palette[Colour.CARD]) >= 1.2
