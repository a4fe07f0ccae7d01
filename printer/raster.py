"""Draws a ticket as a picture of black and white dots: any character of any font, one look on every printer.

Knows blocks and fonts, no printer command. Dots are 1/8 mm (203 dpi): 576 across on 80 mm paper, 384 on 58 mm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PIL import Image, ImageChops, ImageDraw

from printer.glyphs import Line, Typeface
from printer.layout import (
    Block,
    Both,
    Fact,
    Figures,
    Follow,
    Foot,
    Heading,
    Mark,
    Name,
    Number,
    Places,
    Ruler,
    Section,
    Signatures,
    Table,
    TicketPrint,
    blocks,
    list_mark,
)
from printer.qr import QUIET, modules
from printer.sizes import Sizes, sizes_for
from printer.wrapping import wrap, wrap_evenly

#: Grey lighter than this stays white. Above the middle, because thermal paper swallows thin strokes.
THRESHOLD = 150

BLACK, WHITE = 0, 255

DOTS_PER_MM = 8

Paint = Callable[[ImageDraw.ImageDraw, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A strip of the ticket: its height and how to paint it at a given y."""

    height: int
    paint: Paint


#: Room for a hand-written name: 10 mm.
SIGNING = 10 * DOTS_PER_MM
#: What a field for a pen is higher than a line of text.
PEN = 24

#: A service whose name needs more lines is set smaller, so that it does not outshout the number.
LINES_IN_LARGE = 2


def render(ticket: TicketPrint, width_px: int) -> Image.Image:
    """Draw the ticket; the picture has mode "1" and exactly `width_px` columns."""
    return draw(blocks(ticket), width_px)


def draw(parts: tuple[Block, ...], width_px: int) -> Image.Image:
    """Draw blocks one below the other."""
    page = Page(width_px, sizes_for(width_px))
    rows = [row for block in parts for row in page.rows(block)]
    picture = Image.new("L", (width_px, sum(row.height for row in rows)), WHITE)
    canvas = ImageDraw.Draw(picture)
    paint_rows(rows, canvas, 0)
    return picture.point(lambda grey: WHITE if grey >= THRESHOLD else BLACK, "1")


