"""Every sentence of the config package exists in Chinese, and its fields are the same in both languages."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "config"
#: Tables whose last two columns are sentences.
TABLES = {"_COMPLAINTS", "_BOUNDS", "_PATTERNS", "_KINDS"}


def messages_in_code() -> Iterator[str]:
    """English sentences: what `sentence(...)` and `t(...)` are given, and the tables of the loader."""
    for module in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="sentence" | "t"), args=[ast.Constant(value=str(message)), *_]):
                    yield message
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple(elts=rows)) if name in TABLES:
                    for row in rows:
                        assert isinstance(row, ast.Tuple)
                        yield from (str(ast.literal_eval(cell)) for cell in row.elts[-2:])


@cache
def catalogue() -> dict[str, str]:
    """The Chinese catalogue."""
    with (PACKAGE / "locale" / "zh.po").open("rb") as source:
        return {str(entry.id): str(entry.string) for entry in read_po(source, locale="zh") if entry.id}


def fields(message: str) -> set[str]:
    """The names in braces."""
    return {name for _text, name, _format, _conversion in Formatter().parse(message) if name}


MESSAGES = sorted(set(messages_in_code()))


def test_there_are_sentences_to_check() -> None:
    """The search of the code finds them: a test of nothing would pass."""
    assert len(MESSAGES) > 100
    assert "unknown key '{key}'" in MESSAGES
    assert "this line is indented with a tab" in MESSAGES
    assert "Write more than {limit}." in MESSAGES


@pytest.mark.parametrize("message", MESSAGES)
def test_a_sentence_has_its_chinese_with_the_same_fields(message: str) -> None:
    """Present, translated, and filled in with the same fields; a field may be left out only if nothing is lost."""
    chinese = catalogue().get(message, "")

    assert chinese
    assert chinese == "{hall}（{id}）" or any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    assert fields(chinese) == fields(message)


def test_the_catalogue_has_no_sentence_that_nobody_says() -> None:
    """What was deleted from the code is deleted from the catalogue."""
    assert sorted(catalogue()) == MESSAGES
