"""The C parser is only faster: data, places and flaws are those that ruamel alone gives."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import yaml_parsing
from config.yaml_parsing import compose
from config.yaml_source import Source, read_yaml
from tests.config.test_mutated_hall_files import ODD_VALUES, SMALL, mutations

HALLS = sorted((Path(__file__).parents[2] / "config" / "halls").glob("*.yaml"))

#: Where YAML 1.1 and 1.2, or the two parsers, might part.
TRICKY = [
    "a: yes\nb: no\nc: on\nd: off\ne: y\nf: ~\ng: Null\nh:\ni: TRUE\n",
    "a: 010\nb: 0o17\nc: 0x1F\nd: 1_000\ne: 1:30\nf: 08:30\ng: 190:20:30\nh: 1e3\ni: .5\nj: -.inf\nk: 0b11\n",
    "a: 2027-01-01\nb: 2027-13-01\nc: 2027-1-1\nd: 2027-01-01 10:00:00\n",
    "a: 1\na: 2\nb: { x: 1, x: 2 }\n",
    "a: &one [1, 2]\nb: *one\nc: *none\n",
    "a: &one 1\nb: &one 2\nc: *one\n",
    "a: &one { b: *one }\n",
    "a: !!str 1\nb: !thing x\n",
    "%YAML 1.1\n---\na: yes\n",
    "a: 1\n---\nb: 2\n",
    "--- \na: 1\n...\n",
    "a: |\n  two\n  lines\nb: >-\n  folded\n  text\n\n  more\nc: 'it''s\n  so'\nd: \"\\u4e2d\\n\\x41\"\n",
    "a: b: c\n",
    "a: [1, 2\nb: 3\n",
    "a:\n- 1\n-\n- - 2\n  - {b: c, d}\n- ? x\n  : y\n",
    "? [1, 2]\n: 3\n",
    "{a: 1, b: {c: [d, e], f}, \"g\":1, h: i:j, k: http://x}\n",
    "a: {b:c}\nb: [x:y, 'p':q]\n",
    "<<: { a: 1 }\nb: =\n",
    "a:\t1\nb:\n \t- x\n",
    "a: 1\r\nb:\r\n  - x\r\n# end\r\n",
    "a: 1\u0085b: 2\n",
    "a: x\u2028  y\nb: 1\n",
    "a: \ufeffb\n",
    "a: 𠮷\nb: { 名: 值, c: d }\n",
    "a: @x\n",
    "a: %x\nb: `y`\n",
    "a: - b\n",
    "- a\n- b\nc: d\n",
    "just words\n",
    "",
    "# nothing\n",
    "[" * 90 + "]" * 90,
    "[" * 400,
    "- " * 400 + "x",
    "a: 'open\nb: 1\n",
    "a: \"\\q\"\n",
    "a: #b\nc: d#e\n",
    "a: *\n",
    "*a : b\n",
    "&a : b\n",
    "a: !!python/object:os.system x\n",
]  # fmt: skip


def by_ruamel(text: str) -> Source:
    """What is read without the C parser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_parsing, "CParser", None)
        return read_yaml(text)


def test_the_c_parser_is_there_and_reads_every_shipped_hall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it every start takes half a second longer; no shipped hall needs ruamel."""
    assert yaml_parsing.CParser is not None
    monkeypatch.setattr(yaml_parsing, "YAML", lambda **_: pytest.fail("read by ruamel"))
    for hall in HALLS:
        assert compose(hall.read_text("utf-8")) is not None


@pytest.mark.parametrize("hall", HALLS, ids=lambda path: path.stem)
def test_a_shipped_hall_is_the_same_by_both(hall: Path) -> None:
    """Every value, and the line and column of every key and value."""
    text = hall.read_text("utf-8")

    assert read_yaml(text) == by_ruamel(text)


@pytest.mark.parametrize("text", TRICKY, ids=range(len(TRICKY)))
def test_tricky_texts_are_the_same_by_both(text: str) -> None:
    """Old and new booleans, octal, sixties, dates, doubles, anchors, tags, several documents, endless depth."""
    assert repr(read_yaml(text)) == repr(by_ruamel(text))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(text=mutations(SMALL))
def test_slips_are_told_the_same_by_both(text: str) -> None:
    """A fault of the file has the same finding at the same place."""
    assert repr(read_yaml(text)) == repr(by_ruamel(text))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(parts=st.lists(st.sampled_from([*ODD_VALUES, ": ", "\n", "  ", "- ", ", ", "a", "\n  b: "]), max_size=12))
def test_odd_pieces_in_any_order_are_the_same_by_both(parts: list[str]) -> None:
    """YAML's own signs thrown together."""
    text = "".join(parts)

    assert repr(read_yaml(text)) == repr(by_ruamel(text))
