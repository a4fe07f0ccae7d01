"""Reads YAML into plain data and remembers where every key and value stood. Knows nothing of halls.

ruamel's own loaders stop at the first equal key and lose the place of keys, so the node tree is walked here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from config.findings import Sentence, sentence
from config.yaml_parsing import compose

#: A hall of a hundred windows has some 5,000 nodes; aliases of aliases can make a short file endless.
NODES_MAX = 200_000
DEPTH_MAX = 40

Path = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with the YAML itself."""

    place: Place
    problem: Sentence
    mend: Sentence


@dataclass(slots=True)
class Source:
    """The plain data of a text, the places of its keys and values, and what is wrong with it as YAML."""

    data: object = None
    lines: int = 1
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    flow: set[Path] = field(default_factory=set)
    flaws: list[Flaw] = field(default_factory=list)
    is_readable: bool = True

    def is_in_braces(self, path: Path) -> bool:
        """Whether the mapping at a path is written {a: b, c: d}."""
        return path in self.flow

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """Where a path stands; the nearest thing around it where the path itself is not in the text."""
        for end in range(len(path), -1, -1):
            known = path[:end]
            if of_key and known in self.keys:
                return self.keys[known]
            if known in self.values:
                return self.values[known]
        return Place(1, 1)

    def flaw(self, place: Place, problem: Sentence, mend: Sentence) -> None:
        """Note something wrong."""
        self.flaws.append(Flaw(Place(min(max(place.line, 1), self.lines), place.column), problem, mend))


def read_yaml(text: str) -> Source:
    """Read a text as one YAML document. Never raises for what stands in it: the flaws are in the answer."""
    source = Source(lines=max(1, len(text.splitlines())))
    if not (_has_clean_indents(text, source) and _has_plain_signs(text, source)):
        source.is_readable = False
        return source
    try:
        node = compose(text)
    except MarkedYAMLError as trouble:
        source.flaw(_place_of(trouble), *_explain(trouble))
    except ReaderError as trouble:
        line = text.count("\n", 0, trouble.position) + 1
        source.flaw(
            Place(line, 1),
            sentence("a character that no YAML file may contain: {code}", code=f"U+{_code(trouble.character):04X}"),
            sentence("Delete the invisible character on this line, or type the line again."),
        )
    except (YAMLError, ValueError, RecursionError) as trouble:
        source.flaw(
            Place(1, 1),
            sentence("this is not readable as YAML: {detail}", detail=_short(trouble)),
            sentence("Compare with config/halls/yangxin.yaml: indents of two spaces, 'key: value', quotes closed."),
        )
    else:
        if node is not None:
            source.data = _Walker(source).value(node, ())
        return source
    source.is_readable = False
    return source


def _has_clean_indents(text: str, source: Source) -> bool:
    """Note every line indented by tabs; YAML refuses them with a sentence that helps nobody."""
    for number, line in enumerate(text.splitlines(), start=1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent and line.strip():
            source.flaw(
                Place(number, indent.index("\t") + 1),
                sentence("this line is indented with a tab"),
                sentence("Use spaces: two for each level."),
            )
    return not source.flaws


def _has_plain_signs(text: str, source: Source) -> bool:
    """Note every sign typed with the Chinese keyboard where YAML wants its own; the parser trips over it lines later."""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), line)
        if bare.lstrip().startswith("#"):
            continue
        for found in _WIDE_COLON.finditer(bare):
            source.flaw(
                Place(number, found.end()),
                sentence("a full-width colon after '{key}'", key=found["key"]),
                sentence(
                    "Switch the keyboard to English and write '{key}: ', with a space after it.", key=found["key"]
                ),
            )
        for found in _WIDE_COMMA.finditer(bare):
            source.flaw(
                Place(number, found.start() + 1),
                sentence("a full-width comma before '{key}'", key=found["key"]),
                sentence("Switch the keyboard to English and write ', ', with a space after it."),
            )
    return not source.flaws


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
#: A key of ours at the beginning of a line or in braces, with the Chinese colon behind it.
_WIDE_COLON = re.compile(r"(?:^\s*(?:- +)?|[{,，]\s*)(?P<key>[A-Za-z_][A-Za-z0-9_-]*)\s*：")
_WIDE_COMMA = re.compile(r"，\s*(?P<key>zh|en|id|number|name|floor|zone|area)\s*:(?=\s)")


def _was_left_open(trouble: MarkedYAMLError) -> bool:
    """Whether a bracket or quote of an earlier line is open still; the parser notices it lines later."""
    opened, noticed = trouble.context_mark, trouble.problem_mark
    inside = any(word in (trouble.context or "") for word in ("flow", "quoted"))
    return bool(inside and opened and noticed and opened.line < noticed.line)


