"""Sets a ticket in the printer's own characters: a few hundred bytes instead of fifty thousand, for slow lines.

python-escpos is bypassed for text: it sends a string without a common Chinese character through western code pages,
so that （：） become "???" and é the first half of some other character (recipes §2.1). Here every character is either
in the printer's set or 〓, and ASCII is the only thing that is ever sent as single bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width

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
    list_mark,
)
from printer.profile import Encoding
from printer.wrapping import wrap, wrap_evenly

MISSING = "〓"

#: Signs that have a plain twin, which every printer draws better.
PLAIN = str.maketrans({"–": "-", "\u00a0": " "})

#: The largest magnification of GS !.
MAGNIFY_MAX = 8


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line in one style. Sizes are magnifications 1–8 of GS !, which fits western and Chinese characters alike."""

    text: str
    wide: int = 1
    high: int = 1
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """The QR code stands here."""

    url: str


TextPart = TextLine | Code


def encode_character(character: str, encoding: Encoding) -> bytes | None:
    """The character's bytes, or nothing when the printer does not know it.

    GBK is asked for even though gb18030 writes the bytes: 㐂 would take four bytes there and 䶮 two that a GBK printer
    has no picture for.
    """
    if encoding is Encoding.GBK:
        try:
            character.encode("gbk")
        except UnicodeEncodeError:
            return None
        return character.encode("gb18030")
    return character.encode(encoding.value)


def encode(text: str, encoding: Encoding) -> bytes:
    """The bytes of a text, 〓 for what the printer does not know."""
    missing = MISSING.encode(encoding.value)
    return b"".join(encode_character(character, encoding) or missing for character in text)


def unprintable(parts: list[TextPart], encoding: Encoding) -> set[str]:
    """The characters that would become 〓."""
    texts = [part.text for part in parts if isinstance(part, TextLine)]
    return {character for text in texts for character in text if encode_character(character, encoding) is None}


def columns_of(text: str) -> int:
    """How many single widths a text takes: in a double-byte set all but ASCII is double."""
    return sum(1 if character.isascii() or east_asian_width(character) == "H" else 2 for character in text)


def set_text(parts: tuple[Block, ...], columns: int) -> list[TextPart]:
    """Set blocks as lines for paper of so many columns."""
    return list(_set(parts, columns))


def _set(parts: tuple[Block, ...], columns: int) -> Iterator[TextPart]:
    for block in parts:
        match block:
            case Heading(name):
                yield from _title(name, columns)
                yield _rule(columns)
            case Mark(text):
                yield from _mark(text, columns)
            case Number():
                yield from _number(block, columns)
            case Name(name, is_whole):
                yield TextLine("")
                yield from _title(name, columns, is_whole=is_whole)
                yield _rule(columns)
            case Figures(facts) | Places(facts):
                yield from _facts(facts, columns)
                yield _rule(columns)
            case Follow():
                yield from _follow(block, columns)
            case _:
                yield from _plain(block, columns)


def _plain(block: Table | Section | Signatures | Foot | Ruler, columns: int) -> Iterator[TextLine]:
    """The blocks that are not made for a number."""
    match block:
        case Table(facts):
            yield from _table(facts, columns)
            yield _rule(columns)
        case Signatures(labels):
            for label in labels:
                yield from _signature(label, columns)
        case Section():
            yield from _section(block, columns)
            yield _rule(columns)
        case Foot(hint, rating):
            yield from _both(rating, columns)
            yield from _both(hint, columns)
        case Ruler():
            yield TextLine(("1234567890" * columns)[:columns])


