"""A YAML text to a tree of nodes: by libyaml in C where the text is of the ordinary kind, else by ruamel in Python.

ruamel has the last word: it speaks YAML 1.2 and its complaints are what findings are made of. It takes half a second
for a big hall, the C parser a fiftieth of that. So the C parser reads, its plain scalars get ruamel's types of
YAML 1.2, and whatever is unusual (a fault, a tag, a directive, odd line ends) is left to ruamel from the beginning.
"""

import re
import warnings
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning, StringMark
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import implicit_resolvers
from ruamel.yaml.util import LazyEval
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML was built without libyaml
    CParser = None

#: Deeper than any hall file, and never so deep that a tree of it could not be walked.
DEPTH_MAX = 100
#: Where the two parsers differ: line ends of YAML 1.1, tabs, marks of bytes, what no YAML file may contain; and ends
#: of quotes, anchors and block marks that the C parser takes without a space behind them.
_ODD = re.compile(
    "[^\r\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    r"""|["']:(?=\S)|[&*][^\s,\[\]{}]*[:"'#&*!|>%@`?]|[|>]\S*#"""
)

_STR = "tag:yaml.org,2002:str"
_MAP = "tag:yaml.org,2002:map"
_SEQ = "tag:yaml.org,2002:seq"
#: First character → the types a plain scalar may have in YAML 1.2, in their order.
_PLAIN: dict[str, list[tuple[str, LazyEval]]] = {}
for _versions, _tag, _pattern, _firsts in implicit_resolvers:
    if (1, 2) in _versions:
        for _first in _firsts:
            _PLAIN.setdefault(_first, []).append((_tag, _pattern))


class Unusual(Exception):
    """Something that is left to ruamel."""


def compose(text: str) -> Node | None:
    """The tree of a text, None for an empty one; raises ruamel's errors."""
    if CParser is not None and not _ODD.search(text):
        try:
            return _Tree().of(_events(text))
        except (YAMLError, Unusual):
            pass
    with warnings.catch_warnings():
        # Whoever edits a hall file is told in findings, not by Python.
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        tree: Node | None = YAML(typ="safe", pure=True).compose(text)
    return tree


def _events(text: str) -> Iterator[Any]:
    """What the C parser reads, one after the other: it keeps its own stack, so no text is too deep for it."""
    parser = CParser(text)
    while parser.check_event():
        yield parser.get_event()


class _Tree:
    """Builds nodes from events, without a recursion."""

    def __init__(self) -> None:
        self._open: list[tuple[Node, list[Any]]] = []
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None

    def of(self, events: Iterator[Any]) -> Node | None:
        """The tree."""
        documents = 0
        for event in events:
            match event:
                case DocumentStartEvent():
                    documents += 1
                    if documents > 1 or event.version or event.tags:
                        raise Unusual
                case AliasEvent():
                    if event.anchor not in self._anchors:
                        raise Unusual
                    self._put(self._anchors[event.anchor])
                case ScalarEvent():
                    is_plain = event.implicit[0] and event.style in (None, "")
                    tag = _type_of(event.value) if is_plain else _STR
                    self._new(event, ScalarNode(tag, event.value, start_mark=_mark(event)))
                case SequenceStartEvent():
                    self._begin(event, SequenceNode(_SEQ, [], start_mark=_mark(event), flow_style=event.flow_style))
                case MappingStartEvent():
                    self._begin(event, MappingNode(_MAP, [], start_mark=_mark(event), flow_style=event.flow_style))
                case SequenceEndEvent() | MappingEndEvent():
                    self._end()
        return self._root

    def _new(self, event: Any, node: Node) -> None:
        if event.tag is not None:
            raise Unusual
        if event.anchor is not None:
            if event.anchor in self._anchors:
                raise Unusual
            self._anchors[event.anchor] = node
        self._put(node)

    def _begin(self, event: Any, node: Node) -> None:
        self._new(event, node)
        self._open.append((node, []))
        if len(self._open) > DEPTH_MAX:
            raise Unusual

    def _end(self) -> None:
        node, children = self._open.pop()
        if isinstance(node, MappingNode):
            node.value.extend(zip(children[::2], children[1::2], strict=True))
        else:
            node.value.extend(children)

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1][1].append(node)
        else:
            self._root = node


def _type_of(text: str) -> str:
    """The type of a plain scalar."""
    for tag, pattern in _PLAIN.get(text[:1], ()):
        if pattern.match(text):
            return tag
    return _STR


def _mark(event: Any) -> StringMark:
    at = event.start_mark
    return StringMark(None, at.index, at.line, at.column, None, None)