def _place_of(trouble: MarkedYAMLError) -> Place:
    """Where to mend: at the opening bracket or quote if it was left open, else where the parser stopped."""
    mark = trouble.problem_mark or trouble.context_mark
    if _was_left_open(trouble):
        mark = trouble.context_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _explain(trouble: MarkedYAMLError) -> tuple[Sentence, Sentence]:
    """Put the parser's complaint into words that say what to look for."""
    said = trouble.problem or trouble.context or ""
    if _was_left_open(trouble) and "flow" in (trouble.context or ""):
        said = "expected ',' or a closing bracket"
    for parts, problem, mend in _COMPLAINTS:
        if any(part in said for part in parts):
            return sentence(problem), sentence(mend)
    return (
        sentence("this is not readable as YAML: {detail}", detail=_short(said)),
        sentence("Compare with config/halls/yangxin.yaml: indents of two spaces, 'key: value', quotes closed."),
    )


#: Parts of what the parser says, in its words → problem and mend in ours; the first that fits counts.
_COMPLAINTS = (
    (
        ("mapping values are not allowed",),
        "a ': ' where none may stand, or a wrong indent",
        "Put texts with a colon in quotes; give keys of one level the same indent.",
    ),
    (
        ("could not find expected ':'",),
        "a line without ':' among keys",
        "Write 'key: value'; check the lines just above too.",
    ),
    (
        ("expected <block end>", "expected '<document start>'", "sequence entries are not allowed"),
        "the indent does not fit the lines above",
        "Give keys of one level the same indent, list items ('- ') too.",
    ),
    (
        ("but got ':'",),
        "a colon inside a text between brackets",
        "Put the text in double quotes.",
    ),
    (
        ("expected ',' or", "did not find expected", "expected the node content"),
        "a bracket that is not closed, or a missing comma",
        "Close every [ with ] and every {{ with }}, put commas between; quote texts with brackets or commas.",
    ),
    (
        ("found unexpected end of stream",),
        "a quote that is never closed",
        "Close the quote on this line or the line where it opens.",
    ),
    (
        (
            "cannot start any token",
            "mapping keys are not allowed",
            "expected alphabetic or numeric",
            "expected a comment or a line break",
            "expected chomping or indentation",
        ),
        "a text that begins with a sign YAML keeps for itself (@ ` % & * ! | > ?)",
        "Put the text in quotes.",
    ),
    (
        ("undefined alias",),
        "an alias (*name) without its anchor (&name)",
        "Put the text in quotes if the * is meant; else write the anchor first.",
    ),
    (
        ("another document",),
        "a second document begins here ('---')",
        "Keep one document per file: delete the '---'.",
    ),
)


def _short(detail: object) -> str:
    return " ".join(str(detail).split())[:160]


def _code(character: object) -> int:
    return ord(character) if isinstance(character, str) and len(character) == 1 else int(str(character) or 0)


class _Walker:
    """Turns nodes into plain data, noting places."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._count = 0

    def value(self, node: Node, path: Path) -> object:
        place = _place(node)
        self._source.values[path] = place
        self._count += 1
        if self._source.is_readable and (self._count > NODES_MAX or len(path) > DEPTH_MAX):
            self._source.is_readable = False
            self._source.flaw(
                place,
                sentence("aliases make this file endless"),
                sentence("Write the values out instead of using *aliases."),
            )
        if not self._source.is_readable:
            return None
        match node:
            case MappingNode():
                return dict(self._pairs(node, path))
            case SequenceNode():
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            case ScalarNode():
                return self._scalar(node)
        raise AssertionError(f"a YAML node of a new kind: {node!r}")

    def _pairs(self, node: MappingNode, path: Path) -> Iterator[tuple[object, object]]:
        if node.flow_style:
            self._source.flow.add(path)
        seen: dict[object, Place] = {}
        for key_node, value_node in node.value:
            place = _place(key_node)
            if not isinstance(key_node, ScalarNode):
                self._source.flaw(
                    place,
                    sentence("a key must be one word"),
                    sentence("Write 'key: value'; put texts with brackets in quotes."),
                )
                continue
            key = self._scalar(key_node)
            if key in seen:
                self._source.flaw(
                    place,
                    sentence("'{key}' stands here a second time (first on line {line})", key=key, line=seen[key].line),
                    sentence("Keep one of the two lines."),
                )
                continue
            seen[key] = place
            self._source.keys[(*path, key)] = place
            value = self.value(value_node, (*path, key))
            if value is None:
                # Nothing written: the parser puts it at whatever comes next, which may be lines below.
                self._source.values[(*path, key)] = place
            yield key, value

    def _scalar(self, node: ScalarNode) -> object:
        """A scalar in its YAML type; as text where the type does not fit (a 13th month)."""
        read = _SCALARS.get(str(node.tag))
        text = str(node.value)
        if read is None:
            return text
        try:
            return read(text)
        except ValueError:
            return text


#: YAML 1.2: '010' is ten, dates are plain days, 'yes' and 'no' are words.
_SCALARS: dict[str, Callable[[str], object]] = {
    "tag:yaml.org,2002:null": lambda _text: None,
    "tag:yaml.org,2002:int": lambda text: int(text, 0 if text.lstrip("+-")[:2].lower() in ("0x", "0o") else 10),
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
    "tag:yaml.org,2002:timestamp": date.fromisoformat,
}


def _place(node: Node) -> Place:
    mark = node.start_mark
    return Place(mark.line + 1, mark.column + 1)
