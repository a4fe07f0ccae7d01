"""The parts every page is made of: text that never clips, surfaces, pictures, and things that can be tapped."""

from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.graphics import BorderImage, Color, Rectangle, SmoothRoundedRectangle
from kivy.graphics.texture import Texture
from kivy.lang import Builder
from kivy.properties import BooleanProperty, ColorProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget
from PIL import Image

from kiosk import art
from kiosk.frame import Box
from kiosk.state import Tap, Target, Touched
from kiosk.theme import LINE_HEIGHT, Colour, Look, Style, rgba
from kiosk.typeset import fit

Builder.load_file(str(Path(__file__).with_name("parts.kv")))

BOLD_STYLES = frozenset({Style.NAME, Style.TITLE, Style.HALL, Style.CLOCK, Style.FIGURE, Style.NUMBER})
CLEAR = (0, 0, 0, 0)


def texture_of(image: Image.Image) -> Texture:
    """Turn a picture into something Kivy can draw."""
    texture = Texture.create(size=image.size, colorfmt="rgba")
    texture.blit_buffer(image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture


@lru_cache(maxsize=128)
def icon_texture(name: str, size: int) -> Texture:
    """An icon, drawn once per size."""
    return texture_of(art.icon(name, size))


@lru_cache(maxsize=8)
def _shadow_texture(radius: int, blur: int) -> Texture:
    return texture_of(art.shadow(radius, blur))


@lru_cache(maxsize=8192)
def _width(text: str, size: float, is_bold: bool) -> float:
    return float(CoreLabel(font_size=size, bold=is_bold).get_extents(text)[0])


def forget_widths() -> None:
    """Keep no text that was measured."""
    _width.cache_clear()


def font_px(look: Look, style: Style) -> int:
    """Size of a style in whole pixels, rounded up: B1.2 knows no rounding down."""
    return ceil(look.type_px(style))


def line_fits(text: str, look: Look, style: Style, width: float) -> bool:
    """Tell whether a text stands on one line in its style."""
    return _width(text, font_px(look, style), style in BOLD_STYLES) <= width


def text_width(text: str, look: Look, style: Style, *, is_bold: bool) -> float:
    """Width of one line in a style."""
    return _width(text, font_px(look, style), is_bold)


def place(widget: Widget, box: Box) -> Any:
    """Put a widget where a box is."""
    widget.pos = (round(box.x), round(box.y))
    widget.size = (round(box.width), round(box.height))
    return widget


class Plain(Widget):
    """A rectangle of one colour."""

    rgba = ColorProperty((1, 1, 1, 1))


class Picture(Widget):
    """A texture, tinted."""

    texture = ObjectProperty(None, allownone=True)
    tint = ColorProperty((1, 1, 1, 1))


class Icon(Picture):
    """One of our own icons."""

    def __init__(self, name: str, colour: tuple[float, ...], **how: Any) -> None:
        self._name = name
        super().__init__(tint=colour, **how)
        self.bind(size=self._draw)

    @property
    def name(self) -> str:
        """Which icon it is."""
        return self._name

    def rename(self, name: str) -> None:
        """Show another icon."""
        if name != self._name:
            self._name = name
            self._draw()

    def _draw(self, *_: object) -> None:
        side = int(min(self.size))
        if side > 4:
            self.texture = icon_texture(self._name, side)


class Text(Widget):
    """Text in one of the styles. Breaks and, if it must, shrinks until it fits its box; never clips."""

    text = StringProperty("")
    colour = ColorProperty((0, 0, 0, 1))

    def __init__(
        self,
        look: Look,
        style: Style = Style.BODY,
        text: str = "",
        colour: Colour | tuple[float, ...] = Colour.INK,
        align: str = "left",
        valign: str = "middle",
        lines: int = 2,
        is_bold: bool | None = None,
    ) -> None:
        super().__init__()
        self.look, self.style, self.align, self.valign, self.lines_max = look, style, align, valign, lines
        self.is_bold = style in BOLD_STYLES if is_bold is None else is_bold
        self.colour = look.colour(colour) if isinstance(colour, Colour) else colour
        self.lines: tuple[str, ...] = ()
        self.font_px = 0.0
        self.is_whole = True
        with self.canvas:
            self._ink = Color(*self.colour)
            self._box = Rectangle(size=(0, 0))
        self.set_soon = Clock.create_trigger(lambda _: self._set(), -1)
        self.bind(text=self.set_soon, size=self.set_soon, pos=self._move, colour=self._dye)
        self.text = text

    def _dye(self, *_: object) -> None:
        self._ink.rgba = self.colour

    def _set(self) -> None:
        if not self.text or self.width < 2 or self.height < 2:
            self._box.texture, self._box.size, self.lines = None, (0, 0), ()
            return

        def measure(line: str, size: float) -> float:
            return _width(line, size, self.is_bold)

        wanted = font_px(self.look, self.style)
        least = min(wanted, ceil(self.look.type_min_px))
        done = fit(self.text, self.width, self.height, wanted, least, measure, self.lines_max)
        self.lines, self.font_px, self.is_whole = done.lines, ceil(done.size - 1e-6), done.is_whole
        label = CoreLabel(
            text="\n".join(done.lines),
            font_size=self.font_px,
            bold=self.is_bold,
            halign=self.align,
            line_height=LINE_HEIGHT / 1.45,
        )
        label.refresh()
        self._box.texture = label.texture
        self._box.size = label.texture.size
        self._move()

    def _move(self, *_: object) -> None:
        width, height = self._box.size
        x = {"left": self.x, "center": self.center_x - width / 2, "right": self.right - width}[self.align]
        y = {"top": self.top - height, "middle": self.center_y - height / 2, "bottom": self.y}[self.valign]
        self._box.pos = (round(x), round(y))

    @property
    def drawn_size(self) -> tuple[float, float]:
        """Pixels that are really inked over, for the tests."""
        width, height = self._box.size
        return width, height

    @property
    def drawn_at(self) -> tuple[float, float]:
        """Lower left corner of what is inked, for the tests."""
        x, y = self._box.pos
        return x, y


class Surface(Widget):
    """A rounded panel with an edge and, where wanted, a soft shadow.

    Drawn here and not in a rule of kv: a page has dozens of them, and kv takes five milliseconds for each.
    """

    def __init__(
        self,
        look: Look,
        fill: Colour | str = Colour.CARD,
        edge: Colour | None = Colour.EDGE,
        edge_mm: float = 0.35,
        radius_mm: float = 4.5,
        has_shadow: bool = False,
    ) -> None:
        super().__init__()
        self.look = look
        self.edge_px = 0
        self.radius = look.px(radius_mm)
        with self.canvas.before:
            self._shade = self._cast_shadow() if has_shadow and not look.has_high_contrast else None
            self._edge_ink, self._edge = Color(*CLEAR), SmoothRoundedRectangle()
            self._fill_ink, self._fill = Color(*CLEAR), SmoothRoundedRectangle()
        self.dress(fill, edge, edge_mm)
        self.bind(pos=self.draw, size=self.draw)

    def _cast_shadow(self) -> BorderImage:
        blur = max(2, round(self.look.px(1.5)))
        border = round(self.radius) + 2 * blur
        Color(0.05, 0.2, 0.3, 0.16)
        texture = _shadow_texture(round(self.radius), blur)
        return BorderImage(texture=texture, border=[border] * 4, display_border=[border] * 4)

    @property
    def fill_rgba(self) -> Any:
        """Colour of the panel."""
        return self._fill_ink.rgba

    @fill_rgba.setter
    def fill_rgba(self, colour: tuple[float, ...]) -> None:
        self._fill_ink.rgba = colour

    def dress(self, fill: Colour | str, edge: Colour | None, edge_mm: float = 0.35) -> None:
        """Change colours."""
        self.fill_rgba = self.look.colour(fill) if isinstance(fill, Colour) else rgba(fill)
        edge_mm = max(edge_mm, 0.7) if self.look.has_high_contrast else edge_mm
        edge_px = max(1, round(self.look.px(edge_mm))) if edge is not None else 0
        self._edge_ink.rgba = self.look.colour(edge) if edge is not None else CLEAR
        if edge_px != self.edge_px:
            self.edge_px = edge_px
            self.draw()

    def draw(self, *_: object) -> None:
        """Bring the panel to where the widget is."""
        edge, radius = self.edge_px, self.radius
        self._edge.pos, self._edge.size, self._edge.radius = self.pos, self.size, [radius]
        self._fill.pos = self.x + edge, self.y + edge
        self._fill.size = max(1, self.width - 2 * edge), max(1, self.height - 2 * edge)
        self._fill.radius = [max(1, radius - edge)]
        if self._shade is not None:
            reach, drop = 2 * max(2, round(self.look.px(1.5))), round(self.look.px(0.7))
            self._shade.pos = self.x - reach, self.y - reach - drop
            self._shade.size = self.width + 2 * reach, self.height + 2 * reach


class Tappable(Surface):
    """Something to tap. It looks pressed from the first frame after the finger is down."""

    is_down = BooleanProperty(False)

    def __init__(self, look: Look, target: Target, value: str = "", **how: Any) -> None:
        self.up_dress: tuple[Colour | str, Colour | None, float] = (Colour.CARD, Colour.EDGE, 0.35)
        self.down_fill: Colour | str = Colour.CARD_DOWN
        super().__init__(look, **how)
        self.target, self.value = target, value
        self.is_inert = False
        #: How far beside its edge a finger still means it: keys that stand close share the gap between them.
        self.reach_px = 0.0
        self.bind(is_down=self._press)

    def _press(self, *_: object) -> None:
        if self.is_down:
            self.fill_rgba = (
                self.look.colour(self.down_fill) if isinstance(self.down_fill, Colour) else rgba(self.down_fill)
            )
        else:
            self.dress(*self.up_dress)

    def is_meant(self, x: float, y: float) -> bool:
        """Tell whether a finger there is on it."""
        reach = self.reach_px
        return bool(self.x - reach <= x <= self.right + reach and self.y - reach <= y <= self.top + reach)

    def on_touch_down(self, touch: Any) -> bool:
        """Take the finger."""
        if self.is_inert or not self.is_meant(*touch.pos):
            return False
        touch.grab(self)
        App.get_running_app().finger = touch.uid
        self.is_down = True
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """A finger that slides off has changed its mind."""
        if touch.grab_current is not self:
            return False
        self.is_down = self.is_meant(*touch.pos)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """A finger lifted inside is a tap; of several fingers only the last one counts."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        app = App.get_running_app()
        was_down, self.is_down = self.is_down, False
        if was_down and app.finger == touch.uid:
            app.happen(Tap(self.target, self.value))
        else:
            app.happen(Touched())
        return True


class PushButton(Tappable):
    """A button: an icon, a word, or both."""

    def __init__(
        self,
        look: Look,
        target: Target,
        text: str = "",
        *,
        value: str = "",
        icon: str | None = None,
        icon_at: str = "left",
        is_action: bool = False,
        style: Style = Style.BODY,
    ) -> None:
        super().__init__(look, target, value, radius_mm=3.5)
        self._icon_at = icon_at
        self.is_action = is_action
        ink = look.colour(Colour.ON_ACTION if is_action else Colour.ON_BUTTON)
        self.label = Text(look, style, text, ink, align="center", lines=2 if is_action else 1, is_bold=True)
        self.icon = Icon(icon, ink) if icon else None
        for child in (self.label, self.icon):
            if child is not None:
                self.add_widget(child)
        self.choose(False)
        self.bind(pos=self.lay_out, size=self.lay_out)
        self.label.bind(text=self.lay_out)

    def choose(self, is_chosen: bool) -> None:
        """Show the button as switched on: filled, not only coloured differently."""
        if self.is_action:
            self.up_dress, self.down_fill, ink = (Colour.ACTION, None, 0), Colour.ACTION_DOWN, Colour.ON_ACTION
        elif is_chosen:
            self.up_dress, self.down_fill, ink = (
                (Colour.CHOSEN, Colour.BUTTON_EDGE, 0.5),
                Colour.ACTION_DOWN,
                Colour.ON_CHOSEN,
            )
        else:
            self.up_dress, self.down_fill, ink = (
                (Colour.BUTTON, Colour.BUTTON_EDGE, 0.5),
                Colour.BUTTON_DOWN,
                Colour.ON_BUTTON,
            )
        self.dress(*self.up_dress)
        self.label.colour = self.look.colour(ink)
        if self.icon is not None:
            self.icon.tint = self.look.colour(ink)

    @property
    def icon_at(self) -> str:
        """Where the icon stands; alone where there is no word."""
        return self._icon_at if self.label.text else "only"

    def lay_out(self, *_: object) -> None:
        """Place icon and word."""
        px, pad = self.look.px, self.look.px(1.0)
        if self.icon is None:
            place(self.label, Box(self.x + pad, self.y, self.width - 2 * pad, self.height))
            return
        if self.icon_at == "only":
            side = min(self.width, self.height) * 0.46
            place(self.icon, Box(self.center_x - side / 2, self.center_y - side / 2, side, side))
        elif self.icon_at == "above":
            side = self.height * 0.38
            place(self.icon, Box(self.center_x - side / 2, self.top - self.height * 0.12 - side, side, side))
            place(self.label, Box(self.x + pad, self.y + self.height * 0.06, self.width - 2 * pad, self.height * 0.44))
        else:
            side = min(self.height * 0.5, self.look.type_px(self.label.style) * 0.95)
            word = _width(self.label.text, font_px(self.look, self.label.style), True)
            room = self.width - 2 * pad - side - px(2)
            word = min(word + 2, room)
            left = self.x + (self.width - side - px(2) - word) / 2
            place(self.icon, Box(left, self.center_y - side / 2, side, side))
            place(self.label, Box(left + side + px(2), self.y, room if word >= room else word, self.height))


def key(look: Look, target: Target, text: str = "", *, gap: float, **how: Any) -> PushButton:
    """A key of a keyboard or of a pad of figures, `gap` pixels from the next: a touch between two means one of them."""
    made = PushButton(look, target, text, **how)
    # One pixel more than half: places are rounded, and no hair may be left between.
    made.reach_px = gap / 2 + 1
    return made


class Badge(Surface):
    """A zone's mark on its colour."""

    def __init__(self, look: Look, mark: str, colour: str) -> None:
        super().__init__(look, look.zone_colour(colour), None, radius_mm=4.0)
        self.mark = Text(look, Style.TITLE, mark, rgba(look.on_zone), align="center", lines=1)
        self.add_widget(self.mark)
        self.bind(pos=self._lay_out, size=self._lay_out)

    def show(self, mark: str, colour: str) -> None:
        """Show another zone's mark."""
        self.mark.text = mark
        self.dress(self.look.zone_colour(colour), None)

    def _lay_out(self, *_: object) -> None:
        place(self.mark, Box(self.x, self.y, self.width, self.height))
