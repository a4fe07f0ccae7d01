"""Names as they may be shown where others can look: 张*三, 欧阳*, 阿***·**提, J*** S****. Pure.

The first and the last sign stay, of a short name only the surname. What is printed on cards comes in four shapes:
one surname, a surname of two signs, parts joined by a dot (ethnic names), words in Latin letters.
"""

import re

#: Surnames of two signs that are in use.
_SURNAMES = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐夏侯司徒司空长孙宇文轩辕端木百里呼延南宫东郭南门"
    "公羊澹台公冶宗政濮阳淳于单于太叔申屠仲孙钟离闾丘赫连万俟闻人拓跋独孤西门第五完颜纳兰"
)
COMPOUND = frozenset(_SURNAMES[place : place + 2] for place in range(0, len(_SURNAMES), 2))
#: The dots that join the parts of a name, of which cards and readers know several; one is written.
_DOTS = re.compile(r"[·•・∙⋅‧．.]")
DOT = "·"


def masked_name(name: str) -> str:
    """The name with its middle hidden; empty stays empty."""
    name = " ".join(name.split())
    if not name:
        return ""
    if re.fullmatch(r"[\x20-\x7e\u00c0-\u024f]+", name):
        return re.sub(r"[^\s,]+", lambda word: _first(word[0]), name)
    if _DOTS.search(name):
        first, *rest = [part for part in _DOTS.split(name) if part] or [name]
        return DOT.join([_first(first), *(_last(part) if part is rest[-1] else "*" * len(part) for part in rest)])
    return _plain(name.replace(" ", ""))


def _plain(name: str) -> str:
    """A Chinese name without dots."""
    kept = 2 if name[:2] in COMPOUND and len(name) > 2 else 1
    if len(name) == 1:
        return "*"
    if len(name) == kept + 1:
        return name[:kept] + "*"
    return name[:kept] + "*" * (len(name) - kept - 1) + name[-1]


def _first(part: str) -> str:
    return "*" if len(part) == 1 else part[0] + "*" * (len(part) - 1)


def _last(part: str) -> str:
    return "*" if len(part) == 1 else "*" * (len(part) - 1) + part[-1]
