"""Pictures the kiosk draws for itself: the tide in header and page, soft shadows, icons.

Pure but for Pillow: sizes and colours in, images out. Everything is drawn larger and scaled down, for smooth edges.
"""

from collections.abc import Callable
from math import cos, pi, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from kiosk import faces

Rgb = tuple[int, int, int]
_OVER = 4


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mix(one: Rgb, other: Rgb, part: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _crest(width: int, base: float, height: float, waves: float, phase: float) -> list[tuple[float, float]]:
    """The line of a wave: two swells of different length, so that it does not look ruled."""
    step = max(1, width // 240)
    xs = range(0, width + step, step)
    return [
        (
            x,
            base
            + height
            * (
                0.7 * sin(2 * pi * (waves * x / width + phase))
                + 0.3 * sin(2 * pi * (waves * 1.9 * x / width + phase * 2.3))
            ),
        )
        for x in xs
    ]


def _swell(image: Image.Image, colour: Rgb, alpha: float, line: list[tuple[float, float]]) -> None:
    """Fill everything below the line."""
    mask = Image.new("L", image.size, 0)
    width, height = image.size
    ImageDraw.Draw(mask).polygon([(0, height), *line, (width, height)], fill=round(255 * alpha))
    image.paste(Image.new("RGB", image.size, colour), (0, 0), mask)


def header(width: int, height: int, deep: str, light: str, wave: str, page: str) -> Image.Image:
    """The header: a slow gradient with three swells, the last of which is the page itself."""
    over = 2
    wide, high = width * over, height * over
    ramp = Image.linear_gradient("L").rotate(90).resize((wide, high))
    image = Image.composite(
        Image.new("RGB", (wide, high), _rgb(light)), Image.new("RGB", (wide, high), _rgb(deep)), ramp
    )
    unit = high / 10
    _swell(image, _rgb(wave), 0.22, _crest(wide, high - unit * 2.5, unit * 1.1, 1.3, 0.05))
    _swell(image, _rgb(wave), 0.30, _crest(wide, high - unit * 1.7, unit * 0.75, 1.7, 0.45))
    _swell(image, _mix(_rgb(wave), _rgb(page), 0.45), 0.55, _crest(wide, high - unit * 0.95, unit * 0.5, 2.1, 0.8))
    _swell(image, _rgb(page), 1.0, _crest(wide, high - unit * 0.45, unit * 0.36, 1.5, 0.3))
    return image.resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")


def shore(width: int, height: int, page: str, wave: str) -> Image.Image:
    """The foot of the page: still water."""
    over = 2
    image = Image.new("RGB", (width * over, height * over), _rgb(page))
    unit = height * over / 10
    deep = _rgb(wave)
    _swell(image, deep, 0.45, _crest(width * over, unit * 2.2, unit * 1.0, 1.2, 0.15))
    _swell(image, deep, 0.75, _crest(width * over, unit * 4.2, unit * 0.9, 1.6, 0.6))
    return image.resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")


def shadow(radius: int, blur: int) -> Image.Image:
    """A soft shadow to be stretched by its middle; its border is `radius + 2 * blur` wide."""
    border = radius + 2 * blur
    side = 2 * border + 2
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).rounded_rectangle((2 * blur, 2 * blur, side - 2 * blur, side - 2 * blur), radius, fill=255)
    alpha = mask.filter(ImageFilter.GaussianBlur(blur))
    image = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    image.putalpha(alpha)
    return image


class Pen:
    """Draws one icon in white on nothing, on a field of 100 by 100."""

    def __init__(self, size: int) -> None:
        self._size, self._zoom = size, size * _OVER / 100
        self.mask = Image.new("L", (size * _OVER, size * _OVER), 0)
        self.draw = ImageDraw.Draw(self.mask)

    def at(self, *numbers: float) -> list[float]:
        """Field to pixels."""
        return [number * self._zoom for number in numbers]

    def line(self, *points: tuple[float, float], width: float = 9, fill: int = 255) -> None:
        """A line with round ends and corners."""
        spots = [(x * self._zoom, y * self._zoom) for x, y in points]
        self.draw.line(spots, fill=fill, width=round(width * self._zoom), joint="curve")
        for x, y in spots:
            half = width * self._zoom / 2
            self.draw.ellipse((x - half, y - half, x + half, y + half), fill=fill)

    def shape(self, *points: tuple[float, float], fill: int = 255) -> None:
        """A filled polygon."""
        self.draw.polygon([(x * self._zoom, y * self._zoom) for x, y in points], fill=fill)

    def ring(self, x: float, y: float, radius: float, width: float = 9) -> None:
        """A circle's line."""
        self.draw.ellipse(
            self.at(x - radius, y - radius, x + radius, y + radius), outline=255, width=round(width * self._zoom)
        )

    def disc(self, x: float, y: float, radius: float, fill: int = 255) -> None:
        """A filled circle."""
        self.draw.ellipse(self.at(x - radius, y - radius, x + radius, y + radius), fill=fill)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, width: float = 9) -> None:
        """A part of a circle's line, in degrees clockwise from three o'clock."""
        box = self.at(x - radius, y - radius, x + radius, y + radius)
        self.draw.arc(box, start, end, fill=255, width=round(width * self._zoom))

    def box(self, left: float, top: float, right: float, bottom: float, radius: float = 6, width: float = 9) -> None:
        """A rounded rectangle's line."""
        self.draw.rounded_rectangle(
            self.at(left, top, right, bottom), radius * self._zoom, outline=255, width=round(width * self._zoom)
        )

    def image(self) -> Image.Image:
        """The icon, white with its own transparency."""
        # The mean of each square: as smooth as a dearer filter at this size, in a tenth of the time.
        alpha = self.mask.reduce(_OVER)
        image = Image.new("RGBA", alpha.size, (255, 255, 255, 0))
        image.putalpha(alpha)
        return image