class Page:
    """Turns blocks into rows for one width."""

    def __init__(self, width_px: int, sizes: Sizes) -> None:
        self.width = width_px
        self.sizes = sizes
        self.left = sizes.margin
        self.inner = width_px - 2 * sizes.margin

    def rows(self, block: Block) -> list[Row]:
        match block:
            case Heading():
                return self.heading(block)
            case Mark():
                return self.mark(block)
            case Number():
                return self.number(block)
            case Name():
                return self.name(block)
            case Figures():
                return self.figures(block)
            case Places():
                return self.places(block)
            case Follow():
                return self.follow(block)
            case _:
                return self.plain(block)

    def plain(self, block: Table | Section | Signatures | Foot | Ruler) -> list[Row]:
        """The blocks that are not made for a number."""
        match block:
            case Table():
                return self.table(block)
            case Signatures():
                return [row for label in block.labels for row in self.signature(label)] + [self.gap(12)]
            case Section():
                return self.section(block)
            case Foot():
                rating = self.rating(block.rating)
                return [self.gap(12), self.rule(1), self.gap(12), *rating, *self.hint(block.hint), self.gap(12)]
            case Ruler():
                return [self.ruler(), self.gap(10)]

    # The blocks

    def heading(self, block: Heading) -> list[Row]:
        s = self.sizes
        rows = [self.gap(8), *self.centred(block.name.first, Typeface.bold(s.hall))]
        if block.name.second:
            rows += [self.gap(2), *self.centred(block.name.second, Typeface.regular(s.hall_second))]
        return [*rows, self.gap(12), self.rule(4), self.gap(14)]

    def mark(self, block: Mark) -> list[Row]:
        """White on black, seen at a glance and in any light."""
        face = Typeface.bold(self.sizes.mark)
        text = "  ".join(filter(None, (block.text.first, block.text.second)))
        line = face.fitted(text, self.inner - 40)
        width, height = line.width + 40, line.face.height + 6

        def paint(canvas: ImageDraw.ImageDraw, y: int) -> None:
            x = (self.width - width) // 2
            canvas.rounded_rectangle((x, y, x + width - 1, y + height - 1), radius=height // 4, fill=BLACK)
            line.draw(canvas, x + 20, y + 3, WHITE)

        return [Row(height, paint), self.gap(10)]

    def number(self, block: Number) -> list[Row]:
        caption = f"{block.caption.first}  {block.caption.second}".strip()
        line = Typeface.bold(self.sizes.number).fitted(block.number, self.inner)
        top, bottom = line.ink
        rows = self.centred(caption, Typeface.regular(self.sizes.caption))

        def paint(canvas: ImageDraw.ImageDraw, y: int) -> None:
            line.draw(canvas, (self.width - line.width) // 2, y - top, BLACK)

        return [*rows, self.gap(14), Row(bottom - top, paint), self.gap(20)]

    def name(self, block: Name) -> list[Row]:
        s = self.sizes
        large = self.centred(block.name.first, Typeface.bold(s.service))
        long = len(large) > LINES_IN_LARGE
        rows = self.centred(block.name.first, Typeface.bold(round(s.service * 0.8))) if long else large
        if block.is_whole:
            line = Typeface.bold(s.service).fitted(block.name.first, self.inner)
            rows = [self.at((self.width - line.width) // 2, line)]
        if block.name.second:
            rows = [*rows, self.gap(2), *self.centred(block.name.second, Typeface.regular(s.service_second))]
        return [*rows, self.gap(14)]

    def figures(self, block: Figures) -> list[Row]:
        """A frame with what everybody asks first: how many, how long."""
        pad = 12
        side_by_side = self.sizes.side_by_side
        width = self.inner // len(block.facts) if side_by_side else self.inner
        corners = [self.left + (n * width if side_by_side else 0) for n in range(len(block.facts))]
        cells = [self.figure(fact, x + 14, width - 28) for fact, x in zip(block.facts, corners, strict=True)]
        heights = [sum(row.height for row in cell) + 2 * pad for cell in cells]
        height = max(heights) if side_by_side else sum(heights)

        def paint(canvas: ImageDraw.ImageDraw, y: int) -> None:
            frame = (self.left, y, self.left + self.inner - 1, y + height - 1)
            canvas.rounded_rectangle(frame, radius=14, outline=BLACK, width=3)
            top = y
            for n, (x, cell) in enumerate(zip(corners, cells, strict=True)):
                if n and side_by_side:
                    canvas.line((x, y + 14, x, y + height - 15), fill=BLACK, width=2)
                elif n:
                    canvas.line((self.left + 14, top, self.left + self.inner - 15, top), fill=BLACK, width=2)
                paint_rows(cell, canvas, top + pad)
                top += 0 if side_by_side else heights[n]

        return [Row(height, paint), self.gap(14)]

    def figure(self, fact: Fact, x: int, width: int) -> list[Row]:
        s = self.sizes
        label = f"{fact.label.first}  {fact.label.second}".strip()
        lines = [
            Typeface.regular(s.label_second + 1).fitted(label, width),
            Typeface.bold(s.figure).fitted(fact.value.first, width),
            *([Typeface.regular(s.value_second).fitted(fact.value.second, width)] if fact.value.second else []),
        ]
        return [self.at(x, line) for line in lines]

    def places(self, block: Places) -> list[Row]:
        """Label on the left, value on the right, both languages; a long value goes on below itself."""
        s = self.sizes
        first, second = Typeface.regular(s.label), Typeface.regular(s.label_second)
        column = max(
            max(first.line(fact.label.first).width, second.line(fact.label.second).width) for fact in block.facts
        )
        x = self.left + column + (26 if s.side_by_side else 16)
        width = self.left + self.inner - x
        rows: list[Row] = []
        for fact in block.facts:
            left = [first.line(fact.label.first), *([second.line(fact.label.second)] if fact.label.second else [])]
            bold, small = Typeface.bold(s.value), Typeface.regular(s.value_second)
            right = [bold.line(text) for text in wrap_evenly(fact.value.first, width, bold.measure)]
            right += [small.line(text) for text in wrap_evenly(fact.value.second, width, small.measure)]
            rows += [self.two_columns(left, right, x), self.gap(8)]
        return [*rows, self.gap(4)]

    def table(self, block: Table) -> list[Row]:
        """Labels on the left, values on the right, a hair line below each."""
        s = self.sizes
        first, second = Typeface.regular(s.hint), Typeface.regular(s.label_second)
        value, small = Typeface.bold(s.hint + 2), Typeface.regular(s.value_second)
        labels = [line for fact in block.facts for line in (fact.label.first, fact.label.second)]
        column = min(max(map(first.measure, labels)), self.inner * 2 // 5)
        x = self.left + round(column) + 18
        width = self.left + self.inner - x
        rows: list[Row] = []
        for fact in block.facts:
            left = [first.line(text) for text in wrap(fact.label.first, column, first.measure)]
            left += [second.line(text) for text in wrap(fact.label.second, column, second.measure)]
            right = [value.line(text) for text in wrap(fact.value.first, width, value.measure)]
            right += [small.line(text) for text in wrap(fact.value.second, width, small.measure)]
            rows += [self.gap(7 if right else PEN), self.two_columns(left, right, x), self.gap(7), self.rule(1)]
        return [*rows, self.gap(16)]

    def signature(self, label: Both) -> list[Row]:
        """A label, and a line to the right edge with room for a hand above it."""
        line = Typeface.regular(self.sizes.hint + 1).line(f"{label.first}：")
        second = Typeface.regular(self.sizes.label_second).line(label.second)

        def paint(canvas: ImageDraw.ImageDraw, y: int) -> None:
            base = y + SIGNING - 8
            line.draw(canvas, self.left, base - line.face.height, BLACK)
            start = self.left + line.width + 6
            canvas.line((start, base, self.left + self.inner - 1, base), fill=BLACK, width=2)

        rows = [Row(SIGNING, paint)]
        return [*rows, self.at(self.left, second)] if label.second else rows

    def section(self, block: Section) -> list[Row]:
        """A heading behind a black bar; its lines over the whole width, their marks hanging out on the left."""
        s = self.sizes
        bold, face = Typeface.bold(s.value), Typeface.regular(s.hint + 3)
        x = self.left + 20
        rows: list[Row] = []
        for text in wrap(block.heading, self.left + self.inner - x, bold.measure):
            line = self.at(x, bold.line(text))
            rows.append(Row(line.height, partial(self.beside_bar, line)))
        rows.append(self.gap(4 if rows else 0))
        for text in block.lines:
            mark = face.line(list_mark(text))
            start = self.left + mark.width
            for n, part in enumerate(wrap(text[len(list_mark(text)) :], self.inner - mark.width, face.measure)):
                body = self.at(start, face.line(part))
                rows.append(Row(body.height, partial(self.behind_mark, mark, body)) if n == 0 else body)
            rows.append(self.gap(5))
        return [*rows, self.gap(12)]

    def beside_bar(self, line: Row, canvas: ImageDraw.ImageDraw, y: int) -> None:
        canvas.rectangle((self.left, y + 4, self.left + 7, y + line.height - 5), fill=BLACK)
        line.paint(canvas, y)

    def behind_mark(self, mark: Line, body: Row, canvas: ImageDraw.ImageDraw, y: int) -> None:
        mark.draw(canvas, self.left, y, BLACK)
        body.paint(canvas, y)

    def follow(self, block: Follow) -> list[Row]:
        code, quiet = self.code(block.url)
        if not self.sizes.side_by_side:
            words = [*self.centred(block.caption.first, Typeface.bold(self.sizes.hint + 2))]
            words += self.centred(block.caption.second, Typeface.regular(self.sizes.hint_second))
            centre = (self.width - code.size[0]) // 2
            return [
                self.rule(1),
                self.gap(quiet),
                self.picture(code, centre),
                self.gap(quiet),
                *words,
                self.gap(10),
                *self.rating(block.rating),
                *self.hint(block.hint),
                self.gap(12),
            ]
        start_x = max(self.left, quiet)
        x = start_x + code.size[0] + quiet + 6
        words = self.column(block.caption, x, Typeface.bold(self.sizes.hint + 5), Typeface.regular(21))
        if block.rating.first:
            words += [self.gap(10), *self.column(block.rating, x, *self.rating_faces())]
        words += [self.gap(12), *self.column(block.hint, x, *self.hint_faces())]
        height = max(code.size[1], sum(row.height for row in words))
        start = (height - sum(row.height for row in words)) // 2

        def paint(canvas: ImageDraw.ImageDraw, y: int) -> None:
            self.picture(code, start_x).paint(canvas, y + (height - code.size[1]) // 2)
            paint_rows(words, canvas, y + start)

        return [self.rule(1), self.gap(quiet), Row(height, paint), self.gap(quiet)]

    def ruler(self) -> Row:
        """A tick for every millimetre from the first dot to the last, a long one for every centimetre."""
        face = Typeface.regular(18)

        def paint(canvas: ImageDraw.ImageDraw, y: int) -> None:
            canvas.line((0, y, self.width - 1, y), fill=BLACK)
            for mm in range(self.width // DOTS_PER_MM + 1):
                x = min(mm * DOTS_PER_MM, self.width - 1)
                canvas.line((x, y, x, y + (20 if mm % 10 == 0 else 12 if mm % 5 == 0 else 7)), fill=BLACK)
                if mm % 10 == 0:
                    label = face.line(str(mm))
                    label.draw(canvas, min(x + 3, self.width - label.width - 2), y + 16, BLACK)

        return Row(42, paint)

    # Pieces

    def hint_faces(self) -> tuple[Typeface, Typeface]:
        return Typeface.regular(self.sizes.hint), Typeface.regular(self.sizes.hint_second)

    def rating_faces(self) -> tuple[Typeface, Typeface]:
        return Typeface.bold(self.sizes.hint + 1), Typeface.regular(self.sizes.hint_second)

    def rating(self, rating: Both) -> list[Row]:
        if not rating.first:
            return []
        first, second = self.rating_faces()
        return [*self.centred(rating.first, first), *self.centred(rating.second, second), self.gap(10)]

    def hint(self, hint: Both) -> list[Row]:
        first, second = self.hint_faces()
        return [*self.centred(hint.first, first), *self.centred(hint.second, second)]

    def column(self, both: Both, x: int, first: Typeface, second: Typeface) -> list[Row]:
        width = self.left + self.inner - x
        rows = [self.at(x, first.line(text)) for text in wrap_evenly(both.first, width, first.measure)]
        return rows + [self.at(x, second.line(text)) for text in wrap_evenly(both.second, width, second.measure)]

    def code(self, url: str) -> tuple[Image.Image, int]:
        """The QR code and its quiet zone; a dot as large as the place allows and at least half a millimetre."""
        dot = max(4, self.sizes.qr // len(modules(url)))
        return code_picture(url, dot), QUIET * dot

    def picture(self, picture: Image.Image, x: int) -> Row:
        mask = ImageChops.invert(picture)
        return Row(picture.size[1], lambda canvas, y: canvas.bitmap((x, y), mask, fill=BLACK))

    def centred(self, text: str, face: Typeface) -> list[Row]:
        lines = [face.line(part) for part in wrap_evenly(text, self.inner, face.measure)]
        return [self.at((self.width - line.width) // 2, line) for line in lines]

    def at(self, x: int, line: Line) -> Row:
        return Row(line.face.height, lambda canvas, y: line.draw(canvas, x, y, BLACK))

    def two_columns(self, left: list[Line], right: list[Line], x: int) -> Row:
        height = max(sum(line.face.height for line in lines) for lines in (left, right))
        # The first lines share a base line although their sizes differ.
        drop = max(0, right[0].face.ascent - left[0].face.ascent) if right else 0

        def paint(canvas: ImageDraw.ImageDraw, y: int) -> None:
            for start, lines, top in ((self.left, left, y + drop), (x, right, y)):
                for line in lines:
                    line.draw(canvas, start, top, BLACK)
                    top += line.face.height

        return Row(height + drop, paint)

    def rule(self, thickness: int) -> Row:
        box = (self.left, 0, self.left + self.inner - 1, thickness - 1)
        return Row(
            thickness,
            lambda canvas, y: canvas.rectangle((box[0], y, box[2], y + box[3]), fill=BLACK),
        )

    def gap(self, height: int) -> Row:
        return Row(height, lambda canvas, y: None)


def code_picture(url: str, dot: int) -> Image.Image:
    """The QR code without its quiet zone, `dot` dots to a module."""
    matrix = modules(url)
    code = Image.new("1", (len(matrix), len(matrix)))
    code.putdata([BLACK if dark else WHITE for row in matrix for dark in row])
    return code.resize((dot * len(matrix), dot * len(matrix)), Image.Resampling.NEAREST)


def paint_rows(rows: list[Row], canvas: ImageDraw.ImageDraw, y: int) -> None:
    """Paint rows one below the other from `y` on."""
    for row in rows:
        row.paint(canvas, y)
        y += row.height
