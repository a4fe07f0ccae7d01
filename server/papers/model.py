"""The shape of a paper: title, whose copy it is, and parts from top to bottom. Knows no sentence and no printer."""

from dataclasses import asdict, dataclass
from typing import Any

from server.papers.facts import CopyOf, Said


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of labels and values; an empty value is left for a pen."""

    rows: tuple[tuple[Said, Said], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A heading with lines, counted or not."""

    heading: Said
    lines: tuple[Said, ...]
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of running text."""

    text: Said


@dataclass(frozen=True, slots=True)
class Code:
    """The QR code with what it is for."""

    url: str
    caption: Said
    hint: Said


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, by label."""

    labels: tuple[Said, ...]


Part = Facts | Listing | Passage | Code | Signatures


@dataclass(frozen=True, slots=True)
class Paper:
    """One copy of a paper."""

    copy: CopyOf
    copy_name: Said
    hall: Said
    title: Said
    number_label: Said
    number: str
    mark: Said | None
    parts: tuple[Part, ...]
    foot: Said


def to_json(paper: Paper) -> dict[str, Any]:
    """The paper as plain values for a printer program; each part says its type."""
    plain = asdict(paper)
    plain["copy"] = paper.copy.value
    plain["parts"] = [{"type": type(part).__name__.lower(), **asdict(part)} for part in paper.parts]
    return plain