def _home(pen: Pen) -> None:
    pen.line((12, 50), (50, 16), (88, 50))
    pen.line((24, 46), (24, 84), (76, 84), (76, 46))


def _language(pen: Pen) -> None:
    pen.ring(50, 50, 38, 8)
    pen.line((13, 50), (87, 50), width=7)
    pen.draw.ellipse(pen.at(32, 12, 68, 88), outline=255, width=round(pen.at(7)[0]))


def _scale(pen: Pen) -> None:
    pen.line((10, 84), (40, 16), (70, 84), width=10)
    pen.line((22, 60), (58, 60), width=9)
    pen.line((82, 22), (82, 50), width=8)
    pen.line((68, 36), (96, 36), width=8)


def _contrast(pen: Pen) -> None:
    pen.ring(50, 50, 38, 9)
    pen.draw.pieslice(pen.at(14, 14, 86, 86), 270, 90, fill=255)


def _low(pen: Pen) -> None:
    pen.line((50, 12), (50, 62))
    pen.line((26, 42), (50, 66), (74, 42))
    pen.line((16, 88), (84, 88))


def _voice(pen: Pen) -> None:
    pen.shape((10, 38), (26, 38), (48, 18), (48, 82), (26, 62), (10, 62))
    pen.arc(46, 50, 24, -48, 48, 8)
    pen.arc(46, 50, 42, -48, 48, 8)


def _back(pen: Pen) -> None:
    pen.line((62, 16), (28, 50), (62, 84), width=11)


def _forward(pen: Pen) -> None:
    pen.line((38, 16), (72, 50), (38, 84), width=11)


def _search(pen: Pen) -> None:
    pen.ring(42, 42, 30, 10)
    pen.line((66, 66), (88, 88), width=12)


def _check(pen: Pen) -> None:
    pen.line((14, 54), (40, 80), (88, 22), width=13)


def _clock(pen: Pen) -> None:
    pen.ring(50, 50, 38, 8)
    pen.line((50, 26), (50, 52), (68, 62), width=8)


def _people(pen: Pen) -> None:
    pen.disc(36, 32, 15)
    pen.draw.pieslice(pen.at(8, 52, 64, 122), 180, 360, fill=255)
    pen.disc(70, 36, 12)
    pen.draw.pieslice(pen.at(62, 56, 98, 116), 200, 360, fill=255)


def _place(pen: Pen) -> None:
    pen.disc(50, 38, 28)
    pen.shape((25, 50), (75, 50), (50, 92))
    pen.disc(50, 38, 11, fill=0)


def _printer(pen: Pen) -> None:
    pen.box(12, 36, 88, 74, 8, 8)
    pen.line((28, 36), (28, 12), (72, 12), (72, 36), width=8)
    pen.draw.rectangle(pen.at(28, 58, 72, 90), fill=0, outline=255, width=round(pen.at(8)[0]))


def _warning(pen: Pen) -> None:
    pen.line((50, 14), (92, 84), (8, 84), (50, 14), width=9)
    pen.line((50, 40), (50, 58), width=9)
    pen.disc(50, 72, 6)


def _moon(pen: Pen) -> None:
    pen.disc(50, 50, 40)
    cut = Image.new("L", pen.mask.size, 0)
    ImageDraw.Draw(cut).ellipse(pen.at(38, -4, 108, 66), fill=255)
    pen.mask.paste(ImageChops.subtract(pen.mask, cut))


def _link(pen: Pen) -> None:
    for radius in (18, 36, 54):
        pen.arc(50, 76, radius, 225, 315, 9)
    pen.disc(50, 76, 7)


def _erase(pen: Pen) -> None:
    pen.line((34, 20), (90, 20), (90, 80), (34, 80), (8, 50), (34, 20), width=8)
    pen.line((48, 38), (72, 62), width=8)
    pen.line((72, 38), (48, 62), width=8)


def _lock(pen: Pen) -> None:
    pen.arc(50, 40, 22, 180, 360, 9)
    pen.line((28, 40), (28, 50))
    pen.line((72, 40), (72, 50))
    pen.draw.rounded_rectangle(pen.at(16, 48, 84, 90), pen.at(8)[0], fill=255)


def _heart(pen: Pen) -> None:
    points = []
    for i in range(73):
        t = 2 * pi * i / 72
        x = 16 * sin(t) ** 3
        y = 13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)
        points.append((50 + x * 2.5, 47 - y * 2.5))
    pen.shape(*points)


ICONS: dict[str, Callable[[Pen], None]] = {
    "home": _home,
    "language": _language,
    "scale": _scale,
    "contrast": _contrast,
    "low": _low,
    "voice": _voice,
    "back": _back,
    "forward": _forward,
    "search": _search,
    "check": _check,
    "clock": _clock,
    "people": _people,
    "place": _place,
    "printer": _printer,
    "warning": _warning,
    "moon": _moon,
    "link": _link,
    "erase": _erase,
    "lock": _lock,
    "heart": _heart,
    "face5": faces.very_happy,
    "face4": faces.happy,
    "face3": faces.even,
    "face2": faces.sad,
    "face1": faces.very_sad,
    "hand": faces.hand,
    "card": faces.card,
    "box": faces.box_empty,
    "box-ticked": faces.box_ticked,
    "calendar": faces.calendar,
    "phone": faces.screen,
}


def icon(name: str, size: int) -> Image.Image:
    """An icon of a size in pixels."""
    pen = Pen(size)
    ICONS[name](pen)
    return pen.image()
