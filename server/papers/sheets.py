"""Sets one paper on A4 sheets: letterhead, table of facts, lists, lines to sign on; goes on to a further sheet.

Laid out first and drawn afterwards, since every sheet says how many there are.
"""

from collections.abc import Callable, Sequence
from functools import partial

from fpdf import FPDF

from printer.qr import QUIET, modules
from printer.wrapping import wrap
from server.papers.faces import Faces
from server.papers.facts import Said
from server.papers.model import Code, Facts, Listing, Paper, Part, Passage, Signatures

PAGE_W, PAGE_H = 210.0, 297.0
LEFT, RIGHT = 22.0, PAGE_W - 20.0
WIDTH = RIGHT - LEFT
TOP, BOTTOM = 16.0, PAGE_H - 20.0
#: Points to millimetres.
PT = 25.4 / 72
TEXT, SMALL, HEAD = 10.5, 8.5, 11.5
LABEL_W = 27.0
PAD = 1.6
QR_MM = 30.0
HAIR, RULE = 0.15, 0.5
GREY, INK = 110, 0
#: Lines of one point that stand on one sheet.
LINES_TOGETHER = 6

Draw = Callable[[], None]
Fact = tuple[Said, Said]
#: A line of text with its size and weight.
Line = tuple[str, float, bool]