def _title(name: Both, columns: int, *, is_whole: bool = False) -> Iterator[TextLine]:
    """Double size while that takes two lines at most (one, if it is to stay whole), otherwise only double height."""
    first = name.first.translate(PLAIN)
    wide = 2 if len(wrap(first, columns // 2, columns_of)) <= (1 if is_whole else 2) else 1
    yield from _centred(first, columns, wide=wide, high=2, bold=True)
    yield from _centred(name.second, columns)


def _mark(text: Both, columns: int) -> Iterator[TextLine]:
    """Both languages on one line, or on two where that is too long."""
    words = [word for word in (text.first, text.second) if word]
    together = "  ".join(words)
    for line in [together] if columns_of(together) + 4 <= columns else words:
        yield from _centred(f"【{line}】", columns, high=2, bold=True)


def _number(block: Number, columns: int) -> Iterator[TextLine]:
    """The number in the largest magnification that fits."""
    yield from _centred(f"{block.caption.first} {block.caption.second}".strip(), columns)
    size = max(1, min(MAGNIFY_MAX, columns // max(1, columns_of(block.number))))
    yield from _centred(block.number, columns, wide=size, high=size, bold=True)


def _section(block: Section, columns: int) -> Iterator[TextLine]:
    """The heading bold in brackets; lines from the left edge, going on below themselves behind a list's mark."""
    for line in wrap(f"【{block.heading}】".translate(PLAIN) if block.heading else "", columns, columns_of):
        yield TextLine(line, bold=True)
    for text in block.lines:
        mark = list_mark(text).translate(PLAIN)
        indent = columns_of(mark)
        for n, line in enumerate(wrap(text[len(mark) :].translate(PLAIN), columns - indent, columns_of)):
            yield TextLine((mark if n == 0 else " " * indent) + line)


def _follow(block: Follow, columns: int) -> Iterator[TextPart]:
    yield Code(block.url)
    yield from _centred(block.caption.first, columns, bold=True)
    yield from _centred(block.caption.second, columns)
    yield from _both(block.rating, columns)
    yield from _both(block.hint, columns)


def _both(both: Both, columns: int) -> Iterator[TextLine]:
    yield from _centred(both.first, columns)
    yield from _centred(both.second, columns)


def _centred(text: str, columns: int, *, wide: int = 1, high: int = 1, bold: bool = False) -> Iterator[TextLine]:
    for line in wrap_evenly(text.translate(PLAIN), columns // wide, columns_of):
        yield TextLine(line, wide, high, bold, centred=True)


def _facts(facts: tuple[Fact, ...], columns: int) -> Iterator[TextLine]:
    """Label, then value; the citizen's language tall and bold, the other one plain below."""
    label = 2 + max(max(columns_of(fact.label.first), columns_of(fact.label.second)) for fact in facts)
    for fact in facts:
        yield from _fact(fact.label.first, fact.value.first, label, columns, high=2, bold=True)
        yield from _fact(fact.label.second, fact.value.second, label, columns)


def _table(facts: tuple[Fact, ...], columns: int) -> Iterator[TextLine]:
    """Label and value in plain size, the other language below; a value that is left for a pen gets a line."""
    label = 2 + max(columns_of(fact.label.first) for fact in facts)
    for fact in facts:
        pen = "_" * (columns - label)
        yield from _fact(fact.label.first, fact.value.first or pen, label, columns, bold=True)
        if fact.value.second:
            yield from _fact("", fact.value.second, label, columns)


def _signature(label: Both, columns: int) -> Iterator[TextLine]:
    """Two empty lines for a hand, then whose it is and a line."""
    name = f"{label.first}："
    yield TextLine("")
    yield TextLine("")
    yield TextLine(name + "_" * max(0, columns - columns_of(name)))
    if label.second:
        yield TextLine(label.second[:columns])


def _fact(name: str, value: str, label: int, columns: int, *, high: int = 1, bold: bool = False) -> Iterator[TextLine]:
    lines = wrap(value.translate(PLAIN), columns - label, columns_of) or [""]
    for n, line in enumerate(lines):
        head = name if n == 0 else ""
        text = (head + " " * (label - columns_of(head)) + line).rstrip()
        if text:
            yield TextLine(text, 1, high, bold)


def _rule(columns: int) -> TextLine:
    return TextLine("-" * columns)
