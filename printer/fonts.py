"""Finds the Chinese font files of this machine: one regular and one bold face, simplified shapes.

A collection's face 0 is often the Japanese one (直 复 令 骨 drawn the Japanese way), therefore a face is a file *and*
an index. No font is part of the repository; the regular one comes with the package `noto-cjk-sans-otc`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

#: Simplified Chinese within every Noto Sans CJK collection.
NOTO_SC = 2

DEBIAN_NOTO = Path("/usr/share/fonts/opentype/noto")
FEDORA_NOTO = Path("/usr/share/fonts/google-noto-cjk")
DEBIAN_WQY = Path("/usr/share/fonts/truetype/wqy")
MAC = Path("/System/Library/Fonts")


@dataclass(frozen=True, slots=True)
class FontFace:
    """A font file and the face inside it (0 but for collections)."""

    path: Path
    index: int = 0


class NoChineseFont(Exception):
    """No Chinese font on this machine; the message says what to install."""


def _packaged() -> Iterator[FontFace]:
    """The regular face that a Python package brings along."""
    spec = find_spec("noto_cjk_sans_otc")
    for folder in spec.submodule_search_locations or () if spec else ():
        yield FontFace(Path(folder) / "NotoSansCJK-Regular.ttc", NOTO_SC)


def _windows(*names: str) -> Iterator[FontFace]:
    if root := os.environ.get("WINDIR"):
        yield from (FontFace(Path(root) / "Fonts" / name) for name in names)


def _regular_candidates() -> Iterator[FontFace]:
    yield from _packaged()
    yield FontFace(DEBIAN_NOTO / "NotoSansCJK-Regular.ttc", NOTO_SC)
    yield FontFace(FEDORA_NOTO / "NotoSansCJK-Regular.ttc", NOTO_SC)
    yield from _windows("msyh.ttc", "msyh.ttf", "Deng.ttf", "simhei.ttf", "simsun.ttc")
    yield FontFace(MAC / "Hiragino Sans GB.ttc")
    yield FontFace(DEBIAN_WQY / "wqy-microhei.ttc")


def _bold_candidates() -> Iterator[FontFace]:
    yield FontFace(DEBIAN_NOTO / "NotoSansCJK-Bold.ttc", NOTO_SC)
    yield FontFace(FEDORA_NOTO / "NotoSansCJK-Bold.ttc", NOTO_SC)
    yield from _windows("msyhbd.ttc", "msyhbd.ttf", "Dengb.ttf", "simhei.ttf")
    yield FontFace(MAC / "Hiragino Sans GB.ttc", 2)


@cache
def available() -> tuple[FontFace, ...]:
    """Every face found, the best first: a character missing in one is looked for in the next."""
    seen: list[FontFace] = []
    for face in (*_bold_candidates(), *_regular_candidates()):
        if face.path.is_file() and face not in seen:
            seen.append(face)
    return tuple(seen)


def _first(candidates: Iterator[FontFace]) -> FontFace | None:
    return next((face for face in candidates if face.path.is_file()), None)


@cache
def regular() -> FontFace:
    """The face for running text."""
    face = _first(_regular_candidates())
    if face is None:
        raise NoChineseFont("no Chinese font found: pip install noto-cjk-sans-otc, or apt install fonts-noto-cjk")
    return face


@cache
def bold() -> FontFace:
    """The face for numbers and names; the regular one where the machine has no bold."""
    return _first(_bold_candidates()) or regular()
