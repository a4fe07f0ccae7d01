"""Breaking lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printer.text import columns_of
from printer.wrapping import NOT_FIRST, NOT_LAST, wrap, wrap_evenly


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, []),
        ("社会保障卡补办", 20, ["社会保障卡补办"]),
        ("社会保障卡补办", 8, ["社会保障", "卡补办"]),
        ("办理，取件", 4, ["办", "理，", "取件"]),
        ("关系（含军人）转移", 6, ["关系", "（含军", "人）转", "移"]),
        ("old age insurance", 8, ["old age", "insuranc", "e"]),
        ("Windows 1–3, 5", 10, ["Windows", "1–3, 5"]),
        ("one  two", 20, ["one  two"]),
    ],
)
def test_lines(text: str, width: int, lines: list[str]) -> None:
    """Chinese breaks anywhere but round punctuation, English between words, an endless word where it must."""
    assert wrap(text, width, columns_of) == lines


def test_even_lines() -> None:
    """Centred lines come out of like length, not with one last character below."""
    assert wrap_evenly("社会保障卡补办申请", 16, columns_of) == ["社会保障卡", "补办申请"]


def test_even_lines_break_before_a_bracket() -> None:
    """A remark in brackets goes to its own line where that fits."""
    assert wrap_evenly("社会保障卡补办（个人）", 18, columns_of) == ["社会保障卡补办", "（个人）"]


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet="社会保障（），。《》 abcde-,.", max_size=60), st.integers(min_value=6, max_value=48))
def test_nothing_is_lost_and_nothing_too_wide(text: str, width: int) -> None:
    """Whatever the text: every character but spaces is there, in order, and no line is wider than the paper."""
    for lines in (wrap(text, width, columns_of), wrap_evenly(text, width, columns_of)):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(columns_of(line) <= width for line in lines)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["社会", "保障，", "（个人）", "办理。"]), max_size=12))
def test_punctuation_stays_where_it_belongs(words: list[str]) -> None:
    """No line starts with a closing sign or ends with an opening one, for sentences that real people write."""
    for line in wrap("".join(words), 12, columns_of):
        assert line[0] not in NOT_FIRST
        assert line[-1] not in NOT_LAST