class Sheets:
    """The sheets of one paper."""

    def __init__(self, document: FPDF, faces: Faces, paper: Paper) -> None:
        self._pdf = document
        self._faces = faces
        self._paper = paper
        self._pages: list[list[Draw]] = [[]]
        self._y = TOP

    def draw(self) -> None:
        """Lay the paper out and draw it."""
        self._head()
        for part in self._paper.parts:
            self._part(part)
        for n, page in enumerate(self._pages, 1):
            self._pdf.add_page()
            for step in page:
                step()
            self._foot(n, len(self._pages))

    # --- pieces -------------------------------------------------------------------------------------------------------

    def _later(self, step: Draw) -> None:
        self._pages[-1].append(step)

    def _need(self, height: float) -> None:
        """Go on to a new sheet where this much no longer fits; its head says what it belongs to."""
        if self._y + height <= BOTTOM:
            return
        self._pages.append([])
        self._y = TOP
        paper = self._paper
        words = f"{paper.title.zh}　{paper.number_label.zh} {paper.number}　{paper.copy_name.zh}"
        self._row([(words, SMALL + 1, True)], LEFT, 0)
        self._rule(RULE)
        self._y += 3

    def _lines(self, text: str, size: float, width: float, *, bold: bool = False) -> list[Line]:
        measure = partial(self._faces.width, size=size, bold=bold)
        return [(line, size, bold) for line in wrap(text, width, measure)]

    def _said(self, text: Said, width: float, size: float = TEXT, *, bold: bool = False) -> list[Line]:
        """Chinese, with the English small below it."""
        lines = self._lines(text.zh, size, width, bold=bold)
        return lines + (self._lines(text.en, SMALL, width) if text.en else [])

    def _text(self, x: float, y: float, line: Line) -> None:
        text, size, bold = line
        self._faces.draw(x, y, text, size, bold=bold)

    def _height(self, lines: Sequence[Line]) -> float:
        return sum(_leading(line) for line in lines)

    def _block(self, lines: Sequence[Line], x: float, y: float) -> None:
        """Lines one below the other from y on."""
        for line in lines:
            y += _leading(line)
            self._text(x, y - _leading(line) * 0.28, line)

    def _row(self, lines: Sequence[Line], x: float, gap: float) -> None:
        height = self._height(lines)
        self._later(partial(self._block, lines, x, self._y))
        self._y += height + gap

    def _centred(self, text: str, size: float, *, bold: bool = False) -> None:
        for line in self._lines(text, size, WIDTH, bold=bold):
            x = LEFT + (WIDTH - self._faces.width(line[0], size, bold=bold)) / 2
            self._row([line], x, 0)

    def _stroke(self, x1: float, y1: float, x2: float, y2: float, thick: float) -> None:
        self._pdf.set_line_width(thick)
        self._pdf.line(x1, y1, x2, y2)

    def _rule(self, thick: float) -> None:
        self._later(partial(self._stroke, LEFT, self._y, RIGHT, self._y, thick))

    # --- head and foot ------------------------------------------------------------------------------------------------

    def _head(self) -> None:
        paper = self._paper
        self._centred(paper.hall.zh, 13)
        if paper.hall.en:
            self._centred(paper.hall.en, SMALL)
        self._y += 1.5
        self._centred(paper.title.zh, 20, bold=True)
        if paper.title.en:
            self._centred(paper.title.en, 11)
        self._y += 3
        self._copy_line()
        self._rule(RULE)
        self._y += 3

    def _copy_line(self) -> None:
        """The number on the left, whose copy it is in a frame on the right, a reprint's mark beside it."""
        paper = self._paper
        label = f"{paper.number_label.zh}：{paper.number}"
        name = paper.copy_name.zh
        base = self._y + 5.6
        width = self._faces.width(name, HEAD, bold=True) + 8
        self._later(partial(self._text, LEFT, base, (label, HEAD, True)))
        self._later(partial(self._frame, RIGHT - width, self._y, width, 8.0))
        self._later(partial(self._text, RIGHT - width + 4, base, (name, HEAD, True)))
        x = RIGHT - width
        if paper.mark is not None:
            x -= self._faces.width(paper.mark.zh, TEXT) + 5
            self._later(partial(self._text, x, base, (paper.mark.zh, TEXT, False)))
        self._y += 9.5
        english = "  ·  ".join(
            filter(None, (paper.number_label.en, paper.mark.en if paper.mark else "", paper.copy_name.en))
        )
        if english:
            start = RIGHT - self._faces.width(english, SMALL)
            self._row([(english, SMALL, False)], start, 1.5)

    def _frame(self, x: float, y: float, width: float, height: float) -> None:
        self._pdf.set_line_width(RULE)
        self._pdf.rect(x, y, width, height)

    def _foot(self, page: int, pages: int) -> None:
        """What helps on, and which sheet of how many it is."""
        paper = self._paper
        self._stroke(LEFT, PAGE_H - 18, RIGHT, PAGE_H - 18, HAIR)
        self._pdf.set_text_color(GREY)
        self._faces.draw(LEFT, PAGE_H - 13.5, paper.foot.zh, SMALL)
        if paper.foot.en:
            self._faces.draw(LEFT, PAGE_H - 9.5, paper.foot.en, SMALL)
        words = f"{paper.number}　{paper.copy_name.zh}　第{page}页 共{pages}页"
        self._faces.draw(RIGHT - self._faces.width(words, SMALL), PAGE_H - 13.5, words, SMALL)
        self._pdf.set_text_color(INK)

    # --- parts --------------------------------------------------------------------------------------------------------

    def _part(self, part: Part) -> None:
        match part:
            case Facts(rows):
                for n, row in enumerate(self._paired(rows)):
                    self._facts(row, is_first=n == 0)
                self._y += 4.5
            case Listing():
                self._listing(part)
            case Passage(text):
                lines = self._said(text, WIDTH)
                self._need(self._height(lines))
                self._row(lines, LEFT, 3.5)
            case Code():
                self._code(part)
            case Signatures(labels):
                self._signatures(labels)

    def _paired(self, rows: Sequence[Fact]) -> list[tuple[Fact, ...]]:
        """Two short facts side by side, as on any official form."""
        room = WIDTH / 2 - LABEL_W - 2 * PAD
        found: list[tuple[Fact, ...]] = []
        is_open = False
        for row in rows:
            is_short = bool(row[1].zh) and len(self._said(row[1], room)) <= 1 + bool(row[1].en)
            if is_short and is_open:
                found[-1] = (*found[-1], row)
            else:
                found.append((row,))
            is_open = is_short and len(found[-1]) == 1
        return found

    def _facts(self, row: Sequence[Fact], *, is_first: bool) -> None:
        """One row of the table, with one fact or two."""
        each = WIDTH / len(row)
        cells = [
            (
                self._said(label, LABEL_W - 2 * PAD),
                self._said(value, each - LABEL_W - 2 * PAD) or [("", TEXT, False)],
            )
            for label, value in row
        ]
        height = max(self._height(lines) for cell in cells for lines in cell) + 2 * PAD
        pages = len(self._pages)
        self._need(height)
        is_first = is_first or len(self._pages) > pages
        for n, (left, right) in enumerate(cells):
            x = LEFT + n * each
            self._later(partial(self._cell, x, self._y, each, height, is_first))
            self._later(partial(self._block, left, x + PAD, self._y + (height - self._height(left)) / 2))
            self._later(partial(self._block, right, x + LABEL_W + PAD, self._y + (height - self._height(right)) / 2))
        self._y += height

    def _cell(self, x: float, y: float, width: float, height: float, is_first: bool) -> None:
        """A shaded label's field and a value's beside it, with rules around."""
        self._pdf.set_fill_color(243)
        self._pdf.rect(x, y, LABEL_W, height, style="F")
        if is_first:
            self._stroke(x, y, x + width, y, HAIR)
        self._stroke(x, y + height, x + width, y + height, HAIR)
        for each in (x, x + LABEL_W, x + width):
            self._stroke(each, y, each, y + height, HAIR)

    def _listing(self, part: Listing) -> None:
        heading = self._said(part.heading, WIDTH, HEAD, bold=True)
        marks = [f"{n}．" for n in range(1, len(part.lines) + 1)] if part.is_counted else [""] * len(part.lines)
        indent = max((self._faces.width(mark, TEXT) for mark in marks), default=0.0)
        blocks = [self._said(line, WIDTH - indent) for line in part.lines]
        # A heading never stands alone at the foot of a sheet.
        self._need(self._height(heading) + 1 + (self._height(blocks[0][:LINES_TOGETHER]) if blocks else 0))
        self._row(heading, LEFT, 1)
        for mark, lines in zip(marks, blocks, strict=True):
            # What is longer than a few lines may go on overleaf.
            self._need(self._height(lines[:LINES_TOGETHER]))
            if mark:
                self._later(partial(self._block, [(mark, TEXT, False)], LEFT, self._y))
            for line in lines:
                self._need(_leading(line))
                self._row([line], LEFT + indent, 0)
            self._y += 0.8
        self._y += 3.5

    def _code(self, part: Code) -> None:
        matrix = modules(part.url)
        dot = QR_MM / len(matrix)
        words = self._said(part.caption, WIDTH - QR_MM - 8, HEAD, bold=True) + self._said(part.hint, WIDTH - QR_MM - 8)
        self._need(QR_MM + QUIET * dot)
        self._later(partial(self._dots, matrix, dot, self._y))
        self._later(partial(self._block, words, LEFT + QR_MM + 8, self._y + (QR_MM - self._height(words)) / 2))
        self._y += QR_MM + QUIET * dot + 2

    def _dots(self, matrix: Sequence[Sequence[bool]], dot: float, y: float) -> None:
        """The code as filled strips, a run of dark modules each: no picture, sharp at any size."""
        self._pdf.set_fill_color(0)
        for row, line in enumerate(matrix):
            start = None
            for column, dark in enumerate((*line, False)):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    # A hair higher than a module: no white seams between rows.
                    self._pdf.rect(LEFT + start * dot, y + row * dot, (column - start) * dot, dot * 1.02, style="F")
                    start = None

    def _signatures(self, labels: Sequence[Said]) -> None:
        """Side by side, with room for a hand."""
        self._need(15)
        each = WIDTH / len(labels)
        base = self._y + 8.5
        for n, label in enumerate(labels):
            x = LEFT + n * each
            name = f"{label.zh}："
            self._later(partial(self._text, x, base, (name, TEXT, False)))
            if label.en:
                self._later(partial(self._text, x, base + 4.5, (label.en, SMALL, False)))
            start = x + self._faces.width(name, TEXT) + 1
            self._later(partial(self._stroke, start, base + 1, x + each - 5, base + 1, HAIR))
        self._y += 15


def _leading(line: Line) -> float:
    """A line's height in millimetres."""
    return line[1] * PT * 1.5
