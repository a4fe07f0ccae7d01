"""Papers of what was settled at a window (voucher, correction notice, refusal) on ticket paper: one strip per copy.

The server words them; here they are only laid out. Like a slip a paper is not kept on disk: a name stands on it, and the
clerk who wants it stands beside the printer and can ask for it again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from printer.layout import (
    Block,
    Both,
    Fact,
    Follow,
    Foot,
    Heading,
    Mark,
    Name,
    Places,
    Section,
    Signatures,
    Table,
    one_line,
)

#: What a clerk wrote as remark may be this long; paper is finite.
TEXT_MAX = 2000


@dataclass(frozen=True, slots=True)
class PaperPrint:
    """One copy of a paper, laid out. `number` is what logs and the printer's own queue call it."""

    number: str
    parts: tuple[Block, ...]
    copy: int = 1

    @classmethod
    def of(cls, paper: Mapping[str, Any], copy: int = 1) -> Self:
        """Lay out one of the `papers` of a `print` message."""
        return cls(f"{paper['number']} {paper['copy_name']['zh']}", tuple(_blocks(paper)), copy)

    @property
    def ticket_id(self) -> None:
        """A paper is none of a ticket's own; nobody is told what became of it."""

    def blocks(self) -> tuple[Block, ...]:
        """Its layout."""
        return self.parts


def _both(said: Mapping[str, str]) -> Both:
    return Both(one_line(said["zh"], TEXT_MAX), one_line(said.get("en", ""), TEXT_MAX))


def _blocks(paper: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(_both(paper["hall"]))
    yield Name(_both(paper["title"]), is_whole=True)
    yield Mark(_both(paper["copy_name"]))
    if paper.get("mark"):
        yield Mark(_both(paper["mark"]))
    yield Places((Fact(_both(paper["number_label"]), Both(one_line(paper["number"]))),))
    for part in paper["parts"]:
        yield from _part(part)
    yield Foot(_both(paper["foot"]))


def _part(part: Mapping[str, Any]) -> Iterator[Block]:
    """One part; a kind that a newer server knows and this program does not is left out."""
    match part["type"]:
        case "facts":
            yield Table(tuple(Fact(_both(label), _both(value)) for label, value in part["rows"]))
        case "listing":
            heading = _both(part["heading"])
            yield Section(
                "  ".join(filter(None, (heading.first, heading.second))),
                tuple(_lines(part["lines"], is_counted=part["is_counted"])),
            )
        case "passage":
            yield Section("", tuple(_lines([part["text"]])))
        case "code":
            yield Follow(part["url"], _both(part["caption"]), _both(part["hint"]))
        case "signatures":
            yield Signatures(tuple(_both(label) for label in part["labels"]))


def _lines(lines: list[Mapping[str, str]], *, is_counted: bool = False) -> Iterator[str]:
    """Each line with its count, its English below it."""
    for n, line in enumerate(lines, 1):
        text = _both(line)
        yield f"{n}. {text.first}" if is_counted else text.first
        if text.second:
            yield text.second
